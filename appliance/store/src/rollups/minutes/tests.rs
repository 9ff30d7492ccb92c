//! Minutes beside brute force: every millisecond of a day looked at by itself.

use proptest::prelude::*;
use units::NoValue;

use super::{HELD, IN_A_DAY, Minutes, joined};
use crate::rollups::sums::Sums;
use crate::rollups::{DAY, Energy, MINUTE};

type Point = (i64, Result<i64, NoValue>);

const START: i64 = 20_000 * DAY;

fn outcome() -> impl Strategy<Value = Result<i64, NoValue>> {
    prop_oneof![
        6 => (-3_000_i64..9_000).prop_map(Ok),
        1 => any::<i64>().prop_map(Ok),
        1 => (1_u8..13, 0_u8..4).prop_map(|(code, detail)| Err(NoValue::from_code(code, detail))),
    ]
}

/// Readings of a few hours, some close together, some far apart, from before the day on.
fn points() -> impl Strategy<Value = Vec<Point>> {
    let step = prop_oneof![6 => 1_i64..15_000, 2 => 15_000_i64..400_000, 1 => 400_000_i64..9_000_000];
    (
        START - 2 * HELD..START + DAY - 4 * HELD,
        prop::collection::vec((step, outcome()), 0..150),
    )
        .prop_map(|(mut at, steps)| {
            let mut points = Vec::new();
            for (step, outcome) in steps {
                at += step;
                points.push((at, outcome));
            }
            points.retain(|point| point.0 < START + DAY);
            points
        })
}

fn minutes(points: &[Point], energy: Energy) -> Vec<Sums> {
    let mut minutes = Minutes::new(START, energy);
    points
        .iter()
        .for_each(|(at, outcome)| minutes.take(*at, *outcome));
    minutes.finish()
}

/// What flowed from `from` to `to`, in watts times milliseconds.
fn work(points: &[Point], from: i64, to: i64) -> i128 {
    let ends = points.iter().skip(1).map(|point| point.0).chain([i64::MAX]);
    let each = points.iter().zip(ends).map(|((at, outcome), next)| {
        let begin = (*at).max(from);
        let end = next.min(at + HELD).min(to);
        i128::from(outcome.unwrap_or(0)) * i128::from((end - begin).max(0))
    });
    each.sum()
}

/// By how much the counter rose in readings of this stretch.
fn rise(points: &[Point], from: i64, to: i64) -> i128 {
    let known: Vec<(i64, i64)> = points
        .iter()
        .filter_map(|(at, outcome)| Some((*at, outcome.ok()?)))
        .collect();
    let steps = known.windows(2).filter(|pair| (from..to).contains(&pair[1].0));
    steps
        .map(|pair| (i128::from(pair[1].1) - i128::from(pair[0].1)).max(0))
        .sum()
}

fn clamped(value: i128) -> i64 {
    i64::try_from(value).unwrap_or(if value < 0 { i64::MIN } else { i64::MAX })
}

fn brute(points: &[Point], from: i64, to: i64, energy: Energy) -> Sums {
    let inside: Vec<Result<i64, NoValue>> = points
        .iter()
        .filter(|(at, _)| (from..to).contains(at))
        .map(|(_, outcome)| *outcome)
        .collect();
    let values: Vec<i64> = inside.iter().filter_map(|outcome| outcome.ok()).collect();
    Sums {
        min: values.iter().copied().min().unwrap_or(0),
        max: values.iter().copied().max().unwrap_or(0),
        sum: values.iter().map(|value| i128::from(*value)).sum(),
        count: u64::try_from(values.len()).expect("few"),
        reason: inside
            .last()
            .and_then(|last| last.err())
            .filter(|_| values.is_empty()),
        energy: match energy {
            Energy::Not => 0,
            Energy::Power => {
                let until = |at| work(points, START, at).div_euclid(3_600);
                clamped(until(to) - until(from))
            }
            Energy::Counter => clamped(rise(points, from, to) * 1_000),
        },
    }
}

proptest! {
    #[test]
    fn minutes_and_quarters_are_what_brute_force_says(points in points(), kind in 0..3_usize) {
        let energy = [Energy::Not, Energy::Power, Energy::Counter][kind];
        let minutes = minutes(&points, energy);
        prop_assert_eq!(minutes.len(), IN_A_DAY);
        let calm = points.iter().all(|point| point.1.is_ok_and(|value| value.abs() < 1 << 40) || point.1.is_err());
        for (index, minute) in (0_i64..).zip(&minutes) {
            let from = START + index * MINUTE;
            let brute = brute(&points, from, from + MINUTE, energy);
            // Several rises that do not fit stop at what does, whatever comes after.
            if calm || energy != Energy::Counter {
                prop_assert_eq!(*minute, brute, "minute {}", index);
            }
        }
        if calm {
            let quarters = joined(&minutes, 15);
            for (index, quarter) in (0_i64..).zip(&quarters) {
                let from = START + index * 15 * MINUTE;
                prop_assert_eq!(*quarter, brute(&points, from, from + 15 * MINUTE, energy), "quarter {}", index);
            }
            prop_assert_eq!(Sums::of(&quarters), brute(&points, START, START + DAY, energy));
        }
    }
}

#[test]
fn a_steady_power_is_exact_and_nothing_is_guessed_in_a_gap() {
    let points: Vec<Point> = (0..1_440)
        .map(|minute| (START + minute * MINUTE, Ok(1_000)))
        .collect();
    let whole = Sums::of(&minutes(&points, Energy::Power));
    assert_eq!(whole.energy, 24_000_000, "24 kWh in thousandths of a watt-hour");
    let alone = minutes(&[(START + 30_000, Ok(1_200))], Energy::Power);
    let energies: Vec<i64> = alone.iter().take(5).map(|minute| minute.energy).collect();
    assert_eq!(
        energies,
        [10_000, 20_000, 20_000, 10_000, 0],
        "three minutes at 1.2 kW"
    );
    let ended = [(START, Ok(1_200)), (START + 60_000, Err(NoValue::NoAnswer))];
    assert_eq!(
        Sums::of(&minutes(&ended, Energy::Power)).energy,
        20_000,
        "a failure ends it"
    );
}

#[test]
fn what_was_read_before_the_day_counts_for_energy_alone() {
    let before = [(START - 60_000, Ok(1_200))];
    let day = minutes(&before, Energy::Power);
    assert_eq!((day[0].energy, day[1].energy, day[2].energy), (20_000, 20_000, 0));
    assert_eq!(day[0].count, 0);
    let counter = [
        (START - 3_600_000, Ok(500)),
        (START + 1, Ok(507)),
        (START + 2, Ok(3)),
        (START + 3, Ok(4)),
    ];
    assert_eq!(
        minutes(&counter, Energy::Counter)[0].energy,
        8_000,
        "a counter that begins anew takes nothing back"
    );
}
