//! The ledger's closed days: what was closed stays, what comes later is a correction and is never booked twice, and
//! every alteration behind its back is found.

use energy::{Causes, Interval, Quality, TimeSource};
use redb::ReadableTable;
use units::{Flow, Instant, Span, WattHours};

use super::card::Card;
use super::model::device;
use crate::engine::{Engine, Room};
use crate::fault::Fault;
use crate::registry::Registry;
use crate::tables::{CORRECTIONS, DAYS, QUARTERS, time_key};
use crate::{Batch, LedgerFault, LedgerLines, LedgerState, Options, Store, ledger, meta};

/// Midnight of universal time, 2025-11-24.
const BEGIN: Instant = Instant::from_millis(1_763_942_400_000);

fn interval(quarter: i64, energy: i64) -> Interval {
    Interval {
        causes: Causes::NONE,
        time: TimeSource::Network,
        ..Interval::new(
            BEGIN + Span::QUARTER.times(quarter),
            WattHours(energy),
            Quality::Measured,
        )
    }
}

fn batch(intervals: impl IntoIterator<Item = Interval>) -> Batch {
    let both = |interval: Interval| {
        let half = Interval {
            energy: WattHours(interval.energy.0 / 2),
            ..interval
        };
        [
            (device(0), Flow::Import, interval),
            (device(1), Flow::Production, half),
        ]
    };
    Batch {
        intervals: intervals.into_iter().flat_map(both).collect(),
        ..Batch::default()
    }
}

fn keep(store: &Store, intervals: impl IntoIterator<Item = Interval>) {
    store.record_and_wait(batch(intervals)).expect("written");
    store.seal().expect("sealed");
}

/// A store that has lived so many days, quarter by quarter, sealed twice a day.
fn lived(days: i64) -> Store {
    let store = Card::new(7).store(1024 * 1024).expect("a new store");
    for half in 0..days * 2 {
        keep(
            &store,
            (half * 48..half * 48 + 48).map(|quarter| interval(quarter, 100 + quarter)),
        );
    }
    store
}

fn days(store: &Store) -> Vec<crate::LedgerDay> {
    let mut found = Vec::new();
    let mut at = Instant::from_millis(i64::MIN);
    while let Some(day) = store.ledger_day(at, &|_| true).expect("readable") {
        at = day.until;
        found.push(day);
    }
    found
}

fn read(store: &Store, quarter: i64) -> Option<Interval> {
    let start = BEGIN + Span::QUARTER.times(quarter);
    let found = store.intervals(&device(0), Flow::Import, start, start + Span::QUARTER);
    found.expect("readable").into_iter().next()
}

#[test]
fn a_day_is_closed_two_days_after_its_end_and_hangs_on_the_day_before() {
    let store = lived(6);
    let closed = days(&store);
    assert_eq!(closed.len(), 3, "the last three are still open");
    assert_eq!(closed[0].before, [0; 32]);
    for (index, day) in (0_i64..).zip(&closed) {
        assert_eq!(day.from, BEGIN + Span::DAY.times(index));
        assert_eq!(day.until, day.from + Span::DAY);
        assert_eq!((day.entries, day.leaves.len(), day.as_found), (192, 2, false));
    }
    assert_eq!(closed[1].before, closed[0].hash);
    let state = store.verify_ledger().expect("whole");
    let expected = LedgerState {
        days: 3,
        entries: 576,
        corrections: 0,
        until: Some(BEGIN + Span::DAY.times(3)),
        head: Some(closed[2].hash),
    };
    assert_eq!(state, expected);
}

#[test]
fn what_comes_late_is_a_correction_that_stands_beside_what_was_closed() {
    let store = lived(6);
    let before = days(&store);
    keep(&store, [interval(10, 999)]);
    assert_eq!(
        read(&store, 10),
        Some(interval(10, 999)),
        "what is read is corrected"
    );
    keep(&store, [interval(10, 999), interval(11, 111)]);
    keep(&store, [interval(10, 1_500)]);
    let start = interval(10, 0).start;
    let history = store
        .interval_history(&device(0), Flow::Import, start)
        .expect("readable");
    let told: Vec<_> = history
        .iter()
        .map(|one| {
            (
                one.number,
                one.before.map(|before| before.energy.0),
                one.after.energy.0,
            )
        })
        .collect();
    assert_eq!(told, [(3, Some(999), 1_500), (1, Some(110), 999)], "never twice");
    assert!(history[0].recorded > start, "the newest quarter that was known");
    assert_eq!(days(&store)[..3], before[..3], "what was closed is as it was");
    // The next day that is closed takes the corrections in.
    keep(&store, [interval(7 * 96, 5)]);
    let closed = days(&store);
    assert_eq!(closed[3].corrections, 4);
    let LedgerLines::Corrections(lines) = &closed[3]
        .leaves
        .iter()
        .filter_map(|leaf| leaf.shown.as_ref())
        .find(|shown| matches!(shown.lines, LedgerLines::Corrections(_)))
        .expect("there are some")
        .lines
    else {
        panic!("corrections");
    };
    assert!(!lines.is_empty());
    assert_eq!(store.verify_ledger().expect("whole").corrections, 4);
}

#[test]
fn a_quarter_that_was_missing_is_corrected_from_nothing() {
    let store = lived(2);
    keep(&store, [interval(9 * 96, 1)]);
    keep(&store, [interval(3 * 96, 7)]);
    assert_eq!(
        read(&store, 3 * 96),
        Some(interval(3 * 96, 7)),
        "days without entries are open until a day after them closes"
    );
    keep(&store, [interval(13 * 96, 1)]);
    keep(&store, [interval(5 * 96, 7)]);
    let history = store.interval_history(&device(0), Flow::Import, interval(5 * 96, 0).start);
    assert_eq!(history.expect("readable")[0].before, None);
    assert_eq!(read(&store, 5 * 96), Some(interval(5 * 96, 7)));
    keep(&store, [interval(20 * 96, 1)]);
    store.verify_ledger().expect("whole");
}

#[test]
fn what_a_store_holds_when_the_chain_begins_is_closed_as_it_was_found() {
    let store = Card::new(3).store(1024 * 1024).expect("a new store");
    keep(&store, (0..96 * 9).map(|quarter| interval(quarter, quarter)));
    let closed = days(&store);
    assert_eq!(closed.len(), 6);
    assert!(closed.iter().all(|day| day.as_found));
    keep(
        &store,
        (96 * 9..96 * 10).map(|quarter| interval(quarter, quarter)),
    );
    assert!(!days(&store)[6].as_found);
    store.verify_ledger().expect("whole");
}

#[test]
fn a_clock_that_was_days_ahead_closes_no_day_that_is_still_lived() {
    let store = lived(6);
    keep(&store, [interval(30 * 96, 1)]);
    for quarter in 6 * 96..9 * 96 {
        keep(&store, [interval(quarter, 3)]);
    }
    assert_eq!(read(&store, 8 * 96), Some(interval(8 * 96, 3)));
    let state = store.verify_ledger().expect("whole");
    assert_eq!(state.corrections, 0, "nothing of them is a correction");
}

const ROOM: Room = Room::Bytes(0);

type Change = fn(&redb::WriteTransaction) -> Result<(), Fault>;

/// An engine with four closed days and one correction in the third link.
fn engine() -> Engine {
    let (engine, _) = Engine::open(Box::new(Card::new(1)), Options::default()).expect("a new store");
    for day in 0..7 {
        let late = (day == 5).then(|| interval(20, 777));
        let intervals = (day * 96..day * 96 + 96).map(|quarter| interval(quarter, quarter));
        let batch = batch(intervals.chain(late));
        let write =
            |txn: &redb::WriteTransaction, registry: &mut Registry| ledger::write(txn, registry, &batch);
        engine.write(ROOM, write).expect("written");
    }
    engine
}

fn found(change: Change) -> String {
    let engine = engine();
    engine.write(ROOM, |txn, _| change(txn)).expect("altered");
    let verified = engine.read(ledger::verify).expect("readable");
    verified.map_or_else(|fault| fault.to_string(), |_| "whole".to_owned())
}

fn quarter(number: i64) -> [u8; 8] {
    time_key(interval(number, 0).start.as_millis())
}

fn flip(
    txn: &redb::WriteTransaction,
    table: crate::tables::Definition,
    key: &[u8],
    back: usize,
) -> Result<(), Fault> {
    let mut table = txn.open_table(table)?;
    let mut value = table.get(key)?.expect("a row").value().to_vec();
    let at = value.len() - back;
    value[at] ^= 1;
    table.insert(key, value.as_slice())?;
    Ok(())
}

fn remove(txn: &redb::WriteTransaction, table: crate::tables::Definition, key: &[u8]) -> Result<(), Fault> {
    txn.open_table(table)?.remove(key)?;
    Ok(())
}

/// Puts what stands in one quarter into another one as well.
fn forge(txn: &redb::WriteTransaction, from: i64, to: i64) -> Result<(), Fault> {
    let mut table = txn.open_table(QUARTERS)?;
    let value = table
        .get(quarter(from).as_slice())?
        .expect("a row")
        .value()
        .to_vec();
    table.insert(quarter(to).as_slice(), value.as_slice())?;
    Ok(())
}

#[test]
fn every_alteration_is_found_at_its_day() {
    assert_eq!(found(|_| Ok(())), "whole");
    let changes: [(&str, Change); 13] = [
        ("the day 2025-11-24", |txn| flip(txn, QUARTERS, &quarter(5), 1)),
        ("the day 2025-11-26", |txn| flip(txn, QUARTERS, &quarter(200), 3)),
        ("the day 2025-11-25", |txn| remove(txn, QUARTERS, &quarter(100))),
        ("the day 2025-11-24", |txn| forge(txn, 3, -300)),
        ("the day 2025-11-25", |txn| forge(txn, 3, 100)),
        ("the day 2025-11-26", |txn| remove(txn, DAYS, &quarter(2 * 96))),
        ("the day 2025-11-25", |txn| flip(txn, DAYS, &quarter(2 * 96), 12)),
        ("there was a newer one", |txn| {
            txn.open_table(DAYS)?.pop_last()?;
            Ok(())
        }),
        ("all its closed days", |txn| {
            txn.open_table(DAYS)?.retain(|_, _| false)?;
            Ok(())
        }),
        ("all its closed days", |txn| {
            txn.delete_table(DAYS)?;
            Ok(())
        }),
        ("correction 2", |txn| flip(txn, QUARTERS, &quarter(20), 3)),
        ("does not fit", |txn| {
            flip(txn, CORRECTIONS, &1_u64.to_be_bytes(), 1)
        }),
        ("does not fit", |txn| {
            remove(txn, CORRECTIONS, &1_u64.to_be_bytes())
        }),
    ];
    for (expected, change) in changes {
        let found = found(change);
        assert!(found.contains(expected), "{expected}: {found}");
    }
    let head = found(|txn| meta::put(txn, "store/ledger-head", b"other"));
    assert!(head.contains("there was a newer one"), "{head}");
}

#[test]
fn power_cuts_while_days_are_closed_leave_a_chain_that_fits() {
    for seed in 0..30 {
        println!("seed {seed}");
        let card = Card::new(seed);
        let mut dice = fastrand::Rng::with_seed(seed);
        let mut kept: Vec<Interval> = Vec::new();
        let mut next = 0;
        for _ in 0..4 {
            card.cut_after(dice.u64(..120));
            if let Ok(store) = card.store(1024 * 1024) {
                for _ in 0..12 {
                    let late = (next > 96).then(|| interval(dice.i64(..next), dice.i64(..5_000)));
                    let fresh = (next..next + 40).map(|quarter| interval(quarter, quarter));
                    let all: Vec<Interval> = fresh.chain(late).collect();
                    if store.record_and_wait(batch(all.clone())).is_err() || store.seal().is_err() {
                        // It may have happened or not; handing it in again is safe.
                        break;
                    }
                    kept.retain(|old| all.iter().all(|new| new.start != old.start));
                    kept.extend(all);
                    next += 40;
                }
            }
            card.power_on();
            let store = card.store(1024 * 1024).expect("it opens");
            store
                .verify_ledger()
                .unwrap_or_else(|fault| panic!("seed {seed}: {fault}"));
            for one in &kept {
                let found = store.intervals(&device(0), Flow::Import, one.start, one.start + Span::QUARTER);
                let found = found.expect("readable");
                assert!(!found.is_empty(), "seed {seed}: {one:?}");
            }
        }
    }
}

#[test]
fn a_fault_names_its_day() {
    let fault = LedgerFault::BrokenAt {
        from: BEGIN,
        until: BEGIN + Span::DAY,
        what: "it is a test",
    };
    assert_eq!(
        fault.to_string(),
        "the ledger was altered: the day 2025-11-24 does not fit: it is a test; compare with a backup"
    );
}
