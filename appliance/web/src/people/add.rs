//! `/people/new`: somebody comes into the book. A form that is sent twice adds nobody twice.

use acts::ActError;
use acts::people::Saved;
use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use members::edit::{Group, Input, Kind, Refusal, Setting, Typed, inputs};

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
    form(&app, &visit, &signed, given, None, &[])?.answer(StatusCode::OK)
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
        Ok(Saved::Refused(refusals)) => form(&app, &visit, &signed, given, Some(&typed), &refusals)?
            .answer(StatusCode::UNPROCESSABLE_ENTITY),
        Err(ActError::Conflict) => {
            let given = app.acts.people_given(&signed.actor).await?;
            let mut page = form(&app, &visit, &signed, given, Some(&typed), &[])?;
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
) -> Result<FormPage, PageError> {
    Ok(FormPage {
        layout: Layout::new(&app.look(), visit, Here::Members),
        heading: say("person-new"),
        told: String::new(),
        now: Vec::new(),
        action: urls::PERSON_NEW.to_owned(),
        token: signed.token(urls::PERSON_NEW),
        seen: given.to_string(),
        inputs: shown(&blank()?, typed, refusals),
        button: say("person-add"),
        back: urls::PEOPLE.to_owned(),
    })
}

/// The inputs for somebody of whom nothing is known.
fn blank() -> Result<Vec<Input>, PageError> {
    let nobody = members::person::Person::named("-", units::Instant::from_millis(0));
    let nobody = nobody.map_err(|_| PageError::Failed(String::new()))?;
    let (book, house) = (members::book::Book::default(), members::house::House::default());
    let setting = Setting {
        book: &book,
        house: &house,
        today: jiff::civil::Date::default(),
    };
    let mut all = inputs(setting, &nobody, Group::Name);
    for input in all.iter_mut().filter(|input| input.name == "name") {
        input.value.clear();
    }
    all.extend(inputs(setting, &nobody, Group::Ways));
    all.push(Input {
        name: "another".to_owned(),
        label: None,
        help: None,
        kind: Kind::Tick,
        value: String::new(),
    });
    Ok(all)
}
