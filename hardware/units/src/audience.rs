//! Who may see a channel. A flat's meter tells when its people sleep, cook and travel: that is theirs.

use std::fmt;

/// A household, as the members' book will know it; until then the word from `site.toml`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HouseholdId(String);

impl HouseholdId {
    /// The household with this word (`flat-3`); the same letters as a device's name are allowed.
    pub fn parse(word: &str) -> Result<Self, crate::NameError> {
        crate::channel::check_word(word).map(|()| Self(word.to_owned()))
    }

    /// The word.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for HouseholdId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Who may see a channel's values.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Audience {
    /// Everybody who can open the page.
    Everyone,
    /// The people of one household, and nobody else.
    Household(HouseholdId),
    /// Stewards and technicians.
    Stewards,
}
