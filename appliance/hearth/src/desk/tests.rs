//! What the desk makes of updates: plausibility, sleep, sums that leave out what does not count, memory.

mod meters;
mod shelf;
mod sleep;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::sync::Arc;

use acts::Site;
use acts::live::DeviceState;
use bus::{DeviceHealth, Update, Value};
use devices::profile::{self, Point};
use energy::{Interval, Quality, TimeSource};
use store::StoreError;
use units::{Channel, DeviceName, Flow, Instant, NoValue, Number, Outcome, Quantity, Reading, Span, Watts};

use super::{CLOCK_FLOOR, Desk, Shelf};

/// Midnight at the place, 2026-06-16.
const NIGHT: Instant = Instant::from_millis(1_781_564_400_000);

const SITE: &str = r#"
[place]
name = "The Hall"
time_zone = "Europe/London"
currency = "GBP"
latitude = 51.464
longitude = -2.563

[[bus]]
name = "cupboard"
kind = "serial"
port = "/dev/ttyUSB0"

[[device]]
name = "street"
label = "Meter to the street"
bus = "cupboard"
unit = 1
profile = "eastron-sdm630"
role = "grid"
rated_power = 20000

[[device]]
name = "second"
bus = "cupboard"
unit = 2
profile = "eastron-sdm630"
role = "grid"
counted = false
rated_power = 20000

[[bus]]
name = "network"
kind = "tcp"
address = "127.0.0.1:1502"

[[device]]
name = "roof"
bus = "network"
unit = 1
profile = "sunspec-inverter"
role = "production"
rated_power = 12000
"#;

/// A shelf in memory.
#[derive(Default)]
struct Memory {
    memories: RefCell<BTreeMap<(DeviceName, Flow), Vec<u8>>>,
    intervals: RefCell<BTreeMap<(DeviceName, Flow, Instant), Interval>>,
    /// So many of the next looks fail.
    failing: Cell<u32>,
}

impl Memory {
    fn fail(&self) -> Result<(), StoreError> {
        match self.failing.get() {
            0 => Ok(()),
            left => {
                self.failing.set(left - 1);
                Err(StoreError::Io {
                    source: std::io::Error::other("the card does not answer"),
                })
            }
        }
    }

    fn keep(&self, batch: store::Batch) {
        for (device, flow, bytes) in batch.memories {
            self.memories.borrow_mut().insert((device, flow), bytes);
        }
        for (device, flow, interval) in batch.intervals {
            self.intervals
                .borrow_mut()
                .insert((device, flow, interval.start), interval);
        }
    }

    fn booked(&self, device: &str, flow: Flow) -> i64 {
        let intervals = self.intervals.borrow();
        let mine = intervals
            .iter()
            .filter(|((name, of, _), _)| name.as_str() == device && *of == flow);
        mine.map(|(_, interval)| interval.energy.0).sum()
    }
}

impl Shelf for &Memory {
    fn memory(&self, device: &DeviceName, flow: Flow) -> Result<Option<Vec<u8>>, StoreError> {
        self.fail()?;
        Ok(self.memories.borrow().get(&(device.clone(), flow)).cloned())
    }

    fn interval(
        &self,
        device: &DeviceName,
        flow: Flow,
        start: Instant,
    ) -> Result<Option<Interval>, StoreError> {
        self.fail()?;
        let key = (device.clone(), flow, start);
        Ok(self.intervals.borrow().get(&key).copied())
    }
}

fn site() -> Arc<Site> {
    Arc::new(Site::parse(SITE).expect("a good site"))
}

/// The points of a meter, and of an inverter as if they were found in its chain.
fn points(device: &str) -> Arc<[Point]> {
    let meter = profile::find("eastron-sdm630").expect("it is built in");
    if device != "roof" {
        return meter.points.clone().into();
    }
    let wanted = [Quantity::Power, Quantity::EnergyForward];
    let like = |quantity| {
        meter
            .points
            .iter()
            .find(|point| point.quantity == quantity)
            .expect("it has one")
            .clone()
    };
    wanted.map(like).into()
}

fn update(device: &str, at: Instant, values: &[(Quantity, Outcome)]) -> Update {
    let points = points(device);
    let value = |(quantity, outcome): &(Quantity, Outcome)| {
        let point = points
            .iter()
            .find(|point| point.quantity == *quantity)
            .expect("it has one");
        let channel = Channel::new(&DeviceName::parse(device).expect("a good name"), &point.name);
        Value {
            reading: Reading {
                channel,
                at,
                outcome: *outcome,
            },
            raw: vec![1, 2],
        }
    };
    let silent = values
        .iter()
        .all(|(_, outcome)| *outcome == Err(NoValue::NoAnswer));
    Update {
        device: DeviceName::parse(device).expect("a good name"),
        values: values.iter().map(value).collect(),
        health: DeviceHealth {
            silences: u32::from(silent) * 5,
            last_answer: Some(at),
            ..DeviceHealth::default()
        },
        trouble: None,
        identity: None,
        points: Arc::clone(&points),
    }
}

fn number(value: i64) -> Outcome {
    Ok(Number::exact(value))
}

#[test]
fn energy_is_booked_from_the_counter_and_survives_another_start() {
    let memory = Memory::default();
    let mut desk = Desk::new(site(), &memory, NIGHT, CLOCK_FLOOR);
    let mut at = NIGHT;
    let mut counter = 5_000_000;
    for round in 0..120 {
        at = at + Span::from_secs(10);
        counter += 20;
        desk.take(
            update("street", at, &[(Quantity::EnergyForward, number(counter))]),
            at,
        );
        if round == 60 {
            memory.keep(desk.batch().expect("something waits"));
            desk = Desk::new(site(), &memory, at, CLOCK_FLOOR);
        }
    }
    memory.keep(desk.batch().expect("something waits"));
    let booked = memory.booked("street", Flow::Import);
    // All but the first reading's own value, and the last step, which no later reading has confirmed yet.
    assert_eq!(booked, 20 * 118, "booked {booked} Wh");
}

/// A quarter says how well the time was known, and is as good as the worst of its parts.
#[test]
fn what_is_booked_says_where_the_time_was_from() {
    let memory = Memory::default();
    let mut desk = Desk::new(site(), &memory, NIGHT, CLOCK_FLOOR);
    for round in 0..270 {
        let at = NIGHT + Span::from_secs(10 * round);
        desk.set_source(match round {
            0..200 => TimeSource::Network,
            _ => TimeSource::Estimated,
        });
        let counter = number(5_000_000 + 20 * round);
        desk.take(update("street", at, &[(Quantity::EnergyForward, counter)]), at);
    }
    memory.keep(desk.batch().expect("something waits"));
    let intervals = memory.intervals.borrow();
    let times: Vec<TimeSource> = intervals.values().map(|interval| interval.time).collect();
    assert_eq!(
        times,
        [TimeSource::Network, TimeSource::Network, TimeSource::Estimated]
    );
}

/// What a counter's end is becomes known with its first answer, and a chain may be walked again at any time: neither
/// may book anything twice or forget it, whether the last batch has been written, waits, or is on its way.
#[test]
fn another_list_of_points_neither_books_twice_nor_forgets() {
    let memory = Memory::default();
    let mut desk = Desk::new(site(), &memory, NIGHT, CLOCK_FLOOR);
    let on_its_way = RefCell::new(None);
    for round in 0..200 {
        let at = NIGHT + Span::from_secs(10 * round);
        let mut update = update(
            "street",
            at,
            &[(Quantity::EnergyForward, number(5_000_000 + 20 * round))],
        );
        let mut points = update.points.to_vec();
        for point in &mut points {
            point.counter_modulus = Some(1_000_000_000 + round / 7);
        }
        update.points = points.into();
        desk.take(update, at);
        if round % 10 == 0 {
            if let Some(batch) = on_its_way.take() {
                memory.keep(batch);
            }
            *on_its_way.borrow_mut() = desk.batch();
        }
    }
    memory.keep(on_its_way.take().expect("a batch is on its way"));
    memory.keep(desk.batch().expect("something waits"));
    assert_eq!(memory.booked("street", Flow::Import), 20 * 198);
    assert!(
        desk.devices()[0]
            .points
            .iter()
            .any(|point| point.reading.is_some()),
        "values stay shown"
    );
}

#[test]
fn a_device_that_does_not_count_takes_no_part_in_any_sum() {
    let memory = Memory::default();
    let mut desk = Desk::new(site(), &memory, NIGHT, CLOCK_FLOOR);
    for round in 0..20 {
        let at = NIGHT + Span::from_secs(10 * round);
        let values = [
            (Quantity::Power, number(700)),
            (Quantity::EnergyForward, number(5_000 + round)),
        ];
        desk.take(update("second", at, &values), at);
    }
    let batch = desk.batch().expect("its readings wait");
    assert!(!batch.readings.is_empty() && batch.intervals.is_empty() && batch.memories.is_empty());
    assert!(
        desk.power(NIGHT + Span::from_secs(190)).is_err(),
        "the real meter has not answered"
    );
}

#[test]
fn power_beyond_twice_the_nameplate_is_not_shown() {
    let memory = Memory::default();
    let mut desk = Desk::new(site(), &memory, NIGHT, CLOCK_FLOOR);
    desk.take(
        update("street", NIGHT, &[(Quantity::Power, number(65_497))]),
        NIGHT,
    );
    let shown = desk.devices()[0]
        .points
        .iter()
        .find_map(|point| point.reading.clone());
    assert_eq!(
        shown.map(|reading| reading.outcome),
        Some(Err(NoValue::Implausible))
    );
}

#[test]
fn an_inverter_that_fades_and_falls_silent_sleeps_and_counts_nothing() {
    let memory = Memory::default();
    let mut desk = Desk::new(site(), &memory, NIGHT, CLOCK_FLOOR);
    let awake = [
        (Quantity::Power, number(20)),
        (Quantity::EnergyForward, number(9_000)),
    ];
    desk.take(update("roof", NIGHT, &awake), NIGHT);
    let silent = [
        (Quantity::Power, Err(NoValue::NoAnswer)),
        (Quantity::EnergyForward, Err(NoValue::NoAnswer)),
    ];
    let mut at = NIGHT;
    for _ in 0..600 {
        at = at + Span::from_secs(10);
        desk.take(update("roof", at, &silent), at);
    }
    let roof = &desk.devices()[2];
    assert_eq!(roof.state, DeviceState::Asleep);
    let power = roof.points[0].reading.clone().expect("it was asked");
    assert_eq!(power.outcome, Err(NoValue::Asleep));
    memory.keep(desk.batch().expect("something waits"));
    assert_eq!(memory.booked("roof", Flow::Production), 0);
    let quarters = memory
        .intervals
        .borrow()
        .keys()
        .filter(|key| key.1 == Flow::Production)
        .count();
    assert!(
        quarters >= 6,
        "a hundred minutes of sleep are known to be nothing, not missing: {quarters}"
    );
}

#[test]
fn an_inverter_that_falls_silent_at_full_power_is_gone() {
    let memory = Memory::default();
    let noon = NIGHT + Span::HOUR.times(12);
    let mut desk = Desk::new(site(), &memory, noon, CLOCK_FLOOR);
    desk.take(update("roof", noon, &[(Quantity::Power, number(9_000))]), noon);
    let at = noon + Span::from_secs(30);
    desk.take(
        update("roof", at, &[(Quantity::Power, Err(NoValue::NoAnswer))]),
        at,
    );
    assert_eq!(desk.devices()[2].state, DeviceState::Gone);
}

#[test]
fn with_a_clock_of_1970_values_are_shown_and_nothing_is_written_down() {
    let memory = Memory::default();
    let early = Instant::from_millis(86_400_000);
    let mut desk = Desk::new(site(), &memory, early, CLOCK_FLOOR);
    let values = [
        (Quantity::Power, number(500)),
        (Quantity::EnergyForward, number(7_000)),
    ];
    desk.take(update("street", early, &values), early);
    assert!(desk.batch().is_none());
    assert!(
        desk.devices()[0]
            .points
            .iter()
            .any(|point| point.reading.is_some())
    );
}

#[test]
fn a_new_label_keeps_what_is_known_and_another_address_does_not() {
    let memory = Memory::default();
    let mut desk = Desk::new(site(), &memory, NIGHT, CLOCK_FLOOR);
    desk.take(update("street", NIGHT, &[(Quantity::Power, number(500))]), NIGHT);
    let renamed = SITE.replace("Meter to the street", "Street");
    desk.reconfigure(Arc::new(Site::parse(&renamed).expect("a good site")), NIGHT);
    assert!(!desk.devices()[0].points.is_empty());
    let moved = renamed.replace(
        "unit = 1\nprofile = \"eastron-sdm630\"",
        "unit = 7\nprofile = \"eastron-sdm630\"",
    );
    desk.reconfigure(Arc::new(Site::parse(&moved).expect("a good site")), NIGHT);
    assert!(desk.devices()[0].points.is_empty());
}

#[test]
fn the_power_of_the_site_comes_from_fresh_readings_only() {
    let memory = Memory::default();
    let mut desk = Desk::new(site(), &memory, NIGHT, CLOCK_FLOOR);
    desk.take(
        update("street", NIGHT, &[(Quantity::Power, number(-1_000))]),
        NIGHT,
    );
    desk.take(update("roof", NIGHT, &[(Quantity::Power, number(4_000))]), NIGHT);
    let now = desk.power(NIGHT + Span::from_secs(5)).expect("all are fresh");
    assert_eq!((now.export, now.consumption), (Watts(1_000), Watts(3_000)));
    assert!(
        desk.power(NIGHT + Span::MINUTE).is_err(),
        "a minute old is not now"
    );
}
