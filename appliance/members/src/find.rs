//! Finding people by what somebody remembers of them: a piece of the name, a telephone number, a street, a tag.

use units::PersonId;

use crate::book::Book;
use crate::person::{Person, WayKind};
use crate::text::folded;

/// The longest text that is looked for; what stands behind it plays no part.
const LONGEST: usize = 200;

/// What is looked for. Every word of it must be found somewhere in what is kept of a person.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    words: Vec<Word>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Word {
    text: String,
    /// Its digits, where it may be a piece of a telephone number.
    digits: Option<String>,
}

impl Query {
    /// A query of what somebody typed; without any word it finds everybody.
    pub fn new(typed: &str) -> Self {
        let short: String = typed.chars().take(LONGEST).collect();
        let words = folded(&short)
            .split(' ')
            .filter(|word| !word.is_empty())
            .map(Word::new)
            .collect();
        Self { words }
    }

    /// Whether it finds this person.
    pub fn finds(&self, book: &Book, id: PersonId, person: &Person) -> bool {
        if self.words.is_empty() {
            return true;
        }
        let name = folded(&person.name);
        let mut rest = None;
        self.words.iter().all(|word| {
            name.contains(&word.text) || {
                let rest = rest.get_or_insert_with(|| everything(book, id, person));
                rest.contains(&word.text) || word.is_in_a_number_of(person)
            }
        })
    }

    /// Everybody whom it finds, in the order of their names.
    pub fn all(&self, book: &Book) -> Vec<PersonId> {
        let found = book
            .people
            .iter()
            .filter(|(id, person)| self.finds(book, **id, person));
        let mut found: Vec<(String, PersonId)> =
            found.map(|(id, person)| (person.sorted_under(), *id)).collect();
        found.sort_unstable();
        found.into_iter().map(|(_, id)| id).collect()
    }
}

impl Word {
    fn new(text: &str) -> Self {
        let of_a_number = text
            .chars()
            .all(|sign| sign.is_ascii_digit() || "+()-./".contains(sign));
        let digits = digits(text);
        Self {
            digits: Some(digits).filter(|digits| of_a_number && digits.len() >= 3),
            text: text.to_owned(),
        }
    }

    fn is_in_a_number_of(&self, person: &Person) -> bool {
        let Some(wanted) = &self.digits else {
            return false;
        };
        let telephones = person
            .ways
            .iter()
            .filter(|way| matches!(way.kind, WayKind::Phone | WayKind::Mobile));
        telephones
            .into_iter()
            .any(|way| digits(&way.value).contains(wanted))
    }
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// Everything beside the name by which somebody may be remembered, folded.
fn everything(book: &Book, id: PersonId, person: &Person) -> String {
    let mut all = format!("{}\n", id.number());
    let mut add = |text: &str| {
        all.push_str(&folded(text));
        all.push('\n');
    };
    for text in [&person.called, &person.sort].into_iter().flatten() {
        add(text);
    }
    person.ways.iter().for_each(|way| add(&way.value));
    person.tags.iter().for_each(|tag| add(tag));
    if let Some(address) = book.address_of(person) {
        address.lines.iter().for_each(|line| add(line));
        address.country.iter().for_each(|country| add(country));
        if let Some(postcode) = &address.postcode {
            add(postcode);
            add(&postcode.replace(' ', ""));
        }
    }
    if let Some(name) = book
        .household_of(person)
        .and_then(|household| household.name.as_ref())
    {
        add(name);
    }
    all
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use units::{Instant, PersonId};

    use super::Query;
    use crate::book::Book;
    use crate::person::{Address, Person, Way, WayKind};
    use crate::record::Newer;

    fn book() -> Book {
        let mut book = Book::default();
        for (number, name) in [
            (1, "Ana Öberg"),
            (2, "Nguyễn Thị Minh Khai"),
            (3, "محمد"),
            (4, "李小龍"),
        ] {
            let person = Person::named(name, Instant::from_millis(0)).expect("a name");
            book.people.insert(PersonId::new(number), person);
        }
        let ana = book.people.get_mut(&PersonId::new(1)).expect("Ana");
        ana.ways.push(Way {
            kind: WayKind::Phone,
            value: "0117 496 0123".to_owned(),
            note: None,
            newer: Newer::default(),
        });
        ana.tags.insert("Choir".to_owned());
        ana.address = Some(Address {
            lines: vec!["1 High Street".to_owned()],
            postcode: Some("BS5 6XX".to_owned()),
            country: None,
            newer: Newer::default(),
        });
        book
    }

    fn found(typed: &str) -> Vec<u32> {
        Query::new(typed)
            .all(&book())
            .into_iter()
            .map(PersonId::number)
            .collect()
    }

    #[test]
    fn a_piece_of_anything_finds_somebody() {
        for typed in [
            "oberg",
            "ÖBERG ana",
            "4960123",
            "0117-496",
            "choir",
            "high street",
            "bs56xx",
            "BS5 6xx ana",
            "1",
        ] {
            assert_eq!(found(typed), [1], "{typed}");
        }
        assert_eq!(found("nguyen khai"), [2]);
        assert_eq!(found("محمد"), [3]);
        assert_eq!(found("小"), [4]);
        assert_eq!(found("ana khai"), Vec::<u32>::new(), "every word must be found");
        assert_eq!(
            found(" "),
            [2, 1, 3, 4],
            "nothing typed finds everybody, in the order of names"
        );
    }

    proptest! {
        #[test]
        fn anything_typed_has_an_answer(typed in any::<String>()) {
            prop_assert!(found(&typed).len() <= 4);
        }

        #[test]
        fn somebody_is_found_by_their_whole_name(number in 1_u32..5) {
            let name = book().people[&PersonId::new(number)].name.clone();
            prop_assert!(found(&name).contains(&number));
        }
    }
}
