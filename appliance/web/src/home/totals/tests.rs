//! Totals in words: comparisons, shares, and sentences for periods of every kind.

use acts::look::{EnergyView, OrdinaryView};
use expect_test::expect;

use super::{below, missing_note, sentence, totals};
use crate::home::samples::{afternoon, day, unknown};

fn sunny() -> EnergyView {
    let (zone, now) = afternoon();
    day(&zone, now).0
}

/// The same without its gap, so that it can be compared.
fn whole() -> EnergyView {
    let mut view = sunny();
    view.totals.missing = 0;
    view
}

fn told(view: &EnergyView) -> String {
    let all = totals(view).into_iter();
    let all = all.map(|total| format!("{}: {} ({})\n", total.label, total.figure, total.notes.join("; ")));
    let mut told = all.collect::<String>();
    let more: Vec<String> = below(view).into_iter().chain(missing_note(view)).collect();
    told.push_str(&more.join("\n"));
    told.replace('\u{a0}', " ")
}

#[test]
fn shares_of_one_whole_are_100_percent_together() {
    let mut view = whole();
    for share in 0..=1_000 {
        view.totals.self_consumption_permille = Some(share);
        view.totals.self_sufficiency_permille = Some(1_000 - share);
        // What the battery sends out and takes from the street is no part of either whole.
        view.totals.export_wh = Some(900_000);
        view.totals.import_wh = Some(900_000);
        let percent = |total: usize| {
            let all = totals(&view);
            let note = all[total].notes.last().expect("a share").clone();
            let number = note.split('\u{a0}').next().expect("a number");
            number.parse::<i64>().expect("whole percent")
        };
        assert_eq!(
            (percent(0) + percent(2), percent(1) + percent(3)),
            (100, 100),
            "{share}"
        );
    }
}

#[test]
fn a_sunny_day_with_a_gap_is_not_compared() {
    expect![[r#"
        Made by the roof: 53.3 kWh (70 % of it stayed here)
        Used in the building: 31.3 kWh (83 % of it from our own roof)
        Out to the street: 16.0 kWh (30 % of what the roof made)
        Bought: 5.5 kWh (17 % of what was used)
        The battery took 13.4 kWh and gave 2.0 kWh.
        45 minutes are missing; they are in no sum."#]]
    .assert_eq(&told(&sunny()));
}

#[test]
fn a_whole_day_is_compared_with_an_ordinary_one() {
    let usual = |made, used| {
        let ordinary = Some(OrdinaryView {
            production_wh: made,
            consumption_wh: used,
        });
        totals(&EnergyView { ordinary, ..whole() })[..2]
            .iter()
            .map(|total| total.notes[0].clone())
            .collect::<Vec<String>>()
    };
    let view = whole();
    let (made, used) = (
        view.totals.production_wh.expect("known"),
        view.totals.consumption_wh.expect("known"),
    );
    let cases = [
        usual(Some(made - 6_000), Some(used + 2_000)),
        usual(Some(made + 499), Some(used - used / 25)),
        usual(None, None),
    ];
    expect![[r#"
        6.0 kWh more than on an ordinary day by now
        2.0 kWh less than on an ordinary day by now
        about as much as on an ordinary day by now
        about as much as on an ordinary day by now
        70 % of it stayed here
        83 % of it from our own roof"#]]
    .assert_eq(&cases.concat().join("\n").replace('\u{a0}', " "));
}

#[test]
fn nothing_known_and_nothing_made() {
    let mut view = sunny();
    view.totals = unknown();
    expect![[r#"
        Made by the roof: not known ()
        Used in the building: not known ()
        Out to the street: not known ()
        Bought: not known ()
        15 minutes are missing; they are in no sum."#]]
    .assert_eq(&told(&view));
    let mut view = whole();
    view.totals.production_wh = Some(0);
    assert!(!told(&view).contains("stayed here"));
}

#[test]
fn each_period_has_its_sentence() {
    let past = EnergyView {
        until_ms: sunny().to_ms,
        ..whole()
    };
    let mut roof_only = past.clone();
    (
        roof_only.totals.consumption_wh,
        roof_only.totals.self_sufficiency_permille,
    ) = (None, None);
    let mut no_roof = past.clone();
    no_roof.totals.production_wh = None;
    let mut nothing = past.clone();
    nothing.totals = unknown();
    let ahead = EnergyView {
        until_ms: past.from_ms,
        ..past.clone()
    };
    let all =
        [&sunny(), &past, &roof_only, &no_roof, &nothing, &ahead].map(|view| sentence(view, "June 2026"));
    let plain = all
        .join("\n")
        .replace(['\u{2}', '\u{3}', '\u{4}'], "*")
        .replace('\u{a0}', " ");
    expect![[r#"
        June 2026 so far: the roof made *sun*53.3 kWh* and the homes used *use*31.3 kWh*, 83 % of it our own.
        June 2026: the roof made *sun*53.3 kWh* and the homes used *use*31.3 kWh*, 83 % of it our own.
        June 2026: the roof made *sun*53.3 kWh*. What the homes used is not known.
        June 2026: the homes used *use*31.3 kWh*.
        Nothing is known of June 2026.
        June 2026 lies ahead."#]]
    .assert_eq(&plain);
}

#[test]
fn a_quarter_that_has_only_just_begun_is_not_missing() {
    let mut view = whole();
    let last = view.parts.len() - 1;
    view.parts[last].totals = unknown();
    view.totals.missing = 1;
    assert!(!told(&view).contains("missing"), "{}", told(&view));
}
