//! `/people/{person}`: one person with everything that is kept of them. Every look stands in the record.

use acts::people::{OtherSeen, PersonSeen};
use acts::{ActError, Right};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use members::edit::{Group, Input, Kind};
use units::PersonId;

use super::form::words_of;
use crate::error::PageError;
use crate::membership::state;
use crate::pages::{Done, Here, Layout, Visit, html};
use crate::sign_in::SignedIn;
use crate::words::{filters, say, say_with};
use crate::{App, show, urls};

/// One person.
#[derive(Template)]
#[template(path = "people/one.html")]
pub(crate) struct PersonPage {
    layout: Layout,
    done: String,
    name: String,
    number: u32,
    entered: String,
    membership: String,
    /// What else stewards do for this person: address and words.
    ways: Vec<(String, String)>,
    sections: Vec<Section>,
    /// The groups in which nothing is written: where they are filled in, and what they are called.
    empty: Vec<(String, String)>,
    household: Option<(String, String)>,
    others: Vec<Other>,
    post: String,
    related: Vec<Other>,
    make_household: Option<(String, String)>,
    may_change: bool,
}

/// One group.
struct Section {
    id: &'static str,
    title: String,
    facts: Vec<(String, String)>,
    edit: String,
}

/// Somebody else.
struct Other {
    what: String,
    name: String,
    url: String,
}

/// `GET /people/{person}`
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Path(person): Path<u32>,
    Query(done): Query<Done>,
) -> Result<Response, PageError> {
    let id = PersonId::new(person);
    let seen = match app.acts.person(&signed.actor, id).await {
        Err(ActError::NotThere(why)) => {
            // An entry that became part of another one is found under its old number still.
            let now = app.acts.goes_on_as(&signed.actor, id).await?;
            let now = now.ok_or(ActError::NotThere(why))?;
            return Ok(Redirect::to(&urls::person(now.number())).into_response());
        }
        seen => seen?,
    };
    let look = app.look();
    let entered = show::dated(&look.place().zone, look.now(), seen.person.entered);
    let mut page = PersonPage::new(Layout::new(&look, &visit, Here::Members), seen, entered);
    page.done = told(&done);
    page.may_change = signed.actor.may(Right::ChangePeople);
    page.ways = ways(person, |right| signed.actor.may(right));
    if page.may_change && page.household.is_none() {
        let action = urls::person_household(person);
        let token = signed.token(&action);
        page.make_household = Some((action, token));
    }
    html(&page)
}

/// Where what only takes forms was opened by its address.
pub(crate) async fn back(Path(person): Path<u32>) -> Redirect {
    Redirect::to(&urls::person(person))
}

fn told(done: &Done) -> String {
    let known = [("added", "person-done-added"), ("changed", "person-done-changed")];
    let found = known.into_iter().find(|(what, _)| done.is(what));
    found.map(|(_, key)| say(key)).unwrap_or_default()
}

/// The ways on from a person, for whoever may go them.
fn ways(person: u32, may: impl Fn(Right) -> bool) -> Vec<(String, String)> {
    let payer = members::money::Payer::Person(PersonId::new(person)).word();
    let all = [
        (Right::LookPeople, urls::membership(person), "person-membership"),
        (Right::LookMoney, urls::money_payer(&payer), "person-money"),
        (Right::GiveSlips, urls::slip_for(person), "person-slip"),
        (Right::ChangeRoles, urls::roles_of(person), "person-roles"),
        (Right::HandleData, urls::data_of(person), "person-data"),
        (Right::ImportTables, urls::merge_with(person), "merge-same-as"),
    ];
    let open = all.into_iter().filter(|(right, _, _)| may(*right));
    open.map(|(_, url, key)| (url, say(key))).collect()
}

/// What a group is called: a key of the words.
pub(crate) fn words_of_group(group: Group) -> &'static str {
    match group {
        Group::Name => "group-name",
        Group::Ways => "group-ways",
        Group::Address => "group-address",
        Group::Needs => "group-needs",
        Group::Relations => "group-relations",
        Group::Tags => "group-tags",
        Group::Custom => "group-custom",
        Group::Notes => "group-notes",
        Group::Listing => "group-listing",
    }
}

impl PersonPage {
    fn new(layout: Layout, seen: PersonSeen, entered: String) -> Self {
        let number = seen.id.number();
        let membership = state(seen.membership.as_ref(), &seen.house);
        let (household, others) = match seen.household {
            Some((id, name, others)) => (Some((urls::household(id.number()), name)), others),
            None => (None, Vec::new()),
        };
        let groups = seen.groups.iter().filter(|(group, _)| *group != Group::Relations);
        let sections = groups.map(|(group, inputs)| Section::of(number, *group, inputs));
        let (sections, empty): (Vec<_>, Vec<_>) = sections.partition(|section| !section.facts.is_empty());
        let post = seen.address.map(|address| {
            let rest = [&address.postcode, &address.country].into_iter().flatten();
            address
                .lines
                .iter()
                .chain(rest)
                .cloned()
                .collect::<Vec<_>>()
                .join("\n")
        });
        let related = seen.related.into_iter().map(|other| Other {
            what: say_with("person-related", [("what", other.what.into())]),
            url: urls::person(other.id.number()),
            name: other.name,
        });
        Self {
            layout,
            done: String::new(),
            name: seen.person.name,
            number,
            entered,
            membership,
            ways: Vec::new(),
            sections,
            empty: empty
                .into_iter()
                .map(|section| (section.edit, section.title))
                .collect(),
            household,
            others: others.into_iter().map(Other::of).collect(),
            post: post.unwrap_or_else(|| say("person-no-post")),
            related: seen.relations.into_iter().map(Other::of).chain(related).collect(),
            make_household: None,
            may_change: false,
        }
    }

    /// The way to the form of relations.
    fn relations_edit(&self) -> String {
        urls::person_edit(self.number, Group::Relations)
    }

    /// Somebody with a household.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let ana = members::person::Person::named("Ana <Öberg>", units::Instant::from_millis(0));
        let person = ana.expect("a name");
        let other = OtherSeen {
            what: "parent of".to_owned(),
            id: PersonId::new(2),
            name: "Ben & Okafor".to_owned(),
        };
        let house = members::house::House::default();
        let book = members::book::Book::default();
        let setting = members::edit::Setting {
            book: &book,
            house: &house,
            today: jiff::civil::Date::default(),
        };
        let groups = Group::ALL
            .iter()
            .map(|group| (*group, members::edit::inputs(setting, &person, *group)))
            .collect();
        let seen = PersonSeen {
            id: PersonId::new(1),
            person,
            groups,
            membership: None,
            household: Some((
                units::HouseholdId::new(1),
                "Öberg".to_owned(),
                vec![other.clone()],
            )),
            address: None,
            relations: vec![other.clone()],
            related: vec![other],
            house,
        };
        let mut page = Self::new(Layout::sample(), seen, "today".to_owned());
        page.may_change = true;
        page.make_household = Some((urls::person_household(1), "0".repeat(64)));
        page.ways = ways(1, |_| true);
        page.done = say("person-done-added");
        page
    }
}

impl Section {
    fn of(person: u32, group: Group, inputs: &[Input]) -> Self {
        let facts = match group {
            Group::Ways => facts_of_ways(inputs),
            Group::Tags => facts_of_tags(inputs),
            // That somebody is a person need not be said.
            Group::Name => facts_of(
                inputs
                    .iter()
                    .filter(|input| input.name != "kind" || input.value != "person"),
            ),
            _ => facts_of(inputs.iter()),
        };
        Self {
            id: group.word(),
            title: say(words_of_group(group)),
            facts,
            edit: urls::person_edit(person, group),
        }
    }
}

fn facts_of<'a>(inputs: impl Iterator<Item = &'a Input>) -> Vec<(String, String)> {
    inputs.filter_map(fact).collect()
}

/// What is called how, and what stands there; nothing where nothing does.
fn fact(input: &Input) -> Option<(String, String)> {
    let label = input.label.clone().unwrap_or_else(|| words_of(&input.name).0);
    let value = match input.kind {
        Kind::Tick if input.value == "yes" => say("answer-yes"),
        _ => input.value.clone(),
    };
    (!value.is_empty()).then_some((label, value))
}

/// Each number or address under its kind, its remark behind it.
fn facts_of_ways(inputs: &[Input]) -> Vec<(String, String)> {
    let value = |name: String| {
        inputs
            .iter()
            .find(|input| input.name == name)
            .map(|input| input.value.as_str())
    };
    let way = |input: &Input| {
        let Some(number) = input.name.strip_prefix("way-kind-") else {
            return (input.name == "reach").then(|| fact(input)).flatten();
        };
        let way = value(format!("way-{number}")).filter(|way| !way.is_empty())?;
        let note = value(format!("way-note-{number}")).filter(|note| !note.is_empty());
        let kind = show::sentence(&input.value).trim_end_matches('.').to_owned();
        Some((
            kind,
            note.map_or_else(|| way.to_owned(), |note| format!("{way} ({note})")),
        ))
    };
    inputs.iter().filter_map(way).collect()
}

/// The tags in one line.
fn facts_of_tags(inputs: &[Input]) -> Vec<(String, String)> {
    let ticked = inputs.iter().filter(|input| input.value == "yes");
    let names: Vec<&str> = ticked.filter_map(|input| input.label.as_deref()).collect();
    match names.is_empty() {
        true => Vec::new(),
        false => vec![(say("group-tags"), names.join(", "))],
    }
}

impl Other {
    fn of(other: OtherSeen) -> Self {
        Self {
            what: other.what,
            url: urls::person(other.id.number()),
            name: other.name,
        }
    }
}
