//! The table: each figure of ours beside those of the others, the ratio to the best of them, and what it must keep to.

use std::fmt::Write as _;

use super::STORES;
use super::results::Results;

/// What a figure of ours must keep to.
#[derive(Clone, Copy)]
enum Goal {
    AtMost(f64),
    AtLeast(f64),
    /// At most this part of what this store needs.
    OfPeer(&'static str, f64),
    /// Nothing: it is told.
    Told,
}

/// One line of the table: what, the part and the name of its figure, and its goal.
struct Line(&'static str, &'static str, &'static str, Goal);

const LINES: [Line; 34] = [
    Line(
        "Written to the disk, bytes a sample (240 channels at 1 Hz, real time, 10 s)",
        "written",
        "device_bytes",
        Goal::AtMost(12.0),
    ),
    Line(
        "... of these our own pages",
        "written",
        "own_bytes",
        Goal::AtMost(4.0),
    ),
    Line(
        "... as it was in this run, minutes long as below",
        "written",
        "device_bytes_as_run",
        Goal::Told,
    ),
    Line("... minutes of the run", "written", "minutes", Goal::Told),
    Line(
        "... counted at a disk of its own (1), or by the kernel for the process (0)",
        "written",
        "own_disk",
        Goal::Told,
    ),
    Line(
        "... and once a day, for its roll-ups, our own pages",
        "at-rest",
        "rolled_up_written",
        Goal::Told,
    ),
    Line(
        "At rest after a sealed day, all files, bytes a sample",
        "at-rest",
        "bytes",
        Goal::AtMost(0.32),
    ),
    Line(
        "... of these hearth.redb",
        "at-rest",
        "database_bytes",
        Goal::AtMost(0.32),
    ),
    Line(
        "... hearth.redb before the roll-ups of the day",
        "at-rest",
        "sealed_bytes",
        Goal::Told,
    ),
    Line(
        "... of these hearth.tail, which never grows",
        "at-rest",
        "tail_bytes",
        Goal::Told,
    ),
    Line(
        "... hearth.redb where the day came in bulk",
        "at-rest",
        "bulk_bytes",
        Goal::Told,
    ),
    Line(
        "Whole box, 20 devices at 10 s, MB written a day",
        "box",
        "megabytes_a_day",
        Goal::AtMost(60.0),
    ),
    Line(
        "... on a card that is mounted as the system does it by itself",
        "box",
        "megabytes_a_day_as_it_comes",
        Goal::Told,
    ),
    Line("... memory of it, MiB", "box", "memory", Goal::Told),
    Line("... minutes of the run", "box", "minutes", Goal::Told),
    Line(
        "... counted at a disk of its own (1), or by the kernel for the process (0)",
        "box",
        "own_disk",
        Goal::Told,
    ),
    Line(
        "A channel's day at 1 Hz as 1,440 points, over HTTP (SQLite in process), ms",
        "day",
        "milliseconds",
        Goal::OfPeer("victoriametrics", 0.5),
    ),
    Line(
        "A year by day, in process (VictoriaMetrics over HTTP), microseconds",
        "year",
        "microseconds",
        Goal::AtMost(100.0),
    ),
    Line(
        "Bulk ingest, million samples a second",
        "at-rest",
        "ingest",
        Goal::AtLeast(3.0),
    ),
    Line(
        "... ten seconds at a time, each on the card",
        "at-rest",
        "ingest_by_ten_seconds",
        Goal::Told,
    ),
    Line(
        "... the roll-ups of the day, s",
        "at-rest",
        "rolled_up_seconds",
        Goal::Told,
    ),
    Line(
        "Memory while taking in 240 channels at 1 Hz, MiB",
        "written",
        "memory",
        Goal::AtMost(24.0),
    ),
    Line(
        "Ten years of 50 channels: samples",
        "decade",
        "samples",
        Goal::AtLeast(1e9),
    ),
    Line("... start, s", "decade", "start", Goal::AtMost(1.0)),
    Line(
        "... a day as 1,440 points, compared with a store of one day",
        "decade",
        "query_ratio",
        Goal::AtMost(1.2),
    ),
    Line("... the same in ms", "decade", "query", Goal::Told),
    Line(
        "... memory, compared with a store of one day",
        "decade",
        "memory_ratio",
        Goal::AtMost(1.1),
    ),
    Line("... the same in MiB", "decade", "memory", Goal::Told),
    Line("... at rest, bytes a sample", "decade", "bytes", Goal::Told),
    Line(
        "... bulk ingest, million samples a second",
        "decade",
        "ingest",
        Goal::Told,
    ),
    Line(
        "Power cuts at every point that has a name",
        "cuts",
        "cuts",
        Goal::AtLeast(50_000.0),
    ),
    Line("... acknowledged rows lost", "cuts", "lost", Goal::AtMost(0.0)),
    Line(
        "... stores that would not open",
        "cuts",
        "unopened",
        Goal::AtMost(0.0),
    ),
    Line(
        "... recovery, 99th percentile, ms",
        "cuts",
        "p99",
        Goal::AtMost(2_000.0),
    ),
];

/// A line with its figures.
struct Row {
    what: &'static str,
    goal: String,
    figures: [Option<f64>; STORES.len()],
    ratio: Option<f64>,
    kept: Option<bool>,
}

fn row(results: &Results, line: &Line) -> Row {
    let Line(what, part, name, goal) = line;
    let figures = STORES.map(|store| results.get(part, store, name));
    let [ours, theirs @ ..] = figures;
    let least = theirs.into_iter().flatten().reduce(f64::min);
    let most = theirs.into_iter().flatten().reduce(f64::max);
    let best = if matches!(goal, Goal::AtLeast(_)) {
        most
    } else {
        least
    };
    let limit = match goal {
        Goal::AtMost(limit) | Goal::AtLeast(limit) => Some(*limit),
        Goal::OfPeer(peer, share) => results.get(part, peer, name).map(|theirs| theirs * share),
        Goal::Told => None,
    };
    let kept = ours.zip(limit).map(|(ours, limit)| match goal {
        Goal::AtLeast(_) => ours >= limit,
        _ => ours <= limit,
    });
    Row {
        what,
        goal: match goal {
            Goal::AtMost(limit) => format!("<= {}", shown(*limit)),
            Goal::AtLeast(limit) => format!(">= {}", shown(*limit)),
            Goal::OfPeer(peer, share) => format!("<= {share} x {peer}"),
            Goal::Told => String::new(),
        },
        figures,
        ratio: ours
            .zip(best)
            .filter(|_| !matches!(goal, Goal::Told))
            .map(|(ours, best)| ours / best),
        kept,
    }
}

fn rows(results: &Results) -> Vec<Row> {
    let rows = LINES.iter().map(|line| row(results, line));
    rows.filter(|row| row.figures.iter().any(Option::is_some))
        .collect()
}

/// Prints the table; whether every goal was kept whose figures are there, and of a `whole` run, whether all are there.
pub(super) fn print(results: &Results, whole: bool) -> bool {
    println!("\n{:<76} {:>26}", "what", "goal");
    let rows = rows(results);
    for row in &rows {
        let verdict = match row.kept {
            Some(true) => "kept",
            Some(false) => "NOT KEPT",
            None => "",
        };
        println!("{:<76} {:>26}  {verdict}", row.what, row.goal);
        let figures = STORES
            .iter()
            .zip(row.figures)
            .filter_map(|(store, figure)| Some(format!("{store} {}", shown(figure?))));
        let mut told = figures.collect::<Vec<_>>().join(", ");
        if let Some(ratio) = row.ratio {
            let _ = write!(told, "; ours to the best of the others: {}", shown(ratio));
        }
        println!("    {told}");
    }
    let unmeasured = LINES.iter().filter(|line| {
        let Line(_, part, name, goal) = line;
        !matches!(goal, Goal::Told) && results.get(part, STORES[0], name).is_none()
    });
    let unmeasured: Vec<&str> = unmeasured.map(|line| line.0).collect();
    for what in unmeasured.iter().filter(|_| whole) {
        println!("NOT MEASURED: {what}");
    }
    (unmeasured.is_empty() || !whole) && rows.iter().all(|row| row.kept != Some(false))
}

/// The page of the handbook with the table.
pub(super) fn markdown(results: &Results) -> String {
    let mut table = "| What | Goal | Hearth | SQLite | VictoriaMetrics | InfluxDB | Prometheus | RRDtool | Hearth to the best of the others | Kept |\n\
                     | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n"
        .to_owned();
    for row in rows(results) {
        let cell = |figure: Option<f64>| figure.map_or_else(String::new, shown);
        let figures: Vec<String> = row.figures.into_iter().map(cell).collect();
        let kept = match row.kept {
            Some(true) => "yes",
            Some(false) => "**no**",
            None => "",
        };
        // Writing to a String cannot fail.
        let _ = writeln!(
            table,
            "| {} | {} | {} | {} | {kept} |",
            row.what,
            row.goal,
            figures.join(" | "),
            cell(row.ratio)
        );
    }
    let kernel = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let kernel = kernel.trim().split('-').next().unwrap_or_default().to_owned();
    let mut machine = format!("Linux {kernel}. How busy it was when each part ended:\n\n");
    for (part, told) in &results.machine {
        let _ = writeln!(machine, "- {part}: {told}");
    }
    include_str!("page.md")
        .replace("{table}", &table)
        .replace("{machine}", &machine)
}

/// Three digits that count, as people read them.
pub(super) fn shown(value: f64) -> String {
    let size = value.abs();
    if size == 0.0 {
        return "0".to_owned();
    }
    let digits = match size {
        _ if size >= 100.0 => 0,
        _ if size >= 10.0 => 1,
        _ if size >= 1.0 => 2,
        _ => 3,
    };
    format!("{value:.digits$}")
}
