//! `/people/{person}/data`: what somebody asked by mouth or on paper, what they said yes and no to, and a copy of
//! everything for them.

use acts::data::Consents;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use members::request::{Answer, Channel, Matter};
use units::PersonId;

use crate::error::PageError;
use crate::me::{CopyPage, Input, Sent, answer_lines, as_file, kinds, matter_words, sent_field};
use crate::pages::{Done, Here, Layout, Visit, html};
use crate::sheet::{Block, FormBlock, SheetPage, told};
use crate::sign_in::SignedIn;
use crate::words::{say, say_with};
use crate::{App, urls};

/// `GET /people/{person}/data`
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Path(person): Path<u32>,
    Query(what): Query<Done>,
) -> Result<Response, PageError> {
    sheet(&app, &visit, &signed, PersonId::new(person), &what, String::new())
        .await?
        .answer()
}

async fn sheet(
    app: &App,
    visit: &Visit,
    signed: &SignedIn,
    person: PersonId,
    what: &Done,
    refusal: String,
) -> Result<SheetPage, PageError> {
    let consents = app.acts.consents_of(&signed.actor, person).await?;
    let done = [
        ("request", "desk-person-request-done"),
        ("consent", "desk-person-consent-done"),
    ];
    let found = done.into_iter().find(|(word, _)| what.is(word));
    let mut blocks = vec![
        request_block(signed, person, &consents),
        copy_block(signed, person),
    ];
    blocks.extend(
        consents
            .asked
            .iter()
            .map(|asked| consent_block(signed, person, &consents, asked)),
    );
    blocks.push(Block {
        lines: vec![say("erase-lead")],
        links: vec![(urls::erase(person.number()), say("erase-title"))],
        ..Block::new(say("erase-title"))
    });
    Ok(SheetPage {
        layout: Layout::new(&app.look(), visit, Here::Members),
        up: (urls::DATA.to_owned(), say("desk-title")),
        heading: say_with("desk-person-heading", [("name", consents.name.clone().into())]),
        lead: say("desk-person-lead"),
        done: found.map(|(_, key)| say(key)).unwrap_or_default(),
        refusal,
        blocks,
    })
}

fn channels() -> Vec<(String, String)> {
    let all = Channel::ALL.iter().filter(|channel| **channel != Channel::Page);
    all.map(|channel| {
        let words = say(match channel {
            Channel::Page => "channel-page",
            Channel::InPerson => "channel-in-person",
            Channel::Paper => "channel-paper",
            Channel::Phone => "channel-phone",
            Channel::Email => "channel-email",
        });
        (channel.word().to_owned(), words)
    })
    .collect()
}

fn purpose(action: &str, consents: &Consents) -> String {
    format!("{action} after {}", consents.given.len())
}

fn request_block(signed: &SignedIn, person: PersonId, consents: &Consents) -> Block {
    let action = urls::data_of_request(person.number());
    Block {
        forms: vec![FormBlock {
            token: signed.token(&purpose(&action, consents)),
            action,
            hint: say("take-down-hint"),
            fields: vec![
                Input::choice("kind", "request-kind", kinds()),
                Input::choice("channel", "take-down-channel", channels()),
                Input::day("asked", "take-down-day").hinted("take-down-day-hint"),
                Input::lines("words", "request-words"),
            ],
            button: say("take-down-button"),
            ..FormBlock::default()
        }],
        ..Block::new(say("take-down-title"))
    }
}

fn copy_block(signed: &SignedIn, person: PersonId) -> Block {
    let action = urls::data_of_copy(person.number());
    let form = |format: &str, button: &str| FormBlock {
        token: signed.token(&action),
        action: action.clone(),
        hidden: vec![("format", format.to_owned())],
        fields: vec![
            Input::line("why", "copy-why")
                .within(&format!("{format}-"))
                .hinted("copy-why-hint"),
        ],
        button: say(button),
        ..FormBlock::default()
    };
    Block {
        forms: vec![form("letter", "copy-letter"), form("file", "copy-file")],
        ..Block::new(say("desk-copy"))
    }
}

fn consent_block(
    signed: &SignedIn,
    person: PersonId,
    consents: &Consents,
    asked: &acts::data::WordingNow,
) -> Block {
    let action = urls::data_of_consent(person.number());
    let answers = [("yes", "answer-yes"), ("no", "answer-no")].map(|(word, key)| (word.to_owned(), say(key)));
    let prefix = format!("{}-", asked.matter.word().replace(' ', "-"));
    Block {
        lines: answer_lines(consents, asked.matter),
        forms: vec![FormBlock {
            token: signed.token(&purpose(&action, consents)),
            action,
            hidden: vec![("matter", asked.matter.word().to_owned())],
            hint: asked.text.clone(),
            fields: vec![
                Input::choice("answer", "consent-answer", answers.to_vec()).within(&prefix),
                Input::choice("channel", "consent-channel", channels()).within(&prefix),
            ],
            button: say("consent-button"),
        }],
        ..Block::new(matter_words(asked.matter))
    }
}

/// `POST /people/{person}/data/request`
pub(crate) async fn take_down(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Path(person): Path<u32>,
    Form(sent): Form<Sent>,
) -> Result<Response, PageError> {
    let id = PersonId::new(person);
    let consents = app.acts.consents_of(&signed.actor, id).await?;
    let action = urls::data_of_request(person);
    signed.check(&purpose(&action, &consents), sent_field(&sent, "token"))?;
    match app.acts.take_down_request(&signed.actor, id, &sent).await {
        Ok(_) => Ok(Redirect::to(&urls::done(&urls::data_of(person), "request")).into_response()),
        Err(error) => {
            let why = told(error)?;
            sheet(&app, &visit, &signed, id, &Done::default(), why)
                .await?
                .answer()
        }
    }
}

/// `POST /people/{person}/data/consent`
pub(crate) async fn consent(
    State(app): State<App>,
    signed: SignedIn,
    Path(person): Path<u32>,
    Form(sent): Form<Sent>,
) -> Result<Response, PageError> {
    let id = PersonId::new(person);
    let consents = app.acts.consents_of(&signed.actor, id).await?;
    let action = urls::data_of_consent(person);
    signed.check(&purpose(&action, &consents), sent_field(&sent, "token"))?;
    let said = (
        Matter::parse(sent_field(&sent, "matter")),
        Answer::parse(sent_field(&sent, "answer")),
        Channel::parse(sent_field(&sent, "channel")),
    );
    let (Some(matter), Some(answer), Some(channel)) = said else {
        return Err(PageError::BadQuestion(say("consent-which")));
    };
    app.acts
        .take_down_consent(&signed.actor, id, (matter, answer, channel))
        .await?;
    Ok(Redirect::to(&urls::done(&urls::data_of(person), "consent")).into_response())
}

/// `POST /people/{person}/data/copy`
pub(crate) async fn copy(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Path(person): Path<u32>,
    Form(sent): Form<Sent>,
) -> Result<Response, PageError> {
    let id = PersonId::new(person);
    signed.check(&urls::data_of_copy(person), sent_field(&sent, "token"))?;
    match app
        .acts
        .copy_of(&signed.actor, id, sent_field(&sent, "why"))
        .await
    {
        Ok(copy) if sent_field(&sent, "format") == "file" => Ok(as_file(&copy)),
        Ok(copy) => html(&CopyPage::new(&app, &visit, &copy)),
        Err(error) => {
            let why = told(error)?;
            sheet(&app, &visit, &signed, id, &Done::default(), why)
                .await?
                .answer()
        }
    }
}
