//! The tail file: it goes round, it belongs to one database, a damaged page is told from the end, and where it cannot be
//! made everything goes on without it.

use units::Unit;

use super::card::{Card, Mood};
use super::model::{BEGIN, Model, batch, channel, device, everything, reading};
use crate::disk::Disk;
use crate::ring::FILE;
use crate::{Batch, Store};

const PAGE: usize = 4_096;

fn open(card: &Card) -> Store {
    card.store(1024 * 1024).expect("it opens")
}

/// Power goes, and comes back.
fn cut(card: &Card, store: Store) {
    card.cut_after(0);
    drop(store);
    card.power_on();
}

fn one(second: i64) -> Batch {
    let mut batch = Batch {
        readings: vec![reading(&channel(0), BEGIN + second * 1_000, Ok(second))],
        ..Batch::default()
    };
    batch.channels.insert(channel(0), Unit::Watts);
    batch
}

fn count(store: &Store) -> usize {
    everything(store, &channel(0)).len()
}

#[test]
fn it_goes_round_and_a_batch_costs_a_page() {
    let card = Card::new(1);
    let mut store = open(&card);
    for second in 0..100 {
        let receipt = store.record_and_wait(one(second)).expect("room");
        assert!(
            second % 17 == 0 || receipt.bytes == 4_096,
            "{second}: {} bytes",
            receipt.bytes
        );
        if second % 7 == 0 {
            cut(&card, store);
            store = open(&card);
        }
        assert_eq!(i64::try_from(count(&store)).expect("small"), second + 1);
    }
}

#[test]
fn what_is_sealed_is_not_taken_in_again() {
    let card = Card::new(2);
    let store = open(&card);
    let mut dice = fastrand::Rng::with_seed(2);
    let (mut model, mut now) = (Model::default(), BEGIN);
    for round in 0..60 {
        let batch = batch(&mut dice, &mut now);
        store.record_and_wait(batch.clone()).expect("room");
        model.take(&batch);
        if round % 9 == 0 {
            store.seal().expect("room");
        }
    }
    cut(&card, store);
    for _ in 0..2 {
        let store = open(&card);
        assert!(Model::of(&store) == model);
        assert!(store.memory(&device(0), units::Flow::Import).is_ok());
        cut(&card, store);
    }
}

/// The tail's pages one by one: spoilt in the middle, a batch is missing and the later ones are there; spoilt at the end,
/// it counts as never written.
#[test]
fn a_spoilt_page_costs_its_batch_and_no_other() {
    for spoilt in 1..=8 {
        let card = Card::new(3);
        let store = open(&card);
        for second in 0..9 {
            store.record_and_wait(one(second)).expect("room");
        }
        cut(&card, store);
        let mut bytes = card.bytes(FILE).expect("there");
        // The first batch went into the database, since its channel was new.
        let first = bytes
            .chunks(PAGE)
            .position(|page| page[..8] == 1_u64.to_be_bytes())
            .expect("the first page that was used");
        let at = (first + spoilt - 1) * PAGE + 40;
        bytes[at] ^= 1;
        card.put(FILE, bytes);
        let store = open(&card);
        let seconds: Vec<i64> = everything(&store, &channel(0))
            .iter()
            .filter_map(|(_, outcome)| outcome.ok())
            .collect();
        let spoilt = i64::try_from(spoilt).expect("small");
        let left: Vec<i64> = (0..9).filter(|second| *second != spoilt).collect();
        assert_eq!(seconds, left);
        store.record_and_wait(one(50)).expect("room");
        cut(&card, store);
        assert_eq!(count(&open(&card)), 9);
    }
}

/// Any bit of the file may flip: what is served was written, and nothing fails but in words.
#[test]
fn flipped_bits_never_make_a_wrong_value() {
    let card = Card::new(4);
    let store = open(&card);
    let mut dice = fastrand::Rng::with_seed(4);
    for second in 0..12 {
        store.record_and_wait(one(second)).expect("room");
    }
    cut(&card, store);
    let (sound, base) = (
        card.bytes(FILE).expect("there"),
        card.bytes("hearth.redb").expect("there"),
    );
    for _ in 0..400 {
        let mut bytes = sound.clone();
        for _ in 0..dice.usize(1..20) {
            let at = dice.usize(..bytes.len());
            bytes[at] ^= 1 << dice.u8(..8);
        }
        let card = Card::new(dice.u64(..));
        card.put(FILE, bytes);
        card.put("hearth.redb", base.clone());
        let store = open(&card);
        for (at, outcome) in everything(&store, &channel(0)) {
            let second = outcome.expect("a value");
            assert_eq!(at.as_millis(), BEGIN + second * 1_000);
        }
    }
}

#[test]
fn the_tail_of_another_box_is_not_taken_for_ones_own() {
    let (mine, other) = (Card::new(5), Card::new(6));
    for (card, seconds) in [(&mine, 0..5), (&other, 100..105)] {
        let store = open(card);
        for second in seconds {
            store.record_and_wait(one(second)).expect("room");
        }
        cut(card, store);
    }
    mine.put(FILE, other.bytes(FILE).expect("there"));
    let store = open(&mine);
    assert_eq!(count(&store), 1, "what went into the database");
    store.record_and_wait(one(7)).expect("room");
    cut(&mine, store);
    assert_eq!(count(&open(&mine)), 2);
}

/// Somebody removes the file while the box runs, and the card fails: what is pending is in memory still.
#[test]
fn a_tail_that_was_removed_is_made_anew() {
    let card = Card::new(8);
    let store = open(&card);
    for second in 0..3 {
        store.record_and_wait(one(second)).expect("room");
    }
    card.remove(FILE).expect("removed");
    card.set_mood(Mood::FailingSyncs(1));
    store
        .record_and_wait(one(3))
        .expect_err("the card does not take it");
    card.set_mood(Mood::Well);
    store.record_and_wait(one(3)).expect("it goes into the database");
    assert_eq!(store.record_and_wait(one(4)).expect("room").bytes, 4_096);
    cut(&card, store);
    assert_eq!(count(&open(&card)), 5);
}

#[test]
fn where_there_is_no_room_for_a_tail_readings_go_into_the_database() {
    let card = Card::new(7);
    drop(open(&card));
    card.put(FILE, Vec::new());
    card.set_mood(Mood::Full(u32::MAX));
    let store = open(&card);
    card.set_mood(Mood::Well);
    let receipt = store.record_and_wait(one(0)).expect("room");
    assert!(receipt.bytes > 4_096);
    // By then the tail could be made.
    let receipt = store.record_and_wait(one(1)).expect("room");
    assert_eq!(receipt.bytes, 4_096);
    cut(&card, store);
    assert_eq!(count(&open(&card)), 2);
}
