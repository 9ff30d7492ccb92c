//! The addresses of people, households, memberships, and of what the house decides about its book.

use super::segment;

/// Where a steward makes a slip for somebody.
pub(crate) const SLIP_FOR: &str = "/people/{person}/slip";

/// Everybody in the book.
pub(crate) const PEOPLE: &str = "/people";

/// A page of the people who were found by what somebody typed.
pub(crate) fn people_found(typed: &str, page: usize) -> String {
    format!("{PEOPLE}?q={}&page={page}", segment(typed))
}

/// Where somebody comes into the book.
pub(crate) const PERSON_NEW: &str = "/people/new";

/// One person.
pub(crate) const PERSON: &str = "/people/{person}";

/// A group of what is written about somebody, to be changed.
pub(crate) const PERSON_EDIT: &str = "/people/{person}/edit/{group}";

/// Where the button to make a household of somebody leads.
pub(crate) const PERSON_HOUSEHOLD: &str = "/people/{person}/household";

/// Every household.
pub(crate) const HOUSEHOLDS: &str = "/households";

/// One household.
pub(crate) const HOUSEHOLD: &str = "/households/{household}";

/// Where somebody who joins a household is sent.
pub(crate) const HOUSEHOLD_JOIN: &str = "/households/{household}/join";

/// Where the buttons to leave a household lead.
pub(crate) const HOUSEHOLD_LEAVE: &str = "/households/{household}/leave";

/// Where the time in a metered home is sent.
pub(crate) const HOUSEHOLD_HOMES: &str = "/households/{household}/homes";

/// Where people are chosen by conditions.
pub(crate) const SEARCH: &str = "/people/search";

/// Where a search that is to be kept is sent.
pub(crate) const SEARCH_KEEP: &str = "/people/search/keep";

/// Where the buttons to forget a search lead.
pub(crate) const SEARCH_FORGET: &str = "/people/search/forget";

/// A list of calls to those who were chosen.
pub(crate) const SEARCH_CALLS: &str = "/people/search/calls";

/// The addresses of e-mails of those who were chosen.
pub(crate) const SEARCH_ADDRESSES: &str = "/people/search/e-mails";

/// Those who were chosen as a table for a spreadsheet.
pub(crate) const SEARCH_TABLE: &str = "/people/search.csv";

/// What the house decides about its book.
pub(crate) const RULES: &str = "/members/rules";

/// Where a question of the house is sent.
pub(crate) const RULES_FIELD: &str = "/members/rules/question";

/// Where the buttons to take a question away lead.
pub(crate) const RULES_FIELD_REMOVE: &str = "/members/rules/question/remove";

/// Where a tag is sent.
pub(crate) const RULES_TAG: &str = "/members/rules/tag";

/// Where the buttons to take a tag away lead.
pub(crate) const RULES_TAG_REMOVE: &str = "/members/rules/tag/remove";

/// Where a class of membership is sent.
pub(crate) const RULES_CLASS: &str = "/members/rules/class";

/// Somebody's membership.
pub(crate) const MEMBERSHIP: &str = "/people/{person}/membership";

/// Where something about somebody's membership is sent.
pub(crate) const MEMBERSHIP_ACT: &str = "/people/{person}/membership/{act}";

/// One's own membership.
pub(crate) const MY_MEMBERSHIP: &str = "/me/membership";

/// Where an objection to a notice is sent.
pub(crate) const MY_OBJECTION: &str = "/me/membership/objection";

/// The statutory register of members.
pub(crate) const REGISTER: &str = "/members/register";

/// The page of this person.
pub(crate) fn person(person: u32) -> String {
    format!("{PEOPLE}/{person}")
}

/// A group of what is written about this person, to be changed.
pub(crate) fn person_edit(person: u32, group: members::edit::Group) -> String {
    format!("{PEOPLE}/{person}/edit/{group}")
}

/// Where the button to make a household of this person leads.
pub(crate) fn person_household(person: u32) -> String {
    format!("{PEOPLE}/{person}/household")
}

/// The membership of this person.
pub(crate) fn membership(person: u32) -> String {
    format!("{PEOPLE}/{person}/membership")
}

/// Where something about the membership of this person is sent.
pub(crate) fn membership_act(person: u32, act: &str) -> String {
    format!("{PEOPLE}/{person}/membership/{act}")
}

/// A page of the households that were found by what somebody typed.
pub(crate) fn households_found(typed: &str, page: usize) -> String {
    format!("{HOUSEHOLDS}?q={}&page={page}", segment(typed))
}

/// The page of this household.
pub(crate) fn household(household: u32) -> String {
    format!("{HOUSEHOLDS}/{household}")
}

/// Where somebody who joins this household is sent.
pub(crate) fn household_join(household: u32) -> String {
    format!("{HOUSEHOLDS}/{household}/join")
}

/// Where the buttons to leave this household lead.
pub(crate) fn household_leave(household: u32) -> String {
    format!("{HOUSEHOLDS}/{household}/leave")
}

/// Where the time of this household in a metered home is sent.
pub(crate) fn household_homes(household: u32) -> String {
    format!("{HOUSEHOLDS}/{household}/homes")
}

/// A page about those whom a search means, by what was chosen.
pub(crate) fn searched(page: &str, chosen: &members::edit::Typed) -> String {
    let given = chosen.iter().filter(|(_, value)| !value.is_empty());
    let pairs: Vec<String> = given
        .map(|(name, value)| format!("{}={}", segment(name), segment(value)))
        .collect();
    format!("{page}?{}", pairs.join("&"))
}

/// The rules with this question to be changed.
pub(crate) fn rules_question(key: &str) -> String {
    format!("{RULES}?question={}#questions", segment(key))
}

/// The rules with this class to be changed.
pub(crate) fn rules_class(key: &str) -> String {
    format!("{RULES}?class={}#classes", segment(key))
}

/// Where a steward makes a slip for this person.
pub(crate) fn slip_for(person: u32) -> String {
    format!("/people/{person}/slip")
}
