//! Nothing goes before its time or while somebody is a member, everything goes in the end, and what went once need not
//! go again.

use jiff::Span;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use units::{Instant, PersonId};

use super::{Lives, row_of};
use crate::book::Book;
use crate::holding::Fate;
use crate::membership::{Membership, Move, Status};
use crate::person::Person;
use crate::record::{Kept, Record};
use crate::role::Duty;
use crate::tables::table;

const ANA: PersonId = PersonId::new(1);

fn step(to: Status, on: Date) -> Move {
    Move {
        to,
        class: Some("member".to_owned()),
        on,
        why: Some("because".to_owned()),
        by: None,
        at: Instant::from_millis(0),
    }
}

fn book(left: Option<Date>) -> Book {
    let mut ana = Person::named("Ana", Instant::from_millis(0)).expect("a name");
    ana.access = Some("large print".to_owned());
    ana.languages = vec!["Twi".to_owned()];
    let mut membership = Membership::begin(step(Status::Member, date(2000, 1, 1))).expect("begun");
    if let Some(left) = left {
        membership = membership.moved(step(Status::Left, left)).expect("left");
    }
    let mut book = Book::default();
    book.people.insert(ANA, ana);
    book.memberships.insert(ANA, membership);
    book
}

fn fate<R: Kept>(lives: &Lives, key: &R::Key, record: &R) -> Fate {
    let (key, value) = row_of(key, record);
    let table = table(R::TABLE).expect("a table");
    lives.fate(table, &key, &value).expect("sound")
}

#[test]
fn what_helped_somebody_goes_at_once_and_the_name_after_a_year() {
    let book = book(Some(date(2026, 2, 28)));
    let on = |today| fate(&Lives::of(&book, today), &ANA, &book.people[&ANA]);
    assert_eq!(on(date(2026, 2, 27)), Fate::Stays);
    let Fate::Becomes(after) = on(date(2026, 2, 28)) else {
        panic!("access needs go on the day");
    };
    let after = Person::decode(&after).expect("sound");
    assert_eq!((after.access, after.name.as_str()), (None, "Ana"));
    assert_eq!(after.languages, ["Twi"]);
    assert_eq!(on(date(2027, 2, 28)), Fate::Goes);
}

#[test]
fn with_the_entry_goes_all_that_was_in_force() {
    let book = book(Some(date(2026, 1, 1)));
    let secret = crate::credential::Passphrase {
        name: "Ana".to_owned(),
        hash: crate::credential::SlowHash("x".to_owned()),
        set: Instant::from_millis(0),
        newer: crate::record::Newer::default(),
    };
    let on = |today| fate(&Lives::of(&book, today), &ANA, &secret);
    assert_eq!(on(date(2026, 12, 31)), Fate::Stays);
    assert_eq!(on(date(2027, 1, 1)), Fate::Goes);
}

proptest! {
    #[test]
    fn nothing_of_a_member_goes(days in 0_i32..40_000) {
        let book = book(None);
        let today = date(2000, 1, 1).checked_add(Span::new().days(days)).expect("a day");
        let lives = Lives::of(&book, today);
        prop_assert_eq!(fate(&lives, &ANA, &book.people[&ANA]), Fate::Stays);
        prop_assert_eq!(fate(&lives, &ANA, &book.memberships[&ANA]), Fate::Stays);
        prop_assert_eq!(lives.going(&book).count(), 0);
    }

    #[test]
    fn what_is_over_stays_over_and_everything_is_over_in_the_end(left in 0_i32..9_000, after in 0_i32..4_000) {
        let left = date(2000, 1, 1).checked_add(Span::new().days(left)).expect("a day");
        let today = left.checked_add(Span::new().days(after)).expect("a day");
        let before = left.checked_sub(Span::new().days(1)).expect("a day");
        let book = book(Some(left));
        let duty = Duty { roles: ["steward".to_owned()].into(), newer: crate::record::Newer::default() };
        let over = |today: Date| {
            let lives = Lives::of(&book, today);
            [
                fate(&lives, &ANA, &book.people[&ANA]),
                fate(&lives, &ANA, &book.memberships[&ANA]),
                fate(&lives, &ANA, &duty),
            ]
        };
        prop_assert!(over(before).iter().all(|fate| *fate == Fate::Stays), "nothing goes before its time");
        let (now, tomorrow) = (over(today), over(today.tomorrow().expect("a day")));
        for (now, then) in now.iter().zip(&tomorrow) {
            prop_assert!(*now != Fate::Goes || *then == Fate::Goes);
        }
        let end = left.checked_add(Span::new().years(6)).expect("a day");
        prop_assert!(over(end).iter().all(|fate| *fate == Fate::Goes));
        // What was pruned once has nothing more to lose on the same day.
        let (key, value) = row_of(&ANA, &book.people[&ANA]);
        let table = table("people").expect("a table");
        let lives = Lives::of(&book, today);
        if let Fate::Becomes(pruned) = lives.fate(table, &key, &value).expect("sound") {
            prop_assert_eq!(lives.fate(table, &key, &pruned).expect("sound"), Fate::Stays);
        }
    }
}
