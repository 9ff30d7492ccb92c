//! Ten years of fifty channels, more than a thousand million samples: whether the store still opens and answers as it does
//! with a single day of the same. What was brought in before a run was cut short is not brought in again.

use std::fs;
use std::path::Path;
use std::time::Instant as Clock;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use simulator::trace::TraceOptions;
use store::{Options, Store};

use super::Place;
use super::at_rest::{allocated, count, empty, fill, one_day_of, roll_up};
use super::feed::Feed;
use super::real_time::{child, path};
use super::results::Measured;
use crate::median;

const CHANNEL: &str = "meter-1/power";
/// Rows in a batch: a day.
const ROWS: usize = 5_760;
/// Each store is opened so many times, by turns.
const RUNS: usize = 7;

pub(super) fn figures(place: &Place) -> Result<Vec<Measured>> {
    let options = TraceOptions::ten_years();
    let day = empty(place, "hearth-day")?;
    fill(&day, &mut Feed::new(one_day_of(options)), ROWS)?;
    roll_up(&day)?;
    let decade = place.data.join("hearth-decade");
    fs::create_dir_all(&decade)?;
    let (samples, ingest) = bring_in(&decade, options)?;
    println!("  making the roll-ups");
    let rolled = roll_up(&decade)?;
    let bytes = allocated(&decade)?;
    // The first day is the same in both.
    let first = options.from.as_millis().to_string();
    let mut of = [Vec::new(), Vec::new()];
    for _ in 0..RUNS {
        for (folder, told) in [&day, &decade].into_iter().zip(&mut of) {
            told.push(opened(folder, &first)?);
        }
    }
    let middle = |store: usize, name: &str| -> Result<f64> {
        let all = of[store]
            .iter()
            .map(|told| told[name].as_f64().context("a figure"));
        Ok(median(all.collect::<Result<_>>()?))
    };
    let mut figures = vec![
        ("samples", samples),
        ("start", middle(1, "start")?),
        ("start_of_a_day", middle(0, "start")?),
        ("query", middle(1, "query")? * 1_000.0),
        ("query_ratio", middle(1, "query")? / middle(0, "query")?),
        ("memory", middle(1, "memory")?),
        ("memory_ratio", middle(1, "memory")? / middle(0, "memory")?),
        ("bytes", bytes / samples),
        ("rolled_up_seconds", rolled.seconds),
    ];
    if let Some(ingest) = ingest {
        figures.push(("ingest", ingest));
    }
    fs::remove_dir_all(&day)?;
    fs::remove_dir_all(&decade)?;
    Ok(vec![Measured {
        store: "hearth",
        figures,
    }])
}

/// Brings in what is not there yet: how many samples there are then, and millions a second if all came in now.
fn bring_in(folder: &Path, options: TraceOptions) -> Result<(f64, Option<f64>)> {
    let store = Store::open(folder, Options::default())?;
    let mut feed = Feed::new(options);
    store
        .record_and_wait(feed.names())
        .map_err(|refused| refused.why)?;
    let first = feed.channels().first().context("a channel")?.0.clone();
    let there = store.last(&first).map(|(at, _)| at);
    let (mut all, mut took, mut days) = (0.0, 0.0, 0);
    while let Some(batch) = feed.batch(ROWS) {
        all += count(batch.readings.len());
        days += 1;
        let newest = batch.readings.last().context("a reading")?.at;
        if there.is_some_and(|there| newest <= there) {
            continue;
        }
        let begins = Clock::now();
        store.record_and_wait(batch).map_err(|refused| refused.why)?;
        took += begins.elapsed().as_secs_f64();
        if days % 365 == 0 {
            println!("  {} of 10 years are in", days / 365);
        }
    }
    let begins = Clock::now();
    store.seal()?;
    drop(store);
    took += begins.elapsed().as_secs_f64();
    Ok((all, there.is_none().then_some(all / took / 1e6)))
}

/// Opens a store in a process of its own and asks for its first day.
fn opened(folder: &Path, first: &str) -> Result<Value> {
    let output = child(&["open", &path(folder), CHANNEL, first]).output()?;
    ensure!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(serde_json::from_slice(&output.stdout)?)
}
