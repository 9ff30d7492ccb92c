//! What the plain door says to whoever wants more than it gives.

use askama::Template;
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::App;
use crate::error::PageError;
use crate::pages::{Here, Layout, Visit, html};
use crate::server::Wanted;
use crate::words::{filters, say};

/// What is behind the safe door.
#[derive(Template)]
#[template(path = "trust/not_here.html")]
pub(crate) struct NotHerePage {
    layout: Layout,
    /// The page behind the safe door; nothing while that is closed.
    there: Option<String>,
}

/// Instead of any page that is not open at the plain door.
pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    wanted: Option<Extension<Wanted>>,
) -> Result<Response, PageError> {
    // By its own address it is no page.
    let Some(Extension(Wanted(path))) = wanted else {
        return Err(PageError::NotThere(say("error-no-page")));
    };
    let page = NotHerePage {
        layout: Layout::new(&app.look(), &visit, Here::Own),
        there: visit.door.safe.is_some().then(|| visit.door.leads_to(&path)),
    };
    Ok((StatusCode::FORBIDDEN, html(&page)?).into_response())
}

impl NotHerePage {
    /// Somebody who wished to sign in.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        Self {
            layout: Layout::sample(),
            there: Some("https://oak.local/sign-in".to_owned()),
        }
    }
}
