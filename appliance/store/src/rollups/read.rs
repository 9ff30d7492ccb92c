//! Giving roll-ups: from their sheets where they are made, else from raw readings.

use std::ops::Range;

use energy::calendar::{Kind, Period, Zone};
use redb::ReadOnlyTable;
use units::{Channel, Instant};

use super::minutes::{HELD, IN_A_DAY, Minutes, joined};
use super::sheets::{self, MINUTES, QUARTERS};
use super::state::Rolls;
use super::sums::Sums;
use super::years::{LocalDay, Year};
use super::{DAY, Energy, MINUTE, QUARTER, Resolution, Rollup, day_of, day_start};
use crate::directory::Listed;
use crate::fault::Fault;
use crate::pieces;
use crate::registry::Entry;
use crate::series::SeriesReader;
use crate::tables::{ROLLUPS, find};

/// The roll-ups of one channel at one moment of the store.
pub(crate) struct RollupReader<'a> {
    series: &'a SeriesReader<'a>,
    channel: &'a Channel,
    number: u32,
    pub(super) energy: Energy,
    table: Option<ReadOnlyTable<&'static [u8], &'static [u8]>>,
    /// When the first and just after the last that is known of the channel.
    pub(super) span: (i64, i64),
    /// The day whose minutes are at hand, and the one whose quarters are.
    at_hand: [Option<(i64, Option<Vec<Sums>>)>; 2],
    year: Option<Shelf>,
    /// Quarters of which days are made, in the order of time.
    made: Vec<(i64, Vec<Sums>)>,
}

/// Into what a day is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Minute,
    Quarter,
}

impl Part {
    /// How long each is in milliseconds.
    pub(super) fn length(self) -> i64 {
        match self {
            Self::Minute => MINUTE,
            Self::Quarter => QUARTER,
        }
    }

    fn kind(self) -> pieces::Kind {
        match self {
            Self::Minute => MINUTES,
            Self::Quarter => QUARTERS,
        }
    }

    /// How many a day of universal time has.
    fn in_a_day(self) -> usize {
        match self {
            Self::Minute => IN_A_DAY,
            Self::Quarter => IN_A_DAY / 15,
        }
    }

    fn of_minutes(self, minutes: Vec<Sums>) -> Vec<Sums> {
        match self {
            Self::Minute => minutes,
            Self::Quarter => joined(&minutes, 15),
        }
    }

    fn place(self) -> usize {
        match self {
            Self::Minute => 0,
            Self::Quarter => 1,
        }
    }
}

/// A year of days at hand.
struct Shelf {
    bounds: (i64, i64),
    year: Option<Year>,
}

/// When the first and just after the last that is known of a channel: its readings, and the days that are made.
pub(crate) fn span(entry: &Entry, rolls: &Rolls) -> Option<(i64, i64)> {
    let (seen, rolled) = (entry.seen, entry.rolled_from);
    let first = seen.map(|seen| seen.first).into_iter().chain(rolled).min();
    let last = seen.map(|seen| seen.last.0.saturating_add(1));
    let made_until = rolled.map(|_| day_start(rolls.until));
    Some((first?, last.into_iter().chain(made_until).max()?))
}

impl<'a> RollupReader<'a> {
    /// The roll-ups of a channel; nothing if the channel was never heard of.
    pub(crate) fn new(series: &'a SeriesReader<'a>, channel: &'a Channel) -> Result<Option<Self>, Fault> {
        let Some(entry) = series.registry.channels.get(channel) else {
            return Ok(None);
        };
        let Some(span) = span(entry, &series.registry.rolls) else {
            return Ok(None);
        };
        Ok(Some(Self {
            series,
            channel,
            number: entry.number,
            energy: Energy::of(entry.unit),
            table: find(series.txn, ROLLUPS)?,
            span,
            at_hand: [None, None],
            year: None,
            made: Vec::new(),
        }))
    }

    pub(super) fn rolls(&self) -> &'a Rolls {
        &self.series.registry.rolls
    }

    /// The raw readings with `from <= at < to`, in the order of time.
    pub(super) fn raw(
        &self,
        from: i64,
        to: i64,
        each: &mut impl FnMut(i64, Result<i64, units::NoValue>),
    ) -> Result<(), Fault> {
        self.series.visit(self.channel, from, to, each)
    }

    /// The minutes of a day as its raw readings tell them.
    pub(super) fn minutes_of_raw(&self, day: i64) -> Result<Vec<Sums>, Fault> {
        let start = day_start(day);
        let mut minutes = Minutes::new(start, self.energy);
        if let Some((at, value)) = self.before(start)? {
            minutes.take(at, Ok(value));
        }
        self.raw(start, start.saturating_add(DAY), &mut |at, outcome| {
            minutes.take(at, outcome);
        })?;
        Ok(minutes.finish())
    }

    /// The reading from which power is held or a counter rises into the day that begins at `start`: of the day before at most.
    fn before(&self, start: i64) -> Result<Option<(i64, i64)>, Fault> {
        let mut last = None;
        let from = |back| start.saturating_sub(back);
        match self.energy {
            Energy::Not => {}
            Energy::Power => self.raw(from(HELD), start, &mut |at, outcome| {
                last = outcome.ok().map(|value| (at, value));
            })?,
            Energy::Counter => {
                for (from, to) in [(from(QUARTER), start), (from(DAY), from(QUARTER))] {
                    self.raw(from, to, &mut |at, outcome| {
                        last = outcome.ok().map(|value| (at, value)).or(last);
                    })?;
                    if last.is_some() {
                        break;
                    }
                }
            }
        }
        Ok(last)
    }

    fn sheet(&self, part: Part, day: i64) -> Result<Option<Vec<Sums>>, Fault> {
        let Some(table) = &self.table else { return Ok(None) };
        match Listed::open(table, part.kind(), day)? {
            Some(sheet) => sheets::read(&sheet, self.number, part.length()),
            None => Ok(None),
        }
    }

    /// The minutes of a day, or its quarters; none where they are not kept any more, or nothing was read.
    pub(super) fn parts(&mut self, part: Part, day: i64) -> Result<Option<&[Sums]>, Fault> {
        let place = part.place();
        if self.at_hand[place]
            .as_ref()
            .is_none_or(|at_hand| at_hand.0 != day)
        {
            let parts = if self.rolls().is_made(day) {
                self.sheet(part, day)?
            } else {
                Some(part.of_minutes(self.minutes_of_raw(day)?))
            };
            let whole = parts.filter(|parts| parts.len() == part.in_a_day());
            self.at_hand[place] = Some((day, whole));
        }
        Ok(self.at_hand[place]
            .as_ref()
            .and_then(|at_hand| at_hand.1.as_deref()))
    }

    /// The first day from `day` on of which there are roll-ups of any channel; none after those that are made.
    pub(super) fn next_sheet(&self, day: i64) -> Result<i64, Fault> {
        let Some(table) = &self.table else {
            return Ok(i64::MAX);
        };
        Ok(pieces::next_time(table, QUARTERS, day, i64::MAX)?.unwrap_or(i64::MAX))
    }

    /// The day of the site's time zone that begins at this instant, if it is made and says what was read.
    pub(super) fn local_day(&mut self, at: i64) -> Result<Option<LocalDay>, Fault> {
        let rolls = self.rolls();
        if self
            .year
            .as_ref()
            .is_none_or(|shelf| !(shelf.bounds.0..shelf.bounds.1).contains(&at))
        {
            let Some(table) = &self.table else { return Ok(None) };
            let period = Period::holding(Kind::Year, rolls.zone.date_of(Instant::from_millis(at)));
            let bounds = period.bounds(&rolls.zone);
            self.year = Some(Shelf {
                bounds: (bounds.0.as_millis(), bounds.1.as_millis()),
                year: Year::read(table, self.number, period.first().year(), &rolls.zone)?,
            });
        }
        let day = self
            .year
            .as_ref()
            .and_then(|shelf| shelf.year.as_ref()?.beginning(at));
        let Some(day) = day.filter(|day| day.to <= day_start(rolls.days_until)) else {
            return Ok(None);
        };
        let days = day_of(day.from)..=day_of(day.to - 1);
        Ok(rolls.late.range(days).next().is_none().then_some(*day))
    }

    /// A stretch whose quarters are added up; a quarter belongs to the stretch in which it begins.
    pub(super) fn of_quarters(&mut self, from: i64, to: i64) -> Result<Sums, Fault> {
        let mut sums = Sums::default();
        for day in day_of(from)..=day_of(to - 1) {
            let Some(quarters) = self.parts(Part::Quarter, day)? else {
                continue;
            };
            add_within(&mut sums, (day, quarters), from..to);
        }
        Ok(sums)
    }

    /// The same from what is made, also where something came late: for making days.
    pub(super) fn of_made_quarters(&mut self, from: i64, to: i64) -> Result<Sums, Fault> {
        for day in day_of(from)..=day_of(to - 1) {
            if self.made.iter().all(|made| made.0 != day) {
                let quarters = self.sheet(Part::Quarter, day)?.unwrap_or_default();
                self.made.push((day, quarters));
            }
        }
        let mut sums = Sums::default();
        for (day, quarters) in &self.made {
            add_within(&mut sums, (*day, quarters), from..to);
        }
        Ok(sums)
    }

    /// The roll-ups of periods with `from <= start < to`, in the order of time; periods of which nothing is known are left out.
    pub(crate) fn rollups(
        &mut self,
        resolution: Resolution,
        from: i64,
        to: i64,
    ) -> Result<Vec<Rollup>, Fault> {
        match resolution {
            Resolution::Minute => self.short(Part::Minute, from, to),
            Resolution::Quarter => self.short(Part::Quarter, from, to),
            Resolution::Day => {
                let days = self.days(from, to)?;
                Ok(days.iter().map(|day| self.rollup(day)).collect())
            }
            Resolution::Month => self.months(from, to),
        }
    }

    fn rollup(&self, day: &LocalDay) -> Rollup {
        Rollup {
            from: Instant::from_millis(day.from),
            to: Instant::from_millis(day.to),
            known: day.sums.known(),
            sum: day.sums.sum,
            energy: (self.energy != Energy::Not).then_some(day.sums.energy),
        }
    }

    fn short(&mut self, part: Part, from: i64, to: i64) -> Result<Vec<Rollup>, Fault> {
        let length = part.length();
        // A power is held for a while after the last reading.
        let (from, to) = (
            from.max(self.span.0.saturating_sub(DAY)),
            to.min(self.span.1.saturating_add(DAY)),
        );
        let mut found = Vec::new();
        let mut day = day_of(from);
        while day_start(day) < to {
            let parts = self.parts(part, day)?;
            let there = parts.is_some();
            for (index, sums) in (0_i64..).zip(parts.unwrap_or_default()) {
                let start = day_start(day) + index * length;
                if (from..to).contains(&start) && !sums.is_nothing() {
                    let (to, sums) = (start + length, *sums);
                    found.push(LocalDay {
                        from: start,
                        to,
                        sums,
                    });
                }
            }
            day = if there {
                day.saturating_add(1)
            } else {
                self.after_nothing(day)?
            };
        }
        Ok(found.iter().map(|part| self.rollup(part)).collect())
    }

    /// The next day of which something may be known, where nothing is known of `day`.
    pub(super) fn after_nothing(&self, day: i64) -> Result<i64, Fault> {
        let next = self.next_sheet(day.saturating_add(1))?;
        Ok(next.min(self.rolls().next_unmade(day.saturating_add(1))))
    }

    /// The days of the site's time zone that begin within the stretch.
    fn days(&mut self, from: i64, to: i64) -> Result<Vec<LocalDay>, Fault> {
        let zone = &self.rolls().zone;
        let (from, to) = (
            from.max(self.span.0.saturating_sub(2 * DAY)),
            to.min(self.span.1.saturating_add(DAY)),
        );
        let mut found = Vec::new();
        let mut at = first_day(zone, from);
        while at < to {
            if let Some(day) = self.local_day(at)? {
                if !day.sums.is_nothing() {
                    found.push(day);
                }
                at = day.to;
                continue;
            }
            let end = zone
                .start_of(zone.date_of(Instant::from_millis(at)).next())
                .as_millis();
            if end <= at {
                break;
            }
            let sums = self.of_quarters(at, end)?;
            if !sums.is_nothing() {
                found.push(LocalDay {
                    from: at,
                    to: end,
                    sums,
                });
            }
            at = end;
        }
        Ok(found)
    }

    fn months(&mut self, from: i64, to: i64) -> Result<Vec<Rollup>, Fault> {
        let zone = &self.rolls().zone;
        let (from, to) = (
            from.max(self.span.0.saturating_sub(32 * DAY)),
            to.min(self.span.1.saturating_add(DAY)),
        );
        if from >= to {
            return Ok(Vec::new());
        }
        let holding = |at| Period::holding(Kind::Month, zone.date_of(Instant::from_millis(at)));
        let bounds = |month: Period| {
            let (from, to) = month.bounds(zone);
            (from.as_millis(), to.as_millis())
        };
        let begin = bounds(holding(from));
        let begin = if begin.0 < from { begin.1 } else { begin.0 };
        let end = bounds(holding(to - 1)).1;
        let mut months: Vec<LocalDay> = Vec::new();
        for day in self.days(begin, end)? {
            match months.last_mut().filter(|month| day.from < month.to) {
                Some(month) => month.sums.merge(&day.sums),
                None => {
                    let (from, to) = bounds(holding(day.from));
                    months.push(LocalDay { from, to, ..day });
                }
            }
        }
        Ok(months.iter().map(|month| self.rollup(month)).collect())
    }
}

/// The first moment of the first day that begins at `from` or later.
fn first_day(zone: &Zone, from: i64) -> i64 {
    let date = zone.date_of(Instant::from_millis(from));
    let start = zone.start_of(date).as_millis();
    if start >= from {
        start
    } else {
        zone.start_of(date.next()).as_millis()
    }
}

/// Adds those quarters of a day that begin within a stretch.
fn add_within(sums: &mut Sums, (day, quarters): (i64, &[Sums]), within: Range<i64>) {
    for (index, quarter) in (0_i64..).zip(quarters) {
        if within.contains(&(day_start(day) + index * QUARTER)) {
            sums.merge(quarter);
        }
    }
}
