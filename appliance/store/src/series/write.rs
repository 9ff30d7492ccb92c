//! Taking readings in: a row of the tail per batch, sealing by the hour, giving up what is too old.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use redb::{ReadableTable, WriteTransaction};
use units::{Channel, Reading};

use super::{hour_of, hour_start};
use crate::batch::Batch;
use crate::block::{self, Clocks};
use crate::column::{self, RawPoint, tidy};
use crate::fault::Fault;
use crate::frame;
use crate::registry::Registry;
use crate::rollups::day_of;
use crate::series::HOUR;
use crate::tables::{BLOCKS, CLOCKS, TAIL, hour_number_key, key_number, time_key};
use crate::{Progress, ledger};

/// Batches of at least this many readings that span a quarter of an hour go straight into blocks.
const LARGE: usize = 1_000;
/// Batches of at least this many readings always do.
const VERY_LARGE: usize = 20_000;
/// So many channels are unpacked at a time while sealing, which bounds the memory it takes.
const AT_A_TIME: usize = 24;

/// The readings of a batch by channel, each in the order of time.
#[derive(Debug)]
pub(crate) struct Grouped<'a> {
    channels: Vec<(&'a Channel, Vec<RawPoint>)>,
    count: usize,
}

impl<'a> Grouped<'a> {
    pub(crate) fn new(readings: &'a [Reading]) -> Self {
        let mut slots: HashMap<&Channel, usize> = HashMap::new();
        let mut channels: Vec<(&Channel, Vec<RawPoint>)> = Vec::new();
        for reading in readings {
            let slot = *slots.entry(&reading.channel).or_insert_with(|| {
                channels.push((&reading.channel, Vec::new()));
                channels.len() - 1
            });
            let outcome = reading.outcome.map(|number| number.value);
            channels[slot].1.push((reading.at.as_millis(), outcome));
        }
        channels.iter_mut().for_each(|(_, points)| tidy(points));
        Self {
            channels,
            count: readings.len(),
        }
    }

    /// The hour of the newest reading.
    pub(crate) fn newest_hour(&self) -> Option<i64> {
        self.channels
            .iter()
            .filter_map(|(_, points)| points.last())
            .map(|point| hour_of(point.0))
            .max()
    }

    /// The readings as a frame for each hour; nothing where a channel has no number yet.
    pub(crate) fn frames(&self, registry: &Registry) -> Option<Vec<(i64, Vec<u8>)>> {
        let mut parts = HourParts::new();
        for (channel, points) in &self.channels {
            by_hour(registry.channels.get(*channel)?.number, points, &mut parts);
        }
        let frames = parts
            .iter()
            .map(|(hour, parts)| (*hour, frame::encode(hour_start(*hour), parts)));
        Some(frames.collect())
    }

    /// Tells the registry of the first and the last reading of each channel.
    pub(crate) fn note(&self, registry: &mut Registry) {
        let rolls = &mut registry.rolls;
        for (_, points) in &self.channels {
            if points.first().is_none_or(|first| rolls.is_news(first.0)) {
                continue;
            }
            let days = points.chunk_by(|a, b| day_of(a.0) == day_of(b.0));
            days.filter_map(|points| points.first())
                .for_each(|point| rolls.arrived(point.0));
        }
        for (channel, points) in &self.channels {
            if let Some(entry) = registry.channels.get_mut(*channel) {
                let ends = points.first().into_iter().chain(points.last());
                ends.for_each(|point| entry.note(*point));
            }
        }
    }

    /// Whether the batch is so large that it is not worth keeping it in the tail first.
    pub(crate) fn goes_straight_to_blocks(&self) -> bool {
        let first = self
            .channels
            .iter()
            .filter_map(|(_, points)| points.first())
            .map(|point| point.0)
            .min();
        let last = self
            .channels
            .iter()
            .filter_map(|(_, points)| points.last())
            .map(|point| point.0)
            .max();
        let (Some(first), Some(last)) = (first, last) else {
            return false;
        };
        let spread = last.saturating_sub(first) >= HOUR / 4;
        self.count >= VERY_LARGE || (spread && self.count >= LARGE)
    }
}

/// The points of one hour by channel's number.
type HourParts<'a> = BTreeMap<i64, Vec<(u32, &'a [RawPoint])>>;

/// Cuts a channel's points into hours.
fn by_hour<'a>(number: u32, points: &'a [RawPoint], parts: &mut HourParts<'a>) {
    for stretch in points.chunk_by(|a, b| hour_of(a.0) == hour_of(b.0)) {
        let hour = stretch.first().map_or(0, |point| hour_of(point.0));
        parts.entry(hour).or_default().push((number, stretch));
    }
}

/// The writing side of the series, within one transaction.
pub(crate) struct SeriesWriter<'a> {
    pub(crate) txn: &'a WriteTransaction,
    pub(crate) registry: &'a mut Registry,
}

impl SeriesWriter<'_> {
    /// Puts a batch into blocks, with all that is pending.
    pub(crate) fn append(&mut self, batch: &Batch, grouped: &Grouped<'_>) -> Result<(), Fault> {
        for (channel, unit) in &batch.channels {
            self.registry.channel(self.txn, channel, Some(*unit))?;
        }
        let mut parts = HourParts::new();
        for (channel, points) in &grouped.channels {
            by_hour(
                self.registry.channel(self.txn, channel, None)?,
                points,
                &mut parts,
            );
        }
        grouped.note(self.registry);
        self.seal_with(&parts, None)?;
        ledger::write(self.txn, self.registry, batch)
    }

    /// Puts all that is pending into the tables, but for the readings of the hour `keep`.
    pub(crate) fn seal(&mut self, keep: Option<i64>) -> Result<(), Fault> {
        self.seal_with(&HourParts::new(), keep)
    }

    fn seal_with(&mut self, extra: &HourParts<'_>, keep: Option<i64>) -> Result<(), Fault> {
        let pending = std::mem::take(&mut self.registry.pending);
        let hours: BTreeSet<i64> = pending.hours().chain(extra.keys().copied()).collect();
        for hour in hours.into_iter().filter(|hour| Some(*hour) != keep) {
            let frames: Vec<&[u8]> = pending.frames(hour).collect();
            self.fold(hour, &frames, extra.get(&hour).map_or(&[], Vec::as_slice))?;
        }
        self.txn.open_table(TAIL)?.retain(|_, _| false)?;
        ledger::write_rows(
            self.txn,
            self.registry,
            pending.all_quarters(),
            pending.memories(),
        )?;
        self.registry.pending = pending.after_sealing(keep);
        self.registry.rolls.save_late(self.txn)?;
        // What leaves the tail, of whichever channel, is no longer found there when the store is opened: first and
        // newest reading have to stand in the channels' rows from then on.
        self.registry.save(self.txn, self.registry.channels.keys())
    }

    /// Brings blocks, tail and `extra` of one hour together into blocks; what came last counts.
    fn fold(&mut self, hour: i64, frames: &[&[u8]], extra: &[(u32, &[RawPoint])]) -> Result<(), Fault> {
        let mut numbers: BTreeSet<u32> = extra.iter().map(|part| part.0).collect();
        for value in frames {
            frame::visit(value, |number, _, _| {
                numbers.insert(number);
                Ok(())
            })?;
        }
        let numbers: Vec<u32> = numbers.into_iter().collect();
        let mut clocks = Clocks::starting_at(self.next_clock(hour)?);
        for some in numbers.chunks(AT_A_TIME) {
            let mut points: BTreeMap<u32, Vec<RawPoint>> = some.iter().map(|n| (*n, Vec::new())).collect();
            for value in frames {
                unpack(hour, value, &mut points)?;
            }
            for (number, part) in extra {
                if let Some(points) = points.get_mut(number) {
                    points.extend_from_slice(part);
                }
            }
            self.put_blocks(hour, points, &mut clocks)?;
        }
        Ok(())
    }

    fn next_clock(&self, hour: i64) -> Result<u32, Fault> {
        let clocks = self.txn.open_table(CLOCKS)?;
        let (first, last) = (hour_number_key(hour, 0), hour_number_key(hour, u32::MAX));
        let newest = clocks
            .range(first.as_slice()..=last.as_slice())?
            .next_back()
            .transpose()?;
        Ok(newest
            .and_then(|(key, _)| key_number(key.value()))
            .map_or(0, |number| number.saturating_add(1)))
    }

    /// Writes the blocks of some channels. A block that was there already keeps its times to itself from now on:
    /// what comes late has a rhythm of its own.
    fn put_blocks(
        &self,
        hour: i64,
        points: BTreeMap<u32, Vec<RawPoint>>,
        clocks: &mut Clocks,
    ) -> Result<(), Fault> {
        let mut blocks = self.txn.open_table(BLOCKS)?;
        let mut clock_table = self.txn.open_table(CLOCKS)?;
        for (number, new) in points {
            let key = hour_number_key(hour, number);
            let old = match blocks.get(key.as_slice())? {
                Some(value) => Some(unpack_block(hour, value.value(), &clock_table)?),
                None => None,
            };
            let shared = if old.is_none() { Some(&mut *clocks) } else { None };
            let mut all = old.unwrap_or_default();
            all.extend(new);
            tidy(&mut all);
            let packed = block::encode(hour_start(hour), &all, shared);
            if let Some((clock, value)) = packed.clock {
                clock_table.insert(hour_number_key(hour, clock).as_slice(), value.as_slice())?;
            }
            blocks.insert(key.as_slice(), packed.value.as_slice())?;
        }
        Ok(())
    }

    /// Gives up at most `most` rows from before the hour of `before`.
    pub(crate) fn retain(&mut self, before: i64, most: usize) -> Result<Progress, Fault> {
        let end = time_key(hour_of(before));
        let mut left = most;
        let rolls = &mut self.registry.rolls;
        rolls.raw_from = rolls.raw_from.max(hour_start(hour_of(before)));
        rolls.save(self.txn)?;
        for table in [BLOCKS, CLOCKS] {
            let mut table = self.txn.open_table(table)?;
            let mut keys = Vec::new();
            for row in table.range(..end.as_slice())?.take(left) {
                keys.push(row?.0.value().to_vec());
            }
            for key in &keys {
                table.remove(key.as_slice())?;
            }
            left -= keys.len();
        }
        if left == 0 {
            return Ok(Progress::More);
        }
        self.forget(hour_start(hour_of(before)))?;
        Ok(Progress::Done)
    }

    /// Channels have nothing from before `cut` any more.
    fn forget(&mut self, cut: i64) -> Result<(), Fault> {
        let mut changed = Vec::new();
        for (channel, entry) in &mut self.registry.channels {
            let Some(seen) = &mut entry.seen else { continue };
            if seen.first >= cut {
                continue;
            }
            if seen.last.0 < cut {
                entry.seen = None;
            } else {
                seen.first = cut;
            }
            changed.push(channel.clone());
        }
        self.registry.save(self.txn, &changed)
    }
}

/// Adds a frame's points to those channels that are asked for.
fn unpack(hour: i64, value: &[u8], points: &mut BTreeMap<u32, Vec<RawPoint>>) -> Result<(), Fault> {
    frame::visit(value, |number, times, values| {
        let Some(points) = points.get_mut(&number) else {
            return Ok(());
        };
        column::visit(hour_start(hour), times, values, &mut |at, outcome| {
            points.push((at, outcome));
        })
        .ok_or(Fault::Malformed("the tail"))
    })
}

/// The points of a block.
fn unpack_block(
    hour: i64,
    value: &[u8],
    clocks: &impl ReadableTable<&'static [u8], &'static [u8]>,
) -> Result<Vec<RawPoint>, Fault> {
    let mut points = Vec::new();
    super::read::visit_block(hour, value, clocks, &mut |at, outcome| points.push((at, outcome)))?;
    Ok(points)
}
