//! What a device is, as data: one TOML file each, checked as a whole before it is used.
//!
//! This file holds what a good profile says. Reading the TOML, with all its faults at once, is in `parse` and
//! the files beside it; the profiles that come with Hearth are in `builtin`.

mod builtin;
mod check;
mod nearest;
mod parse;
mod point;
mod table;
#[cfg(test)]
mod tests;

use units::{PointName, Quantity, Unit};

use crate::coding::{Coding, Sign};
use crate::frame::Function;
pub use builtin::{builtin, find};

/// Everything Hearth knows about one kind of device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// The name of the file without its ending, as in `eastron-sdm630`; `site.toml` refers to it.
    pub id: String,
    /// Who makes it.
    pub maker: String,
    /// What the maker calls it.
    pub model: String,
    /// How its values are found.
    pub family: Family,
    /// How such a device is told from others on a line.
    pub recognise: Recognise,
    /// The settings of the serial line as the device comes from the factory.
    pub line: LineSettings,
    /// The most registers it answers at once, 1-125.
    pub largest_block: u16,
    /// Requests begin at a multiple of this many registers and ask for a multiple of them: 1, 2 or 4.
    pub granule: u16,
    /// Silence it needs between two requests, in milliseconds.
    pub pause_between_ms: u16,
    /// Silence it needs after another unit on the same line was asked, in milliseconds.
    pub pause_after_other_unit_ms: u16,
    /// Silence it needs after a connection was opened, in milliseconds.
    pub pause_after_connect_ms: u16,
    /// The longest it takes for an answer that still comes, in milliseconds.
    pub worst_latency_ms: u16,
    /// Whether silence at night is ordinary.
    pub at_night: AtNight,
    /// The power it is built for, in watts, if all devices of this kind share one.
    pub rated_power: Option<i64>,
    /// Where the settings above (line, limits, recognition) are from.
    pub facts: Vec<Evidence>,
    /// The registers, for devices with fixed addresses; empty for SunSpec.
    pub points: Vec<Point>,
    /// The values to look for in SunSpec's models; empty for devices with fixed addresses.
    pub wanted: Vec<Wanted>,
    /// Stretches of registers that the device answers in one piece, holes included; empty if unknown.
    pub stretches: Vec<Stretch>,
}

/// How the values of a device are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Family {
    /// At fixed addresses, which the profile lists.
    Registers,
    /// In SunSpec's chain of models, which is walked first.
    SunSpec,
}

/// Whether a device sleeps when the sun is down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AtNight {
    /// It answers day and night; silence is a fault.
    Awake,
    /// It may fall silent at night, as inverters do.
    Asleep,
}

/// How a device is told from others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recognise {
    /// By the letters "SunS" at one of SunSpec's bases and by one of these models in its chain.
    SunSpec {
        /// Any of these models makes it such a device.
        models: Vec<u16>,
    },
    /// By a register whose value lies in a range, both ends included.
    Range {
        /// Where to look.
        signature: Signature,
        /// The smallest value that fits, in the signature's unit.
        lowest: i64,
        /// The largest value that fits.
        highest: i64,
    },
    /// By a register that holds one of these values.
    Values {
        /// Where to look.
        signature: Signature,
        /// The values that fit, in the signature's unit.
        values: Vec<i64>,
    },
}

/// The register that gives a device away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signature {
    /// Which kind of register.
    pub function: Function,
    /// Its address on the wire, counted from 0.
    pub address: u16,
    /// How its words are read.
    pub coding: Coding,
    /// What one step of the value means.
    pub unit: Unit,
}

/// The settings of a serial line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LineSettings {
    /// Bits per second.
    pub baud: u32,
    /// The parity bit.
    pub parity: Parity,
    /// One or two stop bits.
    pub stop_bits: u8,
}

/// The parity bit of a serial line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Parity {
    /// No parity bit.
    None,
    /// Even parity, Modbus's own default.
    Even,
    /// Odd parity.
    Odd,
}

/// How well a fact is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grade {
    /// Two or more independent sources agree.
    V2,
    /// One source.
    V1,
    /// Unverified: from memory, or sources disagree.
    U,
}

/// Where a fact is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The table of the profile that it speaks for, as in `line`.
    pub about: &'static str,
    /// How well it is known.
    pub grade: Grade,
    /// The source in words: project and file.
    pub source: String,
}

/// How often a value is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Power and what goes with it: every second or so.
    Fast,
    /// Counters, temperatures, nameplates: every minute or so.
    Slow,
}

/// One value of a device at a known address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// Its name within the device.
    pub name: PointName,
    /// What it measures.
    pub quantity: Quantity,
    /// What one step of its readings means.
    pub unit: Unit,
    /// Which kind of register.
    pub function: Function,
    /// Its first register on the wire, counted from 0.
    pub address: u16,
    /// How its words become a number.
    pub coding: Coding,
    /// The register with SunSpec's scale factor, which is read together with the value.
    pub factor_at: Option<u16>,
    /// How often it is asked for.
    pub class: Class,
    /// Where a counter starts again from 0, in the unit, if that is known.
    pub counter_modulus: Option<i64>,
    /// The point that takes its place when the meter was connected the wrong way round.
    pub opposite: Option<PointName>,
    /// How well the register is known.
    pub grade: Grade,
    /// Where the register is from.
    pub source: String,
}

/// One value to look for in SunSpec's models.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Its name within the device; a `#` stands for the number of the module in a repeating group.
    pub name: String,
    /// What it measures.
    pub quantity: Quantity,
    /// What one step of its readings means.
    pub unit: Unit,
    /// The models that have it, the best first.
    pub models: Vec<u16>,
    /// SunSpec's name of the point.
    pub point: String,
    /// Whether the device counts the other way round.
    pub sign: Sign,
    /// How often it is asked for.
    pub class: Class,
    /// The point that takes its place when the meter was connected the wrong way round.
    pub opposite: Option<PointName>,
    /// How well its meaning is known.
    pub grade: Grade,
    /// Where that is from.
    pub source: String,
}

/// A stretch of registers that a device answers in one piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// Which kind of register.
    pub function: Function,
    /// The first register.
    pub first: u16,
    /// The last register, included.
    pub last: u16,
}

/// Something wrong in a profile, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("{file}:{line}:{column}: {what}; {instead}")]
pub struct ProfileFault {
    /// The file's name.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1.
    pub column: usize,
    /// What is wrong.
    pub what: String,
    /// What to write instead.
    pub instead: String,
}

impl Point {
    /// The last register of the value, included.
    pub fn last_address(&self) -> u16 {
        self.address
            .saturating_add(self.coding.kind.words().saturating_sub(1))
    }
}
