//! Whose a row is, what of it a person is told, and what becomes of it when their data are erased. Nothing here knows
//! any table by name: a record's own fields say whom they name, on which ground they are kept, and how long.

use jiff::Span;
use jiff::civil::Date;
use units::{HouseholdId, PersonId};

use crate::record::{Basis, Damaged, FieldRule, Keep, Named, Purpose, Told};
use crate::tables::{RowTold, Table};

/// Somebody whose data are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject {
    /// Who.
    pub person: PersonId,
    /// Their household.
    pub household: Option<HouseholdId>,
    /// Whether nobody else lives in it.
    pub alone: bool,
    /// The day on which their membership ended, if it has.
    pub left: Option<Date>,
}

/// How a row has to do with somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// It is about them and nobody else.
    Own,
    /// It is about them and others, such as a device that several people use.
    Shared,
    /// It is about their household.
    Household,
    /// It is about somebody else, and names them.
    Named,
    /// It has nothing to do with them.
    Nothing,
}

/// Whom a row is about: people, or where it names none, households.
pub fn about(row: &RowTold) -> (Vec<PersonId>, Vec<HouseholdId>) {
    let direct = row
        .told
        .iter()
        .filter(|told| told.rule.purpose != Purpose::Accountability)
        .map(|told| &told.named);
    let all: Vec<_> = std::iter::once(&row.key).chain(direct).collect();
    let mut people: Vec<PersonId> = all.iter().flat_map(|named| named.people.clone()).collect();
    people.sort_unstable();
    people.dedup();
    // A person's row says in which household they live; that does not make it the household's.
    let households = all.iter().flat_map(|named| named.households.clone());
    let households = if people.is_empty() {
        households.collect()
    } else {
        Vec::new()
    };
    (people, households)
}

/// Whether a row that names these may have to do with somebody: of one for which this is not so, [`part`] says
/// [`Part::Nothing`]. Of a long table nearly every row is one, and need not be read further.
pub fn may_concern(named: &Named, subject: &Subject) -> bool {
    named.people.contains(&subject.person)
        || named.inner.contains(&subject.person)
        || subject
            .household
            .is_some_and(|home| named.households.contains(&home))
}

/// How a row has to do with somebody.
pub fn part(row: &RowTold, subject: &Subject) -> Part {
    let (people, households) = about(row);
    if people == [subject.person] {
        // What is found by somebody is theirs, whomever it names beside them.
        let others = |told: &Told| told.named.inner.iter().any(|other| *other != subject.person);
        let own = row.key.people.contains(&subject.person) || !row.told.iter().any(others);
        return if own { Part::Own } else { Part::Shared };
    }
    if people.contains(&subject.person) {
        return Part::Shared;
    }
    if subject.household.is_some_and(|home| households.contains(&home)) {
        return Part::Household;
    }
    let within = row.told.iter().any(|told| {
        told.named.inner.contains(&subject.person) || told.named.people.contains(&subject.person)
    });
    if within { Part::Named } else { Part::Nothing }
}

/// What of a row somebody is told: all of it but the numbers of others whom it is about too, and of a row that is
/// somebody else's nothing but that it names them.
pub fn told(row: RowTold, subject: &Subject) -> Vec<Told> {
    let part = part(&row, subject);
    let own = subject.person.to_string();
    let mut fields = row.told;
    match part {
        Part::Nothing => return Vec::new(),
        Part::Own | Part::Household => {}
        Part::Shared => {
            let of_own = format!("{own}: ");
            for field in &mut fields {
                if !field.named.inner.is_empty() {
                    let named = field.named.inner.contains(&subject.person);
                    field.values = named.then(|| own.clone()).into_iter().collect();
                } else if !field.named.people.is_empty() {
                    field
                        .values
                        .retain(|value| *value == own || value.starts_with(&of_own));
                }
            }
        }
        Part::Named => {
            let names = |field: &Told| {
                field.named.people.contains(&subject.person) || field.named.inner.contains(&subject.person)
            };
            fields.retain(names);
            for field in &mut fields {
                field.values = vec![own.clone()];
            }
        }
    }
    fields
}

/// What becomes of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It stays as it is.
    Stays,
    /// It stays, with less in it.
    Becomes(Vec<u8>),
    /// It goes.
    Goes,
}

/// The last day on which anything in the row happened, as far as it says so.
pub(crate) fn entry(row: &RowTold) -> Option<Date> {
    let fields = row.told.iter().map(|told| &told.named);
    let days = std::iter::once(&row.key)
        .chain(fields)
        .flat_map(|named| &named.days);
    days.max().copied()
}

/// So many years later; the end of time where the calendar ends.
pub(crate) fn years_after(day: Date, years: u8) -> Date {
    day.checked_add(Span::new().years(years)).unwrap_or(Date::MAX)
}

/// Until when the law has a field kept, whatever the person wishes.
pub fn kept_by_law(rule: &FieldRule, row: &RowTold, left: Option<Date>) -> Option<Date> {
    if rule.basis != Basis::LegalObligation {
        return None;
    }
    match rule.keep {
        Keep::AfterEntry(years) => entry(row).map(|day| years_after(day, years)),
        Keep::AfterLeaving(years) => left.map(|day| years_after(day, years)),
        Keep::WhileInForce => None,
    }
}

/// What becomes of a row when somebody's data are erased, and until when the law has the rest kept.
pub fn erased(
    table: &Table,
    key: &[u8],
    value: &[u8],
    subject: &Subject,
    today: Date,
) -> Result<(Fate, Option<Date>), Damaged> {
    let row = table.read(key, value)?;
    let own = match part(&row, subject) {
        Part::Nothing => return Ok((Fate::Stays, None)),
        Part::Household if !subject.alone => return Ok((Fate::Stays, None)),
        Part::Own | Part::Household => true,
        Part::Shared | Part::Named => false,
    };
    if !own {
        let fate = match table.without(value, subject.person)? {
            None => Fate::Goes,
            Some(after) if after == value => Fate::Stays,
            Some(after) => Fate::Becomes(after),
        };
        return Ok((fate, None));
    }
    // Whoever never was a member leaves today.
    let left = subject.left.unwrap_or(today);
    let until = |rule: &FieldRule| kept_by_law(rule, &row, Some(left)).filter(|until| *until > today);
    let said = |rule: &FieldRule| {
        row.told
            .iter()
            .any(|told| told.rule.number == rule.number && !told.values.is_empty())
    };
    let latest = table
        .fields
        .iter()
        .filter(|rule| said(rule))
        .filter_map(until)
        .max();
    if latest.is_none() {
        return Ok((Fate::Goes, None));
    }
    let after = table.pruned(value, &|rule| until(rule).is_some())?;
    let fate = if after == value {
        Fate::Stays
    } else {
        Fate::Becomes(after)
    };
    Ok((fate, latest))
}

#[cfg(test)]
mod tests;
