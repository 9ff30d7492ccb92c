//! `/members`: the way to everything about people, for whoever is signed in: what they may use, and no more.
//!
//! A new part of the members' book is one more row of [`SECTIONS`] and one more router merged below.

use acts::{Actor, Right};
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::middleware::from_fn;
use axum::response::Response;
use axum::routing::get;

use crate::error::PageError;
use crate::pages::{Here, Layout, Visit, html};
use crate::sign_in::{SignedIn, keep_nothing};
use crate::words::{filters, say};
use crate::{App, import, letters, membership, merge, money, people, roles, statements, urls};

/// One part of the members' book.
struct Section {
    /// Under which heading it stands: a key of the words, and the mark of the heading.
    group: &'static str,
    /// The right that one needs to use it; nothing where being signed in is enough.
    right: Option<Right>,
    /// Where it is.
    url: &'static str,
    /// What it is called: a key of the words.
    name: &'static str,
    /// What one does there: a key of the words.
    says: &'static str,
}

/// Every part, in the order in which they stand on the page; what is one's own stands under "You".
const SECTIONS: &[Section] = &[
    Section {
        group: "hub-of-people",
        right: Some(Right::LookPeople),
        url: urls::PEOPLE,
        name: "hub-people",
        says: "hub-people-says",
    },
    Section {
        group: "hub-of-people",
        right: Some(Right::LookPeople),
        url: urls::HOUSEHOLDS,
        name: "hub-households",
        says: "hub-households-says",
    },
    Section {
        group: "hub-of-people",
        right: Some(Right::LookPeople),
        url: urls::SEARCH,
        name: "hub-search",
        says: "hub-search-says",
    },
    Section {
        group: "hub-of-people",
        right: None,
        url: urls::REGISTER,
        name: "hub-register",
        says: "hub-register-says",
    },
    Section {
        group: "hub-of-money",
        right: Some(Right::LookMoney),
        url: urls::MONEY,
        name: "hub-money",
        says: "hub-money-says",
    },
    Section {
        group: "hub-of-money",
        right: Some(Right::LookMoney),
        url: urls::STATEMENTS,
        name: "hub-statements",
        says: "hub-statements-says",
    },
    Section {
        group: "hub-of-letters",
        right: Some(Right::WriteLetters),
        url: urls::LETTERS,
        name: "hub-letters",
        says: "hub-letters-says",
    },
    Section {
        group: "hub-of-letters",
        right: Some(Right::WriteLetters),
        url: urls::PRINT,
        name: "hub-print",
        says: "hub-print-says",
    },
    Section {
        group: "hub-of-book",
        right: Some(Right::ImportTables),
        url: urls::IMPORT,
        name: "hub-import",
        says: "hub-import-says",
    },
    Section {
        group: "hub-of-book",
        right: Some(Right::ExportAll),
        url: urls::EXPORT,
        name: "hub-export",
        says: "hub-export-says",
    },
    Section {
        group: "hub-of-book",
        right: Some(Right::ImportTables),
        url: urls::MERGE,
        name: "hub-merge",
        says: "hub-merge-says",
    },
    Section {
        group: "hub-of-book",
        right: Some(Right::ChangeRules),
        url: urls::RULES,
        name: "hub-rules",
        says: "hub-rules-says",
    },
    Section {
        group: "hub-of-book",
        right: Some(Right::HandleData),
        url: urls::DATA,
        name: "hub-data",
        says: "hub-data-says",
    },
    Section {
        group: "hub-of-book",
        right: Some(Right::LookAudit),
        url: urls::RECORD,
        name: "hub-record",
        says: "hub-record-says",
    },
    Section {
        group: "hub-of-roles",
        right: Some(Right::ChangeRoles),
        url: urls::ROLES,
        name: "hub-roles",
        says: "hub-roles-says",
    },
    Section {
        group: "hub-of-roles",
        right: None,
        url: urls::WAITING,
        name: "hub-waiting",
        says: "hub-waiting-says",
    },
    Section {
        group: "hub-of-roles",
        right: None,
        url: urls::WHO_CAN,
        name: "hub-who-can",
        says: "hub-who-can-says",
    },
];

/// The pages about people, which are for nobody who is not signed in.
pub(crate) fn router() -> Router<App> {
    Router::new()
        .route(urls::MEMBERS, get(page))
        .merge(people::router())
        .merge(membership::router())
        .merge(roles::router())
        .merge(letters::router())
        .merge(import::router())
        .merge(merge::router())
        .merge(money::router())
        .merge(statements::router())
        .layer(from_fn(keep_nothing))
}

/// The way to everything about people.
#[derive(Template)]
#[template(path = "members/hub.html")]
pub(crate) struct HubPage {
    layout: Layout,
    /// How much waits for a second person.
    waits: Option<String>,
    /// Whether somebody may be looked for here.
    finds: bool,
    groups: Vec<Group>,
}

/// The ways under one heading.
struct Group {
    name: &'static str,
    ways: Vec<Way>,
}

/// One way on.
struct Way {
    url: &'static str,
    name: String,
    says: String,
}

/// `GET /members`
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
) -> Result<Response, PageError> {
    html(&HubPage {
        layout: Layout::new(&app.look(), &visit, Here::Members),
        waits: roles::how_many(&app, &signed).await?,
        finds: signed.actor.may(Right::LookPeople),
        groups: groups(&signed.actor),
    })
}

fn groups(actor: &Actor) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let open = |section: &&Section| section.right.is_none_or(|right| actor.may(right));
    for section in SECTIONS.iter().filter(open) {
        let way = Way {
            url: section.url,
            name: say(section.name),
            says: say(section.says),
        };
        match groups.last_mut().filter(|group| group.name == section.group) {
            Some(group) => group.ways.push(way),
            None => groups.push(Group {
                name: section.group,
                ways: vec![way],
            }),
        }
    }
    groups
}

impl HubPage {
    /// For somebody who may use everything.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        Self {
            layout: Layout::sample(),
            waits: Some(crate::words::say_with("hub-waits", [("count", 2.into())])),
            finds: true,
            groups: groups(&Actor::TheBox),
        }
    }
}
