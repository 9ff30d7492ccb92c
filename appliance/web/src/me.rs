//! What is one's own: what is kept about oneself and why, who looked at it, and everything that one may do about it. The
//! rules are in `members`, the acts in `acts::data` and `acts::record`; here are forms and words.

mod hub;
mod inputs;
mod kept;
mod looks;
mod mine;
mod told;

use axum::Router;
use axum::middleware::from_fn;
use axum::routing::get;

#[cfg(test)]
pub(crate) use hub::MyHubPage;
#[cfg(test)]
pub(crate) use kept::KeptPage;
#[cfg(test)]
pub(crate) use looks::LooksPage;
#[cfg(test)]
pub(crate) use mine::MinePage;

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
        .layer(from_fn(sign_in::keep_nothing))
}
