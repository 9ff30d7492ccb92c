//! Cards that are full, fail, or wear out: the batch comes back, reading goes on, the next try works, and nothing
//! that was acknowledged is lost.

use super::card::{Card, Mood};
use super::model::{BEGIN, Model, batch, channel, everything, reading};
use crate::{Batch, Options, Store, StoreError};

fn open(card: &Card) -> Store {
    // Next to no cache, so that reads reach the card.
    let options = Options {
        cache_bytes: 16 * 1024,
        ..Options::default()
    };
    Store::on(Box::new(card.clone()), options).expect("a card that is well")
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

#[test]
fn a_card_that_says_it_is_full_is_not_even_touched() {
    let card = Card::new(3);
    let store = open(&card);
    let first = Batch {
        readings: vec![reading(&channel(0), BEGIN, Ok(7))],
        ..Batch::default()
    };
    store.record_and_wait(first.clone()).expect("room");
    settle(&store);
    card.set_mood(Mood::FullAndSaysSo);
    let before = card.bytes("hearth.redb");
    let refused = store.record_and_wait(first).expect_err("no room");
    assert!(matches!(refused.why, StoreError::NoSpace), "{refused}");
    assert!(card.bytes("hearth.redb") == before);
    assert_eq!(everything(&store, &channel(0)).len(), 1, "reading goes on");
    let trouble = store.facts().trouble.expect("it is said");
    assert!(trouble.starts_with("the card is full"), "{trouble}");
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
