//! `hearth members show`, `add`, `change` and what is decided on a membership.

use std::io::{self, Read};

use members::edit::{ANOTHER, Typed};
use serde::Deserialize;
use system::members::{Decided, MembersQuestion};

use super::answers::Done;
use super::moment::Wall;
use super::out::{Paint, Tone};
use super::table::{Cell, Stand, Table};
use super::{Exit, Fault};
use crate::cli::SomebodyAsk;

/// One person.
#[derive(Debug, Clone, Deserialize)]
struct OnePerson {
    number: u32,
    name: String,
    entered_ms: i64,
    membership: Option<Membership>,
    household: Option<TheirHousehold>,
    post: Option<Vec<String>>,
    groups: Vec<Group>,
    relations: Vec<Other>,
    related: Vec<Other>,
}

/// A membership.
#[derive(Debug, Clone, Deserialize)]
struct Membership {
    status: String,
    class_label: String,
    since: Option<String>,
    card: Option<u32>,
    shares: u32,
}

/// Somebody's household.
#[derive(Debug, Clone, Deserialize)]
struct TheirHousehold {
    number: u32,
    name: String,
    people: Vec<Other>,
}

/// Somebody else.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Other {
    number: u32,
    name: String,
    what: String,
}

/// A group of fields.
#[derive(Debug, Clone, Deserialize)]
struct Group {
    group: String,
    fields: Vec<Field>,
}

/// One field.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Field {
    field: String,
    value: String,
    choices: Vec<String>,
}

/// The fields of a group.
#[derive(Debug, Clone, Deserialize)]
struct Form {
    number: u32,
    name: String,
    #[serde(flatten)]
    group: Group,
}

/// Somebody came into the book.
#[derive(Debug, Clone, Deserialize)]
struct Added {
    number: u32,
}

/// What was typed, as the box is asked.
pub(super) fn question(asked: &SomebodyAsk, why: String) -> Result<MembersQuestion, Fault> {
    let decided = |to: &str, on: &Option<String>| Decided {
        to: to.to_owned(),
        on: on.clone(),
        why,
        ..Decided::default()
    };
    Ok(match asked {
        SomebodyAsk::Show { person } => MembersQuestion::Show { person: *person },
        SomebodyAsk::Add {
            name,
            fields: words,
            class,
            another,
        } => MembersQuestion::Add {
            fields: somebody(name, words, *another, io::stdin())?,
            class: class.clone(),
        },
        SomebodyAsk::Change {
            person,
            group,
            fields: words,
        } if words.is_empty() => MembersQuestion::Form {
            person: *person,
            group: group.clone(),
        },
        SomebodyAsk::Change {
            person,
            group,
            fields: words,
        } => MembersQuestion::Change {
            person: *person,
            group: group.clone(),
            fields: fields(words, io::stdin())?,
        },
        SomebodyAsk::Apply {
            person,
            class,
            words,
            on,
        } => MembersQuestion::Apply {
            person: *person,
            class: class.clone(),
            words: words.clone(),
            on: on.clone(),
        },
        SomebodyAsk::Admit { person, class, on } => MembersQuestion::Decide {
            person: *person,
            decided: Decided {
                class: class.clone(),
                ..decided("member", on)
            },
        },
        SomebodyAsk::Leave { person, on } => MembersQuestion::Decide {
            person: *person,
            decided: decided("left", on),
        },
        SomebodyAsk::Decide {
            person,
            to,
            arrears,
            on,
        } => MembersQuestion::Decide {
            person: *person,
            decided: Decided {
                arrears: *arrears,
                // At the command line a word has no blank.
                ..decided(&to.replace('-', " "), on)
            },
        },
    })
}

/// The answer as text.
pub(super) fn text(asked: &SomebodyAsk, answer: &str, wall: &Wall, paint: Paint) -> Result<String, Fault> {
    Ok(match asked {
        SomebodyAsk::Show { .. } => person(&serde_json::from_str(answer)?, wall, paint),
        SomebodyAsk::Add { .. } => added(&serde_json::from_str(answer)?),
        SomebodyAsk::Change { fields, .. } if fields.is_empty() => {
            form(&serde_json::from_str(answer)?, paint)
        }
        SomebodyAsk::Change { .. }
        | SomebodyAsk::Apply { .. }
        | SomebodyAsk::Admit { .. }
        | SomebodyAsk::Leave { .. }
        | SomebodyAsk::Decide { .. } => serde_json::from_str::<Done>(answer)?.words(),
    })
}

fn added(added: &Added) -> String {
    format!(
        "In the book under the number {0}: hearth members show {0}\n",
        added.number
    )
}

/// Somebody new: their name, and what else is known.
fn somebody(name: &str, words: &[String], another: bool, input: impl Read) -> Result<Typed, Fault> {
    let mut typed = if name == "-" {
        fields(&[&["-".to_owned()], words].concat(), input)?
    } else {
        let mut typed = fields(words, input)?;
        typed.insert("name".to_owned(), name.to_owned());
        typed
    };
    if another {
        typed.insert(ANOTHER.to_owned(), "yes".to_owned());
    }
    Ok(typed)
}

/// What was typed as `FIELD=VALUE`; `-` in the place of a field reads such lines from `input`, so that they stand neither
/// in the list of processes nor in the shell's history. A field that is given again gets another line.
pub(super) fn fields(words: &[String], mut input: impl Read) -> Result<Typed, Fault> {
    let mut typed = Typed::new();
    for word in words {
        if word != "-" {
            put(&mut typed, word)?;
            continue;
        }
        let mut text = String::new();
        input.read_to_string(&mut text).map_err(|error| {
            let cause = format!("the input cannot be read: {error}");
            Fault::new(Exit::Data, cause, "Write FIELD=VALUE, each on a line.")
        })?;
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            put(&mut typed, line)?;
        }
    }
    Ok(typed)
}

fn put(typed: &mut Typed, word: &str) -> Result<(), Fault> {
    let Some((field, value)) = word.split_once('=').filter(|(field, _)| !field.trim().is_empty()) else {
        return Err(Fault::new(
            Exit::Usage,
            format!("{word:?} is no field with its value"),
            "Write FIELD=VALUE, such as mobile=\"07700 900123\".",
        ));
    };
    typed
        .entry(field.trim().to_owned())
        .and_modify(|before| {
            before.push('\n');
            before.push_str(value);
        })
        .or_insert_with(|| value.to_owned());
    Ok(())
}

/// Everything about one person.
fn person(person: &OnePerson, wall: &Wall, paint: Paint) -> String {
    let title = format!("{} ({})", person.name, person.number);
    let mut text = format!("{}\n", paint.put(Tone::Strong, &title));
    text.push_str(&facts(person, wall).show(paint));
    for group in person.groups.iter().filter(|group| group.group != "relations") {
        let rows = filled(&group.fields);
        if rows.is_empty() {
            continue;
        }
        text.push_str(&format!("\n{}\n", paint.put(Tone::Strong, &group.group)));
        let mut table = Table::bare(&[Stand::Left, Stand::Wrap]);
        for (field, value) in rows {
            table.row([Cell::toned(Tone::Quiet, field), value.into()]);
        }
        text.push_str(&table.show(paint));
    }
    text
}

fn facts(person: &OnePerson, wall: &Wall) -> Table {
    let mut table = Table::bare(&[Stand::Left, Stand::Wrap]);
    let mut fact = |name: &str, value: String| table.row([Cell::toned(Tone::Quiet, name), value.into()]);
    let none = || "none".to_owned();
    fact(
        "membership",
        person.membership.as_ref().map_or_else(none, Membership::words),
    );
    fact(
        "household",
        person.household.as_ref().map_or_else(none, TheirHousehold::words),
    );
    fact(
        "post to",
        person.post.as_ref().map_or_else(none, |lines| lines.join(", ")),
    );
    for other in &person.relations {
        fact(&other.what, other.words());
    }
    for other in &person.related {
        fact("known to", format!("{} as: {}", other.words(), other.what));
    }
    fact("entered", wall.minute(person.entered_ms));
    table
}

impl Membership {
    fn words(&self) -> String {
        let mut words = vec![self.status.clone(), self.class_label.clone()];
        words.extend(self.since.as_ref().map(|day| format!("since {day}")));
        words.extend(self.card.map(|number| format!("card {number}")));
        words.extend(
            Some(self.shares)
                .filter(|shares| *shares > 0)
                .map(|shares| format!("{shares} shares")),
        );
        words.join(", ")
    }
}

impl TheirHousehold {
    fn words(&self) -> String {
        let others: Vec<String> = self.people.iter().map(Other::words).collect();
        let mut words = format!("{} ({})", self.name, self.number);
        if !others.is_empty() {
            words.push_str(&format!(", with {}", others.join(", ")));
        }
        words
    }
}

impl Other {
    pub(super) fn words(&self) -> String {
        format!("{} ({})", self.name, self.number)
    }
}

/// The fields that are filled; a way is one row under its kind.
pub(super) fn filled(fields: &[Field]) -> Vec<(String, String)> {
    let value = |name: String| {
        let field = fields.iter().find(|field| field.field == name);
        field.map_or("", |field| field.value.as_str())
    };
    let mut rows = Vec::new();
    for field in fields.iter().filter(|field| !field.value.is_empty()) {
        let of_a_way = field.field.strip_prefix("way-");
        match of_a_way.map(str::parse::<u32>) {
            None => rows.push((field.field.clone(), field.value.replace('\n', ", "))),
            Some(Ok(number)) => {
                let note = value(format!("way-note-{number}"));
                let note = if note.is_empty() {
                    String::new()
                } else {
                    format!(" ({note})")
                };
                rows.push((
                    value(format!("way-kind-{number}")).to_owned(),
                    format!("{}{note}", field.value),
                ));
            }
            // Said with the way itself.
            Some(Err(_)) => {}
        }
    }
    rows
}

/// The fields of a group, with what may stand in them.
fn form(form: &Form, paint: Paint) -> String {
    let title = format!("{} ({}): {}", form.name, form.number, form.group.group);
    let mut text = format!("{}\n", paint.put(Tone::Strong, &title));
    if form.group.fields.is_empty() {
        return text + "nothing: the house has made no such fields\n";
    }
    let mut table = Table::new(&[
        ("FIELD", Stand::Left),
        ("NOW", Stand::Wrap),
        ("MAY BE", Stand::Wrap),
    ]);
    for field in &form.group.fields {
        let choices: Vec<&str> = field
            .choices
            .iter()
            .map(String::as_str)
            .filter(|choice| !choice.is_empty())
            .collect();
        table.row([
            field.field.as_str().into(),
            field.value.replace('\n', ", ").into(),
            choices.join(", ").into(),
        ]);
    }
    text.push_str(&table.show(paint));
    text
}

#[cfg(test)]
mod tests;
