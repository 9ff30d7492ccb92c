//! `/people/{person}/slip`: a steward makes a slip for somebody, and prints it.
//!
//! The words are on the answer to the form and nowhere else: there is no address at which they could be seen again. A
//! form that is sent a second time makes no second slip.

use acts::sign_in::NewSlip;
use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::Response;
use members::credential::slip::SlipKind;
use serde::Deserialize;
use units::PersonId;

use super::SignedIn;
use crate::error::PageError;
use crate::pages::{Here, Layout, Visit, html};
use crate::qr::square;
use crate::words::{filters, say, say_with};
use crate::{App, show, urls};

/// Where a steward makes a slip.
#[derive(Template)]
#[template(path = "sign_in/give.html")]
pub(crate) struct GivePage {
    layout: Layout,
    heading: String,
    action: String,
    token: String,
    slip: Option<Paper>,
}

/// What stands on the paper.
pub(crate) struct Paper {
    /// For whom.
    pub(crate) for_whom: String,
    /// The words.
    pub(crate) words: Vec<&'static str>,
    /// The same as a square.
    pub(crate) square: String,
    /// What to do with it.
    pub(crate) how: String,
    /// Until when it is good.
    pub(crate) until: String,
}

/// What is sent.
#[derive(Deserialize)]
pub(crate) struct Sent {
    #[serde(default)]
    token: String,
    #[serde(default)]
    kind: String,
}

/// `GET /people/{person}/slip`
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Path(person): Path<u32>,
) -> Result<Response, PageError> {
    may(&signed)?;
    html(
        &GivePage::new(&app, &visit, &signed, PersonId::new(person))
            .await?
            .0,
    )
}

/// `POST /people/{person}/slip`
pub(crate) async fn give(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Path(person): Path<u32>,
    Form(form): Form<Sent>,
) -> Result<Response, PageError> {
    may(&signed)?;
    let person = PersonId::new(person);
    signed.check(&purpose(&app, person)?, &form.token)?;
    let kind = match SlipKind::parse(&form.kind) {
        Some(SlipKind::Recovery) => SlipKind::Recovery,
        _ => SlipKind::First,
    };
    let slip = app.acts.give_slip(&signed.actor, person, kind).await?;
    let (mut page, name) = GivePage::new(&app, &visit, &signed, person).await?;
    let look = app.look();
    let until = show::dated(&look.place().zone, look.now(), slip.until);
    page.slip = Some(Paper::new(&slip, &name, &signed.arrival.address(), &until));
    html(&page)
}

/// Whoever may not is told so before they see whether there is such a person.
fn may(signed: &SignedIn) -> Result<(), PageError> {
    let right = acts::Right::GiveSlips;
    if signed.actor.may(right) {
        return Ok(());
    }
    Err(acts::sign_in::SignInError::NotAllowed(right).into())
}

/// What a form is for: one slip after the newest there is.
fn purpose(app: &App, person: PersonId) -> Result<String, PageError> {
    let newest = app.acts.sign_in().newest_slip(person)?;
    let newest = newest.map_or(0, units::Instant::as_millis);
    Ok(format!("{} after {newest}", urls::slip_for(person.number())))
}

impl GivePage {
    /// The page before a slip is made, and the name of whom it is for.
    async fn new(
        app: &App,
        visit: &Visit,
        signed: &SignedIn,
        person: PersonId,
    ) -> Result<(Self, String), PageError> {
        let name = app.acts.name_for_slip(&signed.actor, person).await?;
        let page = Self {
            layout: Layout::new(&app.look(), visit, Here::Nowhere),
            heading: say_with("give-heading", [("name", name.clone().into())]),
            action: urls::slip_for(person.number()),
            token: signed.token(&purpose(app, person)?),
            slip: None,
        };
        Ok((page, name))
    }

    /// A slip that was just made.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let slip = NewSlip {
            words: members::credential::slip::SlipWords::drawn([9; 16]),
            until: units::Instant::from_millis(0),
        };
        Self {
            layout: Layout::sample(),
            heading: say_with("give-heading", [("name", "Ana <Öberg>".into())]),
            action: urls::slip_for(1),
            token: "0".repeat(64),
            slip: Some(Paper::new(
                &slip,
                "Ana <Öberg>",
                "https://oak.local",
                "Tuesday 16 June, 14:00",
            )),
        }
    }
}

impl Paper {
    /// A slip for somebody, at this address of the box.
    pub(crate) fn new(slip: &NewSlip, name: &str, address: &str, until: &str) -> Self {
        let page = format!("{address}{}", urls::SIGN_IN_SLIP);
        let with_words = format!("{page}#{}", slip.words.fragment());
        Self {
            for_whom: say_with("give-for-whom", [("name", name.into())]),
            words: slip.words.words().to_vec(),
            square: square(&with_words, &say("give-square")),
            how: say_with("give-how", [("address", page.into())]),
            until: say_with("give-until", [("when", until.into())]),
        }
    }
}
