//! Everything in files that any program reads: the series and the ledger as CSV, squeezed with gzip, all else as JSON lines
//! with the names of its fields. What lets people in (hashes, keys) is left out: it is of use to nobody but a box.

mod book;
mod series;
#[cfg(test)]
mod tests;

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use energy::calendar::Zone;
use flate2::Compression;
use flate2::write::GzEncoder;
use units::Instant;

use crate::Store;
use crate::backup::BackupError;

/// What was written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Exported {
    /// Readings.
    pub readings: u64,
    /// Quarters of an hour of the ledger.
    pub intervals: u64,
    /// Rows of the members' book.
    pub rows: u64,
    /// Lines of the record.
    pub lines: u64,
}

/// What the files are, for whoever finds them without the rest.
const README: &str = "Everything that a box of Hearth kept, for any program.

readings-YYYY-MM.csv.gz  what devices measured: time (UTC), channel, value, unit, reason (why there is no value)
minutes-YYYY-MM.csv.gz   what became of it in each minute, also where the readings themselves are kept no longer:
quarters-YYYY.csv.gz     in each quarter of an hour,
days.csv.gz              in each day of the site's time zone,
months.csv.gz            and in each month of it: start and end (UTC), channel, unit, smallest, mean (rounded to the
                         last digit), largest, readings (how many), energy_wh (what flowed, or by how much a counter
                         rose), reason (why there is no value)
energy.csv.gz            the ledger: start of a quarter of an hour (UTC), device, flow, energy_wh, quality,
                         causes (why it is not simply measured), time (how well the time was known)
book/NAME.jsonl          the members' book, a line for each row: key (hexadecimal), then its fields, each a list
record.jsonl             who did what, a line for each

What lets people in (hashes, keys, sessions) is left out.
";

/// Writes everything into a folder; whoever asks has looked that it is empty or not there.
pub fn export(store: &Store, to: &Path) -> Result<Exported, BackupError> {
    let at = BackupError::at(to);
    fs::create_dir_all(to.join("book")).map_err(&at)?;
    fs::write(to.join("README.txt"), README).map_err(&at)?;
    series::rollups(store, to)?;
    Ok(Exported {
        readings: series::readings(store, to)?,
        intervals: intervals(store, to)?,
        rows: book::book(store, to)?,
        lines: book::record(store, to)?,
    })
}

/// A file of CSV that is squeezed.
struct Csv {
    path: PathBuf,
    out: GzEncoder<BufWriter<File>>,
    rows: u64,
}

impl Csv {
    fn begin(path: PathBuf, head: &str) -> Result<Self, BackupError> {
        let file = File::create(&path).map_err(BackupError::at(&path))?;
        let mut out = GzEncoder::new(BufWriter::new(file), Compression::default());
        writeln!(out, "{head}").map_err(BackupError::at(&path))?;
        Ok(Self { path, out, rows: 0 })
    }

    /// Puts a row in.
    fn row(&mut self, row: std::fmt::Arguments<'_>) -> Result<(), BackupError> {
        self.rows += 1;
        writeln!(self.out, "{row}").map_err(BackupError::at(&self.path))
    }

    /// Ends it and says how many rows it has. A file without any is none.
    fn end(self) -> Result<u64, BackupError> {
        let at = BackupError::at(&self.path);
        let ended = self.out.finish().and_then(|mut file| file.flush());
        ended.map_err(&at)?;
        if self.rows == 0 {
            fs::remove_file(&self.path).map_err(&at)?;
        }
        Ok(self.rows)
    }
}

/// The ledger, in the order of time.
fn intervals(store: &Store, to: &Path) -> Result<u64, BackupError> {
    let head = "start,device,flow,energy_wh,quality,causes,time";
    let mut csv = Csv::begin(to.join("energy.csv.gz"), head)?;
    let ever = (Instant::from_millis(i64::MIN), Instant::from_millis(i64::MAX));
    store.visit_intervals(ever.0, ever.1, |device, flow, interval| {
        csv.row(format_args!(
            "{},{device},{},{},{},{},{}",
            utc(interval.start),
            flow.name(),
            interval.energy.0,
            interval.quality.name(),
            interval.causes,
            interval.time.name(),
        ))
    })??;
    csv.end()
}

/// A time as `2026-06-16T14:00:00.000Z`.
fn utc(at: Instant) -> String {
    let day = Zone::utc().date_of(at);
    let millis = at.as_millis().rem_euclid(86_400_000);
    let (seconds, millis) = (millis / 1_000, millis % 1_000);
    let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    format!("{day}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z")
}

/// Text as JSON writes it.
fn json(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for sign in text.chars() {
        match sign {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            sign if sign.is_control() => out.push_str(&format!("\\u{:04x}", u32::from(sign))),
            sign => out.push(sign),
        }
    }
    out.push('"');
    out
}
