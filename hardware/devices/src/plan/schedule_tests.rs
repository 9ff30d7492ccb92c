//! The schedule against what a grid on paper says.

use proptest::prelude::*;
use units::Span;

use super::schedule::Schedule;
use crate::profile::Class;

const FAST: i64 = 1_000;
const SLOW: i64 = 7_000;

/// Two fast requests and three slow ones.
const CLASSES: [Class; 5] = [Class::Fast, Class::Fast, Class::Slow, Class::Slow, Class::Slow];

fn schedule() -> Schedule {
    Schedule::new(Span::from_millis(FAST), Span::from_millis(SLOW))
}

#[test]
fn fast_goes_first_and_a_round_is_read_in_order() {
    let mut schedule = schedule();
    let order: Vec<Option<usize>> = (0..6).map(|_| schedule.next(Span::ZERO, &CLASSES)).collect();
    assert_eq!(order, [Some(0), Some(1), Some(2), Some(3), Some(4), None]);
    assert!(schedule.is_between_rounds());
    assert_eq!(schedule.next_due(), Span::from_millis(FAST));
}

#[test]
fn a_period_of_nothing_is_a_millisecond() {
    let mut schedule = Schedule::new(Span::ZERO, Span::from_millis(-5));
    assert_eq!(schedule.next(Span::ZERO, &CLASSES[..1]), Some(0));
    assert_eq!(schedule.next(Span::ZERO, &CLASSES[..1]), None);
    assert_eq!(schedule.next_due(), Span::from_millis(1));
}

#[test]
fn without_requests_nothing_is_asked() {
    let mut schedule = schedule();
    assert_eq!(schedule.next(Span::from_millis(5), &[]), None);
    assert_eq!(schedule.next_due(), Span::from_millis(5 + FAST));
}

proptest! {
    #[test]
    fn an_idle_line_reads_each_round_once_at_its_time(ticks in 1_i64..60) {
        let mut schedule = schedule();
        let mut asked = [0_i64; 5];
        for tick in 0..ticks * 10 {
            while let Some(block) = schedule.next(Span::from_millis(tick * 100), &CLASSES) {
                asked[block] += 1;
            }
        }
        let last = ticks * 1_000 - 100;
        let rounds = |period: i64| last / period + 1;
        prop_assert_eq!(asked[..2].to_vec(), vec![rounds(FAST); 2]);
        prop_assert_eq!(asked[2..].to_vec(), vec![rounds(SLOW); 3]);
    }

    #[test]
    fn no_request_comes_more_often_than_its_period_and_all_of_them_come(
        latencies in prop::collection::vec(1_i64..3_000, 200),
    ) {
        let mut schedule = schedule();
        let mut asked: [Vec<i64>; 5] = Default::default();
        let mut now = 0;
        for latency in latencies {
            now = now.max(schedule.next_due().as_millis());
            if let Some(block) = schedule.next(Span::from_millis(now), &CLASSES) {
                asked[block].push(now);
                now += latency;
            }
        }
        for (block, class) in CLASSES.iter().enumerate() {
            let period = if *class == Class::Fast { FAST } else { SLOW };
            let rounds = i64::try_from(asked[block].len()).expect("few");
            // Rounds begin on the grid, so in any time there is at most one more than whole periods.
            prop_assert!(rounds <= now / period + 1, "{rounds} rounds of {block} in {now} ms");
            prop_assert!(rounds >= 10, "request {block} was asked {rounds} times");
        }
    }
}
