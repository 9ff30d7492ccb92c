//! Derived figures: nothing is made from half a snapshot, and every route adds up.

use proptest::prelude::*;
use units::{Flow, Instant, Role, Span, WattHours, Watts};

use super::routes::route;
use super::{
    DeviceFlow, Known, PowerInputs, Routes, Source, Totals, Unknown, buckets, gather, ordinary, power_now,
};
use crate::{Interval, Quality};

fn at(quarter: i64) -> Instant {
    Instant::default() + Span::QUARTER.times(quarter)
}

fn fresh(watts: i64) -> Source {
    Source::Fresh {
        watts: Watts(watts),
        at: at(1),
    }
}

fn inputs(production: Source, grid: Source, battery: Source) -> PowerInputs {
    PowerInputs {
        production,
        grid,
        battery,
    }
}

fn series(flow: Flow, energies: &[i64]) -> DeviceFlow {
    let interval = |(index, energy): (i64, &i64)| {
        let quality = if *energy < 0 {
            Quality::Missing
        } else {
            Quality::Measured
        };
        Interval::new(at(index), WattHours(*energy), quality)
    };
    DeviceFlow {
        flow,
        since: None,
        intervals: (0..).zip(energies).map(interval).collect(),
    }
}

#[test]
fn the_sun_serves_the_house_then_the_battery_then_the_street() {
    let now = power_now(&inputs(fresh(5_000), fresh(-1_000), fresh(-1_500))).expect("all fresh");
    assert_eq!(
        (now.consumption, now.export, now.charge),
        (Watts(2_500), Watts(1_000), Watts(1_500))
    );
    let wanted = Routes {
        sun_to_use: Watts(2_500),
        sun_to_battery: Watts(1_500),
        sun_to_street: Watts(1_000),
        ..Routes::default()
    };
    assert_eq!(now.routes, wanted);
    assert_eq!((now.clamped, now.at), (None, Some(at(1))));
}

#[test]
fn in_the_evening_battery_and_street_help() {
    let now = power_now(&inputs(fresh(-8), fresh(300), fresh(700))).expect("all fresh");
    assert_eq!((now.production, now.consumption), (Watts(0), Watts(1_000)));
    assert_eq!(
        (now.routes.battery_to_use, now.routes.street_to_use),
        (Watts(700), Watts(300))
    );
}

#[test]
fn a_missing_input_is_named_and_nothing_is_guessed() {
    let old = Source::Stale { since: Some(at(0)) };
    let never = Source::judge(None, at(1), Span::MINUTE);
    let missing = power_now(&inputs(old, never, Source::Absent)).expect_err("two are missing");
    assert_eq!(
        missing,
        [
            Unknown {
                role: Role::Production,
                since: Some(at(0))
            },
            Unknown {
                role: Role::Grid,
                since: None
            },
        ]
    );
}

#[test]
fn a_use_below_zero_is_shown_as_zero_and_said() {
    let now = power_now(&inputs(fresh(100), fresh(-130), Source::Absent)).expect("all fresh");
    assert_eq!((now.consumption, now.clamped), (Watts(0), Some(Watts(30))));
    assert_eq!(
        now.routes.sun_to_street,
        Watts(100),
        "a route is never more than either of its ends"
    );
}

#[test]
fn devices_of_one_role_are_as_old_as_the_oldest() {
    let limit = Span::MINUTE;
    let new = Source::judge(Some((at(1), Watts(5))), at(1) + limit, limit);
    assert_eq!(new, fresh(5));
    let old = Source::judge(Some((at(0), Watts(5))), at(1), limit);
    assert_eq!(
        Source::join([new, old, new]),
        Source::Stale { since: Some(at(0)) }
    );
    assert_eq!(Source::join([new, fresh(7)]), fresh(12));
    assert_eq!(Source::join([]), Source::Absent);
    let back = Source::judge(Some((at(8), Watts(5))), at(1), limit);
    assert_eq!(
        back,
        Source::Stale { since: Some(at(8)) },
        "the clock went back: nobody knows how old it is"
    );
    let a_little = Source::judge(Some((at(1) + limit, Watts(5))), at(1), limit);
    assert!(matches!(a_little, Source::Fresh { .. }));
}

#[test]
fn a_quarter_with_a_hole_derives_nothing() {
    let devices = [
        series(Flow::Production, &[400, 300, 0]),
        series(Flow::Production, &[100, 100, 0]),
        series(Flow::Import, &[50, -1, 250]),
        series(Flow::Export, &[250, 0, 0]),
        series(Flow::Consumption, &[1, 1, 1]),
    ];
    let quarters = gather(at(0), at(4), &devices);
    assert_eq!(
        quarters[0].production,
        Known::Energy(WattHours(500), Quality::Measured)
    );
    assert_eq!(
        (quarters[1].import, quarters[3].import),
        (Known::Missing, Known::Missing)
    );
    let totals = Totals::of(&quarters);
    assert_eq!(
        totals.production,
        Some(WattHours(900)),
        "known, though not all of it can be derived from"
    );
    assert_eq!(totals.consumption, Some(WattHours(300 + 250)));
    assert_eq!(totals.self_used, Some(WattHours(250)));
    assert_eq!(
        (totals.self_consumption_permille, totals.self_sufficiency_permille),
        (Some(500), Some(454))
    );
    assert_eq!((totals.quarters, totals.missing), (4, 2));
    assert_eq!((totals.charge, totals.quality), (None, Some(Quality::Measured)));
}

#[test]
fn a_new_device_leaves_the_past_as_it_was() {
    let from_noon = |flow, energies: &[i64]| {
        let mut device = series(flow, energies);
        device.intervals.retain(|row| row.start >= at(2));
        device.since = Some(at(2) + Span::MINUTE);
        device
    };
    let devices = [
        series(Flow::Production, &[400, 300, 200, 100]),
        from_noon(Flow::Production, &[0, 0, 50, -1]),
        series(Flow::Import, &[10, 10, 10, 10]),
        from_noon(Flow::Charge, &[0, 0, 5, 5]),
    ];
    let quarters = gather(at(0), at(4), &devices);
    let morning = Totals::of(&quarters[..2]);
    assert_eq!((morning.production, morning.missing), (Some(WattHours(700)), 0));
    assert_eq!(
        (morning.charge, morning.consumption),
        (None, Some(WattHours(720)))
    );
    assert_eq!(
        quarters[2].production,
        Known::Energy(WattHours(250), Quality::Measured)
    );
    assert_eq!(quarters[3].production, Known::Missing, "it is there, and silent");
}

#[test]
fn before_the_first_meter_of_the_street_the_use_is_not_known() {
    let mut street = series(Flow::Import, &[0, 10]);
    street.intervals.remove(0);
    street.since = Some(at(1));
    let quarters = gather(at(0), at(2), &[series(Flow::Production, &[400, 300]), street]);
    assert_eq!(
        (quarters[0].import, quarters[0].production),
        (Known::Missing, Known::Energy(WattHours(400), Quality::Measured))
    );
    assert_eq!(Totals::of(&quarters).consumption, Some(WattHours(310)));
}

#[test]
fn a_quarter_that_has_just_begun_is_not_missing() {
    let devices = [series(Flow::Production, &[400, 3]), series(Flow::Import, &[10])];
    let running = Totals::of(&gather(at(0), at(1) + Span::MINUTE, &devices));
    assert_eq!((running.quarters, running.missing), (1, 0));
    assert_eq!(
        running.production,
        Some(WattHours(400)),
        "of all flows up to the same moment"
    );
    let over = Totals::of(&gather(at(0), at(2), &devices));
    assert_eq!((over.quarters, over.missing), (2, 1));
    let known = [series(Flow::Production, &[400, 3])];
    assert_eq!(
        Totals::of(&gather(at(0), at(1) + Span::MINUTE, &known)).quarters,
        2
    );
}

#[test]
fn a_house_without_meters_has_no_figures() {
    let totals = Totals::of(&gather(at(0), at(2), &[]));
    assert_eq!(
        totals,
        Totals {
            quarters: 2,
            missing: 2,
            ..Totals::default()
        }
    );
}

#[test]
fn buckets_hold_what_begins_in_them() {
    let devices = [series(Flow::Import, &[1, 2, 4, 8, 16])];
    let rows = buckets(
        &gather(at(0), at(5), &devices),
        &[at(0), at(2), at(2), at(5), at(9)],
    );
    let sums: Vec<_> = rows
        .iter()
        .map(|bucket| bucket.totals.import.map(|sum| sum.0))
        .collect();
    assert_eq!(sums, [Some(3), None, Some(28), None]);
    assert!(buckets(&[], &[at(0)]).is_empty());
}

#[test]
fn an_ordinary_day_is_the_middle_one() {
    let days = |energies: &[i64]| energies.iter().copied().map(WattHours).collect::<Vec<_>>();
    assert_eq!(ordinary(&days(&[1, 2, 3, 4])), None);
    assert_eq!(ordinary(&days(&[900, 1, 5, 3, 4])), Some(WattHours(4)));
    assert_eq!(ordinary(&days(&[900, 1, 5, 3, 4, 6])), Some(WattHours(4)));
}

proptest! {
    #[test]
    fn routes_use_up_what_balances(
        sun in 0_i64..9_000, import in 0_i64..9_000, export_share in 0_i64..=1_000,
        battery in -9_000_i64..9_000,
    ) {
        let (charge, discharge) = ((-battery).max(0).min(sun + import), battery.max(0));
        let export = (sun + discharge - (charge - import).max(0)).max(0) * export_share / 1_000;
        let consumption = sun + import + discharge - export - charge;
        prop_assume!(consumption >= 0);
        let routes = route([sun, import, export, charge, discharge, consumption]);
        prop_assert_eq!(routes.sun_to_use + routes.sun_to_battery + routes.sun_to_street, sun);
        prop_assert_eq!(routes.battery_to_use + routes.battery_to_street, discharge);
        prop_assert_eq!(routes.street_to_use + routes.street_to_battery, import);
        prop_assert_eq!(routes.sun_to_use + routes.battery_to_use + routes.street_to_use, consumption);
        prop_assert_eq!(routes.sun_to_battery + routes.street_to_battery, charge);
        prop_assert_eq!(routes.sun_to_street + routes.battery_to_street, export);
    }

    #[test]
    fn no_route_is_below_zero_or_beyond_its_ends(ends in proptest::array::uniform6(0_i64..9_000)) {
        let [sun, import, export, charge, discharge, consumption] = ends;
        let routes = route(ends);
        let pairs = [
            (routes.sun_to_use, sun, consumption),
            (routes.sun_to_battery, sun, charge),
            (routes.sun_to_street, sun, export),
            (routes.battery_to_use, discharge, consumption),
            (routes.battery_to_street, discharge, export),
            (routes.street_to_use, import, consumption),
            (routes.street_to_battery, import, charge),
        ];
        for (way, from, to) in pairs {
            prop_assert!(way >= 0 && way <= from && way <= to, "{:?}", routes);
        }
    }
}
