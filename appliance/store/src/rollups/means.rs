//! A stretch of a channel cut into equal parts, for charts: smallest, mean and largest value of each.
//!
//! One walk through the stretch, each step as long as there is something for it that ends within the part: a day, a quarter of
//! an hour, a minute, or raw readings. So what a part says is the same as if all raw readings were looked at. Only where those
//! are given up and a part begins or ends within a minute (or, where minutes are given up as well, within a quarter), that
//! minute counts where it begins.

use units::Instant;

use super::read::{Part, RollupReader};
use super::sums::Sums;
use super::{DAY, MINUTE, QUARTER, day_of, day_start};
use crate::answers::Bucket;
use crate::fault::Fault;

/// No day of any time zone is shorter.
const SHORTEST_DAY: i64 = 20 * 4 * QUARTER;
/// Parts that are shorter are read raw: two in three of their minutes would have an edge within.
const TOO_SHORT: i64 = 2 * MINUTE;

/// The parts of a stretch, as they fill.
struct Parts {
    from: i64,
    to: i64,
    sums: Vec<Sums>,
    index: usize,
    end: i64,
}

impl Parts {
    fn new(from: i64, to: i64, count: usize) -> Self {
        Self {
            from,
            to,
            sums: vec![Sums::default(); count],
            index: 0,
            end: part(from, to, 1, count.max(1)),
        }
    }

    /// Goes on to the part that `at` lies in; never back.
    #[inline]
    fn reach(&mut self, at: i64) {
        while at >= self.end && self.index + 1 < self.sums.len() {
            self.index += 1;
            self.end = part(self.from, self.to, self.index + 1, self.sums.len());
        }
    }

    #[inline]
    fn here(&mut self) -> &mut Sums {
        // There is at least one part, or nobody asks.
        &mut self.sums[self.index]
    }

    /// How much is left of the part that `at` lies in.
    fn left(&self, at: i64) -> i64 {
        self.end.saturating_sub(at)
    }

    fn are_short(&self) -> bool {
        part(self.from, self.to, 1, self.sums.len()).saturating_sub(self.from) < TOO_SHORT
    }

    fn buckets(&self) -> Vec<Bucket> {
        let start = |index| Instant::from_millis(part(self.from, self.to, index, self.sums.len()));
        let parts = self.sums.iter().enumerate();
        parts
            .map(|(index, sums)| Bucket {
                start: start(index),
                known: sums.known(),
            })
            .collect()
    }
}

/// Where part `index` of `count` begins.
fn part(from: i64, to: i64, index: usize, count: usize) -> i64 {
    let span = i128::from(to) - i128::from(from);
    let (index, count) = (
        i128::try_from(index).unwrap_or(0),
        i128::try_from(count).unwrap_or(1),
    );
    i64::try_from(i128::from(from) + span * index / count).unwrap_or(i64::MAX)
}

/// The next moment of a grid.
fn after(at: i64, grid: i64) -> i64 {
    at.saturating_sub(at.rem_euclid(grid)).saturating_add(grid)
}

/// How many parts a stretch has if so many are asked for: never more than milliseconds.
fn count_of(from: i64, to: i64, count: usize) -> usize {
    let span = usize::try_from(i128::from(to) - i128::from(from)).unwrap_or(0);
    count.min(span)
}

/// The parts of a stretch of a channel that was never heard of.
pub(crate) fn nothing(from: i64, to: i64, count: usize) -> Vec<Bucket> {
    Parts::new(from, to, count_of(from, to, count)).buckets()
}

impl RollupReader<'_> {
    /// The stretch `from <= at < to` in `count` parts; never more parts than milliseconds.
    pub(crate) fn means(&mut self, from: i64, to: i64, count: usize) -> Result<Vec<Bucket>, Fault> {
        let count = count_of(from, to, count);
        let mut parts = Parts::new(from, to, count);
        let (mut at, end) = (from.max(self.span.0), to.min(self.span.1));
        // Roll-ups begin on the grid, and the first may begin before the first reading.
        if at > from {
            at = at.min(self.grid(at)).max(from);
        }
        while at < end && count > 0 {
            parts.reach(at);
            at = self.step(at, end, &mut parts)?;
        }
        Ok(parts.buckets())
    }

    /// The beginning of the quarter that this instant lies in, or earlier: of the day of the time zone.
    fn grid(&self, at: i64) -> i64 {
        let zone = &self.rolls().zone;
        let local = zone.start_of(zone.date_of(Instant::from_millis(at))).as_millis();
        local.min(at.saturating_sub(at.rem_euclid(QUARTER)))
    }

    /// Adds what begins at `at`, and says where to go on.
    fn step(&mut self, at: i64, end: i64, parts: &mut Parts) -> Result<i64, Fault> {
        let day = day_of(at);
        if !self.rolls().is_made(day) {
            let next = day_start(self.rolls().next_made(day));
            return self.add_raw(at, next.min(end), parts);
        }
        if parts.left(at) >= SHORTEST_DAY
            && let Some(day) = self.local_day(at)?.filter(|day| day.to <= parts.end)
        {
            parts.here().merge(&day.sums);
            return Ok(day.to);
        }
        let since = at - day_start(day);
        let fits = |length: i64, parts: &Parts| since % length == 0 && length <= parts.left(at);
        let Some(quarters) = self.parts(Part::Quarter, day)? else {
            return Ok(day_start(self.after_nothing(day)?));
        };
        if fits(QUARTER, parts) {
            merge(parts, quarters, since / QUARTER);
            return Ok(at + QUARTER);
        }
        let minutes = self.parts(Part::Minute, day)?;
        if let Some(minutes) = minutes.filter(|_| fits(MINUTE, parts)) {
            merge(parts, minutes, since / MINUTE);
            return Ok(at + MINUTE);
        }
        let finest = if minutes.is_some() {
            Part::Minute
        } else {
            Part::Quarter
        };
        let grid = finest.length();
        if self.rolls().has_raw(day) {
            let until = if parts.are_short() {
                day_start(day).saturating_add(DAY)
            } else {
                after(at, grid).min(parts.end)
            };
            return self.add_raw(at, until.min(end), parts);
        }
        if at.rem_euclid(grid) == 0 {
            let found = self.parts(finest, day)?;
            merge(parts, found.unwrap_or_default(), since / grid);
        }
        Ok(after(at, grid))
    }

    fn add_raw(&self, from: i64, to: i64, parts: &mut Parts) -> Result<i64, Fault> {
        self.raw(from, to, &mut |at, outcome| {
            parts.reach(at);
            parts.here().add(outcome);
        })?;
        Ok(to)
    }
}

fn merge(parts: &mut Parts, found: &[Sums], index: i64) {
    if let Some(sums) = usize::try_from(index).ok().and_then(|index| found.get(index)) {
        parts.here().merge(sums);
    }
}
