//! Sealing an hour: what is pending of it, what came in bulk, its sheet as it was and blocks of an older format become one sheet.
//!
//! Channels are unpacked a few at a time. A channel of which nothing new came goes over as it is packed; where nothing new came
//! of any, the sheet stays as it is. Blocks of the hour go into the sheet with what is new, so that a block that lies beside a
//! sheet is always the younger one.

use std::collections::{BTreeMap, BTreeSet};

use redb::{ReadableTable, WriteTransaction};
use units::NoValue;

use super::amendments::{self, Changes};
use super::hour::{Builder, Hour, RAW};
use super::hour_start;
use super::read::visit_block;
use crate::column::{self, RawPoint, tidy};
use crate::fault::Fault;
use crate::frame;
use crate::pieces::{self, Writable};
use crate::tables::{BLOCKS, CLOCKS, HOURS, hour_number_key, key_number};

/// So many channels are unpacked at a time, which bounds the memory it takes.
const AT_A_TIME: usize = 24;

/// What is new of an hour.
pub(super) struct New<'a> {
    /// Frames of the tail, in the order in which they came.
    pub(super) frames: Vec<&'a [u8]>,
    /// What came in bulk, by channel; it came last.
    pub(super) bulk: &'a [(u32, &'a [RawPoint])],
}

impl New<'_> {
    fn numbers(&self) -> Result<BTreeSet<u32>, Fault> {
        let mut numbers: BTreeSet<u32> = self.bulk.iter().map(|part| part.0).collect();
        for frame in &self.frames {
            frame::visit(frame, |number, _, _| {
                numbers.insert(number);
                Ok(())
            })?;
        }
        Ok(numbers)
    }

    /// Adds the points of those channels that are asked for.
    fn unpack(&self, hour: i64, points: &mut BTreeMap<u32, Vec<RawPoint>>) -> Result<(), Fault> {
        for frame in &self.frames {
            frame::visit(frame, |number, times, values| {
                let Some(points) = points.get_mut(&number) else {
                    return Ok(());
                };
                column::visit(hour_start(hour), times, values, &mut |at, outcome| {
                    points.push((at, outcome));
                })
                .ok_or(Fault::Malformed("the tail"))
            })?;
        }
        for (number, part) in self.bulk {
            if let Some(points) = points.get_mut(number) {
                points.extend_from_slice(part);
            }
        }
        Ok(())
    }
}

/// Brings everything of an hour together into its sheet; what came last counts. `now` is when that comes about.
pub(super) fn seal(txn: &WriteTransaction, hour: i64, new: &New<'_>, now: i64) -> Result<(), Fault> {
    let blocks = take_blocks(txn, hour)?;
    let mut table = txn.open_table(HOURS)?;
    let (bytes, version, changes) = {
        let old = Hour::open(&table, hour)?;
        let mut numbers = new.numbers()?;
        numbers.extend(blocks.keys());
        let mut builder = Builder::new(hour);
        for number in old.iter().flat_map(Hour::numbers) {
            if let Some(old) = old.as_ref().filter(|_| !numbers.contains(&number)) {
                old.copy(number, &mut builder)?;
            }
        }
        let mut changes = Changes::default();
        let numbers: Vec<u32> = numbers.into_iter().collect();
        for some in numbers.chunks(AT_A_TIME) {
            let mut fresh: BTreeMap<u32, Vec<RawPoint>> = some.iter().map(|n| (*n, Vec::new())).collect();
            new.unpack(hour, &mut fresh)?;
            for (number, fresh) in fresh {
                let was = before(old.as_ref(), &blocks, number)?;
                builder.push(number, &merge(was, fresh, &mut changes));
            }
        }
        if old.is_some() && blocks.is_empty() && changes.is_none() {
            return Ok(());
        }
        let was_sealed = old.is_some() || !blocks.is_empty();
        let version = old.map_or(1, |old| old.version().saturating_add(1));
        (
            builder.finish(),
            version,
            Some(changes).filter(|changes| was_sealed && !changes.is_none()),
        )
    };
    pieces::put(&mut table, RAW, hour, version, &bytes)?;
    changes.map_or(Ok(()), |changes| {
        amendments::note(txn, (hour, version), now, changes)
    })
}

/// What was known of a channel before.
fn before<T: pieces::Rows>(
    old: Option<&Hour<'_, T>>,
    blocks: &BTreeMap<u32, Vec<RawPoint>>,
    number: u32,
) -> Result<Vec<RawPoint>, Fault> {
    let mut points = old.map_or(Ok(Vec::new()), |old| old.points(number))?;
    points.extend(blocks.get(&number).into_iter().flatten());
    tidy(&mut points);
    Ok(points)
}

/// Puts new points over old ones, which are tidy, and counts what that changes.
fn merge(old: Vec<RawPoint>, mut new: Vec<RawPoint>, changes: &mut Changes) -> Vec<RawPoint> {
    tidy(&mut new);
    if old.is_empty() {
        changes.added += u64::try_from(new.len()).unwrap_or(u64::MAX);
        return new;
    }
    let mut was = old.iter().peekable();
    for (at, outcome) in &new {
        while was.next_if(|point| point.0 < *at).is_some() {}
        let same: Option<&Result<i64, NoValue>> = was.next_if(|point| point.0 == *at).map(|point| &point.1);
        match same {
            None => changes.added += 1,
            Some(same) if same != outcome => changes.replaced += 1,
            Some(_) => {}
        }
    }
    let mut all = old;
    all.append(&mut new);
    tidy(&mut all);
    all
}

/// Takes the hour's blocks of an older format out of their tables.
fn take_blocks(txn: &WriteTransaction, hour: i64) -> Result<BTreeMap<u32, Vec<RawPoint>>, Fault> {
    let mut blocks = txn.open_table(BLOCKS)?;
    let mut clocks = txn.open_table(CLOCKS)?;
    let mut found: BTreeMap<u32, Vec<RawPoint>> = BTreeMap::new();
    let (first, last) = (hour_number_key(hour, 0), hour_number_key(hour, u32::MAX));
    for row in blocks.range(first.as_slice()..=last.as_slice())? {
        let (key, value) = row?;
        let number = key_number(key.value()).ok_or(Fault::Malformed("the blocks"))?;
        let points = found.entry(number).or_default();
        visit_block(hour, value.value(), &clocks, &mut |at, outcome| {
            points.push((at, outcome));
        })?;
    }
    if !found.is_empty() {
        clear(&mut blocks, &first, &last)?;
        clear(&mut clocks, &first, &last)?;
    }
    Ok(found)
}

fn clear(table: &mut Writable<'_>, first: &[u8], last: &[u8]) -> Result<(), Fault> {
    Ok(table.retain_in(first..=last, |_, _| false)?)
}
