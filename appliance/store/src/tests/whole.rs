//! The store beside its model on a real folder: random batches, seals, reopenings, retention and questions.

use std::sync::mpsc;

use units::{Instant, NoValue, Unit};

use super::model::{BEGIN, Model, audit_entry, batch, channel, ever, everything, reading};
use crate::{Batch, Known, Options, Progress, Store, StoreError};

fn open(folder: &tempfile::TempDir) -> Store {
    Store::open(folder.path(), Options::default()).expect("a store")
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

fn ask(store: &Store, model: &Model, dice: &mut fastrand::Rng) {
    let channel = channel(dice.usize(..8));
    let from = BEGIN + dice.i64(-3_600_000..30_000_000);
    let to = from + dice.i64(1..20_000_000);
    let (start, end) = (Instant::from_millis(from), Instant::from_millis(to));
    let found: Vec<_> = store.readings(&channel, start, end).expect("readable");
    let none = std::collections::BTreeMap::new();
    let kept = model.points.get(&channel).unwrap_or(&none).range(from..to);
    let expected: Vec<_> = kept
        .map(|(at, outcome)| (Instant::from_millis(*at), *outcome))
        .collect();
    assert_eq!(found, expected);
    let count = dice.i64(1..50).min(to - from);
    let buckets = store
        .means(&channel, start, end, usize::try_from(count).expect("small"))
        .expect("readable");
    assert_eq!(buckets, model.means(&channel, from, to, count));
}

#[test]
fn the_store_does_what_its_model_does() {
    for seed in 0..12 {
        let folder = folder();
        let mut store = open(&folder);
        let mut dice = fastrand::Rng::with_seed(seed);
        let (mut model, mut now) = (Model::default(), BEGIN);
        for _ in 0..40 {
            match dice.u8(..16) {
                0 => {
                    drop(store);
                    store = open(&folder);
                    assert!(!store.opened().recovered());
                }
                1 => store.seal().expect("sealed"),
                2 => {
                    let entry = audit_entry(&mut dice);
                    model.audit.push(store.audit(entry).expect("written").entry);
                }
                3 | 4 => assert!(Model::of(&store) == model, "seed {seed}"),
                5..=7 => ask(&store, &model, &mut dice),
                _ => {
                    let batch = batch(&mut dice, &mut now);
                    store.record_and_wait(batch.clone()).expect("recorded");
                    model.take(&batch);
                }
            }
        }
        assert!(Model::of(&store) == model, "seed {seed}");
    }
}

#[test]
fn old_readings_are_given_up_in_small_steps_and_intervals_stay() {
    let folder = folder();
    let store = open(&folder);
    let mut dice = fastrand::Rng::with_seed(1);
    let (mut model, mut now) = (Model::default(), BEGIN);
    for _ in 0..60 {
        let batch = batch(&mut dice, &mut now);
        store.record_and_wait(batch.clone()).expect("recorded");
        model.take(&batch);
    }
    let cut = BEGIN + 4 * 3_600_000;
    while store.retain(Instant::from_millis(cut + 1_234)).expect("done") == Progress::More {}
    for points in model.points.values_mut() {
        points.retain(|at, _| *at >= cut);
    }
    model.points.retain(|_, points| !points.is_empty());
    assert!(Model::of(&store) == model);
    assert!(store.facts().oldest_reading >= Some(Instant::from_millis(cut)));
    drop(store);
    assert!(Model::of(&open(&folder)) == model);
}

#[test]
fn a_first_unit_is_taken_over_and_a_changed_one_begins_the_series_afresh() {
    let folder = folder();
    let mut store = open(&folder);
    let units = [
        (None, Unit::Count, 1),
        (Some(Unit::Watts), Unit::Watts, 2),
        (Some(Unit::Decivolts), Unit::Decivolts, 1),
    ];
    for (at, (said, kept, count)) in (BEGIN..).zip(units) {
        let mut batch = Batch::default();
        batch.channels.extend(said.map(|unit| (channel(0), unit)));
        batch.readings.push(reading(&channel(0), at, Ok(2_301)));
        store.record_and_wait(batch).expect("recorded");
        for _ in 0..2 {
            assert_eq!(store.channels()[0].unit, kept);
            assert_eq!(everything(&store, &channel(0)).len(), count);
            drop(store);
            store = open(&folder);
        }
    }
}

#[test]
fn a_chart_tells_a_gap_from_a_silent_device() {
    let folder = folder();
    let store = open(&folder);
    let readings = vec![
        reading(&channel(0), BEGIN, Ok(10)),
        reading(&channel(0), BEGIN + 500, Err(NoValue::Garbled)),
        reading(&channel(0), BEGIN + 1_500, Err(NoValue::Asleep)),
    ];
    store
        .record_and_wait(Batch {
            readings,
            ..Batch::default()
        })
        .expect("recorded");
    let at = Instant::from_millis;
    let buckets = store
        .means(&channel(0), at(BEGIN), at(BEGIN + 3_000), 3)
        .expect("readable");
    let known: Vec<Known> = buckets.iter().map(|bucket| bucket.known).collect();
    assert!(matches!(known[0], Known::Values(spread) if spread.count == 1 && spread.mean == 10));
    assert_eq!(&known[1..], &[Known::Without(NoValue::Asleep), Known::Gap]);
    assert_eq!(
        store.means(&channel(0), at(5), at(5), 3).expect("readable"),
        Vec::new()
    );
    assert_eq!(
        store
            .means(&channel(0), at(5), at(7), 100)
            .expect("readable")
            .len(),
        2
    );
    assert_eq!(
        store.readings(&channel(9), ever().0, ever().1).expect("readable"),
        Vec::new()
    );
}

#[test]
fn a_full_queue_gives_the_batch_back_in_words() {
    let folder = folder();
    let store = Store::open(
        folder.path(),
        Options {
            queue: 1,
            ..Options::default()
        },
    )
    .expect("a store");
    let (hold, held) = mpsc::sync_channel::<()>(0);
    let (started, begun) = mpsc::sync_channel::<()>(1);
    let batch = Batch {
        readings: vec![reading(&channel(0), BEGIN, Ok(7))],
        ..Batch::default()
    };
    let blocking = Box::new(move |_| {
        let _ = started.send(());
        let _ = held.recv();
    });
    store
        .record(batch.clone(), blocking)
        .expect("the first is being written");
    begun.recv().expect("the writer is at it");
    store
        .record(batch.clone(), Box::new(|_| ()))
        .expect("the second waits");
    let refused = store
        .record(batch.clone(), Box::new(|_| ()))
        .expect_err("no room");
    assert!(
        matches!(refused.why, StoreError::Busy { waiting: 1 }),
        "{refused}"
    );
    assert_eq!(*refused.batch, batch);
    assert_eq!(store.facts().queue, 1);
    drop(hold);
}

#[test]
fn closing_waits_for_what_is_queued_and_a_callback_may_hold_the_last_clone() {
    let folder = folder();
    let store = open(&folder);
    for number in 0..20 {
        let batch = Batch {
            readings: vec![reading(&channel(0), BEGIN + number, Ok(number))],
            ..Batch::default()
        };
        let clone = store.clone();
        store
            .record(
                batch,
                Box::new(move |result| drop((clone, result.expect("recorded")))),
            )
            .expect("queued");
    }
    let (told, done) = mpsc::sync_channel(1);
    let last = store.clone();
    let callback = Box::new(move |_| {
        drop(last);
        let _ = told.send(());
    });
    store.record(Batch::default(), callback).expect("queued");
    drop(store);
    done.recv().expect("the callback ran");
    let again = loop {
        // The writer closes by itself where the last clone went inside its own callback.
        if let Ok(store) = Store::open(folder.path(), Options::default()) {
            break store;
        }
        std::thread::yield_now();
    };
    assert!(!again.opened().recovered());
    assert_eq!(everything(&again, &channel(0)).len(), 20);
}

#[test]
fn a_callback_that_fails_does_not_stop_the_writer() {
    let folder = folder();
    let store = open(&folder);
    store
        .record(Batch::default(), Box::new(|_| panic!("a fault of the caller")))
        .expect("queued");
    let batch = Batch {
        readings: vec![reading(&channel(0), BEGIN, Ok(7))],
        ..Batch::default()
    };
    store.record_and_wait(batch).expect("the writer goes on");
}

#[test]
fn small_values_and_facts_are_kept() {
    let folder = folder();
    let store = open(&folder);
    assert_eq!(store.get_meta("site/id").expect("readable"), None);
    let before = store.facts().commits;
    store.put_meta("site/id", b"centre").expect("written");
    for own in ["audit/head", "store/format"] {
        let refused = store.put_meta(own, b"7");
        assert!(matches!(refused, Err(StoreError::Reserved { .. })), "{refused:?}");
    }
    let facts = store.facts();
    assert_eq!(
        (
            facts.commits - before,
            facts.queue,
            facts.trouble,
            facts.oldest_reading
        ),
        (1, 0, None, None)
    );
    assert!(facts.file_bytes > 4_096 && facts.bytes_written > 0 && facts.last_commit_ago.is_some());
    drop(store);
    assert_eq!(
        open(&folder).get_meta("site/id").expect("readable"),
        Some(b"centre".to_vec())
    );
}
