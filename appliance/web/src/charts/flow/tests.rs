//! The flow picture: who stands where, how wide the bands are, and that nothing overlaps.

use expect_test::{Expect, expect};

use super::{ACROSS, Card, Flows, NARROW, Picture, Side, Thing, WIDE};

const ALL: [Thing; 4] = [Thing::Roof, Thing::Homes, Thing::Battery, Thing::Street];

fn sunny() -> Flows {
    Flows {
        sun_to_use: 4_100,
        sun_to_battery: 900,
        sun_to_street: 1_200,
        ..Flows::default()
    }
}

fn check(flows: &Flows, things: &[Thing], wanted: &Expect) {
    let picture = Picture::draw(flows, things, NARROW);
    let mut told = format!("height {}\n", picture.height);
    for Card {
        thing,
        side,
        y,
        height,
    } in &picture.cards
    {
        told.push_str(&format!("{side:?} {thing:?} {y}+{height}\n"));
    }
    for band in &picture.bands {
        told.push_str(&format!("{} {}\n", band.kind, band.path));
    }
    wanted.assert_eq(&told);
}

#[test]
fn a_sunny_noon() {
    check(
        &sunny(),
        &ALL,
        &expect![[r#"
            height 294
            Gives Roof 89+115
            Takes Homes 0+90
            Takes Battery 102+90
            Takes Street 204+90
            sun M0 99C50 99 50 20 91 20v-5L100 45L91 75v-5C50 70 50 149 0 149z
            into-battery M0 159C50 159 50 141 91 141v-5L100 146L91 157v-5C50 152 50 170 0 170z
            sent-out M0 180C50 180 50 242 91 242v-5L100 249L91 261v-5C50 256 50 194 0 194z
        "#]],
    );
}

#[test]
fn a_night_on_battery_and_street() {
    let flows = Flows {
        battery_to_use: 800,
        street_to_use: 450,
        ..Flows::default()
    };
    check(
        &flows,
        &ALL,
        &expect![[r#"
            height 294
            Gives Roof 0+90
            Gives Battery 102+90
            Gives Street 204+90
            Takes Homes 102+90
            from-battery M0 139C50 139 50 130 91 130v-5L100 137L91 150v-5C50 145 50 154 0 154z
            bought M0 245C50 245 50 155 91 155v-5L100 159L91 168v-5C50 163 50 253 0 253z
        "#]],
    );
}

#[test]
fn without_any_flow_the_things_stand_there_without_bands() {
    check(
        &Flows::default(),
        &ALL,
        &expect![[r#"
            height 294
            Gives Roof 102+90
            Takes Homes 0+90
            Takes Battery 102+90
            Takes Street 204+90
        "#]],
    );
    check(
        &Flows::default(),
        &[Thing::Homes],
        &expect![[r#"
            height 90
            Takes Homes 0+90
        "#]],
    );
}

#[test]
fn a_band_is_as_wide_as_its_power_until_the_picture_is_full() {
    let widths = |watts: i64| {
        let flows = Flows {
            sun_to_use: watts,
            ..Flows::default()
        };
        flows.streams(WIDE).first().map(|stream| stream.width)
    };
    let all = [0, 4, 5, 80, 400, 2_000, 4_000, 12_000, i64::MAX / 1_000].map(widths);
    assert_eq!(
        all,
        [
            None,
            None,
            Some(2),
            Some(2),
            Some(10),
            Some(50),
            Some(100),
            Some(100),
            Some(100)
        ]
    );
}

#[test]
fn cards_never_overlap_and_bands_stay_within_their_cards() {
    let watts = [0, 3, 60, 900, 7_000];
    for case in 0..125 {
        let [a, b, c] = [case % 5, case / 5 % 5, case / 25].map(|choice: usize| watts[choice]);
        let flows = [
            Flows {
                sun_to_use: a,
                sun_to_battery: b,
                sun_to_street: c,
                ..Flows::default()
            },
            Flows {
                sun_to_use: a,
                battery_to_use: b,
                street_to_use: c,
                ..Flows::default()
            },
            Flows {
                sun_to_use: a,
                street_to_use: b,
                street_to_battery: c,
                ..Flows::default()
            },
        ];
        for flows in flows {
            let picture = Picture::draw(&flows, &ALL, WIDE);
            for side in [Side::Gives, Side::Takes] {
                let column: Vec<&Card> = picture.cards.iter().filter(|card| card.side == side).collect();
                assert!(
                    column
                        .windows(2)
                        .all(|pair| pair[0].y + pair[0].height < pair[1].y),
                    "{flows:?}"
                );
                assert!(
                    column
                        .iter()
                        .all(|card| card.y >= 0 && card.y + card.height <= picture.height),
                    "{flows:?}"
                );
            }
            assert!(
                picture
                    .bands
                    .iter()
                    .all(|band| band.path.contains(&format!("L{ACROSS} ")))
            );
        }
    }
}
