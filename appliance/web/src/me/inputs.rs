//! A form as a list of fields, each with its label, what stands in it, and why it was refused.

use std::collections::BTreeMap;

use members::own::{Refusals, Typed};

use crate::show;
use crate::words::say;

/// How a field is filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// In one line.
    Line,
    /// In several.
    Lines,
    /// By a day.
    Day,
    /// By choosing one of these: value and words.
    Choice(Vec<(String, String)>),
}

/// One field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Input {
    /// Its name in the form.
    pub(crate) name: String,
    /// What stands before its name where several forms of a page have it.
    pub(crate) prefix: String,
    /// What it asks.
    pub(crate) label: String,
    /// What helps to answer; may be empty.
    pub(crate) hint: String,
    /// How it is filled in.
    pub(crate) kind: Kind,
    /// What stands in it.
    pub(crate) value: String,
    /// Why it was refused; empty if it was not.
    pub(crate) refusal: String,
    /// What the browser may fill in by itself.
    pub(crate) autocomplete: &'static str,
}

impl Input {
    /// A line.
    pub(crate) fn line(name: &str, label: &str) -> Self {
        Self::asked(name, say(label))
    }

    /// A line with what it asks in words of the house.
    pub(crate) fn asked(name: &str, label: String) -> Self {
        Self {
            name: name.to_owned(),
            prefix: String::new(),
            label,
            hint: String::new(),
            kind: Kind::Line,
            value: String::new(),
            refusal: String::new(),
            autocomplete: "off",
        }
    }

    /// Several lines.
    pub(crate) fn lines(name: &str, label: &str) -> Self {
        Self {
            kind: Kind::Lines,
            ..Self::line(name, label)
        }
    }

    /// A day.
    pub(crate) fn day(name: &str, label: &str) -> Self {
        Self {
            kind: Kind::Day,
            ..Self::line(name, label)
        }
    }

    /// A choice.
    pub(crate) fn choice(name: &str, label: &str, choices: Vec<(String, String)>) -> Self {
        Self {
            kind: Kind::Choice(choices),
            ..Self::line(name, label)
        }
    }

    /// The same with a hint.
    pub(crate) fn hinted(self, hint: &str) -> Self {
        Self {
            hint: say(hint),
            ..self
        }
    }

    /// The same, filled in by the browser.
    pub(crate) fn filled_as(self, autocomplete: &'static str) -> Self {
        Self { autocomplete, ..self }
    }

    /// The same with what stands in it.
    pub(crate) fn holding(self, value: &str) -> Self {
        Self {
            value: value.to_owned(),
            ..self
        }
    }

    /// The same, refused.
    pub(crate) fn refused(self, why: &str) -> Self {
        Self {
            refusal: show::sentence(why),
            ..self
        }
    }

    /// The same within one of several forms.
    pub(crate) fn within(self, prefix: &str) -> Self {
        Self {
            prefix: prefix.to_owned(),
            ..self
        }
    }

    /// By what the page knows it.
    pub(crate) fn id(&self) -> String {
        format!("{}{}", self.prefix, self.name)
    }

    /// Which elements tell more about it.
    pub(crate) fn described(&self) -> String {
        let hint = (!self.hint.is_empty()).then(|| format!("{}-hint", self.id()));
        let refusal = (!self.refusal.is_empty()).then(|| format!("{}-refusal", self.id()));
        let parts: Vec<String> = hint.into_iter().chain(refusal).collect();
        parts.join(" ")
    }

    /// Whether a choice is the one that stands.
    pub(crate) fn is(&self, value: &str) -> bool {
        self.value == value
    }
}

/// Puts what was typed, and why it was refused, into the fields.
pub(crate) fn fill(fields: Vec<Input>, typed: &Typed, refused: &Refusals) -> Vec<Input> {
    let fill = |field: Input| {
        let value = typed.get(&field.name).cloned().unwrap_or_default();
        let field = field.holding(&value);
        match refused.get(&field.name) {
            Some(why) => field.refused(why),
            None => field,
        }
    };
    fields.into_iter().map(fill).collect()
}

/// A form as it was sent: all of its fields, by name.
pub(crate) type Sent = BTreeMap<String, String>;
