//! One row of a table, understood: what it says of a person, and which of its cells could not be used.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::about::About;
use super::answer::understood;
use super::field::Field;
use super::value::{self, DateOrder};
use crate::house::House;
use crate::membership::{NoMove, Status};
use crate::person::{Address, LONGEST_NAME, PersonKind, Reach, WayKind};
use crate::record::Newer;
use crate::sheet::write::unguarded;
use crate::sheet::{Row, Sheet};
use crate::text::{self, Unfit};

/// The longest line that is taken from a table, and the longest note.
const LINE: usize = 200;
const NOTE: usize = 4_000;

/// What a row says of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its line in the table.
    pub line: usize,
    /// The name.
    pub name: String,
    /// A human being or an organisation.
    pub kind: PersonKind,
    /// Under what the name stands in lists.
    pub sort: Option<String>,
    /// How to be addressed.
    pub called: Option<String>,
    /// Pronouns.
    pub pronouns: Option<String>,
    /// Day of birth.
    pub born: Option<Date>,
    /// Languages.
    pub languages: Vec<String>,
    /// What helps to take part.
    pub access: Option<String>,
    /// Telephones and e-mail addresses.
    pub ways: Vec<(WayKind, String)>,
    /// The wished way to be reached.
    pub reach: Option<Reach>,
    /// Large print.
    pub large_print: Option<bool>,
    /// Tags.
    pub tags: BTreeSet<String>,
    /// Notes.
    pub note: Option<String>,
    /// The address.
    pub address: Option<Address>,
    /// The name of the household.
    pub household: Option<String>,
    /// The number on the card.
    pub number: Option<u32>,
    /// The class of membership.
    pub class: Option<String>,
    /// The state of membership.
    pub status: Option<Status>,
    /// The day of joining.
    pub joined: Option<Date>,
    /// The day of leaving.
    pub left: Option<Date>,
    /// The answers to questions of the house.
    pub answers: BTreeMap<About, String>,
    /// The cells that were left out.
    pub notes: Vec<CellNote>,
}

/// A cell that was left out; the rest of its row is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellNote {
    /// What it is about.
    pub about: About,
    /// Why.
    pub why: CellFault,
}

/// Why a cell was left out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CellFault {
    /// It is no day.
    #[error("this is no day that there is")]
    NotADay,
    /// It is neither yes nor no.
    #[error("this is neither yes nor no")]
    NotYesNo,
    /// It is no telephone number.
    #[error("this is no telephone number")]
    NotATelephone,
    /// It is no e-mail address.
    #[error("this is no e-mail address")]
    NotAnEmail,
    /// It is no number.
    #[error("this is no whole number")]
    NotANumber,
    /// It is no state of membership.
    #[error("this is no state of a membership; write member, applied, left, suspended, removed or died")]
    NotAState,
    /// It is no way to be reached.
    #[error("this is no way to be reached; write post, phone, text, e-mail, in person or not at all")]
    NotAReach,
    /// It cannot be kept.
    #[error("{0}")]
    Unfit(Unfit),
    /// The name of an organisation beside that of a person.
    #[error("this row has the name of a person too, so the organisation is left out")]
    BesideAPerson,
    /// An earlier row of the same person says otherwise.
    #[error("row {line} is the same person and says otherwise; what stands there was taken")]
    Otherwise {
        /// That row.
        line: usize,
    },
    /// The house has no such class.
    #[error("the house has no class of membership of this name")]
    NoSuchClass,
    /// No class is known.
    #[error("no class of membership is named, so there is no membership")]
    NoClass,
    /// The membership cannot take this step.
    #[error("the membership stays as it is: {0}")]
    Stays(NoMove),
    /// The history says another day.
    #[error("the membership began on another day in the book, which stays")]
    OtherDay,
    /// The card has another number.
    #[error("the membership has another number in the book, which stays")]
    OtherNumber,
    /// The book goes another way.
    #[error("the book has another membership of this person, and its history stays")]
    HistoryStays,
    /// The card of somebody else has the number.
    #[error("this number is on the card of somebody else, so the membership has none")]
    NumberTaken,
    /// An earlier row of the same household says otherwise.
    #[error("row {line} is the same household and says otherwise; what stands there was taken")]
    HouseholdOtherwise {
        /// That row.
        line: usize,
    },
    /// Somebody is spoken of who is not there.
    #[error("this speaks of somebody who is neither in the table nor in the book, and was left out")]
    NobodyThere,
    /// The house has no such question.
    #[error("the house has no such question, so the answer was left out")]
    NoSuchQuestion,
    /// The answer is none of those that are offered.
    #[error("this is none of the answers that the house offers: {0}")]
    NoChoice(String),
    /// The answer does not fit the question.
    #[error("this is no answer to the question: {0}")]
    NoAnswer(String),
    /// A class of membership that the house does not have just so.
    #[error(
        "a class of membership takes two people. Add it or change it under the rules of the house, just so"
    )]
    ClassFirst,
    /// The house has decided something else.
    #[error("the house has decided otherwise, and that stays")]
    HouseStays,
    /// Another person's name stands in the book of the same way.
    #[error("the book says otherwise, and only the name tells that this is the same person; the book stays")]
    BookStays,
}

/// Reads rows with what is known of their columns.
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    meanings: Vec<Option<About>>,
    order: DateOrder,
    today: Date,
    house: &'a House,
    /// Whether names stand as "Öberg, Ana".
    turned: bool,
}

impl<'a> Reader<'a> {
    /// A reader for this table, whose columns mean this in this house.
    pub fn new(
        sheet: &Sheet,
        meanings: Vec<Option<About>>,
        order: DateOrder,
        today: Date,
        house: &'a House,
    ) -> Self {
        let names = meanings
            .iter()
            .position(|about| *about == Some(About::Field(Field::Name)));
        let names: Vec<&str> = names.map_or(Vec::new(), |at| {
            sheet
                .rows
                .iter()
                .filter_map(|row| row.cells.get(at))
                .map(|name| name.trim())
                .collect()
        });
        let there = names.iter().filter(|name| !name.is_empty()).count();
        let turned = names.iter().filter(|name| name.matches(',').count() == 1).count();
        Self {
            meanings,
            order,
            today,
            house,
            turned: turned * 10 > there * 6,
        }
    }

    /// What a row says; or why nobody can be entered from it.
    pub fn read(&self, row: &Row) -> Result<Entry, Unfit> {
        let mut cells = Cells {
            row,
            meanings: &self.meanings,
            notes: Vec::new(),
        };
        let (name, sort, kind) = self.name(&mut cells)?;
        let mut entry = Entry {
            line: row.line,
            name,
            kind,
            sort: cells.line(Field::Sort).or(sort),
            called: cells.line(Field::Called),
            pronouns: cells.line(Field::Pronouns),
            born: self
                .day(&mut cells, Field::Born)
                .filter(|born| *born <= self.today),
            languages: cells.list(Field::Languages),
            access: cells.paragraph(Field::Access),
            ways: cells.ways(),
            reach: cells.word(Field::Reach, value::reach, CellFault::NotAReach),
            large_print: cells.word(Field::LargePrint, value::yes, CellFault::NotYesNo),
            tags: cells.list(Field::Tags).into_iter().collect(),
            note: cells.paragraph(Field::Note),
            address: cells.address(),
            household: cells.line(Field::Household),
            number: cells.word(Field::MemberNumber, whole_number, CellFault::NotANumber),
            class: None,
            status: cells.word(Field::Status, value::status, CellFault::NotAState),
            joined: self.day(&mut cells, Field::Joined),
            left: self.day(&mut cells, Field::Left),
            answers: BTreeMap::new(),
            notes: Vec::new(),
        };
        entry.class = self.class(&mut cells);
        self.of_the_house(&mut cells, &mut entry);
        entry.notes = cells.notes;
        Ok(entry)
    }

    fn name(&self, cells: &mut Cells<'_>) -> Result<(String, Option<String>, PersonKind), Unfit> {
        let part = |cells: &Cells<'_>, field| {
            text::optional_line(cells.first(field).unwrap_or_default(), LONGEST_NAME)
        };
        let whole = part(cells, Field::Name)?;
        let (mut first, mut last) = (part(cells, Field::First)?, part(cells, Field::Last)?);
        let organisation = part(cells, Field::Organisation)?;
        if let Some((before, after)) = whole
            .as_deref()
            .filter(|_| self.turned)
            .and_then(|name| name.split_once(','))
        {
            (first, last) = (
                text::optional_line(after, LONGEST_NAME)?,
                text::optional_line(before, LONGEST_NAME)?,
            );
        } else if let Some(whole) = whole {
            if organisation.is_some() {
                cells.note(Field::Organisation, CellFault::BesideAPerson);
            }
            return Ok((whole, None, PersonKind::Human));
        }
        let name = [first.as_deref(), last.as_deref()]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" ");
        if name.is_empty() {
            let organisation = organisation.ok_or(Unfit::Empty)?;
            return Ok((organisation, None, PersonKind::Organisation));
        }
        if organisation.is_some() {
            cells.note(Field::Organisation, CellFault::BesideAPerson);
        }
        // Lists lead with the last word by themselves; where the name has more of them, it must be said.
        let sort = match (&first, &last) {
            (Some(first), Some(last)) if last.contains(' ') => Some(format!("{last} {first}")),
            _ => None,
        };
        Ok((text::line(&name, LONGEST_NAME)?, sort, PersonKind::Human))
    }

    fn day(&self, cells: &mut Cells<'_>, field: Field) -> Option<Date> {
        cells.word(
            field,
            |cell| value::day(cell, self.order, self.today),
            CellFault::NotADay,
        )
    }

    fn class(&self, cells: &mut Cells<'_>) -> Option<String> {
        let class = cells.line(Field::Class)?;
        let known = self.house.class_named(&class);
        if known.is_none() {
            cells.note(Field::Class, CellFault::NoSuchClass);
        }
        known.map(str::to_owned)
    }

    /// The answers to questions of the house, and its tags that have a column.
    fn of_the_house(&self, cells: &mut Cells<'_>, entry: &mut Entry) {
        let row = cells.row;
        for (meaning, cell) in self.meanings.iter().zip(&row.cells) {
            let cell = plain(cell);
            match meaning {
                Some(about @ About::Question { key, .. }) if !cell.is_empty() => {
                    let Some(field) = self.house.fields.get(key) else {
                        continue;
                    };
                    match understood(field, cell, self.order, self.today) {
                        Ok(answer) => entry.answers.extend(answer.map(|answer| (about.clone(), answer))),
                        Err(why) => cells.note(about.clone(), why),
                    }
                }
                Some(about @ About::Tag(name)) if !cell.is_empty() => match value::yes(cell) {
                    Some(true) => drop(entry.tags.insert(name.clone())),
                    Some(false) => {}
                    None => cells.note(about.clone(), CellFault::NotYesNo),
                },
                _ => {}
            }
        }
    }
}

/// A cell without blanks at its ends and without the mark that keeps it from being a formula.
fn plain(cell: &str) -> &str {
    unguarded(cell.trim()).trim()
}

fn whole_number(cell: &str) -> Option<u32> {
    let digits = cell.trim().trim_start_matches('#').trim_end_matches(".0");
    digits
        .parse()
        .ok()
        .filter(|number| (1..=99_999_999).contains(number))
}

/// The cells of a row by what they mean.
struct Cells<'a> {
    row: &'a Row,
    meanings: &'a [Option<About>],
    notes: Vec<CellNote>,
}

impl<'a> Cells<'a> {
    fn note(&mut self, about: impl Into<About>, why: CellFault) {
        let about = about.into();
        self.notes.push(CellNote { about, why });
    }

    /// The cells with text that mean this, in their order.
    fn all(&self, field: Field) -> impl Iterator<Item = &'a str> + use<'a> {
        let (row, meanings) = (self.row, self.meanings);
        let those = row
            .cells
            .iter()
            .zip(meanings)
            .filter(move |(_, known)| **known == Some(About::Field(field)));
        those.map(|(cell, _)| plain(cell)).filter(|cell| !cell.is_empty())
    }

    fn first(&self, field: Field) -> Option<&'a str> {
        self.all(field).next()
    }

    /// A cell that is understood as a whole or not at all.
    fn word<T>(
        &mut self,
        field: Field,
        understand: impl FnOnce(&str) -> Option<T>,
        fault: CellFault,
    ) -> Option<T> {
        let understood = understand(self.first(field)?);
        if understood.is_none() {
            self.note(field, fault);
        }
        understood
    }

    fn fit(&mut self, field: Field, fitted: Result<Option<String>, Unfit>) -> Option<String> {
        fitted.unwrap_or_else(|unfit| {
            self.note(field, CellFault::Unfit(unfit));
            None
        })
    }

    fn line(&mut self, field: Field) -> Option<String> {
        let cell = self.first(field)?;
        self.fit(field, text::optional_line(cell, LINE))
    }

    fn paragraph(&mut self, field: Field) -> Option<String> {
        let whole: Vec<&str> = self.all(field).collect();
        let text = whole
            .join("\n")
            .replace("\r\n", "\n")
            .replace(['\r', '\u{b}'], "\n");
        self.fit(field, text::optional_paragraph(&text, NOTE))
    }

    fn list(&mut self, field: Field) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for part in self.all(field).flat_map(value::list) {
            let part = self.fit(field, text::optional_line(part, LINE));
            found.extend(part.filter(|part| !found.contains(part)));
        }
        found
    }

    fn ways(&mut self) -> Vec<(WayKind, String)> {
        let mut ways = Vec::new();
        for field in [Field::Mobile, Field::Phone] {
            for number in self.all(field).flat_map(value::telephones) {
                let kind = match field {
                    Field::Mobile => WayKind::Mobile,
                    _ => value::telephone_kind(&number),
                };
                if !value::is_telephone(&number) {
                    self.note(field, CellFault::NotATelephone);
                } else if let Some(number) = self.fit(field, text::optional_line(&number, LINE)) {
                    ways.push((kind, number));
                }
            }
        }
        for address in self.all(Field::Email).flat_map(value::emails) {
            if !value::is_email(&address) {
                self.note(Field::Email, CellFault::NotAnEmail);
            } else if let Some(address) = self.fit(Field::Email, text::optional_line(&address, LINE)) {
                ways.push((WayKind::Email, address));
            }
        }
        ways
    }

    fn address(&mut self) -> Option<Address> {
        let mut lines = Vec::new();
        for field in [Field::Address, Field::Town] {
            for part in self.all(field).flat_map(|cell| cell.split(['\n', '\r', '\u{b}'])) {
                lines.extend(self.fit(field, text::optional_line(part, LINE)));
            }
        }
        let (postcode, country) = (self.line(Field::Postcode), self.line(Field::Country));
        let there = !lines.is_empty() || postcode.is_some();
        there.then(|| Address {
            lines,
            postcode,
            country,
            newer: Newer::default(),
        })
    }
}
