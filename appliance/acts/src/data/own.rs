//! One's own data: seen, and put right by oneself.

use members::household::Household;
use members::own::{Questions, Refusals, Typed, changed};
use members::person::Person;
use store::{RowChange, Store, Whose};
use units::{HouseholdId, PersonId};

use super::kept::{KeptRow, kept_about, subject};
use crate::act::ActError;
use crate::book::{Told, book};
use crate::people::house;
use crate::rows::{RowError, becomes};
use crate::table::ActKind;
use crate::{Actor, Acts, Right};

/// Somebody's own entry and household, as they stand in the book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mine {
    /// Who.
    pub id: PersonId,
    /// Their entry.
    pub person: Person,
    /// Their household, with the names of those who live in it.
    pub household: Option<(HouseholdId, Household, Vec<String>)>,
    /// Whether they may change the household: children may not.
    pub adult: bool,
    /// The questions of the house that people answer themselves.
    pub questions: Questions,
}

/// What came of putting something right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OwnChange {
    /// It stands in the book now.
    Kept,
    /// Nothing was different.
    Same,
    /// Some fields were refused, and nothing was changed.
    Refused(Refusals),
}

/// From this age on somebody is an adult.
const ADULT: i16 = 18;

/// The person who acts; what is one's own is for nobody else.
pub(crate) fn oneself(actor: &Actor) -> Result<PersonId, ActError> {
    actor.person().ok_or(ActError::NotAllowed(Right::OwnAccount))
}

impl Acts {
    /// The actor's own entry.
    pub async fn mine(&self, actor: &Actor) -> Result<Mine, ActError> {
        let id = oneself(actor)?;
        let today = self.today();
        let (book, questions) = self
            .on_card(|store| Ok((book(store)?, own_questions(store)?)))
            .await?;
        let person = book.people.get(&id).cloned().ok_or_else(gone)?;
        let household = person.household.and_then(|home| {
            let names = book.people_of(home).map(|(_, person)| person.name.clone());
            Some((home, book.households.get(&home)?.clone(), names.collect()))
        });
        let adult = person.age(today).is_none_or(|age| age >= ADULT);
        Ok(Mine {
            id,
            person,
            household,
            adult,
            questions,
        })
    }

    /// Everything that is kept about the actor.
    pub async fn kept_about_me(&self, actor: &Actor) -> Result<Vec<KeptRow>, ActError> {
        let id = oneself(actor)?;
        self.on_card(move |store| kept_about(store, &subject(&*book(store)?, id)))
            .await
    }

    /// Puts the actor's own entry right, if it is still as it was when they looked at it.
    pub async fn change_mine(
        &self,
        actor: &Actor,
        before: &Person,
        typed: &Typed,
    ) -> Result<OwnChange, ActError> {
        let id = oneself(actor)?;
        let questions = self.on_card(|store| Ok(own_questions(store)?)).await?;
        let after = match before.corrected(typed, &questions) {
            Ok(after) => after,
            Err(refused) => return Ok(OwnChange::Refused(refused)),
        };
        let row = becomes(&id, Some(before), Some(&after));
        self.put_right(actor, ActKind::ChangeOwn, row, changed(before, &after), vec![id])
            .await
    }

    /// Puts the actor's household right. Whoever else lives in it can read that they did.
    pub async fn change_my_household(
        &self,
        actor: &Actor,
        before: &Household,
        typed: &Typed,
    ) -> Result<OwnChange, ActError> {
        let id = oneself(actor)?;
        let mine = self.mine(actor).await?;
        let (Some((home, _, _)), true) = (&mine.household, mine.adult) else {
            return Err(ActError::NotThere(
                "you have no household here that you can change. A steward can help you".to_owned(),
            ));
        };
        let after = match before.corrected(typed) {
            Ok(after) => after,
            Err(refused) => return Ok(OwnChange::Refused(refused)),
        };
        let row = becomes(home, Some(before), Some(&after));
        let home = *home;
        let people = self
            .on_card(move |store| Ok(book(store)?.people_of(home).map(|(id, _)| id).collect()))
            .await?;
        let mut people: Vec<PersonId> = people;
        if !people.contains(&id) {
            people.push(id);
        }
        self.put_right(
            actor,
            ActKind::ChangeOwnHousehold,
            row,
            changed(before, &after),
            people,
        )
        .await
    }

    async fn put_right(
        &self,
        actor: &Actor,
        kind: ActKind,
        row: RowChange,
        fields: Vec<&'static str>,
        people: Vec<PersonId>,
    ) -> Result<OwnChange, ActError> {
        if row.before == row.after {
            return Ok(OwnChange::Same);
        }
        let told = Told {
            whose: Whose::People(people),
            detail: fields.join(", "),
            ..Told::default()
        };
        self.keep(actor, kind, vec![row], told).await?;
        Ok(OwnChange::Kept)
    }

    /// The day at the place.
    pub(crate) fn today(&self) -> jiff::civil::Date {
        let zone = self.site.borrow().place.zone.clone();
        let day = zone.date_of(self.effects.now());
        // Both kinds of day are written in the same way.
        day.to_string().parse().unwrap_or_default()
    }
}

/// The questions of the house that people answer themselves.
fn own_questions(store: &Store) -> Result<Questions, RowError> {
    let mut questions = house(store)?.fields;
    questions.retain(|_, question| question.own);
    Ok(questions)
}

fn gone() -> ActError {
    ActError::NotThere("there is nobody with this number in the book, or no longer".to_owned())
}
