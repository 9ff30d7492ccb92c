//! One household: looked at, made, changed, joined and left.

use members::book::OF_HOUSEHOLDS;
use members::credential::Digest;
use members::edit::{Input, Refusal, Typed, inputs_of_household, meant, read_household};
use members::household::{Household, Occupancy};
use members::person::Person;
use store::Whose;
use units::{HomeName, HouseholdId, PersonId};

use super::one::other_of;
use super::{OtherSeen, Saved, Whole, nobody};
use crate::act::{ActError, allowed};
use crate::book::Told;
use crate::rows::{becomes, next_number};
use crate::table::ActKind;
use crate::{Actor, Acts};

/// A household with its people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HouseholdSeen {
    /// Which.
    pub id: HouseholdId,
    /// What it is called.
    pub name: String,
    /// The inputs of its form, with what is written now.
    pub inputs: Vec<Input>,
    /// Its people.
    pub people: Vec<OtherSeen>,
    /// The homes where it lives or lived.
    pub stays: Vec<Occupancy>,
    /// The metered homes that there are.
    pub homes: Vec<HomeName>,
    /// What tells whether somebody else has changed it since.
    pub seen: Digest,
}

impl Acts {
    /// Looks at a household.
    pub async fn household(&self, actor: &Actor, id: HouseholdId) -> Result<HouseholdSeen, ActError> {
        allowed(actor, ActKind::LookHousehold)?;
        let whole = self.whole().await?;
        let household = whole.book.households.get(&id).ok_or_else(no_household)?;
        let people = whole
            .book
            .people_of(id)
            .map(|(person, _)| other_of(&whole.book, person, String::new()));
        let seen = HouseholdSeen {
            id,
            name: whole.book.household_name(id),
            inputs: inputs_of_household(household),
            people: people.collect(),
            stays: household.homes.clone(),
            homes: self.metered_homes(),
            seen: digest(&whole, id, household),
        };
        self.keep(actor, ActKind::LookHousehold, Vec::new(), told(&whole, id, ""))
            .await?;
        Ok(seen)
    }

    /// Makes a household of one person, who brings their address. Whoever has one already stays in it.
    pub async fn make_household(&self, actor: &Actor, person: PersonId) -> Result<HouseholdId, ActError> {
        allowed(actor, ActKind::ChangeHousehold)?;
        let whole = self.whole().await?;
        let before = whole.book.people.get(&person).ok_or_else(nobody)?;
        if before.household.is_some() {
            return Err(ActError::Conflict);
        }
        let (number, row) = self
            .on_card(|store| Ok(next_number(store, OF_HOUSEHOLDS)?))
            .await?;
        let id = HouseholdId::new(number);
        let household = Household {
            address: before.address.clone(),
            ..Household::new()
        };
        let after = Person {
            household: Some(id),
            address: None,
            ..before.clone()
        };
        let rows = vec![
            row,
            becomes(&id, None, Some(&household)),
            becomes(&person, Some(before), Some(&after)),
        ];
        let told = Told {
            whose: Whose::People(vec![person]),
            ..told(&whole, id, "made")
        };
        self.keep(actor, ActKind::ChangeHousehold, rows, told).await?;
        Ok(id)
    }

    /// Changes name, address, letters and notes of a household.
    pub async fn change_household(
        &self,
        actor: &Actor,
        id: HouseholdId,
        typed: &Typed,
        looked_at: &Digest,
    ) -> Result<Saved, ActError> {
        allowed(actor, ActKind::ChangeHousehold)?;
        let whole = self.whole().await?;
        let before = whole.unchanged(id, looked_at)?;
        let after = match read_household(before, typed) {
            Ok(after) => after,
            Err(refusals) => return Ok(Saved::Refused(refusals)),
        };
        if after != *before {
            let rows = vec![becomes(&id, Some(before), Some(&after))];
            self.keep(actor, ActKind::ChangeHousehold, rows, told(&whole, id, "changed"))
                .await?;
        }
        Ok(Saved::Kept(()))
    }

    /// Somebody joins a household, meant by number or name. Whoever belongs to another one leaves it.
    pub async fn join_household(
        &self,
        actor: &Actor,
        id: HouseholdId,
        who: &str,
        looked_at: &Digest,
    ) -> Result<Saved, ActError> {
        allowed(actor, ActKind::ChangeHousehold)?;
        let whole = self.whole().await?;
        whole.unchanged(id, looked_at)?;
        let refused = |why: String| {
            Ok(Saved::Refused(vec![Refusal {
                input: "who".to_owned(),
                why,
            }]))
        };
        let person = match meant(&whole.book, who) {
            Ok(person) => person,
            Err(why) => return refused(why),
        };
        let before = whole.book.people.get(&person).ok_or_else(nobody)?;
        if before.household == Some(id) {
            return refused("This person belongs to this household already".to_owned());
        }
        let after = Person {
            household: Some(id),
            ..before.clone()
        };
        let rows = vec![becomes(&person, Some(before), Some(&after))];
        let mut told = told(&whole, id, "somebody joined");
        if let Whose::People(people) = &mut told.whose {
            people.push(person);
        }
        self.keep(actor, ActKind::ChangeHousehold, rows, told).await?;
        Ok(Saved::Kept(()))
    }

    /// Somebody leaves a household. Its address stays with it.
    pub async fn leave_household(
        &self,
        actor: &Actor,
        id: HouseholdId,
        person: PersonId,
    ) -> Result<(), ActError> {
        allowed(actor, ActKind::ChangeHousehold)?;
        let whole = self.whole().await?;
        let before = whole.book.people.get(&person).ok_or_else(nobody)?;
        if before.household != Some(id) {
            return Err(ActError::Conflict);
        }
        let after = Person {
            household: None,
            ..before.clone()
        };
        let rows = vec![becomes(&person, Some(before), Some(&after))];
        self.keep(
            actor,
            ActKind::ChangeHousehold,
            rows,
            told(&whole, id, "somebody left"),
        )
        .await
    }
}

impl Whole {
    /// The household, if it and its people are what was looked at.
    pub(super) fn unchanged(&self, id: HouseholdId, looked_at: &Digest) -> Result<&Household, ActError> {
        let household = self.book.households.get(&id).ok_or_else(no_household)?;
        if digest(self, id, household).is(looked_at) {
            Ok(household)
        } else {
            Err(ActError::Conflict)
        }
    }
}

fn digest(whole: &Whole, id: HouseholdId, household: &Household) -> Digest {
    use members::record::Record;
    let people: Vec<u8> = whole
        .book
        .people_of(id)
        .flat_map(|(person, _)| person.number().to_be_bytes())
        .collect();
    Digest::of(&[&household.encode(), &people])
}

pub(super) fn told(whole: &Whole, id: HouseholdId, detail: &str) -> Told {
    Told {
        subject: id.to_string(),
        whose: Whose::People(whole.book.people_of(id).map(|(person, _)| person).collect()),
        detail: detail.to_owned(),
        ..Told::default()
    }
}

pub(super) fn no_household() -> ActError {
    ActError::NotThere("There is no household with this number, or no longer".to_owned())
}
