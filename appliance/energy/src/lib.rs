//! The 15-minute interval and how well it is known.

mod interval;

pub use interval::{Interval, Quality};
