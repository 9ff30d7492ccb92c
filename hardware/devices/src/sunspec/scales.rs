//! SunSpec's units and the scales of Hearth's channels.

use units::Unit;

use crate::coding::Scale;

/// SunSpec's unit, Hearth's unit, and how many of Hearth's make one of SunSpec's.
const SCALES: [(&str, Unit, u32); 24] = [
    ("W", Unit::Watts, 1),
    ("VA", Unit::VoltAmperes, 1),
    ("var", Unit::Vars, 1),
    ("Var", Unit::Vars, 1),
    ("Wh", Unit::WattHours, 1),
    ("WH", Unit::WattHours, 1),
    ("kWh", Unit::WattHours, 1_000),
    ("VAh", Unit::VoltAmpereHours, 1),
    ("varh", Unit::VarHours, 1),
    ("Varh", Unit::VarHours, 1),
    ("V", Unit::Decivolts, 10),
    ("A", Unit::Centiamperes, 100),
    ("Hz", Unit::Centihertz, 100),
    ("C", Unit::Decicelsius, 10),
    ("Pct", Unit::Permille, 10),
    ("%", Unit::Permille, 10),
    ("% AhrRtg", Unit::Permille, 10),
    ("%WHRtg", Unit::Permille, 10),
    ("Pct", Unit::Millifactor, 10),
    ("PF", Unit::Millifactor, 1_000),
    ("cos()", Unit::Millifactor, 1_000),
    ("Ah", Unit::CentiampereHours, 100),
    ("AH", Unit::CentiampereHours, 100),
    ("Degrees", Unit::Decidegrees, 10),
];

/// How a number in SunSpec's unit becomes one in `unit`, or `None` where the two do not fit. Numbers without a
/// unit are codes or counts.
pub fn scale(sunspec_unit: &str, unit: Unit) -> Option<Scale> {
    if sunspec_unit.is_empty() {
        return matches!(unit, Unit::Code | Unit::Count).then_some(Scale::ONE);
    }
    let row = SCALES.iter().find(|row| row.0 == sunspec_unit && row.1 == unit)?;
    Some(Scale {
        multiply: row.2,
        divide: 1,
    })
}

/// Hearth's units that fit SunSpec's unit, for messages that list the choices.
pub fn fitting(sunspec_unit: &str) -> Vec<Unit> {
    Unit::all()
        .filter(|unit| scale(sunspec_unit, *unit).is_some())
        .collect()
}
