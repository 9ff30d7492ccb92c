//! Numbers that stand for people and households, each a type of its own. A number is given once and never again, so
//! that the record of acts can name somebody after their data is gone.

use std::fmt;
use std::str::FromStr;

/// A number that is none of the ids it was taken for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAnId;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $word:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u32);

        impl $name {
            /// The one with this number.
            pub const fn new(number: u32) -> Self {
                Self(number)
            }

            /// The number.
            pub const fn number(self) -> u32 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($word, " {}"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            /// The plain number, with or without the word before it.
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                let number = text.strip_prefix(concat!($word, " ")).unwrap_or(text);
                number.parse().map(Self).map_err(|_| NotAnId)
            }
        }
    };
}

id!(
    /// A person, or an organisation that is a member, in the members' book.
    PersonId,
    "person"
);
id!(
    /// A household in the members' book.
    HouseholdId,
    "household"
);
