//! Figures: how large a day of 240 channels is, and how long it takes to be made and asked. By hand: `cargo test --release
//! -p store --lib -- --ignored --nocapture roll_ups_of_a_year`.

use std::time::Instant as Clock;

use units::{Channel, Instant, Unit};

use super::{at, open, roll_up, zone};
use crate::rollups::{DAY, day_start};
use crate::tests::model::reading;
use crate::{Batch, Resolution, Store};

/// Where the figures' readings begin: a first of January.
const FIRST: i64 = 1_735_689_600_000;
const DEVICES: usize = 20;

fn channels() -> Vec<(Channel, Unit)> {
    let units = [
        Unit::Watts,
        Unit::Watts,
        Unit::Watts,
        Unit::Watts,
        Unit::Decivolts,
        Unit::Decivolts,
        Unit::Decivolts,
        Unit::Centiamperes,
        Unit::Centihertz,
        Unit::WattHours,
        Unit::WattHours,
        Unit::Code,
    ];
    let named = (0..DEVICES * units.len()).map(|number| {
        let name = format!("device-{}/point_{}", number / units.len(), number % units.len());
        (
            Channel::parse(&name).expect("a good name"),
            units[number % units.len()],
        )
    });
    named.collect()
}

/// A walk of each channel, of the size and restlessness that meters have.
struct Walk {
    dice: fastrand::Rng,
    values: Vec<i64>,
}

impl Walk {
    fn step(&mut self, index: usize) -> i64 {
        let value = &mut self.values[index];
        match index % 12 {
            0..=3 => *value = (*value + self.dice.i64(-12..=12)).clamp(-4_000, 9_000),
            4..=6 if self.dice.u8(..3) == 0 => *value = (*value + self.dice.i64(-2..=2)).clamp(2_250, 2_420),
            7 => *value = (*value + self.dice.i64(-3..=3)).clamp(0, 4_000),
            8 if self.dice.u8(..4) == 0 => *value = (*value + self.dice.i64(-1..=1)).clamp(4_980, 5_020),
            9 | 10 if self.dice.u8(..9) == 0 => *value += 1,
            _ => {}
        }
        *value
    }
}

fn fill(store: &Store, from: i64, to: i64, step: i64, walk: &mut Walk) {
    let channels = channels();
    let mut now = from;
    while now < to {
        let mut batch = Batch::default();
        let end = to.min(now + step * 1_800);
        while now < end {
            for (index, (channel, _)) in channels.iter().enumerate() {
                batch.readings.push(reading(channel, now, Ok(walk.step(index))));
            }
            now += step;
        }
        batch.channels.extend(channels.iter().cloned());
        store.record_and_wait(batch).expect("recorded");
    }
}

fn walk() -> Walk {
    Walk {
        dice: fastrand::Rng::with_seed(1),
        values: vec![2_300; DEVICES * 12],
    }
}

fn timed<T>(what: &str, times: u32, mut work: impl FnMut() -> T) -> T {
    let mut took = Vec::new();
    let mut last = None;
    for _ in 0..times {
        let begun = Clock::now();
        last = Some(work());
        took.push(begun.elapsed());
    }
    took.sort_unstable();
    eprintln!("{what}: median {:?}", took[took.len() / 2]);
    last.expect("at least once")
}

#[test]
#[ignore = "figures, by hand"]
fn roll_ups_of_a_day_at_a_second() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = open(&folder);
    fill(&store, FIRST, FIRST + DAY, 1_000, &mut walk());
    store.seal().expect("sealed");
    let begun = Clock::now();
    roll_up(&store, &zone("Europe/London"), FIRST + 2 * DAY);
    eprintln!("a day of 240 channels at a second made in {:?}", begun.elapsed());
    for (kind, bytes) in store.roll_up_bytes(crate::rollups::day_of(FIRST)) {
        eprintln!("{kind}: {bytes} bytes");
    }
    let (channel, _) = channels()[0].clone();
    timed("a day by 1,440 parts", 50, || {
        store
            .means(&channel, at(FIRST), at(FIRST + DAY), 1_440)
            .expect("readable")
    });
}

#[test]
#[ignore = "figures, by hand"]
fn roll_ups_of_a_year() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = open(&folder);
    let mut walk = walk();
    for day in 0..366 {
        let start = FIRST + day_start(day);
        fill(&store, start, start + DAY, 300_000, &mut walk);
    }
    let begun = Clock::now();
    roll_up(&store, &zone("Europe/London"), FIRST + 368 * DAY);
    eprintln!("366 days made in {:?}", begun.elapsed());
    let (channel, _) = channels()[0].clone();
    let end = Instant::from_millis(FIRST + 365 * DAY);
    let days = timed("a year by day", 200, || {
        store
            .rollups(&channel, Resolution::Day, at(FIRST), end)
            .expect("readable")
    });
    assert_eq!(days.len(), 365);
    timed("a year in 365 parts", 50, || {
        store.means(&channel, at(FIRST), end, 365).expect("readable")
    });
    timed("a year in 400 parts", 50, || {
        store.means(&channel, at(FIRST), end, 400).expect("readable")
    });
    timed("a year by quarters", 20, || {
        store
            .rollups(&channel, Resolution::Quarter, at(FIRST), end)
            .expect("readable")
    });
}
