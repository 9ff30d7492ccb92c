//! `/data`: what people asked about their data, with the days left; what goes with time; the words in which people are
//! asked.

use acts::Right;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use members::request::{Matter, RequestKind};

use crate::error::PageError;
use crate::me::{Input, Sent, day, kind_words, matter_words, request_lines, sent_field};
use crate::pages::{Done, Here, Layout, Visit};
use crate::sheet::{Block, FormBlock, SheetPage, told};
use crate::sign_in::SignedIn;
use crate::words::{say, say_with};
use crate::{App, show, urls};

/// `GET /data`
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Query(what): Query<Done>,
) -> Result<Response, PageError> {
    desk(&app, &visit, &signed, &what, String::new()).await?.answer()
}

async fn desk(
    app: &App,
    visit: &Visit,
    signed: &SignedIn,
    what: &Done,
    refusal: String,
) -> Result<SheetPage, PageError> {
    let requests = app.acts.all_requests(&signed.actor).await?;
    let mut ways = Block::new(say("desk-ways"));
    ways.links
        .push((urls::DATA_KEEPING.to_owned(), say("keeping-title")));
    if signed.actor.may(Right::ChangeRules) {
        ways.links
            .push((urls::DATA_WORDINGS.to_owned(), say("wordings-title")));
    }
    if signed.actor.may(Right::LookAudit) {
        ways.links.push((urls::RECORD.to_owned(), say("record-title")));
    }
    let mut blocks = vec![ways];
    for seen in &requests {
        let action = urls::data_answer(seen.number);
        let mut block = Block {
            lines: request_lines(seen),
            links: vec![(
                urls::data_of(seen.request.person.number()),
                say_with("desk-person", [("name", seen.name.clone().into())]),
            )],
            ..Block::new(say_with(
                "desk-request",
                [
                    ("number", seen.number.to_string().into()),
                    ("kind", kind_words(seen.request.kind).into()),
                    ("name", seen.name.clone().into()),
                ],
            ))
        };
        if seen.request.closed.is_none() {
            let button = match (seen.request.kind, seen.request.acknowledged) {
                (RequestKind::Complaint, None) => "desk-acknowledge-or-answer",
                _ => "desk-answer",
            };
            block.forms.push(FormBlock {
                token: signed.token(&purpose(&action, seen)),
                action,
                hint: say("desk-answer-hint"),
                fields: vec![Input::lines("outcome", "desk-outcome").within(&format!("r{}-", seen.number))],
                button: say(button),
                ..FormBlock::default()
            });
        }
        blocks.push(block);
    }
    if requests.is_empty() {
        blocks.push(Block {
            lines: vec![say("desk-nothing")],
            ..Block::new(say("requests-title"))
        });
    }
    Ok(SheetPage {
        layout: Layout::new(&app.look(), visit, Here::Members),
        up: (urls::MEMBERS.to_owned(), say("hub-title")),
        heading: say("desk-title"),
        lead: say("desk-lead"),
        done: if what.is("answered") {
            say("desk-done")
        } else {
            String::new()
        },
        refusal,
        blocks,
    })
}

fn purpose(action: &str, seen: &acts::data::RequestSeen) -> String {
    format!("{action} {:?}", seen.request.acknowledged)
}

/// `POST /data/requests/{number}`
pub(crate) async fn answer(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Path(number): Path<u32>,
    Form(sent): Form<Sent>,
) -> Result<Response, PageError> {
    let requests = app.acts.all_requests(&signed.actor).await?;
    let seen = requests
        .iter()
        .find(|seen| seen.number == number)
        .ok_or_else(|| PageError::NotThere(say("desk-no-request")))?;
    let purpose = purpose(&urls::data_answer(number), seen);
    signed.check(&purpose, sent_field(&sent, "token"))?;
    let answered = app
        .acts
        .answer_request(&signed.actor, number, sent_field(&sent, "outcome"))
        .await;
    match answered {
        Ok(()) => Ok(Redirect::to(&urls::done(urls::DATA, "answered")).into_response()),
        Err(error) => {
            let why = told(error)?;
            desk(&app, &visit, &signed, &Done::default(), why).await?.answer()
        }
    }
}

/// `GET /data/keeping`
pub(crate) async fn keeping(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
) -> Result<Response, PageError> {
    let keeping = app.acts.keeping(&signed.actor).await?;
    let look = app.look();
    let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX).into();
    let last = match &keeping.last {
        Some((at, what)) => vec![
            say_with(
                "keeping-last-on",
                [("when", show::moment(&look.place().zone, look.now(), *at).into())],
            ),
            what.clone(),
        ],
        None => vec![say("keeping-never")],
    };
    let over = keeping.over.iter().map(|(title, gone, less)| {
        say_with(
            "keeping-over-line",
            [
                ("title", title.clone().into()),
                ("gone", count(*gone)),
                ("less", count(*less)),
            ],
        )
    });
    let next = keeping.next.iter().map(|(on, title, rows)| {
        say_with(
            "keeping-next-line",
            [
                ("day", day(*on).into()),
                ("title", title.clone().into()),
                ("count", count(*rows)),
            ],
        )
    });
    let or_nothing = |lines: Vec<String>| {
        if lines.is_empty() {
            vec![say("keeping-nothing")]
        } else {
            lines
        }
    };
    SheetPage {
        layout: Layout::new(&look, &visit, Here::Members),
        up: (urls::DATA.to_owned(), say("desk-title")),
        heading: say("keeping-title"),
        lead: say("keeping-lead"),
        done: String::new(),
        refusal: String::new(),
        blocks: vec![
            Block {
                lines: last,
                ..Block::new(say("keeping-last"))
            },
            Block {
                lines: or_nothing(over.collect()),
                ..Block::new(say("keeping-over"))
            },
            Block {
                lines: or_nothing(next.collect()),
                ..Block::new(say("keeping-next"))
            },
        ],
    }
    .answer()
}

/// `GET /data/wordings`
pub(crate) async fn wordings(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Query(what): Query<Done>,
) -> Result<Response, PageError> {
    wordings_page(&app, &visit, &signed, &what, String::new())
        .await?
        .answer()
}

async fn wordings_page(
    app: &App,
    visit: &Visit,
    signed: &SignedIn,
    what: &Done,
    refusal: String,
) -> Result<SheetPage, PageError> {
    if !signed.actor.may(Right::ChangeRules) {
        return Err(acts::ActError::NotAllowed(Right::ChangeRules).into());
    }
    let asked = app.acts.wordings().await?;
    let blocks = asked.iter().map(|asked| {
        let field = Input::lines("text", "wordings-text")
            .within(&format!("{}-", asked.matter.word().replace(' ', "-")))
            .holding(&asked.text);
        Block {
            lines: vec![say_with(
                "wordings-version",
                [("version", i64::from(asked.version).into())],
            )],
            forms: vec![FormBlock {
                action: urls::DATA_WORDINGS.to_owned(),
                token: signed.token(&format!("{} {}", urls::DATA_WORDINGS, asked.version)),
                hidden: vec![
                    ("matter", asked.matter.word().to_owned()),
                    ("version", asked.version.to_string()),
                ],
                hint: say("wordings-hint"),
                fields: vec![field],
                button: say("wordings-button"),
            }],
            ..Block::new(matter_words(asked.matter))
        }
    });
    Ok(SheetPage {
        layout: Layout::new(&app.look(), visit, Here::Members),
        up: (urls::DATA.to_owned(), say("desk-title")),
        heading: say("wordings-title"),
        lead: say("wordings-lead"),
        done: if what.is("written") {
            say("wordings-done")
        } else {
            String::new()
        },
        refusal,
        blocks: blocks.collect(),
    })
}

/// `POST /data/wordings`
pub(crate) async fn change_wording(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Form(sent): Form<Sent>,
) -> Result<Response, PageError> {
    let matter = Matter::parse(sent_field(&sent, "matter"))
        .ok_or_else(|| PageError::BadQuestion(say("consent-which")))?;
    let asked = app.acts.wordings().await?;
    let version = asked
        .iter()
        .find(|asked| asked.matter == matter)
        .map_or(0, |asked| asked.version);
    signed.check(
        &format!("{} {version}", urls::DATA_WORDINGS),
        sent_field(&sent, "token"),
    )?;
    let written = app
        .acts
        .change_wording(&signed.actor, matter, sent_field(&sent, "text"))
        .await;
    match written {
        Ok(_) => Ok(Redirect::to(&urls::done(urls::DATA_WORDINGS, "written")).into_response()),
        Err(error) => {
            let why = told(error)?;
            wordings_page(&app, &visit, &signed, &Done::default(), why)
                .await?
                .answer()
        }
    }
}
