//! What the script of passkeys asks and sends: JSON, since a browser hands its keys to scripts only. What comes back to
//! it is an address to go to, or a sentence.

use acts::sign_in::{PasskeyError, Proof, Question, SignInError};
use axum::Json;
use axum::extract::State;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use members::credential::Digest;
use serde::{Deserialize, Serialize};

use super::arrival::Arrival;
use super::cookies::{entered, knock};
use super::{SignedIn, start, status};
use crate::error::PageError;
use crate::{App, show, urls};

/// A question to the device.
#[derive(Serialize)]
struct Asked {
    handle: String,
    options: serde_json::Value,
}

/// What went wrong, for the page to show.
#[derive(Serialize)]
struct Refusal {
    error: String,
}

/// Where to go on.
#[derive(Serialize)]
struct Next {
    to: String,
}

/// What the device answered.
#[derive(Deserialize)]
pub(crate) struct Answer {
    handle: String,
    answer: serde_json::Value,
    #[serde(default)]
    back: String,
    #[serde(default)]
    shared: bool,
}

/// What shows that it is still the person who sits there.
#[derive(Deserialize)]
pub(crate) struct Wish {
    token: String,
    now: Option<String>,
}

/// The key that the device made.
#[derive(Deserialize)]
pub(crate) struct Made {
    token: String,
    handle: String,
    answer: serde_json::Value,
    name: String,
}

fn refusal(error: &SignInError) -> Response {
    let sentence = show::sentence(&error.to_string());
    (status(error), Json(Refusal { error: sentence })).into_response()
}

fn asked(question: Result<Question, SignInError>) -> Response {
    let question = match question {
        Ok(question) => question,
        Err(error) => return refusal(&error),
    };
    match serde_json::from_str(&question.json) {
        Ok(options) => Json(Asked {
            handle: question.handle.hex(),
            options,
        })
        .into_response(),
        Err(_) => refusal(&PasskeyError::NotHere.into()),
    }
}

/// `POST /sign-in/passkey/question`
pub(crate) async fn question(State(app): State<App>, arrival: Arrival) -> Response {
    let door = app.acts.sign_in();
    let origin = arrival.origin().ok_or(SignInError::from(PasskeyError::NotHere));
    asked(origin.and_then(|origin| door.ask_for_passkey(arrival.source(), origin)))
}

/// `POST /sign-in/passkey`
pub(crate) async fn sign_in(
    State(app): State<App>,
    arrival: Arrival,
    parts: Parts,
    Json(sent): Json<Answer>,
) -> Response {
    let custody = start::custody(sent.shared.then_some(""));
    let knock = knock(&parts, &arrival, custody);
    let Some(handle) = Digest::parse(&sent.handle) else {
        return refusal(&PasskeyError::TooLate.into());
    };
    match app
        .acts
        .sign_in()
        .by_passkey(&knock, &handle, &sent.answer.to_string())
        .await
    {
        Ok(who) => {
            let to = urls::own_path(&sent.back).unwrap_or(urls::HOME).to_owned();
            entered(&who, custody, arrival.scheme, Json(Next { to }))
        }
        Err(error) => refusal(&error),
    }
}

/// `POST /me/passkeys/question`
pub(crate) async fn question_to_add(
    State(app): State<App>,
    signed: SignedIn,
    Json(wish): Json<Wish>,
) -> Result<Response, PageError> {
    signed.check(urls::MY_PASSKEYS, &wish.token)?;
    let Some(origin) = signed.arrival.origin() else {
        return Ok(refusal(&PasskeyError::NotHere.into()));
    };
    let proof = wish.now.as_deref().map_or(Proof::CameJustNow, Proof::Passphrase);
    let door = app.acts.sign_in();
    let source = signed.arrival.source();
    Ok(asked(
        door.ask_for_new_passkey(&signed.who, source, origin, proof).await,
    ))
}

/// `POST /me/passkeys`
pub(crate) async fn add(
    State(app): State<App>,
    signed: SignedIn,
    Json(made): Json<Made>,
) -> Result<Response, PageError> {
    signed.check(urls::MY_PASSKEYS, &made.token)?;
    let Some(handle) = Digest::parse(&made.handle) else {
        return Ok(refusal(&PasskeyError::TooLate.into()));
    };
    let door = app.acts.sign_in();
    let added = door
        .add_passkey(&signed.who, &handle, &made.answer.to_string(), &made.name)
        .await;
    Ok(match added {
        Ok(()) => Json(Next {
            to: urls::done(urls::MY_SESSIONS, "passkey"),
        })
        .into_response(),
        Err(error) => refusal(&error),
    })
}
