//! `/me`: the way to everything that is one's own.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;

use crate::App;
use crate::error::PageError;
use crate::pages::{Done, Here, Layout, Visit, html};
use crate::sign_in::SignedIn;
use crate::words::{filters, say, say_with};

/// The way to everything that is one's own.
#[derive(Template)]
#[template(path = "me/hub.html")]
pub(crate) struct MyHubPage {
    layout: Layout,
    heading: String,
    done: String,
    household: bool,
    member: bool,
}

/// `GET /me`
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Query(done): Query<Done>,
) -> Result<Response, PageError> {
    let mine = app.acts.mine(&signed.actor).await?;
    let membership = app.acts.my_membership(&signed.actor).await?;
    html(&MyHubPage {
        layout: Layout::new(&app.look(), &visit, Here::Own),
        heading: say_with(
            "me-heading",
            [("name", mine.person.addressed().to_owned().into())],
        ),
        done: told_of(&done),
        household: mine.household.is_some() && mine.adult,
        member: membership.is_some_and(|membership| membership.is_member()),
    })
}

/// What was just done, in words.
pub(crate) fn told_of(done: &Done) -> String {
    let known = [("entry", "me-done-entry"), ("household", "me-done-household")];
    let found = known.into_iter().find(|(what, _)| done.is(what));
    found.map(|(_, key)| say(key)).unwrap_or_default()
}

impl MyHubPage {
    /// Somebody with a household.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        Self {
            layout: Layout::sample(),
            heading: say_with("me-heading", [("name", "Ana <Öberg>".into())]),
            done: say("me-done-entry"),
            household: true,
            member: true,
        }
    }
}
