//! Letters: who may write them, whom they reach, what goes out and what the record says of it.
//!
//! What a letter says to whom is decided in `members::letters`. E-mail is made here and carried by a [`Postman`], who is
//! brought by the program; nothing is given to them before a steward has switched it on.

mod carry;
mod chosen;
mod mails;
mod print;
mod run;
mod server;
mod write;

use std::collections::{BTreeMap, BTreeSet};

use members::book::Book;
use members::letters::fill::Common;
use members::letters::mail::SERVER;
use members::letters::{MailServer, Mailing, Piece, Place};
use store::{Store, Whose};
use units::PersonId;

use crate::rows::{RowError, get};
use crate::{ActError, Acts};

pub use carry::{Carried, Parcel, Postman, Round};
pub use mails::{MailSeen, Mails};
pub use print::Listed;
pub use run::{Opened, Reach};
pub use server::{Entered, ServerSeen};
pub use write::Draft;

/// From so many people on the record says that it was everybody's affair, and not whose.
const MANY: usize = 200;

/// Whose data an act upon these people's letters was about.
fn whose(people: &BTreeSet<PersonId>) -> Whose {
    match people.len() {
        0 => Whose::Nobody,
        count if count > MANY => Whose::Everybody,
        _ => Whose::People(people.iter().copied().collect()),
    }
}

/// Everybody in these letters.
fn everybody(pieces: &[Piece]) -> BTreeSet<PersonId> {
    pieces
        .iter()
        .flat_map(|piece| piece.people.iter().copied())
        .collect()
}

/// The mail server, if one was entered.
fn mail_server(store: &Store) -> Result<Option<MailServer>, RowError> {
    get(store, &SERVER.to_owned())
}

/// Whether e-mail goes out.
fn mailing(store: &Store) -> Result<Mailing, RowError> {
    let on = mail_server(store)?.is_some_and(|server| server.on);
    Ok(if on { Mailing::On } else { Mailing::Off })
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

impl Acts {
    /// What is the same in every letter that goes out now.
    fn common(&self, owed: BTreeMap<PersonId, String>) -> Common {
        let site = self.site.borrow();
        let date = site.place.zone.date_of(self.effects.now());
        let month = MONTHS
            .get(usize::from(date.month().saturating_sub(1)))
            .copied()
            .unwrap_or_default();
        Common {
            site: site.place.name.clone(),
            today: format!("{} {month} {}", date.day(), date.year()),
            owed,
        }
    }
}

/// That nobody's letter would have an empty place.
fn nothing_lacks(book: &Book, lacks: &BTreeMap<Place, BTreeSet<PersonId>>) -> Result<(), ActError> {
    let Some((place, people)) = lacks.iter().next() else {
        return Ok(());
    };
    Err(ActError::BadInput(lack(book, *place, people)))
}

/// A sentence about people whose letters would have an empty place.
fn lack(book: &Book, place: Place, people: &BTreeSet<PersonId>) -> String {
    let mut names: Vec<&str> = people
        .iter()
        .filter_map(|id| book.people.get(id))
        .take(5)
        .map(|person| person.name.as_str())
        .collect();
    let more = people.len().saturating_sub(names.len());
    let others = format!("{more} more");
    if more > 0 {
        names.push(&others);
    }
    format!(
        "The letter says {{{place}}}, and that is not known of {}. Take it out of the text, or choose people without them",
        members::letters::names::joined(&names)
    )
}
