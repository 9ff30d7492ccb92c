//! `/money/statements` and below: files of banks are handed in, looked at, read, and their lines given to those who paid
//! them. The rules are in `members::statement`, the acts in `acts::statements`; here are forms and words.

mod file;
mod grid;
mod list;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

#[cfg(test)]
pub(crate) use file::FilePage;
#[cfg(test)]
pub(crate) use grid::GridPage;
#[cfg(test)]
pub(crate) use list::ListPage;

use crate::pages::upload::FORM_BYTES;
use crate::{App, urls};

/// The pages of statements. They are merged into those of the members' book.
pub(crate) fn router() -> Router<App> {
    Router::new()
        .route(
            urls::STATEMENTS,
            get(list::page)
                .post(list::take)
                .layer(DefaultBodyLimit::max(FORM_BYTES)),
        )
        .route(urls::STATEMENT_FILE, get(file::page).post(file::read))
        .route(urls::STATEMENT_COLUMNS, post(file::columns).get(list::back))
        .route(urls::STATEMENT_FORGET, post(file::forget).get(list::back))
        .route(urls::STATEMENT, get(grid::page).post(grid::decide))
        .route(urls::STATEMENT_BOOK, post(grid::book).get(list::back))
        .route(urls::STATEMENT_UNDO, post(grid::undo).get(list::back))
}
