//! `/people/new`: somebody comes into the book. A form that is sent twice adds nobody twice.

use acts::ActError;
use acts::people::Saved;
use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use members::edit::{Refusal, Typed, inputs_of_nobody};

use super::{FormPage, shown};
use crate::error::PageError;
use crate::pages::{Here, Layout, Visit};
use crate::sign_in::SignedIn;
use crate::words::say;
use crate::{App, urls};

/// `GET /people/new`
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
) -> Result<Response, PageError> {
    let given = app.acts.people_given(&signed.actor).await?;
    form(&app, &visit, &signed, given, None, &[]).answer(StatusCode::OK)
}

/// `POST /people/new`
pub(crate) async fn add(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    signed.check(urls::PERSON_NEW, typed.get("token").map_or("", String::as_str))?;
    let given = typed
        .get("seen")
        .and_then(|given| given.parse().ok())
        .unwrap_or_default();
    match app.acts.add_person(&signed.actor, &typed, given).await {
        Ok(Saved::Kept(id)) => {
            let page = urls::done(&urls::person(id.number()), "added");
            Ok(Redirect::to(&page).into_response())
        }
        Ok(Saved::Refused(refusals)) => form(&app, &visit, &signed, given, Some(&typed), &refusals)
            .answer(StatusCode::UNPROCESSABLE_ENTITY),
        Err(ActError::Conflict) => {
            let given = app.acts.people_given(&signed.actor).await?;
            let mut page = form(&app, &visit, &signed, given, Some(&typed), &[]);
            page.told = say("person-added-meanwhile");
            page.answer(StatusCode::CONFLICT)
        }
        Err(other) => Err(other.into()),
    }
}

fn form(
    app: &App,
    visit: &Visit,
    signed: &SignedIn,
    given: u32,
    typed: Option<&Typed>,
    refusals: &[Refusal],
) -> FormPage {
    FormPage {
        layout: Layout::new(&app.look(), visit, Here::Members),
        heading: say("person-new"),
        told: String::new(),
        now: Vec::new(),
        action: urls::PERSON_NEW.to_owned(),
        token: signed.token(urls::PERSON_NEW),
        seen: given.to_string(),
        inputs: shown(&inputs_of_nobody(), typed, refusals),
        button: say("person-add"),
        back: urls::PEOPLE.to_owned(),
    }
}
