//! What an ordinary day looks like by this time of day.

use units::WattHours;

/// Fewer complete days than this say nothing about an ordinary one.
const FEWEST: usize = 5;

/// The energy of an ordinary day by now: the median of what the previous days (28 are asked for) had reached
/// by the same local time. Pass only days in which nothing is missing. `None` with fewer than five of them.
pub fn ordinary(by_now: &[WattHours]) -> Option<WattHours> {
    if by_now.len() < FEWEST {
        return None;
    }
    let mut sorted = by_now.to_vec();
    sorted.sort_unstable();
    let (low, high) = (sorted.get((sorted.len() - 1) / 2)?, sorted.get(sorted.len() / 2)?);
    Some(WattHours(low.0 + (high.0 - low.0) / 2))
}
