//! The desk of whoever deals with requests about data: what people asked, somebody's copy, consents and erasure, what goes
//! with time, and the record of who did what.

mod desk;
mod erase;
mod person;
mod record;

use axum::Router;
use axum::middleware::from_fn;
use axum::routing::{get, post};

#[cfg(test)]
pub(crate) use record::RecordPage;

use crate::sign_in::keep_nothing;
use crate::{App, urls};

/// The pages of the desk.
pub(crate) fn router() -> Router<App> {
    Router::new()
        .route(urls::DATA, get(desk::page))
        .route(urls::DATA_ANSWER, post(desk::answer))
        .route(urls::DATA_KEEPING, get(desk::keeping))
        .route(
            urls::DATA_WORDINGS,
            get(desk::wordings).post(desk::change_wording),
        )
        .route(urls::DATA_OF, get(person::page))
        .route(urls::DATA_OF_REQUEST, post(person::take_down))
        .route(urls::DATA_OF_CONSENT, post(person::consent))
        .route(urls::DATA_OF_COPY, post(person::copy))
        .route(urls::ERASE, get(erase::page).post(erase::erase))
        .route(urls::RECORD, get(record::page))
        .route(urls::RECORD_FILE, get(record::file))
        .layer(from_fn(keep_nothing))
}
