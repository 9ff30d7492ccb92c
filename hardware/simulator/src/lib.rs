//! A whole site that behaves: sun, flats, meters and battery, as real Modbus servers.

mod bank;
mod building;
mod chain;
mod device;
mod eastron;
mod electric;
mod habits;
mod household;
pub mod image;
mod inverter;
mod number;
mod roof;
mod site;
mod storage;
pub mod sun;
mod truth;
mod weather;

pub use bank::BatteryForm;
pub use building::{Building, BuildingOptions, Phases};
pub use device::{DEVICES, Device, Line};
pub use image::Image;
pub use inverter::{InverterForm, NightBehaviour};
pub use site::{SimulatedSite, Site, SiteOptions};
pub use truth::{Energy, FLATS, Flows, Truth};
