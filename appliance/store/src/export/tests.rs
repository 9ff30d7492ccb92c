//! The plain files as somebody without Hearth reads them.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use energy::calendar::Zone;
use energy::{Interval, Quality};
use flate2::read::GzDecoder;
use units::{DeviceName, Flow, Instant, Unit, WattHours};

use super::{export, json, utc};
use crate::tests::card::Card;
use crate::tests::model::{BEGIN, Model, channel, reading};
use crate::{AuditEntry, Batch, Options, Progress, Store};

const DAY: i64 = 86_400_000;

/// The rows of a file without its head, and how many columns each has.
fn rows(folder: &Path, name: &str) -> Vec<Vec<String>> {
    let file = File::open(folder.join(name)).expect("there");
    let mut text = String::new();
    GzDecoder::new(file).read_to_string(&mut text).expect("gzip");
    let rows = text.lines().skip(1);
    rows.map(|row| row.split(',').map(str::to_owned).collect())
        .collect()
}

/// Three days of a power, a reading a minute, all of them made; then their readings are given up.
fn without_readings(folder: &Path) -> Store {
    let store = Store::open(folder, Options::default()).expect("a store");
    let begins = BEGIN - BEGIN.rem_euclid(DAY);
    let minutes = 0..3 * 1_440;
    let mut batch = Batch::default();
    batch.channels.insert(channel(0), Unit::Watts);
    batch.readings = minutes
        .map(|minute| reading(&channel(0), begins + minute * 60_000, Ok(600 + minute % 3)))
        .collect();
    store.record_and_wait(batch).expect("written");
    let (here, now) = (Zone::parse("Europe/Vienna").expect("a zone"), begins + 5 * DAY);
    while store.roll_up(&here, Instant::from_millis(now)).expect("made") == Progress::More {}
    let after = Instant::from_millis(now);
    while store.retain(after).expect("given up") == Progress::More {}
    store
}

#[test]
fn what_became_of_readings_that_were_given_up_is_written_in_every_length() {
    let (state, to) = (
        tempfile::tempdir().expect("a folder"),
        tempfile::tempdir().expect("a folder"),
    );
    let store = without_readings(state.path());
    assert!(store.channels().is_empty(), "not a reading is left");
    let written = export(&store, to.path()).expect("exported");
    assert_eq!(written.readings, 0);
    assert!(!to.path().join("readings-2025-11.csv.gz").exists());
    let minutes = rows(to.path(), "minutes-2025-11.csv.gz");
    assert!(minutes.len() >= 3 * 1_440, "{}", minutes.len());
    assert_eq!(
        minutes[1].join(","),
        "2025-11-24T00:01:00.000Z,2025-11-24T00:02:00.000Z,meter-0/point_0,W,601,601,601,1,10.016,"
    );
    let quarters = rows(to.path(), "quarters-2025.csv.gz");
    assert!(quarters.len() >= 3 * 96, "{}", quarters.len());
    let days = rows(to.path(), "days.csv.gz");
    let months = rows(to.path(), "months.csv.gz");
    assert_eq!(
        (days.len(), months.len()),
        (4, 1),
        "three days touch four of the zone"
    );
    let number = |field: &String| -> i64 { field.replace('.', "").parse().expect("a number") };
    let sum =
        |rows: &[Vec<String>], column: usize| -> i64 { rows.iter().map(|row| number(&row[column])).sum() };
    for rows in [&minutes, &quarters, &days, &months] {
        assert_eq!(sum(rows, 7), 3 * 1_440, "each reading counts once");
        assert_eq!(sum(rows, 8), sum(&months, 8), "the same energy by every length");
    }
}

#[test]
fn the_ledger_is_written_in_the_order_of_time() {
    let (store, to) = (
        Card::new(2).store(1024 * 1024).expect("a store"),
        tempfile::tempdir().expect("a folder"),
    );
    let mut batch = Batch::default();
    for (name, flow) in [("roof", Flow::Production), ("street", Flow::Import)] {
        for quarter in 0..3 {
            let start = Instant::from_millis(BEGIN + quarter * 900_000);
            let interval = Interval::new(start, WattHours(100 + quarter), Quality::Measured);
            batch
                .intervals
                .push((DeviceName::parse(name).expect("a name"), flow, interval));
        }
    }
    store.record_and_wait(batch).expect("written");
    assert_eq!(export(&store, to.path()).expect("exported").intervals, 6);
    let rows = rows(to.path(), "energy.csv.gz");
    let said: Vec<String> = rows.iter().map(|row| format!("{} {}", row[1], row[3])).collect();
    assert_eq!(
        said,
        [
            "roof 100",
            "street 100",
            "roof 101",
            "street 101",
            "roof 102",
            "street 102"
        ]
    );
}

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
