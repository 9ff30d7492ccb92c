//! What became of hours that were sealed already: when readings came late, how many were new and how many took the place of
//! others. So what a chart showed before can be explained.

use redb::{ReadTransaction, WriteTransaction};
use units::Instant;

use super::{hour_of, hour_start};
use crate::answers::Amendment;
use crate::fault::Fault;
use crate::fields::{Fields, FieldsReader};
use crate::tables::{AMENDMENTS, find, hour_number_key, key_number, key_time, time_key};

const AT: u8 = 1;
const ADDED: u8 = 2;
const REPLACED: u8 = 3;
const WHAT: &str = "the amendments";

/// How a sealed hour differs from what it was.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Changes {
    pub(super) added: u64,
    pub(super) replaced: u64,
}

impl Changes {
    pub(super) fn is_none(self) -> bool {
        self == Self::default()
    }
}

/// Notes at `now` that an hour has a new version.
pub(super) fn note(
    txn: &WriteTransaction,
    (hour, version): (i64, u32),
    now: i64,
    changes: Changes,
) -> Result<(), Fault> {
    let row = Fields::new()
        .signed(AT, now)
        .unsigned(ADDED, changes.added)
        .unsigned(REPLACED, changes.replaced)
        .finish();
    let key = hour_number_key(hour, version);
    txn.open_table(AMENDMENTS)?
        .insert(key.as_slice(), row.as_slice())?;
    Ok(())
}

/// The amendments of the hours that have a part of `from <= at < to`, in the order of the hours and of their versions.
pub(crate) fn amendments(txn: &ReadTransaction, from: i64, to: i64) -> Result<Vec<Amendment>, Fault> {
    let mut found = Vec::new();
    let Some(table) = find(txn, AMENDMENTS)?.filter(|_| from < to) else {
        return Ok(found);
    };
    let (first, last) = (
        time_key(hour_of(from)),
        hour_number_key(hour_of(to - 1), u32::MAX),
    );
    for row in table.range(first.as_slice()..=last.as_slice())? {
        let (key, value) = row?;
        let malformed = || Fault::Malformed(WHAT);
        let (hour, version) = key_time(key.value())
            .zip(key_number(key.value()))
            .ok_or_else(malformed)?;
        let fields = FieldsReader::new(value.value(), WHAT)?;
        found.push(Amendment {
            hour: Instant::from_millis(hour_start(hour)),
            version,
            at: Instant::from_millis(fields.signed(AT)?.ok_or_else(malformed)?),
            added: fields.unsigned(ADDED)?.ok_or_else(malformed)?,
            replaced: fields.unsigned(REPLACED)?.ok_or_else(malformed)?,
        });
    }
    Ok(found)
}
