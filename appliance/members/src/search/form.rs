//! A search as a form: what can be chosen, what was chosen, and a search as what was chosen once.

use std::collections::{BTreeMap, BTreeSet};

use super::{Among, Condition, NO_MEMBERSHIP, ON_THE_ROLL, Search, What};
use crate::edit::{Refusal, Typed};
use crate::house::FieldKind;
use crate::membership::Status;
use crate::person::Reach;
use crate::record::Newer;

/// So many conditions can be chosen from lists.
pub const ROWS: usize = 6;

/// One thing that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Its word in the form.
    pub word: String,
    /// What it is called; for people.
    pub label: String,
}

/// What can be chosen, by what it looks at, in the order in which it is offered.
pub type Choices = Vec<(What, Vec<Choice>)>;

/// What can be chosen in this house. A question that is answered in free words offers the answers that were given.
pub fn choices(among: Among<'_>) -> Choices {
    let same = |words: Vec<&str>| {
        words
            .into_iter()
            .map(|word| (word.to_owned(), word.to_owned()))
            .collect::<Vec<_>>()
    };
    let classes = among
        .house
        .classes
        .iter()
        .map(|(key, class)| (key.clone(), class.label.clone()));
    let mut states = same(vec![ON_THE_ROLL, NO_MEMBERSHIP]);
    states.extend(same(Status::ALL.iter().map(|status| status.word()).collect()));
    let mut tags: BTreeSet<&str> = among.house.tags.values().map(|tag| tag.name.as_str()).collect();
    let mut languages = BTreeMap::new();
    for person in among.book.people.values() {
        tags.extend(person.tags.iter().map(String::as_str));
        for language in &person.languages {
            languages
                .entry(crate::text::folded(language))
                .or_insert(language.as_str());
        }
    }
    let all = [
        (What::Status, states),
        (What::Class, classes.collect()),
        (What::Tag, same(tags.into_iter().collect())),
        (What::Custom, answers(among)),
        (
            What::Reach,
            same(Reach::ALL.iter().map(|reach| reach.word()).collect()),
        ),
        (What::Way, same(vec!["post", "phone", "text", "e-mail"])),
        (What::Language, same(languages.into_values().collect())),
        (What::Household, same(vec!["yes", "no"])),
    ];
    let offered = all.into_iter().filter(|(_, words)| !words.is_empty());
    let choice = |what: What, (is, label): (String, String)| Choice {
        word: format!("{}:{is}", what.word()),
        label,
    };
    offered
        .map(|(what, words)| (what, words.into_iter().map(|pair| choice(what, pair)).collect()))
        .collect()
}

/// More different answers than a list can offer.
const ANSWERS: usize = 60;

fn answers(among: Among<'_>) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for (key, field) in &among.house.fields {
        let mut given: BTreeSet<String> = match field.kind {
            FieldKind::Choice => field.choices.iter().cloned().collect(),
            FieldKind::YesNo => ["yes".to_owned(), "no".to_owned()].into(),
            FieldKind::Text | FieldKind::Date | FieldKind::Number => BTreeSet::new(),
        };
        let people = among.book.people.values();
        given.extend(
            people
                .filter_map(|person| person.custom.get(key))
                .take(10_000)
                .cloned(),
        );
        let pairs = given.into_iter().take(ANSWERS);
        all.extend(pairs.map(|answer| (format!("{key}={answer}"), format!("{}: {answer}", field.label))));
    }
    all
}

/// The search of what was chosen.
pub fn read(among: Among<'_>, typed: &Typed) -> Result<Search, Vec<Refusal>> {
    let raw = |input: &str| typed.get(input).map_or("", |value| value.trim());
    let mut conditions = Vec::new();
    let mut refusals = Vec::new();
    let mut refuse = |input: &str, why: &str| {
        refusals.push(Refusal {
            input: input.to_owned(),
            why: why.to_owned(),
        });
    };
    for row in 1..=ROWS {
        let input = format!("condition-{row}");
        let word = raw(&input);
        if word.is_empty() {
            continue;
        }
        match chosen(word) {
            Some((what, is)) => conditions.push(Condition {
                what,
                is: is.to_owned(),
                not: raw(&format!("not-{row}")) == "not",
                newer: Newer::default(),
            }),
            None => refuse(&input, "Choose one of the list"),
        }
    }
    let postcode = raw("postcode");
    if postcode.chars().count() > 20 {
        refuse(
            "postcode",
            "No postcode is so long. Write its beginning, like BS5",
        );
    } else if !postcode.is_empty() {
        conditions.push(Condition::new(What::Postcode, postcode));
    }
    for (input, what) in [("age-from", What::AgeFrom), ("age-below", What::AgeBelow)] {
        match raw(input) {
            "" => {}
            _ if !among.house.asks_for_age() => refuse(
                input,
                "Days of birth are kept for classes of membership with an age alone, and no class has one. Choose by something else",
            ),
            years => match years.parse::<u8>() {
                Ok(years) => conditions.push(Condition::new(what, &years.to_string())),
                Err(_) => refuse(input, "Write whole years, like 18"),
            },
        }
    }
    if refusals.is_empty() {
        Ok(Search::new(raw("of") != "any", conditions))
    } else {
        Err(refusals)
    }
}

/// What a word of the lists stands for.
fn chosen(word: &str) -> Option<(What, &str)> {
    let (what, is) = word.split_once(':')?;
    let what =
        What::parse(what).filter(|what| !matches!(what, What::AgeFrom | What::AgeBelow | What::Postcode))?;
    (!is.is_empty() && is.chars().count() <= 1_200).then_some((what, is))
}

/// What must be chosen to get this search.
pub fn write(search: &Search) -> Typed {
    let mut typed = Typed::new();
    typed.insert("of".to_owned(), if search.all { "all" } else { "any" }.to_owned());
    let mut row = 0;
    for condition in &search.conditions {
        let input = match condition.what {
            What::Postcode => "postcode".to_owned(),
            What::AgeFrom => "age-from".to_owned(),
            What::AgeBelow => "age-below".to_owned(),
            what => {
                row += 1;
                if condition.not {
                    typed.insert(format!("not-{row}"), "not".to_owned());
                }
                typed.insert(
                    format!("condition-{row}"),
                    format!("{}:{}", what.word(), condition.is),
                );
                continue;
            }
        };
        typed.insert(input, condition.is.clone());
    }
    typed
}
