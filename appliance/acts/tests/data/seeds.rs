//! A row of every table of the book, made from the list of its fields: words wherever there is room for them. A type of field
//! that is new fails here until somebody has said how it is written.

use jiff::civil::date;
use members::erasure::{WORDS, Words};
use members::holding::{Part, Subject, part};
use members::household::Occupancy;
use members::import::record::Merge;
use members::letters::Piece;
use members::membership::{Membership, Notice, Step};
use members::money::{Agreement, Closing, Payer, PaymentId, Price, Term, Tier};
use members::person::{Address, Relation, Way};
use members::record::{Atom, FieldRule, Key, Purpose, Record, begin, put_field};
use members::search::Condition;
use members::statement::Line;
use members::statement::kept::LeftRow;
use members::tables::Table;
use members::waiting::RowToBe;
use units::{Currency, HouseholdId, Instant, Money, PersonId};

use crate::scene::{ANA, BEN, START};

/// A table, the key of a row of it and its bytes.
pub(crate) type Row = (&'static Table, Vec<u8>, Vec<u8>);

/// Words that are of no person, though the law has them kept: the house's own, or a hash.
const OF_NOBODY: &[(&str, &str)] = &[
    ("gift-aid", "wording"),
    ("memberships", "class"),
    ("register", "class"),
    // It stands there only for somebody who is not in the book.
    ("payments", "outsider"),
];

/// A row of this table that is somebody's, if its rows are anybody's, with these words in all its texts.
pub(crate) fn row(table: &'static Table, person: PersonId, words: &str) -> Row {
    let value = record(table.name, table.fields, person, words);
    // Where a row holds no words, its key is one of ours.
    let ours = WORDS.contains(&(table.name, Words::None));
    let row = (
        table,
        key((table.key)(), person, if ours { "one" } else { words }),
        value,
    );
    assert!(
        table.read(&row.1, &row.2).is_ok(),
        "{} is not written so",
        table.name
    );
    row
}

/// Whether a row is Ana's, who lives alone.
pub(crate) fn is_anas((table, key, value): &Row) -> bool {
    let subject = Subject {
        person: ANA,
        household: Some(HouseholdId::new(ANA.number())),
        alone: true,
        left: None,
    };
    let row = table.read(key, value).expect("sound");
    matches!(part(&row, &subject), Part::Own | Part::Household)
}

fn key(kind: &str, person: PersonId, words: &str) -> Vec<u8> {
    let day = date(2024, 5, 1);
    let payer = Payer::Person(person);
    let short = kind.replace("units::", "").replace("alloc::string::", "");
    let last = |path: &str| path.rsplit("::").next().unwrap_or_default().to_owned();
    let parts: Vec<String> = short.trim_matches(['(', ')']).split(", ").map(last).collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let payment = PaymentId { day, number: 1 };
    match parts[..] {
        ["PersonId"] => person.to_key(),
        ["HouseholdId"] => HouseholdId::new(person.number()).to_key(),
        ["u32"] => 1_u32.to_key(),
        ["u64"] => 1_u64.to_key(),
        ["String"] => words.to_owned().to_key(),
        ["Digest"] => vec![7; 32],
        ["Mark"] => vec![7; 16],
        ["Date"] => Key::to_key(&day),
        ["Payer"] => Key::to_key(&payer),
        ["PaymentId"] => Key::to_key(&payment),
        ["LineId"] => [1_u32.to_key(), 1_u32.to_key()].concat(),
        ["ReceiptNumber"] => [2024_u16.to_be_bytes().to_vec(), 1_u32.to_key()].concat(),
        ["PersonId", "u32"] => (person, 1).to_key(),
        ["Payer", "u32"] => (payer, 1).to_key(),
        ["Payer", "PaymentId"] => (payer, payment).to_key(),
        _ => panic!("say how a key of {kind} is written"),
    }
}

fn record(table: &str, fields: &[FieldRule], person: PersonId, words: &str) -> Vec<u8> {
    let mut out = begin();
    for rule in fields {
        let of_nobody = OF_NOBODY.contains(&(table, rule.name)) || (table, rule.name) == ("people", "name");
        let words = match (of_nobody, rule.name) {
            (true, "outsider") => continue,
            (true, "name") if person != ANA => "Ben Okafor",
            (false, _) | (true, "name") => words,
            (true, _) => "somebody",
        };
        let person = if rule.purpose == Purpose::Accountability {
            BEN
        } else {
            person
        };
        put_field(&mut out, rule.number, &value(table, rule.holds, person, words));
    }
    out
}

fn value(table: &str, holds: &str, person: PersonId, words: &str) -> Vec<u8> {
    let within = |fields: &[FieldRule]| record(table, fields, person, words);
    let inner = holds.split_once('<').and_then(|(_, rest)| rest.strip_suffix('>'));
    let day = date(2024, 5, 1);
    match inner.unwrap_or(holds) {
        "String" | "Opaque" | "SlowHash" => words.as_bytes().to_vec(),
        "String, String" => pair(b"key", words.as_bytes()),
        "PersonId, String" => pair(&person.to_bytes(), words.as_bytes()),
        "PersonId" | "Owners" => person.to_bytes(),
        "HouseholdId" => person.to_bytes(),
        "Payer" => Payer::Person(person).to_bytes(),
        "Instant" => Instant::to_bytes(&START),
        "Date" => day.to_bytes(),
        "Money" => Money::new(500, Currency::GBP).to_bytes(),
        "PaymentId" => PaymentId { day, number: 1 }.to_bytes(),
        "ReceiptNumber" => [2024_u16.to_be_bytes().to_vec(), 1_u32.to_key()].concat(),
        "Mark" => vec![7; 16],
        "HomeName" => b"flat-1".to_vec(),
        "bool" => vec![0],
        // Bit patterns of one: numbers, and the first word of every list of words.
        "Way" if inner.is_some() => within(Way::FIELDS),
        "Address" => within(Address::FIELDS),
        "Relation" => within(Relation::FIELDS),
        "Step" => within(Step::FIELDS),
        "Notice" => within(Notice::FIELDS),
        "Term" => within(Term::FIELDS),
        "Tier" => within(Tier::FIELDS),
        "Price" => within(Price::FIELDS),
        "Closing" => within(Closing::FIELDS),
        "Line" => within(Line::FIELDS),
        "LeftRow" => within(LeftRow::FIELDS),
        "Piece" => within(Piece::FIELDS),
        "Condition" => within(Condition::FIELDS),
        "RowToBe" => within(RowToBe::FIELDS),
        "Occupancy" => within(Occupancy::FIELDS),
        "Merge" => within(Merge::FIELDS),
        // Stands within one of its own kind, which is enough of them.
        "Membership" => within(&without(Membership::FIELDS, "Membership")),
        "Agreement" => within(&without(Agreement::FIELDS, "Agreement")),
        "u8" | "u16" | "u32" | "Way" | "Channel" | "Matter" | "For" | "What" | "WayKind" | "WayIn"
        | "Together" | "TierKind" | "Status" | "SlipKind" | "SignRule" | "Security" | "SameName"
        | "RequestKind" | "Reach" | "PersonKind" | "Per" | "MailState" | "Listing" | "LineKind"
        | "Letters" | "Kinship" | "Joining" | "Heard" | "FieldKind" | "Every" | "DecimalSign"
        | "DateOrder" | "Custody" | "Choice" | "Answer" => vec![1],
        other => panic!("say how {other} is written"),
    }
}

/// These fields without those that hold a `kind`.
fn without(fields: &[FieldRule], kind: &str) -> Vec<FieldRule> {
    let others = fields.iter().filter(|rule| !rule.holds.contains(kind));
    others.copied().collect()
}

fn pair(key: &[u8], value: &[u8]) -> Vec<u8> {
    let length = u8::try_from(key.len()).expect("short");
    [&[length], key, value].concat()
}
