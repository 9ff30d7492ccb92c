//! `/money/cash`: a day of the cash book, what is spent from the box, and the closing by counting.

use acts::money::{CashEntry, CashPage};
use acts::{ActError, Right};
use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use members::money::{For, NewPayment, Way};
use serde::Deserialize;
use units::Currency;

use super::form::{Answers, Input, Kind, Sent, Wrong, refuse};
use super::{here, says};
use crate::error::PageError;
use crate::pages::{Here, Layout, Visit, html};
use crate::sign_in::SignedIn;
use crate::words::{filters, say, say_with};
use crate::{App, urls};

/// A day of the cash book.
#[derive(Template)]
#[template(path = "money/cash.html")]
pub(crate) struct CashSheet {
    layout: Layout,
    done: String,
    day: String,
    rows: Vec<Row>,
    before: String,
    came: String,
    went: String,
    expected: String,
    /// What was counted, where the day is closed.
    closing: Vec<(String, String)>,
    /// Why it cannot be closed yet.
    must_wait: Option<(String, String)>,
    close: Option<Form>,
    spend: Option<Form>,
    days: Vec<(String, String, String)>,
}

/// A form of this page.
struct Form {
    token: String,
    hidden: String,
    fields: Vec<Input>,
}

/// One entry.
struct Row {
    number: String,
    url: String,
    name: String,
    what: String,
    came: String,
    went: String,
}

/// Which day.
#[derive(Deserialize)]
pub(crate) struct Asked {
    day: Option<String>,
    done: Option<String>,
}

/// `GET /money/cash`
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let day = asked.day.as_deref().and_then(|day| day.parse().ok());
    let mut sheet = sheet(&app, &visit, &signed, day, None).await?;
    sheet.done = match asked.done.as_deref() {
        Some("closed") => say("cash-done-closed"),
        Some("spent") => say("cash-done-spent"),
        Some("again") => say("pay-again"),
        _ => String::new(),
    };
    html(&sheet)
}

/// `GET` where only forms are sent leads to the book.
pub(crate) async fn back() -> Redirect {
    Redirect::to(urls::MONEY_CASH)
}

/// Which form was refused, with what was sent.
enum Refused {
    Spend(Answers, Wrong),
    Close(Answers, Wrong),
}

/// `POST /money/cash`: something is spent, or carried to the bank or from it.
pub(crate) async fn spend(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    sent: Sent,
) -> Result<Response, PageError> {
    let answers = Answers::of(sent);
    signed.check(&spend_purpose(answers.get("form")), answers.get("token"))?;
    let (currency, today) = here(&app)?;
    let wrong = match spent(&answers, currency, today) {
        Err(wrong) => wrong,
        Ok(new) => match app
            .acts
            .enter_payment(&signed.actor, answers.get("form"), new)
            .await
        {
            Ok(entered) => {
                let what = if entered.again { "again" } else { "spent" };
                return Ok(Redirect::to(&urls::done(urls::MONEY_CASH, what)).into_response());
            }
            Err(ActError::BadInput(why)) => Wrong::new("amount", &why),
            Err(error) => return Err(error.into()),
        },
    };
    let sheet = sheet(&app, &visit, &signed, None, Some(Refused::Spend(answers, wrong))).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&sheet)?).into_response())
}

/// `POST /money/cash/close`
pub(crate) async fn close(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    sent: Sent,
) -> Result<Response, PageError> {
    let answers = Answers::of(sent);
    let day: Date = answers
        .date("day")
        .map_err(|wrong| PageError::BadQuestion(wrong.why))?;
    let before = app.acts.cash_book(&signed.actor, Some(day)).await?;
    signed.check(&close_purpose(&before), answers.get("token"))?;
    let (currency, _) = here(&app)?;
    let wrong = match answers.money("counted", currency) {
        Err(wrong) => wrong,
        Ok(counted) => {
            let explained = Some(answers.get("explained").to_owned());
            match app
                .acts
                .close_cash_day(&signed.actor, day, counted, explained)
                .await
            {
                Ok(()) => return Ok(Redirect::to(&urls::money_cash_closed(&day.to_string())).into_response()),
                Err(ActError::BadInput(why)) => Wrong::new("counted", &why),
                Err(error) => return Err(error.into()),
            }
        }
    };
    let sheet = sheet(
        &app,
        &visit,
        &signed,
        Some(day),
        Some(Refused::Close(answers, wrong)),
    )
    .await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&sheet)?).into_response())
}

fn spend_purpose(form: &str) -> String {
    format!("{} {form}", urls::MONEY_CASH)
}

/// With the day's sums: whoever counted while somebody else entered something counts again.
fn close_purpose(page: &CashPage) -> String {
    format!("{} {} {:?}", urls::MONEY_CASH_CLOSE, page.day, page.sums)
}

const FROM_BANK: &str = "from the bank";

fn spent(answers: &Answers, currency: Currency, today: Date) -> Result<NewPayment, Wrong> {
    let amount = answers.money("amount", currency)?;
    if amount.is_negative() {
        return Err(Wrong::new("amount", &say("cash-no-minus")));
    }
    let (purpose, amount) = match answers.get("what") {
        FROM_BANK => (For::Banked, amount.negated()),
        word => match For::parse(word).filter(|purpose| purpose.goes_out()) {
            Some(purpose) => (purpose, amount),
            None => return Err(Wrong::new("what", &say("money-no-choice"))),
        },
    };
    let reference = answers.get("reference");
    if reference.is_empty() {
        return Err(Wrong::new("reference", &say("cash-no-reference")));
    }
    let new = NewPayment {
        day: today,
        payer: None,
        outsider: None,
        amount,
        way: Way::Cash,
        purpose,
        reference: Some(reference.to_owned()),
        line: None,
    };
    let checked = new.clone().checked(currency, today);
    checked.map(|_| new).map_err(|error| Wrong::new("amount", &error))
}

fn spend_fields(answers: &Answers) -> Vec<Input> {
    let whats = vec![
        (For::Spent.word().to_owned(), say("for-spent")),
        (For::Banked.word().to_owned(), say("for-banked")),
        (FROM_BANK.to_owned(), say("cash-from-bank")),
    ];
    vec![
        Input::choice("what", say("cash-what"), answers.get("what"), whats),
        Input::amount("amount", say("pay-amount"), answers.get("amount")),
        Input::line("reference", say("cash-reference"), answers.get("reference")),
    ]
}

fn close_fields(answers: &Answers) -> Vec<Input> {
    vec![
        Input::amount("counted", say("cash-counted"), answers.get("counted")).hint(say("cash-counted-hint")),
        Input::line("explained", say("cash-explained"), answers.get("explained"))
            .hint(say("cash-explained-hint")),
    ]
}

async fn sheet(
    app: &App,
    visit: &Visit,
    signed: &SignedIn,
    day: Option<Date>,
    refused: Option<Refused>,
) -> Result<CashSheet, PageError> {
    let page = app.acts.cash_book(&signed.actor, day).await?;
    let layout = Layout {
        back: urls::money_cash(&page.day.to_string()),
        ..Layout::new(&app.look(), visit, Here::Members)
    };
    let mut sheet = CashSheet::new(layout, &page);
    if !signed.actor.may(Right::ChangeMoney) {
        return Ok(sheet);
    }
    let (mut spending, mut closing) = (
        spend_fields(&Answers::default()),
        close_fields(&Answers::default()),
    );
    let mut form = app.acts.fresh_form();
    match refused {
        Some(Refused::Spend(answers, wrong)) => {
            spending = spend_fields(&answers);
            refuse(&mut spending, &wrong);
            answers.get("form").clone_into(&mut form);
        }
        Some(Refused::Close(answers, wrong)) => {
            closing = close_fields(&answers);
            refuse(&mut closing, &wrong);
        }
        None => {}
    }
    let locked = page.closed.is_some_and(|closed| page.day <= closed);
    sheet.close = (!locked && page.open_before.is_none()).then(|| Form {
        token: signed.token(&close_purpose(&page)),
        hidden: page.day.to_string(),
        fields: closing,
    });
    sheet.spend = (page.day == page.today && !locked).then(|| Form {
        token: signed.token(&spend_purpose(&form)),
        hidden: form,
        fields: spending,
    });
    Ok(sheet)
}

impl CashSheet {
    fn new(layout: Layout, page: &CashPage) -> Self {
        let closing = page.sums.closing.as_ref();
        let mut facts = Vec::new();
        if let Some(closing) = closing {
            facts.push((say("cash-closing"), closing.number.to_string()));
            facts.push((say("cash-counted"), closing.counted.to_string()));
            let difference = closing.difference(&page.sums).map(|money| money.to_string());
            facts.push((say("cash-difference"), difference.unwrap_or_default()));
            let explained = closing.explained.clone();
            facts.extend(explained.map(|why| (say("cash-explained"), why)));
            let seal: String = closing
                .seal
                .0
                .iter()
                .take(8)
                .map(|byte| format!("{byte:02x}"))
                .collect();
            facts.push((say("cash-seal"), seal));
        }
        let before = closing.map_or(page.before, |closing| closing.before);
        let must_wait = page.open_before.filter(|_| closing.is_none()).map(|day| {
            let told = say_with("money-open-day", [("day", says::day(day).into())]);
            (urls::money_cash(&day.to_string()), told)
        });
        let days = page.days.iter().map(|(day, sums)| {
            let state = if sums.closing.is_some() {
                say("cash-is-closed")
            } else {
                say("cash-is-open")
            };
            (urls::money_cash(&day.to_string()), says::day(*day), state)
        });
        Self {
            layout,
            done: String::new(),
            day: says::day(page.day),
            rows: page.entries.iter().map(Row::of).collect(),
            before: before.to_string(),
            came: page.sums.came.to_string(),
            went: page.sums.went.to_string(),
            expected: match closing {
                Some(_) => String::new(),
                None => page.expected.to_string(),
            },
            closing: facts,
            must_wait,
            close: None,
            spend: None,
            days: days.collect(),
        }
    }

    /// An open day.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let pounds = |minor| units::Money::new(minor, units::Currency::GBP);
        let day = jiff::civil::date(2026, 6, 16);
        let sums = members::money::CashDay::empty(units::Currency::GBP);
        let page = CashPage {
            day,
            sums: sums.clone(),
            entries: Vec::new(),
            expected: pounds(860),
            before: pounds(860),
            open_before: Some(jiff::civil::date(2026, 6, 15)),
            closed: None,
            days: vec![(day, sums)],
            today: day,
        };
        let form = |fields| Form {
            token: "0".repeat(64),
            hidden: "2026-06-16".to_owned(),
            fields,
        };
        Self {
            done: say("cash-done-spent"),
            rows: vec![Row {
                number: "1".to_owned(),
                url: urls::money_payment("2026-06-16-1"),
                name: "Ana <Öberg>".to_owned(),
                what: say("for-dues"),
                came: "£3.00".to_owned(),
                went: String::new(),
            }],
            closing: vec![(say("cash-seal"), "00".to_owned())],
            close: Some(form(close_fields(&Answers::default()))),
            spend: Some(form(spend_fields(&Answers::default()))),
            ..Self::new(Layout::sample(), &page)
        }
    }
}

impl Row {
    fn of(entry: &CashEntry) -> Self {
        let payment = &entry.payment;
        let amount = payment.amount;
        let out = amount.is_negative();
        let reference = payment.reference.clone();
        let what = match reference {
            Some(reference) => format!("{}: {reference}", says::purpose(payment.purpose)),
            None => says::purpose(payment.purpose),
        };
        Self {
            number: payment
                .in_cash_book
                .map(|number| number.to_string())
                .unwrap_or_default(),
            url: urls::money_payment(&entry.id.to_string()),
            name: entry.name.clone(),
            what,
            came: if out { String::new() } else { amount.to_string() },
            went: if out {
                amount.negated().to_string()
            } else {
                String::new()
            },
        }
    }
}
