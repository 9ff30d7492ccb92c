//! `/people/{person}/erase`: what erasing somebody takes, what the law has kept, which texts speak of them still, and the button
//! for it. What is sent is good only for what was shown.

use acts::data::{Erasure, Mention};
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

/// So many texts are listed.
const MOST_SHOWN: usize = 100;

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
            blocks: [kept(&done), mentions(&done, "erase-mentions-left")].concat(),
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
    let shown = format!(
        "{:?} {:?} {:?} {:?}",
        erasure.gone, erasure.kept, erasure.changed, erasure.mentions
    );
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
        .map(|kept| {
            let key = if kept.named {
                "erase-kept-named"
            } else {
                "erase-kept"
            };
            say_with(
                key,
                [
                    ("title", kept.title.clone().into()),
                    ("count", count(kept.rows)),
                    ("day", day(kept.until).into()),
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

/// Texts that speak of the person, or may, each with the way to it.
fn mentions(erasure: &Erasure, lead: &str) -> Vec<Block> {
    if erasure.mentions.is_empty() {
        return Vec::new();
    }
    let mut block = Block::new(say("erase-mentions-title"));
    block.lines.push(say(lead));
    for mention in erasure.mentions.iter().take(MOST_SHOWN) {
        let words = words_of(mention);
        match way_to(mention) {
            Some(way) => block.links.push((way, words)),
            None => block.lines.push(words),
        }
    }
    let more = erasure.mentions.len().saturating_sub(MOST_SHOWN);
    if more > 0 {
        let count = i64::try_from(more).unwrap_or(i64::MAX);
        block
            .lines
            .push(say_with("erase-mentions-more", [("count", count.into())]));
    }
    vec![block]
}

fn words_of(mention: &Mention) -> String {
    let place = format!("{} {}", mention.title, mention.at);
    let place = place.trim_end().to_owned();
    if mention.fields.is_empty() {
        return place;
    }
    let fields = mention.fields.join(", ");
    say_with(
        "erase-mention",
        [("place", place.into()), ("fields", fields.into())],
    )
}

/// The page on which the text stands, if it has one.
fn way_to(mention: &Mention) -> Option<String> {
    let at = mention.at.as_str();
    let number = || at.parse::<u32>().ok();
    Some(match mention.table {
        "people" => urls::person(number()?),
        "households" => urls::household(number()?),
        "memberships" => urls::membership(number()?),
        "roles" => urls::role(at),
        "dues" => urls::money_scheme(at),
        "payments" => urls::money_payment(at),
        "cash-days" => urls::money_cash(at),
        "gift-aid" => urls::money_payer(&format!("person-{at}")),
        "statements" | "statement-lines" => urls::statement(number()?, "all", 1),
        "statement-drafts" => urls::statement_file(number()?),
        "requests" => urls::DATA.to_owned(),
        "wordings" => urls::DATA_WORDINGS.to_owned(),
        "waiting-acts" => urls::WAITING.to_owned(),
        "custom-fields" => urls::rules_question(at),
        "classes" => urls::rules_class(at),
        "tags" => urls::RULES.to_owned(),
        "searches" => urls::SEARCH.to_owned(),
        "register" => urls::REGISTER.to_owned(),
        "letters" => urls::letter(number()?),
        "letter-runs" => urls::run(number()?),
        "mails" => urls::MAILS.to_owned(),
        "mail-server" => urls::MAIL_SERVER.to_owned(),
        "imports" => urls::import_past(number()?),
        "record" => urls::RECORD.to_owned(),
        "site.toml" => urls::THE_BOX.to_owned(),
        _ => return None,
    })
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
    blocks.extend(mentions(erasure, "erase-mentions-first"));
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
