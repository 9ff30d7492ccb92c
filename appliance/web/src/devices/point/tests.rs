//! Values of a device: with and without one, and that every reason and quantity has words.

use acts::look::PointView;
use expect_test::expect;
use units::{NoValue, Quantity};

use super::{PointRow, name, quantity, reason_words};

/// A value, one that was damaged, and one that was never asked for.
pub(in crate::devices) fn samples() -> Vec<PointView> {
    let point = |name: &str, quantity: &str, shown: Option<&str>, why: Option<NoValue>| PointView {
        channel: format!("grid-meter/{name}"),
        point: name.to_owned(),
        quantity: quantity.to_owned(),
        unit: "decivolts".to_owned(),
        shown: shown.map(str::to_owned),
        value: shown.map(|_| 2_301),
        why: why.map(|why| why.name().to_owned()),
        why_words: why.map(|why| why.to_string()),
        at_ms: (shown.is_some() || why.is_some()).then_some(1_781_615_398_000),
        registers: "input 0x0000, 2 words".to_owned(),
        raw: if shown.is_some() {
            vec!["4366".to_owned(), "199a".to_owned()]
        } else {
            Vec::new()
        },
        meaning: "float32, high word first".to_owned(),
        source: "the maker's description <3>, checked".to_owned(),
    };
    vec![
        point("voltage_l1", "voltage", Some("230.1 V"), None),
        PointView {
            value: Some(4),
            ..point("state", "state", Some("4"), None)
        },
        point("power", "power", None, Some(NoValue::Garbled)),
        point("energy_import", "energy-forward", None, None),
    ]
}

#[test]
fn each_value_says_why_it_is_what_it_is() {
    let (_, now) = crate::home::samples::afternoon();
    let told = samples().into_iter().map(|point| {
        let row = PointRow::of(&point, "sunspec-inverter", now);
        format!(
            "{}: {} ({}, {}) {}\n",
            row.name, row.value, row.class, row.age, row.why
        )
    });
    expect![[r#"
        Voltage L1: 230.1 V (known, 2 seconds ago) The device sent 4366 199a. Read as float32, high word first, that is 230.1 V.
        State: makes all it can (4) (known, 2 seconds ago) The device sent 4366 199a. Read as float32, high word first, that is makes all it can (4).
        Power: – (unknown, 2 seconds ago) The answer was damaged, or was the answer to another question. It was thrown away.
        Energy import: – (unknown, never read) It has not been asked yet.
    "#]].assert_eq(&told.collect::<String>().replace('\u{a0}', " "));
}

#[test]
fn the_names_of_lines_are_written_as_people_write_them() {
    let names = ["power_l3", "dc1_power", "power-dc", "energy_import", "level"].map(name);
    assert_eq!(
        names,
        ["Power L3", "DC1 power", "Power DC", "Energy import", "Level"]
    );
}

#[test]
fn every_reason_and_every_quantity_has_words() {
    let unknown = reason_words("unknown");
    let named: Vec<String> = (1..=11)
        .map(|code| reason_words(NoValue::from_code(code, 0).name()))
        .collect();
    assert!(
        named
            .iter()
            .all(|words| *words != unknown && !words.starts_with('[')),
        "{named:?}"
    );
    let other = quantity("other");
    for each in Quantity::all().filter(|each| *each != Quantity::Other) {
        assert_ne!(quantity(each.name()), other, "{each}");
    }
}
