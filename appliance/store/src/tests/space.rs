//! What is given up makes room for what comes: once a rule has set in, the file grows only by what is kept for ever. How much
//! writing the store anew gives back then.

use energy::calendar::Zone;
use energy::{Interval, Quality};
use units::{Flow, Instant, Span, WattHours};

use super::card::Card;
use super::model::{BEGIN, channel, device, reading};
use crate::open::FILE;
use crate::{Batch, Progress, Resolution, Store, StoreError};

/// How long readings and minutes are kept here.
const KEPT: i64 = 8;
/// The same, to count with.
const DAYS_KEPT: usize = 8;
const CHANNELS: usize = 24;
const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// A box whose channels are read every ten seconds.
struct Lived {
    card: Card,
    store: Store,
    dice: fastrand::Rng,
    values: [i64; CHANNELS],
    days: i64,
}

impl Lived {
    /// One more day, hour by hour, at whose end the box does what it does: sums are made, and what is older than the rule is
    /// given up in small steps.
    fn day(&mut self) {
        for hour in 0..24 {
            let from = BEGIN + self.days * DAY + hour * HOUR;
            let mut batch = Batch::default();
            for at in (from..from + HOUR).step_by(10_000) {
                for (number, value) in self.values.iter_mut().enumerate() {
                    *value = (*value + self.dice.i64(-30..=30)).clamp(0, 9_000);
                    batch.readings.push(reading(&channel(number), at, Ok(*value)));
                }
            }
            let start = Instant::from_millis(from);
            let interval = Interval::new(start, WattHours(self.dice.i64(..900)), Quality::Measured);
            batch.intervals.push((device(0), Flow::Import, interval));
            self.store.record_and_wait(batch).expect("room");
        }
        self.days += 1;
        let now = Instant::from_millis(BEGIN + self.days * DAY);
        let before = now - Span::DAY.times(KEPT);
        until_done(|| self.store.roll_up(&Zone::utc(), now));
        until_done(|| self.store.retain(before.min(self.store.rolled_until())));
        until_done(|| self.store.retain_minutes(before));
    }

    /// How long the file is, and how much of it was ever written: the rest of its length is a hole that takes no room.
    fn size(&self) -> [u64; 2] {
        let bytes = self.card.bytes(FILE).expect("it is there");
        let written = bytes
            .chunks(4_096)
            .filter(|page| page.iter().any(|byte| *byte != 0));
        let written = u64::try_from(written.count()).expect("few") * 4_096;
        [self.store.facts().file_bytes, written]
    }
}

fn until_done(step: impl Fn() -> Result<Progress, StoreError>) {
    while step().expect("room") == Progress::More {}
}

#[test]
fn what_is_given_up_makes_room_for_what_comes() {
    let card = Card::new(1);
    let mut lived = Lived {
        store: card.store(4 * 1024 * 1024).expect("a new store"),
        card,
        dice: fastrand::Rng::with_seed(1),
        values: [1_000; CHANNELS],
        days: 0,
    };
    let mut sizes = Vec::new();
    for _ in 0..KEPT * 4 {
        lived.day();
        sizes.push(lived.size());
    }
    println!("day by day, length and what was ever written: {sizes:?}");
    let half_as_long_again = sizes[DAYS_KEPT * 3 / 2 - 1];
    for days in [3, 4] {
        for (then, now) in half_as_long_again.iter().zip(sizes[DAYS_KEPT * days - 1]) {
            assert!(now * 100 <= then * 115, "{then} bytes became {now}");
        }
    }
    // A shorter rule takes nothing from the file, and writing it anew does.
    let before = lived.size();
    let short = Instant::from_millis(BEGIN + (lived.days - 2) * DAY);
    until_done(|| lived.store.retain(short));
    until_done(|| lived.store.retain_minutes(short));
    let [_, freed] = lived.size();
    lived.store.rewrite().expect("room");
    let [length, anew] = lived.size();
    println!("{before:?}; 2 of 8 days are left: {freed}; written anew: {anew} in a file of {length}");
    assert!(
        freed <= before[1] * 102 / 100,
        "giving up takes no room: {before:?}, {freed}"
    );
    assert!(anew * 10 <= freed * 6, "{freed} bytes became {anew}");
    let quarters = lived.store.rollups(
        &channel(0),
        Resolution::Quarter,
        Instant::from_millis(BEGIN),
        Instant::from_millis(BEGIN + lived.days * DAY),
    );
    let quarters = quarters.expect("readable");
    assert_eq!(quarters.len(), DAYS_KEPT * 4 * 96, "quarters are kept for ever");
    let raw = lived.store.facts().oldest_reading.expect("some");
    assert_eq!(raw, short);
}
