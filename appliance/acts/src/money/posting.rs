//! Entries that are put together: each with its number, its place in the cash book, its receipt and the payer's running
//! account, as rows that change together.

use std::collections::BTreeMap;

use jiff::civil::Date;
use members::book::Numbers;
use members::money::{
    Account, CashBook, CashDay, NewPayment, OF_PAYMENTS, Payer, Payment, PaymentId, PaymentOf, Receipt,
    ReceiptNumber, Way, of_receipts,
};
use members::record::{Kept, Newer};
use store::{RowChange, Store};
use units::{Currency, Instant, PersonId};

use crate::act::ActError;
use crate::rows::{all, becomes, get};

/// A row as it was read and as it will be.
struct Changing<R> {
    before: Option<R>,
    after: R,
}

/// Entries that are put together. Nothing is written before its rows are.
pub(crate) struct Posting<'a> {
    store: &'a Store,
    currency: Currency,
    today: Date,
    by: Option<PersonId>,
    at: Instant,
    cash: CashBook,
    rows: Vec<RowChange>,
    numbers: BTreeMap<String, Changing<Numbers>>,
    accounts: BTreeMap<Payer, Changing<Account>>,
    days: BTreeMap<Date, Changing<CashDay>>,
}

impl<'a> Posting<'a> {
    /// Begins with nothing.
    pub(crate) fn new(
        store: &'a Store,
        currency: Currency,
        today: Date,
        by: Option<PersonId>,
        at: Instant,
    ) -> Result<Self, ActError> {
        let cash = CashBook {
            days: all::<CashDay>(store)?.into_iter().collect(),
        };
        Ok(Self {
            store,
            currency,
            today,
            by,
            at,
            cash,
            rows: Vec::new(),
            numbers: BTreeMap::new(),
            accounts: BTreeMap::new(),
            days: BTreeMap::new(),
        })
    }

    /// Enters a payment. Cash always gets a receipt.
    pub(crate) fn enter(&mut self, new: NewPayment) -> Result<(PaymentId, Payment), ActError> {
        let new = new.checked(self.currency, self.today)?;
        let day = new.day;
        if new.way == Way::Cash && self.cash.is_locked(day) {
            let open = self.cash.open_day(day);
            let sentence = format!("The cash book of {day} is closed. Enter it for {open} or a later day");
            return Err(ActError::BadInput(sentence));
        }
        let with_receipt = new.way == Way::Cash && !new.purpose.goes_out() && !new.amount.is_negative();
        self.put(day, new.entered(self.by, self.at), with_receipt)
    }

    /// Takes an entry back: another one of the same amount the other way round, today, so that what earlier days were
    /// told stays; cash on the first day from today on that is open.
    pub(crate) fn reverse(&mut self, id: PaymentId, why: Option<String>) -> Result<PaymentId, ActError> {
        let payment = get::<Payment>(self.store, &id)?.ok_or_else(no_such_payment)?;
        if !payment.stands() {
            let sentence =
                "This entry was taken back already, or takes another one back. Nothing was changed";
            return Err(ActError::BadInput(sentence.to_owned()));
        }
        let day = match payment.way {
            Way::Cash => self.cash.open_day(self.today),
            _ => self.today,
        };
        let back = payment.turned_round(id, why, self.by, self.at);
        let (back, _) = self.put(day, back, false)?;
        let after = Payment {
            reversed: Some(back),
            ..payment.clone()
        };
        self.rows.push(becomes(&id, Some(&payment), Some(&after)));
        Ok(back)
    }

    fn put(
        &mut self,
        day: Date,
        mut payment: Payment,
        with_receipt: bool,
    ) -> Result<(PaymentId, Payment), ActError> {
        let id = PaymentId {
            day,
            number: self.number(OF_PAYMENTS)?,
        };
        if payment.way == Way::Cash {
            payment.in_cash_book = Some(self.in_cash_book(day, &payment)?);
        }
        if with_receipt {
            payment.receipt = Some(self.receipt(id)?);
        }
        if let Some(payer) = payment.payer {
            let account = self.account(payer)?;
            account.after = account.after.with(id, &payment)?;
            let way = PaymentOf {
                purpose: payment.purpose,
                newer: Newer::default(),
            };
            self.rows.push(becomes(&(payer, id), None, Some(&way)));
        }
        self.rows.push(becomes(&id, None, Some(&payment)));
        Ok((id, payment))
    }

    /// Makes out the receipt for an entry that has none yet.
    pub(crate) fn receipt_for(&mut self, id: PaymentId) -> Result<ReceiptNumber, ActError> {
        let payment = get::<Payment>(self.store, &id)?.ok_or_else(no_such_payment)?;
        if let Some(number) = payment.receipt {
            return Ok(number);
        }
        if !payment.stands() || payment.amount.is_negative() || !payment.is_money() {
            let sentence = "A receipt is only for money that came in and was not taken back";
            return Err(ActError::BadInput(sentence.to_owned()));
        }
        let number = self.receipt(id)?;
        let after = Payment {
            receipt: Some(number),
            ..payment.clone()
        };
        self.rows.push(becomes(&id, Some(&payment), Some(&after)));
        Ok(number)
    }

    fn receipt(&mut self, payment: PaymentId) -> Result<ReceiptNumber, ActError> {
        let year = u16::try_from(self.today.year()).unwrap_or(0);
        let number = self.number(&of_receipts(year))?;
        let number = ReceiptNumber { year, number };
        let receipt = Receipt {
            payment,
            by: self.by,
            at: self.at,
            shown: 0,
            newer: Newer::default(),
        };
        self.rows.push(becomes(&number, None, Some(&receipt)));
        Ok(number)
    }

    fn in_cash_book(&mut self, day: Date, payment: &Payment) -> Result<u32, ActError> {
        let empty = CashDay::empty(self.currency);
        let changing = match self.days.remove(&day) {
            Some(changing) => changing,
            None => read(self.store, &day, empty)?,
        };
        let after = changing.after.with(payment.amount)?;
        let number = after.entries;
        self.days.insert(day, Changing { after, ..changing });
        Ok(number)
    }

    fn account(&mut self, payer: Payer) -> Result<&mut Changing<Account>, ActError> {
        let changing = match self.accounts.remove(&payer) {
            Some(changing) => changing,
            None => read(self.store, &payer, Account::empty(self.currency))?,
        };
        Ok(self.accounts.entry(payer).or_insert(changing))
    }

    fn number(&mut self, what: &str) -> Result<u32, ActError> {
        let key = what.to_owned();
        let none = Numbers {
            given: 0,
            newer: Newer::default(),
        };
        let mut changing = match self.numbers.remove(&key) {
            Some(changing) => changing,
            None => read(self.store, &key, none)?,
        };
        changing.after.given += 1;
        let given = changing.after.given;
        self.numbers.insert(key, changing);
        Ok(given)
    }

    /// Every row that changes.
    pub(crate) fn rows(self) -> Vec<RowChange> {
        let mut rows = self.rows;
        rows.extend(changed(&self.numbers));
        rows.extend(changed(&self.accounts));
        rows.extend(changed(&self.days));
        rows
    }
}

/// What is said where there is no such entry.
pub(super) fn no_such_payment() -> ActError {
    ActError::NotThere("There is no such payment. Look at the list again".to_owned())
}

fn read<R: Kept + Clone>(store: &Store, key: &R::Key, none: R) -> Result<Changing<R>, ActError> {
    let before = get::<R>(store, key)?;
    Ok(Changing {
        after: before.clone().unwrap_or(none),
        before,
    })
}

fn changed<R: Kept>(rows: &BTreeMap<R::Key, Changing<R>>) -> impl Iterator<Item = RowChange>
where
    R::Key: Ord,
{
    rows.iter()
        .map(|(key, row)| becomes(key, row.before.as_ref(), Some(&row.after)))
}
