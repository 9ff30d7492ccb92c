//! A stretch of a channel cut into equal parts, for charts: smallest, mean and largest value of each in one pass.

use units::{Channel, Instant, NoValue};

use super::read::SeriesReader;
use crate::answers::{Bucket, Known, Spread};
use crate::fault::Fault;

/// What has come in of the bucket at hand.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    min: i64,
    max: i64,
    sum: i128,
    count: u64,
    reason: Option<NoValue>,
}

impl Sums {
    #[inline]
    fn add(&mut self, outcome: Result<i64, NoValue>) {
        match outcome {
            Ok(value) if self.count == 0 => {
                (self.min, self.max) = (value, value);
                (self.sum, self.count) = (i128::from(value), 1);
            }
            Ok(value) => {
                self.min = self.min.min(value);
                self.max = self.max.max(value);
                self.sum += i128::from(value);
                self.count += 1;
            }
            Err(reason) => self.reason = Some(reason),
        }
    }

    fn known(&self) -> Known {
        match (self.count, self.reason) {
            (0, None) => Known::Gap,
            (0, Some(reason)) => Known::Without(reason),
            (count, _) => {
                let mean = rounded(self.sum, i128::from(count));
                Known::Values(Spread {
                    min: self.min,
                    mean,
                    max: self.max,
                    count,
                })
            }
        }
    }
}

/// `sum / count` to the nearest whole number, halves away from zero.
fn rounded(sum: i128, count: i128) -> i64 {
    let half = if sum < 0 { -count } else { count };
    i64::try_from((sum * 2 + half) / (count * 2)).unwrap_or(i64::MAX)
}

/// Where part `index` of `count` begins.
fn part(from: i64, to: i64, index: usize, count: usize) -> i64 {
    let span = i128::from(to) - i128::from(from);
    let (index, count) = (
        i128::try_from(index).unwrap_or(0),
        i128::try_from(count).unwrap_or(1),
    );
    i64::try_from(i128::from(from) + span * index / count).unwrap_or(i64::MAX)
}

impl SeriesReader<'_> {
    /// The stretch `from <= at < to` in `count` parts; never more parts than milliseconds.
    pub(crate) fn means(
        &self,
        channel: &Channel,
        from: i64,
        to: i64,
        count: usize,
    ) -> Result<Vec<Bucket>, Fault> {
        let span = usize::try_from(i128::from(to) - i128::from(from)).unwrap_or(0);
        let count = count.min(span);
        let mut sums = vec![Sums::default(); count];
        let mut index = 0;
        let mut end = part(from, to, 1, count.max(1));
        self.visit(channel, from, to, &mut |at, outcome| {
            while at >= end && index + 1 < count {
                index += 1;
                end = part(from, to, index + 1, count);
            }
            if let Some(bucket) = sums.get_mut(index) {
                bucket.add(outcome);
            }
        })?;
        let start = |index| Instant::from_millis(part(from, to, index, count));
        Ok(sums
            .iter()
            .enumerate()
            .map(|(index, sums)| Bucket {
                start: start(index),
                known: sums.known(),
            })
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use super::rounded;

    #[test]
    fn halves_go_away_from_zero() {
        assert_eq!(
            (rounded(3, 2), rounded(-3, 2), rounded(5, 3), rounded(-1, 3)),
            (2, -2, 2, 0)
        );
        let most = i128::from(i64::MAX) * 5;
        let least = i128::from(i64::MIN) * 5;
        assert_eq!((rounded(most, 5), rounded(least, 5)), (i64::MAX, i64::MIN));
    }
}
