//! The table as a whole, and spots of it that other projects confirm.

use std::collections::BTreeSet;

use expect_test::expect;

use super::{Factor, Place, all, model, scales};
use crate::coding::Kind;

#[test]
fn all_models_are_there_and_in_order() {
    let ids: Vec<u16> = all().iter().map(|model| model.id).collect();
    assert_eq!(ids.len(), 112);
    assert!(ids.is_sorted_by(|one, other| one < other));
    assert_eq!(all().iter().map(|model| model.points.len()).sum::<usize>(), 3722);
    assert_eq!(model(104), None);
}

#[test]
fn points_follow_each_other_without_holes() {
    for model in all() {
        let mut next = 0;
        for fact in &model.points {
            assert_eq!(fact.offset, next, "{} {}", model.id, fact.name);
            assert_eq!(fact.kind.words(), fact.size, "{} {}", model.id, fact.name);
            next = fact.offset + fact.size;
        }
        let end = model
            .group
            .map_or(model.length + 2, |group| group.start + group.length);
        assert_eq!(next, end, "{}", model.id);
        assert!(model.group.is_none_or(|group| group.start == model.length + 2));
    }
}

#[test]
fn scale_factors_that_the_definitions_name_but_do_not_have() {
    let named: BTreeSet<String> = include_str!("../../sunspec/models.tsv")
        .lines()
        .scan("", |id, line| {
            *id = line
                .strip_prefix('=')
                .map_or(*id, |head| head.split('\t').next().unwrap_or(""));
            Some((*id, line))
        })
        .filter(|(_, line)| !line.starts_with(['#', '=']))
        .filter_map(|(id, line)| {
            let columns: Vec<&str> = line.split('\t').collect();
            let factor = columns.get(4).filter(|text| !text.is_empty())?;
            let fact = model(id.parse().ok()?)?.point(columns[0])?;
            (fact.factor == Factor::None).then(|| format!("{id} {} {factor}", columns[0]))
        })
        .collect();
    expect![[""]].assert_eq(&named.into_iter().collect::<Vec<_>>().join("\n"));
}

/// Places that solaredge-modbus and evcc use too.
#[test]
fn places_that_other_projects_confirm() {
    for (id, name, offset, kind, factor, unit) in [
        (1, "SN", 50, Kind::Text(16), None, ""),
        (103, "W", 14, Kind::I16, Some(15), "W"),
        (103, "WH", 24, Kind::Acc32, Some(26), "Wh"),
        (103, "TmpSnk", 34, Kind::I16, Some(37), "C"),
        (103, "St", 38, Kind::Enum16, None, ""),
        (113, "W", 22, Kind::Float32, None, "W"),
        (120, "WRtg", 3, Kind::U16, Some(4), "W"),
        (124, "ChaState", 8, Kind::U16, Some(22), "% AhrRtg"),
        (160, "DCW", 21, Kind::U16, Some(4), "W"),
        (203, "W", 18, Kind::I16, Some(22), "W"),
        (203, "TotWhExp", 38, Kind::Acc32, Some(54), "Wh"),
        (203, "TotWhImp", 46, Kind::Acc32, Some(54), "Wh"),
        (802, "SoC", 11, Kind::U16, Some(56), "%WHRtg"),
        (802, "W", 47, Kind::I16, Some(63), "W"),
    ] {
        let fact = model(id).and_then(|model| model.point(name)).expect(name);
        let at = match fact.factor {
            Factor::Point { offset, .. } => Some(offset),
            _ => None,
        };
        assert_eq!(
            (fact.offset, fact.kind, at, fact.unit),
            (offset, kind, factor, unit),
            "{id} {name}"
        );
    }
    let location = model(305)
        .and_then(|model| model.point("Lat"))
        .expect("a point with a constant");
    assert_eq!(location.factor, Factor::Constant(-7));
}

#[test]
fn repetitions_follow_from_the_length_that_a_device_says() {
    let strings = model(160).expect("model 160");
    let group = strings.group.expect("a repeating group");
    assert_eq!(
        (group.start, group.length, group.count_point),
        (10, 20, Some("N"))
    );
    assert_eq!(
        [8, 48, 49, 88].map(|length| strings.repeats(length)),
        [0, 2, 2, 4]
    );
    assert_eq!(strings.point("DCW").map(|fact| fact.place), Some(Place::Repeated));
    assert_eq!(model(103).map(|model| model.repeats(50)), Some(0));
}

#[test]
fn units_fit_the_units_they_are() {
    assert_eq!(
        scales::fitting("Pct")
            .iter()
            .map(|unit| unit.name())
            .collect::<Vec<_>>(),
        ["permille", "millifactor"]
    );
    assert!(scales::fitting("% VRef").is_empty());
}
