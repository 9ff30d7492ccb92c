//! `/me/sessions`: where one is signed in, with what, and the buttons to end it.

use acts::sign_in::{Offer, SessionSeen};
use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use energy::calendar::{Date, Zone};
use members::credential::Digest;
use serde::Deserialize;
use units::Instant;

use super::SignedIn;
use super::cookies::left;
use crate::error::PageError;
use crate::pages::{Done, Here, Layout, Visit, html};
use crate::words::{filters, say, say_with};
use crate::{App, show, urls};

/// How and where one is signed in.
#[derive(Template)]
#[template(path = "sign_in/own.html")]
pub(crate) struct OwnPage {
    layout: Layout,
    done: String,
    name: Option<String>,
    /// Whether a passphrase must be typed before a passkey is added.
    typed: bool,
    passkeys_here: bool,
    passkeys: Vec<Key>,
    sessions: Vec<Row>,
    offered: Option<bool>,
    tokens: Tokens,
}

/// A passkey.
struct Key {
    number: u32,
    name: String,
    told: String,
    elsewhere: bool,
}

/// A session.
struct Row {
    key: String,
    device: String,
    told: String,
    here: bool,
}

/// What the forms of the page carry.
struct Tokens {
    out: String,
    everywhere: String,
    end: String,
    offer: String,
    passkeys: String,
    remove: String,
}

/// A form with nothing but its token.
#[derive(Deserialize)]
pub(crate) struct Bare {
    #[serde(default)]
    token: String,
}

/// Which session is to end.
#[derive(Deserialize)]
pub(crate) struct End {
    #[serde(default)]
    token: String,
    #[serde(default)]
    key: String,
}

/// Which passkey is to go.
#[derive(Deserialize)]
pub(crate) struct Remove {
    #[serde(default)]
    token: String,
    number: u32,
}

/// Whether this device shows one's name.
#[derive(Deserialize)]
pub(crate) struct OnDevice {
    #[serde(default)]
    token: String,
    #[serde(default)]
    choice: String,
}

/// `GET /me/sessions`
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Query(done): Query<Done>,
) -> Result<Response, PageError> {
    html(&OwnPage::new(&app, &visit, &signed, &done)?)
}

/// Where what only takes forms was opened by its address.
pub(crate) async fn back() -> Redirect {
    Redirect::to(urls::MY_SESSIONS)
}

fn done(what: &str) -> Response {
    Redirect::to(&urls::done(urls::MY_SESSIONS, what)).into_response()
}

/// `POST /me/sign-out`
pub(crate) async fn sign_out(
    State(app): State<App>,
    signed: SignedIn,
    Form(form): Form<Bare>,
) -> Result<Response, PageError> {
    signed.check(urls::MY_SIGN_OUT, &form.token)?;
    app.acts.sign_in().sign_out(&signed.who).await?;
    Ok(left(
        signed.arrival.scheme,
        Redirect::to(&urls::done(urls::SIGN_IN, "out")),
    ))
}

/// `POST /me/sign-out-everywhere`
pub(crate) async fn sign_out_everywhere(
    State(app): State<App>,
    signed: SignedIn,
    Form(form): Form<Bare>,
) -> Result<Response, PageError> {
    signed.check(urls::MY_SIGN_OUT_EVERYWHERE, &form.token)?;
    app.acts.sign_in().sign_out_everywhere(&signed.who).await?;
    Ok(left(
        signed.arrival.scheme,
        Redirect::to(&urls::done(urls::SIGN_IN, "out")),
    ))
}

/// `POST /me/sessions/end`
pub(crate) async fn end_session(
    State(app): State<App>,
    signed: SignedIn,
    Form(form): Form<End>,
) -> Result<Response, PageError> {
    signed.check(urls::MY_SESSION_END, &form.token)?;
    let key = Digest::parse(&form.key).ok_or(acts::sign_in::SignInError::Gone)?;
    app.acts.sign_in().end_session(&signed.who, &key).await?;
    Ok(done("ended"))
}

/// `POST /me/passkeys/remove`
pub(crate) async fn remove_passkey(
    State(app): State<App>,
    signed: SignedIn,
    Form(form): Form<Remove>,
) -> Result<Response, PageError> {
    signed.check(urls::MY_PASSKEY_REMOVE, &form.token)?;
    app.acts
        .sign_in()
        .remove_passkey(&signed.who, form.number)
        .await?;
    Ok(done("removed"))
}

/// `POST /me/name-on-device`
pub(crate) async fn offer_name(
    State(app): State<App>,
    signed: SignedIn,
    Form(form): Form<OnDevice>,
) -> Result<Response, PageError> {
    signed.check(urls::MY_NAME_ON_DEVICE, &form.token)?;
    let device = signed.device.as_ref().ok_or(acts::sign_in::SignInError::Gone)?;
    let (offer, told) = match form.choice.as_str() {
        "show" => (Offer::Show, "shown"),
        _ => (Offer::Hide, "hidden"),
    };
    app.acts.sign_in().offer_name(&signed.who, device, offer).await?;
    Ok(done(told))
}

impl OwnPage {
    fn new(app: &App, visit: &Visit, signed: &SignedIn, done: &Done) -> Result<Self, PageError> {
        let (look, door, who) = (app.look(), app.acts.sign_in(), &signed.who);
        let (zone, now) = (&look.place().zone, look.now());
        let host = signed.arrival.origin().map(|origin| origin.host().to_owned());
        let keys = door.own_passkeys(who)?.into_iter().map(|key| Key {
            number: key.number,
            elsewhere: host.as_ref() != Some(&key.works_at),
            told: told_of_key(&key, zone, now),
            name: key.name,
        });
        let name = door.sign_in_name(who.person)?;
        let offered = match &signed.device {
            Some(device) if name.is_some() => Some(door.offered(device)?.contains(&who.person)),
            _ => None,
        };
        let sessions = door.sessions(who)?;
        Ok(Self {
            layout: Layout {
                back: urls::MY_SESSIONS.to_owned(),
                ..Layout::new(&look, visit, Here::Own)
            },
            done: told_of_done(done),
            typed: !door.came_just_now(who),
            name,
            passkeys_here: host.is_some(),
            passkeys: keys.collect(),
            sessions: sessions
                .iter()
                .map(|session| Row::of(session, zone, now))
                .collect(),
            offered,
            tokens: Tokens {
                out: signed.token(urls::MY_SIGN_OUT),
                everywhere: signed.token(urls::MY_SIGN_OUT_EVERYWHERE),
                end: signed.token(urls::MY_SESSION_END),
                offer: signed.token(urls::MY_NAME_ON_DEVICE),
                passkeys: signed.token(urls::MY_PASSKEYS),
                remove: signed.token(urls::MY_PASSKEY_REMOVE),
            },
        })
    }

    /// Somebody with a passkey that works elsewhere, signed in on two devices.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let row = |device: &str, here| Row {
            key: "0".repeat(64),
            device: device.to_owned(),
            told: say("session-own"),
            here,
        };
        let token = || "0".repeat(64);
        Self {
            layout: Layout::sample(),
            done: say("own-done-passphrase-strong"),
            name: Some("Ana".to_owned()),
            typed: true,
            passkeys_here: true,
            passkeys: vec![Key {
                number: 1,
                name: "My <phone>".to_owned(),
                told: say_with(
                    "passkey-never-used",
                    [("host", "oak.local".into()), ("added", "today".into())],
                ),
                elsewhere: true,
            }],
            sessions: vec![row("Firefox on Android", true), row("A browser", false)],
            offered: Some(false),
            tokens: Tokens {
                out: token(),
                everywhere: token(),
                end: token(),
                offer: token(),
                passkeys: token(),
                remove: token(),
            },
        }
    }
}

impl Row {
    fn of(session: &SessionSeen, zone: &Zone, now: Instant) -> Self {
        let custody = match session.custody {
            members::credential::session::Custody::Own => "session-own",
            members::credential::session::Custody::Shared => "session-shared",
        };
        let since = show::dated(zone, now, session.begun);
        Self {
            key: session.key.hex(),
            device: session.device.clone(),
            told: format!(
                "{} {}",
                say_with("session-since", [("when", since.into())]),
                say(custody)
            ),
            here: session.here,
        }
    }
}

fn told_of_key(key: &acts::sign_in::PasskeySeen, zone: &Zone, now: Instant) -> String {
    let added = show::dated(zone, now, key.added);
    let host = key.works_at.clone();
    let used = key.used.and_then(|day| Date::parse(&day.to_string()).ok());
    match used.map(show::long_day) {
        Some(used) => say_with(
            "passkey-used",
            [
                ("host", host.into()),
                ("added", added.into()),
                ("used", used.into()),
            ],
        ),
        None => say_with(
            "passkey-never-used",
            [("host", host.into()), ("added", added.into())],
        ),
    }
}

fn told_of_done(done: &Done) -> String {
    let known = [
        ("passphrase-enough", "own-done-passphrase-enough"),
        ("passphrase-good", "own-done-passphrase-good"),
        ("passphrase-strong", "own-done-passphrase-strong"),
        ("passkey", "own-done-passkey"),
        ("removed", "own-done-removed"),
        ("ended", "own-done-ended"),
        ("shown", "own-done-shown"),
        ("hidden", "own-done-hidden"),
    ];
    let found = known.into_iter().find(|(what, _)| done.is(what));
    found.map(|(_, key)| say(key)).unwrap_or_default()
}
