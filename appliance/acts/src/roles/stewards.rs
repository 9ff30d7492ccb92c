//! Who has a right and can sign in, also as it would be after a change: somebody must always be left who may give and
//! take roles, and nobody makes their own rights larger alone.

use std::collections::{BTreeMap, BTreeSet};

use members::credential::{Passkey, Passphrase};
use members::person::Person;
use members::record::{Damaged, Kept, Key};
use members::role::{Duty, Role};
use store::{RowChange, Store};
use units::PersonId;

use super::BUILT_IN;
use crate::rows::{RowError, all};
use crate::{ActError, Right};

/// The tables on which it depends who may what.
const TABLES: [&str; 5] = [
    Duty::TABLE,
    Role::TABLE,
    Passphrase::TABLE,
    Passkey::TABLE,
    Person::TABLE,
];

/// Roles and who has them, as they are after some rows have changed.
pub(crate) struct Roll {
    roles: BTreeMap<String, Role>,
    duties: BTreeMap<PersonId, Duty>,
    signing_in: BTreeSet<PersonId>,
}

impl Roll {
    /// As it is.
    pub(crate) fn now(store: &Store) -> Result<Self, RowError> {
        Self::after(store, &[])
    }

    /// As it would be.
    pub(crate) fn after(store: &Store, rows: &[RowChange]) -> Result<Self, RowError> {
        let book = store.book()?;
        let people = rows.iter().filter(|row| row.table == Person::TABLE);
        let people: BTreeMap<&[u8], bool> = people
            .map(|row| (row.key.as_slice(), row.after.is_some()))
            .collect();
        let stands = |person: &PersonId| {
            let changed = people.get(person.to_key().as_slice()).copied();
            changed.unwrap_or_else(|| book.people.contains_key(person))
        };
        let by_passphrase = changed::<Passphrase>(store, rows)?.into_keys();
        let by_passkey = changed::<Passkey>(store, rows)?.into_keys().map(|key| key.0);
        Ok(Self {
            roles: changed::<Role>(store, rows)?,
            duties: changed::<Duty>(store, rows)?,
            signing_in: by_passphrase.chain(by_passkey).filter(stands).collect(),
        })
    }

    /// What the roles of somebody allow.
    pub(crate) fn rights_of(&self, person: PersonId) -> BTreeSet<Right> {
        let keys = self.duties.get(&person).into_iter().flat_map(|duty| &duty.roles);
        keys.flat_map(|key| self.rights_of_role(key)).collect()
    }

    fn rights_of_role(&self, key: &str) -> Vec<Right> {
        if let Some(built_in) = BUILT_IN.iter().find(|role| role.key == key) {
            return built_in.rights.to_vec();
        }
        let words = self.roles.get(key).into_iter().flat_map(|role| &role.rights);
        words.filter_map(|word| Right::parse(word)).collect()
    }

    /// Everybody who has a right and can sign in.
    pub(crate) fn with(&self, right: Right) -> BTreeSet<PersonId> {
        let people = self
            .duties
            .keys()
            .filter(|person| self.signing_in.contains(person));
        people
            .copied()
            .filter(|person| self.rights_of(*person).contains(&right))
            .collect()
    }
}

/// That somebody is left who may give and take roles and who can sign in, if there is somebody now.
pub(crate) fn remain(store: &Store, rows: &[RowChange]) -> Result<(), ActError> {
    if !rows.iter().any(|row| TABLES.contains(&row.table)) {
        return Ok(());
    }
    let before = Roll::now(store)?.with(Right::ChangeRoles);
    if before.is_empty() || !Roll::after(store, rows)?.with(Right::ChangeRoles).is_empty() {
        return Ok(());
    }
    Err(ActError::LastSteward)
}

/// The rows of a table after some have changed.
fn changed<R: Kept>(store: &Store, rows: &[RowChange]) -> Result<BTreeMap<R::Key, R>, RowError>
where
    R::Key: Ord,
{
    let mut found: BTreeMap<R::Key, R> = all::<R>(store)?.into_iter().collect();
    for row in rows.iter().filter(|row| row.table == R::TABLE) {
        let key = R::Key::from_key(&row.key).ok_or(Damaged(R::TABLE))?;
        match &row.after {
            Some(after) => drop(found.insert(key, R::decode(after)?)),
            None => drop(found.remove(&key)),
        }
    }
    Ok(found)
}
