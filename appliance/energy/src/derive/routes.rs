//! Who feeds whom. Meters show only sums; the split follows what wires do: the sun serves the house first, then
//! the battery, then the street, and neither street nor battery feeds itself.

/// How much goes which way between sun, battery, street and the house.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Routes<T> {
    /// Sun to the house.
    pub sun_to_use: T,
    /// Sun to the battery.
    pub sun_to_battery: T,
    /// Sun to the street.
    pub sun_to_street: T,
    /// Battery to the house.
    pub battery_to_use: T,
    /// Battery to the street.
    pub battery_to_street: T,
    /// Street to the house.
    pub street_to_use: T,
    /// Street to the battery.
    pub street_to_battery: T,
}

impl<T> Routes<T> {
    /// The same routes in another unit.
    pub(crate) fn map<U>(self, unit: impl Fn(T) -> U) -> Routes<U> {
        Routes {
            sun_to_use: unit(self.sun_to_use),
            sun_to_battery: unit(self.sun_to_battery),
            sun_to_street: unit(self.sun_to_street),
            battery_to_use: unit(self.battery_to_use),
            battery_to_street: unit(self.battery_to_street),
            street_to_use: unit(self.street_to_use),
            street_to_battery: unit(self.street_to_battery),
        }
    }
}

/// The routes for production, import, export, charge, discharge and consumption, none below zero. If these
/// balance, every route is used up exactly; if they do not (clamped use), no route exceeds either end.
pub(crate) fn route([production, import, export, charge, discharge, consumption]: [i64; 6]) -> Routes<i64> {
    let spare_sun = (production - consumption - charge).max(0);
    let early_export = export.min(spare_sun);
    let battery_to_street = (export - early_export).min(discharge);
    let late_export = (export - early_export - battery_to_street).min(production - early_export);
    let sun_to_street = early_export + late_export;

    let sun = production - sun_to_street;
    let battery = discharge - battery_to_street;
    let battery_to_use = battery.min(consumption);
    let sun_to_use = sun.min(consumption - battery_to_use);
    let sun_to_battery = (sun - sun_to_use).min(charge);
    let street_to_use = (consumption - battery_to_use - sun_to_use).min(import);
    Routes {
        sun_to_use,
        sun_to_battery,
        sun_to_street,
        battery_to_use,
        battery_to_street,
        street_to_use,
        street_to_battery: (charge - sun_to_battery).min(import - street_to_use),
    }
}
