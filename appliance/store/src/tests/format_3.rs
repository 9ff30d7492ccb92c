//! The files of format 3 as they were released: sealed hours, an hour that came late, readings in the tail, roll-ups of days of
//! which one was made twice and one must be made anew, closed days of the ledger with corrections, a row of the members' book.
//! They stay for ever, and must open with all of that.

use energy::calendar::Zone;
use energy::{Interval, Quality};
use members::person::Person;
use members::record::{Kept, Key, Record};
use units::{Channel, Flow, HouseholdId, Instant, PersonId, Span, Unit, WattHours};

use super::fixtures::{fixture, the_audit, the_batches};
use super::model::{BEGIN, Model, channel, device, reading};
use crate::open::FILE;
use crate::ring::FILE as TAIL;
use crate::{AuditEntry, Batch, Change, LedgerState, Options, Progress, Resolution, RowChange, Store, Whose};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
/// How many hours the box has lived.
const HOURS: i64 = 6 * 24;

fn at(millis: i64) -> Instant {
    Instant::from_millis(millis)
}

fn zone() -> Zone {
    Zone::parse("Europe/London").expect("a zone")
}

fn metered() -> [(Channel, Unit); 3] {
    [
        (channel(3), Unit::Watts),
        (channel(4), Unit::WattHours),
        (channel(5), Unit::Decivolts),
    ]
}

fn interval(hour: i64, energy: i64) -> Interval {
    Interval::new(at(BEGIN + hour * HOUR), WattHours(energy), Quality::Measured)
}

/// An hour of six days: power, a counter and a voltage each five minutes, one of them out of reach now and then; and a quarter.
fn hour(number: i64) -> Batch {
    let mut batch = Batch::default();
    batch.channels.extend(metered());
    for step in 0..12 {
        let count = number * 12 + step;
        let now = BEGIN + number * HOUR + step * 300_000 + count * 37 % 900;
        let power = (count * count) % 2_900 - 400;
        let values = [
            if count % 50 < 2 {
                Err(units::NoValue::NoAnswer)
            } else {
                Ok(power)
            },
            Ok(70_000 + count * 21),
            Ok(2_300 + count * 7 % 31),
        ];
        for ((channel, _), value) in metered().iter().zip(values) {
            batch.readings.push(reading(channel, now, value));
        }
    }
    let quarter = interval(number, 100 + number);
    batch.intervals.push((device(0), Flow::Import, quarter));
    batch.intervals.push((device(1), Flow::Production, quarter));
    batch
}

/// What comes late: readings of the second day and of the fourth, and quarters of the first.
fn late(day: i64, energy: i64) -> Batch {
    let start = BEGIN + day * DAY + 5 * HOUR;
    let mut batch = Batch::default();
    for minute in 0..30 {
        batch
            .readings
            .push(reading(&channel(3), start + minute * 60_000 + 1, Ok(minute * 40)));
    }
    batch
        .intervals
        .push((device(0), Flow::Import, interval(2, energy)));
    batch
}

fn person() -> (Vec<u8>, Vec<u8>) {
    let mut person = Person::named("Zoë Ødegård", at(BEGIN)).expect("a name");
    person.household = Some(HouseholdId::new(3));
    (PersonId::new(7).to_key(), person.encode())
}

fn change() -> Change {
    let (key, row) = person();
    Change {
        rows: vec![RowChange {
            table: Person::TABLE,
            key,
            before: None,
            after: Some(row),
        }],
        lines: vec![AuditEntry {
            whose: Whose::People(vec![PersonId::new(7)]),
            ..AuditEntry::new(at(BEGIN), "add-person")
        }],
    }
}

/// Everything that is put in, in this order. Roll-ups are made in between.
fn lived(store: &Store, between: impl Fn(&Store)) -> Model {
    let mut model = Model::default();
    let mut record = |batch: Batch, sealed: bool| {
        model.take(&batch);
        store.record_and_wait(batch).expect("recorded");
        if sealed {
            store.seal().expect("sealed");
        }
    };
    the_batches().into_iter().for_each(|batch| record(batch, true));
    (0..HOURS).for_each(|number| record(hour(number), number % 12 == 11));
    between(store);
    record(late(1, 999), true);
    between(store);
    record(late(3, 888), true);
    record(hour(HOURS), false);
    for entry in the_audit() {
        model.audit.push(store.audit(entry).expect("written").entry);
    }
    let lines = store.change(change()).expect("changed");
    model.audit.extend(lines.into_iter().map(|line| line.entry));
    store.put_meta("site/id", b"format 3").expect("written");
    model
}

fn roll_up(store: &Store) {
    let now = at(BEGIN + HOURS * HOUR);
    while store.roll_up(&zone(), now).expect("made") == Progress::More {}
}

fn open(folder: &tempfile::TempDir) -> Store {
    let options = Options {
        tail_pages: 16,
        ..Options::default()
    };
    Store::open(folder.path(), options).expect("it opens")
}

#[test]
#[ignore = "makes the files of format 3, which was done once"]
fn make_format_3() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = open(&folder);
    lived(&store, roll_up);
    store.rewrite().expect("without what was removed");
    drop(store);
    std::fs::copy(folder.path().join(FILE), fixture("format-3.redb")).expect("copied");
    std::fs::copy(folder.path().join(TAIL), fixture("format-3.tail")).expect("copied");
}

/// By every length, from long before to long after.
fn roll_ups(store: &Store) -> Vec<Vec<crate::Rollup>> {
    let (from, to) = (at(BEGIN - 9 * DAY), at(BEGIN + 20 * DAY));
    let resolutions = [
        Resolution::Minute,
        Resolution::Quarter,
        Resolution::Day,
        Resolution::Month,
    ];
    let channels = (0..6).map(channel);
    let each = channels.flat_map(|channel| {
        resolutions.map(|resolution| store.rollups(&channel, resolution, from, to).expect("readable"))
    });
    each.collect()
}

#[test]
fn the_files_of_format_3_open_with_everything_and_take_more() {
    let folder = tempfile::tempdir().expect("a folder");
    for (from, to) in [("format-3.redb", FILE), ("format-3.tail", TAIL)] {
        std::fs::copy(fixture(from), folder.path().join(to)).expect("copied");
    }
    // The same readings in a store that never makes roll-ups, and answers from readings alone.
    let plain_folder = tempfile::tempdir().expect("a folder");
    let plain = open(&plain_folder);
    let mut model = lived(&plain, |store| {
        store.roll_up(&zone(), at(i64::MIN)).expect("told");
    });
    for time in 0..2 {
        let store = open(&folder);
        assert!(!store.opened().recovered());
        assert_eq!(store.opened().lost_pages, 0);
        assert!(Model::of(&store) == model, "opened {time} times before");
        assert!(roll_ups(&store) == roll_ups(&plain), "roll-ups, {time}");
        has_its_days(&store, time);
        has_its_ledger(&store);
        let (key, row) = person();
        assert_eq!(store.row(Person::TABLE, &key).expect("readable"), Some(row));
        let book = store.book().expect("readable");
        assert_eq!(
            book.people
                .get(&PersonId::new(7))
                .map(|person| person.name.as_str()),
            Some("Zoë Ødegård")
        );
        assert_eq!(
            store.get_meta("site/id").expect("readable"),
            Some(b"format 3".to_vec())
        );
        let more = Batch {
            readings: vec![reading(&channel(1), BEGIN + HOURS * HOUR + 9_999_999, Ok(3))],
            ..Batch::default()
        };
        for store in [&store, &plain] {
            store.record_and_wait(more.clone()).expect("recorded");
            store.seal().expect("sealed");
        }
        model.take(&more);
        roll_up(&store);
    }
}

/// Which days were made, how often, and which must be made anew.
fn has_its_days(store: &Store, opened_before: usize) {
    let made = at(BEGIN + HOURS * HOUR);
    let versions = |day: i64| store.roll_up_versions(at(BEGIN + day * DAY)).expect("readable");
    assert_eq!(versions(1), [made, made], "what came late is in the second");
    assert_eq!(versions(5), [made]);
    assert_eq!(
        versions(3).len(),
        1 + opened_before.min(1),
        "made anew once it was opened"
    );
    assert_eq!(
        store.kept(at(BEGIN + 2 * DAY)).expect("readable"),
        crate::Kept::Readings
    );
    let amended = store
        .amendments(at(BEGIN + DAY), at(BEGIN + 2 * DAY))
        .expect("readable");
    assert_eq!(amended.iter().map(|hour| hour.added).collect::<Vec<_>>(), [30]);
}

/// The chain of closed days is whole, and a correction stands beside what was closed.
fn has_its_ledger(store: &Store) {
    let state = store.verify_ledger().expect("whole");
    let until = at(BEGIN).floor(Span::DAY) + Span::DAY.times(4);
    let expected = LedgerState {
        days: 4,
        entries: state.entries,
        corrections: 2,
        until: Some(until),
        head: state.head,
    };
    assert_eq!(state, expected);
    assert!(state.entries > 150 && state.head.is_some());
    let history = store
        .interval_history(&device(0), Flow::Import, interval(2, 0).start)
        .expect("readable");
    let told: Vec<(Option<i64>, i64)> = history
        .iter()
        .map(|one| (one.before.map(|before| before.energy.0), one.after.energy.0))
        .collect();
    assert_eq!(told, [(Some(999), 888), (Some(102), 999)]);
}
