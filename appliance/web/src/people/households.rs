//! `/households`: every household, found by its name, its people or its address.

use acts::people::{FoundHouseholds, HouseholdLine};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;

use super::list::Asked;
use crate::error::PageError;
use crate::pages::{Here, Layout, Visit, html};
use crate::sign_in::SignedIn;
use crate::words::{filters, say_with};
use crate::{App, urls};

/// The list of households.
#[derive(Template)]
#[template(path = "people/households.html")]
pub(crate) struct HouseholdsPage {
    layout: Layout,
    typed: String,
    told: String,
    lines: Vec<Line>,
    before: Option<String>,
    after: Option<String>,
}

/// One household.
struct Line {
    url: String,
    name: String,
    people: usize,
    address: String,
}

/// `GET /households`
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let page = asked.page.unwrap_or(1);
    let found = app.acts.find_households(&signed.actor, &asked.q, page).await?;
    html(&HouseholdsPage::new(
        Layout::new(&app.look(), &visit, Here::Members),
        asked.q,
        found,
    ))
}

impl HouseholdsPage {
    fn new(layout: Layout, typed: String, found: FoundHouseholds) -> Self {
        let to = |page: usize| urls::households_found(&typed, page);
        let told = say_with(
            "households-found",
            [
                ("found", found.found.into()),
                ("page", found.page.into()),
                ("pages", found.pages.into()),
            ],
        );
        let line = |line: HouseholdLine| Line {
            url: urls::household(line.id.number()),
            name: line.name,
            people: line.people,
            address: line.address,
        };
        Self {
            before: (found.page > 1).then(|| to(found.page - 1)),
            after: (found.page < found.pages).then(|| to(found.page + 1)),
            layout,
            typed,
            told,
            lines: found.lines.into_iter().map(line).collect(),
        }
    }

    /// One household of two people.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let line = HouseholdLine {
            id: units::HouseholdId::new(1),
            name: "Ana <Öberg> and Ben".to_owned(),
            people: 2,
            address: "1 High Street".to_owned(),
        };
        let found = FoundHouseholds {
            lines: vec![line],
            found: 101,
            page: 2,
            pages: 3,
        };
        Self::new(Layout::sample(), "ö".to_owned(), found)
    }
}
