//! Reads the `[[point]]` tables of a profile, of both families.

use units::{PointName, Quantity, Unit};

use super::table::{Faults, Table};
use super::{Class, Grade, Point, Wanted};
use crate::coding::{Coding, Kind, Scale, Sentinel, Sign, WordOrder};
use crate::frame::Function;
use crate::sunspec;

pub(super) const FUNCTIONS: [(&str, Function); 2] =
    [("input", Function::Input), ("holding", Function::Holding)];
pub(super) const GRADES: [(&str, Grade); 3] = [("V2", Grade::V2), ("V1", Grade::V1), ("U", Grade::U)];
pub(super) const ADDRESSES: (i64, i64) = (0, 65_535);
const ORDERS: [(&str, WordOrder); 2] = [
    ("high-first", WordOrder::HighFirst),
    ("low-first", WordOrder::LowFirst),
];
const SIGNS: [(&str, Sign); 2] = [("as-is", Sign::AsIs), ("inverted", Sign::Inverted)];
const CLASSES: [(&str, Class); 2] = [("fast", Class::Fast), ("slow", Class::Slow)];
/// The largest factor that a scale may have.
const LARGEST_FACTOR: i64 = 1_000_000;

/// Something that was read from a table, with the table, so that later checks know the places.
#[derive(Debug)]
pub(super) struct Placed<'a, T> {
    pub(super) item: T,
    pub(super) table: Table<'a>,
}

/// What the points of both families say.
struct Common {
    quantity: Quantity,
    unit: Unit,
    sign: Sign,
    class: Class,
    opposite: Option<PointName>,
    grade: Grade,
    source: String,
}

/// Reads all tables; those with faults are noted and left out.
pub(super) fn read_all<'a, T>(
    tables: Vec<Table<'a>>,
    faults: &mut Faults<'_>,
    read: impl Fn(&mut Table<'a>, &mut Faults<'_>) -> Option<T>,
) -> Vec<Placed<'a, T>> {
    let mut all = Vec::new();
    for mut table in tables {
        let item = read(&mut table, faults);
        table.finish(faults);
        all.extend(item.map(|item| Placed { item, table }));
    }
    all
}

/// A point at a fixed address.
pub(super) fn read_register(table: &mut Table<'_>, faults: &mut Faults<'_>) -> Option<Point> {
    let name = table.text("name", "\"power\"", faults);
    let name = name.and_then(|word| read_name(table, "name", word, faults));
    let common = read_common(table, faults);
    let function = table.choice("function", &FUNCTIONS, faults);
    let address = table.number("address", ADDRESSES, "0x0034", faults);
    let coding = read_coding(table, faults);
    let modulus = table.optional_number("modulus", (2, i64::MAX), faults);
    let common = common?;
    Some(Point {
        name: name?,
        quantity: common.quantity,
        unit: common.unit,
        function: function?,
        address: u16::try_from(address?).ok()?,
        coding: Coding {
            sign: common.sign,
            ..coding?
        },
        factor_at: None,
        class: common.class,
        counter_modulus: modulus,
        opposite: common.opposite,
        grade: common.grade,
        source: common.source,
    })
}

/// A value to look for in SunSpec's models.
pub(super) fn read_sunspec(table: &mut Table<'_>, faults: &mut Faults<'_>) -> Option<Wanted> {
    let name = table.text("name", "\"power\"", faults);
    let name = name.filter(|word| read_name(table, "name", &word.replace('#', "1"), faults).is_some());
    let common = read_common(table, faults);
    let models = models(table, faults);
    let point = table.text("point", "\"W\"", faults);
    let common = common?;
    Some(Wanted {
        name: name?.to_owned(),
        quantity: common.quantity,
        unit: common.unit,
        models: models?,
        point: point?.to_owned(),
        sign: common.sign,
        class: common.class,
        opposite: common.opposite,
        grade: common.grade,
        source: common.source,
    })
}

fn read_common(table: &mut Table<'_>, faults: &mut Faults<'_>) -> Option<Common> {
    let quantities: Vec<(&'static str, Quantity)> = Quantity::all().map(|it| (it.name(), it)).collect();
    let quantity = table.choice("quantity", &quantities, faults);
    let unit = read_unit(table, faults);
    let sign = table.optional_choice("sign", &SIGNS, faults);
    let class = table.choice("class", &CLASSES, faults);
    let opposite = table.optional_text("opposite", faults);
    let opposite = opposite.and_then(|word| read_name(table, "opposite", word, faults));
    let grade = table.choice("grade", &GRADES, faults);
    let source = table.text("source", "\"mbmd, meters/rs485/sdm.go\"", faults);
    Some(Common {
        quantity: quantity?,
        unit: unit?,
        sign: sign.unwrap_or_default(),
        class: class?,
        opposite,
        grade: grade?,
        source: source?.to_owned(),
    })
}

fn read_name(table: &Table<'_>, key: &str, word: &str, faults: &mut Faults<'_>) -> Option<PointName> {
    match PointName::parse(word) {
        Ok(name) => Some(name),
        Err(error) => {
            let what = format!("`{key}` \"{word}\" cannot be used: {error}");
            faults.add(table.spot(key), what, "write a name such as voltage_l1");
            None
        }
    }
}

pub(super) fn read_unit(table: &mut Table<'_>, faults: &mut Faults<'_>) -> Option<Unit> {
    let units: Vec<(&'static str, Unit)> = Unit::all().map(|unit| (unit.name(), unit)).collect();
    table.choice("unit", &units, faults)
}

/// Type, word order, scale and mark for "not implemented".
pub(super) fn read_coding(table: &mut Table<'_>, faults: &mut Faults<'_>) -> Option<Coding> {
    let kinds: Vec<(&'static str, Kind)> = Kind::names()
        .filter_map(|name| Some((name, Kind::from_name(name)?)))
        .collect();
    let kind = table.choice("type", &kinds, faults);
    let order = table.optional_choice("order", &ORDERS, faults);
    let mut factor = |key| {
        let number = table.optional_number(key, (1, LARGEST_FACTOR), faults);
        u32::try_from(number.unwrap_or(1)).unwrap_or(1)
    };
    let scale = Scale {
        multiply: factor("multiply"),
        divide: factor("divide"),
    };
    let sentinel = read_sentinel(table, faults);
    Some(Coding {
        kind: kind?,
        order: order.unwrap_or_default(),
        scale,
        sentinel,
        sign: Sign::AsIs,
    })
}

/// `missing` is "usual", "never", or the bits in hexadecimal, as in "0x7FFF".
fn read_sentinel(table: &mut Table<'_>, faults: &mut Faults<'_>) -> Sentinel {
    match table.optional_text("missing", faults) {
        None | Some("usual") => Sentinel::Usual,
        Some("never") => Sentinel::Never,
        Some(text) => {
            let digits = text.strip_prefix("0x").unwrap_or("");
            if let Ok(bits) = u64::from_str_radix(digits, 16) {
                return Sentinel::Bits(bits);
            }
            let what = format!("`missing` is \"{text}\", which is not known");
            let instead = "write \"usual\", \"never\" or the bits in hexadecimal, as in \"0x7FFF\"";
            faults.add(table.spot("missing"), what, instead);
            Sentinel::Usual
        }
    }
}

/// The list of SunSpec models under `models`.
pub(super) fn models(table: &mut Table<'_>, faults: &mut Faults<'_>) -> Option<Vec<u16>> {
    let Some(numbers) = table.optional_numbers("models", faults) else {
        if !table.has("models") {
            let what = "`models` is missing: which of SunSpec's models are meant";
            faults.add(
                table.spot("models"),
                what,
                "add for example: models = [101, 102, 103]",
            );
        }
        return None;
    };
    let mut models = Vec::new();
    for (number, at) in numbers {
        match u16::try_from(number).ok().and_then(sunspec::model) {
            Some(model) => models.push(model.id),
            None => faults.add(
                at,
                format!("SunSpec has no model {number}"),
                "write a model of sunspec/models.tsv",
            ),
        }
    }
    Some(models)
}
