//! `/people/{person}/erase`: what erasing somebody takes and what the law has kept, and the button for it. What is sent is
//! good only for what was shown.

use acts::data::Erasure;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::Response;
use members::credential::Digest;
use units::PersonId;

use crate::error::PageError;
use crate::me::{Input, Sent, day, sent_field};
use crate::pages::{Here, Layout, Visit};
use crate::sheet::{Block, FormBlock, SheetPage, told};
use crate::sign_in::SignedIn;
use crate::words::{say, say_with};
use crate::{App, show, urls};

/// `GET /people/{person}/erase`
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Path(person): Path<u32>,
) -> Result<Response, PageError> {
    let erasure = app.acts.erasure_of(&signed.actor, PersonId::new(person)).await?;
    sheet(&app, &visit, &signed, person, &erasure, String::new()).answer()
}

/// `POST /people/{person}/erase`
pub(crate) async fn erase(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Path(person): Path<u32>,
    Form(sent): Form<Sent>,
) -> Result<Response, PageError> {
    let id = PersonId::new(person);
    let shown = app.acts.erasure_of(&signed.actor, id).await?;
    signed.check(&purpose(person, &shown), sent_field(&sent, "token"))?;
    match app.acts.erase(&signed.actor, id, sent_field(&sent, "why")).await {
        Ok(done) => SheetPage {
            layout: Layout::new(&app.look(), &visit, Here::Members),
            up: (urls::DATA.to_owned(), say("desk-title")),
            heading: say("erase-done"),
            lead: say("erase-done-says"),
            done: String::new(),
            refusal: String::new(),
            blocks: kept(&done),
        }
        .answer(),
        Err(error) => {
            let why = told(error)?;
            sheet(&app, &visit, &signed, person, &shown, why).answer()
        }
    }
}

/// What the form is for: just what was shown. The look at it adds a line to the record and no row.
fn purpose(person: u32, erasure: &Erasure) -> String {
    let shown = format!("{:?} {:?} {:?}", erasure.gone, erasure.kept, erasure.changed);
    format!(
        "{} {}",
        urls::erase(person),
        Digest::of(&[shown.as_bytes()]).hex()
    )
}

fn counted(rows: &[(String, usize)]) -> Vec<String> {
    let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX).into();
    rows.iter()
        .map(|(title, rows)| {
            say_with(
                "erase-rows",
                [("title", title.clone().into()), ("count", count(*rows))],
            )
        })
        .collect()
}

/// What stays by law.
fn kept(erasure: &Erasure) -> Vec<Block> {
    let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX).into();
    let lines: Vec<String> = erasure
        .kept
        .iter()
        .map(|(title, rows, until)| {
            say_with(
                "erase-kept",
                [
                    ("title", title.clone().into()),
                    ("count", count(*rows)),
                    ("day", day(*until).into()),
                ],
            )
        })
        .collect();
    vec![Block {
        lines: if lines.is_empty() {
            vec![say("erase-kept-nothing")]
        } else {
            lines
        },
        ..Block::new(say("erase-kept-title"))
    }]
}

fn sheet(
    app: &App,
    visit: &Visit,
    signed: &SignedIn,
    person: u32,
    erasure: &Erasure,
    refusal: String,
) -> SheetPage {
    let mut gone = Block {
        lines: counted(&erasure.gone),
        ..Block::new(say("erase-gone-title"))
    };
    gone.lines.push(say("erase-gone-more"));
    let mut blocks = vec![gone];
    if !erasure.changed.is_empty() {
        blocks.push(Block {
            lines: counted(&erasure.changed),
            ..Block::new(say("erase-changed-title"))
        });
    }
    blocks.extend(kept(erasure));
    let mut last = Block::new(say("erase-now-title"));
    match &erasure.hindered {
        Some(why) => last.lines.push(show::sentence(why)),
        None => last.forms.push(FormBlock {
            action: urls::erase(person),
            token: signed.token(&purpose(person, erasure)),
            hint: say("erase-hint"),
            fields: vec![Input::line("why", "erase-why")],
            button: say("erase-button"),
            ..FormBlock::default()
        }),
    }
    blocks.push(last);
    SheetPage {
        layout: Layout::new(&app.look(), visit, Here::Members),
        up: (urls::data_of(person), say("erase-back")),
        heading: say_with("erase-heading", [("name", erasure.name.clone().into())]),
        lead: say("erase-lead"),
        done: String::new(),
        refusal,
        blocks,
    }
}
