//! `/sign-in/passphrase`: somebody who is signed in chooses a name to sign in with and a passphrase.

use acts::sign_in::{Chosen, Proof, SignInError};
use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use members::credential::rules::Strength;
use serde::Deserialize;

use super::{SignedIn, refused};
use crate::error::PageError;
use crate::pages::{Field, Here, Layout, Visit, html};
use crate::words::{filters, say};
use crate::{App, urls};

/// Where somebody chooses a passphrase.
#[derive(Template)]
#[template(path = "sign_in/passphrase.html")]
pub(crate) struct PassphrasePage {
    layout: Layout,
    token: String,
    lead: String,
    name: Field,
    passphrase: Field,
    /// The passphrase until now, where it must be typed.
    now: Option<Field>,
}

/// What is sent.
#[derive(Deserialize)]
pub(crate) struct Sent {
    #[serde(default)]
    token: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    passphrase: String,
    now: Option<String>,
}

/// `GET /sign-in/passphrase`
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
) -> Result<Response, PageError> {
    html(&PassphrasePage::new(&app, &visit, &signed)?)
}

/// `POST /sign-in/passphrase`
pub(crate) async fn choose(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Form(form): Form<Sent>,
) -> Result<Response, PageError> {
    signed.check(urls::SIGN_IN_PASSPHRASE, &form.token)?;
    let place = app.look().place().name.clone();
    let chosen = Chosen {
        name: &form.name,
        passphrase: &form.passphrase,
        place: &place,
    };
    let proof = form.now.as_deref().map_or(Proof::CameJustNow, Proof::Passphrase);
    let door = app.acts.sign_in();
    match door
        .choose_passphrase(&signed.who, signed.arrival.source(), chosen, proof)
        .await
    {
        Ok(strength) => {
            let done = match strength {
                Strength::Enough => "passphrase-enough",
                Strength::Good => "passphrase-good",
                Strength::Strong => "passphrase-strong",
            };
            Ok(Redirect::to(&urls::done(urls::MY_SESSIONS, done)).into_response())
        }
        Err(error) => {
            let mut page = PassphrasePage::new(&app, &visit, &signed)?;
            page.name = Field::holding(&form.name);
            page.refuse(&error);
            Ok(refused(&error, html(&page)?).into_response())
        }
    }
}

impl PassphrasePage {
    fn new(app: &App, visit: &Visit, signed: &SignedIn) -> Result<Self, PageError> {
        let door = app.acts.sign_in();
        let chosen = door.sign_in_name(signed.who.person)?;
        let lead = match &chosen {
            Some(_) => say("passphrase-change-lead"),
            None => say("passphrase-first-lead"),
        };
        let name = match chosen {
            Some(name) => name,
            None => door.name_of(signed.who.person)?,
        };
        let typed = (!door.came_just_now(&signed.who)).then(Field::default);
        Ok(Self {
            layout: Layout::new(&app.look(), visit, Here::Own),
            token: signed.token(urls::SIGN_IN_PASSPHRASE),
            lead,
            name: Field::holding(&name),
            passphrase: Field::default(),
            now: typed,
        })
    }

    /// Puts the sentence beside the field that it is about.
    fn refuse(&mut self, error: &SignInError) {
        let why = error.to_string();
        match error {
            SignInError::Wrong => {
                let why = say("passphrase-now-wrong");
                self.now = Some(Field::refused(String::new(), &why));
            }
            SignInError::Unproved => self.now = Some(Field::refused(String::new(), &why)),
            SignInError::Unfit(_) => self.name = Field::refused(self.name.value.clone(), &why),
            _ => self.passphrase = Field::refused(String::new(), &why),
        }
    }

    /// A passphrase that is too short, beside the one until now.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let mut page = Self {
            layout: Layout::sample(),
            token: "0".repeat(64),
            lead: say("passphrase-change-lead"),
            name: Field::holding("Ana"),
            passphrase: Field::default(),
            now: Some(Field::default()),
        };
        let weak = members::credential::rules::Weak::TooShort { letters: 7 };
        page.refuse(&weak.into());
        page
    }
}
