//! What stands at the places of a text, for the people of one letter.

use std::collections::{BTreeMap, BTreeSet};

use units::PersonId;

use super::book::{Channel, Piece};
use super::deal::postal;
use super::names::joined;
use super::places::{Place, Values};
use super::post;
use super::text::Text;
use crate::book::Book;
use crate::person::Person;

/// What is the same in every letter of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Common {
    /// The name of the community's place.
    pub site: String,
    /// The day, in words.
    pub today: String,
    /// What each owes, in words.
    pub owed: BTreeMap<PersonId, String>,
}

/// What stands at the places for these people.
pub fn fill(book: &Book, people: &[PersonId], common: &Common) -> Values {
    let known: Vec<(PersonId, &Person)> = people
        .iter()
        .filter_map(|id| Some((*id, book.people.get(id)?)))
        .collect();
    let mut values = Values::default();
    let addressed: Vec<&str> = known.iter().map(|(_, person)| person.addressed()).collect();
    let names: Vec<&str> = known.iter().map(|(_, person)| person.name.as_str()).collect();
    values.put(Place::Name, joined(&addressed));
    values.put(Place::FullName, joined(&names));
    let address = known.first().and_then(|(_, person)| postal(book, person));
    values.put(
        Place::Address,
        address.map(post::lines).unwrap_or_default().join("\n"),
    );
    let of_each = |id: &PersonId| book.memberships.get(id).and_then(|membership| membership.number);
    let numbers: Vec<String> = known
        .iter()
        .filter_map(|(id, _)| of_each(id))
        .map(|number| number.to_string())
        .collect();
    // A letter for two in which one number is missing lacks it.
    if numbers.len() == known.len() {
        values.put(Place::Number, joined(&numbers));
    }
    values.put(Place::Due, owed(&known, common));
    values.put(Place::Site, common.site.as_str());
    values.put(Place::Today, common.today.as_str());
    values
}

fn owed(known: &[(PersonId, &Person)], common: &Common) -> String {
    let owing: Vec<(&str, &str)> = known
        .iter()
        .filter_map(|(id, person)| Some((person.addressed(), common.owed.get(id)?.as_str())))
        .collect();
    match (known, owing.as_slice()) {
        ([_], [(_, amount)]) => (*amount).to_owned(),
        (_, owing) => {
            let each: Vec<String> = owing
                .iter()
                .map(|(name, amount)| format!("{name}: {amount}"))
                .collect();
            each.join("; ")
        }
    }
}

/// The name line of an envelope, and the lines of the address below it.
pub fn envelope(book: &Book, people: &[PersonId]) -> Vec<String> {
    let known: Vec<&Person> = people.iter().filter_map(|id| book.people.get(id)).collect();
    let names: Vec<&str> = known.iter().map(|person| person.name.as_str()).collect();
    let line = joined(&names);
    let mut lines = if line.chars().count() <= LINE {
        vec![line]
    } else {
        names.iter().map(|name| (*name).to_owned()).collect()
    };
    let address = known.first().and_then(|person| postal(book, person));
    lines.extend(address.map(post::lines).unwrap_or_default());
    lines
}

/// So many letters stand in one line of an envelope's window.
const LINE: usize = 40;

/// What the text says and somebody lacks: the people by the place that would stay empty. Whoever gets no letter lacks
/// nothing.
pub fn lacking(
    book: &Book,
    text: &Text,
    pieces: &[Piece],
    common: &Common,
) -> BTreeMap<Place, BTreeSet<PersonId>> {
    let places = text.places();
    let mut lacking: BTreeMap<Place, BTreeSet<PersonId>> = BTreeMap::new();
    let written = pieces
        .iter()
        .filter(|piece| !matches!(piece.channel, Channel::NotAtAll | Channel::NoWay));
    for piece in written {
        for place in fill(book, &piece.people, common).lacks(&places) {
            lacking.entry(place).or_default().extend(&piece.people);
        }
    }
    lacking
}
