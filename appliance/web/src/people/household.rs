//! `/households/{household}`: one household: its people, its address, how many letters it gets, its metered homes.

use acts::people::{HouseholdSeen, OtherSeen, Saved};
use acts::{ActError, Right};
use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use members::credential::Digest;
use members::edit::{Refusal, Typed};
use units::{HouseholdId, PersonId};

use super::{Shown, shown};
use crate::error::PageError;
use crate::pages::{Done, Field, Here, Layout, Visit, html};
use crate::sign_in::SignedIn;
use crate::words::{filters, say, say_with};
use crate::{App, urls};

/// One household.
#[derive(Template)]
#[template(path = "people/household.html")]
pub(crate) struct HouseholdPage {
    layout: Layout,
    done: String,
    told: String,
    name: String,
    number: u32,
    people: Vec<Other>,
    inputs: Vec<Shown>,
    who: Field,
    stays: Vec<String>,
    homes: Vec<String>,
    home: Field,
    from: Field,
    until: Field,
    may_change: bool,
    seen: String,
    tokens: Tokens,
}

/// One of its people.
struct Other {
    number: u32,
    name: String,
    url: String,
}

/// What the forms carry.
#[derive(Default)]
struct Tokens {
    change: String,
    join: String,
    leave: String,
    homes: String,
}

/// `GET /households/{household}`
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Path(household): Path<u32>,
    Query(done): Query<Done>,
) -> Result<Response, PageError> {
    let seen = app
        .acts
        .household(&signed.actor, HouseholdId::new(household))
        .await?;
    let mut page = HouseholdPage::new(Layout::new(&app.look(), &visit, Here::Members), seen, None, &[]);
    page.sign(&signed);
    page.done = if done.is("changed") {
        say("person-done-changed")
    } else {
        String::new()
    };
    html(&page)
}

/// Where what only takes forms was opened by its address.
pub(crate) async fn back(Path(household): Path<u32>) -> Redirect {
    Redirect::to(&urls::household(household))
}

/// `POST /people/{person}/household`
pub(crate) async fn make(
    State(app): State<App>,
    signed: SignedIn,
    Path(person): Path<u32>,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    signed.check(&urls::person_household(person), sent(&typed, "token"))?;
    let id = app
        .acts
        .make_household(&signed.actor, PersonId::new(person))
        .await?;
    Ok(Redirect::to(&urls::household(id.number())).into_response())
}

/// `POST /households/{household}`
pub(crate) async fn change(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Path(household): Path<u32>,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    signed.check(&urls::household(household), sent(&typed, "token"))?;
    let id = HouseholdId::new(household);
    let saved = app
        .acts
        .change_household(&signed.actor, id, &typed, &looked_at(&typed))
        .await;
    answer(&app, &visit, &signed, id, &typed, saved).await
}

/// `POST /households/{household}/join`
pub(crate) async fn join(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Path(household): Path<u32>,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    signed.check(&urls::household_join(household), sent(&typed, "token"))?;
    let id = HouseholdId::new(household);
    let who = sent(&typed, "who");
    let saved = app
        .acts
        .join_household(&signed.actor, id, who, &looked_at(&typed))
        .await;
    answer(&app, &visit, &signed, id, &typed, saved).await
}

/// `POST /households/{household}/leave`
pub(crate) async fn leave(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Path(household): Path<u32>,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    signed.check(&urls::household_leave(household), sent(&typed, "token"))?;
    let id = HouseholdId::new(household);
    let person = PersonId::new(sent(&typed, "person").parse().unwrap_or_default());
    let left = app.acts.leave_household(&signed.actor, id, person).await;
    answer(&app, &visit, &signed, id, &typed, left.map(Saved::Kept)).await
}

/// `POST /households/{household}/homes`
pub(crate) async fn settle(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Path(household): Path<u32>,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    signed.check(&urls::household_homes(household), sent(&typed, "token"))?;
    let id = HouseholdId::new(household);
    let saved = app
        .acts
        .settle(&signed.actor, id, &typed, &looked_at(&typed))
        .await;
    answer(&app, &visit, &signed, id, &typed, saved).await
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
    id: HouseholdId,
    typed: &Typed,
    saved: Result<Saved, ActError>,
) -> Result<Response, PageError> {
    let (refusals, status) = match saved {
        Ok(Saved::Kept(())) => {
            let page = urls::done(&urls::household(id.number()), "changed");
            return Ok(Redirect::to(&page).into_response());
        }
        Ok(Saved::Refused(refusals)) => (refusals, StatusCode::UNPROCESSABLE_ENTITY),
        Err(ActError::Conflict) => (Vec::new(), StatusCode::CONFLICT),
        Err(other) => return Err(other.into()),
    };
    let seen = app.acts.household(&signed.actor, id).await?;
    let mut page = HouseholdPage::new(
        Layout::new(&app.look(), visit, Here::Members),
        seen,
        Some(typed),
        &refusals,
    );
    page.sign(signed);
    if status == StatusCode::CONFLICT {
        page.told = say("people-faster");
    }
    Ok((status, html(&page)?).into_response())
}

impl HouseholdPage {
    fn new(layout: Layout, seen: HouseholdSeen, typed: Option<&Typed>, refusals: &[Refusal]) -> Self {
        let field = |name: &str| {
            let value = typed
                .map(|typed| sent(typed, name).to_owned())
                .unwrap_or_default();
            match refusals.iter().find(|refusal| refusal.input == name) {
                Some(refusal) => Field::refused(value, &refusal.why),
                None => Field::holding(&value),
            }
        };
        // The form of the household itself keeps what was typed into it, and what is written where another was sent.
        let own = typed.filter(|typed| typed.contains_key("letters"));
        let stay = |stay: &members::household::Occupancy| {
            let until = stay.until.map(|until| until.to_string());
            let key = if until.is_some() {
                "household-stay-ended"
            } else {
                "household-stay"
            };
            say_with(
                key,
                [
                    ("home", stay.home.to_string().into()),
                    ("from", stay.from.to_string().into()),
                    ("until", until.unwrap_or_default().into()),
                ],
            )
        };
        let other = |other: OtherSeen| Other {
            number: other.id.number(),
            url: urls::person(other.id.number()),
            name: other.name,
        };
        Self {
            layout,
            done: String::new(),
            told: String::new(),
            number: seen.id.number(),
            people: seen.people.into_iter().map(other).collect(),
            inputs: shown(&seen.inputs, own, refusals),
            who: field("who"),
            stays: seen.stays.iter().map(stay).collect(),
            homes: seen.homes.iter().map(ToString::to_string).collect(),
            home: field("home"),
            from: field("from"),
            until: field("until"),
            may_change: false,
            seen: seen.seen.hex(),
            tokens: Tokens::default(),
            name: seen.name,
        }
    }

    fn sign(&mut self, signed: &SignedIn) {
        self.may_change = signed.actor.may(Right::ChangePeople);
        self.tokens = Tokens {
            change: signed.token(&self.action()),
            join: signed.token(&self.join()),
            leave: signed.token(&self.leave()),
            homes: signed.token(&self.settle()),
        };
    }

    fn action(&self) -> String {
        urls::household(self.number)
    }

    fn join(&self) -> String {
        urls::household_join(self.number)
    }

    fn leave(&self) -> String {
        urls::household_leave(self.number)
    }

    fn settle(&self) -> String {
        urls::household_homes(self.number)
    }

    /// A household with a home.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let home = units::HomeName::parse("flat-1").expect("a word");
        let stay = members::household::Occupancy {
            home: home.clone(),
            from: jiff::civil::date(2026, 1, 1),
            until: None,
            newer: members::record::Newer::default(),
        };
        let seen = HouseholdSeen {
            id: HouseholdId::new(1),
            name: "Ana <Öberg> and Ben".to_owned(),
            inputs: members::edit::inputs_of_household(&members::household::Household::new()),
            people: vec![OtherSeen {
                what: String::new(),
                id: PersonId::new(1),
                name: "Ana <Öberg>".to_owned(),
            }],
            stays: vec![stay],
            homes: vec![home],
            seen: Digest::new([0; 32]),
        };
        let refusal = |input: &str| Refusal {
            input: input.to_owned(),
            why: "Choose one".to_owned(),
        };
        let refusals = ["who", "home", "from", "until"].map(refusal);
        let mut page = Self::new(Layout::sample(), seen, Some(&Typed::new()), &refusals);
        page.may_change = true;
        page
    }
}
