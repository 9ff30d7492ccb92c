//! `/sign-in/slip`: in with four words, typed or brought along by the square on the slip.
//!
//! The square holds the words behind the `#` of the address, which a browser sends to nobody: they come into no log and
//! no Referer. A script puts them into the field and takes them out of the address; without it they are typed. Nothing
//! is done before a button is pressed, so no preview of a link uses a slip up.

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use members::credential::session::Custody;
use serde::Deserialize;

use super::arrival::Arrival;
use super::cookies::{entered, knock};
use super::{refused, start};
use crate::error::PageError;
use crate::pages::{Field, Here, Layout, Visit, html};
use crate::words::filters;
use crate::{App, urls};

/// Where somebody signs in with a slip.
#[derive(Template)]
#[template(path = "sign_in/slip.html")]
pub(crate) struct SlipPage {
    layout: Layout,
    words: Field,
    shared: bool,
}

/// What is sent.
#[derive(Deserialize)]
pub(crate) struct Sent {
    #[serde(default)]
    words: String,
    shared: Option<String>,
}

/// `GET /sign-in/slip`
pub(crate) async fn page(State(app): State<App>, visit: Visit) -> Result<Response, PageError> {
    html(&SlipPage::new(&app, &visit))
}

/// `POST /sign-in/slip`: the words stay in the field only where one of them is to be looked at again.
pub(crate) async fn sign_in(
    State(app): State<App>,
    visit: Visit,
    arrival: Arrival,
    parts: Parts,
    Form(form): Form<Sent>,
) -> Result<Response, PageError> {
    let custody = start::custody(form.shared.as_deref());
    let knock = knock(&parts, &arrival, custody);
    match app.acts.sign_in().by_slip(&knock, &form.words).await {
        Ok(who) => {
            let choose = Redirect::to(urls::SIGN_IN_PASSPHRASE);
            Ok(entered(&who, custody, arrival.scheme, choose))
        }
        Err(error) => {
            let mut page = SlipPage::new(&app, &visit);
            page.words = Field::refused(form.words, &error.to_string());
            page.shared = custody == Custody::Shared;
            Ok(refused(&error, html(&page)?).into_response())
        }
    }
}

impl SlipPage {
    fn new(app: &App, visit: &Visit) -> Self {
        Self {
            layout: Layout::new(&app.look(), visit, Here::Own),
            words: Field::default(),
            shared: false,
        }
    }

    /// A slip with a word that is none.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let typed = "acid bambooo fox garden";
        let why = members::credential::slip::SlipWords::parse(typed).expect_err("one is none");
        Self {
            layout: Layout::sample(),
            words: Field::refused(typed.to_owned(), &why.to_string()),
            shared: false,
        }
    }
}
