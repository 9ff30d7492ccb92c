//! `/money/receipts`: the receipts of a year, and one of them to be printed. The first time it is shown it is the
//! original; from then on it says that it is a copy.

use acts::money::ReceiptPage;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use members::money::ReceiptNumber;
use serde::Deserialize;

use super::{here, says};
use crate::error::PageError;
use crate::pages::{Done, Here, Layout, Visit, html};
use crate::sign_in::SignedIn;
use crate::words::{filters, say, say_with};
use crate::{App, urls};

/// The receipts of a year.
#[derive(Template)]
#[template(path = "money/receipts.html")]
pub(crate) struct ReceiptsPage {
    layout: Layout,
    heading: String,
    before: String,
    rows: Vec<(String, String, String)>,
}

/// One receipt.
#[derive(Template)]
#[template(path = "money/receipt.html")]
pub(crate) struct ReceiptSheet {
    layout: Layout,
    done: String,
    number: String,
    copy: String,
    taken_back: bool,
    day: String,
    amount: String,
    from: String,
    facts: Vec<(String, String)>,
}

/// Which year.
#[derive(Deserialize)]
pub(crate) struct OfYear {
    year: Option<u16>,
}

/// `GET /money/receipts`
pub(crate) async fn list(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Query(asked): Query<OfYear>,
) -> Result<Response, PageError> {
    let (_, today) = here(&app)?;
    let year = asked
        .year
        .unwrap_or_else(|| u16::try_from(today.year()).unwrap_or(0));
    let found = app.acts.receipts(&signed.actor, year).await?;
    let rows = found.into_iter().map(|(number, payment)| {
        let number = number.to_string();
        (urls::money_receipt(&number), number, says::day(payment.day))
    });
    html(&ReceiptsPage {
        layout: Layout::new(&app.look(), &visit, Here::Members),
        heading: say_with("receipts-heading", [("year", year.to_string().into())]),
        before: urls::money_receipts(year.saturating_sub(1)),
        rows: rows.collect(),
    })
}

/// `GET /money/receipts/{number}`
pub(crate) async fn one(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Path(number): Path<String>,
    Query(done): Query<Done>,
) -> Result<Response, PageError> {
    let number: ReceiptNumber = number
        .parse()
        .map_err(|_| PageError::NotThere(say("receipt-none")))?;
    let page = app.acts.show_receipt(&signed.actor, number).await?;
    let mut sheet = ReceiptSheet::new(Layout::new(&app.look(), &visit, Here::Members), &page);
    sheet.done = match () {
        () if done.is("entered") => say("pay-done"),
        () if done.is("again") => say("pay-again"),
        () => String::new(),
    };
    html(&sheet)
}

impl ReceiptSheet {
    fn new(layout: Layout, page: &ReceiptPage) -> Self {
        let copy = match page.receipt.shown {
            0 => String::new(),
            times => say_with("receipt-copy", [("number", times.into())]),
        };
        let mut facts = vec![
            (say("pay-purpose"), says::purpose(page.payment.purpose)),
            (say("pay-way"), says::way(page.payment.way)),
        ];
        let reference = page.payment.reference.clone();
        facts.extend(reference.map(|reference| (say("pay-reference"), reference)));
        Self {
            layout,
            done: String::new(),
            number: page.number.to_string(),
            copy,
            taken_back: page.payment.reversed.is_some(),
            day: says::day(page.receipt.payment.day),
            amount: page.payment.amount.to_string(),
            from: page.name.clone(),
            facts,
        }
    }

    /// A copy of a receipt.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        Self {
            layout: Layout::sample(),
            done: say("pay-done"),
            number: "2026-0001".to_owned(),
            copy: say_with("receipt-copy", [("number", 1.into())]),
            taken_back: true,
            day: "16 June 2026".to_owned(),
            amount: "£3.00".to_owned(),
            from: "Ana <Öberg>".to_owned(),
            facts: vec![(say("pay-way"), say("way-cash"))],
        }
    }
}

impl ReceiptsPage {
    /// One receipt in a year.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let row = (
            urls::money_receipt("2026-0001"),
            "2026-0001".to_owned(),
            "16 June 2026".to_owned(),
        );
        Self {
            layout: Layout::sample(),
            heading: say_with("receipts-heading", [("year", "2026".into())]),
            before: urls::money_receipts(2025),
            rows: vec![row],
        }
    }
}
