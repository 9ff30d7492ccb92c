//! Watts and watt-hours with just the operators that physics allows, and a fair split of a whole.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Mul, Neg, Sub};

use crate::{Span, Unit};

/// Active power in whole watts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Watts(pub i64);

/// Energy in whole watt-hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct WattHours(pub i64);

/// Energy finer than watt-hours, in watt-milliseconds: power times time, before it is rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Work(i128);

/// Watt-milliseconds in a watt-hour.
const WORK_PER_WATT_HOUR: i128 = 3_600_000;

impl Mul<Span> for Watts {
    type Output = Work;
    fn mul(self, span: Span) -> Work {
        Work(i128::from(self.0) * i128::from(span.as_millis()))
    }
}

impl Work {
    /// Whole watt-hours, towards zero, and what is left over.
    pub fn split(self) -> (WattHours, Self) {
        let whole = self.0 / WORK_PER_WATT_HOUR;
        let kept = i64::try_from(whole).unwrap_or(if whole < 0 { i64::MIN } else { i64::MAX });
        (WattHours(kept), Self(self.0 % WORK_PER_WATT_HOUR))
    }

    /// What is less than a watt-hour, in watt-milliseconds: what must be kept besides the whole watt-hours.
    pub fn rest(self) -> i64 {
        i64::try_from(self.0 % WORK_PER_WATT_HOUR).unwrap_or(0)
    }

    /// The work that [`Work::rest`] was taken from, without its whole watt-hours.
    pub fn from_rest(rest: i64) -> Self {
        Self(i128::from(rest) % WORK_PER_WATT_HOUR)
    }

    /// Watt-hours, rounded up (away from zero): what a limit allows.
    pub fn ceil(self) -> WattHours {
        let (whole, rest) = self.split();
        WattHours(
            whole
                .0
                .saturating_add(i64::try_from(rest.0.signum()).unwrap_or(0)),
        )
    }
}

impl Add for Work {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

macro_rules! sums {
    ($name:ident) => {
        impl Add for $name {
            type Output = Self;
            fn add(self, other: Self) -> Self {
                Self(self.0.saturating_add(other.0))
            }
        }
        impl Sub for $name {
            type Output = Self;
            fn sub(self, other: Self) -> Self {
                Self(self.0.saturating_sub(other.0))
            }
        }
        impl Neg for $name {
            type Output = Self;
            fn neg(self) -> Self {
                Self(self.0.saturating_neg())
            }
        }
        impl Sum for $name {
            fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
                parts.fold(Self(0), Add::add)
            }
        }
    };
}

sums!(Watts);
sums!(WattHours);

impl fmt::Display for Watts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Unit::Watts.show(self.0))
    }
}

impl fmt::Display for WattHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Unit::WattHours.show(self.0))
    }
}

/// Splits `total` by weight; the parts add up to `total` exactly, and no part is more than one watt-hour from
/// its exact share (largest remainder; of equal remainders the earlier gets the odd watt-hour). `None` if
/// nobody has a weight.
pub fn allocate(total: WattHours, weights: &[u64]) -> Option<Vec<WattHours>> {
    let sum: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
    if sum == 0 {
        return None;
    }
    let mut parts = Vec::with_capacity(weights.len());
    let mut remainders = Vec::with_capacity(weights.len());
    let mut left = total.0;
    for (index, weight) in weights.iter().enumerate() {
        let exact = i128::from(total.0) * i128::from(*weight);
        let part = i64::try_from(exact.div_euclid(sum)).unwrap_or(0);
        left = left.saturating_sub(part);
        parts.push(WattHours(part));
        remainders.push((std::cmp::Reverse(exact.rem_euclid(sum)), index));
    }
    remainders.sort_unstable();
    let odd = usize::try_from(left).unwrap_or(0);
    for (_, index) in remainders.into_iter().take(odd) {
        parts[index].0 += 1;
    }
    Some(parts)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{WattHours, Watts, Work, allocate};
    use crate::Span;

    #[test]
    fn power_times_time_is_energy() {
        let (energy, rest) = (Watts(1_000) * Span::from_secs(5_400)).split();
        assert_eq!(energy, WattHours(1_500));
        assert_eq!(rest.split().0, WattHours(0));
        let work = Watts(-1_234) * Span::from_secs(59);
        assert_eq!(Work::from_rest(work.rest()), work.split().1);
        assert_eq!(Work::from_rest(i64::MAX).split().0, WattHours(0));
        assert_eq!((Watts(1) * Span::SECOND).ceil(), WattHours(1));
    }

    #[test]
    fn nobody_with_a_weight_gets_nothing() {
        assert_eq!(allocate(WattHours(5), &[]), None);
        assert_eq!(allocate(WattHours(5), &[0, 0]), None);
        assert_eq!(
            allocate(WattHours(10), &[1, 1, 1]),
            Some(vec![WattHours(4), WattHours(3), WattHours(3)])
        );
    }

    proptest! {
        #[test]
        fn parts_add_up_to_the_total(
            total in -1_000_000_000_000_i64..1_000_000_000_000,
            weights in proptest::collection::vec(0_u64..5_000_000_000, 1..40),
        ) {
            if let Some(parts) = allocate(WattHours(total), &weights) {
                prop_assert_eq!(parts.iter().copied().sum::<WattHours>(), WattHours(total));
                for (part, weight) in parts.iter().zip(&weights) {
                    prop_assert!(*weight > 0 || part.0 == 0);
                }
            }
        }
    }
}
