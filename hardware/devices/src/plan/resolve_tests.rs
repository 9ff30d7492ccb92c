//! From wanted values to points with addresses: preferences, short models, modules, constants.

use units::{Quantity, Unit};

use super::resolve::resolve;
use crate::coding::{Scale, Sign};
use crate::profile::{Class, Grade, Point, Wanted};
use crate::sunspec::walk::{Chain, Found};

fn wanted(name: &str, unit: Unit, models: &[u16], point: &str) -> Wanted {
    Wanted {
        name: name.to_owned(),
        quantity: Quantity::Other,
        unit,
        models: models.to_vec(),
        point: point.to_owned(),
        sign: Sign::AsIs,
        class: Class::Fast,
        opposite: None,
        grade: Grade::U,
        source: "a test".to_owned(),
    }
}

fn chain(models: &[(u16, u16, u16)]) -> Chain {
    let mut address = 40_002;
    let mut found = Vec::new();
    for (id, length, repeats) in models {
        found.push(Found {
            id: *id,
            address,
            length: *length,
            repeats: *repeats,
        });
        address += length + 2;
    }
    Chain {
        base: 40_000,
        models: found,
        identity: None,
    }
}

fn places(points: &[Point]) -> Vec<(&str, u16, Option<u16>)> {
    points
        .iter()
        .map(|point| (point.name.as_str(), point.address, point.factor_at))
        .collect()
}

#[test]
fn the_first_of_the_wanted_models_that_is_there_is_taken() {
    let power = [wanted("power", Unit::Watts, &[113, 103], "W")];
    let both = chain(&[(103, 50, 0), (113, 60, 0)]);
    assert_eq!(places(&resolve(&power, &both).0), [("power", 40_076, None)]);
    let whole = chain(&[(103, 50, 0)]);
    assert_eq!(
        places(&resolve(&power, &whole).0),
        [("power", 40_016, Some(40_017))]
    );
    assert_eq!(places(&resolve(&power, &chain(&[(203, 105, 0)])).0), []);
}

#[test]
fn a_device_may_stop_before_the_end_of_a_model() {
    let all = [
        wanted("power", Unit::Watts, &[103], "W"),
        wanted("state", Unit::Code, &[103], "St"),
    ];
    // Words 2-37 are there; the state would be word 38.
    assert_eq!(places(&resolve(&all, &chain(&[(103, 36, 0)])).0).len(), 1);
    assert_eq!(places(&resolve(&all, &chain(&[(103, 37, 0)])).0).len(), 2);
}

#[test]
fn modules_have_numbers_also_those_too_far_from_their_factor() {
    let power = [wanted("dc#_power", Unit::Watts, &[160], "DCW")];
    let strings = chain(&[(160, 168, 8)]);
    let (points, stretches) = resolve(&power, &strings);
    assert_eq!(
        places(&points)[..2],
        [
            ("dc1_power", 40_023, Some(40_006)),
            ("dc2_power", 40_043, Some(40_006))
        ]
    );
    assert_eq!(points.len(), 8, "the plan says why the last two have no value");
    assert_eq!((stretches[0].first, stretches[0].last), (40_002, 40_171));
}

#[test]
fn constant_factors_are_worked_into_the_scale() {
    let ambient = [wanted("ambient", Unit::Decicelsius, &[307], "TmpAmb")];
    let (points, _) = resolve(&ambient, &chain(&[(307, 11, 0)]));
    let scale = points[0].coding.scale;
    assert_eq!(
        scale,
        Scale {
            multiply: 10,
            divide: 10
        }
    );
    assert_eq!(points[0].factor_at, None);
}

#[test]
fn units_that_do_not_fit_and_points_that_are_not_there_bring_nothing() {
    let wrong = [
        wanted("power", Unit::Decivolts, &[103], "W"),
        wanted("power", Unit::Watts, &[103], "Watt"),
        wanted("power", Unit::Watts, &[60_000], "W"),
    ];
    assert_eq!(resolve(&wrong, &chain(&[(103, 50, 0)])).0, []);
}
