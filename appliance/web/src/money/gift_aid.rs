//! `/money/gift-aid`: what can be claimed, what cannot and why, and the schedule of a claim as a table.

use acts::money::GiftAidPage;
use acts::{ActError, Right};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use members::money::{SCHEDULE, SCHEDULE_LINES};
use members::sheet::write::Csv;
use serde::Deserialize;

use super::form::{Answers, Sent};
use super::says;
use crate::error::PageError;
use crate::pages::{Done, Here, Layout, Visit, html};
use crate::sign_in::SignedIn;
use crate::words::{filters, say, say_with};
use crate::{App, urls};

/// Gift Aid.
#[derive(Template)]
#[template(path = "money/gift_aid.html")]
pub(crate) struct GiftAidSheet {
    layout: Layout,
    done: String,
    claims_here: bool,
    told: String,
    refused: Vec<Refused>,
    claims: Vec<Claimed>,
    token: Option<String>,
}

/// A gift for which nothing can be claimed.
struct Refused {
    url: String,
    day: String,
    name: String,
    amount: String,
    why: String,
}

/// A claim.
struct Claimed {
    told: String,
    parts: Vec<(String, String)>,
}

/// Which thousand lines.
#[derive(Deserialize)]
pub(crate) struct Part {
    part: Option<usize>,
}

/// `GET /money/gift-aid`
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Query(done): Query<Done>,
) -> Result<Response, PageError> {
    let found = app.acts.gift_aid(&signed.actor).await?;
    let layout = Layout {
        back: urls::MONEY_GIFT_AID.to_owned(),
        ..Layout::new(&app.look(), &visit, Here::Members)
    };
    let zone = app.look().place().zone.clone();
    let day = |at: units::Instant| {
        zone.date_of(at)
            .to_string()
            .parse()
            .map(says::day)
            .unwrap_or_default()
    };
    let mut sheet = GiftAidSheet::new(layout, &found, day);
    sheet.token = signed
        .actor
        .may(Right::ChangeMoney)
        .then(|| signed.token(&purpose(&found)));
    if done.is("claimed") {
        sheet.done = say("gift-aid-done");
    }
    html(&sheet)
}

/// `POST /money/gift-aid`: a claim is put together.
pub(crate) async fn claim(
    State(app): State<App>,
    signed: SignedIn,
    sent: Sent,
) -> Result<Response, PageError> {
    if !signed.actor.may(Right::ChangeMoney) {
        return Err(ActError::NotAllowed(Right::ChangeMoney).into());
    }
    let found = app.acts.gift_aid(&signed.actor).await?;
    signed.check(&purpose(&found), Answers::of(sent).get("token"))?;
    app.acts.claim_gift_aid(&signed.actor).await?;
    Ok(Redirect::to(&urls::done(urls::MONEY_GIFT_AID, "claimed")).into_response())
}

/// `GET /money/gift-aid/{number}`: the schedule, a thousand lines at a time, since more do not fit one.
pub(crate) async fn schedule(
    State(app): State<App>,
    signed: SignedIn,
    Path(number): Path<u32>,
    Query(part): Query<Part>,
) -> Result<Response, PageError> {
    let lines = app.acts.gift_aid_schedule(&signed.actor, number).await?;
    let part = part.part.unwrap_or(1).max(1);
    let mut csv = Csv::new(SCHEDULE);
    let within = lines
        .iter()
        .skip((part - 1) * SCHEDULE_LINES)
        .take(SCHEDULE_LINES);
    for (number, line) in (1..).zip(within) {
        let fields = line.fields(number);
        let last = fields.len() - 1;
        for (place, field) in fields.iter().enumerate() {
            match place {
                0 => csv.number(field),
                place if place == last => csv.number(field),
                _ => csv.text(field),
            };
        }
        csv.end_row();
    }
    let name = format!("attachment; filename=\"gift-aid-{number}-{part}.csv\"");
    let headers = [
        (
            header::CONTENT_TYPE,
            "text/csv; charset=utf-8; header=present".to_owned(),
        ),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, csv.finish()).into_response())
}

/// One claim after those that there are, of the gifts that were looked at.
fn purpose(page: &GiftAidPage) -> String {
    let gifts = (page.gifts.claimable.len(), page.gifts.total);
    format!("{} {} {gifts:?}", urls::MONEY_GIFT_AID, page.claims.len())
}

impl GiftAidSheet {
    fn new(layout: Layout, page: &GiftAidPage, day: impl Fn(units::Instant) -> String) -> Self {
        let places = [
            ("count", page.gifts.claimable.len().into()),
            ("sum", page.gifts.total.to_string().into()),
        ];
        let refused = page.gifts.refused.iter().rev().map(|(id, payment, why)| Refused {
            url: urls::money_payment(&id.to_string()),
            day: says::day(id.day),
            name: says::payer(&page.money, payment.payer, payment.outsider.as_deref()),
            amount: payment.amount.to_string(),
            why: crate::show::sentence(&why.to_string()),
        });
        let claims = page.claims.iter().map(|(number, claim)| {
            let parts = claim.payments.len().div_ceil(SCHEDULE_LINES).max(1);
            let part = |part: usize| {
                let words = say_with(
                    "gift-aid-schedule",
                    [("part", part.into()), ("parts", parts.into())],
                );
                (urls::money_claim(*number, part), words)
            };
            let places = [
                ("number", number.to_string().into()),
                ("day", day(claim.at).into()),
                ("count", claim.payments.len().into()),
                ("sum", claim.total.to_string().into()),
            ];
            Claimed {
                told: say_with("gift-aid-claim-told", places),
                parts: (1..=parts).map(part).collect(),
            }
        });
        Self {
            layout,
            done: String::new(),
            claims_here: page.money.house.gift_aid,
            told: say_with("gift-aid-claimable", places),
            refused: refused.collect(),
            claims: claims.collect(),
            token: None,
        }
    }

    /// One gift that cannot be claimed.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let refused = Refused {
            url: urls::money_payment("2026-06-16-1"),
            day: "16 June 2026".to_owned(),
            name: "Ana <Öberg>".to_owned(),
            amount: "£20.00".to_owned(),
            why: "No declaration covers its day.".to_owned(),
        };
        Self {
            layout: Layout::sample(),
            done: say("gift-aid-done"),
            claims_here: true,
            told: say_with(
                "gift-aid-claimable",
                [("count", 1.into()), ("sum", "£20.00".into())],
            ),
            refused: vec![refused],
            claims: vec![Claimed {
                told: "Claim".to_owned(),
                parts: vec![(
                    urls::money_claim(1, 1),
                    say_with("gift-aid-schedule", [("part", 1.into()), ("parts", 1.into())]),
                )],
            }],
            token: Some("0".repeat(64)),
        }
    }
}
