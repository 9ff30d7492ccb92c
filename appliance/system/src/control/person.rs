//! One person over the control interface: looked at, entered, changed a group of fields at a time, by the forms of the
//! pages. A field that is not said stays as it is.

use acts::people::{FormSeen, OtherSeen, PersonSeen};
use acts::{Actor, Acts};
use members::edit::{Group, Input, Typed, inputs_of_nobody};
use members::membership::Membership;
use serde::Serialize;
use units::PersonId;

use super::form::{FieldView, Filled};
use super::membership::apply;
use super::views::DoneView;
use crate::refusal::Refusal;

/// One person with everything that is kept of them in the book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OnePersonView {
    /// Their number.
    pub number: u32,
    /// The name.
    pub name: String,
    /// When they came into the book, UTC milliseconds.
    pub entered_ms: i64,
    /// The membership; `null` without one.
    pub membership: Option<MembershipView>,
    /// The household; `null` without one.
    pub household: Option<TheirHouseholdView>,
    /// Where their post arrives, line by line; `null` where nobody knows.
    pub post: Option<Vec<String>>,
    /// Everything in the groups in which it is changed.
    pub groups: Vec<GroupView>,
    /// What they are to others.
    pub relations: Vec<OtherView>,
    /// What others are to them.
    pub related: Vec<OtherView>,
}

/// A membership as it is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MembershipView {
    /// Its state.
    pub status: &'static str,
    /// The class, by its key.
    pub class: String,
    /// What the class is called.
    pub class_label: String,
    /// Member since this day; `null` where they are none.
    pub since: Option<String>,
    /// The number on the card; `null` without one.
    pub card: Option<u32>,
    /// How many shares.
    pub shares: u32,
}

/// Somebody's household.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TheirHouseholdView {
    /// Its number.
    pub number: u32,
    /// What it is called.
    pub name: String,
    /// Who else belongs to it.
    pub people: Vec<OtherView>,
}

/// Somebody who has to do with a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OtherView {
    /// Their number.
    pub number: u32,
    /// The name.
    pub name: String,
    /// What they are, in words; empty where that is said already.
    pub what: String,
}

/// A group of what is written about somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GroupView {
    /// Which.
    pub group: &'static str,
    /// Its fields.
    pub fields: Vec<FieldView>,
}

/// The fields of a group as they are written now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FormView {
    /// Whose: their number.
    pub number: u32,
    /// The name.
    pub name: String,
    /// The group with its fields.
    #[serde(flatten)]
    pub group: GroupView,
}

/// Somebody came into the book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AddedView {
    /// Their number.
    pub number: u32,
}

/// Looks at one person.
pub(super) async fn show(acts: &Acts, actor: &Actor, person: u32) -> Result<OnePersonView, Refusal> {
    Ok(acts.person(actor, PersonId::new(person)).await?.into())
}

/// Looks at the fields of a group.
pub(super) async fn form(acts: &Acts, actor: &Actor, person: u32, group: &str) -> Result<FormView, Refusal> {
    let group = group_of(group)?;
    let form = acts.person_form(actor, PersonId::new(person), group).await?;
    Ok(FormView {
        number: person,
        name: form.name,
        group: GroupView::of(group, form.inputs),
    })
}

/// Changes fields of one group, if nobody else does at the same moment.
pub(super) async fn change(
    acts: &Acts,
    actor: &Actor,
    (person, group): (u32, &str),
    fields: &Typed,
) -> Result<DoneView, Refusal> {
    let (id, group) = (PersonId::new(person), group_of(group)?);
    let FormSeen { inputs, seen, .. } = acts.person_form(actor, id, group).await?;
    let filled = Filled::over(&inputs, fields)?;
    let saved = acts.change_person(actor, id, group, &filled.typed, &seen).await?;
    filled.kept(saved)?;
    Ok(DoneView { done: true })
}

/// Somebody comes into the book. Where they apply for a class too, that is a second act.
pub(super) async fn add(
    acts: &Acts,
    actor: &Actor,
    fields: &Typed,
    class: Option<&str>,
) -> Result<AddedView, Refusal> {
    let filled = Filled::over(&inputs_of_nobody(), fields)?;
    let given = acts.people_given(actor).await?;
    let id = filled.kept(acts.add_person(actor, &filled.typed, given).await?)?;
    let number = id.number();
    if let Some(class) = class {
        apply(acts, actor, (number, class, ""), None)
            .await
            .map_err(|refusal| {
                refusal.after(&format!("{id} was added, but the application was not taken: "))
            })?;
    }
    Ok(AddedView { number })
}

fn group_of(word: &str) -> Result<Group, Refusal> {
    Group::parse(word).ok_or_else(|| {
        let all: Vec<&str> = Group::ALL.iter().map(|group| group.word()).collect();
        Refusal::BadInput(format!(
            "there is no group \"{word}\" of fields; there are {}",
            all.join(", ")
        ))
    })
}

impl GroupView {
    fn of(group: Group, inputs: Vec<Input>) -> Self {
        Self {
            group: group.word(),
            fields: inputs.into_iter().map(FieldView::from).collect(),
        }
    }
}

impl From<OtherSeen> for OtherView {
    fn from(other: OtherSeen) -> Self {
        Self {
            number: other.id.number(),
            name: other.name,
            what: other.what,
        }
    }
}

impl From<PersonSeen> for OnePersonView {
    fn from(seen: PersonSeen) -> Self {
        let others = |others: Vec<OtherSeen>| others.into_iter().map(OtherView::from).collect();
        let membership = |membership: Membership| {
            Some(MembershipView {
                status: membership.status()?.word(),
                class: membership.class().to_owned(),
                class_label: seen.house.class_label(membership.class()).to_owned(),
                since: membership.since().map(|day| day.to_string()),
                card: membership.number,
                shares: membership.shares,
            })
        };
        Self {
            number: seen.id.number(),
            entered_ms: seen.person.entered.as_millis(),
            membership: seen.membership.and_then(membership),
            household: seen.household.map(|(id, name, people)| TheirHouseholdView {
                number: id.number(),
                name,
                people: others(people),
            }),
            post: seen.address.map(|address| address.all_lines()),
            groups: seen
                .groups
                .into_iter()
                .map(|(group, inputs)| GroupView::of(group, inputs))
                .collect(),
            relations: others(seen.relations),
            related: others(seen.related),
            name: seen.person.name,
        }
    }
}
