//! Forms about people: inputs as the crate `members` lists them, with their words, what was typed, and what was
//! refused.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use members::edit::{Input, Kind, Refusal, Typed};

use crate::error::PageError;
use crate::pages::{Layout, html};
use crate::show;
use crate::words::{filters, say, say_with};

/// One input as it stands on a page.
#[derive(Debug, Clone)]
pub(crate) struct Shown {
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) hint: String,
    pub(crate) kind: &'static str,
    pub(crate) value: String,
    pub(crate) choices: Vec<(String, bool)>,
    pub(crate) refusal: String,
}

/// A page that is one form.
#[derive(Template)]
#[template(path = "people/form.html")]
pub(crate) struct FormPage {
    pub(crate) layout: Layout,
    pub(crate) heading: String,
    /// Why nothing was changed although every input is good; empty if it was.
    pub(crate) told: String,
    /// What is written now, where somebody else was faster.
    pub(crate) now: Vec<(String, String)>,
    pub(crate) action: String,
    pub(crate) token: String,
    pub(crate) seen: String,
    pub(crate) inputs: Vec<Shown>,
    pub(crate) button: String,
    pub(crate) back: String,
}

/// The inputs with their words; what was typed and refused stays in them.
pub(crate) fn shown(inputs: &[Input], typed: Option<&Typed>, refusals: &[Refusal]) -> Vec<Shown> {
    inputs.iter().map(|input| one(input, typed, refusals)).collect()
}

fn one(input: &Input, typed: Option<&Typed>, refusals: &[Refusal]) -> Shown {
    let value = match typed {
        Some(typed) => typed.get(&input.name).cloned().unwrap_or_default(),
        None => input.value.clone(),
    };
    let (kind, choices) = match &input.kind {
        Kind::Line => ("line", Vec::new()),
        Kind::Area => ("area", Vec::new()),
        Kind::Day => ("day", Vec::new()),
        Kind::Number => ("number", Vec::new()),
        Kind::Tick => ("tick", Vec::new()),
        Kind::Choice(words) => (
            "choice",
            words.iter().map(|word| (word.clone(), *word == value)).collect(),
        ),
    };
    let why = refusals.iter().find(|refusal| refusal.input == input.name);
    let (label, hint) = words_of(&input.name);
    Shown {
        label: input.label.clone().unwrap_or(label),
        hint: input.help.clone().unwrap_or(hint),
        name: input.name.clone(),
        kind,
        value,
        choices,
        refusal: why
            .map(|refusal| show::sentence(&refusal.why))
            .unwrap_or_default(),
    }
}

/// What an input is called, and what helps to fill it in. One of several alike has its number behind it.
pub(crate) fn words_of(name: &str) -> (String, String) {
    let numbered = name
        .rsplit_once('-')
        .filter(|(_, end)| end.parse::<u32>().is_ok());
    let (stem, number) = numbered.map_or((name, None), |(stem, number)| (stem, Some(number)));
    let (label, hint) = keys(stem);
    let label = say(label);
    let label = match number {
        Some(number) => say_with(
            "field-numbered",
            [("label", label.into()), ("number", number.into())],
        ),
        None => label,
    };
    (label, hint.map(say).unwrap_or_default())
}

fn keys(stem: &str) -> (&'static str, Option<&'static str>) {
    match stem {
        "name" => ("field-name", Some("field-name-hint")),
        "called" => ("field-called", Some("field-called-hint")),
        "sort" => ("field-sort", Some("field-sort-hint")),
        "pronouns" => ("field-pronouns", None),
        "born" => ("field-born", Some("field-born-hint")),
        "kind" => ("field-kind", None),
        "reach" => ("field-reach", None),
        "way-kind" => ("field-way-kind", None),
        "way" => ("field-way", None),
        "way-note" => ("field-way-note", None),
        "lines" => ("field-lines", Some("field-lines-hint")),
        "postcode" => ("field-postcode", None),
        "country" => ("field-country", Some("field-country-hint")),
        "languages" => ("field-languages", Some("field-languages-hint")),
        "access" => ("field-access", Some("field-access-hint")),
        "large-print" => ("field-large-print", None),
        "kinship" => ("field-kinship", None),
        "relation" => ("field-relation", Some("field-relation-hint")),
        "note" => ("field-note", Some("field-note-hint")),
        "listing" => ("field-listing", Some("field-listing-hint")),
        "household-name" => ("field-household-name", Some("field-household-name-hint")),
        "letters" => ("field-letters", None),
        "another" => ("field-another", None),
        "label" => ("rules-label", None),
        "help" => ("rules-help", Some("rules-help-hint")),
        "why" => ("rules-why", Some("rules-why-hint")),
        "choices" => ("rules-choices", Some("rules-choices-hint")),
        "own" => ("rules-own-label", None),
        "tag-name" => ("rules-tag-name", None),
        "tag-meaning" => ("rules-tag-meaning", Some("rules-tag-meaning-hint")),
        "class-label" => ("rules-class-label", None),
        "class-from" => ("rules-class-from", Some("rules-class-age-hint")),
        "class-below" => ("rules-class-below", Some("rules-class-age-hint")),
        "class-votes" => ("rules-class-votes", None),
        "class-by-decision" => ("rules-class-by-decision", None),
        "class-closed" => ("rules-class-closed", None),
        _ => ("field-other", None),
    }
}

impl FormPage {
    /// The page, with the status that says how it came to be shown.
    pub(crate) fn answer(&self, status: StatusCode) -> Result<Response, PageError> {
        Ok((status, html(self)?).into_response())
    }

    /// A form with a refusal, after somebody else was faster.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let input = |name: &str, kind| Input {
            name: name.to_owned(),
            label: None,
            help: None,
            kind,
            value: "<b>".to_owned(),
        };
        let inputs = [
            input("name", Kind::Line),
            input("note", Kind::Area),
            input("born", Kind::Day),
            input("way-2", Kind::Number),
            input("large-print", Kind::Tick),
            input("reach", Kind::Choice(vec!["post".to_owned(), String::new()])),
        ];
        let refusal = Refusal {
            input: "name".to_owned(),
            why: "Write something here".to_owned(),
        };
        Self {
            layout: Layout::sample(),
            heading: "Ana <Öberg>".to_owned(),
            told: say("people-faster"),
            now: vec![(say("field-name"), "<Ana>".to_owned())],
            action: "/people/1/edit/name".to_owned(),
            token: "0".repeat(64),
            seen: "0".repeat(64),
            inputs: shown(&inputs, None, &[refusal]),
            button: say("people-keep"),
            back: "/people/1".to_owned(),
        }
    }
}
