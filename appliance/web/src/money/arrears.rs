//! `/money/arrears`: who owes something, by which way they wish to be asked, and that they were.

use acts::Right;
use acts::money::MoneyBook;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use members::money::{Channel, Owes, Payer, ToRemind, reminders};
use serde::Deserialize;

use super::form::{Answers, Sent};
use super::says;
use crate::error::PageError;
use crate::pages::{Here, Layout, Visit, html};
use crate::sign_in::SignedIn;
use crate::words::{filters, say, say_with};
use crate::{App, urls};

/// Who owes something.
#[derive(Template)]
#[template(path = "money/arrears.html")]
pub(crate) struct ArrearsPage {
    layout: Layout,
    done: String,
    told: String,
    rows: Vec<Row>,
    groups: Vec<Group>,
    token: String,
    may_change: bool,
    /// Where a letter to them is begun, for whoever may write letters.
    write: Option<&'static str>,
}

/// Somebody who owes.
struct Row {
    url: String,
    name: String,
    owed: String,
    since: String,
    last_paid: String,
    reminded: String,
}

/// Those who are to be reminded by one way now.
struct Group {
    id: &'static str,
    heading: String,
    people: Vec<Person>,
}

/// Somebody to be reminded.
struct Person {
    value: String,
    name: String,
    at: String,
    owed: String,
}

/// What was done.
#[derive(Deserialize)]
pub(crate) struct Asked {
    reminded: Option<usize>,
}

/// `GET /money/arrears`
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let (money, late) = app.acts.list_arrears(&signed.actor).await?;
    let due = reminders(&money.book, &late, &money.house, money.today);
    let layout = Layout {
        back: urls::MONEY_ARREARS.to_owned(),
        ..Layout::new(&app.look(), &visit, Here::Members)
    };
    let told = say_with("arrears-told", [("count", late.len().into())]);
    let done = asked
        .reminded
        .map(|count| say_with("arrears-done", [("count", count.into())]));
    html(&ArrearsPage {
        layout,
        done: done.unwrap_or_default(),
        told,
        rows: late.iter().map(|owes| Row::of(&money, owes)).collect(),
        groups: groups(&money, &due),
        token: signed.token(urls::MONEY_ARREARS),
        may_change: signed.actor.may(Right::ChangeMoney),
        write: signed.actor.may(Right::WriteLetters).then_some(urls::LETTERS),
    })
}

/// `POST /money/arrears`: these were reminded.
pub(crate) async fn reminded(
    State(app): State<App>,
    signed: SignedIn,
    sent: Sent,
) -> Result<Response, PageError> {
    let answers = Answers::of(sent);
    signed.check(urls::MONEY_ARREARS, answers.get("token"))?;
    let whom: Vec<(Payer, Channel)> = answers.all("whom").filter_map(parsed).collect();
    let count = app.acts.remind(&signed.actor, &whom).await?;
    Ok(Redirect::to(&urls::money_reminded(count)).into_response())
}

/// `person-1 letter`
fn parsed(word: &str) -> Option<(Payer, Channel)> {
    let (payer, channel) = word.split_once(' ')?;
    Some((payer.parse().ok()?, Channel::parse(channel)?))
}

fn groups(money: &MoneyBook, due: &[ToRemind]) -> Vec<Group> {
    let of = |channel: Channel| {
        let people = due.iter().filter(|one| one.channel == channel);
        let people = people.map(|one| Person {
            value: format!("{} {channel}", one.owes.payer.word()),
            name: money.name(one.owes.payer),
            at: one.at.clone().unwrap_or_default(),
            owed: one.owes.standing.owed.to_string(),
        });
        let (id, heading) = match channel {
            Channel::Screen => ("by-screen", say("arrears-by-screen")),
            Channel::Letter => ("by-letter", say("arrears-by-letter")),
            Channel::Phone => ("by-phone", say("arrears-by-phone")),
            Channel::Email => ("by-email", say("arrears-by-email")),
            Channel::Text => ("by-text", say("arrears-by-text")),
        };
        Group {
            id,
            heading,
            people: people.collect(),
        }
    };
    let all = Channel::ALL.iter().map(|channel| of(*channel));
    all.filter(|group| !group.people.is_empty()).collect()
}

impl Row {
    fn of(money: &MoneyBook, owes: &Owes) -> Self {
        Self {
            url: urls::money_payer(&owes.payer.word()),
            name: money.name(owes.payer),
            owed: owes.standing.owed.to_string(),
            since: says::maybe_day(owes.standing.since),
            last_paid: says::maybe_day(owes.last_paid),
            reminded: says::maybe_day(owes.reminded),
        }
    }
}

impl ArrearsPage {
    /// Somebody to be called.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let person = Person {
            value: "person-1 phone".to_owned(),
            name: "Ana <Öberg>".to_owned(),
            at: "0117 496 0000".to_owned(),
            owed: "£6.00".to_owned(),
        };
        let row = Row {
            url: urls::money_payer("person-1"),
            name: "Ana <Öberg>".to_owned(),
            owed: "£6.00".to_owned(),
            since: "1 May 2026".to_owned(),
            last_paid: String::new(),
            reminded: String::new(),
        };
        Self {
            layout: Layout::sample(),
            done: say_with("arrears-done", [("count", 1.into())]),
            told: say_with("arrears-told", [("count", 1.into())]),
            rows: vec![row],
            groups: vec![Group {
                id: "by-phone",
                heading: say("arrears-by-phone"),
                people: vec![person],
            }],
            token: "0".repeat(64),
            may_change: true,
            write: Some(urls::LETTERS),
        }
    }
}
