//! Who may see a channel. A flat's meter tells when its people sleep, cook and travel: that is theirs.

use std::fmt;

/// A home that has meters of its own (a flat), by its word in `site.toml`. Which household lives there, and since when,
/// stands in the members' book.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HomeName(String);

impl HomeName {
    /// The home with this word (`flat-3`); the same letters as a device's name are allowed.
    pub fn parse(word: &str) -> Result<Self, crate::NameError> {
        crate::channel::check_word(word).map(|()| Self(word.to_owned()))
    }

    /// The word.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for HomeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Who may see a channel's values.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Audience {
    /// Everybody who can open the page.
    Everyone,
    /// The people of the household that lives in this home, and nobody else.
    Household(HomeName),
    /// Stewards and technicians.
    Stewards,
}
