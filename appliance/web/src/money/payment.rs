//! `/money/payment/{id}`: one entry, with the forms to make out a receipt and to take it back.

use acts::money::PaymentSeen;
use acts::{ActError, Right};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use members::money::{Payer, PaymentId};

use super::form::{Answers, Input, Kind, Sent, Wrong, refuse};
use super::says;
use crate::error::PageError;
use crate::pages::{Done, Here, Layout, Visit, html};
use crate::sign_in::SignedIn;
use crate::words::{filters, say, say_with};
use crate::{App, urls};

/// One entry.
#[derive(Template)]
#[template(path = "money/payment.html")]
pub(crate) struct PaymentPage {
    layout: Layout,
    done: String,
    heading: String,
    facts: Vec<(String, String)>,
    ways: Vec<(String, String)>,
    taken_back: bool,
    receipt_action: Option<String>,
    action: String,
    token: String,
    fields: Vec<Input>,
    may_change: bool,
}

/// `GET /money/payment/{id}`
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Path(id): Path<String>,
    Query(done): Query<Done>,
) -> Result<Response, PageError> {
    let id = parsed(&id)?;
    let seen = app.acts.look_payment(&signed.actor, id).await?;
    let mut page = PaymentPage::new(
        Layout::new(&app.look(), &visit, Here::Members),
        &signed,
        id,
        &seen,
    );
    if done.is("back") {
        page.done = say("payment-done-back");
    }
    html(&page)
}

/// `GET` where only forms are sent leads to the entry.
pub(crate) async fn back(Path(id): Path<String>) -> Redirect {
    Redirect::to(&urls::money_payment(&id))
}

/// `POST /money/payment/{id}`: takes it back.
pub(crate) async fn take_back(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, PageError> {
    let (id, answers) = (parsed(&id)?, Answers::of(sent));
    signed.check(&purpose(id), answers.get("token"))?;
    match app
        .acts
        .reverse_payment(&signed.actor, id, answers.get("why"))
        .await
    {
        Ok(_) => Ok(Redirect::to(&urls::done(&urls::money_payment(&id.to_string()), "back")).into_response()),
        Err(ActError::BadInput(why)) => {
            let seen = app.acts.look_payment(&signed.actor, id).await?;
            if !seen.payment.stands() {
                return Err(PageError::Conflict(why));
            }
            let mut page = PaymentPage::new(
                Layout::new(&app.look(), &visit, Here::Members),
                &signed,
                id,
                &seen,
            );
            page.fields = fields(answers.get("why"));
            refuse(&mut page.fields, &Wrong::new("why", &why));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /money/payment/{id}/receipt`
pub(crate) async fn receipt(
    State(app): State<App>,
    signed: SignedIn,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, PageError> {
    let id = parsed(&id)?;
    signed.check(&purpose(id), Answers::of(sent).get("token"))?;
    let receipt = app.acts.make_receipt(&signed.actor, id).await?;
    Ok(Redirect::to(&urls::money_receipt(&receipt.to_string())).into_response())
}

fn parsed(id: &str) -> Result<PaymentId, PageError> {
    id.parse().map_err(|_| PageError::NotThere(say("payment-none")))
}

fn purpose(id: PaymentId) -> String {
    urls::money_payment(&id.to_string())
}

fn fields(why: &str) -> Vec<Input> {
    vec![Input::line("why", say("payment-why"), why).hint(say("payment-why-hint"))]
}

impl PaymentPage {
    fn new(layout: Layout, signed: &SignedIn, id: PaymentId, seen: &PaymentSeen) -> Self {
        let may = signed.actor.may(Right::ChangeMoney);
        Self::of(layout, signed.token(&purpose(id)), id, seen, may)
    }

    fn of(layout: Layout, token: String, id: PaymentId, seen: &PaymentSeen, may_change: bool) -> Self {
        let payment = &seen.payment;
        let mut facts = vec![
            (say("pay-day"), says::day(id.day)),
            (say("pay-way"), says::way(payment.way)),
            (say("pay-purpose"), says::purpose(payment.purpose)),
        ];
        let mut fact = |label: String, value: Option<String>| facts.extend(value.map(|value| (label, value)));
        fact(say("pay-reference"), payment.reference.clone());
        fact(say("payment-statement"), payment.line.clone());
        fact(
            say("payment-in-cash-book"),
            payment.in_cash_book.map(|number| number.to_string()),
        );
        fact(say("payment-by"), payment.by.map(|by| by.to_string()));
        let mut ways = Vec::new();
        ways.extend(
            payment
                .payer
                .map(|payer| (urls::money_payer(&Payer::word(payer)), seen.name.clone())),
        );
        let receipt = payment.receipt.map(|receipt| receipt.to_string());
        ways.extend(receipt.map(|number| {
            (
                urls::money_receipt(&number),
                say_with("payment-receipt", [("number", number.clone().into())]),
            )
        }));
        let other = payment
            .reversed
            .or(payment.reverses)
            .map(|other| other.to_string());
        ways.extend(other.map(|other| (urls::money_payment(&other), say("payment-other"))));
        let receivable = payment.receipt.is_none()
            && payment.stands()
            && payment.is_money()
            && !payment.amount.is_negative();
        Self {
            layout,
            done: String::new(),
            heading: format!("{} {}", payment.amount, seen.name),
            facts,
            ways,
            taken_back: !payment.stands(),
            receipt_action: receivable.then(|| urls::money_payment_receipt(&id.to_string())),
            action: purpose(id),
            token,
            fields: fields(""),
            may_change,
        }
    }

    /// An entry without a receipt.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let day = jiff::civil::date(2026, 6, 16);
        let id = PaymentId { day, number: 7 };
        let new = members::money::NewPayment {
            day,
            payer: Some(Payer::Person(units::PersonId::new(1))),
            outsider: None,
            amount: units::Money::new(300, units::Currency::GBP),
            way: members::money::Way::BankTransfer,
            purpose: members::money::For::Dues,
            reference: Some("<ANA>".to_owned()),
            line: Some("line".to_owned()),
        };
        let mut payment = new.entered(Some(units::PersonId::new(2)), units::Instant::from_millis(0));
        payment.in_cash_book = Some(1);
        let seen = PaymentSeen {
            payment,
            name: "Ana <Öberg>".to_owned(),
        };
        let page = Self::of(Layout::sample(), "0".repeat(64), id, &seen, true);
        Self {
            done: say("payment-done-back"),
            ways: vec![(urls::money_payment("2026-06-16-8"), say("payment-other"))],
            ..page
        }
    }
}
