//! Taking readings in: an entry of the tail per batch, sheets by the hour, giving up what is too old.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use redb::{ReadableTable, WriteTransaction};
use units::{Channel, Reading};

use super::hour::RAW;
use super::seal::{self, New};
use super::{HOUR, hour_of, hour_start};
use crate::batch::Batch;
use crate::column::{RawPoint, tidy};
use crate::fault::Fault;
use crate::frame;
use crate::registry::Registry;
use crate::rollups::day_of;
use crate::tables::{AMENDMENTS, BLOCKS, CLOCKS, HOURS, TAIL, time_key};
use crate::{Progress, ledger, pieces};

/// Batches of at least this many readings that span half an hour go straight into sheets. Others go into the tail, as long
/// as it has room for them, so that an hour that is filled bit by bit is not packed for each.
const LARGE: usize = 1_000;

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
        let mut last = 0;
        for reading in readings {
            let slot = guess(&channels, last, &reading.channel).unwrap_or_else(|| {
                *slots.entry(&reading.channel).or_insert_with(|| {
                    channels.push((&reading.channel, Vec::new()));
                    channels.len() - 1
                })
            });
            let outcome = reading.outcome.map(|number| number.value);
            channels[slot].1.push((reading.at.as_millis(), outcome));
            last = slot;
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
    pub(crate) fn goes_straight_to_sheets(&self) -> bool {
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
        self.count >= LARGE && last.saturating_sub(first) >= HOUR / 2
    }
}

/// Where a reading belongs, if it comes as most do: in the channel of the one before, or in the one that follows it. To
/// compare is a good deal quicker than to look up.
fn guess(channels: &[(&Channel, Vec<RawPoint>)], last: usize, channel: &Channel) -> Option<usize> {
    let next = if last + 1 < channels.len() { last + 1 } else { 0 };
    [next, last]
        .into_iter()
        .find(|slot| channels.get(*slot).is_some_and(|known| known.0 == channel))
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
    /// Puts a batch into sheets, with all that is pending.
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
        let newest = self.registry.channels.values().filter_map(|entry| entry.seen);
        let now = newest.map(|seen| seen.last.0).max().unwrap_or_default();
        let pending = std::mem::take(&mut self.registry.pending);
        let hours: BTreeSet<i64> = pending.hours().chain(extra.keys().copied()).collect();
        for hour in hours.into_iter().filter(|hour| Some(*hour) != keep) {
            let new = New {
                frames: pending.frames(hour).collect(),
                bulk: extra.get(&hour).map_or(&[], Vec::as_slice),
            };
            seal::seal(self.txn, hour, &new, now)?;
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

    /// Gives up at most `most` rows from before the hour of `before`.
    pub(crate) fn retain(&mut self, before: i64, most: usize) -> Result<Progress, Fault> {
        let hour = hour_of(before);
        let end = time_key(hour);
        let mut left = most;
        let rolls = &mut self.registry.rolls;
        rolls.raw_from = rolls.raw_from.max(hour_start(hour));
        rolls.save(self.txn)?;
        for table in [BLOCKS, CLOCKS, AMENDMENTS] {
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
        let mut hours = self.txn.open_table(HOURS)?;
        if pieces::remove_before(&mut hours, RAW, hour, left)? == Progress::More {
            return Ok(Progress::More);
        }
        drop(hours);
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
