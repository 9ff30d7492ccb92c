//! The quarters that may still change, and how a step is spread over quarters.

use std::collections::BTreeMap;

use units::{Instant, Span, WattHours, allocate};

use crate::bytes::{Integers, Writer};
use crate::{Causes, Interval, MemoryError, Quality, Step, TimeSource};

/// The quarters are field 5 of an account's bytes: start, energy, quality of each.
const QUARTERS: u8 = 5;
/// What else is known of them, in the same order: causes, source of the time.
const MARKS: u8 = 9;

/// The most quarters that are remembered: more than an hour of them, whatever happens.
const MOST: usize = 8;

/// What is said of the energy of a step beside its quality.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Mark {
    pub(crate) causes: Causes,
    pub(crate) time: TimeSource,
}

/// The quarters that may still change, by their start.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Quarters {
    open: BTreeMap<Instant, Interval>,
}

impl Quarters {
    /// Spreads a step over the quarters it covers and puts those that changed into `changed`.
    pub(crate) fn add(
        &mut self,
        (step, mark): (Step, Mark),
        stored: &impl Fn(Instant) -> Option<Interval>,
        changed: &mut BTreeMap<Instant, Interval>,
    ) {
        for (start, energy) in spread(&step) {
            let before = self.open.get(&start).copied().or_else(|| stored(start));
            let after = match before {
                Some(known) if known.quality != Quality::Missing => Interval {
                    start,
                    energy: known.energy + energy,
                    quality: known.quality.max(step.quality),
                    causes: known.causes | mark.causes,
                    time: known.time.max(mark.time),
                },
                _ => Interval {
                    start,
                    energy,
                    quality: step.quality,
                    causes: mark.causes,
                    time: mark.time,
                },
            };
            self.open.insert(start, after);
            if before != Some(after) {
                changed.insert(start, after);
            }
        }
        while self.open.len() > MOST {
            self.open.pop_first();
        }
    }

    /// Forgets quarters that no later step can touch, keeping enough for a batch that is not yet stored.
    pub(crate) fn forget_before(&mut self, earliest: Instant) {
        let kept_from = (earliest - Span::HOUR).floor(Span::QUARTER);
        self.open = self.open.split_off(&kept_from);
    }

    pub(crate) fn write(&self, writer: &mut Writer) {
        let mut integers = Vec::with_capacity(self.open.len() * 3);
        let mut marks = Vec::with_capacity(self.open.len() * 2);
        for interval in self.open.values() {
            integers.extend([
                interval.start.as_millis(),
                interval.energy.0,
                i64::from(interval.quality.code()),
            ]);
            marks.extend([i64::from(interval.causes.code()), i64::from(interval.time.code())]);
        }
        writer.field(QUARTERS, &integers);
        writer.field(MARKS, &marks);
    }

    pub(crate) fn read(fields: &[(u8, Vec<i64>)]) -> Result<Self, MemoryError> {
        let mut open = BTreeMap::new();
        for (_, integers) in fields.iter().filter(|field| field.0 == QUARTERS) {
            let mut from = Integers(integers);
            while !from.0.is_empty() {
                let start = from.instant()?;
                let energy = WattHours(from.next()?);
                let code = u8::try_from(from.next()?).map_err(|_| MemoryError::Damaged)?;
                let quality = Quality::from_code(code);
                open.insert(start, Interval::new(start, energy, quality));
            }
        }
        for (_, integers) in fields.iter().filter(|field| field.0 == MARKS) {
            for (interval, mark) in open.values_mut().zip(integers.chunks_exact(2)) {
                let [causes, time] = mark else { continue };
                interval.causes =
                    Causes::from_code(u32::try_from(*causes).map_err(|_| MemoryError::Damaged)?);
                interval.time = TimeSource::from_code(u8::try_from(*time).map_err(|_| MemoryError::Damaged)?);
            }
        }
        Ok(Self { open })
    }
}

/// The step's quarters and their shares of its energy: in proportion to time, whole watt-hours, exact sum.
fn spread(step: &Step) -> Vec<(Instant, WattHours)> {
    let last = (step.to - Span::from_millis(1)).floor(Span::QUARTER);
    let mut starts = Vec::new();
    let mut weights = Vec::new();
    let mut start = step.from.floor(Span::QUARTER).min(last);
    while start <= last {
        let begins = step.from.max(start);
        let ends = step.to.min(start + Span::QUARTER);
        starts.push(start);
        weights.push(u64::try_from(ends.since(begins).as_millis()).unwrap_or(0));
        start = start + Span::QUARTER;
    }
    match allocate(step.energy, &weights) {
        Some(shares) => starts.into_iter().zip(shares).collect(),
        None => vec![(last, step.energy)],
    }
}
