//! `/me/requests`, `/me/consents` and `/me/leave`: what people ask about their data, what they say yes and no to, and
//! how they leave.

use acts::data::{Consents, RequestSeen};
use axum::Form;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use members::request::{Answer, Matter, RequestKind};

use super::inputs::{Input, Sent};
use crate::error::PageError;
use crate::pages::{Done, Here, Layout, Visit};
use crate::sheet::{Block, FormBlock, SheetPage, told};
use crate::sign_in::SignedIn;
use crate::words::{say, say_with};
use crate::{App, show, urls};

/// What stands under this name in what was sent.
pub(crate) fn sent_field<'a>(sent: &'a Sent, name: &str) -> &'a str {
    sent.get(name).map_or("", String::as_str)
}

fn done(url: &str, what: &str) -> Response {
    Redirect::to(&urls::done(url, what)).into_response()
}

/// What a kind of request is called.
pub(crate) fn kind_words(kind: RequestKind) -> String {
    say(match kind {
        RequestKind::Copy => "request-copy",
        RequestKind::Correction => "request-correction",
        RequestKind::Erasure => "request-erasure",
        RequestKind::Objection => "request-objection",
        RequestKind::Complaint => "request-complaint",
    })
}

/// All kinds of requests, for choosing.
pub(crate) fn kinds() -> Vec<(String, String)> {
    let all = RequestKind::ALL.iter();
    all.map(|kind| (kind.word().to_owned(), kind_words(*kind)))
        .collect()
}

/// A request in lines: what, when, and how it stands.
pub(crate) fn request_lines(seen: &RequestSeen) -> Vec<String> {
    let request = &seen.request;
    let mut lines = vec![say_with(
        "request-asked",
        [
            ("day", day(request.asked).into()),
            ("channel", request.channel.word().into()),
        ],
    )];
    lines.extend(request.words.clone());
    if let Some(acknowledged) = request.acknowledged {
        lines.push(say_with(
            "request-acknowledged",
            [("day", day(acknowledged).into())],
        ));
    }
    if let Some(closed) = request.closed {
        lines.push(say_with("request-closed", [("day", day(closed).into())]));
    }
    lines.extend(request.outcome.clone());
    if let (Some(due), Some(left)) = (request.due(), seen.days_left) {
        let places = [("day", day(due).into()), ("left", i64::from(left.abs()).into())];
        let key = if left < 0 { "request-late" } else { "request-due" };
        lines.push(say_with(key, places));
    }
    lines
}

/// A day in words.
pub(crate) fn day(day: jiff::civil::Date) -> String {
    energy::calendar::Date::parse(&day.to_string()).map_or_else(|_| day.to_string(), show::long_day)
}

/// `GET /me/requests`
pub(crate) async fn requests(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Query(what): Query<Done>,
) -> Result<Response, PageError> {
    requests_page(&app, &visit, &signed, &what, &Sent::new(), String::new())
        .await?
        .answer()
}

/// `POST /me/requests`
pub(crate) async fn ask(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Form(sent): Form<Sent>,
) -> Result<Response, PageError> {
    let asked = app.acts.my_requests(&signed.actor).await?.len();
    signed.check(&after(urls::MY_REQUESTS, asked), sent_field(&sent, "token"))?;
    let kind = RequestKind::parse(sent_field(&sent, "kind")).unwrap_or(RequestKind::Complaint);
    let answer = app
        .acts
        .ask_about_data(&signed.actor, kind, sent_field(&sent, "words"))
        .await;
    match answer {
        Ok(_) => Ok(done(urls::MY_REQUESTS, "asked")),
        Err(error) => {
            let why = told(error)?;
            requests_page(&app, &visit, &signed, &Done::default(), &sent, why)
                .await?
                .answer()
        }
    }
}

/// What a form is for that adds one thing to so many.
fn after(url: &str, count: usize) -> String {
    format!("{url} after {count}")
}

async fn requests_page(
    app: &App,
    visit: &Visit,
    signed: &SignedIn,
    what: &Done,
    sent: &Sent,
    refusal: String,
) -> Result<SheetPage, PageError> {
    let asked = app.acts.my_requests(&signed.actor).await?;
    let form = FormBlock {
        action: urls::MY_REQUESTS.to_owned(),
        token: signed.token(&after(urls::MY_REQUESTS, asked.len())),
        fields: vec![
            Input::choice("kind", "request-kind", kinds()).holding(sent_field(sent, "kind")),
            Input::lines("words", "request-words")
                .hinted("request-words-hint")
                .holding(sent_field(sent, "words")),
        ],
        button: say("request-send"),
        ..FormBlock::default()
    };
    let mut blocks = vec![Block {
        forms: vec![form],
        ..Block::new(say("request-new"))
    }];
    blocks.extend(asked.iter().map(|seen| Block {
        lines: request_lines(seen),
        ..Block::new(kind_words(seen.request.kind))
    }));
    Ok(SheetPage {
        layout: Layout::new(&app.look(), visit, Here::Own),
        up: (urls::ME.to_owned(), say("me-back")),
        heading: say("requests-title"),
        lead: say("requests-lead"),
        done: if what.is("asked") {
            say("request-done")
        } else {
            String::new()
        },
        refusal,
        blocks,
    })
}

/// What a matter is called.
pub(crate) fn matter_words(matter: Matter) -> String {
    say(match matter {
        Matter::News => "matter-news",
        Matter::Appeals => "matter-appeals",
        Matter::Pictures => "matter-pictures",
        Matter::Name => "matter-name",
    })
}

/// How an answer stands, in words.
pub(crate) fn answer_lines(consents: &Consents, matter: Matter) -> Vec<String> {
    let of_it = consents.given.iter().filter(|seen| seen.consent.matter == matter);
    let mut lines: Vec<String> = of_it
        .map(|seen| {
            let key = match seen.consent.answer {
                Answer::Yes => "consent-yes",
                Answer::No => "consent-no",
            };
            let at = jiff::Timestamp::from_millisecond(seen.consent.at.as_millis()).unwrap_or_default();
            let on = jiff::tz::TimeZone::UTC.to_datetime(at).date();
            say_with(
                key,
                [
                    ("day", day(on).into()),
                    ("channel", seen.consent.channel.word().into()),
                    ("words", seen.text.clone().into()),
                ],
            )
        })
        .collect();
    if lines.is_empty() {
        lines.push(say("consent-none"));
    }
    lines
}

/// `GET /me/consents`
pub(crate) async fn consents(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Query(what): Query<Done>,
) -> Result<Response, PageError> {
    let found = app.acts.my_consents(&signed.actor).await?;
    let blocks = found.asked.iter().map(|asked| {
        let yes = found
            .newest(asked.matter)
            .is_some_and(|seen| seen.consent.answer == Answer::Yes);
        let (answer, button) = if yes {
            (Answer::No, "consent-take-back")
        } else {
            (Answer::Yes, "consent-say-yes")
        };
        Block {
            lines: answer_lines(&found, asked.matter),
            forms: vec![FormBlock {
                action: urls::MY_CONSENTS.to_owned(),
                token: signed.token(&after(urls::MY_CONSENTS, found.given.len())),
                hidden: vec![
                    ("matter", asked.matter.word().to_owned()),
                    ("answer", answer.word().to_owned()),
                ],
                hint: asked.text.clone(),
                button: say(button),
                ..FormBlock::default()
            }],
            ..Block::new(matter_words(asked.matter))
        }
    });
    SheetPage {
        layout: Layout::new(&app.look(), &visit, Here::Own),
        up: (urls::ME.to_owned(), say("me-back")),
        heading: say("consents-title"),
        lead: say("consents-lead"),
        done: if what.is("said") {
            say("consent-done")
        } else {
            String::new()
        },
        refusal: String::new(),
        blocks: blocks.collect(),
    }
    .answer()
}

/// `POST /me/consents`
pub(crate) async fn say_yes_or_no(
    State(app): State<App>,
    signed: SignedIn,
    Form(sent): Form<Sent>,
) -> Result<Response, PageError> {
    let given = app.acts.my_consents(&signed.actor).await?.given.len();
    signed.check(&after(urls::MY_CONSENTS, given), sent_field(&sent, "token"))?;
    let matter = Matter::parse(sent_field(&sent, "matter"));
    let answer = Answer::parse(sent_field(&sent, "answer"));
    let (Some(matter), Some(answer)) = (matter, answer) else {
        return Err(PageError::BadQuestion(say("consent-which")));
    };
    app.acts.say(&signed.actor, matter, answer).await?;
    Ok(done(urls::MY_CONSENTS, "said"))
}

/// `GET /me/leave`
pub(crate) async fn leave(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Query(what): Query<Done>,
) -> Result<Response, PageError> {
    leave_page(&app, &visit, &signed, &what, String::new())
        .await?
        .answer()
}

/// `POST /me/leave`
pub(crate) async fn leave_now(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Form(sent): Form<Sent>,
) -> Result<Response, PageError> {
    signed.check(urls::MY_LEAVE, sent_field(&sent, "token"))?;
    match app.acts.leave(&signed.actor, sent_field(&sent, "why")).await {
        Ok(()) => Ok(done(urls::MY_LEAVE, "left")),
        Err(error) => {
            let why = told(error)?;
            leave_page(&app, &visit, &signed, &Done::default(), why)
                .await?
                .answer()
        }
    }
}

async fn leave_page(
    app: &App,
    visit: &Visit,
    signed: &SignedIn,
    what: &Done,
    refusal: String,
) -> Result<SheetPage, PageError> {
    let membership = app.acts.my_membership(&signed.actor).await?;
    let left = membership
        .as_ref()
        .and_then(members::membership::Membership::ended);
    let mut block = Block::new(say("leave-what"));
    block.lines = ["leave-access", "leave-name", "leave-money", "leave-undo"]
        .map(say)
        .to_vec();
    match (&membership, left) {
        (None, _) => block.lines = vec![say("leave-no-member")],
        (Some(_), Some(on)) => block
            .lines
            .insert(0, say_with("leave-left", [("day", day(on).into())])),
        (Some(_), None) => block.forms.push(FormBlock {
            action: urls::MY_LEAVE.to_owned(),
            token: signed.token(urls::MY_LEAVE),
            hint: say("leave-hint"),
            fields: vec![Input::lines("why", "leave-why").hinted("leave-why-hint")],
            button: say("leave-button"),
            ..FormBlock::default()
        }),
    }
    Ok(SheetPage {
        layout: Layout::new(&app.look(), visit, Here::Own),
        up: (urls::ME.to_owned(), say("me-back")),
        heading: say("leave-title"),
        lead: say("leave-lead"),
        done: if what.is("left") {
            say("leave-done")
        } else {
            String::new()
        },
        refusal,
        blocks: vec![block],
    })
}

/// `GET /me/members`
pub(crate) async fn directory(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
) -> Result<Response, PageError> {
    let names = app.acts.directory(&signed.actor).await?;
    let lines = if names.is_empty() {
        vec![say("directory-nobody")]
    } else {
        names
    };
    SheetPage {
        layout: Layout::new(&app.look(), &visit, Here::Own),
        up: (urls::ME.to_owned(), say("me-back")),
        heading: say("directory-title"),
        lead: say("directory-lead"),
        done: String::new(),
        refusal: String::new(),
        blocks: vec![Block {
            lines,
            ..Block::new(say("directory-names"))
        }],
    }
    .answer()
}
