//! How much work a hash of a passphrase is: enough to slow down a thief of the card, not so much that people wait.

use units::Span;

/// The shortest time that a passphrase may take to check on the box for which a cost is chosen.
pub const QUICKEST: Span = Span::from_millis(250);
/// The longest, unless the least work that is safe takes longer.
pub const SLOWEST: Span = Span::from_millis(500);

/// The work of one argon2id hash: memory and how often it is gone through. One lane, since the board's other cores have
/// the house to look after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// How often the memory is gone through.
    pub passes: u32,
}

/// The least that is used for what people choose: what OWASP asks for with one lane.
pub const LEAST: Cost = Cost {
    memory_kib: 19 * 1024,
    passes: 2,
};

/// What is used for the words of slips, which are drawn by chance: always the same, since a slip is found by its hash.
pub const SLIP: Cost = LEAST;

/// No box is so fast that it needs more.
const MOST_PASSES: i64 = 64;

impl Cost {
    /// The cost for a box on which a hash of [`LEAST`] took `took`: the fewest passes that take long enough.
    #[must_use]
    pub fn chosen(took: Span) -> Self {
        let least = i64::from(LEAST.passes);
        let (work, took) = (QUICKEST.as_millis() * least, took.as_millis().max(1));
        let passes = (work / took + i64::from(work % took > 0)).clamp(least, MOST_PASSES);
        Self {
            passes: u32::try_from(passes).unwrap_or(LEAST.passes),
            ..LEAST
        }
    }

    /// Whether a hash that was made at this cost should be made anew at `now`.
    #[must_use]
    pub fn is_less_than(self, now: Self) -> bool {
        let work = |cost: Self| u64::from(cost.memory_kib) * u64::from(cost.passes);
        work(self) < work(now)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use units::Span;

    use super::{Cost, LEAST, QUICKEST, SLOWEST};

    #[test]
    fn a_slow_board_does_the_least_and_a_fast_one_more() {
        let passes = |millis: i64| Cost::chosen(Span::from_millis(millis)).passes;
        assert_eq!(passes(2_000), 2);
        assert_eq!(passes(250), 2);
        assert_eq!(passes(249), 3);
        assert_eq!(passes(100), 5);
        assert_eq!(passes(20), 25);
        assert_eq!(passes(0), 64);
    }

    #[test]
    fn only_more_work_is_a_reason_to_hash_anew() {
        let more = Cost { passes: 3, ..LEAST };
        assert!(LEAST.is_less_than(more));
        assert!(!more.is_less_than(LEAST));
        assert!(!more.is_less_than(more));
    }

    proptest! {
        #[test]
        fn the_time_lies_between_the_bounds_where_it_can(took in 8_i64..=500) {
            let cost = Cost::chosen(Span::from_millis(took));
            let takes = i64::from(cost.passes) * took / i64::from(LEAST.passes);
            prop_assert!(takes <= SLOWEST.as_millis(), "{takes} ms");
            prop_assert!(takes >= QUICKEST.as_millis(), "{takes} ms");
        }
    }
}
