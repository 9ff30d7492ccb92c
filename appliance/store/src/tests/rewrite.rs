//! Rewriting: what was removed is in no byte of the folder, what is kept is all there, and power may go at any moment.

use super::card::{Card, Mood};
use super::model::{BEGIN, Model, audit_entry, batch};
use crate::{AuditEntry, Change, RowChange, Store, StoreError, Whose, Why};
use units::{Instant, PersonId};

/// Letters that stand nowhere else.
const CANARY: &str = "Zyxwv Canary-Okonkwo";

fn open(card: &Card) -> Store {
    card.store(1024 * 1024).expect("it opens")
}

fn row(key: u8, before: Option<&str>, after: Option<&str>) -> RowChange {
    let bytes = |text: &str| text.as_bytes().to_vec();
    RowChange {
        table: "people",
        key: vec![0, 0, 0, key],
        before: before.map(bytes),
        after: after.map(bytes),
    }
}

fn has(card: &Card, text: &str) -> bool {
    ["hearth.redb", "hearth.redb.new"].iter().any(|file| {
        let bytes = card.bytes(file).unwrap_or_default();
        bytes.windows(text.len()).any(|part| part == text.as_bytes())
    })
}

/// A store with readings, a person who stays, and one of whom everything was removed.
fn lived_in(card: &Card, seed: u64) -> (Store, Model) {
    let store = open(card);
    let mut dice = fastrand::Rng::with_seed(seed);
    let (mut model, mut now) = (Model::default(), BEGIN);
    for _ in 0..6 {
        let batch = batch(&mut dice, &mut now);
        store.record_and_wait(batch.clone()).expect("written");
        model.take(&batch);
    }
    let entry = audit_entry(&mut dice);
    store.audit(entry.clone()).expect("written");
    model.audit.push(entry);
    let line = AuditEntry {
        who: Some(PersonId::new(1)),
        whose: Whose::People(vec![PersonId::new(99)]),
        why: Why::Said {
            words: format!("{CANARY} asked"),
            salt: [3; 16],
        },
        ..AuditEntry::new(Instant::from_millis(BEGIN), "change-person")
    };
    let rows = vec![row(1, None, Some("Ana stays")), row(2, None, Some(CANARY))];
    let lines = vec![line.clone()];
    store.change(Change { rows, lines }).expect("written");
    let rows = vec![row(2, Some(CANARY), None)];
    let lines = Vec::new();
    store.change(Change { rows, lines }).expect("removed");
    store.erase_reasons(PersonId::new(99), &[]).expect("erased");
    model.audit.push(AuditEntry {
        why: Why::Erased,
        ..line
    });
    (store, model)
}

#[test]
fn nothing_is_left_of_what_was_removed_and_all_else_is_there() {
    for seed in 0..10 {
        let card = Card::new(seed);
        let (store, model) = lived_in(&card, seed);
        assert!(has(&card, CANARY), "removing alone leaves it in the file");
        store.rewrite().expect("rewritten");
        assert!(!has(&card, CANARY), "seed {seed}");
        assert_eq!(Model::of(&store), model);
        assert_eq!(
            store.row("people", &[0, 0, 0, 1]).expect("readable").as_deref(),
            Some(b"Ana stays".as_slice())
        );
        store.verify_audit().expect("the chain is whole");
        // Life goes on in the new file, and it is a whole one.
        let rows = vec![row(3, None, Some("Ben"))];
        let lines = Vec::new();
        store.change(Change { rows, lines }).expect("written");
        drop(store);
        let again = open(&card);
        assert!(!again.opened().recovered());
        assert!(again.row("people", &[0, 0, 0, 3]).expect("readable").is_some());
        assert!(!has(&card, CANARY));
    }
}

#[test]
fn power_may_go_at_any_moment_of_it() {
    for seed in 0..250 {
        let card = Card::new(seed);
        let (store, model) = lived_in(&card, seed);
        card.cut_after(seed);
        let done = store.rewrite();
        drop(store);
        card.power_on();
        let store = open(&card);
        assert_eq!(Model::of(&store), model, "seed {seed}: something is lost");
        store.verify_audit().expect("the chain is whole");
        if done.is_ok() {
            assert!(!has(&card, CANARY), "seed {seed}: it was said to be gone");
        }
        assert!(
            card.bytes("hearth.redb.new").is_none(),
            "seed {seed}: what was unfinished is removed"
        );
        // Another try ends it.
        store.rewrite().expect("rewritten");
        assert!(!has(&card, CANARY), "seed {seed}");
    }
}

#[test]
fn what_is_acknowledged_after_it_is_kept() {
    for seed in 0..100 {
        let card = Card::new(seed);
        let (store, mut model) = lived_in(&card, seed);
        store.rewrite().expect("rewritten");
        let mut dice = fastrand::Rng::with_seed(seed ^ 1);
        let entry = audit_entry(&mut dice);
        store.audit(entry.clone()).expect("written");
        model.audit.push(entry);
        card.cut_after(0);
        drop(store);
        card.power_on();
        assert_eq!(Model::of(&open(&card)), model, "seed {seed}");
    }
}

#[test]
fn a_full_card_is_told_of_before_anything_is_done() {
    let card = Card::new(1);
    let (store, model) = lived_in(&card, 1);
    card.set_mood(Mood::FullAndSaysSo);
    assert!(matches!(store.room_to_rewrite(), Err(StoreError::NoSpace)));
    assert!(matches!(store.rewrite(), Err(StoreError::NoSpace)));
    // A card that fills up in the middle leaves the old file.
    card.set_mood(Mood::Full(3));
    assert!(store.rewrite().is_err());
    card.set_mood(Mood::Well);
    assert_eq!(Model::of(&store), model);
    store.rewrite().expect("there is room again");
    assert!(!has(&card, CANARY));
}
