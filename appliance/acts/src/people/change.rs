//! Somebody comes into the book, or what is written of them changes: a group at a time, and never over what somebody
//! else wrote in the meantime.

use members::book::{Numbers, OF_PEOPLE};
use members::credential::Digest;
use members::edit::{ANOTHER, Group, Input, Refusal, Typed, change, inputs, seen};
use members::person::Person;
use members::text::folded;
use units::PersonId;

use super::{Saved, about, nobody};
use crate::act::{ActError, allowed};
use crate::rows::{becomes, get, next_number};
use crate::table::ActKind;
use crate::{Actor, Acts};

/// A form, with what tells later whether somebody else was faster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormSeen {
    /// Whose.
    pub name: String,
    /// The inputs, with what is written now.
    pub inputs: Vec<Input>,
    /// What tells whether it is still so.
    pub seen: Digest,
}

impl Acts {
    /// How many people came into the book so far: what a form for a new one carries, so that it adds one only once.
    pub async fn people_given(&self, actor: &Actor) -> Result<u32, ActError> {
        allowed(actor, ActKind::AddPerson)?;
        self.on_card(|store| {
            Ok(get::<Numbers>(store, &OF_PEOPLE.to_owned())?.map_or(0, |numbers| numbers.given))
        })
        .await
    }

    /// Somebody comes into the book; `given` is how many there were when the form was opened. Somebody with the name of
    /// another must be said to be somebody else.
    pub async fn add_person(
        &self,
        actor: &Actor,
        typed: &Typed,
        given: u32,
    ) -> Result<Saved<PersonId>, ActError> {
        allowed(actor, ActKind::AddPerson)?;
        if self.people_given(actor).await? != given {
            return Err(ActError::Conflict);
        }
        let whole = self.whole().await?;
        let name = typed.get("name").map_or("", String::as_str);
        let blank = match Person::named(name, self.effects.now()) {
            Ok(blank) => blank,
            Err(unfit) => return Ok(Saved::Refused(refusal("name", &unfit))),
        };
        let nobody = PersonId::new(0);
        let mut person = blank;
        let mut refused = Vec::new();
        for group in [Group::Name, Group::Ways] {
            match change(whole.setting(), (nobody, &person), group, typed) {
                Ok(changed) => person = changed,
                Err(refusals) => refused.extend(refusals),
            }
        }
        let same = whole
            .book
            .people
            .iter()
            .find(|(_, other)| folded(&other.name) == folded(&person.name));
        if let (Some((other, _)), false) = (same, typed.get(ANOTHER).is_some_and(|value| value == "yes")) {
            refused.extend(refusal(
                "name",
                &format!(
                    "{} has this name already. If this is somebody else, say so: \"This is another person\"",
                    capital(&other.to_string())
                ),
            ));
        }
        if !refused.is_empty() {
            return Ok(Saved::Refused(refused));
        }
        let (number, row) = self.on_card(|store| Ok(next_number(store, OF_PEOPLE)?)).await?;
        let id = PersonId::new(number);
        let rows = vec![row, becomes(&id, None, Some(&person))];
        self.keep(actor, ActKind::AddPerson, rows, about(id, "")).await?;
        Ok(Saved::Kept(id))
    }

    /// The form for a group of what is written about somebody.
    pub async fn person_form(&self, actor: &Actor, id: PersonId, group: Group) -> Result<FormSeen, ActError> {
        allowed(actor, ActKind::ChangePerson)?;
        let whole = self.whole().await?;
        let person = whole.book.people.get(&id).ok_or_else(nobody)?;
        let form = FormSeen {
            name: person.name.clone(),
            inputs: inputs(whole.setting(), person, group),
            seen: seen(whole.setting(), person, group),
        };
        self.keep(actor, ActKind::LookPerson, Vec::new(), about(id, group.word()))
            .await?;
        Ok(form)
    }

    /// Changes a group of what is written about somebody, if it is still what was looked at.
    pub async fn change_person(
        &self,
        actor: &Actor,
        id: PersonId,
        group: Group,
        typed: &Typed,
        looked_at: &Digest,
    ) -> Result<Saved, ActError> {
        allowed(actor, ActKind::ChangePerson)?;
        let whole = self.whole().await?;
        let before = whole.book.people.get(&id).ok_or_else(nobody)?;
        if !seen(whole.setting(), before, group).is(looked_at) {
            return Err(ActError::Conflict);
        }
        let after = match change(whole.setting(), (id, before), group, typed) {
            Ok(after) => after,
            Err(refusals) => return Ok(Saved::Refused(refusals)),
        };
        if after != *before {
            let rows = vec![becomes(&id, Some(before), Some(&after))];
            self.keep(actor, ActKind::ChangePerson, rows, about(id, group.word()))
                .await?;
        }
        Ok(Saved::Kept(()))
    }
}

fn refusal(input: &str, why: &(impl ToString + ?Sized)) -> Vec<Refusal> {
    vec![Refusal {
        input: input.to_owned(),
        why: why.to_string(),
    }]
}

fn capital(words: &str) -> String {
    let mut signs = words.chars();
    signs
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(signs).collect())
}
