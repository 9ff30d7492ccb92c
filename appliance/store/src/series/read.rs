//! Giving readings back: the sheets of the hours asked for, with blocks of an older format and what the tail has on top.

use std::collections::BTreeMap;

use redb::{ReadTransaction, ReadableTable};
use units::{Channel, NoValue};

use super::hour::{Hour, RAW};
use super::{hour_of, hour_start};
use crate::block::{self, TimesAt};
use crate::column::{self, RawPoint, tidy};
use crate::fault::Fault;
use crate::frame;
use crate::pieces;
use crate::registry::Registry;
use crate::tables::{BLOCKS, CLOCKS, Found, HOURS, find, hour_number_key, key_number, key_time, time_key};

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

/// Where the readings of the channel may be, each with the next hour in which it has any.
struct Sources {
    stretch: Stretch,
    hours: Option<Found>,
    sheet: Option<i64>,
    blocks: Found,
    clocks: Found,
    block: Option<Block>,
    tail: BTreeMap<i64, Vec<RawPoint>>,
}

/// A block that was found, and its hour.
struct Block {
    hour: i64,
    value: Vec<u8>,
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
        let mut sources = Sources::new(self.txn, stretch, self.tail(stretch)?)?;
        while let Some(hour) = sources.next_hour() {
            sources.give(hour, &mut within)?;
        }
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

impl Sources {
    fn new(
        txn: &ReadTransaction,
        stretch: Stretch,
        tail: BTreeMap<i64, Vec<RawPoint>>,
    ) -> Result<Self, Fault> {
        let mut sources = Self {
            stretch,
            hours: find(txn, HOURS)?,
            sheet: None,
            blocks: txn.open_table(BLOCKS)?,
            clocks: txn.open_table(CLOCKS)?,
            block: None,
            tail,
        };
        sources.find_sheet(stretch.first)?;
        sources.block = next_block(&sources.blocks, stretch, stretch.first)?;
        Ok(sources)
    }

    fn find_sheet(&mut self, from: i64) -> Result<(), Fault> {
        self.sheet = match &self.hours {
            Some(hours) => pieces::next_time(hours, RAW, from, self.stretch.last)?,
            None => None,
        };
        Ok(())
    }

    /// The next hour of which any of them has something.
    fn next_hour(&self) -> Option<i64> {
        let block = self.block.as_ref().map(|block| block.hour);
        let tail = self.tail.first_key_value().map(|(hour, _)| *hour);
        [self.sheet, block, tail].into_iter().flatten().min()
    }

    /// Gives the points of the next hour. A block beside a sheet was written after it, by a Hearth of format 2; what is in
    /// the tail came last.
    fn give(&mut self, hour: i64, each: &mut impl FnMut(i64, Result<i64, NoValue>)) -> Result<(), Fault> {
        let sheet = match &self.hours {
            Some(hours) if self.sheet == Some(hour) => Hour::open(hours, hour)?,
            _ => None,
        };
        let block = self.block.take_if(|block| block.hour == hour);
        let late = self.tail.remove(&hour);
        match (&sheet, &block, &late) {
            (Some(sheet), None, None) => sheet.visit(self.stretch.number, each)?,
            (None, Some(block), None) => visit_block(hour, &block.value, &self.clocks, each)?,
            _ => {
                let mut points = Vec::new();
                let mut take = |at, outcome| points.push((at, outcome));
                if let Some(sheet) = &sheet {
                    sheet.visit(self.stretch.number, &mut take)?;
                }
                if let Some(block) = &block {
                    visit_block(hour, &block.value, &self.clocks, &mut take)?;
                }
                points.extend(late.unwrap_or_default());
                tidy(&mut points);
                points.into_iter().for_each(|(at, outcome)| each(at, outcome));
            }
        }
        drop(sheet);
        if self.sheet == Some(hour) {
            self.find_sheet(hour + 1)?;
        }
        if block.is_some() {
            self.block = next_block(&self.blocks, self.stretch, hour + 1)?;
        }
        Ok(())
    }
}

/// The channel's first block in or after `hour`; hours in which nothing at all was recorded are leapt over.
fn next_block(blocks: &Found, stretch: Stretch, mut hour: i64) -> Result<Option<Block>, Fault> {
    let end = hour_number_key(stretch.last, stretch.number);
    while hour <= stretch.last {
        let key = hour_number_key(hour, stretch.number);
        if let Some(value) = blocks.get(key.as_slice())? {
            return Ok(Some(Block {
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
