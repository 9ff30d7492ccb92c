//! Who of the book a row is about. Name, ways to be reached, address and the number on the card count; age and sex
//! never do.

use std::collections::{BTreeMap, BTreeSet};

use units::PersonId;

use super::entry::Entry;
use super::value::telephone_key;
use crate::book::Book;
use crate::person::{Address, Person, WayKind};
use crate::text::folded;

/// Who somebody is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// Nobody of the book.
    Nobody,
    /// This person: the name and something else agree.
    Sure(PersonId),
    /// One of these people, or nobody: only the name agrees, or only something else.
    Perhaps(Vec<PersonId>),
    /// The number on the card is that of somebody with another name.
    NumberOf(PersonId),
}

/// What is known of somebody who is looked for.
#[derive(Debug, Clone, Copy)]
pub struct Sought<'a> {
    /// The name.
    pub name: &'a str,
    /// Telephones and e-mail addresses.
    pub ways: &'a [(WayKind, String)],
    /// The address.
    pub address: Option<&'a Address>,
    /// The number on the card.
    pub number: Option<u32>,
}

impl<'a> Sought<'a> {
    /// The person of a row.
    pub fn of(entry: &'a Entry) -> Self {
        Self {
            name: &entry.name,
            ways: &entry.ways,
            address: entry.address.as_ref(),
            number: entry.number,
        }
    }
}

/// The people of a book by what they are found by.
#[derive(Debug, Clone, Default)]
pub struct Index {
    names: BTreeMap<String, BTreeSet<PersonId>>,
    ways: BTreeMap<String, BTreeSet<PersonId>>,
    numbers: BTreeMap<u32, PersonId>,
}

impl Index {
    /// Everybody of a book.
    pub fn of(book: &Book) -> Self {
        let mut index = Self::default();
        for (id, person) in &book.people {
            index.add(book, *id, person);
        }
        index.numbers.extend(&book.earlier_cards);
        index
    }

    /// Adds somebody, or what is new of them.
    pub fn add(&mut self, book: &Book, id: PersonId, person: &Person) {
        self.names.entry(name_key(&person.name)).or_default().insert(id);
        for way in &person.ways {
            if let Some(key) = way_key(way.kind, &way.value) {
                self.ways.entry(key).or_default().insert(id);
            }
        }
        let number = book.memberships.get(&id).and_then(|membership| membership.number);
        self.numbers.extend(number.map(|number| (number, id)));
    }

    /// Whose the number on a card is.
    pub fn by_number(&self, number: u32) -> Option<PersonId> {
        self.numbers.get(&number).copied()
    }

    /// The highest number on a card.
    pub fn highest_number(&self) -> u32 {
        self.numbers.last_key_value().map_or(0, |(number, _)| *number)
    }

    /// Who a row is about.
    pub fn find(&self, book: &Book, sought: &Sought<'_>) -> Found {
        if let Some(holder) = sought.number.and_then(|number| self.by_number(number)) {
            let alike = book
                .people
                .get(&holder)
                .is_some_and(|person| names_alike(&person.name, sought.name));
            return if alike {
                Found::Sure(holder)
            } else {
                Found::NumberOf(holder)
            };
        }
        let same_name = self
            .names
            .get(&name_key(sought.name))
            .into_iter()
            .flatten()
            .copied();
        let same_name: Vec<PersonId> = same_name.filter(|id| !other_number(book, *id, sought)).collect();
        let by_way: BTreeSet<PersonId> = sought
            .ways
            .iter()
            .filter_map(|(kind, value)| self.ways.get(&way_key(*kind, value)?))
            .flatten()
            .copied()
            .collect();
        let sure: Vec<PersonId> = same_name
            .iter()
            .filter(|id| by_way.contains(id) || lives_there(book, **id, sought))
            .copied()
            .collect();
        match (sure.as_slice(), same_name.as_slice()) {
            ([one], _) => Found::Sure(*one),
            ([_, ..], _) => Found::Perhaps(sure),
            ([], [_, ..]) => Found::Perhaps(same_name),
            ([], []) => {
                let alike = |id: &PersonId| {
                    let person = book.people.get(id);
                    person.is_some_and(|person| names_alike(&person.name, sought.name))
                        && !other_number(book, *id, sought)
                };
                let alike: Vec<PersonId> = by_way.into_iter().filter(alike).collect();
                if alike.is_empty() {
                    Found::Nobody
                } else {
                    Found::Perhaps(alike)
                }
            }
        }
    }
}

/// Whether somebody has another number on the card than the row says; two such are two people.
fn other_number(book: &Book, id: PersonId, sought: &Sought<'_>) -> bool {
    let theirs = book.memberships.get(&id).and_then(|membership| membership.number);
    matches!((theirs, sought.number), (Some(theirs), Some(said)) if theirs != said)
}

fn lives_there(book: &Book, id: PersonId, sought: &Sought<'_>) -> bool {
    let theirs = book.people.get(&id).and_then(|person| book.address_of(person));
    match (theirs, sought.address) {
        (Some(theirs), Some(said)) => same_place(theirs, said),
        _ => false,
    }
}

/// The words of a name, whatever their order, case and marks: "ÖBERG, Ana" is "Ana Oberg".
pub fn name_key(name: &str) -> String {
    let plain: String = folded(name)
        .chars()
        .map(|sign| if sign.is_alphanumeric() { sign } else { ' ' })
        .collect();
    let mut words: Vec<&str> = plain.split_whitespace().collect();
    words.sort_unstable();
    if words.is_empty() {
        folded(name)
    } else {
        words.join(" ")
    }
}

/// Whether two names may be one person's: the words of the shorter one are in the longer one, a first letter standing
/// for its word.
pub fn names_alike(one: &str, other: &str) -> bool {
    let (one, other) = (name_key(one), name_key(other));
    let (mut short, mut long): (Vec<&str>, Vec<&str>) =
        (one.split(' ').collect(), other.split(' ').collect());
    if short.len() > long.len() {
        std::mem::swap(&mut short, &mut long);
    }
    // Whole words first, so that a first letter does not take the word of another.
    short.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let whole = short
        .iter()
        .any(|word| word.chars().count() > 1 && long.contains(word));
    whole
        && short.iter().all(|word| {
            let initial = |known: &&&str| {
                known.starts_with(*word) && word.chars().count() == 1
                    || word.starts_with(**known) && known.chars().count() == 1
            };
            let at = long.iter().position(|known| known == word);
            let at = at.or_else(|| long.iter().position(|known| initial(&known)));
            at.map(|at| long.remove(at)).is_some()
        })
}

/// What two spellings of one way have in common; nothing where it is too short to tell people apart.
pub fn way_key(kind: WayKind, value: &str) -> Option<String> {
    match kind {
        WayKind::Phone | WayKind::Mobile => {
            let key = telephone_key(value);
            (key.len() >= 5).then(|| format!("t{key}"))
        }
        WayKind::Email => Some(format!("e{}", folded(value))),
        WayKind::Other => Some(format!("o{}", folded(value))),
    }
}

/// Whether two addresses are one place: the same postcode and the same numbers in the lines above it, or the same
/// words where a postcode lacks.
pub fn same_place(one: &Address, other: &Address) -> bool {
    place_key(one) == place_key(other)
}

/// What two spellings of one address have in common.
pub fn place_key(address: &Address) -> String {
    let plain = |text: &str| {
        folded(text)
            .chars()
            .filter(|sign| sign.is_alphanumeric())
            .collect::<String>()
    };
    let lines = address.lines.join(" ");
    let Some(postcode) = &address.postcode else {
        return plain(&lines);
    };
    let first = address.lines.first().map_or("", String::as_str);
    let numbers: Vec<&str> = lines
        .split(|sign: char| !sign.is_ascii_alphanumeric())
        .filter(|word| word.starts_with(|sign: char| sign.is_ascii_digit()))
        .collect();
    let place = if numbers.is_empty() {
        plain(first)
    } else {
        folded(&numbers.join("-"))
    };
    format!("{}/{place}", plain(postcode))
}

#[cfg(test)]
mod tests {
    use super::{name_key, names_alike, place_key};
    use crate::person::Address;
    use crate::record::Newer;

    #[test]
    fn names_are_compared_without_order_case_and_marks() {
        assert_eq!(name_key("ÖBERG,  Ana-Maria"), name_key("Ana Maria Oberg"));
        assert_eq!(name_key("山田 太郎"), name_key("太郎 山田"));
        for (one, other, alike) in [
            ("A. Öberg", "Ana Oberg", true),
            ("Ana Öberg", "Ana Maria Öberg", true),
            ("Oberg", "Ana Oberg", true),
            ("Ana Öberg", "Ben Öberg", false),
            ("A B", "Ana Berg", false),
            ("Ana", "Ben", false),
        ] {
            assert_eq!(names_alike(one, other), alike, "{one} {other}");
        }
    }

    #[test]
    fn one_place_in_two_spellings() {
        let address = |lines: &[&str], postcode: Option<&str>| Address {
            lines: lines.iter().map(|line| (*line).to_owned()).collect(),
            postcode: postcode.map(str::to_owned),
            country: None,
            newer: Newer::default(),
        };
        let one = address(&["12 High Street", "Easton"], Some("BS5 0AA"));
        assert_eq!(
            place_key(&one),
            place_key(&address(&["12, High St"], Some("bs50aa")))
        );
        assert_ne!(
            place_key(&one),
            place_key(&address(&["12a High Street"], Some("BS5 0AA")))
        );
        assert_ne!(
            place_key(&one),
            place_key(&address(&["Flat 2", "12 High Street"], Some("BS5 0AA")))
        );
        assert_eq!(
            place_key(&address(&["1 High St."], None)),
            place_key(&address(&["1 high st"], None))
        );
    }
}
