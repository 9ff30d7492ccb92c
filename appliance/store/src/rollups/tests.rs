//! Roll-ups of a whole store: they say what raw readings say, by every way, through late values, reopening, other time
//! zones and retention. Beside the store stands one that never makes any, and answers from raw alone.

mod speed;

use energy::calendar::Zone;
use units::{Channel, Instant, NoValue, Reading, Unit};

use super::{DAY, MINUTE, QUARTER, grouped};
use crate::tests::model::{BEGIN, channel, reading};
use crate::{Batch, Known, Options, Progress, Resolution, Store};

const UNITS: [Unit; 4] = [Unit::Watts, Unit::WattHours, Unit::Decivolts, Unit::Watts];
const ALL: [Resolution; 4] = [
    Resolution::Minute,
    Resolution::Quarter,
    Resolution::Day,
    Resolution::Month,
];

fn open(folder: &tempfile::TempDir) -> Store {
    Store::open(folder.path(), Options::default()).expect("a store")
}

fn at(millis: i64) -> Instant {
    Instant::from_millis(millis)
}

fn zone(name: &str) -> Zone {
    Zone::parse(name).expect("a zone")
}

fn outcome(dice: &mut fastrand::Rng, number: usize, millis: i64) -> Result<i64, NoValue> {
    match dice.u8(..30) {
        0 => Err(NoValue::NoAnswer),
        1 => Err(NoValue::Asleep),
        _ if number == 1 => Ok((millis - BEGIN) / 40_000 + dice.i64(0..3)),
        _ => Ok(dice.i64(-900..3_000)),
    }
}

/// Some hours of four channels, with gaps.
fn some_hours(dice: &mut fastrand::Rng, now: &mut i64) -> Batch {
    let mut batch = batch_of(Vec::new());
    let end = *now + dice.i64(1..14) * 4 * QUARTER;
    let step = dice.i64(20_000..200_000);
    while *now < end {
        *now += step + dice.i64(0..500);
        for number in 0..4 {
            if dice.u8(..10) > 0 {
                let outcome = outcome(dice, number, *now);
                batch.readings.push(reading(&channel(number), *now, outcome));
            }
        }
        if dice.u16(..400) == 0 {
            *now += dice.i64(0..2 * DAY);
        }
    }
    batch
}

fn batch_of(readings: Vec<Reading>) -> Batch {
    let mut batch = Batch {
        readings,
        ..Batch::default()
    };
    for (number, unit) in UNITS.iter().enumerate() {
        batch.channels.insert(channel(number), *unit);
    }
    batch
}

/// Something that comes late, on any day up to now.
fn late(dice: &mut fastrand::Rng, first: i64, now: i64) -> Batch {
    let first = if dice.bool() { first - DAY } else { now - 2 * DAY };
    let begin = dice.i64(first..now);
    let readings = (0..dice.i64(1..40)).map(|index| {
        let number = dice.usize(..4);
        let millis = begin + index * dice.i64(1..100_000);
        reading(&channel(number), millis, outcome(dice, number, millis))
    });
    batch_of(readings.collect())
}

fn roll_up(store: &Store, zone: &Zone, now: i64) {
    while store.roll_up(zone, at(now)).expect("made") == Progress::More {}
}

/// Both stores say the same of a channel, by roll-ups and by parts.
fn same(one: &Store, other: &Store, dice: &mut fastrand::Rng, (first, now): (i64, i64)) {
    let channel = channel(dice.usize(..4));
    let (from, to) = stretch(dice, first, now);
    for resolution in ALL {
        let (a, b) = (
            one.rollups(&channel, resolution, at(from), at(to))
                .expect("readable"),
            other
                .rollups(&channel, resolution, at(from), at(to))
                .expect("readable"),
        );
        assert!(
            a == b,
            "{channel} by {resolution:?} from {from} to {to}: {}",
            differing(&a, &b)
        );
    }
    as_quarters(one, &channel, dice.i64(first..=now));
    for _ in 0..4 {
        let count = dice.usize(1..300);
        same_parts(one, other, &channel, (from, to, count));
        let length = [MINUTE, QUARTER, DAY, 7 * MINUTE, 1_000][dice.usize(..5)];
        let begin = from.max(first - 3 * DAY);
        let begin = begin - begin.rem_euclid(length);
        let count = dice.usize(1..120);
        let end = begin + i64::try_from(count).expect("few") * length;
        same_parts(one, other, &channel, (begin, end, count));
    }
}

/// Minutes that are grouped by quarters are quarters.
fn as_quarters(store: &Store, channel: &Channel, from: i64) {
    let from = from - from.rem_euclid(QUARTER);
    let edges: Vec<Instant> = (0..100).map(|index| at(from + index * QUARTER)).collect();
    let ask = |resolution| {
        store
            .rollups(channel, resolution, edges[0], edges[99])
            .expect("readable")
    };
    let mut quarters = grouped(&ask(Resolution::Minute), &edges);
    assert_eq!(quarters.len(), 99);
    quarters
        .retain(|quarter| quarter.known != Known::Gap || quarter.energy.is_some_and(|energy| energy != 0));
    assert_eq!(quarters, ask(Resolution::Quarter));
}

fn stretch(dice: &mut fastrand::Rng, first: i64, now: i64) -> (i64, i64) {
    let (from, to) = match dice.u8(..8) {
        0 => (i64::MIN, i64::MAX),
        1 => (first - 3 * DAY, now + 3 * DAY),
        _ => {
            let from = dice.i64(first..=now);
            (from, from + dice.i64(1..3 * DAY))
        }
    };
    (from, to)
}

fn differing<T: PartialEq + std::fmt::Debug>(a: &[T], b: &[T]) -> String {
    let first = a.iter().zip(b).find(|(a, b)| a != b);
    format!("{} and {} of them, first {first:?}", a.len(), b.len())
}

fn same_parts(one: &Store, other: &Store, channel: &Channel, (from, to, count): (i64, i64, usize)) {
    let (a, b) = (
        one.means(channel, at(from), at(to), count).expect("readable"),
        other.means(channel, at(from), at(to), count).expect("readable"),
    );
    assert!(
        a == b,
        "{channel} in {count} parts from {from} to {to}: {}",
        differing(&a, &b)
    );
}

#[test]
fn roll_ups_say_what_raw_readings_say() {
    let zones = ["Europe/London", "Australia/Adelaide", "America/St_Johns", "UTC"];
    for seed in 0..12 {
        eprintln!("seed {seed}");
        let (folder, plain_folder) = (
            tempfile::tempdir().expect("a folder"),
            tempfile::tempdir().expect("a folder"),
        );
        let (mut store, plain) = (open(&folder), open(&plain_folder));
        let mut dice = fastrand::Rng::with_seed(seed);
        // Clocks go back on 26 October 2025, and in Adelaide forward on the fifth.
        let first = if seed % 3 == 0 {
            1_761_350_400_000 - DAY
        } else {
            BEGIN
        };
        let mut now = first;
        let mut here = zone(zones[dice.usize(..4)]);
        for _ in 0..30 {
            match dice.u8(..10) {
                0 => {
                    drop(store);
                    store = open(&folder);
                }
                1 => here = zone(zones[dice.usize(..4)]),
                2 => store.seal().expect("sealed"),
                3 | 4 => {
                    let batch = late(&mut dice, first, now);
                    store.record_and_wait(batch.clone()).expect("recorded");
                    plain.record_and_wait(batch).expect("recorded");
                }
                5 | 6 => {
                    roll_up(&store, &here, now);
                    // Never makes any, and yet knows the time zone.
                    plain.roll_up(&here, at(i64::MIN)).expect("told");
                    same(&store, &plain, &mut dice, (first, now));
                }
                _ => {
                    let batch = some_hours(&mut dice, &mut now);
                    store.record_and_wait(batch.clone()).expect("recorded");
                    plain.record_and_wait(batch).expect("recorded");
                }
            }
        }
        roll_up(&store, &here, now + 2 * DAY);
        plain.roll_up(&here, at(i64::MIN)).expect("told");
        for _ in 0..8 {
            same(&store, &plain, &mut dice, (first, now));
        }
    }
}

#[test]
fn a_late_value_makes_its_day_anew_as_another_version() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = open(&folder);
    let here = zone("Europe/Vienna");
    let start = BEGIN - BEGIN.rem_euclid(DAY);
    let day = |store: &Store| {
        let found = store.rollups(&channel(2), Resolution::Day, at(start - DAY), at(start + DAY));
        found.expect("readable").first().map(|day| day.sum)
    };
    let noon = start + DAY / 2;
    store
        .record_and_wait(batch_of(vec![reading(&channel(2), noon, Ok(7))]))
        .expect("recorded");
    roll_up(&store, &here, start + DAY + 1);
    assert_eq!(
        store.roll_up_versions(at(noon)).expect("readable"),
        [],
        "it is hardly over"
    );
    roll_up(&store, &here, start + 2 * DAY);
    assert_eq!(
        store.roll_up_versions(at(noon)).expect("readable"),
        [at(start + 2 * DAY)]
    );
    assert_eq!(day(&store), Some(7));
    store
        .record_and_wait(batch_of(vec![reading(&channel(2), noon + 1, Ok(8))]))
        .expect("recorded");
    assert_eq!(day(&store), Some(15), "at once, from raw");
    drop(store);
    let store = open(&folder);
    assert_eq!(day(&store), Some(15));
    assert!(
        store.rolled_until() < at(start + DAY),
        "the raw readings are still needed"
    );
    roll_up(&store, &here, start + 3 * DAY);
    assert_eq!(day(&store), Some(15));
    let made = store.roll_up_versions(at(noon)).expect("readable");
    assert_eq!(made, [at(start + 2 * DAY), at(start + 3 * DAY)]);
}

#[test]
fn roll_ups_stay_when_readings_are_given_up_and_what_comes_then_changes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = open(&folder);
    let here = zone("Europe/London");
    let mut dice = fastrand::Rng::with_seed(5);
    let mut now = BEGIN;
    while now < BEGIN + 6 * DAY {
        store
            .record_and_wait(some_hours(&mut dice, &mut now))
            .expect("recorded");
    }
    now = now - now.rem_euclid(DAY) + 2 * DAY;
    roll_up(&store, &here, now);
    let (from, to) = (at(BEGIN - DAY), at(now));
    let say = |store: &Store, resolution| {
        store
            .rollups(&channel(0), resolution, from, to)
            .expect("readable")
    };
    let kept = ALL.map(|resolution| say(&store, resolution));
    let parts = |store: &Store| store.means(&channel(0), from, to, 700).expect("readable");
    let quarters = |store: &Store| {
        let begin = at(BEGIN - BEGIN.rem_euclid(QUARTER));
        let end = at(begin.as_millis() + 600 * QUARTER);
        store.means(&channel(0), begin, end, 200).expect("readable")
    };
    let (whole, exact) = (parts(&store), quarters(&store));
    while store.retain(at(now)).expect("given up") == Progress::More {}
    assert_eq!(store.readings(&channel(0), from, to).expect("readable"), []);
    let count = |parts: &[crate::Bucket]| -> u64 {
        let counts = parts.iter().map(|part| match part.known {
            Known::Values(spread) => spread.count,
            _ => 0,
        });
        counts.sum()
    };
    for store in [&store, &store.clone()] {
        assert!(ALL.map(|resolution| say(store, resolution)) == kept);
        assert!(quarters(store) == exact, "on the grid nothing changes");
        assert_eq!(count(&parts(store)), count(&whole), "every reading counts once");
    }
    let late = batch_of(vec![reading(&channel(0), BEGIN + DAY, Ok(99_999))]);
    store.record_and_wait(late).expect("kept as it came");
    roll_up(&store, &here, now + DAY);
    drop(store);
    let store = open(&folder);
    assert_eq!(store.readings(&channel(0), from, to).expect("readable").len(), 1);
    assert!(ALL.map(|resolution| say(&store, resolution)) == kept);
    assert!(store.channels()[0].since < at(BEGIN + DAY));
    while store.retain_minutes(at(now)).expect("given up") == Progress::More {}
    assert_eq!(say(&store, Resolution::Minute), []);
    assert!(say(&store, Resolution::Quarter) == kept[1]);
    assert!(quarters(&store) == exact);
    assert_eq!(count(&parts(&store)), count(&whole));
}

#[test]
fn a_box_that_was_off_for_a_year_goes_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = open(&folder);
    let here = zone("Pacific/Auckland");
    store
        .record_and_wait(batch_of(vec![reading(&channel(2), BEGIN, Ok(1))]))
        .expect("recorded");
    roll_up(&store, &here, BEGIN + 3 * DAY);
    let again = BEGIN + 400 * DAY;
    store
        .record_and_wait(batch_of(vec![reading(&channel(2), again, Ok(2))]))
        .expect("recorded");
    let mut steps = 0;
    while store.roll_up(&here, at(again + 2 * DAY)).expect("made") == Progress::More {
        steps += 1;
    }
    assert!(steps < 12, "{steps} steps");
    let days = store
        .rollups(&channel(2), Resolution::Day, at(BEGIN - DAY), at(again + DAY))
        .expect("readable");
    assert_eq!(days.iter().map(|day| day.sum).collect::<Vec<_>>(), [1, 2]);
    let months = store
        .rollups(&channel(2), Resolution::Month, at(0), at(again + DAY))
        .expect("readable");
    assert_eq!(months.len(), 2);
}

impl Store {
    /// How many bytes the sheets of a day have.
    fn roll_up_bytes(&self, day: i64) -> Vec<(&'static str, usize)> {
        use super::sheets::{MINUTES, QUARTERS};
        use crate::pieces::Sheet;
        use crate::tables::{ROLLUPS, find};

        let sizes = self.shared.engine.read(|txn, _| {
            let table = find(txn, ROLLUPS)?.expect("there");
            let sizes = [MINUTES, QUARTERS].map(|kind| {
                let sheet = Sheet::open(&table, kind, day).ok().flatten();
                (kind.what, sheet.map_or(0, |sheet| sheet.len()))
            });
            Ok(sizes.to_vec())
        });
        sizes.expect("readable")
    }
}
