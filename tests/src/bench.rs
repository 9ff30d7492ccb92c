//! The figures of `./dev bench`, each printed beside its limit or its peer.
//!
//! `bench` measures all of them, `bench rtu page` only those; the names stand in [`SECTIONS`]. `bench --storage` measures
//! the store beside others (`bench/storage.rs`), which takes an hour. The program ends
//! with 1 if a limit is broken or something could not be measured. It leaves out micro-benchmarks: a figure here
//! is one that a person would notice. When the first picture stands in a browser, `tests/browser` measures.

#[path = "bench/book.rs"]
mod book;
#[path = "bench/dead.rs"]
mod dead;
#[path = "bench/fill.rs"]
mod fill;
#[path = "bench/import.rs"]
mod import;
#[path = "bench/line.rs"]
mod line;
#[path = "bench/load.rs"]
mod load;
#[path = "bench/means.rs"]
mod means;
#[path = "bench/page.rs"]
mod page;
#[path = "bench/process.rs"]
mod process;
#[path = "bench/rtu.rs"]
mod rtu;
#[path = "bench/statement.rs"]
mod statement;
#[path = "bench/storage.rs"]
mod storage;
#[path = "bench/ten_years.rs"]
mod ten_years;

use std::fs;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Result;

/// How one section is measured.
type Measure = fn() -> Result<Vec<Figure>>;

/// What can be measured: its name, and how.
const SECTIONS: [(&str, Measure); 8] = [
    ("rtu", rtu::figures),
    ("dead", dead::figures),
    ("box", load::figures),
    ("page", page::figures),
    ("means", means::figures),
    ("fill", fill::figures),
    ("book", book::figures),
    ("import", import::figures),
];

/// One measured figure and what it must keep to.
struct Figure {
    /// What was measured, in words.
    what: String,
    /// The measured value with its unit.
    measured: String,
    /// The limit or the peer in words; empty where there is none.
    limit: String,
    /// Whether the limit was kept.
    kept: bool,
}

impl Figure {
    /// A figure that must not be above its limit.
    fn at_most(what: impl Into<String>, value: f64, limit: f64, unit: &str) -> Self {
        Self {
            what: what.into(),
            measured: format!("{value:.2} {unit}"),
            limit: format!("<= {limit} {unit}"),
            kept: value <= limit,
        }
    }

    /// A figure that must not be below its limit.
    fn at_least(what: impl Into<String>, value: f64, limit: f64, unit: &str) -> Self {
        Self {
            what: what.into(),
            measured: format!("{value:.3} {unit}").trim_end().to_owned(),
            limit: format!(">= {limit} {unit}").trim_end().to_owned(),
            kept: value >= limit,
        }
    }

    /// A figure that stands for itself.
    fn told(what: impl Into<String>, measured: impl Into<String>, beside: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            measured: measured.into(),
            limit: beside.into(),
            kept: true,
        }
    }
}

fn main() -> ExitCode {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    match wanted.split_first() {
        Some((first, words)) if first == "--storage" || first == "storage" => return storage::main(words),
        Some((first, words)) if first == "--child" => return storage::child(words),
        _ => {}
    }
    let names = SECTIONS.map(|section| section.0);
    if let Some(unknown) = wanted.iter().find(|name| !names.contains(&name.as_str())) {
        eprintln!(
            "bench: there is no figure {unknown:?}; choose of {}",
            names.join(", ")
        );
        return ExitCode::from(64);
    }
    println!("{}", machine());
    println!("{:<58} {:>14}  {:<26} kept", "what", "measured", "limit or peer");
    let mut fine = true;
    for (name, measure) in SECTIONS {
        if wanted.is_empty() || wanted.iter().any(|wanted| wanted == name) {
            fine &= section(name, measure);
        }
    }
    println!("{}", machine());
    if fine {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Measures and prints one section; whether all its limits were kept.
fn section(name: &str, measure: fn() -> Result<Vec<Figure>>) -> bool {
    let figures = match measure() {
        Ok(figures) => figures,
        Err(error) => {
            println!("{name}: could not be measured: {error:#}");
            return false;
        }
    };
    for Figure {
        what,
        measured,
        limit,
        kept,
    } in &figures
    {
        let kept = if *kept { "yes" } else { "NO" };
        println!("{what:<58} {measured:>14}  {limit:<26} {kept}");
    }
    figures.iter().all(|figure| figure.kept)
}

/// What the machine is and how busy it is, for those who compare figures.
fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load: Vec<&str> = load.split(' ').take(3).collect();
    format!("{cores} cores; load average {}", load.join(" "))
}

/// The middle one of several runs.
fn median(mut runs: Vec<f64>) -> f64 {
    runs.sort_by(f64::total_cmp);
    runs.get(runs.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Lets time pass in which others work.
fn let_pass(time: Duration) {
    let until = std::time::Instant::now() + time;
    while let Some(left) = until
        .checked_duration_since(std::time::Instant::now())
        .filter(|left| !left.is_zero())
    {
        std::thread::park_timeout(left);
    }
}
