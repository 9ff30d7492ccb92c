//! What was typed into a group, checked: either every input can be taken, or each that cannot says why.

use jiff::civil::{Date, date};
use units::PersonId;

use super::{Group, Setting, Typed, meant, ways};
use crate::day;
use crate::house::{CustomField, FieldKind};
use crate::person::{Address, Kinship, LONGEST_NAME, Listing, Person, PersonKind, Relation};
use crate::record::Newer;
use crate::text;

/// Why what was typed into one input cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The name of the input.
    pub input: String,
    /// What is wrong and what to do.
    pub why: String,
}

/// The oldest day of birth that anybody has.
const FIRST_BORN: Date = date(1890, 1, 1);
/// More lines than any address has.
const ADDRESS_LINES: usize = 8;

/// Takes what was typed, and gathers what cannot be taken.
pub(super) struct Reader<'a> {
    typed: &'a Typed,
    pub(super) refusals: Vec<Refusal>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(typed: &'a Typed) -> Self {
        Self {
            typed,
            refusals: Vec::new(),
        }
    }

    pub(super) fn raw(&self, input: &str) -> &'a str {
        self.typed.get(input).map_or("", String::as_str)
    }

    pub(super) fn refuse(&mut self, input: &str, why: &(impl ToString + ?Sized)) {
        self.refusals.push(Refusal {
            input: input.to_owned(),
            why: why.to_string(),
        });
    }

    /// What was made of it, or nothing and a refusal.
    pub(super) fn take<T, E: ToString>(&mut self, input: &str, read: Result<T, E>) -> Option<T> {
        read.map_err(|why| self.refuse(input, &why)).ok()
    }

    pub(super) fn line(&mut self, input: &str, most: usize) -> Option<String> {
        let read = text::optional_line(self.raw(input), most);
        self.take(input, read).flatten()
    }

    pub(super) fn area(&mut self, input: &str, most: usize) -> Option<String> {
        let read = text::optional_paragraph(self.raw(input), most);
        self.take(input, read).flatten()
    }

    fn choice<T: Copy>(&mut self, input: &str, read: impl Fn(&str) -> Option<T>, now: T) -> T {
        match self.raw(input) {
            "" => now,
            word => self
                .take(input, read(word).ok_or("Choose one of the list"))
                .unwrap_or(now),
        }
    }

    pub(super) fn done<T>(self, value: T) -> Result<T, Vec<Refusal>> {
        if self.refusals.is_empty() {
            Ok(value)
        } else {
            Err(self.refusals)
        }
    }
}

pub(super) fn changed(
    setting: Setting<'_>,
    (id, before): (PersonId, &Person),
    group: Group,
    typed: &Typed,
) -> Result<Person, Vec<Refusal>> {
    let mut reader = Reader::new(typed);
    let mut person = before.clone();
    match group {
        Group::Name => name(&mut reader, &mut person, setting.today),
        Group::Ways => ways::read(&mut reader, &mut person),
        Group::Address => person.address = read_address(&mut reader),
        Group::Needs => {
            person.languages = languages(&mut reader);
            person.access = reader.area("access", 2_000);
            person.large_print = reader.raw("large-print") == "yes";
        }
        Group::Relations => relations(&mut reader, &mut person, setting, id),
        Group::Tags => {
            let ticked = typed.iter().filter(|(_, value)| *value == "yes");
            let names = ticked.filter_map(|(input, _)| input.strip_prefix("tag-"));
            let known = |name: &str| {
                before.tags.contains(name) || setting.house.tags.values().any(|tag| tag.name == name)
            };
            person.tags = names.filter(|name| known(name)).map(str::to_owned).collect();
        }
        Group::Custom => custom(&mut reader, &mut person, setting),
        Group::Notes => person.note = reader.area("note", 5_000),
        Group::Listing => person.listing = reader.choice("listing", Listing::parse, person.listing),
    }
    reader.done(person)
}

fn name(reader: &mut Reader<'_>, person: &mut Person, today: Date) {
    let read = text::line(reader.raw("name"), LONGEST_NAME);
    if let Some(name) = reader.take("name", read) {
        person.name = name;
    }
    person.called = reader.line("called", LONGEST_NAME);
    person.sort = reader.line("sort", LONGEST_NAME);
    person.pronouns = reader.line("pronouns", 40);
    person.kind = reader.choice("kind", PersonKind::parse, person.kind);
    let born = day::optional(reader.raw("born"));
    person.born = reader.take("born", born).flatten();
    if person.born.is_some_and(|born| born > today) {
        reader.refuse("born", "This day is still to come. Look at the year again");
    } else if person.born.is_some_and(|born| born < FIRST_BORN) {
        reader.refuse(
            "born",
            "Nobody alive was born so long ago. Look at the year again",
        );
    }
}

fn languages(reader: &mut Reader<'_>) -> Vec<String> {
    let line = reader.line("languages", 200).unwrap_or_default();
    let words = line
        .split([',', ';'])
        .map(str::trim)
        .filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

pub(super) fn address(typed: &Typed) -> Result<Option<Address>, Vec<Refusal>> {
    let mut reader = Reader::new(typed);
    let address = read_address(&mut reader);
    reader.done(address)
}

fn read_address(reader: &mut Reader<'_>) -> Option<Address> {
    let lines = reader.area("lines", 600).unwrap_or_default();
    let lines: Vec<String> = lines
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect();
    if lines.len() > ADDRESS_LINES {
        reader.refuse("lines", &format!("An address has at most {ADDRESS_LINES} lines"));
    }
    let postcode = reader
        .line("postcode", 20)
        .map(|postcode| postcode.to_uppercase());
    let country = reader.line("country", 60);
    if lines.is_empty() && (postcode.is_some() || country.is_some()) {
        reader.refuse(
            "lines",
            "Write the street and the town too, or leave the whole address empty",
        );
    }
    (!lines.is_empty()).then_some(Address {
        lines,
        postcode,
        country,
        newer: Newer::default(),
    })
}

/// More relations than anybody writes down.
const RELATIONS: usize = 30;

fn relations(reader: &mut Reader<'_>, person: &mut Person, setting: Setting<'_>, id: PersonId) {
    person.relations.clear();
    for number in 1..=RELATIONS {
        let (kinship, who) = (format!("kinship-{number}"), format!("relation-{number}"));
        if reader.raw(&who).trim().is_empty() {
            continue;
        }
        let kinship = reader.choice(&kinship, Kinship::parse, Kinship::Other);
        let Some(other) = reader.take(&who, meant(setting.book, reader.raw(&who))) else {
            continue;
        };
        if other == id {
            reader.refuse(&who, "This is the same person. Write somebody else");
            continue;
        }
        let relation = Relation {
            kinship,
            person: other,
            newer: Newer::default(),
        };
        if !person.relations.contains(&relation) {
            person.relations.push(relation);
        }
    }
}

fn custom(reader: &mut Reader<'_>, person: &mut Person, setting: Setting<'_>) {
    for (key, field) in &setting.house.fields {
        let input = format!("custom-{key}");
        let read = answer(field, reader.raw(&input));
        match reader.take(&input, read) {
            Some(Some(answer)) => drop(person.custom.insert(key.clone(), answer)),
            Some(None) => drop(person.custom.remove(key)),
            None => {}
        }
    }
}

/// An answer to a question of the house as it is kept, or none where nothing was typed.
pub(crate) fn answer(field: &CustomField, typed: &str) -> Result<Option<String>, String> {
    let words = text::optional_line(typed, 1_000).map_err(|unfit| unfit.to_string())?;
    let Some(words) = words else {
        return Ok(None);
    };
    match field.kind {
        FieldKind::Text => Ok(Some(words)),
        FieldKind::Choice if field.choices.contains(&words) => Ok(Some(words)),
        FieldKind::YesNo if words == "yes" || words == "no" => Ok(Some(words)),
        FieldKind::Choice | FieldKind::YesNo => Err("Choose one of the list".to_owned()),
        FieldKind::Date => {
            let day = day::parse(&words).map_err(|no_day| no_day.to_string())?;
            Ok(Some(day.to_string()))
        }
        FieldKind::Number => {
            let number = words.parse::<i64>();
            let number = number.map_err(|_| "Write a whole number, in digits".to_owned())?;
            Ok(Some(number.to_string()))
        }
    }
}
