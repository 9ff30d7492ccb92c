//! Clocks that stand, go back, run ahead or were never set: nothing is booked twice, and outages lie where they were.

use expect_test::expect;
use proptest::prelude::*;
use units::{Instant, Span};

use super::{Bench, HOUSE};
use crate::{Clock, Quality};

#[test]
fn a_clock_that_goes_back_books_nothing_twice() {
    let mut bench = Bench::new(HOUSE);
    bench.grow(1000, 100, 5);
    bench.at = bench.at - Span::HOUR;
    let told = bench.tell(&[1600, 1700, 1800, 1800]);
    expect![[r#"
        1600: the box's clock went back by 3540 s; this reading only marks the new time
        1700: a rise of 300 Wh waits for the next reading to agree
        1800: a rise of 300 Wh is confirmed
            -180 s to -60 s: 300 Wh, recovered
        1800: a rise of 100 Wh is confirmed
            -120 s to -60 s: 100 Wh, recovered
            -60 s to -0 s: 0 Wh, recovered
    "#]]
    .assert_eq(&told);
    assert_eq!(bench.booked, 1800 - 1100);
    bench.at = bench.at + Span::DAY.times(365);
    bench.grow(1800, 100, 5);
    bench.at = bench.at - Span::DAY.times(365);
    let value = bench.grow(2300, 100, 5);
    bench.read(value);
    assert_eq!(bench.booked, value - 1100);
}

#[test]
fn a_box_that_wakes_with_a_stale_clock_still_recovers_the_outage() {
    let mut bench = Bench::new(HOUSE);
    bench.every = Span::from_secs(5);
    let value = bench.grow(500_000, 15, 30);
    // Three hours without power; the clock goes on where it stopped, and is set right after two minutes.
    let value = bench.grow(value + 30_000, 15, 24);
    bench.at = bench.at + Span::HOUR.times(3);
    let value = bench.grow(value, 15, 30);
    bench.read(value);
    assert_eq!(bench.booked, value - 500_015);
}

/// Off at 10:59; the clock wakes at 10:01, and is set right two minutes later, at 13:01.
#[test]
fn an_outage_lies_behind_what_was_measured_though_the_clock_woke_before_it() {
    let mut bench = Bench::new(HOUSE);
    bench.every = Span::from_secs(5);
    let value = bench.grow(500_000, 7, 30);
    let last = bench.read(value);
    let off = bench.at;
    assert_eq!(last.steps.last().map(|step| step.to), Some(off));
    bench.at = off - Span::MINUTE.times(58);
    let value = bench.grow(value + 10_000, 7, 24);
    bench.at = off + Span::MINUTE.times(122);
    let (mut value, mut recovered) = (value, 0);
    for _ in 0..30 {
        value += 7;
        for step in bench.read(value).steps {
            assert!(step.from >= off, "{step:?} begins before {off}");
            if step.quality == Quality::Recovered {
                recovered += step.energy.0;
            }
        }
    }
    bench.read(value);
    assert_eq!(bench.booked, value - 500_007);
    assert!(recovered >= 10_000, "{recovered}");
}

#[test]
fn time_that_is_lived_twice_is_not_called_measured() {
    let mut bench = Bench::new(HOUSE);
    let value = bench.grow(1_000, 100, 60);
    bench.at = bench.at - Span::MINUTE.times(30);
    let mut value = value;
    let mut qualities = Vec::new();
    for _ in 0..40 {
        value += 100;
        let steps = bench.read(value).steps;
        qualities.extend(steps.first().map(|step| step.quality == Quality::Measured));
    }
    assert_eq!(qualities.iter().filter(|measured| !**measured).count(), 24);
    assert_eq!(qualities.last(), Some(&true));
}

/// Ahead for a few minutes, and then an outage across the moment up to which that clock had booked.
#[test]
fn a_clock_that_was_ahead_squeezes_no_energy_behind_its_times() {
    let mut bench = Bench::new(HOUSE);
    let value = bench.grow(1_000, 100, 10);
    bench.at = bench.at + Span::HOUR.times(18);
    let value = bench.grow(value + 100, 100, 10);
    bench.at = bench.at - Span::HOUR.times(18);
    let value = bench.grow(value, 100, 5);
    bench.at = bench.at + Span::HOUR.times(18);
    let mut value = value + 108_000;
    for _ in 0..40 {
        value += 100;
        for step in bench.read(value).steps {
            let most = HOUSE.allowed(step.to.since(step.from), 1);
            assert!(step.energy <= most, "{step:?}");
        }
    }
}

#[test]
fn a_clock_far_ahead_spoils_no_later_year() {
    let mut bench = Bench::new(HOUSE);
    let value = bench.grow(1_000, 100, 10);
    let right = bench.at;
    bench.at = right + Span::DAY.times(5_000);
    let value = bench.grow(value, 100, 3);
    bench.at = right;
    let value = bench.grow(value, 100, 10);
    let steps = bench.read(value + 100).steps;
    assert_eq!(steps.first().map(|step| step.quality), Some(Quality::Measured));
}

/// Sixty hours without power; the clock goes on where it stopped, and a time server is heard of only after long.
#[test]
fn an_unsure_clock_gives_an_outage_time_to_show() {
    for readings in [24, 100, 1_000, 12_000] {
        let mut bench = Bench::new(HOUSE);
        bench.every = Span::from_secs(5);
        let value = bench.grow(500_000, 15, 30);
        bench.counter.set_clock(Clock::Unsure);
        let value = bench.grow(value + 120_000, 15, readings);
        bench.at = bench.at + Span::HOUR.times(60);
        bench.counter.set_clock(Clock::Sure);
        let value = bench.grow(value, 15, 30);
        bench.read(value);
        assert_eq!(bench.booked, value - 500_015, "{readings} readings");
    }
}

#[test]
fn a_box_that_never_learns_the_time_believes_another_meter_after_a_day() {
    let mut bench = Bench::new(HOUSE);
    bench.counter.set_clock(Clock::Unsure);
    let end = bench.grow(500_000, 15, 30);
    bench.read(end);
    let value = bench.grow(7_000_000, 15, 1_500);
    bench.read(value);
    assert_eq!(bench.booked, (end - 500_015) + (value - 7_000_015));
}

#[test]
fn a_clock_in_1970_fills_no_past() {
    let mut bench = Bench::new(HOUSE);
    bench.at = Instant::from_millis(5_000);
    let value = bench.grow(1000, 100, 5);
    bench.at = Instant::from_millis(1_781_000_000_000);
    let told = bench.tell(&[value + 100, value + 200, value + 300, value + 300]);
    expect![[r#"
        1600: the box has found the time; this reading only marks it
        1700: a rise of 300 Wh waits for the next reading to agree
        1800: a rise of 300 Wh is confirmed
            -180 s to -60 s: 300 Wh, measured
        1800: a rise of 100 Wh is confirmed
            -120 s to -60 s: 100 Wh, measured
            -60 s to -0 s: 0 Wh, measured
    "#]]
    .assert_eq(&told);
    assert_eq!(bench.booked, 700);
}

proptest! {
    /// Whatever the clock does between close readings and gaps, no gap is filled before the moment up to which
    /// energy was booked, unless it needs that time.
    #[test]
    fn no_step_begins_before_the_frontier_it_crosses(
        moves in proptest::collection::vec((-20_000_i64..20_000, 0_i64..60, 1_u32..80), 1..8)
    ) {
        let mut bench = Bench::new(HOUSE);
        let mut value = bench.grow(1_000_000, 50, 40);
        let mut frontier = bench.counter.memory().frontier;
        for (seconds, power, readings) in moves {
            bench.at = bench.at + Span::from_secs(seconds);
            value += seconds.max(0) / 60 * power;
            for _ in 0..readings {
                value += power;
                for step in bench.read(value).steps {
                    let crosses = step.to > frontier && step.from < frontier;
                    let fits = step.energy <= HOUSE.allowed(step.to.since(frontier), 1);
                    prop_assert!(!(crosses && fits && step.quality == Quality::Recovered), "{step:?} {frontier}");
                    frontier = frontier.max(step.to);
                }
            }
        }
    }
}
