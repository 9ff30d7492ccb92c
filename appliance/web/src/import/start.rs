//! `/members/import`: where a table is handed in, and the imports of the past.

use acts::Right;
use acts::import::Past;
use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use crate::error::PageError;
use crate::pages::upload::Upload;
use crate::pages::{Done, Field, Here, Layout, Visit, html};
use crate::sign_in::SignedIn;
use crate::words::{filters, say, say_with};
use crate::{App, show, urls};

/// Where a table is handed in.
#[derive(Template)]
#[template(path = "import/start.html")]
pub(crate) struct ImportPage {
    layout: Layout,
    done: String,
    token: String,
    file: Field,
    waiting: Option<String>,
    past: Vec<Line>,
}

/// One import or merge of the past.
pub(crate) struct Line {
    /// Where it is.
    pub(crate) url: String,
    /// What it is called.
    pub(crate) name: String,
    /// When it was, and what came of it.
    pub(crate) told: String,
}

/// `GET /members/import`
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Query(done): Query<Done>,
) -> Result<Response, PageError> {
    html(&ImportPage::new(&app, &visit, &signed, &done).await?)
}

/// Where what only takes forms was opened by its address.
pub(crate) async fn back() -> Redirect {
    Redirect::to(urls::IMPORT)
}

/// `POST /members/import`
pub(crate) async fn take(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    upload: Result<Upload, Response>,
) -> Result<Response, PageError> {
    may(&signed)?;
    let upload = match upload {
        Ok(upload) => upload,
        Err(response) => {
            let why = response.extensions().get::<PageError>().map(ToString::to_string);
            return refused(&app, &visit, &signed, response.status(), &why.unwrap_or_default()).await;
        }
    };
    signed.check(urls::IMPORT, upload.field("token"))?;
    let staged = app
        .acts
        .stage_table(&signed.actor, &upload.file_name, upload.file)
        .await;
    match staged {
        Ok(()) => Ok(Redirect::to(urls::IMPORT_TABLE).into_response()),
        Err(acts::ActError::BadInput(why)) => {
            refused(&app, &visit, &signed, StatusCode::UNPROCESSABLE_ENTITY, &why).await
        }
        Err(other) => Err(other.into()),
    }
}

/// Whoever may not is told so before a file is read.
fn may(signed: &SignedIn) -> Result<(), PageError> {
    if signed.actor.may(Right::ImportTables) {
        return Ok(());
    }
    Err(acts::ActError::NotAllowed(Right::ImportTables).into())
}

async fn refused(
    app: &App,
    visit: &Visit,
    signed: &SignedIn,
    status: StatusCode,
    why: &str,
) -> Result<Response, PageError> {
    let mut page = ImportPage::new(app, visit, signed, &Done::default()).await?;
    page.file = Field::refused(String::new(), why);
    Ok((status, html(&page)?).into_response())
}

impl ImportPage {
    async fn new(app: &App, visit: &Visit, signed: &SignedIn, done: &Done) -> Result<Self, PageError> {
        let look = app.look();
        let past = app.acts.imports(&signed.actor).await?;
        let waiting = app.acts.staged(&signed.actor).await.ok();
        Ok(Self {
            layout: Layout::new(&look, visit, Here::Members),
            done: if done.is("forgotten") {
                say("import-done-forgotten")
            } else {
                String::new()
            },
            token: signed.token(urls::IMPORT),
            file: Field::default(),
            waiting: waiting.map(|staged| say_with("import-waiting", [("file", staged.file.into())])),
            past: past
                .iter()
                .map(|past| Line::of(past, &show::dated(&look.place().zone, look.now(), past.import.at)))
                .collect(),
        })
    }

    /// A file that was refused, and one import of the past.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        Self {
            layout: Layout::sample(),
            done: say("import-done-forgotten"),
            token: "0".repeat(64),
            file: Field::refused(String::new(), &say("upload-none")),
            waiting: Some(say_with("import-waiting", [("file", "a<b>.csv".into())])),
            past: vec![Line::of(&super::past::sample_past(), "Tuesday 16 June, 14:00")],
        }
    }
}

impl Line {
    pub(crate) fn of(past: &Past, when: &str) -> Self {
        Self {
            url: urls::import_past(past.number),
            name: super::past::name(past),
            told: super::past::told(past, when),
        }
    }
}
