//! `/me/membership`: one's own membership, its history, the application for one, and the objection to a notice.

use acts::ActError;
use acts::membership::OwnMembership;
use acts::people::Saved;
use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use members::credential::Digest;
use members::edit::{Refusal, Typed};
use members::membership::{Membership, Status};

use super::{Choice, Step, Told, classes, field, history, notices, state};
use crate::error::PageError;
use crate::pages::{Done, Field, Here, Layout, Visit, html};
use crate::sign_in::SignedIn;
use crate::words::{filters, say};
use crate::{App, urls};

/// One's own membership.
#[derive(Template)]
#[template(path = "membership/own.html")]
pub(crate) struct OwnMembershipPage {
    layout: Layout,
    done: String,
    told: String,
    state: String,
    card: Option<u32>,
    shares: Option<String>,
    history: Vec<Step>,
    notices: Vec<Told>,
    classes: Vec<Choice>,
    may_apply: bool,
    may_object: bool,
    class: Field,
    words: Field,
    objection: Field,
    apply_token: String,
    object_token: String,
    seen: String,
}

/// `GET /me/membership`
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Query(done): Query<Done>,
) -> Result<Response, PageError> {
    let mut page = open(&app, &visit, &signed, None, &[]).await?;
    let known = [
        ("applied", "own-membership-applied"),
        ("objected", "own-membership-objected"),
    ];
    let found = known.into_iter().find(|(what, _)| done.is(what));
    page.done = found.map(|(_, key)| say(key)).unwrap_or_default();
    html(&page)
}

/// Where what only takes forms was opened by its address.
pub(crate) async fn back() -> Redirect {
    Redirect::to(urls::MY_MEMBERSHIP)
}

/// `POST /me/membership`
pub(crate) async fn apply(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    signed.check(urls::MY_MEMBERSHIP, sent(&typed, "token"))?;
    let (class, words) = (sent(&typed, "class"), sent(&typed, "words"));
    let saved = app
        .acts
        .apply(&signed.actor, class, words, &looked_at(&typed))
        .await;
    answer(&app, &visit, &signed, &typed, saved, "applied").await
}

/// `POST /me/membership/objection`
pub(crate) async fn object(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    signed.check(urls::MY_OBJECTION, sent(&typed, "token"))?;
    let words = sent(&typed, "objection");
    let saved = app.acts.object(&signed.actor, words, &looked_at(&typed)).await;
    answer(&app, &visit, &signed, &typed, saved, "objected").await
}

fn sent<'a>(typed: &'a Typed, name: &str) -> &'a str {
    typed.get(name).map_or("", String::as_str)
}

fn looked_at(typed: &Typed) -> Digest {
    Digest::parse(sent(typed, "seen")).unwrap_or(Digest::new([0; 32]))
}

async fn answer(
    app: &App,
    visit: &Visit,
    signed: &SignedIn,
    typed: &Typed,
    saved: Result<Saved, ActError>,
    done: &str,
) -> Result<Response, PageError> {
    let (refusals, status) = match saved {
        Ok(Saved::Kept(())) => {
            return Ok(Redirect::to(&urls::done(urls::MY_MEMBERSHIP, done)).into_response());
        }
        Ok(Saved::Refused(refusals)) => (refusals, StatusCode::UNPROCESSABLE_ENTITY),
        Err(ActError::Conflict) => (Vec::new(), StatusCode::CONFLICT),
        Err(other) => return Err(other.into()),
    };
    let mut page = open(app, visit, signed, Some(typed), &refusals).await?;
    if status == StatusCode::CONFLICT {
        page.told = say("people-faster");
    }
    Ok((status, html(&page)?).into_response())
}

async fn open(
    app: &App,
    visit: &Visit,
    signed: &SignedIn,
    typed: Option<&Typed>,
    refusals: &[Refusal],
) -> Result<OwnMembershipPage, PageError> {
    let own = app.acts.own_membership(&signed.actor).await?;
    let layout = Layout::new(&app.look(), visit, Here::Own);
    let mut page = OwnMembershipPage::new(layout, &own, typed, refusals);
    page.apply_token = signed.token(urls::MY_MEMBERSHIP);
    page.object_token = signed.token(urls::MY_OBJECTION);
    Ok(page)
}

impl OwnMembershipPage {
    fn new(layout: Layout, own: &OwnMembership, typed: Option<&Typed>, refusals: &[Refusal]) -> Self {
        let membership = own.membership.as_ref();
        let class = field(
            typed,
            refusals,
            "class",
            membership.map(Membership::class).unwrap_or_default(),
        );
        let status = membership.and_then(Membership::status);
        Self {
            layout,
            done: String::new(),
            told: String::new(),
            state: state(membership, &own.house),
            card: membership.and_then(|membership| membership.number),
            shares: membership
                .map(|membership| membership.shares)
                .filter(|shares| *shares > 0)
                .map(|shares| shares.to_string()),
            history: membership
                .map(|membership| history(membership, &own.names, &own.house))
                .unwrap_or_default(),
            notices: membership.map(notices).unwrap_or_default(),
            classes: classes(&own.house, &class.value),
            may_apply: status.is_none_or(|status| status.next().contains(&Status::Applied)),
            may_object: membership.is_some_and(|membership| membership.notice().is_some()),
            class,
            words: field(typed, refusals, "words", ""),
            objection: field(typed, refusals, "objection", ""),
            apply_token: String::new(),
            object_token: String::new(),
            seen: own.seen.hex(),
        }
    }

    /// Somebody with a notice.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let own = OwnMembership {
            membership: Some(sample_membership()),
            names: std::collections::BTreeMap::new(),
            house: members::house::House::default(),
            seen: Digest::new([0; 32]),
        };
        let refusal = |input: &str| Refusal {
            input: input.to_owned(),
            why: "Look at it again".to_owned(),
        };
        let mut page = Self::new(
            Layout::sample(),
            &own,
            Some(&Typed::new()),
            &["class", "words", "objection"].map(refusal),
        );
        page.may_apply = true;
        page
    }
}

/// A member who was given a notice and objected.
#[cfg(test)]
pub(super) fn sample_membership() -> Membership {
    let day = |day| jiff::civil::date(2026, 6, day);
    let step = members::membership::Move {
        to: Status::Member,
        class: Some("member".to_owned()),
        on: day(1),
        why: Some("By the board <3>".to_owned()),
        by: Some(units::PersonId::new(2)),
        at: units::Instant::from_millis(0),
    };
    let member = Membership::begin(step).expect("a beginning");
    let noticed = member
        .noticed(day(2), day(20), "Two <years> are not paid")
        .expect("noticed");
    let mut objected = noticed
        .with_notice(|notice| notice.objection = Some("The bank & I disagree".to_owned()))
        .expect("objected");
    objected.shares = 3;
    objected.number = Some(7);
    objected
}
