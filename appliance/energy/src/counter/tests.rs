//! Single cases of the counter rule, each a thing that happened to somebody: what it says, and what it books.

mod clock;
mod meters;

use expect_test::{Expect, expect};
use units::{Instant, Number, Span, WattHours, Watts};

use super::{Counter, Identity, Limits, Memory, Observed, What, Why};
use crate::Quality;

/// A house of 12 kW, read once a minute, with a counter of 1 Wh: 240 Wh a minute are allowed, and 3.
struct Bench {
    counter: Counter,
    at: Instant,
    every: Span,
    step: i64,
    booked: i64,
}

const HOUSE: Limits = Limits {
    rated: Watts(12_000),
    modulus: None,
};

impl Bench {
    fn new(limits: Limits) -> Self {
        Self {
            counter: Counter::new(limits),
            at: Instant::from_millis(1_781_000_000_000),
            every: Span::MINUTE,
            step: 1,
            booked: 0,
        }
    }

    fn read(&mut self, value: i64) -> Observed {
        self.at = self.at + self.every;
        let number = Number {
            value,
            step: self.step,
        };
        let bytes = self.counter.memory().to_bytes();
        let kept = Memory::from_bytes(&bytes).expect("own bytes");
        assert_eq!(&kept, self.counter.memory());
        self.counter.memory = kept;
        let observed = self.counter.observe(self.at, number);
        for step in &observed.steps {
            assert!(
                step.energy >= WattHours(0) && step.from <= step.to && step.to <= self.at,
                "{step:?}"
            );
        }
        self.booked += observed.steps.iter().map(|step| step.energy.0).sum::<i64>();
        observed
    }

    /// So many readings that grow by `rise` each; gives the last value.
    fn grow(&mut self, mut value: i64, rise: i64, times: u32) -> i64 {
        for _ in 0..times {
            value += rise;
            self.read(value);
        }
        value
    }

    fn tell(&mut self, values: &[i64]) -> String {
        let mut told = String::new();
        for value in values {
            let observed = self.read(*value);
            told += &format!("{value}: {}\n", observed.what);
            for step in &observed.steps {
                let (from, to) = (
                    self.at.since(step.from).as_secs(),
                    self.at.since(step.to).as_secs(),
                );
                told += &format!(
                    "    -{from} s to -{to} s: {}, {}\n",
                    step.energy,
                    step.quality.name()
                );
            }
        }
        told
    }
}

fn check(values: &[i64], expect: &Expect) {
    expect.assert_eq(&Bench::new(HOUSE).tell(values));
}

#[test]
fn a_rise_is_booked_when_the_next_reading_agrees() {
    check(
        &[1000, 1000, 1050, 1050, 1100, 1160, 1160],
        &expect![[r#"
            1000: the first reading; counting starts here
            1000: the counter stands still
                -920 s to -60 s: 0 Wh, estimated
                -60 s to -0 s: 0 Wh, measured
            1050: a rise of 50 Wh waits for the next reading to agree
            1050: a rise of 50 Wh is confirmed
                -180 s to -60 s: 50 Wh, measured
                -60 s to -0 s: 0 Wh, measured
            1100: a rise of 50 Wh waits for the next reading to agree
            1160: a rise of 50 Wh is confirmed
                -180 s to -120 s: 1 Wh, measured
                -120 s to -60 s: 49 Wh, measured
            1160: a rise of 60 Wh is confirmed
                -120 s to -60 s: 60 Wh, measured
                -60 s to -0 s: 0 Wh, measured
        "#]],
    );
}

#[test]
fn a_glitch_upward_is_contradicted() {
    check(
        &[1000, 1000, 1200, 1005, 1005, 1_000_000, 1010, 1010],
        &expect![[r#"
            1000: the first reading; counting starts here
            1000: the counter stands still
                -920 s to -60 s: 0 Wh, estimated
                -60 s to -0 s: 0 Wh, measured
            1200: a rise of 200 Wh waits for the next reading to agree
            1005: 1200 Wh was shown, and the next reading shows that it was wrong
            1005: a rise of 5 Wh is confirmed
                -240 s to -60 s: 5 Wh, measured
                -60 s to -0 s: 0 Wh, measured
            1000000: a rise of 998995 Wh is more than the 483 Wh that the rated power allows; if this goes on, check the rated power
            1010: a rise of 5 Wh waits for the next reading to agree
            1010: a rise of 5 Wh is confirmed
                -240 s to -60 s: 5 Wh, measured
                -60 s to -0 s: 0 Wh, measured
        "#]],
    );
}

#[test]
fn a_rise_after_an_outage_needs_more_than_one_witness() {
    let mut bench = Bench::new(HOUSE);
    bench.grow(1000, 5, 3);
    bench.every = Span::HOUR;
    let mut told = bench.tell(&[6000]);
    bench.every = Span::MINUTE;
    told += &bench.tell(&[6000, 6000, 6010, 6010]);
    expect![[r#"
        6000: a rise of 5 Wh is confirmed
            -3660 s to -3600 s: 5 Wh, measured
        6000: a rise of 4985 Wh waits for the next reading to agree
        6000: a rise of 4985 Wh waits for the next reading to agree
        6010: a rise of 4985 Wh is confirmed
            -3780 s to -180 s: 4985 Wh, recovered
            -180 s to -60 s: 0 Wh, measured
        6010: a rise of 10 Wh is confirmed
            -240 s to -60 s: 10 Wh, measured
            -60 s to -0 s: 0 Wh, measured
    "#]]
    .assert_eq(&told);
}

#[test]
fn a_glitch_after_an_outage_is_dropped() {
    let mut bench = Bench::new(HOUSE);
    bench.grow(1000, 5, 3);
    bench.every = Span::HOUR;
    let mut told = bench.tell(&[9000]);
    bench.every = Span::MINUTE;
    told += &bench.tell(&[9000, 9000, 3000, 3010, 3010]);
    expect![[r#"
        9000: a rise of 5 Wh is confirmed
            -3660 s to -3600 s: 5 Wh, measured
        9000: a rise of 7985 Wh waits for the next reading to agree
        9000: a rise of 7985 Wh waits for the next reading to agree
        3000: 9000 Wh was shown, and the next reading shows that it was wrong
        3010: a rise of 1985 Wh is confirmed
            -3840 s to -60 s: 1985 Wh, recovered
        3010: a rise of 10 Wh is confirmed
            -120 s to -60 s: 10 Wh, measured
            -60 s to -0 s: 0 Wh, measured
    "#]]
    .assert_eq(&told);
    assert_eq!(bench.booked, 3010 - 1005);
}

/// Case 1 of the facts: to 0, to 1, to 90.1 % and 89.9 %, and the same upward; 1 to 20 readings long, frozen or
/// following the true value.
#[test]
fn glitches_change_nothing() {
    for permille in [0, 1, 899, 901, 999, 1001, 1099, 1101, 2000] {
        for length in 1..=20 {
            for follows in [0, 1] {
                let mut bench = Bench::new(HOUSE);
                let start = 53_700_000;
                let mut value = bench.grow(start, 150, 40);
                let seen = value;
                for _ in 0..length {
                    value += 150;
                    let from = if follows == 1 { value } else { seen };
                    bench.read(if permille == 1 { 1 } else { from * permille / 1000 });
                }
                value = bench.grow(value, 150, 60);
                bench.read(value);
                bench.read(value);
                let wanted = value - start - 150;
                assert_eq!(
                    bench.booked, wanted,
                    "{permille} permille, {length} readings, {follows}"
                );
            }
        }
    }
}

#[test]
fn a_counter_that_is_asleep_holds_its_total() {
    let mut bench = Bench::new(HOUSE);
    let value = bench.grow(5_000_000, 10, 30);
    for _ in 0..8 * 60 {
        assert!(matches!(bench.read(0).what, What::Held { shown: 0, .. }));
    }
    bench.grow(value, 10, 3);
    bench.read(value + 30);
    assert_eq!(bench.booked, value + 30 - 5_000_010);
}

#[test]
fn coarse_ticks_are_spread_over_the_time_since_the_last() {
    let mut bench = Bench::new(HOUSE);
    bench.step = 1000;
    bench.grow(50_000, 0, 5);
    bench.read(51_000);
    for _ in 0..20 {
        bench.read(51_000);
    }
    expect![[r#"
        52000: a rise of 1000 Wh waits for the next reading to agree
        52000: a rise of 1000 Wh is confirmed
            -1320 s to -60 s: 1000 Wh, measured
            -60 s to -0 s: 0 Wh, measured
    "#]]
    .assert_eq(&bench.tell(&[52_000, 52_000]));
    for _ in 0..200 {
        bench.read(52_000);
    }
    expect![[r#"
        53000: a rise of 1000 Wh waits for the next reading to agree
        53000: a rise of 1000 Wh is confirmed
            -3660 s to -60 s: 1000 Wh, measured
            -60 s to -0 s: 0 Wh, measured
    "#]]
    .assert_eq(&bench.tell(&[53_000, 53_000]));
}

#[test]
fn a_fine_counter_that_starts_after_a_rest_has_not_flowed_before() {
    let mut bench = Bench::new(HOUSE);
    bench.grow(50_000, 100, 5);
    for _ in 0..600 {
        bench.read(50_500);
    }
    expect![[r#"
        50683: a rise of 183 Wh waits for the next reading to agree
        50866: a rise of 183 Wh is confirmed
            -3660 s to -120 s: 1 Wh, measured
            -120 s to -60 s: 182 Wh, measured
        51049: a rise of 183 Wh is confirmed
            -120 s to -60 s: 183 Wh, measured
        51049: a rise of 183 Wh is confirmed
            -120 s to -60 s: 183 Wh, measured
            -60 s to -0 s: 0 Wh, measured
    "#]]
    .assert_eq(&bench.tell(&[50_683, 50_866, 51_049, 51_049]));
}

#[test]
fn a_lazy_counter_keeps_its_spread() {
    let mut bench = Bench::new(HOUSE);
    let mut value = bench.grow(50_000, 100, 5);
    for _ in 0..3 {
        for _ in 0..10 {
            bench.read(value);
        }
        value += 60;
    }
    expect![[r#"
        50680: a rise of 60 Wh waits for the next reading to agree
        50680: a rise of 60 Wh is confirmed
            -660 s to -60 s: 60 Wh, measured
            -60 s to -0 s: 0 Wh, measured
    "#]]
    .assert_eq(&bench.tell(&[value, value]));
}

#[test]
fn a_tick_is_never_spread_over_an_outage_before_it() {
    let mut bench = Bench::new(HOUSE);
    bench.grow(50_000, 100, 5);
    bench.every = Span::from_secs(1_200);
    let mut told = bench.tell(&[50_500]);
    bench.every = Span::MINUTE;
    told += &bench.tell(&[50_500, 50_510, 50_510]);
    expect![[r#"
        50500: a rise of 100 Wh is confirmed
            -1260 s to -1200 s: 100 Wh, measured
        50500: the counter stands still
        50510: the counter stands still
            -1320 s to -120 s: 0 Wh, recovered
            -120 s to -60 s: 0 Wh, measured
        50510: a rise of 10 Wh is confirmed
            -180 s to -60 s: 10 Wh, measured
            -60 s to -0 s: 0 Wh, measured
    "#]]
    .assert_eq(&told);
}

#[test]
fn a_lazy_counter_may_save_up_for_minutes() {
    let mut bench = Bench::new(HOUSE);
    bench.every = Span::SECOND;
    let mut value = 80_000;
    for _ in 0..10 {
        value += 400;
        for _ in 0..120 {
            bench.read(value);
        }
    }
    assert_eq!(bench.booked, value - 80_400);
}

#[test]
fn two_readings_of_one_moment_are_one() {
    let mut bench = Bench::new(HOUSE);
    bench.grow(1000, 10, 2);
    bench.every = Span::ZERO;
    assert_eq!(bench.read(1030).what, What::Dropped(Why::SameMoment));
    assert_eq!(bench.read(-5).what, What::Dropped(Why::BelowZero));
}

#[test]
fn a_trial_of_a_newer_version_is_dropped_and_the_count_goes_on() {
    let mut bench = Bench::new(HOUSE);
    let value = bench.grow(5_000, 100, 5);
    bench.read(5);
    let known = bench.counter.memory().clone();
    assert!(known.trial.is_some());
    let mut fields = crate::bytes::fields(&known.to_bytes()).expect("own bytes");
    for (_, integers) in fields.iter_mut().filter(|field| field.0 == 4) {
        integers[0] = 9;
    }
    let trial = None;
    assert_eq!(Memory::read(&fields), Ok(Memory { trial, ..known }));
    bench.counter.memory = Memory::read(&fields).expect("just read");
    let value = bench.grow(value, 100, 5);
    bench.read(value);
    assert_eq!(bench.booked, value - 5_100);
}

#[test]
fn a_field_may_grow_by_integers_at_its_end() {
    let mut bench = Bench::new(HOUSE);
    bench
        .counter
        .identify(Identity::new(&["cellar", "3"], &["sdm630"], None));
    bench.grow(5_000, 100, 5);
    let known = bench.counter.memory();
    let mut fields = crate::bytes::fields(&known.to_bytes()).expect("own bytes");
    for (_, integers) in &mut fields {
        integers.extend([7, 8]);
    }
    assert_eq!(
        Memory::read(&fields).as_ref(),
        Ok(known),
        "a newer version's are left out"
    );
    // What the first version wrote opens for ever.
    let first = [(1, vec![1_000]), (2, vec![50, 0, 0, 0, 24, 3, 50, 50])];
    assert!(Memory::read(&first).is_ok());
}

#[test]
fn numbers_at_the_end_of_the_range_do_no_harm() {
    for limits in [
        HOUSE,
        Limits {
            rated: Watts(i64::MAX),
            modulus: Some(i64::MAX),
        },
    ] {
        let mut bench = Bench::new(limits);
        for value in [
            i64::MAX,
            0,
            i64::MAX - 1,
            i64::MIN,
            5,
            i64::MAX,
            i64::MAX,
            7,
            8,
            9,
            i64::MAX,
        ] {
            for step in [1, i64::MAX, i64::MIN] {
                bench.step = step;
                bench.read(value);
            }
        }
    }
}

#[test]
fn a_float_counter_may_tremble_by_its_step() {
    let mut bench = Bench::new(HOUSE);
    bench.step = 8;
    for value in [100_000_000, 100_000_008, 100_000_000, 100_000_008, 100_000_000] {
        bench.read(value);
    }
    bench.read(100_000_016);
    bench.read(100_000_016);
    assert_eq!(bench.booked, 16);
}

#[test]
fn the_quality_says_how_close_the_readings_were() {
    let mut bench = Bench::new(HOUSE);
    bench.grow(1000, 10, 3);
    bench.every = Span::from_secs(181);
    let quality = |observed: Observed| observed.steps.first().map(|step| step.quality);
    assert_eq!(
        quality(bench.read(1040)),
        Some(Quality::Measured),
        "1030 came in time"
    );
    assert_eq!(
        quality(bench.read(1050)),
        Some(Quality::Recovered),
        "1040 came late"
    );
}

/// A reading every minute, a little late each time, and now and then one that is lost.
#[test]
fn a_lost_poll_is_no_outage() {
    let mut bench = Bench::new(HOUSE);
    let mut value = bench.grow(1000, 10, 10);
    for gap in [60_003, 120_005, 60_002, 60_001, 125_000, 60_003] {
        bench.every = Span::from_millis(gap);
        value += 10;
        for step in bench.read(value).steps {
            assert_eq!(step.quality, Quality::Measured, "{step:?}");
        }
    }
    for gap in [60_000, 120_005] {
        bench.every = Span::from_millis(gap);
        bench.read(value);
    }
    assert_eq!(
        bench.read(value).steps.len(),
        1,
        "a counter that stands is written down at once"
    );
}
