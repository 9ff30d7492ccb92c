//! `/people/{person}/edit/{group}`: a group of what is written about somebody, as a form. Where somebody else was
//! faster, what was typed stays, and what is written now stands above it.

use acts::ActError;
use acts::people::{FormSeen, Saved};
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use members::credential::Digest;
use members::edit::{Group, Refusal, Typed};
use units::PersonId;

use super::form::words_of;
use super::{FormPage, shown};
use crate::error::PageError;
use crate::pages::{Here, Layout, Visit};
use crate::sign_in::SignedIn;
use crate::words::{say, say_with};
use crate::{App, urls};

/// `GET /people/{person}/edit/{group}`
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Path((person, group)): Path<(u32, String)>,
) -> Result<Response, PageError> {
    let group = group_of(&group)?;
    let seen = app
        .acts
        .person_form(&signed.actor, PersonId::new(person), group)
        .await?;
    form(
        Layout::new(&app.look(), &visit, Here::Members),
        &signed,
        (person, group),
        seen,
        None,
        &[],
    )
    .answer(StatusCode::OK)
}

/// `POST /people/{person}/edit/{group}`
pub(crate) async fn change(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Path((person, group)): Path<(u32, String)>,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    let (id, group) = (PersonId::new(person), group_of(&group)?);
    let sent = |name: &str| typed.get(name).map_or("", String::as_str);
    signed.check(&urls::person_edit(person, group), sent("token"))?;
    let seen = Digest::parse(sent("seen")).unwrap_or(Digest::new([0; 32]));
    let (refusals, status, told) = match app
        .acts
        .change_person(&signed.actor, id, group, &typed, &seen)
        .await
    {
        Ok(Saved::Kept(())) => {
            let page = urls::done(&urls::person(person), "changed");
            return Ok(Redirect::to(&page).into_response());
        }
        Ok(Saved::Refused(refusals)) => (refusals, StatusCode::UNPROCESSABLE_ENTITY, String::new()),
        Err(ActError::Conflict) => (Vec::new(), StatusCode::CONFLICT, say("people-faster")),
        Err(other) => return Err(other.into()),
    };
    let now = app.acts.person_form(&signed.actor, id, group).await?;
    let written = written(&now);
    let mut page = form(
        Layout::new(&app.look(), &visit, Here::Members),
        &signed,
        (person, group),
        now,
        Some(&typed),
        &refusals,
    );
    if status == StatusCode::CONFLICT {
        page.now = written;
        page.told = told;
    } else {
        // Whoever corrects what was refused still answers to what they looked at.
        page.seen = seen.hex();
    }
    page.answer(status)
}

fn group_of(word: &str) -> Result<Group, PageError> {
    Group::parse(word).ok_or_else(|| PageError::NotThere(say("error-no-page")))
}

fn written(form: &FormSeen) -> Vec<(String, String)> {
    let label = |input: &members::edit::Input| input.label.clone().unwrap_or_else(|| words_of(&input.name).0);
    form.inputs
        .iter()
        .map(|input| (label(input), input.value.clone()))
        .collect()
}

fn form(
    layout: Layout,
    signed: &SignedIn,
    (person, group): (u32, Group),
    seen: FormSeen,
    typed: Option<&Typed>,
    refusals: &[Refusal],
) -> FormPage {
    let action = urls::person_edit(person, group);
    let what = say(super::one::words_of_group(group));
    FormPage {
        layout,
        heading: say_with(
            "people-heading-of",
            [("name", seen.name.into()), ("what", what.into())],
        ),
        told: String::new(),
        now: Vec::new(),
        token: signed.token(&action),
        action,
        seen: seen.seen.hex(),
        inputs: shown(&seen.inputs, typed, refusals),
        button: say("people-keep"),
        back: urls::person(person),
    }
}
