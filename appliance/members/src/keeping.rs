//! What goes with time: each field as its rule says, counted from the day on which somebody left, or from the day on
//! which it was written. Of somebody who is a member nothing goes by their leaving, since they have not left.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use units::{HouseholdId, PersonId};

use crate::book::Book;
use crate::holding::{Fate, about, entry, years_after};
use crate::person::Person;
use crate::record::{Basis, Damaged, FieldRule, Keep, Kept, Key};
use crate::tables::{RowTold, Table};

/// When everybody left, and who is gone from the book by the end of this day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lives {
    today: Date,
    people: BTreeMap<PersonId, Option<Date>>,
    going: BTreeSet<PersonId>,
    households: BTreeMap<HouseholdId, Vec<PersonId>>,
}

/// What time does to a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Age {
    /// It is over.
    Over,
    /// It will be on this day.
    Until(Date),
    /// Nobody can say yet.
    Open,
}

impl Lives {
    /// Everybody's, on a day. Whoever's own entry is over on this day is gone at its end.
    pub fn of(book: &Book, today: Date) -> Self {
        let mut lives = Self {
            today,
            ..Self::default()
        };
        for membership in &book.memberships {
            lives.people.insert(*membership.0, membership.1.ended());
        }
        for (id, person) in &book.people {
            lives.people.entry(*id).or_default();
            if let Some(home) = person.household {
                lives.households.entry(home).or_default().push(*id);
            }
        }
        let longest = Person::longest();
        lives.going = lives
            .people
            .iter()
            .filter(|(id, left)| {
                !book.people.contains_key(id) || left.is_some_and(|left| years_after(left, longest) <= today)
            })
            .map(|(id, _)| *id)
            .collect();
        lives
    }

    fn is_gone(&self, person: PersonId) -> bool {
        self.going.contains(&person) || !self.people.contains_key(&person)
    }

    /// Whom the row is about, a household's people for a household.
    fn people_of(&self, row: &RowTold) -> Vec<PersonId> {
        let (people, households) = about(row);
        let at_home = households
            .iter()
            .flat_map(|home| self.households.get(home).cloned().unwrap_or_default());
        people.into_iter().chain(at_home).collect()
    }

    fn age(&self, rule: &FieldRule, row: &RowTold, people: &[PersonId]) -> Age {
        let until = |day: Date| {
            if day <= self.today {
                Age::Over
            } else {
                Age::Until(day)
            }
        };
        match rule.keep {
            Keep::AfterEntry(years) => entry(row).map_or(Age::Open, |day| until(years_after(day, years))),
            Keep::WhileInForce | Keep::AfterLeaving(_) if people.is_empty() => Age::Open,
            Keep::WhileInForce => match people.iter().all(|person| self.is_gone(*person)) {
                true => Age::Over,
                false => Age::Open,
            },
            Keep::AfterLeaving(years) => self.left(people).map_or(Age::Open, |left| {
                // Of those who were erased and never were members the law counts from the last day that is written.
                let left = left.or_else(|| entry(row).filter(|_| rule.basis == Basis::LegalObligation));
                left.map_or(Age::Over, |day| until(years_after(day, years)))
            }),
        }
    }

    /// When the last of these left: nothing where one of them has not; `Some(None)` where all are gone from the book
    /// without a trace of when.
    fn left(&self, people: &[PersonId]) -> Option<Option<Date>> {
        let mut last = None;
        for person in people {
            match self.people.get(person) {
                None => {}
                Some(None) => return None,
                Some(left) => last = last.max(*left),
            }
        }
        Some(last)
    }

    /// What time does to a row on this day.
    pub fn fate(&self, table: &Table, key: &[u8], value: &[u8]) -> Result<Fate, Damaged> {
        let row = table.read(key, value)?;
        let people = self.people_of(&row);
        let over = |rule: &FieldRule| self.age(rule, &row, &people) == Age::Over;
        let mut personal = table.fields.iter().filter(|rule| is_personal(rule)).peekable();
        if personal.peek().is_none() || !table.fields.iter().any(|rule| is_personal(rule) && over(rule)) {
            return Ok(Fate::Stays);
        }
        if personal.all(over) {
            return Ok(Fate::Goes);
        }
        let after = table.pruned(value, &|rule| !is_personal(rule) || !over(rule))?;
        if after == value {
            Ok(Fate::Stays)
        } else {
            Ok(Fate::Becomes(after))
        }
    }

    /// The next day on which time does something to a row.
    pub fn next(&self, table: &Table, key: &[u8], value: &[u8]) -> Result<Option<Date>, Damaged> {
        let row = table.read(key, value)?;
        let people = self.people_of(&row);
        let said = row.told.iter().filter(|told| !told.values.is_empty());
        let days = said.filter_map(|told| match self.age(told.rule, &row, &people) {
            Age::Until(day) if is_personal(told.rule) => Some(day),
            Age::Until(_) | Age::Over | Age::Open => None,
        });
        Ok(days.min())
    }

    /// Those whose own entry goes on this day.
    pub fn going<'a>(&'a self, book: &'a Book) -> impl Iterator<Item = PersonId> + 'a {
        self.going
            .iter()
            .copied()
            .filter(|person| book.people.contains_key(person))
    }
}

impl Person {
    /// After so many years nothing of somebody's own entry is kept.
    fn longest() -> u8 {
        let fields = <Self as crate::record::Record>::FIELDS.iter();
        let years = fields.map(|rule| match rule.keep {
            Keep::AfterLeaving(years) | Keep::AfterEntry(years) => years,
            Keep::WhileInForce => u8::MAX,
        });
        years.max().unwrap_or(u8::MAX)
    }
}

fn is_personal(rule: &FieldRule) -> bool {
    rule.basis != Basis::NotPersonal
}

/// The key and bytes of a record, as they lie in its table.
pub fn row_of<R: Kept>(key: &R::Key, record: &R) -> (Vec<u8>, Vec<u8>) {
    (key.to_key(), record.encode())
}

#[cfg(test)]
mod tests;
