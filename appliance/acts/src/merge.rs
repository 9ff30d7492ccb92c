//! Two entries of one person: which there may be, both side by side, and how they become one. Undoing is that of imports:
//! what stood there before is kept with the merge in the same transaction.
//!
//! The number of the entry that went leads to the one that stayed: on the pages, in the record of who did what, and when
//! somebody asks for everything kept about them.

use members::credential::Digest;
use members::import::record::{Import, Merge};
use members::merge::{
    Apart, Choices, Difference, Found, Merged, NoMerge, Pair, Stamp, Turned, Twins, differences, merged,
    twins,
};
use members::money::{Agreement, Payer};
use members::record::{Kept, Newer};
use store::{RowChange, Store, Whose};
use units::PersonId;

use crate::act::{ActError, allowed};
use crate::book::{Told, book};
use crate::data::kept::walk;
use crate::import::keep_undoable;
use crate::people::nobody;
use crate::rows::{RowError, all, becomes, get, go, next_number};
use crate::table::ActKind;
use crate::{Actor, Acts};

/// Two entries that may be one person, with their names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TwinsSeen {
    /// Which two, and in what they agree.
    pub twins: Twins,
    /// The name of the one.
    pub one: String,
    /// The name of the other.
    pub other: String,
    /// Whether somebody said that they are two people.
    pub apart: bool,
}

/// Two entries side by side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SideBySide {
    /// Which stays and which goes.
    pub pair: Pair,
    /// The name of the one that stays.
    pub kept: String,
    /// The name of the other.
    pub gone: String,
    /// In what they differ.
    pub differences: Vec<Difference>,
    /// What else goes over to the one that stays: the table, and how many rows.
    pub goes_over: Vec<(String, usize)>,
    /// Whether somebody can sign in by the entry that goes.
    pub way_in_ends: bool,
    /// Why they cannot become one now.
    pub hindered: Option<String>,
    /// Whether somebody said that they are two people.
    pub apart: bool,
    /// The fingerprint of all of it: what was seen is what is done.
    pub seen: Digest,
}

impl Acts {
    /// Entries that may be one person, the likely ones first. That somebody looked through everybody is recorded.
    pub async fn twins(&self, actor: &Actor) -> Result<Vec<TwinsSeen>, ActError> {
        let told = Told {
            whose: Whose::Everybody,
            ..Told::default()
        };
        self.keep(actor, ActKind::ListTwins, Vec::new(), told).await?;
        self.on_card(|store| {
            let book = book(store)?;
            let apart = all::<Apart>(store)?;
            let name = |id: PersonId| book.people.get(&id).map(|person| person.name.clone());
            let named = twins(&book).into_iter().filter_map(|twins| {
                Some(TwinsSeen {
                    one: name(twins.one)?,
                    other: name(twins.other)?,
                    apart: apart.iter().any(|(_, row)| row.is_about(twins.one, twins.other)),
                    twins,
                })
            });
            Ok(named.collect())
        })
        .await
    }

    /// Two entries are two people, however alike they look: they are not offered to be put together any more.
    pub async fn tell_apart(&self, actor: &Actor, pair: Pair) -> Result<(), ActError> {
        allowed(actor, ActKind::TellApart)?;
        if pair.kept == pair.gone {
            return Err(NoMerge::Same.into());
        }
        let (at, by) = (self.effects.now(), actor.person());
        let rows = self.on_card(move |store| {
            if !rows_apart(store, pair)?.is_empty() {
                return Ok(Vec::new());
            }
            let row = Apart {
                one: pair.kept,
                other: pair.gone,
                at,
                by,
                newer: Newer::default(),
            };
            let (number, given) = next_number(store, Apart::TABLE)?;
            Ok(vec![becomes(&number, None, Some(&row)), given])
        });
        let rows = rows.await?;
        self.keep(actor, ActKind::TellApart, rows, told(pair, "")).await
    }

    /// Two entries may be one person after all.
    pub async fn not_apart(&self, actor: &Actor, pair: Pair) -> Result<(), ActError> {
        allowed(actor, ActKind::NotApart)?;
        let rows = self
            .on_card(move |store| Ok(go(&rows_apart(store, pair)?)))
            .await?;
        self.keep(actor, ActKind::NotApart, rows, told(pair, "")).await
    }

    /// Two entries side by side. That somebody looked is recorded with both.
    pub async fn side_by_side(&self, actor: &Actor, pair: Pair) -> Result<SideBySide, ActError> {
        allowed(actor, ActKind::LookMerge)?;
        let oneself = actor.person();
        let seen = self.on_card(move |store| compared(store, pair, oneself)).await?;
        self.keep(actor, ActKind::LookMerge, Vec::new(), told(pair, ""))
            .await?;
        Ok(seen)
    }

    /// Two entries become one, if everything about them is still what was `seen`. Gives the number by which it is undone.
    pub async fn merge(
        &self,
        actor: &Actor,
        pair: Pair,
        choices: Choices,
        seen: &Digest,
    ) -> Result<u32, ActError> {
        allowed(actor, ActKind::Merge)?;
        let stamp = Stamp {
            by: actor.person(),
            at: self.effects.now(),
        };
        let seen = *seen;
        let (number, rows, count) = self
            .on_card(move |store| {
                let found = found(store, pair)?;
                if let Some(own) = own_entry(pair, stamp.by) {
                    return Err(ActError::BadInput(own));
                }
                if !found.seen().is(&seen) {
                    return Err(ActError::Conflict);
                }
                let turned = merged(&found, &choices, stamp)?;
                let count = turned.len();
                let mut rows: Vec<RowChange> = turned.into_iter().map(change).collect();
                let number = keep_undoable(store, &mut rows, &record(pair, stamp, count))?;
                Ok((number, rows, count))
            })
            .await?;
        self.keep(actor, ActKind::Merge, rows, told(pair, &format!("{count} rows")))
            .await?;
        Ok(number)
    }

    /// Under which number an entry goes on that became part of another.
    pub async fn goes_on_as(&self, actor: &Actor, gone: PersonId) -> Result<Option<PersonId>, ActError> {
        allowed(actor, ActKind::LookPerson)?;
        self.on_card(move |store| Ok(get::<Merged>(store, &gone.number())?.map(|merged| merged.into)))
            .await
    }
}

impl From<NoMerge> for ActError {
    fn from(no: NoMerge) -> Self {
        match no {
            NoMerge::Damaged(damaged) => RowError::Damaged(damaged).into(),
            NoMerge::NotThere => nobody(),
            told => Self::BadInput(told.to_string()),
        }
    }
}

/// What the record is told: both are concerned.
pub(crate) fn told(pair: Pair, detail: &str) -> Told {
    Told {
        subject: format!("{} with {}", pair.kept, pair.gone),
        whose: Whose::People(vec![pair.kept, pair.gone]),
        detail: detail.to_owned(),
        why: None,
    }
}

/// Somebody under all their numbers: that of their entry, and those of entries that became part of it.
pub(crate) fn numbers_of(store: &Store, person: PersonId) -> Result<Vec<PersonId>, RowError> {
    let earlier = all::<Merged>(store)?
        .into_iter()
        .filter(|(_, merged)| merged.into == person);
    Ok(std::iter::once(person)
        .chain(earlier.map(|(number, _)| PersonId::new(number)))
        .collect())
}

/// Every row that the two have to do with.
fn found(store: &Store, pair: Pair) -> Result<Found, ActError> {
    let mut found = Found::new(pair);
    for table in members::KEPT {
        walk(store, table, |key, value| {
            Ok(found.see(table, key, value).map_err(RowError::Damaged)?)
        })?;
    }
    Ok(found)
}

/// What was said of these two.
fn rows_apart(store: &Store, pair: Pair) -> Result<Vec<(u32, Apart)>, RowError> {
    let mut rows = all::<Apart>(store)?;
    rows.retain(|(_, row)| row.is_about(pair.kept, pair.gone));
    Ok(rows)
}

fn compared(store: &Store, pair: Pair, oneself: Option<PersonId>) -> Result<SideBySide, ActError> {
    if pair.kept == pair.gone {
        return Err(NoMerge::Same.into());
    }
    let found = found(store, pair)?;
    let book = book(store)?;
    let (Some(kept), Some(gone)) = (book.people.get(&pair.kept), book.people.get(&pair.gone)) else {
        return Err(nobody());
    };
    let agreed = |id: PersonId| {
        found
            .get::<Agreement>(&Payer::Person(id))
            .map_err(RowError::Damaged)
    };
    let agreed = (agreed(pair.kept)?, agreed(pair.gone)?);
    let differences = differences(&book, (kept, gone), (agreed.0.as_ref(), agreed.1.as_ref()));
    let usual: Choices = differences
        .iter()
        .map(|difference| (difference.name.to_owned(), difference.usual))
        .collect();
    let stamp = Stamp {
        by: None,
        at: kept.entered,
    };
    let hindered = match (own_entry(pair, oneself), merged(&found, &usual, stamp)) {
        (Some(own), _) => Some(own),
        (None, Err(NoMerge::Damaged(damaged))) => return Err(RowError::Damaged(damaged).into()),
        (None, Err(no)) => Some(no.to_string()),
        (None, Ok(_)) => None,
    };
    Ok(SideBySide {
        pair,
        kept: kept.name.clone(),
        gone: gone.name.clone(),
        differences,
        goes_over: found.goes_over().map_err(RowError::Damaged)?,
        way_in_ends: found.way_in_ends().map_err(RowError::Damaged)?,
        hindered,
        apart: !rows_apart(store, pair)?.is_empty(),
        seen: found.seen(),
    })
}

/// Nobody closes their own way in by mistake.
fn own_entry(pair: Pair, oneself: Option<PersonId>) -> Option<String> {
    (oneself == Some(pair.gone)).then(|| {
        "The entry that would go is your own, and you would be signed out. Keep it, and let the other one go".to_owned()
    })
}

fn change(turned: Turned) -> RowChange {
    RowChange {
        table: turned.table,
        key: turned.key,
        before: turned.before,
        after: turned.after,
    }
}

fn record(pair: Pair, stamp: Stamp, rows: usize) -> Import {
    Import {
        file: None,
        at: stamp.at,
        by: stamp.by,
        new: 0,
        changed: 0,
        same: 0,
        report: Vec::new(),
        undone: None,
        stayed: 0,
        merge: Some(Merge {
            kept: pair.kept,
            gone: pair.gone.number(),
            rows: u32::try_from(rows).unwrap_or(u32::MAX),
            newer: Newer::default(),
        }),
        newer: Newer::default(),
    }
}
