//! What `hearth members` asks, as data: the command writes it, the box reads it, and both know the same questions.

use members::edit::Typed;
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
    /// Households by a piece of a name, of somebody's name or of the address: a page of `HouseholdsView`.
    Households {
        /// What was typed; nothing is all.
        typed: String,
        /// Which page, from 1.
        page: usize,
    },
    /// One household: `OneHouseholdView`; or something is done with it: `DoneView`.
    Household {
        /// Its number.
        household: u32,
        /// What is done.
        #[serde(default)]
        deed: Option<HouseholdDeed>,
    },
    /// Make a household of one person, who brings their address: `MadeView`.
    MakeHousehold {
        /// Whose number.
        person: u32,
    },
    /// One person with everything that is kept of them: `OnePersonView`.
    Show {
        /// Whose number.
        person: u32,
    },
    /// The fields of a group as they are written now: `FormView`.
    Form {
        /// Whose number.
        person: u32,
        /// Which group.
        group: String,
    },
    /// Change fields of one group; what is not named stays as it is: `DoneView`.
    Change {
        /// Whose number.
        person: u32,
        /// Which group.
        group: String,
        /// The fields by their names; of ways the kind is a name too, and means the first of its kind.
        fields: Typed,
    },
    /// Somebody comes into the book: `AddedView`.
    Add {
        /// The fields by their names; `name` must be there, and `another` is `yes` for one more of the same name.
        fields: Typed,
        /// The class of membership that they apply for.
        #[serde(default)]
        class: Option<String>,
    },
    /// Enter somebody's application for membership: `DoneView`.
    Apply {
        /// Whose number.
        person: u32,
        /// The class, by its key.
        class: String,
        /// What they wrote.
        #[serde(default)]
        words: String,
        /// The day; today where nothing is said.
        #[serde(default)]
        on: Option<String>,
    },
    /// Decide on somebody's membership: `DoneView`.
    Decide {
        /// Whose number.
        person: u32,
        /// What is decided.
        decided: Decided,
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

/// What is done with a household.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HouseholdDeed {
    /// Change these fields; what is not named stays as it is.
    Change(Typed),
    /// The person with this number joins, and leaves the household before.
    Join(u32),
    /// The person with this number leaves. The address stays with the household.
    Leave(u32),
}

/// What is decided on a membership.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Decided {
    /// The state to which it comes, such as `member` or `left`.
    pub to: String,
    /// The class, by its key; the same as before where nothing is said.
    pub class: Option<String>,
    /// The day; today where nothing is said.
    pub on: Option<String>,
    /// Why: the person concerned can read it.
    pub why: String,
    /// Whether it is because something was not paid, which wants a notice.
    pub arrears: bool,
}
