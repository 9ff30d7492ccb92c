//! The counter rule against a house whose truth is known: random power, polling, glitches, outages, resets, other
//! meters, roll-overs and clocks that are set. The law: what is booked is the truth within the meter's own step, save
//! what no reading can tell, which the model adds up as it happens; and nothing is ever invented.

use crate::world::{FINE, World, limits};
use energy::{Clock, Counter, Memory};
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;
use units::Span;

#[derive(Debug, Clone)]
enum Event {
    Glitch {
        shape: Shape,
        length: u32,
        follows: bool,
    },
    Outage {
        minutes: i64,
    },
    OutageThenGlitch {
        minutes: i64,
        shape: Shape,
        length: u32,
    },
    Reset {
        minutes: i64,
    },
    Exchange {
        start: i64,
        minutes: i64,
    },
    ClockSet {
        seconds: i64,
    },
    StaleClock {
        minutes: i64,
        readings: u32,
    },
    /// A gateway that repeats its last answer.
    Frozen {
        minutes: i64,
    },
    Restart,
}

#[derive(Debug, Clone, Copy)]
enum Shape {
    Value(i64),
    Permille(i64),
    Plus(i64),
}

/// The rule under test, what it booked, and what no reading could tell.
struct Run {
    world: World,
    counter: Counter,
    booked: i64,
    /// May be missing from the book, and may be too much in it.
    lost: i64,
    gained: i64,
    random: fastrand::Rng,
}

impl Run {
    fn read(&mut self, value: i64) {
        let observed = self.counter.observe(self.world.clock(), self.world.number(value));
        for step in &observed.steps {
            assert!(
                step.energy.0 >= 0 && step.from <= step.to && step.to <= self.world.clock(),
                "{step:?}"
            );
            self.booked += step.energy.0;
        }
    }

    /// A little time, and a true reading.
    fn poll(&mut self) {
        self.world.pass(self.world.every);
        self.read(self.world.shown());
    }

    fn change_power(&mut self) {
        let rated = self.world.limits.rated.0;
        self.world.power = self.random.i64(rated / 3..=rated);
    }

    /// Ordinary life, until every rule has had time to settle, and at least up to a value.
    fn calm(&mut self, up_to: i64) {
        let begin = self.world.clock();
        let (mut polls, mut ticks) = (0, 0);
        self.change_power();
        while polls < 60
            || ticks < 8
            || self.world.clock().since(begin) < Span::MINUTE.times(15)
            || self.world.shown() < up_to
        {
            let before = self.world.shown();
            self.poll();
            polls += 1;
            ticks += i32::from(self.world.shown() != before);
            if self.random.u8(..) < 8 {
                self.change_power();
            }
        }
    }

    fn glitch_value(&self, shape: Shape, truth: i64) -> i64 {
        match shape {
            Shape::Value(value) => value,
            Shape::Permille(share) => {
                i64::try_from(i128::from(truth) * i128::from(share) / 1_000).expect("fits")
            }
            Shape::Plus(more) => truth + more,
        }
    }

    /// Wrong readings; gives up to where life must go on before the books can be right again.
    fn glitch(&mut self, shape: Shape, length: u32, follows: bool) -> i64 {
        let frozen = self.world.shown();
        let mut highest = 0;
        for _ in 0..length {
            self.world.pass(self.world.every);
            let truth = if follows { self.world.shown() } else { frozen };
            let wrong = self.glitch_value(shape, truth);
            highest = highest.max(wrong);
            self.read(wrong);
        }
        let long = self.world.every.times(i64::from(length)) + Span::MINUTE.times(100);
        let could_pass_for_true = highest - self.world.shown() <= self.world.could_flow(long);
        if could_pass_for_true { highest } else { 0 }
    }

    /// Energy that flowed between the last reading and now is lost with the old count.
    fn lose(&mut self, since: i128) {
        let flowed = self.world.flowed - since;
        self.lost += i64::try_from(flowed / FINE).expect("fits") + 3 * self.world.resolution;
    }

    fn happen(&mut self, event: &Event) {
        let before = self.world.flowed;
        match *event {
            Event::Glitch {
                shape,
                length,
                follows,
            } => {
                let up_to = self.glitch(shape, length, follows);
                self.calm(up_to);
            }
            Event::Outage { minutes } => {
                self.world.pass(Span::MINUTE.times(minutes));
                self.calm(0);
            }
            Event::OutageThenGlitch {
                minutes,
                shape,
                length,
            } => {
                self.world.pass(Span::MINUTE.times(minutes));
                self.glitch(shape, length, false);
                self.calm(0);
            }
            Event::Reset { minutes } => self.reset(minutes),
            Event::Exchange { start, minutes } => self.exchange(start, minutes),
            Event::ClockSet { seconds } => {
                self.world.clock_off += seconds * 1_000;
                self.calm(0);
            }
            Event::StaleClock { minutes, readings } => {
                self.world.pass(Span::MINUTE.times(minutes));
                self.world.clock_off -= minutes * 60_000;
                self.counter.set_clock(Clock::Unsure);
                for _ in 0..readings {
                    self.poll();
                }
                self.world.clock_off += minutes * 60_000;
                self.counter.set_clock(Clock::Sure);
                self.calm(0);
            }
            Event::Frozen { minutes } => {
                let frozen = self.world.shown();
                let end = self.world.clock() + Span::MINUTE.times(minutes);
                while self.world.clock() < end {
                    self.world.pass(self.world.every);
                    self.read(frozen);
                }
                self.calm(0);
            }
            Event::Restart => {
                let bytes = self.counter.memory().to_bytes();
                let memory = Memory::from_bytes(&bytes).expect("own bytes");
                self.counter = Counter::resume(memory, self.world.limits);
            }
        }
        assert!(self.world.flowed >= before);
    }

    fn reset(&mut self, minutes: i64) {
        self.poll();
        self.poll();
        let before = self.world.flowed;
        self.world.pass(Span::MINUTE.times(minutes / 2));
        self.lose(before);
        // A count that was still small is passed by the new one before anybody can be sure.
        let held = self.world.shown();
        if held < self.world.could_flow(Span::MINUTE.times(minutes + 60)) + 12 * self.world.resolution {
            self.lost += held;
        }
        // Right before one of the usual ends, beginning again and rolling over look the same.
        let near = self.world.could_flow(Span::MINUTE.times(minutes + 3));
        let tens = (5..12).map(|zeros| 10_i64.pow(zeros));
        let mut ends = tens
            .chain([1 << 16, 1 << 32])
            .map(|end| end * self.world.resolution - held);
        self.gained += ends.find(|end| (0..near).contains(end)).unwrap_or(0);
        self.world.begin_again(0);
        self.world.pass(Span::MINUTE.times(minutes - minutes / 2));
        self.calm(0);
    }

    fn exchange(&mut self, start: i64, minutes: i64) {
        self.poll();
        self.poll();
        let before = self.world.flowed;
        let gap = Span::MINUTE.times(minutes);
        self.world.pass(gap);
        let held = self.world.shown();
        let far = self.world.could_flow(gap + Span::HOUR.times(3)) + 100_000;
        // Near the old value, above or below, nobody can tell another meter from the old one.
        let start = if (held - far..held + far).contains(&start) {
            held + far
        } else {
            start
        };
        if start <= self.world.could_flow(gap + Span::HOUR.times(3)) {
            self.gained += start;
        }
        // Each count is true to its own step only.
        self.gained += self.world.resolution;
        self.world.begin_again(start);
        self.world.pass(self.world.every);
        self.lose(before);
        self.read(self.world.shown());
        self.calm(0);
    }
}

fn shape() -> impl Strategy<Value = Shape> {
    prop_oneof![
        Just(Shape::Value(0)),
        Just(Shape::Value(1)),
        Just(Shape::Permille(899)),
        Just(Shape::Permille(901)),
        Just(Shape::Permille(999)),
        Just(Shape::Permille(1_101)),
        (0_i64..3_000).prop_map(Shape::Permille),
        (0_i64..5_000).prop_map(Shape::Plus),
        (0_i64..4_294_967_296).prop_map(Shape::Value),
    ]
}

fn event() -> impl Strategy<Value = Event> {
    let length = 1_u32..=20;
    prop_oneof![
        4 => (shape(), length.clone(), any::<bool>())
            .prop_map(|(shape, length, follows)| Event::Glitch { shape, length, follows }),
        2 => (1_i64..5_000).prop_map(|minutes| Event::Outage { minutes }),
        2 => (1_i64..400, shape(), length)
            .prop_map(|(minutes, shape, length)| Event::OutageThenGlitch { minutes, shape, length }),
        2 => (0_i64..600).prop_map(|minutes| Event::Reset { minutes }),
        1 => (0_i64..4_000_000_000, 0_i64..200).prop_map(|(start, minutes)| Event::Exchange { start, minutes }),
        1 => (-200_000_i64..200_000).prop_map(|seconds| Event::ClockSet { seconds }),
        1 => (12_i64..4_000, prop_oneof![1_u32..4, 4_u32..300]).prop_map(|(minutes, readings)| Event::StaleClock { minutes, readings }),
        1 => (1_i64..600).prop_map(|minutes| Event::Frozen { minutes }),
        1 => Just(Event::Restart),
    ]
}

/// Seconds between readings, and the meter's step, as they go together.
fn meter() -> impl Strategy<Value = (i64, i64)> {
    prop_oneof![
        Just((1, 1)),
        Just((5, 1)),
        Just((10, 10)),
        Just((60, 1)),
        Just((60, 100)),
        Just((60, 1_000)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 2_000,
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct("tests/seeds/counter.txt"))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn the_book_is_the_truth(
        rated in 4_000_i64..60_000,
        (seconds, resolution) in meter(),
        start in prop_oneof![Just(0_i64), 0_i64..100_000, 0_i64..2_000_000_000],
        modulus in prop_oneof![3 => Just(None), 1 => Just(Some(100_000_000_i64))],
        events in proptest::collection::vec(event(), 1..6),
        seed in any::<u64>(),
    ) {
        // A roll-over and a wrong value near it are told apart by their neighbours only; other meters and resets of
        // such a counter are left to the single cases.
        let rolls = modulus.is_some();
        let start = if rolls { 100_000_000 - 2_000 } else { start };
        let limits = limits(rated, modulus);
        let mut run = Run {
            world: World::new(limits, Span::from_secs(seconds), resolution, start),
            counter: Counter::new(limits),
            booked: 0,
            lost: 0,
            gained: 0,
            random: fastrand::Rng::with_seed(seed),
        };
        run.calm(0);
        for event in &events {
            if !rolls || matches!(event, Event::Outage { .. } | Event::ClockSet { .. } | Event::Restart) {
                run.happen(event);
            }
        }
        run.calm(0);
        // A counter that stands on zero is not believed until it moves on.
        while run.world.shown() == 0 {
            run.poll();
        }
        run.world.power = 0;
        for _ in 0..30 {
            run.poll();
        }
        let truth = i64::try_from(run.world.flowed / FINE).expect("fits");
        // The first reading is the first poll: what flowed before it nobody counted.
        let first = run.world.could_flow(run.world.every);
        prop_assert!(
            run.booked <= truth + resolution + run.gained,
            "invented: booked {} of {truth} Wh, allowed more {}", run.booked, run.gained
        );
        prop_assert!(
            run.booked >= truth - resolution - first - run.lost,
            "lost: booked {} of {truth} Wh, allowed less {}", run.booked, run.lost
        );
    }
}
