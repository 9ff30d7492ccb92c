//! `/members/merge/{person}`: which other entry is the same person, looked for by name or number.

use acts::people::FoundPeople;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Deserialize;
use units::PersonId;

use crate::error::PageError;
use crate::pages::{Here, Layout, Visit, html};
use crate::sign_in::SignedIn;
use crate::words::{filters, say_with};
use crate::{App, urls};

/// The search for the other entry.
#[derive(Template)]
#[template(path = "merge/with.html")]
pub(crate) struct WithPage {
    layout: Layout,
    heading: String,
    action: String,
    back: String,
    typed: String,
    told: String,
    lines: Vec<Line>,
}

/// One entry that was found.
struct Line {
    url: String,
    name: String,
    number: u32,
}

/// What is asked.
#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    q: String,
}

/// `GET /members/merge/{person}`
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Path(person): Path<u32>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let seen = app.acts.person(&signed.actor, PersonId::new(person)).await?;
    // Without a word to look for, those with the same name are meant.
    let typed = match asked.q.trim() {
        "" => seen.person.name.clone(),
        typed => typed.to_owned(),
    };
    let found = app.acts.find_people(&signed.actor, &typed, 1).await?;
    let layout = Layout::new(&app.look(), &visit, Here::Members);
    html(&WithPage::new(layout, (person, &seen.person.name), typed, found))
}

impl WithPage {
    fn new(layout: Layout, (person, name): (u32, &str), typed: String, found: FoundPeople) -> Self {
        let others = found.lines.into_iter().filter(|line| line.id.number() != person);
        let lines: Vec<Line> = others
            .map(|line| Line {
                url: urls::merge_pair(person, line.id.number()),
                number: line.id.number(),
                name: line.name,
            })
            .collect();
        Self {
            layout,
            heading: say_with("merge-with", [("name", name.to_owned().into())]),
            action: urls::merge_with(person),
            back: urls::person(person),
            typed,
            told: say_with("merge-with-found", [("found", lines.len().into())]),
            lines,
        }
    }

    /// One other entry.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let line = acts::people::PersonLine {
            id: PersonId::new(7),
            name: "Öberg & Ana".to_owned(),
            membership: None,
            household: None,
            telephone: None,
        };
        let found = FoundPeople {
            lines: vec![line],
            found: 1,
            in_the_book: 2,
            page: 1,
            pages: 1,
        };
        Self::new(Layout::sample(), (1, "Ana <Öberg>"), "ana".to_owned(), found)
    }
}
