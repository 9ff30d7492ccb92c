//! How each foreign store is started, fed and asked.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use units::{Channel, Instant, Span};

use super::daemon::{Daemon, free_address};

/// Where VictoriaMetrics and InfluxDB take line protocol with times in milliseconds.
pub(super) const VM_WRITE: &str = "/write?precision=ms";
pub(super) const INFLUX_WRITE: &str = "/write?db=bench&precision=ms";

/// VictoriaMetrics on a folder. Its own default gives up what is older than a month; here it keeps all.
pub(super) fn victoria_metrics(folder: &Path, log: &Path) -> Result<Daemon> {
    let address = free_address()?;
    let mut command = Command::new("victoria-metrics");
    command
        .arg(format!("-storageDataPath={}", folder.display()))
        .arg(format!("-httpListenAddr={address}"))
        .arg("-retentionPeriod=100y");
    Daemon::start(command, address, "/health", log)
}

/// How soon InfluxDB packs what is not written to any more.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Packing {
    /// After four hours, as it does by itself.
    AsUsual,
    /// At once, so that one need not wait for what it keeps in the end.
    AtOnce,
}

/// InfluxDB on a folder, with a database that is called `bench`.
pub(super) fn influx_db(folder: &Path, log: &Path, packing: Packing) -> Result<Daemon> {
    let address = free_address()?;
    let other = free_address()?;
    let place = folder.display();
    let mut settings = format!(
        "reporting-disabled = true\nbind-address = \"{other}\"\n[meta]\ndir = \"{place}/meta\"\n\
         [data]\ndir = \"{place}/data\"\nwal-dir = \"{place}/wal\"\nquery-log-enabled = false\n"
    );
    if packing == Packing::AtOnce {
        settings +=
            "cache-snapshot-write-cold-duration = \"5s\"\ncompact-full-write-cold-duration = \"10s\"\n";
    }
    write!(
        settings,
        "[http]\nbind-address = \"{address}\"\nlog-enabled = false\nmax-row-limit = 0\n[monitor]\nstore-enabled = false\n"
    )?;
    let file = log.with_extension("conf");
    fs::write(&file, settings)?;
    let mut command = Command::new("influxd");
    command.arg("-config").arg(&file);
    let daemon = Daemon::start(command, address, "/ping", log)?;
    daemon.post("/query?q=CREATE+DATABASE+bench", b"")?;
    Ok(daemon)
}

/// Prometheus on a folder; it fetches from nobody, or from `target`.
pub(super) fn prometheus(folder: &Path, log: &Path) -> Result<Daemon> {
    let address = free_address()?;
    let file = log.with_extension("yml");
    fs::write(&file, "global:\n  scrape_interval: 1h\n")?;
    let mut command = Command::new("prometheus");
    command
        .arg(format!("--config.file={}", file.display()))
        .arg(format!("--storage.tsdb.path={}", folder.display()))
        .arg("--storage.tsdb.retention.time=100y")
        .arg(format!("--web.listen-address={address}"));
    Daemon::start(command, address, "/-/ready", log)
}

/// A stretch of time cut into parts, asked of one channel.
pub(super) struct Question<'a> {
    pub(super) channel: &'a Channel,
    pub(super) from: Instant,
    pub(super) part: Span,
    pub(super) parts: i64,
}

impl Question<'_> {
    /// The path under which VictoriaMetrics or Prometheus answers with the mean of each part. A part is asked at its last
    /// sample, `step` before its end.
    pub(super) fn prom_path(&self, metric: &str, window: &str, step: Span) -> String {
        let seconds = |at: Instant| at.as_millis() / 1_000;
        let first = self.from + self.part - step;
        let last = first + self.part.times(self.parts - 1);
        let device = self.channel.device();
        format!(
            "/api/v1/query_range?nocache=1&query=avg_over_time({metric}%7Bdevice%3D%22{device}%22%7D%5B{window}%5D)\
             &start={}&end={}&step={}",
            seconds(first),
            seconds(last),
            self.part.as_secs()
        )
    }

    /// The path under which InfluxDB answers with the mean of each part.
    pub(super) fn influx_path(&self, part: &str) -> String {
        let (from, to) = (
            self.from.as_millis(),
            (self.from + self.part.times(self.parts)).as_millis(),
        );
        format!(
            "/query?db=bench&epoch=ms&q=SELECT+mean(%22{}%22)+FROM+m+WHERE+device%3D%27{}%27+AND+time%3E%3D{from}ms\
             +AND+time%3C{to}ms+GROUP+BY+time({part})",
            self.channel.point(),
            self.channel.device(),
        )
    }
}

/// The means in an answer of VictoriaMetrics or Prometheus.
pub(super) fn prom_means(answer: &serde_json::Value) -> Result<Vec<f64>> {
    let values = answer["data"]["result"][0]["values"]
        .as_array()
        .context("no values came")?;
    let mean = |point: &serde_json::Value| point[1].as_str().and_then(|text| text.parse().ok());
    values.iter().map(|point| mean(point).context("a mean")).collect()
}

/// The means in an answer of InfluxDB.
pub(super) fn influx_means(answer: &serde_json::Value) -> Result<Vec<f64>> {
    let values = answer["results"][0]["series"][0]["values"].as_array();
    let values = values.context("no values came")?;
    values
        .iter()
        .map(|point| point[1].as_f64().context("a mean"))
        .collect()
}
