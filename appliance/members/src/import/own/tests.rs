//! The book goes out and comes in again as it was, and coming in twice is coming in once.

mod books;

use std::collections::BTreeMap;

use expect_test::expect;
use jiff::civil::date;
use proptest::prelude::*;
use units::{HouseholdId, Instant, PersonId};

use self::books::{book, house};
use super::plan::Ground;
use super::{export, is_own, lacking, plan};
use crate::book::Book;
use crate::house::{CustomField, FieldKind, House};
use crate::household::Household;
use crate::import::find::name_key;
use crate::import::plan::{Decision, Given, Plan, Verdict};
use crate::membership::{Membership, Status, Step};
use crate::person::Person;
use crate::record::Newer;
use crate::sheet::{Choice, Sheet, read};

fn sheet(csv: &str) -> Sheet {
    let sheet = read(csv.as_bytes(), &Choice::default()).expect("our own table");
    assert!(is_own(&sheet.header) && lacking(&sheet.header).is_none());
    sheet
}

fn text_of(book: &Book, house: &House) -> String {
    export(book, house).finish()
}

fn out(book: &Book, house: &House) -> Sheet {
    let sheet = sheet(&text_of(book, house));
    assert_eq!(sheet.faults, []);
    sheet
}

fn back(book: &Book, house: &House, given: Given, sheet: &Sheet) -> Plan {
    decided(book, house, (given, BTreeMap::new()), sheet)
}

fn decided(
    book: &Book,
    house: &House,
    (given, decisions): (Given, BTreeMap<usize, Decision>),
    sheet: &Sheet,
) -> Plan {
    let ground = Ground {
        book,
        house,
        decisions: &decisions,
        given,
    };
    plan(ground, sheet)
}

/// The house with what a table adds.
fn with(house: &House, plan: &Plan) -> House {
    let mut house = house.clone();
    house.fields.extend(plan.rules.fields.clone());
    house.tags.extend(plan.rules.tags.clone());
    house
}

fn given(book: &Book) -> Given {
    let relations = book
        .people
        .values()
        .flat_map(|person| &person.relations)
        .map(|relation| relation.person);
    let steps = book
        .memberships
        .values()
        .flat_map(|one| &one.history)
        .filter_map(|step| step.by);
    let ids = book.people.keys().chain(book.memberships.keys()).copied();
    Given {
        people: ids
            .chain(relations)
            .chain(steps)
            .map(PersonId::number)
            .max()
            .unwrap_or(0),
        households: book.households.keys().map(|id| id.number()).max().unwrap_or(0),
        memberships: book
            .memberships
            .values()
            .filter_map(|one| one.number)
            .max()
            .unwrap_or(0),
    }
}

proptest! {
    #[test]
    fn the_book_comes_back_as_it_was(book in book(), house in house()) {
        let written = text_of(&book, &house);
        let sheet = out(&book, &house);
        let begun = House {
            classes: house.classes.clone(),
            ..House::begun()
        };
        let first = back(&Book::default(), &begun, Given::default(), &sheet);
        prop_assert!(first.rows.iter().all(|row| row.notes.is_empty() && !matches!(row.verdict, Verdict::NotTaken(_))), "{:?}", first.rows);
        prop_assert_eq!(&first.book, &book);
        prop_assert_eq!(first.given, given(&book));
        let there = with(&begun, &first);
        prop_assert_eq!(&there, &house);
        prop_assert_eq!(text_of(&first.book, &there), written);
        let twice = back(&first.book, &there, first.given, &sheet);
        prop_assert_eq!(&twice.book, &book);
        prop_assert!(!twice.changes(), "{:?}", twice.rows);
    }

    /// On a box where these numbers are other people's, everybody comes in under a new number, nobody there changes, and
    /// coming in once more changes nothing.
    #[test]
    fn other_people_of_the_same_numbers_are_left_alone(ours in book(), theirs in book(), house in house()) {
        let sheet = out(&theirs, &house);
        let begun = House::begun();
        let after = back(&ours, &begun, given(&ours), &sheet);
        let same_name = |person: &Person| theirs.people.values().any(|other| name_key(&other.name) == name_key(&person.name));
        for (id, person) in ours.people.iter().filter(|(_, person)| !same_name(person)) {
            prop_assert_eq!(after.book.people.get(id), Some(person));
        }
        for (id, membership) in &ours.memberships {
            prop_assert_eq!(after.book.memberships.get(id), Some(membership));
        }
        let twice = back(&after.book, &with(&begun, &after), after.given, &sheet);
        prop_assert_eq!(&twice.book, &after.book);
        prop_assert!(!twice.changes(), "{:?}", twice.rows);
    }

    /// Whatever stands in a table that says it is ours, every row is told of.
    #[test]
    fn a_spoilt_table_loses_no_row(book in book(), house in house(), spoilt in prop::collection::vec((0_usize..40, 0_usize..40, books::line()), 1..9)) {
        let mut sheet = out(&book, &house);
        for (row, column, cell) in spoilt {
            if let Some(there) = sheet.rows.get_mut(row).and_then(|row| row.cells.get_mut(column)) {
                *there = cell;
            }
        }
        let begun = House::begun();
        let plan = back(&Book::default(), &begun, Given::default(), &sheet);
        prop_assert_eq!(plan.rows.len(), sheet.rows.len());
        let twice = back(&plan.book, &with(&begun, &plan), plan.given, &sheet);
        prop_assert!(!twice.changes(), "{:?}", twice.rows);
    }
}

/// Ana and Ben in one household, Ana a member; the house asks for a shirt.
fn small() -> (Book, House) {
    let home = HouseholdId::new(1);
    let mut book = Book::default();
    for (number, name) in (1..).zip(["Ana Öberg", "=1+1"]) {
        let mut person = Person::named(name, Instant::from_millis(1_781_604_000_000)).expect("a name");
        person.household = Some(home);
        person.tags.insert("@choir".to_owned());
        person.custom.insert("shirt".to_owned(), "large".to_owned());
        book.people.insert(PersonId::new(number), person);
    }
    let mut household = Household::new();
    household.name = Some("+Öberg".to_owned());
    book.households.insert(home, household);
    let step = Step {
        on: date(2024, 2, 29),
        status: Status::Member,
        class: "member".to_owned(),
        why: Some("-".to_owned()),
        by: Some(PersonId::new(2)),
        at: Instant::from_millis(1_781_604_000_000),
        newer: Newer::default(),
    };
    let membership = Membership {
        number: Some(7),
        history: vec![step],
        shares: 0,
        application: None,
        notices: Vec::new(),
        newer: Newer::default(),
    };
    book.memberships.insert(PersonId::new(1), membership);
    let mut house = House::begun();
    let field = CustomField {
        label: "Shirt size".to_owned(),
        help: None,
        why: "To order shirts".to_owned(),
        kind: FieldKind::Choice,
        choices: vec!["small".to_owned(), "large".to_owned()],
        own: true,
        newer: Newer::default(),
    };
    house.fields.insert("shirt".to_owned(), field);
    (book, house)
}

fn told(plan: &Plan) -> String {
    let mut text = String::new();
    for row in &plan.rows {
        let verdict = match &row.verdict {
            Verdict::New(id) => format!("new, {id}"),
            Verdict::Changed(id, about) => {
                let about: Vec<String> = about.iter().map(ToString::to_string).collect();
                format!("{id} changed: {}", about.join(", "))
            }
            Verdict::Same(id) => format!("{id}, nothing new"),
            Verdict::Beside(what, true) => format!("new: {what}"),
            Verdict::Beside(what, false) => format!("nothing new: {what}"),
            Verdict::NotTaken(why) => format!("not taken: {why}"),
        };
        text.push_str(&format!("{} {}: {verdict}\n", row.line, row.name));
        for note in &row.notes {
            text.push_str(&format!("    {}: {}\n", note.about, note.why));
        }
    }
    text
}

#[test]
fn no_cell_of_the_table_is_a_formula_and_what_was_guarded_comes_back() {
    let (book, house) = small();
    let written = text_of(&book, &house);
    assert!(
        written.contains(",'=1+1,") && written.contains(",'+Öberg,") && written.contains(",'@choir,"),
        "{written}"
    );
    let first = back(
        &Book::default(),
        &House::begun(),
        Given::default(),
        &sheet(&written),
    );
    assert_eq!(first.book, book);
}

#[test]
fn a_changed_book_is_told_what_would_change() {
    let (book, house) = small();
    let table = out(&book, &house);
    let mut changed = book.clone();
    let ana = changed.people.get_mut(&PersonId::new(1)).expect("Ana");
    ana.name = "Ana Berg".to_owned();
    ana.custom.remove("shirt");
    changed.people.remove(&PersonId::new(2));
    changed
        .households
        .get_mut(&HouseholdId::new(1))
        .expect("there")
        .note = Some("a dog".to_owned());
    let membership = changed.memberships.get_mut(&PersonId::new(1)).expect("there");
    membership.history[0].status = Status::Left;
    let mut house = house;
    house.fields.get_mut("shirt").expect("there").own = false;
    let plan = back(&changed, &house, given(&book), &table);
    expect![[r#"
        2 Ana Öberg: person 1 changed: The household itself, Name, Further answers
            state of membership: the book has another membership of this person, and its history stays
        3 =1+1: new, person 3
        4 : nothing new: rule of the house
            rule of the house: the house has decided otherwise, and that stays
        5 : nothing new: rule of the house
        6 : nothing new: rule of the house
        7 : nothing new: rule of the house
        8 : nothing new: rule of the house
    "#]]
    .assert_eq(&told(&plan));
}

#[test]
fn a_spoilt_row_is_refused_with_a_sentence() {
    let (book, house) = small();
    let spoilt = |from: &str, to: &str| {
        let written = text_of(&book, &house);
        assert!(written.contains(from), "{from}: {written}");
        let table = sheet(&written.replacen(from, to, 1));
        let plan = back(&Book::default(), &House::begun(), Given::default(), &table);
        told(&plan)
            .lines()
            .filter(|line| line.starts_with("2 ") || line.starts_with("    ") || line.contains("not taken"))
            .collect::<Vec<_>>()
            .join("\n")
    };
    let found = [
        ("\r\n1,", "\r\none,"),
        ("\r\n1,", "\r\n,"),
        ("\r\n2,", "\r\n1,"),
        ("Ana Öberg", ""),
        ("Ana Öberg", "a\u{202e}b"),
        (",person,", ",owl,"),
        ("2026-06-16T10:00:00.000Z", "16/6/2026"),
        ("2024-02-29", "2023-02-29"),
        (",hidden,no,", ",hidden,perhaps,"),
        ("2024-02-29 | member", "2024-02-29"),
        ("class | member | Member | yes", "class | member | Member"),
        (",large", ",enormous"),
    ]
    .map(|(from, to)| format!("{from:?} -> {to:?}\n{}", spoilt(from, to)));
    expect![[r#"
        "\r\n1," -> "\r\none,"
        2 Ana Öberg: not taken: What stands under "Hearth person" is not as Hearth writes it. Put it back as it was, or take this row out
        "\r\n1," -> "\r\n,"
        2 Ana Öberg: not taken: There is no number under "Hearth person", so this row did not come out of Hearth. Read new people in as a table of their own
        "\r\n2," -> "\r\n1,"
        2 Ana Öberg: new, person 1
        3 =1+1: not taken: Row 2 has the same number under "Hearth person". Take one of the two out
        "Ana Öberg" -> ""
        2 : not taken: There is no name in this row, so nobody can be entered
        "Ana Öberg" -> "a\u{202e}b"
        2 : not taken: The name cannot be kept. This holds a sign that cannot be shown; write it again
        ",person," -> ",owl,"
        2 Ana Öberg: not taken: What stands under "Kind" is not as Hearth writes it. Put it back as it was, or take this row out
        "2026-06-16T10:00:00.000Z" -> "16/6/2026"
        2 Ana Öberg: not taken: What stands under "First entered" is not as Hearth writes it. Put it back as it was, or take this row out
        "2024-02-29" -> "2023-02-29"
        2 Ana Öberg: not taken: What stands under "Membership history" is not as Hearth writes it. Put it back as it was, or take this row out
        ",hidden,no," -> ",hidden,perhaps,"
        2 Ana Öberg: not taken: What stands under "Large print" is not as Hearth writes it. Put it back as it was, or take this row out
        "2024-02-29 | member" -> "2024-02-29"
        2 Ana Öberg: not taken: What stands under "Membership history" is not as Hearth writes it. Put it back as it was, or take this row out
        "class | member | Member | yes" -> "class | member | Member"
        2 Ana Öberg: new, person 1
        6 : not taken: What stands under "Rule of the house" is not as Hearth writes it. Put it back as it was, or take this row out
        ",large" -> ",enormous"
        2 Ana Öberg: new, person 1
            Shirt size: this is none of the answers that the house offers: small, large"#]].assert_eq(&found.join("\n"));
}

#[test]
fn somebody_of_the_same_name_is_asked_for_and_can_be_answered() {
    let (book, house) = small();
    let table = out(&book, &house);
    let mut ours = Book::default();
    let ana = Person::named("Ana Öberg", Instant::from_millis(5)).expect("a name");
    ours.people.insert(PersonId::new(1), ana);
    let run = |decision: Option<Decision>| {
        let decisions = decision.into_iter().map(|decision| (2, decision)).collect();
        let plan = decided(&ours, &house, (given(&ours), decisions), &table);
        told(&plan).lines().take(2).collect::<Vec<_>>().join("\n")
    };
    let one = Decision::Person(PersonId::new(1));
    let found = [None, Some(Decision::New), Some(one), Some(Decision::Leave)].map(run);
    expect![[r#"
        2 Ana Öberg: not taken: person 1 in the book may be the same person, and nothing tells for sure. Say who it is
        3 =1+1: new, person 2
        2 Ana Öberg: new, person 3
        3 =1+1: new, person 2
        2 Ana Öberg: person 1 changed: The household itself, Household, Tags, Further answers, First entered, Membership
        3 =1+1: new, person 2
        2 Ana Öberg: not taken: You left this row out
        3 =1+1: new, person 2"#]].assert_eq(&found.join("\n"));
}

#[test]
fn a_table_that_is_not_ours_any_more_is_told_apart() {
    let (book, house) = small();
    let written = text_of(&book, &house);
    let other = written.replacen("Hearth person", "Person", 1);
    let read_again = |text: &str| read(text.as_bytes(), &Choice::default()).expect("a table").header;
    assert!(!is_own(&read_again(&other)));
    let without = written.replacen("First entered", "Entered", 1);
    assert_eq!(lacking(&read_again(&without)), Some("First entered"));
}
