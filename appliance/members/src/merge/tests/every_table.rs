//! Every table there is with a row that names the entry that goes, so that no new table can be forgotten.

use jiff::civil::date;
use units::{Currency, HouseholdId, Instant, Money};

use super::{
    BEN, GONE, KEPT_ONE, Merged, Rows, applied, get, membership, names, person, put, taken_back, tried, two,
};
use crate::KEPT;
use crate::membership::{Membership, Status, Step};
use crate::money::{Agreement, Payer, PaymentId, Term};
use crate::person::{Kinship, Relation, Way};
use crate::record::{Atom, FieldRule, Kept, Key, Newer, Record, begin, put_field};
use crate::role::{Duty, SystemUser};
use crate::tables::{Table, table};
use crate::waiting::Waiting;

/// Bytes for a value of this type that name [`GONE`] wherever it can name somebody. Whoever adds a type to a record is
/// told by the test to add it here.
fn sample(holds: &str) -> Vec<u8> {
    let holds: String = holds.split_whitespace().collect();
    let holds = holds.rsplit("::").next().unwrap_or(&holds);
    // Of the two types with this name the one that stands in a list is a record.
    if holds == "Vec<Way>" {
        return whole(Way::FIELDS);
    }
    for wrapper in ["Option<", "Vec<", "BTreeSet<"] {
        if let Some(inner) = holds.strip_prefix(wrapper) {
            return sample(inner.strip_suffix('>').unwrap_or(inner));
        }
    }
    if let Some(inner) = holds.strip_prefix("BTreeMap<") {
        let (key, value) = inner
            .strip_suffix('>')
            .and_then(|inner| inner.split_once(','))
            .expect("a pair");
        let key = sample(key);
        let mut pair = vec![u8::try_from(key.len()).expect("short")];
        pair.extend(key);
        pair.extend(sample(value));
        return pair;
    }
    let nested: Option<&[FieldRule]> = match holds {
        "Step" => Some(Step::FIELDS),
        "Term" => Some(Term::FIELDS),
        "Relation" => Some(Relation::FIELDS),
        "Piece" => Some(crate::letters::Piece::FIELDS),
        "Merge" => Some(crate::import::record::Merge::FIELDS),
        "RowToBe" => Some(crate::waiting::RowToBe::FIELDS),
        "Closing" => Some(crate::money::Closing::FIELDS),
        "Membership" => Some(Membership::FIELDS),
        "Agreement" => Some(Agreement::FIELDS),
        "Notice" => Some(crate::membership::Notice::FIELDS),
        "Address" => Some(crate::person::Address::FIELDS),
        "Occupancy" => Some(crate::household::Occupancy::FIELDS),
        "Price" => Some(crate::money::Price::FIELDS),
        "Tier" => Some(crate::money::Tier::FIELDS),
        "Condition" => Some(crate::search::Condition::FIELDS),
        "LeftRow" => Some(crate::statement::kept::LeftRow::FIELDS),
        "Line" => Some(crate::statement::Line::FIELDS),
        _ => None,
    };
    if let Some(fields) = nested {
        return whole(fields);
    }
    match holds {
        "PersonId" | "Owners" => GONE.to_bytes(),
        "Payer" => Payer::Person(GONE).to_bytes(),
        "String" | "HomeName" => b"x".to_vec(),
        "Date" => date(2025, 1, 1).to_bytes(),
        "Instant" => Instant::from_millis(7).to_bytes(),
        "Money" => Money::new(5, Currency::GBP).to_bytes(),
        "PaymentId" => payment(1).to_bytes(),
        "ReceiptNumber" => vec![0, 1, 0, 0, 0, 1],
        "Mark" => vec![3; 16],
        _ => vec![1],
    }
}

pub(super) fn whole(fields: &[FieldRule]) -> Vec<u8> {
    let mut out = begin();
    for rule in fields {
        let value = sample(rule.holds);
        put_field(&mut out, rule.number, &value);
    }
    out
}

pub(super) fn payment(number: u32) -> PaymentId {
    PaymentId {
        day: date(2025, 1, 1),
        number,
    }
}

/// Keys by which a row of this table may be found, those that name [`GONE`] where the table has such.
pub(super) fn keys(table: &Table) -> Vec<Vec<u8>> {
    let key = (table.key)();
    let has = |part: &str| key.contains(part);
    if has("(") && has("PersonId") {
        return vec![(GONE, 1).to_key(), (GONE, 2).to_key(), (KEPT_ONE, 9).to_key()];
    }
    if has("(") && has("Payer") && has("PaymentId") {
        return vec![(Payer::Person(GONE), payment(1)).to_key()];
    }
    if has("(") && has("Payer") {
        return vec![
            (Payer::Person(GONE), 1).to_key(),
            (Payer::Person(KEPT_ONE), 9).to_key(),
        ];
    }
    match key.rsplit("::").next().unwrap_or(key) {
        "PersonId" => vec![GONE.to_key(), KEPT_ONE.to_key()],
        "Payer" => vec![Payer::Person(GONE).to_key(), Payer::Person(KEPT_ONE).to_key()],
        "HouseholdId" => vec![HouseholdId::new(1).to_key()],
        "Date" => vec![date(2025, 1, 1).to_key()],
        "PaymentId" => vec![payment(1).to_key()],
        "ReceiptNumber" => vec![vec![0, 1, 0, 0, 0, 1]],
        "String" => vec![b"x".to_vec()],
        "u64" | "LineId" => vec![vec![0, 0, 0, 1, 0, 0, 0, 1]],
        "u32" => vec![7_u32.to_key()],
        "Mark" => vec![vec![3; 16]],
        _ => vec![vec![9; 32]],
    }
}

fn is_hindering(name: &str) -> bool {
    [Duty::TABLE, SystemUser::TABLE, Waiting::TABLE].contains(&name)
}

#[test]
fn no_row_of_any_table_names_the_entry_that_went() {
    let mut rows = Rows::new();
    for table in KEPT.iter().filter(|table| !is_hindering(table.name)) {
        for key in keys(table) {
            let value = whole(table.fields);
            let read = table.read(&key, &value);
            assert!(
                read.is_ok(),
                "{}: add its types to `sample`: {read:?}",
                table.name
            );
            rows.insert((table.name, key), value);
        }
    }
    two(&mut rows);
    put(&mut rows, &BEN, &{
        let mut ben = person("Ben");
        ben.relations = [Kinship::Partner, Kinship::Emergency]
            .map(|kinship| Relation {
                kinship,
                person: GONE,
                newer: Newer::default(),
            })
            .to_vec();
        ben
    });
    put(
        &mut rows,
        &GONE,
        &membership(
            &[
                (Status::Member, date(2020, 1, 1)),
                (Status::Left, date(2021, 1, 1)),
            ],
            4,
        ),
    );
    put(
        &mut rows,
        &KEPT_ONE,
        &membership(&[(Status::Member, date(2022, 1, 1))], 5),
    );
    let turned = tried(&rows).expect("merged");
    let after = applied(&rows, &turned);
    let mut moved = 0;
    for ((name, key), value) in &rows {
        let known = table(name).expect("a table");
        moved += usize::from(names(&known.read(key, value).expect("sound"), GONE));
    }
    assert!(moved > 25, "the samples name somebody: {moved}");
    for ((name, key), value) in &after {
        let known = table(name).expect("a table");
        let row = known.read(key, value).expect("sound");
        assert!(!names(&row, GONE), "{name}: {row:?}");
    }
    assert_eq!(taken_back(&after, &turned), rows);
    let earlier: Merged = get(&after, &GONE.number()).expect("an earlier number");
    assert_eq!((earlier.into, earlier.was, earlier.by), (KEPT_ONE, 2, Some(BEN)));
    let again: Merged = get(&after, &7).expect("an earlier merge");
    assert_eq!(
        again.into, KEPT_ONE,
        "numbers of numbers lead to the one that stays"
    );
}
