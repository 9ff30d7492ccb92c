//! What the store should hold, as plain maps, and random batches to fill both.

use std::collections::BTreeMap;

use energy::{Interval, Quality};
use units::{Channel, DeviceName, Flow, Instant, NoValue, Number, PersonId, Reading, Unit, WattHours};

use crate::{AuditEntry, Batch, Bucket, Known, Point, Spread, Store, Whose, Why};

/// Where the tests' readings lie: ten hours from here, in November 2025.
pub(crate) const BEGIN: i64 = 1_764_000_000_000 / 3_600_000 * 3_600_000;
const HOUR: i64 = 3_600_000;

/// What the store should hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Model {
    pub(crate) points: BTreeMap<Channel, BTreeMap<i64, Result<i64, NoValue>>>,
    pub(crate) intervals: BTreeMap<(DeviceName, Flow, i64), (i64, Quality)>,
    pub(crate) memories: BTreeMap<(DeviceName, Flow), Vec<u8>>,
    pub(crate) audit: Vec<AuditEntry>,
}

impl Model {
    pub(crate) fn take(&mut self, batch: &Batch) {
        for reading in &batch.readings {
            let points = self.points.entry(reading.channel.clone()).or_default();
            points.insert(reading.at.as_millis(), reading.outcome.map(|number| number.value));
        }
        for (device, flow, interval) in &batch.intervals {
            let key = (device.clone(), *flow, interval.start.as_millis());
            self.intervals.insert(key, (interval.energy.0, interval.quality));
        }
        for (device, flow, bytes) in &batch.memories {
            self.memories.insert((device.clone(), *flow), bytes.clone());
        }
    }

    /// Everything that the store says it holds.
    pub(crate) fn of(store: &Store) -> Self {
        let mut model = Self::default();
        for span in store.channels() {
            let points = everything(store, &span.channel);
            assert_eq!(
                points.last().copied(),
                store.last(&span.channel),
                "{}",
                span.channel
            );
            assert_eq!(points.last().map(|point| point.0), Some(span.last));
            assert!(
                points.windows(2).all(|pair| pair[0].0 < pair[1].0),
                "in the order of time"
            );
            let points = points
                .into_iter()
                .map(|(at, outcome)| (at.as_millis(), outcome))
                .collect();
            model.points.insert(span.channel, points);
        }
        for group in store.all_intervals(ever().0, ever().1).expect("readable") {
            let one = store
                .intervals(&group.device, group.flow, ever().0, ever().1)
                .expect("readable");
            assert_eq!(one, group.intervals);
            assert_eq!(
                store.counted_since(&group.device, group.flow),
                one.first().map(|interval| interval.start)
            );
            for interval in group.intervals {
                let key = (group.device.clone(), group.flow, interval.start.as_millis());
                model.intervals.insert(key, (interval.energy.0, interval.quality));
            }
        }
        for (device, flow, bytes) in store.memories().expect("readable") {
            assert_eq!(
                store.memory(&device, flow).expect("readable").as_ref(),
                Some(&bytes)
            );
            model.memories.insert((device, flow), bytes);
        }
        let lines = store.audit_entries(None, usize::MAX).expect("readable");
        model.audit = lines.into_iter().rev().map(|line| line.entry).collect();
        let count = store.verify_audit().expect("an unbroken chain");
        assert_eq!(usize::try_from(count).expect("fits"), model.audit.len());
        model
    }

    /// What a chart should show.
    pub(crate) fn means(&self, channel: &Channel, from: i64, to: i64, count: i64) -> Vec<Bucket> {
        let none = BTreeMap::new();
        let points = self.points.get(channel).unwrap_or(&none);
        (0..count)
            .map(|index| {
                let start = from + (to - from) * index / count;
                let end = from + (to - from) * (index + 1) / count;
                let within: Vec<_> = points.range(start..end).map(|(_, outcome)| *outcome).collect();
                Bucket {
                    start: Instant::from_millis(start),
                    known: known(&within),
                }
            })
            .collect()
    }
}

fn known(outcomes: &[Result<i64, NoValue>]) -> Known {
    let values: Vec<i64> = outcomes.iter().filter_map(|outcome| outcome.ok()).collect();
    let reason = outcomes.iter().filter_map(|outcome| outcome.err()).next_back();
    match (values.iter().min(), values.iter().max()) {
        (Some(min), Some(max)) => {
            let count = i128::try_from(values.len()).expect("fits");
            let sum: i128 = values.iter().map(|value| i128::from(*value)).sum();
            let away = if sum < 0 { -count } else { count };
            let mean = i64::try_from((sum * 2 + away) / (count * 2)).expect("a mean lies between");
            let count = u64::try_from(count).expect("positive");
            Known::Values(Spread {
                min: *min,
                mean,
                max: *max,
                count,
            })
        }
        _ => reason.map_or(Known::Gap, Known::Without),
    }
}

/// All the time there is, but for its very last millisecond.
pub(crate) fn ever() -> (Instant, Instant) {
    (Instant::from_millis(i64::MIN), Instant::from_millis(i64::MAX))
}

pub(crate) fn everything(store: &Store, channel: &Channel) -> Vec<Point> {
    store.readings(channel, ever().0, ever().1).expect("readable")
}

pub(crate) fn channel(number: usize) -> Channel {
    Channel::parse(&format!("meter-{}/point_{}", number / 2, number % 2)).expect("a good name")
}

pub(crate) fn device(number: usize) -> DeviceName {
    DeviceName::parse(&format!("meter-{number}")).expect("a good name")
}

pub(crate) fn reading(channel: &Channel, at: i64, outcome: Result<i64, NoValue>) -> Reading {
    let at = Instant::from_millis(at);
    Reading {
        channel: channel.clone(),
        at,
        outcome: outcome.map(|value| Number { value, step: 3 }),
    }
}

pub(crate) fn audit_entry(dice: &mut fastrand::Rng) -> AuditEntry {
    let word = |dice: &mut fastrand::Rng| format!("word {}", dice.u16(..));
    let at = Instant::from_millis(BEGIN + dice.i64(0..HOUR));
    let why = match dice.u8(..3) {
        0 => Why::Said {
            words: word(dice),
            salt: [dice.u8(..); 16],
        },
        _ => Why::NotSaid,
    };
    let whose = match dice.u8(..4) {
        0 => Whose::Everybody,
        1 => Whose::People(vec![
            PersonId::new(dice.u32(1..9)),
            PersonId::new(dice.u32(9..99)),
        ]),
        _ => Whose::Nobody,
    };
    AuditEntry {
        actor: word(dice),
        who: dice.bool().then(|| PersonId::new(dice.u32(1..))),
        via: "page".to_owned(),
        whose,
        detail: "Zähler getauscht".to_owned(),
        why,
        ..AuditEntry::new(at, &word(dice))
    }
}

fn outcome(dice: &mut fastrand::Rng) -> Result<i64, NoValue> {
    match dice.u8(..20) {
        0 => Err(NoValue::from_code(dice.u8(1..13), dice.u8(..3))),
        1 => Err(NoValue::Asleep),
        2 => Ok(dice.i64(..)),
        3 => Ok(i64::MIN),
        4 => Ok(i64::MAX),
        _ => Ok(dice.i64(-40..2_400)),
    }
}

/// What the recorder hands in: mostly a few seconds of every channel, now and then something late, doubled or
/// from a strange clock, now and then half a day at once.
pub(crate) fn batch(dice: &mut fastrand::Rng, now: &mut i64) -> Batch {
    let mut batch = Batch::default();
    let (count, step, devices) = match dice.u8(..12) {
        0 => (400, 97_000, 4),
        1 => (0, 1, 0),
        2 => (1, 1, 7),
        _ => (dice.i64(1..12), 1_000, 6),
    };
    for _ in 0..count {
        *now += step + dice.i64(0..3);
        for number in 0..devices {
            batch
                .readings
                .push(reading(&channel(number), *now, outcome(dice)));
        }
    }
    if dice.u8(..4) == 0 {
        let strange = match dice.u8(..10) {
            0 => dice.i64(0..100_000),
            1 => i64::MIN,
            2 => i64::MAX - 2,
            _ => BEGIN + dice.i64(-HOUR..10 * HOUR),
        };
        for at in [strange, strange + 1, strange] {
            batch
                .readings
                .push(reading(&channel(dice.usize(..6)), at, outcome(dice)));
        }
    }
    *now += dice.i64(0..HOUR / 2) * i64::from(dice.u8(..3) == 0);
    for number in 0..3 {
        batch.channels.insert(channel(number), Unit::Watts);
        let start = Instant::from_millis(*now).floor(units::Span::QUARTER);
        let energy = WattHours(dice.i64(-5..500));
        let quality = Quality::from_code(dice.u8(1..5));
        let interval = Interval::new(start, energy, quality);
        if dice.bool() {
            batch.intervals.push((device(number), Flow::Import, interval));
            batch.intervals.push((device(number), Flow::Export, interval));
            let bytes = (0..dice.usize(..30)).map(|_| dice.u8(..)).collect();
            batch.memories.push((device(number), Flow::Import, bytes));
        }
    }
    batch
}
