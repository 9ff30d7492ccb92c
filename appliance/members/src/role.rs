//! Roles: sets of rights under a name, and who has which. What a right is and what it allows is the affair of `acts`; here
//! it is a word.

use std::collections::BTreeSet;

use units::PersonId;

use crate::record::record;

record! {
    /// A role that the house has made for itself, by its key.
    pub struct Role in "roles" by String {
        /// What it is called.
        1 name: String => "Role", Rules, NotPersonal, WhileInForce;
        /// The words of the rights that it has.
        2 rights: BTreeSet<String> => "What it allows", Rules, NotPersonal, WhileInForce;
    }
}

record! {
    /// The roles of somebody.
    pub struct Duty in "duties" by PersonId {
        /// The keys of the roles.
        1 roles: BTreeSet<String> => "Roles", Accountability, LegitimateInterest, AfterLeaving(1);
    }
}

record! {
    /// Who a user of the system is, by the system's number of the user: whoever asks at the control socket as this user
    /// is this person.
    pub struct SystemUser in "system-users" by u32 {
        /// Who.
        1 person: PersonId => "You at the machine's own command line", SignIn, LegitimateInterest, WhileInForce;
    }
}
