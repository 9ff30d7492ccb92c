//! Roles: what each allows, and who has which.

pub(crate) mod change;
pub(crate) mod stewards;
mod users;
mod who;

use std::collections::BTreeSet;

use members::role::{Duty, Role};
use store::Store;
use units::PersonId;

use crate::Right;
use crate::rows::{RowError, get};

pub use users::UserView;
pub use who::{ActView, RightView, RoleView, RolesView, WhoMay};

/// A role that every house has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BuiltIn {
    /// Its key in the store.
    pub key: &'static str,
    /// What it is called.
    pub name: &'static str,
    /// What it allows.
    pub rights: &'static [Right],
}

/// Whoever claims the box has this role.
pub const STEWARD: &str = "steward";

/// The roles that every house has.
pub const BUILT_IN: &[BuiltIn] = &[
    BuiltIn {
        key: STEWARD,
        name: "Steward",
        rights: &[
            Right::LookStewards,
            Right::ChangeSite,
            Right::Reload,
            Right::KeepBackups,
            Right::GiveSlips,
            Right::LookPeople,
            Right::ChangePeople,
            Right::Admit,
            Right::LookMoney,
            Right::ChangeMoney,
            Right::ImportTables,
            Right::WriteLetters,
            Right::HandleData,
            Right::LookAudit,
            Right::ExportAll,
            Right::ChangeRules,
            Right::ChangeRoles,
        ],
    },
    BuiltIn {
        key: "membership",
        name: "Membership",
        rights: &[
            Right::LookPeople,
            Right::ChangePeople,
            Right::Admit,
            Right::GiveSlips,
            Right::ImportTables,
            Right::WriteLetters,
            Right::HandleData,
        ],
    },
    BuiltIn {
        key: "treasurer",
        name: "Treasurer",
        rights: &[
            Right::LookPeople,
            Right::LookMoney,
            Right::ChangeMoney,
            Right::WriteLetters,
        ],
    },
    BuiltIn {
        key: "moderator",
        name: "Moderator",
        rights: &[Right::LookPeople],
    },
    BuiltIn {
        key: "energy",
        name: "Energy",
        rights: &[Right::LookStewards, Right::ChangeSite, Right::Reload],
    },
    BuiltIn {
        key: "returning-officer",
        name: "Returning officer",
        rights: &[Right::LookPeople],
    },
    BuiltIn {
        key: "technician",
        name: "Technician",
        rights: &[
            Right::LookStewards,
            Right::ChangeSite,
            Right::Reload,
            Right::KeepBackups,
            Right::WatchBus,
        ],
    },
    BuiltIn {
        key: "auditor",
        name: "Auditor",
        rights: &[Right::LookAudit, Right::LookMoney],
    },
];

/// What the roles of somebody allow.
pub(crate) fn rights_of(store: &Store, person: PersonId) -> Result<BTreeSet<Right>, RowError> {
    let Some(duty) = get::<Duty>(store, &person)? else {
        return Ok(BTreeSet::new());
    };
    let mut rights = BTreeSet::new();
    for key in &duty.roles {
        if let Some(role) = BUILT_IN.iter().find(|role| role.key == key) {
            rights.extend(role.rights);
        } else if let Some(role) = get::<Role>(store, key)? {
            rights.extend(role.rights.iter().filter_map(|word| Right::parse(word)));
        }
    }
    Ok(rights)
}

/// What a role is called, if there is one with this key.
fn name_of_role(own: &[(String, Role)], key: &str) -> Option<String> {
    if let Some(role) = BUILT_IN.iter().find(|role| role.key == key) {
        return Some(role.name.to_owned());
    }
    let own = own.iter().find(|(own, _)| own == key)?;
    Some(own.1.name.clone())
}
