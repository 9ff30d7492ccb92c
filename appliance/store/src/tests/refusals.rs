//! What is refused when opening, each with a sentence, and left as it was.

use super::card::{Card, Mood};
use super::model::{BEGIN, channel, everything, reading};
use crate::header::{FORMAT, first_page};
use crate::open::{FILE, UNFINISHED};
use crate::{Batch, OpenError, Options, Store};

fn open(card: &Card) -> Result<Store, OpenError> {
    Store::on(Box::new(card.clone()), Options::default())
}

fn filled() -> (Card, Vec<u8>) {
    let card = Card::new(9);
    let store = open(&card).expect("a new store");
    let readings = vec![reading(&channel(0), BEGIN, Ok(7))];
    store
        .record_and_wait(Batch {
            readings,
            ..Batch::default()
        })
        .expect("recorded");
    drop(store);
    let bytes = card.bytes(FILE).expect("a file");
    (card, bytes)
}

#[test]
fn a_file_of_a_newer_hearth_is_left_byte_for_byte() {
    let (card, mut bytes) = filled();
    bytes[..4_096].copy_from_slice(&first_page(FORMAT + 3, FORMAT + 2));
    card.put(FILE, bytes.clone());
    card.put(UNFINISHED, vec![1, 2, 3]);
    let error = open(&card).expect_err("newer");
    assert!(matches!(error, OpenError::Newer { found, known, .. } if (found, known) == (FORMAT + 2, FORMAT)));
    assert!(error.to_string().contains("newer Hearth"), "{error}");
    assert!(card.bytes(FILE) == Some(bytes));
    assert_eq!(card.bytes(UNFINISHED), Some(vec![1, 2, 3]));
}

#[test]
fn a_file_that_a_newer_hearth_wrote_for_us_too_is_opened() {
    let (card, mut bytes) = filled();
    bytes[..4_096].copy_from_slice(&first_page(FORMAT + 1, FORMAT));
    card.put(FILE, bytes);
    assert_eq!(
        everything(&open(&card).expect("it may be opened"), &channel(0)).len(),
        1
    );
}

#[test]
fn damage_is_said_and_kept() {
    let (card, bytes) = filled();
    let mut other = bytes.clone();
    other[20] ^= 1;
    let mut foreign = bytes.clone();
    foreign[..6].copy_from_slice(b"SQLite");
    let mut engine = bytes.clone();
    engine[4_096..4_100].copy_from_slice(b"nope");
    let cut = bytes[..4_096].to_vec();
    for bad in [other, foreign, engine, cut, Vec::new()] {
        card.put(FILE, bad.clone());
        let error = open(&card).expect_err("damaged");
        assert!(matches!(error, OpenError::Damaged { .. }), "{error}");
        let kept = card.bytes(FILE).expect("still there");
        assert_eq!(kept.len(), bad.len(), "{error}");
    }
}

#[test]
fn any_flipped_byte_is_refused_or_harmless_and_never_a_panic() {
    let (card, bytes) = filled();
    let mut dice = fastrand::Rng::with_seed(5);
    for _ in 0..200 {
        let mut bad = bytes.clone();
        let at = dice.usize(..bad.len());
        bad[at] ^= 1 << dice.u8(..8);
        card.put(FILE, bad);
        let Ok(store) = open(&card) else { continue };
        let _ = store.readings(
            &channel(0),
            crate::tests::model::ever().0,
            crate::tests::model::ever().1,
        );
        let _ = store.verify_audit();
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_said() {
    let card = Card::new(2);
    card.set_mood(Mood::ReadOnly);
    let error = open(&card).expect_err("nothing can be made");
    assert!(matches!(error, OpenError::ReadOnly { .. }), "{error}");
    let (card, bytes) = filled();
    card.set_mood(Mood::ReadOnly);
    let store = open(&card).expect("what is there can be read");
    assert_eq!(everything(&store, &channel(0)).len(), 1);
    let trouble = store.facts().trouble.expect("it is said at once");
    assert!(
        trouble.starts_with("the card can no longer be written to"),
        "{trouble}"
    );
    drop(store);
    assert!(card.bytes(FILE) == Some(bytes));
    card.set_mood(Mood::FullAndSaysSo);
    drop(open(&card).expect("a full card can still be read"));
    let empty = Card::new(3);
    empty.set_mood(Mood::FullAndSaysSo);
    assert!(matches!(open(&empty), Err(OpenError::NoSpace { .. })));
    assert_eq!(empty.bytes(UNFINISHED), None);
}

#[test]
fn a_second_box_on_the_same_folder_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let first = Store::open(folder.path(), Options::default()).expect("the first");
    let error = Store::open(folder.path(), Options::default()).expect_err("the second");
    assert!(matches!(error, OpenError::AlreadyOpen { .. }), "{error}");
    drop(first);
    Store::open(folder.path(), Options::default()).expect("the first has gone");
}

#[test]
fn a_missing_folder_and_a_file_in_its_place_are_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let missing = folder.path().join("missing");
    assert!(matches!(
        Store::open(&missing, Options::default()),
        Err(OpenError::NotAFolder { .. })
    ));
    let file = folder.path().join("file");
    std::fs::write(&file, b"x").expect("written");
    assert!(matches!(
        Store::open(&file, Options::default()),
        Err(OpenError::NotAFolder { .. })
    ));
    std::fs::write(folder.path().join(UNFINISHED), b"left over").expect("written");
    drop(Store::open(folder.path(), Options::default()).expect("a new store"));
    assert!(!folder.path().join(UNFINISHED).exists());
}
