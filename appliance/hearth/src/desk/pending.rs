//! What waits to be written: readings in their order, and of every interval and memory the newest.

use std::collections::{BTreeMap, VecDeque};

use energy::Interval;
use store::Batch;
use units::{Channel, DeviceName, Flow, Instant, Reading, Unit};

/// Readings that are kept while nothing can be written: about half an hour of a large site, 30 MB of memory at the
/// most. Energy is not among them: intervals and memories never have to be given up.
const MOST_READINGS: usize = 200_000;

/// Energy by device, flow and quarter.
type Intervals = BTreeMap<(DeviceName, Flow, Instant), Interval>;
/// What accounts remember, by device and flow.
type Memories = BTreeMap<(DeviceName, Flow), Vec<u8>>;

/// What waits to be written. One batch at a time may be on its way.
#[derive(Debug, Default)]
pub struct Pending {
    readings: VecDeque<Reading>,
    channels: BTreeMap<Channel, Unit>,
    intervals: Intervals,
    memories: Memories,
    /// What the last batch holds: nobody else knows it until it is written.
    sent: (Intervals, Memories),
    given_up: u64,
}

impl Pending {
    /// Adds a reading and its channel's unit.
    pub fn reading(&mut self, reading: Reading, unit: Unit) {
        if self.channels.get(&reading.channel) != Some(&unit) {
            self.channels.insert(reading.channel.clone(), unit);
        }
        self.readings.push_back(reading);
        self.shorten();
    }

    /// Adds or replaces intervals of one flow.
    pub fn intervals(&mut self, device: &DeviceName, flow: Flow, changed: Vec<Interval>) {
        for interval in changed {
            self.intervals
                .insert((device.clone(), flow, interval.start), interval);
        }
    }

    /// An interval that waits or is on its way.
    pub fn interval(&self, device: &DeviceName, flow: Flow, start: Instant) -> Option<Interval> {
        let key = (device.clone(), flow, start);
        self.intervals
            .get(&key)
            .or_else(|| self.sent.0.get(&key))
            .copied()
    }

    /// What an account remembers, as it waits or is on its way.
    pub fn memory_of(&self, device: &DeviceName, flow: Flow) -> Option<&[u8]> {
        let key = (device.clone(), flow);
        let waiting = self.memories.get(&key).or_else(|| self.sent.1.get(&key));
        waiting.map(Vec::as_slice)
    }

    /// Adds or replaces what an account remembers. It must be no older than the intervals that wait.
    pub fn memory(&mut self, device: &DeviceName, flow: Flow, bytes: Vec<u8>) {
        self.memories.insert((device.clone(), flow), bytes);
    }

    /// Everything that waits, as one batch; `None` when nothing does.
    pub fn batch(&mut self) -> Option<Batch> {
        if self.readings.is_empty() && self.intervals.is_empty() && self.memories.is_empty() {
            return None;
        }
        self.sent = (
            std::mem::take(&mut self.intervals),
            std::mem::take(&mut self.memories),
        );
        let (intervals, memories) = self.sent.clone();
        Some(Batch {
            readings: std::mem::take(&mut self.readings).into(),
            channels: self.channels.clone(),
            intervals: intervals
                .into_iter()
                .map(|((device, flow, _), interval)| (device, flow, interval))
                .collect(),
            memories: memories
                .into_iter()
                .map(|((device, flow), bytes)| (device, flow, bytes))
                .collect(),
        })
    }

    /// Takes back a batch that could not be written. What is newer stays; readings go back to the front.
    pub fn give_back(&mut self, batch: Batch) {
        for reading in batch.readings.into_iter().rev() {
            self.readings.push_front(reading);
        }
        self.sent = Default::default();
        for (device, flow, interval) in batch.intervals {
            self.intervals
                .entry((device, flow, interval.start))
                .or_insert(interval);
        }
        for (device, flow, bytes) in batch.memories {
            self.memories.entry((device, flow)).or_insert(bytes);
        }
        self.shorten();
    }

    /// Readings that wait, and those given up since the start.
    pub fn waiting(&self) -> (u64, u64) {
        (
            u64::try_from(self.readings.len()).unwrap_or(u64::MAX),
            self.given_up,
        )
    }

    fn shorten(&mut self) {
        while self.readings.len() > MOST_READINGS {
            self.readings.pop_front();
            self.given_up += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use energy::{Interval, Quality};
    use units::{Channel, DeviceName, Flow, Instant, Number, Reading, Unit, WattHours};

    use super::{MOST_READINGS, Pending};

    fn reading(at: i64) -> Reading {
        let channel = Channel::parse("meter/power").expect("a good name");
        Reading {
            channel,
            at: Instant::from_millis(at),
            outcome: Ok(Number::exact(at)),
        }
    }

    fn interval(energy: i64) -> Interval {
        Interval::new(Instant::from_millis(0), WattHours(energy), Quality::Measured)
    }

    #[test]
    fn what_comes_back_does_not_replace_what_is_newer() {
        let meter = DeviceName::parse("meter").expect("a good name");
        let mut pending = Pending::default();
        pending.reading(reading(1), Unit::Watts);
        pending.intervals(&meter, Flow::Import, vec![interval(1)]);
        pending.memory(&meter, Flow::Import, vec![1]);
        let failed = pending.batch().expect("something waits");
        assert!(pending.batch().is_none());
        let quarter = Instant::from_millis(0);
        assert_eq!(
            pending.interval(&meter, Flow::Import, quarter),
            Some(interval(1)),
            "on its way"
        );
        assert_eq!(pending.memory_of(&meter, Flow::Import), Some([1].as_slice()));
        pending.reading(reading(2), Unit::Watts);
        pending.intervals(&meter, Flow::Import, vec![interval(2)]);
        pending.memory(&meter, Flow::Import, vec![2]);
        pending.give_back(failed);
        let again = pending.batch().expect("something waits");
        assert_eq!(again.readings, vec![reading(1), reading(2)]);
        assert_eq!(again.intervals, vec![(meter.clone(), Flow::Import, interval(2))]);
        assert_eq!(again.memories, vec![(meter, Flow::Import, vec![2])]);
    }

    #[test]
    fn too_many_readings_give_up_the_oldest_and_no_energy() {
        let mut pending = Pending::default();
        for at in 0..=i64::try_from(MOST_READINGS).expect("a small number") {
            pending.reading(reading(at), Unit::Watts);
        }
        assert_eq!(pending.waiting(), (200_000, 1));
        assert_eq!(pending.batch().expect("something waits").readings[0], reading(1));
    }

    #[test]
    fn another_unit_of_a_channel_is_said() {
        let mut pending = Pending::default();
        pending.reading(reading(1), Unit::Watts);
        pending.reading(reading(2), Unit::WattHours);
        let batch = pending.batch().expect("something waits");
        assert_eq!(batch.channels[&reading(1).channel], Unit::WattHours);
    }
}
