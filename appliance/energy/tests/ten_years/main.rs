//! Ten years of a house, minute by minute, against a model that shares nothing with the ledger but the units: it adds
//! up what flowed in each quarter of an hour, and what no reading can tell. Meters that are exchanged, that begin again,
//! that come to their end; outages; clocks that are wrong; and the days of the calendar in four zones.
//!
//! The laws: the sum of the ledger is the truth, save what no reading can tell. A quarter that is not true says that it is
//! not simply measured. Far from everything that happens, every quarter is measured,
//! true within the meter's own step, and says nothing else.
//!
//! `LEDGER_LIVES=40` tries so many lives instead of the usual few; `LEDGER_SEED=7` begins with that one.

mod calendar;
mod house;

use std::collections::BTreeMap;

use energy::{Account, Interval, Quality, TimeSource};
use units::{Instant, Span};

use house::{BEGIN, House, MINUTES_A_YEAR, QUARTER};

/// What is off by less is the meter's own step: it ticks before or after the end of a quarter. Where something happened,
/// what can flow in three minutes too: readings that are no further apart count as close, and the shape of what flowed
/// between them is not known.
fn tolerance(house: &House, quiet: bool) -> i64 {
    let between = if quiet { 0 } else { house.could_flow(3) };
    2 * house.step + 4 + between
}

/// What the ledger says of ten years.
struct Life {
    ledger: BTreeMap<Instant, Interval>,
    house: House,
}

fn live(seed: u64) -> Life {
    let mut house = House::new(seed);
    let mut account = Account::new(house.limits());
    let mut ledger: BTreeMap<Instant, Interval> = BTreeMap::new();
    for minute in 0..MINUTES_A_YEAR * 10 {
        let Some(seen) = house.pass(minute) else { continue };
        if house.restarted() {
            account = Account::resume(&account.memory(), house.limits()).expect("its own memory");
        }
        account.set_time(if seen.clock_is_right {
            TimeSource::Network
        } else {
            TimeSource::Estimated
        });
        let booked = account.observe(seen.at, seen.number, |start| ledger.get(&start).copied());
        for interval in booked.changed {
            ledger.insert(interval.start, interval);
        }
    }
    Life { ledger, house }
}

impl Life {
    /// Whether a quarter says that it is not simply measured.
    fn is_marked(interval: &Interval) -> bool {
        interval.quality != Quality::Measured
            || !interval.causes.is_empty()
            || interval.time != TimeSource::Network
    }

    fn check(&self, seed: u64) {
        let (house, ledger) = (&self.house, &self.ledger);
        let booked: i64 = ledger.values().map(|interval| interval.energy.0).sum();
        let truth = house.truth();
        let slack = 3 * house.step + 3;
        assert!(
            booked <= truth + house.gained + slack && booked >= truth - house.lost - slack,
            "seed {seed}: {booked} booked of {truth}, of which {} may be lost and {} gained",
            house.lost,
            house.gained
        );
        assert!(
            house.lost < truth / 200,
            "seed {seed}: the model lets {} of {truth} go, which proves little",
            house.lost
        );
        let mut measured = 0_usize;
        let quarters = (0_i64..).zip(house.quarters());
        // The last reading of all still waits for the one after it.
        for ((index, truth), number) in quarters.zip(0..).take(house.quarters().len() - 1) {
            let start = BEGIN + QUARTER.times(index);
            let said = ledger.get(&start);
            let quiet = house.is_quiet(number);
            let Some(interval) = said else {
                assert!(!quiet, "seed {seed}: the quarter {start} is missing");
                continue;
            };
            assert!(interval.energy.0 >= 0, "seed {seed}: less than nothing");
            let off = (interval.energy.0 - truth).abs();
            assert!(
                off <= tolerance(house, quiet) || Self::is_marked(interval),
                "seed {seed}: {start} is {off} Wh off and says nothing of it: {interval:?}"
            );
            assert!(
                !quiet || !Self::is_marked(interval),
                "seed {seed}: nothing happened at {start}, and yet {interval:?}"
            );
            measured += usize::from(!Self::is_marked(interval));
        }
        assert!(
            measured * 10 > house.quarters().len() * 8,
            "seed {seed}: only {measured} quarters are simply measured"
        );
    }
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "how long the test may take is no rule of energy"
)]
#[expect(clippy::disallowed_macros, reason = "seeds are printed")]
fn ten_years_are_the_truth() {
    let number = |name: &str, usual| {
        let told = std::env::var(name).ok();
        told.and_then(|text| text.parse().ok()).unwrap_or(usual)
    };
    let (first, lives): (u64, u64) = (number("LEDGER_SEED", 1), number("LEDGER_LIVES", 4));
    for seed in first..first + lives {
        let life = live(seed);
        println!("seed {seed}: {}", life.house);
        life.check(seed);
        calendar::check(&life.ledger, seed);
    }
}

/// A span of whole minutes.
fn minutes(minutes: i64) -> Span {
    Span::MINUTE.times(minutes)
}
