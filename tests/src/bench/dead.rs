//! Twenty meters on one line, one of them dead: what it costs the others.

use std::time::Duration;

use anyhow::Result;
use units::Span;

use crate::line::{Asked, PolledLine};
use crate::{Figure, median};

const BAUD: u32 = 19_200;
const DEAD: u8 = 20;
const RUNS: usize = 3;
/// How long a dead device has been dead before anything is counted.
const SETTLED: Duration = Duration::from_secs(20);
/// How long polls are counted; a few of the dead device's turns.
const COUNTED: Duration = Duration::from_secs(60);

pub(crate) fn figures() -> Result<Vec<Figure>> {
    let lost = (0..RUNS).map(|_| run()).collect::<Result<Vec<_>>>()?;
    Ok(vec![Figure::at_most(
        "One dead meter of 20: loss of the others' polls",
        median(lost),
        5.0,
        "%",
    )])
}

/// The percentage of polls that nineteen meters lose when a dead one is on their line; both lines at the same
/// time, so that a busy machine treats them alike.
fn run() -> Result<f64> {
    let living: Vec<u8> = (1..DEAD).collect();
    let all: Vec<u8> = (1..=DEAD).collect();
    let (with, without) = std::thread::scope(|scope| {
        let with = scope.spawn(|| polls(&living, &all));
        let without = polls(&living, &living);
        (with.join(), without)
    });
    let with = with.map_err(|_| anyhow::anyhow!("a line broke down"))??;
    Ok(100.0 * (1.0 - with / without?))
}

fn polls(answering: &[u8], polled: &[u8]) -> Result<f64> {
    let asked = Asked {
        profile: "eastron-sdm120",
        fast: Span::SECOND,
        slow: Span::MINUTE,
    };
    let mut line = PolledLine::start(BAUD, answering.to_vec(), polled, asked)?;
    line.take_for(SETTLED);
    let begins = line.heard().len();
    line.take_for(COUNTED);
    Ok(f64::from(u32::try_from(line.heard().len() - begins)?))
}
