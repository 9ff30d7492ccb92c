//! Quarters against a house whose truth is known: each measured quarter is true within the meter's own step, an
//! outage's energy is all there and marked, and no quarter is left out.

use std::collections::BTreeMap;

use crate::world::{FINE, World, limits};
use energy::{Account, Interval, Quality};
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;
use units::{Instant, Span};

/// One day of a house: what the ledger says, and what was true at the end of each quarter.
struct Day {
    world: World,
    account: Account,
    ledger: BTreeMap<Instant, Interval>,
    truth: BTreeMap<Instant, i128>,
    random: fastrand::Rng,
}

impl Day {
    fn pass(&mut self, mut span: Span) {
        while span > Span::ZERO {
            let next = (self.world.clock() + Span::QUARTER).floor(Span::QUARTER);
            let part = span.min(next.since(self.world.clock()));
            self.world.pass(part);
            span = span - part;
            self.truth.insert(self.world.clock(), self.world.flowed);
        }
    }

    fn poll(&mut self) {
        let number = self.world.number(self.world.shown());
        let booked = self.account.observe(self.world.clock(), number, |start| {
            self.ledger.get(&start).copied()
        });
        for interval in booked.changed {
            self.ledger.insert(interval.start, interval);
        }
    }

    fn live(&mut self, span: Span) {
        let end = self.world.clock() + span;
        while self.world.clock() < end {
            if self.random.u8(..) < 12 {
                self.world.power = self
                    .random
                    .i64(self.world.limits.rated.0 / 3..=self.world.limits.rated.0);
            }
            self.pass(self.world.every);
            self.poll();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 400,
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct("tests/seeds/ledger.txt"))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn quarters_are_true_within_the_meters_step(
        rated in 4_000_i64..60_000,
        (seconds, resolution) in prop_oneof![Just((5, 1)), Just((10, 10)), Just((60, 1)), Just((60, 100)), Just((60, 1_000))],
        outage in prop_oneof![Just(0_i64), 3_i64..600],
        seed in any::<u64>(),
    ) {
        let limits = limits(rated, None);
        let mut day = Day {
            world: World::new(limits, Span::from_secs(seconds), resolution, 77_000_000),
            account: Account::new(limits),
            ledger: BTreeMap::new(),
            truth: BTreeMap::new(),
            random: fastrand::Rng::with_seed(seed),
        };
        day.world.power = rated / 2;
        day.poll();
        day.live(Span::HOUR.times(4));
        let down = day.world.clock();
        day.pass(Span::MINUTE.times(outage));
        let up = day.world.clock() + day.world.every;
        day.live(Span::HOUR.times(4));
        day.world.power = 0;
        for _ in 0..40 {
            day.pass(Span::MINUTE);
            day.poll();
        }

        let mut booked = 0;
        let starts: Vec<Instant> = day.ledger.keys().copied().collect();
        prop_assert!(starts.windows(2).all(|pair| pair[1].since(pair[0]) == Span::QUARTER), "no quarter is left out");
        for (start, interval) in &day.ledger {
            let end = *start + Span::QUARTER;
            booked += interval.energy.0;
            // A rise just before the outage may be confirmed only after it: it lies before the outage all the same.
            let touches = *start < up && end > down - day.world.every.times(2);
            prop_assert_eq!(interval.quality == Quality::Recovered, outage > 2 && *start < up && end > down);
            let Some(truth) = day.truth.get(&end).filter(|_| !touches || outage == 0) else {
                continue;
            };
            let off = i128::from(booked) * FINE - truth;
            let allowed = i128::from(resolution + 2) * FINE;
            prop_assert!(off.abs() <= allowed, "until {end}: {} Wh off", off / FINE);
        }
        let truth = i64::try_from(day.world.flowed / FINE).expect("fits");
        prop_assert!((booked - truth).abs() <= resolution, "{booked} of {truth}");
    }
}
