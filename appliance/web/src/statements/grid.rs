//! `/money/statements/{number}`: the lines of a statement, who may have paid each, and the buttons to keep, book and undo.
//!
//! The form works with a keyboard and without script: each line is a group of choices, with a field beside it in which a name or a
//! number is typed. What it carries is worth nothing once somebody else has decided on a line.

use std::collections::BTreeMap;

use acts::statements::{Decision, LineSeen, Show, Standing, StatementSeen};
use acts::{ActError, Right};
use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use units::PersonId;

use crate::error::PageError;
use crate::pages::{Done, Field, Here, Layout, Visit, html};
use crate::sign_in::SignedIn;
use crate::words::{filters, say, say_with};
use crate::{App, show, urls};

/// The ways to look at the lines: the word in the address, which lines, the key of the words.
const SHOWS: [(&str, Show, &str); 9] = [
    ("open", Show::Open, "grid-open"),
    ("suggested", Show::Only(Standing::Suggested), "grid-suggested"),
    ("unknown", Show::Only(Standing::Unknown), "grid-unknown"),
    ("matched", Show::Only(Standing::Matched), "grid-matched"),
    ("accepted", Show::Only(Standing::Accepted), "grid-accepted"),
    ("not-ours", Show::Only(Standing::NotOurs), "grid-not-ours"),
    ("service", Show::Only(Standing::Service), "grid-service"),
    ("booked", Show::Only(Standing::Booked), "grid-booked"),
    ("all", Show::All, "grid-all"),
];

/// The lines of a statement.
#[derive(Template)]
#[template(path = "statements/grid.html")]
pub(crate) struct GridPage {
    layout: Layout,
    url: String,
    name: String,
    done: String,
    told: String,
    understood: Vec<String>,
    left: Vec<(String, String)>,
    shows: Vec<(String, String, bool)>,
    show: String,
    page: usize,
    pages: String,
    before: Option<String>,
    after: Option<String>,
    lines: Vec<Row>,
    refusal: String,
    book: Option<String>,
    /// Whether the onlooker may change anything.
    changes: bool,
    token: String,
    why: Field,
}

/// One line.
struct Row {
    number: u32,
    day: String,
    amount: String,
    text: String,
    standing: String,
    /// The choices; none where nothing can be chosen any more.
    choices: Vec<Choice>,
    find: Field,
    /// What stands instead of choices.
    fixed: String,
}

/// One choice.
struct Choice {
    value: String,
    name: String,
    why: String,
    checked: bool,
}

/// Which lines.
#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    show: String,
    page: Option<usize>,
}

/// Why a statement is undone, or nothing.
#[derive(Deserialize)]
pub(crate) struct Sent {
    #[serde(default)]
    token: String,
    #[serde(default)]
    why: String,
}

/// What was found for what somebody typed beside a line.
type Found = BTreeMap<u32, Typed>;

fn wanted(word: &str) -> (&'static str, Show) {
    let found = SHOWS
        .iter()
        .find(|(known, _, _)| *known == word)
        .unwrap_or(&SHOWS[0]);
    (found.0, found.1)
}

/// What a form is for: the statement as it was looked at.
fn purpose(number: u32, state: &str) -> String {
    format!("{} {state}", urls::statement(number, "all", 1))
}

/// Refuses a form that was made when other things were decided.
async fn check(app: &App, signed: &SignedIn, number: u32, token: &str) -> Result<(), PageError> {
    let state = app.acts.statement_state(number).await?;
    let right = signed.check(&purpose(number, &state), token);
    right.map_err(|_| PageError::Conflict(ActError::Conflict.to_string()))
}

/// `GET /money/statements/{number}`
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Path(number): Path<u32>,
    Query(asked): Query<Asked>,
    Query(done): Query<Done>,
) -> Result<Response, PageError> {
    let mut page = GridPage::new(&app, &visit, &signed, number, &asked, &Found::new()).await?;
    let known = [("kept", "grid-done-kept"), ("booked", "grid-done-booked")];
    let found = known.into_iter().find(|(what, _)| done.is(what));
    page.done = found.map(|(_, key)| say(key)).unwrap_or_default();
    html(&page)
}

/// `POST /money/statements/{number}`
pub(crate) async fn decide(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Path(number): Path<u32>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let field = |name: &str| {
        pairs
            .iter()
            .find(|(known, _)| known == name)
            .map_or("", |(_, value)| value.as_str())
    };
    check(&app, &signed, number, field("token")).await?;
    let asked = Asked {
        show: field("show").to_owned(),
        page: field("page").parse().ok(),
    };
    let (mut decisions, mut found) = (BTreeMap::new(), Found::new());
    for (name, value) in &pairs {
        if let Some(line) = name
            .strip_prefix("choice-")
            .and_then(|line| line.parse::<u32>().ok())
        {
            decisions.extend(decision(value).map(|decision| (line, decision)));
        }
    }
    for (name, value) in &pairs {
        let line = name
            .strip_prefix("find-")
            .and_then(|line| line.parse::<u32>().ok());
        let (Some(line), false) = (line, value.trim().is_empty()) else {
            continue;
        };
        match find(&app, &signed, value).await? {
            Ok(some) if some.len() == 1 => {
                decisions.insert(line, Decision::Theirs(some[0].0));
            }
            other => {
                decisions.remove(&line);
                found.insert(line, (value.clone(), other));
            }
        }
    }
    let kept = app
        .acts
        .decide_lines(&signed.actor, number, decisions.into_iter().collect())
        .await;
    let refusal = match kept {
        Ok(_) if found.is_empty() => {
            let page = urls::statement(number, wanted(&asked.show).0, asked.page.unwrap_or(1));
            return Ok(Redirect::to(&format!("{page}&done=kept")).into_response());
        }
        Ok(_) => say("grid-look-again"),
        Err(ActError::BadInput(why)) => why,
        Err(other) => return Err(other.into()),
    };
    let mut page = GridPage::new(&app, &visit, &signed, number, &asked, &found).await?;
    page.refusal = show::sentence(&refusal);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response())
}

fn decision(value: &str) -> Option<Decision> {
    match value {
        "not-ours" => Some(Decision::NotOurs),
        "open" => Some(Decision::Open),
        "none" => Some(Decision::Undecided),
        person => person
            .parse()
            .ok()
            .map(|number| Decision::Theirs(PersonId::new(number))),
    }
}

/// Those who are meant by a name or a number.
async fn find(
    app: &App,
    signed: &SignedIn,
    typed: &str,
) -> Result<Result<Vec<(PersonId, String)>, String>, PageError> {
    if let Ok(number) = typed.trim().parse::<u32>() {
        return Ok(Ok(vec![(PersonId::new(number), String::new())]));
    }
    let found = app.acts.find_payers(&signed.actor, typed).await?;
    let mut named = found.into_iter().map(|found| {
        let home = found.home.map(|home| format!(", {home}")).unwrap_or_default();
        (found.person, format!("{}{home}", found.name))
    });
    let named: Vec<_> = named.by_ref().take(8).collect();
    match named.is_empty() {
        true => Ok(Err(say("grid-nobody"))),
        false => Ok(Ok(named)),
    }
}

/// `POST /money/statements/{number}/book`
pub(crate) async fn book(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Path(number): Path<u32>,
    Form(form): Form<Sent>,
) -> Result<Response, PageError> {
    check(&app, &signed, number, &form.token).await?;
    match app.acts.book_statement(&signed.actor, number).await {
        Ok(_) => {
            let page = urls::statement(number, "open", 1);
            Ok(Redirect::to(&format!("{page}&done=booked")).into_response())
        }
        Err(ActError::BadInput(why)) => refused(&app, &visit, &signed, number, &why, None).await,
        Err(other) => Err(other.into()),
    }
}

/// `POST /money/statements/{number}/undo`
pub(crate) async fn undo(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Path(number): Path<u32>,
    Form(form): Form<Sent>,
) -> Result<Response, PageError> {
    check(&app, &signed, number, &form.token).await?;
    match app.acts.undo_statement(&signed.actor, number, &form.why).await {
        Ok(_) => Ok(Redirect::to(&urls::done(urls::STATEMENTS, "undone")).into_response()),
        Err(ActError::BadInput(why)) => refused(&app, &visit, &signed, number, &why, Some(form.why)).await,
        Err(other) => Err(other.into()),
    }
}

async fn refused(
    app: &App,
    visit: &Visit,
    signed: &SignedIn,
    number: u32,
    why: &str,
    typed: Option<String>,
) -> Result<Response, PageError> {
    let asked = Asked {
        show: String::new(),
        page: None,
    };
    let mut page = GridPage::new(app, visit, signed, number, &asked, &Found::new()).await?;
    match typed {
        Some(typed) => page.why = Field::refused(typed, why),
        None => page.refusal = show::sentence(why),
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response())
}

impl GridPage {
    async fn new(
        app: &App,
        visit: &Visit,
        signed: &SignedIn,
        number: u32,
        asked: &Asked,
        found: &Found,
    ) -> Result<Self, PageError> {
        let (word, show) = wanted(&asked.show);
        let seen = app
            .acts
            .statement(&signed.actor, number, show, asked.page.unwrap_or(1))
            .await?;
        let changes = signed.actor.may(Right::ChangeMoney);
        let token = changes.then(|| signed.token(&purpose(number, &seen.state)));
        let layout = Layout::new(&app.look(), visit, Here::Members);
        Ok(Self::of(layout, token, word, &seen, found))
    }

    fn of(layout: Layout, token: Option<String>, word: &str, seen: &StatementSeen, found: &Found) -> Self {
        let to = |page: usize| urls::statement(seen.number, word, page);
        let changes = token.is_some();
        let bookable = seen.counts.bookable();
        Self {
            layout,
            url: format!("{}/{}", urls::STATEMENTS, seen.number),
            name: seen.file.name.clone(),
            done: String::new(),
            told: say_with(
                "grid-told",
                [
                    ("account", seen.file.account.clone().into()),
                    ("lines", seen.file.lines.into()),
                    ("known", seen.file.known.into()),
                ],
            ),
            understood: seen.file.understood.clone(),
            left: seen
                .file
                .left
                .iter()
                .map(|left| (left.row.to_string(), show::sentence(&left.why)))
                .collect(),
            shows: shows(seen, word),
            show: word.to_owned(),
            page: seen.page,
            pages: say_with(
                "grid-pages",
                [("page", seen.page.into()), ("pages", seen.pages.into())],
            ),
            before: (seen.page > 1).then(|| to(seen.page - 1)),
            after: (seen.page < seen.pages).then(|| to(seen.page + 1)),
            lines: seen
                .lines
                .iter()
                .map(|line| Row::of(line, changes, found.get(&line.number)))
                .collect(),
            refusal: String::new(),
            book: (changes && bookable > 0).then(|| say_with("grid-book", [("count", bookable.into())])),
            changes,
            token: token.unwrap_or_default(),
            why: Field::default(),
        }
    }

    /// A line with somebody suggested, and one that is booked.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        use members::statement::kept::StatementFile;
        use members::statement::{Line, Read};
        let read = Read {
            source: "Bank".to_owned(),
            account: None,
            understood: vec!["Days <first>.".to_owned()],
            lines: Vec::new(),
            left: vec![members::statement::Left {
                row: 3,
                why: "There is no day in this row".to_owned(),
            }],
        };
        let line = |number, standing| {
            let amount = units::Money::new(300, units::Currency::GBP);
            let mut line = Line::new(jiff::civil::date(2026, 5, 1), amount);
            line.texts = vec!["ANA <OBERG>".to_owned()];
            LineSeen {
                number,
                line,
                standing,
                payer: Some((PersonId::new(1), "Ana <Öberg>".to_owned())),
                candidates: Vec::new(),
                payment: None,
            }
        };
        let seen = StatementSeen {
            number: 1,
            file: StatementFile::of(&read, &[], 2),
            state: String::new(),
            counts: acts::statements::Counts {
                accepted: 1,
                ..Default::default()
            },
            lines: vec![
                line(1, Standing::Accepted),
                line(2, Standing::Booked),
                line(3, Standing::Unknown),
            ],
            page: 2,
            pages: 3,
        };
        let two = vec![
            (PersonId::new(1), "Ana <1>".to_owned()),
            (PersonId::new(2), "Ana 2".to_owned()),
        ];
        let found = Found::from([
            (1, ("Ana".to_owned(), Ok(two))),
            (3, ("Zoe".to_owned(), Err(say("grid-nobody")))),
        ]);
        Self::of(Layout::sample(), Some("0".repeat(64)), "open", &seen, &found)
    }
}

/// The ways to other lines, each with how many there are.
fn shows(seen: &StatementSeen, word: &str) -> Vec<(String, String, bool)> {
    let counts = seen.counts;
    let open = counts.matched + counts.suggested + counts.unknown + counts.accepted;
    let count = |show: Show| match show {
        Show::Open => open,
        Show::Only(Standing::Matched) => counts.matched,
        Show::Only(Standing::Suggested) => counts.suggested,
        Show::Only(Standing::Unknown) => counts.unknown,
        Show::Only(Standing::Accepted) => counts.accepted,
        Show::Only(Standing::NotOurs) => counts.not_ours,
        Show::Only(Standing::Service) => counts.service,
        Show::Only(Standing::Booked) => counts.booked,
        Show::All => open + counts.not_ours + counts.service + counts.booked,
    };
    // Of lines that there are none, only where one stands and the two that are always asked for.
    let always = |known: &str| known == word || ["open", "all"].contains(&known);
    let there = SHOWS
        .iter()
        .filter(|(known, show, _)| always(known) || count(*show) > 0);
    let ways = there.map(|(known, show, key)| {
        let name = say_with(key, [("count", count(*show).into())]);
        (urls::statement(seen.number, known, 1), name, *known == word)
    });
    ways.collect()
}

/// A name that was typed, and whom it found or why nobody.
type Typed = (String, Result<Vec<(PersonId, String)>, String>);

impl Row {
    fn of(seen: &LineSeen, changes: bool, found: Option<&Typed>) -> Self {
        let name = seen
            .payer
            .as_ref()
            .map(|(_, name)| name.clone())
            .unwrap_or_default();
        let (key, fixed) = match seen.standing {
            Standing::Matched => ("line-matched", !changes),
            Standing::Suggested => ("line-suggested", !changes),
            Standing::Unknown => ("line-unknown", !changes),
            Standing::Accepted => ("line-accepted", !changes),
            Standing::NotOurs => ("line-not-ours", !changes),
            Standing::Service => ("line-service", true),
            Standing::Booked => ("line-booked", true),
        };
        Self {
            number: seen.number,
            day: show::day(seen.line.date),
            amount: seen.line.amount.to_string(),
            text: seen.line.text(),
            standing: say(key),
            choices: if fixed { Vec::new() } else { choices(seen, found) },
            find: match found {
                Some((typed, Err(why))) => Field::refused(typed.clone(), why),
                Some((_, Ok(_))) => Field::refused(String::new(), &say("grid-several")),
                None => Field::default(),
            },
            fixed: if fixed { name } else { String::new() },
        }
    }
}

/// Everybody who can be chosen, then what else a line can be.
fn choices(seen: &LineSeen, found: Option<&Typed>) -> Vec<Choice> {
    let chosen = seen.payer.as_ref().map(|(person, _)| *person);
    let mut all: Vec<Choice> = Vec::new();
    let mut add = |person: PersonId, name: &str, why: String| {
        let value = person.number().to_string();
        if !all.iter().any(|known| known.value == value) {
            all.push(Choice {
                checked: chosen == Some(person),
                name: name.to_owned(),
                value,
                why,
            });
        }
    };
    for candidate in &seen.candidates {
        let why: Vec<&str> = candidate.reasons.iter().map(|reason| reason.words()).collect();
        add(candidate.person, &candidate.name, why.join(", "));
    }
    if let Some((person, name)) = &seen.payer {
        add(*person, name, String::new());
    }
    if let Some((_, Ok(some))) = found {
        for (person, name) in some {
            add(*person, name, String::new());
        }
    }
    let other = |value: &str, key: &str, checked: bool| Choice {
        value: value.to_owned(),
        name: say(key),
        why: String::new(),
        checked,
    };
    all.push(other(
        "not-ours",
        "choice-not-ours",
        seen.standing == Standing::NotOurs,
    ));
    let none = if seen.standing == Standing::Matched {
        "open"
    } else {
        "none"
    };
    let open = chosen.is_none() && seen.standing != Standing::NotOurs;
    all.push(other(none, "choice-open", open));
    all
}
