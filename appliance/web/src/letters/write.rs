//! `/members/letters`: the letters there are, and the page on which one is written.

use acts::letters::Draft;
use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use members::credential::Digest;
use members::letters::{Channel, Letter, Place, Run};
use members::record::Record;
use serde::Deserialize;

use crate::error::PageError;
use crate::pages::{Done, Field, Here, Layout, Visit, html};
use crate::sign_in::SignedIn;
use crate::words::{filters, say, say_with};
use crate::{App, show, urls};

/// The letters there are.
#[derive(Template)]
#[template(path = "letters/list.html")]
pub(crate) struct LettersPage {
    layout: Layout,
    done: String,
    mail_on: bool,
    letters: Vec<Line>,
    runs: Vec<Line>,
}

/// A letter, or one time that it went out.
struct Line {
    url: String,
    title: String,
    told: String,
}

/// Where a letter is written.
#[derive(Template)]
#[template(path = "letters/write.html")]
pub(crate) struct WritePage {
    layout: Layout,
    heading: String,
    done: String,
    action: String,
    token: String,
    title: Field,
    text: Field,
    purpose: Field,
    demanded: Field,
    places: Vec<(String, &'static str)>,
    kept: Option<Kept>,
}

/// A letter that is kept already.
struct Kept {
    send: String,
    remove: String,
    remove_token: String,
    shown: String,
}

/// What is sent.
#[derive(Deserialize)]
pub(crate) struct Sent {
    #[serde(default)]
    token: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    purpose: String,
    #[serde(default)]
    demanded: String,
}

/// A form that carries a token alone.
#[derive(Deserialize)]
pub(crate) struct Bare {
    #[serde(default)]
    token: String,
}

/// `GET /members/letters`
pub(crate) async fn list(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Query(done): Query<Done>,
) -> Result<Response, PageError> {
    let letters = app.acts.letters(&signed.actor).await?;
    let runs = app.acts.runs(&signed.actor).await?;
    let look = app.look();
    let when = |at| show::dated(&look.place().zone, look.now(), at);
    let done = if done.is("removed") {
        say("letters-removed")
    } else {
        String::new()
    };
    html(&LettersPage {
        layout: Layout::new(&look, &visit, Here::Members),
        done,
        mail_on: app.acts.mail_is_on(&signed.actor).await?,
        letters: letters
            .iter()
            .map(|(number, letter)| letter_line(*number, letter, &when(letter.at)))
            .collect(),
        runs: runs
            .iter()
            .map(|(number, run)| run_line(*number, run, &when(run.at)))
            .collect(),
    })
}

fn letter_line(number: u32, letter: &Letter, when: &str) -> Line {
    let key = if letter.demanded.is_some() {
        "letters-written-demanded"
    } else {
        "letters-written"
    };
    Line {
        url: urls::letter(number),
        title: letter.title.clone(),
        told: say_with(key, [("when", when.into())]),
    }
}

fn run_line(number: u32, run: &Run, when: &str) -> Line {
    Line {
        url: urls::run(number),
        title: run.title.clone(),
        told: say_with(
            "letters-run-told",
            [
                ("when", when.into()),
                ("post", run.by(Channel::Post).count().into()),
                ("mail", run.by(Channel::Email).count().into()),
                ("all", run.pieces.len().into()),
            ],
        ),
    }
}

/// `GET /members/letters/new`
pub(crate) async fn new(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
) -> Result<Response, PageError> {
    let given = app
        .acts
        .letters(&signed.actor)
        .await?
        .first()
        .map_or(0, |(number, _)| *number);
    let token = signed.token(&adding(given));
    html(&WritePage::new(
        Layout::new(&app.look(), &visit, Here::Members),
        &Draft::default(),
        token,
    ))
}

/// A form for one more letter is worth something until there is one.
fn adding(newest: u32) -> String {
    format!("{} after {newest}", urls::LETTER_NEW)
}

/// `POST /members/letters/new`
pub(crate) async fn add(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Form(form): Form<Sent>,
) -> Result<Response, PageError> {
    let given = app
        .acts
        .letters(&signed.actor)
        .await?
        .first()
        .map_or(0, |(number, _)| *number);
    let purpose = adding(given);
    signed.check(&purpose, &form.token)?;
    let draft = form.draft();
    if draft.faults().iter().any(Option::is_some) {
        let layout = Layout::new(&app.look(), &visit, Here::Members);
        return refused(WritePage::new(layout, &draft, signed.token(&purpose)), &draft);
    }
    let number = app.acts.write_letter(&signed.actor, None, None, &draft).await?;
    Ok(Redirect::to(&urls::done(&urls::letter(number), "written")).into_response())
}

/// `GET /members/letters/{letter}`
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Path(number): Path<u32>,
    Query(done): Query<Done>,
) -> Result<Response, PageError> {
    let letter = app.acts.letter(&signed.actor, number).await?;
    let layout = Layout::new(&app.look(), &visit, Here::Members);
    let mut page = WritePage::of(layout, &signed, number, &letter);
    if done.is("written") {
        page.done = say("letters-kept");
    }
    html(&page)
}

/// `POST /members/letters/{letter}`
pub(crate) async fn change(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Path(number): Path<u32>,
    Form(form): Form<Sent>,
) -> Result<Response, PageError> {
    let letter = app.acts.letter(&signed.actor, number).await?;
    signed.check(&changing(number, &letter), &form.token)?;
    let draft = form.draft();
    if draft.faults().iter().any(Option::is_some) {
        let layout = Layout::new(&app.look(), &visit, Here::Members);
        let page = WritePage::of(layout, &signed, number, &letter).holding(&draft);
        return refused(page, &draft);
    }
    let number = app
        .acts
        .write_letter(&signed.actor, Some(number), Some(&letter), &draft)
        .await?;
    Ok(Redirect::to(&urls::done(&urls::letter(number), "written")).into_response())
}

/// `POST /members/letters/{letter}/remove`
pub(crate) async fn remove(
    State(app): State<App>,
    signed: SignedIn,
    Path(number): Path<u32>,
    Form(form): Form<Bare>,
) -> Result<Response, PageError> {
    let letter = app.acts.letter(&signed.actor, number).await?;
    signed.check(&removing(number, &letter), &form.token)?;
    app.acts.remove_letter(&signed.actor, number).await?;
    Ok(Redirect::to(&urls::done(urls::LETTERS, "removed")).into_response())
}

/// `GET` where only a button leads.
pub(crate) async fn back(Path(number): Path<u32>) -> Redirect {
    Redirect::to(&urls::letter(number))
}

/// A form is worth something until the letter is another one.
fn changing(number: u32, letter: &Letter) -> String {
    format!("{} as {}", urls::letter(number), digest(letter))
}

fn removing(number: u32, letter: &Letter) -> String {
    format!("{} as {}", urls::letter_remove(number), digest(letter))
}

/// What a letter is now, in short.
pub(super) fn digest(letter: &Letter) -> String {
    Digest::of(&[&letter.encode()]).hex()
}

fn refused(page: WritePage, draft: &Draft) -> Result<Response, PageError> {
    let [title, text, demanded] = draft.faults();
    let refuse = |field: Field, why: Option<String>| match why {
        Some(why) => Field::refused(field.value, &why),
        None => field,
    };
    let page = WritePage {
        title: refuse(page.title, title),
        text: refuse(page.text, text),
        demanded: refuse(page.demanded, demanded),
        ..page
    };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response())
}

impl Sent {
    fn draft(&self) -> Draft {
        Draft {
            title: self.title.clone(),
            text: self.text.replace("\r\n", "\n"),
            purpose: self.purpose.clone(),
            demanded: self.demanded.clone(),
        }
    }
}

impl WritePage {
    fn new(layout: Layout, draft: &Draft, token: String) -> Self {
        Self {
            layout,
            heading: say("letters-new"),
            done: String::new(),
            action: urls::LETTER_NEW.to_owned(),
            token,
            title: Field::holding(&draft.title),
            text: Field::holding(&draft.text),
            purpose: Field::holding(&draft.purpose),
            demanded: Field::holding(&draft.demanded),
            places: Place::ALL
                .iter()
                .map(|place| (format!("{{{place}}}"), place.explained()))
                .collect(),
            kept: None,
        }
    }

    fn of(layout: Layout, signed: &SignedIn, number: u32, letter: &Letter) -> Self {
        let draft = Draft {
            title: letter.title.clone(),
            text: letter.text.clone(),
            purpose: letter.purpose.clone().unwrap_or_default(),
            demanded: letter.demanded.clone().unwrap_or_default(),
        };
        let page = Self::new(layout, &draft, signed.token(&changing(number, letter)));
        page.kept_as(number, letter, signed.token(&removing(number, letter)))
    }

    fn kept_as(self, number: u32, letter: &Letter, remove_token: String) -> Self {
        Self {
            heading: letter.title.clone(),
            action: urls::letter(number),
            kept: Some(Kept {
                send: urls::letter_send(number),
                remove: urls::letter_remove(number),
                remove_token,
                shown: shown(&letter.text),
            }),
            ..self
        }
    }

    /// The same with what was typed.
    fn holding(self, draft: &Draft) -> Self {
        Self {
            title: Field::holding(&draft.title),
            text: Field::holding(&draft.text),
            purpose: Field::holding(&draft.purpose),
            demanded: Field::holding(&draft.demanded),
            ..self
        }
    }

    /// A letter with a place that nobody has.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let draft = Draft {
            title: "Annual <meeting>".to_owned(),
            text: "Dear {nickname}".to_owned(),
            ..Draft::default()
        };
        let letter = Letter {
            title: draft.title.clone(),
            text: "# Hello\n\nDear {name}, [look](https://oak.example)"
                .replace("https://oak.example", "mailto:a@b.example"),
            purpose: None,
            demanded: None,
            by: None,
            at: units::Instant::from_millis(0),
            newer: members::record::Newer::default(),
        };
        let page = Self::new(Layout::sample(), &draft, "0".repeat(64)).kept_as(1, &letter, "1".repeat(64));
        let [_, text, _] = draft.faults();
        Self {
            text: Field::refused(draft.text, &text.expect("refused")),
            ..page
        }
    }
}

/// A text as it looks, with its places by name.
fn shown(text: &str) -> String {
    let mut values = members::letters::Values::default();
    for place in Place::ALL {
        values.put(*place, format!("{{{place}}}"));
    }
    members::letters::Text::parse(text)
        .map(|text| text.html(&values))
        .unwrap_or_default()
}

impl LettersPage {
    /// One letter that went out once.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let line = |url: String| Line {
            url,
            title: "Annual <meeting>".to_owned(),
            told: "yesterday".to_owned(),
        };
        Self {
            layout: Layout::sample(),
            done: "Done".to_owned(),
            mail_on: false,
            letters: vec![line(urls::letter(1))],
            runs: vec![line(urls::run(1))],
        }
    }
}
