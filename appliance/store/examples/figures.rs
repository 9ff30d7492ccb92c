//! The store's own figures on this machine: filling a month, a day of one channel as a chart, and what the card
//! is given per reading in steady state, and opening again. `cargo run --release -p store --example figures [folder]`.

use std::error::Error;
use std::path::PathBuf;
use std::time::{Duration, Instant as Clock};

use energy::{Interval, Quality};
use store::{Batch, Options, Store};
use units::{Channel, DeviceName, Flow, Instant, Number, Reading, Span, Unit, WattHours};

const CHANNELS: usize = 120;
const BEGIN: i64 = 1_764_547_200_000;

/// Ten devices with twelve channels each; what they show wanders as real meters do.
struct Site {
    channels: Vec<Channel>,
    values: Vec<i64>,
    dice: fastrand::Rng,
}

impl Site {
    fn new() -> Result<Self, Box<dyn Error>> {
        let name = |number: usize| format!("meter-{}/point_{}", number / 12, number % 12);
        let channels = (0..CHANNELS)
            .map(|number| Channel::parse(&name(number)))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            channels,
            values: vec![2_300; CHANNELS],
            dice: fastrand::Rng::with_seed(7),
        })
    }

    /// Every channel once; devices answer a few milliseconds apart, as they do on a line.
    fn read(&mut self, at: i64, jitter: i64, out: &mut Vec<Reading>) {
        let mut late = 0;
        for (number, channel) in self.channels.iter().enumerate() {
            if number % 12 == 0 {
                late = self.dice.i64(0..=jitter);
            }
            let value = &mut self.values[number];
            *value += match number % 12 {
                0..3 => self.dice.i64(-12..=12),
                3..9 => self.dice.i64(-1..=1),
                9 | 10 => i64::from(self.dice.u8(..30) == 0),
                _ => 0,
            };
            let outcome = Ok(Number::exact(*value));
            out.push(Reading {
                channel: channel.clone(),
                at: Instant::from_millis(at + late),
                outcome,
            });
        }
    }

    fn units(&self) -> Batch {
        let channels = self
            .channels
            .iter()
            .map(|channel| (channel.clone(), Unit::Watts))
            .collect();
        Batch {
            channels,
            ..Batch::default()
        }
    }
}

fn quarter(batch: &mut Batch, start: Instant, energy: i64) -> Result<(), Box<dyn Error>> {
    for number in 0..10 {
        let device = DeviceName::parse(&format!("meter-{number}"))?;
        let interval = Interval::new(start, WattHours(energy), Quality::Measured);
        batch
            .intervals
            .push((device.clone(), Flow::Consumption, interval));
        batch.memories.push((device, Flow::Consumption, vec![7; 40]));
    }
    Ok(())
}

fn per(bytes: u64, count: usize) -> String {
    let hundredths = bytes * 100 / u64::try_from(count).unwrap_or(1).max(1);
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// A month of one reading a minute, a batch a day.
fn fill(store: &Store) -> Result<(), Box<dyn Error>> {
    let mut site = Site::new()?;
    store.record_and_wait(site.units())?;
    let (mut count, mut making) = (0, Duration::ZERO);
    let begun = Clock::now();
    let before = store.facts().bytes_written;
    for day in 0..30 {
        let made = Clock::now();
        let mut batch = Batch::default();
        for minute in 0..1_440 {
            site.read(BEGIN + (day * 1_440 + minute) * 60_000, 0, &mut batch.readings);
        }
        for number in 0..96 {
            let start = Instant::from_millis(BEGIN) + Span::QUARTER.times(day * 96 + number);
            quarter(&mut batch, start, number)?;
        }
        count += batch.readings.len();
        making += made.elapsed();
        store.record_and_wait(batch)?;
    }
    let took = begun.elapsed() - making;
    let written = store.facts().bytes_written - before;
    println!(
        "fill: {count} readings and 28,800 intervals in {took:?}, {} B written a reading",
        per(written, count)
    );
    let from = Instant::from_millis(BEGIN);
    let asked = Clock::now();
    let groups = store.all_intervals(from, from + Span::DAY.times(30))?;
    let intervals: usize = groups.iter().map(|group| group.intervals.len()).sum();
    println!(
        "ledger: {intervals} intervals of 30 days in {:?}",
        asked.elapsed()
    );
    Ok(())
}

/// Two hours at 1 Hz with a commit each ten seconds, the ledger's rows within.
fn steady(store: &Store, begin: i64) -> Result<(), Box<dyn Error>> {
    let mut site = Site::new()?;
    store.record_and_wait(site.units())?;
    let before = store.facts();
    let (mut count, mut longest) = (0, Duration::ZERO);
    for ten in 0..720 {
        let mut batch = Batch::default();
        for second in 0..10 {
            site.read(begin + (ten * 10 + second) * 1_000, 60, &mut batch.readings);
        }
        quarter(
            &mut batch,
            Instant::from_millis(begin + ten * 10_000).floor(Span::QUARTER),
            ten,
        )?;
        count += batch.readings.len();
        longest = longest.max(store.record_and_wait(batch)?.took);
    }
    let after = store.facts();
    let (bytes, commits) = (
        after.bytes_written - before.bytes_written,
        after.commits - before.commits,
    );
    println!(
        "steady: {} B written a reading, {commits} commits, longest {longest:?}",
        per(bytes, count)
    );
    Ok(())
}

/// A day of one channel at 1 Hz to 1,440 points.
fn chart(store: &Store, begin: i64) -> Result<(), Box<dyn Error>> {
    let mut site = Site::new()?;
    for hour in 0..24 {
        let mut batch = Batch::default();
        for second in 0..3_600 {
            site.read(begin + (hour * 3_600 + second) * 1_000, 60, &mut batch.readings);
        }
        store.record_and_wait(batch)?;
    }
    let (from, channel) = (Instant::from_millis(begin), &site.channels[0]);
    let mut times = Vec::new();
    for _ in 0..51 {
        let asked = Clock::now();
        let buckets = store.means(channel, from, from + Span::DAY, 1_440)?;
        times.push(asked.elapsed());
        assert_eq!(buckets.len(), 1_440);
    }
    times.sort();
    println!(
        "chart: 86,400 values to 1,440 points in {:?} (median of 51)",
        times[25]
    );
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args_os().nth(1).map(PathBuf::from);
    let made = tempfile::tempdir()?;
    let folder = folder.unwrap_or_else(|| made.path().to_owned());
    let store = Store::open(&folder, Options::default())?;
    let day = Span::DAY.as_millis();
    fill(&store)?;
    steady(&store, BEGIN + 40 * day)?;
    chart(&store, BEGIN + 50 * day)?;
    println!("file: {} bytes", store.facts().file_bytes);
    // What lies on the card while the store is open is what a power cut would leave.
    let cut = tempfile::tempdir()?;
    std::fs::copy(folder.join("hearth.redb"), cut.path().join("hearth.redb"))?;
    println!(
        "after a cut: {:?}",
        Store::open(cut.path(), Options::default())?.opened()
    );
    drop(store);
    let store = Store::open(&folder, Options::default())?;
    println!("open again: {:?}", store.opened());
    Ok(())
}
