//! `/members/register`: the statutory register of members, to be inspected and printed. Every look stands in the
//! record, and nobody sees other people's shares.

use acts::Right;
use acts::membership::RegisterSeen;
use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::response::Response;
use members::edit::Typed;
use members::register::Entry;

use crate::error::PageError;
use crate::pages::{Here, Layout, Visit, html};
use crate::roles::led;
use crate::sign_in::SignedIn;
use crate::words::{filters, say, say_with};
use crate::{App, show, urls};

/// The register.
#[derive(Template)]
#[template(path = "membership/register.html")]
pub(crate) struct RegisterPage {
    layout: Layout,
    told: String,
    lines: Vec<Line>,
    own_shares: Option<String>,
    open: bool,
    may_open: bool,
    token: String,
}

/// One entry.
struct Line {
    number: String,
    name: String,
    address: String,
    class: String,
    entered: String,
    ended: String,
}

/// `GET /members/register`
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
) -> Result<Response, PageError> {
    let seen = app.acts.register(&signed.actor).await?;
    let mut page = RegisterPage::new(Layout::new(&app.look(), &visit, Here::Members), seen);
    page.may_open = signed.actor.may(Right::ChangeRules);
    page.token = signed.token(&purpose(page.open));
    html(&page)
}

/// `POST /members/register`: opens it to members, or closes it.
pub(crate) async fn open(
    State(app): State<App>,
    signed: SignedIn,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    let sent = |name: &str| typed.get(name).map_or("", String::as_str);
    let open = sent("open") == "yes";
    signed.check(&purpose(!open), sent("token"))?;
    let together = app.acts.open_register(&signed.actor, open).await?;
    Ok(led(together, urls::REGISTER.to_owned()))
}

/// What the form is for: to change what is so now.
fn purpose(open: bool) -> String {
    format!("{} open: {open}", urls::REGISTER)
}

impl RegisterPage {
    fn new(layout: Layout, seen: RegisterSeen) -> Self {
        let own = seen
            .entries
            .iter()
            .map(|(_, entry)| entry.shares)
            .find(|shares| *shares > 0);
        Self {
            layout,
            told: say_with("register-told", [("count", seen.entries.len().into())]),
            lines: seen
                .entries
                .into_iter()
                .map(|(_, entry)| Line::of(entry))
                .collect(),
            own_shares: own.map(|shares| say_with("register-own-shares", [("count", shares.into())])),
            open: seen.open,
            may_open: false,
            token: String::new(),
        }
    }

    /// One entry.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let entry = Entry {
            person: units::PersonId::new(1),
            name: "Ana <Öberg>".to_owned(),
            address: vec!["1 High Street".to_owned(), "BS5 6XX".to_owned()],
            number: Some(7),
            class: "Member".to_owned(),
            entered: jiff::civil::date(2024, 2, 29),
            ended: None,
            shares: 2,
            newer: members::record::Newer::default(),
        };
        let seen = RegisterSeen {
            entries: vec![(1, entry)],
            open: true,
        };
        let mut page = Self::new(Layout::sample(), seen);
        page.may_open = true;
        page
    }
}

impl Line {
    fn of(entry: Entry) -> Self {
        Self {
            number: entry.number.map(|number| number.to_string()).unwrap_or_default(),
            name: entry.name,
            address: entry.address.join(", "),
            class: entry.class,
            entered: show::day(entry.entered),
            ended: entry
                .ended
                .map(show::day)
                .unwrap_or_else(|| say("register-still")),
        }
    }
}
