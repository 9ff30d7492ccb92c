//! Roll-ups: what a channel did in a minute, a quarter of an hour, a day, a month. They make a chart of ten years as quick as
//! one of an hour, and stay when the readings themselves are given up.
//!
//! From raw readings become minutes (`minutes.rs`), and all else from minutes by adding up (`sums.rs`), so that whatever is
//! told of a stretch of time is the same by either way. Minutes and quarters lie by the day of universal time, the sheet
//! of a day holding all channels (`sheets.rs`); days of the site's time zone lie by channel and year (`years.rs`), so that
//! a year is one row. Months are added up from days when somebody asks, and kept nowhere.
//!
//! A day's are made when it is over, from its raw readings (`make.rs`). Until then, and while something came late that is
//! not in them yet, answers come from raw (`read.rs`, `means.rs`).

mod columns;
mod group;
mod make;
mod means;
mod minutes;
mod read;
mod sheets;
mod state;
mod step;
mod sums;
#[cfg(test)]
mod tests;
mod years;

use units::{Instant, Unit};

pub use group::grouped;
pub(crate) use make::Maker;
pub(crate) use means::nothing;
pub(crate) use read::{RollupReader, span};
pub(crate) use sheets::{kept_of, oldest_minutes};
pub(crate) use state::Rolls;
pub(crate) use step::{Step, apply, versions};

use crate::Known;

/// How long the periods of roll-ups are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Resolution {
    /// A minute of universal time.
    Minute,
    /// A quarter of an hour of universal time.
    Quarter,
    /// A day of the site's time zone: 23, 24 or 25 hours as a rule.
    Day,
    /// A month of the site's time zone.
    Month,
}

/// What a channel did in one period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rollup {
    /// When the period begins.
    pub from: Instant,
    /// When it has ended.
    pub to: Instant,
    /// Its smallest, mean and largest value, or why there is none. [`Known::Gap`] where nothing was read, and yet a power
    /// is held to have gone on from a reading before.
    pub known: Known,
    /// All values added up, from which the mean is exact; nothing where there is none.
    pub sum: i128,
    /// The energy in thousandths of a watt-hour, where the unit is watts or watt-hours. Of a power it is what flowed if each
    /// reading holds until the next, and for three minutes at most; of a counter it is by how much it rose.
    pub energy: Option<i64>,
}

/// What is still there of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// Its readings, one by one.
    Readings,
    /// Its minutes; its readings were given up.
    Minutes,
    /// Its quarters of an hour; its readings and minutes were given up.
    Quarters,
}

/// The length of a minute in milliseconds.
pub(crate) const MINUTE: i64 = 60_000;
/// The length of a quarter of an hour in milliseconds.
pub(crate) const QUARTER: i64 = 15 * MINUTE;
/// The length of a day of universal time in milliseconds.
pub(crate) const DAY: i64 = 24 * 60 * MINUTE;

/// The day of universal time, counted from 1970, in which an instant lies.
pub(crate) fn day_of(at: i64) -> i64 {
    at.div_euclid(DAY)
}

/// When a day of universal time begins.
pub(crate) fn day_start(day: i64) -> i64 {
    day.saturating_mul(DAY)
}

/// How the values of a channel tell of energy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Energy {
    /// Not at all.
    Not,
    /// They are power, and energy is what flows in the course of time.
    Power,
    /// They are a counter of watt-hours.
    Counter,
}

impl Energy {
    pub(crate) fn of(unit: Option<Unit>) -> Self {
        match unit {
            Some(Unit::Watts) => Self::Power,
            Some(Unit::WattHours) => Self::Counter,
            _ => Self::Not,
        }
    }
}
