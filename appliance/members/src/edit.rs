//! What is written about a person, in the groups in which it is looked at and changed: each group is a list of inputs,
//! and what was typed into them makes a changed person, or a sentence beside each input that cannot be taken.

mod household;
mod read;
mod ways;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use units::{Instant, PersonId};

use crate::book::Book;
use crate::credential::Digest;
use crate::house::{CustomField, FieldKind, House};
use crate::person::{Address, Kinship, Listing, Person, PersonKind};
use crate::record::words;

pub use household::{inputs_of_household, read_household};
pub use read::Refusal;
pub(crate) use read::answer;

words! {
    /// A group of what is written about a person.
    pub enum Group {
        /// The name, and how somebody is addressed.
        1 Name = "name";
        /// How somebody is reached.
        2 Ways = "ways";
        /// Where their own post arrives.
        3 Address = "address";
        /// Languages, and what helps to take part.
        4 Needs = "needs";
        /// What they are to others.
        5 Relations = "relations";
        /// The tags.
        6 Tags = "tags";
        /// The answers to the house's own questions.
        7 Custom = "custom";
        /// What stewards wrote down.
        8 Notes = "notes";
        /// Who may know that they are a member.
        9 Listing = "listing";
    }
}

/// What was typed, by the names of the inputs.
pub type Typed = BTreeMap<String, String>;

/// How something is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// One line.
    Line,
    /// Several lines.
    Area,
    /// A day.
    Day,
    /// A whole number.
    Number,
    /// One of these.
    Choice(Vec<String>),
    /// A tick.
    Tick,
}

/// One input of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// Its name in the form.
    pub name: String,
    /// What it is called, where the house has named it itself.
    pub label: Option<String>,
    /// What helps to fill it in, where the house has said it itself.
    pub help: Option<String>,
    /// How it is typed.
    pub kind: Kind,
    /// What stands in it.
    pub value: String,
}

/// What a form is about: the book, and what its house decided.
#[derive(Debug, Clone, Copy)]
pub struct Setting<'a> {
    /// The book.
    pub book: &'a Book,
    /// The house.
    pub house: &'a House,
    /// The day.
    pub today: Date,
}

/// More rows for ways and relations than are filled.
const SPARE: usize = 2;

/// The inputs of a group, with what is written now.
pub fn inputs(setting: Setting<'_>, person: &Person, group: Group) -> Vec<Input> {
    match group {
        Group::Name => of_name(person),
        Group::Ways => ways::inputs(person),
        Group::Address => of_address(person.address.as_ref()),
        Group::Needs => vec![
            line("languages", &person.languages.join(", ")),
            area("access", person.access.as_deref()),
            tick("large-print", person.large_print),
        ],
        Group::Relations => of_relations(setting.book, person),
        Group::Tags => of_tags(setting.house, person),
        Group::Custom => of_custom(setting.house, person),
        Group::Notes => vec![area("note", person.note.as_deref())],
        Group::Listing => vec![choice(
            "listing",
            Listing::ALL.iter().map(|it| it.word()),
            person.listing.word(),
        )],
    }
}

/// The input that says that somebody is another person of the same name.
pub const ANOTHER: &str = "another";

/// The inputs for somebody of whom nothing is known yet.
pub fn inputs_of_nobody() -> Vec<Input> {
    let Ok(nobody) = Person::named("-", Instant::from_millis(0)) else {
        return Vec::new();
    };
    let mut all = of_name(&nobody);
    for input in all.iter_mut().filter(|input| input.name == "name") {
        input.value.clear();
    }
    all.extend(ways::inputs(&nobody));
    all.push(tick(ANOTHER, false));
    all
}

/// The person as they are after what was typed into a group.
pub fn change(
    setting: Setting<'_>,
    (id, person): (PersonId, &Person),
    group: Group,
    typed: &Typed,
) -> Result<Person, Vec<Refusal>> {
    read::changed(setting, (id, person), group, typed)
}

/// What tells whether somebody else has changed a group since it was looked at.
pub fn seen(setting: Setting<'_>, person: &Person, group: Group) -> Digest {
    let inputs = inputs(setting, person, group);
    let parts: Vec<&[u8]> = inputs
        .iter()
        .flat_map(|input| [input.name.as_bytes(), input.value.as_bytes()])
        .collect();
    Digest::of(&parts)
}

fn of_name(person: &Person) -> Vec<Input> {
    vec![
        line("name", &person.name),
        line("called", person.called.as_deref().unwrap_or_default()),
        line("sort", person.sort.as_deref().unwrap_or_default()),
        line("pronouns", person.pronouns.as_deref().unwrap_or_default()),
        Input {
            kind: Kind::Day,
            ..line(
                "born",
                &person.born.map(|day| day.to_string()).unwrap_or_default(),
            )
        },
        choice(
            "kind",
            PersonKind::ALL.iter().map(|it| it.word()),
            person.kind.word(),
        ),
    ]
}

/// The inputs of an address: of a person's own, or of a household's.
pub fn of_address(address: Option<&Address>) -> Vec<Input> {
    let lines = address.map(|address| address.lines.join("\n"));
    let part = |part: Option<&String>| part.cloned().unwrap_or_default();
    vec![
        area("lines", lines.as_deref()),
        line(
            "postcode",
            &part(address.and_then(|address| address.postcode.as_ref())),
        ),
        line(
            "country",
            &part(address.and_then(|address| address.country.as_ref())),
        ),
    ]
}

/// The address that was typed, or none where nothing was.
pub fn read_address(typed: &Typed) -> Result<Option<Address>, Vec<Refusal>> {
    read::address(typed)
}

fn of_relations(book: &Book, person: &Person) -> Vec<Input> {
    let rows = person.relations.iter().map(|relation| {
        let who = match book.people.get(&relation.person) {
            Some(other) => format!("{} ({})", other.name, relation.person.number()),
            None => relation.person.number().to_string(),
        };
        (relation.kinship.word(), who)
    });
    let spare = std::iter::repeat_n((Kinship::Other.word(), String::new()), SPARE);
    let row = |(number, (kinship, who)): (usize, (&str, String))| {
        [
            choice(
                &format!("kinship-{number}"),
                Kinship::ALL.iter().map(|it| it.word()),
                kinship,
            ),
            line(&format!("relation-{number}"), &who),
        ]
    };
    (1..).zip(rows.chain(spare)).flat_map(row).collect()
}

fn of_tags(house: &House, person: &Person) -> Vec<Input> {
    let meaning = |name: &str| {
        house
            .tags
            .values()
            .find(|tag| tag.name == name)
            .map(|tag| tag.meaning.clone())
    };
    let names: BTreeSet<&String> = house
        .tags
        .values()
        .map(|tag| &tag.name)
        .chain(&person.tags)
        .collect();
    let input = |name: &String| Input {
        label: Some(name.clone()),
        help: meaning(name),
        ..tick(&format!("tag-{name}"), person.tags.contains(name))
    };
    names.into_iter().map(input).collect()
}

fn of_custom(house: &House, person: &Person) -> Vec<Input> {
    let input = |(key, field): (&String, &CustomField)| Input {
        name: format!("custom-{key}"),
        label: Some(field.label.clone()),
        help: Some(match &field.help {
            Some(help) => format!("{help} ({})", field.why),
            None => field.why.clone(),
        }),
        kind: match field.kind {
            FieldKind::Text => Kind::Line,
            FieldKind::Choice => Kind::Choice(with_nothing(&field.choices)),
            FieldKind::Date => Kind::Day,
            FieldKind::YesNo => Kind::Choice(with_nothing(&["yes".to_owned(), "no".to_owned()])),
            FieldKind::Number => Kind::Number,
        },
        value: person.custom.get(key).cloned().unwrap_or_default(),
    };
    house.fields.iter().map(input).collect()
}

fn with_nothing(choices: &[String]) -> Vec<String> {
    std::iter::once(String::new())
        .chain(choices.iter().cloned())
        .collect()
}

fn line(name: &str, value: &str) -> Input {
    Input {
        name: name.to_owned(),
        label: None,
        help: None,
        kind: Kind::Line,
        value: value.to_owned(),
    }
}

fn area(name: &str, value: Option<&str>) -> Input {
    Input {
        kind: Kind::Area,
        ..line(name, value.unwrap_or_default())
    }
}

fn choice<'a>(name: &str, words: impl Iterator<Item = &'a str>, now: &str) -> Input {
    Input {
        kind: Kind::Choice(words.map(str::to_owned).collect()),
        ..line(name, now)
    }
}

fn tick(name: &str, ticked: bool) -> Input {
    Input {
        kind: Kind::Tick,
        ..line(name, if ticked { "yes" } else { "" })
    }
}

/// The person whom somebody meant with a number or a whole name.
pub fn meant(book: &Book, typed: &str) -> Result<PersonId, String> {
    let typed = typed.trim();
    let bracketed = typed
        .strip_suffix(')')
        .and_then(|rest| rest.rsplit_once('('))
        .map(|(_, number)| number);
    let number = bracketed.unwrap_or(typed).trim().parse::<u32>().ok();
    if let Some(id) = number.map(PersonId::new) {
        let there = book.people.contains_key(&id);
        return there
            .then_some(id)
            .ok_or_else(|| format!("Nobody in the book has the number {}", id.number()));
    }
    let wanted = crate::text::folded(typed);
    let same = book
        .people
        .iter()
        .filter(|(_, person)| crate::text::folded(&person.name) == wanted);
    let found: Vec<PersonId> = same.map(|(id, _)| *id).collect();
    match found.as_slice() {
        [one] => Ok(*one),
        [] => Err(
            "Nobody in the book has just this name. Write the number that stands on their page".to_owned(),
        ),
        several => Err(format!(
            "{} people have this name. Write the number that stands on their page",
            several.len()
        )),
    }
}

#[cfg(test)]
mod tests;
