//! `/members/import/{number}`: what an import or a merge has done, what was not taken, and the button that undoes it.

use acts::import::{Others, Past, Standing};
use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::error::PageError;
use crate::pages::{Done, Here, Layout, Visit, html};
use crate::sign_in::SignedIn;
use crate::words::{filters, say, say_with};
use crate::{App, show, urls};

/// What an import has done.
#[derive(Template)]
#[template(path = "import/past.html")]
pub(crate) struct PastPage {
    layout: Layout,
    done: String,
    name: String,
    told: String,
    is_merge: bool,
    lost: bool,
    report: Vec<String>,
    over: bool,
    changed: Vec<String>,
    what_is_undone: String,
    action: String,
    token: String,
}

/// What is sent.
#[derive(Deserialize)]
pub(crate) struct Sent {
    #[serde(default)]
    token: String,
    #[serde(default)]
    others: String,
}

/// `GET /members/import/{number}`
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Path(number): Path<u32>,
    Query(done): Query<Done>,
) -> Result<Response, PageError> {
    let past = app.acts.past_import(&signed.actor, number).await?;
    let standing = app.acts.standing(&signed.actor, number).await?;
    let look = app.look();
    let when = show::dated(&look.place().zone, look.now(), past.import.at);
    let token = signed.token(&purpose(number, &standing));
    let mut page = PastPage::new(Layout::new(&look, &visit, Here::Members), &past, &when, standing);
    page.token = token;
    let undone = match past.import.merge {
        Some(_) => "merge-done-undone",
        None => "import-done-undone",
    };
    let told = [
        ("in", "import-done-in"),
        ("merged", "merge-done-merged"),
        ("undone", undone),
    ];
    let told = told.into_iter().find(|(word, _)| done.is(word));
    page.done = told.map(|(_, key)| say(key)).unwrap_or_default();
    html(&page)
}

/// `POST /members/import/{number}/undo`
pub(crate) async fn undo(
    State(app): State<App>,
    signed: SignedIn,
    Path(number): Path<u32>,
    Form(form): Form<Sent>,
) -> Result<Response, PageError> {
    let standing = app.acts.standing(&signed.actor, number).await?;
    if signed.check(&purpose(number, &standing), &form.token).is_err() {
        return Err(acts::ActError::Conflict.into());
    }
    let others = if form.others == "yes" {
        Others::Undo
    } else {
        Others::Wait
    };
    match app.acts.past_import(&signed.actor, number).await?.import.merge {
        Some(_) => app.acts.undo_merge(&signed.actor, number).await?,
        None => app.acts.undo_import(&signed.actor, number, others).await?,
    }
    Ok(Redirect::to(&urls::done(&urls::import_past(number), "undone")).into_response())
}

/// A form is worth something as long as what can be undone is what was seen.
fn purpose(number: u32, standing: &Standing) -> String {
    format!(
        "{} {} {:?}",
        urls::import_past(number),
        standing.rows,
        standing.changed
    )
}

/// What an import is called.
pub(super) fn name(past: &Past) -> String {
    if past.import.merge.is_some() {
        return say("merge-a-merge");
    }
    past.import.file.clone().unwrap_or_else(|| say("import-a-table"))
}

/// When it was, by whom, and what came of it.
pub(super) fn told(past: &Past, when: &str) -> String {
    let import = &past.import;
    let by = past.by.clone().unwrap_or_else(|| say("import-by-nobody"));
    let told = match &import.merge {
        Some(merge) => say_with(
            "merge-told",
            [
                ("when", when.to_owned().into()),
                ("by", by.into()),
                ("gone", merge.gone.to_string().into()),
                ("kept", merge.kept.number().to_string().into()),
            ],
        ),
        None => say_with(
            "import-told",
            [
                ("when", when.to_owned().into()),
                ("by", by.into()),
                ("new", import.new.into()),
                ("changed", import.changed.into()),
                ("same", import.same.into()),
            ],
        ),
    };
    match import.undone {
        None => told,
        Some(_) if import.stayed == 0 => format!("{told} {}", say("import-undone")),
        Some(_) => format!(
            "{told} {}",
            say_with("import-undone-but", [("stayed", import.stayed.into())])
        ),
    }
}

impl PastPage {
    fn new(layout: Layout, past: &Past, when: &str, standing: Standing) -> Self {
        Self {
            layout,
            done: String::new(),
            name: name(past),
            told: told(past, when),
            report: past
                .import
                .report
                .iter()
                .map(|line| show::sentence(line))
                .collect(),
            is_merge: past.import.merge.is_some(),
            lost: standing.lost,
            over: past.import.undone.is_some(),
            what_is_undone: say_with(
                match past.import.merge {
                    Some(_) => "merge-undo-says",
                    None => "import-undo-says",
                },
                [("rows", u32::try_from(standing.rows).unwrap_or(u32::MAX).into())],
            ),
            changed: standing.changed,
            action: urls::import_undo(past.number),
            token: String::new(),
        }
    }

    /// An import of which a row has changed since.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let standing = Standing {
            rows: 7,
            changed: vec!["person 4".to_owned()],
            lost: false,
        };
        Self::new(
            Layout::sample(),
            &sample_past(),
            "Tuesday 16 June, 14:00",
            standing,
        )
    }

    /// A merge of which a row has changed since.
    #[cfg(test)]
    pub(crate) fn sample_merge() -> Self {
        let standing = Standing {
            rows: 11,
            changed: vec!["person 1".to_owned()],
            lost: false,
        };
        Self::new(
            Layout::sample(),
            &sample_merge(),
            "Tuesday 16 June, 14:00",
            standing,
        )
    }
}

/// A merge to try pages with.
#[cfg(test)]
pub(crate) fn sample_merge() -> Past {
    let mut past = sample_past();
    past.import.merge = Some(members::import::record::Merge {
        kept: units::PersonId::new(1),
        gone: 7,
        rows: 12,
        newer: members::record::Newer::default(),
    });
    past
}

/// An import to try pages with.
#[cfg(test)]
pub(super) fn sample_past() -> Past {
    use members::import::record::Import;
    Past {
        number: 3,
        import: Import {
            file: Some("members <2026>.csv".to_owned()),
            at: units::Instant::from_millis(0),
            by: None,
            new: 5,
            changed: 2,
            same: 1,
            report: vec!["Row 3: There is no name in this row".to_owned()],
            undone: None,
            stayed: 0,
            merge: None,
            newer: members::record::Newer::default(),
        },
        by: Some("Ana <Öberg>".to_owned()),
    }
}
