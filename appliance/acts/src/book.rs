//! The members' book for all acts upon it: read as a whole, changed together with the line that tells of it.

use std::sync::{Arc, PoisonError};

use members::book::Book;
use store::{AuditEntry, Change, RowChange, Store, Whose, Why};

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
    Ok(store.change(Change { rows, lines }).map(drop)?)
}

/// The whole book. It is shared, so whoever asks again and again takes no more memory.
pub(crate) fn book(store: &Store) -> Result<Arc<Book>, RowError> {
    Ok(store.book()?)
}
