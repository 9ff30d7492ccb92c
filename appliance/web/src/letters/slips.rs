//! `/members/print/slips`: slips to sign in with, for several people at once. Like those for one person, their words are on
//! the answer to the form and nowhere else, and a form that is sent a second time makes none.

use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use members::credential::slip::SlipKind;
use members::letters::Choice;
use serde::Deserialize;
use units::PersonId;

use super::choice::{ChoiceField, Chosen, listed};
use crate::error::PageError;
use crate::pages::{Here, Layout, Visit, html};
use crate::sign_in::{Paper, SignedIn};
use crate::words::{filters, say_with};
use crate::{App, show, urls};

/// The most slips at once: each takes the board a moment to make.
const MOST: usize = 40;

/// Slips for several people.
#[derive(Template)]
#[template(path = "letters/slips.html")]
pub(crate) struct SlipsPage {
    layout: Layout,
    choice: ChoiceField,
    ready: Option<Ready>,
    slips: Vec<Paper>,
    refused: Vec<String>,
}

/// People for whom slips can be made now.
struct Ready {
    who: String,
    token: String,
    told: String,
}

/// What is sent.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(flatten)]
    chosen: Chosen,
    #[serde(default)]
    token: String,
}

/// `GET /members/print/slips`
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    may(&signed)?;
    let mut page = SlipsPage::new(&app, &visit, &signed, &asked.chosen).await?;
    if asked.chosen.is_empty() {
        return html(&page);
    }
    match people(&app, &signed, &asked.chosen).await? {
        Err(why) => {
            page.choice = page.choice.refused(&why);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response())
        }
        Ok((choice, people)) => {
            page.ready = Some(Ready {
                who: choice.words(),
                token: signed.token(&purpose(&app, &choice, &people)?),
                told: say_with("slips-told", [("count", people.len().into())]),
            });
            html(&page)
        }
    }
}

/// `POST /members/print/slips`
pub(crate) async fn give(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Form(asked): Form<Asked>,
) -> Result<Response, PageError> {
    may(&signed)?;
    let (choice, people) = people(&app, &signed, &asked.chosen)
        .await?
        .map_err(PageError::BadQuestion)?;
    signed.check(&purpose(&app, &choice, &people)?, &asked.token)?;
    let mut page = SlipsPage::new(&app, &visit, &signed, &asked.chosen).await?;
    let look = app.look();
    for person in people {
        let name = app.acts.sign_in().name_of(person)?;
        match app.acts.give_slip(&signed.actor, person, SlipKind::First).await {
            Ok(slip) => {
                let until = show::dated(&look.place().zone, look.now(), slip.until);
                page.slips
                    .push(Paper::new(&slip, &name, &signed.arrival.address(), &until));
            }
            Err(error) => page
                .refused
                .push(format!("{name}: {}", show::sentence(&error.to_string()))),
        }
    }
    html(&page)
}

/// Whoever may not is told so before they see anybody.
fn may(signed: &SignedIn) -> Result<(), PageError> {
    let right = acts::Right::GiveSlips;
    if signed.actor.may(right) {
        return Ok(());
    }
    Err(acts::sign_in::SignInError::NotAllowed(right).into())
}

async fn people(
    app: &App,
    signed: &SignedIn,
    chosen: &Chosen,
) -> Result<Result<(Choice, Vec<PersonId>), String>, PageError> {
    let (choice, listed) = match listed(app, signed, chosen, "slips").await? {
        Ok(found) => found,
        Err(why) => return Ok(Err(why)),
    };
    if listed.people.is_empty() || listed.people.len() > MOST {
        let count = listed.people.len();
        return Ok(Err(say_with(
            "slips-count",
            [("count", count.into()), ("most", MOST.into())],
        )));
    }
    Ok(Ok((choice, listed.people)))
}

/// What a form is for: these people, after the newest slip that any of them has.
fn purpose(app: &App, choice: &Choice, people: &[PersonId]) -> Result<String, PageError> {
    let mut newest = 0;
    for person in people {
        let slip = app.acts.sign_in().newest_slip(*person)?;
        newest = newest.max(slip.map_or(0, units::Instant::as_millis));
    }
    Ok(format!("{} for {} after {newest}", urls::SLIPS, choice.words()))
}

impl SlipsPage {
    async fn new(app: &App, visit: &Visit, signed: &SignedIn, chosen: &Chosen) -> Result<Self, PageError> {
        Ok(Self {
            layout: Layout::new(&app.look(), visit, Here::Members),
            choice: ChoiceField::of(app, signed, chosen).await?,
            ready: None,
            slips: Vec::new(),
            refused: Vec::new(),
        })
    }

    /// Before slips are made.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        Self {
            layout: Layout::sample(),
            choice: ChoiceField::with(&[Choice::Members], &Chosen::default()).refused("choose others"),
            ready: Some(Ready {
                who: "members".to_owned(),
                token: "0".repeat(64),
                told: "2 slips".to_owned(),
            }),
            slips: Vec::new(),
            refused: vec!["Ana <Öberg>: she may do more.".to_owned()],
        }
    }
}
