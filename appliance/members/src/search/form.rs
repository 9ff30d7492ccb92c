//! A search as a form: what can be chosen, what was chosen, and a search as what was chosen once.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use units::Money;

use super::{Among, Condition, DUES, NO_MEMBERSHIP, ON_THE_ROLL, Search, What};
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

/// What can be chosen in this house. A question that is answered in free words offers the answers that were given; how
/// people stand with their dues is offered where it can be seen.
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
        (
            What::Dues,
            same(among.standings.map(|_| DUES.to_vec()).unwrap_or_default()),
        ),
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
    for (what, input) in TYPED {
        match of_typed(among, what, raw(input)) {
            Ok(None) => {}
            Ok(Some(is)) => conditions.push(Condition::new(what, &is)),
            Err(why) => refuse(input, &why),
        }
    }
    if refusals.is_empty() {
        Ok(Search::new(raw("of") != "any", conditions))
    } else {
        Err(refusals)
    }
}

/// What is typed and not chosen from a list, with its input.
const TYPED: [(What, &str); 5] = [
    (What::Postcode, "postcode"),
    (What::AgeFrom, "age-from"),
    (What::AgeBelow, "age-below"),
    (What::OwesOver, "owes-over"),
    (What::PaidUntil, "paid-until"),
];

fn input_of(what: What) -> Option<&'static str> {
    TYPED
        .iter()
        .find(|(typed, _)| *typed == what)
        .map(|(_, input)| *input)
}

/// What a condition of these typed words says; nothing where nothing was typed.
fn of_typed(among: Among<'_>, what: What, raw: &str) -> Result<Option<String>, String> {
    let is = match what {
        _ if raw.is_empty() => return Ok(None),
        What::Postcode if raw.chars().count() > 20 => {
            return Err("No postcode is so long. Write its beginning, like BS5".to_owned());
        }
        What::AgeFrom | What::AgeBelow if !among.house.asks_for_age() => {
            return Err("Days of birth are kept for classes of membership with an age alone, and no class has one. Choose by something else".to_owned());
        }
        What::AgeFrom | What::AgeBelow => {
            let years = raw.parse::<u8>().map_err(|_| "Write whole years, like 18")?;
            years.to_string()
        }
        What::OwesOver => {
            let sum = Money::parse(raw, among.currency).map_err(|error| error.to_string())?;
            if sum.is_negative() {
                return Err("Nobody owes less than nothing. Write an amount like 20".to_owned());
            }
            raw.to_owned()
        }
        What::PaidUntil => {
            let day = raw.parse::<Date>();
            day.map_err(|_| "Write the day as year, month, day: 2026-12-31")?
                .to_string()
        }
        _ => raw.to_owned(),
    };
    Ok(Some(is))
}

/// What a word of the lists stands for.
fn chosen(word: &str) -> Option<(What, &str)> {
    let (what, is) = word.split_once(':')?;
    let what = What::parse(what).filter(|what| input_of(*what).is_none())?;
    (!is.is_empty() && is.chars().count() <= 1_200).then_some((what, is))
}

/// What must be chosen to get this search.
pub fn write(search: &Search) -> Typed {
    let mut typed = Typed::new();
    typed.insert("of".to_owned(), if search.all { "all" } else { "any" }.to_owned());
    let mut row = 0;
    for condition in &search.conditions {
        let Some(input) = input_of(condition.what) else {
            row += 1;
            if condition.not {
                typed.insert(format!("not-{row}"), "not".to_owned());
            }
            typed.insert(
                format!("condition-{row}"),
                format!("{}:{}", condition.what.word(), condition.is),
            );
            continue;
        };
        typed.insert(input.to_owned(), condition.is.clone());
    }
    typed
}
