//! Checks of a profile as a whole: do its points fit each other, the device's limits, and what they measure?

use units::{PointName, Quantity, Unit};

use super::point::Placed;
use super::table::{Faults, Table};
use super::{Point, Wanted};
use crate::coding::Kind;
use crate::sunspec::{self, Place, scales};

/// What both families have in common for the checks.
struct Row<'p, 'a> {
    name: &'p str,
    quantity: Quantity,
    unit: Unit,
    opposite: Option<&'p PointName>,
    table: &'p Table<'a>,
}

/// Quantities of which a device has one value at most, since roles count on it.
const SINGLE: [Quantity; 4] = [
    Quantity::Power,
    Quantity::EnergyForward,
    Quantity::EnergyReverse,
    Quantity::RatedPower,
];

/// Checks the points of a device with fixed addresses; `limits` are its largest block and its granule.
pub(super) fn registers(points: &[Placed<'_, Point>], limits: (u16, u16), faults: &mut Faults<'_>) {
    let rows: Vec<Row<'_, '_>> = points
        .iter()
        .map(|placed| Row {
            name: placed.item.name.as_str(),
            quantity: placed.item.quantity,
            unit: placed.item.unit,
            opposite: placed.item.opposite.as_ref(),
            table: &placed.table,
        })
        .collect();
    common(&rows, faults);
    for (index, placed) in points.iter().enumerate() {
        check_place(placed, limits, faults);
        check_code(placed.item.coding.kind, placed.item.unit, &placed.table, faults);
        if let Some(other) = points[..index]
            .iter()
            .find(|other| overlap(&other.item, &placed.item))
        {
            let name = other.item.name.as_str();
            let register = other.item.address.max(placed.item.address);
            faults.add(
                placed.table.spot("address"),
                format!("register {register:#06x} belongs to the point {name} already"),
                "give each register to one point; check the addresses and the types",
            );
        }
    }
}

/// Checks the values to look for in SunSpec's models; `limits` are the device's largest block and its granule.
pub(super) fn sunspec(points: &[Placed<'_, Wanted>], limits: (u16, u16), faults: &mut Faults<'_>) {
    let (largest_block, granule) = limits;
    if granule != 1 {
        let what = format!("with a granule of {granule} SunSpec's chain cannot be read");
        faults.add(
            0,
            what,
            "take `granule` out of [limits]; SunSpec's models begin anywhere",
        );
    }
    if largest_block < 4 {
        let what = format!("with a largest_block of {largest_block} SunSpec's chain cannot be read");
        faults.add(0, what, "write at least 4; SunSpec devices answer 125 registers");
    }
    let rows: Vec<Row<'_, '_>> = points
        .iter()
        .map(|placed| Row {
            name: &placed.item.name,
            quantity: placed.item.quantity,
            unit: placed.item.unit,
            opposite: placed.item.opposite.as_ref(),
            table: &placed.table,
        })
        .collect();
    common(&rows, faults);
    for placed in points {
        for id in &placed.item.models {
            check_source(placed, *id, faults);
        }
    }
}

fn common(rows: &[Row<'_, '_>], faults: &mut Faults<'_>) {
    for (index, row) in rows.iter().enumerate() {
        if rows[..index].iter().any(|other| other.name == row.name) {
            let what = format!("there are two points called {}", row.name);
            faults.add(row.table.spot("name"), what, "give each point a name of its own");
        }
        let twice = rows[..index].iter().find(|other| other.quantity == row.quantity);
        if let Some(other) = twice.filter(|_| SINGLE.contains(&row.quantity)) {
            faults.add(
                row.table.spot("quantity"),
                format!("{} is the quantity of {} already", row.quantity, other.name),
                "keep it for the value of all phases; write phase-power or other here",
            );
        }
        check_unit(row, faults);
        check_opposite(row, rows, faults);
    }
    // With faults in single points it is not known what is missing.
    if faults.count() == 0 {
        check_role(rows, faults);
    }
}

/// A device must bring something that a role can use.
fn check_role(rows: &[Row<'_, '_>], faults: &mut Faults<'_>) {
    let has = |quantity| rows.iter().any(|row| row.quantity == quantity);
    if !has(Quantity::Power) {
        let instead = "add a [[point]] with quantity = \"power\" for the active power of all phases";
        faults.add(0, "no point has the quantity power", instead);
    }
    if has(Quantity::EnergyReverse) && !has(Quantity::EnergyForward) {
        let instead = "add the counter of the other direction with quantity = \"energy-forward\"";
        faults.add(0, "there is energy-reverse, but no energy-forward", instead);
    }
}

/// The unit that a quantity is kept in; `None` where any will do.
fn unit_of(quantity: Quantity) -> Option<Unit> {
    match quantity {
        Quantity::Power | Quantity::PhasePower | Quantity::DirectPower | Quantity::RatedPower => {
            Some(Unit::Watts)
        }
        Quantity::EnergyForward | Quantity::EnergyReverse | Quantity::DirectEnergy => Some(Unit::WattHours),
        Quantity::Voltage => Some(Unit::Decivolts),
        Quantity::Current => Some(Unit::Centiamperes),
        Quantity::Frequency => Some(Unit::Centihertz),
        Quantity::Temperature => Some(Unit::Decicelsius),
        Quantity::Charge => Some(Unit::Permille),
        Quantity::State => Some(Unit::Code),
        Quantity::Other => None,
    }
}

fn fits(quantity: Quantity, unit: Unit) -> bool {
    unit_of(quantity).is_none_or(|only| only == unit)
}

fn check_unit(row: &Row<'_, '_>, faults: &mut Faults<'_>) {
    if let Some(unit) = unit_of(row.quantity).filter(|unit| *unit != row.unit) {
        faults.add(
            row.table.spot("unit"),
            format!("{} cannot be in {}", row.quantity, row.unit),
            format!("write unit = \"{unit}\" and scale the register with `multiply` or `divide`"),
        );
    }
}

fn check_opposite(row: &Row<'_, '_>, rows: &[Row<'_, '_>], faults: &mut Faults<'_>) {
    let Some(opposite) = row.opposite.map(PointName::as_str) else {
        return;
    };
    let fault = match rows.iter().find(|other| other.name == opposite) {
        None => Some(format!("the opposite {opposite} is not a point of this profile")),
        Some(other) if other.opposite.map(PointName::as_str) != Some(row.name) => {
            Some(format!("{opposite} does not name {} as its opposite", row.name))
        }
        // Told once, not for both of the pair.
        Some(other) if other.unit != row.unit && row.name < other.name => {
            Some(format!("{opposite} is in another unit"))
        }
        Some(_) => None,
    };
    if let Some(what) = fault {
        let instead = "write `opposite` in both points, each with the other's name";
        faults.add(row.table.spot("opposite"), what, instead);
    }
}

/// States and flags are codes, and codes are states and flags.
fn check_code(kind: Kind, unit: Unit, table: &Table<'_>, faults: &mut Faults<'_>) {
    if kind.is_code() && unit != Unit::Code {
        let what = format!("states and flags cannot be in {unit}");
        faults.add(table.spot("unit"), what, "write unit = \"code\"");
    }
}

fn check_place(placed: &Placed<'_, Point>, limits: (u16, u16), faults: &mut Faults<'_>) {
    let (largest_block, granule) = limits;
    let words = placed.item.coding.kind.words();
    if placed.item.address.checked_add(words - 1).is_none() {
        faults.add(
            placed.table.spot("address"),
            format!(
                "{words} registers from {:#06x} reach beyond the last one, 0xffff",
                placed.item.address
            ),
            "check the address and the type; addresses count from 0 as on the wire",
        );
    }
    if !placed.item.address.is_multiple_of(granule) || !words.is_multiple_of(granule) {
        faults.add(
            placed.table.spot("address"),
            format!(
                "the value takes {words} registers from {:#06x}, which are no whole granules of {granule}",
                placed.item.address
            ),
            "check the address and the type, or lower `granule` in [limits]",
        );
    }
    if words > largest_block {
        faults.add(
            placed.table.spot("type"),
            format!("the value takes {words} registers, but largest_block is {largest_block}"),
            "raise `largest_block` in [limits], or take the point out",
        );
    }
}

fn overlap(one: &Point, other: &Point) -> bool {
    one.function == other.function
        && one.address <= other.last_address()
        && other.address <= one.last_address()
}

/// Whether a model of SunSpec has the point, and in a fitting unit.
fn check_source(placed: &Placed<'_, Wanted>, id: u16, faults: &mut Faults<'_>) {
    let (wanted, table) = (&placed.item, &placed.table);
    let Some(model) = sunspec::model(id) else {
        return;
    };
    let Some(fact) = model.point(&wanted.point) else {
        let names = model.points.iter().map(|fact| fact.name);
        let instead = match super::nearest::nearest(&wanted.point, names) {
            Some(near) => format!("write point = \"{near}\", or take the model out of `models`"),
            None => "write a point of sunspec/models.tsv, or take the model out of `models`".to_owned(),
        };
        let what = format!("SunSpec's model {id} has no point {}", wanted.point);
        faults.add(table.spot("point"), what, instead);
        return;
    };
    let marked = wanted.name.contains('#');
    if marked != (fact.place == Place::Repeated) {
        let (what, instead) = if marked {
            ("is not repeated", "take the # out of the name")
        } else {
            (
                "is there once for each module",
                "write a # where the module's number goes, as in dc#_power",
            )
        };
        let what = format!("{} in model {id} {what}", wanted.point);
        faults.add(table.spot("name"), what, instead);
    }
    if matches!(fact.kind, Kind::Text(_) | Kind::Opaque(_) | Kind::ScaleFactor) {
        let what = format!(
            "{} in model {id} is not a number that can be measured",
            wanted.point
        );
        faults.add(table.spot("point"), what, "choose another point");
    } else if scales::scale(fact.unit, wanted.unit).is_none() && fits(wanted.quantity, wanted.unit) {
        let choices: Vec<&str> = scales::fitting(fact.unit)
            .iter()
            .map(|unit| unit.name())
            .collect();
        let what = format!(
            "{} in model {id} is in \"{}\", not in {}",
            wanted.point, fact.unit, wanted.unit
        );
        let instead = match choices.as_slice() {
            [] => "choose another point; Hearth does not know this unit".to_owned(),
            some => format!(
                "write unit = \"{}\", or choose another point",
                some.join("\" or \"")
            ),
        };
        faults.add(table.spot("unit"), what, instead);
    }
}
