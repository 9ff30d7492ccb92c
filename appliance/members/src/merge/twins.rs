//! Entries that may be one person, by the same rule by which an import knows people again: the name together with a way
//! to be reached or an address; or the name alone; or a name that may be the same, with the same way. Age and sex never
//! count.

use std::collections::{BTreeMap, BTreeSet};

use units::PersonId;

use crate::book::Book;
use crate::import::find::{name_key, names_alike, same_place, way_key};
use crate::person::Person;

/// In what two entries agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sign {
    /// The same name, whatever the order, case and marks.
    Name,
    /// Names that may be the same, such as with a first letter.
    AlikeName,
    /// A telephone number or an e-mail address.
    Way,
    /// Where post arrives.
    Address,
}

/// Two entries that may be one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Twins {
    /// The entry with the lower number.
    pub one: PersonId,
    /// The other.
    pub other: PersonId,
    /// In what they agree.
    pub signs: Vec<Sign>,
}

impl Twins {
    /// Whether an import would take them for one without asking.
    pub fn is_likely(&self) -> bool {
        self.signs.contains(&Sign::Name) && self.signs.len() > 1
    }
}

/// Every two entries that may be one person, the likely ones first.
pub fn twins(book: &Book) -> Vec<Twins> {
    let mut by_name: BTreeMap<String, Vec<PersonId>> = BTreeMap::new();
    let mut by_way: BTreeMap<String, BTreeSet<PersonId>> = BTreeMap::new();
    for (id, person) in &book.people {
        by_name.entry(name_key(&person.name)).or_default().push(*id);
        for way in &person.ways {
            if let Some(key) = way_key(way.kind, &way.value) {
                by_way.entry(key).or_default().insert(*id);
            }
        }
    }
    let mut pairs: BTreeSet<(PersonId, PersonId)> = BTreeSet::new();
    for group in by_name.into_values() {
        pairs.extend(each_two(&group));
    }
    for group in by_way.into_values() {
        let group: Vec<PersonId> = group.into_iter().collect();
        pairs.extend(each_two(&group));
    }
    let mut found: Vec<Twins> = pairs
        .into_iter()
        .filter_map(|(one, other)| compared(book, one, other))
        .collect();
    found.sort_by_key(|twins| !twins.is_likely());
    found
}

fn each_two(group: &[PersonId]) -> impl Iterator<Item = (PersonId, PersonId)> + '_ {
    let rest = |at: usize| group.iter().skip(at + 1);
    group
        .iter()
        .enumerate()
        .flat_map(move |(at, one)| rest(at).map(|other| (*one, *other)))
}

fn compared(book: &Book, one: PersonId, other: PersonId) -> Option<Twins> {
    let (first, second) = (book.people.get(&one)?, book.people.get(&other)?);
    if first.kind != second.kind {
        return None;
    }
    let name = if name_key(&first.name) == name_key(&second.name) {
        Sign::Name
    } else if names_alike(&first.name, &second.name) {
        Sign::AlikeName
    } else {
        return None;
    };
    let mut signs = vec![name];
    let ways = |person: &Person| -> BTreeSet<String> {
        let keys = person.ways.iter().filter_map(|way| way_key(way.kind, &way.value));
        keys.collect()
    };
    if !ways(first).is_disjoint(&ways(second)) {
        signs.push(Sign::Way);
    }
    let places = (book.address_of(first), book.address_of(second));
    if matches!(places, (Some(here), Some(there)) if same_place(here, there)) {
        signs.push(Sign::Address);
    }
    Some(Twins { one, other, signs })
}
