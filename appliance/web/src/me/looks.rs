//! `/me/looks`: who did what with one's own data, newest first.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;

use super::told::LineRow;
use crate::error::PageError;
use crate::pages::{Here, Layout, Visit, html};
use crate::sign_in::SignedIn;
use crate::words::filters;
use crate::{App, urls};

/// So many lines stand on a page.
const LINES: usize = 50;

/// Who did what with one's own data.
#[derive(Template)]
#[template(path = "me/looks.html")]
pub(crate) struct LooksPage {
    layout: Layout,
    lines: Vec<LineRow>,
    own_too: bool,
    older: Option<String>,
}

/// Which lines.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Which {
    below: Option<u64>,
    #[serde(default)]
    own: bool,
}

/// `GET /me/looks`
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Query(which): Query<Which>,
) -> Result<Response, PageError> {
    let found = app
        .acts
        .done_with_mine(&signed.actor, which.own, which.below, LINES)
        .await?;
    let look = app.look();
    let (zone, now) = (&look.place().zone, look.now());
    html(&LooksPage {
        layout: Layout::new(&look, &visit, Here::Own),
        lines: found
            .lines
            .iter()
            .map(|line| LineRow::of(line, zone, now))
            .collect(),
        own_too: which.own,
        older: found.older.map(|below| urls::my_looks(which.own, Some(below))),
    })
}

impl LooksPage {
    /// One look.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        Self {
            layout: Layout::sample(),
            lines: vec![LineRow::sample()],
            own_too: false,
            older: Some(urls::my_looks(false, Some(12))),
        }
    }
}
