//! The ledger's closed days as somebody takes them out of a box: a stranger in Python makes every hash again, the box
//! knows its own statement, and whatever was changed in it is found at its line.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use energy::{Causes, Interval, Quality, TimeSource};
use serde_json::{Value, json};
use store::{Batch, Options, Store};
use units::{DeviceName, Flow, Instant, Span, WattHours};

use super::place::Place;
use crate::peers;

/// Midnight of universal time, 2026-06-01.
const BEGIN: Instant = Instant::from_millis(1_780_272_000_000);

const SITE: &str = "[place]\nname = \"The Hall\"\ntime_zone = \"Europe/London\"\ncurrency = \"GBP\"\n\
    latitude = 51.46\nlongitude = -2.56\n\n[[bus]]\nname = \"cupboard\"\nkind = \"tcp\"\naddress = \"127.0.0.1:9\"\n\n\
    [[device]]\nname = \"street\"\nbus = \"cupboard\"\nunit = 1\nprofile = \"eastron-sdm630\"\nrole = \"grid\"\n\
    rated_power = 20000\n";

fn interval(quarter: i64, energy: i64) -> Interval {
    Interval {
        causes: if quarter % 7 == 0 {
            Causes::OUTAGE
        } else {
            Causes::NONE
        },
        time: TimeSource::Network,
        ..Interval::new(
            BEGIN + Span::QUARTER.times(quarter),
            WattHours(energy),
            Quality::Measured,
        )
    }
}

/// A ledger of eight days, of which the last brings what was late, with a device that is of no concern to whoever asks.
fn lived(folder: &Path) -> Result<()> {
    fs::write(folder.join("site.toml"), SITE)?;
    let store = Store::open(folder, Options::default())?;
    let name = DeviceName::parse;
    for day in 0..9 {
        let quarters = (day * 96..day * 96 + 96).map(|quarter| interval(quarter, 100 + quarter));
        let late = (day == 6).then(|| interval(30, 9_999));
        let mut batch = Batch::default();
        for interval in quarters.chain(late) {
            batch.intervals.push((name("street")?, Flow::Import, interval));
            batch
                .intervals
                .push((name("flat-1")?, Flow::Consumption, interval));
        }
        store.record_and_wait(batch)?;
        store.seal()?;
    }
    Ok(())
}

fn judge(file: &Path) -> Result<Value, String> {
    let python = peers::python().map_err(|error| error.to_string())?;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/ledger.py");
    let output = Command::new(python).arg(script).arg(file).output();
    let output = output.map_err(|error| error.to_string())?;
    if output.status.success() {
        serde_json::from_slice(&output.stdout).map_err(|error| error.to_string())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

#[test]
fn a_statement_is_proven_by_a_stranger_and_by_the_box() -> Result<()> {
    let mut place = Place::quiet(lived)?;
    let verified = place.ask(&["ledger", "verify"])?;
    ensure!(
        verified
            .words()
            .starts_with("The ledger is whole: 6 closed days with 1152 entries, and 2 corrections."),
        "{verified:?}"
    );
    let file = place.state().join("june.jsonl");
    let path = file.to_str().context("a plain name")?;
    let range = ["--from", "2026-06-01", "--to", "2026-06-03", "--device", "street"];
    let exported = place.ask(&[&["ledger", "export", path], range.as_slice()].concat())?;
    ensure!(exported.code == 0, "{exported:?}");
    let text = fs::read_to_string(&file)?;
    ensure!(!text.contains("flat-1"), "only what was asked for");
    ensure!(text.contains("9999"), "with what came later");
    let found = judge(&file).map_err(anyhow::Error::msg)?;
    assert_eq!(found, json!({ "days": 4, "entries": 288, "corrections": 1 }));
    let checked = place.ask(&["ledger", "check", path])?;
    assert_eq!(checked.words(), "The statement fits the box, line by line.");

    for (number, from, to) in [
        (4, "\"wh\":100", "\"wh\":102"),
        (2, "\"entries\":192", "\"entries\":191"),
    ] {
        let line = text.lines().nth(number - 1).context("a line")?;
        ensure!(line.contains(from), "{line}");
        fs::write(&file, text.replacen(line, &line.replacen(from, to, 1), 1))?;
        let said = judge(&file).expect_err("it was changed");
        ensure!(said.starts_with("line "), "{said}");
        let checked = place.ask(&["ledger", "check", path])?;
        ensure!(
            checked.code != 0 && checked.err.contains(&format!("line {number} does not fit")),
            "{checked:?}"
        );
    }
    fs::write(
        &file,
        text.lines()
            .take(40)
            .map(|line| format!("{line}\n"))
            .collect::<String>(),
    )?;
    ensure!(judge(&file).is_err());
    let cut = place.ask(&["ledger", "check", path])?;
    ensure!(cut.err.contains("the statement is cut"), "{cut:?}");

    let history = place.ask(&["ledger", "history", "street", "import", "2026-06-01T07:30:00Z"])?;
    ensure!(
        history.out.contains("130 Wh before, 9999 Wh since (measured)"),
        "{history:?}"
    );
    place.end()?;
    let verified = place.ask(&["ledger", "verify"])?;
    ensure!(verified.code == 0, "without a running box: {verified:?}");
    Ok(())
}

#[test]
fn a_ledger_that_changed_on_the_card_is_told_by_its_check() -> Result<()> {
    let mut place = Place::quiet(lived)?;
    place.end()?;
    assert_eq!(place.ask(&["ledger", "verify"])?.code, 0);
    // A quarter that begins no hour, and so stands in the ledger alone.
    let key = (BEGIN + Span::QUARTER.times(50)).as_millis().to_be_bytes();
    let file = place.state().join("hearth.redb");
    let mut bytes = fs::read(&file)?;
    let tail = |bytes: &[u8], at: usize| bytes[at..].starts_with(&key[1..]);
    let places: Vec<usize> = (0..bytes.len()).filter(|at| tail(&bytes, *at)).collect();
    ensure!(!places.is_empty(), "the quarter is in the file");
    for at in places {
        bytes[at + key.len() - 2] ^= 1;
    }
    fs::write(&file, bytes)?;
    let said = place.ask(&["ledger", "verify"])?;
    assert_eq!((said.code, said.out.as_str()), (65, ""), "{said:?}");
    ensure!(said.err.contains("is damaged"), "{said:?}");
    Ok(())
}
