//! Reads the keys of a TOML table one by one, and notes everything that is wrong with their places in the file.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::ProfileFault;
use super::nearest::nearest;

/// The faults of one file.
#[derive(Debug)]
pub(super) struct Faults<'a> {
    file: &'a str,
    text: &'a str,
    list: Vec<ProfileFault>,
}

/// A TOML table, and which of its keys were asked for.
#[derive(Debug, Clone)]
pub(super) struct Table<'a> {
    inner: &'a DeTable<'a>,
    /// Where the table begins, in bytes.
    at: usize,
    /// Its name in messages, as in `[line]`.
    name: &'static str,
    asked: Vec<&'static str>,
}

impl<'a> Faults<'a> {
    pub(super) fn new(file: &'a str, text: &'a str) -> Self {
        Self {
            file,
            text,
            list: Vec::new(),
        }
    }

    /// Notes a fault at a byte of the file.
    pub(super) fn add(&mut self, at: usize, what: impl Into<String>, instead: impl Into<String>) {
        let before = self.text.get(..at).unwrap_or(self.text);
        let begin = before.rfind('\n').map_or(0, |newline| newline + 1);
        self.list.push(ProfileFault {
            file: self.file.to_owned(),
            line: before.matches('\n').count() + 1,
            column: before[begin..].chars().count() + 1,
            what: what.into(),
            instead: instead.into(),
        });
    }

    pub(super) fn count(&self) -> usize {
        self.list.len()
    }

    /// All faults in the order of their places.
    pub(super) fn into_sorted(mut self) -> Vec<ProfileFault> {
        self.list.sort();
        self.list.dedup();
        self.list
    }
}

impl<'a> Table<'a> {
    pub(super) fn new(inner: &'a DeTable<'a>, at: usize, name: &'static str) -> Self {
        Self {
            inner,
            at,
            name,
            asked: Vec::new(),
        }
    }

    /// Where a key's value stands, or else where the table begins.
    pub(super) fn spot(&self, key: &str) -> usize {
        self.inner.get(key).map_or(self.at, |value| value.span().start)
    }

    /// Whether the key is there.
    pub(super) fn has(&self, key: &str) -> bool {
        self.inner.contains_key(key)
    }

    fn take(&mut self, key: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.asked.push(key);
        self.inner.get(key)
    }

    /// Notes that a key is needed; `example` is what could be written.
    fn missing(&self, key: &str, example: &str, faults: &mut Faults<'_>) {
        faults.add(
            self.at,
            format!("`{key}` is missing in {}", self.name),
            format!("add for example: {key} = {example}"),
        );
    }

    fn wrong_type(&self, key: &str, found: &Spanned<DeValue<'_>>, wanted: &str, faults: &mut Faults<'_>) {
        let kind = match found.get_ref() {
            DeValue::String(_) => "a text",
            DeValue::Integer(_) => "a whole number",
            DeValue::Float(_) => "a number with a decimal point",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a date",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        faults.add(
            found.span().start,
            format!("`{key}` in {} is {kind}", self.name),
            format!("write {wanted}"),
        );
    }

    /// A text that must be there and not be empty.
    pub(super) fn text(
        &mut self,
        key: &'static str,
        example: &str,
        faults: &mut Faults<'_>,
    ) -> Option<&'a str> {
        if self.take(key).is_none() {
            self.missing(key, example, faults);
            return None;
        }
        self.optional_text(key, faults)
    }

    /// A text that may be left out, but not be empty.
    pub(super) fn optional_text(&mut self, key: &'static str, faults: &mut Faults<'_>) -> Option<&'a str> {
        let found = self.take(key)?;
        match found.get_ref() {
            DeValue::String(text) if !text.trim().is_empty() => Some(text),
            DeValue::String(_) => {
                let what = format!("`{key}` in {} is empty", self.name);
                faults.add(found.span().start, what, "write a few words");
                None
            }
            _ => {
                self.wrong_type(key, found, "a text in quotation marks", faults);
                None
            }
        }
    }

    /// A whole number that must be there and lie in the range.
    pub(super) fn number(
        &mut self,
        key: &'static str,
        range: (i64, i64),
        example: &str,
        faults: &mut Faults<'_>,
    ) -> Option<i64> {
        if self.take(key).is_none() {
            self.missing(key, example, faults);
            return None;
        }
        self.optional_number(key, range, faults)
    }

    /// A whole number that may be left out.
    pub(super) fn optional_number(
        &mut self,
        key: &'static str,
        range: (i64, i64),
        faults: &mut Faults<'_>,
    ) -> Option<i64> {
        let found = self.take(key)?;
        let number = self.whole(key, found, faults)?;
        if (range.0..=range.1).contains(&number) {
            return Some(number);
        }
        faults.add(
            found.span().start,
            format!("`{key}` in {} is {number}", self.name),
            format!("write a number from {} to {}", range.0, range.1),
        );
        None
    }

    /// A list of whole numbers that may be left out, but not be empty.
    pub(super) fn optional_numbers(
        &mut self,
        key: &'static str,
        faults: &mut Faults<'_>,
    ) -> Option<Vec<(i64, usize)>> {
        let found = self.take(key)?;
        let example = "a list of whole numbers, as in [101, 103]";
        let Some(list) = found.get_ref().as_array() else {
            self.wrong_type(key, found, example, faults);
            return None;
        };
        if list.is_empty() {
            let what = format!("`{key}` in {} is an empty list", self.name);
            faults.add(found.span().start, what, format!("write {example}"));
            return None;
        }
        list.iter()
            .map(|item| Some((self.whole(key, item, faults)?, item.span().start)))
            .collect()
    }

    fn whole(&self, key: &str, found: &Spanned<DeValue<'_>>, faults: &mut Faults<'_>) -> Option<i64> {
        let Some(digits) = found.get_ref().as_integer() else {
            self.wrong_type(key, found, "a whole number, as in 80 or 0x0050", faults);
            return None;
        };
        let number = i64::from_str_radix(digits.as_str(), digits.radix()).ok();
        if number.is_none() {
            let what = format!("`{key}` in {} is too large a number", self.name);
            faults.add(found.span().start, what, "write a smaller number");
        }
        number
    }

    /// Yes or no, which must be there.
    pub(super) fn yes_or_no(&mut self, key: &'static str, faults: &mut Faults<'_>) -> Option<bool> {
        let Some(found) = self.take(key) else {
            self.missing(key, "false", faults);
            return None;
        };
        let answer = found.get_ref().as_bool();
        if answer.is_none() {
            self.wrong_type(key, found, "true or false", faults);
        }
        answer
    }

    /// One of several words, which must be there.
    pub(super) fn choice<T>(
        &mut self,
        key: &'static str,
        choices: &[(&'static str, T)],
        faults: &mut Faults<'_>,
    ) -> Option<T>
    where
        T: Copy,
    {
        if self.take(key).is_none() {
            let example = choices.first().map_or("", |choice| choice.0);
            self.missing(key, &format!("\"{example}\""), faults);
            return None;
        }
        self.optional_choice(key, choices, faults)
    }

    /// One of several words, which may be left out.
    pub(super) fn optional_choice<T>(
        &mut self,
        key: &'static str,
        choices: &[(&'static str, T)],
        faults: &mut Faults<'_>,
    ) -> Option<T>
    where
        T: Copy,
    {
        let word = self.optional_text(key, faults)?;
        if let Some(choice) = choices.iter().find(|choice| choice.0 == word) {
            return Some(choice.1);
        }
        let words = || choices.iter().map(|choice| choice.0);
        let list = words().collect::<Vec<_>>().join(", ");
        let instead = match nearest(word, words()) {
            Some(near) => format!("write \"{near}\", or another of: {list}"),
            None => format!("write one of: {list}"),
        };
        let what = format!("`{key}` in {} is \"{word}\", which is not known", self.name);
        faults.add(self.spot(key), what, instead);
        None
    }

    /// A table within this one that must be there.
    pub(super) fn table(
        &mut self,
        key: &'static str,
        name: &'static str,
        faults: &mut Faults<'_>,
    ) -> Option<Table<'a>> {
        if self.take(key).is_none() {
            let what = format!("the table {name} is missing");
            let instead = "add it, as in the profiles that come with Hearth (hardware/devices/profiles)";
            faults.add(0, what, instead);
            return None;
        }
        self.optional_table(key, name, faults)
    }

    /// A table within this one that may be left out.
    pub(super) fn optional_table(
        &mut self,
        key: &'static str,
        name: &'static str,
        faults: &mut Faults<'_>,
    ) -> Option<Table<'a>> {
        let found = self.take(key)?;
        match found.get_ref() {
            DeValue::Table(inner) => Some(Table::new(inner, found.span().start, name)),
            _ => {
                self.wrong_type(key, found, &format!("a table that begins with {name}"), faults);
                None
            }
        }
    }

    /// The tables of a list such as `[[point]]`, none if it is left out.
    pub(super) fn tables(
        &mut self,
        key: &'static str,
        name: &'static str,
        faults: &mut Faults<'_>,
    ) -> Vec<Table<'a>> {
        let Some(found) = self.take(key) else {
            return Vec::new();
        };
        let Some(list) = found.get_ref().as_array() else {
            self.wrong_type(key, found, &format!("tables that each begin with {name}"), faults);
            return Vec::new();
        };
        let mut tables = Vec::new();
        for item in list.iter() {
            match item.get_ref() {
                DeValue::Table(inner) => tables.push(Table::new(inner, item.span().start, name)),
                _ => self.wrong_type(key, item, &format!("tables that each begin with {name}"), faults),
            }
        }
        tables
    }

    /// Notes every key that was not asked for.
    pub(super) fn finish(&self, faults: &mut Faults<'_>) {
        for key in self.inner.keys() {
            let word = key.get_ref().as_ref();
            if self.asked.contains(&word) {
                continue;
            }
            let mut known = self.asked.clone();
            known.sort_unstable();
            known.dedup();
            let instead = match nearest(word, known.iter().copied()) {
                Some(near) => format!("write `{near}`, or take it out"),
                None => format!("take it out; known here are {}", known.join(", ")),
            };
            faults.add(
                key.span().start,
                format!("`{word}` is not known in {}", self.name),
                instead,
            );
        }
    }
}
