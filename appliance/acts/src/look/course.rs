//! The course of a channel over time, for a page that goes from ten years down to a minute.
//!
//! It is put together from the coarsest roll-ups that fit, so that ten years are shown as quickly as an hour. Of a home's
//! meter only what lies within the stays of whoever looks goes in: a roll-up that reaches beyond a stay is left out.

use serde::Serialize;
use store::{Bucket, Kept, Known, Resolution, Rollup, grouped};
use units::{Channel, Instant, NoValue, Unit};

use super::readings::ordered;
use super::{Look, LookError, home};

/// The most parts that one look gives.
const MOST: usize = 2_000;

/// From when to when something is known of a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CourseSpan {
    /// Its scale.
    pub unit: Unit,
    /// From when on.
    pub since: Instant,
    /// Its newest reading.
    pub last: Instant,
}

/// Of what the parts are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grain {
    /// Readings one by one.
    Readings,
    /// Roll-ups of minutes.
    Minutes,
    /// Roll-ups of quarters of an hour.
    Quarters,
    /// Roll-ups of the days of the site's time zone.
    Days,
}

/// One part of a course.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PartView {
    /// When it begins, UTC milliseconds.
    pub from_ms: i64,
    /// When it has ended.
    pub to_ms: i64,
    /// The smallest value; `null` where there is none.
    pub min: Option<i64>,
    /// The mean, rounded to a whole number of the scale.
    pub mean: Option<i64>,
    /// The largest value.
    pub max: Option<i64>,
    /// How many values there are.
    pub count: u64,
    /// The energy in thousandths of a watt-hour: of a power or a counter, and not of single readings.
    pub energy_mwh: Option<i64>,
    /// Why there is no value, such as `no-answer`.
    pub why: Option<&'static str>,
}

impl Look {
    /// From when to when the actor may see something of a channel.
    pub fn course_span(&self, channel: &Channel) -> Result<CourseSpan, LookError> {
        let (_, spans) = self.visible(channel)?;
        let known = self
            .store
            .channels()
            .into_iter()
            .find(|span| span.channel == *channel);
        let nothing = || LookError::NotThere(format!("channel {channel}"));
        let known = known.ok_or_else(nothing)?;
        let after = Instant::from_millis(known.last.as_millis().saturating_add(1));
        let seen = home::within(&spans, known.since, after);
        let (first, last) = (
            seen.first().ok_or_else(nothing)?.0,
            seen.last().ok_or_else(nothing)?.1,
        );
        Ok(CourseSpan {
            unit: known.unit,
            since: first,
            last: Instant::from_millis(last.as_millis() - 1),
        })
    }

    /// The finest that is still there of the day that holds `at`. Reads the store.
    pub fn finest(&self, at: Instant) -> Result<Grain, LookError> {
        Ok(match self.store.kept(at)? {
            Kept::Readings => Grain::Readings,
            Kept::Minutes => Grain::Minutes,
            Kept::Quarters => Grain::Quarters,
        })
    }

    /// When the roll-ups of the day that holds `at` were made, each time: more than once if something came late. Reads the store.
    pub fn roll_up_versions(&self, at: Instant) -> Result<Vec<Instant>, LookError> {
        Ok(self.store.roll_up_versions(at)?)
    }

    /// What a channel did in each stretch between two edges. Of single readings the stretches must be of one length. Reads the
    /// store: not for async workers.
    pub fn course(
        &self,
        channel: &Channel,
        edges: &[Instant],
        grain: Grain,
    ) -> Result<Vec<PartView>, LookError> {
        let (_, spans) = self.visible(channel)?;
        let (Some(from), Some(to)) = (edges.first(), edges.last()) else {
            return Ok(Vec::new());
        };
        ordered(*from, *to)?;
        if edges.len() > MOST {
            return Err(LookError::BadQuestion(format!("ask for at most {MOST} parts")));
        }
        let resolution = match grain {
            Grain::Readings => {
                let parts = edges.len() - 1;
                let buckets = home::means(&self.store, channel, &spans, (*from, *to), parts)?;
                return Ok(buckets.iter().zip(edges.windows(2)).map(of_bucket).collect());
            }
            Grain::Minutes => Resolution::Minute,
            Grain::Quarters => Resolution::Quarter,
            Grain::Days => Resolution::Day,
        };
        let mut rollups = Vec::new();
        for (from, to) in home::within(&spans, *from, *to) {
            let mut within = self.store.rollups(channel, resolution, from, to)?;
            within.retain(|rollup| rollup.to <= to);
            // What a counter rose by in the first of a stay may have been used by those who lived there before.
            if spans.iter().any(|stay| stay.0 == from)
                && let Some(first) = within.first_mut()
            {
                first.energy = None;
            }
            rollups.extend(within);
        }
        Ok(grouped(&rollups, edges).iter().map(of_rollup).collect())
    }
}

fn of_rollup(rollup: &Rollup) -> PartView {
    let part = part(rollup.from, rollup.to, &rollup.known);
    PartView {
        energy_mwh: rollup.energy.filter(|energy| part.count > 0 || *energy != 0),
        ..part
    }
}

fn of_bucket((bucket, edges): (&Bucket, &[Instant])) -> PartView {
    part(edges[0], edges[1], &bucket.known)
}

fn part(from: Instant, to: Instant, known: &Known) -> PartView {
    let spread = match known {
        Known::Values(spread) => Some(spread),
        Known::Without(_) | Known::Gap => None,
    };
    PartView {
        from_ms: from.as_millis(),
        to_ms: to.as_millis(),
        min: spread.map(|spread| spread.min),
        mean: spread.map(|spread| spread.mean),
        max: spread.map(|spread| spread.max),
        count: spread.map_or(0, |spread| spread.count),
        energy_mwh: None,
        why: match known {
            Known::Without(reason) => Some(NoValue::name(*reason)),
            _ => None,
        },
    }
}
