//! Integers with a stated scale, moments and spans of time, names of channels, and what a reading is.
//!
//! Everything that is measured travels through Hearth as an `i64` whose [`Unit`] says what one step of it
//! means (`230.1 V` is `2301` in [`Unit::Decivolts`]). There is no floating point here and no clock: a moment
//! is something a caller brings.

mod audience;
pub mod bytes;
mod channel;
mod energy;
mod ids;
mod instant;
mod money;
mod quantity;
mod reading;
mod unit;

pub use audience::{Audience, HomeName};
pub use channel::{Channel, DeviceName, NameError, PointName};
pub use energy::{WattHours, Watts, Work, allocate};
pub use ids::{HouseholdId, PersonId};
pub use instant::{Instant, Span};
pub use money::{Currency, Money, MoneyError};
pub use quantity::{Flow, Quantity, Role};
pub use reading::{NoValue, Number, Outcome, Reading};
pub use unit::{Unit, decimal};
