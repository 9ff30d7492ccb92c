//! Cards that are full, fail, or wear out: the batch comes back, reading goes on, the next try works, and nothing
//! that was acknowledged is lost.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::card::{Card, Mood};
use super::model::{BEGIN, Model, batch, channel, everything, reading};
use crate::{Batch, Options, Store, StoreError};

fn open(card: &Card) -> Store {
    // Next to no cache, so that reads reach the card.
    card.store(16 * 1024).expect("a card that is well")
}

/// Waits until the writer has packed what it packs after a batch, so that a seed always does the same.
fn settle(store: &Store) {
    store
        .record_and_wait(Batch::default())
        .expect("an empty batch is never refused");
}

/// Hands in batches while the card is in a mood, keeps those that come back, and hands them in again afterwards.
fn endure(seed: u64, mood: Mood) -> u32 {
    let card = Card::new(seed);
    let store = open(&card);
    let mut dice = fastrand::Rng::with_seed(seed);
    let (mut model, mut now, mut refusals) = (Model::default(), BEGIN, 0);
    let mut kept: Vec<Batch> = Vec::new();
    for round in 0..30 {
        let ill = round % 10 > 3;
        settle(&store);
        card.set_mood(if ill { mood } else { Mood::Well });
        kept.push(batch(&mut dice, &mut now));
        while let Some(next) = kept.first() {
            match store.record_and_wait(next.clone()) {
                Ok(_) => model.take(&kept.remove(0)),
                Err(refused) => {
                    assert!(ill, "seed {seed}: refused by a card that is well: {refused}");
                    assert_eq!(&*refused.batch, next, "the batch comes back as it was");
                    assert!(store.facts().trouble.is_some());
                    if mood == Mood::Full(u32::MAX) {
                        assert!(
                            Model::of(&store) == model,
                            "seed {seed}: reading goes on on a full card"
                        );
                    }
                    refusals += 1;
                    break;
                }
            }
        }
    }
    settle(&store);
    card.set_mood(Mood::Well);
    kept.push(batch(&mut dice, &mut now));
    for batch in kept {
        store.record_and_wait(batch.clone()).expect("a card that is well");
        model.take(&batch);
    }
    settle(&store);
    assert_eq!(store.facts().trouble, None);
    assert!(Model::of(&store) == model, "seed {seed}");
    card.cut_after(0);
    drop(store);
    card.power_on();
    assert!(Model::of(&open(&card)) == model, "seed {seed} after a cut");
    refusals
}

#[test]
fn a_full_card_gives_batches_back_and_takes_them_later() {
    for (many, seeds) in [(u32::MAX, 0..20), (7, 20..60), (1, 60..80)] {
        let refusals: u32 = seeds.map(|seed| endure(seed, Mood::Full(many))).sum();
        assert!(refusals > 0, "the card was never full for one in {many}");
    }
}

#[test]
fn failed_syncs_and_reads_lose_nothing() {
    let syncs: u32 = (0..60).map(|seed| endure(seed, Mood::FailingSyncs(3))).sum();
    let reads: u32 = (60..100).map(|seed| endure(seed, Mood::FailingReads(20))).sum();
    assert!(syncs > 0 && reads > 0, "{syncs} syncs and {reads} reads failed");
}

/// The tail has its room already, so reading goes on; the database is not even touched.
#[test]
fn on_a_card_that_says_it_is_full_readings_go_on_for_as_long_as_the_tail_has_room() {
    let card = Card::new(3);
    let store = open(&card);
    let batch = |second: i64| Batch {
        readings: vec![reading(&channel(0), BEGIN + second * 1_000, Ok(second))],
        ..Batch::default()
    };
    store.record_and_wait(batch(0)).expect("room");
    card.set_mood(Mood::FullAndSaysSo);
    let before = card.bytes("hearth.redb");
    let mut taken = 1;
    let refused = loop {
        match store.record_and_wait(batch(taken)) {
            Ok(_) => taken += 1,
            Err(refused) => break refused,
        }
        let trouble = store.facts().trouble.expect("it is said at once");
        assert!(trouble.starts_with("the card is full"), "{trouble}");
    };
    assert_eq!(
        taken, 17,
        "one went into the database, and the tail has sixteen pages"
    );
    assert!(matches!(refused.why, StoreError::NoSpace), "{refused}");
    assert!(card.bytes("hearth.redb") == before);
    let count = everything(&store, &channel(0)).len();
    assert_eq!(
        i64::try_from(count).expect("small"),
        taken,
        "all of them are read"
    );
    card.set_mood(Mood::Well);
    store.record_and_wait(batch(taken)).expect("room again");
    assert_eq!(store.facts().trouble, None);
}

#[test]
fn a_card_that_turns_read_only_is_called_by_its_name() {
    let card = Card::new(4);
    let store = open(&card);
    let batch = Batch {
        readings: vec![reading(&channel(0), BEGIN, Ok(7))],
        ..Batch::default()
    };
    card.set_mood(Mood::ReadOnly);
    let refused = store
        .record_and_wait(batch.clone())
        .expect_err("nothing can be written");
    assert!(matches!(refused.why, StoreError::ReadOnly), "{refused}");
    card.set_mood(Mood::Well);
    store.record_and_wait(batch).expect("it was mounted again");
}

/// Linux mounts a card read-only once it has failed: what is there is read, at once and after a start, what waits is
/// written when the card is well, and nothing is lost.
#[test]
fn a_card_that_turns_read_only_is_read_on() {
    for seed in 0..40 {
        let card = Card::new(seed);
        let mut store = open(&card);
        let mut dice = fastrand::Rng::with_seed(seed);
        let (mut model, mut now) = (Model::default(), BEGIN);
        for _ in 0..6 {
            let batch = batch(&mut dice, &mut now);
            store.record_and_wait(batch.clone()).expect("room");
            model.take(&batch);
        }
        settle(&store);
        if dice.bool() {
            // Power goes, and the card comes back read-only.
            card.cut_after(0);
            drop(store);
            card.power_on();
            card.set_mood(Mood::ReadOnly);
            store = open(&card);
            assert!(store.facts().trouble.is_some(), "seed {seed}");
        }
        card.set_mood(Mood::ReadOnly);
        let waits = batch(&mut dice, &mut now);
        for _ in 0..3 {
            if !waits.is_empty() {
                let refused = store
                    .record_and_wait(waits.clone())
                    .expect_err("nothing is written");
                assert!(
                    matches!(refused.why, StoreError::ReadOnly),
                    "seed {seed}: {refused}"
                );
            }
            let refused = store
                .put_meta("note/0", b"a note")
                .expect_err("nothing is written");
            assert!(matches!(refused, StoreError::ReadOnly), "seed {seed}: {refused}");
            assert!(Model::of(&store) == model, "seed {seed}: it is read on");
        }
        card.set_mood(Mood::Well);
        store.record_and_wait(waits.clone()).expect("the card is well");
        model.take(&waits);
        store.put_meta("note/0", b"a note").expect("the card is well");
        settle(&store);
        assert_eq!(store.facts().trouble, None);
        card.cut_after(0);
        drop(store);
        card.power_on();
        assert!(Model::of(&open(&card)) == model, "seed {seed} after a cut");
    }
}

/// What was opened is answered from memory where it can be, nothing panics, and when the card is back all is there.
#[test]
fn a_card_that_was_pulled_out_loses_nothing() {
    for seed in 0..40 {
        let card = Card::new(seed);
        let store = open(&card);
        let mut dice = fastrand::Rng::with_seed(seed);
        let (mut model, mut now) = (Model::default(), BEGIN);
        let mut waiting = Vec::new();
        for round in 0..12 {
            let next = batch(&mut dice, &mut now);
            if (4..9).contains(&round) {
                card.set_mood(Mood::Gone);
            }
            match store.record_and_wait(next.clone()) {
                Ok(_) => model.take(&next),
                Err(refused) => {
                    assert!(refused.why.is_of_the_card(), "seed {seed}: {refused}");
                    waiting.push(next);
                }
            }
            for channel in store.channels() {
                let _ = store.readings(&channel.channel, channel.first, channel.last);
            }
            settle(&store);
            card.set_mood(Mood::Well);
        }
        for batch in waiting {
            store.record_and_wait(batch.clone()).expect("the card is back");
            model.take(&batch);
        }
        settle(&store);
        assert!(Model::of(&store) == model, "seed {seed}");
        drop(store);
        assert!(Model::of(&open(&card)) == model, "seed {seed} after a start");
    }
}

/// What is written to a file whose name was removed is gone with the program, so nothing is acknowledged there.
#[test]
fn a_folder_that_was_removed_under_the_box_is_noticed() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(folder.path(), Options::default()).expect("a store");
    let batch = |second: i64| Batch {
        readings: vec![reading(&channel(0), BEGIN + second * 1_000, Ok(second))],
        ..Batch::default()
    };
    for second in 0..3 {
        store.record_and_wait(batch(second)).expect("room");
    }
    store.rewrite().expect("the file has another number now");
    store.record_and_wait(batch(3)).expect("room");
    // The tail alone: what is pending goes into the database, and another tail is made.
    std::fs::remove_file(folder.path().join("hearth.tail")).expect("removed");
    store.record_and_wait(batch(4)).expect("room");
    store.record_and_wait(batch(5)).expect("room");
    std::fs::remove_dir_all(folder.path()).expect("removed");
    let refused = store
        .record_and_wait(batch(6))
        .expect_err("nobody would find it again");
    assert!(matches!(refused.why, StoreError::Gone), "{refused}");
    assert!(matches!(
        store.put_meta("note/0", b"a note"),
        Err(StoreError::Gone)
    ));
    assert!(
        store
            .facts()
            .trouble
            .expect("it is said")
            .contains("not in its folder")
    );
    assert_eq!(everything(&store, &channel(0)).len(), 6, "it is read on");
    // A copy in its place is another file.
    std::fs::create_dir_all(folder.path()).expect("made");
    std::fs::write(folder.path().join("hearth.redb"), b"another").expect("written");
    assert!(store.record_and_wait(batch(6)).is_err());
}

/// Putting a large file in order takes minutes on a card. Whoever reads or asks how things stand, on whatever thread,
/// hears so at once.
#[test]
fn nobody_waits_while_the_file_is_put_in_order() {
    let card = Card::new(5);
    let store = open(&card);
    let batch = Batch {
        readings: vec![reading(&channel(0), BEGIN, Ok(7))],
        ..Batch::default()
    };
    store.record_and_wait(batch.clone()).expect("room");
    settle(&store);
    let bytes = store.facts().file_bytes;
    // A channel that was never seen goes into the database, and not into the tail.
    let batch = Batch {
        readings: vec![reading(&channel(1), BEGIN, Ok(7))],
        ..Batch::default()
    };
    card.shut_gate();
    card.set_mood(Mood::FailingSyncs(1));
    let (told, outcome) = mpsc::channel();
    store
        .record(
            batch.clone(),
            Box::new(move |result| told.send(result.is_ok()).expect("it is waited for")),
        )
        .expect("queued");
    card.wait_for_someone_at_the_gate();
    card.set_mood(Mood::Well);
    let (answer, answered) = mpsc::channel();
    let asked = store.clone();
    let asking = thread::spawn(move || {
        let read = asked.readings(&channel(0), super::model::ever().0, super::model::ever().1);
        answer.send((asked.facts(), read)).expect("it is waited for");
    });
    let (facts, read) = answered
        .recv_timeout(Duration::from_secs(20))
        .expect("an answer while the gate is shut");
    assert_eq!(facts.file_bytes, bytes);
    assert!(matches!(read, Err(StoreError::Mending)), "{read:?}");
    card.open_gate();
    assert!(!outcome.recv().expect("told"), "the batch comes back");
    asking.join().expect("it has answered");
    assert_eq!(everything(&store, &channel(0)).len(), 1);
    assert_eq!(everything(&store, &channel(1)).len(), 0);
    store.record_and_wait(batch).expect("it is well again");
}

#[test]
fn a_failed_read_has_the_file_put_in_order_by_the_writer() {
    let card = Card::new(6);
    let store = open(&card);
    let batch = |at| Batch {
        readings: (0..500)
            .map(|n| {
                reading(
                    &channel(n % 6),
                    BEGIN + at + i64::try_from(n).expect("small"),
                    Ok(7),
                )
            })
            .collect(),
        ..Batch::default()
    };
    for round in 0..20 {
        store.record_and_wait(batch(round * 1_000)).expect("room");
    }
    store.seal().expect("room");
    card.set_mood(Mood::FailingReads(1));
    let (from, to) = super::model::ever();
    let failed = store.readings(&channel(0), from, to);
    assert!(matches!(failed, Err(StoreError::Io { .. })), "{failed:?}");
    card.set_mood(Mood::Well);
    settle(&store);
    assert!(!everything(&store, &channel(0)).is_empty());
}

#[test]
fn after_a_cut_a_file_is_open_without_being_walked() {
    let card = Card::new(7);
    let store = open(&card);
    let mut dice = fastrand::Rng::with_seed(7);
    for number in 0..20 {
        let value: Vec<u8> = (0..1_000_000).map(|_| dice.u8(..)).collect();
        store
            .put_meta(&format!("picture/{number}"), &value)
            .expect("room");
    }
    card.cut_after(0);
    drop(store);
    card.power_on();
    let before = card.bytes_read();
    let store = open(&card);
    assert!(store.opened().recovered());
    let read = card.bytes_read() - before;
    // Without the list of free pages it is walked twice. A build for tests walks it once, to check itself.
    let most = if cfg!(debug_assertions) {
        24_000_000
    } else {
        1_000_000
    };
    assert!(read < most, "{read} bytes were read to open 20 MB");
}
