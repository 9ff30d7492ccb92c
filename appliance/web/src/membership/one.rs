//! `/people/{person}/membership`: somebody's membership with its whole history, and what may be decided on it.

use acts::membership::{Decision, MembershipSeen};
use acts::people::Saved;
use acts::{ActError, Right};
use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use members::credential::Digest;
use members::day;
use members::edit::{Refusal, Typed};
use members::membership::{Cause, Membership, Status};
use units::PersonId;

use super::{Choice, Step, Told, classes, field, history, notices, state, status_word};
use crate::error::PageError;
use crate::pages::{Done, Field, Here, Layout, Visit, html};
use crate::sign_in::SignedIn;
use crate::words::{filters, say, say_with};
use crate::{App, urls};

/// Somebody's membership.
#[derive(Template)]
#[template(path = "membership/one.html")]
pub(crate) struct MembershipPage {
    layout: Layout,
    done: String,
    told: String,
    name: String,
    person: String,
    number: u32,
    state: String,
    card: Option<u32>,
    shares: Option<String>,
    application: Option<String>,
    /// Whether an application waits for a decision.
    applied: bool,
    history: Vec<Step>,
    notices: Vec<Told>,
    classes: Vec<Choice>,
    /// The states it may come to: what is sent, what people read, and whether it is chosen.
    next: Vec<(&'static str, String, bool)>,
    forms: Forms,
    fields: Fields,
    token: String,
    seen: String,
}

/// Which forms there are now.
#[derive(Default)]
struct Forms {
    application: bool,
    decision: bool,
    notice: bool,
    hear: bool,
    close: bool,
    shares: bool,
}

/// What stands in the forms.
#[derive(Default)]
struct Fields {
    on: Field,
    words: Field,
    class: Field,
    to: Field,
    why: Field,
    arrears: bool,
    until: Field,
    notice_why: Field,
    heard: Field,
    shares: Field,
}

/// `GET /people/{person}/membership`
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Path(person): Path<u32>,
    Query(done): Query<Done>,
) -> Result<Response, PageError> {
    let seen = app.acts.membership(&signed.actor, PersonId::new(person)).await?;
    let layout = Layout::new(&app.look(), &visit, Here::Members);
    let mut page = MembershipPage::new(layout, person, seen, None, &[]);
    page.sign(&signed);
    page.done = if done.is("changed") {
        say("person-done-changed")
    } else {
        String::new()
    };
    html(&page)
}

/// Where what only takes forms was opened by its address.
pub(crate) async fn back(Path((person, _)): Path<(u32, String)>) -> Redirect {
    Redirect::to(&urls::membership(person))
}

/// `POST /people/{person}/membership/{act}`
pub(crate) async fn act(
    State(app): State<App>,
    visit: Visit,
    signed: SignedIn,
    Path((person, act)): Path<(u32, String)>,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    signed.check(&urls::membership(person), sent(&typed, "token"))?;
    let id = PersonId::new(person);
    let (refusals, status) = match done(&app, &signed, id, &act, &typed).await {
        Ok(Saved::Kept(())) => {
            let page = urls::done(&urls::membership(person), "changed");
            return Ok(Redirect::to(&page).into_response());
        }
        Ok(Saved::Refused(refusals)) => (refusals, StatusCode::UNPROCESSABLE_ENTITY),
        Err(ActError::Conflict) => (Vec::new(), StatusCode::CONFLICT),
        Err(other) => return Err(other.into()),
    };
    let seen = app.acts.membership(&signed.actor, id).await?;
    let layout = Layout::new(&app.look(), &visit, Here::Members);
    let mut page = MembershipPage::new(layout, person, seen, Some(&typed), &refusals);
    page.sign(&signed);
    if status == StatusCode::CONFLICT {
        page.told = say("people-faster");
    }
    Ok((status, html(&page)?).into_response())
}

async fn done(
    app: &App,
    signed: &SignedIn,
    id: PersonId,
    act: &str,
    typed: &Typed,
) -> Result<Saved, ActError> {
    let (acts, actor) = (&app.acts, &signed.actor);
    let seen = Digest::parse(sent(typed, "seen")).unwrap_or(Digest::new([0; 32]));
    match act {
        "application" => match day::parse(sent(typed, "on")) {
            Ok(on) => {
                let words = (sent(typed, "class"), sent(typed, "words"), on);
                acts.enter_application(actor, id, words, &seen).await
            }
            Err(why) => Ok(refused("on", &why)),
        },
        "decision" => match decision(typed) {
            Ok(decision) => acts.decide(actor, id, decision, &seen).await,
            Err(refusal) => Ok(Saved::Refused(vec![refusal])),
        },
        "notice" => match day::parse(sent(typed, "until")) {
            Ok(until) => {
                acts.give_notice(actor, id, (until, sent(typed, "notice-why")), &seen)
                    .await
            }
            Err(why) => Ok(refused("until", &why)),
        },
        "heard" => acts.hear(actor, id, sent(typed, "heard"), &seen).await,
        "close" => acts.close_notice(actor, id, &seen).await,
        "shares" => match sent(typed, "shares").trim().parse::<u32>() {
            Ok(shares) => acts
                .change_shares(actor, id, shares, &seen)
                .await
                .map(Saved::Kept),
            Err(_) => Ok(refused("shares", "Write a whole number, in digits")),
        },
        _ => Err(ActError::NotThere(say("error-no-page"))),
    }
}

fn decision(typed: &Typed) -> Result<Decision, Refusal> {
    let refusal = |input: &str, why: String| Refusal {
        input: input.to_owned(),
        why,
    };
    let to = Status::parse(sent(typed, "to"));
    let to = to.ok_or_else(|| refusal("to", "Choose one of the list".to_owned()))?;
    let on = day::parse(sent(typed, "on")).map_err(|why| refusal("on", why.to_string()))?;
    Ok(Decision {
        to,
        class: Some(sent(typed, "class").to_owned()).filter(|class| !class.is_empty()),
        on,
        why: sent(typed, "why").to_owned(),
        cause: match sent(typed, "cause") {
            "arrears" => Cause::Arrears,
            _ => Cause::Decision,
        },
    })
}

fn refused(input: &str, why: &(impl ToString + ?Sized)) -> Saved {
    Saved::Refused(vec![Refusal {
        input: input.to_owned(),
        why: why.to_string(),
    }])
}

fn sent<'a>(typed: &'a Typed, name: &str) -> &'a str {
    typed.get(name).map_or("", String::as_str)
}

impl Forms {
    fn of(membership: Option<&Membership>) -> Self {
        let status = membership.and_then(Membership::status);
        let member = membership.is_some_and(Membership::is_member);
        let notice = membership.and_then(Membership::notice);
        Self {
            application: status.is_none_or(|status| status.next().contains(&Status::Applied)),
            decision: status.is_some_and(|status| !status.next().is_empty()),
            notice: member && notice.is_none(),
            hear: notice.is_some_and(|notice| notice.objection.is_some() && notice.heard.is_none()),
            close: notice.is_some(),
            shares: membership.is_some(),
        }
    }
}

impl MembershipPage {
    fn new(
        layout: Layout,
        person: u32,
        seen: MembershipSeen,
        typed: Option<&Typed>,
        refusals: &[Refusal],
    ) -> Self {
        let membership = seen.membership.as_ref();
        let today = seen.today.to_string();
        let field = |name: &str, usual: &str| field(typed, refusals, name, usual);
        let shares = membership.map(|membership| membership.shares);
        let status = membership.and_then(Membership::status);
        let next = status.map(Status::next).unwrap_or_default();
        let to = field("to", "");
        let class = membership.map(Membership::class).unwrap_or_default();
        let fields = Fields {
            on: field("on", &today),
            words: field("words", ""),
            class: field("class", class),
            why: field("why", ""),
            arrears: typed.is_some_and(|typed| sent(typed, "cause") == "arrears"),
            until: field("until", ""),
            notice_why: field("notice-why", ""),
            heard: field("heard", ""),
            shares: field("shares", &shares.unwrap_or_default().to_string()),
            to: to.clone(),
        };
        Self {
            layout,
            done: String::new(),
            told: String::new(),
            person: urls::person(person),
            number: person,
            state: state(membership, &seen.house),
            card: membership.and_then(|membership| membership.number),
            shares: shares
                .filter(|shares| *shares > 0)
                .map(|shares| shares.to_string()),
            applied: status == Some(Status::Applied),
            application: membership.and_then(|membership| membership.application.clone()),
            history: membership
                .map(|membership| history(membership, &seen.names, &seen.house))
                .unwrap_or_default(),
            notices: membership.map(notices).unwrap_or_default(),
            classes: classes(&seen.house, &fields.class.value),
            next: next
                .iter()
                .filter(|status| **status != Status::Applied)
                .map(|status| (status.word(), status_word(*status), to.value == status.word()))
                .collect(),
            forms: Forms::of(membership),
            fields,
            token: String::new(),
            seen: seen.seen.hex(),
            name: say_with(
                "people-heading-of",
                [
                    ("name", seen.name.into()),
                    ("what", say("person-membership").into()),
                ],
            ),
        }
    }

    /// Whether a decision is what this page is opened for: on an application, and where one was refused.
    fn decides(&self) -> bool {
        let fields = &self.fields;
        let refused = [&fields.to, &fields.class, &fields.on, &fields.why];
        self.applied || refused.iter().any(|field| !field.refusal.is_empty())
    }

    /// Leaves the forms that this person may use.
    fn sign(&mut self, signed: &SignedIn) {
        self.token = signed.token(&urls::membership(self.number));
        let admits = signed.actor.may(Right::Admit);
        self.forms.application &= signed.actor.may(Right::ChangePeople);
        for form in [
            &mut self.forms.decision,
            &mut self.forms.notice,
            &mut self.forms.hear,
            &mut self.forms.close,
            &mut self.forms.shares,
        ] {
            *form &= admits;
        }
    }

    fn to(&self, act: &str) -> String {
        urls::membership_act(self.number, act)
    }

    /// Somebody with a notice and every form.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let house = members::house::House::new(
            std::collections::BTreeMap::new(),
            std::collections::BTreeMap::new(),
            std::collections::BTreeMap::new(),
        );
        let seen = MembershipSeen {
            name: "Ana <Öberg>".to_owned(),
            membership: Some(super::own::sample_membership()),
            names: std::collections::BTreeMap::from([(PersonId::new(2), "Ben <Okafor>".to_owned())]),
            house,
            today: jiff::civil::date(2026, 6, 16),
            seen: Digest::new([0; 32]),
        };
        let refusal = |input: &str| Refusal {
            input: input.to_owned(),
            why: "Look at it again".to_owned(),
        };
        let names = [
            "on",
            "words",
            "class",
            "to",
            "why",
            "until",
            "notice-why",
            "heard",
            "shares",
        ];
        let refusals = names.map(refusal);
        let mut page = Self::new(Layout::sample(), 1, seen, Some(&Typed::new()), &refusals);
        page.forms.application = true;
        page.forms.notice = true;
        page.forms.hear = true;
        page.token = "0".repeat(64);
        page
    }
}
