//! `/people`, `/households` and below: the people of the place and their households, for stewards.

mod add;
mod calls;
mod edit;
mod form;
mod household;
mod households;
mod list;
mod one;
mod rules;
mod search;

use axum::Router;
use axum::routing::{get, post};

pub(crate) use form::{FormPage, Shown, shown};
#[cfg(test)]
pub(crate) use {
    calls::{AddressesPage, CallsPage},
    household::HouseholdPage,
    households::HouseholdsPage,
    list::PeoplePage,
    one::PersonPage,
    rules::RulesPage,
    search::SearchPage,
};

use crate::{App, urls};

/// The pages of people. They are merged into those of the members' book.
pub(crate) fn router() -> Router<App> {
    Router::new()
        .route(urls::PEOPLE, get(list::page))
        .route(urls::PERSON_NEW, get(add::page).post(add::add))
        .route(urls::PERSON, get(one::page))
        .route(urls::PERSON_EDIT, get(edit::page).post(edit::change))
        .route(urls::PERSON_HOUSEHOLD, post(household::make).get(one::back))
        .route(urls::HOUSEHOLDS, get(households::page))
        .route(urls::HOUSEHOLD, get(household::page).post(household::change))
        .route(urls::HOUSEHOLD_JOIN, post(household::join).get(household::back))
        .route(urls::HOUSEHOLD_LEAVE, post(household::leave).get(household::back))
        .route(
            urls::HOUSEHOLD_HOMES,
            post(household::settle).get(household::back),
        )
        .route(urls::SEARCH, get(search::page))
        .route(urls::SEARCH_KEEP, post(search::keep).get(search::back))
        .route(urls::SEARCH_FORGET, post(search::forget).get(search::back))
        .route(urls::SEARCH_CALLS, get(calls::calls))
        .route(urls::SEARCH_ADDRESSES, get(calls::addresses))
        .route(urls::SEARCH_TABLE, get(calls::table))
        .route(urls::RULES, get(rules::page))
        .route(urls::RULES_FIELD, post(rules::field).get(rules::back))
        .route(
            urls::RULES_FIELD_REMOVE,
            post(rules::remove_field).get(rules::back),
        )
        .route(urls::RULES_TAG, post(rules::tag).get(rules::back))
        .route(urls::RULES_TAG_REMOVE, post(rules::remove_tag).get(rules::back))
        .route(urls::RULES_CLASS, post(rules::class).get(rules::back))
}
