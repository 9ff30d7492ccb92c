//! The words on and of the flow picture.

use acts::look::PowerView;
use expect_test::{Expect, expect};

use super::{pictures, words};
use crate::home::samples::{afternoon, night, roof_silent, sunny};

fn check(power: &PowerView, wanted: &Expect) {
    let narrow = pictures(power).swap_remove(0);
    let mut told = format!("{}\n", words(power));
    for card in &narrow.cards {
        let level = card.level.as_deref().unwrap_or("none");
        told.push_str(&format!(
            "{} | {} | {} | {} | level {level}\n",
            card.class, card.label, card.figure, card.more
        ));
    }
    wanted.assert_eq(&told.replace('\u{a0}', " "));
}

#[test]
fn a_sunny_afternoon() {
    check(
        &sunny(afternoon().1),
        &expect![[r#"
        Energy now: 4.1 kW from the roof to the homes, 0.9 kW from the roof into the battery, 1.2 kW from the roof out to the street.
        card | Roof makes | 6.2 kW |  | level none
        card | Homes use | 4.1 kW | 100 % ours | level none
        card | Battery fills | 0.9 kW | 71 % full | level 64.08%
        card | Street takes | 1.2 kW | sent out | level none
    "#]],
    );
}

#[test]
fn a_night() {
    check(
        &night(afternoon().1),
        &expect![[r#"
            Energy now: 1.3 kW from the street to the homes.
            card | Roof | asleep |  | level none
            card | Street gives | 1.3 kW | bought | level none
            card | Homes use | 1.3 kW | 0 % ours | level none
            card | Battery | at rest | 10 % full | level 9.18%
        "#]],
    );
}

#[test]
fn a_battery_that_gives_and_sends_out() {
    let power = PowerView {
        charge_w: Some(0),
        discharge_w: Some(1_500),
        battery_to_use_w: Some(1_000),
        battery_to_street_w: Some(500),
        ..sunny(afternoon().1)
    };
    check(
        &power,
        &expect![[r#"
        Energy now: 4.1 kW from the roof to the homes, 0.9 kW from the roof into the battery, 1.2 kW from the roof out to the street, 1.0 kW from the battery to the homes, 0.5 kW from the battery out to the street.
        card | Roof makes | 6.2 kW |  | level none
        card | Battery gives | 1.5 kW | 71 % full | level 64.08%
        card | Homes use | 4.1 kW | 100 % ours | level none
        card | Street takes | 1.2 kW | sent out | level none
    "#]],
    );
}

#[test]
fn who_is_silent_says_no_word_and_the_others_say_what_they_know() {
    check(
        &roof_silent(afternoon().1),
        &expect![[r#"
            Energy now: no flow is known.
            card silent | Roof | no word |  | level none
            card silent | Homes | no word |  | level none
            card | Battery fills | 0.9 kW | 71 % full | level 64.08%
            card | Street takes | 1.2 kW | sent out | level none
        "#]],
    );
}

#[test]
fn a_house_without_battery_and_meter() {
    let power = PowerView {
        has_battery: false,
        has_grid: false,
        battery_permille: None,
        ..sunny(afternoon().1)
    };
    check(
        &power,
        &expect![[r#"
            Energy now: 4.1 kW from the roof to the homes, 0.9 kW from the roof into the battery, 1.2 kW from the roof out to the street.
            card | Roof makes | 6.2 kW |  | level none
            card silent | Homes | no word |  | level none
        "#]],
    );
}

#[test]
fn a_battery_that_gives_says_so_while_the_roof_is_silent() {
    let power = PowerView {
        charge_w: Some(0),
        discharge_w: Some(1_500),
        import_w: Some(300),
        export_w: Some(0),
        ..roof_silent(afternoon().1)
    };
    check(
        &power,
        &expect![[r#"
        Energy now: no flow is known.
        card silent | Roof | no word |  | level none
        card silent | Homes | no word |  | level none
        card | Battery gives | 1.5 kW | 71 % full | level 64.08%
        card | Street gives | 0.3 kW | bought | level none
    "#]],
    );
}

#[test]
fn a_full_battery_is_drawn_as_wide_as_its_level_is() {
    let full = |permille| PowerView {
        battery_permille: Some(permille),
        ..sunny(afternoon().1)
    };
    let drawn = [0, 505, 1_000, 1_001].map(|permille| {
        let mut all = pictures(&full(permille)).into_iter();
        let wide = all.next_back().expect("two pictures");
        wide.cards
            .into_iter()
            .find_map(|card| card.level)
            .expect("a level")
    });
    assert_eq!(drawn, ["0%", "45.45%", "90%", "90%"]);
}

#[test]
fn words_stay_within_their_cards() {
    let now = afternoon().1;
    for power in [sunny(now), night(now), roof_silent(now)] {
        for picture in pictures(&power) {
            for card in &picture.cards {
                assert!(card.label_y > card.y + 10, "{card:?}");
                let last = if card.level.is_some() {
                    card.level_y + 6
                } else {
                    card.more_y
                };
                assert!(last <= card.y + card.height - 2, "{card:?}");
            }
        }
    }
}
