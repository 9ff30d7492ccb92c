//! The quarters that may still change, and how a step is spread over quarters.

use std::collections::BTreeMap;

use units::{Instant, Span, WattHours, allocate};

use crate::bytes::{Integers, Writer};
use crate::{Interval, MemoryError, Quality, Step};

/// The quarters are field 5 of an account's bytes.
const QUARTERS: u8 = 5;

/// The most quarters that are remembered: more than an hour of them, whatever happens.
const MOST: usize = 8;

/// The quarters that may still change, by their start.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Quarters {
    open: BTreeMap<Instant, Interval>,
}

impl Quarters {
    /// Spreads a step over the quarters it covers and puts those that changed into `changed`.
    pub(crate) fn add(
        &mut self,
        step: Step,
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
                },
                _ => Interval {
                    start,
                    energy,
                    quality: step.quality,
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
        for interval in self.open.values() {
            integers.extend([
                interval.start.as_millis(),
                interval.energy.0,
                i64::from(interval.quality.code()),
            ]);
        }
        writer.field(QUARTERS, &integers);
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
                open.insert(
                    start,
                    Interval {
                        start,
                        energy,
                        quality,
                    },
                );
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
