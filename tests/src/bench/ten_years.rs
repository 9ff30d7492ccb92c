//! Ten years of monthly dues for the members' book of the bench: 600,000 payments, each with its way from the payer, the
//! payers' running accounts, and for those who pay in cash the receipts and the days of the cash book, counted and closed.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use jiff::civil::Date;
use members::book::Numbers;
use members::money::{
    Account, CashBook, CashDay, Count, Every, For, Joining, OF_PAYMENTS, OF_SCHEMES, Payer, Payment,
    PaymentId, PaymentOf, Per, Period, Price, Receipt, ReceiptNumber, Scheme, Tier, TierKind, Way,
    days_after, of_receipts, periods,
};
use members::record::Newer;
use store::{Change, RowChange, Store};
use units::{Currency, Instant, Money, PersonId};

use super::book::{numbers, row};

const YEARS: i16 = 10;
const PENCE: i64 = 300;
/// One in so many pays in cash, and gets a receipt.
const IN_CASH: u32 = 5;
/// One in so many has not paid for the last ten months.
const LATE: u32 = 7;

/// Everything that is counted on from one payment to the next.
struct Ledger {
    now: Instant,
    today: Date,
    payments: u32,
    receipts: BTreeMap<u16, u32>,
    accounts: BTreeMap<u32, Account>,
    cash: CashBook,
    rows: Vec<RowChange>,
}

/// Writes ten years of dues of so many people, up to today; gives a payment of the second year.
pub(super) fn write(store: &Store, people: u32, now: Instant, today: Date) -> Result<PaymentId> {
    let first = format!("{}-{:02}-01", today.year() - YEARS, today.month());
    let months = periods(first.parse()?, Every::Month, today);
    let mut ledger = Ledger {
        now,
        today,
        payments: 0,
        receipts: BTreeMap::new(),
        accounts: BTreeMap::new(),
        cash: CashBook::default(),
        rows: vec![
            row(&1, &scheme(&months)?),
            row(&OF_SCHEMES.to_owned(), &numbers(1)),
        ],
    };
    let late_from = months.len().saturating_sub(10);
    for (number, month) in months.iter().enumerate() {
        let paying = (1..=people).filter(|person| number < late_from || !person.is_multiple_of(LATE));
        ledger.month(month, paying)?;
        let rows = std::mem::take(&mut ledger.rows);
        store.change(Change {
            rows,
            lines: Vec::new(),
        })?;
    }
    let some = months.get(12).context("two years")?.first;
    let number = 12 * people + 28;
    let rows = ledger.sums();
    store.change(Change {
        rows,
        lines: Vec::new(),
    })?;
    Ok(PaymentId { day: some, number })
}

impl Ledger {
    fn month(&mut self, month: &Period, paying: impl Iterator<Item = u32>) -> Result<()> {
        let mut in_cash: BTreeMap<Date, Vec<(PaymentId, Payment)>> = BTreeMap::new();
        for person in paying {
            let day = days_after(month.first, u16::try_from(person % 28)?);
            if day > self.today {
                continue;
            }
            self.payments += 1;
            let id = PaymentId {
                day,
                number: self.payments,
            };
            let payment = self.payment(person, id)?;
            let account = self
                .accounts
                .entry(person)
                .or_insert_with(|| Account::empty(Currency::GBP));
            *account = account.with(id, &payment)?;
            let way = PaymentOf {
                purpose: For::Dues,
                newer: Newer::default(),
            };
            self.rows
                .push(row(&(Payer::Person(PersonId::new(person)), id), &way));
            self.rows.push(row(&id, &payment));
            if payment.way == Way::Cash {
                in_cash.entry(day).or_default().push((id, payment));
            }
        }
        for (day, entries) in in_cash {
            let counted = self.cash.expected(day, Currency::GBP)?;
            let count = Count {
                day,
                counted,
                explained: None,
                by: None,
                at: self.now,
            };
            let closed = self.cash.close(count, self.today, &entries)?;
            self.rows.push(row(&day, &closed));
            self.cash.days.insert(day, closed);
        }
        Ok(())
    }

    fn payment(&mut self, person: u32, id: PaymentId) -> Result<Payment> {
        let cash = person.is_multiple_of(IN_CASH);
        let mut payment = Payment {
            payer: Some(Payer::Person(PersonId::new(person))),
            outsider: None,
            amount: Money::new(PENCE, Currency::GBP),
            way: if cash { Way::Cash } else { Way::StandingOrder },
            purpose: For::Dues,
            reference: Some(format!("MEMBER {person}")),
            line: None,
            by: Some(PersonId::new(1)),
            at: self.now,
            reverses: None,
            reversed: None,
            receipt: None,
            in_cash_book: None,
            newer: Newer::default(),
        };
        if cash {
            let before = self.cash.days.remove(&id.day);
            let after = before
                .unwrap_or_else(|| CashDay::empty(Currency::GBP))
                .with(payment.amount)?;
            payment.in_cash_book = Some(after.entries);
            self.cash.days.insert(id.day, after);
            payment.receipt = Some(self.receipt(id)?);
        }
        Ok(payment)
    }

    fn receipt(&mut self, payment: PaymentId) -> Result<ReceiptNumber> {
        let year = u16::try_from(payment.day.year())?;
        let number = self.receipts.entry(year).or_default();
        *number += 1;
        let number = ReceiptNumber {
            year,
            number: *number,
        };
        let receipt = Receipt {
            payment,
            by: Some(PersonId::new(1)),
            at: self.now,
            shown: 1,
            newer: Newer::default(),
        };
        self.rows.push(row(&number, &receipt));
        Ok(number)
    }

    /// The running accounts and the numbers that were given.
    fn sums(self) -> Vec<RowChange> {
        let mut rows = vec![given(OF_PAYMENTS, self.payments)];
        rows.extend(
            self.receipts
                .iter()
                .map(|(year, last)| given(&of_receipts(*year), *last)),
        );
        let accounts = self.accounts.iter();
        rows.extend(accounts.map(|(person, account)| row(&Payer::Person(PersonId::new(*person)), account)));
        rows
    }
}

fn given(what: &str, last: u32) -> RowChange {
    row::<Numbers>(&what.to_owned(), &numbers(last))
}

fn scheme(months: &[Period]) -> Result<Scheme> {
    let anchor = months.first().context("a month")?.first;
    let price = Price {
        from: anchor,
        amount: Money::new(PENCE, Currency::GBP),
        newer: Newer::default(),
    };
    Ok(Scheme {
        name: "Monthly dues".to_owned(),
        classes: std::collections::BTreeSet::new(),
        per: Per::Person,
        every: Every::Month,
        anchor,
        joining: Joining::Whole,
        grace: 14,
        tiers: vec![Tier {
            name: "Full".to_owned(),
            kind: TierKind::Full,
            prices: vec![price],
            newer: Newer::default(),
        }],
        until: None,
        newer: Newer::default(),
    })
}
