//! `/members/letters/runs/{run}/print`: every letter of a run that goes by post, one after the other, each on its own
//! sheet with the address where the window of a DL envelope is.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use members::book::Book;
use members::letters::fill::{Common, envelope, fill};
use members::letters::{Channel, Piece, Text};
use serde::Deserialize;

use crate::error::PageError;
use crate::pages::{Here, Layout, Visit, html};
use crate::sign_in::SignedIn;
use crate::words::{filters, say_with};
use crate::{App, urls};

/// Letters for printing.
#[derive(Template)]
#[template(path = "letters/paper.html")]
pub(crate) struct RunPaper {
    layout: Layout,
    title: String,
    told: String,
    ordinary: String,
    all_large: String,
    letters: Vec<Sheet>,
}

/// One letter.
pub(crate) struct Sheet {
    /// The lines in the envelope's window.
    pub(crate) to: Vec<String>,
    /// The day.
    pub(crate) day: String,
    /// The title.
    pub(crate) title: String,
    /// What it says.
    pub(crate) body: String,
    /// Whether it is in large print.
    pub(crate) large: bool,
}

/// What is asked.
#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    size: String,
}

/// `GET /members/letters/runs/{run}/print`
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Path(number): Path<u32>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let opened = app.acts.print_run(&signed.actor, number).await?;
    let text = Text::parse(&opened.run.text).map_err(|fault| PageError::BadQuestion(fault.to_string()))?;
    let all_large = asked.size == "large";
    // Of somebody who was erased since nothing is left to print.
    let known = |piece: &&Piece| piece.people.iter().any(|id| opened.book.people.contains_key(id));
    let posted = opened.run.by(Channel::Post).filter(known);
    let letters: Vec<Sheet> = posted
        .map(|piece| {
            let sheet = Sheet::new(&opened.book, piece, &opened.run.title, &text, &opened.common);
            Sheet {
                large: sheet.large || all_large,
                ..sheet
            }
        })
        .collect();
    html(&RunPaper {
        layout: Layout::new(&app.look(), &visit, Here::Members),
        told: say_with("paper-told", [("count", letters.len().into())]),
        title: opened.run.title,
        ordinary: urls::run_print(number),
        all_large: format!("{}?size=large", urls::run_print(number)),
        letters,
    })
}

impl Sheet {
    /// The letter of one piece.
    pub(crate) fn new(book: &Book, piece: &Piece, title: &str, text: &Text, common: &Common) -> Self {
        Self {
            to: envelope(book, &piece.people),
            day: common.today.clone(),
            title: title.to_owned(),
            body: text.html(&fill(book, &piece.people, common)),
            large: piece.large,
        }
    }
}

impl RunPaper {
    /// One letter in large print.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        Self {
            layout: Layout::sample(),
            title: "Annual <meeting>".to_owned(),
            told: "1 letter".to_owned(),
            ordinary: urls::run_print(1),
            all_large: format!("{}?size=large", urls::run_print(1)),
            letters: vec![Sheet {
                to: vec!["Ana <Öberg>".to_owned(), "1 High Street".to_owned()],
                day: "16 June 2026".to_owned(),
                title: "Annual <meeting>".to_owned(),
                body: "<p>Dear <bdi>Ana</bdi></p>".to_owned(),
                large: true,
            }],
        }
    }
}
