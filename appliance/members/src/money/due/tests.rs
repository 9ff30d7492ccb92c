//! What is owed, case by case and beside a model that goes through every day.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, date};
use proptest::prelude::*;
use units::{Currency, HouseholdId, Instant, Money, PersonId};

use super::{Due, Owing, Rules};
use crate::book::Book;
use crate::membership::{Membership, Move, Status};
use crate::money::{
    Agreement, Every, Joining, Payer, Per, Price, Scheme, Term, Tier, TierKind, Way, periods,
};
use crate::person::Person;
use crate::record::Newer;

const ANA: PersonId = PersonId::new(1);
const BEN: PersonId = PersonId::new(2);
const HOME: HouseholdId = HouseholdId::new(1);

fn pounds(minor: i64) -> Money {
    Money::new(minor, Currency::GBP)
}

fn scheme(every: Every, per: Per, joining: Joining, minor: i64) -> Scheme {
    Scheme {
        name: "Dues".to_owned(),
        classes: BTreeSet::new(),
        per,
        every,
        anchor: date(2020, 1, 1),
        joining,
        grace: 14,
        tiers: vec![Tier {
            name: "Full".to_owned(),
            kind: TierKind::Full,
            prices: vec![Price {
                from: date(2020, 1, 1),
                amount: pounds(minor),
                newer: Newer::default(),
            }],
            newer: Newer::default(),
        }],
        until: None,
        newer: Newer::default(),
    }
}

fn step(to: Status, on: Date) -> Move {
    Move {
        to,
        class: Some("member".to_owned()),
        on,
        why: Some("asked".to_owned()),
        by: None,
        at: Instant::from_millis(0),
    }
}

fn member(from: Date, until: Option<Date>) -> Membership {
    let member = Membership::begin(step(Status::Member, from)).expect("a beginning");
    match until {
        Some(until) => member.moved(step(Status::Left, until)).expect("left"),
        None => member,
    }
}

/// Ana and Ben in one household, and what is theirs.
fn book(memberships: &[(PersonId, Membership)]) -> Book {
    let mut book = Book::default();
    for (id, name) in [(ANA, "Ana"), (BEN, "Ben")] {
        let mut person = Person::named(name, Instant::from_millis(0)).expect("a name");
        person.household = Some(HOME);
        book.people.insert(id, person);
    }
    book.memberships = memberships.iter().cloned().collect();
    book
}

fn rules(schemes: Vec<Scheme>) -> Rules {
    Rules {
        schemes: (1..).zip(schemes).collect(),
        agreements: BTreeMap::new(),
    }
}

fn term(from: Date, scheme: Option<u32>) -> Term {
    Term {
        from,
        scheme,
        tier: 0,
        amount: None,
        way: Way::Cash,
        by: None,
        at: Instant::from_millis(0),
        newer: Newer::default(),
    }
}

fn told(dues: &[Due]) -> Vec<String> {
    let told = dues
        .iter()
        .map(|due| format!("{} {} {}", due.scheme, due.on, due.amount));
    told.collect()
}

fn asked(book: &Book, rules: &Rules, payer: Payer, until: Date) -> Vec<String> {
    told(&Owing::new(book, rules, until).dues(payer))
}

#[test]
fn a_year_is_asked_from_its_first_day_or_from_joining() {
    let ana = Payer::Person(ANA);
    let joined = [(ANA, member(date(2024, 7, 2), None))];
    let book = book(&joined);
    let until = date(2025, 12, 31);
    let by = |joining| {
        asked(
            &book,
            &rules(vec![scheme(Every::Year, Per::Person, joining, 3_660)]),
            ana,
            until,
        )
    };
    assert_eq!(by(Joining::Whole), ["1 2024-07-02 £36.60", "1 2025-01-01 £36.60"]);
    assert_eq!(by(Joining::Next), ["1 2025-01-01 £36.60"]);
    // 2 July is day 184 of 366: 183 days of the year are left.
    assert_eq!(by(Joining::Share), ["1 2024-07-02 £18.30", "1 2025-01-01 £36.60"]);
}

#[test]
fn who_leaves_is_asked_for_no_period_that_begins_after() {
    let book = book(&[(ANA, member(date(2025, 1, 1), Some(date(2025, 3, 1))))]);
    let rules = rules(vec![scheme(Every::Month, Per::Person, Joining::Whole, 300)]);
    let found = asked(&book, &rules, Payer::Person(ANA), date(2026, 1, 1));
    assert_eq!(found, ["1 2025-01-01 £3.00", "1 2025-02-01 £3.00"]);
}

#[test]
fn who_leaves_and_comes_back_is_asked_once_for_the_period() {
    let back = member(date(2025, 1, 5), Some(date(2025, 3, 1)))
        .moved(step(Status::Member, date(2025, 6, 1)))
        .expect("back");
    let rules = rules(vec![scheme(Every::Year, Per::Person, Joining::Whole, 300)]);
    let found = asked(
        &book(&[(ANA, back)]),
        &rules,
        Payer::Person(ANA),
        date(2025, 12, 31),
    );
    assert_eq!(found, ["1 2025-01-05 £3.00"]);
}

#[test]
fn a_household_is_asked_once_for_all_its_people() {
    let book = book(&[
        (ANA, member(date(2025, 1, 1), Some(date(2025, 2, 15)))),
        (BEN, member(date(2025, 2, 1), None)),
    ]);
    let rules = rules(vec![scheme(Every::Month, Per::Household, Joining::Whole, 500)]);
    let owing = Owing::new(&book, &rules, date(2025, 3, 31));
    assert_eq!(owing.payer(ANA), Payer::Household(HOME));
    assert_eq!(owing.paid_for(HOME), [ANA, BEN]);
    assert_eq!(
        told(&owing.dues(Payer::Household(HOME))),
        ["1 2025-01-01 £5.00", "1 2025-02-01 £5.00", "1 2025-03-01 £5.00"]
    );
    assert!(owing.dues(Payer::Person(ANA)).is_empty());
}

#[test]
fn what_was_agreed_stands_before_the_rule() {
    let book = book(&[
        (ANA, member(date(2025, 1, 1), None)),
        (BEN, member(date(2025, 1, 1), None)),
    ]);
    let mut rules = rules(vec![
        scheme(Every::Year, Per::Household, Joining::Whole, 6_000),
        scheme(Every::Month, Per::Person, Joining::Whole, 300),
    ]);
    // Ana pays by the month on her own from February on; Ben stays with the household.
    let agreed = Agreement {
        terms: vec![term(date(2025, 2, 1), Some(2)), term(date(2025, 4, 1), None)],
        newer: Newer::default(),
    };
    rules.agreements.insert(Payer::Person(ANA), agreed);
    let until = date(2025, 12, 31);
    assert_eq!(
        asked(&book, &rules, Payer::Person(ANA), until),
        ["1 2025-01-01 £60.00", "2 2025-02-01 £3.00", "2 2025-03-01 £3.00"]
    );
    assert_eq!(
        asked(&book, &rules, Payer::Household(HOME), until),
        ["1 2025-01-01 £60.00"]
    );
}

#[test]
fn what_is_asked_once_is_asked_of_those_who_join() {
    let rules = rules(vec![scheme(Every::Once, Per::Person, Joining::Whole, 100)]);
    let book = book(&[
        (ANA, member(date(2019, 1, 1), None)),
        (BEN, member(date(2024, 2, 29), None)),
    ]);
    let until = date(2026, 1, 1);
    assert!(asked(&book, &rules, Payer::Person(ANA), until).is_empty());
    assert_eq!(
        asked(&book, &rules, Payer::Person(BEN), until),
        ["1 2024-02-29 £1.00"]
    );
}

#[test]
fn dues_that_ended_are_asked_no_more() {
    let mut old = scheme(Every::Month, Per::Person, Joining::Whole, 300);
    old.until = Some(date(2025, 3, 1));
    let book = book(&[(ANA, member(date(2025, 1, 1), None))]);
    let found = asked(&book, &rules(vec![old]), Payer::Person(ANA), date(2026, 1, 1));
    assert_eq!(found, ["1 2025-01-01 £3.00", "1 2025-02-01 £3.00"]);
}

#[test]
fn ten_years_of_months() {
    let book = book(&[(ANA, member(date(2016, 2, 29), None))]);
    let mut monthly = scheme(Every::Month, Per::Person, Joining::Share, 310);
    monthly.anchor = date(2016, 1, 31);
    let dues = Owing::new(&book, &rules(vec![monthly]), date(2026, 1, 30)).dues(Payer::Person(ANA));
    assert_eq!(dues.len(), 119);
    assert_eq!(dues[0].on, date(2016, 2, 29));
    let total: i64 = dues.iter().map(|due| due.amount.minor()).sum();
    assert_eq!(total, 119 * 310);
}

/// Goes through every day: a period is asked if somebody was a member on any of its days, whole if on its first.
fn day_by_day(
    stays: &[(Date, Option<Date>)],
    every: Every,
    joining: Joining,
    minor: i64,
    until: Date,
) -> Vec<String> {
    let is_member = |day: Date| {
        stays
            .iter()
            .any(|(from, end)| *from <= day && end.is_none_or(|end| day < end))
    };
    let mut told = Vec::new();
    for period in periods(date(2020, 1, 1), every, until) {
        let days: Vec<Date> = std::iter::successors(Some(period.first), |day| day.tomorrow().ok())
            .take_while(|day| *day <= period.last)
            .collect();
        let Some(on) = days.iter().position(|day| is_member(*day)) else {
            continue;
        };
        let count = |days: usize| i64::try_from(days).expect("days");
        let (all, left) = (count(days.len()), count(days.len() - on));
        let amount = match joining {
            Joining::Next if on > 0 => continue,
            Joining::Share => (minor * left * 2 + all) / (all * 2),
            _ => minor,
        };
        if amount > 0 {
            told.push(format!("1 {} {}", days[on], pounds(amount)));
        }
    }
    told
}

proptest! {
    #[test]
    fn it_is_as_if_one_went_through_every_day(
        begin in 0_i64..1_200, stay in 1_i64..900, away in 1_i64..400, again in any::<bool>(),
        every in 0_usize..3, joining in 0_usize..3, minor in 1_i64..10_000,
    ) {
        let (every, joining) = (Every::ALL[every], Joining::ALL[joining]);
        let day = |after: i64| date(2020, 1, 1).saturating_add(jiff::Span::new().days(after));
        let (from, left, back) = (day(begin), day(begin + stay), day(begin + stay + away));
        let mut membership = member(from, Some(left));
        let mut stays = vec![(from, Some(left))];
        if again {
            membership = membership.moved(step(Status::Member, back)).expect("back");
            stays.push((back, None));
        }
        let rules = rules(vec![scheme(every, Per::Person, joining, minor)]);
        let until = date(2026, 12, 31);
        let found = asked(&book(&[(ANA, membership)]), &rules, Payer::Person(ANA), until);
        let wanted = day_by_day(&stays, every, joining, minor, until);
        prop_assert_eq!(found, wanted);
    }
}
