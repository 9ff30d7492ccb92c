//! The ledger's rows: a row per quarter of an hour with an entry per device and flow, and what the counter rule
//! remembers. What an entry means is the ledger's business.
//!
//! An entry is the device's number, the flow's code, the energy, the quality's code, and since format 3 the causes and
//! how well the time was known; what a newer Hearth puts behind stays where it is as long as the entry is not replaced.
//! Once its day is closed (`days.rs`) an entry never changes: a correction comes beside it (`late.rs`).

mod days;
mod figure;
mod late;
mod proof;

use std::collections::{BTreeMap, HashMap};
use std::convert::Infallible;

use energy::Interval;
use redb::{ReadTransaction, ReadableTable, WriteTransaction};
use units::{DeviceName, Flow, Instant};

pub use figure::Figure;
pub use proof::{LedgerCorrection, LedgerDay, LedgerLeaf, LedgerLines, LedgerShown, LedgerState};
pub(crate) use proof::{day_after, interval_history, verify};

use crate::FlowIntervals;
use crate::batch::Batch;
use crate::fault::Fault;
use crate::fields::{Fields, FieldsReader};
use crate::numbers::{Bytes, put_varint};
use crate::pending::Pending;
use crate::registry::Registry;
use crate::tables::{CORRECTIONS, MEMORIES, QUARTERS, key_time, time_key};

const ENTRY: u8 = 1;
/// What an entry of a closed day says since its last correction: whose, the correction's number, the figure.
const CORRECTED: u8 = 2;
const WHAT: &str = "the quarters";
const MEMORY: u8 = 1;
const WHAT_MEMORY: &str = "the memories";

/// The device's number and the flow's code: whose energy an entry is.
pub(crate) type Whose = (u32, u8);

/// The entries of quarters by their start.
pub(crate) type Quarters = BTreeMap<i64, BTreeMap<Whose, Vec<u8>>>;

/// The intervals of a batch as entries; nothing where a device has no number.
pub(crate) fn entries(batch: &Batch, number: impl Fn(&DeviceName) -> Option<u32>) -> Option<Quarters> {
    let mut quarters = Quarters::new();
    for (device, flow, interval) in &batch.intervals {
        let whose = (number(device)?, flow.code());
        let entries = quarters.entry(interval.start.as_millis()).or_default();
        entries.insert(whose, encode(whose, interval));
    }
    Some(quarters)
}

/// What the counter rule remembers, as a row of the table.
pub(crate) fn memory_row((device, flow, bytes): &(DeviceName, Flow, Vec<u8>)) -> (Vec<u8>, Vec<u8>) {
    let value = Fields::new().bytes(MEMORY, bytes).finish();
    (memory_key(device, *flow), value)
}

/// Writes the intervals and memories of a batch, and gives numbers to devices that have none.
pub(crate) fn write(txn: &WriteTransaction, registry: &mut Registry, batch: &Batch) -> Result<(), Fault> {
    for (device, flow, interval) in &batch.intervals {
        registry.counts(txn, (device, *flow), interval.start.as_millis())?;
    }
    let quarters = entries(batch, |device| registry.known_device(device)).ok_or(Fault::Malformed(WHAT))?;
    let memories = batch.memories.iter().map(memory_row).collect();
    write_rows(txn, registry, &quarters, &memories)
}

/// Writes rows that are made already, and closes the days that are due.
pub(crate) fn write_rows(
    txn: &WriteTransaction,
    registry: &Registry,
    quarters: &Quarters,
    memories: &BTreeMap<Vec<u8>, Vec<u8>>,
) -> Result<(), Fault> {
    if let Some((newest, _)) = quarters.last_key_value() {
        write_quarters(txn, quarters, *newest)?;
        days::close(txn, registry, *newest)?;
    }
    if memories.is_empty() {
        return Ok(());
    }
    let mut table = txn.open_table(MEMORIES)?;
    for (key, value) in memories {
        table.insert(key.as_slice(), value.as_slice())?;
    }
    Ok(())
}

fn write_quarters(txn: &WriteTransaction, quarters: &Quarters, newest: i64) -> Result<(), Fault> {
    let closed = days::closed_until(txn)?;
    let mut table = txn.open_table(QUARTERS)?;
    let mut corrections = txn.open_table(CORRECTIONS)?;
    // What is known of by now: what comes late comes with a quarter that is long over.
    let known = table.last()?.and_then(|(key, _)| key_time(key.value()));
    let recorded = known.map_or(newest, |known| known.max(newest));
    for (start, fresh) in quarters {
        if closed.is_some_and(|closed| *start < closed) {
            let fresh = fresh.iter().map(|(whose, entry)| (*whose, entry.as_slice()));
            late::book(&mut table, &mut corrections, (*start, recorded), fresh)?;
            continue;
        }
        let old = table
            .get(time_key(*start).as_slice())?
            .map(|value| value.value().to_vec());
        table.insert(
            time_key(*start).as_slice(),
            merge(old.as_deref(), fresh)?.as_slice(),
        )?;
    }
    Ok(())
}

/// The old row with the fresh entries in it; whatever else stands there stays.
fn merge(old: Option<&[u8]>, fresh: &BTreeMap<Whose, Vec<u8>>) -> Result<Vec<u8>, Fault> {
    let mut row = Fields::new();
    if let Some(old) = old {
        for field in FieldsReader::new(old, WHAT)? {
            let (number, value) = field?;
            if number != ENTRY || !fresh.contains_key(&whose(value)?) {
                row.push(number, value);
            }
        }
    }
    fresh.values().for_each(|entry| row.push(ENTRY, entry));
    Ok(row.finish())
}

fn encode(whose: Whose, interval: &Interval) -> Vec<u8> {
    let mut out = Vec::with_capacity(12);
    put_whose(&mut out, whose);
    Figure::of(interval).put(&mut out);
    out
}

fn decode(entry: &[u8]) -> Result<(Whose, Figure), Fault> {
    let mut bytes = Bytes::new(entry);
    let mut read = || Some((take_whose(&mut bytes)?, Figure::take(&mut bytes)?));
    read().ok_or(Fault::Malformed(WHAT))
}

/// Whose energy an entry is.
pub(crate) fn whose(entry: &[u8]) -> Result<Whose, Fault> {
    take_whose(&mut Bytes::new(entry)).ok_or(Fault::Malformed(WHAT))
}

fn put_whose(out: &mut Vec<u8>, (device, flow): Whose) {
    put_varint(out, u64::from(device));
    out.push(flow);
}

fn take_whose(bytes: &mut Bytes<'_>) -> Option<Whose> {
    Some((bytes.number()?, bytes.byte()?))
}

/// The entries of a row as they were written, without their corrections.
fn entries_of(row: &[u8]) -> Result<impl Iterator<Item = Result<(Whose, Figure), Fault>>, Fault> {
    Ok(FieldsReader::new(row, WHAT)?.filter_map(|field| match field {
        Ok((ENTRY, entry)) => Some(decode(entry)),
        Ok(_) => None,
        Err(fault) => Some(Err(fault)),
    }))
}

/// A row with its corrections.
#[derive(Debug, Default)]
struct Row {
    entries: Vec<(Whose, Figure)>,
    /// The number of the last correction, and what it says.
    corrected: HashMap<Whose, (u64, Figure)>,
}

impl Row {
    /// What counts of an entry.
    fn current(&self, whose: Whose) -> Option<Figure> {
        match self.corrected.get(&whose) {
            Some((_, figure)) => Some(*figure),
            None => {
                let entry = self.entries.iter().find(|entry| entry.0 == whose);
                entry.map(|entry| entry.1)
            }
        }
    }

    /// What counts of all of them.
    fn all(&self) -> impl Iterator<Item = (Whose, Figure)> + '_ {
        let entries = self.entries.iter().map(|(whose, figure)| {
            let corrected = self.corrected.get(whose);
            (*whose, corrected.map_or(*figure, |corrected| corrected.1))
        });
        let missing = |whose: &Whose| !self.entries.iter().any(|entry| entry.0 == *whose);
        let added = self.corrected.iter().filter(move |(whose, _)| missing(whose));
        entries.chain(added.map(|(whose, (_, figure))| (*whose, *figure)))
    }
}

fn read_row(row: &[u8]) -> Result<Row, Fault> {
    let mut read = Row::default();
    for field in FieldsReader::new(row, WHAT)? {
        match field? {
            (ENTRY, entry) => read.entries.push(decode(entry)?),
            (CORRECTED, corrected) => {
                let mut bytes = Bytes::new(corrected);
                let mut take = || {
                    let whose = take_whose(&mut bytes)?;
                    Some((whose, (bytes.varint()?, Figure::take(&mut bytes)?)))
                };
                let (whose, standing) = take().ok_or(Fault::Malformed(WHAT))?;
                read.corrected.insert(whose, standing);
            }
            _ => {}
        }
    }
    Ok(read)
}

/// Gives every entry with `from <= start < to` to `each`, in the order of time, until it fails. What is pending takes the
/// place of what stands in the table.
pub(crate) fn visit<E>(
    txn: &ReadTransaction,
    pending: &Pending,
    (from, to): (i64, i64),
    mut each: impl FnMut(Whose, Interval) -> Result<(), E>,
) -> Result<Result<(), E>, Fault> {
    if from >= to {
        return Ok(Ok(()));
    }
    let mut tell = |start: i64, entries: &[(Whose, Figure)]| {
        let mut entries = entries.iter();
        entries.try_for_each(|(whose, figure)| each(*whose, figure.interval(Instant::from_millis(start))))
    };
    let mut fresh = pending.quarters(from, to).peekable();
    let table = txn.open_table(QUARTERS)?;
    for row in table.range(time_key(from).as_slice()..time_key(to).as_slice())? {
        let (key, value) = row?;
        let start = key_time(key.value()).ok_or(Fault::Malformed(WHAT))?;
        while let Some((earlier, entries)) = fresh.next_if(|(other, _)| *other < start) {
            if let Err(end) = tell(earlier, &decoded(entries)?) {
                return Ok(Err(end));
            }
        }
        let newer = fresh
            .next_if(|(other, _)| *other == start)
            .map(|(_, entries)| entries);
        let stands = |whose: &Whose| newer.is_none_or(|newer| !newer.contains_key(whose));
        let row = read_row(value.value())?;
        let mut entries: Vec<(Whose, Figure)> = row.all().filter(|(whose, _)| stands(whose)).collect();
        if let Some(newer) = newer {
            entries.extend(decoded(newer)?);
        }
        if let Err(end) = tell(start, &entries) {
            return Ok(Err(end));
        }
    }
    for (start, entries) in fresh {
        if let Err(end) = tell(start, &decoded(entries)?) {
            return Ok(Err(end));
        }
    }
    Ok(Ok(()))
}

fn decoded(entries: &BTreeMap<Whose, Vec<u8>>) -> Result<Vec<(Whose, Figure)>, Fault> {
    entries.values().map(|entry| decode(entry)).collect()
}

/// The intervals of one flow.
pub(crate) fn intervals(
    txn: &ReadTransaction,
    registry: &Registry,
    (device, flow): (&DeviceName, Flow),
    range: (i64, i64),
) -> Result<Vec<Interval>, Fault> {
    let Some(number) = registry.known_device(device) else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    let Ok(()) = visit(txn, &registry.pending, range, |whose, interval| {
        if whose == (number, flow.code()) {
            found.push(interval);
        }
        Ok::<(), Infallible>(())
    })?;
    Ok(found)
}

/// The intervals of every flow, by device and flow. Flows that only a newer Hearth knows are left out.
pub(crate) fn all_intervals(
    txn: &ReadTransaction,
    registry: &Registry,
    range: (i64, i64),
) -> Result<Vec<FlowIntervals>, Fault> {
    let mut groups: BTreeMap<Whose, Vec<Interval>> = BTreeMap::new();
    let Ok(()) = visit(txn, &registry.pending, range, |whose, interval| {
        groups.entry(whose).or_default().push(interval);
        Ok::<(), Infallible>(())
    })?;
    let mut found: Vec<FlowIntervals> = groups
        .into_iter()
        .filter_map(|((device, flow), intervals)| {
            let device = registry.device_name(device)?.clone();
            Some(FlowIntervals {
                device,
                flow: Flow::from_code(flow)?,
                intervals,
            })
        })
        .collect();
    found.sort_by(|a, b| (&a.device, a.flow).cmp(&(&b.device, b.flow)));
    Ok(found)
}

/// Gives the intervals of every flow to `each`, in the order of time, until it fails. Flows that only a newer Hearth knows
/// are left out.
pub(crate) fn visit_intervals<E>(
    txn: &ReadTransaction,
    registry: &Registry,
    range: (i64, i64),
    mut each: impl FnMut(&DeviceName, Flow, Interval) -> Result<(), E>,
) -> Result<Result<(), E>, Fault> {
    visit(txn, &registry.pending, range, |(device, flow), interval| {
        match (registry.device_name(device), Flow::from_code(flow)) {
            (Some(device), Some(flow)) => each(device, flow, interval),
            _ => Ok(()),
        }
    })
}

fn memory_key(device: &DeviceName, flow: Flow) -> Vec<u8> {
    let mut key = vec![flow.code()];
    key.extend_from_slice(device.as_str().as_bytes());
    key
}

/// What the counter rule remembers of one flow.
pub(crate) fn memory(
    txn: &ReadTransaction,
    registry: &Registry,
    device: &DeviceName,
    flow: Flow,
) -> Result<Option<Vec<u8>>, Fault> {
    if let Some(value) = registry.pending.memories().get(&memory_key(device, flow)) {
        return read_memory(value).map(Some);
    }
    let table = txn.open_table(MEMORIES)?;
    let row = table.get(memory_key(device, flow).as_slice())?;
    row.map(|value| read_memory(value.value())).transpose()
}

fn read_memory(value: &[u8]) -> Result<Vec<u8>, Fault> {
    Ok(FieldsReader::new(value, WHAT_MEMORY)?.need(MEMORY)?.to_vec())
}

/// What the counter rule remembers of every flow.
pub(crate) fn memories(
    txn: &ReadTransaction,
    registry: &Registry,
) -> Result<Vec<(DeviceName, Flow, Vec<u8>)>, Fault> {
    let mut rows = BTreeMap::new();
    for row in txn.open_table(MEMORIES)?.iter()? {
        let (key, value) = row?;
        rows.insert(key.value().to_vec(), value.value().to_vec());
    }
    rows.extend(registry.pending.memories().clone());
    let mut found = Vec::new();
    for (key, value) in rows {
        let (code, name) = key.split_first().ok_or(Fault::Malformed(WHAT_MEMORY))?;
        let Some(flow) = Flow::from_code(*code) else {
            continue;
        };
        let name = std::str::from_utf8(name)
            .ok()
            .and_then(|name| DeviceName::parse(name).ok());
        found.push((
            name.ok_or(Fault::Malformed(WHAT_MEMORY))?,
            flow,
            read_memory(&value)?,
        ));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use energy::{Causes, Interval, Quality, TimeSource};
    use units::{Instant, WattHours};

    use super::{ENTRY, Figure, decode, encode, merge};
    use crate::fields::{Fields, FieldsReader};

    #[test]
    fn what_a_newer_hearth_wrote_beside_an_entry_stays() {
        let interval = |energy| Interval {
            causes: Causes::OUTAGE,
            time: TimeSource::Network,
            ..Interval::new(Instant::from_millis(0), WattHours(energy), Quality::Measured)
        };
        let mut newer = encode((1, 2), &interval(7));
        newer.extend([42, 42]);
        let old = Fields::new().bytes(ENTRY, &newer).bytes(99, b"later").finish();
        let fresh = BTreeMap::from([((3, 2), encode((3, 2), &interval(i64::MIN)))]);
        let row = merge(Some(&old), &fresh).expect("sound");
        let fields: Vec<_> = FieldsReader::new(&row, "test")
            .expect("marker")
            .map(|f| f.expect("field"))
            .collect();
        assert_eq!(fields[0], (ENTRY, newer.as_slice()));
        assert_eq!(fields[1], (99, b"later".as_slice()));
        let figure = decode(fields[2].1).expect("entry").1;
        assert_eq!(figure, Figure::of(&interval(i64::MIN)));
        assert_eq!(
            figure.interval(Instant::from_millis(0)),
            interval(i64::MIN),
            "nothing is lost on the way"
        );
        assert!(decode(&newer[..2]).is_err());
    }
}
