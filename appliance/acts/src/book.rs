//! The members' book for all acts upon it: read as a whole, changed together with the line that tells of it.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

use members::book::Book;
use members::person::Person;
use members::record::{Kept, Key};
use store::{AuditEntry, Change, RowChange, Store, Whose, Why};
use units::PersonId;

use crate::act::{ActError, allowed};
use crate::data::Rewriting;
use crate::roles::stewards;
use crate::rows::RowError;
use crate::table::{ActKind, Takes, row};
use crate::{Actor, Acts};

/// What the record is told of an act, beside who did what and when. Nobody's name and nothing that stands in the book
/// belongs into `subject` or `detail`: they outlive an erasure.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// Upon what: "household 12".
    pub subject: String,
    /// Whose data it was.
    pub whose: Whose,
    /// What of it: the names of fields, a count.
    pub detail: String,
    /// Why, in words that can be erased.
    pub why: Option<String>,
}

/// Rows to be removed with every byte of them.
pub(crate) struct Removal {
    /// The rows that change.
    pub(crate) rows: Vec<RowChange>,
    /// The line that tells of it.
    pub(crate) line: AuditEntry,
    /// What is to be done afterwards.
    pub(crate) rewriting: Rewriting,
}

impl Acts {
    /// Does something that waits for the card, where it holds up no other task.
    pub(crate) async fn on_card<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store) -> Result<T, ActError> + Send + 'static,
    ) -> Result<T, ActError> {
        let store = self.store.clone();
        let done = tokio::task::spawn_blocking(move || work(&store)).await;
        done.map_err(|_| ActError::Failed("the box is being stopped".to_owned()))?
    }

    /// The line that tells of an act.
    pub(crate) fn told(&self, actor: &Actor, kind: ActKind, told: Told) -> AuditEntry {
        let why = match told.why.or_else(|| actor.why().map(str::to_owned)) {
            None => Why::NotSaid,
            Some(words) => {
                let mut salt = [0; 16];
                self.effects.random(&mut salt);
                Why::Said { words, salt }
            }
        };
        AuditEntry {
            actor: actor.to_string(),
            who: actor.person(),
            via: actor.via().to_owned(),
            subject: told.subject,
            whose: told.whose,
            detail: told.detail,
            why,
            ..AuditEntry::new(self.effects.now(), row(kind).name)
        }
    }

    /// Changes rows of the book and writes the line that tells of it: both or neither, durable when it returns. Asks
    /// whether the actor may. Without rows it records a look. What takes two people is done by [`Acts::together`].
    pub(crate) async fn keep(
        &self,
        actor: &Actor,
        kind: ActKind,
        rows: Vec<RowChange>,
        told: Told,
    ) -> Result<(), ActError> {
        allowed(actor, kind)?;
        if row(kind).takes == Takes::Two {
            return Err(ActError::TakesTwo(row(kind).right));
        }
        let lines = vec![self.told(actor, kind, told)];
        self.commit(rows, lines).await
    }

    /// Changes rows and writes lines, unless nobody would be left afterwards who may give roles.
    pub(crate) async fn commit(&self, rows: Vec<RowChange>, lines: Vec<AuditEntry>) -> Result<(), ActError> {
        let deciding = Arc::clone(&self.deciding);
        self.on_card(move |store| {
            let _turn = deciding.lock().unwrap_or_else(PoisonError::into_inner);
            changed(store, rows, lines)
        })
        .await
    }

    /// Removes rows and every byte of them, with the line that tells of it. In one piece of work: whoever asked may have
    /// gone away in the middle, and then the rest is done all the same. What is removed is looked up in the same turn, so
    /// that nothing about somebody is entered between the two and stays.
    pub(crate) async fn remove<T: Send + 'static>(
        &self,
        look_up: impl FnOnce(&Store) -> Result<(T, Option<Removal>), ActError> + Send + 'static,
    ) -> Result<T, ActError> {
        let deciding = Arc::clone(&self.deciding);
        self.on_card(move |store| {
            let turn = deciding.lock().unwrap_or_else(PoisonError::into_inner);
            let (told, removal) = look_up(store)?;
            let Some(removal) = removal else { return Ok(told) };
            removal.rewriting.begin(store)?;
            changed(store, removal.rows, vec![removal.line])?;
            drop(turn);
            removal.rewriting.finish(store)?;
            Ok(told)
        })
        .await
    }

    /// The whole book, for whoever may look through it. That they did is recorded, and about everybody.
    pub async fn look_through(&self, actor: &Actor, detail: &str) -> Result<Arc<Book>, ActError> {
        let told = Told {
            whose: Whose::Everybody,
            detail: detail.to_owned(),
            ..Told::default()
        };
        self.keep(actor, ActKind::ListPeople, Vec::new(), told).await?;
        self.book().await
    }

    /// The whole book, for acts: it asks nobody whether they may.
    pub(crate) async fn book(&self) -> Result<Arc<Book>, ActError> {
        self.on_card(|store| Ok(book(store)?)).await
    }
}

/// Changes rows and writes lines, for whoever has the turn.
fn changed(store: &Store, rows: Vec<RowChange>, lines: Vec<AuditEntry>) -> Result<(), ActError> {
    stewards::remain(store, &rows)?;
    if !all_are_there(store, &rows)? {
        return Err(ActError::Conflict);
    }
    Ok(store.change(Change { rows, lines }).map(drop)?)
}

/// Whether everybody whom a new row names is in the book, as it is after the change. Whoever was erased or became part of
/// another entry since the change was thought of is not: the row would be left behind.
fn all_are_there(store: &Store, rows: &[RowChange]) -> Result<bool, RowError> {
    let book = store.book()?;
    let people = rows.iter().filter(|row| row.table == Person::TABLE);
    let people: BTreeMap<&[u8], bool> = people
        .map(|row| (row.key.as_slice(), row.after.is_some()))
        .collect();
    let is_there = |person: PersonId| {
        let changed = people.get(person.to_key().as_slice()).copied();
        changed.unwrap_or_else(|| book.people.contains_key(&person))
    };
    for row in rows.iter().filter(|row| row.before.is_none()) {
        let (Some(table), Some(after)) = (members::tables::table(row.table), &row.after) else {
            continue;
        };
        let named = table.named(&row.key, after)?;
        if !named.people.iter().copied().all(is_there) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The whole book. It is shared, so whoever asks again and again takes no more memory.
pub(crate) fn book(store: &Store) -> Result<Arc<Book>, RowError> {
    Ok(store.book()?)
}

#[cfg(test)]
mod tests {
    use members::money::{Payer, PaymentId, PaymentOf};
    use members::person::Person;
    use members::record::{Kept, Newer};
    use store::{Change, Options, RowChange, Store};
    use units::{Instant, PersonId};

    use super::all_are_there;
    use crate::rows::becomes;

    const ANA: PersonId = PersonId::new(1);
    const BEN: PersonId = PersonId::new(2);

    fn person(number: PersonId, comes: bool) -> RowChange {
        let ana = Person::named("Ana Öberg", Instant::from_millis(0)).expect("a name");
        match comes {
            true => becomes(&number, None, Some(&ana)),
            false => becomes(&number, Some(&ana), None),
        }
    }

    fn paid_by(payer: PersonId) -> RowChange {
        let id = PaymentId {
            day: jiff::civil::date(2026, 1, 1),
            number: 1,
        };
        let row = PaymentOf {
            purpose: members::money::For::Dues,
            newer: Newer::default(),
        };
        assert_eq!(PaymentOf::TABLE, "payments-of");
        becomes(&(Payer::Person(payer), id), None, Some(&row))
    }

    #[test]
    fn a_new_row_names_only_those_who_are_in_the_book_when_it_is_written() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path(), Options::default()).expect("new");
        let change = Change {
            rows: vec![person(ANA, true)],
            lines: Vec::new(),
        };
        store.change(change).expect("written");
        for (rows, there) in [
            (vec![paid_by(ANA)], true),
            (vec![paid_by(BEN)], false),
            (vec![paid_by(BEN), person(BEN, true)], true),
            (vec![paid_by(ANA), person(ANA, false)], false),
        ] {
            assert_eq!(all_are_there(&store, &rows).expect("sound"), there, "{rows:?}");
        }
    }
}
