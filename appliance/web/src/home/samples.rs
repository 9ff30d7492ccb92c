//! A sunny Tuesday in June to try pages with: a gap before dawn, a stretch that the counters filled in, a battery
//! that fills by noon. Made by small formulas, so that every run shows the same.

use acts::look::{BucketView, EnergyView, OrdinaryView, PowerView, TotalsView};
use energy::calendar::{Kind, Period, Zone};
use units::{Instant, Span};

/// Tuesday 16 June 2026, 14:10 in London.
pub(crate) fn afternoon() -> (Zone, Instant) {
    (
        Zone::parse("Europe/London").expect("a zone of the world"),
        Instant::from_millis(1_781_615_400_000),
    )
}

/// The roof makes 6.2 kW; most is used, some stored, some sent out.
pub(crate) fn sunny(now: Instant) -> PowerView {
    PowerView {
        at_ms: now.as_millis(),
        measured_ms: Some(now.as_millis() - 2_000),
        production_w: Some(6_210),
        consumption_w: Some(4_080),
        import_w: Some(0),
        export_w: Some(1_210),
        charge_w: Some(920),
        discharge_w: Some(0),
        sun_to_use_w: Some(4_080),
        sun_to_battery_w: Some(920),
        sun_to_street_w: Some(1_210),
        battery_to_use_w: Some(0),
        battery_to_street_w: Some(0),
        street_to_use_w: Some(0),
        street_to_battery_w: Some(0),
        battery_permille: Some(712),
        has_production: true,
        has_battery: true,
        has_grid: true,
        roof_asleep: false,
        roof_draws_w: None,
        missing: Vec::new(),
    }
}

/// Before dawn: the battery is empty, everything is bought, the inverter draws a little.
pub(crate) fn night(now: Instant) -> PowerView {
    PowerView {
        production_w: Some(0),
        consumption_w: Some(1_340),
        import_w: Some(1_340),
        export_w: Some(0),
        charge_w: Some(0),
        sun_to_use_w: Some(0),
        sun_to_battery_w: Some(0),
        sun_to_street_w: Some(0),
        street_to_use_w: Some(1_340),
        battery_permille: Some(102),
        roof_asleep: true,
        roof_draws_w: Some(3),
        ..sunny(now)
    }
}

/// The roof has been silent for five minutes; the street's meter and the battery answer.
pub(crate) fn roof_silent(now: Instant) -> PowerView {
    let since = now - Span::from_secs(300);
    PowerView {
        measured_ms: None,
        production_w: None,
        consumption_w: None,
        sun_to_use_w: None,
        sun_to_battery_w: None,
        sun_to_street_w: None,
        battery_to_use_w: None,
        battery_to_street_w: None,
        street_to_use_w: None,
        street_to_battery_w: None,
        missing: vec![(
            "Roof".to_owned(),
            Some(since.as_millis()),
            "no answer in time".to_owned(),
        )],
        ..sunny(now)
    }
}

/// The day of that afternoon, up to then.
pub(crate) fn day(zone: &Zone, now: Instant) -> (EnergyView, Period) {
    let period = Period::holding(Kind::Day, zone.date_of(now));
    let (from, to) = period.bounds(zone);
    let quarters = (0..96).map(|index| quarter(index, from + Span::QUARTER.times(index)));
    let parts: Vec<BucketView> = quarters.filter(|part| part.from_ms < now.as_millis()).collect();
    let ordinary = OrdinaryView {
        production_wh: Some(26_400),
        consumption_wh: Some(24_600),
    };
    (view(period, (from, to, now), parts, Some(ordinary)), period)
}

/// A period whose parts have these sums.
pub(crate) fn view(
    period: Period,
    (from, to, now): (Instant, Instant, Instant),
    parts: Vec<BucketView>,
    ordinary: Option<OrdinaryView>,
) -> EnergyView {
    EnergyView {
        period: period.to_string(),
        kind: match period.kind() {
            Kind::Day => "day",
            Kind::Week => "week",
            Kind::Month => "month",
            Kind::Year => "year",
        },
        from_ms: from.as_millis(),
        to_ms: to.as_millis(),
        until_ms: to.min(now).as_millis(),
        previous: period.previous().to_string(),
        next: None,
        totals: sum(&parts),
        parts,
        ordinary,
    }
}

/// Nothing is known of a part with one quarter.
pub(crate) fn unknown() -> TotalsView {
    TotalsView {
        production_wh: None,
        consumption_wh: None,
        import_wh: None,
        export_wh: None,
        charge_wh: None,
        discharge_wh: None,
        self_used_wh: None,
        missing: 1,
        ..known([0; 5], 0, "missing")
    }
}

/// What a part with one quarter knows: used from sun, battery, street; into the battery; out to the street.
pub(crate) fn known(layers: [i64; 5], street_to_battery: i64, quality: &'static str) -> TotalsView {
    let [sun, battery, bought, stored, out] = layers;
    let (made, used) = (sun + stored - street_to_battery + out, sun + battery + bought);
    let permille =
        |part: i64, whole: i64| (whole > 0).then(|| u16::try_from(part * 1_000 / whole).expect("a share"));
    TotalsView {
        production_wh: Some(made),
        consumption_wh: Some(used),
        import_wh: Some(bought + street_to_battery),
        export_wh: Some(out),
        charge_wh: Some(stored),
        discharge_wh: Some(battery),
        self_used_wh: Some(made - out),
        sun_to_use_wh: sun,
        sun_to_battery_wh: stored - street_to_battery,
        sun_to_street_wh: out,
        battery_to_use_wh: battery,
        battery_to_street_wh: 0,
        street_to_use_wh: bought,
        street_to_battery_wh: street_to_battery,
        self_consumption_permille: permille(made - out, made),
        self_sufficiency_permille: permille(sun + battery, used),
        quality,
        causes: Vec::new(),
        time: Some("network"),
        quarters: 1,
        missing: 0,
    }
}

/// One quarter of the sunny day.
fn quarter(index: i64, from: Instant) -> BucketView {
    let totals = match index {
        21..24 => unknown(),
        _ => known(
            energies(index),
            0,
            if (42..45).contains(&index) {
                "recovered"
            } else {
                "measured"
            },
        ),
    };
    BucketView {
        from_ms: from.as_millis(),
        to_ms: (from + Span::QUARTER).as_millis(),
        totals,
    }
}

/// Watt-hours of a quarter, layer by layer: the sun from five to nine, use in the morning and at noon.
fn energies(index: i64) -> [i64; 5] {
    let wobble = (index * 7_919 + 13) % 97;
    let hill = |middle: i64, half: i64, top: i64| {
        let away = (index - middle).abs();
        if away >= half {
            0
        } else {
            top * (half * half - away * away) / (half * half)
        }
    };
    let sun = (hill(52, 32, 2_350) - wobble * hill(52, 32, 6)).max(0);
    let used = 290 + wobble + hill(30, 8, 640) + hill(51, 7, 720) + hill(77, 10, 900);
    let direct = sun.min(used);
    let (spare, lack) = (sun - direct, used - direct);
    let stored = if index < 50 { spare.min(750) } else { spare.min(60) };
    let from_battery = if index < 6 { lack } else { 0 };
    [direct, from_battery, lack - from_battery, stored, spare - stored]
}

fn sum(parts: &[BucketView]) -> TotalsView {
    let all = |pick: fn(&TotalsView) -> i64| parts.iter().map(|part| pick(&part.totals)).sum::<i64>();
    let layers = [
        all(|totals| totals.sun_to_use_wh),
        all(|totals| totals.battery_to_use_wh),
        all(|totals| totals.street_to_use_wh),
        all(|totals| totals.sun_to_battery_wh + totals.street_to_battery_wh),
        all(|totals| totals.sun_to_street_wh),
    ];
    TotalsView {
        quarters: parts.iter().map(|part| part.totals.quarters).sum(),
        missing: parts.iter().map(|part| part.totals.missing).sum(),
        ..known(layers, all(|totals| totals.street_to_battery_wh), "recovered")
    }
}
