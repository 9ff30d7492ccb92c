//! Everything about somebody is found and nothing about others told; erasure leaves what the law has kept and no word
//! more.

use expect_test::expect;
use jiff::civil::date;
use units::{HouseholdId, Instant, PersonId};

use super::{Fate, Part, Subject, about, erased, may_concern, part, told};
use crate::KEPT;
use crate::credential::Digest;
use crate::credential::device::KnownDevice;
use crate::household::Household;
use crate::keeping::row_of;
use crate::membership::{Membership, Move, Status};
use crate::person::{Kinship, Person, Relation};
use crate::record::{Basis, FieldRule, Kept, Named, Newer, Purpose, Record};
use crate::tables::table;

const ANA: PersonId = PersonId::new(1);
const BEN: PersonId = PersonId::new(2);
const HOME: HouseholdId = HouseholdId::new(7);

fn ana() -> Subject {
    Subject {
        person: ANA,
        household: Some(HOME),
        alone: false,
        left: Some(date(2025, 1, 1)),
    }
}

fn person(name: &str) -> Person {
    let mut person = Person::named(name, Instant::from_millis(0)).expect("a name");
    person.household = Some(HOME);
    person
}

fn read<R: Kept>(key: &R::Key, record: &R) -> crate::tables::RowTold {
    let (key, value) = row_of(key, record);
    let table = table(R::TABLE).expect("a table");
    let row = table.read(&key, &value).expect("sound");
    // The short way, by which long tables are searched, names the same.
    let mut long = Named::default();
    for named in std::iter::once(&row.key).chain(row.told.iter().map(|told| &told.named)) {
        long.people.extend(&named.people);
        long.households.extend(&named.households);
        long.inner.extend(&named.inner);
        long.days.extend(&named.days);
    }
    let short = table.named(&key, &value).expect("sound");
    assert_eq!(short, long);
    let concerns = part(&row, &ana()) != Part::Nothing;
    assert!(may_concern(&short, &ana()) || !concerns, "{row:?}");
    row
}

#[test]
fn every_table_says_whose_its_rows_are() {
    // A receipt and a claim name a payment, which names its payer; a closing says who counted.
    // The mark of a line of a statement is a hash.
    let names = |kind: &str| {
        [
            "PersonId",
            "HouseholdId",
            "Payer",
            "PaymentId",
            "Closing",
            "Mark",
            "Owners",
        ]
        .iter()
        .any(|name| kind.contains(name))
    };
    let mut lines = Vec::new();
    for table in KEPT {
        let about =
            |rule: &FieldRule| rule.basis != Basis::NotPersonal && rule.purpose != Purpose::Accountability;
        let personal = table.fields.iter().any(about);
        let found = names((table.key)()) || table.fields.iter().any(|rule| names(rule.holds));
        assert!(
            found || !personal,
            "{}: it is about people, and nothing in it says about whom",
            table.name
        );
        for rule in table.fields {
            assert!(!rule.label.is_empty(), "{}.{}", table.name, rule.name);
            let by = rule.name == "by" || rule.name.ends_with("_by");
            if by && rule.purpose != Purpose::Accountability {
                lines.push(format!("{}.{}", table.name, rule.name));
            }
        }
    }
    assert_eq!(lines, Vec::<String>::new(), "who did something answers for it");
}

#[test]
fn a_row_is_ones_own_or_shared_or_only_names_one() {
    assert_eq!(part(&read(&ANA, &person("Ana")), &ana()), Part::Own);
    assert_eq!(part(&read(&BEN, &person("Ben")), &ana()), Part::Nothing);
    assert_eq!(part(&read(&HOME, &Household::new()), &ana()), Part::Household);
    let mut ben = person("Ben Okafor");
    ben.relations = vec![Relation {
        kinship: Kinship::Partner,
        person: ANA,
        newer: Newer::default(),
    }];
    let row = read(&BEN, &ben);
    assert_eq!(part(&row, &ana()), Part::Named);
    let lines: Vec<String> = told(row, &ana())
        .iter()
        .map(|told| format!("{}: {:?}", told.rule.label, told.values))
        .collect();
    expect![[r#"Relations: ["person 1"]"#]].assert_eq(&lines.join("\n"));
}

#[test]
fn a_shared_device_names_no_other() {
    let device = KnownDevice {
        name: "Firefox on Linux".to_owned(),
        people: vec![ANA, BEN],
        offers: vec![BEN],
        used: date(2026, 1, 1),
        newer: Newer::default(),
    };
    let row = read(&Digest::new([1; 32]), &device);
    assert_eq!(about(&row).0, [ANA, BEN]);
    let fields = told(row, &ana());
    assert!(
        fields
            .iter()
            .all(|told| !told.values.contains(&"person 2".to_owned()))
    );
    let (key, value) = row_of(&Digest::new([1; 32]), &device);
    let table = table("known-devices").expect("a table");
    let (fate, _) = erased(table, &key, &value, &ana(), date(2026, 2, 1)).expect("sound");
    let Fate::Becomes(after) = fate else {
        panic!("it is Ben's too: {fate:?}");
    };
    assert_eq!(KnownDevice::decode(&after).expect("sound").people, [BEN]);
}

#[test]
fn erasure_leaves_dates_of_membership_and_no_word() {
    let step = |to, on| Move {
        to,
        class: Some("member".to_owned()),
        on,
        why: Some("Ana is ill".to_owned()),
        by: Some(BEN),
        at: Instant::from_millis(0),
    };
    let membership = Membership::begin(step(Status::Member, date(2020, 1, 1))).expect("begun");
    let mut membership = membership
        .moved(step(Status::Left, date(2025, 1, 1)))
        .expect("left");
    membership.application = Some("I am Ana".to_owned());
    let (key, value) = row_of(&ANA, &membership);
    let table = table("memberships").expect("a table");
    let (fate, until) = erased(table, &key, &value, &ana(), date(2026, 1, 1)).expect("sound");
    let Fate::Becomes(after) = fate else {
        panic!("the law keeps it: {fate:?}");
    };
    assert_eq!(until, Some(date(2031, 1, 1)));
    assert!(!after.windows(3).any(|part| part == b"Ana"));
    let after = Membership::decode(&after).expect("sound");
    assert_eq!(after.ended(), Some(date(2025, 1, 1)));
    // Six years later the law no longer asks for it.
    let later = erased(table, &key, &value, &ana(), date(2031, 1, 1)).expect("sound");
    assert_eq!(later.0, Fate::Goes);
}

#[test]
fn a_household_goes_with_its_last_person() {
    let (key, value) = row_of(&HOME, &Household::new());
    let table = table("households").expect("a table");
    let fate = |alone| {
        let subject = Subject { alone, ..ana() };
        let erased = erased(table, &key, &value, &subject, date(2026, 1, 1));
        erased.expect("sound").0
    };
    assert_eq!(fate(false), Fate::Stays);
    assert_eq!(fate(true), Fate::Goes);
}
