//! The series of readings behind one small interface: [`SeriesWriter`] takes points in, [`SeriesReader`] gives
//! them back. Nothing outside this module knows about tails, blocks and clocks, so that what lies beneath can be
//! replaced.
//!
//! A batch becomes one row of the tail. Once an hour the tail is sealed into a block per channel, which is a
//! tenth of the size; large batches go straight into blocks. A question is answered from both.

mod read;
mod write;

pub(crate) use read::SeriesReader;
pub(crate) use write::{Grouped, SeriesWriter};

/// The length of a block in milliseconds.
pub(crate) const HOUR: i64 = 3_600_000;

/// The hour, counted from 1970, in which an instant lies.
pub(crate) fn hour_of(at: i64) -> i64 {
    at.div_euclid(HOUR)
}

/// Where an hour begins. Only the very first hour that an `i64` can say begins before the `i64` does.
pub(crate) fn hour_start(hour: i64) -> i64 {
    hour.saturating_mul(HOUR)
}
