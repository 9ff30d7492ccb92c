//! The router of the pages, and what all pages share: the frame around them and who is looking.

mod form;
mod layout;
mod onlooker;
mod theme;
pub(crate) mod upload;
mod visit;

use acts::Look;
use askama::Template;
use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};

pub(crate) use form::{Done, Field};
pub(crate) use layout::{Here, Layout};
pub(crate) use onlooker::Onlooker;
pub(crate) use theme::Theme;
pub(crate) use visit::Visit;

use crate::error::PageError;
use crate::words::say;
use crate::{App, backup, data, devices, error, home, me, members, roles, sign_in, the_box, trust, urls};

/// All pages, with the words for those that are not there. Put it beside the API and the files.
pub(crate) fn router(app: &App) -> Router<App> {
    Router::new()
        .route(urls::HOME, get(home::today))
        .route(urls::ENERGY, get(home::period))
        .route(urls::ENERGY_DATE, get(home::date))
        .route(urls::DEVICES, get(devices::list))
        .route(urls::DEVICE, get(devices::one))
        .route(urls::HISTORY, get(devices::history))
        .route(urls::HISTORY_CSV, get(devices::history_table))
        .route(urls::DEVICE_LABEL, post(devices::rename).get(devices::back))
        .route(urls::THE_BOX, get(the_box::page))
        .route(urls::PLACE_NAME, post(the_box::rename).get(the_box::back))
        .route(urls::RELOAD, post(the_box::reload).get(the_box::back))
        .route(urls::THEME, post(theme::choose))
        .merge(sign_in::router())
        .merge(members::router())
        .merge(roles::open_router())
        .merge(me::router())
        .merge(data::router())
        .merge(backup::router())
        .merge(trust::router())
        .fallback(nowhere)
        .layer(from_fn_with_state(app.clone(), error::dress))
}

pub(crate) use home::now_fragment;

/// A page as an answer.
pub(crate) fn html(page: &impl Template) -> Result<Response, PageError> {
    Ok(Html(page.render()?).into_response())
}

/// Looks where the store is read.
pub(crate) async fn looked<T: Send + 'static>(
    app: &App,
    onlooker: &Onlooker,
    look_at: impl FnOnce(&Look) -> Result<T, PageError> + Send + 'static,
) -> Result<T, PageError> {
    let fault = PageError::Failed(String::new());
    let actor = onlooker.actor().clone();
    app.read(actor, look_at).await.unwrap_or(Err(fault))
}

async fn nowhere() -> PageError {
    PageError::NotThere(say("error-no-page"))
}

#[cfg(test)]
mod tests;
