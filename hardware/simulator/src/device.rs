//! The ten devices of the site: where each hangs and what it is called.

use std::fmt;

/// A way to reach devices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Line {
    /// Modbus TCP.
    Network,
    /// The serial line (RTU), also where it is carried over TCP.
    Serial,
}

/// A device of the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Device {
    /// The roof's inverter: SunSpec over TCP, unit 1.
    RoofInverter,
    /// The shared battery: SunSpec over TCP, unit 2.
    Battery,
    /// The meter at the street's cable: SDM630, unit 1. Forward is what comes from the grid.
    GridMeter,
    /// The meter before the battery: SDM230, unit 2. Forward is what the battery gives.
    BatteryMeter,
    /// The meter of a flat, 1 to 6: SDM120, units 11 to 16.
    Flat(u8),
}

/// Every device, in the order in which they are listed.
pub const DEVICES: [Device; 10] = [
    Device::RoofInverter,
    Device::Battery,
    Device::GridMeter,
    Device::BatteryMeter,
    Device::Flat(1),
    Device::Flat(2),
    Device::Flat(3),
    Device::Flat(4),
    Device::Flat(5),
    Device::Flat(6),
];

impl Device {
    /// The line on which it hangs.
    pub fn line(self) -> Line {
        match self {
            Self::RoofInverter | Self::Battery => Line::Network,
            Self::GridMeter | Self::BatteryMeter | Self::Flat(_) => Line::Serial,
        }
    }

    /// The unit number to which it answers.
    pub fn unit(self) -> u8 {
        match self {
            Self::RoofInverter | Self::GridMeter => 1,
            Self::Battery | Self::BatteryMeter => 2,
            Self::Flat(number) => number.saturating_add(10),
        }
    }

    /// What it is, as people call it.
    pub fn model(self) -> &'static str {
        match self {
            Self::RoofInverter => "SunSpec inverter",
            Self::Battery => "SunSpec battery",
            Self::GridMeter => "Eastron SDM630",
            Self::BatteryMeter => "Eastron SDM230",
            Self::Flat(_) => "Eastron SDM120",
        }
    }

    /// The device with this name (`roof-inverter`, `flat-3`), if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        DEVICES.into_iter().find(|device| device.to_string() == name)
    }

    /// Its place in [`DEVICES`]; a flat that does not exist has none.
    pub(crate) fn place(self) -> Option<usize> {
        DEVICES.iter().position(|device| *device == self)
    }
}

impl fmt::Display for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RoofInverter => f.write_str("roof-inverter"),
            Self::Battery => f.write_str("battery"),
            Self::GridMeter => f.write_str("grid-meter"),
            Self::BatteryMeter => f.write_str("battery-meter"),
            Self::Flat(number) => write!(f, "flat-{number}"),
        }
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Network => f.write_str("network"),
            Self::Serial => f.write_str("serial"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{DEVICES, Device};

    #[test]
    fn every_device_has_a_name_and_an_address_of_its_own() {
        let addresses: HashSet<_> = DEVICES
            .iter()
            .map(|device| (device.line(), device.unit()))
            .collect();
        assert_eq!(addresses.len(), DEVICES.len());
        for device in DEVICES {
            assert_eq!(Device::from_name(&device.to_string()), Some(device));
        }
        assert_eq!(Device::from_name("flat-7"), None);
        assert_eq!(Device::Flat(9).place(), None);
    }
}
