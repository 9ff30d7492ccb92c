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
use crate::{App, import, letters, membership, money, people, roles, statements, urls};

/// One part of the members' book.
struct Section {
    /// The right that one needs to use it; nothing where being signed in is enough.
    right: Option<Right>,
    /// Where it is.
    url: &'static str,
    /// What it is called: a key of the words.
    name: &'static str,
    /// What one does there: a key of the words.
    says: &'static str,
}

/// Every part, in the order in which they stand on the page.
const SECTIONS: &[Section] = &[
    Section {
        right: Some(Right::LookPeople),
        url: urls::PEOPLE,
        name: "hub-people",
        says: "hub-people-says",
    },
    Section {
        right: Some(Right::LookPeople),
        url: urls::HOUSEHOLDS,
        name: "hub-households",
        says: "hub-households-says",
    },
    Section {
        right: Some(Right::LookPeople),
        url: urls::SEARCH,
        name: "hub-search",
        says: "hub-search-says",
    },
    Section {
        right: Some(Right::WriteLetters),
        url: urls::LETTERS,
        name: "hub-letters",
        says: "hub-letters-says",
    },
    Section {
        right: Some(Right::WriteLetters),
        url: urls::PRINT,
        name: "hub-print",
        says: "hub-print-says",
    },
    Section {
        right: Some(Right::LookMoney),
        url: urls::MONEY,
        name: "hub-money",
        says: "hub-money-says",
    },
    Section {
        right: Some(Right::LookMoney),
        url: urls::STATEMENTS,
        name: "hub-statements",
        says: "hub-statements-says",
    },
    Section {
        right: Some(Right::ImportTables),
        url: urls::IMPORT,
        name: "hub-import",
        says: "hub-import-says",
    },
    Section {
        right: Some(Right::ExportAll),
        url: urls::EXPORT,
        name: "hub-export",
        says: "hub-export-says",
    },
    Section {
        right: None,
        url: urls::REGISTER,
        name: "hub-register",
        says: "hub-register-says",
    },
    Section {
        right: Some(Right::ChangeRules),
        url: urls::RULES,
        name: "hub-rules",
        says: "hub-rules-says",
    },
    Section {
        right: Some(Right::HandleData),
        url: urls::DATA,
        name: "hub-data",
        says: "hub-data-says",
    },
    Section {
        right: Some(Right::LookAudit),
        url: urls::RECORD,
        name: "hub-record",
        says: "hub-record-says",
    },
    Section {
        right: Some(Right::ChangeRoles),
        url: urls::ROLES,
        name: "hub-roles",
        says: "hub-roles-says",
    },
    Section {
        right: None,
        url: urls::WAITING,
        name: "hub-waiting",
        says: "hub-waiting-says",
    },
    Section {
        right: None,
        url: urls::WHO_CAN,
        name: "hub-who-can",
        says: "hub-who-can-says",
    },
    Section {
        right: None,
        url: urls::MY_LETTERS,
        name: "hub-my-letters",
        says: "hub-my-letters-says",
    },
    Section {
        right: None,
        url: urls::MY_SESSIONS,
        name: "hub-own",
        says: "hub-own-says",
    },
    Section {
        right: None,
        url: urls::MY_MEMBERSHIP,
        name: "hub-own-membership",
        says: "hub-own-membership-says",
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
        ways: ways(&signed.actor),
    })
}

fn ways(actor: &Actor) -> Vec<Way> {
    let open = |section: &&Section| section.right.is_none_or(|right| actor.may(right));
    let way = |section: &Section| Way {
        url: section.url,
        name: say(section.name),
        says: say(section.says),
    };
    SECTIONS.iter().filter(open).map(way).collect()
}

impl HubPage {
    /// For somebody who may use everything.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        Self {
            layout: Layout::sample(),
            waits: Some(crate::words::say_with("hub-waits", [("count", 2.into())])),
            ways: ways(&Actor::TheBox),
        }
    }
}
