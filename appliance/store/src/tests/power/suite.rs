//! Runs as many power cuts as are wished for, each from a number that brings it back, and says what came of them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::life::{Doubt, Kept, Life};
use super::points::{Before, POINTS, Point};
use crate::tests::card::Mood;

/// How often power goes on one card.
const LIVES: u64 = 5;

/// What is known of one crash point.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) cuts: u64,
    /// Rows that were looked for afterwards.
    pub(super) rows: u64,
    pub(super) lost: u64,
    pub(super) unopened: u64,
    /// How long opening took, by powers of the square root of two of a microsecond.
    pub(super) took: BTreeMap<u32, u64>,
}

impl Tally {
    fn add(&mut self, other: &Self) {
        self.cuts += other.cuts;
        self.rows += other.rows;
        self.lost += other.lost;
        self.unopened += other.unopened;
        for (bucket, count) in &other.took {
            *self.took.entry(*bucket).or_default() += count;
        }
    }

    fn took(&mut self, took: Duration) {
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX).max(1);
        let (mut bucket, mut limit) = (0, 1);
        while limit < micros {
            bucket += 1;
            limit = limit_of(bucket);
        }
        *self.took.entry(bucket).or_default() += 1;
    }

    /// In microseconds, not less than what so many of a hundred took.
    pub(super) fn percentile(&self, percent: u64) -> u64 {
        let all: u64 = self.took.values().sum();
        let mut seen = 0;
        for (bucket, count) in &self.took {
            seen += count;
            if seen * 100 >= all * percent {
                return limit_of(*bucket);
            }
        }
        0
    }
}

/// The end of a bucket in microseconds: 1, 2, 2, 3, 4, 6, 8, 12, 16 ...
fn limit_of(bucket: u32) -> u64 {
    let half = bucket / 2;
    let whole = 1_u64 << half.min(62);
    if bucket.is_multiple_of(2) {
        whole
    } else {
        whole + whole / 2
    }
}

/// The table of all crash points.
pub(super) type Tallies = BTreeMap<String, Tally>;

/// Adds one table to another.
pub(super) fn add(to: &mut Tallies, tallies: Tallies) {
    for (name, tally) in tallies {
        to.entry(name).or_default().add(&tally);
    }
}

/// What went wrong, and how to see it again.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) case: u64,
    pub(super) why: String,
}

/// Runs so many cases from `first` on, on all cores, and ends early once something went wrong.
pub(super) fn run(seed: u64, (first, cases): (u64, u64), mood: Mood) -> (Tallies, Vec<Failure>) {
    let next = AtomicU64::new(first);
    let found = Mutex::new((Tallies::new(), Vec::new()));
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                loop {
                    let case = next.fetch_add(1, Ordering::Relaxed);
                    if case >= first + cases {
                        return;
                    }
                    let mut tallies = Tallies::new();
                    let outcome = catch_unwind(AssertUnwindSafe(|| survive(seed, case, mood, &mut tallies)));
                    let why = match outcome {
                        Ok(Ok(())) => None,
                        Ok(Err(why)) => Some(why),
                        Err(panic) => Some(said(&*panic)),
                    };
                    if why.is_some() {
                        next.store(u64::MAX / 2, Ordering::Relaxed);
                    }
                    let mut found = found.lock().expect("nobody panics here");
                    add(&mut found.0, tallies);
                    found.1.extend(why.map(|why| Failure { case, why }));
                }
            });
        }
    });
    found.into_inner().expect("nobody panics here")
}

fn said(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("a panic without words").to_owned()
}

/// One card, on which power goes a few times.
fn survive(seed: u64, case: u64, mood: Mood, tallies: &mut Tallies) -> Result<(), String> {
    let mut life = Life::new(mixed(seed, case));
    life.card.set_mood(mood);
    for number in 0..LIVES {
        // The first cut goes through all points in turn, so that none is left out.
        let index = match number {
            0 => usize::try_from(case).expect("fits") % POINTS.len(),
            _ => life.dice.usize(..POINTS.len()),
        };
        let point = &POINTS[index];
        if number > 0 && matches!(point.before, Before::Blank | Before::Format(_)) {
            continue;
        }
        let (name, doubt) = cut(&mut life, point)?;
        let tally = tallies.entry(name.to_owned()).or_default();
        tally.cuts += 1;
        let begun = Instant::now();
        if let Err(error) = life.open() {
            tally.unopened += 1;
            return Err(format!("cut {number}, {name}: it does not open: {error}"));
        }
        tally.took(begun.elapsed());
        if life.store().opened().lost_pages > 0 {
            tally.lost += 1;
            return Err(format!("cut {number}, {name}: pages of the tail are missing"));
        }
        let found = Kept::of(life.store());
        tally.rows += life.kept.rows();
        if found != life.kept && doubt.as_ref().is_none_or(|doubt| **doubt != found) {
            tally.lost += 1;
            let missing = life.kept.differs_from(&found);
            return Err(format!("cut {number}, {name}: {missing}"));
        }
        life.kept = found;
        if let Err(why) = life.look_at_backups() {
            tally.lost += 1;
            return Err(format!("cut {number}, {name}: {why}"));
        }
    }
    Ok(())
}

/// Brings the box to where it must be, and has power go. Gives the name of the crash point and what may have happened.
fn cut(life: &mut Life, point: &Point) -> Result<(&'static str, Option<Doubt>), String> {
    let open = |life: &mut Life| life.open().map_err(|error| format!("it does not open: {error}"));
    match point.before {
        Before::Blank => {}
        Before::Format(_) => point.put_fixture(life),
        Before::Open | Before::Closed | Before::Cut => {
            open(life)?;
            for _ in 0..life.dice.usize(..5) {
                ordinary(life)?;
            }
        }
    }
    (point.ready)(life);
    match point.before {
        Before::Closed => life.close(),
        Before::Cut => {
            life.card.cut_after(0);
            life.close();
            life.power_on();
        }
        _ => {}
    }
    life.card.cut_after(life.dice.u64(..=point.steps));
    let outcome = (point.act)(life);
    let name = point.name_of(life.card.cut_at().as_ref(), outcome.is_ok());
    life.card.cut_after(0);
    life.close();
    life.power_on();
    Ok((name, outcome.err()))
}

/// What a box does most of the time.
fn ordinary(life: &mut Life) -> Result<(), String> {
    let done = match life.dice.u8(..10) {
        0 => life.line(),
        1 => life.change(),
        2 => life.next_hour(),
        3 => life.late_batch(),
        4 | 5 => life.any_batch(),
        _ => life.small_batch(),
    };
    done.map_err(|_| "refused by a card that is well".to_owned())
}

/// Writes down how far the suite has come.
pub(super) fn keep(file: &Path, (seed, next): (u64, u64), tallies: &Tallies) -> io::Result<()> {
    let mut out = format!("{seed} {next}\n");
    for (name, tally) in tallies {
        let took: Vec<String> = tally
            .took
            .iter()
            .map(|(at, count)| format!("{at}:{count}"))
            .collect();
        let (cuts, rows) = (tally.cuts, tally.rows);
        let _ = writeln!(out, "{name}\t{cuts}\t{rows}\t{}", took.join(","));
    }
    let beside = file.with_extension("new");
    std::fs::write(&beside, out)?;
    std::fs::rename(beside, file)
}

/// How far it had come with this seed: the next case, and what was found until then, in which nothing was wrong.
pub(super) fn kept(file: &Path, seed: u64) -> Option<(u64, Tallies)> {
    let text = std::fs::read_to_string(file).ok()?;
    let mut lines = text.lines();
    let next = lines.next()?.strip_prefix(&format!("{seed} "))?.parse().ok()?;
    let tallies = lines.map(|line| {
        let mut parts = line.split('\t');
        let name = parts.next()?.to_owned();
        let (cuts, rows) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        let took = parts.next()?.split(',').map(|pair| {
            let (at, count) = pair.split_once(':')?;
            Some((at.parse().ok()?, count.parse().ok()?))
        });
        let tally = Tally {
            cuts,
            rows,
            took: took.collect::<Option<_>>()?,
            ..Tally::default()
        };
        Some((name, tally))
    });
    Some((next, tallies.collect::<Option<_>>()?))
}

/// Numbers that lie beside each other give seeds that do not.
fn mixed(seed: u64, case: u64) -> u64 {
    let mut mixed = seed ^ case.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// The table as people read it.
pub(super) fn table(tallies: &Tallies) -> String {
    let mut out = format!(
        "{:<52}{:>10}{:>14}{:>6}{:>10}{:>9}{:>9}{:>9}\n",
        "power went while", "cuts", "rows checked", "lost", "unopened", "p50 ms", "p99 ms", "max ms"
    );
    let mut all = Tally::default();
    let mut row = |name: &str, tally: &Tally| {
        let ms = |percent| {
            let micros = tally.percentile(percent);
            format!("{}.{:02}", micros / 1_000, micros % 1_000 / 10)
        };
        let _ = writeln!(
            out,
            "{name:<52}{:>10}{:>14}{:>6}{:>10}{:>9}{:>9}{:>9}",
            tally.cuts,
            tally.rows,
            tally.lost,
            tally.unopened,
            ms(50),
            ms(99),
            ms(100)
        );
    };
    for (name, tally) in tallies {
        row(name, tally);
        all.add(tally);
    }
    row("all", &all);
    out
}
