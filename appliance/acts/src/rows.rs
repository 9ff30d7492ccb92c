//! Rows of the members' book, as records.

use members::book::Numbers;
use members::record::{Damaged, Kept, Key};
use store::{RowChange, Store, StoreError};

/// Why rows could not be read.
#[derive(Debug, thiserror::Error)]
pub enum RowError {
    /// The store could not.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A row makes no sense.
    #[error(transparent)]
    Damaged(#[from] Damaged),
}

/// The record with this key.
pub(crate) fn get<R: Kept>(store: &Store, key: &R::Key) -> Result<Option<R>, RowError> {
    let bytes = store.row(R::TABLE, &key.to_key())?;
    Ok(bytes.map(|bytes| R::decode(&bytes)).transpose()?)
}

/// Every record, in the order of the keys.
pub(crate) fn all<R: Kept>(store: &Store) -> Result<Vec<(R::Key, R)>, RowError> {
    between(store, &[], None)
}

/// The records whose keys begin with `start`.
pub(crate) fn under<R: Kept>(store: &Store, start: &[u8]) -> Result<Vec<(R::Key, R)>, RowError> {
    let mut end = start.to_vec();
    // The next key after all that begin so: one more, where the last byte is not the greatest.
    while end.last() == Some(&u8::MAX) {
        end.pop();
    }
    let end = end.pop().map(|last| {
        end.push(last + 1);
        end
    });
    between(store, start, end.as_deref())
}

/// The records with `from <= key < to`.
pub(crate) fn between<R: Kept>(
    store: &Store,
    from: &[u8],
    to: Option<&[u8]>,
) -> Result<Vec<(R::Key, R)>, RowError> {
    let mut found = Vec::new();
    let read: Result<(), Damaged> = store.visit_rows(R::TABLE, (from, to), |key, bytes| {
        let key = R::Key::from_key(key).ok_or(Damaged(R::TABLE))?;
        found.push((key, R::decode(bytes)?));
        Ok(())
    })?;
    read?;
    Ok(found)
}

/// That a record comes, changes or goes.
pub(crate) fn becomes<R: Kept>(key: &R::Key, before: Option<&R>, after: Option<&R>) -> RowChange {
    RowChange {
        table: R::TABLE,
        key: key.to_key(),
        before: before.map(R::encode),
        after: after.map(R::encode),
    }
}

/// That every one of these goes.
pub(crate) fn go<'a, R: Kept + 'a>(rows: impl IntoIterator<Item = &'a (R::Key, R)>) -> Vec<RowChange>
where
    R::Key: 'a,
{
    rows.into_iter()
        .map(|(key, row)| becomes(key, Some(row), None))
        .collect()
}

/// A number that was given to nobody yet, and that it is given now. Numbers are never given twice, whatever becomes of
/// whom they were given to.
pub(crate) fn next_number(store: &Store, what: &str) -> Result<(u32, RowChange), RowError> {
    next_numbers(store, what, 1)
}

/// The first of so many numbers in a row that were given to nobody yet, and that all of them are given now.
pub(crate) fn next_numbers(store: &Store, what: &str, count: u32) -> Result<(u32, RowChange), RowError> {
    let key = what.to_owned();
    let before = get::<Numbers>(store, &key)?;
    let given = before.as_ref().map_or(0, |before| before.given);
    let after = Numbers {
        given: given + count,
        newer: before
            .as_ref()
            .map(|before| before.newer.clone())
            .unwrap_or_default(),
    };
    Ok((given + 1, becomes(&key, before.as_ref(), Some(&after))))
}
