//! What a channel measures, where its device stands, and which way energy goes.

use std::fmt;

/// What a value of a device is about. Power and energy are seen from the device: *forward* is the direction
/// in which the device's place counts as ordinary use of it (see [`Role`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Quantity {
    /// Active power of all phases, forward positive.
    Power,
    /// Active power of one phase.
    PhasePower,
    /// Total of the energy that went forward; a counter.
    EnergyForward,
    /// Total of the energy that went backward; a counter.
    EnergyReverse,
    /// Direct-current power of the panels or the battery.
    DirectPower,
    /// Direct-current energy of a panel string; a counter.
    DirectEnergy,
    /// Voltage.
    Voltage,
    /// Current.
    Current,
    /// Mains frequency.
    Frequency,
    /// Temperature.
    Temperature,
    /// How full a battery is.
    Charge,
    /// Rated power: the nameplate, from which limits of plausibility are taken.
    RatedPower,
    /// What a device says it is doing.
    State,
    /// Anything else that is worth showing on the device's page.
    Other,
}

/// Where a device stands, which gives forward and backward their meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// An inverter or its meter: forward is what it makes.
    Production,
    /// The meter to the street: forward is bought, backward is sent out.
    Grid,
    /// A battery or its meter: forward is what it gives (discharge), backward is what it takes (charge).
    Battery,
    /// A meter of some use: forward is what is used.
    Consumption,
}

/// A direction of energy that the ledger counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Flow {
    /// Made on the spot.
    Production,
    /// Bought from the street.
    Import,
    /// Sent out to the street.
    Export,
    /// Into the battery.
    Charge,
    /// Out of the battery.
    Discharge,
    /// Used behind one meter.
    Consumption,
}

const QUANTITIES: [(Quantity, &str); 14] = [
    (Quantity::Power, "power"),
    (Quantity::PhasePower, "phase-power"),
    (Quantity::EnergyForward, "energy-forward"),
    (Quantity::EnergyReverse, "energy-reverse"),
    (Quantity::DirectPower, "direct-power"),
    (Quantity::DirectEnergy, "direct-energy"),
    (Quantity::Voltage, "voltage"),
    (Quantity::Current, "current"),
    (Quantity::Frequency, "frequency"),
    (Quantity::Temperature, "temperature"),
    (Quantity::Charge, "charge"),
    (Quantity::RatedPower, "rated-power"),
    (Quantity::State, "state"),
    (Quantity::Other, "other"),
];

const ROLES: [(Role, &str); 4] = [
    (Role::Production, "production"),
    (Role::Grid, "grid"),
    (Role::Battery, "battery"),
    (Role::Consumption, "consumption"),
];

const FLOWS: [(Flow, u8, &str); 6] = [
    (Flow::Production, 1, "production"),
    (Flow::Import, 2, "import"),
    (Flow::Export, 3, "export"),
    (Flow::Charge, 4, "charge"),
    (Flow::Discharge, 5, "discharge"),
    (Flow::Consumption, 6, "consumption"),
];

impl Quantity {
    /// The word used in profiles and in the API.
    pub fn name(self) -> &'static str {
        QUANTITIES
            .iter()
            .find(|row| row.0 == self)
            .map_or("other", |row| row.1)
    }

    /// The quantity with this word, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        QUANTITIES.iter().find(|row| row.1 == name).map(|row| row.0)
    }

    /// Every quantity, for messages that list the choices.
    pub fn all() -> impl Iterator<Item = Self> {
        QUANTITIES.iter().map(|row| row.0)
    }
}

impl Role {
    /// The word used in `site.toml` and in the API.
    pub fn name(self) -> &'static str {
        ROLES
            .iter()
            .find(|row| row.0 == self)
            .map_or("consumption", |row| row.1)
    }

    /// The role with this word, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        ROLES.iter().find(|row| row.1 == name).map(|row| row.0)
    }

    /// Every role, for messages that list the choices.
    pub fn all() -> impl Iterator<Item = Self> {
        ROLES.iter().map(|row| row.0)
    }

    /// Which flow of the ledger a counter of a device in this role feeds, or `None` where the quantity is
    /// no counter or the direction has no meaning there (an inverter's own night-time use).
    pub fn flow(self, quantity: Quantity) -> Option<Flow> {
        match (self, quantity) {
            (Self::Production, Quantity::EnergyForward) => Some(Flow::Production),
            (Self::Grid, Quantity::EnergyForward) => Some(Flow::Import),
            (Self::Grid, Quantity::EnergyReverse) => Some(Flow::Export),
            (Self::Battery, Quantity::EnergyForward) => Some(Flow::Discharge),
            (Self::Battery, Quantity::EnergyReverse) => Some(Flow::Charge),
            (Self::Consumption, Quantity::EnergyForward) => Some(Flow::Consumption),
            _ => None,
        }
    }

    /// The flows that a device in this role can feed.
    pub fn flows(self) -> &'static [Flow] {
        match self {
            Self::Production => &[Flow::Production],
            Self::Grid => &[Flow::Import, Flow::Export],
            Self::Battery => &[Flow::Discharge, Flow::Charge],
            Self::Consumption => &[Flow::Consumption],
        }
    }
}

impl Flow {
    /// The number that stands for this flow in files.
    pub fn code(self) -> u8 {
        FLOWS.iter().find(|row| row.0 == self).map_or(0, |row| row.1)
    }

    /// The flow with this code, or `None` for a code of a newer Hearth.
    pub fn from_code(code: u8) -> Option<Self> {
        FLOWS.iter().find(|row| row.1 == code).map(|row| row.0)
    }

    /// The word used in the API and in CSV files.
    pub fn name(self) -> &'static str {
        FLOWS.iter().find(|row| row.0 == self).map_or("", |row| row.2)
    }

    /// Every flow, in the order of their codes.
    pub fn all() -> impl Iterator<Item = Self> {
        FLOWS.iter().map(|row| row.0)
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Flow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
