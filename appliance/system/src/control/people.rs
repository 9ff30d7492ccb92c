//! The answers to what `hearth members` asks: each is one act or one look, and its answer as JSON.

use acts::people::{FoundHouseholds, FoundPeople, HouseholdLine, PersonLine};
use acts::{Actor, Acts, Together};
use members::credential::slip::SlipKind;
use serde::Serialize;
use units::PersonId;

use super::views::{DoneView, SlipView};
use super::{household, membership, person};
use crate::members::MembersQuestion;
use crate::refusal::Refusal;

/// A page of the people who were found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PeopleView {
    /// Those on this page.
    pub people: Vec<PersonView>,
    /// How many were found in all.
    pub found: usize,
    /// How many there are in the book.
    pub in_the_book: usize,
    /// Which page this is, from 1.
    pub page: usize,
    /// How many pages there are.
    pub pages: usize,
}

/// One person in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PersonView {
    /// Their number.
    pub number: u32,
    /// The name.
    pub name: String,
    /// The state of the membership; `null` without one.
    pub membership: Option<&'static str>,
    /// The class of membership; `null` without one.
    pub class: Option<String>,
    /// The household; `null` without one.
    pub household: Option<String>,
    /// Where a call goes; `null` where nothing is known.
    pub telephone: Option<String>,
}

/// A page of the households that were found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HouseholdsView {
    /// Those on this page.
    pub households: Vec<HouseholdView>,
    /// How many were found in all.
    pub found: usize,
    /// Which page this is, from 1.
    pub page: usize,
    /// How many pages there are.
    pub pages: usize,
}

/// One household in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HouseholdView {
    /// Its number.
    pub number: u32,
    /// What it is called.
    pub name: String,
    /// How many people belong to it.
    pub people: usize,
    /// Its address in one line; empty where nobody knows.
    pub address: String,
}

/// What became of something that takes two people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TogetherView {
    /// Whether it is done.
    pub done: bool,
    /// Under which number it waits; `null` where it does not.
    pub waits: Option<u32>,
}

/// Answers a question as `actor`.
pub(super) async fn answer(acts: &Acts, actor: &Actor, question: MembersQuestion) -> Result<String, Refusal> {
    if let Actor::Technician { uid } = actor {
        return Err(nobody(*uid));
    }
    match question {
        MembersQuestion::Find { typed, page } => {
            json(&PeopleView::from(acts.find_people(actor, &typed, page).await?))
        }
        MembersQuestion::Households { typed, page } => json(&HouseholdsView::from(
            acts.find_households(actor, &typed, page).await?,
        )),
        MembersQuestion::Household { household, deed } => {
            household::answer(acts, actor, household, deed).await
        }
        MembersQuestion::MakeHousehold { person } => json(&household::make(acts, actor, person).await?),
        MembersQuestion::Show { person } => json(&person::show(acts, actor, person).await?),
        MembersQuestion::Form { person, group } => json(&person::form(acts, actor, person, &group).await?),
        MembersQuestion::Change {
            person,
            group,
            fields,
        } => json(&person::change(acts, actor, (person, &group), &fields).await?),
        MembersQuestion::Add { fields, class } => {
            json(&person::add(acts, actor, &fields, class.as_deref()).await?)
        }
        MembersQuestion::Apply {
            person,
            class,
            words,
            on,
        } => json(&membership::apply(acts, actor, (person, &class, &words), on.as_deref()).await?),
        MembersQuestion::Decide { person, decided } => {
            json(&membership::decide(acts, actor, person, decided).await?)
        }
        MembersQuestion::Roles => json(&acts.roles(actor).await?),
        MembersQuestion::GiveRoles { person, roles, why } => {
            let (person, roles) = (PersonId::new(person), roles.into_iter().collect());
            json(&TogetherView::from(
                acts.give_roles(actor, person, roles, &why).await?,
            ))
        }
        MembersQuestion::Waiting => json(&acts.waiting(actor).await?),
        MembersQuestion::Agree { number } => json(&TogetherView::from(acts.agree(actor, number).await?)),
        MembersQuestion::Refuse { number, why } => {
            acts.refuse(actor, number, &why).await?;
            json(&DoneView { done: true })
        }
        MembersQuestion::Slip { person, recovery } => {
            let kind = if recovery {
                SlipKind::Recovery
            } else {
                SlipKind::First
            };
            let slip = acts.give_slip(actor, PersonId::new(person), kind).await?;
            json(&SlipView::from(&slip))
        }
        MembersQuestion::Users => json(&acts.users(actor).await?),
        MembersQuestion::BindUser { uid, person } => {
            acts.bind_user(actor, uid, person.map(PersonId::new)).await?;
            json(&DoneView { done: true })
        }
    }
}

/// Whoever is nobody in the book looks into it no further than a stranger.
pub(super) fn nobody(uid: u32) -> Refusal {
    Refusal::NotAllowed(format!(
        "user {uid} of the system is nobody in the members' book, so the record could not say who looked. Somebody who \
         may give roles says who it is: hearth members bind-user {uid} PERSON. Root says why instead: --why"
    ))
}

fn json(value: &impl Serialize) -> Result<String, Refusal> {
    super::interface::json(value)
}

impl From<FoundPeople> for PeopleView {
    fn from(found: FoundPeople) -> Self {
        Self {
            people: found.lines.into_iter().map(PersonView::from).collect(),
            found: found.found,
            in_the_book: found.in_the_book,
            page: found.page,
            pages: found.pages,
        }
    }
}

impl From<FoundHouseholds> for HouseholdsView {
    fn from(found: FoundHouseholds) -> Self {
        let household = |line: HouseholdLine| HouseholdView {
            number: line.id.number(),
            name: line.name,
            people: line.people,
            address: line.address,
        };
        Self {
            households: found.lines.into_iter().map(household).collect(),
            found: found.found,
            page: found.page,
            pages: found.pages,
        }
    }
}

impl From<PersonLine> for PersonView {
    fn from(line: PersonLine) -> Self {
        let (membership, class) = line.membership.unzip();
        Self {
            number: line.id.number(),
            name: line.name,
            membership: membership.map(members::membership::Status::word),
            class,
            household: line.household,
            telephone: line.telephone,
        }
    }
}

impl From<Together> for TogetherView {
    fn from(together: Together) -> Self {
        match together {
            Together::Done => Self {
                done: true,
                waits: None,
            },
            Together::Waits(number) => Self {
                done: false,
                waits: Some(number),
            },
        }
    }
}
