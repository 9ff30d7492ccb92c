//! Counts that begin again, roll over, catch up or go on as another meter's.

use expect_test::expect;
use units::{Span, WattHours, Watts};

use super::{Bench, HOUSE};
use crate::{Identity, Limits, Quality, What, Why};

#[test]
fn a_reset_is_believed_after_it_has_grown() {
    let mut bench = Bench::new(HOUSE);
    // The last rise before has one witness only: the counter itself is gone.
    let end = bench.grow(5_000_000, 100, 30);
    let first = bench.tell(&[90]);
    let mut value = 90;
    let mut last = None;
    for _ in 0..40 {
        value += 100;
        let observed = bench.read(value);
        if matches!(observed.what, What::Reset { .. }) {
            last = Some(observed);
        }
    }
    bench.read(value);
    let reset = last.expect("it grew long enough");
    assert_eq!(reset.what, What::Reset { held: end, first: 90 });
    expect![[r#"
        90: the counter shows 90 Wh, less than the 5002900 Wh before; the earlier value is held
        the counter began again at 90 Wh; the count up to 5003000 Wh is kept
    "#]]
    .assert_eq(&(first + &format!("{}\n", reset.what)));
    assert_eq!(
        bench.booked,
        (end - 5_000_100) + value,
        "all before, and all since zero"
    );
}

#[test]
fn a_first_value_that_does_not_fit_is_no_energy() {
    let mut bench = Bench::new(HOUSE);
    let end = bench.grow(5_000_000, 100, 30);
    bench.read(end);
    let value = bench.grow(1_000_000, 100, 60);
    bench.read(value);
    assert_eq!(bench.booked, (end - 5_000_100) + (value - 1_000_100));
}

#[test]
fn another_meter_with_a_higher_start_books_no_jump() {
    for rise in [1, 10, 200] {
        let mut bench = Bench::new(HOUSE);
        let end = bench.grow(5_000_000, rise, 30);
        let value = bench.grow(7_000_000, rise, 600);
        bench.read(value);
        assert_eq!(
            bench.booked,
            (end - 5_000_000 - rise) + (value - 7_000_000 - rise)
        );
        assert_eq!(bench.counter.held().map(|held| held.0), Some(value));
    }
}

#[test]
fn a_last_value_that_nothing_supports_is_not_booked_at_a_reset() {
    let mut bench = Bench::new(HOUSE);
    let end = bench.grow(5_000_000, 100, 30);
    bench.read(end);
    // After an outage one reading proves nothing, and right then the counter begins again.
    bench.at = bench.at + Span::HOUR;
    bench.read(end + 9_000);
    let value = bench.grow(0, 100, 60);
    bench.read(value);
    assert_eq!(bench.booked, (end - 5_000_100) + value);
}

#[test]
fn a_gateway_that_was_frozen_for_hours_catches_up() {
    let mut bench = Bench::new(HOUSE);
    let value = bench.grow(5_000_000, 160, 30);
    for _ in 0..180 {
        bench.read(value);
    }
    let ticked = bench.at - Span::MINUTE.times(180);
    let mut now = value + 160 * 180;
    let mut caught_up = Vec::new();
    for _ in 0..40 {
        now += 160;
        let observed = bench.read(now);
        assert!(!matches!(observed.what, What::Exchanged { .. }));
        caught_up.extend(
            observed
                .steps
                .into_iter()
                .filter(|step| step.energy > WattHours(20_000)),
        );
    }
    bench.read(now);
    assert_eq!(bench.booked, now - 5_000_160);
    let [step] = caught_up[..] else {
        panic!("{caught_up:?}")
    };
    assert_eq!((step.from, step.quality), (ticked, Quality::Recovered));
    // Had it been wrong, the old value would come again: it is held, and not taken for a reset.
    assert!(matches!(bench.read(value + 160).what, What::Held { .. }));
}

#[test]
fn after_a_silence_too_much_is_another_meter() {
    let mut bench = Bench::new(HOUSE);
    let value = bench.grow(5_000_000, 160, 30);
    for _ in 0..180 {
        bench.read(value);
    }
    bench.at = bench.at + Span::MINUTE.times(10);
    let after = bench.grow(value + 28_000, 160, 60);
    bench.read(after);
    assert_eq!(bench.booked, (value - 5_000_160) + (after - value - 28_160));
}

#[test]
fn a_roll_over_is_believed_near_a_known_end_only() {
    let limits = Limits {
        modulus: Some(10_000_000),
        ..HOUSE
    };
    let mut bench = Bench::new(limits);
    bench.grow(9_999_000, 90, 10);
    let told = bench.tell(&[9_999_990, 60, 150, 240, 240]);
    expect![[r#"
        9999990: a rise of 90 Wh is confirmed
            -120 s to -60 s: 90 Wh, measured
        60: the counter shows 60 Wh, less than the 9999900 Wh before; the earlier value is held
        150: the counter shows 150 Wh, less than the 9999900 Wh before; the earlier value is held
        240: the counter came to its end at 10000000 Wh and went on from zero
            -240 s to -120 s: 160 Wh, measured
            -120 s to -0 s: 180 Wh, measured
        240: the counter stands still
            -60 s to -0 s: 0 Wh, measured
    "#]]
    .assert_eq(&told);
    assert_eq!(bench.booked, 10_000_240 - 9_999_090);

    let mut far = Bench::new(limits);
    far.grow(9_900_000, 90, 10);
    assert!(matches!(far.read(60).what, What::Held { .. }));
    far.grow(60, 90, 4);
    assert_eq!(
        far.booked,
        8 * 90,
        "far from its end this is no roll-over, and not yet a reset"
    );
}

#[test]
fn without_a_known_end_the_usual_ones_are_tried() {
    let mut bench = Bench::new(HOUSE);
    bench.step = 10;
    bench.grow(655_360 - 1_000, 100, 9);
    bench.tell(&[655_350, 90, 190, 290, 290]);
    assert_eq!(bench.booked, 655_360 + 290 - (655_360 - 900));
}

#[test]
fn a_glitch_to_one_beside_the_end_is_no_roll_over() {
    let mut bench = Bench::new(Limits {
        modulus: Some(10_000_000),
        ..HOUSE
    });
    let mut value = bench.grow(9_999_000, 10, 10);
    for _ in 0..20 {
        bench.read(1);
    }
    value = bench.grow(value, 10, 3);
    bench.read(value);
    assert_eq!(bench.booked, value - 9_999_010);
}

#[test]
fn another_meter_under_the_same_name_begins_anew() {
    let meter = |unit, serial| Identity::new(&["cellar", unit], &["sdm630", ""], serial);
    let mut bench = Bench::new(HOUSE);
    bench.counter.identify(meter("3", None));
    let end = bench.grow(30_000_000, 100, 30);
    bench.read(end);
    // Two days off, in which 500 kWh more are quite possible; and not one of them flowed here.
    bench.at = bench.at + Span::DAY.times(2);
    bench.counter.identify(meter("4", None));
    let what = bench.read(30_500_000).what;
    let (held, first) = (end, 30_500_000);
    assert_eq!(what, What::Exchanged { held, first });
    let value = bench.grow(30_500_000, 100, 30);
    bench.read(value);
    assert_eq!(bench.booked, (end - 30_000_100) + (value - 30_500_000));
}

#[test]
fn a_meter_that_tells_its_number_later_goes_on() {
    let meter = |bus, serial| Identity::new(&[bus, "3"], &["sdm630"], serial);
    let mut bench = Bench::new(HOUSE);
    let mut value = bench.grow(1_000, 100, 5);
    let steps = [
        ("cellar", None),
        ("cellar", Some("A1")),
        ("cellar", None),
        ("attic", Some("A1")),
    ];
    for (bus, serial) in steps {
        bench.counter.identify(meter(bus, serial));
        value = bench.grow(value, 100, 5);
    }
    bench.read(value);
    assert_eq!(bench.booked, value - 1_100);
    bench.counter.identify(meter("attic", Some("B2")));
    assert!(matches!(bench.read(value + 50).what, What::Exchanged { .. }));
}

#[test]
fn another_nameplate_counts_from_the_next_reading() {
    let mut bench = Bench::new(Limits {
        rated: Watts(5_000),
        ..HOUSE
    });
    let value = bench.grow(10_000, 80, 5);
    assert!(matches!(
        bench.read(value + 250).what,
        What::Dropped(Why::BeyondNameplate { .. })
    ));
    bench.counter.set_limits(HOUSE);
    let value = bench.grow(value + 250, 200, 5);
    bench.read(value);
    assert_eq!(bench.booked, value - 10_080);
}
