//! Who is chosen for a letter, a label or a list: in words that can be kept and read again.

use std::collections::BTreeSet;

use units::PersonId;

use crate::book::Book;
use crate::membership::Status;
use crate::search::LONGEST_NAME;
use crate::text::folded;

/// The most people who can be chosen one by one.
pub const MOST_SINGLE: usize = 500;

/// A choice of people. Those who have died are in none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// Everybody who is a member now.
    Members,
    /// Everybody in the book.
    Everybody,
    /// Everybody with this tag.
    Tag(String),
    /// Every member of this class.
    Class(String),
    /// Everybody who owes something and is to be reminded now. Who that is, the money says and not the book.
    Owing,
    /// Whom the search means that is kept under this name. Whoever resolves it has the searches, not the book.
    Search(String),
    /// These.
    People(BTreeSet<PersonId>),
}

/// Why words are no choice.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "Choose who gets it: all members, everybody, a tag, a class, a search that is kept, or the numbers of people with commas between"
)]
pub struct NoChoice;

impl Choice {
    /// The choice of these words: "members", "everybody", "tag:choir", "class:youth",
    /// "search:Learners", "people:1,2,3".
    pub fn parse(words: &str) -> Result<Self, NoChoice> {
        let words = words.trim();
        let (kind, rest) = words.split_once(':').unwrap_or((words, ""));
        let rest = rest.trim();
        match (kind, rest.is_empty()) {
            ("members", true) => Ok(Self::Members),
            ("everybody", true) => Ok(Self::Everybody),
            ("owing", true) => Ok(Self::Owing),
            ("tag", false) if rest.chars().count() <= 60 => Ok(Self::Tag(rest.to_owned())),
            ("class", false) if rest.chars().count() <= 60 => Ok(Self::Class(rest.to_owned())),
            ("search", false) if rest.chars().count() <= LONGEST_NAME => Ok(Self::Search(rest.to_owned())),
            ("people", false) => {
                let parts = rest.split([',', ' ']).filter(|part| !part.is_empty());
                let numbers: Result<BTreeSet<PersonId>, _> = parts.map(str::parse).collect();
                let numbers = numbers.map_err(|_| NoChoice)?;
                let count = (1..=MOST_SINGLE).contains(&numbers.len());
                count.then_some(Self::People(numbers)).ok_or(NoChoice)
            }
            _ => Err(NoChoice),
        }
    }

    /// The words of the choice.
    pub fn words(&self) -> String {
        match self {
            Self::Members => "members".to_owned(),
            Self::Everybody => "everybody".to_owned(),
            Self::Owing => "owing".to_owned(),
            Self::Tag(tag) => format!("tag:{tag}"),
            Self::Class(class) => format!("class:{class}"),
            Self::Search(name) => format!("search:{name}"),
            Self::People(people) => {
                let numbers: Vec<String> = people.iter().map(|id| id.number().to_string()).collect();
                format!("people:{}", numbers.join(","))
            }
        }
    }

    /// For people.
    pub fn said(&self) -> String {
        match self {
            Self::Members => "all members".to_owned(),
            Self::Everybody => "everybody in the book".to_owned(),
            Self::Owing => "whoever is to be reminded of what they owe".to_owned(),
            Self::Tag(tag) => format!("everybody with the tag “{tag}”"),
            Self::Class(class) => format!("members of the class “{class}”"),
            Self::Search(name) => format!("whom the search “{name}” means"),
            Self::People(people) if people.len() == 1 => "one person".to_owned(),
            Self::People(people) => format!("{} people, chosen one by one", people.len()),
        }
    }

    /// Who that is now, as far as the book says it.
    pub fn of(&self, book: &Book) -> BTreeSet<PersonId> {
        let died = |id: &PersonId| {
            let membership = book.memberships.get(id);
            membership.and_then(crate::membership::Membership::status) == Some(Status::Died)
        };
        let chosen = book.people.iter().filter(|(id, person)| match self {
            Self::Members => book.is_member(**id),
            Self::Everybody => true,
            Self::Owing | Self::Search(_) => false,
            Self::Tag(tag) => person.tags.iter().any(|own| folded(own) == folded(tag)),
            Self::Class(class) => {
                let membership = book.memberships.get(id);
                membership.is_some_and(|membership| membership.is_member() && membership.class() == class)
            }
            Self::People(people) => people.contains(id),
        });
        chosen.map(|(id, _)| *id).filter(|id| !died(id)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Choice;

    #[test]
    fn a_choice_comes_back_from_its_words() {
        for words in [
            "members",
            "everybody",
            "tag:choir",
            "class:youth",
            "search:Choir: the altos",
            "people:1,2,30",
        ] {
            assert_eq!(
                Choice::parse(words).map(|choice| choice.words()).as_deref(),
                Ok(words)
            );
        }
        assert_eq!(
            Choice::parse("people: 3, 1 1")
                .map(|choice| choice.words())
                .as_deref(),
            Ok("people:1,3")
        );
        for wrong in [
            "",
            "all",
            "tag:",
            "search: ",
            "people:",
            "people:x",
            "members:1",
            "people:99999999999",
        ] {
            assert!(Choice::parse(wrong).is_err(), "{wrong}");
        }
    }
}
