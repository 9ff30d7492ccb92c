//! Two entries of the book that are one person become one: what stays of both, and everything else that named the one
//! that goes. Nothing is lost: what has no room in the entry that stays is kept beside it ([`Merged`]).
//!
//! Every table is walked, as for an erasure, so that a new table cannot be forgotten. The ways in of the entry that goes
//! are closed and never handed on: otherwise a merge could let somebody in as another. What cannot be decided by a rule
//! is refused with a sentence; nothing is guessed.
//!
//! The number that goes stays known as an earlier number of the person who stays, since the record of who did what names
//! people by their numbers and is never rewritten.

mod membership;
mod money;
mod rows;
mod side;
mod twins;

use std::collections::BTreeMap;

use units::{Instant, MoneyError, PersonId};

use crate::membership::Membership;
use crate::money::Agreement;
use crate::record::{Damaged, record};

pub use rows::{Found, Turned, is_of_sign_in, merged};
pub use side::{Difference, differences};
pub use twins::{Sign, Twins, twins};

record! {
    /// An entry that became part of another one, by its number.
    pub struct Merged in "merged" by u32 {
        /// The entry that it is part of.
        1 into: PersonId => "Entry that stayed", Membership, LegitimateInterest, AfterLeaving(6);
        /// Its number, which is given to nobody again.
        2 was: u32 => "Your earlier number", Membership, LegitimateInterest, AfterLeaving(6);
        /// When.
        3 at: Instant => "Put together", Accountability, LegitimateInterest, AfterLeaving(6);
        /// By whom.
        4 by: Option<PersonId> => "Put together by", Accountability, LegitimateInterest, AfterLeaving(6);
        /// The older of two memberships, where they do not follow each other.
        5 membership: Option<Membership> => "The other membership", Membership, LegalObligation, AfterLeaving(6);
        /// What was agreed on dues with the one of the two whose agreement does not count.
        6 agreement: Option<Agreement> => "The other agreement on dues", Money, Contract, AfterLeaving(6);
    }
}

record! {
    /// Two entries that look like one person and are two, by a running number.
    pub struct Apart in "told-apart" by u32 {
        /// The one.
        1 one: PersonId => "Somebody", Membership, LegitimateInterest, AfterLeaving(0);
        /// The other.
        2 other: PersonId => "Is not", Membership, LegitimateInterest, AfterLeaving(0);
        /// When it was said.
        3 at: Instant => "Told apart", Accountability, LegitimateInterest, AfterLeaving(0);
        /// By whom.
        4 by: Option<PersonId> => "Told apart by", Accountability, LegitimateInterest, AfterLeaving(0);
    }
}

impl Apart {
    /// Whether it is about these two, whichever comes first.
    pub fn is_about(&self, one: PersonId, other: PersonId) -> bool {
        [(one, other), (other, one)].contains(&(self.one, self.other))
    }
}

impl Merged {
    /// The number on the card of the membership that is kept beside, and whose it is.
    pub fn card(&self) -> Option<(u32, PersonId)> {
        let number = self.membership.as_ref()?.number?;
        Some((number, self.into))
    }
}

/// Which two entries are one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// The entry that stays.
    pub kept: PersonId,
    /// The entry that becomes part of it.
    pub gone: PersonId,
}

/// Which of both counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// What the entry that stays says.
    Kept,
    /// What the entry that goes says.
    Gone,
    /// What both say.
    Both,
}

impl Side {
    /// Its word in forms.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Gone => "gone",
            Self::Both => "both",
        }
    }

    /// The side with this word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Kept, Self::Gone, Self::Both]
            .into_iter()
            .find(|side| side.word() == word)
    }
}

/// What was chosen for each thing in which the two differ, by its name.
pub type Choices = BTreeMap<String, Side>;

/// By whom and when two entries are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// By whom.
    pub by: Option<PersonId>,
    /// When.
    pub at: Instant,
}

/// Under this name one chooses whose agreement on dues counts.
pub const DUES_AGREED: &str = "dues_agreed";

/// Why two entries cannot become one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoMerge {
    /// They are one already.
    #[error("This is one entry already. Choose another one to put together with it")]
    Same,
    /// One is not in the book.
    #[error("One of the two is not in the book, or no longer. Look for the name")]
    NotThere,
    /// A human being and an organisation.
    #[error(
        "One of the two is a person and the other an organisation. If that is wrong, put it right in the group with the name, then come back"
    )]
    Kinds,
    /// Something was not chosen.
    #[error("Choose which of the two counts for \"{0}\"")]
    NotChosen(&'static str),
    /// The one that goes has roles.
    #[error(
        "{0} has roles here, and roles are never handed on. Keep that entry and let the other one go, or have the roles taken away first"
    )]
    Roles(String),
    /// Something waits for a second person.
    #[error(
        "Something about {0} waits for a second person. Have it agreed to, refused or taken back first, then come back"
    )]
    Waits(String),
    /// Somebody said that they are two people.
    #[error("Somebody said that these are two people. If they are one after all, take that back first")]
    Apart,
    /// Both are members or want to be.
    #[error(
        "Both have a membership that has not ended, or an application that nobody has decided on. End the one that was entered twice on its page of the membership, then come back: nothing of it is lost"
    )]
    TwoMemberships,
    /// One has died and went on.
    #[error(
        "By the book one of the two has died, and the other went on after it. They may be two people. Put right on the page of the membership what is wrong, then come back"
    )]
    Died,
    /// Both hold shares.
    #[error(
        "Both hold shares ({0} and {1}), and nobody can tell whether they were entered twice. Put all shares down for one of the two and none for the other, then come back"
    )]
    Shares(u32, u32),
    /// Two rows that only one has room for, of a kind for which there is no rule.
    #[error("Both have entries of their own under \"{0}\", and there is no rule yet how they become one")]
    Meets(String),
    /// Sums of money that cannot be added up.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// A row makes no sense.
    #[error(transparent)]
    Damaged(#[from] Damaged),
}

#[cfg(test)]
mod tests;
