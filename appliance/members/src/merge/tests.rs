//! A merge loses nothing and leaves no row that names the entry that went; taken back, every row is what it was.

mod every_table;
mod laws;

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use units::{Currency, Instant, Money, PersonId};

use super::rows::names;
use super::{
    Choices, Found, Merged, NoMerge, Pair, Side, Stamp, Turned, differences, is_of_sign_in, merged, twins,
};
use crate::KEPT;
use crate::book::Book;
use crate::credential::Passphrase;
use crate::keeping::row_of;
use crate::membership::{Membership, Move, Status};
use crate::money::{Account, Agreement, Payer};
use crate::person::{Listing, Person, PersonKind, Way, WayKind};
use crate::record::{Kept, Key, Newer};
use crate::role::{Duty, SystemUser};
use crate::tables::table;
use crate::waiting::Waiting;
use every_table::{keys, whole};

const KEPT_ONE: PersonId = PersonId::new(1);
const GONE: PersonId = PersonId::new(2);
const BEN: PersonId = PersonId::new(3);
const PAIR: Pair = Pair {
    kept: KEPT_ONE,
    gone: GONE,
};
const STAMP: Stamp = Stamp {
    by: Some(BEN),
    at: Instant::from_millis(5),
};

type Rows = BTreeMap<(&'static str, Vec<u8>), Vec<u8>>;

fn put<R: Kept>(rows: &mut Rows, key: &R::Key, record: &R) {
    let (key, value) = row_of(key, record);
    rows.insert((R::TABLE, key), value);
}

fn get<R: Kept>(rows: &Rows, key: &R::Key) -> Option<R> {
    let value = rows.get(&(R::TABLE, key.to_key()))?;
    Some(R::decode(value).expect("sound"))
}

fn all<R: Kept>(rows: &Rows) -> Vec<(R::Key, R)> {
    let of_it = rows.iter().filter(|((table, _), _)| *table == R::TABLE);
    of_it
        .map(|((_, key), value)| {
            (
                R::Key::from_key(key).expect("a key"),
                R::decode(value).expect("sound"),
            )
        })
        .collect()
}

fn find(rows: &Rows) -> Found {
    let mut found = Found::new(PAIR);
    for ((name, key), value) in rows {
        found
            .see(table(name).expect("a table"), key, value)
            .expect("sound");
    }
    found
}

fn applied(rows: &Rows, turned: &[Turned]) -> Rows {
    let mut after = rows.clone();
    for row in turned {
        let place = (row.table, row.key.clone());
        assert_eq!(after.get(&place), row.before.as_ref(), "{}", row.table);
        match &row.after {
            Some(value) => drop(after.insert(place, value.clone())),
            None => drop(after.remove(&place)),
        }
    }
    after
}

fn taken_back(after: &Rows, turned: &[Turned]) -> Rows {
    let back = turned.iter().map(|row| Turned {
        before: row.after.clone(),
        after: row.before.clone(),
        ..row.clone()
    });
    applied(after, &back.collect::<Vec<_>>())
}

fn person(name: &str) -> Person {
    Person::named(name, Instant::from_millis(9)).expect("a name")
}

fn two(rows: &mut Rows) {
    put(rows, &KEPT_ONE, &person("Ana Öberg"));
    put(rows, &GONE, &person("Ana Oberg"));
}

/// What is usual for everything in which the two of these rows differ.
fn usual(rows: &Rows) -> Choices {
    let one = |id| get::<Person>(rows, &id).expect("in the book");
    let agreed = |id| get::<Agreement>(rows, &Payer::Person(id));
    let (kept, gone) = (one(KEPT_ONE), one(GONE));
    let agreed = (agreed(KEPT_ONE), agreed(GONE));
    let found = differences(
        &Book::default(),
        (&kept, &gone),
        (agreed.0.as_ref(), agreed.1.as_ref()),
    );
    found
        .into_iter()
        .map(|difference| (difference.name.to_owned(), difference.usual))
        .collect()
}

fn tried(rows: &Rows) -> Result<Vec<Turned>, NoMerge> {
    merged(&find(rows), &usual(rows), STAMP)
}

fn to(status: Status, on: Date) -> Move {
    Move {
        to: status,
        class: Some("member".to_owned()),
        on,
        why: Some("because".to_owned()),
        by: Some(GONE),
        at: Instant::from_millis(0),
    }
}

fn membership(steps: &[(Status, Date)], number: u32) -> Membership {
    let mut steps = steps.iter();
    let first = steps.next().expect("a beginning");
    let mut membership = Membership::begin(to(first.0, first.1)).expect("a beginning");
    for step in steps {
        membership = membership.moved(to(step.0, step.1)).expect("it follows");
    }
    membership.number = Some(number);
    membership
}

/// Why two are refused of whom one has this as well.
fn refused(change: impl Fn(&mut Rows)) -> NoMerge {
    let mut rows = Rows::new();
    two(&mut rows);
    change(&mut rows);
    tried(&rows).expect_err("refused")
}

#[test]
fn roles_and_what_waits_are_told_and_nothing_is_guessed() {
    for name in [Duty::TABLE, SystemUser::TABLE, Waiting::TABLE] {
        let known = table(name).expect("a table");
        let no = refused(|rows| {
            rows.insert((name, keys(known)[0].clone()), whole(known.fields));
        });
        let fits =
            matches!(no, NoMerge::Roles(_)) || name == Waiting::TABLE && matches!(no, NoMerge::Waits(_));
        assert!(fits, "{name}: {no}");
    }
    let no = refused(|rows| {
        let mut firm = person("Ana Oberg");
        firm.kind = PersonKind::Organisation;
        put(rows, &GONE, &firm);
    });
    assert_eq!(no, NoMerge::Kinds);
    let no = refused(|rows| {
        let mut pounds = Account::empty(Currency::GBP);
        pounds.dues = Money::new(5, Currency::GBP);
        put(rows, &Payer::Person(KEPT_ONE), &pounds);
        put(
            rows,
            &Payer::Person(GONE),
            &Account::empty(Currency::parse("EUR").expect("a currency")),
        );
    });
    assert!(matches!(no, NoMerge::Money(_)), "{no}");
    let mut rows = Rows::new();
    two(&mut rows);
    assert_eq!(
        merged(&find(&rows), &Choices::new(), STAMP),
        Err(NoMerge::NotChosen("Name"))
    );
    rows.remove(&(Person::TABLE, GONE.to_key()));
    assert_eq!(
        merged(&find(&rows), &Choices::new(), STAMP),
        Err(NoMerge::NotThere)
    );
    let oneself = Found::new(Pair {
        gone: KEPT_ONE,
        ..PAIR
    });
    assert_eq!(merged(&oneself, &Choices::new(), STAMP), Err(NoMerge::Same));
}

#[test]
fn memberships_that_cannot_be_one_are_told() {
    let member = membership(&[(Status::Member, date(2020, 1, 1))], 4);
    let applied = membership(&[(Status::Applied, date(2024, 1, 1))], 5);
    let no = refused(|rows| {
        put(rows, &KEPT_ONE, &member);
        put(rows, &GONE, &applied);
    });
    assert_eq!(no, NoMerge::TwoMemberships);
    let died = membership(
        &[
            (Status::Member, date(2019, 1, 1)),
            (Status::Died, date(2021, 1, 1)),
        ],
        5,
    );
    for (one, other) in [(KEPT_ONE, GONE), (GONE, KEPT_ONE)] {
        let no = refused(|rows| {
            put(rows, &one, &member);
            put(rows, &other, &died);
        });
        assert_eq!(no, NoMerge::Died);
    }
    let no = refused(|rows| {
        let left = membership(
            &[
                (Status::Member, date(2019, 1, 1)),
                (Status::Left, date(2019, 9, 1)),
            ],
            5,
        );
        put(
            rows,
            &KEPT_ONE,
            &Membership {
                shares: 5,
                ..member.clone()
            },
        );
        put(rows, &GONE, &Membership { shares: 5, ..left });
    });
    assert_eq!(no, NoMerge::Shares(5, 5));
}

#[test]
fn side_by_side_each_thing_is_chosen() {
    let way = |value: &str, note: Option<&str>| Way {
        kind: WayKind::Phone,
        value: value.to_owned(),
        note: note.map(str::to_owned),
        newer: Newer::default(),
    };
    let (mut kept, mut gone) = (person("Ana Öberg"), person("Ana Maria Öberg"));
    kept.ways = vec![way("0117 496 0123", None)];
    gone.ways = vec![
        way("+44 117 496 0123", None),
        way("0117 496 0999", Some("evenings")),
    ];
    gone.access = Some("a ramp".to_owned());
    kept.note = Some("sings".to_owned());
    gone.note = Some("bakes".to_owned());
    kept.listing = Listing::Name;
    kept.custom = [("badge".to_owned(), "1".to_owned())].into();
    gone.custom = [
        ("badge".to_owned(), "2".to_owned()),
        ("choir".to_owned(), "alto".to_owned()),
    ]
    .into();
    gone.entered = Instant::from_millis(3);
    let mut rows = Rows::new();
    put(&mut rows, &KEPT_ONE, &kept);
    put(&mut rows, &GONE, &gone);
    let told: Vec<String> = differences(&Book::default(), (&kept, &gone), (None, None))
        .into_iter()
        .map(|found| {
            let both = if found.may_both { ", or both" } else { "" };
            format!(
                "{}: {:?} / {:?}{both}: {}",
                found.name,
                found.kept,
                found.gone,
                found.usual.word()
            )
        })
        .collect();
    expect_test::expect![[r#"
        name: ["Ana Öberg"] / ["Ana Maria Öberg"]: kept
        access: [] / ["a ramp"]: gone
        ways: ["0117 496 0123 (phone)"] / ["+44 117 496 0123 (phone)", "0117 496 0999 (phone, evenings)"], or both: both
        custom: ["badge: 1"] / ["badge: 2", "choir: alto"], or both: both
        note: ["sings"] / ["bakes"], or both: both
        listing: ["name shown to members"] / ["hidden"]: gone"#]]
    .assert_eq(&told.join("\n"));
    let after = applied(&rows, &tried(&rows).expect("merged"));
    let one: Person = get(&after, &KEPT_ONE).expect("in the book");
    assert_eq!((one.name.as_str(), one.listing), ("Ana Öberg", Listing::Hidden));
    assert_eq!(one.access.as_deref(), Some("a ramp"));
    assert_eq!(one.note.as_deref(), Some("sings\nbakes"));
    let ways: Vec<&str> = one.ways.iter().map(|way| way.value.as_str()).collect();
    assert_eq!(ways, ["0117 496 0123", "0117 496 0999"]);
    assert_eq!(
        (one.custom["badge"].as_str(), one.custom["choir"].as_str()),
        ("1", "alto")
    );
    assert_eq!(one.entered, Instant::from_millis(3));
    let mut choices = usual(&rows);
    for side in choices.values_mut() {
        *side = Side::Gone;
    }
    let turned = merged(&find(&rows), &choices, STAMP).expect("merged");
    let one: Person = get(&applied(&rows, &turned), &KEPT_ONE).expect("in the book");
    assert_eq!(
        one,
        Person {
            relations: Vec::new(),
            ..gone
        }
    );
}

#[test]
fn a_way_in_is_closed_and_never_handed_on() {
    let passphrase = Passphrase {
        name: "ana".to_owned(),
        hash: crate::credential::SlowHash("x".to_owned()),
        set: Instant::from_millis(0),
        newer: Newer::default(),
    };
    let mut rows = Rows::new();
    two(&mut rows);
    put(&mut rows, &GONE, &passphrase);
    assert_eq!(find(&rows).way_in_ends(), Ok(true));
    let before = find(&rows).seen();
    let after = applied(&rows, &tried(&rows).expect("merged"));
    assert!(all::<Passphrase>(&after).is_empty());
    rows.remove(&(Passphrase::TABLE, GONE.to_key()));
    assert_eq!(
        find(&rows).seen(),
        before,
        "signing in in the meantime changes nothing"
    );
    put(&mut rows, &GONE, &person("Ana Berg"));
    assert_ne!(find(&rows).seen(), before, "another name does");
    let of_sign_in: Vec<&str> = KEPT
        .iter()
        .filter(|table| is_of_sign_in(table))
        .map(|table| table.name)
        .collect();
    assert_eq!(
        of_sign_in,
        [
            "passphrases",
            "passkeys",
            "slips",
            "sessions",
            "known-devices",
            "system-users"
        ]
    );
}

#[test]
fn memberships_follow_each_other_or_stand_beside() {
    let early = membership(
        &[
            (Status::Member, date(2019, 1, 1)),
            (Status::Left, date(2020, 1, 1)),
        ],
        4,
    );
    let late = membership(
        &[
            (Status::Applied, date(2021, 1, 1)),
            (Status::Member, date(2022, 1, 1)),
        ],
        9,
    );
    let twice = membership(
        &[
            (Status::Member, date(2021, 6, 1)),
            (Status::Left, date(2025, 1, 1)),
        ],
        12,
    );
    let merge = |kept: &Membership, gone: &Membership| {
        let mut rows = Rows::new();
        two(&mut rows);
        put(&mut rows, &KEPT_ONE, kept);
        put(&mut rows, &GONE, gone);
        let after = applied(&rows, &tried(&rows).expect("merged"));
        let beside: Merged = get(&after, &GONE.number()).expect("merged");
        (
            get::<Membership>(&after, &KEPT_ONE).expect("a member"),
            beside.membership,
        )
    };
    for (kept, gone) in [(&early, &late), (&late, &early)] {
        let (one, beside) = merge(kept, gone);
        assert_eq!(one.history.len(), 4);
        assert_eq!((one.number, one.since()), (Some(9), Some(date(2022, 1, 1))));
        assert_eq!(one.status_on(date(2019, 5, 5)), Some(Status::Member));
        assert_eq!(
            beside.and_then(|beside| beside.number),
            Some(4),
            "the older card is found still"
        );
        assert!(one.history.iter().all(|step| step.by == Some(KEPT_ONE)));
    }
    for (kept, gone) in [(&late, &twice), (&twice, &late)] {
        let (one, beside) = merge(kept, gone);
        assert_eq!((one.history.len(), one.number), (2, Some(9)));
        assert_eq!(beside.map(|beside| beside.history.len()), Some(2));
    }
}

#[test]
fn likely_twins_are_found_and_never_by_age() {
    let mut book = Book::default();
    let mut add = |number: u32, name: &str, telephone: &str, born: Date| {
        let mut one = person(name);
        one.born = Some(born);
        one.ways = vec![Way {
            kind: WayKind::Phone,
            value: telephone.to_owned(),
            note: None,
            newer: Newer::default(),
        }];
        book.people.insert(PersonId::new(number), one);
    };
    add(1, "Ana Öberg", "0117 496 0123", date(1970, 1, 1));
    add(2, "OBERG, Ana", "+44 117 496 0123", date(1980, 1, 1));
    add(3, "A. Öberg", "0117 496 0123", date(1970, 1, 1));
    add(4, "Ana Öberg", "0117 496 0777", date(1970, 1, 1));
    add(5, "Ben Öberg", "0117 496 0123", date(1970, 1, 1));
    let found: Vec<String> = twins(&book)
        .iter()
        .map(|found| {
            let likely = if found.is_likely() { "likely" } else { "perhaps" };
            format!(
                "{} {} {likely} {:?}",
                found.one.number(),
                found.other.number(),
                found.signs
            )
        })
        .collect();
    expect_test::expect![[r#"
        1 2 likely [Name, Way]
        1 3 perhaps [AlikeName, Way]
        1 4 perhaps [Name]
        2 3 perhaps [AlikeName, Way]
        2 4 perhaps [Name]"#]]
    .assert_eq(&found.join("\n"));
}
