//! One person over the control interface: looked at, entered, changed a group of fields at a time, by the forms of the
//! pages. A field that is not said stays as it is.

use std::collections::BTreeMap;

use acts::people::{FormSeen, OtherSeen, PersonSeen, Saved};
use acts::{Actor, Acts};
use members::edit::{Group, Input, Kind, Refusal as Unfit, Typed, inputs_of_nobody};
use members::membership::Membership;
use members::person::WayKind;
use serde::Serialize;
use units::PersonId;

use super::DoneView;
use super::membership::apply;
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

/// One field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldView {
    /// Its name, by which it is changed.
    pub field: String,
    /// What the house calls it; `null` for those that every house has.
    pub label: Option<String>,
    /// What stands in it.
    pub value: String,
    /// What may stand in it; empty where anything may.
    pub choices: Vec<String>,
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

/// A form with what was said written over what stood in it.
struct Filled {
    typed: Typed,
    /// By which name each input was said.
    said: BTreeMap<String, String>,
}

impl Filled {
    fn over(inputs: &[Input], fields: &Typed) -> Result<Self, Refusal> {
        let stands = |input: &Input| (input.name.clone(), input.value.clone());
        let mut filled = Self {
            typed: inputs.iter().map(stands).collect(),
            said: BTreeMap::new(),
        };
        for (field, value) in fields {
            if let Some(kind) = way_kind(field).filter(|_| filled.typed.contains_key("reach")) {
                filled.way(kind, field, value);
                continue;
            }
            // Ways and relations have as many rows as somebody writes.
            let input = inputs.iter().find(|input| input.name == *field);
            if input.is_none() && !is_row(field, &filled.typed) {
                return Err(no_field(field, inputs));
            }
            let off = matches!(input.map(|input| &input.kind), Some(Kind::Tick)) && value == "no";
            let value = if off { String::new() } else { value.clone() };
            filled.typed.insert(field.clone(), value);
        }
        Ok(filled)
    }

    /// The first way of a kind, or one more: `mobile=07700 900123`.
    fn way(&mut self, kind: WayKind, field: &str, value: &str) {
        let stands = |name: &str, row: u32| {
            let stands = self.typed.get(&format!("{name}-{row}"));
            stands.map_or("", String::as_str)
        };
        // Kinds stand in empty rows too, and mean nothing there.
        let there =
            (1..ROWS).find(|row| stands("way-kind", *row) == kind.word() && !stands("way", *row).is_empty());
        let free = (1..ROWS).find(|row| stands("way", *row).is_empty());
        let row = there.or(free).unwrap_or(ROWS);
        self.typed
            .insert(format!("way-kind-{row}"), kind.word().to_owned());
        self.typed.insert(format!("way-{row}"), value.to_owned());
        self.said.insert(format!("way-{row}"), field.to_owned());
    }

    fn kept<T>(&self, saved: Saved<T>) -> Result<T, Refusal> {
        kept(saved, |input| {
            self.said.get(input).map_or(input, String::as_str).to_owned()
        })
    }
}

/// More rows of ways than anybody has.
const ROWS: u32 = 30;

/// What was kept; else a line for each field that cannot be taken, under the name by which it was said.
pub(super) fn kept<T>(saved: Saved<T>, name: impl Fn(&str) -> String) -> Result<T, Refusal> {
    let refusals: Vec<Unfit> = match saved {
        Saved::Kept(kept) => return Ok(kept),
        Saved::Refused(refusals) => refusals,
    };
    let lines = refusals
        .iter()
        .map(|unfit| format!("{}: {}", name(&unfit.input), unfit.why));
    Err(Refusal::BadInput(lines.collect::<Vec<_>>().join("\n")))
}

/// The kind of a way, as it is said in the place of a field.
fn way_kind(field: &str) -> Option<WayKind> {
    match field {
        "email" => Some(WayKind::Email),
        word => WayKind::parse(word),
    }
}

/// Whether a field is one more row of a form that has rows of its kind.
fn is_row(field: &str, typed: &Typed) -> bool {
    let row = field
        .rsplit_once('-')
        .filter(|(_, end)| end.parse::<u32>().is_ok());
    row.is_some_and(|(stem, _)| typed.contains_key(&format!("{stem}-1")))
}

fn no_field(field: &str, inputs: &[Input]) -> Refusal {
    let names = inputs.iter().map(|input| input.name.as_str());
    let ways = inputs.iter().any(|input| input.name == "reach");
    let ways = WayKind::ALL.iter().filter(|_| ways).map(|kind| kind.word());
    let all: Vec<&str> = names.chain(ways).collect();
    Refusal::BadInput(if all.is_empty() {
        format!("there is no field \"{field}\" here, nor any other: the house has not made one")
    } else {
        format!("there is no field \"{field}\" here; there are {}", all.join(", "))
    })
}

impl GroupView {
    fn of(group: Group, inputs: Vec<Input>) -> Self {
        let field = |input: Input| FieldView {
            choices: match input.kind {
                Kind::Choice(choices) => choices,
                Kind::Tick => vec!["yes".to_owned(), "no".to_owned()],
                Kind::Line | Kind::Area | Kind::Day | Kind::Number => Vec::new(),
            },
            field: input.name,
            label: input.label,
            value: input.value,
        };
        Self {
            group: group.word(),
            fields: inputs.into_iter().map(field).collect(),
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
            post: seen.address.map(|address| {
                let rest = [address.postcode, address.country].into_iter().flatten();
                address.lines.into_iter().chain(rest).collect()
            }),
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
