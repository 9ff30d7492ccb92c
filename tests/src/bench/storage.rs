//! `./dev bench --storage`: what the store writes, keeps and answers, beside SQLite, VictoriaMetrics, InfluxDB,
//! Prometheus and RRDtool on the same data.
//!
//! Each part keeps its figures in `target/bench/storage`, so that parts can be run alone, a run that was cut short goes
//! on where it was, and the table is printed from all that is there. Words: names of parts choose them (`at-rest` all
//! stores, `at-rest:sqlite` one); `--again` measures anew what is there already; `--table` measures nothing; `--minutes N`
//! is how long what runs in real time runs; `--write FILE` writes the table as Markdown too.

#[path = "storage/at_rest.rs"]
mod at_rest;
#[path = "storage/charts.rs"]
mod charts;
#[path = "storage/child.rs"]
mod child;
#[path = "storage/cuts.rs"]
mod cuts;
#[path = "storage/daemon.rs"]
mod daemon;
#[path = "storage/decade.rs"]
mod decade;
#[path = "storage/disk.rs"]
mod disk;
#[path = "storage/feed.rs"]
mod feed;
#[path = "storage/peers.rs"]
mod peers;
#[path = "storage/real_time.rs"]
mod real_time;
#[path = "storage/results.rs"]
mod results;
#[path = "storage/sqlite.rs"]
mod sqlite;
#[path = "storage/table.rs"]
mod table;
#[path = "storage/whole_box.rs"]
mod whole_box;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use results::{Measured, Results};

/// The stores that are measured, in the order of the table's columns.
const STORES: [&str; 6] = [
    "hearth",
    "sqlite",
    "victoriametrics",
    "influxdb",
    "prometheus",
    "rrdtool",
];

/// How one part is measured.
type Measure = fn(&Place) -> Result<Vec<Measured>>;

/// The parts: a name, the store where it is about a single one, and how it is measured.
const PARTS: [(&str, &str, Measure); 12] = [
    ("at-rest", "hearth", at_rest::hearth),
    ("at-rest", "sqlite", at_rest::sqlite),
    ("at-rest", "victoriametrics", at_rest::victoria_metrics),
    ("at-rest", "influxdb", at_rest::influx_db),
    ("at-rest", "prometheus", at_rest::prometheus),
    ("at-rest", "rrdtool", at_rest::rrd_tool),
    ("day", "", charts::day),
    ("year", "", charts::year),
    ("written", "", real_time::written),
    ("box", "", whole_box::in_real_time),
    ("decade", "", decade::figures),
    ("cuts", "", cuts::figures),
];

/// Where things are, and how long real time takes.
struct Place {
    /// Figures of finished parts.
    results: PathBuf,
    /// What the stores keep.
    data: PathBuf,
    /// How long what runs in real time runs.
    minutes: u32,
}

/// What was asked for on the command line.
#[derive(Default)]
struct Asked {
    parts: Vec<String>,
    again: bool,
    table: bool,
    minutes: Option<u32>,
    write: Option<PathBuf>,
}

/// Measures what was asked for, and prints the table.
pub(crate) fn main(words: &[String]) -> ExitCode {
    match run(words) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::from(64)
        }
    }
}

/// What the program does as a child of itself: see `child.rs`.
pub(crate) fn child(words: &[String]) -> ExitCode {
    match child::main(words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[String]) -> Result<ExitCode> {
    let asked = read_words(words)?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from);
    let results = target.join("bench/storage");
    let place = Place {
        data: std::path::absolute(results.join("data"))?,
        results,
        minutes: asked.minutes.unwrap_or(65),
    };
    std::fs::create_dir_all(&place.data)?;
    println!("{}", crate::machine());
    let mut fine = true;
    for (name, store, measure) in PARTS {
        let whole = key(name, store);
        let wanted = asked.parts.is_empty() || asked.parts.iter().any(|part| *part == name || *part == whole);
        if asked.table || !wanted || (!asked.again && Results::has(&place.results, &whole)) {
            continue;
        }
        println!("measuring {whole} ...");
        let begins = Instant::now();
        match measure(&place).and_then(|measured| Results::keep(&place.results, name, &whole, &measured)) {
            Ok(()) => println!("  done in {:.0} s", begins.elapsed().as_secs_f64()),
            Err(error) => {
                fine = false;
                println!("  {whole} could not be measured: {error:#}");
            }
        }
    }
    let results = Results::read(&place.results)?;
    fine &= table::print(&results, asked.parts.is_empty());
    if let Some(file) = asked.write {
        std::fs::write(&file, table::markdown(&results))
            .with_context(|| format!("{} cannot be written", file.display()))?;
    }
    Ok(if fine {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// What a part is called together with its store.
fn key(name: &str, store: &str) -> String {
    if store.is_empty() {
        name.to_owned()
    } else {
        format!("{name}:{store}")
    }
}

fn read_words(words: &[String]) -> Result<Asked> {
    let mut asked = Asked::default();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--again" => asked.again = true,
            "--table" => asked.table = true,
            "--minutes" => {
                let number = words.next().context("--minutes needs a number")?;
                asked.minutes = Some(number.parse().context("--minutes needs a number")?);
            }
            "--write" => asked.write = Some(words.next().context("--write needs a file")?.into()),
            part if PARTS
                .iter()
                .any(|(name, store, _)| part == *name || part == key(name, store)) =>
            {
                asked.parts.push(part.to_owned());
            }
            other => {
                let mut names: Vec<_> = PARTS.map(|(name, ..)| name).to_vec();
                names.dedup();
                bail!("there is no part {other:?}; choose of {}", names.join(", "));
            }
        }
    }
    Ok(asked)
}
