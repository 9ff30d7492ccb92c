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
use crate::registry::Registry;
use crate::tables::{MEMORIES, QUARTERS, key_time, time_key};

const ENTRY: u8 = 1;
const WHAT: &str = "the quarters";
const MEMORY: u8 = 1;
const WHAT_MEMORY: &str = "the memories";

/// The device's number and the flow's code: whose energy an entry is.
pub(crate) type Whose = (u32, u8);

/// Writes the intervals and memories of a batch.
pub(crate) fn write(txn: &WriteTransaction, registry: &mut Registry, batch: &Batch) -> Result<(), Fault> {
    let mut quarters: BTreeMap<i64, BTreeMap<Whose, Vec<u8>>> = BTreeMap::new();
    for (device, flow, interval) in &batch.intervals {
        let start = interval.start.as_millis();
        let whose = (registry.counts(txn, (device, *flow), start)?, flow.code());
        let entries = quarters.entry(start).or_default();
        entries.insert(whose, encode(whose, interval));
    }
    if !quarters.is_empty() {
        let mut table = txn.open_table(QUARTERS)?;
        for (start, fresh) in &quarters {
            let old = table
                .get(time_key(*start).as_slice())?
                .map(|value| value.value().to_vec());
            table.insert(
                time_key(*start).as_slice(),
                merge(old.as_deref(), fresh)?.as_slice(),
            )?;
        }
    }
    if batch.memories.is_empty() {
        return Ok(());
    }
    let mut table = txn.open_table(MEMORIES)?;
    for (device, flow, bytes) in &batch.memories {
        let value = Fields::new().bytes(MEMORY, bytes).finish();
        table.insert(memory_key(device, *flow).as_slice(), value.as_slice())?;
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

/// Gives every entry with `from <= start < to` to `each`, in the order of time.
pub(crate) fn visit(
    txn: &ReadTransaction,
    (from, to): (i64, i64),
    mut each: impl FnMut(Whose, Interval),
) -> Result<(), Fault> {
    if from >= to {
        return Ok(());
    }
    let table = txn.open_table(QUARTERS)?;
    for row in table.range(time_key(from).as_slice()..time_key(to).as_slice())? {
        let (key, value) = row?;
        let start = Instant::from_millis(key_time(key.value()).ok_or(Fault::Malformed(WHAT))?);
        for field in FieldsReader::new(value.value(), WHAT)? {
            let (ENTRY, entry) = field? else { continue };
            let (whose, energy, quality) = decode(entry)?;
            each(
                whose,
                Interval {
                    start,
                    energy,
                    quality,
                },
            );
        }
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
    visit(txn, range, |whose, interval| {
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
    visit(txn, range, |whose, interval| {
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
    device: &DeviceName,
    flow: Flow,
) -> Result<Option<Vec<u8>>, Fault> {
    let table = txn.open_table(MEMORIES)?;
    let row = table.get(memory_key(device, flow).as_slice())?;
    row.map(|value| read_memory(value.value())).transpose()
}

fn read_memory(value: &[u8]) -> Result<Vec<u8>, Fault> {
    Ok(FieldsReader::new(value, WHAT_MEMORY)?.need(MEMORY)?.to_vec())
}

/// What the counter rule remembers of every flow.
pub(crate) fn memories(txn: &ReadTransaction) -> Result<Vec<(DeviceName, Flow, Vec<u8>)>, Fault> {
    let mut found = Vec::new();
    for row in txn.open_table(MEMORIES)?.iter()? {
        let (key, value) = row?;
        let (code, name) = key.value().split_first().ok_or(Fault::Malformed(WHAT_MEMORY))?;
        let Some(flow) = Flow::from_code(*code) else {
            continue;
        };
        let name = std::str::from_utf8(name)
            .ok()
            .and_then(|name| DeviceName::parse(name).ok());
        found.push((
            name.ok_or(Fault::Malformed(WHAT_MEMORY))?,
            flow,
            read_memory(value.value())?,
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
