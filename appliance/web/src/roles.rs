//! Roles, what takes two people, and who can do what here. The rules are in `acts`; here are forms and words.

mod choose;
mod list;
mod waiting;
mod who_can;

use acts::{ActError, Together};
use axum::Router;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};

#[cfg(test)]
pub(crate) use choose::ChoosePage;
#[cfg(test)]
pub(crate) use list::RolesPage;
#[cfg(test)]
pub(crate) use waiting::WaitingPage;
pub(crate) use waiting::how_many;
#[cfg(test)]
pub(crate) use who_can::WhoCanPage;

use crate::{App, urls};

/// The pages of roles. They are merged into those of the members' book.
pub(crate) fn router() -> Router<App> {
    Router::new()
        .route(urls::ROLES, get(list::page))
        .route(urls::ROLES_PERSON, get(choose::find))
        .route(urls::ROLES_OF, get(choose::of_person).post(choose::give))
        .route(urls::ROLE_NEW, get(choose::new).post(choose::make))
        .route(urls::ROLE, get(choose::own).post(choose::change))
        .route(urls::ROLE_DROP, post(choose::drop_it).get(choose::back))
        .route(urls::WAITING, get(waiting::page))
        .route(urls::WAITING_DECIDE, post(waiting::decide).get(waiting::back))
}

/// The page that everybody may read.
pub(crate) fn open_router() -> Router<App> {
    Router::new().route(urls::WHO_CAN, get(who_can::page))
}

/// Where one is led after something that takes two people: to `done` where it is done, else to what waits.
pub(crate) fn led(together: Together, done: String) -> Response {
    let to = match together {
        Together::Done => done,
        Together::Waits(_) => urls::done(urls::WAITING, "waits"),
    };
    Redirect::to(&to).into_response()
}

/// Whether a refusal is about what was chosen, and is told on the form that keeps it.
fn stays_in_the_form(error: &ActError) -> bool {
    matches!(
        error,
        ActError::BadInput(_) | ActError::OwnRights | ActError::LastSteward
    )
}
