//! The ledger's rows: a row per quarter of an hour with an entry per device and flow, and what the counter rule
//! remembers. What an entry means is the ledger's business.
//!
//! An entry is the device's number, the flow's code, the energy, the quality's code; what a newer Hearth puts
//! behind stays where it is as long as the entry is not replaced.

use std::collections::BTreeMap;

use energy::{Interval, Quality};
use redb::{ReadTransaction, ReadableTable, WriteTransaction};
use units::{DeviceName, Flow, Instant, WattHours};

use crate::FlowIntervals;
use crate::batch::Batch;
use crate::fault::Fault;
use crate::fields::{Fields, FieldsReader};
use crate::numbers::{Bytes, put_signed, put_varint};
use crate::pending::Pending;
use crate::registry::Registry;
use crate::tables::{MEMORIES, QUARTERS, key_time, time_key};

const ENTRY: u8 = 1;
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
    write_rows(txn, &quarters, &batch.memories.iter().map(memory_row).collect())
}

/// Writes rows that are made already.
pub(crate) fn write_rows(
    txn: &WriteTransaction,
    quarters: &Quarters,
    memories: &BTreeMap<Vec<u8>, Vec<u8>>,
) -> Result<(), Fault> {
    if !quarters.is_empty() {
        let mut table = txn.open_table(QUARTERS)?;
        for (start, fresh) in quarters {
            let old = table
                .get(time_key(*start).as_slice())?
                .map(|value| value.value().to_vec());
            table.insert(
                time_key(*start).as_slice(),
                merge(old.as_deref(), fresh)?.as_slice(),
            )?;
        }
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

/// The old row with the fresh entries in it; whatever else stands there stays.
fn merge(old: Option<&[u8]>, fresh: &BTreeMap<Whose, Vec<u8>>) -> Result<Vec<u8>, Fault> {
    let mut row = Fields::new();
    if let Some(old) = old {
        for field in FieldsReader::new(old, WHAT)? {
            let (number, value) = field?;
            if number != ENTRY || !fresh.contains_key(&decode(value)?.0) {
                row.push(number, value);
            }
        }
    }
    fresh.values().for_each(|entry| row.push(ENTRY, entry));
    Ok(row.finish())
}

fn encode((device, flow): Whose, interval: &Interval) -> Vec<u8> {
    let mut out = Vec::with_capacity(10);
    put_varint(&mut out, u64::from(device));
    out.push(flow);
    put_signed(&mut out, interval.energy.0);
    out.push(interval.quality.code());
    out
}

fn decode(entry: &[u8]) -> Result<(Whose, WattHours, Quality), Fault> {
    let mut bytes = Bytes::new(entry);
    let mut read = || {
        let whose = (bytes.number()?, bytes.byte()?);
        Some((
            whose,
            WattHours(bytes.signed()?),
            Quality::from_code(bytes.byte()?),
        ))
    };
    read().ok_or(Fault::Malformed(WHAT))
}

/// Whose energy an entry is.
pub(crate) fn whose(entry: &[u8]) -> Result<Whose, Fault> {
    Ok(decode(entry)?.0)
}

/// Gives every entry with `from <= start < to` to `each`, in the order of time. What is pending takes the place of what
/// stands in the table.
pub(crate) fn visit(
    txn: &ReadTransaction,
    pending: &Pending,
    (from, to): (i64, i64),
    mut each: impl FnMut(Whose, Interval),
) -> Result<(), Fault> {
    if from >= to {
        return Ok(());
    }
    let mut give = |start: i64, entry: &[u8]| {
        let (whose, energy, quality) = decode(entry)?;
        let start = Instant::from_millis(start);
        each(
            whose,
            Interval {
                start,
                energy,
                quality,
            },
        );
        Ok::<(), Fault>(())
    };
    let mut fresh = pending.quarters(from, to).peekable();
    let table = txn.open_table(QUARTERS)?;
    for row in table.range(time_key(from).as_slice()..time_key(to).as_slice())? {
        let (key, value) = row?;
        let start = key_time(key.value()).ok_or(Fault::Malformed(WHAT))?;
        while let Some((earlier, entries)) = fresh.next_if(|(other, _)| *other < start) {
            entries.values().try_for_each(|entry| give(earlier, entry))?;
        }
        let newer = fresh
            .next_if(|(other, _)| *other == start)
            .map(|(_, entries)| entries);
        for field in FieldsReader::new(value.value(), WHAT)? {
            let (ENTRY, entry) = field? else { continue };
            if newer.is_none_or(|newer| whose(entry).is_ok_and(|whose| !newer.contains_key(&whose))) {
                give(start, entry)?;
            }
        }
        newer
            .into_iter()
            .flat_map(BTreeMap::values)
            .try_for_each(|entry| give(start, entry))?;
    }
    for (start, entries) in fresh {
        entries.values().try_for_each(|entry| give(start, entry))?;
    }
    Ok(())
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
    visit(txn, &registry.pending, range, |whose, interval| {
        if whose == (number, flow.code()) {
            found.push(interval);
        }
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
    visit(txn, &registry.pending, range, |whose, interval| {
        groups.entry(whose).or_default().push(interval);
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

    use energy::{Interval, Quality};
    use units::{Instant, WattHours};

    use super::{ENTRY, decode, encode, merge};
    use crate::fields::{Fields, FieldsReader};

    #[test]
    fn what_a_newer_hearth_wrote_beside_an_entry_stays() {
        let interval = |energy| Interval {
            start: Instant::from_millis(0),
            energy: WattHours(energy),
            quality: Quality::Measured,
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
        assert_eq!(decode(fields[2].1).expect("entry").1, WattHours(i64::MIN));
        assert!(decode(&newer[..2]).is_err());
    }
}
