//! A page of blocks: what stands there, and the forms with which it is changed. Pages about requests, consents, leaving
//! and erasure are all of this kind, so that they look and behave alike.

use acts::ActError;
use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::error::PageError;
use crate::me::{Input, Kind};
use crate::pages::{Layout, html};
use crate::show;
use crate::words::filters;
#[cfg(test)]
use crate::words::say;

/// A page of blocks.
#[derive(Template)]
#[template(path = "sheet.html")]
pub(crate) struct SheetPage {
    /// The frame.
    pub(crate) layout: Layout,
    /// The way back: its address and its words.
    pub(crate) up: (String, String),
    /// The heading.
    pub(crate) heading: String,
    /// What the page is for.
    pub(crate) lead: String,
    /// What was just done; may be empty.
    pub(crate) done: String,
    /// Why what was sent was refused; may be empty.
    pub(crate) refusal: String,
    /// The blocks.
    pub(crate) blocks: Vec<Block>,
}

/// A block with its own heading.
#[derive(Debug, Clone, Default)]
pub(crate) struct Block {
    /// Its heading.
    pub(crate) heading: String,
    /// What stands there.
    pub(crate) lines: Vec<String>,
    /// Ways on: address and words.
    pub(crate) links: Vec<(String, String)>,
    /// Its forms.
    pub(crate) forms: Vec<FormBlock>,
}

/// A form.
#[derive(Debug, Clone, Default)]
pub(crate) struct FormBlock {
    /// Where it is sent.
    pub(crate) action: String,
    /// What shows that it comes from this page.
    pub(crate) token: String,
    /// What it carries unseen.
    pub(crate) hidden: Vec<(&'static str, String)>,
    /// What should be known before it is sent; may be empty.
    pub(crate) hint: String,
    /// Its fields.
    pub(crate) fields: Vec<Input>,
    /// What its button does.
    pub(crate) button: String,
}

impl Block {
    /// A block with this heading.
    pub(crate) fn new(heading: String) -> Self {
        Self {
            heading,
            ..Self::default()
        }
    }
}

impl SheetPage {
    /// The page as an answer; with a refusal, as one that was not good.
    pub(crate) fn answer(&self) -> Result<Response, PageError> {
        let page = html(self)?;
        Ok(if self.refusal.is_empty() {
            page
        } else {
            (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
        })
    }

    /// A page with one of everything.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let form = FormBlock {
            action: "/me/requests".to_owned(),
            token: "0".repeat(64),
            hidden: vec![("kind", "<copy>".to_owned())],
            hint: say("leave-hint"),
            fields: vec![
                Input::lines("words", "request-words")
                    .within("a-")
                    .holding("<b>")
                    .refused("write <something>"),
            ],
            button: say("request-send"),
        };
        Self {
            layout: Layout::sample(),
            up: ("/me".to_owned(), say("me-back")),
            heading: "Ana <Öberg>".to_owned(),
            lead: say("requests-lead"),
            done: say("me-done-entry"),
            refusal: "Nothing <was> changed.".to_owned(),
            blocks: vec![Block {
                lines: vec!["<i>".to_owned()],
                links: vec![("/me".to_owned(), say("me-back"))],
                forms: vec![form],
                ..Block::new("A <block>".to_owned())
            }],
        }
    }
}

/// The sentence of a refusal that is told on the page itself; any other goes on.
pub(crate) fn told(error: ActError) -> Result<String, PageError> {
    match error {
        ActError::BadInput(why) => Ok(show::sentence(&why)),
        other => Err(other.into()),
    }
}
