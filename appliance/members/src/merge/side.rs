//! Two people side by side: in what they differ, which of both is usual, and the person that comes of what was chosen.
//! It goes by the fields of the record, so that a field that is added later is chosen too.

use crate::book::Book;
use crate::import::find::way_key;
use crate::money::Agreement;
use crate::person::{Address, Listing, Person, Relation};
use crate::record::{FieldRule, Record, begin, fields, put_field};

use super::{Choices, DUES_AGREED, NoMerge, Pair, Side};

/// The fields in which both can stand.
const BOTH: [&str; 6] = ["languages", "access", "ways", "tags", "custom", "note"];
/// The fields that nobody chooses: of relations all stay, and somebody was first entered when the older entry was; what
/// both are must agree.
const NOT_CHOSEN: [&str; 3] = ["relations", "entered", "kind"];

/// Something in which two entries differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Its name in forms.
    pub name: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// What the entry that stays says.
    pub kept: Vec<String>,
    /// What the entry that goes says.
    pub gone: Vec<String>,
    /// Whether both can stand.
    pub may_both: bool,
    /// What is chosen where nobody thinks about it.
    pub usual: Side,
}

/// In what two people differ, in the order in which it is kept.
pub fn differences(
    book: &Book,
    (kept, gone): (&Person, &Person),
    agreements: (Option<&Agreement>, Option<&Agreement>),
) -> Vec<Difference> {
    let (first, second) = (kept.told(), gone.told());
    let both = first.iter().zip(&second);
    let of_the_person =
        both.filter(|(one, other)| one.values != other.values && !NOT_CHOSEN.contains(&one.rule.name));
    let mut found: Vec<Difference> = of_the_person
        .map(|(one, other)| {
            let rule = one.rule;
            let said = |person: &Person, told: &[String]| said(book, rule, person).unwrap_or(told.to_vec());
            Difference {
                name: rule.name,
                label: rule.label,
                usual: usual(rule, kept, (one.values.is_empty(), other.values.is_empty())),
                kept: said(kept, &one.values),
                gone: said(gone, &other.values),
                may_both: BOTH.contains(&rule.name) && !one.values.is_empty() && !other.values.is_empty(),
            }
        })
        .collect();
    if let (Some(one), Some(other)) = agreements
        && one != other
    {
        found.push(Difference {
            name: DUES_AGREED,
            label: "Dues agreed",
            kept: agreed(one),
            gone: agreed(other),
            may_both: false,
            usual: Side::Kept,
        });
    }
    found
}

/// What is usual: what only one of them says, both where both can stand, and of two answers about who may know the more
/// careful one.
fn usual(rule: &FieldRule, kept: &Person, (no_kept, no_gone): (bool, bool)) -> Side {
    match rule.name {
        "listing" if kept.listing != Listing::Hidden => Side::Gone,
        "large_print" if !kept.large_print => Side::Gone,
        "listing" | "large_print" => Side::Kept,
        _ if no_kept => Side::Gone,
        _ if no_gone => Side::Kept,
        name if BOTH.contains(&name) => Side::Both,
        _ => Side::Kept,
    }
}

/// What a field says where its record's own words are too long for a form.
fn said(book: &Book, rule: &FieldRule, person: &Person) -> Option<Vec<String>> {
    match rule.name {
        "ways" => Some(
            person
                .ways
                .iter()
                .map(|way| match &way.note {
                    Some(note) => format!("{} ({}, {note})", way.value, way.kind),
                    None => format!("{} ({})", way.value, way.kind),
                })
                .collect(),
        ),
        "address" => Some(person.address.iter().flat_map(lines).collect()),
        "household" => Some(
            person
                .household
                .iter()
                .map(|id| book.household_name(*id))
                .collect(),
        ),
        _ => None,
    }
}

fn lines(address: &Address) -> Vec<String> {
    let rest = [&address.postcode, &address.country].into_iter().flatten();
    address.lines.iter().chain(rest).cloned().collect()
}

fn agreed(agreement: &Agreement) -> Vec<String> {
    let terms = agreement.terms.iter();
    terms
        .map(|term| match term.scheme {
            Some(scheme) => format!("from {}: dues {scheme}, by {}", term.from, term.way),
            None => format!("from {}: nothing is asked", term.from),
        })
        .collect()
}

/// The person that comes of two by what was chosen.
pub(super) fn one_of(
    (kept, gone): (&Person, &Person),
    pair: Pair,
    choices: &Choices,
) -> Result<Person, NoMerge> {
    if kept.kind != gone.kind {
        return Err(NoMerge::Kinds);
    }
    let (kept_bytes, gone_bytes) = (kept.encode(), gone.encode());
    let (of_kept, of_gone) = (fields(&kept_bytes, "Person")?, fields(&gone_bytes, "Person")?);
    let told = kept.told().into_iter().zip(gone.told());
    let mut out = begin();
    for (one, other) in told {
        let rule = one.rule;
        let differ = one.values != other.values && !NOT_CHOSEN.contains(&rule.name);
        let side = if differ {
            chosen(choices, rule.name, rule.label)?
        } else {
            Side::Kept
        };
        // Of two answers to one question the last one read counts: that of the entry that stays.
        let parts: Vec<_> = match side {
            Side::Kept => of_kept.iter().collect(),
            Side::Gone => of_gone.iter().collect(),
            Side::Both if rule.name == "custom" => of_gone.iter().chain(&of_kept).collect(),
            Side::Both if BOTH.contains(&rule.name) => of_kept.iter().chain(&of_gone).collect(),
            Side::Both => return Err(NoMerge::NotChosen(rule.label)),
        };
        let mut said: Vec<&[u8]> = Vec::new();
        for (number, value) in parts {
            if *number == rule.number && !said.contains(value) {
                put_field(&mut out, *number, value);
                said.push(value);
            }
        }
    }
    kept.newer.write(&mut out);
    let mut person = Person::decode(&out)?;
    if choices.get("ways") == Some(&Side::Both) {
        join_ways(&mut person, kept.ways.len());
    }
    for (name, place, one, other) in [
        ("note", &mut person.note, &kept.note, &gone.note),
        ("access", &mut person.access, &kept.access, &gone.access),
    ] {
        if let (Some(Side::Both), Some(one), Some(other)) = (choices.get(name), one, other)
            && one != other
        {
            *place = Some(format!("{one}\n{other}"));
        }
    }
    person.relations = relations((kept, gone), pair);
    person.entered = kept.entered.min(gone.entered);
    Ok(person)
}

/// What was chosen, which must have been.
pub(super) fn chosen(choices: &Choices, name: &str, label: &'static str) -> Result<Side, NoMerge> {
    choices.get(name).copied().ok_or(NoMerge::NotChosen(label))
}

/// Of two spellings of one number or address the first stays, unless the other has a remark.
fn join_ways(person: &mut Person, first: usize) {
    let known: Vec<_> = person
        .ways
        .iter()
        .take(first)
        .map(|way| way_key(way.kind, &way.value))
        .collect();
    let mut at = 0;
    person.ways.retain(|way| {
        at += 1;
        let key = way_key(way.kind, &way.value);
        at <= first || way.note.is_some() || key.is_none() || !known.contains(&key)
    });
}

/// What both are to others; nobody is anything to themselves.
fn relations((kept, gone): (&Person, &Person), pair: Pair) -> Vec<Relation> {
    let mut all: Vec<Relation> = Vec::new();
    for relation in kept.relations.iter().chain(&gone.relations) {
        let oneself = [pair.kept, pair.gone].contains(&relation.person);
        if !oneself && !all.contains(relation) {
            all.push(relation.clone());
        }
    }
    all
}
