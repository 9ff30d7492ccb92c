//! The box itself: what somebody should know first, then buses, tasks, store and card, the record of acts, and
//! what the box knows and sends.

mod rows;

use acts::look::{AuditView, BoxView};
use acts::{Look, Right};
use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use energy::calendar::Zone;
use serde::Deserialize;
use units::Instant;

use crate::error::PageError;
use crate::pages::{Done, Field, Here, Layout, Onlooker, Visit, html, looked};
use crate::sign_in::SignedIn;
use crate::words::{filters, say, say_with};
use crate::{App, show, urls};
use rows::{ActRow, BusRow, Fact, TaskRow};

/// Lines of the record on one page.
const LINES: usize = 20;

/// How the box is doing.
#[derive(Template)]
#[template(path = "the_box/the_box.html")]
pub(crate) struct BoxPage {
    layout: Layout,
    headline: String,
    urgent: Vec<String>,
    troubles: Vec<String>,
    buses: Vec<BusRow>,
    tasks_summary: String,
    tasks: Vec<TaskRow>,
    store: Vec<Fact>,
    about: Vec<Fact>,
    record: Vec<ActRow>,
    older: Option<String>,
    name: Field,
    may_change: bool,
    may_reload: bool,
    may_back_up: bool,
    tokens: Tokens,
    done: String,
    refusal: String,
}

/// What the forms of the page carry.
#[derive(Default)]
struct Tokens {
    name: String,
    reload: String,
}

/// Another name for the place.
#[derive(Debug, Deserialize)]
pub(crate) struct Name {
    #[serde(default)]
    token: String,
    #[serde(default)]
    name: String,
}

/// A form with nothing but its token.
#[derive(Debug, Deserialize)]
pub(crate) struct Bare {
    #[serde(default)]
    token: String,
}

/// Which part of the record is asked for.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Below {
    below: Option<u64>,
}

/// What the page is told beyond what the box says of itself.
#[derive(Default)]
struct Told {
    done: Done,
    below: Option<u64>,
    name: Option<Field>,
    refusal: String,
}

/// `GET /box`
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    onlooker: Onlooker,
    Query(done): Query<Done>,
    Query(below): Query<Below>,
) -> Result<Response, PageError> {
    let told = Told {
        done,
        below: below.below,
        ..Told::default()
    };
    html(&BoxPage::of(&app, &visit, &onlooker, told).await?)
}

/// `POST /box/name`: what was typed stays in the field if it is refused.
pub(crate) async fn rename(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Form(form): Form<Name>,
) -> Result<Response, PageError> {
    signed.check(&purpose(&app.look().place().name), &form.token)?;
    match app.acts.rename_place(&signed.actor, &form.name).await {
        Ok(_) => Ok(Redirect::to(&urls::done(urls::THE_BOX, "name")).into_response()),
        Err(acts::ActError::BadInput(why)) => {
            let told = Told {
                name: Some(Field::refused(form.name, &why)),
                ..Told::default()
            };
            refused(&app, &visit, signed, told).await
        }
        Err(error) => Err(error.into()),
    }
}

/// What the form is for: to give the place another name than the one that it has now.
fn purpose(name: &str) -> String {
    format!("{} from {name:?}", urls::PLACE_NAME)
}

/// `POST /box/reload`: a bad file leaves the old one in force, and the page says what is wrong with it.
pub(crate) async fn reload(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Form(form): Form<Bare>,
) -> Result<Response, PageError> {
    signed.check(urls::RELOAD, &form.token)?;
    match app.acts.reload(&signed.actor).await {
        Ok(_) => Ok(Redirect::to(&urls::done(urls::THE_BOX, "reload")).into_response()),
        Err(acts::ActError::Failed(why)) => {
            let refusal = say_with("reload-refused", [("why", show::sentence(&why).into())]);
            let told = Told {
                refusal,
                ..Told::default()
            };
            refused(&app, &visit, signed, told).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `GET /box/name` and `GET /box/reload`: where a refusal left the browser leads back to the box.
pub(crate) async fn back() -> Redirect {
    Redirect::to(urls::THE_BOX)
}

async fn refused(app: &App, visit: &Visit, signed: SignedIn, told: Told) -> Result<Response, PageError> {
    let page = html(&BoxPage::of(app, visit, &signed.into(), told).await?)?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

impl BoxPage {
    async fn of(app: &App, visit: &Visit, onlooker: &Onlooker, told: Told) -> Result<Self, PageError> {
        let tokens = Tokens {
            name: onlooker.token(&purpose(&app.look().place().name)),
            reload: onlooker.token(urls::RELOAD),
        };
        let visit = visit.clone();
        let page = looked(app, onlooker, move |look| Self::seen(look, &visit, told)).await?;
        Ok(Self { tokens, ..page })
    }

    fn seen(look: &Look, visit: &Visit, told: Told) -> Result<Self, PageError> {
        let layout = Layout {
            back: urls::THE_BOX.to_owned(),
            ..Layout::new(look, visit, Here::TheBox)
        };
        let record = look.audit(told.below, LINES)?;
        let may = (look.may(Right::ChangeSite), look.may(Right::Reload));
        let mut page = Self::new(layout, &look.the_box(), &record, &look.place().zone, told);
        page.store.push(rows::written_every(look.commit_every()));
        Ok(Self {
            may_change: may.0,
            may_reload: may.1,
            may_back_up: look.may(Right::KeepBackups),
            ..page
        })
    }

    fn new(layout: Layout, view: &BoxView, record: &[AuditView], zone: &Zone, told: Told) -> Self {
        let now = Instant::from_millis(view.now_ms);
        let sentences = |must_act: bool| {
            let wanted = view
                .troubles
                .iter()
                .filter(|trouble| trouble.must_act == must_act);
            wanted
                .map(|trouble| show::sentence(&trouble.sentence))
                .collect::<Vec<String>>()
        };
        Self {
            headline: headline(view),
            urgent: sentences(true),
            troubles: sentences(false),
            buses: view.buses.iter().map(BusRow::of).collect(),
            tasks_summary: rows::tasks_summary(&view.tasks),
            tasks: view.tasks.iter().map(TaskRow::of).collect(),
            store: rows::store(view, zone, now),
            about: rows::about(view, zone, now),
            record: record.iter().map(|line| ActRow::of(line, zone, now)).collect(),
            older: record
                .last()
                .filter(|line| record.len() == LINES && line.number > 1)
                .map(|line| urls::record_below(line.number)),
            name: told.name.unwrap_or_else(|| Field::holding(&view.place)),
            may_change: true,
            may_reload: true,
            may_back_up: true,
            tokens: Tokens::default(),
            done: done(&told.done, view),
            refusal: told.refusal,
            layout,
        }
    }

    /// A box with two troubles.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let (zone, _) = crate::home::samples::afternoon();
        Self::new(
            Layout::sample(),
            &rows::sample(),
            &rows::record_sample(),
            &zone,
            Told::default(),
        )
    }
}

/// How the box is, in one sentence.
fn headline(view: &BoxView) -> String {
    let urgent = view.troubles.iter().filter(|trouble| trouble.must_act).count();
    let key = match (urgent, view.troubles.len()) {
        (0, 0) => "box-well",
        (0, _) => "box-to-know",
        _ => "box-must-act",
    };
    say(key)
}

fn done(done: &Done, view: &BoxView) -> String {
    if done.is("name") {
        say_with("place-renamed", [("name", view.place.as_str().into())])
    } else if done.is("reload") {
        say("reload-done")
    } else {
        String::new()
    }
}

#[cfg(test)]
mod tests;
