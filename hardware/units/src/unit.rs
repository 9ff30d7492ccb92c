//! The scale of a channel: what one step of its integer means, and how people write it.

use std::fmt;

/// What one step of a stored integer means. The letter in the file is [`Unit::code`]; it never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// 1 W of active power.
    Watts,
    /// 1 VA of apparent power.
    VoltAmperes,
    /// 1 var of reactive power.
    Vars,
    /// 1 Wh of energy.
    WattHours,
    /// 1 VAh of apparent energy.
    VoltAmpereHours,
    /// 1 varh of reactive energy.
    VarHours,
    /// 0.1 V.
    Decivolts,
    /// 0.01 A.
    Centiamperes,
    /// 0.01 Hz.
    Centihertz,
    /// 0.1 °C.
    Decicelsius,
    /// 0.1 % (state of charge, loads).
    Permille,
    /// 0.001 of a power factor.
    Millifactor,
    /// 0.01 Ah.
    CentiampereHours,
    /// 0.1 degrees of angle.
    Decidegrees,
    /// A state or bit pattern whose number has a meaning of its own.
    Code,
    /// Anything counted or dimensionless, one by one.
    Count,
}

/// Every unit there is, in the order of their codes.
const ALL: [(Unit, u8, &str, u8, &str); 16] = [
    (Unit::Watts, 1, "W", 0, "watts"),
    (Unit::VoltAmperes, 2, "VA", 0, "volt-amperes"),
    (Unit::Vars, 3, "var", 0, "vars"),
    (Unit::WattHours, 4, "Wh", 0, "watt-hours"),
    (Unit::VoltAmpereHours, 5, "VAh", 0, "volt-ampere-hours"),
    (Unit::VarHours, 6, "varh", 0, "var-hours"),
    (Unit::Decivolts, 7, "V", 1, "decivolts"),
    (Unit::Centiamperes, 8, "A", 2, "centiamperes"),
    (Unit::Centihertz, 9, "Hz", 2, "centihertz"),
    (Unit::Decicelsius, 10, "°C", 1, "decicelsius"),
    (Unit::Permille, 11, "%", 1, "permille"),
    (Unit::Millifactor, 12, "", 3, "millifactor"),
    (Unit::CentiampereHours, 13, "Ah", 2, "centiampere-hours"),
    (Unit::Decidegrees, 14, "°", 1, "decidegrees"),
    (Unit::Code, 15, "", 0, "code"),
    (Unit::Count, 16, "", 0, "count"),
];

impl Unit {
    fn row(self) -> &'static (Unit, u8, &'static str, u8, &'static str) {
        ALL.iter().find(|row| row.0 == self).unwrap_or(&ALL[15])
    }

    /// The number that stands for this unit in files.
    pub fn code(self) -> u8 {
        self.row().1
    }

    /// The unit with this code, or `None` for a code of a newer Hearth.
    pub fn from_code(code: u8) -> Option<Self> {
        ALL.iter().find(|row| row.1 == code).map(|row| row.0)
    }

    /// The sign people know, such as `V`; empty where there is none.
    pub fn symbol(self) -> &'static str {
        self.row().2
    }

    /// How many decimal places of [`Unit::symbol`] the integer carries: `2301` decivolts are `230.1 V`.
    pub fn decimals(self) -> u8 {
        self.row().3
    }

    /// The name used in profiles and in the API.
    pub fn name(self) -> &'static str {
        self.row().4
    }

    /// The unit with this name in profiles, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        ALL.iter().find(|row| row.4 == name).map(|row| row.0)
    }

    /// Every unit, for messages that list the choices.
    pub fn all() -> impl Iterator<Item = Self> {
        ALL.iter().map(|row| row.0)
    }

    /// `number` as people write it, with a space and the sign: `230.1 V`.
    pub fn show(self, number: i64) -> String {
        let plain = self.show_plain(number);
        match self.symbol() {
            "" => plain,
            symbol => format!("{plain} {symbol}"),
        }
    }

    /// `number` with its decimal point and without a sign of unit: `230.1`. Exact, never rounded.
    pub fn show_plain(self, number: i64) -> String {
        decimal(number, self.decimals())
    }
}

/// `number` counted in units of its last place, with its decimal point: thousandths with three `places`. Exact, never rounded.
pub fn decimal(number: i64, places: u8) -> String {
    if places == 0 {
        return number.to_string();
    }
    let scale = 10_u64.pow(u32::from(places));
    let size = number.unsigned_abs();
    let sign = if number < 0 { "-" } else { "" };
    let width = usize::from(places);
    format!("{sign}{}.{:0width$}", size / scale, size % scale)
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::Unit;

    #[test]
    fn codes_and_names_find_their_unit_again() {
        for unit in Unit::all() {
            assert_eq!(Unit::from_code(unit.code()), Some(unit));
            assert_eq!(Unit::from_name(unit.name()), Some(unit));
        }
        assert_eq!(Unit::from_code(0), None);
    }

    #[test]
    fn numbers_are_shown_exactly() {
        assert_eq!(Unit::Decivolts.show(2301), "230.1 V");
        assert_eq!(Unit::Decicelsius.show(-5), "-0.5 °C");
        assert_eq!(Unit::Millifactor.show(985), "0.985");
        assert_eq!(Unit::Watts.show(i64::MIN), "-9223372036854775808 W");
    }
}
