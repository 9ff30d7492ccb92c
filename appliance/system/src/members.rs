//! What `hearth members` asks, as data: the command writes it, the box reads it, and both know the same questions.

use serde::{Deserialize, Serialize};

/// A question about people, or something to be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "kebab-case", deny_unknown_fields)]
pub enum MembersQuestion {
    /// People by a piece of anything that is kept of them: a page of `PeopleView`.
    Find {
        /// What was typed; nothing is everybody.
        typed: String,
        /// Which page, from 1.
        page: usize,
    },
    /// Every role and who has it: `acts::roles::RolesView`.
    Roles,
    /// Give somebody these roles and no others: `TogetherView`.
    GiveRoles {
        /// Whose number.
        person: u32,
        /// The roles, by their keys.
        roles: Vec<String>,
        /// Why.
        why: String,
    },
    /// What waits for a second person: a list of `acts::together::WaitingView`.
    Waiting,
    /// Agree to it: `TogetherView`.
    Agree {
        /// Its number.
        number: u32,
    },
    /// Refuse it, or take it back: `TogetherView`.
    Refuse {
        /// Its number.
        number: u32,
        /// Why.
        why: String,
    },
    /// A slip for somebody: `SlipView`.
    Slip {
        /// Whose number.
        person: u32,
        /// Whether they have lost their way in.
        recovery: bool,
    },
    /// The users of the system who are persons: a list of `acts::roles::UserView`.
    Users,
    /// Say which person a user of the system is: `DoneView`.
    BindUser {
        /// The system's number of the user.
        uid: u32,
        /// Whose number; nobody's, if it is none.
        person: Option<u32>,
    },
}
