//! Rows of the members' book: bytes under a key, changed together with the lines of the record that tell of it, or not
//! at all.

use std::collections::BTreeMap;
use std::ops::Bound;

use members::book::Book;
use members::household::Household;
use members::membership::Membership;
use members::merge::Merged;
use members::person::Person;
use members::record::{Damaged, Kept, Key};
use redb::{ReadTransaction, ReadableTable, WriteTransaction};

use crate::fault::Fault;
use crate::tables::{Definition, Found, book_table, find, range};
use crate::{AuditEntry, AuditLine, StoreError, audit};

/// A row: its key and its value.
pub type Row = (Vec<u8>, Vec<u8>);

/// What becomes of one row. Turned round, it is its own undoing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowChange {
    /// The name of the table: one of `members::TABLES`.
    pub table: &'static str,
    /// The row's key.
    pub key: Vec<u8>,
    /// What must stand there now; nothing if it is new.
    pub before: Option<Vec<u8>>,
    /// What stands there afterwards; nothing if it is gone.
    pub after: Option<Vec<u8>>,
}

/// Rows that change together, and what the record says of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Change {
    /// The rows.
    pub rows: Vec<RowChange>,
    /// The lines of the record.
    pub lines: Vec<AuditEntry>,
}

/// Changes every row and appends every line. Where a row is not what it was when the change was thought of, nothing
/// happens at all.
pub(crate) fn change(txn: &WriteTransaction, change: &Change) -> Result<Vec<AuditLine>, Fault> {
    for row in &change.rows {
        change_row(txn, row)?;
    }
    change
        .lines
        .iter()
        .map(|entry| audit::append(txn, entry))
        .collect()
}

fn change_row(txn: &WriteTransaction, row: &RowChange) -> Result<(), Fault> {
    let mut table = txn.open_table(table(row.table)?)?;
    let same = {
        let found = table.get(row.key.as_slice())?;
        found.as_ref().map(redb::AccessGuard::value) == row.before.as_deref()
    };
    if !same {
        return Err(Fault::Said(StoreError::Conflict {
            table: row.table,
            key: row.key.clone(),
        }));
    }
    match &row.after {
        Some(after) => table.insert(row.key.as_slice(), after.as_slice())?,
        None => table.remove(row.key.as_slice())?,
    };
    Ok(())
}

/// The row with this key.
pub(crate) fn row(txn: &ReadTransaction, name: &str, key: &[u8]) -> Result<Option<Vec<u8>>, Fault> {
    let Some(table) = readable(txn, name)? else {
        return Ok(None);
    };
    Ok(table.get(key)?.map(|value| value.value().to_vec()))
}

/// The rows with `from <= key < to`, in the order of their keys, at most so many.
pub(crate) fn rows(
    txn: &ReadTransaction,
    name: &str,
    (from, to): (&[u8], Option<&[u8]>),
    most: usize,
) -> Result<Vec<Row>, Fault> {
    let mut found = Vec::new();
    // The visit ends early where there are enough.
    let _enough = visit(txn, name, (from, to), |key, value| {
        if found.len() == most {
            return Err(());
        }
        found.push((key.to_vec(), value.to_vec()));
        Ok(())
    })?;
    Ok(found)
}

/// Visits the rows with `from <= key < to`, in the order of their keys, until a visit fails.
pub(crate) fn visit<E>(
    txn: &ReadTransaction,
    name: &str,
    (from, to): (&[u8], Option<&[u8]>),
    mut visit: impl FnMut(&[u8], &[u8]) -> Result<(), E>,
) -> Result<Result<(), E>, Fault> {
    let Some(table) = readable(txn, name)? else {
        return Ok(Ok(()));
    };
    for row in range(&table, Bound::Included(from), to)? {
        let (key, value) = row?;
        if let Err(end) = visit(key.value(), value.value()) {
            return Ok(Err(end));
        }
    }
    Ok(Ok(()))
}

/// The whole book at one moment.
pub(crate) fn book(txn: &ReadTransaction) -> Result<Book, Fault> {
    Ok(Book {
        people: every::<Person>(txn)?,
        households: every::<Household>(txn)?,
        memberships: every::<Membership>(txn)?,
        earlier_cards: every::<Merged>(txn)?
            .into_values()
            .filter_map(|merged| merged.card())
            .collect(),
    })
}

/// Every record of a table. A map that is made of all at once has full leaves; one by one they would be half empty.
fn every<R: Kept>(txn: &ReadTransaction) -> Result<BTreeMap<R::Key, R>, Fault>
where
    R::Key: Ord,
{
    let mut found = Vec::new();
    let read: Result<(), Damaged> = visit(txn, R::TABLE, (&[], None), |key, value| {
        let key = R::Key::from_key(key).ok_or(Damaged(R::TABLE))?;
        found.push((key, R::decode(value)?));
        Ok(())
    })?;
    read.map_err(|damaged| Fault::Malformed(damaged.0))?;
    Ok(found.into_iter().collect())
}

fn table(name: &str) -> Result<Definition, Fault> {
    book_table(name).ok_or(Fault::Malformed("the name of a table"))
}

/// The table, if it has ever had a row.
fn readable(txn: &ReadTransaction, name: &str) -> Result<Option<Found>, Fault> {
    find(txn, table(name)?)
}
