//! Everything that is kept about somebody, from every table of the book.

use std::collections::BTreeMap;

use members::book::Book;
use members::holding::{Part, Subject, may_concern, part, told};
use members::record::Told;
use members::tables::Table;
use store::Store;
use units::PersonId;

use crate::act::ActError;
use crate::rows::RowError;

/// A row that has to do with somebody, as they are told it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptRow {
    /// The table.
    pub table: &'static str,
    /// What its rows are called.
    pub title: String,
    /// How it has to do with them.
    pub part: Part,
    /// Its fields.
    pub told: Vec<Told>,
    /// How many such rows there are. Of the rows of others that only name somebody, one stands for all that say the same:
    /// whoever enters the payments of ten years is named in every one.
    pub times: usize,
}

/// So many rows are read at a time, so that a long table needs no more memory than a short one.
const STEP: usize = 1_000;

/// Visits every row of a table, in the order of the keys.
pub(crate) fn walk(
    store: &Store,
    table: &Table,
    mut visit: impl FnMut(&[u8], &[u8]) -> Result<(), ActError>,
) -> Result<(), ActError> {
    let mut from = Vec::new();
    loop {
        let rows = store.rows(table.name, (&from, None), STEP)?;
        for (key, value) in &rows {
            visit(key, value)?;
        }
        match rows.last() {
            Some((last, _)) if rows.len() == STEP => {
                from.clone_from(last);
                // The next key that there can be.
                from.push(0);
            }
            _ => return Ok(()),
        }
    }
}

/// Somebody, as the rules about their data know them.
pub(crate) fn subject(book: &Book, person: PersonId) -> Subject {
    let household = book.people.get(&person).and_then(|found| found.household);
    let others = household.map_or(0, |home| {
        book.people_of(home).filter(|(id, _)| *id != person).count()
    });
    Subject {
        person,
        household,
        alone: others == 0,
        left: book
            .memberships
            .get(&person)
            .and_then(members::membership::Membership::ended),
    }
}

/// Everything that is kept about somebody.
pub(crate) fn kept_about(store: &Store, subject: &Subject) -> Result<Vec<KeptRow>, ActError> {
    let mut found: Vec<KeptRow> = Vec::new();
    for table in members::KEPT {
        // Where the row is that stands for all that name somebody in the same fields.
        let mut standing: BTreeMap<Vec<u8>, usize> = BTreeMap::new();
        walk(store, table, |key, value| {
            let named = table.named(key, value).map_err(RowError::Damaged)?;
            if !may_concern(&named, subject) {
                return Ok(());
            }
            let row = table.read(key, value).map_err(RowError::Damaged)?;
            let part = part(&row, subject);
            if part == Part::Nothing {
                return Ok(());
            }
            let told = told(row, subject);
            if part == Part::Named {
                let fields = told.iter().map(|told| told.rule.number).collect();
                let first = *standing.entry(fields).or_insert(found.len());
                if let Some(same) = found.get_mut(first) {
                    same.times += 1;
                    return Ok(());
                }
            }
            found.push(KeptRow {
                table: table.name,
                title: table.title(),
                part,
                told,
                times: 1,
            });
            Ok(())
        })?;
    }
    Ok(found)
}
