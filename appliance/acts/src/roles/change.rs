//! The acts upon roles: who gets and loses which, and the roles that the house makes for itself. All take two people.

use std::collections::BTreeSet;

use members::person::Person;
use members::record::Newer;
use members::role::{Duty, Role};
use members::text;
use store::{Store, Whose};
use units::PersonId;

use super::{BUILT_IN, name_of_role};
use crate::act::allowed;
use crate::rows::{all, becomes, get, next_number};
use crate::table::ActKind;
use crate::together::Wish;
use crate::{ActError, Actor, Acts, Right, Together};

/// The numbers of the house's own roles.
const OF_ROLES: &str = "roles";
/// The longest name of a role.
const LONGEST_NAME: usize = 60;
/// The longest reason.
pub(crate) const LONGEST_WHY: usize = 500;

impl Right {
    /// Whether a role can allow it: not what everybody may, nor what only who stands at the machine may.
    pub fn can_be_given(self) -> bool {
        !matches!(
            self,
            Self::LookPublic | Self::SignIn | Self::OwnAccount | Self::ClaimBox
        )
    }
}

impl Acts {
    /// Gives somebody these roles and no others.
    pub async fn give_roles(
        &self,
        actor: &Actor,
        person: PersonId,
        roles: BTreeSet<String>,
        why: &str,
    ) -> Result<Together, ActError> {
        allowed(actor, ActKind::GiveRoles)?;
        let why = reason(why)?;
        let wish = self
            .on_card(move |store| wish_for_roles(store, person, roles))
            .await?;
        self.together(actor, ActKind::GiveRoles, Wish { why, ..wish })
            .await
    }

    /// Makes a role of the house, or changes the one with this key.
    pub async fn change_role(
        &self,
        actor: &Actor,
        key: Option<&str>,
        name: &str,
        rights: BTreeSet<Right>,
        why: &str,
    ) -> Result<Together, ActError> {
        allowed(actor, ActKind::ChangeRole)?;
        let why = reason(why)?;
        let name = text::line(name, LONGEST_NAME).map_err(|unfit| ActError::BadInput(unfit.to_string()))?;
        if rights.is_empty() {
            let sentence = "Choose at least one thing that this role allows";
            return Err(ActError::BadInput(sentence.to_owned()));
        }
        if let Some(right) = rights.iter().find(|right| !right.can_be_given()) {
            let sentence = format!("No role can allow somebody to {}", right.words());
            return Err(ActError::BadInput(sentence));
        }
        let key = key.map(str::to_owned);
        let wish = self
            .on_card(move |store| wish_for_role(store, key, name, &rights))
            .await?;
        self.together(actor, ActKind::ChangeRole, Wish { why, ..wish })
            .await
    }

    /// Takes a role of the house away that nobody has any more.
    pub async fn drop_role(&self, actor: &Actor, key: &str, why: &str) -> Result<Together, ActError> {
        allowed(actor, ActKind::ChangeRole)?;
        let (why, key) = (reason(why)?, key.to_owned());
        let wish = self
            .on_card(move |store| {
                let before = own_role(store, &key)?;
                let having = all::<Duty>(store)?;
                let having = having
                    .iter()
                    .filter(|(_, duty)| duty.roles.contains(&key))
                    .count();
                if having > 0 {
                    let people = if having == 1 {
                        "1 person has"
                    } else {
                        "Some people have"
                    };
                    let sentence = format!("{people} this role still. Take it from them first");
                    return Err(ActError::BadInput(sentence));
                }
                Ok(Wish {
                    words: format!("the role {} goes", before.name),
                    subject: key.clone(),
                    detail: "taken away".to_owned(),
                    rows: vec![becomes(&key, Some(&before), None)],
                    ..Wish::default()
                })
            })
            .await?;
        self.together(actor, ActKind::ChangeRole, Wish { why, ..wish })
            .await
    }
}

/// Why something is done, if it is said.
pub(crate) fn reason(why: &str) -> Result<Option<String>, ActError> {
    text::optional_paragraph(why, LONGEST_WHY).map_err(|unfit| ActError::BadInput(unfit.to_string()))
}

fn own_role(store: &Store, key: &String) -> Result<Role, ActError> {
    if BUILT_IN.iter().any(|role| role.key == key) {
        let sentence = "Every house has this role as it is. Make one of your own instead";
        return Err(ActError::BadInput(sentence.to_owned()));
    }
    get::<Role>(store, key)?.ok_or_else(|| ActError::NotThere("there is no such role here".to_owned()))
}

fn wish_for_roles(store: &Store, person: PersonId, roles: BTreeSet<String>) -> Result<Wish, ActError> {
    get::<Person>(store, &person)?
        .ok_or_else(|| ActError::NotThere(format!("there is no {person} in the members' book")))?;
    let own = all::<Role>(store)?;
    let name = |key: &str| name_of_role(&own, key);
    if let Some(unknown) = roles.iter().find(|key| name(key).is_none()) {
        return Err(ActError::BadInput(format!("There is no role {unknown:?} here")));
    }
    let before = get::<Duty>(store, &person)?;
    let had = before.as_ref().map(|duty| duty.roles.clone()).unwrap_or_default();
    if had == roles {
        let sentence = "Nothing would change: these are the roles already";
        return Err(ActError::BadInput(sentence.to_owned()));
    }
    let steps = |verb: &str, sign: &str, from: &BTreeSet<String>, to: &BTreeSet<String>| {
        let keys: Vec<&String> = to.difference(from).collect();
        let said = keys
            .iter()
            .map(|key| format!("{verb} the role {}", name(key).unwrap_or_else(|| (*key).clone())));
        let told = keys.iter().map(|key| format!("{sign}{key}"));
        (said.collect::<Vec<_>>(), told.collect::<Vec<_>>())
    };
    let (got, more) = steps("gets", "+", &had, &roles);
    let (lost, fewer) = steps("loses", "-", &roles, &had);
    let after = (!roles.is_empty()).then(|| Duty {
        roles,
        newer: before.as_ref().map(|duty| duty.newer.clone()).unwrap_or_default(),
    });
    Ok(Wish {
        words: [got, lost].concat().join("; "),
        subject: person.to_string(),
        whose: Whose::People(vec![person]),
        detail: [more, fewer].concat().join(" "),
        rows: vec![becomes(&person, before.as_ref(), after.as_ref())],
        why: None,
    })
}

fn wish_for_role(
    store: &Store,
    key: Option<String>,
    name: String,
    rights: &BTreeSet<Right>,
) -> Result<Wish, ActError> {
    let own = all::<Role>(store)?;
    let others = own.iter().filter(|(other, _)| Some(other) != key.as_ref());
    let taken = others.map(|(_, role)| role.name.as_str());
    let folded = text::folded(&name);
    if taken
        .chain(BUILT_IN.iter().map(|role| role.name))
        .any(|taken| text::folded(taken) == folded)
    {
        return Err(ActError::BadInput(format!(
            "There is a role called {name} already"
        )));
    }
    let words: BTreeSet<String> = rights.iter().map(|right| right.word().to_owned()).collect();
    let may: Vec<&str> = rights.iter().map(|right| right.words()).collect();
    let allows = format!("allows to {}", may.join("; "));
    let mut rows = Vec::new();
    let (key, before, said) = match key {
        Some(key) => {
            let before = own_role(store, &key)?;
            if before.name == name && before.rights == words {
                let sentence = "Nothing would change: the role is like this already";
                return Err(ActError::BadInput(sentence.to_owned()));
            }
            let said = format!("the role {} is called {name} and {allows}", before.name);
            (key, Some(before), said)
        }
        None => {
            let (number, given) = next_number(store, OF_ROLES)?;
            rows.push(given);
            (
                format!("own-{number}"),
                None,
                format!("a new role {name} {allows}"),
            )
        }
    };
    let after = Role {
        name,
        rights: words,
        newer: before
            .as_ref()
            .map_or_else(Newer::default, |role| role.newer.clone()),
    };
    rows.push(becomes(&key, before.as_ref(), Some(&after)));
    Ok(Wish {
        words: said,
        subject: key,
        whose: Whose::Nobody,
        detail: format!("{} rights", rights.len()),
        rows,
        why: None,
    })
}
