//! How long the box waits for a device and how often it tries a silent one: laws that hold whatever a device did before.

use std::collections::VecDeque;

use bus::Patience;
use proptest::prelude::*;
use units::Span;

/// What a device may do next.
#[derive(Debug, Clone, Copy)]
enum Deed {
    /// It answers after so many milliseconds.
    Answers(i64),
    /// Nothing comes, and the attempt took so many milliseconds.
    Silent(i64),
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let answers = prop_oneof![0_i64..60, 0_i64..4_000].prop_map(Deed::Answers);
    proptest::collection::vec(
        prop_oneof![3 => answers, 1 => (1_i64..9_000).prop_map(Deed::Silent)],
        0..200,
    )
}

fn ms(millis: i64) -> Span {
    Span::from_millis(millis)
}

/// A device with this behind it, and the moment at which that ended.
fn after(mut patience: Patience, past: &[Deed]) -> (Patience, Span) {
    let mut now = Span::ZERO;
    for deed in past {
        now = now + Span::SECOND;
        match deed {
            Deed::Answers(latency) => patience.answered(ms(*latency)),
            Deed::Silent(cost) => patience.silent(now, ms(*cost)),
        }
    }
    (patience, now)
}

proptest! {
    #[test]
    fn the_wait_stays_within_its_bounds_and_a_silence_never_shortens_it(worst in 1_i64..10_000, past in deeds()) {
        let mut patience = Patience::new(ms(worst));
        let mut now = Span::ZERO;
        for deed in past {
            now = now + Span::SECOND;
            let before = patience.wait();
            match deed {
                Deed::Answers(latency) => {
                    patience.answered(ms(latency));
                    prop_assert_eq!((patience.silences(), patience.not_before()), (0, Span::ZERO));
                }
                Deed::Silent(cost) => {
                    let silences = patience.silences();
                    patience.silent(now, ms(cost));
                    prop_assert_eq!(patience.silences(), silences + 1);
                    prop_assert!(patience.wait() >= before);
                }
            }
            prop_assert!((ms(100)..=ms(worst.max(500))).contains(&patience.wait()));
        }
    }

    /// Behind a gateway that becomes busy, a quick device becomes slow; it must not be taken for dead for ever.
    #[test]
    fn a_device_that_answers_within_its_worst_is_heard_again_after_a_few_attempts(
        worst in 500_i64..10_000,
        past in deeds(),
        part in 1_i64..=1_000,
    ) {
        let (mut patience, mut now) = after(Patience::new(ms(worst)), &past);
        let needed = ms((worst * part / 1_000).max(2));
        let mut lost = 0;
        while patience.wait() < needed {
            lost += 1;
            prop_assert!(lost <= 7, "{needed:?} is needed, and {:?} is all it gets", patience.wait());
            now = now.max(patience.not_before()) + patience.wait();
            patience.silent(now, patience.wait());
        }
        for _ in 0..20 {
            patience.answered(needed);
            prop_assert!(patience.wait() >= needed, "lost again");
        }
    }

    #[test]
    fn only_the_third_silence_in_a_row_brings_a_pause_and_it_is_measured_by_the_cost(
        past in deeds(),
        costs in proptest::collection::vec(1_i64..9_000, 1..12),
    ) {
        for (fresh, longest) in [(Patience::new(Span::SECOND), 120), (Patience::alone(Span::SECOND), 20)] {
            let (mut patience, mut now) = after(fresh, &past);
            patience.answered(ms(20));
            for (silences, cost) in (1..).zip(&costs) {
                now = now + Span::MINUTE;
                patience.silent(now, ms(*cost));
                let pause = ms(cost * 50).min(Span::from_secs(longest));
                let wanted = if silences > 2 { now + pause } else { Span::ZERO };
                prop_assert_eq!(patience.not_before(), wanted);
            }
        }
    }

    #[test]
    fn a_device_that_dies_costs_a_fiftieth_of_the_hour_whatever_was_before(past in deeds(), worst in 500_i64..1_200) {
        let (mut patience, begin) = after(Patience::new(ms(worst)), &past);
        patience.answered(ms(20));
        let (mut now, mut spent) = (begin, Span::ZERO);
        while now - begin < Span::HOUR {
            let cost = patience.wait() + ms(worst);
            now = now.max(patience.not_before()) + cost;
            spent = spent + cost;
            patience.silent(now, cost);
        }
        // The first two silences are taken for chance and come on top, and so may the attempt that ends the hour.
        let allowed = ms(Span::HOUR.as_millis() / 50) + ms(worst).times(8);
        prop_assert!(spent <= allowed, "{spent:?} of {allowed:?}");
    }

    #[test]
    fn the_latencies_told_are_those_of_the_last_sixty_four_answers(past in deeds()) {
        let mut patience = Patience::new(Span::SECOND);
        let mut last: VecDeque<i64> = VecDeque::new();
        for deed in past {
            match deed {
                Deed::Silent(cost) => patience.silent(Span::SECOND, ms(cost)),
                Deed::Answers(latency) => {
                    patience.answered(ms(latency));
                    last.push_back(latency.max(1));
                    if last.len() > 64 {
                        last.pop_front();
                    }
                }
            }
            let Some((middle, slow, slowest)) = patience.latencies() else {
                prop_assert!(last.is_empty());
                continue;
            };
            let quicker = |than: Span| last.iter().filter(|latency| ms(**latency) < than).count();
            let as_quick = |as_this: Span| last.iter().filter(|latency| ms(**latency) <= as_this).count();
            prop_assert_eq!(last.iter().max().copied(), Some(slowest.as_millis()));
            prop_assert!(quicker(middle) * 2 <= last.len() && as_quick(middle) * 2 >= last.len());
            prop_assert!(quicker(slow) * 20 <= last.len() * 19 && as_quick(slow) * 20 >= last.len() * 19);
        }
    }
}
