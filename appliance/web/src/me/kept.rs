//! `/me/data`: everything that is kept about oneself, with why, on which ground and how long.

use acts::data::KeptRow;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use members::holding::Part;

use super::told::rule_words;
use crate::App;
use crate::error::PageError;
use crate::pages::{Here, Layout, Visit, html};
use crate::sign_in::SignedIn;
use crate::words::{filters, say};

/// Everything that is kept about oneself.
#[derive(Template)]
#[template(path = "me/kept.html")]
pub(crate) struct KeptPage {
    layout: Layout,
    groups: Vec<Group>,
}

/// The rows of one table.
pub(crate) struct Group {
    pub(crate) title: String,
    pub(crate) rows: Vec<Row>,
}

/// A row.
pub(crate) struct Row {
    /// How it has to do with oneself, where it is not all one's own.
    pub(crate) part: String,
    pub(crate) fields: Vec<FieldTold>,
}

/// A field.
pub(crate) struct FieldTold {
    pub(crate) label: &'static str,
    pub(crate) says: Vec<String>,
    pub(crate) why: String,
}

/// `GET /me/data`
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
) -> Result<Response, PageError> {
    let rows = app.acts.kept_about_me(&signed.actor).await?;
    html(&KeptPage {
        layout: Layout::new(&app.look(), &visit, Here::Own),
        groups: groups(&rows),
    })
}

/// The rows by their tables, each with the fields in which something stands.
pub(crate) fn groups(rows: &[KeptRow]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for row in rows {
        if groups.last().is_none_or(|group| group.title != row.title) {
            groups.push(Group {
                title: row.title.clone(),
                rows: Vec::new(),
            });
        }
        let said = row.told.iter().filter(|told| !told.values.is_empty());
        let fields = said.map(|told| FieldTold {
            label: told.rule.label,
            says: told.values.clone(),
            why: rule_words(told.rule),
        });
        let row = Row {
            part: part_words(row.part),
            fields: fields.collect(),
        };
        if let Some(group) = groups.last_mut() {
            group.rows.push(row);
        }
    }
    groups
}

fn part_words(part: Part) -> String {
    match part {
        Part::Own | Part::Nothing => String::new(),
        Part::Shared => say("kept-shared"),
        Part::Household => say("kept-household"),
        Part::Named => say("kept-named"),
    }
}

impl KeptPage {
    /// A name and a shared device.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        use members::person::Person;
        use members::record::Record;
        let person = Person::named("Ana <Öberg>", units::Instant::from_millis(0)).expect("a name");
        let row = |part| KeptRow {
            table: "people",
            title: "People".to_owned(),
            part,
            told: person.told(),
        };
        Self {
            layout: Layout::sample(),
            groups: groups(&[row(Part::Own), row(Part::Shared), row(Part::Named)]),
        }
    }
}
