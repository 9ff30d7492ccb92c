//! A whole site that behaves: sun, flats, meters and battery, as real Modbus servers.

mod bank;
mod building;
mod chain;
mod clock;
mod device;
mod eastron;
mod electric;
pub mod fault;
mod habits;
mod household;
pub mod image;
mod inverter;
mod number;
mod past;
pub mod play;
mod roof;
mod run;
mod running;
pub mod serve;
mod site;
mod storage;
pub mod sun;
pub mod trace;
mod truth;
mod weather;

pub use bank::BatteryForm;
pub use building::{Building, BuildingOptions, Phases};
pub use clock::{Clock, FASTEST};
pub use device::{DEVICES, Device, Line};
pub use image::Image;
pub use inverter::{InverterForm, NightBehaviour};
pub use past::{Past, past};
pub use run::{Event, PlayOptions, SimulateError, SimulateOptions, Trouble, TruthFile, list_devices, run};
pub use running::Running;
pub use site::{SimulatedSite, Site, SiteOptions};
pub use truth::{Energy, FLATS, Flows, Truth};
