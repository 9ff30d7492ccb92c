//! What is kept of a stretch of time, and how stretches that follow each other become one.

use units::NoValue;

use crate::answers::{Known, Spread};

/// The values of a stretch, added up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Sums {
    pub(crate) min: i64,
    pub(crate) max: i64,
    pub(crate) sum: i128,
    pub(crate) count: u64,
    /// Why there is no value, by the last reading; nothing where there is one.
    pub(crate) reason: Option<NoValue>,
    /// Thousandths of a watt-hour; nothing where values tell of no energy.
    pub(crate) energy: i64,
}

impl Sums {
    /// Adds a reading, which is later than those before it.
    #[inline]
    pub(crate) fn add(&mut self, outcome: Result<i64, NoValue>) {
        match outcome {
            Ok(value) if self.count == 0 => {
                (self.min, self.max) = (value, value);
                (self.sum, self.count, self.reason) = (i128::from(value), 1, None);
            }
            Ok(value) => {
                self.min = self.min.min(value);
                self.max = self.max.max(value);
                self.sum += i128::from(value);
                self.count += 1;
            }
            Err(reason) if self.count == 0 => self.reason = Some(reason),
            Err(_) => {}
        }
    }

    /// Adds a stretch that is later.
    #[inline]
    pub(crate) fn merge(&mut self, later: &Self) {
        self.energy = self.energy.saturating_add(later.energy);
        match (self.count, later.count) {
            (_, 0) if self.count > 0 => {}
            (_, 0) => self.reason = later.reason.or(self.reason),
            (0, _) => {
                (self.min, self.max, self.reason) = (later.min, later.max, None);
                (self.sum, self.count) = (later.sum, later.count);
            }
            _ => {
                self.min = self.min.min(later.min);
                self.max = self.max.max(later.max);
                self.sum = self.sum.saturating_add(later.sum);
                self.count = self.count.saturating_add(later.count);
            }
        }
    }

    /// Several stretches in the order of time as one.
    pub(crate) fn of<'a>(parts: impl IntoIterator<Item = &'a Self>) -> Self {
        let mut all = Self::default();
        parts.into_iter().for_each(|part| all.merge(part));
        all
    }

    /// Whether nothing at all is known.
    pub(crate) fn is_nothing(&self) -> bool {
        self.count == 0 && self.reason.is_none() && self.energy == 0
    }

    /// The same in words of the answer.
    pub(crate) fn known(&self) -> Known {
        match (self.count, self.reason) {
            (0, None) => Known::Gap,
            (0, Some(reason)) => Known::Without(reason),
            (count, _) => Known::Values(Spread {
                min: self.min,
                mean: rounded(self.sum, i128::from(count)),
                max: self.max,
                count,
            }),
        }
    }
}

/// `sum / count` to the nearest whole number, halves away from zero.
fn rounded(sum: i128, count: i128) -> i64 {
    let half = if sum < 0 { -count } else { count };
    let twice = sum.saturating_mul(2).saturating_add(half);
    i64::try_from(twice / (count * 2)).unwrap_or(i64::MAX)
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
