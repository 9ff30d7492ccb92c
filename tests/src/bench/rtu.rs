//! One SDM630 on a byte-timed line, asked without a rest: how near the polls come to what the line can carry.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use units::Span;

use crate::line::{Asked, PolledLine};
use crate::{Figure, median};

const RUNS: usize = 5;
/// How long a run asks without a rest.
const RUN: Duration = Duration::from_secs(6);
/// Polls at the beginning that are not counted: the line was just opened, and the plan still measures.
const WARM_UP: usize = 4;

pub(crate) fn figures() -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    for baud in [9_600, 19_200] {
        let runs = (0..RUNS)
            .map(|_| without_rest(baud))
            .collect::<Result<Vec<_>>>()?;
        let computed = median(runs.iter().map(|run| run.1).collect());
        let ratio = median(runs.iter().map(|run| run.0).collect());
        let what = format!("RTU {baud} baud, SDM630: polls of {computed:.2}/s computed");
        figures.push(Figure::at_least(what, ratio, 0.95, ""));
    }
    let sets = (0..RUNS).map(|_| full_set(9_600)).collect::<Result<Vec<_>>>()?;
    figures.push(Figure::at_most(
        "RTU 9600 baud: full set of an SDM630",
        median(sets),
        0.6,
        "s",
    ));
    Ok(figures)
}

fn meter(baud: u32, every: Span) -> Result<PolledLine> {
    let asked = Asked {
        profile: "eastron-sdm630",
        fast: every,
        slow: every,
    };
    PolledLine::start(baud, vec![1], &[1], asked)
}

/// Polls as a share of what is computed for the very questions that were asked, and the computed polls a second.
fn without_rest(baud: u32) -> Result<(f64, f64)> {
    let mut line = meter(baud, Span::from_millis(1))?;
    line.take_for(RUN);
    let heard = line.heard();
    let counted = heard.get(WARM_UP..).unwrap_or_default();
    let (Some(first), Some(last)) = (counted.first(), counted.last()) else {
        bail!("only {} questions were asked", heard.len());
    };
    // From one question's end to the next lie the answer of the one and the question of the other, so the
    // question's part is the same for all and the sum over all but one is exact to a character.
    let computed: f64 = counted[..counted.len() - 1]
        .iter()
        .map(|heard| line.computed(&heard.request))
        .sum();
    let polls = f64::from(u32::try_from(counted.len() - 1)?);
    Ok((computed / (last.at - first.at).as_secs_f64(), polls / computed))
}

/// How long it takes to read every value once, from the first bit of the first question to the values of the last.
fn full_set(baud: u32) -> Result<f64> {
    let mut line = meter(baud, Span::from_secs(2))?;
    let mut seen = BTreeSet::new();
    // A round that begins after the line was opened and found silent.
    line.take_for(Duration::from_millis(3_000));
    let before = line.heard().len();
    let until = Instant::now() + Duration::from_secs(10);
    let mut last: Option<Instant> = None;
    while Instant::now() < until {
        let Ok(update) = line.updates.try_recv() else {
            if last.is_some_and(|last| last.elapsed() > Duration::from_millis(700)) {
                break;
            }
            crate::let_pass(Duration::from_micros(500));
            continue;
        };
        let points = update.points.len();
        seen.extend(
            update
                .values
                .iter()
                .map(|value| value.reading.channel.point().to_owned()),
        );
        last = Some(Instant::now());
        if seen.len() == points {
            break;
        }
    }
    let heard = line.heard();
    let first = heard.get(before).map(|heard| heard.at);
    let begins = line.options.character().as_secs_f64() * 11.5;
    let (Some(first), Some(last)) = (first, last) else {
        bail!("no round was read")
    };
    Ok((last - first).as_secs_f64() + begins)
}
