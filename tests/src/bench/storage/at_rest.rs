//! What a day of 240 channels each second takes on the card once it is packed, and how fast it can be brought in.
//!
//! Every store gets the same samples, dated to yesterday. Time is counted only while a store works, not while its food is
//! prepared. What is in a store's folder in the end counts, all of it, by the blocks that the file system gave.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant as Clock};

use anyhow::{Context, Result, ensure};
use energy::calendar::Zone;
use simulator::trace::TraceOptions;
use store::{Options, Progress, Store};
use units::{Channel, Instant, Span, Unit};

use super::daemon::{Daemon, memory};
use super::feed::{Feed, plain, yesterday};
use super::peers::{self, Packing};
use super::results::Measured;
use super::{Place, sqlite::Sqlite};
use crate::let_pass;

/// Rows in one message to a store that takes text.
const ROWS_A_MESSAGE: usize = 600;
/// A store that packs by itself has done so when its folder has had the same size for so long.
const SETTLED: Duration = Duration::from_secs(15);
/// And it has at most so long.
const AT_MOST: Duration = Duration::from_secs(300);
/// The devices that Prometheus gets: its tool for history is slow.
const FOR_PROMETHEUS: [&str; 5] = ["inverter-1", "inverter-2", "meter-1", "meter-2", "meter-3"];

/// Our store twice: fed like a running box, ten seconds at a time through the tail, and in bulk. The day is over, so its
/// roll-ups are made too.
pub(super) fn hearth(place: &Place) -> Result<Vec<Measured>> {
    let folder = empty(place, "hearth")?;
    let running = fill(&folder, &mut Feed::yesterday(), 10)?;
    let samples = running.samples;
    let sealed = allocated(&folder.join("hearth.redb"))?;
    let rolled = roll_up(&folder)?;
    let database = allocated(&folder.join("hearth.redb"))?;
    let tail = allocated(&folder.join("hearth.tail"))?;
    let all = allocated(&folder)?;
    let bulk = empty(place, "hearth-bulk")?;
    let in_bulk = fill(&bulk, &mut Feed::yesterday(), 3_600)?;
    ensure!(
        in_bulk.samples == samples,
        "{} samples instead of {samples}",
        in_bulk.samples
    );
    let bulk_bytes = allocated(&bulk.join("hearth.redb"))?;
    fs::remove_dir_all(&bulk)?;
    Ok(vec![Measured {
        store: "hearth",
        figures: vec![
            ("bytes", all / samples),
            ("database_bytes", database / samples),
            ("sealed_bytes", sealed / samples),
            ("tail_bytes", tail / samples),
            ("bulk_bytes", bulk_bytes / samples),
            ("ingest", samples / in_bulk.seconds / 1e6),
            ("ingest_by_ten_seconds", samples / running.seconds / 1e6),
            ("rolled_up_seconds", rolled.seconds),
            ("rolled_up_written", rolled.bytes / samples),
        ],
    }])
}

/// What bringing in a feed came to.
pub(super) struct Filled {
    pub(super) samples: f64,
    /// While the store worked.
    pub(super) seconds: f64,
}

/// Brings a whole feed into our store and seals it.
pub(super) fn fill(folder: &Path, feed: &mut Feed, rows: usize) -> Result<Filled> {
    let store = Store::open(folder, Options::default())?;
    store
        .record_and_wait(feed.names())
        .map_err(|refused| refused.why)?;
    let (mut samples, mut seconds) = (0.0, 0.0);
    while let Some(batch) = feed.batch(rows) {
        samples += count(batch.readings.len());
        let begins = Clock::now();
        store.record_and_wait(batch).map_err(|refused| refused.why)?;
        seconds += begins.elapsed().as_secs_f64();
    }
    let begins = Clock::now();
    store.seal()?;
    drop(store);
    seconds += begins.elapsed().as_secs_f64();
    Ok(Filled { samples, seconds })
}

/// What making the roll-ups came to.
pub(super) struct RolledUp {
    pub(super) seconds: f64,
    /// Written by the store's own count.
    pub(super) bytes: f64,
}

/// Makes the roll-ups of all days that are there.
pub(super) fn roll_up(folder: &Path) -> Result<RolledUp> {
    let store = Store::open(folder, Options::default())?;
    let zone = Zone::parse("UTC").map_err(|error| anyhow::anyhow!("{error}"))?;
    let last = store.channels().iter().map(|channel| channel.last).max();
    let now = last.context("the store is empty")?.floor(Span::DAY) + Span::DAY.times(2);
    let (begins, before) = (Clock::now(), store.facts().bytes_written);
    while store.roll_up(&zone, now)? == Progress::More {}
    let bytes = store.facts().bytes_written - before;
    let seconds = begins.elapsed().as_secs_f64();
    drop(store);
    Ok(RolledUp {
        seconds,
        bytes: count(usize::try_from(bytes)?),
    })
}

pub(super) fn sqlite(place: &Place) -> Result<Vec<Measured>> {
    let folder = empty(place, "sqlite")?;
    let mut feed = Feed::yesterday();
    let mut database = Sqlite::open(&folder)?;
    let (samples, took) = database.fill(&mut feed, 60)?;
    drop(database);
    Ok(vec![Measured {
        store: "sqlite",
        figures: vec![
            ("bytes", allocated(&folder)? / samples),
            ("ingest", samples / took / 1e6),
        ],
    }])
}

pub(super) fn victoria_metrics(place: &Place) -> Result<Vec<Measured>> {
    let folder = empty(place, "victoriametrics")?;
    let daemon = peers::victoria_metrics(&folder, &place.results.join("victoriametrics.log"))?;
    let (samples, took) = pour(&daemon, &mut Feed::yesterday(), peers::VM_WRITE)?;
    daemon.get("/internal/force_flush")?;
    daemon.get("/internal/force_merge")?;
    settle(&folder)?;
    let (now, _) = memory(daemon.id())?;
    daemon.stop()?;
    told("victoriametrics", &folder, (samples, took), now)
}

pub(super) fn influx_db(place: &Place) -> Result<Vec<Measured>> {
    let folder = empty(place, "influxdb")?;
    let log = place.results.join("influxdb.log");
    let daemon = peers::influx_db(&folder, &log, Packing::AtOnce)?;
    let (samples, took) = pour(&daemon, &mut Feed::yesterday(), peers::INFLUX_WRITE)?;
    settle(&folder)?;
    let (now, _) = memory(daemon.id())?;
    daemon.stop()?;
    told("influxdb", &folder, (samples, took), now)
}

fn told(store: &'static str, folder: &Path, of: (f64, f64), memory: f64) -> Result<Vec<Measured>> {
    let (samples, took) = of;
    Ok(vec![Measured {
        store,
        figures: vec![
            ("bytes", allocated(folder)? / samples),
            ("ingest", samples / took / 1e6),
            ("memory_after", memory),
        ],
    }])
}

/// Sends a whole feed as line protocol; how many samples, and the seconds that the store took.
pub(super) fn pour(daemon: &Daemon, feed: &mut Feed, path: &str) -> Result<(f64, f64)> {
    let (mut text, mut all, mut took) = (String::new(), 0.0, 0.0);
    loop {
        let samples = feed.lines(ROWS_A_MESSAGE, &mut text);
        if samples == 0 {
            return Ok((all, took));
        }
        all += count(samples);
        let begins = Clock::now();
        daemon.post(path, text.as_bytes())?;
        took += begins.elapsed().as_secs_f64();
    }
}

/// Waits until a folder keeps its size.
pub(super) fn settle(folder: &Path) -> Result<()> {
    let begins = Clock::now();
    let (mut size, mut since) = (allocated(folder)?, Clock::now());
    while since.elapsed() < SETTLED && begins.elapsed() < AT_MOST {
        let_pass(Duration::from_secs(1));
        // Files come and go while one looks.
        let now = allocated(folder).unwrap_or(-1.0);
        if (now - size).abs() > 0.5 {
            (size, since) = (now, Clock::now());
        }
    }
    Ok(())
}

pub(super) fn prometheus(place: &Place) -> Result<Vec<Measured>> {
    let folder = empty(place, "prometheus")?;
    let file = place.data.join("prometheus.txt");
    let samples = open_metrics(&file)?;
    let begins = Clock::now();
    crate::process::run(
        Command::new("promtool")
            .args(["tsdb", "create-blocks-from", "openmetrics", "--quiet"])
            .arg(&file)
            .arg(&folder),
    )
    .context("promtool")?;
    let took = begins.elapsed().as_secs_f64();
    fs::remove_file(&file)?;
    Ok(vec![Measured {
        store: "prometheus",
        figures: vec![
            ("bytes", allocated(&folder)? / samples),
            ("ingest", samples / took / 1e6),
        ],
    }])
}

/// Writes the samples of some devices as promtool reads them; how many.
fn open_metrics(file: &Path) -> Result<f64> {
    let mut feed = Feed::yesterday();
    let channels: Vec<(usize, Channel, Unit)> = feed
        .channels()
        .iter()
        .enumerate()
        .filter(|(_, (channel, _))| FOR_PROMETHEUS.contains(&channel.device()))
        .map(|(place, (channel, unit))| (place, channel.clone(), *unit))
        .collect();
    let mut out = BufWriter::new(File::create(file)?);
    let (mut text, mut samples) = (String::new(), 0.0);
    while let Some((at, row)) = feed.next() {
        text.clear();
        for (place, channel, unit) in &channels {
            let value = row.get(*place).context("a value")?;
            write!(text, "m_{}{{device=\"{}\"}} ", channel.point(), channel.device())?;
            plain(&mut text, *unit, *value);
            writeln!(text, " {}", at.as_millis() / 1_000)?;
        }
        samples += count(channels.len());
        out.write_all(text.as_bytes())?;
    }
    out.write_all(b"# EOF\n")?;
    out.flush()?;
    Ok(samples)
}

pub(super) fn rrd_tool(place: &Place) -> Result<Vec<Measured>> {
    let folder = empty(place, "rrdtool")?;
    let mut feed = Feed::yesterday();
    let log = place.results.join("rrdtool.log");
    let mut tool = Command::new("rrdtool")
        .arg("-")
        .current_dir(&folder)
        .stdin(Stdio::piped())
        .stdout(File::create(&log)?)
        .spawn()
        .context("rrdtool cannot be started; is it installed?")?;
    let mut pipe = tool.stdin.take().context("its pipe")?;
    let channels = feed.channels().to_vec();
    pipe.write_all(creations(&channels, yesterday()).as_bytes())?;
    // The tool works while one writes to it, so all that it is to be told is made ready first.
    let (mut texts, mut samples) = (Vec::new(), 0.0);
    loop {
        let (text, written) = updates(&channels, &mut feed)?;
        if written == 0 {
            break;
        }
        samples += count(written);
        texts.push(text);
    }
    let begins = Clock::now();
    for text in texts {
        pipe.write_all(text.as_bytes())?;
    }
    drop(pipe);
    tool.wait()?;
    let took = begins.elapsed().as_secs_f64();
    let words = fs::read_to_string(&log)?;
    ensure!(
        !words.contains("ERROR"),
        "{}",
        words
            .lines()
            .find(|line| line.contains("ERROR"))
            .unwrap_or_default()
    );
    Ok(vec![Measured {
        store: "rrdtool",
        figures: vec![
            ("bytes", allocated(&folder)? / samples),
            ("ingest", samples / took / 1e6),
        ],
    }])
}

/// A file for each device: a ring of a day by the second, and one of its minutes.
fn creations(channels: &[(Channel, Unit)], from: Instant) -> String {
    let mut text = String::new();
    let begins = from.as_millis() / 1_000 - 1;
    for device in channels.chunk_by(|a, b| a.0.device() == b.0.device()) {
        let name = device.first().map_or("", |(channel, _)| channel.device());
        // Writing to a String cannot fail.
        let _ = write!(text, "create {name}.rrd --start {begins} --step 1");
        for (channel, _) in device {
            let _ = write!(text, " DS:{}:GAUGE:5:U:U", channel.point());
        }
        text += " RRA:AVERAGE:0.5:1:86400 RRA:AVERAGE:0.5:60:1440\n";
    }
    text
}

/// A minute of every device, as rrdtool reads it.
fn updates(channels: &[(Channel, Unit)], feed: &mut Feed) -> Result<(String, usize)> {
    let devices = channels.chunk_by(|a, b| a.0.device() == b.0.device());
    let mut lines: Vec<String> = devices
        .clone()
        .filter_map(|device| device.first())
        .map(|(channel, _)| format!("update {}.rrd", channel.device()))
        .collect();
    let mut samples = 0;
    for _ in 0..60 {
        let Some((at, row)) = feed.next() else { break };
        samples += row.len();
        let mut values = row.iter();
        for (line, device) in lines.iter_mut().zip(devices.clone()) {
            write!(line, " {}", at.as_millis() / 1_000)?;
            for (_, unit) in device {
                line.push(':');
                plain(line, *unit, *values.next().context("a value")?);
            }
        }
    }
    Ok((lines.join("\n") + "\n", samples))
}

/// An empty folder for a store's data.
pub(super) fn empty(place: &Place, name: &str) -> Result<std::path::PathBuf> {
    let folder = place.data.join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// The bytes that a file, or all in a folder, has on the card; none where there is nothing.
pub(super) fn allocated(path: &Path) -> Result<f64> {
    let facts = match fs::symlink_metadata(path) {
        Ok(facts) => facts,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(0.0),
        Err(error) => return Err(error.into()),
    };
    let blocks = u32::try_from(facts.blocks()).context("a file beyond two terabytes")?;
    let mut sum = f64::from(blocks) * 512.0;
    if facts.is_dir() {
        for entry in fs::read_dir(path)? {
            sum += allocated(&entry?.path())?;
        }
    }
    Ok(sum)
}

/// A count as floating point.
pub(super) fn count(number: usize) -> f64 {
    u32::try_from(number).map_or(f64::NAN, f64::from)
}

/// The options of the one-day store beside ten years: the same channels, the same pace.
pub(super) fn one_day_of(options: TraceOptions) -> TraceOptions {
    TraceOptions {
        rows: 5_760,
        ..options
    }
}
