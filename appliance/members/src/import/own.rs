//! The whole book as one table in columns of our own, and back again without loss: to look at it in a spreadsheet, and
//! to carry it to another box.
//!
//! A row is a person with their household and membership; a membership of somebody who is no longer in the book, a
//! household where nobody lives, and each question, tag and class of the house have rows of their own. Several things
//! in one cell stand on lines of their own, the parts of each between upright lines.

mod cells;
mod known;
mod people;
mod plan;
mod read;
mod rules;

use units::{HouseholdId, PersonId};

use crate::book::Book;
use crate::house::House;
use crate::household::Household;
use crate::membership::Membership;
use crate::person::Person;
use crate::sheet::write::Csv;

use cells::{Cells, address_cells, day, moment, of_lines, of_parts};
pub use plan::{Ground, plan};

/// Our columns, in their order. Columns for the fields that the house has added follow.
const COLUMNS: [&str; 34] = [
    "Hearth person",
    "Name",
    "Kind",
    "Known as",
    "Name in lists",
    "Pronouns",
    "Day of birth",
    "Languages",
    "What helps to take part",
    "Ways to reach",
    "How to be reached",
    "Address",
    "Postcode",
    "Country",
    "Tags",
    "Notes",
    "Relations",
    "Who may know of the membership",
    "Large print",
    "First entered",
    "Household number",
    "Household name",
    "Household address",
    "Household postcode",
    "Household country",
    "Household letters",
    "Household homes",
    "Household notes",
    "Membership number",
    "Membership history",
    "Shares",
    "Application",
    "Notices",
    "Rule of the house",
];

/// What stands above a column of answers, before the key of the question.
const ADDED: &str = "Question: ";

/// Whether a table says that it came out of Hearth, by the name of its first column.
pub fn is_own(header: &[String]) -> bool {
    header.first().is_some_and(|first| first == COLUMNS[0])
}

/// The first of our columns that a table lacks.
pub fn lacking(header: &[String]) -> Option<&'static str> {
    COLUMNS
        .into_iter()
        .find(|ours| !header.iter().any(|there| there == ours))
}

/// The whole book as a table, with what the house decided about it.
pub fn export(book: &Book, house: &House) -> Csv {
    let answered = book.people.values().flat_map(|person| person.custom.keys());
    let mut added: Vec<&str> = answered.chain(house.fields.keys()).map(String::as_str).collect();
    added.sort_unstable();
    added.dedup();
    let heads: Vec<String> = added.iter().map(|key| format!("{ADDED}{key}")).collect();
    let mut csv = Csv::new(COLUMNS.into_iter().chain(heads.iter().map(String::as_str)));
    for (id, person) in &book.people {
        let household = person
            .household
            .and_then(|home| Some((home, book.households.get(&home)?)));
        let row = Row {
            id: Some(*id),
            person: Some(person),
            household,
            membership: book.memberships.get(id),
            ..Row::default()
        };
        row.write(&mut csv, &added);
    }
    for (id, membership) in book
        .memberships
        .iter()
        .filter(|(id, _)| !book.people.contains_key(id))
    {
        let row = Row {
            id: Some(*id),
            membership: Some(membership),
            ..Row::default()
        };
        row.write(&mut csv, &added);
    }
    let lived_in = plan::lived_in(book);
    for (id, household) in book.households.iter().filter(|(id, _)| !lived_in.contains(id)) {
        let row = Row {
            household: Some((*id, household)),
            ..Row::default()
        };
        row.write(&mut csv, &added);
    }
    for rule in rules::cells(house) {
        let row = Row {
            rule,
            ..Row::default()
        };
        row.write(&mut csv, &added);
    }
    csv
}

#[derive(Default)]
struct Row<'a> {
    id: Option<PersonId>,
    person: Option<&'a Person>,
    household: Option<(HouseholdId, &'a Household)>,
    membership: Option<&'a Membership>,
    rule: String,
}

impl Row<'_> {
    fn write(&self, csv: &mut Csv, added: &[&str]) {
        let mut cells = Cells::default();
        cells.number(self.id.map(PersonId::number));
        match self.person {
            Some(person) => write_person(&mut cells, person),
            None => cells.skip(19),
        }
        match self.household {
            Some((id, household)) => write_household(&mut cells, id, household),
            None => cells.skip(8),
        }
        match self.membership {
            Some(membership) => write_membership(&mut cells, membership),
            None => cells.skip(5),
        }
        cells.text(&self.rule);
        for key in added {
            let answer = self.person.and_then(|person| person.custom.get(*key));
            cells.text(answer.map_or("", String::as_str));
        }
        cells.write(csv);
    }
}

fn write_person(cells: &mut Cells, person: &Person) {
    cells.text(&person.name);
    cells.text(person.kind.word());
    cells.optional(person.called.as_deref());
    cells.optional(person.sort.as_deref());
    cells.optional(person.pronouns.as_deref());
    cells.text(&day(person.born));
    cells.text(&of_lines(person.languages.iter().map(String::as_str)));
    cells.optional(person.access.as_deref());
    let ways = person.ways.iter().map(|way| {
        of_parts(&[
            way.kind.word(),
            &way.value,
            way.note.as_deref().unwrap_or_default(),
        ])
    });
    cells.text(&of_lines(ways));
    cells.text(person.reach.word());
    cells.texts(&address_cells(person.address.as_ref()));
    cells.text(&of_lines(person.tags.iter().map(String::as_str)));
    cells.optional(person.note.as_deref());
    let relations = person
        .relations
        .iter()
        .map(|relation| of_parts(&[relation.kinship.word(), &relation.person.number().to_string()]));
    cells.text(&of_lines(relations));
    cells.text(person.listing.word());
    cells.text(if person.large_print { "yes" } else { "no" });
    cells.text(&moment(person.entered));
}

fn write_household(cells: &mut Cells, id: HouseholdId, household: &Household) {
    cells.number(Some(id.number()));
    cells.optional(household.name.as_deref());
    cells.texts(&address_cells(household.address.as_ref()));
    cells.text(household.letters.word());
    let homes = household
        .homes
        .iter()
        .map(|stay| of_parts(&[stay.home.as_str(), &stay.from.to_string(), &day(stay.until)]));
    cells.text(&of_lines(homes));
    cells.optional(household.note.as_deref());
}

fn write_membership(cells: &mut Cells, membership: &Membership) {
    cells.number(membership.number);
    let steps = membership.history.iter().map(|step| {
        let by = step.by.map(|by| by.number().to_string()).unwrap_or_default();
        of_parts(&[
            &step.on.to_string(),
            step.status.word(),
            &step.class,
            step.why.as_deref().unwrap_or_default(),
            &by,
            &moment(step.at),
        ])
    });
    cells.text(&of_lines(steps));
    cells.number(Some(membership.shares));
    cells.optional(membership.application.as_deref());
    let notices = membership.notices.iter().map(|notice| {
        let words = |words: &Option<String>| words.clone().unwrap_or_default();
        of_parts(&[
            &notice.given.to_string(),
            &notice.until.to_string(),
            &notice.why,
            &words(&notice.objection),
            &words(&notice.heard),
            &day(notice.closed),
        ])
    });
    cells.text(&of_lines(notices));
}

#[cfg(test)]
mod tests;
