//! `/people` and below: the people of the place, for stewards.

mod list;

use axum::Router;
use axum::routing::get;

#[cfg(test)]
pub(crate) use list::PeoplePage;

use crate::{App, urls};

/// The pages of people. They are merged into those of the members' book.
pub(crate) fn router() -> Router<App> {
    Router::new().route(urls::PEOPLE, get(list::page))
}
