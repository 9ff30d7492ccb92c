//! Everything in files that any program reads: the series and the ledger as CSV, squeezed with gzip, all else as JSON lines
//! with the names of its fields. What lets people in (hashes, keys) is left out: it is of use to nobody but a box.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

use energy::calendar::{Kind, Period, Zone};
use flate2::Compression;
use flate2::write::GzEncoder;
use members::record::Purpose;
use members::tables::Table;
use units::{Instant, Span};

use crate::backup::BackupError;
use crate::numbers::hex;
use crate::{ChannelSpan, Store, Whose, Why};

/// So many lines of the record are read at a time.
const LINES: usize = 1_000;

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
    Ok(Exported {
        readings: readings(store, to)?,
        intervals: intervals(store, to)?,
        rows: book(store, to)?,
        lines: record(store, to)?,
    })
}

/// A file of CSV that is squeezed.
struct Csv {
    out: GzEncoder<BufWriter<File>>,
}

impl Csv {
    fn begin(path: &Path, head: &str) -> Result<Self, BackupError> {
        let at = BackupError::at(path);
        let file = BufWriter::new(File::create(path).map_err(&at)?);
        let mut out = GzEncoder::new(file, Compression::default());
        writeln!(out, "{head}").map_err(&at)?;
        Ok(Self { out })
    }

    fn end(self, path: &Path) -> Result<(), BackupError> {
        let ended = self.out.finish().and_then(|mut file| file.flush());
        ended.map_err(BackupError::at(path))
    }
}

/// The months in which there are readings.
fn months(channels: &[ChannelSpan]) -> Vec<Period> {
    let zone = Zone::utc();
    let first = channels.iter().map(|channel| channel.first).min();
    let last = channels.iter().map(|channel| channel.last).max();
    let (Some(first), Some(last)) = (first, last) else {
        return Vec::new();
    };
    let mut month = Period::holding(Kind::Month, zone.date_of(first));
    let end = Period::holding(Kind::Month, zone.date_of(last));
    let mut months = vec![month];
    while month != end && month.first() < end.first() {
        month = month.next();
        months.push(month);
    }
    months
}

fn readings(store: &Store, to: &Path) -> Result<u64, BackupError> {
    let (zone, channels) = (Zone::utc(), store.channels());
    let mut count = 0;
    for month in months(&channels) {
        let path = to.join(format!("readings-{month}.csv.gz"));
        let mut csv = Csv::begin(&path, "time,channel,value,unit,reason")?;
        let (begins, ends) = month.bounds(&zone);
        for span in &channels {
            // A day at a time: a month of one channel may be millions.
            let mut day = begins;
            while day < ends && day <= span.last {
                let next = day + Span::DAY;
                if next > span.first {
                    for (at, outcome) in store.readings(&span.channel, day, next.min(ends))? {
                        let (value, reason) = match outcome {
                            Ok(value) => (span.unit.show_plain(value), ""),
                            Err(why) => (String::new(), why.name()),
                        };
                        let (time, channel, unit) = (utc(at), &span.channel, span.unit.symbol());
                        writeln!(csv.out, "{time},{channel},{value},{unit},{reason}")
                            .map_err(BackupError::at(&path))?;
                        count += 1;
                    }
                }
                day = next;
            }
        }
        csv.end(&path)?;
    }
    Ok(count)
}

fn intervals(store: &Store, to: &Path) -> Result<u64, BackupError> {
    let path = to.join("energy.csv.gz");
    let mut csv = Csv::begin(&path, "start,device,flow,energy_wh,quality,causes,time")?;
    let ever = (Instant::from_millis(i64::MIN), Instant::from_millis(i64::MAX));
    let mut count = 0;
    for group in store.all_intervals(ever.0, ever.1)? {
        for interval in group.intervals {
            let (start, energy, quality) = (utc(interval.start), interval.energy.0, interval.quality.name());
            let (device, flow, time) = (&group.device, group.flow.name(), interval.time.name());
            let causes = interval.causes;
            writeln!(
                csv.out,
                "{start},{device},{flow},{energy},{quality},{causes},{time}"
            )
            .map_err(BackupError::at(&path))?;
            count += 1;
        }
    }
    csv.end(&path)?;
    Ok(count)
}

fn book(store: &Store, to: &Path) -> Result<u64, BackupError> {
    let mut count = 0;
    for table in members::KEPT {
        let path = to.join("book").join(format!("{}.jsonl", table.name));
        let at = BackupError::at(&path);
        let mut lines = String::new();
        let mut damaged = None;
        let visited: Result<(), ()> = store.visit_rows(table.name, (&[], None), |key, value| {
            match row(table, key, value) {
                Ok(line) => lines += &line,
                Err(what) => damaged = Some(what),
            }
            count += 1;
            Ok(())
        })?;
        debug_assert!(visited.is_ok(), "no visit ends early");
        if let Some(what) = damaged {
            let file = path.clone();
            return Err(BackupError::Damaged { file, what });
        }
        if !lines.is_empty() {
            fs::write(&path, lines).map_err(&at)?;
        }
    }
    Ok(count)
}

/// A row of the book as a line.
fn row(table: &Table, key: &[u8], value: &[u8]) -> Result<String, String> {
    let told = table.read(key, value).map_err(|damaged| damaged.to_string())?;
    let mut line = format!("{{\"key\":\"{}\"", hex(key));
    for field in told
        .told
        .iter()
        .filter(|field| field.rule.purpose != Purpose::SignIn)
    {
        let values: Vec<String> = field.values.iter().map(|value| json(value)).collect();
        line += &format!(",{}:[{}]", json(field.rule.name), values.join(","));
    }
    Ok(line + "}\n")
}

fn record(store: &Store, to: &Path) -> Result<u64, BackupError> {
    let path = to.join("record.jsonl");
    let at = BackupError::at(&path);
    let mut out = BufWriter::new(File::create(&path).map_err(&at)?);
    let (mut below, mut count) = (None, 0);
    loop {
        let lines = store.audit_entries(below, LINES)?;
        let Some(last) = lines.last() else { break };
        below = Some(last.number);
        for line in &lines {
            let entry = &line.entry;
            let why = match &entry.why {
                Why::Said { words, .. } => json(words),
                Why::NotSaid | Why::Erased => "null".to_owned(),
            };
            let whose = match &entry.whose {
                Whose::Nobody => "[]".to_owned(),
                Whose::Everybody => "\"everybody\"".to_owned(),
                Whose::People(people) => {
                    let numbers: Vec<String> =
                        people.iter().map(|person| person.number().to_string()).collect();
                    format!("[{}]", numbers.join(","))
                }
            };
            writeln!(
                out,
                "{{\"number\":{},\"at\":{},\"actor\":{},\"via\":{},\"act\":{},\"subject\":{},\"detail\":{},\"whose\":{whose},\"why\":{why}}}",
                line.number,
                json(&utc(entry.at)),
                json(&entry.actor),
                json(&entry.via),
                json(&entry.act),
                json(&entry.subject),
                json(&entry.detail)
            )
            .map_err(&at)?;
            count += 1;
        }
    }
    out.flush().map_err(&at)?;
    Ok(count)
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

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use flate2::read::GzDecoder;
    use units::Instant;

    use super::{export, json, utc};
    use crate::tests::card::Card;
    use crate::tests::model::{BEGIN, Model, channel, reading};
    use crate::{AuditEntry, Batch};

    #[test]
    fn times_and_text_are_written_as_others_read_them() {
        assert_eq!(
            utc(Instant::from_millis(1_781_615_400_007)),
            "2026-06-16T13:10:00.007Z"
        );
        assert_eq!(json("a \"b\"\\\n\u{1}é"), "\"a \\\"b\\\"\\\\\\n\\u0001é\"");
    }

    #[test]
    fn every_reading_is_in_its_month_with_its_decimal_point() {
        let store = Card::new(1).store(1024 * 1024).expect("a store");
        let month = 31 * 86_400_000;
        let readings = vec![
            reading(&channel(0), BEGIN, Ok(2_301)),
            reading(&channel(0), BEGIN + 1_000, Err(units::NoValue::Asleep)),
            reading(&channel(0), BEGIN + month, Ok(-5)),
        ];
        let channels = [(channel(0), units::Unit::Decivolts)].into();
        let batch = Batch {
            readings,
            channels,
            ..Batch::default()
        };
        store.record_and_wait(batch).expect("written");
        store
            .audit(AuditEntry::new(Instant::from_millis(BEGIN), "reload"))
            .expect("written");
        let folder = tempfile::tempdir().expect("a folder");
        let written = export(&store, folder.path()).expect("exported");
        assert_eq!((written.readings, written.lines), (3, 1));
        assert_eq!(Model::of(&store).points.len(), 1);
        let mut text = String::new();
        for entry in ["2025-11", "2025-12"] {
            let path = folder.path().join(format!("readings-{entry}.csv.gz"));
            let file = std::fs::File::open(&path).expect("there");
            GzDecoder::new(file).read_to_string(&mut text).expect("gzip");
        }
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 2 + 3, "{text}");
        assert!(lines[1].ends_with(",meter-0/point_0,230.1,V,"), "{text}");
        assert!(lines[2].contains(",,V,"), "{text}");
        assert!(lines[4].ends_with(",-0.5,V,"), "{text}");
    }
}
