//! Acts upon money: dues, payments, the cash book, receipts, reminders, Gift Aid. The rules are in `members::money`.
//!
//! An entry is never changed. Each payer has a running account that changes in the same transaction as the entry, so
//! that a list of everybody needs no look at ten years of entries.

mod cash;
mod dues;
mod enter;
mod gift_aid;
mod look;
mod posting;
mod receipts;
mod remind;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use members::book::Book;
use members::money::{
    Account, Agreement, HOUSE, HouseRules, NoClosing, NoDeclaration, NoPayment, NoScheme, NoTerm, Owes,
    Owing, Payer, Rules, Scheme, Standing, arrears,
};
use members::search::Standings;
use store::{Store, Whose};
use units::{Currency, Money, MoneyError};

pub use cash::{CashEntry, CashPage};
pub use dues::{NewPrice, NewScheme, NewTerm};
pub use enter::{Entered, Paid};
pub use gift_aid::{GiftAidPage, Gifts};
pub use look::{AccountPage, Overview, PayerFound, PaymentSeen};
pub(crate) use posting::Posting;
pub use receipts::ReceiptPage;

use crate::act::ActError;
use crate::book::book;
use crate::rows::{RowError, all, get};
use crate::{Acts, Told};

/// The book with everything about money that lists need, read at one moment.
pub struct MoneyBook {
    /// The members' book.
    pub book: Arc<Book>,
    /// Dues and what was agreed.
    pub rules: Rules,
    /// The running accounts.
    pub accounts: BTreeMap<Payer, Account>,
    /// What the house decided.
    pub house: HouseRules,
    /// The currency of the place.
    pub currency: Currency,
    /// The day.
    pub today: Date,
}

impl MoneyBook {
    /// Nothing, in the currency of the place.
    pub const fn zero(&self) -> Money {
        Money::zero(self.currency)
    }

    /// What is asked of everybody, up to two years from now, so that what was paid ahead is seen.
    pub fn owing(&self) -> Owing<'_> {
        Owing::new(
            &self.book,
            &self.rules,
            self.today.saturating_add(jiff::Span::new().months(25)),
        )
    }

    /// What a payer paid for dues in all.
    pub fn paid(&self, payer: Payer) -> Money {
        self.accounts
            .get(&payer)
            .map_or(self.zero(), |account| account.dues)
    }

    /// How a payer stands.
    pub fn standing(&self, owing: &Owing<'_>, payer: Payer) -> Result<Standing, ActError> {
        Ok(Standing::of(&owing.dues(payer), self.paid(payer), self.today)?)
    }

    /// How everybody in the book stands: each as whoever pays for them does.
    pub fn standings(&self) -> Result<Standings, ActError> {
        let owing = self.owing();
        let mut of_payers: BTreeMap<Payer, Standing> = BTreeMap::new();
        let mut of_people = Standings::new();
        for person in self.book.people.keys() {
            let payer = owing.payer(*person);
            let standing = match of_payers.get(&payer) {
                Some(standing) => standing.clone(),
                None => self.standing(&owing, payer)?,
            };
            of_payers.entry(payer).or_insert_with(|| standing.clone());
            of_people.insert(*person, standing);
        }
        Ok(of_people)
    }

    /// Everybody of whom something is late.
    pub fn arrears(&self) -> Result<Vec<Owes>, ActError> {
        let owing = Owing::new(&self.book, &self.rules, self.today);
        Ok(arrears(&owing, &self.accounts, self.zero(), self.today)?)
    }

    /// What a payer is called.
    pub fn name(&self, payer: Payer) -> String {
        match payer {
            Payer::Person(person) => match self.book.people.get(&person) {
                Some(found) => found.name.clone(),
                None => payer.to_string(),
            },
            Payer::Household(household) => self.book.household_name(household),
        }
    }

    /// Whether there is such a payer.
    pub fn knows(&self, payer: Payer) -> bool {
        match payer {
            Payer::Person(person) => self.book.people.contains_key(&person),
            Payer::Household(household) => self.book.households.contains_key(&household),
        }
    }
}

/// What the house decided about money, or what usually holds.
pub(crate) fn house_rules(store: &Store) -> Result<HouseRules, RowError> {
    Ok(get::<HouseRules>(store, &HOUSE.to_owned())?.unwrap_or_else(HouseRules::usual))
}

/// Everything about money that lists need.
pub(crate) fn money_book(store: &Store, currency: Currency, today: Date) -> Result<MoneyBook, RowError> {
    Ok(MoneyBook {
        book: book(store)?,
        rules: Rules {
            schemes: all::<Scheme>(store)?.into_iter().collect(),
            agreements: all::<Agreement>(store)?.into_iter().collect(),
        },
        accounts: all::<Account>(store)?.into_iter().collect(),
        house: house_rules(store)?,
        currency,
        today,
    })
}

impl Acts {
    /// The day by the clock of the place.
    pub(crate) fn day(&self) -> Date {
        let zone = &self.site.borrow().place.zone;
        let day = zone.date_of(self.effects.now());
        let part = |number: u8| i8::try_from(number).unwrap_or(1);
        Date::new(day.year(), part(day.month()), part(day.day())).unwrap_or_default()
    }

    /// The currency of the place.
    pub(crate) fn currency(&self) -> Result<Currency, ActError> {
        let letters = self.site.borrow().place.currency.clone();
        Ok(Currency::parse(&letters)?)
    }

    /// Everything about money, for acts: it asks nobody whether they may.
    pub(crate) async fn money(&self) -> Result<MoneyBook, ActError> {
        let (currency, today) = (self.currency()?, self.day());
        self.on_card(move |store| Ok(money_book(store, currency, today)?))
            .await
    }
}

/// What the record is told of a payer: their number, and whose data it is.
fn told_of(payer: Payer, people: Vec<units::PersonId>, detail: &str) -> Told {
    Told {
        subject: payer.to_string(),
        whose: Whose::People(people),
        detail: detail.to_owned(),
        why: None,
    }
}

macro_rules! bad_input {
    ($($error:ty),*) => {
        $(
            impl From<$error> for ActError {
                fn from(error: $error) -> Self {
                    Self::BadInput(error.to_string())
                }
            }
        )*
    };
}

bad_input!(MoneyError, NoPayment, NoScheme, NoTerm, NoClosing, NoDeclaration);
