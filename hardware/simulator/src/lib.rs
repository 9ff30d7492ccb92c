//! A whole site that behaves: sun, flats, meters and battery, as real Modbus servers.

mod building;
mod eastron;
mod electric;
mod habits;
mod household;
mod image;
mod number;
mod roof;
mod storage;
pub mod sun;
mod truth;
mod weather;

pub use building::{Building, BuildingOptions, Phases};
pub use image::Image;
pub use truth::{Energy, FLATS, Flows, Truth};
