//! Rows of the file that a newer Hearth has written into.

use super::card::Card;
use super::model::{BEGIN, batch};
use crate::engine::{Engine, Room};
use crate::series::{Grouped, SeriesWriter};
use crate::tables::{CHANNELS, DEVICES, Definition};
use crate::{Batch, Options, ledger};

/// A newer Hearth may write more into the row of a channel or a device than this one knows.
#[test]
fn what_a_newer_hearth_wrote_into_rows_stays() {
    let room = Room::Bytes(0);
    let card = Card::new(1);
    let (engine, _) = Engine::open(Box::new(card), Options::default()).expect("a new store");
    let (mut dice, mut now) = (fastrand::Rng::with_seed(3), BEGIN);
    let take = |engine: &Engine, batch: &Batch| {
        let grouped = Grouped::new(&batch.readings);
        engine
            .write(room, |txn, registry| {
                SeriesWriter {
                    txn,
                    registry: &mut *registry,
                }
                .append(batch, &grouped)?;
                ledger::write(txn, registry, batch)?;
                SeriesWriter { txn, registry }.seal(None)
            })
            .expect("written");
    };
    for _ in 0..9 {
        take(&engine, &batch(&mut dice, &mut now));
    }
    let rows = |engine: &Engine, table: Definition| {
        let read = engine.read(|txn, _| {
            let table = txn.open_table(table)?;
            let mut rows = Vec::new();
            for row in redb::ReadableTable::iter(&table)? {
                let (key, value) = row?;
                rows.push((key.value().to_vec(), value.value().to_vec()));
            }
            Ok(rows)
        });
        read.expect("readable")
    };
    for table in [CHANNELS, DEVICES] {
        let before = rows(&engine, table);
        assert!(!before.is_empty());
        engine
            .write(room, |txn, _| {
                for (key, value) in &before {
                    let mut newer = value.clone();
                    newer.extend([99, 2, 7, 7]);
                    txn.open_table(table)?.insert(key.as_slice(), newer.as_slice())?;
                }
                Ok(())
            })
            .expect("written");
    }
    // A quarter before all others, so that the devices' rows are written anew.
    let mut early = BEGIN - 1_000 * 3_600_000;
    for _ in 0..9 {
        take(&engine, &batch(&mut dice, &mut early));
    }
    for table in [CHANNELS, DEVICES] {
        for (key, value) in rows(&engine, table) {
            assert!(value.ends_with(&[99, 2, 7, 7]), "{key:?}: {value:?}");
        }
    }
}
