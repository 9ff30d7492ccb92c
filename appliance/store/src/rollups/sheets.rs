//! The sheets of roll-ups: all channels of one day by minutes or quarters, each found without reading the others.
//!
//! In front stands how long the directory is, then the directory: how many channels, and of each how far its number is from
//! the one before and how long its columns are; then the columns.

use super::Kept;
use super::columns;
use super::sums::Sums;
use crate::fault::Fault;
use crate::numbers::{Bytes, put_varint};
use crate::pieces::{self, Kind, Rows, Sheet};

/// Minutes, by the day.
pub(crate) const MINUTES: Kind = Kind {
    code: 1,
    what: "the roll-ups by minutes",
};
/// Quarters of an hour, by the day.
pub(crate) const QUARTERS: Kind = Kind {
    code: 2,
    what: "the roll-ups by quarters of an hour",
};
/// Days of the time zone, by channel and year.
pub(crate) const YEARS: Kind = Kind {
    code: 3,
    what: "the roll-ups by days",
};
/// When the versions of a day were made.
pub(crate) const MADE: Kind = Kind {
    code: 4,
    what: "the versions of roll-ups",
};
/// Days that must be made anew.
pub(crate) const LATE: Kind = Kind {
    code: 5,
    what: "the days to be made anew",
};

/// The bytes of the length in front.
const LENGTH: usize = 4;

/// The columns of one channel, by its number.
pub(crate) type Columns = (u32, Vec<u8>);

/// Puts the columns of all channels, in the order of their numbers, into one sheet.
pub(crate) fn encode(all: &[Columns]) -> Vec<u8> {
    let mut directory = Vec::new();
    put_varint(&mut directory, u64::try_from(all.len()).unwrap_or(u64::MAX));
    let mut before = 0;
    for (number, columns) in all {
        put_varint(&mut directory, u64::from(number.saturating_sub(before)));
        put_varint(&mut directory, u64::try_from(columns.len()).unwrap_or(u64::MAX));
        before = *number;
    }
    let mut sheet = u32::try_from(directory.len())
        .unwrap_or(u32::MAX)
        .to_be_bytes()
        .to_vec();
    sheet.extend(directory);
    for (_, columns) in all {
        sheet.extend_from_slice(columns);
    }
    sheet
}

/// The roll-ups of one channel in a sheet, each so many milliseconds long; none if the channel is not in it.
pub(crate) fn read<T: Rows>(
    sheet: &Sheet<'_, T>,
    number: u32,
    length: i64,
) -> Result<Option<Vec<Sums>>, Fault> {
    let damaged = || sheet.damaged();
    let head = sheet.read(0..LENGTH)?;
    let directory = head
        .first_chunk()
        .map(|head| u32::from_be_bytes(*head))
        .ok_or_else(damaged)?;
    let directory = usize::try_from(directory).map_err(|_| damaged())?;
    let start = LENGTH.checked_add(directory).ok_or_else(damaged)?;
    let directory = sheet.read(LENGTH..start)?;
    let Some((from, to)) = place(&directory, number).ok_or_else(damaged)? else {
        return Ok(None);
    };
    let (from, to) = (start.checked_add(from), start.checked_add(to));
    let columns = sheet.read(from.ok_or_else(damaged)?..to.ok_or_else(damaged)?)?;
    columns::decode(&columns, length).map(Some).ok_or_else(damaged)
}

/// What is still there of a day whose readings are gone.
pub(crate) fn kept_of<T: Rows>(table: Option<&T>, day: i64) -> Result<Kept, Fault> {
    let minutes = table.map(|table| Sheet::open(table, MINUTES, day)).transpose()?;
    Ok(if minutes.flatten().is_some() {
        Kept::Minutes
    } else {
        Kept::Quarters
    })
}

/// The oldest day whose minutes are there.
pub(crate) fn oldest_minutes<T: Rows>(table: &T) -> Result<Option<i64>, Fault> {
    pieces::next_time(table, MINUTES, i64::MIN, i64::MAX)
}

/// Where the columns of a channel begin and end behind the directory. `None` outside if the directory is damaged.
fn place(directory: &[u8], number: u32) -> Option<Option<(usize, usize)>> {
    let mut bytes = Bytes::new(directory);
    let count: u32 = bytes.number()?;
    let (mut this, mut at) = (0_u32, 0_usize);
    for _ in 0..count {
        this = this.checked_add(bytes.number()?)?;
        let end = at.checked_add(bytes.number()?)?;
        if this == number {
            return Some(Some((at, end)));
        }
        if this > number {
            return Some(None);
        }
        at = end;
    }
    Some(None)
}
