//! Rows of the members' book: changed together or not at all, undone exactly; and the record that tells of them.

use members::book::Book;
use members::household::Household;
use members::person::Person;
use members::record::{Damaged, Kept, Key, Record};
use proptest::prelude::*;

use super::card::Card;
use super::model::BEGIN;
use crate::{AuditEntry, AuditFault, Change, Options, RowChange, Store, StoreError, Whose, Why};
use units::{HouseholdId, Instant, PersonId};

fn store() -> Store {
    Store::on(Box::new(Card::new(1)), Options::default()).expect("a new store")
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

fn line(whose: Whose, why: Why) -> AuditEntry {
    AuditEntry {
        actor: "person 1".to_owned(),
        who: Some(PersonId::new(1)),
        whose,
        why,
        ..AuditEntry::new(Instant::from_millis(BEGIN), "change-person")
    }
}

fn said(words: &str) -> Why {
    Why::Said {
        words: words.to_owned(),
        salt: [7; 16],
    }
}

fn all(store: &Store) -> Vec<crate::Row> {
    store.rows("people", (&[], None), 100).expect("readable")
}

#[test]
fn rows_change_together_with_their_lines_or_not_at_all() {
    let store = store();
    assert_eq!(all(&store), []);
    let change = Change {
        rows: vec![row(1, None, Some("Ana")), row(2, None, Some("Ben"))],
        lines: vec![line(
            Whose::People(vec![PersonId::new(1), PersonId::new(2)]),
            Why::NotSaid,
        )],
    };
    store.change(change.clone()).expect("changed");
    let stored = all(&store);
    assert_eq!(stored.len(), 2);
    let again = store.change(change.clone()).expect_err("Ana is there already");
    assert!(
        matches!(again, StoreError::Conflict { table: "people", .. }),
        "{again}"
    );
    let half = Change {
        rows: vec![row(3, None, Some("Cem")), row(1, Some("Anna"), None)],
        lines: vec![line(Whose::Nobody, Why::NotSaid)],
    };
    store.change(half).expect_err("Ana is not called Anna");
    assert_eq!(all(&store), stored);
    assert_eq!(store.audit_entries(None, 9).expect("readable").len(), 1);

    let undo = change.rows.into_iter().map(|row| RowChange {
        before: row.after,
        after: row.before,
        ..row
    });
    let undo = Change {
        rows: undo.collect(),
        lines: Vec::new(),
    };
    store.change(undo).expect("undone");
    assert_eq!(all(&store), []);
}

#[test]
fn a_table_that_the_book_does_not_have_is_refused() {
    let unknown = RowChange {
        table: "poeple",
        ..row(1, None, Some("Ana"))
    };
    let change = Change {
        rows: vec![unknown],
        lines: Vec::new(),
    };
    assert!(matches!(store().change(change), Err(StoreError::Damaged { .. })));
}

#[test]
fn rows_are_found_by_the_beginning_of_their_key() {
    let store = store();
    let rows = (1..=9).map(|key| row(key, None, Some("x"))).collect();
    let change = Change {
        rows,
        lines: Vec::new(),
    };
    store.change(change).expect("changed");
    let some = store
        .rows("people", (&[0, 0, 0, 3], Some(&[0, 0, 0, 6])), 100)
        .expect("readable");
    assert_eq!(some.iter().map(|(key, _)| key[3]).collect::<Vec<_>>(), [3, 4, 5]);
    assert_eq!(store.rows("people", (&[], None), 4).expect("readable").len(), 4);
    let none = store.rows("people", (&[9], Some(&[1])), 4).expect("readable");
    assert_eq!(none, []);
    assert_eq!(
        store.row("people", &[0, 0, 0, 9]).expect("readable").as_deref(),
        Some(b"x".as_slice())
    );
}

/// What is kept of everybody, read row by row.
fn read_anew(store: &Store) -> Book {
    let mut book = Book::default();
    for table in Book::TABLES {
        let visited: Result<(), Damaged> = store
            .visit_rows(table, (&[], None), |key, row| book.take(table, key, Some(row)))
            .expect("readable");
        visited.expect("sound");
    }
    book
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// The book at hand is always the book in the file, whoever holds an older one meanwhile, and whatever was refused.
    #[test]
    fn the_book_at_hand_is_the_book_in_the_file(steps in prop::collection::vec((1_u32..5, any::<bool>(), any::<bool>(), 0_usize..3), 1..20)) {
        let store = store();
        let mut held = Vec::new();
        for (step, (number, here, stale, asked)) in steps.into_iter().enumerate() {
            let (person, household) = (PersonId::new(number), HouseholdId::new(number));
            let name = |what: usize| Person::named(&format!("Somebody {what}"), Instant::from_millis(0)).expect("a name");
            let before = store.row(Person::TABLE, &person.to_key()).expect("readable");
            let rows = vec![
                RowChange {
                    table: Person::TABLE,
                    key: person.to_key(),
                    before: if stale { Some(name(999).encode()) } else { before },
                    after: here.then(|| name(step).encode()),
                },
                RowChange {
                    table: Household::TABLE,
                    key: household.to_key(),
                    before: store.row(Household::TABLE, &household.to_key()).expect("readable"),
                    after: (!here).then(|| Household::new().encode()),
                },
            ];
            let changed = store.change(Change { rows, lines: Vec::new() });
            prop_assert_eq!(changed.is_err(), stale);
            for _ in 0..asked {
                held.push((store.book().expect("readable"), read_anew(&store)));
            }
            prop_assert_eq!(&*store.book().expect("readable"), &read_anew(&store));
        }
        // What somebody holds stays as it was.
        for (book, then) in held {
            prop_assert_eq!(&*book, &then);
        }
    }
}

#[test]
fn a_visit_of_rows_ends_at_its_first_error() {
    let store = store();
    let rows = (1..=9).map(|key| row(key, None, Some("x"))).collect();
    let lines = Vec::new();
    store.change(Change { rows, lines }).expect("changed");
    let mut seen = Vec::new();
    let ended = store.visit_rows("people", (&[0, 0, 0, 3], None), |key, _| {
        seen.push(key[3]);
        if key[3] == 5 { Err("enough") } else { Ok(()) }
    });
    assert_eq!(ended.expect("readable"), Err("enough"));
    assert_eq!(seen, [3, 4, 5]);
}

#[test]
fn somebody_finds_the_lines_about_them_and_about_everybody() {
    let store = store();
    let people = |numbers: &[u32]| Whose::People(numbers.iter().copied().map(PersonId::new).collect());
    for whose in [
        people(&[5]),
        Whose::Nobody,
        people(&[4, 5, 300]),
        Whose::Everybody,
        people(&[6]),
    ] {
        store.audit(line(whose, Why::NotSaid)).expect("written");
    }
    let numbers = |person: u32, below, count| -> Vec<u64> {
        let lines = store
            .audit_of(PersonId::new(person), below, count)
            .expect("readable");
        lines.iter().map(|line| line.number).collect()
    };
    assert_eq!(numbers(5, None, 9), [4, 3, 1]);
    assert_eq!(numbers(5, Some(4), 9), [3, 1]);
    assert_eq!(numbers(5, None, 2), [4, 3]);
    assert_eq!(numbers(300, None, 9), [4, 3]);
    assert_eq!(numbers(77, None, 9), [4]);
    assert_eq!(store.verify_audit().expect("whole"), 5);
}

#[test]
fn a_reason_can_be_erased_but_not_changed() {
    let store = store();
    let ana = Whose::People(vec![PersonId::new(5)]);
    store
        .audit(line(ana.clone(), said("she asked for it")))
        .expect("written");
    store
        .audit(line(Whose::Nobody, said("the rules")))
        .expect("written");
    let whys = || -> Vec<Why> {
        let lines = store.audit_entries(None, 9).expect("readable");
        lines.into_iter().map(|line| line.entry.why).collect()
    };
    store
        .audit(line(Whose::Nobody, said("Ana told us")))
        .expect("written");
    assert_eq!(
        whys(),
        [said("Ana told us"), said("the rules"), said("she asked for it")]
    );
    store.erase_reasons(PersonId::new(5), &[]).expect("erased");
    assert_eq!(whys(), [said("Ana told us"), said("the rules"), Why::Erased]);
    store.erase_reasons(PersonId::new(5), &[3]).expect("erased");
    assert_eq!(whys(), [Why::Erased, said("the rules"), Why::Erased]);
    assert_eq!(store.verify_audit().expect("whole"), 3);
}

#[test]
fn a_reason_that_was_changed_is_found() {
    let (engine, _) =
        crate::engine::Engine::open(Box::new(Card::new(1)), Options::default()).expect("a store");
    let room = crate::engine::Room::Bytes(0);
    let entry = line(Whose::Nobody, said("the rules"));
    engine
        .write(room, |txn, _| crate::audit::append(txn, &entry))
        .expect("written");
    let forged = crate::fields::Fields::new()
        .bytes(1, &[7; 16])
        .text(2, "no rules")
        .finish();
    engine
        .write(room, |txn, _| {
            let mut reasons = txn.open_table(crate::tables::REASONS)?;
            reasons.insert(1_u64.to_be_bytes().as_slice(), forged.as_slice())?;
            Ok(())
        })
        .expect("forged");
    let found = engine.read(|txn, _| crate::audit::verify(txn)).expect("readable");
    assert!(
        matches!(found, Err(AuditFault::BrokenAt { number: 1, .. })),
        "{found:?}"
    );
}
