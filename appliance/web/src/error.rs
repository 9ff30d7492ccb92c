//! Why a page cannot be shown: the only place that knows status codes. What people read is a sentence about what
//! is wrong and a way on; details go to the log.

use acts::{ActError, look::LookError};
use askama::Template;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::App;
use crate::caught::Caught;
use crate::pages::{Here, Layout, Visit};
use crate::words::{filters, say};

/// Why a page cannot be shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PageError {
    /// There is no such page or thing, or it is not for this onlooker.
    #[error("{0}")]
    NotThere(String),
    /// What was asked for makes no sense.
    #[error("{0}")]
    BadQuestion(String),
    /// What was sent is too large.
    #[error("{0}")]
    TooLarge(String),
    /// It may not be done from here.
    #[error("{0}")]
    NotAllowed(String),
    /// What is there now is not what was looked at.
    #[error("{0}")]
    Conflict(String),
    /// It may be asked, and the box could not do it; without words where the fault is the program's.
    #[error("{0}")]
    Failed(String),
}

impl PageError {
    /// The status for the browser.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::NotThere(_) => StatusCode::NOT_FOUND,
            Self::BadQuestion(_) => StatusCode::BAD_REQUEST,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::NotAllowed(_) => StatusCode::FORBIDDEN,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::Failed(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl From<LookError> for PageError {
    fn from(error: LookError) -> Self {
        let words = error.to_string();
        match error {
            LookError::NotThere(_) => Self::NotThere(words),
            LookError::BadQuestion(_) => Self::BadQuestion(words),
            LookError::Store(_) => Self::Failed(words),
        }
    }
}

impl From<ActError> for PageError {
    fn from(error: ActError) -> Self {
        let words = error.to_string();
        match error {
            ActError::NotAllowed(_) => Self::NotAllowed(words),
            ActError::BadInput(_) => Self::BadQuestion(words),
            ActError::NotThere(_) => Self::NotThere(words),
            ActError::Conflict => Self::Conflict(words),
            ActError::TakesTwo(_) | ActError::OwnWish | ActError::OwnRights | ActError::LastSteward => {
                Self::NotAllowed(words)
            }
            ActError::Store(_) | ActError::Failed(_) => Self::Failed(words),
        }
    }
}

impl From<askama::Error> for PageError {
    fn from(error: askama::Error) -> Self {
        tracing::error!(%error, "a page could not be put together");
        Self::Failed(String::new())
    }
}

impl IntoResponse for PageError {
    /// A bare answer that carries the reason; [`dress`] makes the page of it.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Any page that could not be shown.
#[derive(Template)]
#[template(path = "error.html")]
pub(crate) struct ErrorPage {
    layout: Layout,
    heading: String,
    sentence: String,
    remedy: String,
}

impl ErrorPage {
    fn new(layout: Layout, status: StatusCode, sentence: &str) -> Self {
        let (heading, remedy) = match status {
            StatusCode::NOT_FOUND => ("error-not-there", "error-not-there-remedy"),
            // A form that was sent before says nothing of who may send it.
            StatusCode::FORBIDDEN if sentence == say("sign-in-old-form") => {
                ("error-conflict", "error-conflict-remedy")
            }
            StatusCode::FORBIDDEN => ("error-not-allowed", "error-not-allowed-remedy"),
            StatusCode::CONFLICT => ("error-conflict", "error-conflict-remedy"),
            status if status.is_client_error() => ("error-bad-question", "error-bad-question-remedy"),
            _ => ("error-failed", "error-failed-remedy"),
        };
        Self {
            layout,
            heading: say(heading),
            sentence: crate::show::sentence(sentence),
            remedy: say(remedy),
        }
    }

    /// A page that is not there.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let sentence = "there is no device \"roof<2>\" here that you can see";
        Self::new(Layout::sample(), StatusCode::NOT_FOUND, sentence)
    }
}

/// Puts refusals into words and into the page's frame: our own, and those of the router (a form that
/// cannot be read, an address that nobody has).
pub(crate) async fn dress(State(app): State<App>, visit: Visit, request: Request, next: Next) -> Response {
    let answered = Caught::new(next.run(request)).await;
    let response = answered.unwrap_or_else(|| PageError::Failed(String::new()).into_response());
    let status = response.status();
    let refused = status.is_client_error() || status.is_server_error();
    let dressed = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| {
        let kind = kind.as_bytes();
        // A script is told why in JSON.
        kind.starts_with(b"text/html") || kind.starts_with(b"application/json")
    });
    if !refused || dressed {
        return response;
    }
    let words = response
        .extensions()
        .get::<PageError>()
        .map(ToString::to_string)
        .unwrap_or_default();
    if status.is_server_error() {
        tracing::error!(path = visit.path, cause = words, "a page could not be shown");
    }
    let layout = Layout::new(&app.look(), &visit, Here::Nowhere);
    let (mut parts, _) = response.into_parts();
    // What the answer says in its head stays, such as what else may be asked; its body is another one now.
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.remove(header::CONTENT_TYPE);
    match crate::pages::html(&ErrorPage::new(layout, status, &words)) {
        Ok(body) => (status, parts.headers, body).into_response(),
        Err(_) => status.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use acts::ActError;
    use acts::look::LookError;
    use axum::http::StatusCode;

    use super::PageError;

    #[test]
    fn each_kind_of_refusal_has_its_status() {
        let cases: [(PageError, StatusCode); 5] = [
            (
                LookError::NotThere("device \"x\"".to_owned()).into(),
                StatusCode::NOT_FOUND,
            ),
            (
                LookError::BadQuestion("turn it round".to_owned()).into(),
                StatusCode::BAD_REQUEST,
            ),
            (
                ActError::NotAllowed(acts::Right::WatchBus).into(),
                StatusCode::FORBIDDEN,
            ),
            (
                ActError::BadInput("too long".to_owned()).into(),
                StatusCode::BAD_REQUEST,
            ),
            (
                ActError::Failed("no disk".to_owned()).into(),
                StatusCode::INTERNAL_SERVER_ERROR,
            ),
        ];
        for (error, status) in cases {
            assert_eq!(error.status(), status, "{error}");
        }
    }
}
