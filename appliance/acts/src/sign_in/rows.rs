//! Rows of the way in, as records.

use members::record::{Damaged, Kept, Key};
use store::{RowChange, Store};

use super::SignInError;

/// More rows than any of these tables ever has.
const ALL: usize = 1_000_000;

/// The record with this key.
pub(super) fn get<R: Kept>(store: &Store, key: &R::Key) -> Result<Option<R>, SignInError> {
    let bytes = store.row(R::TABLE, &key.to_key())?;
    Ok(bytes.map(|bytes| R::decode(&bytes)).transpose()?)
}

/// Every record, in the order of the keys.
pub(super) fn all<R: Kept>(store: &Store) -> Result<Vec<(R::Key, R)>, SignInError> {
    between(store, &[], None)
}

/// The records whose keys begin with `start`.
pub(super) fn under<R: Kept>(store: &Store, start: &[u8]) -> Result<Vec<(R::Key, R)>, SignInError> {
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

fn between<R: Kept>(store: &Store, from: &[u8], to: Option<&[u8]>) -> Result<Vec<(R::Key, R)>, SignInError> {
    let rows = store.rows(R::TABLE, (from, to), ALL)?;
    rows.iter()
        .map(|(key, bytes)| {
            let key = R::Key::from_key(key).ok_or(Damaged(R::TABLE))?;
            Ok((key, R::decode(bytes)?))
        })
        .collect()
}

/// That a record comes, changes or goes.
pub(super) fn becomes<R: Kept>(key: &R::Key, before: Option<&R>, after: Option<&R>) -> RowChange {
    RowChange {
        table: R::TABLE,
        key: key.to_key(),
        before: before.map(R::encode),
        after: after.map(R::encode),
    }
}

/// That every one of these goes.
pub(super) fn go<'a, R: Kept + 'a>(rows: impl IntoIterator<Item = &'a (R::Key, R)>) -> Vec<RowChange>
where
    R::Key: 'a,
{
    rows.into_iter()
        .map(|(key, row)| becomes(key, Some(row), None))
        .collect()
}
