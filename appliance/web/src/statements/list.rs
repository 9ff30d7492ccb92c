//! `/money/statements`: where a file is handed in, and those that were read.

use acts::Right;
use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use members::statement::kept::StatementFile;
use members::statement::preset;

use crate::error::PageError;
use crate::pages::upload::Upload;
use crate::pages::{Done, Field, Here, Layout, Visit, html};
use crate::show::day;
use crate::sign_in::SignedIn;
use crate::words::{filters, say, say_with};
use crate::{App, urls};

/// Where a file is handed in.
#[derive(Template)]
#[template(path = "statements/list.html")]
pub(crate) struct ListPage {
    layout: Layout,
    done: String,
    /// Nothing for whoever may look alone.
    token: Option<String>,
    file: Field,
    banks: String,
    waiting: Vec<(String, String)>,
    read: Vec<Row>,
}

/// A file that was read.
struct Row {
    url: String,
    name: String,
    account: String,
    days: String,
    told: String,
}

/// `GET /money/statements`
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Query(done): Query<Done>,
) -> Result<Response, PageError> {
    html(&ListPage::new(&app, &visit, &signed, &done).await?)
}

/// Where what only takes forms was opened by its address.
pub(crate) async fn back() -> Redirect {
    Redirect::to(urls::STATEMENTS)
}

/// `POST /money/statements`
pub(crate) async fn take(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    upload: Result<Upload, Response>,
) -> Result<Response, PageError> {
    if !signed.actor.may(Right::ChangeMoney) {
        return Err(acts::ActError::NotAllowed(Right::ChangeMoney).into());
    }
    let (status, why) = match upload {
        Ok(upload) => {
            signed.check(urls::STATEMENTS, upload.field("token"))?;
            match app
                .acts
                .hand_in_statement(&signed.actor, &upload.file_name, upload.file)
                .await
            {
                Ok(number) => return Ok(Redirect::to(&urls::statement_file(number)).into_response()),
                Err(acts::ActError::BadInput(why)) => (StatusCode::UNPROCESSABLE_ENTITY, why),
                Err(other) => return Err(other.into()),
            }
        }
        Err(refused) => {
            let why = refused.extensions().get::<PageError>().map(ToString::to_string);
            (refused.status(), why.unwrap_or_default())
        }
    };
    let mut page = ListPage::new(&app, &visit, &signed, &Done::default()).await?;
    page.file = Field::refused(String::new(), &why);
    Ok((status, html(&page)?).into_response())
}

impl ListPage {
    async fn new(app: &App, visit: &Visit, signed: &SignedIn, done: &Done) -> Result<Self, PageError> {
        let changes = signed.actor.may(Right::ChangeMoney);
        let waiting = match changes {
            true => app.acts.statement_drafts(&signed.actor).await?,
            false => Vec::new(),
        };
        let read = app.acts.statements(&signed.actor).await?;
        let known = [
            ("forgotten", "statements-done-forgotten"),
            ("undone", "statements-done-undone"),
        ];
        let done = known.into_iter().find(|(what, _)| done.is(what));
        Ok(Self {
            layout: Layout::new(&app.look(), visit, Here::Members),
            done: done.map(|(_, key)| say(key)).unwrap_or_default(),
            token: changes.then(|| signed.token(urls::STATEMENTS)),
            file: Field::default(),
            banks: banks(),
            waiting: waiting
                .into_iter()
                .map(|(number, name)| (urls::statement_file(number), name))
                .collect(),
            read: read.iter().map(|(number, file)| Row::of(*number, file)).collect(),
        })
    }

    /// A file that was refused, one that waits, and one that was read.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let row = Row {
            url: urls::statement(1, "open", 1),
            name: "may <2026>.csv".to_owned(),
            account: "Barclays".to_owned(),
            days: "1 May 2026 – 31 May 2026".to_owned(),
            told: say_with(
                "statements-told",
                [("lines", 12.into()), ("known", 3.into()), ("left", 1.into())],
            ),
        };
        Self {
            layout: Layout::sample(),
            done: say("statements-done-undone"),
            token: Some("0".repeat(64)),
            file: Field::refused(String::new(), "There is nothing in this file"),
            banks: banks(),
            waiting: vec![(urls::statement_file(2), "june.ofx".to_owned())],
            read: vec![row],
        }
    }
}

fn banks() -> String {
    let banks: Vec<&str> = preset::banks().collect();
    say_with("statements-banks", [("banks", banks.join(", ").into())])
}

impl Row {
    fn of(number: u32, file: &StatementFile) -> Self {
        let days = [file.first, file.last].into_iter().flatten().map(day);
        Self {
            url: urls::statement(number, "open", 1),
            name: file.name.clone(),
            account: file.account.clone(),
            days: days.collect::<Vec<_>>().join(" – "),
            told: say_with(
                "statements-told",
                [
                    ("lines", file.lines.into()),
                    ("known", file.known.into()),
                    ("left", file.left.len().into()),
                ],
            ),
        }
    }
}
