//! `/who-can-do-what`: every act and who may do it, made from the table of acts. Everybody may read it; who has which
//! role is told to whoever is signed in.

use acts::roles::{ActView, RightView, WhoMay};
use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::App;
use crate::error::PageError;
use crate::pages::{Here, Layout, Onlooker, Visit, html};
use crate::words::{filters, say, say_with};

/// Who can do what here.
#[derive(Template)]
#[template(path = "roles/who_can.html")]
pub(crate) struct WhoCanPage {
    layout: Layout,
    names: bool,
    parts: Vec<Part>,
}

/// A part of the house.
struct Part {
    id: &'static str,
    name: String,
    rights: Vec<Row>,
}

/// A right in it.
struct Row {
    may: String,
    who: String,
    people: Option<String>,
    acts: Vec<ActView>,
}

/// `GET /who-can-do-what`
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    onlooker: Onlooker,
) -> Result<Response, PageError> {
    let rights = app.acts.who_can(onlooker.actor()).await?;
    html(&WhoCanPage::of(
        Layout::new(&app.look(), &visit, Here::Nowhere),
        onlooker.is_signed_in(),
        rights,
    ))
}

impl WhoCanPage {
    fn of(layout: Layout, names: bool, rights: Vec<RightView>) -> Self {
        let mut parts: Vec<Part> = Vec::new();
        for right in rights {
            let id = right.part;
            let row = Row::of(right, names);
            match parts.iter_mut().find(|part| part.id == id) {
                Some(part) => part.rights.push(row),
                None => parts.push(Part {
                    id,
                    name: part_name(id),
                    rights: vec![row],
                }),
            }
        }
        Self { layout, names, parts }
    }

    /// A right of a role, one of everybody's and one that nobody has.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let right = |part, who, roles: &[&str], people: &[&str]| RightView {
            part,
            right: "change-roles",
            allows: "give and take roles",
            who,
            roles: roles.iter().map(|role| (*role).to_owned()).collect(),
            people: people.iter().map(|name| (*name).to_owned()).collect(),
            acts: vec![ActView {
                name: "give-roles",
                sentence: "changed which roles somebody has",
                takes_two: true,
            }],
        };
        let rights = vec![
            right(
                "roles",
                WhoMay::Roles,
                &["Steward", "Front <desk>"],
                &["Ana <Öberg>"],
            ),
            right("roles", WhoMay::Roles, &[], &[]),
            right("site", WhoMay::Everybody, &[], &[]),
        ];
        Self::of(Layout::sample(), true, rights)
    }
}

impl Row {
    fn of(right: RightView, names: bool) -> Self {
        let who = match right.who {
            WhoMay::Everybody => say("who-can-everybody"),
            WhoMay::SignedIn => say("who-can-signed-in"),
            WhoMay::AtTheMachine => say("who-can-machine"),
            WhoMay::Roles if right.roles.is_empty() => say("who-can-nobody"),
            WhoMay::Roles => say_with("who-can-roles", [("roles", right.roles.join(", ").into())]),
        };
        let told = names && right.who == WhoMay::Roles && !right.roles.is_empty();
        let people = match right.people.as_slice() {
            [] => say("who-can-no-people"),
            people => say_with("who-can-people", [("people", people.join(", ").into())]),
        };
        Self {
            may: say_with("who-can-may", [("what", right.allows.into())]),
            who,
            people: told.then_some(people),
            acts: right.acts,
        }
    }
}

fn part_name(part: &str) -> String {
    let keys = [
        ("site", "part-site"),
        ("backups", "part-backups"),
        ("sign-in", "part-sign-in"),
        ("people", "part-people"),
        ("money", "part-money"),
        ("import", "part-import"),
        ("letters", "part-letters"),
        ("data", "part-data"),
        ("roles", "part-roles"),
    ];
    let found = keys.iter().find(|(word, _)| *word == part);
    found.map_or_else(|| part.to_owned(), |(_, key)| say(key))
}
