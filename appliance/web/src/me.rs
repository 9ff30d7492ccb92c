//! What is one's own: what is kept about oneself and why, who looked at it, and everything that one may do about it. The
//! rules are in `members`, the acts in `acts::data` and `acts::record`; here are forms and words.

mod asking;
mod copy;
mod hub;
mod inputs;
mod kept;
mod looks;
mod mine;
mod told;

use axum::Router;
use axum::middleware::from_fn;
use axum::routing::{get, post};

pub(crate) use asking::{answer_lines, day, kind_words, kinds, matter_words, request_lines, sent_field};
pub(crate) use copy::{CopyPage, as_file};
#[cfg(test)]
pub(crate) use hub::MyHubPage;
pub(crate) use inputs::{Input, Kind, Sent};
#[cfg(test)]
pub(crate) use kept::KeptPage;
#[cfg(test)]
pub(crate) use looks::LooksPage;
#[cfg(test)]
pub(crate) use mine::MinePage;
pub(crate) use told::LineRow;

use crate::{App, sign_in, urls};

/// The pages of one's own data.
pub(crate) fn router() -> Router<App> {
    Router::new()
        .route(urls::ME, get(hub::page))
        .route(urls::MY_DATA, get(kept::page))
        .route(urls::MY_ENTRY, get(mine::entry).post(mine::change_entry))
        .route(
            urls::MY_HOUSEHOLD,
            get(mine::household).post(mine::change_household),
        )
        .route(urls::MY_LOOKS, get(looks::page))
        .route(urls::MY_REQUESTS, get(asking::requests).post(asking::ask))
        .route(
            urls::MY_CONSENTS,
            get(asking::consents).post(asking::say_yes_or_no),
        )
        .route(urls::MY_LEAVE, get(asking::leave).post(asking::leave_now))
        .route(urls::MY_MEMBERS, get(asking::directory))
        .route(urls::MY_COPY, get(copy::page).post(copy::letter))
        .route(urls::MY_COPY_FILE, post(copy::file).get(copy::page))
        .layer(from_fn(sign_in::keep_nothing))
}
