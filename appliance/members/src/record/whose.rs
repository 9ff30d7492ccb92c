//! Whom a record names, so that everything about somebody is found without anybody having to list it.

use jiff::civil::Date;
use units::{HouseholdId, PersonId};

/// How a person is named from now on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Naming {
    /// Not at all.
    Gone(PersonId),
    /// By the number of another entry, which is the same person's.
    Moved {
        /// The number that names them no more.
        from: PersonId,
        /// The number that does.
        to: PersonId,
    },
}

impl Naming {
    /// How a number is written from now on, if at all.
    pub fn person(self, person: PersonId) -> Option<PersonId> {
        match self {
            Self::Gone(gone) if gone == person => None,
            Self::Moved { from, to } if from == person => Some(to),
            Self::Gone(_) | Self::Moved { .. } => Some(person),
        }
    }

    /// Households stay as they are.
    pub(super) fn household(self, household: HouseholdId) -> Option<HouseholdId> {
        Some(household)
    }
}

/// Whom and which days a field or a key names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Named {
    /// People named by the field itself: it is about them, or done by them.
    pub people: Vec<PersonId>,
    /// Households likewise.
    pub households: Vec<HouseholdId>,
    /// People named by something within the field, such as one of several relations.
    pub inner: Vec<PersonId>,
    /// Days that stand in it; moments by universal time.
    pub days: Vec<Date>,
}

impl Named {
    /// Takes what a record within names.
    pub fn within(&mut self, other: Self) {
        self.inner.extend(other.people);
        self.inner.extend(other.inner);
        self.days.extend(other.days);
    }
}
