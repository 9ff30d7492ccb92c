//! Giving readings back: the blocks of the hours asked for, with what the tail has on top.

use std::collections::BTreeMap;

use redb::{ReadOnlyTable, ReadTransaction, ReadableTable};
use units::{Channel, NoValue};

use super::{hour_of, hour_start};
use crate::block::{self, TimesAt};
use crate::column::{self, RawPoint, tidy};
use crate::fault::Fault;
use crate::frame;
use crate::pieces::{self, Kind};
use crate::registry::Registry;
use crate::tables::{BLOCKS, CLOCKS, HOURS, find, hour_number_key, key_number, key_time, time_key};

/// Sealed hours among the sheets.
const RAW: Kind = Kind {
    code: 0,
    what: "the sealed hours",
};

/// A table opened for reading.
type Rows = ReadOnlyTable<&'static [u8], &'static [u8]>;

/// The reading side of the series: one moment of the store, however long the question takes.
pub(crate) struct SeriesReader<'a> {
    pub(crate) txn: &'a ReadTransaction,
    pub(crate) registry: &'a Registry,
}

/// The hours that a question is about, both included, and the channel's number.
#[derive(Clone, Copy)]
struct Stretch {
    number: u32,
    first: i64,
    last: i64,
}

impl SeriesReader<'_> {
    /// The first hour from `hour` on in which anything was read.
    pub(crate) fn first_hour(&self, hour: i64) -> Result<Option<i64>, Fault> {
        let pending = self
            .registry
            .pending
            .hours()
            .filter(|pending| *pending >= hour)
            .min();
        let start = time_key(hour);
        let row = self
            .txn
            .open_table(BLOCKS)?
            .range(start.as_slice()..)?
            .next()
            .transpose()?;
        let block = row.and_then(|(key, _)| key_time(key.value()));
        let sheet = match find(self.txn, HOURS)? {
            Some(hours) => pieces::next_time(&hours, RAW, hour, i64::MAX)?,
            None => None,
        };
        Ok([pending, block, sheet].into_iter().flatten().min())
    }

    /// Gives every point of the channel with `from <= at < to` to `each`, in the order of time.
    pub(crate) fn visit(
        &self,
        channel: &Channel,
        from: i64,
        to: i64,
        each: &mut impl FnMut(i64, Result<i64, NoValue>),
    ) -> Result<(), Fault> {
        let Some(entry) = self.registry.channels.get(channel) else {
            return Ok(());
        };
        let Some(seen) = entry.seen.filter(|_| from < to) else {
            return Ok(());
        };
        let stretch = Stretch {
            number: entry.number,
            first: hour_of(from.max(seen.first)),
            last: hour_of((to - 1).min(seen.last.0)),
        };
        if stretch.first > stretch.last {
            return Ok(());
        }
        let mut within = |at, outcome| {
            if from <= at && at < to {
                each(at, outcome);
            }
        };
        self.merge(stretch, &mut within)
    }

    fn merge(&self, stretch: Stretch, each: &mut impl FnMut(i64, Result<i64, NoValue>)) -> Result<(), Fault> {
        let mut fresh = self.tail(stretch)?;
        let blocks = self.txn.open_table(BLOCKS)?;
        let clocks = self.txn.open_table(CLOCKS)?;
        let mut hour = stretch.first;
        while let Some(found) = next_block(&blocks, stretch, hour)? {
            while let Some(older) = fresh.first_entry().filter(|entry| *entry.key() < found.hour) {
                give(older.remove(), each);
            }
            match fresh.remove(&found.hour) {
                None => visit_block(found.hour, &found.value, &clocks, each)?,
                Some(late) => {
                    let mut points = Vec::new();
                    let mut take = |at, outcome| points.push((at, outcome));
                    visit_block(found.hour, &found.value, &clocks, &mut take)?;
                    points.extend(late);
                    give(points, each);
                }
            }
            hour = found.hour + 1;
        }
        fresh.into_values().for_each(|points| give(points, each));
        Ok(())
    }

    /// What the tail has of the channel, by hour, as it came.
    fn tail(&self, stretch: Stretch) -> Result<BTreeMap<i64, Vec<RawPoint>>, Fault> {
        let mut fresh: BTreeMap<i64, Vec<RawPoint>> = BTreeMap::new();
        for (hour, value) in self.registry.pending.frames_within(stretch.first, stretch.last) {
            frame::visit(value, |number, times, values| {
                if number != stretch.number {
                    return Ok(());
                }
                let points = fresh.entry(hour).or_default();
                column::visit(hour_start(hour), times, values, &mut |at, outcome| {
                    points.push((at, outcome));
                })
                .ok_or(Fault::Malformed("the tail"))
            })?;
        }
        Ok(fresh)
    }
}

fn give(mut points: Vec<RawPoint>, each: &mut impl FnMut(i64, Result<i64, NoValue>)) {
    tidy(&mut points);
    points.into_iter().for_each(|(at, outcome)| each(at, outcome));
}

/// A block that was found, and its hour.
struct Found {
    hour: i64,
    value: Vec<u8>,
}

/// The channel's first block in or after `hour`; hours in which nothing at all was recorded are leapt over.
fn next_block(blocks: &Rows, stretch: Stretch, mut hour: i64) -> Result<Option<Found>, Fault> {
    let end = hour_number_key(stretch.last, stretch.number);
    while hour <= stretch.last {
        let key = hour_number_key(hour, stretch.number);
        if let Some(value) = blocks.get(key.as_slice())? {
            return Ok(Some(Found {
                hour,
                value: value.value().to_vec(),
            }));
        }
        let Some(row) = blocks.range(key.as_slice()..=end.as_slice())?.next() else {
            return Ok(None);
        };
        let (key, _) = row?;
        let next = key_time(key.value())
            .zip(key_number(key.value()))
            .ok_or_else(block::damaged)?;
        hour = if next.1 > stretch.number {
            next.0 + 1
        } else {
            next.0.max(hour + 1)
        };
    }
    Ok(None)
}

/// Gives every point of a block to `each`.
pub(super) fn visit_block(
    hour: i64,
    value: &[u8],
    clocks: &impl ReadableTable<&'static [u8], &'static [u8]>,
    each: &mut impl FnMut(i64, Result<i64, NoValue>),
) -> Result<(), Fault> {
    let (times, values) = block::parse(value)?;
    let base = hour_start(hour);
    let done = match times {
        TimesAt::Here(times) => column::visit(base, times, values, each),
        TimesAt::Clock(number) => {
            let row = clocks
                .get(hour_number_key(hour, number).as_slice())?
                .ok_or_else(block::damaged)?;
            column::visit(base, block::parse_clock(row.value())?, values, each)
        }
    };
    done.ok_or_else(block::damaged)
}
