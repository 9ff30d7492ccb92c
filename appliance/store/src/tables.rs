//! The schema on one screen. Every key and value is bytes of our own: numbers in keys big end first, so that
//! order is time; values as `fields.rs` says, so that a later Hearth can add a field.
//!
//! | table | key | value | a year of a box with 20 devices |
//! | --- | --- | --- | --- |
//! | `meta` | name | 1 bytes | nothing |
//! | `channels` | number | 1 name, 2 unit, 3 first instant, 4 last instant, 5 last outcome, 6 first day of roll-ups | nothing |
//! | `devices` | number | 1 name, 2 flow and start of its first interval * | nothing |
//! | `tail` | hour, sequence | 1 column of times *, 2 channel's values * (`frame.rs`) | of format 1; empty since |
//! | `blocks` | hour, channel | 1 times or 2 number of a clock, 3 values (`block.rs`) | of format 2; none are written since |
//! | `clocks` | hour, number | 1 column of times that several blocks of the hour share | of format 2 |
//! | `hours` | 0, hour, piece | a piece of the hour's sheet: the readings of all channels (`pieces.rs`, `directory.rs`, `column.rs`) | 0.3 byte a reading, 90 days |
//! | `amendments` | hour, version | 1 when, 2 how many readings came late, 3 how many were replaced | 30 bytes a time |
//! | `rollups` | 1 or 2, day, piece | a piece of the day's sheet: minutes or quarters of an hour of all channels (`directory.rs`, `rollups/columns.rs`) | 280 MB for 5 years and 33 MB for ever, if all 240 channels are restless |
//! | `rollups` | 3, channel and year, piece | a piece of the days of a channel in a year (`rollups/years.rs`) | 1 MB |
//! | `rollups` | 4 or 5, day, piece | when the day's were made *; that it must be made anew | 10 kB |
//! | `quarters` | start | 1 entry *: device, flow, energy, quality, causes, time; 2 what a correction made of it * (`ledger.rs`) | 10 MB, kept for ever |
//! | `corrections` | number | 1 recorded, 2 device and flow, 3 quarter, 4 before, 5 after, 6 the one before (`ledger/late.rs`) | 50 bytes a correction |
//! | `closed-days` | end | 1 begin, 2 as found, 3 hash before, 4 hash, 5 entries, 6, 7 corrections (`ledger/days.rs`) | 40 kB |
//! | `memories` | flow, device's name | 1 bytes of the ledger | nothing |
//! | `audit` | number | 1 at, 2 actor, 3 via, 4 act, 5 subject, 6 detail, 8 who, 9 whose, 10 everybody's, 11 hash of why, 7 hash (`audit.rs`) | 300 bytes a line |
//! | `audit-of` | person, number | nothing | 30 bytes a line |
//! | `reasons` | number | 1 salt, 2 words | 100 bytes a line that has one |
//! | `members::TABLES` | as the record says | the record's own fields (`members/src/record.rs`) | 1 kB a person, 60 bytes a payment |
//!
//! A field with * comes several times. The file itself begins with a page of ours (`header.rs`), so that a
//! Hearth that is too old sees it before anything is touched.

use std::ops::Bound;

use redb::{
    AccessGuard, ReadOnlyTable, ReadTransaction, StorageError, TableDefinition, TableError, TableHandle,
    WriteTransaction,
};
use units::PersonId;

use crate::fault::Fault;

/// A table of bytes by bytes; there is no other kind here.
pub(crate) type Definition = TableDefinition<'static, &'static [u8], &'static [u8]>;

/// Small values by name.
pub(crate) const META: Definition = TableDefinition::new("meta");
/// Channels by number.
pub(crate) const CHANNELS: Definition = TableDefinition::new("channels");
/// Devices by number.
pub(crate) const DEVICES: Definition = TableDefinition::new("devices");
/// What was read in the last hour, a row per batch. Since format 2 it stands in the tail file (`ring.rs`).
pub(crate) const TAIL: Definition = TableDefinition::new("tail");
/// Sealed readings of format 2, a row per hour and channel.
pub(crate) const BLOCKS: Definition = TableDefinition::new("blocks");
/// Times that blocks share.
pub(crate) const CLOCKS: Definition = TableDefinition::new("clocks");
/// Sealed hours, each a sheet in pieces. Since format 3.
pub(crate) const HOURS: Definition = TableDefinition::new("hours");
/// What became of hours that were sealed already. Since format 3.
pub(crate) const AMENDMENTS: Definition = TableDefinition::new("amendments");
/// Sums of stretches of time, each a sheet in pieces. Since format 3.
pub(crate) const ROLLUPS: Definition = TableDefinition::new("rollups");
/// The ledger, a row per quarter of an hour.
pub(crate) const QUARTERS: Definition = TableDefinition::new("quarters");
/// What came for quarters of closed days. Since format 3.
pub(crate) const CORRECTIONS: Definition = TableDefinition::new("corrections");
/// The closed days of the ledger, a chain. Since format 3.
pub(crate) const DAYS: Definition = TableDefinition::new("closed-days");
/// What the counter rule remembers.
pub(crate) const MEMORIES: Definition = TableDefinition::new("memories");
/// Who did what.
pub(crate) const AUDIT: Definition = TableDefinition::new("audit");
/// Which lines of the audit are about whom.
pub(crate) const AUDIT_OF: Definition = TableDefinition::new("audit-of");
/// Why something was done, in words that can be erased.
pub(crate) const REASONS: Definition = TableDefinition::new("reasons");
/// Under this number stand the lines of the audit that are about everybody; people's numbers begin at 1.
pub(crate) const NOBODY: PersonId = PersonId::new(0);

/// All of them but those of the members' book, with what of each is packed together in a backup. They are made when the file
/// is made. In a file of an older format those that came later are missing until something is written to them.
///
/// The tables of the series and of the ledger are large, and what is in them changes seldom, so that a backup copies a part of
/// them once. All others are in each backup whole: what people may have erased must not outlive it in a part that later
/// backups use again.
pub(crate) const ALL: [(Definition, Option<Lasting>); 16] = [
    (META, None),
    (CHANNELS, None),
    (DEVICES, None),
    (TAIL, None),
    (BLOCKS, Some(Lasting::Readings)),
    (CLOCKS, Some(Lasting::Readings)),
    (HOURS, Some(Lasting::Readings)),
    (AMENDMENTS, Some(Lasting::Readings)),
    (ROLLUPS, Some(Lasting::Sums)),
    (QUARTERS, Some(Lasting::Sums)),
    (CORRECTIONS, Some(Lasting::Sums)),
    (DAYS, Some(Lasting::Sums)),
    (MEMORIES, None),
    (AUDIT, None),
    (AUDIT_OF, None),
    (REASONS, None),
];

/// Makes those of [`ALL`] that are missing.
pub(crate) fn make(txn: &WriteTransaction) -> Result<(), Fault> {
    for (table, _) in ALL {
        txn.open_table(table)?;
    }
    Ok(())
}

/// The name in `meta` under which the format stands a second time, for whoever looks with another tool.
pub(crate) const META_FORMAT: &str = "store/format";
/// The name in `meta` of what is known of the tail file.
pub(crate) const META_TAIL: &str = "store/tail";
/// The name in `meta` of how far roll-ups are made.
pub(crate) const META_ROLLED: &str = "store/rolled";

/// A table that can be read.
pub(crate) type Found = ReadOnlyTable<&'static [u8], &'static [u8]>;

/// The table with this name.
pub(crate) fn named(name: &str) -> TableDefinition<'_, &'static [u8], &'static [u8]> {
    TableDefinition::new(name)
}

/// A table that may not be there yet: a file of an older format has not all, and those of the members' book are made with their
/// first row.
pub(crate) fn find(
    txn: &ReadTransaction,
    table: TableDefinition<'_, &'static [u8], &'static [u8]>,
) -> Result<Option<Found>, Fault> {
    match txn.open_table(table) {
        Ok(table) => Ok(Some(table)),
        Err(TableError::TableDoesNotExist(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// A row of a table, or why it cannot be read.
type FoundRow = Result<
    (
        AccessGuard<'static, &'static [u8]>,
        AccessGuard<'static, &'static [u8]>,
    ),
    StorageError,
>;

/// The rows of a table from `from` on and before `to`, or to its end, in the order of their keys.
pub(crate) fn range(
    table: &Found,
    from: Bound<&[u8]>,
    to: Option<&[u8]>,
) -> Result<impl Iterator<Item = FoundRow> + use<>, Fault> {
    let first = match from {
        Bound::Included(key) | Bound::Excluded(key) => key,
        Bound::Unbounded => &[],
    };
    let rows = if to.is_some_and(|to| first >= to) {
        None
    } else {
        Some(table.range::<&[u8]>((from, to.map_or(Bound::Unbounded, Bound::Excluded)))?)
    };
    Ok(rows.into_iter().flatten())
}

/// A time, or a number of hours, as the head of a key: the order of bytes is the order of time.
pub(crate) fn time_key(value: i64) -> [u8; 8] {
    (value.cast_unsigned() ^ (1 << 63)).to_be_bytes()
}

/// The time in the head of a key.
pub(crate) fn key_time(key: &[u8]) -> Option<i64> {
    let head = key.first_chunk::<8>()?;
    Some((u64::from_be_bytes(*head) ^ (1 << 63)).cast_signed())
}

/// An hour and a channel, or an hour and a clock.
pub(crate) fn hour_number_key(hour: i64, number: u32) -> [u8; 12] {
    let mut key = [0; 12];
    key[..8].copy_from_slice(&time_key(hour));
    key[8..].copy_from_slice(&number.to_be_bytes());
    key
}

/// The number behind the hour.
pub(crate) fn key_number(key: &[u8]) -> Option<u32> {
    key.last_chunk::<4>()
        .filter(|_| key.len() == 12)
        .map(|tail| u32::from_be_bytes(*tail))
}

/// For how long rows of the series and of the ledger stay, which decides what is packed together in a backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Lasting {
    /// As long as readings are kept one by one.
    Readings,
    /// Much longer, or for ever.
    Sums,
}

/// What is packed together with the rows of this table in a backup; nothing if the table is in each backup whole.
pub(crate) fn lasting(name: &str) -> Option<Lasting> {
    ALL.iter().find(|(table, _)| table.name() == name)?.1
}

/// A person and a line of the audit.
pub(crate) fn person_line_key(person: PersonId, number: u64) -> [u8; 12] {
    let mut key = [0; 12];
    key[..4].copy_from_slice(&person.number().to_be_bytes());
    key[4..].copy_from_slice(&number.to_be_bytes());
    key
}

/// The table of the members' book with this name, if there is such a one.
pub(crate) fn book_table(name: &str) -> Option<Definition> {
    let known = members::TABLES.iter().find(|known| **known == name)?;
    Some(TableDefinition::new(known))
}

#[cfg(test)]
mod tests {
    use super::{hour_number_key, key_number, key_time, time_key};

    #[test]
    fn the_order_of_keys_is_the_order_of_time() {
        let times = [i64::MIN, -3_600_000, -1, 0, 1, 1_764_000_000_000, i64::MAX];
        for pair in times.windows(2) {
            assert!(time_key(pair[0]) < time_key(pair[1]));
            assert!(hour_number_key(pair[0], u32::MAX) < hour_number_key(pair[1], 0));
        }
        for time in times {
            assert_eq!(key_time(&time_key(time)), Some(time));
            assert_eq!(key_number(&hour_number_key(time, 7)), Some(7));
        }
        assert_eq!(key_time(&[1, 2]), None);
    }
}
