//! Tables of people on their way in: handed in, looked at, read in as one change, and undone as one, as merges are; and
//! the whole book on its way out.
//!
//! A table that was handed in waits in memory, for the person who did and nobody else; it is gone when the box is
//! started again, and nothing was changed by then. What the import changes and what stood there before is kept with it
//! in the same transaction.

mod export;
mod stage;
mod take;
mod undo;

use members::import::plan::Plan;
use members::import::record::Import;
use members::person::Person;
use units::{Instant, PersonId};

use crate::act::{ActError, allowed};
use crate::rows::{all, get};
use crate::table::ActKind;
use crate::{Actor, Acts};

pub use export::Export;
pub(crate) use stage::Waiting;
pub use stage::{Choices, Staged};
pub(crate) use take::keep_undoable;
pub use undo::{Others, Standing};

/// What would become of a table that was handed in.
#[derive(Debug)]
pub struct Preview {
    /// The table and what was said of it.
    pub staged: Staged,
    /// What would become of each row.
    pub plan: Plan,
    /// The fingerprint of the plan: what was seen is what is done.
    pub seen: String,
    /// The names of those of the book who are spoken of.
    pub names: Vec<(PersonId, String)>,
}

/// An import or a merge of the past.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Past {
    /// Its number.
    pub number: u32,
    /// What is kept of it.
    pub import: Import,
    /// The name of who did it, if they are in the book.
    pub by: Option<String>,
}

/// For how long a table waits after it was last looked at.
const WAITS: units::Span = units::Span::from_millis(2 * 60 * 60 * 1_000);

impl Acts {
    /// The imports and merges of the past, the newest first.
    pub async fn imports(&self, actor: &Actor) -> Result<Vec<Past>, ActError> {
        allowed(actor, ActKind::ImportTable)?;
        self.on_card(|store| {
            let mut past = Vec::new();
            for (number, import) in all::<Import>(store)?.into_iter().rev() {
                let by = import
                    .by
                    .map(|by| get::<Person>(store, &by))
                    .transpose()?
                    .flatten();
                past.push(Past {
                    number,
                    import,
                    by: by.map(|by| by.name),
                });
            }
            Ok(past)
        })
        .await
    }

    /// One of them.
    pub async fn past_import(&self, actor: &Actor, number: u32) -> Result<Past, ActError> {
        let all = self.imports(actor).await?;
        let found = all.into_iter().find(|past| past.number == number);
        found.ok_or_else(|| ActError::NotThere(format!("There is no import {number}")))
    }

    /// Whose a table is that is handed in: it waits for them.
    fn owner(actor: &Actor) -> Result<PersonId, ActError> {
        actor.person().ok_or_else(|| {
            ActError::Failed("A table is read in at the page, by somebody who is signed in".to_owned())
        })
    }

    fn import_now(&self) -> Instant {
        self.effects.now()
    }
}
