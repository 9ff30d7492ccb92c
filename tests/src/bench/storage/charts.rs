//! A channel's day by the minute, over HTTP, and a channel's year by the day, in process.
//!
//! Whoever answers over HTTP is asked on a new connection each time, as a page would, and all must tell the same means.

use std::fs;
use std::time::Instant as Clock;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use simulator::trace::TraceOptions;
use store::{Known, Options, Resolution, Rollup, Store};
use units::{Channel, Instant, Span};

use super::at_rest::{self, empty, pour};
use super::feed::Feed;
use super::peers::{self, Packing, Question, influx_means, prom_means};
use super::results::Measured;
use super::{Place, sqlite::Sqlite};
use crate::median;
use crate::process::{Running, get};

const RUNS: usize = 41;
const CHANNEL: &str = "meter-1/power";
const PARTS: i64 = 1_440;

const SITE: &str = "[place]\nname = \"Bench\"\ntime_zone = \"UTC\"\ncurrency = \"EUR\"\nlatitude = 51.0\n\
                    longitude = 0.0\n\n[[bus]]\nname = \"network\"\nkind = \"tcp\"\naddress = \"127.0.0.1:9\"\n\n\
                    [[device]]\nname = \"meter-1\"\nlabel = \"Meter\"\nbus = \"network\"\nunit = 1\n\
                    profile = \"eastron-sdm630\"\nrole = \"grid\"\nrated_power = 30000\n";

/// How a store is asked: the median in milliseconds, and the means that it told.
type Ask = fn(&Place, &Question<'_>) -> Result<(f64, Vec<f64>)>;

/// A day of one channel at 1 Hz as 1,440 points, from the stores that `at-rest` has left.
pub(super) fn day(place: &Place) -> Result<Vec<Measured>> {
    let channel = Channel::parse(CHANNEL)?;
    let asked = Question {
        channel: &channel,
        from: first_of(place, &channel)?,
        part: Span::MINUTE,
        parts: PARTS,
    };
    let (ours, means) = hearth_day(place, &asked)?;
    let mut all = vec![timed("hearth", "milliseconds", ours)];
    let peers: [(&'static str, Ask); 4] = [
        ("sqlite", sqlite_day),
        ("victoriametrics", victoria_metrics_day),
        ("influxdb", influx_day),
        ("prometheus", prometheus_day),
    ];
    for (store, ask) in peers {
        if !place.data.join(store).exists() {
            println!("  {store} has no data; measure at-rest:{store} first");
            continue;
        }
        let (theirs, told) = ask(place, &asked)?;
        same(store, &means, &told)?;
        all.push(timed(store, "milliseconds", theirs));
    }
    Ok(all)
}

fn timed(store: &'static str, name: &'static str, value: f64) -> Measured {
    Measured {
        store,
        figures: vec![(name, value)],
    }
}

/// Where the day begins that was brought in, which may be some days ago.
fn first_of(place: &Place, channel: &Channel) -> Result<Instant> {
    let folder = place.data.join("hearth");
    ensure!(
        folder.exists(),
        "there is no day to ask for; measure at-rest:hearth first"
    );
    let store = Store::open(&folder, Options::default())?;
    let spans = store.channels();
    let found = spans.iter().find(|span| span.channel == *channel);
    // Not its last reading: the box that was asked before has noted that it has no such device.
    let first = found.context("the store has nothing of the channel")?.first;
    Ok(first.floor(Span::DAY))
}

/// Ours rounds means to whole watts; else all must tell the same.
fn same(store: &str, ours: &[f64], theirs: &[f64]) -> Result<()> {
    ensure!(
        ours.len() == theirs.len(),
        "{store} told {} points of {}",
        theirs.len(),
        ours.len()
    );
    for (number, (a, b)) in ours.iter().zip(theirs).enumerate() {
        ensure!((a - b).abs() < 0.51, "{store} says {b} in part {number}, not {a}");
    }
    Ok(())
}

/// Asks many times; the median in milliseconds, and what was told. To read an answer of text is the asker's own work, and
/// takes no time here.
fn many<T>(
    mut ask: impl FnMut() -> Result<T>,
    read: impl Fn(T) -> Result<Vec<f64>>,
) -> Result<(f64, Vec<f64>)> {
    let (mut times, mut told) = (Vec::new(), read(ask()?)?);
    for _ in 0..RUNS {
        let begins = Clock::now();
        let answer = ask()?;
        times.push(begins.elapsed().as_secs_f64() * 1_000.0);
        told = read(answer)?;
    }
    Ok((median(times), told))
}

fn hearth_day(place: &Place, asked: &Question<'_>) -> Result<(f64, Vec<f64>)> {
    let folder = place.data.join("hearth");
    fs::write(folder.join("site.toml"), SITE)?;
    let (_running, address) = Running::the_box(&folder)?;
    let path = format!(
        "/api/v1/means?channel={}&from={}&to={}&parts={PARTS}",
        asked.channel,
        iso(asked.from)?,
        iso(asked.from + Span::DAY)?
    );
    let mean = |point: &Value| point["mean"].as_f64().with_context(|| format!("{point}"));
    many(
        || Ok(get(address, &path, "")?.body),
        |body| {
            let points: Vec<Value> = serde_json::from_slice(&body)?;
            points.iter().map(mean).collect()
        },
    )
}

fn sqlite_day(place: &Place, asked: &Question<'_>) -> Result<(f64, Vec<f64>)> {
    let database = Sqlite::open(&place.data.join("sqlite"))?;
    let number = number_of(&Feed::yesterday(), asked.channel)?;
    many(|| database.means(number, asked.from, asked.part, asked.parts), Ok)
}

fn number_of(feed: &Feed, channel: &Channel) -> Result<usize> {
    let place = feed.channels().iter().position(|(known, _)| known == channel);
    place.context("the data set has no such channel")
}

fn victoria_metrics_day(place: &Place, asked: &Question<'_>) -> Result<(f64, Vec<f64>)> {
    let log = place.results.join("victoriametrics.log");
    let daemon = peers::victoria_metrics(&place.data.join("victoriametrics"), &log)?;
    let path = asked.prom_path("m_power", "1m", Span::SECOND);
    many(
        || daemon.answer(&path),
        |body| prom_means(&serde_json::from_slice(&body)?),
    )
}

fn influx_day(place: &Place, asked: &Question<'_>) -> Result<(f64, Vec<f64>)> {
    let log = place.results.join("influxdb.log");
    let daemon = peers::influx_db(&place.data.join("influxdb"), &log, Packing::AsUsual)?;
    let path = asked.influx_path("1m");
    many(
        || daemon.answer(&path),
        |body| influx_means(&serde_json::from_slice(&body)?),
    )
}

fn prometheus_day(place: &Place, asked: &Question<'_>) -> Result<(f64, Vec<f64>)> {
    let daemon = peers::prometheus(
        &place.data.join("prometheus"),
        &place.results.join("prometheus.log"),
    )?;
    // Its windows are closed at both ends.
    let path = asked.prom_path("m_power", "59s", Span::SECOND);
    many(
        || daemon.answer(&path),
        |body| prom_means(&serde_json::from_slice(&body)?),
    )
}

/// The moment as the API takes it.
fn iso(at: Instant) -> Result<String> {
    let zone = energy::calendar::Zone::parse("UTC").map_err(|error| anyhow::anyhow!("{error}"))?;
    Ok(format!("{}T00:00:00Z", zone.date_of(at)))
}

/// A year of one channel, a sample a minute, as 365 points.
pub(super) fn year(place: &Place) -> Result<Vec<Measured>> {
    let channel = Channel::parse(CHANNEL)?;
    let asked = Question {
        channel: &channel,
        from: TraceOptions::year().from,
        part: Span::DAY,
        parts: 365,
    };
    let (ours, means) = hearth_year(place, &asked)?;
    let (sqlite, told) = sqlite_year(place, &asked)?;
    same("sqlite", &means, &told)?;
    let (victoria, told) = victoria_metrics_year(place, &asked)?;
    same("victoriametrics", &means, &told)?;
    let times = [
        ("hearth", ours),
        ("sqlite", sqlite),
        ("victoriametrics", victoria),
    ];
    let micro = |(store, time)| timed(store, "microseconds", time * 1_000.0);
    Ok(times.into_iter().map(micro).collect())
}

fn hearth_year(place: &Place, asked: &Question<'_>) -> Result<(f64, Vec<f64>)> {
    let folder = empty(place, "hearth-year")?;
    at_rest::fill(&folder, &mut Feed::new(TraceOptions::year()), 1_440)?;
    at_rest::roll_up(&folder)?;
    let store = Store::open(&folder, Options::default())?;
    let to = asked.from + asked.part.times(asked.parts);
    let answer = many(
        || Ok(store.rollups(asked.channel, Resolution::Day, asked.from, to)?),
        |days| days.iter().map(mean_of).collect(),
    )?;
    drop(store);
    fs::remove_dir_all(&folder)?;
    Ok(answer)
}

fn sqlite_year(place: &Place, asked: &Question<'_>) -> Result<(f64, Vec<f64>)> {
    let folder = empty(place, "sqlite-year")?;
    let mut database = Sqlite::open(&folder)?;
    let mut feed = Feed::new(TraceOptions::year());
    database.fill(&mut feed, 1_440)?;
    let number = number_of(&feed, asked.channel)?;
    let answer = many(|| database.means(number, asked.from, asked.part, asked.parts), Ok)?;
    drop(database);
    fs::remove_dir_all(&folder)?;
    Ok(answer)
}

fn victoria_metrics_year(place: &Place, asked: &Question<'_>) -> Result<(f64, Vec<f64>)> {
    let folder = empty(place, "victoriametrics-year")?;
    let daemon = peers::victoria_metrics(&folder, &place.results.join("victoriametrics.log"))?;
    pour(&daemon, &mut Feed::new(TraceOptions::year()), peers::VM_WRITE)?;
    daemon.get("/internal/force_flush")?;
    daemon.get("/internal/force_merge")?;
    at_rest::settle(&folder)?;
    let path = asked.prom_path("m_power", "1d", Span::MINUTE);
    let answer = many(
        || daemon.answer(&path),
        |body| prom_means(&serde_json::from_slice(&body)?),
    )?;
    daemon.stop()?;
    fs::remove_dir_all(&folder)?;
    Ok(answer)
}

/// The mean of a roll-up in whole steps.
fn mean_of(day: &Rollup) -> Result<f64> {
    let Known::Values(spread) = day.known else {
        anyhow::bail!("a day without values: {:?}", day.known);
    };
    Ok(f64::from(i32::try_from(spread.mean)?))
}
