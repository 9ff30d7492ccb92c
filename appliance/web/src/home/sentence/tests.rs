//! The sentence at the top, case by case.

use acts::look::PowerView;
use expect_test::{Expect, expect};

use super::headline;
use crate::home::samples::{afternoon, night, roof_silent, sunny};

/// The sentence without the marks of its figures.
fn plain(power: &PowerView) -> String {
    let sentence = headline(power);
    let mut plain = String::new();
    let mut kind = false;
    for sign in sentence.chars() {
        match sign {
            '\u{2}' => kind = true,
            '\u{3}' => kind = false,
            '\u{4}' => {}
            '\u{a0}' if !kind => plain.push(' '),
            other if !kind => plain.push(other),
            _ => {}
        }
    }
    plain
}

fn check(cases: &[(&str, PowerView)], wanted: &Expect) {
    let told = cases
        .iter()
        .map(|(case, power)| format!("{case}: {}\n", plain(power)));
    wanted.assert_eq(&told.collect::<String>());
}

/// A sunny afternoon with these powers of use, street in and out, battery in and out.
fn flows([used, import, export, charge, discharge]: [i64; 5]) -> PowerView {
    PowerView {
        consumption_w: Some(used),
        import_w: Some(import),
        export_w: Some(export),
        charge_w: Some(charge),
        discharge_w: Some(discharge),
        ..sunny(afternoon().1)
    }
}

/// The same view, changed a little.
fn but(mut power: PowerView, change: fn(&mut PowerView)) -> PowerView {
    change(&mut power);
    power
}

#[test]
fn while_the_sun_shines() {
    let cases = [
        ("sun for all three", sunny(afternoon().1)),
        ("to the street", flows([4_080, 0, 2_100, 0, 0])),
        ("from the street", flows([8_000, 1_800, 0, 0, 0])),
        ("into the battery", flows([4_080, 0, 0, 2_130, 0])),
        ("out of the battery", flows([8_000, 0, 0, 0, 1_800])),
        ("battery and street give", flows([9_000, 1_800, 0, 0, 1_000])),
        ("street fills the battery", flows([6_210, 900, 0, 900, 0])),
        ("battery sends out", flows([4_080, 0, 3_000, 0, 900])),
        ("in balance", flows([6_210, 30, 0, 0, 20])),
    ];
    let wanted = expect![[r#"
        sun for all three: The roof makes 6.2 kW. The homes use 4.1 kW, 0.9 kW goes into the battery, and 1.2 kW out to the street.
        to the street: The roof makes 6.2 kW. The homes use 4.1 kW, and 2.1 kW goes out to the street.
        from the street: The roof makes 6.2 kW. The homes use 8.0 kW, and 1.8 kW of it comes from the street.
        into the battery: The roof makes 6.2 kW. The homes use 4.1 kW, and 2.1 kW goes into the battery.
        out of the battery: The roof makes 6.2 kW. The homes use 8.0 kW, and 1.8 kW of it comes out of the battery.
        battery and street give: The roof makes 6.2 kW. The homes use 9.0 kW: 1.0 kW from the battery and 1.8 kW from the street.
        street fills the battery: The roof makes 6.2 kW. The homes use 6.2 kW, 0.9 kW goes into the battery, and 0.9 kW comes from the street.
        battery sends out: The roof makes 6.2 kW. The homes use 4.1 kW, the battery gives 0.9 kW, and 3.0 kW goes out to the street.
        in balance: The roof makes 6.2 kW. The homes use 6.2 kW, and nothing comes from the street.
    "#]];
    check(&cases, &wanted);
}

#[test]
fn while_it_does_not_and_where_something_is_not_there() {
    let now = afternoon().1;
    let dark = but(night(now), |power| {
        (power.import_w, power.discharge_w) = (Some(0), Some(1_340));
    });
    let bare = but(sunny(now), |power| {
        (power.has_production, power.has_battery, power.has_grid) = (false, false, false);
    });
    let cases = [
        (
            "a cloudy moment",
            but(flows([1_200, 1_200, 0, 0, 0]), |power| {
                power.production_w = Some(3);
            }),
        ),
        ("night", night(now)),
        ("night on battery", dark),
        (
            "no meter to the street",
            but(sunny(now), |power| power.has_grid = false),
        ),
        ("no roof", but(night(now), |power| power.has_production = false)),
        ("nothing set up", bare),
    ];
    let wanted = expect![[r#"
        a cloudy moment: The roof makes nothing just now. The homes use 1.2 kW, all of it from the street.
        night: The roof is asleep. The homes use 1.3 kW, all of it from the street.
        night on battery: The roof is asleep. The homes use 1.3 kW, all of it from the battery.
        no meter to the street: The roof makes 6.2 kW. No meter stands between us and the street, so nobody knows what the homes use.
        no roof: The homes use 1.3 kW, all of it from the street.
        nothing set up: No meters are set up yet. A technician adds them to site.toml.
    "#]];
    check(&cases, &wanted);
}

#[test]
fn while_somebody_is_silent() {
    let now = afternoon().1;
    let silent = || roof_silent(now);
    let nobody = but(silent(), |power| {
        (power.import_w, power.export_w, power.charge_w, power.discharge_w) = (None, None, None, None);
    });
    let street = but(sunny(now), |power| {
        (power.import_w, power.export_w, power.consumption_w) = (None, None, None);
    });
    let battery = but(sunny(now), |power| {
        (power.charge_w, power.discharge_w, power.consumption_w) = (None, None, None);
    });
    let cases = [
        ("roof silent", silent()),
        (
            "roof silent, buying",
            but(silent(), |power| {
                (power.import_w, power.export_w) = (Some(700), Some(0));
            }),
        ),
        (
            "roof silent, nothing at the street",
            but(silent(), |power| power.export_w = Some(0)),
        ),
        ("street silent", street),
        ("battery silent", battery),
        ("nobody answers", nobody),
    ];
    let wanted = expect![[r#"
        roof silent: There is no word from the roof. 1.2 kW goes out to the street; what the homes use cannot be told.
        roof silent, buying: There is no word from the roof. 0.7 kW comes from the street; what the homes use cannot be told.
        roof silent, nothing at the street: There is no word from the roof. Nothing comes from the street or goes out to it; what the homes use cannot be told.
        street silent: The roof makes 6.2 kW. There is no word from the street’s meter, so nobody knows what the homes use.
        battery silent: The roof makes 6.2 kW. 1.2 kW goes out to the street; what the homes use cannot be told.
        nobody answers: There is no word from any meter just now.
    "#]];
    check(&cases, &wanted);
}
