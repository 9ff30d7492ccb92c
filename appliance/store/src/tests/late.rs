//! What comes late: an hour that was sealed gets a new version, and what was shown before can be explained.

use units::{Instant, NoValue};

use super::model::{BEGIN, channel, ever, everything, reading};
use crate::{Amendment, Batch, Options, Store};

const HOUR: i64 = 3_600_000;

fn store() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(folder.path(), Options::default()).expect("a store");
    (folder, store)
}

fn record(store: &Store, points: &[(usize, i64, i64)]) {
    let readings = points
        .iter()
        .map(|(number, at, value)| reading(&channel(*number), BEGIN + at, Ok(*value)));
    let batch = Batch {
        readings: readings.collect(),
        ..Batch::default()
    };
    store.record_and_wait(batch).expect("recorded");
}

fn amendments(store: &Store) -> Vec<Amendment> {
    store.amendments(ever().0, ever().1).expect("readable")
}

fn amendment(hour: i64, version: u32, at: i64, added: u64, replaced: u64) -> Amendment {
    Amendment {
        hour: Instant::from_millis(BEGIN + hour * HOUR),
        version,
        at: Instant::from_millis(BEGIN + at),
        added,
        replaced,
    }
}

#[test]
fn late_readings_make_a_version_that_says_what_it_changed() {
    let (folder, store) = store();
    record(&store, &[(0, 0, 1), (0, 1_000, 2), (1, 1_000, 3), (0, HOUR, 4)]);
    assert_eq!(amendments(&store), [], "a first version changes nothing");
    record(&store, &[(0, 1_000, 7), (0, 500, 6), (2, 9, 9)]);
    record(&store, &[(0, 2 * HOUR, 5)]);
    // A channel that is new goes into the database at once, with all that is pending.
    let first = amendment(0, 2, HOUR, 2, 1);
    assert_eq!(amendments(&store), [first]);
    let shown: Vec<_> = everything(&store, &channel(0))
        .into_iter()
        .map(|(at, outcome)| (at.as_millis() - BEGIN, outcome))
        .collect();
    assert_eq!(
        shown,
        [
            (0, Ok(1)),
            (500, Ok(6)),
            (1_000, Ok(7)),
            (HOUR, Ok(4)),
            (2 * HOUR, Ok(5))
        ]
    );
    record(&store, &[(1, 1_000, 0), (1, HOUR + 1, 0)]);
    store.seal().expect("sealed");
    let expected = [
        first,
        amendment(0, 3, 2 * HOUR, 0, 1),
        amendment(1, 2, 2 * HOUR, 1, 0),
    ];
    assert_eq!(amendments(&store), expected);
    drop(store);
    let store = Store::open(folder.path(), Options::default()).expect("a store");
    assert_eq!(amendments(&store), expected);
    let at = |at| Instant::from_millis(BEGIN + at);
    assert_eq!(
        store.amendments(at(HOUR), at(HOUR + 1)).expect("readable"),
        expected[2..]
    );
    while store.retain(at(HOUR)).expect("done") == crate::Progress::More {}
    assert_eq!(amendments(&store), expected[2..]);
}

#[test]
fn what_is_known_already_makes_no_version() {
    let (_folder, store) = store();
    let batch = Batch {
        readings: vec![
            reading(&channel(0), BEGIN, Ok(1)),
            reading(&channel(0), BEGIN + 1, Err(NoValue::Asleep)),
        ],
        ..Batch::default()
    };
    store.record_and_wait(batch.clone()).expect("recorded");
    store.seal().expect("sealed");
    store.record_and_wait(batch).expect("recorded");
    store.seal().expect("sealed");
    assert_eq!(amendments(&store), []);
    assert_eq!(everything(&store, &channel(0)).len(), 2);
}

#[test]
fn a_device_whose_clock_is_wrong_has_no_batch_of_its_own_sealed() {
    let (_folder, store) = store();
    record(&store, &[(0, 0, 1), (0, 10 * HOUR, 1)]);
    store.seal().expect("sealed");
    for at in 1..=50 {
        record(&store, &[(0, at, at)]);
        record(&store, &[(0, 10 * HOUR + at, at)]);
    }
    assert!(amendments(&store).len() <= 1, "{:?}", amendments(&store));
    record(&store, &[(0, 11 * HOUR, 1)]);
    assert_eq!(everything(&store, &channel(0)).len(), 103);
}

#[test]
fn a_clock_that_was_set_back_does_not_end_sealing() {
    let (_folder, store) = store();
    record(&store, &[(0, 0, 1), (0, 1_000 * HOUR, 1)]);
    store.seal().expect("sealed");
    let before = store.facts().commits;
    for at in 0..800 {
        record(&store, &[(0, HOUR + at * 10_000, at)]);
    }
    let sealed = store.amendments(ever().0, ever().1).expect("readable");
    assert_eq!(everything(&store, &channel(0)).len(), 802);
    assert!(sealed.len() <= 4, "{sealed:?}");
    let sealings = store.facts().commits - before - 800;
    assert!((1..=4).contains(&sealings), "{sealings} times, each batch apart");
}
