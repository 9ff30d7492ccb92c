//! Users of the system as persons: whoever asks at the control socket is known by the system's number of their user, and
//! the members' book says whose that is. So the record names a person, also for what is done by the command.

use members::person::Person;
use members::record::Newer;
use members::role::SystemUser;
use serde::Serialize;
use store::Whose;
use units::PersonId;

use super::rights_of;
use crate::act::allowed;
use crate::book::Told;
use crate::rows::{all, becomes, get};
use crate::table::ActKind;
use crate::{ActError, Actor, Acts};

/// The system's number of root.
const ROOT: u32 = 0;

/// A user of the system who is a person of the book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UserView {
    /// The system's number of the user.
    pub uid: u32,
    /// Who.
    pub person: u32,
    /// What they are called.
    pub name: String,
}

impl Acts {
    /// Who asks at the control socket. Root, who is nobody in the book, may say why they look into it all the same.
    pub async fn at_the_socket(&self, uid: u32, why: &str) -> Result<Actor, ActError> {
        let bound = self
            .on_card(move |store| {
                let Some(user) = get::<SystemUser>(store, &uid)? else {
                    return Ok(None);
                };
                // Somebody who is no more in the book is nobody here.
                let there = get::<Person>(store, &user.person)?.is_some();
                Ok(there.then_some((user.person, rights_of(store, user.person)?)))
            })
            .await?;
        Ok(match bound {
            Some((person, rights)) => Actor::Operator { uid, person, rights },
            None if uid == ROOT && !why.trim().is_empty() => Actor::Root {
                why: why.trim().to_owned(),
            },
            None => Actor::Technician { uid },
        })
    }

    /// Says which person a user of the system is; nobody, where `person` is none. Nobody says it of themselves.
    pub async fn bind_user(&self, actor: &Actor, uid: u32, person: Option<PersonId>) -> Result<(), ActError> {
        allowed(actor, ActKind::BindUser)?;
        if matches!(actor, Actor::Operator { uid: own, .. } if *own == uid) {
            let sentence = "Nobody says of themselves who they are. Ask somebody else who may give roles";
            return Err(ActError::BadInput(sentence.to_owned()));
        }
        let before = self
            .on_card(move |store| {
                if let Some(person) = person {
                    get::<Person>(store, &person)?.ok_or_else(|| {
                        ActError::NotThere(format!("there is no {person} in the members' book"))
                    })?;
                }
                Ok(get::<SystemUser>(store, &uid)?)
            })
            .await?;
        let was = before.as_ref().map(|user| user.person);
        if was == person {
            let sentence = "Nothing would change: it is so already";
            return Err(ActError::BadInput(sentence.to_owned()));
        }
        let after = person.map(|person| SystemUser {
            person,
            newer: Newer::default(),
        });
        let told = Told {
            subject: format!("user {uid} of the system"),
            whose: Whose::People(was.into_iter().chain(person).collect()),
            detail: person.map_or_else(|| "nobody".to_owned(), |person| person.to_string()),
            ..Told::default()
        };
        let rows = vec![becomes(&uid, before.as_ref(), after.as_ref())];
        self.keep(actor, ActKind::BindUser, rows, told).await
    }

    /// The users of the system who are persons of the book.
    pub async fn users(&self, actor: &Actor) -> Result<Vec<UserView>, ActError> {
        allowed(actor, ActKind::ListUsers)?;
        let seen = self
            .on_card(|store| {
                let mut seen = Vec::new();
                for (uid, user) in all::<SystemUser>(store)? {
                    let found = get::<Person>(store, &user.person)?;
                    seen.push(UserView {
                        uid,
                        person: user.person.number(),
                        name: found.map_or_else(|| user.person.to_string(), |found| found.name),
                    });
                }
                Ok(seen)
            })
            .await?;
        let told = Told {
            whose: Whose::People(seen.iter().map(|user| PersonId::new(user.person)).collect()),
            ..Told::default()
        };
        self.keep(actor, ActKind::ListUsers, Vec::new(), told).await?;
        Ok(seen)
    }
}
