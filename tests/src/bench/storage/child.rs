//! What the bench does in a process of its own, so that memory is that of one store and nothing else.
//!
//! `feed-hearth` and `feed-sqlite` bring in the first fifty minutes of an hour at once, say `ready`, wait for a line, and
//! then bring in ten seconds every ten seconds; after each they say how many bytes the store has written by its own
//! count. `open` opens a store, asks it, and tells how that went.

use std::io::{BufRead, Write};
use std::path::Path;
use std::time::{Duration, Instant as Clock};

use anyhow::{Context, Result, bail};
use simulator::trace::TraceOptions;
use store::{Options, Store};
use units::{Channel, Instant, Span};

use super::daemon::memory;
use super::feed::Feed;
use super::sqlite::Sqlite;
use crate::{let_pass, median};

/// Seconds between two batches: what a power cut may cost.
pub(super) const BATCH: usize = 10;
/// Rows that are brought in before real time begins, so that the full hour is sealed which comes next.
pub(super) const BEFORE: usize = 3_000;
const RUNS: usize = 41;

pub(super) fn main(words: &[String]) -> Result<()> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["feed-hearth", folder, minutes] => feed_hearth(Path::new(folder), minutes.parse()?),
        ["feed-sqlite", folder, minutes] => feed_sqlite(Path::new(folder), minutes.parse()?),
        ["open", folder, channel, from] => open(Path::new(folder), channel, from.parse()?),
        other => bail!("a child cannot do {other:?}"),
    }
}

/// What is fed in real time: the June day from noon on.
pub(super) fn noon(minutes: u32) -> TraceOptions {
    let day = TraceOptions::june_day();
    TraceOptions {
        from: day.from + Span::HOUR.times(12),
        rows: u64::try_from(BEFORE).unwrap_or(0) + u64::from(minutes) * 60,
        ..day
    }
}

/// Calls `bring` once every ten seconds until it has nothing more.
pub(super) fn in_real_time(mut bring: impl FnMut() -> Result<bool>) -> Result<()> {
    let begins = Clock::now();
    let mut due = Duration::ZERO;
    loop {
        due += Duration::from_secs(10);
        let_pass((begins + due).saturating_duration_since(Clock::now()));
        if !bring()? {
            return Ok(());
        }
    }
}

/// Says something to the parent.
fn say(word: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{word}")?;
    Ok(out.flush()?)
}

/// Waits for the parent's word.
fn wait_for_word() -> Result<()> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(())
}

fn feed_hearth(folder: &Path, minutes: u32) -> Result<()> {
    let store = Store::open(folder, Options::default())?;
    let mut feed = Feed::new(noon(minutes));
    store
        .record_and_wait(feed.names())
        .map_err(|refused| refused.why)?;
    for _ in 0..BEFORE / BATCH {
        let batch = feed.batch(BATCH).context("fifty minutes")?;
        store.record_and_wait(batch).map_err(|refused| refused.why)?;
    }
    say("ready")?;
    wait_for_word()?;
    say(&store.facts().bytes_written.to_string())?;
    in_real_time(|| {
        let Some(batch) = feed.batch(BATCH) else {
            return Ok(false);
        };
        store.record_and_wait(batch).map_err(|refused| refused.why)?;
        say(&store.facts().bytes_written.to_string())?;
        Ok(true)
    })?;
    say("end")?;
    wait_for_word()
}

fn feed_sqlite(folder: &Path, minutes: u32) -> Result<()> {
    let mut database = Sqlite::open(folder)?;
    let mut feed = Feed::new(noon(minutes));
    let mut bring = || -> Result<bool> {
        let mut rows = Vec::new();
        while rows.len() < BATCH
            && let Some((at, row)) = feed.next()
        {
            rows.push((at, row.to_vec()));
        }
        database.insert(&rows)?;
        Ok(!rows.is_empty())
    };
    for _ in 0..BEFORE / BATCH {
        bring()?;
    }
    say("ready")?;
    wait_for_word()?;
    in_real_time(bring)?;
    say("end")?;
    wait_for_word()
}

/// Opens a store and asks for the day of a channel that begins then, as 1,440 points.
fn open(folder: &Path, channel: &str, from: i64) -> Result<()> {
    let begins = Clock::now();
    let store = Store::open(folder, Options::default())?;
    let start = begins.elapsed().as_secs_f64();
    let (channel, from) = (Channel::parse(channel)?, Instant::from_millis(from));
    let ask = || -> Result<f64> {
        let begins = Clock::now();
        let buckets = store.means(&channel, from, from + Span::DAY, 1_440)?;
        let took = begins.elapsed().as_secs_f64();
        let filled = buckets
            .iter()
            .filter(|bucket| matches!(bucket.known, store::Known::Values(_)));
        anyhow::ensure!(filled.count() == 1_440, "there are gaps in the day");
        Ok(took)
    };
    let first = ask()?;
    let query = median((0..RUNS).map(|_| ask()).collect::<Result<_>>()?);
    let (now, highest) = memory(std::process::id())?;
    say(&serde_json::json!({
        "start": start, "first": first, "query": query, "memory": now, "highest": highest,
    })
    .to_string())
}
