//! Memberships: the page of one for stewards, one's own, and the statutory register.

mod one;
mod own;
mod register;

use std::collections::BTreeMap;

use axum::Router;
use axum::routing::{get, post};
use members::edit::{Refusal, Typed};
use members::house::House;
use members::membership::{Membership, Notice, Status};
use units::PersonId;

#[cfg(test)]
pub(crate) use {one::MembershipPage, own::OwnMembershipPage, register::RegisterPage};

use crate::pages::Field;
use crate::words::{say, say_with};
use crate::{App, show, urls};

/// The pages of memberships. They are merged into those of the members' book.
pub(crate) fn router() -> Router<App> {
    Router::new()
        .route(urls::MEMBERSHIP, get(one::page))
        .route(urls::MEMBERSHIP_ACT, post(one::act).get(one::back))
        .route(urls::MY_MEMBERSHIP, get(own::page).post(own::apply))
        .route(urls::MY_OBJECTION, post(own::object).get(own::back))
        .route(urls::REGISTER, get(register::page).post(register::open))
}

/// One step of a history.
struct Step {
    on: String,
    status: String,
    class: String,
    why: String,
    by: String,
}

/// One notice.
struct Told {
    given: String,
    why: String,
    objection: Option<String>,
    heard: Option<String>,
    closed: Option<String>,
}

/// One class that can be chosen.
struct Choice {
    key: String,
    label: String,
    chosen: bool,
}

fn history(membership: &Membership, names: &BTreeMap<PersonId, String>, house: &House) -> Vec<Step> {
    let by = |by: PersonId| names.get(&by).cloned().unwrap_or_else(|| by.to_string());
    let step = |step: &members::membership::Step| Step {
        on: show::day(step.on),
        status: status_word(step.status),
        class: house.class_label(&step.class).to_owned(),
        why: step.why.clone().unwrap_or_default(),
        by: step.by.map(by).unwrap_or_default(),
    };
    membership.history.iter().map(step).collect()
}

fn notices(membership: &Membership) -> Vec<Told> {
    let notice = |notice: &Notice| Told {
        given: say_with(
            "notice-told",
            [
                ("given", show::day(notice.given).into()),
                ("until", show::day(notice.until).into()),
            ],
        ),
        why: notice.why.clone(),
        objection: notice.objection.clone(),
        heard: notice.heard.clone(),
        closed: notice
            .closed
            .map(|closed| say_with("notice-closed", [("on", show::day(closed).into())])),
    };
    membership.notices.iter().map(notice).collect()
}

/// The classes into which somebody may come.
fn classes(house: &House, now: &str) -> Vec<Choice> {
    let offered = house
        .classes
        .iter()
        .filter(|(key, class)| !class.closed || *key == now);
    offered
        .map(|(key, class)| Choice {
            key: key.clone(),
            label: class.label.clone(),
            chosen: key == now,
        })
        .collect()
}

/// The state in one sentence.
pub(crate) fn state(membership: Option<&Membership>, house: &House) -> String {
    let Some((membership, now)) = membership.and_then(|membership| Some((membership, membership.now()?)))
    else {
        return say("membership-none");
    };
    let from = match now.status {
        Status::Member => membership.since().unwrap_or(now.on),
        _ => now.on,
    };
    let key = match now.status {
        Status::Applied => "membership-applied",
        Status::Member => "membership-member",
        Status::Refused => "membership-not-admitted",
        Status::Suspended => "membership-suspended",
        Status::Left => "membership-left",
        Status::Removed => "membership-removed",
        Status::Died => "membership-died",
    };
    say_with(
        key,
        [
            ("class", house.class_label(&now.class).to_owned().into()),
            ("from", show::day(from).into()),
        ],
    )
}

/// A state in one word.
pub(crate) fn status_word(status: Status) -> String {
    say(match status {
        Status::Applied => "status-applied",
        Status::Member => "status-member",
        Status::Refused => "status-not-admitted",
        Status::Suspended => "status-suspended",
        Status::Left => "status-left",
        Status::Removed => "status-removed",
        Status::Died => "status-died",
    })
}

/// A state and a class as they stand in a list; nothing twice where members are in the class of that name.
pub(crate) fn status_and_class(status: Status, class: &str) -> String {
    let word = status_word(status);
    match class.to_lowercase() == word.to_lowercase() {
        true => word,
        false => format!("{word}, {class}"),
    }
}

/// A field with what was typed, and why it was refused.
fn field(typed: Option<&Typed>, refusals: &[Refusal], name: &str, usual: &str) -> Field {
    let value = typed
        .and_then(|typed| typed.get(name))
        .map_or(usual, String::as_str);
    match refusals.iter().find(|refusal| refusal.input == name) {
        Some(refusal) => Field::refused(value.to_owned(), &refusal.why),
        None => Field::holding(value),
    }
}
