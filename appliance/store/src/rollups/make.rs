//! Making the roll-ups of a day that is over: read channel by channel on the thread that asks for it, packed there, and handed to
//! the writer in steps of some hundred kilobytes, so that readings need not wait for it.

use energy::calendar::Zone;
use units::{Channel, Instant};

use super::columns::Shape;
use super::minutes::joined;
use super::read::RollupReader;
use super::sheets::{self, QUARTERS};
use super::step::{ChannelDays, Step, versions};
use super::sums::Sums;
use super::years::LocalDay;
use super::{DAY, Energy, MINUTE, QUARTER, day_of, day_start};
use crate::directory::{Builder, Columns};
use crate::engine::Engine;
use crate::pieces;
use crate::registry::Registry;
use crate::series::{SeriesReader, hour_of};
use crate::tables::{ROLLUPS, find};
use crate::{Progress, StoreError};

/// A day is made so long after its end, when what was read last has come in.
const GRACE: i64 = 10 * MINUTE;
/// So many channels' days are one step.
const CHANNELS_A_STEP: usize = 48;
/// Steps that write less than this, all told, share a transaction.
const BYTES_AT_ONCE: u64 = 384 * 1024;

/// Who makes roll-ups: reads from the engine, and hands steps to the writer.
pub(crate) struct Maker<'a> {
    pub(crate) engine: &'a Engine,
    /// Has it noticed what comes in of a day from now on.
    pub(crate) begin: &'a dyn Fn(i64) -> Result<(), StoreError>,
    /// Has steps done in one transaction.
    pub(crate) write: &'a dyn Fn(Vec<Step>) -> Result<Progress, StoreError>,
    /// Packs what is in the tail, so that no reading of a day that is made comes to light as a late one.
    pub(crate) seal: &'a dyn Fn() -> Result<(), StoreError>,
}

/// Steps that wait to be written together.
struct Waiting<'a> {
    write: &'a dyn Fn(Vec<Step>) -> Result<Progress, StoreError>,
    steps: Vec<Step>,
}

impl Waiting<'_> {
    /// Takes a step; those before it are written first where it would become too much.
    fn push(&mut self, step: Step) -> Result<(), StoreError> {
        let bytes: u64 = self.steps.iter().map(Step::bytes).sum();
        if bytes.saturating_add(step.bytes()) > BYTES_AT_ONCE {
            self.write()?;
        }
        self.steps.push(step);
        Ok(())
    }

    fn write(&mut self) -> Result<(), StoreError> {
        if !self.steps.is_empty() {
            (self.write)(std::mem::take(&mut self.steps))?;
        }
        Ok(())
    }
}

/// What a channel has in the sheet of minutes, and in that of quarters.
type Packed = (Columns, Columns);

/// What is to be done next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Task {
    /// Make a day from its raw readings.
    Make(i64),
    /// Make the days of the time zone that end while this day lasts.
    Days(i64),
    /// Days of the time zone are made until this day: before, there are no quarters to make them of.
    DaysReached(i64),
    /// Nothing was read until this day.
    Reached(i64),
    Nothing,
}

impl Maker<'_> {
    /// Does the next thing there is to do, as of `now`.
    pub(crate) fn step(&self, zone: &Zone, now: i64) -> Result<Progress, StoreError> {
        if self.engine.registry().rolls.zone != *zone {
            (self.write)(vec![Step::Zone(zone.clone())])?;
        }
        match self.task(now)? {
            Task::Make(day) => self.make(day, now)?,
            Task::Days(day) => {
                let mut waiting = self.waiting();
                let after = day.saturating_add(1);
                self.days(&mut waiting, day, (day_start(day), day_start(after)))?;
                waiting.push(Step::DaysReached(after))?;
                waiting.write()?;
            }
            Task::DaysReached(day) => {
                (self.write)(vec![Step::DaysReached(day)])?;
            }
            Task::Reached(day) => {
                (self.write)(vec![Step::Reached(day)])?;
            }
            Task::Nothing => return Ok(Progress::Done),
        }
        Ok(Progress::More)
    }

    fn task(&self, now: i64) -> Result<Task, StoreError> {
        // Days before this one are over.
        let today = day_of(now.saturating_sub(GRACE));
        self.engine.read(|txn, registry| {
            let rolls = &registry.rolls;
            if let Some(late) = rolls.late.range(..today).next() {
                return Ok(Task::Make(*late));
            }
            if rolls.days_until < rolls.until {
                let Some(table) = find(txn, ROLLUPS)? else {
                    return Ok(Task::DaysReached(rolls.until));
                };
                // The day before can hold the beginning of a day that ends in this one.
                let first = rolls.days_until.saturating_sub(1);
                let next = pieces::next_time(&table, QUARTERS, first, i64::MAX)?;
                return Ok(match next.filter(|next| *next < rolls.until) {
                    None => Task::DaysReached(rolls.until),
                    Some(next) if next > rolls.days_until => Task::DaysReached(next),
                    Some(_) => Task::Days(rolls.days_until),
                });
            }
            let from = day_start(rolls.until);
            let first = SeriesReader { txn, registry }.first_hour(hour_of(from))?;
            let first = first.map(|hour| hour.div_euclid(24).max(rolls.until));
            Ok(match first.filter(|day| *day < today) {
                Some(day) => Task::Make(day),
                None if rolls.until < today && rolls.until > i64::MIN => Task::Reached(today),
                None => Task::Nothing,
            })
        })
    }

    fn waiting(&self) -> Waiting<'_> {
        Waiting {
            write: self.write,
            steps: Vec::new(),
        }
    }

    fn make(&self, day: i64, now: i64) -> Result<(), StoreError> {
        let end = day_start(day.saturating_add(1));
        if self
            .engine
            .registry()
            .pending
            .hours()
            .any(|hour| hour < hour_of(end))
        {
            (self.seal)()?;
        }
        (self.begin)(day)?;
        let version = self.version(day)?;
        let (mut minutes, mut quarters) = (Builder::default(), Builder::default());
        let mut numbers = Vec::new();
        for (number, channel) in channels(&self.engine.registry()) {
            if let Some(found) = self.channel(&channel, day)? {
                minutes.put(number, found.0);
                quarters.put(number, found.1);
                numbers.push(number);
            }
        }
        let mut waiting = self.waiting();
        if !numbers.is_empty() {
            waiting.push(Step::Minutes(day, version, minutes.finish()))?;
            waiting.push(Step::Quarters(day, version, quarters.finish(), numbers))?;
        }
        // Days of the time zone that were made before are made anew; the others come in their turn.
        let made_until = self.engine.registry().rolls.days_until;
        if day < made_until {
            waiting.write()?;
            self.days(&mut waiting, day, (i64::MIN, day_start(made_until)))?;
        }
        waiting.push(Step::End(day, now))?;
        waiting.write()
    }

    fn version(&self, day: i64) -> Result<u32, StoreError> {
        let made = self.engine.read(|txn, _| match find(txn, ROLLUPS)? {
            Some(table) => Ok(versions(&table, day)?.len()),
            None => Ok(0),
        })?;
        Ok(u32::try_from(made).unwrap_or(u32::MAX).saturating_add(1))
    }

    /// The columns of minutes and quarters of one channel; none if nothing was read.
    fn channel(&self, channel: &Channel, day: i64) -> Result<Option<Packed>, StoreError> {
        self.engine.read(|txn, registry| {
            let series = SeriesReader { txn, registry };
            let Some(reader) = RollupReader::new(&series, channel)? else {
                return Ok(None);
            };
            // A power may be held into the day from a reading of the evening before.
            if reader.span.0 >= day_start(day.saturating_add(1))
                || reader.span.1 <= day_start(day).saturating_sub(DAY)
            {
                return Ok(None);
            }
            let minutes = reader.minutes_of_raw(day)?;
            if minutes.iter().all(Sums::is_nothing) {
                return Ok(None);
            }
            let pack = |sums: &[Sums], length| {
                let energy = reader.energy;
                sheets::pack(sums, Shape { energy, length })
            };
            Ok(Some((
                pack(&minutes, MINUTE),
                pack(&joined(&minutes, 15), QUARTER),
            )))
        })
    }

    /// Makes the days of the time zone that hold some of `day` and end after `after` and until `until`.
    fn days(
        &self,
        waiting: &mut Waiting<'_>,
        day: i64,
        (after, until): (i64, i64),
    ) -> Result<(), StoreError> {
        let registry = self.engine.registry();
        let zone = &registry.rolls.zone;
        let mut bounds = Vec::new();
        let mut date = zone.date_of(Instant::from_millis(day_start(day)));
        // Even the longest day and the shortest hold some of no more than three.
        for _ in 0..4 {
            let (from, to) = (
                zone.start_of(date).as_millis(),
                zone.start_of(date.next()).as_millis(),
            );
            let touches = from < day_start(day.saturating_add(1)) && day_start(day) < to;
            if touches && after < to && to <= until {
                bounds.push((from, to));
            }
            date = date.next();
        }
        if bounds.is_empty() {
            return Ok(());
        }
        for some in channels(&registry).chunks(CHANNELS_A_STEP) {
            let mut step = Vec::new();
            for (number, channel) in some {
                let found = self.days_of(channel, &bounds)?;
                step.extend(found.map(|(energy, days)| ChannelDays {
                    number: *number,
                    energy,
                    days,
                }));
            }
            if !step.is_empty() {
                waiting.push(Step::Days(step))?;
            }
        }
        Ok(())
    }

    fn days_of(
        &self,
        channel: &Channel,
        bounds: &[(i64, i64)],
    ) -> Result<Option<(Energy, Vec<LocalDay>)>, StoreError> {
        self.engine.read(|txn, registry| {
            let series = SeriesReader { txn, registry };
            let Some(mut reader) = RollupReader::new(&series, channel)? else {
                return Ok(None);
            };
            let mut days = Vec::new();
            for (from, to) in bounds {
                let sums = reader.of_made_quarters(*from, *to)?;
                if !sums.is_nothing() {
                    let (from, to) = (*from, *to);
                    days.push(LocalDay { from, to, sums });
                }
            }
            Ok((!days.is_empty()).then_some((reader.energy, days)))
        })
    }
}

/// The channels by their numbers.
fn channels(registry: &Registry) -> Vec<(u32, Channel)> {
    let mut channels: Vec<(u32, Channel)> = registry
        .channels
        .iter()
        .map(|(channel, entry)| (entry.number, channel.clone()))
        .collect();
    channels.sort_unstable_by_key(|channel| channel.0);
    channels
}
