//! Households over the control interface: looked at, made, changed, joined and left, by the acts of the page.

use acts::people::HouseholdSeen;
use acts::{ActError, Actor, Acts};
use members::household::Occupancy;
use serde::Serialize;
use units::{HouseholdId, PersonId};

use super::form::{FieldView, Filled, kept};
use super::interface::json;
use super::person::OtherView;
use super::views::DoneView;
use crate::members::HouseholdDeed;
use crate::refusal::Refusal;

/// One household.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OneHouseholdView {
    /// Its number.
    pub number: u32,
    /// What it is called.
    pub name: String,
    /// Its people.
    pub people: Vec<OtherView>,
    /// What is written about it.
    pub fields: Vec<FieldView>,
    /// The metered homes where it lives or lived.
    pub stays: Vec<StayView>,
}

/// A household's time in a metered home.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StayView {
    /// The home, as `site.toml` names it.
    pub home: String,
    /// The first day.
    pub from: String,
    /// The first day on which it is no more theirs; `null` where nobody knows one.
    pub until: Option<String>,
}

/// A household was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MadeView {
    /// Its number.
    pub number: u32,
}

/// Makes a household of one person.
pub(super) async fn make(acts: &Acts, actor: &Actor, person: u32) -> Result<MadeView, Refusal> {
    match acts.make_household(actor, PersonId::new(person)).await {
        Ok(id) => Ok(MadeView { number: id.number() }),
        Err(ActError::Conflict) => Err(Refusal::BadInput(format!(
            "person {person} belongs to a household already: hearth members show {person}"
        ))),
        Err(other) => Err(other.into()),
    }
}

/// Looks at a household, or does something with it, if nobody else does at the same moment.
pub(super) async fn answer(
    acts: &Acts,
    actor: &Actor,
    household: u32,
    deed: Option<HouseholdDeed>,
) -> Result<String, Refusal> {
    let id = HouseholdId::new(household);
    let seen = acts.household(actor, id).await?;
    let Some(deed) = deed else {
        return json(&OneHouseholdView::from(seen));
    };
    match deed {
        HouseholdDeed::Change(fields) => {
            let filled = Filled::over(&seen.inputs, &fields)?;
            let saved = acts
                .change_household(actor, id, &filled.typed, &seen.seen)
                .await?;
            filled.kept(saved)?;
        }
        HouseholdDeed::Join(person) => {
            let saved = acts
                .join_household(actor, id, &person.to_string(), &seen.seen)
                .await?;
            kept::<()>(saved, str::to_owned)?;
        }
        HouseholdDeed::Leave(person) => {
            let person = PersonId::new(person);
            if !seen.people.iter().any(|other| other.id == person) {
                let sentence = format!("{person} does not belong to this household");
                return Err(Refusal::BadInput(sentence));
            }
            acts.leave_household(actor, id, person).await?;
        }
    }
    json(&DoneView { done: true })
}

impl From<HouseholdSeen> for OneHouseholdView {
    fn from(seen: HouseholdSeen) -> Self {
        let stay = |stay: Occupancy| StayView {
            home: stay.home.to_string(),
            from: stay.from.to_string(),
            until: stay.until.map(|day| day.to_string()),
        };
        Self {
            number: seen.id.number(),
            name: seen.name,
            people: seen.people.into_iter().map(OtherView::from).collect(),
            fields: seen.inputs.into_iter().map(FieldView::from).collect(),
            stays: seen.stays.into_iter().map(stay).collect(),
        }
    }
}
