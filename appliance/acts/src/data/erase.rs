//! Erasure: what would go, what the law has kept and which texts speak of somebody still, said beforehand; then all of it at
//! once, out of the store's file as well.

mod plan;

use jiff::civil::Date;
use members::person::Person;
use store::{Store, StoreError, Whose};
use units::PersonId;

use plan::{Plan, Wanted};

use super::rewriting::{self, Rewriting};
use crate::act::{ActError, allowed};
use crate::book::{Removal, Told};
use crate::merge::numbers_of;
use crate::rows::get;
use crate::table::ActKind;
use crate::{Actor, Acts};

pub(crate) use plan::change;

/// What an erasure takes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Erasure {
    /// Whom.
    pub name: String,
    /// What goes: the table, and how many rows.
    pub gone: Vec<(String, usize)>,
    /// What stays by law.
    pub kept: Vec<KeptByLaw>,
    /// From what else the person is taken out.
    pub changed: Vec<(String, usize)>,
    /// Texts that speak of the person, or may: nothing is done to them.
    pub mentions: Vec<Mention>,
    /// Why it cannot be done now.
    pub hindered: Option<String>,
}

/// What of a table stays by law.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptByLaw {
    /// The table.
    pub title: String,
    /// How many rows.
    pub rows: usize,
    /// Until when.
    pub until: Date,
    /// Whether the law has the name stay in it, or words that may be theirs.
    pub named: bool,
}

/// A text that somebody wrote and that speaks of another, or may.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mention {
    /// The name of the table; `record` for the record, `site.toml` for the site's file.
    pub table: &'static str,
    /// What it is called for people.
    pub title: String,
    /// By what it is found there.
    pub at: String,
    /// What the fields are called.
    pub fields: Vec<&'static str>,
}

impl Acts {
    /// What an erasure would take. It is written down that somebody looked.
    pub async fn erasure_of(&self, actor: &Actor, person: PersonId) -> Result<Erasure, ActError> {
        allowed(actor, ActKind::LookErasure)?;
        let wanted = self.wanted(actor, person);
        let plan = self.on_card(move |store| Plan::of(store, &wanted)).await?;
        let told = Told {
            whose: Whose::People(vec![person]),
            ..Told::default()
        };
        self.keep(actor, ActKind::LookErasure, Vec::new(), told).await?;
        Ok(plan.erasure)
    }

    /// Erases somebody's data: the rows, the reasons in the record, and every byte of them in the store's file. Texts that
    /// others wrote stay; the answer says which.
    pub async fn erase(&self, actor: &Actor, person: PersonId, why: &str) -> Result<Erasure, ActError> {
        allowed(actor, ActKind::Erase)?;
        let why = reason(why)?;
        let wanted = self.wanted(actor, person);
        let told = Told {
            whose: Whose::People(vec![person]),
            why: Some(why),
            ..Told::default()
        };
        let mut line = self.told(actor, ActKind::Erase, told);
        self.remove(move |store| {
            store.room_to_rewrite().map_err(no_room)?;
            let Plan { erasure, rows, lines } = Plan::of(store, &wanted)?;
            if let Some(hindered) = &erasure.hindered {
                return Err(ActError::BadInput(hindered.clone()));
            }
            line.detail = format!("{} rows", rows.len());
            let rewriting = Rewriting {
                people: numbers_of(store, person)?,
                lines,
            };
            Ok((
                erasure,
                Some(Removal {
                    rows,
                    line,
                    rewriting,
                }),
            ))
        })
        .await
    }

    /// Ends an erasure that was cut short, at the start of the box and several times a day.
    pub async fn end_erasures(&self) -> Result<(), ActError> {
        self.on_card(rewriting::end).await
    }

    fn wanted(&self, actor: &Actor, person: PersonId) -> Wanted {
        Wanted {
            person,
            oneself: actor.person(),
            today: self.today(),
            // A box whose site cannot be read shows no names from it either.
            site: self.effects.site_text().unwrap_or_default(),
        }
    }
}

pub(crate) fn no_room(error: StoreError) -> ActError {
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

/// The name of somebody, for a heading.
pub(crate) fn name_of(store: &Store, person: PersonId) -> Result<String, ActError> {
    let found = get::<Person>(store, &person)?;
    found.map(|found| found.name).ok_or_else(|| {
        ActError::NotThere("there is nobody with this number in the book, or no longer".to_owned())
    })
}
