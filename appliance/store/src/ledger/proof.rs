//! The chain of closed days for whoever wants to look at it: one day with its leaves, the history of a quarter, and
//! whether all of it still fits.

use std::collections::{BTreeMap, HashSet};

use redb::{ReadTransaction, ReadableTable};
use units::{DeviceName, Flow, Instant};

use super::days::{HEAD, Hash, Item, Kind, Link, Texts, entries, hash, known_secret};
use super::late::{self, Correction};
use super::{Figure, QUARTERS, Whose, read_row};
use crate::fault::Fault;
use crate::registry::Registry;
use crate::tables::{CORRECTIONS, DAYS, META, find, key_time, time_key};
use crate::{LedgerFault, meta};

/// What looking through the whole ledger found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LedgerState {
    /// How many days are closed.
    pub days: u64,
    /// How many entries they have.
    pub entries: u64,
    /// How many corrections there are, of all time.
    pub corrections: u64,
    /// Up to when days are closed.
    pub until: Option<Instant>,
    /// The hash of the newest closed day: it stands for all before it.
    pub head: Option<[u8; 32]>,
}

/// One closed day, with as much of it as somebody may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerDay {
    /// When it begins; days without any entry belong to the next one that has some.
    pub from: Instant,
    /// When it ends.
    pub until: Instant,
    /// Whether it was there before the chain began.
    pub as_found: bool,
    /// The hash of the day before; zeros for the first.
    pub before: [u8; 32],
    /// Its own hash.
    pub hash: [u8; 32],
    /// How many entries it has, of all devices.
    pub entries: u64,
    /// How many corrections came since the day before was closed, of all devices.
    pub corrections: u64,
    /// Its leaves, by their hashes.
    pub leaves: Vec<LedgerLeaf>,
}

/// One leaf of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerLeaf {
    /// Its hash.
    pub hash: [u8; 32],
    /// What it is made of, where that was asked for.
    pub shown: Option<LedgerShown>,
}

/// What a leaf is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerShown {
    /// The device; `#7` where it has lost its name.
    pub device: String,
    /// The number of the flow.
    pub flow: u8,
    /// What keeps the hash from being guessed.
    pub salt: [u8; 16],
    /// Its lines.
    pub lines: LedgerLines,
}

/// The lines of a leaf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LedgerLines {
    /// Quarters as they stood when the day was closed.
    Entries(Vec<(Instant, Figure)>),
    /// What came later for quarters of closed days.
    Corrections(Vec<LedgerCorrection>),
}

/// A correction of one quarter of one flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LedgerCorrection {
    /// Its number; the first is 1, without gaps.
    pub number: u64,
    /// The newest quarter that the ledger knew when it was written.
    pub recorded: Instant,
    /// The quarter.
    pub start: Instant,
    /// What stood there before; nothing where there was no entry.
    pub before: Option<Figure>,
    /// What stands there since.
    pub after: Figure,
}

impl From<Correction> for LedgerCorrection {
    fn from(correction: Correction) -> Self {
        Self {
            number: correction.number,
            recorded: Instant::from_millis(correction.recorded),
            start: Instant::from_millis(correction.start),
            before: correction.before,
            after: correction.after,
        }
    }
}

/// The first closed day that ends after a moment. `wanted` says of which devices the lines are to be shown.
pub(crate) fn day_after(
    txn: &ReadTransaction,
    registry: &Registry,
    at: i64,
    wanted: &dyn Fn(&str) -> bool,
) -> Result<Option<LedgerDay>, Fault> {
    let Some(days) = find(txn, DAYS)? else {
        return Ok(None);
    };
    let first = time_key(at.saturating_add(1));
    let Some(row) = days.range(first.as_slice()..)?.next().transpose()? else {
        return Ok(None);
    };
    let link = Link::decode(row.0.value(), row.1.value())?;
    let secret = known_secret(&txn.open_table(META)?)?;
    let texts = Texts {
        names: registry,
        secret: &secret,
    };
    let (quarters, corrections) = (txn.open_table(QUARTERS)?, txn.open_table(CORRECTIONS)?);
    let name = |device| texts.name(device);
    let mut shown: BTreeMap<(Kind, Whose), LedgerLines> = BTreeMap::new();
    let leaves = texts.leaves(&link, &quarters, &corrections, |whose, item| {
        if wanted(&name(whose.0)) {
            note(&mut shown, whose, item);
        }
    })?;
    let mut leaves: Vec<LedgerLeaf> = leaves
        .into_iter()
        .map(|leaf| LedgerLeaf {
            hash: leaf.hash,
            shown: shown.remove(&(leaf.kind, leaf.whose)).map(|lines| LedgerShown {
                device: name(leaf.whose.0),
                flow: leaf.whose.1,
                salt: leaf.salt,
                lines,
            }),
        })
        .collect();
    leaves.sort_by_key(|leaf| leaf.hash);
    Ok(Some(LedgerDay {
        from: Instant::from_millis(link.from),
        until: Instant::from_millis(link.until),
        as_found: link.as_found,
        before: link.before,
        hash: link.hash,
        entries: link.entries,
        corrections: link.corrections.1.saturating_sub(link.corrections.0),
        leaves,
    }))
}

fn note(shown: &mut BTreeMap<(Kind, Whose), LedgerLines>, whose: Whose, item: Item) {
    match item {
        Item::Entry(start, figure) => {
            let lines = shown.entry((Kind::Entries, whose));
            if let LedgerLines::Entries(entries) = lines.or_insert_with(|| LedgerLines::Entries(Vec::new())) {
                entries.push((Instant::from_millis(start), figure));
            }
        }
        Item::Correction(correction) => {
            let lines = shown.entry((Kind::Corrections, whose));
            if let LedgerLines::Corrections(corrections) =
                lines.or_insert_with(|| LedgerLines::Corrections(Vec::new()))
            {
                corrections.push(correction.into());
            }
        }
    }
}

/// The corrections of one quarter of one flow, newest first.
pub(crate) fn interval_history(
    txn: &ReadTransaction,
    registry: &Registry,
    (device, flow): (&DeviceName, Flow),
    start: Instant,
) -> Result<Vec<LedgerCorrection>, Fault> {
    let Some(number) = registry.known_device(device) else {
        return Ok(Vec::new());
    };
    let found = late::history(txn, (number, flow.code()), start)?;
    Ok(found.into_iter().map(LedgerCorrection::from).collect())
}

/// Makes every hash again, from the first day to the newest, and looks whether what is read of corrected quarters is
/// what their corrections say.
pub(crate) fn verify(
    txn: &ReadTransaction,
    registry: &Registry,
) -> Result<Result<LedgerState, LedgerFault>, Fault> {
    let head = meta::get(&txn.open_table(META)?, HEAD)?;
    let Some(days) = find(txn, DAYS)? else {
        return Ok(match head {
            None => Ok(LedgerState::default()),
            Some(_) => Err(LedgerFault::Emptied),
        });
    };
    let secret = known_secret(&txn.open_table(META)?)?;
    let texts = Texts {
        names: registry,
        secret: &secret,
    };
    let (quarters, corrections) = (txn.open_table(QUARTERS)?, txn.open_table(CORRECTIONS)?);
    let mut state = LedgerState::default();
    let mut last: Option<Link> = None;
    for row in days.iter()? {
        let (key, value) = row?;
        let link = Link::decode(key.value(), value.value())?;
        let leaves = texts.leaves(&link, &quarters, &corrections, |_, _| {})?;
        let entries = entries(&leaves);
        if let Some(what) = misfit(&link, last.as_ref(), entries, hash(&link, &leaves)) {
            return Ok(Err(broken(&link, what)));
        }
        state.days += 1;
        state.entries += entries;
        last = Some(link);
    }
    let Some(last) = last else {
        return Ok(match head {
            None => Ok(state),
            Some(_) => Err(LedgerFault::Emptied),
        });
    };
    if head.as_deref() != Some(last.head().as_slice()) {
        let what = "it is the newest that is there, and there was a newer one";
        return Ok(Err(broken(&last, what)));
    }
    state.until = Some(Instant::from_millis(last.until));
    state.head = Some(last.hash);
    state.corrections = late::newest(&corrections)?;
    Ok(standing(&quarters, &corrections)?.map_or(Ok(state), Err))
}

/// Why a link does not fit, if it does not.
fn misfit(link: &Link, last: Option<&Link>, entries: u64, hash: Hash) -> Option<&'static str> {
    let before = last.map_or_else(Hash::default, |last| last.hash);
    let corrected = last.map_or(0, |last| last.corrections.1);
    if link.before != before || last.is_some_and(|last| last.until != link.from) {
        Some("the day before it is not the one that it was closed upon")
    } else if link.entries != entries {
        Some("it has not as many entries as when it was closed")
    } else if link.corrections.0 != corrected || link.hash != hash {
        Some("its entries, or the corrections of that day, are not those that it was closed with")
    } else {
        None
    }
}

fn broken(link: &Link, what: &'static str) -> LedgerFault {
    LedgerFault::BrokenAt {
        from: Instant::from_millis(link.from),
        until: Instant::from_millis(link.until),
        what,
    }
}

/// Where what is read of a corrected quarter is not what its corrections say.
fn standing(
    quarters: &impl ReadableTable<&'static [u8], &'static [u8]>,
    corrections: &impl ReadableTable<&'static [u8], &'static [u8]>,
) -> Result<Option<LedgerFault>, Fault> {
    // By quarter and flow, the newest correction of it.
    let mut newest: BTreeMap<(i64, Whose), (u64, Figure)> = BTreeMap::new();
    for (number, row) in (1_u64..).zip(corrections.iter()?) {
        let (key, value) = row?;
        let correction = Correction::decode(key.value(), value.value())?;
        let before = newest.insert(
            (correction.start, correction.whose),
            (correction.number, correction.after),
        );
        let follows = correction.previous == before.map(|(number, _)| number)
            && before.is_none_or(|(_, figure)| correction.before == Some(figure));
        if correction.number != number || !follows {
            return Ok(Some(LedgerFault::Correction { number }));
        }
    }
    let mut seen = HashSet::new();
    for row in quarters.iter()? {
        let (key, value) = row?;
        let start = key_time(key.value()).ok_or(Fault::Malformed(super::WHAT))?;
        for (whose, standing) in read_row(value.value())?.corrected {
            if newest.get(&(start, whose)) != Some(&standing) {
                return Ok(Some(LedgerFault::Correction { number: standing.0 }));
            }
            seen.insert(standing.0);
        }
    }
    let unread = newest.values().find(|(number, _)| !seen.contains(number));
    Ok(unread.map(|(number, _)| LedgerFault::Correction { number: *number }))
}
