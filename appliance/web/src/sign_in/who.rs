//! Somebody who is signed in, for handlers that are for nobody else.

use acts::Actor;
use acts::sign_in::Who;
use axum::extract::{FromRequestParts, OriginalUri};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use members::credential::{Digest, Token};

use super::arrival::Arrival;
use super::cookies::Cookie;
use crate::error::PageError;
use crate::words::say;
use crate::{App, urls};

/// Somebody who is signed in. Whoever is not is led to the page on which they can, and from there back.
#[derive(Debug, Clone)]
pub(crate) struct SignedIn {
    /// Who, and by which session.
    pub(crate) who: Who,
    /// The same, with what their roles allow.
    pub(crate) actor: Actor,
    /// Their device, if it is known.
    pub(crate) device: Option<Token>,
    /// How they arrived.
    pub(crate) arrival: Arrival,
    session: Token,
}

impl SignedIn {
    /// What a form for `purpose` carries. It is worth something in this session alone, for this one purpose, and, where
    /// the purpose names what is there now, only until that has changed.
    pub(crate) fn token(&self, purpose: &str) -> String {
        self.session.form(purpose).hex()
    }

    /// That a form came from a page of this session and has not done its work yet.
    pub(crate) fn check(&self, purpose: &str, sent: &str) -> Result<(), PageError> {
        let right = self.session.form(purpose);
        if Digest::parse(sent).is_some_and(|sent| sent.is(&right)) {
            return Ok(());
        }
        Err(PageError::NotAllowed(say("sign-in-old-form")))
    }

    /// Who has the session of this request, if somebody has.
    pub(crate) async fn find(parts: &mut Parts, app: &App) -> Result<Option<Self>, PageError> {
        let Ok(arrival) = Arrival::from_request_parts(parts, app).await;
        let Some(session) = Cookie::Session.read(&parts.headers, arrival.scheme) else {
            return Ok(None);
        };
        let Some(who) = app.acts.sign_in().who(&session).await? else {
            return Ok(None);
        };
        Ok(Some(Self {
            actor: app.acts.member(&who)?,
            who,
            device: Cookie::Device.read(&parts.headers, arrival.scheme),
            arrival,
            session,
        }))
    }
}

impl FromRequestParts<App> for SignedIn {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let found = Self::find(parts, app)
            .await
            .map_err(IntoResponse::into_response)?;
        found.ok_or_else(|| {
            let uri = parts
                .extensions
                .get::<OriginalUri>()
                .map_or(&parts.uri, |original| &original.0);
            let path = uri.path_and_query().map_or("/", |path| path.as_str());
            Redirect::to(&urls::sign_in_and_back(path)).into_response()
        })
    }
}
