//! Whole tables through the import: what is said of every row, and the laws that hold for any table.

use std::collections::BTreeMap;

use expect_test::{Expect, expect};
use jiff::civil::{Date, date};
use proptest::prelude::*;
use units::Instant;

use super::apply::Setting;
use super::entry::Reader;
use super::mapping::{Mapping, SameName, Together};
use super::plan::{Decision, Given, Plan, Question, Verdict, plan};
use crate::book::Book;
use crate::house::{CustomField, FieldKind, House, Tag};
use crate::record::Newer;
use crate::sheet::{Choice, Sheet, read};

const TODAY: Date = date(2026, 6, 16);

fn sheet(text: &str) -> Sheet {
    read(text.as_bytes(), &Choice::default()).expect("a table")
}

fn mapping(sheet: &Sheet) -> Mapping {
    let mut mapping = Mapping::guess(sheet, &asking(), TODAY);
    mapping.class = Some("member".to_owned());
    mapping
}

fn run(
    book: &Book,
    given: Given,
    sheet: &Sheet,
    mapping: &Mapping,
    decisions: &BTreeMap<usize, Decision>,
) -> Plan {
    run_in(&asking(), (book, given), sheet, mapping, decisions)
}

fn run_in(
    house: &House,
    (book, given): (&Book, Given),
    sheet: &Sheet,
    mapping: &Mapping,
    decisions: &BTreeMap<usize, Decision>,
) -> Plan {
    let order = mapping
        .check(sheet, house, TODAY)
        .unwrap_or(super::value::DateOrder::DayFirst);
    let question = Question {
        sheet,
        reader: Reader::new(sheet, mapping.meanings(house), order, TODAY, house),
        setting: Setting {
            today: TODAY,
            now: Instant::from_millis(1_781_604_000_000),
            by: None,
            class: mapping.class.clone(),
            together: mapping.together,
        },
        same_name: mapping.same_name,
        decisions,
        given,
    };
    plan(book, &question)
}

fn first(text: &str) -> Plan {
    let sheet = sheet(text);
    let mapping = mapping(&sheet);
    run(
        &Book::default(),
        Given::default(),
        &sheet,
        &mapping,
        &BTreeMap::new(),
    )
}

fn again(before: &Plan, text: &str) -> Plan {
    let sheet = sheet(text);
    run(
        &before.book,
        before.given,
        &sheet,
        &mapping(&sheet),
        &BTreeMap::new(),
    )
}

fn told(plan: &Plan) -> String {
    let mut text = String::new();
    for row in &plan.rows {
        let verdict = match &row.verdict {
            Verdict::New(id) => format!("new, {id}"),
            Verdict::Changed(id, fields) => {
                let fields: Vec<String> = fields.iter().map(ToString::to_string).collect();
                format!("{id} changed: {}", fields.join(", "))
            }
            Verdict::Same(id) => format!("{id}, nothing new"),
            Verdict::Beside(what, new) => format!("{what}, {new}"),
            Verdict::NotTaken(why) => format!("not taken: {why}"),
        };
        text.push_str(&format!("{} {}: {verdict}\n", row.line, row.name));
        for note in &row.notes {
            text.push_str(&format!("    {}: {}\n", note.about, note.why));
        }
    }
    text
}

fn check(plan: &Plan, expected: &Expect) {
    expected.assert_eq(&told(plan));
}

const MESSY: &str = "\
First Name;Surname;Tel;E-mail;Address;Town;Post code;Member No;Joined;Status;Gender;Tags
Ana;Öberg;(0117) 496 0123 / 07700 900123;ana@example.org;12 High Street;Bristol;BS5 0AA;7;25/12/2019;active;f;choir, garden
ANA;Oberg;+44 117 4960123;;12, High St;;bs5 0aa;;;;;hall
Ben;van der Berg;none;ben-at-home;;;;;31/02/2020;lapsed;m;
Ben;van der Berg;0117 496 0999;;;;;;;;;
;;0117 496 0000;;;;;;;;;
Cy;Okafor;;;;;;7;;;;
Đặng Thị;Minh;;minh@example.org;;;;;1 March 2024;;;
سارة;الأحمد;;;;;;;;;;
";

#[test]
fn every_row_of_a_messy_table_is_told() {
    let plan = first(MESSY);
    check(
        &plan,
        &expect![[r#"
        2 Ana Öberg: new, person 1
        3 ANA Oberg: person 1 changed: tags
            address: row 2 is the same person and says otherwise; what stands there was taken
        4 Ben van der Berg: new, person 2
            telephone: this is no telephone number
            e-mail: this is no e-mail address
            date of joining: this is no day that there is
        5 Ben van der Berg: not taken: person 2 in the book may be the same person, and nothing tells for sure. Say who it is
        6 : not taken: There is no name in this row, so nobody can be entered
        7 Cy Okafor: not taken: The membership number 7 is that of person 1, who has another name. Put the number right, or the name
        8 Đặng Thị Minh: new, person 3
        9 سارة الأحمد: new, person 4
    "#]],
    );
    let names: Vec<&str> = plan
        .book
        .people
        .values()
        .map(|person| person.name.as_str())
        .collect();
    assert_eq!(
        names,
        ["Ana Öberg", "Ben van der Berg", "Đặng Thị Minh", "سارة الأحمد"]
    );
    let ana = plan.book.people.values().next().expect("Ana");
    assert_eq!(
        (ana.ways.len(), ana.tags.len(), ana.sorted_under().as_str()),
        (3, 3, "oberg ana")
    );
    let ben = plan.book.people.values().nth(1).expect("Ben");
    assert_eq!(ben.sorted_under(), "van der berg ben");
    check(
        &again(&plan, MESSY),
        &expect![[r#"
        2 Ana Öberg: person 1, nothing new
        3 ANA Oberg: person 1, nothing new
            address: row 2 is the same person and says otherwise; what stands there was taken
        4 Ben van der Berg: person 2, nothing new
            telephone: this is no telephone number
            e-mail: this is no e-mail address
            date of joining: this is no day that there is
        5 Ben van der Berg: not taken: person 2 in the book may be the same person, and nothing tells for sure. Say who it is
        6 : not taken: There is no name in this row, so nobody can be entered
        7 Cy Okafor: not taken: The membership number 7 is that of person 1, who has another name. Put the number right, or the name
        8 Đặng Thị Minh: person 3, nothing new
        9 سارة الأحمد: person 4, nothing new
    "#]],
    );
}

#[test]
fn a_name_alone_is_asked_for_and_can_be_answered() {
    let book = first("Name,Email\nJohn Smith,john@example.org\n");
    let table = "Name,Email,Tags\nJohn Smith,js@example.net,choir\nJohn Smith,,\n";
    check(
        &again(&book, table),
        &expect![[r#"
        2 John Smith: not taken: person 1 in the book may be the same person, and nothing tells for sure. Say who it is
        3 John Smith: person 1, nothing new
    "#]],
    );
    let sheet = sheet(table);
    let decided = |decision| {
        run(
            &book.book,
            book.given,
            &sheet,
            &mapping(&sheet),
            &BTreeMap::from([(2, decision)]),
        )
    };
    check(
        &decided(Decision::New),
        &expect![[r#"
        2 John Smith: new, person 2
        3 John Smith: person 1, nothing new
    "#]],
    );
    check(
        &decided(Decision::Person(units::PersonId::new(1))),
        &expect![[r#"
            2 John Smith: person 1 changed: e-mail, tags
            3 John Smith: person 1, nothing new
        "#]],
    );
    check(
        &decided(Decision::Leave),
        &expect![[r#"
        2 John Smith: not taken: You left this row out
        3 John Smith: person 1, nothing new
    "#]],
    );
    let mut others = mapping(&sheet);
    others.same_name = SameName::New;
    let all_new = run(&book.book, book.given, &sheet, &others, &BTreeMap::new());
    check(
        &all_new,
        &expect![[r#"
        2 John Smith: new, person 2
        3 John Smith: person 1, nothing new
    "#]],
    );
}

#[test]
fn households_by_name_and_by_address() {
    let named = "Name,Household,Address,Postcode\nAna,Öberg,12 High St,BS5 0AA\nBen,öberg,12 High Street,BS5 0AA\nCy,Öberg,3 Low St,BS5 0AB\n";
    let plan = first(named);
    let homes: Vec<_> = plan
        .book
        .people
        .values()
        .map(|person| person.household.map(units::HouseholdId::number))
        .collect();
    assert_eq!(homes, [Some(1), Some(1), Some(2)]);
    assert!(plan.book.people.values().all(|person| person.address.is_none()));
    assert!(!again(&plan, named).changes());
    let bare = sheet("Name,Address,Postcode\nAna,12 High St,BS5 0AA\nBen,12 High Street,BS5 0AA\nDee,,\n");
    let mut together = mapping(&bare);
    together.together = Together::SameAddress;
    let plan = run(
        &Book::default(),
        Given::default(),
        &bare,
        &together,
        &BTreeMap::new(),
    );
    let homes: Vec<_> = plan
        .book
        .people
        .values()
        .map(|person| person.household.map(units::HouseholdId::number))
        .collect();
    assert_eq!(homes, [Some(1), Some(1), None]);
}

#[test]
fn names_that_stand_turned_round_are_turned_back() {
    let plan = first("Name\n\"Öberg, Ana\"\n\"van der Berg, Ben\"\nCher\n");
    let names: Vec<(String, String)> = plan
        .book
        .people
        .values()
        .map(|person| (person.name.clone(), person.sorted_under()))
        .collect();
    let expected = [
        ("Ana Öberg", "oberg ana"),
        ("Ben van der Berg", "van der berg ben"),
        ("Cher", "cher"),
    ];
    assert_eq!(
        names,
        expected.map(|(name, sort)| (name.to_owned(), sort.to_owned()))
    );
}

#[test]
fn two_rows_of_one_person_do_not_take_turns() {
    let table =
        "Name,Email,Known as,Joined\nAna,a@example.org,Annie,1.2.2020\nAna,a@example.org,Nan,2020-02-01\n";
    let plan = first(table);
    check(
        &plan,
        &expect![[r#"
        2 Ana: new, person 1
        3 Ana: person 1, nothing new
            known as: row 2 is the same person and says otherwise; what stands there was taken
    "#]],
    );
    assert!(!again(&plan, table).changes());
}

/// A house that asks for a shirt, a day, a number and a yes, and has a tag.
fn asking() -> House {
    let mut house = House::begun();
    for (key, label, kind) in [
        ("shirt", "Shirt size", FieldKind::Choice),
        ("trained", "First aid until", FieldKind::Date),
        ("chairs", "Chairs", FieldKind::Number),
        ("keys", "Has keys", FieldKind::YesNo),
        ("allergy", "Allergies", FieldKind::Text),
    ] {
        let choices = if kind == FieldKind::Choice {
            ["Small", "Large"].map(str::to_owned).to_vec()
        } else {
            Vec::new()
        };
        let field = CustomField {
            label: label.to_owned(),
            help: None,
            why: "We need it".to_owned(),
            kind,
            choices,
            own: true,
            newer: Newer::default(),
        };
        house.fields.insert(key.to_owned(), field);
    }
    let tag = Tag {
        name: "Choir".to_owned(),
        meaning: "Sings".to_owned(),
        newer: Newer::default(),
    };
    house.tags.insert("choir".to_owned(), tag);
    house
}

const ASKED: &str = "\
Name,E-mail,Class,shirt SIZE,First aid until,Chairs,Has keys,Allergies,Choir
Ana,ana@example.org,Member,large,25/12/2026,4.0,Y,'=nuts,x
Ben,ben@example.org,pirate,huge,31/2/2026,many,perhaps,,perhaps
Ana,ana@example.org,,Small,,,no,,
";

#[test]
fn questions_tags_and_classes_of_the_house_are_columns_of_any_table() {
    let house = asking();
    let table = sheet(ASKED);
    let mapping = Mapping::guess(&table, &house, TODAY);
    assert_eq!(
        mapping.columns[3..],
        [
            "question:shirt",
            "question:trained",
            "question:chairs",
            "question:keys",
            "question:allergy",
            "tag:Choir"
        ]
    );
    let none = BTreeMap::new();
    let plan = run_in(
        &house,
        (&Book::default(), Given::default()),
        &table,
        &mapping,
        &none,
    );
    check(
        &plan,
        &expect![[r#"
            2 Ana: new, person 1
            3 Ben: new, person 2
                class of membership: the house has no class of membership of this name
                Shirt size: this is none of the answers that the house offers: Small, Large
                First aid until: this is no day that there is
                Chairs: this is no answer to the question: Write a whole number, in digits
                Has keys: this is neither yes nor no
                tag Choir: this is neither yes nor no
            4 Ana: person 1, nothing new
                Has keys: row 2 is the same person and says otherwise; what stands there was taken
                Shirt size: row 2 is the same person and says otherwise; what stands there was taken
        "#]],
    );
    let ana = plan.book.people.values().next().expect("Ana");
    let answers: Vec<(&str, &str)> = ana
        .custom
        .iter()
        .map(|(key, answer)| (key.as_str(), answer.as_str()))
        .collect();
    assert_eq!(
        answers,
        [
            ("allergy", "=nuts"),
            ("chairs", "4"),
            ("keys", "yes"),
            ("shirt", "Large"),
            ("trained", "2026-12-25")
        ]
    );
    assert!(ana.tags.contains("Choir"));
    let ana = plan.book.memberships.values().next().expect("Ana's");
    assert_eq!(ana.class(), "member");
    assert!(!run_in(&house, (&plan.book, plan.given), &table, &mapping, &none).changes());
    // A question that the house has no more leaves its column out.
    let gone = run_in(
        &House::begun(),
        (&Book::default(), Given::default()),
        &table,
        &mapping,
        &none,
    );
    assert!(
        gone.book
            .people
            .values()
            .all(|person| person.custom.is_empty() && person.tags.is_empty())
    );
}

#[test]
fn two_columns_cannot_be_the_answer_to_one_question() {
    let house = asking();
    let table = sheet("Name,Shirt size,T-shirt\nAna,small,large\n");
    let mut mapping = Mapping::guess(&table, &house, TODAY);
    mapping.columns[2] = "question:shirt".to_owned();
    let twice = mapping.check(&table, &house, TODAY);
    assert_eq!(
        twice,
        Err(super::mapping::NoMapping::Twice("Shirt size".to_owned()))
    );
}

/// Cells as people fill them, from a small stock so that rows meet.
fn cells() -> impl Strategy<Value = Vec<[&'static str; 9]>> {
    let name = prop::sample::select(vec![
        "Ana Öberg",
        "ana oberg",
        "A. Öberg",
        "Ben Li",
        "Li, Ben",
        "Cy",
        "",
        "John Smith",
    ]);
    let way = prop::sample::select(vec![
        "",
        "a@example.org",
        "b@example.org",
        "b@example.org; c@example.org",
        "no",
    ]);
    let tel = prop::sample::select(vec![
        "",
        "0117 496 0123",
        "+44 117 4960123",
        "07700 900123 or 0117 4960124",
        "x",
    ]);
    let place = prop::sample::select(vec!["", "12 High St", "12, High Street", "3 Low St"]);
    let number = prop::sample::select(vec!["", "", "1", "2", "7", "x"]);
    let status = prop::sample::select(vec!["", "active", "lapsed", "applied", "died", "removed", "?"]);
    let day = prop::sample::select(vec!["", "2020-01-01", "25/12/2019", "2031-01-01", "31/02/2020"]);
    let class = prop::sample::select(vec!["", "member", "youth"]);
    let home = prop::sample::select(vec!["", "Öberg", "Li"]);
    let row = (name, way, tel, place, number, (status, day, class, home));
    let row = row.prop_map(|(name, way, tel, place, number, (status, day, class, home))| {
        [name, way, tel, place, number, status, day, class, home]
    });
    prop::collection::vec(row, 1..14)
}

fn table(rows: &[[&str; 9]], beside: impl Fn(usize) -> [&'static str; 2]) -> Sheet {
    let mut csv = crate::sheet::write::Csv::new([
        "Name",
        "Email",
        "Telephone",
        "Address",
        "Member number",
        "Status",
        "Joined",
        "Class",
        "Household",
        "Shirt size",
        "Choir",
        "Gender",
        "Date of birth",
    ]);
    for (at, row) in rows.iter().enumerate() {
        let shirt = ["", "small", "LARGE", "huge"][(at + row[1].len()) % 4];
        let choir = ["", "x", "no", "?"][(at + row[2].len()) % 4];
        for cell in row.iter().chain(&[shirt, choir]).chain(&beside(at)) {
            csv.text(cell);
        }
        csv.end_row();
    }
    sheet(&csv.finish())
}

#[test]
fn the_card_of_an_entry_that_became_part_of_another_is_known_still() {
    let table = "Name,Membership number,Joined,Class\nAna,7,1/2/2020,member\nOberg Ana,4,1/2/2020,member\n";
    let mut before = first(table);
    assert_eq!(before.book.people.len(), 2);
    // The second entry becomes part of the first one.
    let ids: Vec<_> = before.book.people.keys().copied().collect();
    before.book.people.remove(&ids[1]);
    before.book.memberships.remove(&ids[1]);
    before.book.earlier_cards.insert(4, ids[0]);
    let after = again(&before, table);
    assert_eq!(after.book.people, before.book.people, "{}", told(&after));
    assert_eq!(after.book.memberships, before.book.memberships);
}

proptest! {
    /// Reading a table in twice is reading it in once.
    #[test]
    fn the_second_time_nothing_changes(rows in cells(), others in cells(), new in any::<bool>(), together in any::<bool>()) {
        let (before, table) = (table(&others, |_| ["", ""]), table(&rows, |_| ["", "1/2/1980"]));
        let mut choices = mapping(&table);
        choices.same_name = if new { SameName::New } else { SameName::Ask };
        choices.together = if together { Together::SameAddress } else { Together::Nobody };
        let book = run(&Book::default(), Given::default(), &before, &choices, &BTreeMap::new());
        let once = run(&book.book, book.given, &table, &choices, &BTreeMap::new());
        let twice = run(&once.book, once.given, &table, &choices, &BTreeMap::new());
        prop_assert_eq!(&twice.book, &once.book);
        prop_assert_eq!(twice.given, once.given);
        prop_assert!(!twice.changes());
        for row in &twice.rows {
            prop_assert!(matches!(row.verdict, Verdict::Same(_) | Verdict::NotTaken(_)), "{}\n{}", told(&once), told(&twice));
        }
        prop_assert_eq!(twice.rows.len(), once.rows.len());
    }

    /// Whom a row is about does not depend on age or sex.
    #[test]
    fn age_and_sex_change_no_verdict(
        rows in cells(),
        others in cells(),
        sexes in prop::collection::vec(prop::sample::select(vec!["", "f", "m", "x"]), 14),
        births in prop::collection::vec(prop::sample::select(vec!["", "1980-01-01", "2001-05-06", "3.3.33", "never"]), 14),
    ) {
        let who = |plan: &Plan| -> Vec<Option<u32>> {
            let of = |verdict: &Verdict| match verdict {
                Verdict::New(id) | Verdict::Changed(id, _) | Verdict::Same(id) => Some(id.number()),
                Verdict::Beside(..) | Verdict::NotTaken(_) => None,
            };
            plan.rows.iter().map(|row| of(&row.verdict)).collect()
        };
        let plain = |_| ["", ""];
        let told = |at: usize| [sexes[at], births[at]];
        let read = |beside: &dyn Fn(usize) -> [&'static str; 2]| {
            let (before, table) = (table(&others, beside), table(&rows, beside));
            let choices = mapping(&table);
            let book = run(&Book::default(), Given::default(), &before, &choices, &BTreeMap::new());
            let once = run(&book.book, book.given, &table, &choices, &BTreeMap::new());
            (who(&book), who(&once))
        };
        prop_assert_eq!(read(&plain), read(&told));
    }

    /// Every row is told of, and whoever is told to be new is in the book.
    #[test]
    fn no_row_is_lost(rows in cells()) {
        let table = table(&rows, |_| ["", ""]);
        let plan = run(&Book::default(), Given::default(), &table, &mapping(&table), &BTreeMap::new());
        prop_assert_eq!(plan.rows.len() + table.told.empty, rows.len());
        let new = plan.rows.iter().filter(|row| matches!(row.verdict, Verdict::New(_))).count();
        prop_assert_eq!(new, plan.book.people.len());
    }
}
