//! Who is meant by a search: each condition, the laws of all and any, and a search that comes back from its form.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use proptest::prelude::*;
use units::{Currency, HouseholdId, Instant, Money, PersonId};

use super::{Among, Condition, Search, Standings, What, addresses, choices, read, write};
use crate::book::Book;
use crate::edit::Typed;
use crate::house::{Class, House};
use crate::household::Household;
use crate::membership::{Membership, Move, Status};
use crate::money::{PaidState, Standing};
use crate::person::{Address, Person, Reach, Way, WayKind};
use crate::record::Newer;

const TODAY: Date = date(2026, 6, 16);

fn way(kind: WayKind, value: &str) -> Way {
    Way {
        kind,
        value: value.to_owned(),
        note: None,
        newer: Newer::default(),
    }
}

/// Six people who differ in everything that a search can look at.
fn book() -> Book {
    let mut book = Book::default();
    let mut household = Household::new();
    household.address = Some(Address {
        lines: vec!["1 High Street".to_owned()],
        postcode: Some("BS5 6XX".to_owned()),
        country: None,
        newer: Newer::default(),
    });
    book.households.insert(HouseholdId::new(1), household);
    for number in 1..=6_u32 {
        let mut person = Person::named(&format!("Person {number}"), Instant::from_millis(0)).expect("a name");
        person.household = (number <= 2).then_some(HouseholdId::new(1));
        person.reach = if number == 3 {
            Reach::NotAtAll
        } else {
            Reach::Email
        };
        person.ways.push(way(
            WayKind::Email,
            if number <= 2 {
                "Us@example.org"
            } else {
                "me@example.org"
            },
        ));
        if number % 2 == 0 {
            person.tags.insert("Choir".to_owned());
            person.languages.push("Soomaali".to_owned());
            person.custom.insert("size".to_owned(), "Large".to_owned());
        }
        person.born = Some(date(2026 - i16::try_from(number * 6).expect("small"), 2, 28));
        book.people.insert(PersonId::new(number), person);
    }
    for (number, status) in [(1, Status::Applied), (2, Status::Member), (4, Status::Member)] {
        let step = Move {
            to: status,
            class: Some("youth".to_owned()),
            on: TODAY,
            why: None,
            by: None,
            at: Instant::from_millis(0),
        };
        book.memberships.insert(
            PersonId::new(number),
            Membership::begin(step).expect("a beginning"),
        );
    }
    let died = Move {
        to: Status::Died,
        class: None,
        on: TODAY,
        why: None,
        by: None,
        at: Instant::from_millis(0),
    };
    let dead = book.memberships[&PersonId::new(4)].moved(died).expect("died");
    book.memberships.insert(PersonId::new(4), dead);
    book
}

fn house() -> House {
    House::new(BTreeMap::new(), BTreeMap::new(), BTreeMap::new())
}

/// Person 1 owes 20 pounds and half of it is late, 2 owes 5 with time left, 3 paid until September and 1 pound ahead, 5 was
/// never asked. Of 6 nothing is known.
fn standings() -> Standings {
    let pounds = |pounds: i64| Money::new(pounds * 100, Currency::GBP);
    let of = |number, state, owed, late, ahead, until| {
        let standing = Standing {
            state,
            owed: pounds(owed),
            late: pounds(late),
            ahead: pounds(ahead),
            since: None,
            until,
            periods: 0,
            next: None,
        };
        (PersonId::new(number), standing)
    };
    Standings::from([
        of(1, PaidState::Late, 20, 10, 0, Some(date(2026, 3, 31))),
        of(2, PaidState::Open, 5, 0, 0, Some(date(2026, 5, 31))),
        of(3, PaidState::Paid, 0, 0, 1, Some(date(2026, 9, 30))),
        of(5, PaidState::NeverAsked, 0, 0, 0, None),
    ])
}

fn meant(search: &Search) -> Vec<u32> {
    let (book, house, standings) = (book(), house(), standings());
    let among = Among {
        book: &book,
        house: &house,
        today: TODAY,
        currency: Currency::GBP,
        standings: Some(&standings),
    };
    search
        .all_meant(among)
        .into_iter()
        .map(PersonId::number)
        .collect()
}

fn one(what: What, is: &str) -> Search {
    Search::new(true, vec![Condition::new(what, is)])
}

#[test]
fn each_condition_finds_whom_it_should() {
    for (what, is, numbers) in [
        (What::Status, "applied", vec![1]),
        (What::Status, "on the roll", vec![2]),
        (What::Status, "none", vec![3, 5, 6]),
        (What::Status, "died", vec![4]),
        (What::Class, "youth", vec![1, 2]),
        (What::Tag, "Choir", vec![2, 6]),
        (What::Custom, "size=large", vec![2, 6]),
        (What::Custom, "size", vec![]),
        (What::Reach, "not at all", vec![3]),
        (What::Language, "soomaali", vec![2, 6]),
        (What::AgeFrom, "18", vec![3, 5, 6]),
        (What::AgeBelow, "18", vec![1, 2]),
        (What::AgeBelow, "many", vec![]),
        (What::Household, "yes", vec![1, 2]),
        (What::Household, "no", vec![3, 5, 6]),
        (What::Postcode, "bs56", vec![1, 2]),
        (What::Postcode, "BS6", vec![]),
        (What::Way, "post", vec![1, 2]),
        (What::Way, "e-mail", vec![1, 2, 3, 5, 6]),
        (What::Way, "phone", vec![]),
        (What::Dues, "something is owed", vec![1, 2]),
        (What::Dues, "something is late", vec![1]),
        (What::Dues, "paid ahead", vec![3]),
        (What::Dues, "never asked", vec![5]),
        (What::Dues, "rich", vec![]),
        (What::OwesOver, "£5.00", vec![1]),
        (What::OwesOver, "4.99", vec![1, 2]),
        (What::OwesOver, "much", vec![]),
        (What::PaidUntil, "2026-05-31", vec![2, 3]),
        (What::PaidUntil, "2026-06-01", vec![3]),
        (What::PaidUntil, "soon", vec![]),
    ] {
        assert_eq!(meant(&one(what, is)), numbers, "{what} {is}");
    }
    assert_eq!(
        meant(&Search::new(true, Vec::new())),
        [1, 2, 3, 5, 6],
        "everybody who lives"
    );
}

#[test]
fn nobody_is_chosen_by_age_where_no_class_asks_for_one() {
    let without = Class {
        age_below: None,
        ..house().classes["youth"].clone()
    };
    let house = House::new(
        BTreeMap::new(),
        BTreeMap::new(),
        BTreeMap::from([("youth".to_owned(), without)]),
    );
    let (book, standings) = (book(), standings());
    let among = Among {
        book: &book,
        house: &house,
        today: TODAY,
        currency: Currency::GBP,
        standings: Some(&standings),
    };
    assert!(one(What::AgeFrom, "1").all_meant(among).is_empty());
    let typed = Typed::from([("age-from".to_owned(), "18".to_owned())]);
    let refused = read(among, &typed).expect_err("refused");
    assert!(refused[0].input == "age-from" && refused[0].why.starts_with("Days of birth are kept for"));
}

/// Else whoever may not see what people pay would learn from the others who owes nothing.
#[test]
fn without_sight_of_dues_a_condition_on_them_means_nobody_turned_round_or_not() {
    let (book, house) = (book(), house());
    let among = Among {
        book: &book,
        house: &house,
        today: TODAY,
        currency: Currency::GBP,
        standings: None,
    };
    for (what, is) in [
        (What::Dues, "something is owed"),
        (What::OwesOver, "0"),
        (What::PaidUntil, "2026-01-01"),
    ] {
        for not in [false, true] {
            let condition = Condition {
                not,
                ..Condition::new(what, is)
            };
            let search = Search::new(true, vec![condition]);
            assert!(search.looks_at_dues() && search.all_meant(among).is_empty());
        }
    }
    assert!(choices(among).iter().all(|(what, _)| !what.looks_at_dues()));
}

#[test]
fn what_is_typed_of_dues_is_refused_in_words() {
    let (book, house, standings) = (book(), house(), standings());
    let among = Among {
        book: &book,
        house: &house,
        today: TODAY,
        currency: Currency::GBP,
        standings: Some(&standings),
    };
    for (input, typed, said) in [
        ("owes-over", "much", "\"much\""),
        ("owes-over", "-3", "less than nothing"),
        ("owes-over", "9999999999999999999999", "too large"),
        ("paid-until", "31.12.2026", "2026-12-31"),
    ] {
        let typed = Typed::from([(input.to_owned(), typed.to_owned())]);
        let refused = read(among, &typed).expect_err("refused");
        assert!(
            refused[0].input == input && refused[0].why.contains(said),
            "{refused:?}"
        );
    }
}

#[test]
fn two_who_share_an_address_get_one_e_mail_and_whoever_wishes_none_gets_none() {
    let mut book = book();
    book.people.get_mut(&PersonId::new(2)).expect("there").ways[0].value = "us@EXAMPLE.org".to_owned();
    assert_eq!(
        addresses(book.people.values()),
        ["Us@example.org", "me@example.org"]
    );
    let third = book.people.get(&PersonId::new(3));
    assert!(addresses(third).is_empty());
}

#[test]
fn what_can_be_chosen_can_be_read() {
    let (book, house, standings) = (book(), house(), standings());
    let among = Among {
        book: &book,
        house: &house,
        today: TODAY,
        currency: Currency::GBP,
        standings: Some(&standings),
    };
    for (what, offered) in choices(among) {
        for choice in offered {
            let typed = Typed::from([("condition-1".to_owned(), choice.word.clone())]);
            let search = read(among, &typed).expect("read");
            assert_eq!(search.conditions[0].what, what, "{}", choice.word);
        }
    }
    let wrong = Typed::from([
        ("condition-1".to_owned(), "age-from:3".to_owned()),
        ("postcode".to_owned(), "x".repeat(65_536)),
    ]);
    assert_eq!(read(among, &wrong).expect_err("refused").len(), 2);
}

fn condition() -> impl Strategy<Value = Condition> {
    let pairs = vec![
        (What::Status, "applied"),
        (What::Class, "youth"),
        (What::Tag, "Choir"),
        (What::Reach, "e-mail"),
        (What::Household, "yes"),
        (What::Way, "post"),
        (What::Custom, "size=Large"),
        (What::Dues, "something is owed"),
    ];
    (prop::sample::select(pairs), any::<bool>()).prop_map(|((what, is), not)| Condition {
        not,
        ..Condition::new(what, is)
    })
}

proptest! {
    #[test]
    fn all_means_those_whom_each_condition_means_and_any_those_whom_one_does(conditions in prop::collection::vec(condition(), 1..6)) {
        let each: Vec<Vec<u32>> = conditions.iter().map(|condition| meant(&Search::new(true, vec![condition.clone()]))).collect();
        let all = meant(&Search::new(true, conditions.clone()));
        let any = meant(&Search::new(false, conditions));
        for number in [1, 2, 3, 5, 6] {
            prop_assert_eq!(all.contains(&number), each.iter().all(|found| found.contains(&number)));
            prop_assert_eq!(any.contains(&number), each.iter().any(|found| found.contains(&number)));
        }
    }

    #[test]
    fn a_condition_turned_round_means_just_the_others(condition in condition()) {
        let there = meant(&Search::new(true, vec![condition.clone()]));
        let turned = Condition { not: !condition.not, ..condition };
        let others = meant(&Search::new(true, vec![turned]));
        for number in [1, 2, 3, 5, 6] {
            prop_assert_ne!(there.contains(&number), others.contains(&number));
        }
    }

    #[test]
    fn the_order_of_conditions_is_nothing(mut conditions in prop::collection::vec(condition(), 0..6), all: bool) {
        let there = meant(&Search::new(all, conditions.clone()));
        conditions.reverse();
        prop_assert_eq!(there, meant(&Search::new(all, conditions)));
    }

    #[test]
    fn a_search_comes_back_from_its_form(conditions in prop::collection::vec(condition(), 0..6), all: bool, postcode in "[A-Z]{0,3}", owes in "[0-9]{0,3}") {
        let (book, house, standings) = (book(), house(), standings());
        let among = Among { book: &book, house: &house, today: TODAY, currency: Currency::GBP, standings: Some(&standings) };
        let mut search = Search::new(all, conditions);
        if !postcode.is_empty() {
            search.conditions.push(Condition::new(What::Postcode, &postcode));
        }
        if !owes.is_empty() {
            search.conditions.push(Condition::new(What::OwesOver, &owes));
        }
        prop_assert_eq!(read(among, &write(&search)), Ok(search));
    }

    #[test]
    fn anything_chosen_has_an_answer(words in prop::collection::vec(any::<String>(), 8)) {
        let (book, house, standings) = (book(), house(), standings());
        let among = Among { book: &book, house: &house, today: TODAY, currency: Currency::GBP, standings: Some(&standings) };
        let inputs = ["of", "condition-1", "not-1", "postcode", "age-from", "age-below", "owes-over", "paid-until"];
        let typed: Typed = inputs.iter().map(|input| (*input).to_owned()).zip(words).collect();
        if let Ok(search) = read(among, &typed) {
            search.all_meant(among);
        }
    }
}
