//! A day of readings each second, asked as the 1,440 points of a chart; the same from SQLite beside it.

use std::path::Path;
use std::time::Instant as Clock;

use anyhow::{Context, Result, ensure};
use rusqlite::Connection;
use serde_json::Value;
use store::{Batch, Options, Store};
use units::{Channel, Instant, Number, Reading, Span, Unit};

use crate::process::{Running, get};
use crate::{Figure, median};

const RUNS: usize = 41;
const SECONDS: i64 = 86_400;
const PARTS: usize = 1_440;

const SITE: &str = "[place]\nname = \"Bench\"\ntime_zone = \"UTC\"\ncurrency = \"EUR\"\nlatitude = 48.2\n\
                    longitude = 16.4\n\n[[bus]]\nname = \"network\"\nkind = \"tcp\"\naddress = \"127.0.0.1:9\"\n\n\
                    [[device]]\nname = \"meter\"\nlabel = \"Meter\"\nbus = \"network\"\nunit = 1\n\
                    profile = \"eastron-sdm630\"\nrole = \"grid\"\nrated_power = 30000\n";

pub(crate) fn figures() -> Result<Vec<Figure>> {
    let folder = tempfile::tempdir()?;
    let from = hearth::clock::now().floor(Span::DAY) - Span::DAY;
    let day: Vec<(Instant, i64)> = (0..SECONDS)
        .map(|second| (from + Span::SECOND.times(second), watts(second)))
        .collect();
    fill(folder.path(), &day)?;
    let database = sqlite(&folder.path().join("peer.sqlite"), &day)?;
    std::fs::write(folder.path().join("site.toml"), SITE)?;
    let (_running, address) = Running::the_box(folder.path())?;
    let path = format!(
        "/api/v1/means?channel=meter/power&from={}&to={}&parts={PARTS}",
        iso(from)?,
        iso(from + Span::DAY)?
    );
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let begins = Clock::now();
        let answer = get(address, &path, "")?;
        ours.push(begins.elapsed().as_secs_f64() * 1_000.0);
        let points: Vec<Value> = serde_json::from_slice(&answer.body)?;
        ensure!(points.len() == PARTS, "{} points came", points.len());
        let begins = Clock::now();
        let rows = minutes(&database, from)?;
        theirs.push(begins.elapsed().as_secs_f64() * 1_000.0);
        ensure!(rows.len() == PARTS, "{} rows came", rows.len());
        compare(&points, &rows)?;
    }
    let (ours, theirs) = (median(ours), median(theirs));
    let peer = format!("SQLite in process {theirs:.1} ms");
    Ok(vec![
        Figure::told(
            "A channel's day at 1 Hz to 1,440 points, over HTTP",
            format!("{ours:.1} ms"),
            peer,
        ),
        Figure::at_most("  as a share of SQLite's time", ours / theirs, 1.0, ""),
    ])
}

/// A load that wanders, with a motor that starts now and then.
fn watts(second: i64) -> i64 {
    let slow = (second % 7_200 - 3_600).abs() / 4;
    let noise = second.wrapping_mul(48_271) % 2_147 % 37;
    slow + noise + if second % 900 < 90 { 1_500 } else { 0 }
}

fn fill(folder: &Path, day: &[(Instant, i64)]) -> Result<()> {
    let store = Store::open(folder, Options::default())?;
    let channel = Channel::parse("meter/power")?;
    // As the recorder writes it: ten seconds at a time would take hours; an hour at a time is sealed alike.
    for hour in day.chunks(3_600) {
        let mut batch = Batch::default();
        batch.channels.insert(channel.clone(), Unit::Watts);
        batch.readings = hour
            .iter()
            .map(|(at, watts)| Reading {
                channel: channel.clone(),
                at: *at,
                outcome: Ok(Number {
                    value: *watts,
                    step: 1,
                }),
            })
            .collect();
        store.record_and_wait(batch).map_err(|refused| refused.why)?;
    }
    store.seal()?;
    Ok(())
}

fn sqlite(file: &Path, day: &[(Instant, i64)]) -> Result<Connection> {
    let mut database = Connection::open(file)?;
    database.execute_batch(
        "CREATE TABLE reading (channel INTEGER, t INTEGER, value INTEGER, PRIMARY KEY (channel, t)) WITHOUT ROWID",
    )?;
    let batch = database.transaction()?;
    {
        let mut insert = batch.prepare("INSERT INTO reading VALUES (1, ?1, ?2)")?;
        for (at, watts) in day {
            insert.execute([at.as_millis(), *watts])?;
        }
    }
    batch.commit()?;
    Ok(database)
}

type Minute = (i64, i64, f64, i64, i64);

fn minutes(database: &Connection, from: Instant) -> Result<Vec<Minute>> {
    let mut query = database.prepare(
        "SELECT t / 60000 * 60000, min(value), avg(value), max(value), count(*) FROM reading \
         WHERE channel = 1 AND t >= ?1 AND t < ?2 GROUP BY t / 60000",
    )?;
    let to = from + Span::DAY;
    let rows = query.query_map([from.as_millis(), to.as_millis()], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Both must have told the same, else the times compare nothing.
fn compare(points: &[Value], rows: &[Minute]) -> Result<()> {
    for (point, (start, min, _, max, count)) in points.iter().zip(rows) {
        let same = point["start_ms"] == *start && point["min"] == *min && point["max"] == *max;
        ensure!(
            same && point["count"] == *count,
            "{point} is not {start} {min} {max} {count}"
        );
    }
    Ok(())
}

/// The moment as the API takes it.
fn iso(at: Instant) -> Result<String> {
    let zone = energy::calendar::Zone::parse("UTC").map_err(|error| anyhow::anyhow!("{error}"))?;
    let date = zone.date_of(at);
    Some(format!("{date}T00:00:00Z")).context("a date")
}
