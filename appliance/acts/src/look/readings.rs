//! Readings over time, one channel at a time.

use serde::Serialize;
use units::{Channel, Instant, NoValue, Unit};

use super::{Look, LookError, home};

/// The most readings that one look gives; more is asked for in parts.
const MOST: usize = 200_000;

/// A channel that has readings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChannelView {
    /// Its name, `device/point`.
    pub channel: String,
    /// Its scale, such as `decivolts`.
    pub unit: String,
    /// The sign people know, such as `V`.
    pub symbol: String,
    /// How many decimal places the numbers carry.
    pub decimals: u8,
    /// Its first reading, UTC milliseconds.
    pub first_ms: i64,
    /// Its last reading, UTC milliseconds.
    pub last_ms: i64,
}

/// One reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReadingView {
    /// When, UTC milliseconds.
    pub at_ms: i64,
    /// The value in its scale; `null` where there is none.
    pub value: Option<i64>,
    /// Why there is none, such as `no-answer`.
    pub why: Option<&'static str>,
}

/// One part of a stretch of time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MeansView {
    /// When it begins, UTC milliseconds.
    pub start_ms: i64,
    /// The smallest value; `null` where nothing is known.
    pub min: Option<i64>,
    /// The mean.
    pub mean: Option<i64>,
    /// The largest value.
    pub max: Option<i64>,
    /// How many values there are.
    pub count: u64,
}

impl Look {
    /// Every channel with readings that the actor may see.
    pub fn channels(&self) -> Vec<ChannelView> {
        let channels = self.store.channels().into_iter();
        let seen = channels.filter_map(|span| {
            let (_, spans) = self.visible(&span.channel).ok()?;
            let after = Instant::from_millis(span.last.as_millis().saturating_add(1));
            let seen = home::within(&spans, span.first, after);
            let (first, last) = (seen.first()?.0, seen.last()?.1);
            Some(ChannelView {
                channel: span.channel.to_string(),
                unit: span.unit.name().to_owned(),
                symbol: span.unit.symbol().to_owned(),
                decimals: span.unit.decimals(),
                first_ms: first.as_millis(),
                last_ms: last.as_millis() - 1,
            })
        });
        seen.collect()
    }

    /// The scale of a channel.
    pub fn unit_of(&self, channel: &Channel) -> Result<Unit, LookError> {
        self.visible(channel)?;
        let found = self
            .store
            .channels()
            .into_iter()
            .find(|span| span.channel == *channel);
        found
            .map(|span| span.unit)
            .ok_or_else(|| LookError::NotThere(format!("channel {channel}")))
    }

    /// The readings of a channel with `from <= at < to`, in the order of time. Reads the store: not for async
    /// workers.
    pub fn readings(
        &self,
        channel: &Channel,
        from: Instant,
        to: Instant,
    ) -> Result<Vec<ReadingView>, LookError> {
        let (_, spans) = self.visible(channel)?;
        ordered(from, to)?;
        let mut readings = Vec::new();
        for (from, to) in home::within(&spans, from, to) {
            readings.extend(self.store.readings(channel, from, to)?);
        }
        if readings.len() > MOST {
            let question = format!(
                "{} readings are too many at once; ask for a shorter time",
                readings.len()
            );
            return Err(LookError::BadQuestion(question));
        }
        let view = |(at, outcome): (Instant, Result<i64, NoValue>)| ReadingView {
            at_ms: at.as_millis(),
            value: outcome.ok(),
            why: outcome.err().map(NoValue::name),
        };
        Ok(readings.into_iter().map(view).collect())
    }

    /// The same stretch in `parts` equal parts, with the smallest, mean and largest value of each.
    pub fn means(
        &self,
        channel: &Channel,
        from: Instant,
        to: Instant,
        parts: usize,
    ) -> Result<Vec<MeansView>, LookError> {
        let (_, spans) = self.visible(channel)?;
        ordered(from, to)?;
        if !(1..=10_000).contains(&parts) {
            return Err(LookError::BadQuestion("ask for 1 to 10000 parts".to_owned()));
        }
        let buckets = home::means(&self.store, channel, &spans, (from, to), parts)?;
        Ok(buckets.iter().map(means_view).collect())
    }
}

fn means_view(bucket: &store::Bucket) -> MeansView {
    let spread = match &bucket.known {
        store::Known::Values(spread) => Some(spread),
        _ => None,
    };
    MeansView {
        start_ms: bucket.start.as_millis(),
        min: spread.map(|spread| spread.min),
        mean: spread.map(|spread| spread.mean),
        max: spread.map(|spread| spread.max),
        count: spread.map_or(0, |spread| spread.count),
    }
}

pub(super) fn ordered(from: Instant, to: Instant) -> Result<(), LookError> {
    if from < to {
        return Ok(());
    }
    Err(LookError::BadQuestion(
        "the end is not after the beginning; change one of the two".to_owned(),
    ))
}
