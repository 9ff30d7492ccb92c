//! The sheets of roll-ups: all channels of one day by minutes or quarters, each found without reading the others
//! (`directory.rs`). Channels of which readings came together have in common in which periods how many came.

use super::Kept;
use super::columns::{self, Shape};
use super::sums::Sums;
use crate::directory::{Columns, Listed};
use crate::fault::Fault;
use crate::pieces::{self, Kind, Rows, Sheet};

/// Minutes, by the day.
pub(crate) const MINUTES: Kind = Kind {
    code: 1,
    layout: 1,
    what: "the roll-ups by minutes",
};
/// Quarters of an hour, by the day.
pub(crate) const QUARTERS: Kind = Kind {
    code: 2,
    layout: 1,
    what: "the roll-ups by quarters of an hour",
};
/// Days of the time zone, by channel and year.
pub(crate) const YEARS: Kind = Kind {
    code: 3,
    layout: 1,
    what: "the roll-ups by days",
};
/// When the versions of a day were made.
pub(crate) const MADE: Kind = Kind {
    code: 4,
    layout: 1,
    what: "the versions of roll-ups",
};
/// Days that must be made anew.
pub(crate) const LATE: Kind = Kind {
    code: 5,
    layout: 1,
    what: "the days to be made anew",
};

/// What a channel has in the sheet of a day.
pub(crate) fn pack(sums: &[Sums], shape: Shape) -> Columns {
    Columns {
        count: sums.len(),
        common: columns::encode_counts(sums),
        own: columns::encode(sums, shape),
    }
}

/// The roll-ups of one channel in a sheet, each so many milliseconds long; none if the channel is not in it.
pub(crate) fn read<T: Rows>(
    sheet: &Listed<'_, T>,
    number: u32,
    length: i64,
) -> Result<Option<Vec<Sums>>, Fault> {
    let Some(columns) = sheet.columns(number)? else {
        return Ok(None);
    };
    let counts = columns::decode_counts(&columns.common, columns.count);
    let sums = counts.and_then(|counts| columns::decode(counts, &columns.own, length));
    sums.map(Some).ok_or_else(|| sheet.damaged())
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
