//! Tables of people: read in, looked at first, undone; and the whole book as a table. The rules are in
//! `members::import`, the acts in `acts::import`; here are forms and words.

mod export;
mod past;
mod preview;
mod start;
mod table;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

#[cfg(test)]
pub(crate) use past::{PastPage, sample_merge};
#[cfg(test)]
pub(crate) use preview::PreviewPage;
#[cfg(test)]
pub(crate) use start::ImportPage;
pub(crate) use start::Line;
#[cfg(test)]
pub(crate) use table::TablePage;

use crate::pages::upload::FORM_BYTES;
use crate::{App, urls};

/// The pages of the import.
pub(crate) fn router() -> Router<App> {
    Router::new()
        .route(
            urls::IMPORT,
            get(start::page)
                .post(start::take)
                .layer(DefaultBodyLimit::max(FORM_BYTES)),
        )
        .route(urls::EXPORT, get(export::page).post(export::take))
        .route(urls::IMPORT_TABLE, get(table::page).post(table::choose))
        .route(urls::IMPORT_FORGET, post(table::forget).get(start::back))
        .route(urls::IMPORT_PREVIEW, get(preview::page).post(preview::decide))
        .route(urls::IMPORT_REPORT, get(preview::report))
        .route(urls::IMPORT_COMMIT, post(preview::commit).get(start::back))
        .route(urls::IMPORT_PAST, get(past::page))
        .route(urls::IMPORT_UNDO, post(past::undo).get(start::back))
}
