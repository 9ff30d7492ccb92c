//! Whom a record names, so that everything about somebody is found without anybody having to list it.

use jiff::civil::Date;
use units::{HouseholdId, PersonId};

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
