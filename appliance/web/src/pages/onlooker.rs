//! Whoever looks at a page that everybody may open: somebody who is signed in sees there what is theirs as well.

use acts::Actor;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};

use crate::App;
use crate::sign_in::SignedIn;

/// Somebody who looks.
#[derive(Debug, Clone)]
pub(crate) struct Onlooker(Option<SignedIn>);

impl Onlooker {
    /// As whom they look.
    pub(crate) fn actor(&self) -> &Actor {
        self.0.as_ref().map_or(&Actor::Visitor, |signed| &signed.actor)
    }

    /// Whether they are signed in.
    pub(crate) fn is_signed_in(&self) -> bool {
        self.0.is_some()
    }

    /// What a form for `purpose` carries; nothing where there is no session that it could be of.
    pub(crate) fn token(&self, purpose: &str) -> String {
        self.0
            .as_ref()
            .map(|signed| signed.token(purpose))
            .unwrap_or_default()
    }
}

impl From<SignedIn> for Onlooker {
    fn from(signed: SignedIn) -> Self {
        Self(Some(signed))
    }
}

impl FromRequestParts<App> for Onlooker {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let found = SignedIn::find(parts, app).await;
        found.map(Self).map_err(IntoResponse::into_response)
    }
}
