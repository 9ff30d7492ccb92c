//! The power-cut suite of the store's own tests, as many cuts as the gate makes; `./dev bench power` makes more.

use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::Place;
use super::results::Measured;

/// As many as in the gate.
const CUTS: &str = "50000";

pub(super) fn figures(_: &Place) -> Result<Vec<Measured>> {
    let output = Command::new("sh")
        .args(["dev", "bench", "power", "--cuts", CUTS])
        .output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let words = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{text}{words}");
    let all = text
        .lines()
        .find_map(|line| line.strip_prefix("all "))
        .context("it printed no sum")?;
    let figures: Vec<f64> = all
        .split_whitespace()
        .map_while(|word| word.parse().ok())
        .collect();
    let [cuts, rows, lost, unopened, _, p99, _] = figures.as_slice() else {
        anyhow::bail!("its sum is not as expected: {all}");
    };
    Ok(vec![Measured {
        store: "hearth",
        figures: vec![
            ("cuts", *cuts),
            ("rows", *rows),
            ("lost", *lost),
            ("unopened", *unopened),
            ("p99", *p99),
        ],
    }])
}
