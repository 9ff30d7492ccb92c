//! The law of a letter run: everybody once, an address once where the household wishes it, and nobody who said no.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::date;
use proptest::prelude::*;
use units::{HouseholdId, Instant, PersonId};

use crate::book::Book;
use crate::household::{Household, Letters};
use crate::letters::deal::{mailed, postal};
use crate::letters::post::same;
use crate::letters::{Channel, Choice, Demand, Mailing, Piece, deal};
use crate::membership::{Membership, Move, Status};
use crate::person::{Address, Person, Reach, Way, WayKind};
use crate::record::{Newer, Record};

fn address(line: &str) -> Address {
    Address {
        lines: vec![line.to_owned()],
        postcode: Some("BS5 6AA".to_owned()),
        country: None,
        newer: Newer::default(),
    }
}

fn way(kind: WayKind, value: &str) -> Way {
    Way {
        kind,
        value: value.to_owned(),
        note: None,
        newer: Newer::default(),
    }
}

/// One person of a drawn book: household, reach, own street, e-mail, telephone, large print.
type Drawn = (Option<u32>, usize, Option<u8>, Option<u8>, bool, bool);

fn drawn_book(households: &[(bool, Option<u8>)], people: &[Drawn]) -> Book {
    let mut book = Book::default();
    for (number, (one, street)) in (1..).zip(households) {
        let mut household = Household::new();
        household.letters = if *one { Letters::One } else { Letters::Each };
        household.address = street.map(|street| address(&format!("{street} High Street")));
        book.households.insert(HouseholdId::new(number), household);
    }
    for (number, (household, reach, street, mail, phone, large)) in (1..).zip(people) {
        let mut person = Person::named(&format!("Person {number}"), Instant::from_millis(0)).expect("a name");
        person.household = household.map(HouseholdId::new);
        person.reach = Reach::ALL[*reach];
        person.address = street.map(|street| address(&format!("{street} high  street")));
        person
            .ways
            .extend(mail.map(|mail| way(WayKind::Email, &format!("M{mail}@example.org"))));
        person
            .ways
            .extend(phone.then(|| way(WayKind::Phone, "0117 496 0000")));
        person.large_print = *large;
        book.people.insert(PersonId::new(number), person);
    }
    book
}

fn book() -> impl Strategy<Value = Book> {
    let households = prop::collection::vec((any::<bool>(), proptest::option::of(1_u8..5)), 0..6);
    let person = (
        proptest::option::of(1_u32..8),
        0_usize..6,
        proptest::option::weighted(0.3, 1_u8..5),
        proptest::option::of(1_u8..4),
        any::<bool>(),
        any::<bool>(),
    );
    (households, prop::collection::vec(person, 0..25))
        .prop_map(|(households, people)| drawn_book(&households, &people))
}

fn everybody(book: &Book) -> BTreeSet<PersonId> {
    book.people.keys().copied().collect()
}

fn how() -> impl Strategy<Value = (Demand, Mailing)> {
    let demand = prop_oneof![Just(Demand::Demanded), Just(Demand::Free)];
    (demand, prop_oneof![Just(Mailing::On), Just(Mailing::Off)])
}

fn of<'a>(book: &'a Book, id: &PersonId) -> &'a Person {
    &book.people[id]
}

/// Whether two letters went to one household that wishes one, and to the same address.
fn twice(book: &Book, one: &Piece, other: &Piece) -> bool {
    let (Some(first), Some(second)) = (one.people.first(), other.people.first()) else {
        return true;
    };
    let (first, second) = (of(book, first), of(book, second));
    let wishes_one = book
        .household_of(first)
        .is_some_and(|household| household.letters == Letters::One);
    if one.channel != other.channel || first.household != second.household || !wishes_one {
        return false;
    }
    match one.channel {
        Channel::Post => match (postal(book, first), postal(book, second)) {
            (Some(one), Some(other)) => same(one, other),
            _ => false,
        },
        Channel::Email => mailed(first) == mailed(second),
        _ => false,
    }
}

proptest! {
    #[test]
    fn everybody_is_in_exactly_one_letter(book in book(), (demand, mailing) in how()) {
        let pieces = deal(&book, &everybody(&book), demand, mailing);
        let named: Vec<PersonId> = pieces.iter().flat_map(|piece| piece.people.clone()).collect();
        let once: BTreeSet<PersonId> = named.iter().copied().collect();
        prop_assert_eq!(named.len(), once.len(), "nobody twice");
        prop_assert_eq!(once, everybody(&book), "nobody left out");
    }

    #[test]
    fn an_address_is_written_once_where_the_household_wishes_it(book in book(), (demand, mailing) in how()) {
        let pieces = deal(&book, &everybody(&book), demand, mailing);
        for (at, one) in pieces.iter().enumerate() {
            for other in &pieces[at + 1..] {
                prop_assert!(!twice(&book, one, other), "{:?} and {:?}", one, other);
            }
            if one.people.len() > 1 {
                let homes: BTreeSet<_> = one.people.iter().map(|id| of(&book, id).household).collect();
                prop_assert_eq!(homes.len(), 1, "strangers share no letter");
                let household = book.household_of(of(&book, &one.people[0])).expect("one");
                prop_assert_eq!(household.letters, Letters::One, "who wishes one each gets one each");
                for id in &one.people[1..] {
                    let (first, other) = (of(&book, &one.people[0]), of(&book, id));
                    let together = match one.channel {
                        Channel::Post => same(postal(&book, first).expect("one"), postal(&book, other).expect("one")),
                        Channel::Email => mailed(first) == mailed(other),
                        _ => false,
                    };
                    prop_assert!(together);
                }
            }
        }
    }

    #[test]
    fn nobody_who_said_no_hears_of_us_unless_it_is_demanded(book in book(), (demand, mailing) in how()) {
        for piece in deal(&book, &everybody(&book), demand, mailing) {
            for id in &piece.people {
                let no = of(&book, id).reach == Reach::NotAtAll;
                let left_alone = piece.channel == Channel::NotAtAll;
                prop_assert_eq!(left_alone, no && demand == Demand::Free);
            }
        }
    }

    #[test]
    fn a_way_that_is_there_is_the_one_wished_for(book in book(), (demand, mailing) in how()) {
        for piece in deal(&book, &everybody(&book), demand, mailing) {
            for id in &piece.people {
                let person = of(&book, id);
                let mail = mailing == Mailing::On && mailed(person).is_some();
                match piece.channel {
                    Channel::Email => prop_assert!(mail),
                    Channel::Post => prop_assert!(postal(&book, person).is_some()),
                    Channel::NoWay => prop_assert!(postal(&book, person).is_none() && !mail && person.telephone().is_none()),
                    _ => {}
                }
                if person.reach == Reach::Email && mail {
                    prop_assert_eq!(piece.channel, Channel::Email);
                }
                prop_assert!(!person.large_print || piece.large);
            }
        }
    }

    /// No rule asks how old somebody is, or anything of that kind.
    #[test]
    fn age_and_pronouns_change_nothing(book in book(), (demand, mailing) in how(), years in prop::collection::vec(1900_i16..2026, 25)) {
        let before = deal(&book, &everybody(&book), demand, mailing);
        let mut other = book.clone();
        for (person, year) in other.people.values_mut().zip(years) {
            person.born = Some(date(year, 2, 28));
            person.pronouns = Some(if year % 2 == 0 { "she" } else { "he" }.to_owned());
        }
        prop_assert_eq!(before, deal(&other, &everybody(&other), demand, mailing));
    }

    #[test]
    fn a_piece_comes_back_from_its_bytes(book in book(), (demand, mailing) in how()) {
        for piece in deal(&book, &everybody(&book), demand, mailing) {
            prop_assert_eq!(Piece::decode(&piece.encode()), Ok(piece));
        }
    }
}

#[test]
fn two_who_share_an_e_mail_address_get_one_each_or_one_for_both() {
    for (one, letters) in [(true, 1), (false, 2)] {
        let both = [
            (Some(1), 3, None, Some(1), false, false),
            (Some(1), 3, None, Some(1), false, false),
        ];
        let book = drawn_book(&[(one, Some(1))], &both);
        let pieces = deal(&book, &everybody(&book), Demand::Free, Mailing::On);
        assert_eq!(pieces.len(), letters);
        assert!(pieces.iter().all(|piece| piece.channel == Channel::Email));
    }
}

#[test]
fn those_who_have_died_are_in_no_choice() {
    let mut book = drawn_book(
        &[],
        &[
            (None, 0, Some(1), None, false, false),
            (None, 0, Some(2), None, false, false),
        ],
    );
    let step = |to| Move {
        to,
        class: Some("member".to_owned()),
        on: date(2026, 1, 1),
        why: None,
        by: None,
        at: Instant::from_millis(0),
    };
    let memberships: BTreeMap<PersonId, Membership> = book
        .people
        .keys()
        .map(|id| (*id, Membership::begin(step(Status::Member)).expect("a member")))
        .collect();
    book.memberships = memberships;
    let first = PersonId::new(1);
    assert_eq!(Choice::Members.of(&book).len(), 2);
    let died = book.memberships[&first]
        .moved(step(Status::Died))
        .expect("a step");
    book.memberships.insert(first, died);
    for choice in [
        Choice::Members,
        Choice::Everybody,
        Choice::Class("member".to_owned()),
        Choice::People([first].into()),
    ] {
        assert!(!choice.of(&book).contains(&first), "{choice:?}");
    }
}
