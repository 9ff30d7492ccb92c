//! Steps into quarters: exact sums, and nothing changes by storing twice.

use std::cell::RefCell;
use std::collections::BTreeMap;

use proptest::prelude::*;
use units::{Instant, Number, Span, WattHours, Watts};

use super::{Account, Mark, Quarters};
use crate::{Estimate, Identity, Interval, Limits, MemoryError, Quality, Side, Step};

const HOUSE: Limits = Limits {
    rated: Watts(12_000),
    modulus: None,
};

fn minute(minute: i64) -> Instant {
    Instant::from_millis(1_781_000_100_000).floor(Span::HOUR) + Span::MINUTE.times(minute)
}

fn step(from: i64, to: i64, energy: i64, quality: Quality) -> Step {
    Step {
        from: minute(from),
        to: minute(to),
        energy: WattHours(energy),
        quality,
    }
}

/// A store that takes whole intervals.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Store(BTreeMap<Instant, Interval>);

impl Store {
    fn keep(&mut self, changed: &[Interval]) {
        for interval in changed {
            self.0.insert(interval.start, *interval);
        }
    }

    fn told(&self) -> Vec<(i64, i64, &'static str)> {
        let row = |interval: &Interval| {
            let start = interval.start.since(minute(0)).as_secs() / 60;
            (start, interval.energy.0, interval.quality.name())
        };
        self.0.values().map(row).collect()
    }

    fn sum(&self) -> i64 {
        self.0.values().map(|interval| interval.energy.0).sum()
    }
}

fn book(steps: &[Step]) -> Store {
    let mut quarters = Quarters::default();
    let mut store = Store::default();
    for step in steps {
        let mut changed = BTreeMap::new();
        quarters.add(
            (*step, Mark::default()),
            &|start| store.0.get(&start).copied(),
            &mut changed,
        );
        store.0.append(&mut changed);
    }
    store
}

#[test]
fn a_step_is_spread_over_its_quarters_by_time() {
    let store = book(&[step(10, 40, 301, Quality::Measured)]);
    assert_eq!(
        store.told(),
        [(0, 50, "measured"), (15, 151, "measured"), (30, 100, "measured")]
    );
}

#[test]
fn a_quarter_is_as_good_as_its_worst_part() {
    let store = book(&[
        step(0, 5, 50, Quality::Measured),
        step(5, 35, 300, Quality::Recovered),
        step(35, 36, 10, Quality::Measured),
    ]);
    assert_eq!(
        store.told(),
        [
            (0, 150, "recovered"),
            (15, 150, "recovered"),
            (30, 60, "recovered")
        ]
    );
}

#[test]
fn nothing_is_also_something() {
    assert_eq!(
        book(&[step(0, 15, 0, Quality::Measured)]).told(),
        [(0, 0, "measured")]
    );
    assert_eq!(
        book(&[step(15, 15, 7, Quality::Measured)]).told(),
        [(0, 7, "measured")]
    );
    let mut quarters = Quarters::default();
    let mut changed = BTreeMap::new();
    quarters.add(
        (step(0, 1, 0, Quality::Measured), Mark::default()),
        &|_| None,
        &mut changed,
    );
    quarters.add(
        (step(1, 2, 0, Quality::Measured), Mark::default()),
        &|_| None,
        &mut changed,
    );
    assert_eq!(changed.len(), 1, "what did not change is not handed out again");
}

#[test]
fn what_was_stored_as_missing_is_replaced() {
    let missing = Interval::new(minute(0), WattHours(0), Quality::Missing);
    let mut changed = BTreeMap::new();
    Quarters::default().add(
        (step(0, 1, 9, Quality::Measured), Mark::default()),
        &|_| Some(missing),
        &mut changed,
    );
    assert_eq!(
        changed.into_values().collect::<Vec<_>>(),
        [Interval::new(minute(0), WattHours(9), Quality::Measured)]
    );
}

#[test]
fn damaged_and_newer_memories_are_refused() {
    let account = Account::new(HOUSE);
    let bytes = account.memory();
    assert_eq!(Account::resume(&bytes, HOUSE), Ok(account));
    let mut newer = bytes.clone();
    newer[0] = 7;
    assert_eq!(Account::resume(&newer, HOUSE), Err(MemoryError::Newer(7)));
    assert_eq!(
        Account::resume(&bytes[..bytes.len() - 1], HOUSE),
        Err(MemoryError::Damaged)
    );
    assert_eq!(
        Account::resume(&[1, 2, 1, 0], HOUSE),
        Err(MemoryError::Damaged),
        "a value without its time"
    );
}

#[test]
fn a_field_of_a_newer_version_is_skipped() {
    let mut account = Account::new(HOUSE);
    account.observe(minute(0), Number::exact(5), |_| None);
    let mut bytes = account.memory();
    bytes.extend([200, 2, 1, 1]);
    assert_eq!(Account::resume(&bytes, HOUSE), Ok(account));
}

/// Readings of every minute from `from` on, as many as there are values.
fn read(account: &mut Account, store: &mut Store, from: i64, values: impl IntoIterator<Item = i64>) {
    for (at, value) in (from..).zip(values) {
        let look = |start| store.0.get(&start).copied();
        let booked = account.observe(minute(at), Number::exact(value), look);
        store.keep(&booked.changed);
    }
}

#[test]
fn the_quarter_in_which_counting_begins_is_not_called_measured() {
    let (mut account, mut store) = (Account::new(HOUSE), Store::default());
    read(
        &mut account,
        &mut store,
        7,
        (0..40).map(|minute| 5_000 + 10 * minute),
    );
    assert_eq!(
        store.told(),
        [(0, 80, "estimated"), (15, 150, "measured"), (30, 150, "measured")]
    );
    let (mut account, mut store) = (Account::new(HOUSE), Store::default());
    read(
        &mut account,
        &mut store,
        15,
        (0..20).map(|minute| 5_000 + 10 * minute),
    );
    assert_eq!(
        store.told().first(),
        Some(&(15, 150, "measured")),
        "it began with the quarter"
    );
}

#[test]
fn the_quarters_in_which_a_meter_was_exchanged_are_not_called_measured() {
    let (mut account, mut store) = (Account::new(HOUSE), Store::default());
    read(
        &mut account,
        &mut store,
        0,
        (0..21).map(|minute| 5_000 + 10 * minute),
    );
    // Another one from 00:50 on, with a higher count: what flowed in between nobody knows.
    read(
        &mut account,
        &mut store,
        50,
        (0..60).map(|minute| 9_000_000 + 10 * minute),
    );
    let qualities: Vec<(i64, &str)> = store.told().iter().map(|row| (row.0, row.2)).collect();
    assert_eq!(
        qualities[..4],
        [
            (0, "measured"),
            (15, "estimated"),
            (45, "estimated"),
            (60, "recovered")
        ],
        "and half an hour is missing"
    );
    let other = Identity::new(&["cellar", "3"], &["sdm630"], None);
    account.identify(other);
    read(
        &mut account,
        &mut store,
        110,
        (0..20).map(|minute| 9_000_600 + 10 * minute),
    );
    account.identify(Identity::new(&["cellar", "4"], &["sdm630"], None));
    read(
        &mut account,
        &mut store,
        130,
        (0..20).map(|minute| 77 + 10 * minute),
    );
    let told = store.told();
    assert_eq!(
        told.iter().find(|row| row.0 == 120).map(|row| row.2),
        Some("estimated")
    );
    assert_eq!(
        told.iter().find(|row| row.0 == 135).map(|row| row.2),
        Some("measured")
    );
}

/// Power cuts at any reading: the store keeps the last batch only, and the account goes on from it.
#[test]
fn power_cuts_lose_nothing() {
    for seed in 0..200 {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut live = Store::default();
        let mut account = Account::new(HOUSE);
        let (mut at, mut value) = (minute(random.i64(0..60)), 1_000_000);
        account.observe(at, Number::exact(value), |_| None);
        let mut kept = (Store::default(), account.memory());
        for _ in 0..2_000 {
            at = at + Span::from_secs(random.i64(1..60));
            value += random.i64(0..4);
            let booked = account.observe(at, Number::exact(value), |start| live.0.get(&start).copied());
            live.keep(&booked.changed);
            match random.u8(..) {
                0 => {
                    live = kept.0.clone();
                    account = Account::resume(&kept.1, HOUSE).expect("own bytes");
                    at = at + Span::from_secs(random.i64(0..9_000));
                }
                1..30 => kept = (live.clone(), account.memory()),
                _ => {}
            }
        }
        for _ in 0..30 {
            at = at + Span::SECOND;
            let booked = account.observe(at, Number::exact(value), |start| live.0.get(&start).copied());
            live.keep(&booked.changed);
        }
        assert_eq!(live.sum(), value - 1_000_000, "seed {seed}");
    }
}

#[test]
fn quarters_beyond_memory_are_asked_from_the_store() {
    let store = RefCell::new(Store::default());
    let mut account = Account::new(HOUSE);
    let look = |start| store.borrow().0.get(&start).copied();
    for pass in 0..3 {
        let mut value = 1_000 * (pass + 1);
        for at in 0..600 {
            value += 1;
            let booked = account.observe(minute(at), Number::exact(value), look);
            store.borrow_mut().keep(&booked.changed);
        }
    }
    let held = account.counter().held().expect("it was read").0;
    assert_eq!(
        store.borrow().sum(),
        held - 1_001,
        "the clock went back by ten hours, twice"
    );
    assert!(account.memory().len() < 150);
}

#[test]
fn an_estimate_is_the_mean_of_neighbours_over_close_readings_only() {
    let mut store = Store::default();
    let mut charge = Estimate::new(Side::Reverse);
    let mut discharge = Estimate::new(Side::Forward);
    let mut given = Store::default();
    for (at, watts) in [
        (0, 0),
        (1, -600),
        (2, -600),
        (3, 600),
        (4, 600),
        (20, 600),
        (21, 600),
        (20, 9),
        (21, 9),
    ] {
        store.keep(&charge.observe(minute(at), Watts(watts), |_| None));
        given.keep(&discharge.observe(minute(at), Watts(watts), |_| None));
    }
    assert_eq!(store.told().first(), Some(&(0, 20, "estimated")), "5 + 10 + 5 Wh");
    assert_eq!(
        given.told(),
        [(0, 15, "estimated"), (15, 10, "estimated")],
        "sixteen minutes are not guessed"
    );
    let bytes = discharge.memory();
    assert_eq!(
        Estimate::resume(&bytes, Side::Forward).map(|estimate| estimate.memory()),
        Ok(bytes)
    );
}

/// A restart at every reading loses nothing: what is less than a watt-hour is kept too.
#[test]
fn an_estimate_that_is_resumed_a_thousand_times_is_one_run() {
    let (mut whole, mut parts) = (Store::default(), Store::default());
    let mut run = Estimate::new(Side::Reverse);
    let mut cut = Estimate::new(Side::Reverse);
    for reading in 0..1_000 {
        let (at, power) = (
            minute(0) + Span::SECOND.times(2 * reading),
            Watts(-137 - reading % 7),
        );
        whole.keep(&run.observe(at, power, |_| None));
        parts.keep(&cut.observe(at, power, |_| None));
        cut = Estimate::resume(&cut.memory(), Side::Reverse).expect("own bytes");
    }
    assert_eq!(parts, whole);
    assert_eq!(cut, run);
    assert!(whole.sum() > 70, "{}", whole.sum());
}

proptest! {
    #[test]
    fn the_quarters_add_up_to_the_steps(
        steps in proptest::collection::vec((0_i64..3_000, 0_i64..3_000, 0_i64..100_000), 1..20)
    ) {
        let steps: Vec<Step> = steps
            .into_iter()
            .map(|(from, length, energy)| step(from, from + length, energy, Quality::Measured))
            .collect();
        let store = book(&steps);
        prop_assert_eq!(store.sum(), steps.iter().map(|step| step.energy.0).sum::<i64>());
        prop_assert!(store.0.keys().all(|start| start.floor(Span::QUARTER) == *start));
    }

    #[test]
    fn any_memory_is_taken_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
        let mut bytes = bytes;
        bytes.insert(0, 1);
        if let Ok(mut account) = Account::resume(&bytes, HOUSE) {
            for value in [5, 0, i64::MAX, 7] {
                account.observe(minute(value % 7), Number::exact(value), |_| None);
            }
        }
    }
}
