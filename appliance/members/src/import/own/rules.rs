//! What the house decided about its book, one thing in a cell: its questions, tags and classes.

use super::cells::{of_parts, parts};
use crate::edit::Typed;
use crate::house::{Class, CustomField, House, Tag, class_of, field_of, tag_of};
use crate::text::folded;

/// One thing that a house decided, by its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Rule {
    Question(String, CustomField),
    Tag(String, Tag),
    Class(String, Class),
}

/// What stands against taking a rule over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Nothing: the house has not decided it.
    Free,
    /// It is decided just so.
    Same,
    /// It is decided otherwise.
    Otherwise,
}

/// Everything that a house decided, a cell for each.
pub(super) fn cells(house: &House) -> Vec<String> {
    let questions = house.fields.iter().map(|(key, field)| {
        let mut cell = vec![
            "question",
            key,
            &field.label,
            field.kind.word(),
            &field.why,
            field.help.as_deref().unwrap_or_default(),
            yes(field.own),
        ];
        cell.extend(field.choices.iter().map(String::as_str));
        of_parts(&cell)
    });
    let tags = house
        .tags
        .values()
        .map(|tag| of_parts(&["tag", &tag.name, &tag.meaning]));
    let age = |age: Option<u8>| age.map(|age| age.to_string()).unwrap_or_default();
    let classes = house.classes.iter().map(|(key, class)| {
        of_parts(&[
            "class",
            key,
            &class.label,
            yes(class.votes),
            &age(class.age_from),
            &age(class.age_below),
            yes(class.by_decision),
            yes(class.closed),
        ])
    });
    questions.chain(tags).chain(classes).collect()
}

fn yes(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}

/// The rule of a cell, checked as if somebody had typed it.
pub(super) fn read(cell: &str) -> Option<Rule> {
    let parts = parts(cell);
    let mut parts = parts.iter().map(String::as_str);
    let kind = parts.next()?;
    let rest: Vec<&str> = parts.collect();
    match (kind, rest.as_slice()) {
        ("question", [key, label, kind, why, help, own, choices @ ..]) => {
            let choices = choices.join("\n");
            let typed = typed(&[
                ("label", label),
                ("kind", kind),
                ("why", why),
                ("help", help),
                ("own", own),
                ("choices", &choices),
            ]);
            Some(Rule::Question(good_key(key)?, field_of(&typed).ok()?))
        }
        ("tag", [name, meaning]) => {
            let tag = tag_of(&typed(&[("tag-name", name), ("tag-meaning", meaning)])).ok()?;
            Some(Rule::Tag(folded(&tag.name), tag))
        }
        ("class", [key, label, votes, from, below, by_decision, closed]) => {
            let typed = typed(&[
                ("class-label", label),
                ("class-votes", votes),
                ("class-from", from),
                ("class-below", below),
                ("class-by-decision", by_decision),
                ("class-closed", closed),
            ]);
            Some(Rule::Class(good_key(key)?, class_of(&typed).ok()?))
        }
        _ => None,
    }
}

fn typed(pairs: &[(&str, &str)]) -> Typed {
    let owned = pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    owned.collect()
}

/// A key as the house makes them; behind the longest one may stand a number.
fn good_key(key: &str) -> Option<String> {
    let plain = |sign: char| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == '-';
    let good = (1..=60).contains(&key.len()) && key.chars().all(plain);
    good.then(|| key.to_owned())
}

impl Rule {
    /// What stands against it in a house.
    pub(super) fn place(&self, house: &House) -> Place {
        let (same, there) = match self {
            Self::Question(key, field) => {
                let there = house.fields.get(key);
                (there == Some(field), there.is_some())
            }
            Self::Tag(key, tag) => {
                let there = house.tags.get(key);
                (there == Some(tag), there.is_some())
            }
            Self::Class(key, class) => (house.classes.get(key) == Some(class), false),
        };
        match (same, there) {
            (true, _) => Place::Same,
            (false, false) => Place::Free,
            (false, true) => Place::Otherwise,
        }
    }

    /// Adds it to a house.
    pub(super) fn add(self, house: &mut House) {
        match self {
            Self::Question(key, field) => drop(house.fields.insert(key, field)),
            Self::Tag(key, tag) => drop(house.tags.insert(key, tag)),
            // A class takes two people, and does not come in with a table.
            Self::Class(..) => {}
        }
    }
}
