//! Erasure: what would go and what the law has kept, said beforehand; then all of it at once, out of the store's file as
//! well.

use std::collections::BTreeMap;

use jiff::civil::Date;
use members::holding::{Fate, erased};
use members::person::Person;
use members::role::Duty;
use members::tables::Table;
use store::{RowChange, Store, StoreError, Whose};
use units::PersonId;

use super::kept::{subject, walk};
use crate::act::{ActError, allowed};
use crate::book::{Told, book};
use crate::rows::{RowError, get};
use crate::table::ActKind;
use crate::{Actor, Acts};

/// Under this name the store remembers that something was removed and still lies in its file.
const REWRITE_DUE: &str = "data/rewrite-due";

/// What an erasure takes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Erasure {
    /// Whom.
    pub name: String,
    /// What goes: the table, and how many rows.
    pub gone: Vec<(String, usize)>,
    /// What stays by law: the table, how many rows, until when. Names and contact data go from these too.
    pub kept: Vec<(String, usize, Date)>,
    /// From what else the person is taken out.
    pub changed: Vec<(String, usize)>,
    /// Why it cannot be done now.
    pub hindered: Option<String>,
}

impl Acts {
    /// What an erasure would take. It is written down that somebody looked.
    pub async fn erasure_of(&self, actor: &Actor, person: PersonId) -> Result<Erasure, ActError> {
        allowed(actor, ActKind::LookErasure)?;
        let (oneself, today) = (actor.person(), self.today());
        let (erasure, _) = self
            .on_card(move |store| plan(store, person, oneself, today))
            .await?;
        let told = Told {
            whose: Whose::People(vec![person]),
            ..Told::default()
        };
        self.keep(actor, ActKind::LookErasure, Vec::new(), told).await?;
        Ok(erasure)
    }

    /// Erases somebody's data: the rows, the reasons in the record, and every byte of them in the store's file.
    pub async fn erase(&self, actor: &Actor, person: PersonId, why: &str) -> Result<Erasure, ActError> {
        allowed(actor, ActKind::Erase)?;
        let why = reason(why)?;
        let (oneself, today) = (actor.person(), self.today());
        let (erasure, rows) = self
            .on_card(move |store| {
                store.room_to_rewrite().map_err(no_room)?;
                plan(store, person, oneself, today)
            })
            .await?;
        if let Some(hindered) = &erasure.hindered {
            return Err(ActError::BadInput(hindered.clone()));
        }
        let told = Told {
            whose: Whose::People(vec![person]),
            detail: format!("{} rows", rows.len()),
            why: Some(why),
            ..Told::default()
        };
        self.on_card(|store| Ok(store.put_meta(REWRITE_DUE, b"1")?))
            .await?;
        self.keep(actor, ActKind::Erase, rows, told).await?;
        self.on_card(move |store| {
            store.erase_reasons(person)?;
            finish(store)
        })
        .await?;
        Ok(erasure)
    }

    /// Ends an erasure that was cut short, at the start of the box and once a day.
    pub async fn end_erasures(&self) -> Result<(), ActError> {
        self.on_card(|store| match store.get_meta(REWRITE_DUE)? {
            Some(due) if due == b"1" => finish(store),
            _ => Ok(()),
        })
        .await
    }
}

/// Writes the store anew, and remembers that it was done.
pub(crate) fn finish(store: &Store) -> Result<(), ActError> {
    store.rewrite().map_err(no_room)?;
    Ok(store.put_meta(REWRITE_DUE, b"0")?)
}

/// Remembers that the store is to be written anew.
pub(crate) fn rewrite_due(store: &Store) -> Result<(), ActError> {
    Ok(store.put_meta(REWRITE_DUE, b"1")?)
}

fn no_room(error: StoreError) -> ActError {
    match error {
        StoreError::NoSpace => ActError::Failed(
            "there is not enough room on the card: to erase every byte, all that stays is written once more. Make \
             room, or use a larger card, then try again"
                .to_owned(),
        ),
        other => other.into(),
    }
}

/// A reason that somebody wrote.
pub(crate) fn reason(why: &str) -> Result<String, ActError> {
    members::text::paragraph(why, 500).map_err(|_| {
        ActError::BadInput("Say why, in a few words; the person concerned can read it".to_owned())
    })
}

/// What goes, what stays and why it cannot be done; and the rows that change.
fn plan(
    store: &Store,
    person: PersonId,
    oneself: Option<PersonId>,
    today: Date,
) -> Result<(Erasure, Vec<RowChange>), ActError> {
    let book = book(store)?;
    let Some(entry) = book.people.get(&person) else {
        return Err(ActError::NotThere(
            "there is nobody with this number in the book, or no longer".to_owned(),
        ));
    };
    let subject = subject(&book, person);
    let mut rows = Vec::new();
    let mut erasure = Erasure {
        name: entry.name.clone(),
        hindered: hindered(store, &book, person, oneself)?,
        ..Erasure::default()
    };
    for table in members::KEPT {
        let (mut gone, mut changed) = (0, 0);
        let mut kept: BTreeMap<Date, usize> = BTreeMap::new();
        walk(store, table, |key, value| {
            let (fate, until) = erased(table, key, value, &subject, today).map_err(RowError::Damaged)?;
            let count = match (&fate, until) {
                (_, Some(until)) => kept.entry(until).or_default(),
                (Fate::Goes, None) => &mut gone,
                (Fate::Becomes(_), None) => &mut changed,
                (Fate::Stays, None) => return Ok(()),
            };
            *count += 1;
            rows.extend(change(table, key, value, fate));
            Ok(())
        })?;
        let title = || table.title();
        erasure.gone.extend((gone > 0).then(|| (title(), gone)));
        erasure.changed.extend((changed > 0).then(|| (title(), changed)));
        if let Some(last) = kept.keys().max().copied() {
            erasure.kept.push((title(), kept.values().sum(), last));
        }
    }
    Ok((erasure, rows))
}

/// The change that a fate is.
pub(crate) fn change(table: &Table, key: &[u8], value: &[u8], fate: Fate) -> Option<RowChange> {
    let after = match fate {
        Fate::Stays => return None,
        Fate::Becomes(after) => Some(after),
        Fate::Goes => None,
    };
    Some(RowChange {
        table: table.name,
        key: key.to_vec(),
        before: Some(value.to_vec()),
        after,
    })
}

/// Why somebody cannot be erased now.
fn hindered(
    store: &Store,
    book: &members::book::Book,
    person: PersonId,
    oneself: Option<PersonId>,
) -> Result<Option<String>, ActError> {
    if oneself == Some(person) {
        return Ok(Some(
            "This is yourself. Somebody else who deals with requests about data must do it".to_owned(),
        ));
    }
    let membership = book.memberships.get(&person);
    if membership.is_some_and(|membership| membership.ended().is_none()) {
        return Ok(Some(
            "This person is a member still, or has asked to become one. End the membership first, then erase"
                .to_owned(),
        ));
    }
    let duty = get::<Duty>(store, &person)?;
    if duty.is_some_and(|duty| !duty.roles.is_empty()) {
        return Ok(Some(
            "This person has roles here. Take them away first, so that the place is not left without somebody who has \
             them"
            .to_owned(),
        ));
    }
    Ok(None)
}

/// The name of somebody, for a heading.
pub(crate) fn name_of(store: &Store, person: PersonId) -> Result<String, ActError> {
    let found = get::<Person>(store, &person)?;
    found.map(|found| found.name).ok_or_else(|| {
        ActError::NotThere("there is nobody with this number in the book, or no longer".to_owned())
    })
}
