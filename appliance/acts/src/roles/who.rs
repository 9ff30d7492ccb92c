//! Who can do what here: the table of acts beside the roles and the people who have them.

use std::collections::BTreeSet;

use members::edit::meant;
use members::person::Person;
use members::role::{Duty, Role};
use serde::Serialize;
use store::{Store, Whose};
use units::PersonId;

use super::BUILT_IN;
use crate::act::allowed;
use crate::data::name_of;
use crate::people::about;
use crate::rows::{RowError, all, get};
use crate::table::{ACTS, ActKind, Part, Takes};
use crate::{ActError, Actor, Acts, Right, Told};

/// A role with those who have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RoleView {
    /// Its key.
    pub key: String,
    /// What it is called.
    pub name: String,
    /// Whether the house made it for itself.
    pub own: bool,
    /// The words of what it allows, as files know them.
    pub rights: Vec<&'static str>,
    /// The same for people.
    pub allows: Vec<&'static str>,
    /// Who has it, number and name; nobody where names are not for the onlooker.
    pub people: Vec<(u32, String)>,
}

/// Every role, and what each person with a role has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RolesView {
    /// Those that every house has first.
    pub roles: Vec<RoleView>,
}

/// Who has a right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum WhoMay {
    /// Everybody who opens the page.
    Everybody,
    /// Everybody who is signed in.
    SignedIn,
    /// Whoever is at the machine itself.
    AtTheMachine,
    /// Whoever has one of the roles.
    Roles,
}

/// One act of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ActView {
    /// Its name in the record.
    pub name: &'static str,
    /// What the record says of it.
    pub sentence: &'static str,
    /// Whether it takes two people.
    pub takes_two: bool,
}

/// A right within one part of the house: who has it, and the acts that need it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RightView {
    /// The part of the house.
    pub part: &'static str,
    /// Its word.
    pub right: &'static str,
    /// What it allows.
    pub allows: &'static str,
    /// Who has it.
    pub who: WhoMay,
    /// The roles that allow it.
    pub roles: Vec<String>,
    /// The people who have one of them; nobody where names are not for the onlooker.
    pub people: Vec<String>,
    /// The acts.
    pub acts: Vec<ActView>,
}

impl Part {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Site => "site",
            Self::Backups => "backups",
            Self::SignIn => "sign-in",
            Self::People => "people",
            Self::Money => "money",
            Self::Import => "import",
            Self::Letters => "letters",
            Self::Data => "data",
            Self::Roles => "roles",
        }
    }
}

impl Acts {
    /// Every role. Who has which is told to whoever is signed in.
    pub async fn roles(&self, actor: &Actor) -> Result<RolesView, ActError> {
        let names = tells_names(actor);
        self.on_card(move |store| Ok(roles(store, names)?)).await
    }

    /// The name of one person and the keys of their roles, for whoever may change them. That somebody looked is recorded.
    pub async fn roles_of(
        &self,
        actor: &Actor,
        person: PersonId,
    ) -> Result<(String, BTreeSet<String>), ActError> {
        allowed(actor, ActKind::LookRoles)?;
        let found = self
            .on_card(move |store| {
                let duty = get::<Duty>(store, &person)?;
                Ok((
                    name_of(store, person)?,
                    duty.map(|duty| duty.roles).unwrap_or_default(),
                ))
            })
            .await?;
        self.keep(actor, ActKind::LookRoles, Vec::new(), about(person, ""))
            .await?;
        Ok(found)
    }

    /// Whom somebody means, by a whole name or a number, whose roles are to be seen or changed; else why nobody is.
    pub async fn whose_roles(
        &self,
        actor: &Actor,
        typed: &str,
    ) -> Result<Result<PersonId, String>, ActError> {
        allowed(actor, ActKind::LookRoles)?;
        let typed = typed.to_owned();
        let found = self
            .on_card(move |store| Ok(meant(&*crate::book::book(store)?, &typed)))
            .await?;
        let told = match &found {
            Ok(person) => about(*person, "by the name"),
            Err(_) => Told {
                whose: Whose::Everybody,
                detail: "nobody was meant".to_owned(),
                ..Told::default()
            },
        };
        self.keep(actor, ActKind::LookRoles, Vec::new(), told).await?;
        Ok(found)
    }

    /// Who can do what here, by part of the house, from the table of acts.
    pub async fn who_can(&self, actor: &Actor) -> Result<Vec<RightView>, ActError> {
        let roles = self.roles(actor).await?.roles;
        let mut rows: Vec<RightView> = Vec::new();
        for act in ACTS {
            let (part, right) = (act.part.word(), act.right.word());
            let view = ActView {
                name: act.name,
                sentence: act.sentence,
                takes_two: act.takes == Takes::Two,
            };
            match rows.iter_mut().find(|row| row.part == part && row.right == right) {
                Some(row) => row.acts.push(view),
                None => rows.push(RightView {
                    acts: vec![view],
                    ..right_view(part, act.right, &roles)
                }),
            }
        }
        Ok(rows)
    }
}

/// Whether somebody hears who has which role.
fn tells_names(actor: &Actor) -> bool {
    !matches!(actor, Actor::Visitor | Actor::Technician { .. })
}

fn right_view(part: &'static str, right: Right, roles: &[RoleView]) -> RightView {
    let having: Vec<&RoleView> = roles
        .iter()
        .filter(|role| role.rights.contains(&right.word()))
        .collect();
    let people: BTreeSet<&str> = having
        .iter()
        .flat_map(|role| role.people.iter().map(|person| person.1.as_str()))
        .collect();
    let who = match right {
        Right::LookPublic | Right::SignIn => WhoMay::Everybody,
        Right::OwnAccount => WhoMay::SignedIn,
        Right::ClaimBox => WhoMay::AtTheMachine,
        _ => WhoMay::Roles,
    };
    RightView {
        part,
        right: right.word(),
        allows: right.words(),
        who,
        roles: having.iter().map(|role| role.name.clone()).collect(),
        people: people.into_iter().map(str::to_owned).collect(),
        acts: Vec::new(),
    }
}

fn roles(store: &Store, names: bool) -> Result<RolesView, RowError> {
    let mut having: Vec<(String, (u32, String))> = Vec::new();
    if names {
        for (person, duty) in all::<Duty>(store)? {
            if let Some(found) = get::<Person>(store, &person)? {
                let who = (person.number(), found.name);
                having.extend(duty.roles.into_iter().map(|key| (key, who.clone())));
            }
        }
    }
    let view = |key: &str, name: &str, own: bool, rights: Vec<Right>| RoleView {
        key: key.to_owned(),
        name: name.to_owned(),
        own,
        allows: rights.iter().map(|right| right.words()).collect(),
        rights: rights.iter().map(|right| right.word()).collect(),
        people: having
            .iter()
            .filter(|(role, _)| role == key)
            .map(|(_, who)| who.clone())
            .collect(),
    };
    let mut roles: Vec<RoleView> = BUILT_IN
        .iter()
        .map(|role| view(role.key, role.name, false, role.rights.to_vec()))
        .collect();
    for (key, role) in all::<Role>(store)? {
        let rights = role.rights.iter().filter_map(|word| Right::parse(word));
        roles.push(view(&key, &role.name, true, rights.collect()));
    }
    Ok(RolesView { roles })
}
