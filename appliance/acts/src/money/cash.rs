//! The cash book: a day with its entries, and its closing by counting.

use jiff::civil::Date;
use members::money::{CashBook, CashDay, Count, Payer, Payment, PaymentId, Way};
use members::record::Key;
use store::{Store, Whose};
use units::{Money, PersonId};

use super::MoneyBook;
use crate::act::{ActError, allowed};
use crate::rows::{all, becomes, under};
use crate::table::ActKind;
use crate::{Actor, Acts, Told};

/// One line of the cash book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CashEntry {
    /// By what it is found.
    pub id: PaymentId,
    /// The entry.
    pub payment: Payment,
    /// Who paid, as they are called.
    pub name: String,
}

/// A day of the cash book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CashPage {
    /// The day.
    pub day: Date,
    /// Its sums and its closing.
    pub sums: CashDay,
    /// Its entries, in the order of their numbers.
    pub entries: Vec<CashEntry>,
    /// What should lie in the box at its end, while it is open.
    pub expected: Money,
    /// What lay in the box before, while it is open.
    pub before: Money,
    /// An earlier day that must be closed first.
    pub open_before: Option<Date>,
    /// The day up to which the book is closed.
    pub closed: Option<Date>,
    /// The newest days that have entries or were closed, the newest first.
    pub days: Vec<(Date, CashDay)>,
    /// Today.
    pub today: Date,
}

/// So many days are offered.
const DAYS: usize = 31;

impl Acts {
    /// A day of the cash book, or today.
    pub async fn cash_book(&self, actor: &Actor, day: Option<Date>) -> Result<CashPage, ActError> {
        allowed(actor, ActKind::LookCashBook)?;
        let money = self.money().await?;
        let page = self.on_card(move |store| page(store, &money, day)).await?;
        let people: Vec<PersonId> = page
            .entries
            .iter()
            .filter_map(|entry| entry.payment.payer.and_then(Payer::person))
            .collect();
        let told = Told {
            subject: page.day.to_string(),
            whose: if people.is_empty() {
                Whose::Nobody
            } else {
                Whose::People(people)
            },
            ..Told::default()
        };
        self.keep(actor, ActKind::LookCashBook, Vec::new(), told).await?;
        Ok(page)
    }

    /// Closes a day with what was counted. Afterwards nothing is entered on it or on a day before.
    pub async fn close_cash_day(
        &self,
        actor: &Actor,
        day: Date,
        counted: Money,
        explained: Option<String>,
    ) -> Result<(), ActError> {
        allowed(actor, ActKind::CloseCashDay)?;
        let currency = self.currency()?;
        if counted.currency() != currency {
            return Err(units::MoneyError::TwoCurrencies(counted.currency(), currency).into());
        }
        let count = Count {
            day,
            counted,
            explained,
            by: actor.person(),
            at: self.effects.now(),
        };
        let today = self.day();
        let rows = self
            .on_card(move |store| {
                let cash = cash(store)?;
                let after = cash.close(count, today, &cash_of(store, day)?)?;
                Ok(vec![becomes(&day, cash.days.get(&day), Some(&after))])
            })
            .await?;
        let told = Told {
            subject: day.to_string(),
            ..Told::default()
        };
        self.keep(actor, ActKind::CloseCashDay, rows, told).await
    }
}

fn cash(store: &Store) -> Result<CashBook, ActError> {
    Ok(CashBook {
        days: all::<CashDay>(store)?.into_iter().collect(),
    })
}

/// The cash of a day, in the order of its numbers.
fn cash_of(store: &Store, day: Date) -> Result<Vec<(PaymentId, Payment)>, ActError> {
    let mut entries = under::<Payment>(store, &day.to_key())?;
    entries.retain(|(_, payment)| payment.way == Way::Cash);
    entries.sort_by_key(|(_, payment)| payment.in_cash_book);
    Ok(entries)
}

fn page(store: &Store, money: &MoneyBook, day: Option<Date>) -> Result<CashPage, ActError> {
    let day = day.unwrap_or(money.today);
    let cash = cash(store)?;
    let book = &money.book;
    let entries = cash_of(store, day)?.into_iter().map(|(id, payment)| {
        let name = match (payment.payer, &payment.outsider) {
            (Some(Payer::Person(person)), _) => match book.people.get(&person) {
                Some(found) => found.name.clone(),
                None => person.to_string(),
            },
            (Some(Payer::Household(household)), _) => book.household_name(household),
            (None, outsider) => outsider.clone().unwrap_or_default(),
        };
        CashEntry { id, payment, name }
    });
    let sums = match cash.days.get(&day) {
        Some(sums) => sums.clone(),
        None => CashDay::empty(money.currency),
    };
    let expected = cash.expected(day, money.currency)?;
    Ok(CashPage {
        day,
        entries: entries.collect(),
        before: expected.minus(sums.change()?)?,
        sums,
        expected,
        open_before: cash.open_before(day),
        closed: cash.closed().map(|(closed, _)| closed),
        days: cash
            .days
            .iter()
            .rev()
            .take(DAYS)
            .map(|(day, sums)| (*day, sums.clone()))
            .collect(),
        today: money.today,
    })
}
