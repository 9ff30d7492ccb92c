//! Forms over the control interface: what was said of some fields is written over what stands in all of them, and what is
//! refused is said under the name by which it was said.

use std::collections::BTreeMap;

use acts::people::Saved;
use members::edit::{Input, Kind, Refusal as Unfit, Typed};
use members::person::WayKind;
use serde::Serialize;

use crate::refusal::Refusal;

/// More rows of ways than anybody has.
const ROWS: u32 = 30;

/// One field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldView {
    /// Its name, by which it is changed.
    pub field: String,
    /// What the house calls it; `null` for those that every house has.
    pub label: Option<String>,
    /// What stands in it.
    pub value: String,
    /// What may stand in it; empty where anything may.
    pub choices: Vec<String>,
}

/// A form with what was said written over what stood in it.
pub(super) struct Filled {
    pub(super) typed: Typed,
    /// By which name each input was said.
    said: BTreeMap<String, String>,
}

impl Filled {
    pub(super) fn over(inputs: &[Input], fields: &Typed) -> Result<Self, Refusal> {
        let stands = |input: &Input| (input.name.clone(), input.value.clone());
        let mut filled = Self {
            typed: inputs.iter().map(stands).collect(),
            said: BTreeMap::new(),
        };
        for (field, value) in fields {
            if let Some(kind) = way_kind(field).filter(|_| filled.typed.contains_key("reach")) {
                filled.way(kind, field, value);
                continue;
            }
            // Ways and relations have as many rows as somebody writes.
            let input = inputs.iter().find(|input| input.name == *field);
            if input.is_none() && !is_row(field, &filled.typed) {
                return Err(no_field(field, inputs));
            }
            let off = matches!(input.map(|input| &input.kind), Some(Kind::Tick)) && value == "no";
            let value = if off { String::new() } else { value.clone() };
            filled.typed.insert(field.clone(), value);
        }
        Ok(filled)
    }

    /// The first way of a kind, or one more: `mobile=07700 900123`.
    fn way(&mut self, kind: WayKind, field: &str, value: &str) {
        let stands = |name: &str, row: u32| {
            let stands = self.typed.get(&format!("{name}-{row}"));
            stands.map_or("", String::as_str)
        };
        // Kinds stand in empty rows too, and mean nothing there.
        let there =
            (1..ROWS).find(|row| stands("way-kind", *row) == kind.word() && !stands("way", *row).is_empty());
        let free = (1..ROWS).find(|row| stands("way", *row).is_empty());
        let row = there.or(free).unwrap_or(ROWS);
        self.typed
            .insert(format!("way-kind-{row}"), kind.word().to_owned());
        self.typed.insert(format!("way-{row}"), value.to_owned());
        self.said.insert(format!("way-{row}"), field.to_owned());
    }

    pub(super) fn kept<T>(&self, saved: Saved<T>) -> Result<T, Refusal> {
        kept(saved, |input| {
            self.said.get(input).map_or(input, String::as_str).to_owned()
        })
    }
}

/// What was kept; else a line for each field that cannot be taken, under the name by which it was said.
pub(super) fn kept<T>(saved: Saved<T>, name: impl Fn(&str) -> String) -> Result<T, Refusal> {
    let refusals: Vec<Unfit> = match saved {
        Saved::Kept(kept) => return Ok(kept),
        Saved::Refused(refusals) => refusals,
    };
    let lines = refusals
        .iter()
        .map(|unfit| format!("{}: {}", name(&unfit.input), unfit.why));
    Err(Refusal::BadInput(lines.collect::<Vec<_>>().join("\n")))
}

/// The kind of a way, as it is said in the place of a field.
fn way_kind(field: &str) -> Option<WayKind> {
    match field {
        "email" => Some(WayKind::Email),
        word => WayKind::parse(word),
    }
}

/// Whether a field is one more row of a form that has rows of its kind.
fn is_row(field: &str, typed: &Typed) -> bool {
    let row = field
        .rsplit_once('-')
        .filter(|(_, end)| end.parse::<u32>().is_ok());
    row.is_some_and(|(stem, _)| typed.contains_key(&format!("{stem}-1")))
}

fn no_field(field: &str, inputs: &[Input]) -> Refusal {
    let names = inputs.iter().map(|input| input.name.as_str());
    let ways = inputs.iter().any(|input| input.name == "reach");
    let ways = WayKind::ALL.iter().filter(|_| ways).map(|kind| kind.word());
    let all: Vec<&str> = names.chain(ways).collect();
    Refusal::BadInput(if all.is_empty() {
        format!("there is no field \"{field}\" here, nor any other: the house has not made one")
    } else {
        format!("there is no field \"{field}\" here; there are {}", all.join(", "))
    })
}

impl From<Input> for FieldView {
    fn from(input: Input) -> Self {
        Self {
            choices: match input.kind {
                Kind::Choice(choices) => choices,
                Kind::Tick => vec!["yes".to_owned(), "no".to_owned()],
                Kind::Line | Kind::Area | Kind::Day | Kind::Number => Vec::new(),
            },
            field: input.name,
            label: input.label,
            value: input.value,
        }
    }
}
