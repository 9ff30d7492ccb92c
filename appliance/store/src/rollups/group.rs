//! Roll-ups as longer ones, as a chart wants them.

use units::Instant;

use super::Rollup;
use super::sums::Sums;
use crate::answers::Known;

/// Adds roll-ups up, which are in the order of time, to one for each stretch between two edges. A roll-up belongs to the stretch
/// in which it begins; of a stretch that has none nothing is known.
pub fn grouped(rollups: &[Rollup], edges: &[Instant]) -> Vec<Rollup> {
    let mut rest = rollups;
    let stretches = edges.windows(2).map(|pair| {
        let (from, to) = (pair[0], pair[1]);
        rest = &rest[rest.partition_point(|rollup| rollup.from < from)..];
        let (these, later) = rest.split_at(rest.partition_point(|rollup| rollup.from < to));
        rest = later;
        let sums: Vec<Sums> = these.iter().map(sums).collect();
        let whole = Sums::of(&sums);
        Rollup {
            from,
            to,
            known: whole.known(),
            sum: whole.sum,
            energy: known_of_all(these).then_some(whole.energy),
        }
    });
    stretches.collect()
}

/// Whether each of them knows its energy.
fn known_of_all(rollups: &[Rollup]) -> bool {
    !rollups.is_empty() && rollups.iter().all(|rollup| rollup.energy.is_some())
}

fn sums(rollup: &Rollup) -> Sums {
    let energy = rollup.energy.unwrap_or(0);
    match rollup.known {
        Known::Values(spread) => Sums {
            min: spread.min,
            max: spread.max,
            sum: rollup.sum,
            count: spread.count,
            reason: None,
            energy,
        },
        Known::Without(reason) => Sums {
            reason: Some(reason),
            energy,
            ..Sums::default()
        },
        Known::Gap => Sums {
            energy,
            ..Sums::default()
        },
    }
}
