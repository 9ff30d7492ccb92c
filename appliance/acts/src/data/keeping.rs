//! What goes with time: done once a day by the box, and shown beforehand.

use std::collections::BTreeMap;

use jiff::civil::Date;
use members::holding::Fate;
use members::keeping::Lives;
use members::record::{Damaged, Kept, Record};
use members::statement::kept::Draft;
use members::tables::Table;
use members::waiting::Waiting;
use store::{RowChange, Store, Whose};
use units::{Instant, PersonId, Span};

use super::erase::change;
use super::kept::walk;
use super::rewriting::Rewriting;
use crate::act::{ActError, allowed};
use crate::book::{Removal, Told, book};
use crate::rows::RowError;
use crate::table::ActKind;
use crate::{Actor, Acts};

/// What time takes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keeping {
    /// What is over on this day: the table, rows that go, rows of which a part goes.
    pub over: Vec<(String, usize, usize)>,
    /// Whose own entry goes.
    pub people: Vec<PersonId>,
    /// What goes next: the first day of it, the table, and how many rows by a year from now.
    pub next: Vec<(Date, String, usize)>,
    /// When the box last let something go, and what the record says of it.
    pub last: Option<(Instant, String)>,
}

/// So many lines of the record are looked through for the last time.
const LOOKED: usize = 2_000;
/// After so long without a line of the record, the box asks itself whether its clock is right.
const LONGEST_QUIET: Span = Span::DAY.times(400);
/// Whose numbers stand in one line of the record, at most.
const MOST_NAMED: usize = 50;

/// So long a bank statement waits to be read.
const DRAFT_WAITS: Span = Span::DAY.times(30);

impl Acts {
    /// What is over and what goes next.
    pub async fn keeping(&self, actor: &Actor) -> Result<Keeping, ActError> {
        self.keep(actor, ActKind::LookKeeping, Vec::new(), Told::default())
            .await?;
        let (today, now) = (self.today(), self.effects.now());
        self.on_card(move |store| {
            let (mut keeping, _) = over(store, today, now)?;
            let lines = store.audit_entries(None, LOOKED)?;
            let found = lines.into_iter().find(|line| line.entry.act == "let-go");
            keeping.last = found.map(|line| (line.entry.at, line.entry.detail));
            Ok(keeping)
        })
        .await
    }

    /// Lets go of what is kept no longer, out of the store's file as well. Answers with what went.
    pub async fn let_go(&self, actor: &Actor) -> Result<Keeping, ActError> {
        allowed(actor, ActKind::LetGo)?;
        let (today, now) = (self.today(), self.effects.now());
        let by_itself = *actor == Actor::TheBox;
        let mut line = self.told(actor, ActKind::LetGo, Told::default());
        self.remove(move |store| {
            if by_itself && !is_plausible(store, now)? {
                tracing::warn!("the clock went far ahead, so nothing is let go until somebody was here");
                return Ok((Keeping::default(), None));
            }
            let (keeping, rows) = over(store, today, now)?;
            line.whose = whose(&keeping.people);
            line.detail = words(&keeping);
            let rewriting = Rewriting {
                people: keeping.people.clone(),
                lines: Vec::new(),
            };
            let removal = (!rows.is_empty()).then_some(Removal {
                rows,
                line,
                rewriting,
            });
            Ok((keeping, removal))
        })
        .await
    }
}

/// Whose data went: from so many people on, everybody's.
fn whose(people: &[PersonId]) -> Whose {
    match people.len() {
        0 => Whose::Nobody,
        count if count > MOST_NAMED => Whose::Everybody,
        _ => Whose::People(people.to_vec()),
    }
}

/// Whether the time can be right: somebody has been at the box not too long before. What a clock that jumps ahead takes
/// cannot be brought back.
fn is_plausible(store: &Store, now: Instant) -> Result<bool, ActError> {
    let newest = store.audit_entries(None, 1)?;
    Ok(newest
        .first()
        .is_none_or(|line| now.since(line.entry.at) <= LONGEST_QUIET))
}

/// What went, without a name.
fn words(keeping: &Keeping) -> String {
    let parts: Vec<String> = keeping
        .over
        .iter()
        .map(|(title, gone, less)| format!("{title}: {gone} gone, {less} with less in them"))
        .collect();
    parts.join("; ")
}

/// Whether something that waits for somebody has waited too long: an act for its second person, a bank statement for being
/// read.
fn has_run_out(table: &Table, value: &[u8], now: Instant) -> Result<bool, Damaged> {
    Ok(match table.name {
        Waiting::TABLE => Waiting::decode(value)?.is_over(now),
        Draft::TABLE => now.since(Draft::decode(value)?.at) > DRAFT_WAITS,
        _ => false,
    })
}

fn over(store: &Store, today: Date, now: Instant) -> Result<(Keeping, Vec<RowChange>), ActError> {
    let book = book(store)?;
    let lives = Lives::of(&book, today);
    let horizon = today.checked_add(jiff::Span::new().years(1)).unwrap_or(Date::MAX);
    let mut rows = Vec::new();
    let mut keeping = Keeping {
        people: lives.going(&book).collect(),
        ..Keeping::default()
    };
    for table in members::KEPT {
        let (mut gone, mut less) = (0, 0);
        let mut next: BTreeMap<Date, usize> = BTreeMap::new();
        walk(store, table, |key, value| {
            let fate = if has_run_out(table, value, now).map_err(RowError::Damaged)? {
                Fate::Goes
            } else {
                lives.fate(table, key, value).map_err(RowError::Damaged)?
            };
            match fate {
                Fate::Goes => gone += 1,
                Fate::Becomes(_) => less += 1,
                Fate::Stays => {}
            }
            if fate != Fate::Goes
                && let Some(day) = lives.next(table, key, value).map_err(RowError::Damaged)?
                && day <= horizon
            {
                *next.entry(day).or_default() += 1;
            }
            rows.extend(change(table, key, value, fate));
            Ok(())
        })?;
        if gone + less > 0 {
            keeping.over.push((table.title(), gone, less));
        }
        if let Some(first) = next.keys().next() {
            keeping.next.push((*first, table.title(), next.values().sum()));
        }
    }
    keeping.next.sort();
    Ok((keeping, rows))
}
