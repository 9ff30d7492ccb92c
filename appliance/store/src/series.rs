//! The series of readings behind one small interface: [`SeriesWriter`] takes points in, [`SeriesReader`] gives
//! them back. Nothing outside this module knows about tails, sheets and blocks, so that what lies beneath can be
//! replaced.
//!
//! A batch becomes one entry of the tail. Once an hour the tail is sealed into a sheet of that hour, which is a third of the
//! size; large batches go straight into sheets. A question is answered from both, and from blocks of format 2.

mod amendments;
mod hour;
mod read;
mod seal;
mod write;

pub(crate) use amendments::amendments;
pub(crate) use read::SeriesReader;
pub(crate) use write::{Grouped, SeriesWriter};

/// The length of an hour in milliseconds.
pub(crate) const HOUR: i64 = 3_600_000;

/// The hour, counted from 1970, in which an instant lies.
pub(crate) fn hour_of(at: i64) -> i64 {
    at.div_euclid(HOUR)
}

/// Where an hour begins. Only the very first hour that an `i64` can say begins before the `i64` does.
pub(crate) fn hour_start(hour: i64) -> i64 {
    hour.saturating_mul(HOUR)
}
