//! `/people/{person}`: one person with everything that is kept of them. Every look stands in the record.

use acts::Right;
use acts::people::{OtherSeen, PersonSeen};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{Redirect, Response};
use members::edit::{Group, Input};
use units::PersonId;

use super::form::words_of;
use crate::error::PageError;
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
    membership_url: String,
    sections: Vec<Section>,
    household: Option<(String, String)>,
    others: Vec<Other>,
    post: String,
    related: Vec<Other>,
    make_household: Option<(String, String)>,
    may_change: bool,
    slip: Option<String>,
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
    let seen = app.acts.person(&signed.actor, PersonId::new(person)).await?;
    let look = app.look();
    let entered = show::moment(&look.place().zone, look.now(), seen.person.entered);
    let mut page = PersonPage::new(Layout::new(&look, &visit, Here::Members), seen, entered);
    page.done = told(&done);
    page.may_change = signed.actor.may(Right::ChangePeople);
    page.slip = signed.actor.may(Right::GiveSlips).then(|| urls::slip_for(person));
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
        let membership = seen.membership.as_ref().and_then(|membership| {
            let status = membership.status()?;
            Some(format!(
                "{status}, {}",
                seen.house.class_label(membership.class())
            ))
        });
        let (household, others) = match seen.household {
            Some((id, name, others)) => (Some((urls::household(id.number()), name)), others),
            None => (None, Vec::new()),
        };
        let sections = seen.groups.iter().filter(|(group, _)| *group != Group::Relations);
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
            membership: membership.unwrap_or_else(|| say("person-no-membership")),
            membership_url: urls::membership(number),
            sections: sections
                .map(|(group, inputs)| Section::of(number, *group, inputs))
                .collect(),
            household,
            others: others.into_iter().map(Other::of).collect(),
            post: post.unwrap_or_else(|| say("person-no-post")),
            related: seen.relations.into_iter().map(Other::of).chain(related).collect(),
            make_household: None,
            may_change: false,
            slip: None,
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
        page.slip = Some(urls::slip_for(1));
        page.done = say("person-done-added");
        page
    }
}

impl Section {
    fn of(person: u32, group: Group, inputs: &[Input]) -> Self {
        let filled = inputs.iter().filter(|input| !input.value.is_empty());
        // Beside a way that is empty its kind says nothing.
        let of_a_way = |input: &Input| {
            let number = input.name.strip_prefix("way-kind-");
            number.is_none_or(|number| {
                let value = format!("way-{number}");
                inputs
                    .iter()
                    .any(|other| other.name == value && !other.value.is_empty())
            })
        };
        let facts = filled.filter(|input| of_a_way(input)).map(|input| {
            let label = input.label.clone().unwrap_or_else(|| words_of(&input.name).0);
            (label, input.value.clone())
        });
        Self {
            id: group.word(),
            title: say(words_of_group(group)),
            facts: facts.collect(),
            edit: urls::person_edit(person, group),
        }
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
