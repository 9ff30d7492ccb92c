//! `/box/called`: another name for the box on the network, and what goes with the old one.

use acts::ActError;
use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::error::PageError;
use crate::pages::{Done, Field, Here, Layout, Visit, html};
use crate::sign_in::SignedIn;
use crate::words::{filters, say_with};
use crate::{App, urls};

/// Where the box gets another name.
#[derive(Template)]
#[template(path = "trust/rename.html")]
pub(crate) struct RenamePage {
    layout: Layout,
    now: String,
    done: String,
    name: Field,
    token: String,
}

/// What is sent.
#[derive(Deserialize)]
pub(crate) struct Sent {
    #[serde(default)]
    token: String,
    #[serde(default)]
    name: String,
}

/// `GET /box/called`
pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Query(done): Query<Done>,
) -> Result<Response, PageError> {
    may(&signed)?;
    html(&RenamePage::new(&app, &visit, &signed, &done)?)
}

/// `POST /box/called`
pub(super) async fn rename(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Form(form): Form<Sent>,
) -> Result<Response, PageError> {
    may(&signed)?;
    signed.check(&purpose(&app)?, &form.token)?;
    match app.acts.name_box(&signed.actor, &form.name).await {
        Ok(_) => Ok(Redirect::to(&urls::done(urls::BOX_CALLED, "called")).into_response()),
        Err(ActError::BadInput(why)) => {
            let mut page = RenamePage::new(&app, &visit, &signed, &Done::default())?;
            page.name = Field::refused(form.name, &why);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

fn may(signed: &SignedIn) -> Result<(), PageError> {
    let right = acts::Right::ChangeRules;
    if signed.actor.may(right) {
        return Ok(());
    }
    Err(ActError::NotAllowed(right).into())
}

fn called(app: &App) -> Result<String, PageError> {
    Ok(super::safe_door(app)?.name.to_string())
}

/// What a form is for: another name than the one that is there now.
fn purpose(app: &App) -> Result<String, PageError> {
    Ok(format!("{} instead of {}", urls::BOX_CALLED, called(app)?))
}

impl RenamePage {
    fn new(app: &App, visit: &Visit, signed: &SignedIn, done: &Done) -> Result<Self, PageError> {
        let now = called(app)?;
        let told = done.is("called");
        Ok(Self {
            layout: Layout::new(&app.look(), visit, Here::TheBox),
            done: if told {
                say_with("called-done", [("name", format!("{now}.local").into())])
            } else {
                String::new()
            },
            name: Field::holding(&now),
            now: say_with("called-now", [("name", format!("{now}.local").into())]),
            token: signed.token(&purpose(app)?),
        })
    }

    /// A name that another machine has.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        Self {
            layout: Layout::sample(),
            now: say_with("called-now", [("name", "oak.local".into())]),
            done: say_with("called-done", [("name", "oak.local".into())]),
            name: Field::refused("elm".to_owned(), "something else answers to it"),
            token: "0".repeat(64),
        }
    }
}
