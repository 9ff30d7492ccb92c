//! Two entries that are one person: which there may be, both side by side, and the button that puts them together. The
//! rules are in `members::merge`, the acts in `acts::merge`; undoing is on the page of the change, beside the imports.

mod list;
mod pair;
mod with;

use axum::Router;
use axum::routing::{get, post};

#[cfg(test)]
pub(crate) use {list::TwinsPage, pair::PairPage, with::WithPage};

use crate::{App, urls};

/// The pages of merging.
pub(crate) fn router() -> Router<App> {
    Router::new()
        .route(urls::MERGE, get(list::page))
        .route(urls::MERGE_WITH, get(with::page))
        .route(urls::MERGE_PAIR, get(pair::page).post(pair::put_together))
        .route(urls::MERGE_APART, post(pair::apart))
}
