//! Charts and roll-ups, and having them made.

use energy::calendar::Zone;
use units::{Channel, Instant, Unit};

use super::Store;
use crate::rollups::{self, Maker, RollupReader, Step, day_of};
use crate::series::SeriesReader;
use crate::tables::{ROLLUPS, find};
use crate::writer::Job;
use crate::{Bucket, ChannelLife, Kept, Progress, Resolution, Rollup, StoreError};

/// So many rows of minutes are given up in one step.
const ROWS_A_STEP: usize = 500;

impl Store {
    /// The stretch `from <= at < to` cut into `buckets` equal parts with their smallest, mean and largest value; never more
    /// parts than milliseconds. Days, quarters and minutes that lie within a part stand for their readings, so that ten years
    /// are answered as quickly as a day; a part says the same as if each reading were looked at. Where the readings are
    /// given up, a minute (and where minutes are given up, a quarter of an hour) counts in the part in which it begins.
    pub fn means(
        &self,
        channel: &Channel,
        from: Instant,
        to: Instant,
        buckets: usize,
    ) -> Result<Vec<Bucket>, StoreError> {
        let (from, to) = (from.as_millis(), to.as_millis());
        self.read(|txn, registry| {
            let series = SeriesReader { txn, registry };
            match RollupReader::new(&series, channel)? {
                Some(mut reader) => reader.means(from, to, buckets),
                None => Ok(rollups::nothing(from, to, buckets)),
            }
        })
    }

    /// The roll-ups of a channel of all periods that begin within `from <= start < to`, in the order of time; periods of which
    /// nothing is known are left out. Those of days and months are of the time zone that [`Store::roll_up`] was told last.
    pub fn rollups(
        &self,
        channel: &Channel,
        resolution: Resolution,
        from: Instant,
        to: Instant,
    ) -> Result<Vec<Rollup>, StoreError> {
        let (from, to) = (from.as_millis(), to.as_millis());
        self.read(|txn, registry| {
            let series = SeriesReader { txn, registry };
            match RollupReader::new(&series, channel)? {
                Some(mut reader) => reader.rollups(resolution, from, to),
                None => Ok(Vec::new()),
            }
        })
    }

    /// Every channel of which anything is known, by name: of some there is only what became of readings that were given up.
    /// Answered from memory.
    pub fn known_channels(&self) -> Vec<ChannelLife> {
        let registry = self.shared.engine.registry();
        let mut lives: Vec<ChannelLife> = registry
            .channels
            .iter()
            .filter_map(|(channel, entry)| {
                let (since, until) = rollups::span(entry, &registry.rolls)?;
                Some(ChannelLife {
                    channel: channel.clone(),
                    unit: entry.unit.unwrap_or(Unit::Count),
                    since: Instant::from_millis(since),
                    until: Instant::from_millis(until),
                })
            })
            .collect();
        lives.sort_by(|a, b| a.channel.cmp(&b.channel));
        lives
    }

    /// Makes the roll-ups of one day that is over as of `now`, or of a day in which something came late, or of days of another
    /// time zone than before. Call it until nothing is left to do. The day is read and packed on the caller's thread; what is
    /// written goes in small steps between batches. Waits: not for async workers.
    pub fn roll_up(&self, zone: &Zone, now: Instant) -> Result<Progress, StoreError> {
        let maker = Maker {
            engine: &self.shared.engine,
            begin: &|day| self.ask(|reply| Job::Rolling(day, reply)),
            write: &|steps| self.ask(|reply| Job::Roll(steps, reply)),
            seal: &|| self.seal(),
        };
        maker.step(zone, now.as_millis())
    }

    /// From when on raw readings may not be given up, since there are no roll-ups of them yet.
    pub fn rolled_until(&self) -> Instant {
        let rolls = &self.shared.engine.registry().rolls;
        let first_late = rolls.late.first().copied().unwrap_or(i64::MAX);
        // A day is made anew from the readings of the day before as well.
        let day = rolls.until.min(first_late).saturating_sub(1);
        Instant::from_millis(rollups::day_start(day))
    }

    /// When the roll-ups of the day of universal time that holds `at` were made: the first time, and each time anew because
    /// something had come late. The last one is what is shown.
    pub fn roll_up_versions(&self, at: Instant) -> Result<Vec<Instant>, StoreError> {
        let day = day_of(at.as_millis());
        let made = self.read(|txn, _| match find(txn, ROLLUPS)? {
            Some(table) => rollups::versions(&table, day),
            None => Ok(Vec::new()),
        })?;
        Ok(made.into_iter().map(Instant::from_millis).collect())
    }

    /// What is still there of the day of universal time that holds `at`.
    pub fn kept(&self, at: Instant) -> Result<Kept, StoreError> {
        let day = day_of(at.as_millis());
        self.read(|txn, registry| {
            if registry.rolls.has_raw(day) || !registry.rolls.is_made(day) {
                return Ok(Kept::Readings);
            }
            rollups::kept_of(find(txn, ROLLUPS)?.as_ref(), day)
        })
    }

    /// The beginning of the oldest day whose minutes are there.
    pub fn oldest_minutes(&self) -> Result<Option<Instant>, StoreError> {
        let day = self.read(|txn, _| match find(txn, ROLLUPS)? {
            Some(table) => rollups::oldest_minutes(&table),
            None => Ok(None),
        })?;
        Ok(day.map(|day| Instant::from_millis(rollups::day_start(day))))
    }

    /// Gives up the minutes of days that were over before `before`, a small step at a time; quarters, days and months stay for
    /// ever. Waits: not for async workers.
    pub fn retain_minutes(&self, before: Instant) -> Result<Progress, StoreError> {
        let step = Step::GiveUpMinutes(day_of(before.as_millis()), ROWS_A_STEP);
        self.ask(|reply| Job::Roll(vec![step], reply))
    }
}
