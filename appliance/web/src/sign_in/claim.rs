//! `/claim`: the first steward takes charge of the box, with a code that only whoever is at the machine can read.

use acts::sign_in::SignInError;
use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use members::credential::session::Custody;
use serde::Deserialize;

use super::arrival::Arrival;
use super::cookies::{entered, knock};
use super::refused;
use crate::error::PageError;
use crate::pages::{Field, Here, Layout, Visit, html};
use crate::words::filters;
use crate::{App, urls};

/// Where the box is claimed.
#[derive(Template)]
#[template(path = "sign_in/claim.html")]
pub(crate) struct ClaimPage {
    layout: Layout,
    claimed: bool,
    words: Field,
    name: Field,
    /// The name of the box on the network, where it has doors there.
    called: Option<Field>,
}

/// What is sent.
#[derive(Deserialize)]
pub(crate) struct Sent {
    #[serde(default)]
    words: String,
    #[serde(default)]
    name: String,
    called: Option<String>,
}

/// `GET /claim`
pub(crate) async fn page(State(app): State<App>, visit: Visit) -> Result<Response, PageError> {
    html(&ClaimPage::new(&app, &visit)?)
}

/// `POST /claim`
pub(crate) async fn claim(
    State(app): State<App>,
    visit: Visit,
    arrival: Arrival,
    parts: Parts,
    Form(form): Form<Sent>,
) -> Result<Response, PageError> {
    let knock = knock(&parts, &arrival, Custody::Own);
    match app
        .acts
        .claim(&knock, &form.words, &form.name, form.called.as_deref())
        .await
    {
        Ok(who) => {
            let choose = Redirect::to(urls::SIGN_IN_PASSPHRASE);
            Ok(entered(&who, Custody::Own, arrival.scheme, choose))
        }
        Err(error) => {
            let mut page = ClaimPage::new(&app, &visit)?;
            page.refuse(&form, &error);
            Ok(refused(&error, html(&page)?).into_response())
        }
    }
}

impl ClaimPage {
    fn new(app: &App, visit: &Visit) -> Result<Self, PageError> {
        Ok(Self {
            layout: Layout::new(&app.look(), visit, Here::Own),
            claimed: app.acts.is_claimed()?,
            words: Field::default(),
            name: Field::default(),
            called: app
                .acts
                .doors()
                .safe
                .as_ref()
                .map(|safe| Field::holding(safe.name.as_str())),
        })
    }

    /// Puts the sentence beside the field that it is about.
    fn refuse(&mut self, form: &Sent, error: &SignInError) {
        let why = error.to_string();
        self.words = Field::holding(&form.words);
        self.name = Field::holding(&form.name);
        let typed = form.called.clone().unwrap_or_default();
        self.called = self.called.take().map(|_| Field::holding(&typed));
        match error {
            SignInError::Called(_) => self.called = Some(Field::refused(typed, &why)),
            SignInError::Unfit(_) => self.name = Field::refused(form.name.clone(), &why),
            _ => self.words = Field::refused(form.words.clone(), &why),
        }
    }

    /// A code that is not the newest.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let mut page = Self {
            layout: Layout::sample(),
            claimed: false,
            words: Field::default(),
            name: Field::default(),
            called: Some(Field::default()),
        };
        let form = Sent {
            words: "acid bamboo fox garden".to_owned(),
            name: "Cleo <Marsh>".to_owned(),
            called: Some("oak street".to_owned()),
        };
        page.refuse(&form, &SignInError::NoSuchCode);
        page
    }
}
