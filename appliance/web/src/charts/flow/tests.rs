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
        height 276
        Gives Roof 80+115
        Takes Homes 0+84
        Takes Battery 96+84
        Takes Street 192+84
        sun M0 90C50 90 50 17 91 17v-5L100 42L91 72v-5C50 67 50 140 0 140z
        into-battery M0 150C50 150 50 132 91 132v-5L100 137L91 148v-5C50 143 50 161 0 161z
        sent-out M0 171C50 171 50 227 91 227v-5L100 234L91 246v-5C50 241 50 185 0 185z
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
        height 276
        Gives Roof 0+84
        Gives Battery 96+84
        Gives Street 192+84
        Takes Homes 96+84
        from-battery M0 130C50 130 50 121 91 121v-5L100 128L91 141v-5C50 136 50 145 0 145z
        bought M0 230C50 230 50 146 91 146v-5L100 150L91 159v-5C50 154 50 238 0 238z
    "#]],
    );
}

#[test]
fn without_any_flow_the_things_stand_there_without_bands() {
    check(
        &Flows::default(),
        &ALL,
        &expect![[r#"
        height 276
        Gives Roof 96+84
        Takes Homes 0+84
        Takes Battery 96+84
        Takes Street 192+84
    "#]],
    );
    check(
        &Flows::default(),
        &[Thing::Homes],
        &expect![[r#"
        height 84
        Takes Homes 0+84
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
