//! Everything about one person as a letter in plain words, which prints well, and as a file for machines.

use acts::data::Copy;
use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use super::asking::sent_field;
use super::inputs::Sent;
use super::kept::{Group, groups};
use super::told::LineRow;
use crate::error::PageError;
use crate::pages::{Here, Layout, Visit, html};
use crate::sheet::{Block, FormBlock, SheetPage};
use crate::sign_in::SignedIn;
use crate::words::{filters, say, say_with};
use crate::{App, show, urls};

/// The letter.
#[derive(Template)]
#[template(path = "me/copy.html")]
pub(crate) struct CopyPage {
    layout: Layout,
    heading: String,
    made: String,
    groups: Vec<Group>,
    lines: Vec<LineRow>,
    energy: Option<String>,
}

/// `GET /me/copy`
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
) -> Result<Response, PageError> {
    let form = |action: &str, button: &str| FormBlock {
        action: action.to_owned(),
        token: signed.token(action),
        button: say(button),
        ..FormBlock::default()
    };
    SheetPage {
        layout: Layout::new(&app.look(), &visit, Here::Own),
        up: (urls::ME.to_owned(), say("me-back")),
        heading: say("copy-title"),
        lead: say("copy-lead"),
        done: String::new(),
        refusal: String::new(),
        blocks: vec![Block {
            forms: vec![
                form(urls::MY_COPY, "copy-letter"),
                form(urls::MY_COPY_FILE, "copy-file"),
            ],
            ..Block::new(say("copy-how"))
        }],
    }
    .answer()
}

/// `POST /me/copy`
pub(crate) async fn letter(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Form(sent): Form<Sent>,
) -> Result<Response, PageError> {
    signed.check(urls::MY_COPY, sent_field(&sent, "token"))?;
    let copy = app.acts.copy_of_mine(&signed.actor).await?;
    html(&CopyPage::new(&app, &visit, &copy))
}

/// `POST /me/copy.json`
pub(crate) async fn file(
    State(app): State<App>,
    signed: SignedIn,
    Form(sent): Form<Sent>,
) -> Result<Response, PageError> {
    signed.check(urls::MY_COPY_FILE, sent_field(&sent, "token"))?;
    let copy = app.acts.copy_of_mine(&signed.actor).await?;
    Ok(as_file(&copy))
}

/// The copy as a file to be kept.
pub(crate) fn as_file(copy: &Copy) -> Response {
    let mut response = copy.json().into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_static("attachment; filename=\"my-data.json\""),
    );
    response
}

impl CopyPage {
    /// The letter of this copy.
    pub(crate) fn new(app: &App, visit: &Visit, copy: &Copy) -> Self {
        let look = app.look();
        let (zone, now) = (&look.place().zone, look.now());
        let made = show::long_day(zone.date_of(copy.made));
        Self {
            layout: Layout::new(&look, visit, Here::Own),
            heading: say_with("copy-heading", [("name", copy.name.clone().into())]),
            made: say_with("copy-made", [("day", made.into())]),
            groups: groups(&copy.rows, copy.person),
            lines: copy
                .lines
                .iter()
                .map(|line| LineRow::of(line, zone, now))
                .collect(),
            energy: (!copy.energy.is_empty()).then(|| {
                let count = i64::try_from(copy.energy.len()).unwrap_or(i64::MAX);
                say_with("copy-energy", [("count", count.into())])
            }),
        }
    }

    /// A letter.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        Self {
            layout: Layout::sample(),
            heading: say_with("copy-heading", [("name", "Ana <Öberg>".into())]),
            made: say_with("copy-made", [("day", "Tuesday 16 June".into())]),
            groups: Vec::new(),
            lines: vec![LineRow::sample()],
            energy: Some(say_with("copy-energy", [("count", 3.into())])),
        }
    }
}
