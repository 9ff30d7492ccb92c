//! A row of a table in our own columns, understood as a whole or not at all.

use units::{HouseholdId, PersonId};

use super::cells::{lines, parts};
use super::people::{household, membership, person};
use super::rules::{self, Rule};
use super::{ADDED, COLUMNS};
use crate::household::Household;
use crate::import::plan::NotTaken;
use crate::membership::Membership;
use crate::person::Person;
use crate::sheet::write::unguarded;
use crate::sheet::{Row, Sheet};
use crate::text::{self, Unfit};

/// More letters than any line that can be typed.
const LINE: usize = 1_000;
/// More letters than any text of several lines that can be typed.
const TEXT: usize = 10_000;
/// The highest number that anybody gets.
const HIGHEST: u32 = 99_999_999;

/// What a row of ours says.
#[derive(Debug)]
pub(super) struct Own {
    pub(super) line: usize,
    pub(super) id: Option<PersonId>,
    pub(super) person: Option<Person>,
    pub(super) household: Option<(HouseholdId, Household)>,
    pub(super) membership: Option<Membership>,
    pub(super) rule: Option<Rule>,
}

/// The cells of a row by the names of our columns.
pub(super) struct Reading<'a> {
    header: &'a [String],
    row: &'a Row,
}

/// Every row with its line and the name in it, understood; or why it is not taken.
pub(super) fn rows(sheet: &Sheet) -> impl Iterator<Item = (usize, String, Result<Own, NotTaken>)> {
    sheet.rows.iter().map(|row| {
        let reading = Reading {
            header: &sheet.header,
            row,
        };
        let name = a_line(reading.at("Name")).unwrap_or_default();
        (row.line, name, reading.own())
    })
}

impl<'a> Reading<'a> {
    fn own(&self) -> Result<Own, NotTaken> {
        let mut own = Own {
            line: self.row.line,
            id: self.number(COLUMNS[0])?.map(PersonId::new),
            household: match self.number("Household number")? {
                Some(number) => Some((HouseholdId::new(number), household(self)?)),
                None => None,
            },
            person: person(self)?,
            membership: membership(self)?,
            rule: self.read("Rule of the house", rules::read)?,
        };
        if let (Some(person), Some((home, _))) = (&mut own.person, &own.household) {
            person.household = Some(*home);
        }
        let about_somebody = own.person.is_some() || own.membership.is_some();
        match (own.id, about_somebody) {
            (Some(_), false) => Err(NotTaken::NoName),
            (None, true) => Err(NotTaken::NoNumber),
            (None, false) if own.household.is_none() && own.rule.is_none() => Err(NotTaken::NoName),
            _ => Ok(own),
        }
    }

    /// What stands under a column.
    pub(super) fn at(&self, column: &str) -> &'a str {
        let at = self.header.iter().position(|known| known == column);
        let cell = at.and_then(|at| self.row.cells.get(at));
        cell.map_or("", |cell| unguarded(cell))
    }

    /// What a cell says; nothing if it is empty, a refusal if it makes no sense.
    pub(super) fn read<T>(
        &self,
        column: &'static str,
        understand: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, NotTaken> {
        match self.at(column) {
            "" => Ok(None),
            cell => understand(cell).map(Some).ok_or(NotTaken::NotOurs(column)),
        }
    }

    pub(super) fn number(&self, column: &'static str) -> Result<Option<u32>, NotTaken> {
        let plain = |cell: &str| cell.parse().ok().filter(|number| (1..=HIGHEST).contains(number));
        self.read(column, plain)
    }

    /// A line, or nothing.
    pub(super) fn line(&self, column: &'static str) -> Result<Option<String>, NotTaken> {
        text::optional_line(self.at(column), LINE).map_err(|why| unfit(column, why))
    }

    /// Several lines, or nothing.
    pub(super) fn text(&self, column: &'static str) -> Result<Option<String>, NotTaken> {
        text::optional_paragraph(self.at(column), TEXT).map_err(|why| unfit(column, why))
    }

    /// A line on each line.
    pub(super) fn lines(&self, column: &'static str) -> Result<Vec<String>, NotTaken> {
        let each =
            lines(self.at(column)).map(|line| text::line(line, LINE).map_err(|why| unfit(column, why)));
        each.collect()
    }

    /// One thing of several parts on each line.
    pub(super) fn each<T>(
        &self,
        column: &'static str,
        understand: impl Fn(&[String]) -> Option<T>,
    ) -> Result<Vec<T>, NotTaken> {
        let things =
            lines(self.at(column)).map(|line| understand(&parts(line)).ok_or(NotTaken::NotOurs(column)));
        things.collect()
    }

    /// The answers to questions of the house, by their keys.
    pub(super) fn answers(&self) -> Result<Vec<(String, String)>, NotTaken> {
        let mut answers = Vec::new();
        for (name, cell) in self.header.iter().zip(&self.row.cells) {
            let Some(key) = name.strip_prefix(ADDED) else {
                continue;
            };
            let answer = text::optional_line(unguarded(cell), LINE).map_err(|why| unfit(name, why))?;
            answers.extend(answer.map(|answer| (key.to_owned(), answer)));
        }
        Ok(answers)
    }
}

/// A part of a cell that is a line.
pub(super) fn a_line(part: &str) -> Option<String> {
    text::line(part, LINE).ok()
}

/// A part of a cell that may be empty, in one line or several. Outside: nothing where it cannot be kept.
pub(super) fn words(part: &str) -> Option<Option<String>> {
    text::optional_paragraph(part, TEXT).ok()
}

fn unfit(column: &str, why: Unfit) -> NotTaken {
    NotTaken::UnfitCell {
        column: column.to_owned(),
        why,
    }
}
