//! People and households: who may look at them and change them, and what of it stands in the record.

mod change;
mod homes;
mod household;
mod households;
mod list;
mod one;
mod rules;
mod search;

use std::sync::Arc;

use jiff::civil::Date;
use members::book::Book;
use members::edit::{Refusal, Setting};
use members::house::House;
use store::{Store, Whose};
use units::PersonId;

use crate::Acts;
use crate::act::ActError;
use crate::book::{Told, book};
use crate::rows::{RowError, all};

pub use change::FormSeen;
pub use household::HouseholdSeen;
pub use households::{FoundHouseholds, HouseholdLine};
pub use list::{FoundPeople, PersonLine};
pub use one::{OtherSeen, PersonSeen};
pub use search::{Call, Chosen, KeptSearch, SearchSeen};

/// What became of something that was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Saved<T = ()> {
    /// It is kept.
    Kept(T),
    /// Some of it cannot be taken, so nothing was changed.
    Refused(Vec<Refusal>),
}

/// The book with what its house decided.
pub(crate) struct Whole {
    pub(crate) book: Arc<Book>,
    pub(crate) house: House,
    today: Date,
}

impl Whole {
    pub(crate) fn setting(&self) -> Setting<'_> {
        Setting {
            book: &self.book,
            house: &self.house,
            today: self.today,
        }
    }
}

impl Acts {
    /// The day by the clock of the place.
    pub(crate) fn day_here(&self) -> Date {
        let zone = self.site.borrow().place.zone.clone();
        let day = zone.date_of(self.effects.now());
        // Both kinds of day are written in the same way.
        day.to_string().parse().unwrap_or_default()
    }

    /// The whole book with what its house decided, for acts: it asks nobody whether they may.
    pub(crate) async fn whole(&self) -> Result<Whole, ActError> {
        let today = self.day_here();
        self.on_card(move |store| {
            Ok(Whole {
                book: book(store)?,
                house: house(store)?,
                today,
            })
        })
        .await
    }
}

/// What the house decided.
pub(crate) fn house(store: &Store) -> Result<House, RowError> {
    Ok(House::new(
        all(store)?.into_iter().collect(),
        all(store)?.into_iter().collect(),
        all(store)?.into_iter().collect(),
    ))
}

pub(crate) fn nobody() -> ActError {
    ActError::NotThere("Nobody in the book has this number, or no longer. Look for the name".to_owned())
}

/// What the record is told of something about one person.
pub(crate) fn about(person: PersonId, detail: impl Into<String>) -> Told {
    Told {
        subject: person.to_string(),
        whose: Whose::People(vec![person]),
        detail: detail.into(),
        ..Told::default()
    }
}
