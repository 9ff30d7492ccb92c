//! The two cookies of somebody who signs in, and that no page of theirs is kept anywhere.
//!
//! `SameSite=Lax` and not `Strict`: whoever follows a link from a letter or a message comes in signed in. What changes
//! something is a form, which `Lax` does not send along from elsewhere, which must come from our own page
//! (`security`), and which carries a token of its session.

use acts::sign_in::{Entered, Knock};
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{AppendHeaders, IntoResponse, Response};
use members::credential::Token;
use members::credential::session::Custody;

use super::arrival::{Arrival, Scheme};

/// Longer than browsers keep a cookie: when a session ends is known to the box alone.
const LONG: u32 = 400 * 86_400;

/// One of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cookie {
    /// That somebody is signed in.
    Session,
    /// That somebody has been here.
    Device,
}

impl Cookie {
    /// Its name. Over a safe connection browsers take one that begins so only from this very name of the box, and send
    /// it nowhere else. The machine itself is spoken to without, where some browsers would not keep it.
    const fn name(self, scheme: Scheme) -> &'static str {
        match (self, scheme) {
            (Self::Session, Scheme::Https) => "__Host-session",
            (Self::Session, Scheme::Http) => "session",
            (Self::Device, Scheme::Https) => "__Host-device",
            (Self::Device, Scheme::Http) => "device",
        }
    }

    /// What stands in it.
    pub(crate) fn read(self, headers: &HeaderMap, scheme: Scheme) -> Option<Token> {
        let lines = headers.get_all(header::COOKIE).iter();
        let pairs = lines
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split(';'));
        let mut found = pairs.filter_map(|pair| pair.trim().split_once('='));
        let (_, value) = found.find(|(name, _)| *name == self.name(scheme))?;
        Token::parse(value)
    }

    /// The header that sets it; without `lasts` it goes when the browser is closed.
    fn set(self, value: &str, lasts: Option<u32>, scheme: Scheme) -> String {
        let mut cookie = format!("{}={value}; Path=/; HttpOnly; SameSite=Lax", self.name(scheme));
        if scheme == Scheme::Https {
            cookie.push_str("; Secure");
        }
        if let Some(lasts) = lasts {
            cookie.push_str(&format!("; Max-Age={lasts}"));
        }
        cookie
    }
}

/// Sets both cookies on the way to `answer`.
pub(crate) fn entered(
    entered: &Entered,
    custody: Custody,
    scheme: Scheme,
    answer: impl IntoResponse,
) -> Response {
    let lasts = match custody {
        Custody::Own => Some(LONG),
        Custody::Shared => None,
    };
    let session = Cookie::Session.set(&entered.session.cookie(), lasts, scheme);
    let device = Cookie::Device.set(&entered.device.cookie(), Some(LONG), scheme);
    let cookies = AppendHeaders([(header::SET_COOKIE, session), (header::SET_COOKIE, device)]);
    (cookies, answer).into_response()
}

/// Takes the session's cookie away, and has the browser forget the pages that it keeps, so that its way back shows
/// nothing of them.
pub(crate) fn left(scheme: Scheme, answer: impl IntoResponse) -> Response {
    let cookie = Cookie::Session.set("", Some(0), scheme);
    let mut response = (AppendHeaders([(header::SET_COOKIE, cookie)]), answer).into_response();
    let forget = HeaderValue::from_static("\"cache\"");
    response.headers_mut().insert("clear-site-data", forget);
    response
}

/// Whether a browser has the cookie of somebody signed in, over whichever connection.
pub(crate) fn has_session(headers: &HeaderMap) -> bool {
    let found = |scheme| Cookie::Session.read(headers, scheme).is_some();
    found(Scheme::Https) || found(Scheme::Http)
}

/// Whoever knocks with this request.
pub(crate) fn knock(parts: &Parts, arrival: &Arrival, custody: Custody) -> Knock {
    let agent = parts
        .headers
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok());
    Knock {
        source: arrival.source(),
        device: Cookie::Device.read(&parts.headers, arrival.scheme),
        agent: agent.unwrap_or_default().to_owned(),
        custody,
    }
}

/// What is shown to somebody who is signed in may be theirs alone, on whichever page it stands.
pub(crate) async fn keep_nothing_of_mine(request: Request, next: Next) -> Response {
    if has_session(request.headers()) {
        return keep_nothing(request, next).await;
    }
    next.run(request).await
}

/// No answer that is for one person alone is kept by the browser or by anything between.
pub(crate) async fn keep_nothing(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let nothing = HeaderValue::from_static("no-store");
    response.headers_mut().insert(header::CACHE_CONTROL, nothing);
    response
}
