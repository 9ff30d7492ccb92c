//! The places in a text where something of the person stands: `{name}`, `{address}`.

use std::collections::{BTreeMap, BTreeSet};

use crate::record::words;

words! {
    /// A place in a text.
    pub enum Place {
        /// How the people are addressed, joined.
        1 Name = "name";
        /// Their whole names, joined.
        2 FullName = "full name";
        /// The lines of the address.
        3 Address = "address";
        /// The membership numbers, joined.
        4 Number = "number";
        /// What is owed.
        5 Due = "due";
        /// The name of the community's place.
        6 Site = "place";
        /// The day.
        7 Today = "today";
    }
}

impl Place {
    /// What stands there, for the page on which letters are written.
    pub const fn explained(self) -> &'static str {
        match self {
            Self::Name => "how the person is addressed; of a household, all of them",
            Self::FullName => "the whole name",
            Self::Address => "the postal address",
            Self::Number => "the membership number",
            Self::Due => "what the person owes",
            Self::Site => "the name of this place",
            Self::Today => "the day on which the letter goes out",
        }
    }

    /// Every place as it is written, for a sentence.
    pub fn all_written() -> String {
        let written: Vec<String> = Self::ALL.iter().map(|place| format!("{{{place}}}")).collect();
        match written.as_slice() {
            [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
            [] => String::new(),
        }
    }
}

/// What stands at the places, for one letter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Values(BTreeMap<Place, String>);

impl Values {
    /// Puts something at a place; nothing where it is empty.
    pub fn put(&mut self, place: Place, value: impl Into<String>) {
        let value = value.into();
        if !value.trim().is_empty() {
            self.0.insert(place, value);
        }
    }

    /// What stands at a place.
    pub fn get(&self, place: Place) -> Option<&str> {
        self.0.get(&place).map(String::as_str)
    }

    /// Those of these places at which nothing would stand.
    pub fn lacks(&self, places: &BTreeSet<Place>) -> BTreeSet<Place> {
        let empty = places.iter().filter(|place| !self.0.contains_key(place));
        empty.copied().collect()
    }
}
