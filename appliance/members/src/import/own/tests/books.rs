//! Books and houses as they may be, with what could go wrong on the way through a table.

use jiff::civil::{Date, date};
use proptest::prelude::*;
use units::{HomeName, HouseholdId, Instant, PersonId};

use crate::book::Book;
use crate::house::{Class, CustomField, FieldKind, House, Tag};
use crate::household::{Household, Letters, Occupancy};
use crate::membership::{Membership, Notice, Status, Step};
use crate::person::{Address, Kinship, Listing, Person, PersonKind, Reach, Relation, Way, WayKind};
use crate::record::Newer;
use crate::text;

/// One line as people write them, with what could go wrong on the way through a table.
pub(super) fn line() -> impl Strategy<Value = String> {
    let wild = "[=+@'|\\\\\"-]{0,3}[a-zÖЖ日م한ท]{1,3}[a-z ,;|\\\\n'\"-]{0,6}[a-zé]";
    prop_oneof![
        4 => wild.prop_map(|line| text::line(&line, 400).expect("a line")),
        1 => "\\PC{1,12}".prop_filter_map("a line", |line| text::line(&line, 400).ok()),
        1 => Just("=HYPERLINK(\"http://x\",1)".to_owned()),
        1 => Just("-1+1|@x".to_owned()),
    ]
}

fn lines() -> impl Strategy<Value = Option<String>> {
    let lines = "[=a-z|\\\\]{1,4}\n\n?[ a-z, \"=+]{0,4}[a-z]";
    prop::option::of(lines.prop_filter_map("lines", |lines| text::paragraph(&lines, 400).ok()))
}

fn day() -> impl Strategy<Value = Date> {
    let usual = (1900_i16..2100, 1_i8..=12, 1_i8..=28).prop_map(|(year, month, day)| date(year, month, day));
    prop_oneof![4 => usual, 1 => Just(date(2024, 2, 29))]
}

fn address() -> impl Strategy<Value = Option<Address>> {
    prop::option::of((
        prop::collection::vec(line(), 1..3),
        prop::option::of(line()),
        prop::option::of(line()),
    ))
    .prop_map(|made| {
        made.map(|(lines, postcode, country)| Address {
            lines,
            postcode,
            country,
            newer: Newer::default(),
        })
    })
}

fn person() -> impl Strategy<Value = Person> {
    let one = (
        line(),
        prop::option::of(line()),
        prop::option::of(day()),
        prop::collection::vec(line(), 0..3),
        lines(),
    );
    let two = (
        address(),
        prop::collection::btree_set(line(), 0..3),
        lines(),
        any::<bool>(),
        0_i64..4_000_000_000_000,
    );
    let three = (
        prop::collection::vec((0_usize..4, line(), prop::option::of(line())), 0..3),
        prop::collection::vec((0_usize..8, 1_u32..9), 0..3),
        prop::option::of(1_u32..5),
        prop::collection::btree_map("q[0-2]", line(), 0..3),
    );
    (one, two, three).prop_map(
        |(
            (name, called, born, languages, access),
            (address, tags, note, large, entered),
            (ways, relations, home, custom),
        )| {
            let mut person = Person::named(&name, Instant::from_millis(entered)).expect("a name");
            person.called = called.clone();
            person.sort = called;
            person.born = born;
            person.languages = languages;
            person.access = access;
            person.address = address;
            person.tags = tags;
            person.note = note;
            person.large_print = large;
            person.listing = if large { Listing::Name } else { Listing::Hidden };
            person.reach = if large { Reach::NotAtAll } else { Reach::Post };
            person.kind = if large {
                PersonKind::Organisation
            } else {
                PersonKind::Human
            };
            person.custom = custom;
            person.household = home.map(HouseholdId::new);
            let way = |(kind, value, note): (usize, String, Option<String>)| Way {
                kind: WayKind::ALL[kind],
                value,
                note,
                newer: Newer::default(),
            };
            person.ways = ways.into_iter().map(way).collect();
            let relation = |(kinship, other): (usize, u32)| Relation {
                kinship: Kinship::ALL[kinship],
                person: PersonId::new(other),
                newer: Newer::default(),
            };
            person.relations = relations.into_iter().map(relation).collect();
            person
        },
    )
}

fn household() -> impl Strategy<Value = Household> {
    (
        prop::option::of(line()),
        address(),
        lines(),
        prop::collection::vec((day(), prop::option::of(day())), 0..2),
    )
        .prop_map(|(name, address, note, homes)| {
            let mut household = Household::new();
            household.letters = if note.is_some() {
                Letters::Each
            } else {
                Letters::One
            };
            household.name = name;
            household.address = address;
            household.note = note;
            let home = HomeName::parse("flat-1").expect("a word");
            household.homes = homes
                .into_iter()
                .map(|(from, until)| Occupancy {
                    home: home.clone(),
                    from,
                    until,
                    newer: Newer::default(),
                })
                .collect();
            household
        })
}

fn membership(number: u32) -> impl Strategy<Value = Option<Membership>> {
    let heard = prop::collection::vec((day(), line(), lines()), 0..2);
    let step = (day(), 0_usize..7, line(), lines(), prop::option::of(1_u32..9));
    prop::option::of((
        prop::collection::vec(step, 1..4),
        any::<bool>(),
        0_u32..9,
        lines(),
        heard,
    ))
    .prop_map(move |made| {
        made.map(|(steps, numbered, shares, application, heard)| Membership {
            number: numbered.then_some(number),
            history: steps
                .into_iter()
                .map(|(on, status, class, why, by)| Step {
                    on,
                    status: Status::ALL[status],
                    class,
                    why,
                    by: by.map(PersonId::new),
                    at: Instant::from_millis(1_781_604_000_123),
                    newer: Newer::default(),
                })
                .collect(),
            shares,
            application,
            notices: heard.into_iter().map(notice).collect(),
            newer: Newer::default(),
        })
    })
}

fn notice((given, why, words): (Date, String, Option<String>)) -> Notice {
    Notice {
        given,
        until: given,
        why,
        objection: words.clone(),
        closed: words.is_none().then_some(given),
        heard: words,
        newer: Newer::default(),
    }
}

/// Questions, tags and classes as stewards make them.
pub(super) fn house() -> impl Strategy<Value = House> {
    let changed = (
        line(),
        any::<bool>(),
        prop::option::of(0_u8..9),
        prop::option::of(10_u8..99),
    );
    let classes = prop::collection::btree_map("member|youth|own-[0-9]", changed, 0..3);
    let choices = prop::collection::btree_set(line(), 2..5);
    (
        prop::collection::vec((line(), line()), 3),
        prop::option::of(line()),
        choices,
        classes,
    )
        .prop_map(|(asked, help, choices, classes)| {
            let mut house = House::begun();
            for (number, (label, why)) in asked.into_iter().enumerate() {
                let field = CustomField {
                    label: label.chars().take(20).collect::<String>().trim().to_owned(),
                    help: help.clone(),
                    why: why.clone(),
                    kind: FieldKind::Text,
                    choices: Vec::new(),
                    own: number == 1,
                    newer: Newer::default(),
                };
                let shirt = CustomField {
                    kind: FieldKind::Choice,
                    choices: choices.iter().cloned().collect(),
                    ..field.clone()
                };
                house.fields.insert(format!("q{number}"), field);
                house.fields.insert("shirt-2".to_owned(), shirt);
                let name = format!("tag {number} {why}");
                let name: String = name.chars().take(20).collect::<String>().trim().to_owned();
                let tag = Tag {
                    name,
                    meaning: why,
                    newer: Newer::default(),
                };
                house.tags.insert(text::folded(&tag.name), tag);
            }
            house.classes.extend(
                classes
                    .into_iter()
                    .map(|(key, (label, votes, age_from, age_below))| {
                        let class = Class {
                            label: label.chars().take(20).collect::<String>().trim().to_owned(),
                            votes,
                            age_from,
                            age_below,
                            by_decision: !votes,
                            closed: votes,
                            newer: Newer::default(),
                        };
                        (key, class)
                    }),
            );
            house
        })
}

pub(super) fn book() -> impl Strategy<Value = Book> {
    let people = prop::collection::btree_map(1_u32..9, person(), 0..6);
    let households = prop::collection::btree_map(1_u32..5, household(), 4);
    let memberships = (1_u32..9).map(membership).collect::<Vec<_>>();
    (people, households, memberships).prop_map(|(people, households, memberships)| {
        let mut book = Book {
            people: people
                .into_iter()
                .map(|(id, person)| (PersonId::new(id), person))
                .collect(),
            households: households
                .into_iter()
                .map(|(id, home)| (HouseholdId::new(id), home))
                .collect(),
            memberships: (1..)
                .map(PersonId::new)
                .zip(memberships)
                .filter_map(|(id, one)| Some((id, one?)))
                .collect(),
            ..Book::default()
        };
        let homes: Vec<HouseholdId> = book.households.keys().copied().collect();
        for person in book.people.values_mut() {
            person.household = person.household.filter(|home| homes.contains(home));
        }
        book
    })
}
