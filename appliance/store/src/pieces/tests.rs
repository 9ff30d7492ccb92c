//! Sheets through redb itself: they come back whole and in parts, fill their pages, and name every flipped bit.

use std::collections::BTreeMap;

use redb::backends::InMemoryBackend;
use redb::{Builder, Database, ReadableDatabase, ReadableTable, ReadableTableMetadata};

use super::{Kind, Sheet, next_time, put, remove_before};
use crate::Progress;
use crate::tables::HOURS;

const RAW: Kind = Kind {
    code: 0,
    layout: 1,
    what: "the tests",
};
const OTHER: Kind = Kind {
    code: 1,
    layout: 7,
    what: "the tests",
};

fn database() -> Database {
    Builder::new()
        .create_with_backend(InMemoryBackend::new())
        .expect("a database in memory")
}

fn bytes(dice: &mut fastrand::Rng, length: usize) -> Vec<u8> {
    (0..length).map(|_| dice.u8(..)).collect()
}

#[test]
fn sheets_come_back_whole_and_in_parts_whatever_was_there_before() {
    let mut dice = fastrand::Rng::with_seed(1);
    let database = database();
    let mut model: BTreeMap<(u8, i64), (u32, Vec<u8>)> = BTreeMap::new();
    for step in 0..300_u32 {
        let txn = database.begin_write().expect("a transaction");
        {
            let mut table = txn.open_table(HOURS).expect("a table");
            let kind = if dice.bool() { RAW } else { OTHER };
            let time = [i64::MIN, -1, 0, 7, i64::MAX][dice.usize(..5)];
            let length = [0, 1, 4_057, 4_058, 4_059, 8_125, 8_126, dice.usize(..60_000)][dice.usize(..8)];
            let new = bytes(&mut dice, length);
            put(&mut table, kind, time, step, &new).expect("put");
            model.insert((kind.code, time), (step, new));
        }
        txn.commit().expect("committed");
        let txn = database.begin_read().expect("a transaction");
        let table = txn.open_table(HOURS).expect("a table");
        for kind in [RAW, OTHER] {
            let mut times = Vec::new();
            let mut next = next_time(&table, kind, i64::MIN, i64::MAX).expect("readable");
            while let Some(time) = next {
                times.push(time);
                next = time
                    .checked_add(1)
                    .and_then(|after| next_time(&table, kind, after, i64::MAX).expect("readable"));
            }
            let expected: Vec<i64> = model
                .keys()
                .filter(|key| key.0 == kind.code)
                .map(|key| key.1)
                .collect();
            assert_eq!(times, expected);
            for time in times {
                let sheet = Sheet::open(&table, kind, time).expect("readable").expect("there");
                let (version, whole) = &model[&(kind.code, time)];
                assert_eq!((sheet.version(), sheet.len()), (*version, whole.len()));
                assert!(sheet.read_all().expect("readable") == *whole);
                let from = dice.usize(..=whole.len());
                let to = dice.usize(from..=whole.len());
                assert!(sheet.read(from..to).expect("readable") == whole[from..to]);
                assert!(sheet.read(from..whole.len() + 1).is_err());
            }
        }
    }
}

#[test]
fn sheets_fill_their_pages() {
    let database = database();
    let mut dice = fastrand::Rng::with_seed(2);
    let mut stored = 0;
    for hour in 0..48 {
        let txn = database.begin_write().expect("a transaction");
        let sheet = bytes(
            &mut dice,
            100_000 + 3_000 * usize::try_from(hour % 7).expect("small"),
        );
        stored += sheet.len();
        put(&mut txn.open_table(HOURS).expect("a table"), RAW, hour, 1, &sheet).expect("put");
        txn.commit().expect("committed");
    }
    let txn = database.begin_read().expect("a transaction");
    let stats = txn.open_table(HOURS).expect("a table").stats().expect("figures");
    let pages = |count: u64| usize::try_from(count * 4_096).expect("small");
    // The rest is half a page at the end of each sheet, and branches, which redb leaves half full.
    let leaves = stored * 1_000 / pages(stats.leaf_pages());
    let all = stored * 1_000 / pages(stats.leaf_pages() + stats.branch_pages());
    assert!(
        leaves >= 965 && all >= 945,
        "{leaves} and {all} thousandths of {stats:?}"
    );
}

#[test]
fn the_oldest_go_first_and_never_a_part_of_a_sheet() {
    let database = database();
    let mut dice = fastrand::Rng::with_seed(3);
    let txn = database.begin_write().expect("a transaction");
    {
        let mut table = txn.open_table(HOURS).expect("a table");
        for time in -5..5 {
            put(&mut table, RAW, time, 1, &bytes(&mut dice, 10_000)).expect("put");
            put(&mut table, OTHER, time, 1, &bytes(&mut dice, 10)).expect("put");
        }
        // Three pieces a sheet: four rows are two sheets.
        assert_eq!(
            remove_before(&mut table, RAW, 2, 4).expect("removed"),
            Progress::More
        );
        assert_eq!(next_time(&table, RAW, i64::MIN, 9).expect("readable"), Some(-3));
        for time in -3..5 {
            let sheet = Sheet::open(&table, RAW, time).expect("readable").expect("there");
            assert_eq!(sheet.read_all().expect("whole").len(), 10_000);
        }
        assert_eq!(
            remove_before(&mut table, RAW, 2, 1_000).expect("removed"),
            Progress::Done
        );
        assert_eq!(next_time(&table, RAW, i64::MIN, 9).expect("readable"), Some(2));
        assert_eq!(next_time(&table, OTHER, i64::MIN, 9).expect("readable"), Some(-5));
        assert_eq!(
            remove_before(&mut table, RAW, i64::MIN, 9).expect("removed"),
            Progress::Done
        );
    }
    txn.abort().expect("aborted");
}

#[test]
fn a_sheet_of_another_layout_is_not_understood() {
    let database = database();
    let txn = database.begin_write().expect("a transaction");
    let mut table = txn.open_table(HOURS).expect("a table");
    let later = Kind { layout: 2, ..RAW };
    put(&mut table, later, 0, 1, &[5; 5_000]).expect("put");
    assert!(Sheet::open(&table, RAW, 0).is_err());
    assert!(Sheet::open(&table, later, 0).expect("readable").is_some());
}

#[test]
fn every_flipped_bit_is_named_or_does_no_harm() {
    let mut dice = fastrand::Rng::with_seed(4);
    let database = database();
    let whole = bytes(&mut dice, 9_000);
    let txn = database.begin_write().expect("a transaction");
    let mut table = txn.open_table(HOURS).expect("a table");
    put(&mut table, RAW, 0, 3, &whole).expect("put");
    for _ in 0..2_000 {
        let piece = dice.u32(..3);
        let key = super::key(RAW, 0, piece);
        let good = table
            .get(key.as_slice())
            .expect("readable")
            .expect("there")
            .value()
            .to_vec();
        let mut bad = good.clone();
        let at = dice.usize(..bad.len());
        bad[at] ^= 1 << dice.u8(..8);
        table.insert(key.as_slice(), bad.as_slice()).expect("put");
        let read =
            Sheet::open(&table, RAW, 0).and_then(|sheet| sheet.map(|sheet| sheet.read_all()).transpose());
        assert!(read.is_err(), "piece {piece}, byte {at}");
        table.insert(key.as_slice(), good.as_slice()).expect("put");
    }
    let lost = super::key(RAW, 0, 1);
    table.remove(lost.as_slice()).expect("removed");
    let sheet = Sheet::open(&table, RAW, 0).expect("readable").expect("there");
    assert!(sheet.read_all().is_err() && sheet.read(0..4_058).is_ok());
}
