//! `/members/import/preview`: every row with what would become of it, the questions that are left, and the button that
//! reads the table in.

use std::collections::BTreeMap;

use acts::import::{Choices, Preview};
use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::{HeaderName, header};
use axum::response::{IntoResponse, Redirect, Response};
use members::import::plan::{Decision, NotTaken, RowPlan, Verdict};
use members::sheet::write::Csv;
use serde::Deserialize;
use units::PersonId;

use super::table::sent;
use crate::error::PageError;
use crate::pages::{Here, Layout, Visit, html};
use crate::sign_in::SignedIn;
use crate::words::{filters, say, say_with};
use crate::{App, show, urls};

/// How many rows are on one page.
const ON_A_PAGE: usize = 100;

/// Which rows are shown.
const SHOWN: [&str; 5] = ["all", "new", "changed", "same", "not-taken"];

/// What would become of a table.
#[derive(Template)]
#[template(path = "import/preview.html")]
pub(crate) struct PreviewPage {
    layout: Layout,
    file: String,
    own: bool,
    sums: Vec<Sum>,
    rows: Vec<Row>,
    told: String,
    before: Option<String>,
    after: Option<String>,
    asks: bool,
    decide_token: String,
    commit_token: String,
    seen: String,
    changes: bool,
}

/// How many rows come to one thing.
struct Sum {
    url: String,
    words: String,
    here: bool,
}

/// One row.
struct Row {
    line: usize,
    name: String,
    told: String,
    person: Option<String>,
    notes: Vec<String>,
    ask: Option<Ask>,
}

/// A question of a row.
struct Ask {
    name: String,
    options: Vec<(String, String)>,
}

/// Which part is asked for.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    show: String,
    page: Option<usize>,
}

type Pairs = Vec<(String, String)>;

/// `GET /members/import/preview`
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let staged = app.acts.staged(&signed.actor).await?;
    if staged.lacks.is_some() {
        return Ok(Redirect::to(urls::IMPORT_TABLE).into_response());
    }
    let preview = app.acts.preview_import(&signed.actor).await?;
    let layout = Layout::new(&app.look(), &visit, Here::Members);
    let mut page = PreviewPage::of(layout, &preview, &asked);
    page.decide_token = signed.token(urls::IMPORT_PREVIEW);
    page.commit_token = signed.token(&purpose(&preview.seen));
    html(&page)
}

/// `POST /members/import/preview`: who some rows are about.
pub(crate) async fn decide(
    State(app): State<App>,
    signed: SignedIn,
    Form(pairs): Form<Pairs>,
) -> Result<Response, PageError> {
    signed.check(urls::IMPORT_PREVIEW, sent(&pairs, "token"))?;
    let staged = app.acts.staged(&signed.actor).await?;
    let mut decisions = staged.choices.decisions.clone();
    decisions.extend(decided(&pairs));
    let choices = Choices {
        decisions,
        mapping: Some(staged.mapping),
        ..staged.choices
    };
    app.acts.choose_for_table(&signed.actor, choices).await?;
    Ok(Redirect::to(urls::IMPORT_PREVIEW).into_response())
}

fn decided(pairs: &Pairs) -> BTreeMap<usize, Decision> {
    let decision = |value: &str| match value {
        "new" => Some(Decision::New),
        "leave" => Some(Decision::Leave),
        other => {
            let number = other.strip_prefix("person-")?.parse().ok()?;
            Some(Decision::Person(PersonId::new(number)))
        }
    };
    let rows = pairs.iter().filter_map(|(name, value)| {
        let line = name.strip_prefix("row-")?.parse().ok()?;
        Some((line, decision(value)?))
    });
    rows.collect()
}

/// `POST /members/import/commit`
pub(crate) async fn commit(
    State(app): State<App>,
    signed: SignedIn,
    Form(pairs): Form<Pairs>,
) -> Result<Response, PageError> {
    let seen = sent(&pairs, "seen");
    signed.check(&purpose(seen), sent(&pairs, "token"))?;
    let number = app.acts.import_table(&signed.actor, seen).await?;
    Ok(Redirect::to(&urls::done(&urls::import_past(number), "in")).into_response())
}

/// What was seen is what is done.
fn purpose(seen: &str) -> String {
    format!("{} {seen}", urls::IMPORT_COMMIT)
}

/// `GET /members/import/preview.csv`: every row with what would become of it.
pub(crate) async fn report(State(app): State<App>, signed: SignedIn) -> Result<Response, PageError> {
    let preview = app.acts.preview_import(&signed.actor).await?;
    let heads = [
        "import-report-row",
        "import-report-name",
        "import-report-told",
        "import-report-notes",
    ]
    .map(say);
    let mut csv = Csv::new(heads.iter().map(String::as_str));
    for row in &preview.plan.rows {
        let shown = Row::of(row, &preview.names);
        csv.number(&row.line.to_string())
            .text(&row.name)
            .text(&shown.told)
            .text(&shown.notes.join("\n"))
            .end_row();
    }
    Ok(as_file("import-report.csv", csv))
}

/// A table as a file that the browser keeps.
pub(crate) fn as_file(name: &str, csv: Csv) -> Response {
    let headers: [(HeaderName, String); 2] = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
    ];
    (headers, csv.finish()).into_response()
}

fn kind(row: &RowPlan) -> &'static str {
    match row.verdict {
        Verdict::New(_) => "new",
        Verdict::Changed(..) | Verdict::Beside(_, true) => "changed",
        Verdict::Same(_) | Verdict::Beside(_, false) => "same",
        Verdict::NotTaken(_) => "not-taken",
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl PreviewPage {
    fn of(layout: Layout, preview: &Preview, asked: &Asked) -> Self {
        let show = SHOWN
            .into_iter()
            .find(|known| *known == asked.show)
            .unwrap_or("all");
        let rows: Vec<&RowPlan> = preview
            .plan
            .rows
            .iter()
            .filter(|row| show == "all" || kind(row) == show)
            .collect();
        let pages = rows.len().div_ceil(ON_A_PAGE).max(1);
        let page = asked.page.unwrap_or(1).clamp(1, pages);
        let here = rows.iter().skip((page - 1) * ON_A_PAGE).take(ON_A_PAGE);
        let rows_here: Vec<Row> = here.map(|row| Row::of(row, &preview.names)).collect();
        let to = |page: usize| urls::import_rows(show, page);
        Self {
            layout,
            file: preview.staged.file.clone(),
            own: preview.staged.own,
            sums: sums(preview, show),
            told: say_with(
                "import-rows-told",
                [
                    ("rows", count(rows.len()).into()),
                    ("page", count(page).into()),
                    ("pages", count(pages).into()),
                ],
            ),
            before: (page > 1).then(|| to(page - 1)),
            after: (page < pages).then(|| to(page + 1)),
            asks: rows_here.iter().any(|row| row.ask.is_some()),
            rows: rows_here,
            decide_token: String::new(),
            commit_token: String::new(),
            seen: preview.seen.clone(),
            changes: preview.plan.changes(),
        }
    }

    /// A row of each kind.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        use members::import::entry::{CellFault, CellNote};
        use members::import::field::Field;
        use members::import::plan::Plan;
        let id = PersonId::new(1);
        let verdicts = [
            Verdict::New(id),
            Verdict::Changed(id, vec![Field::Email.into()]),
            Verdict::Same(id),
            Verdict::Beside("rule of the <house>", true),
            Verdict::NotTaken(NotTaken::Who(vec![id])),
            Verdict::NotTaken(NotTaken::NoName),
        ];
        let rows = (2..).zip(verdicts).map(|(line, verdict)| RowPlan {
            line,
            name: "Ana <Öberg>".to_owned(),
            verdict,
            notes: vec![CellNote {
                about: Field::Born.into(),
                why: CellFault::NotADay,
            }],
        });
        let preview = Preview {
            staged: super::table::sample_staged(),
            plan: Plan {
                rows: rows.collect(),
                book: members::book::Book::default(),
                people: [id].into(),
                households: [].into(),
                memberships: [].into(),
                rules: members::house::House::default(),
                given: members::import::plan::Given::default(),
            },
            seen: "0".repeat(64),
            names: vec![(id, "Ana <Öberg>".to_owned())],
        };
        Self::of(Layout::sample(), &preview, &Asked::default())
    }
}

fn sums(preview: &Preview, show: &str) -> Vec<Sum> {
    let counts = preview.plan.count();
    let numbers = [
        preview.plan.rows.len(),
        counts.new,
        counts.changed,
        counts.same,
        counts.not_taken,
    ];
    let sum = |(kind, number): (&str, usize)| Sum {
        url: urls::import_rows(kind, 1),
        words: say_with(&format!("import-sum-{kind}"), [("count", count(number).into())]),
        here: kind == show,
    };
    SHOWN.into_iter().zip(numbers).map(sum).collect()
}

impl Row {
    fn of(row: &RowPlan, names: &[(PersonId, String)]) -> Self {
        let (told, person) = match &row.verdict {
            Verdict::New(_) => (say("import-row-new"), None),
            Verdict::Changed(id, fields) => {
                let fields: Vec<String> = fields.iter().map(ToString::to_string).collect();
                let places = [
                    ("person", id.to_string().into()),
                    ("fields", fields.join(", ").into()),
                ];
                (say_with("import-row-changed", places), Some(*id))
            }
            Verdict::Same(id) => (
                say_with("import-row-same", [("person", id.to_string().into())]),
                Some(*id),
            ),
            Verdict::Beside(what, new) => {
                let key = if *new {
                    "import-row-beside-new"
                } else {
                    "import-row-beside-same"
                };
                (show::sentence(&say_with(key, [("what", (*what).into())])), None)
            }
            Verdict::NotTaken(why) => (show::sentence(&why.to_string()), None),
        };
        let notes = row
            .notes
            .iter()
            .map(|note| show::sentence(&format!("{}: {}", note.about, note.why)));
        Self {
            line: row.line,
            name: row.name.clone(),
            told,
            person: person.map(|id| urls::person(id.number())),
            notes: notes.collect(),
            ask: ask(row, names),
        }
    }
}

fn ask(row: &RowPlan, names: &[(PersonId, String)]) -> Option<Ask> {
    let Verdict::NotTaken(NotTaken::Who(people)) = &row.verdict else {
        return None;
    };
    let mut options = vec![
        (String::new(), say("import-ask-later")),
        ("new".to_owned(), say("import-ask-new")),
    ];
    options.extend(people.iter().map(|id| {
        let name = names
            .iter()
            .find(|(known, _)| known == id)
            .map_or("", |(_, name)| name.as_str());
        let words = say_with(
            "import-ask-person",
            [
                ("name", name.to_owned().into()),
                ("person", id.to_string().into()),
            ],
        );
        (format!("person-{}", id.number()), words)
    }));
    options.push(("leave".to_owned(), say("import-ask-leave")));
    Some(Ask {
        name: format!("row-{}", row.line),
        options,
    })
}
