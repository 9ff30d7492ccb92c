//! `/members/export`: the whole members' book as a table, what is in it, and who should not have it.

use acts::import::Export;
use axum::Form;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};

use super::preview::as_file;
use crate::error::PageError;
use crate::me::{Input, Sent, sent_field};
use crate::pages::{Here, Layout, Visit};
use crate::sheet::{Block, FormBlock, SheetPage, told};
use crate::sign_in::SignedIn;
use crate::words::{say, say_with};
use crate::{App, show, urls};

/// `GET /members/export`
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
) -> Result<Response, PageError> {
    sheet(&app, &visit, &signed, String::new()).await?.answer()
}

/// `POST /members/export`
pub(crate) async fn take(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Form(sent): Form<Sent>,
) -> Result<Response, PageError> {
    signed.check(urls::EXPORT, sent_field(&sent, "token"))?;
    match app.acts.export_all(&signed.actor, sent_field(&sent, "why")).await {
        Ok(Export::Table(csv)) => {
            let look = app.look();
            let day = look.place().zone.date_of(look.now());
            Ok(as_file(&format!("people-{day}.csv"), csv))
        }
        Ok(Export::Waits(_)) => Ok(Redirect::to(&urls::done(urls::WAITING, "waits")).into_response()),
        Err(error) => {
            let why = told(error)?;
            sheet(&app, &visit, &signed, why).await?.answer()
        }
    }
}

async fn sheet(app: &App, visit: &Visit, signed: &SignedIn, refusal: String) -> Result<SheetPage, PageError> {
    let asked = app.acts.export_asked(&signed.actor).await?;
    let lines = |keys: &[&str]| keys.iter().map(|key| say(key)).collect();
    let form = FormBlock {
        action: urls::EXPORT.to_owned(),
        token: signed.token(urls::EXPORT),
        ..FormBlock::default()
    };
    let take = match &asked {
        Some(asked) if asked.agreed => Block {
            lines: vec![say("export-agreed")],
            forms: vec![FormBlock {
                button: say("export-take"),
                ..form
            }],
            ..Block::new(say("export-take-title"))
        },
        Some(asked) => {
            let (look, until) = (app.look(), units::Instant::from_millis(asked.until_ms));
            let until = show::moment(&look.place().zone, look.now(), until);
            Block {
                lines: vec![say_with("export-waits", [("until", until.into())])],
                links: vec![(urls::WAITING.to_owned(), say("waiting-title"))],
                ..Block::new(say("export-take-title"))
            }
        }
        None => Block {
            forms: vec![FormBlock {
                hint: say("export-two"),
                fields: vec![Input::line("why", "export-why").hinted("export-why-hint")],
                button: say("export-ask"),
                ..form
            }],
            ..Block::new(say("export-take-title"))
        },
    };
    let within = [
        "export-people",
        "export-households",
        "export-membership",
        "export-rules",
    ];
    let without = ["export-no-money", "export-no-sign-in", "export-no-record"];
    Ok(SheetPage {
        layout: Layout::new(&app.look(), visit, Here::Members),
        up: (urls::MEMBERS.to_owned(), say("hub-title")),
        heading: say("export-title"),
        lead: say("export-lead"),
        done: String::new(),
        refusal,
        blocks: vec![
            Block {
                lines: lines(&within),
                ..Block::new(say("export-within"))
            },
            Block {
                lines: lines(&without),
                ..Block::new(say("export-without"))
            },
            Block {
                lines: lines(&["export-careful", "export-formula", "export-again"]),
                ..Block::new(say("export-who"))
            },
            take,
        ],
    })
}
