//! `/trust`: how a phone or computer comes to trust the box, and whether it does.
//!
//! These pages are open at every door, since it is before one goes through the safe one that they are needed. What they
//! say at the plain door could be altered on the way; so what counts is the fingerprint that the device itself shows,
//! beside the card that was printed behind the safe door.

mod card;
mod not_here;
mod profile;
mod rename;

use acts::SafeDoor;
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;

use crate::authority::Fingerprint;
use crate::doorway::{Way, without_port};
use crate::error::PageError;
use crate::pages::{Here, Layout, Visit, html};
use crate::server::Asks;
use crate::words::{filters, say, say_with};
use crate::{App, urls};

#[cfg(test)]
pub(crate) use card::CardPage;
#[cfg(test)]
pub(crate) use not_here::NotHerePage;
#[cfg(test)]
pub(crate) use rename::RenamePage;

/// The pages about trust.
pub(crate) fn router() -> Router<App> {
    Router::new()
        .route(urls::TRUST, get(page))
        .route(urls::TRUST_CERTIFICATE, get(certificate))
        .route(urls::TRUST_PROFILE, get(profile))
        .route(urls::TRUST_TRY, get(try_it))
        .route(urls::TRUST_PROBE, get(probe))
        .route(urls::TRUST_CARD, get(card::page))
        .route(urls::BOX_CALLED, get(rename::page).post(rename::rename))
        .route(urls::NOT_HERE, get(not_here::page))
}

/// How a device comes to trust the box.
#[derive(Template)]
#[template(path = "trust/trust.html")]
pub(crate) struct TrustPage {
    layout: Layout,
    claimed: bool,
    /// Whether the page itself came by the safe door.
    safely: bool,
    /// Nothing while there is no safe door.
    told: Option<Told>,
    device: Device,
}

/// What is told of the authority.
struct Told {
    /// What the file is.
    file: String,
    words: [&'static str; 6],
    pairs: String,
    /// The page behind the safe door that says whether one is safe.
    try_it: String,
    /// Where a script asks the same; nothing where it cannot ask.
    probe: Option<String>,
    /// Where the box can be opened safely.
    addresses: Vec<String>,
}

/// Which kind of device somebody seems to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Device {
    Apple,
    Android,
    Windows,
    Mac,
    Other,
}

impl Device {
    /// As far as the browser tells. It only decides which part of the page is open already.
    fn guess(headers: &HeaderMap) -> Self {
        let agent = headers
            .get(header::USER_AGENT)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let known = [
            ("iPhone", Self::Apple),
            ("iPad", Self::Apple),
            ("Android", Self::Android),
            ("Windows", Self::Windows),
            ("Mac OS X", Self::Mac),
        ];
        let found = known.into_iter().find(|(word, _)| agent.contains(word));
        found.map_or(Self::Other, |(_, device)| device)
    }

    fn opens(self, which: &str) -> bool {
        let name = match self {
            Self::Apple => "apple",
            Self::Android => "android",
            Self::Windows => "windows",
            Self::Mac => "mac",
            Self::Other => "other",
        };
        name == which
    }
}

/// `GET /trust`
async fn page(State(app): State<App>, visit: Visit, headers: HeaderMap) -> Result<Response, PageError> {
    let doors = app.acts.doors();
    let page = TrustPage {
        layout: Layout::new(&app.look(), &visit, Here::Nowhere),
        claimed: app.acts.is_claimed()?,
        safely: visit.door.way == Way::Safe,
        told: doors
            .safe
            .as_ref()
            .map(|safe| Told::of(safe, &visit, doors.pages("/"))),
        device: Device::guess(&headers),
    };
    let mut response = html(&page)?;
    if visit.door.is_plain()
        && let Some(origin) = visit.door.safe
    {
        response.extensions_mut().insert(Asks(origin));
    }
    Ok(response)
}

impl Told {
    fn of(safe: &SafeDoor, visit: &Visit, addresses: Vec<String>) -> Self {
        let fingerprint = Fingerprint::of(&safe.certificate);
        let origin = visit.door.safe.clone().unwrap_or_default();
        Self {
            file: say_with(
                "trust-file-lead",
                [("subject", format!("Hearth {}", safe.name).into())],
            ),
            words: fingerprint.words(),
            pairs: fingerprint.pairs(),
            try_it: format!("{origin}{}", urls::TRUST_TRY),
            probe: visit
                .door
                .is_plain()
                .then(|| format!("{origin}{}", urls::TRUST_PROBE)),
            addresses: addresses
                .into_iter()
                .filter(|address| address.starts_with("https"))
                .collect(),
        }
    }
}

impl TrustPage {
    /// A phone at the plain door of a box that has been claimed.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        Self {
            layout: Layout::sample(),
            claimed: true,
            safely: false,
            told: Some(Told {
                file: say_with("trust-file-lead", [("subject", "Hearth oak".into())]),
                words: ["acid", "bamboo", "fox", "garden", "lamp", "river"],
                pairs: "3F A2".to_owned(),
                try_it: "https://oak.local:8443/trust/try".to_owned(),
                probe: Some("https://oak.local:8443/trust/probe".to_owned()),
                addresses: vec!["https://oak.local:8443/".to_owned()],
            }),
            device: Device::Android,
        }
    }
}

/// The door that there must be for there to be a certificate.
fn safe_door(app: &App) -> Result<SafeDoor, PageError> {
    let missing = || PageError::NotThere(say("trust-no-door"));
    app.acts.doors().safe.clone().ok_or_else(missing)
}

/// `GET /trust/authority.crt`
async fn certificate(State(app): State<App>) -> Result<Response, PageError> {
    let safe = safe_door(&app)?;
    Ok(file(
        &safe,
        "crt",
        "application/x-x509-ca-cert",
        safe.certificate.to_vec(),
    ))
}

/// `GET /trust/authority.mobileconfig`
async fn profile(State(app): State<App>) -> Result<Response, PageError> {
    let safe = safe_door(&app)?;
    let place = app.look().place().name.clone();
    let text = profile::of(&safe, &place).into_bytes();
    Ok(file(
        &safe,
        "mobileconfig",
        "application/x-apple-aspen-config",
        text,
    ))
}

fn file(safe: &SafeDoor, ending: &str, kind: &'static str, bytes: Vec<u8>) -> Response {
    let name = format!("attachment; filename=\"hearth-{}.{ending}\"", safe.name);
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(name) = HeaderValue::try_from(name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    response
}

/// Whether one is safe, for whoever has come this far by the safe door.
#[derive(Template)]
#[template(path = "trust/try.html")]
pub(crate) struct TryPage {
    layout: Layout,
    safely: bool,
}

/// `GET /trust/try`: from the plain door it leads to the safe one.
async fn try_it(State(app): State<App>, visit: Visit) -> Result<Response, PageError> {
    if visit.door.is_plain() {
        safe_door(&app)?;
        return Ok(Redirect::to(&visit.door.leads_to(urls::TRUST_TRY)).into_response());
    }
    html(&TryPage {
        layout: Layout::new(&app.look(), &visit, Here::Nowhere),
        safely: visit.door.way == Way::Safe,
    })
}

impl TryPage {
    /// By the safe door.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        Self {
            layout: Layout::sample(),
            safely: true,
        }
    }
}

/// `GET /trust/probe`: a page of the plain door can read this by the safe one only if the browser trusts that; only a
/// page of the box itself, called by the same name, is told.
async fn probe(headers: HeaderMap) -> Response {
    let text = |name| {
        headers
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok())
    };
    let host = text(header::HOST).and_then(without_port);
    let asks = text(header::ORIGIN).and_then(|origin| without_port(origin.strip_prefix("http://")?));
    let mut response = "safe\n".into_response();
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if host.is_some()
        && host == asks
        && let Some(origin) = headers.get(header::ORIGIN)
    {
        response
            .headers_mut()
            .insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        response
            .headers_mut()
            .insert(header::VARY, HeaderValue::from_static("origin"));
    }
    response
}

/// The name of the place and the box, for the heading of what is printed.
fn heading(place: &str, name: &str) -> String {
    say_with(
        "trust-card-heading",
        [("place", place.into()), ("name", name.into())],
    )
}
