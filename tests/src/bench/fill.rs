//! How long an empty demonstration takes to get its past of 30 days.

use std::time::Instant;

use anyhow::Result;

use crate::process::{hearth, run};
use crate::{Figure, median};

const RUNS: usize = 3;

pub(crate) fn figures() -> Result<Vec<Figure>> {
    let mut runs = Vec::new();
    for _ in 0..RUNS {
        let folder = tempfile::tempdir()?;
        let begins = Instant::now();
        run(hearth()?
            .arg("fill")
            .arg("--state")
            .arg(folder.path())
            .args(["--days", "30"]))?;
        runs.push(begins.elapsed().as_secs_f64());
    }
    Ok(vec![Figure::at_most(
        "30 days of past, a reading a minute",
        median(runs),
        20.0,
        "s",
    )])
}
