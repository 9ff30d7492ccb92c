//! Which number stands for which channel and device in the file, and the newest reading of each channel. Kept in
//! memory; a writer works on a copy that takes its place once the commit is done.

use std::collections::{BTreeMap, HashMap};
use std::convert::Infallible;

use redb::{ReadTransaction, ReadableTable, WriteTransaction};
use units::{Channel, DeviceName, Flow, NoValue, Unit};

use crate::batch::Batch;
use crate::column::{self, RawPoint};
use crate::fault::Fault;
use crate::fields::{Fields, FieldsReader};
use crate::frame;
use crate::ledger;
use crate::numbers::{Bytes, put_signed};
use crate::pending::Pending;
use crate::rollups::Rolls;
use crate::series::hour_start;
use crate::tables::{CHANNELS, DEVICES, Definition};

const NAME: u8 = 1;
const UNIT: u8 = 2;
const FIRST: u8 = 3;
const LAST_AT: u8 = 4;
const LAST: u8 = 5;
const ROLLED_FROM: u8 = 6;
const WHAT: &str = "the channels";
/// Of a device: a flow and the start of its first interval. Comes once for each flow.
const SINCE: u8 = 2;
const WHAT_DEVICES: &str = "the devices";

/// What is known of a channel.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry {
    pub(crate) number: u32,
    /// `None` until somebody says it.
    pub(crate) unit: Option<Unit>,
    pub(crate) seen: Option<Seen>,
    /// When the first day begins of which there are roll-ups.
    pub(crate) rolled_from: Option<i64>,
}

/// From when a channel has readings, and its newest one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen {
    pub(crate) first: i64,
    pub(crate) last: RawPoint,
}

/// What is known of a device.
#[derive(Debug, Clone)]
struct Device {
    number: u32,
    /// By the flow's code, when its first interval begins.
    since: BTreeMap<u8, i64>,
    /// Whether its row says so.
    saved: bool,
}

/// The numbers in use, and the next free ones.
#[derive(Debug, Clone, Default)]
pub(crate) struct Registry {
    pub(crate) channels: HashMap<Channel, Entry>,
    devices: HashMap<DeviceName, Device>,
    names: HashMap<u32, DeviceName>,
    next_channel: u32,
    next_device: u32,
    /// What is in the tail and not in the tables.
    pub(crate) pending: Pending,
    /// How far roll-ups are made.
    pub(crate) rolls: Rolls,
}

impl Registry {
    /// Reads the numbers; what is pending is not among them.
    pub(crate) fn load(txn: &ReadTransaction) -> Result<Self, Fault> {
        let mut registry = Self::default();
        for row in txn.open_table(CHANNELS)?.iter()? {
            let (key, value) = row?;
            registry.load_channel(key.value(), value.value())?;
        }
        for row in txn.open_table(DEVICES)?.iter()? {
            let (key, value) = row?;
            registry.load_device(key.value(), value.value())?;
        }
        registry.find_beginnings(txn)?;
        registry.rolls = Rolls::load(txn)?;
        Ok(registry)
    }

    /// The same with what the tail knows.
    pub(crate) fn with(mut self, pending: Pending) -> Result<Self, Fault> {
        let by_number: HashMap<u32, &mut Entry> = self
            .channels
            .values_mut()
            .map(|entry| (entry.number, entry))
            .collect();
        note(&pending, by_number)?;
        pending
            .hours()
            .for_each(|hour| self.rolls.arrived(hour_start(hour)));
        self.pending = pending;
        Ok(self)
    }

    /// Whether every name of a batch has its number, its unit and its beginning in the tables.
    pub(crate) fn knows(&self, batch: &Batch) -> bool {
        let channels = batch.channels.iter().all(|(channel, unit)| {
            let entry = self.channels.get(channel);
            entry.is_some_and(|entry| entry.unit == Some(*unit))
        });
        channels
            && batch.intervals.iter().all(|(name, flow, interval)| {
                let device = self.devices.get(name).filter(|device| device.saved);
                let since = device.and_then(|device| device.since.get(&flow.code()));
                since.is_some_and(|since| *since <= interval.start.as_millis())
            })
    }

    /// Of several numbers of one channel the highest counts; the others belong to an older unit.
    fn load_channel(&mut self, key: &[u8], value: &[u8]) -> Result<(), Fault> {
        let number = table_number(key, WHAT)?;
        let fields = FieldsReader::new(value, WHAT)?;
        let channel = Channel::parse(fields.text(NAME)?).map_err(|_| Fault::Malformed(WHAT))?;
        // A unit of a newer Hearth is shown as plain numbers, and not taken for one that was never said.
        let code = fields.unsigned::<u8>(UNIT)?;
        let unit = code.map(|code| Unit::from_code(code).unwrap_or(Unit::Count));
        let seen = match (fields.signed(FIRST)?, fields.signed(LAST_AT)?, fields.find(LAST)?) {
            (Some(first), Some(at), Some(last)) => Some(Seen {
                first,
                last: (at, read_outcome(last)?),
            }),
            _ => None,
        };
        let rolled_from = fields.signed(ROLLED_FROM)?;
        let entry = Entry {
            number,
            unit,
            seen,
            rolled_from,
        };
        self.channels.insert(channel, entry);
        self.next_channel = self.next_channel.max(number + 1);
        Ok(())
    }

    fn load_device(&mut self, key: &[u8], value: &[u8]) -> Result<(), Fault> {
        let number = table_number(key, WHAT_DEVICES)?;
        let fields = FieldsReader::new(value, WHAT_DEVICES)?;
        let name = fields.text(NAME)?;
        let name = DeviceName::parse(name).map_err(|_| Fault::Malformed(WHAT_DEVICES))?;
        let mut since = BTreeMap::new();
        for field in fields {
            if let (SINCE, bytes) = field? {
                let (flow, start) = bytes.split_first().ok_or(Fault::Malformed(WHAT_DEVICES))?;
                let start = Bytes::new(start).signed();
                since.insert(*flow, start.ok_or(Fault::Malformed(WHAT_DEVICES))?);
            }
        }
        let device = Device {
            number,
            saved: !since.is_empty(),
            since,
        };
        self.devices.insert(name.clone(), device);
        self.names.insert(number, name);
        self.next_device = self.next_device.max(number + 1);
        Ok(())
    }

    /// Looks up when devices began to count whose rows do not say so, as those of the first Hearth.
    fn find_beginnings(&mut self, txn: &ReadTransaction) -> Result<(), Fault> {
        if self.devices.values().all(|device| device.saved) {
            return Ok(());
        }
        let ever = (i64::MIN, i64::MAX);
        let Ok(()) = ledger::visit(txn, &Pending::default(), ever, |(number, flow), interval| {
            let device = self
                .names
                .get(&number)
                .and_then(|name| self.devices.get_mut(name));
            if let Some(device) = device.filter(|device| !device.saved) {
                device.since.entry(flow).or_insert(interval.start.as_millis());
            }
            Ok::<(), Infallible>(())
        })?;
        Ok(())
    }

    /// The channel's number; a new one if the channel is new, or if its unit is another than before.
    pub(crate) fn channel(
        &mut self,
        txn: &WriteTransaction,
        channel: &Channel,
        said: Option<Unit>,
    ) -> Result<u32, Fault> {
        if let Some(entry) = self.channels.get_mut(channel) {
            match (said, entry.unit) {
                (None, _) => return Ok(entry.number),
                (Some(said), Some(kept)) if said == kept => return Ok(entry.number),
                (Some(_), None) => {
                    entry.unit = said;
                    save_channel(txn, channel, entry)?;
                    return Ok(entry.number);
                }
                (Some(_), Some(_)) => {}
            }
        }
        let number = self.next_channel;
        self.next_channel += 1;
        let entry = Entry {
            number,
            unit: said,
            seen: None,
            rolled_from: None,
        };
        self.channels.insert(channel.clone(), entry);
        save_channel(txn, channel, &entry)?;
        Ok(number)
    }

    /// The device's number, a new one if the device is new, as it counts a flow in a quarter that begins at `start`.
    pub(crate) fn counts(
        &mut self,
        txn: &WriteTransaction,
        (name, flow): (&DeviceName, Flow),
        start: i64,
    ) -> Result<u32, Fault> {
        if !self.devices.contains_key(name) {
            let device = Device {
                number: self.next_device,
                since: BTreeMap::new(),
                saved: false,
            };
            self.names.insert(device.number, name.clone());
            self.devices.insert(name.clone(), device);
            self.next_device += 1;
        }
        let Some(device) = self.devices.get_mut(name) else {
            return Err(Fault::Malformed(WHAT_DEVICES));
        };
        let before = device.since.get(&flow.code()).copied();
        if !device.saved || before.is_none_or(|before| start < before) {
            device
                .since
                .insert(flow.code(), before.map_or(start, |before| before.min(start)));
            device.saved = true;
            save_device(txn, name, device)?;
        }
        Ok(device.number)
    }

    /// When the first interval of a flow of a device begins, if it ever had one.
    pub(crate) fn since(&self, device: &DeviceName, flow: Flow) -> Option<i64> {
        self.devices.get(device)?.since.get(&flow.code()).copied()
    }

    /// The device's number, if it has one.
    pub(crate) fn known_device(&self, device: &DeviceName) -> Option<u32> {
        self.devices.get(device).map(|device| device.number)
    }

    /// The device with this number.
    pub(crate) fn device_name(&self, number: u32) -> Option<&DeviceName> {
        self.names.get(&number)
    }

    /// Takes note that the channels with these numbers have roll-ups of the day that begins at `start`.
    pub(crate) fn rolled(
        &mut self,
        txn: &WriteTransaction,
        numbers: &[u32],
        start: i64,
    ) -> Result<(), Fault> {
        for (channel, entry) in &mut self.channels {
            let earlier = entry.rolled_from.is_none_or(|first| start < first);
            if earlier && numbers.contains(&entry.number) {
                entry.rolled_from = Some(start);
                save_channel(txn, channel, entry)?;
            }
        }
        Ok(())
    }

    /// Writes the rows of these channels as they are known now.
    pub(crate) fn save<'a>(
        &self,
        txn: &WriteTransaction,
        channels: impl IntoIterator<Item = &'a Channel>,
    ) -> Result<(), Fault> {
        for channel in channels {
            if let Some(entry) = self.channels.get(channel) {
                save_channel(txn, channel, entry)?;
            }
        }
        Ok(())
    }
}

impl Entry {
    /// Takes note of a point: the newest one is remembered.
    pub(crate) fn note(&mut self, point: RawPoint) {
        let seen = self.seen.get_or_insert(Seen {
            first: point.0,
            last: point,
        });
        seen.first = seen.first.min(point.0);
        if point.0 >= seen.last.0 {
            seen.last = point;
        }
    }
}

/// Tells channels of the points that are pending, by their numbers.
fn note(pending: &Pending, mut channels: HashMap<u32, &mut Entry>) -> Result<(), Fault> {
    for (hour, frame) in pending.frames_within(i64::MIN, i64::MAX) {
        frame::visit(frame, |number, times, values| {
            let Some(entry) = channels.get_mut(&number) else {
                return Ok(());
            };
            column::visit(hour_start(hour), times, values, &mut |at, outcome| {
                entry.note((at, outcome));
            })
            .ok_or(Fault::Malformed("the tail"))
        })?;
    }
    Ok(())
}

fn save_channel(txn: &WriteTransaction, channel: &Channel, entry: &Entry) -> Result<(), Fault> {
    let mut row = Fields::new().text(NAME, channel.as_str());
    if let Some(unit) = entry.unit {
        row = row.unsigned(UNIT, u64::from(unit.code()));
    }
    if let Some(Seen {
        first,
        last: (at, outcome),
    }) = entry.seen
    {
        row = row
            .signed(FIRST, first)
            .signed(LAST_AT, at)
            .bytes(LAST, &write_outcome(outcome));
    }
    if let Some(first) = entry.rolled_from {
        row = row.signed(ROLLED_FROM, first);
    }
    let known = &[NAME, UNIT, FIRST, LAST_AT, LAST, ROLLED_FROM];
    put_row(txn, CHANNELS, entry.number, row, (known, WHAT))
}

fn save_device(txn: &WriteTransaction, name: &DeviceName, device: &Device) -> Result<(), Fault> {
    let mut row = Fields::new().text(NAME, name.as_str());
    for (flow, start) in &device.since {
        let mut bytes = vec![*flow];
        put_signed(&mut bytes, *start);
        row.push(SINCE, &bytes);
    }
    put_row(txn, DEVICES, device.number, row, (&[NAME, SINCE], WHAT_DEVICES))
}

/// Replaces a row; what a newer Hearth wrote beside the fields that are known here stays.
fn put_row(
    txn: &WriteTransaction,
    table: Definition,
    number: u32,
    row: Fields,
    (known, what): (&[u8], &'static str),
) -> Result<(), Fault> {
    let mut table = txn.open_table(table)?;
    let key = number.to_be_bytes();
    let old = table.get(key.as_slice())?.map(|value| value.value().to_vec());
    let row = row.keeping(old.as_deref(), known, what)?.finish();
    table.insert(key.as_slice(), row.as_slice())?;
    Ok(())
}

fn write_outcome(outcome: Result<i64, NoValue>) -> Vec<u8> {
    let mut out = Vec::new();
    match outcome {
        Ok(value) => {
            out.push(0);
            put_signed(&mut out, value);
        }
        Err(reason) => {
            let (code, detail) = reason.code();
            out.extend([1, code, detail]);
        }
    }
    out
}

fn read_outcome(bytes: &[u8]) -> Result<Result<i64, NoValue>, Fault> {
    match bytes {
        [0, rest @ ..] => Bytes::new(rest).signed().map(Ok).ok_or(Fault::Malformed(WHAT)),
        [1, code, detail, ..] => Ok(Err(NoValue::from_code(*code, *detail))),
        _ => Err(Fault::Malformed(WHAT)),
    }
}

fn table_number(key: &[u8], what: &'static str) -> Result<u32, Fault> {
    key.try_into()
        .map(u32::from_be_bytes)
        .map_err(|_| Fault::Malformed(what))
}
