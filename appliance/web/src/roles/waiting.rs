//! `/members/waiting`: what takes two people and waits for the second.

use acts::ActError;
use acts::together::WaitingView;
use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use energy::calendar::Zone;
use serde::Deserialize;
use units::Instant;

use crate::error::PageError;
use crate::pages::{Done, Here, Layout, Visit, html};
use crate::sign_in::SignedIn;
use crate::words::{filters, say, say_with};
use crate::{App, show, urls};

/// What waits.
#[derive(Template)]
#[template(path = "roles/waiting.html")]
pub(crate) struct WaitingPage {
    layout: Layout,
    done: String,
    rows: Vec<Row>,
}

/// One act that waits.
struct Row {
    number: u32,
    what: String,
    by: String,
    why: Option<String>,
    state: String,
    /// Where whoever asked does it now.
    way: Option<&'static str>,
    may_decide: bool,
    mine: bool,
    action: String,
    token: String,
}

/// What somebody decides.
#[derive(Deserialize)]
pub(crate) struct Decision {
    #[serde(default)]
    token: String,
    #[serde(default)]
    choice: String,
    #[serde(default)]
    why: String,
}

/// `GET /members/waiting`
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Query(done): Query<Done>,
) -> Result<Response, PageError> {
    let look = app.look();
    let (zone, now) = (&look.place().zone, look.now());
    let waiting = app.acts.waiting(&signed.actor).await?;
    let row = |view: WaitingView| Row {
        token: signed.token(&urls::waiting_decide(view.number)),
        ..Row::of(view, zone, now)
    };
    html(&WaitingPage {
        layout: Layout::new(&look, &visit, Here::Members),
        done: told(&done),
        rows: waiting.into_iter().map(row).collect(),
    })
}

/// `POST /members/waiting/{number}`
pub(crate) async fn decide(
    State(app): State<App>,
    signed: SignedIn,
    Path(number): Path<u32>,
    Form(form): Form<Decision>,
) -> Result<Response, PageError> {
    signed.check(&urls::waiting_decide(number), &form.token)?;
    let done = match form.choice.as_str() {
        "agree" => {
            match app.acts.agree(&signed.actor, number).await {
                Err(ActError::Conflict) => return Err(PageError::Conflict(say("waiting-changed"))),
                agreed => agreed?,
            };
            "agreed"
        }
        "refuse" => {
            app.acts.refuse(&signed.actor, number, &form.why).await?;
            "refused"
        }
        _ => return Err(PageError::BadQuestion(say("sign-in-old-form"))),
    };
    Ok(Redirect::to(&urls::done(urls::WAITING, done)).into_response())
}

/// Where what only takes forms was opened by its address.
pub(crate) async fn back() -> Redirect {
    Redirect::to(urls::WAITING)
}

/// What waits for this person, in a sentence for the page of ways; nothing where nothing does.
pub(crate) async fn how_many(app: &App, signed: &SignedIn) -> Result<Option<String>, ActError> {
    let count = app.acts.waiting(&signed.actor).await?.len();
    Ok((count > 0).then(|| say_with("hub-waits", [("count", count.into())])))
}

fn told(done: &Done) -> String {
    let words = [
        ("waits", "waiting-done"),
        ("agreed", "waiting-agreed"),
        ("refused", "waiting-refused"),
    ];
    let found = words.iter().find(|(word, _)| done.is(word));
    found.map(|(_, key)| say(key)).unwrap_or_default()
}

impl Row {
    fn of(view: WaitingView, zone: &Zone, now: Instant) -> Self {
        let moment = |ms: i64| show::dated(zone, now, Instant::from_millis(ms));
        let what = match view.person_name {
            Some(name) => say_with(
                "waiting-about",
                [("name", name.into()), ("what", view.words.into())],
            ),
            None => show::sentence(&view.words),
        };
        let state = match (view.agreed, view.mine) {
            (true, _) => say_with("waiting-agreed-already", [("name", view.by_name.as_str().into())]),
            (false, true) => say("waiting-mine"),
            (false, false) => say("waiting-others"),
        };
        Self {
            number: view.number,
            what,
            by: say_with(
                "waiting-by",
                [
                    ("name", view.by_name.into()),
                    ("when", moment(view.at_ms).into()),
                    ("until", moment(view.until_ms).into()),
                ],
            ),
            why: view.why.map(|why| say_with("waiting-why", [("why", why.into())])),
            state,
            way: (view.agreed && view.mine).then_some(urls::EXPORT),
            may_decide: view.may_decide,
            mine: view.mine,
            action: urls::waiting_decide(view.number),
            token: String::new(),
        }
    }
}

impl WaitingPage {
    /// One to decide and one of one's own.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let (zone, now) = crate::home::samples::afternoon();
        let view = |number, mine| WaitingView {
            number,
            act: "give-roles",
            by: 1,
            by_name: "Ana <Öberg>".to_owned(),
            person: Some(2),
            person_name: Some("Ben <Okafor>".to_owned()),
            words: "gets the role Treasurer".to_owned(),
            why: Some("She keeps the <books>".to_owned()),
            at_ms: now.as_millis() - 3_600_000,
            until_ms: now.as_millis() + 86_400_000,
            agreed: false,
            mine,
            may_decide: !mine,
        };
        Self {
            layout: Layout::sample(),
            done: say("waiting-done"),
            rows: vec![
                Row::of(view(1, false), &zone, now),
                Row::of(view(2, true), &zone, now),
            ],
        }
    }
}
