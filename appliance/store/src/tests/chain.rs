//! The audit chain, altered behind its back: each alteration is found, at its line.

use super::card::Card;
use super::model::audit_entry;
use crate::engine::{Engine, Room};
use crate::fault::Fault;
use crate::tables::{AUDIT, META};
use crate::{AuditFault, Options, audit};

const ROOM: Room = Room::Bytes(0);

type Change = fn(&redb::WriteTransaction) -> Result<(), Fault>;

fn engine() -> Engine {
    let (engine, _) = Engine::open(Box::new(Card::new(1)), Options::default()).expect("a new store");
    let mut dice = fastrand::Rng::with_seed(1);
    for _ in 0..9 {
        let entry = audit_entry(&mut dice);
        engine
            .write(ROOM, |txn, _| audit::append(txn, &entry))
            .expect("written");
    }
    engine
}

fn row(txn: &redb::WriteTransaction, number: u64) -> Result<Vec<u8>, Fault> {
    let table = txn.open_table(AUDIT)?;
    let mut value = Vec::new();
    if let Some(row) = redb::ReadableTable::get(&table, number.to_be_bytes().as_slice())? {
        value.extend_from_slice(row.value());
    }
    Ok(value)
}

fn put(txn: &redb::WriteTransaction, number: u64, value: &[u8]) -> Result<(), Fault> {
    txn.open_table(AUDIT)?
        .insert(number.to_be_bytes().as_slice(), value)?;
    Ok(())
}

fn remove(txn: &redb::WriteTransaction, number: u64) -> Result<(), Fault> {
    txn.open_table(AUDIT)?.remove(number.to_be_bytes().as_slice())?;
    Ok(())
}

#[test]
fn an_untouched_chain_is_whole_and_pages_from_the_newest() {
    let engine = engine();
    assert_eq!(
        engine
            .read(|txn, _| audit::verify(txn))
            .expect("readable")
            .expect("whole"),
        9
    );
    let numbers = |below| {
        let page = engine
            .read(|txn, _| audit::page(txn, below, 4))
            .expect("readable");
        page.iter().map(|line| line.number).collect::<Vec<_>>()
    };
    assert_eq!(numbers(None), [9, 8, 7, 6]);
    assert_eq!(numbers(Some(6)), [5, 4, 3, 2]);
    assert_eq!(numbers(Some(2)), [1]);
}

#[test]
fn every_alteration_is_found_at_its_line() {
    let changes: [(u64, Change); 8] = [
        (4, |txn| {
            let mut value = row(txn, 4)?;
            value[12] ^= 1;
            put(txn, 4, &value)
        }),
        (3, |txn| remove(txn, 3)),
        (1, |txn| remove(txn, 1)),
        (5, |txn| {
            let (five, six) = (row(txn, 5)?, row(txn, 6)?);
            put(txn, 5, &six)?;
            put(txn, 6, &five)
        }),
        (9, |txn| remove(txn, 9)),
        (10, |txn| {
            let value = row(txn, 9)?;
            put(txn, 10, &value)
        }),
        (7, |txn| put(txn, 7, &[1])),
        (10, |txn| {
            txn.open_table(META)?.remove(b"audit/head".as_slice())?;
            Ok(())
        }),
    ];
    for (line, change) in changes {
        let engine = engine();
        engine.write(ROOM, |txn, _| change(txn)).expect("written");
        let found = engine.read(|txn, _| audit::verify(txn)).expect("readable");
        assert!(
            matches!(found, Err(AuditFault::BrokenAt { number, .. }) if number == line),
            "{found:?} for {line}"
        );
    }
}

#[test]
fn a_line_after_an_alteration_does_not_heal_it() {
    let changes: [(u64, Change); 3] = [
        (8, |txn| {
            remove(txn, 9)?;
            remove(txn, 8)
        }),
        (10, |txn| {
            txn.open_table(META)?.remove(b"audit/head".as_slice())?;
            Ok(())
        }),
        (10, |txn| {
            let value = row(txn, 9)?;
            put(txn, 10, &value)
        }),
    ];
    let mut dice = fastrand::Rng::with_seed(2);
    for (line, change) in changes {
        let engine = engine();
        engine.write(ROOM, |txn, _| change(txn)).expect("written");
        for _ in 0..3 {
            let entry = audit_entry(&mut dice);
            engine
                .write(ROOM, |txn, _| audit::append(txn, &entry))
                .expect("written");
            let found = engine.read(|txn, _| audit::verify(txn)).expect("readable");
            assert!(
                matches!(found, Err(AuditFault::BrokenAt { number, .. }) if number == line),
                "{found:?} for {line}"
            );
        }
    }
}
