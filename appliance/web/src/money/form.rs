//! Forms about money: a list of fields that one template draws, and what was sent, by the names of the fields.

use std::str::FromStr;

use axum::Form;
use jiff::civil::Date;
use units::{Currency, Money};

use crate::show;
use crate::words::{say, say_with};

/// What kind of field it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// One line of words.
    Line,
    /// An amount of money.
    Amount,
    /// A day.
    Day,
    /// One of several: what is sent, and the words for it.
    Choice(Vec<(String, String)>),
}

/// One field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Input {
    /// Its name, by which it is sent.
    pub(crate) name: String,
    /// What it is called.
    pub(crate) label: String,
    /// What helps to fill it in; empty if nothing does.
    pub(crate) hint: String,
    /// What stands in it.
    pub(crate) value: String,
    /// Why it was refused; empty if it was not.
    pub(crate) refusal: String,
    /// What kind it is.
    pub(crate) kind: Kind,
}

impl Input {
    pub(crate) fn new(name: &str, label: String, value: &str, kind: Kind) -> Self {
        Self {
            name: name.to_owned(),
            label,
            hint: String::new(),
            value: value.to_owned(),
            refusal: String::new(),
            kind,
        }
    }

    pub(crate) fn line(name: &str, label: String, value: &str) -> Self {
        Self::new(name, label, value, Kind::Line)
    }

    pub(crate) fn amount(name: &str, label: String, value: &str) -> Self {
        Self::new(name, label, value, Kind::Amount)
    }

    pub(crate) fn day(name: &str, label: String, value: &str) -> Self {
        Self::new(name, label, value, Kind::Day)
    }

    pub(crate) fn choice(name: &str, label: String, value: &str, options: Vec<(String, String)>) -> Self {
        Self::new(name, label, value, Kind::Choice(options))
    }

    pub(crate) fn hint(self, hint: String) -> Self {
        Self { hint, ..self }
    }

    /// What describes it, for whoever does not see it.
    pub(crate) fn described(&self) -> String {
        let mut by = Vec::new();
        if !self.hint.is_empty() {
            by.push(format!("{}-hint", self.name));
        }
        if !self.refusal.is_empty() {
            by.push(format!("{}-refusal", self.name));
        }
        by.join(" ")
    }
}

/// Puts the reason beside the field with this name, else beside the first.
pub(crate) fn refuse(fields: &mut [Input], wrong: &Wrong) {
    let named = fields.iter().position(|field| field.name == wrong.field);
    if let Some(field) = fields.get_mut(named.unwrap_or(0)) {
        field.refusal = show::sentence(&wrong.why);
    }
}

/// Why something that was sent is refused, and in which field it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wrong {
    /// The name of the field.
    pub(crate) field: String,
    /// Why.
    pub(crate) why: String,
}

impl Wrong {
    pub(crate) fn new(field: &str, why: &impl ToString) -> Self {
        Self {
            field: field.to_owned(),
            why: why.to_string(),
        }
    }
}

/// A form as it was sent.
pub(crate) type Sent = Form<Vec<(String, String)>>;

/// What was sent, by name.
#[derive(Debug, Clone, Default)]
pub(crate) struct Answers(Vec<(String, String)>);

impl Answers {
    pub(crate) fn of(Form(pairs): Sent) -> Self {
        Self(pairs)
    }

    /// Nothing was sent but what stands in these.
    pub(crate) fn from(pairs: &[(&str, &str)]) -> Self {
        let owned = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Self(owned.collect())
    }

    /// What stands under this name; empty where nothing does.
    pub(crate) fn get(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(sent, _)| sent == name);
        found.map_or("", |(_, value)| value.trim())
    }

    /// Everything that stands under this name.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(sent, _)| sent == name)
            .map(|(_, value)| value.as_str())
    }

    /// An amount.
    pub(crate) fn money(&self, name: &str, currency: Currency) -> Result<Money, Wrong> {
        Money::parse(self.get(name), currency).map_err(|error| Wrong::new(name, &error))
    }

    /// A day.
    pub(crate) fn date(&self, name: &str) -> Result<Date, Wrong> {
        let sent = self.get(name);
        sent.parse().map_err(|_| {
            let why = say_with("money-no-day", [("typed", sent.into())]);
            Wrong::new(name, &why)
        })
    }

    /// A number of days.
    pub(crate) fn number<N: FromStr>(&self, name: &str) -> Result<N, Wrong> {
        let sent = self.get(name);
        sent.parse().map_err(|_| {
            let why = say_with("money-no-number", [("typed", sent.into())]);
            Wrong::new(name, &why)
        })
    }

    /// One of several words.
    pub(crate) fn one_of<T>(&self, name: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T, Wrong> {
        parse(self.get(name)).ok_or_else(|| Wrong::new(name, &say("money-no-choice")))
    }
}

#[cfg(test)]
mod tests {
    use units::Currency;

    use super::{Answers, Input, Wrong, refuse};

    #[test]
    fn what_cannot_be_read_is_said_beside_its_field() {
        let sent = Answers::from(&[("amount", "12.345"), ("day", "31.02.2026"), ("grace", "-1")]);
        assert_eq!(sent.get("nothing"), "");
        assert_eq!(
            sent.money("amount", Currency::GBP).expect_err("too fine").field,
            "amount"
        );
        assert!(sent.date("day").expect_err("no day").why.contains("31.02.2026"));
        assert!(sent.number::<u16>("grace").is_err());
        let mut fields = [
            Input::line("a", String::new(), ""),
            Input::line("b", String::new(), ""),
        ];
        refuse(&mut fields, &Wrong::new("b", &"it is empty"));
        assert_eq!(
            (fields[0].refusal.as_str(), fields[1].described().as_str()),
            ("", "b-refusal")
        );
        refuse(&mut fields, &Wrong::new("elsewhere", &"it is not there"));
        assert!(!fields[0].refusal.is_empty(), "no reason is lost");
    }
}
