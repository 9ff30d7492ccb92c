//! Every group shows what is written, takes it back unchanged, and refuses what makes no sense beside the right input.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use proptest::prelude::*;
use units::{Instant, PersonId};

use super::{Group, Input, Setting, Typed, change, inputs, meant, seen};
use crate::book::Book;
use crate::house::{CustomField, FieldKind, House, Tag};
use crate::person::{Person, WayKind};
use crate::record::Newer;

const TODAY: Date = date(2026, 6, 16);

fn house() -> House {
    let field = |label: &str, kind| CustomField {
        label: label.to_owned(),
        help: None,
        why: "to order shirts".to_owned(),
        kind,
        choices: vec!["small".to_owned(), "large".to_owned()],
        own: true,
        newer: Newer::default(),
    };
    let fields = [
        ("size", FieldKind::Choice),
        ("since", FieldKind::Date),
        ("bikes", FieldKind::Number),
        ("sings", FieldKind::YesNo),
        ("about", FieldKind::Text),
    ];
    let fields = fields
        .into_iter()
        .map(|(key, kind)| (key.to_owned(), field(key, kind)));
    let tag = Tag {
        name: "Choir".to_owned(),
        meaning: "sings on Tuesdays".to_owned(),
        newer: Newer::default(),
    };
    House::new(
        fields.collect(),
        BTreeMap::from([("choir".to_owned(), tag)]),
        BTreeMap::new(),
    )
}

fn book() -> Book {
    let mut book = Book::default();
    for (number, name) in [(1, "Ana Öberg"), (2, "Ben Okafor"), (3, "Ben Okafor")] {
        let person = Person::named(name, Instant::from_millis(0)).expect("a name");
        book.people.insert(PersonId::new(number), person);
    }
    book
}

fn typed(pairs: &[(&str, &str)]) -> Typed {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

fn as_it_stands(inputs: &[Input]) -> Typed {
    inputs
        .iter()
        .map(|input| (input.name.clone(), input.value.clone()))
        .collect()
}

fn changed(group: Group, pairs: &[(&str, &str)]) -> Result<Person, Vec<String>> {
    let (book, house) = (book(), house());
    let setting = Setting {
        book: &book,
        house: &house,
        today: TODAY,
    };
    let refused = |refusals: Vec<super::Refusal>| {
        refusals
            .into_iter()
            .map(|refusal| format!("{}: {}", refusal.input, refusal.why))
            .collect()
    };
    change(
        setting,
        (PersonId::new(1), &book.people[&PersonId::new(1)]),
        group,
        &typed(pairs),
    )
    .map_err(refused)
}

#[test]
fn names_in_every_script_are_kept_as_they_are_written() {
    for name in [
        "Nguyễn Thị Minh Khai",
        "محمد بن سلمان",
        "李小龍",
        "ශ්‍රී",
        "O’Brien-Smith",
        "Øystein",
        "X",
    ] {
        let person = changed(Group::Name, &[("name", name), ("kind", "person")]).expect("taken");
        assert_eq!(person.name, name);
    }
    assert_eq!(
        changed(Group::Name, &[("name", " ")]),
        Err(vec!["name: Write something here; it is empty now".to_owned()])
    );
}

#[test]
fn a_day_of_birth_may_be_the_29th_of_february_of_a_leap_year_alone() {
    let born = |day: &str| changed(Group::Name, &[("name", "Ana"), ("born", day)]);
    assert_eq!(born("29/2/2004").expect("taken").born, Some(date(2004, 2, 29)));
    assert_eq!(born("").expect("taken").born, None);
    for (day, why) in [
        ("29/2/2003", "There is no such day as 29/2/2003"),
        ("2027-01-01", "This day is still to come"),
        ("1/1/1066", "Nobody alive was born so long ago"),
        ("long ago", "\"long ago\" is no day. Write it like 29/2/2004"),
    ] {
        let refused = born(day).expect_err("refused");
        assert!(refused[0].starts_with(&format!("born: {why}")), "{refused:?}");
    }
}

#[test]
fn a_field_that_is_too_long_is_refused_with_its_length_and_nothing_is_lost() {
    let long = "x".repeat(65_536);
    for (group, input) in [
        (Group::Name, "called"),
        (Group::Ways, "way-1"),
        (Group::Notes, "note"),
        (Group::Needs, "access"),
        (Group::Custom, "custom-about"),
    ] {
        let refused =
            changed(group, &[("name", "Ana"), ("way-kind-1", "other"), (input, &long)]).expect_err("refused");
        assert_eq!(refused.len(), 1, "{refused:?}");
        assert!(
            refused[0].starts_with(&format!("{input}: This has 65536 letters; write at most ")),
            "{refused:?}"
        );
    }
}

#[test]
fn ways_to_reach_somebody_need_no_e_mail() {
    let pairs = [
        ("reach", "in person"),
        ("way-kind-1", "phone"),
        ("way-1", "0117 496 0123"),
        ("way-note-1", "evenings only"),
        ("way-kind-2", "e-mail"),
        ("way-2", "us@example.org"),
    ];
    let person = changed(Group::Ways, &pairs).expect("taken");
    assert_eq!(
        (person.telephone(), person.way(WayKind::Email)),
        (Some("0117 496 0123"), Some("us@example.org"))
    );
    assert!(
        changed(Group::Ways, &[("reach", "not at all")])
            .expect("taken")
            .ways
            .is_empty()
    );
    for (kind, value, why) in [
        ("phone", "call me", "This is no telephone number"),
        ("e-mail", "ana", "This is no e-mail address"),
        ("e-mail", "a@b@c", "This is no e-mail address"),
    ] {
        let refused = changed(Group::Ways, &[("way-kind-1", kind), ("way-1", value)]).expect_err("refused");
        assert!(refused[0].starts_with(&format!("way-1: {why}")), "{refused:?}");
    }
    assert!(changed(Group::Ways, &[("reach", "by pigeon")]).is_err());
}

#[test]
fn answers_to_questions_of_the_house_are_of_their_kind() {
    let pairs = [
        ("custom-size", "large"),
        ("custom-since", "29/2/2004"),
        ("custom-bikes", "007"),
        ("custom-sings", "no"),
        ("custom-about", " a  b "),
    ];
    let person = changed(Group::Custom, &pairs).expect("taken");
    let said: Vec<&str> = person.custom.values().map(String::as_str).collect();
    assert_eq!(said, ["a b", "7", "2004-02-29", "no", "large"]);
    let wrong = [
        ("custom-size", "huge"),
        ("custom-since", "soon"),
        ("custom-bikes", "some"),
        ("custom-sings", "perhaps"),
    ];
    assert_eq!(
        changed(Group::Custom, &wrong).expect_err("refused").len(),
        4,
        "each beside its input"
    );
}

#[test]
fn others_are_meant_by_number_or_by_a_name_that_nobody_else_has() {
    let book = book();
    assert_eq!(meant(&book, "ana oberg"), Ok(PersonId::new(1)));
    assert_eq!(meant(&book, "Ben Okafor (3)"), Ok(PersonId::new(3)));
    assert!(
        meant(&book, "Ben Okafor")
            .expect_err("two")
            .starts_with("2 people have this name.")
    );
    assert!(meant(&book, "9").is_err() && meant(&book, "Cleo").is_err());
    let pairs = [
        ("kinship-1", "carer of"),
        ("relation-1", "2"),
        ("kinship-2", "carer of"),
        ("relation-2", "2"),
    ];
    assert_eq!(
        changed(Group::Relations, &pairs).expect("taken").relations.len(),
        1,
        "once"
    );
    assert!(
        changed(Group::Relations, &[("relation-1", "1")]).expect_err("refused")[0].contains("same person")
    );
}

#[test]
fn tags_are_those_that_the_house_has() {
    let person = changed(Group::Tags, &[("tag-Choir", "yes"), ("tag-Pirate", "yes")]).expect("taken");
    assert_eq!(person.tags.into_iter().collect::<Vec<_>>(), ["Choir"]);
}

#[test]
fn an_address_is_whole_or_not_there() {
    let person = changed(
        Group::Address,
        &[("lines", "1 High Street\r\n\r\nBristol"), ("postcode", "bs5 6xx")],
    )
    .expect("taken");
    let address = person.address.expect("an address");
    assert_eq!(
        (address.lines.len(), address.postcode.as_deref()),
        (2, Some("BS5 6XX"))
    );
    assert!(changed(Group::Address, &[("postcode", "BS5 6XX")]).is_err());
    assert_eq!(changed(Group::Address, &[]).expect("taken").address, None);
}

proptest! {
    #[test]
    fn what_stands_in_a_form_is_taken_back_unchanged(note in "[a-zà-ÿ]{0,40}", ways in prop::collection::vec("[0-9]{3,12}", 0..4), tagged: bool, group in 0_usize..9) {
        let (mut book, house) = (book(), house());
        let id = PersonId::new(1);
        let ana = book.people.get_mut(&id).expect("Ana");
        ana.note = Some(note).filter(|note| !note.is_empty());
        for value in ways {
            ana.ways.push(crate::person::Way { kind: WayKind::Phone, value, note: None, newer: Newer::default() });
        }
        if tagged {
            ana.tags.insert("Choir".to_owned());
        }
        ana.relations.push(crate::person::Relation { kinship: crate::person::Kinship::Parent, person: PersonId::new(3), newer: Newer::default() });
        let setting = Setting { book: &book, house: &house, today: TODAY };
        let (ana, group) = (&book.people[&id], Group::ALL[group]);
        let typed = as_it_stands(&inputs(setting, ana, group));
        let after = change(setting, (PersonId::new(1), ana), group, &typed).expect("taken");
        prop_assert_eq!(&after, ana);
        prop_assert_eq!(seen(setting, &after, group), seen(setting, ana, group));
    }

    #[test]
    fn anything_typed_is_taken_or_refused_beside_an_input(value in any::<String>(), group in 0_usize..9) {
        let (book, house) = (book(), house());
        let setting = Setting { book: &book, house: &house, today: TODAY };
        let ana = &book.people[&PersonId::new(1)];
        let group = Group::ALL[group];
        let mut typed = as_it_stands(&inputs(setting, ana, group));
        typed.values_mut().for_each(|stands| stands.clone_from(&value));
        if let Err(refusals) = change(setting, (PersonId::new(1), ana), group, &typed) {
            prop_assert!(refusals.iter().all(|refusal| typed.contains_key(&refusal.input)));
        }
    }
}
