//! Signing in and out: who asks, the pages on which somebody shows who they are, and the page on which they look after
//! it. The rules are in `members::credential`, the acts in `acts::sign_in`; here are forms, cookies and words.

mod arrival;
mod claim;
mod cookies;
mod give;
mod own;
mod passkey;
mod passphrase;
mod slip;
mod start;
mod who;

use acts::sign_in::{PasskeyError, SignInError};
use axum::Router;
use axum::http::StatusCode;
use axum::middleware::from_fn;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

pub(crate) use arrival::Scheme;
#[cfg(test)]
pub(crate) use claim::ClaimPage;
pub(crate) use cookies::{has_session, keep_nothing, keep_nothing_of_mine};
#[cfg(test)]
pub(crate) use give::GivePage;
pub(crate) use give::Paper;
#[cfg(test)]
pub(crate) use own::OwnPage;
#[cfg(test)]
pub(crate) use passphrase::PassphrasePage;
#[cfg(test)]
pub(crate) use slip::SlipPage;
#[cfg(test)]
pub(crate) use start::StartPage;
pub(crate) use who::SignedIn;

use crate::error::PageError;
use crate::{App, urls};

/// The pages of the way in and of one's own account.
pub(crate) fn router() -> Router<App> {
    Router::new()
        .route(urls::SIGN_IN, get(start::page).post(start::sign_in))
        .route(urls::SIGN_IN_SLIP, get(slip::page).post(slip::sign_in))
        .route(
            urls::SIGN_IN_PASSPHRASE,
            get(passphrase::page).post(passphrase::choose),
        )
        .route(urls::SIGN_IN_PASSKEY_QUESTION, post(passkey::question))
        .route(urls::SIGN_IN_PASSKEY, post(passkey::sign_in))
        .route(urls::CLAIM, get(claim::page).post(claim::claim))
        .route(urls::SLIP_FOR, get(give::page).post(give::give))
        .route(urls::MY_SESSIONS, get(own::page))
        .route(urls::MY_SIGN_OUT, post(own::sign_out).get(own::back))
        .route(
            urls::MY_SIGN_OUT_EVERYWHERE,
            post(own::sign_out_everywhere).get(own::back),
        )
        .route(urls::MY_SESSION_END, post(own::end_session).get(own::back))
        .route(urls::MY_NAME_ON_DEVICE, post(own::offer_name).get(own::back))
        .route(urls::MY_PASSKEY_QUESTION, post(passkey::question_to_add))
        .route(urls::MY_PASSKEYS, post(passkey::add).get(own::back))
        .route(urls::MY_PASSKEY_REMOVE, post(own::remove_passkey).get(own::back))
        .layer(from_fn(keep_nothing))
}

/// With which status a refusal is told.
fn status(error: &SignInError) -> StatusCode {
    match error {
        SignInError::TooMany(_) | SignInError::Crowded => StatusCode::TOO_MANY_REQUESTS,
        SignInError::NotAllowed(_) | SignInError::MayMore => StatusCode::FORBIDDEN,
        SignInError::Gone => StatusCode::NOT_FOUND,
        SignInError::Store(_) | SignInError::Damaged(_) | SignInError::Stopping => {
            StatusCode::INTERNAL_SERVER_ERROR
        }
        SignInError::Wrong
        | SignInError::Misread(_)
        | SignInError::NoSuchSlip
        | SignInError::SlipOver(_)
        | SignInError::NoSuchCode
        | SignInError::Claimed
        | SignInError::LastWayIn
        | SignInError::Weak(_)
        | SignInError::Unfit(_)
        | SignInError::Called(_)
        | SignInError::Passkey(
            PasskeyError::NotHere
            | PasskeyError::TooLate
            | PasskeyError::NotKnown
            | PasskeyError::Unfit
            | PasskeyError::TooManyKeys,
        )
        | SignInError::Unproved => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

impl From<SignInError> for PageError {
    fn from(error: SignInError) -> Self {
        let words = error.to_string();
        match status(&error) {
            StatusCode::NOT_FOUND => Self::NotThere(words),
            StatusCode::FORBIDDEN => Self::NotAllowed(words),
            StatusCode::INTERNAL_SERVER_ERROR => Self::Failed(words),
            _ => Self::BadQuestion(words),
        }
    }
}

/// A page that says why what was sent was refused.
fn refused(error: &SignInError, page: Response) -> Response {
    (status(error), page).into_response()
}
