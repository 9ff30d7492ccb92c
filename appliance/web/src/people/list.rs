//! `/people`: everybody in the book, found by what a steward remembers of them.

use acts::people::{FoundPeople, PersonLine};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;

use crate::error::PageError;
use crate::membership::status_and_class;
use crate::pages::{Here, Layout, Visit, html};
use crate::sign_in::SignedIn;
use crate::words::{filters, say_with};
use crate::{App, urls};

/// The list of people.
#[derive(Template)]
#[template(path = "people/list.html")]
pub(crate) struct PeoplePage {
    layout: Layout,
    typed: String,
    told: String,
    lines: Vec<Line>,
    may_add: bool,
    before: Option<String>,
    after: Option<String>,
}

/// One person.
struct Line {
    url: String,
    name: String,
    number: u32,
    membership: String,
    household: String,
    telephone: String,
}

/// What is asked.
#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    pub(super) q: String,
    pub(super) page: Option<usize>,
}

/// `GET /people`
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let page = asked.page.unwrap_or(1);
    let found = app.acts.find_people(&signed.actor, &asked.q, page).await?;
    let layout = Layout::new(&app.look(), &visit, Here::Members);
    let mut page = PeoplePage::new(layout, asked.q, found);
    page.may_add = signed.actor.may(acts::Right::ChangePeople);
    html(&page)
}

impl PeoplePage {
    fn new(layout: Layout, typed: String, found: FoundPeople) -> Self {
        let to = |page: usize| urls::people_found(&typed, page);
        let key = match typed.trim().is_empty() {
            true => "people-all",
            false => "people-found",
        };
        let told = say_with(
            key,
            [
                ("found", found.found.into()),
                ("all", found.in_the_book.into()),
                ("page", found.page.into()),
                ("pages", found.pages.into()),
            ],
        );
        Self {
            before: (found.page > 1).then(|| to(found.page - 1)),
            after: (found.page < found.pages).then(|| to(found.page + 1)),
            layout,
            typed,
            told,
            may_add: false,
            lines: found.lines.into_iter().map(Line::of).collect(),
        }
    }

    /// Two people.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let line = |number, name: &str| PersonLine {
            id: units::PersonId::new(number),
            name: name.to_owned(),
            membership: Some((members::membership::Status::Member, "member".to_owned())),
            household: Some("Öberg & Okafor".to_owned()),
            telephone: None,
        };
        let found = FoundPeople {
            lines: vec![line(1, "Ana <Öberg>"), line(2, "Ben Okafor")],
            found: 102,
            in_the_book: 5_000,
            page: 2,
            pages: 3,
        };
        let mut page = Self::new(Layout::sample(), "a \"b\"".to_owned(), found);
        page.may_add = true;
        page
    }
}

impl Line {
    fn of(line: PersonLine) -> Self {
        Self {
            url: urls::person(line.id.number()),
            number: line.id.number(),
            membership: line
                .membership
                .map(|(status, class)| status_and_class(status, &class))
                .unwrap_or_default(),
            household: line.household.unwrap_or_default(),
            telephone: line.telephone.unwrap_or_default(),
            name: line.name,
        }
    }
}
