//! Whether words speak of somebody: what people wrote and what banks and mail servers said holds no numbers of the book, so
//! it can only be read. A first name alone is not enough, since it is many people's.

use std::collections::BTreeSet;

use units::PersonId;

use crate::book::Book;
use crate::person::{Person, WayKind};
use crate::text::folded;

/// Within so many words more than a name has, its parts may stand apart: "Öberg, Ms Ana".
const BETWEEN: usize = 2;
/// Fewer digits are no telephone number.
const FEWEST_DIGITS: usize = 7;
/// Of a telephone number so many digits tell it from others, with or without the country before it.
const TELLING_DIGITS: usize = 9;

/// Whether words speak of somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Speaks {
    /// Not as far as can be read.
    Not,
    /// It may be somebody else: a name of one word, an initial, an address, or the name of two people.
    Perhaps,
    /// Nobody else of the book is called or reached so.
    Surely,
}

/// By what somebody is recognised in words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Signs {
    names: Vec<Vec<String>>,
    name_is_theirs: bool,
    initial: Option<(String, String)>,
    mails: Vec<String>,
    telephones: Vec<String>,
    addresses: Vec<Vec<String>>,
    accounts: BTreeSet<String>,
}

impl Signs {
    /// The signs of somebody of the book. `accounts` are the accounts and texts of a bank under which nobody else pays.
    pub fn of(book: &Book, id: PersonId, accounts: BTreeSet<String>) -> Self {
        let Some(person) = book.people.get(&id) else {
            return Self {
                accounts,
                ..Self::default()
            };
        };
        let names = [Some(&person.name), person.called.as_ref(), person.sort.as_ref()];
        let names = names.into_iter().flatten().map(|name| words(name));
        let mut signs = Self {
            initial: initial(&words(&person.name)),
            accounts,
            ..Self::default()
        };
        for name in names {
            // How somebody is addressed is mostly a first name.
            let told = name.len() > 1 || signs.names.is_empty();
            if told && !name.is_empty() && !signs.names.contains(&name) {
                signs.names.push(name);
            }
        }
        let others = || book.people.iter().filter(|(other, _)| **other != id);
        signs.name_is_theirs = others().all(|(_, other)| !signs.is_called(&words(&other.name)));
        let (mails, telephones) = ways(person);
        let (mut mails_of_others, mut telephones_of_others) = (BTreeSet::new(), BTreeSet::new());
        for (_, other) in others() {
            let (mails, telephones) = ways(other);
            mails_of_others.extend(mails);
            telephones_of_others.extend(telephones);
        }
        signs.mails = mails.difference(&mails_of_others).cloned().collect();
        signs.telephones = telephones.difference(&telephones_of_others).cloned().collect();
        signs.addresses = address(book, id, person);
        signs
    }

    /// Whether a text speaks of them.
    pub fn in_text(&self, text: &str) -> Speaks {
        let words = words(text);
        let small = folded(text);
        if self.mails.iter().any(|mail| small.contains(mail)) || self.has_telephone(text) {
            return Speaks::Surely;
        }
        if self.is_called(&words) {
            let whole = self
                .names
                .iter()
                .any(|name| name.len() > 1 && is_within(name, &words));
            return if whole && self.name_is_theirs {
                Speaks::Surely
            } else {
                Speaks::Perhaps
            };
        }
        let initial = self.initial.as_ref().is_some_and(|(last, first)| {
            words
                .windows(2)
                .any(|two| matches!(two, [a, b] if (a == last && b == first) || (a == first && b == last)))
        });
        let at_home = self
            .addresses
            .iter()
            .any(|line| words.windows(line.len()).any(|some| some == line));
        if initial || at_home {
            Speaks::Perhaps
        } else {
            Speaks::Not
        }
    }

    /// Whether one of these accounts or texts of a bank is theirs alone.
    pub fn has_account(&self, keys: &[String]) -> bool {
        keys.iter().any(|key| self.accounts.contains(key))
    }

    fn is_called(&self, words: &[String]) -> bool {
        self.names.iter().any(|name| is_within(name, words))
    }

    fn has_telephone(&self, text: &str) -> bool {
        let mut run = String::new();
        // A sign at the end closes the last number.
        for sign in text.chars().chain(std::iter::once('x')) {
            if sign.is_ascii_digit() {
                run.push(sign);
            } else if !" -()./+\u{a0}".contains(sign) {
                if self.telephones.iter().any(|number| run.contains(number)) {
                    return true;
                }
                run.clear();
            }
        }
        false
    }
}

/// Words as they are compared: small, without marks, without what joins or parts letters unseen. Apostrophes part nothing,
/// since banks leave them out.
fn words(text: &str) -> Vec<String> {
    let plain: String = text
        .chars()
        .filter(|sign| !matches!(sign, '\'' | '’' | '\u{200b}'..='\u{200d}' | '\u{ad}' | '\u{feff}'))
        .collect();
    folded(&plain)
        .split(|sign: char| !sign.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Whether all parts of a name stand close together, in any order. Scripts without spaces run on.
fn is_within(name: &[String], words: &[String]) -> bool {
    if let [one] = name
        && one.chars().any(|sign| sign >= '\u{2e80}')
    {
        return words.iter().any(|word| word.contains(one));
    }
    let width = (name.len() + BETWEEN).min(words.len()).max(1);
    words
        .windows(width)
        .any(|some| name.iter().all(|part| some.contains(part)))
}

/// The last word of a name, and the first letter of the first: "A Öberg".
fn initial(name: &[String]) -> Option<(String, String)> {
    let (first, last) = (name.first()?, name.last()?);
    let letter = first.chars().next()?.to_string();
    (name.len() > 1 && last.chars().count() >= 3).then(|| (last.clone(), letter))
}

/// The e-mail addresses of somebody, and the telling digits of their telephones.
fn ways(person: &Person) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut mails, mut telephones) = (BTreeSet::new(), BTreeSet::new());
    for way in &person.ways {
        if way.kind == WayKind::Email {
            mails.insert(folded(&way.value));
            continue;
        }
        let digits: String = way.value.chars().filter(char::is_ascii_digit).collect();
        if digits.len() >= FEWEST_DIGITS {
            let from = digits.len().saturating_sub(TELLING_DIGITS);
            telephones.extend(digits.get(from..).map(str::to_owned));
        }
    }
    mails.remove("");
    (mails, telephones)
}

/// The lines of their address that tell of a house, where nobody else of the book lives.
fn address(book: &Book, id: PersonId, person: &Person) -> Vec<Vec<String>> {
    let Some(own) = book.address_of(person) else {
        return Vec::new();
    };
    let lives_with = |other: &Person| book.address_of(other).is_some_and(|address| address == own);
    if book
        .people
        .iter()
        .any(|(other, there)| *other != id && lives_with(there))
    {
        return Vec::new();
    }
    let lines = own.lines.iter().map(|line| words(line));
    lines
        .filter(|line| line.len() > 1 && line.iter().any(|word| word.chars().any(char::is_numeric)))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;
    use units::{Instant, PersonId};

    use super::{Signs, Speaks};
    use crate::book::Book;
    use crate::person::{Address, Person, Way, WayKind};
    use crate::record::Newer;

    fn book(names: &[&str]) -> Book {
        let mut book = Book::default();
        for (number, name) in (1..).zip(names) {
            let person = Person::named(name, Instant::from_millis(0)).expect("a name");
            book.people.insert(PersonId::new(number), person);
        }
        book
    }

    fn signs(book: &Book) -> Signs {
        Signs::of(book, PersonId::new(1), BTreeSet::new())
    }

    #[test]
    fn a_name_is_found_in_any_order_and_hand_and_a_first_name_alone_is_not() {
        let signs = signs(&book(&["Ana Öberg", "Ben Okafor"]));
        for text in [
            "OBERG ANA DUES",
            "mother of ana oberg",
            "Öberg, Ms Ana",
            "Ana\u{200b} O\u{308}berg",
        ] {
            assert_eq!(signs.in_text(text), Speaks::Surely, "{text}");
        }
        for text in ["A OBERG", "MISS OBERG A DUES"] {
            assert_eq!(signs.in_text(text), Speaks::Perhaps, "{text}");
        }
        for text in [
            "Ana",
            "Öberg's keys",
            "Ana sings, and long after that Lars Öberg",
            "",
        ] {
            assert_eq!(signs.in_text(text), Speaks::Not, "{text}");
        }
    }

    #[test]
    fn a_namesake_and_a_name_of_one_word_make_it_doubtful() {
        let namesake = signs(&book(&["Ana Öberg", "Ana Maria Oberg"]));
        assert_eq!(namesake.in_text("OBERG ANA"), Speaks::Perhaps);
        let one_word = signs(&book(&["محمد"]));
        assert_eq!(one_word.in_text("محمد علي"), Speaks::Perhaps);
        let run_on = signs(&book(&["李小龍"]));
        assert_eq!(run_on.in_text("送給李小龍的信"), Speaks::Perhaps);
    }

    #[test]
    fn ways_and_addresses_are_found_unless_they_are_somebody_elses_too() {
        let way = |kind, value: &str| Way {
            kind,
            value: value.to_owned(),
            note: None,
            newer: Newer::default(),
        };
        let mut book = book(&["Ana Öberg", "Ben Okafor"]);
        let ana = book.people.get_mut(&PersonId::new(1)).expect("Ana");
        ana.ways = vec![
            way(WayKind::Email, "Ana@Example.org"),
            way(WayKind::Mobile, "+44 7700 900123"),
            way(WayKind::Phone, "0117 496 0123"),
        ];
        ana.address = Some(Address {
            lines: vec!["1 High Street".to_owned(), "Bristol".to_owned()],
            postcode: None,
            country: None,
            newer: Newer::default(),
        });
        let ben = book.people.get_mut(&PersonId::new(2)).expect("Ben");
        ben.ways = vec![way(WayKind::Phone, "(0117) 4960123")];
        let signs = signs(&book);
        for text in [
            "<ana@example.org>: unknown",
            "ring 07700-900123.",
            "07700 900 123",
        ] {
            assert_eq!(signs.in_text(text), Speaks::Surely, "{text}");
        }
        assert_eq!(signs.in_text("the key is at 1 High Street"), Speaks::Perhaps);
        for text in ["0117 496 0123", "11 High Street", "Bristol", "900123"] {
            assert_eq!(signs.in_text(text), Speaks::Not, "{text}");
        }
    }

    proptest! {
        #[test]
        fn whoever_is_named_is_found(before in "[a-z ]{0,20}", after in "[a-z ]{0,20}", name in "\\PC{1,30}") {
            let Ok(person) = Person::named(&name, Instant::from_millis(0)) else { return Ok(()) };
            let mut book = Book::default();
            book.people.insert(PersonId::new(1), person);
            let told = signs(&book).in_text(&format!("{before} {name} {after}"));
            let has_letters = super::words(&name).iter().any(|word| !word.is_empty());
            prop_assert!(told > Speaks::Not || !has_letters, "{name}");
        }
    }
}
