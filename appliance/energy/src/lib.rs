//! The counter rule, 15-minute intervals, derived figures, the calendar, and when an inverter sleeps.
//!
//! Everything here is pure: moments come in as arguments, nothing is read and nothing is kept outside of the
//! values themselves. A reading's way through the crate: [`Account::observe`] hands the meter's number to its
//! [`Counter`], which decides what of it is true; the accepted [`Step`]s become [`Interval`]s; the pages add
//! those up with [`gather`] and [`Totals::of`].

mod bytes;
pub mod calendar;
mod counter;
mod derive;
mod estimate;
mod interval;
mod ledger;
pub mod sleep;
pub mod sun;

pub use bytes::MemoryError;
pub use counter::{CLOSE, Clock, Counter, Identity, Limits, Memory, Observed, Step, What, Why};
pub use derive::{
    Bucket, DeviceFlow, Known, PowerInputs, PowerNow, Quarter, Routes, Source, Totals, Unknown, buckets,
    gather, ordinary, power_now,
};
pub use estimate::{Estimate, Side};
pub use interval::{Causes, Interval, Quality, TimeSource};
pub use ledger::{Account, Booked};
