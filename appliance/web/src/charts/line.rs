//! One value over a day: a line for the mean, a band from the smallest to the largest, and nothing where nothing
//! is known. Values may lie below nothing (what goes out, what a battery takes).

use super::path::Path;
use super::scale::Scale;
use super::stack::Tick;
use super::{HEIGHT, share};

/// One part of the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Part {
    /// The smallest value.
    pub(crate) min: i64,
    /// The mean.
    pub(crate) mean: i64,
    /// The largest value.
    pub(crate) max: i64,
}

/// The picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// How many parts there are.
    pub(crate) parts: usize,
    /// Lines across, from the ground up.
    pub(crate) ticks: Vec<Tick>,
    /// From the smallest to the largest value.
    pub(crate) band: String,
    /// The mean.
    pub(crate) mean: String,
}

/// The axis, which may reach below nothing.
struct Axis {
    scale: Scale,
    below: i64,
}

impl Axis {
    fn holding(parts: &[Option<Part>], least: i64) -> Self {
        let known = || parts.iter().flatten();
        let most = known().map(|part| part.max).max().unwrap_or(0).max(0);
        let lowest = known().map(|part| part.min).min().unwrap_or(0).min(0);
        let scale = Scale::holding(most.max(-lowest), least);
        let lines = |value: i64| value.div_euclid(scale.step) + i64::from(value % scale.step != 0);
        // A hair below nothing, as an inverter draws at night, needs no half of the picture.
        let below = if -lowest * 20 < most {
            0
        } else {
            lines(-lowest) * scale.step
        };
        let top = (lines(most) * scale.step).max(if below == 0 { scale.step } else { 0 });
        Self {
            scale: Scale {
                top: top + below,
                step: scale.step,
            },
            below,
        }
    }

    /// An axis around the values, which need not hold nothing: for what is always far from it, as a voltage is.
    fn around(parts: &[Option<Part>], least: i64) -> Self {
        let known = || parts.iter().flatten();
        let (Some(lowest), Some(highest)) = (
            known().map(|part| part.min).min(),
            known().map(|part| part.max).max(),
        ) else {
            return Self::holding(parts, least);
        };
        let step = Scale::holding(highest.saturating_sub(lowest), least).step;
        let bottom = lowest.div_euclid(step).saturating_mul(step);
        let lines = highest.saturating_sub(bottom).div_euclid(step).saturating_add(1);
        Self {
            scale: Scale {
                top: step.saturating_mul(lines),
                step,
            },
            below: bottom.saturating_neg(),
        }
    }

    fn y(&self, value: i64) -> i64 {
        HEIGHT - self.scale.height_of(value.saturating_add(self.below), HEIGHT)
    }

    fn ticks(&self) -> Vec<Tick> {
        let top = self.scale.top;
        self.scale
            .lines()
            .map(|line| Tick {
                y: share(top - line, top),
                value: line.saturating_sub(self.below),
            })
            .collect()
    }
}

impl Line {
    /// Draws the parts; `None` is a part of which nothing is known. The axis spans at least `least`.
    pub(crate) fn draw(parts: &[Option<Part>], least: i64) -> Self {
        Self::along(parts, &Axis::holding(parts, least))
    }

    /// The same with an axis that lies around the values and spans at least `least`.
    pub(crate) fn draw_around(parts: &[Option<Part>], least: i64) -> Self {
        Self::along(parts, &Axis::around(parts, least))
    }

    fn along(parts: &[Option<Part>], axis: &Axis) -> Self {
        let (mut band, mut mean) = (Path::new(), Path::new());
        for (start, run) in runs(parts) {
            band_of(&mut band, start, &run, axis);
            mean_of(&mut mean, start, &run, axis);
        }
        Self {
            parts: parts.len(),
            ticks: axis.ticks(),
            band: band.finish(),
            mean: mean.finish(),
        }
    }
}

/// The stretches in which every part is known, with the number of their first part.
fn runs(parts: &[Option<Part>]) -> Vec<(i64, Vec<Part>)> {
    let mut runs: Vec<(i64, Vec<Part>)> = Vec::new();
    let mut open = false;
    for (index, part) in (0_i64..).zip(parts) {
        match (part, runs.last_mut().filter(|_| open)) {
            (Some(part), Some((_, run))) => run.push(*part),
            (Some(part), None) => runs.push((index, vec![*part])),
            (None, _) => {}
        }
        open = part.is_some();
    }
    runs
}

fn band_of(path: &mut Path, start: i64, run: &[Part], axis: &Axis) {
    let Some(first) = run.first() else { return };
    let parts: Vec<(i64, &Part)> = (start..).zip(run).collect();
    path.jump(start, axis.y(first.max));
    for (x, part) in &parts {
        path.upright_to(axis.y(part.max));
        path.level_to(x + 1);
    }
    for (x, part) in parts.iter().rev() {
        path.upright_to(axis.y(part.min));
        path.level_to(*x);
    }
    path.close();
}

fn mean_of(path: &mut Path, start: i64, run: &[Part], axis: &Axis) {
    let Some(first) = run.first() else { return };
    path.jump(start, axis.y(first.mean));
    for (x, part) in (start..).zip(run) {
        path.upright_to(axis.y(part.mean));
        path.level_to(x + 1);
    }
}

#[cfg(test)]
mod tests;
