//! Figures that no meter shows: what a place uses, where energy went, how much of the sun it kept. They come
//! only from inputs that belong together: one snapshot of fresh powers, or quarters in which every flow is
//! known. Where an input is missing the answer says which, and nothing is made up.

mod now;
mod ordinary;
mod quarters;
mod routes;
#[cfg(test)]
mod tests;
mod totals;

pub use now::{PowerInputs, PowerNow, Source, Unknown, power_now};
pub use ordinary::ordinary;
pub use quarters::{DeviceFlow, Known, Quarter, gather};
pub use routes::Routes;
pub use totals::{Bucket, Totals, buckets};
