//! `/sign-in`: by name and passphrase; from there by passkey, which needs a script, or with a slip.
//!
//! The page says the same whoever looks at it, but for one thing: on a device where somebody agreed to it, their name
//! stands there to be chosen.

use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use members::credential::session::Custody;
use serde::Deserialize;

use super::arrival::Arrival;
use super::cookies::{Cookie, entered, knock};
use super::refused;
use crate::error::PageError;
use crate::pages::{Done, Field, Here, Layout, Visit, html};
use crate::words::{filters, say};
use crate::{App, urls};

/// Where somebody signs in.
#[derive(Template)]
#[template(path = "sign_in/start.html")]
pub(crate) struct StartPage {
    layout: Layout,
    offered: Vec<Offered>,
    name: Field,
    passphrase: Field,
    shared: bool,
    back: String,
    told: String,
    passkeys: bool,
}

/// A name that this device offers.
struct Offered {
    name: String,
    link: String,
}

/// What the address says.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    back: String,
    #[serde(rename = "as")]
    chosen: Option<usize>,
}

/// What is sent.
#[derive(Deserialize)]
pub(crate) struct Sent {
    #[serde(default)]
    name: String,
    #[serde(default)]
    passphrase: String,
    shared: Option<String>,
    #[serde(default)]
    back: String,
}

/// Whose device it is, by the box that was ticked.
pub(super) fn custody(shared: Option<&str>) -> Custody {
    match shared {
        Some(_) => Custody::Shared,
        None => Custody::Own,
    }
}

/// `GET /sign-in`
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    arrival: Arrival,
    Query(asked): Query<Asked>,
    Query(done): Query<Done>,
    parts: Parts,
) -> Result<Response, PageError> {
    let mut page = StartPage::new(&app, &visit, &arrival, &parts, &asked.back)?;
    if let Some(offered) = asked.chosen.and_then(|at| page.offered.get(at)) {
        page.name = Field::holding(&offered.name);
    }
    if done.is("out") {
        page.told = say("sign-in-out");
    }
    html(&page)
}

/// `POST /sign-in`: the name stays in its field if it is refused, the passphrase does not.
pub(crate) async fn sign_in(
    State(app): State<App>,
    visit: Visit,
    arrival: Arrival,
    parts: Parts,
    Form(form): Form<Sent>,
) -> Result<Response, PageError> {
    let custody = custody(form.shared.as_deref());
    let knock = knock(&parts, &arrival, custody);
    match app
        .acts
        .sign_in()
        .by_passphrase(&knock, &form.name, &form.passphrase)
        .await
    {
        Ok(who) => {
            let to = urls::own_path(&form.back).unwrap_or(urls::HOME);
            Ok(entered(&who, custody, arrival.scheme, Redirect::to(to)))
        }
        Err(error) => {
            let mut page = StartPage::new(&app, &visit, &arrival, &parts, &form.back)?;
            page.name = Field::holding(&form.name);
            page.passphrase = Field::refused(String::new(), &error.to_string());
            page.shared = custody == Custody::Shared;
            Ok(refused(&error, html(&page)?).into_response())
        }
    }
}

impl StartPage {
    fn new(
        app: &App,
        visit: &Visit,
        arrival: &Arrival,
        parts: &Parts,
        back: &str,
    ) -> Result<Self, PageError> {
        let back = urls::own_path(back).unwrap_or(urls::HOME).to_owned();
        let door = app.acts.sign_in();
        let mut offered = Vec::new();
        if let Some(device) = Cookie::Device.read(&parts.headers, arrival.scheme) {
            for person in door.offered(&device)? {
                offered.extend(door.sign_in_name(person)?);
            }
        }
        let offered = offered.into_iter().enumerate().map(|(at, name)| Offered {
            name,
            link: urls::sign_in_as(at, &back),
        });
        Ok(Self {
            layout: Layout {
                back: urls::SIGN_IN.to_owned(),
                ..Layout::new(&app.look(), visit, Here::Own)
            },
            offered: offered.collect(),
            name: Field::default(),
            passphrase: Field::default(),
            shared: false,
            back,
            told: String::new(),
            passkeys: arrival.origin().is_some(),
        })
    }

    /// A device of two people, one of whom mistyped.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let offered = |name: &str, at| Offered {
            name: name.to_owned(),
            link: urls::sign_in_as(at, urls::HOME),
        };
        Self {
            layout: Layout::sample(),
            offered: vec![offered("Ana", 0), offered("Ben <Okafor>", 1)],
            name: Field::holding("Ana"),
            passphrase: Field::refused(String::new(), &acts::sign_in::SignInError::Wrong.to_string()),
            shared: true,
            back: urls::HOME.to_owned(),
            told: say("sign-in-out"),
            passkeys: true,
        }
    }
}
