//! Whole numbers of one kind, packed as small as two ways allow: differences with runs of nothing, or as pco does it.

use crate::numbers::{Runs, RunsReader};

const RUNS: u8 = 0;

/// The numbers of a column.
pub(crate) fn encode(numbers: &[i64]) -> Vec<u8> {
    let mut runs = Runs::default();
    numbers.iter().for_each(|number| runs.push(*number));
    let mut out = vec![RUNS];
    out.extend(runs.finish());
    out
}

/// So many numbers of a column; `None` if it does not hold just them.
pub(crate) fn decode(bytes: &[u8], count: usize) -> Option<Vec<i64>> {
    let (RUNS, rest) = bytes.split_first().map(|(kind, rest)| (*kind, rest))? else {
        return None;
    };
    let mut runs = RunsReader::new(rest);
    (0..count).map(|_| runs.next()).collect()
}
