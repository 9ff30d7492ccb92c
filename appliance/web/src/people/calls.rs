//! `/people/search/calls` and its like: lists of those whom a search means, to be printed, copied or opened elsewhere.

use acts::people::Call;
use askama::Template;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use members::edit::Typed;

use crate::App;
use crate::error::PageError;
use crate::pages::{Here, Layout, Visit, html};
use crate::sign_in::SignedIn;
use crate::words::{filters, say_with};

/// A list of calls, for paper.
#[derive(Template)]
#[template(path = "people/calls.html")]
pub(crate) struct CallsPage {
    layout: Layout,
    told: String,
    without: String,
    calls: Vec<Call>,
}

/// Addresses of e-mails, to be copied.
#[derive(Template)]
#[template(path = "people/addresses.html")]
pub(crate) struct AddressesPage {
    layout: Layout,
    told: String,
    without: String,
    addresses: String,
}

/// `GET /people/search/calls`
pub(crate) async fn calls(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Query(typed): Query<Typed>,
) -> Result<Response, PageError> {
    let (calls, without) = app.acts.list_calls(&signed.actor, &typed).await?;
    html(&CallsPage::new(
        Layout::new(&app.look(), &visit, Here::Members),
        calls,
        without,
    ))
}

/// `GET /people/search/e-mails`
pub(crate) async fn addresses(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Query(typed): Query<Typed>,
) -> Result<Response, PageError> {
    let (addresses, without) = app.acts.list_addresses(&signed.actor, &typed).await?;
    let layout = Layout::new(&app.look(), &visit, Here::Members);
    html(&AddressesPage::new(layout, &addresses, without))
}

/// `GET /people/search.csv`
pub(crate) async fn table(
    State(app): State<App>,
    signed: SignedIn,
    Query(typed): Query<Typed>,
) -> Result<Response, PageError> {
    let csv = app.acts.list_table(&signed.actor, &typed).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"people.csv\""),
    ];
    Ok((headers, csv).into_response())
}

impl CallsPage {
    fn new(layout: Layout, calls: Vec<Call>, without: usize) -> Self {
        Self {
            layout,
            told: say_with("calls-told", [("count", calls.len().into())]),
            without: say_with("calls-without", [("count", without.into())]),
            calls,
        }
    }

    /// One call.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let call = (
            "Ana <Öberg>".to_owned(),
            "0117 496 0123".to_owned(),
            "evenings".to_owned(),
        );
        Self::new(Layout::sample(), vec![call], 2)
    }
}

impl AddressesPage {
    fn new(layout: Layout, addresses: &[String], without: usize) -> Self {
        Self {
            layout,
            told: say_with("addresses-told", [("count", addresses.len().into())]),
            without: say_with("addresses-without", [("count", without.into())]),
            addresses: addresses.join("\n"),
        }
    }

    /// One address.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        Self::new(Layout::sample(), &["<ana>@example.org".to_owned()], 1)
    }
}
