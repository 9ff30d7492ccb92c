//! Energy of a year with both of its odd days: each period is the sum of its parts, and of the periods within it.

use acts::Actor;
use acts::look::{EnergyView, Look, TotalsView};
use energy::calendar::{Date, Kind, Period};
use energy::{Interval, Quality};
use proptest::prelude::*;
use store::Batch;
use units::{DeviceName, Flow, Instant, Span, WattHours};

use crate::scene::{HEAD, Scene, nothing_yet};

/// 2026-11-02 10:07 UTC, some time into a quarter.
const NOW: Instant = Instant::from_millis(1_793_614_020_000);
const DAY: i64 = 86_400_000;

const DEVICES: &str = r#"
[[device]]
name = "street"
bus = "cupboard"
unit = 1
profile = "eastron-sdm630"
role = "grid"
rated_power = 20000

[[device]]
name = "roof"
bus = "cupboard"
unit = 2
profile = "eastron-sdm630"
role = "production"
rated_power = 12000

[[device]]
name = "cell"
bus = "cupboard"
unit = 3
profile = "eastron-sdm230"
role = "battery"
rated_power = 5000
"#;

const FLOWS: [(&str, Flow); 5] = [
    ("street", Flow::Import),
    ("street", Flow::Export),
    ("roof", Flow::Production),
    ("cell", Flow::Charge),
    ("cell", Flow::Discharge),
];

/// A stretch of quarters from `back` days before now on: of each flow some energy, and some quarters of some flows missing.
fn filled(back: i64, days: i64, energies: &[i64], missing_every: usize) -> Scene {
    let scene = Scene::new(&format!("{HEAD}{DEVICES}"), nothing_yet(NOW), None);
    let mut batch = Batch::default();
    let begin = (NOW - Span::from_millis(back * DAY)).floor(Span::QUARTER);
    let end = NOW.min(begin + Span::from_millis(days * DAY));
    let mut start = begin;
    let mut place = 0_usize;
    while start < end {
        for (name, flow) in FLOWS {
            place += 1;
            if place.is_multiple_of(missing_every) {
                continue;
            }
            let quality = [Quality::Measured, Quality::Recovered, Quality::Estimated][place / 7 % 3];
            let interval = Interval::new(start, WattHours(energies[place % energies.len()]), quality);
            let name = DeviceName::parse(name).expect("a good name");
            batch.intervals.push((name, flow, interval));
        }
        start = start + Span::QUARTER;
    }
    scene.store.record_and_wait(batch).expect("it is stored");
    scene
}

/// The figures that are sums: those that may be unknown, and those that are always there.
fn sums(totals: &TotalsView) -> ([Option<i64>; 7], [i64; 9]) {
    let t = totals;
    (
        [
            t.production_wh,
            t.consumption_wh,
            t.import_wh,
            t.export_wh,
            t.charge_wh,
            t.discharge_wh,
            t.self_used_wh,
        ],
        [
            t.sun_to_use_wh,
            t.sun_to_battery_wh,
            t.sun_to_street_wh,
            t.battery_to_use_wh,
            t.battery_to_street_wh,
            t.street_to_use_wh,
            t.street_to_battery_wh,
            i64::from(t.quarters),
            i64::from(t.missing),
        ],
    )
}

/// The same of many, added up; unknown where all are.
fn added<'a>(parts: impl Iterator<Item = &'a TotalsView>) -> ([Option<i64>; 7], [i64; 9]) {
    let mut whole = ([None; 7], [0; 9]);
    for (known, always) in parts.map(sums) {
        for (sum, part) in whole.0.iter_mut().zip(known) {
            *sum = match (*sum, part) {
                (Some(sum), Some(part)) => Some(sum + part),
                (sum, part) => sum.or(part),
            };
        }
        for (sum, part) in whole.1.iter_mut().zip(always) {
            *sum += part;
        }
    }
    whole
}

fn of(look: &Look, kind: Kind, date: Date) -> EnergyView {
    look.energy(Period::holding(kind, date)).expect("it can be read")
}

/// The days from the first of this view until its end, or until today.
fn days_within(look: &Look, view: &EnergyView) -> Vec<EnergyView> {
    let mut date = look.place().zone.date_of(Instant::from_millis(view.from_ms));
    let mut days = Vec::new();
    loop {
        let day = of(look, Kind::Day, date);
        if day.from_ms >= view.until_ms {
            return days;
        }
        days.push(day);
        date = date.next();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    #[test]
    fn every_period_is_the_sum_of_its_parts_and_of_its_days(
        back in prop_oneof![0_i64..12, 216_i64..222, 0_i64..300],
        days in 1_i64..9,
        energies in proptest::collection::vec(0_i64..3_000, 3..40),
        missing_every in 2_usize..400,
        about in 0_i64..9,
    ) {
        let scene = filled(back, days, &energies, missing_every);
        let look = scene.acts.look(Actor::Visitor);
        let date = look.place().zone.date_of(NOW - Span::from_millis((back - about.min(back)) * DAY));
        for kind in [Kind::Day, Kind::Week, Kind::Month] {
            let view = of(&look, kind, date);
            prop_assert_eq!(added(view.parts.iter().map(|part| &part.totals)), sums(&view.totals), "{}", view.period);
            if kind != Kind::Day {
                let days = days_within(&look, &view);
                prop_assert_eq!(added(days.iter().map(|day| &day.totals)), sums(&view.totals), "{}", view.period);
                for (part, day) in view.parts.iter().zip(&days) {
                    prop_assert_eq!(&part.totals, &day.totals, "the bar of {} and its own page", day.period);
                }
            }
            prop_assert!(view.parts.windows(2).all(|pair| pair[0].to_ms == pair[1].from_ms));
            prop_assert!(view.parts.first().is_none_or(|part| part.from_ms == view.from_ms));
            prop_assert!(view.totals.missing <= view.totals.quarters);
            for share in [view.totals.self_consumption_permille, view.totals.self_sufficiency_permille] {
                prop_assert!(share.is_none_or(|share| share <= 1_000));
            }
        }
    }

    /// What is used has come from somewhere, and what was made went somewhere: in each complete part.
    #[test]
    fn the_routes_of_a_day_account_for_its_flows(energies in proptest::collection::vec(0_i64..3_000, 3..40), back in 1_i64..5) {
        let scene = filled(back + 1, 3, &energies, usize::MAX);
        let look = scene.acts.look(Actor::Visitor);
        let date = look.place().zone.date_of(NOW - Span::from_millis(back * DAY));
        for part in of(&look, Kind::Day, date).parts {
            let t = part.totals;
            let used = t.sun_to_use_wh + t.battery_to_use_wh + t.street_to_use_wh;
            prop_assert_eq!(Some(used), t.consumption_wh);
            prop_assert!(Some(t.sun_to_use_wh + t.sun_to_battery_wh + t.sun_to_street_wh) <= t.production_wh);
            prop_assert!(Some(t.street_to_use_wh + t.street_to_battery_wh) <= t.import_wh);
            prop_assert!(Some(t.battery_to_use_wh + t.battery_to_street_wh) <= t.discharge_wh);
            prop_assert!(Some(t.sun_to_battery_wh + t.street_to_battery_wh) <= t.charge_wh);
            prop_assert!(Some(t.sun_to_street_wh + t.battery_to_street_wh) <= t.export_wh);
        }
    }
}

/// Nobody has to know when the clocks change: a day has the quarters that it has.
#[test]
fn the_days_on_which_clocks_change_have_an_hour_less_and_one_more() {
    let scene = filled(300, 300, &[100], usize::MAX);
    let look = scene.acts.look(Actor::Visitor);
    for (day, quarters) in [("2026-03-29", 92), ("2026-10-25", 100), ("2026-10-26", 96)] {
        let view = look
            .energy(Period::parse(day).expect("a day"))
            .expect("it can be read");
        assert_eq!(view.parts.len(), quarters, "{day}");
        assert_eq!(
            view.totals.import_wh,
            i64::try_from(quarters).ok().map(|count| count * 100)
        );
        assert_eq!(view.totals.missing, 0);
    }
    let year = look
        .energy(Period::parse("2026").expect("a year"))
        .expect("it can be read");
    let months: Vec<EnergyView> = (1..=11)
        .map(|month| of(&look, Kind::Month, Date::new(2026, month, 1).expect("a day")))
        .collect();
    assert_eq!(
        added(months.iter().map(|month| &month.totals)),
        sums(&year.totals)
    );
    assert_eq!(year.parts.len(), 11, "December lies ahead");
}

#[test]
fn what_lies_ahead_or_before_all_time_is_empty_and_brings_nothing_down() {
    let scene = filled(2, 2, &[100], usize::MAX);
    let look = scene.acts.look(Actor::Visitor);
    for text in [
        "2026-11-03",
        "2027",
        "9999-12-31",
        "9999",
        "0001-01-01",
        "1970-01",
        "2026-W53",
    ] {
        let Ok(period) = Period::parse(text) else { continue };
        let view = look.energy(period).expect("it can be read");
        assert_eq!(view.totals.production_wh, None, "{text}");
        assert_eq!(
            added(view.parts.iter().map(|part| &part.totals)),
            sums(&view.totals),
            "{text}"
        );
        if view.from_ms > NOW.as_millis() {
            assert!(view.parts.is_empty() && view.next.is_none(), "{text}");
        }
    }
}
