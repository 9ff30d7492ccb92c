//! A household: people who live together, with one address and perhaps a metered home.

use jiff::civil::Date;
use units::{HomeName, HouseholdId};

use crate::person::Address;
use crate::record::{Newer, record, words};

words! {
    /// How many letters a household gets.
    pub enum Letters {
        /// One for all of its people.
        1 One = "one for all";
        /// One for each of its people.
        2 Each = "one for each";
    }
}

record! {
    /// From when to when a household lives in a metered home. Its energy is theirs for this time, and nobody else's.
    pub struct Occupancy {
        /// The home, by its word in the site's file.
        1 home: HomeName => "Home", Energy, Contract, AfterLeaving(1);
        /// The first day.
        2 from: Date => "From", Energy, Contract, AfterLeaving(1);
        /// The first day on which it is no more theirs.
        3 until: Option<Date> => "Until", Energy, Contract, AfterLeaving(1);
    }
}

record! {
    /// A household.
    pub struct Household in "households" by HouseholdId {
        /// What it is called; the names of its people where nothing is said.
        1 name: Option<String> => "Name of the household", Membership, Contract, AfterLeaving(1);
        /// Where its post arrives.
        2 address: Option<Address> => "Postal address", Contact, Contract, AfterLeaving(1);
        /// One letter for all or one for each.
        3 letters: Letters => "Letters", Contact, LegitimateInterest, AfterLeaving(1);
        /// The homes it lives or lived in.
        4 homes: Vec<Occupancy> => "Metered homes", Energy, Contract, AfterLeaving(1);
        /// What stewards wrote down; its people can read it.
        5 note: Option<String> => "Notes by stewards", Membership, LegitimateInterest, AfterLeaving(0);
    }
}

impl Household {
    /// A household of which nothing is known yet.
    pub fn new() -> Self {
        Self {
            name: None,
            address: None,
            letters: Letters::One,
            homes: Vec::new(),
            note: None,
            newer: Newer::default(),
        }
    }

    /// Whether it lives in this home on this day.
    pub fn lives_in(&self, home: &HomeName, day: Date) -> bool {
        self.homes
            .iter()
            .any(|stay| stay.home == *home && stay.covers(day))
    }
}

impl Default for Household {
    fn default() -> Self {
        Self::new()
    }
}

impl Occupancy {
    /// Whether the two have a day in common.
    pub fn meets(&self, other: &Self) -> bool {
        let begins_in_time = |one: &Self, two: &Self| two.until.is_none_or(|until| one.from < until);
        begins_in_time(self, other) && begins_in_time(other, self)
    }

    /// Whether the day lies within.
    pub fn covers(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day < until)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;
    use units::HomeName;

    use super::Occupancy;
    use crate::record::Newer;

    proptest! {
        #[test]
        fn two_stays_meet_just_where_a_day_lies_in_both(a in (1_i8..20, 1_i8..12, any::<bool>()), b in (1_i8..20, 1_i8..12, any::<bool>())) {
            let stay = |(from, length, open): (i8, i8, bool)| Occupancy {
                home: HomeName::parse("flat-1").expect("a word"),
                from: date(2026, 1, from),
                until: (!open).then(|| date(2026, 1, (from + length).min(31))),
                newer: Newer::default(),
            };
            let (a, b) = (stay(a), stay(b));
            let common = (1..=31).any(|day| a.covers(date(2026, 1, day)) && b.covers(date(2026, 1, day)));
            prop_assert_eq!(a.meets(&b), common);
            prop_assert_eq!(a.meets(&b), b.meets(&a));
        }
    }
}
