//! Letters, labels, lists, cards and e-mail: the pages on which stewards write them, choose who gets them, print them and
//! see what went. What is printed is a page with a style sheet for paper.

mod choice;
mod mails;
mod own;
mod paper;
mod print;
mod run;
mod send;
mod server;
mod slips;
mod write;

use axum::Router;
use axum::routing::{get, post};

#[cfg(test)]
pub(crate) use mails::MailsPage;
#[cfg(test)]
pub(crate) use own::{MyLetterPage, MyLettersPage};
#[cfg(test)]
pub(crate) use paper::RunPaper;
#[cfg(test)]
pub(crate) use print::{AttendancePaper, CardPage, CardsPaper, LabelsPaper, PrintPage};
#[cfg(test)]
pub(crate) use run::RunPage;
#[cfg(test)]
pub(crate) use send::SendPage;
#[cfg(test)]
pub(crate) use server::ServerPage;
#[cfg(test)]
pub(crate) use slips::SlipsPage;
#[cfg(test)]
pub(crate) use write::{LettersPage, WritePage};

use crate::{App, urls};

/// The pages of letters. They are merged into those of the members' book.
pub(crate) fn router() -> Router<App> {
    Router::new()
        .route(urls::LETTERS, get(write::list))
        .route(urls::LETTER_NEW, get(write::new).post(write::add))
        .route(urls::LETTER, get(write::page).post(write::change))
        .route(urls::LETTER_REMOVE, post(write::remove).get(write::back))
        .route(urls::LETTER_SEND, get(send::page).post(send::send))
        .route(urls::RUN, get(run::page))
        .route(urls::RUN_PRINT, get(paper::page))
        .route(urls::MAILS, get(mails::page).post(mails::change))
        .route(urls::MAIL_SERVER, get(server::page).post(server::change))
        .route(urls::MAIL_TRY, post(server::try_it).get(server::back))
        .route(urls::PRINT, get(print::page))
        .route(urls::LABELS, get(print::labels))
        .route(urls::LABELS_STYLE, get(print::labels_style))
        .route(urls::ATTENDANCE, get(print::attendance))
        .route(urls::CARDS, get(print::cards))
        .route(urls::CARD, get(print::card))
        .route(urls::SLIPS, get(slips::page).post(slips::give))
        .route(urls::MY_LETTERS, get(own::list))
        .route(urls::MY_LETTER, get(own::one))
}
