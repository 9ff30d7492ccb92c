//! What a device is, as data, and everything about Modbus that can be known without touching a wire.
//!
//! Profiles (one TOML file a device), SunSpec's models, the frames of Modbus RTU and TCP, decoding of words
//! into readings, and the plan of what to ask next. Nothing here waits, reads a clock or opens a port.

mod answer;
pub mod coding;
pub mod decode;
pub mod frame;
pub mod plan;
pub mod profile;
pub mod sunspec;
