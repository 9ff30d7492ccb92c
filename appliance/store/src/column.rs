//! The points of one channel as two byte columns: when, and what. Columns of times are kept apart from values
//! since channels of one device share them.
//!
//! Differences are taken round the corner (wrapping), so that every `i64` comes back whatever its neighbours.

use units::NoValue;

use crate::numbers::{Bytes, Runs, RunsReader, put_counted, put_length, put_signed, put_varint};
use crate::packed;

/// A point inside the store: milliseconds, and the value or why there is none.
pub(crate) type RawPoint = (i64, Result<i64, NoValue>);

/// More points than an hour has milliseconds cannot be true; a damaged count must not keep us busy for ever.
pub(crate) const MOST_POINTS: usize = 3_600_000;

/// Puts points in the order of time; of several at the same instant the last one stays.
pub(crate) fn tidy(points: &mut Vec<RawPoint>) {
    if points.windows(2).all(|pair| pair[0].0 < pair[1].0) {
        return;
    }
    points.sort_by_key(|point| point.0);
    points.dedup_by(|later, earlier| {
        let same = later.0 == earlier.0;
        if same {
            *earlier = *later;
        }
        same
    });
}

/// The column of times: how many, the first counted from `base`, then how each step differs from the last.
pub(crate) fn encode_times(base: i64, points: &[RawPoint]) -> Vec<u8> {
    let mut out = Vec::new();
    put_length(&mut out, points.len());
    let Some(first) = points.first() else { return out };
    put_signed(&mut out, first.0.wrapping_sub(base));
    let (mut at, mut step) = (first.0, 0_i64);
    let mut runs = Runs::default();
    for point in &points[1..] {
        let next = point.0.wrapping_sub(at);
        runs.push(next.wrapping_sub(step));
        (at, step) = (point.0, next);
    }
    out.extend(runs.finish());
    out
}

/// The column of values in the tail and in blocks of format 2: the differences between the values there are, then where there
/// are none and why.
pub(crate) fn encode_values(points: &[RawPoint]) -> Vec<u8> {
    let (values, holes) = split(points);
    let mut runs = Runs::default();
    let mut last = 0_i64;
    for value in values {
        runs.push(value.wrapping_sub(last));
        last = value;
    }
    counted(&runs.finish(), &holes)
}

/// The column of values in a sealed hour: the values there are, packed, then where there are none and why.
pub(crate) fn pack(points: &[RawPoint]) -> Vec<u8> {
    let (values, holes) = split(points);
    counted(&packed::encode(&values), &holes)
}

fn counted(values: &[u8], holes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(values.len() + holes.len() + 3);
    put_counted(&mut out, values);
    out.extend(holes);
    out
}

/// The values that there are, and the stretches without any.
fn split(points: &[RawPoint]) -> (Vec<i64>, Vec<u8>) {
    let (mut values, mut holes) = (Vec::with_capacity(points.len()), Vec::new());
    let mut hole: Option<(u64, NoValue)> = None;
    let mut since = 0_u64;
    for (_, outcome) in points {
        match (outcome, hole) {
            (Ok(value), open) => {
                if let Some(found) = open {
                    put_hole(&mut holes, since, found);
                    (hole, since) = (None, 0);
                }
                values.push(*value);
                since += 1;
            }
            (Err(reason), Some((length, same))) if *reason == same => hole = Some((length + 1, same)),
            (Err(reason), Some(found)) => {
                put_hole(&mut holes, since, found);
                (hole, since) = (Some((1, *reason)), 0);
            }
            (Err(reason), None) => hole = Some((1, *reason)),
        }
    }
    if let Some(found) = hole {
        put_hole(&mut holes, since, found);
    }
    (values, holes)
}

fn put_hole(out: &mut Vec<u8>, since: u64, (length, reason): (u64, NoValue)) {
    let (code, detail) = reason.code();
    put_varint(out, since);
    put_varint(out, length);
    out.push(code);
    out.push(detail);
}

/// The times of a column, one by one. The step before the first time is chosen so that the first needs no branch
/// of its own: the difference that leads to it is nothing.
struct Times<'a> {
    left: u64,
    at: i64,
    step: i64,
    runs: RunsReader<'a>,
}

impl<'a> Times<'a> {
    fn new(base: i64, column: &'a [u8]) -> Option<Self> {
        let mut bytes = Bytes::new(column);
        let left = bytes.number::<usize>().filter(|count| *count <= MOST_POINTS)?;
        let left = u64::try_from(left).ok()?;
        let at = if left == 0 {
            base
        } else {
            base.wrapping_add(bytes.signed()?)
        };
        let runs = RunsReader::after_one_nothing(bytes.rest());
        Some(Self {
            left,
            at,
            step: 0,
            runs,
        })
    }

    #[inline]
    fn next(&mut self) -> Option<i64> {
        self.step = self.step.wrapping_add(self.runs.next()?);
        self.at = self.at.wrapping_add(self.step);
        self.left -= 1;
        Some(self.at)
    }
}

/// Gives every point of two columns to `each`. `None` if the columns are damaged.
pub(crate) fn visit(
    base: i64,
    times: &[u8],
    values: &[u8],
    each: &mut impl FnMut(i64, Result<i64, NoValue>),
) -> Option<()> {
    let mut times = Times::new(base, times)?;
    let mut bytes = Bytes::new(values);
    let mut runs = RunsReader::new(bytes.take_counted()?);
    let mut value = 0_i64;
    while times.left > 0 {
        let hole = if bytes.is_empty() {
            None
        } else {
            Some(read_hole(&mut bytes)?)
        };
        let known = hole.map_or(times.left, |hole| hole.since).min(times.left);
        for _ in 0..known {
            value = value.wrapping_add(runs.next()?);
            each(times.next()?, Ok(value));
        }
        let Some(hole) = hole else { continue };
        for _ in 0..hole.length.min(times.left) {
            each(times.next()?, Err(hole.reason));
        }
    }
    Some(())
}

/// Gives every point of a sealed hour's column to `each`; `times` count from `base`. `None` if the column is damaged.
pub(crate) fn visit_packed(
    base: i64,
    times: &[i64],
    column: &[u8],
    each: &mut impl FnMut(i64, Result<i64, NoValue>),
) -> Option<()> {
    let mut bytes = Bytes::new(column);
    let values = bytes.take_counted()?;
    let mut holes = Vec::new();
    let mut left = times.len();
    let mut known = 0_usize;
    while !bytes.is_empty() {
        let hole = read_hole(&mut bytes)?;
        let (since, length) = (
            usize::try_from(hole.since).ok()?,
            usize::try_from(hole.length).ok()?,
        );
        left = left.checked_sub(since)?.checked_sub(length)?;
        known += since;
        holes.push((since, length, hole.reason));
    }
    let values = packed::decode(values, known + left)?;
    let (mut times, mut values) = (times.iter(), values.into_iter());
    for (since, length, reason) in holes {
        for value in values.by_ref().take(since) {
            each(base.wrapping_add(*times.next()?), Ok(value));
        }
        for _ in 0..length {
            each(base.wrapping_add(*times.next()?), Err(reason));
        }
    }
    for value in values {
        each(base.wrapping_add(*times.next()?), Ok(value));
    }
    Some(())
}

/// How many values precede a stretch without values, how long it is, and why.
#[derive(Clone, Copy)]
struct Hole {
    since: u64,
    length: u64,
    reason: NoValue,
}

fn read_hole(bytes: &mut Bytes<'_>) -> Option<Hole> {
    let (since, length) = (bytes.varint()?, bytes.varint()?);
    let (code, detail) = (bytes.byte()?, bytes.byte()?);
    Some(Hole {
        since,
        length,
        reason: NoValue::from_code(code, detail),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use units::NoValue;

    use super::{RawPoint, encode_times, encode_values, tidy, visit};

    fn outcome() -> impl Strategy<Value = Result<i64, NoValue>> {
        prop_oneof![
            4 => (-50_i64..50).prop_map(Ok),
            1 => any::<i64>().prop_map(Ok),
            1 => Just(Ok(i64::MIN)),
            1 => Just(Ok(i64::MAX)),
            1 => (1_u8..13, 0_u8..4).prop_map(|(code, detail)| Err(NoValue::from_code(code, detail))),
        ]
    }

    fn instant() -> impl Strategy<Value = i64> {
        prop_oneof![6 => 0_i64..3_600_000, 1 => any::<i64>(), 1 => Just(i64::MIN), 1 => Just(i64::MAX)]
    }

    fn decode(base: i64, times: &[u8], values: &[u8]) -> Option<Vec<RawPoint>> {
        let mut points = Vec::new();
        visit(base, times, values, &mut |at, outcome| points.push((at, outcome)))?;
        Some(points)
    }

    proptest! {
        #[test]
        fn any_points_come_back(
            base in any::<i64>(),
            mut points in prop::collection::vec((instant(), outcome()), 0..120),
        ) {
            let model: std::collections::BTreeMap<_, _> = points.iter().copied().collect();
            tidy(&mut points);
            prop_assert_eq!(&points, &model.into_iter().collect::<Vec<_>>());
            let (times, values) = (encode_times(base, &points), encode_values(&points));
            prop_assert_eq!(decode(base, &times, &values), Some(points));
        }

        #[test]
        fn nonsense_never_panics(
            times in prop::collection::vec(any::<u8>(), 0..30),
            values in prop::collection::vec(any::<u8>(), 0..30),
        ) {
            let _ = decode(0, &times, &values);
        }
    }

    #[test]
    fn a_steady_hour_takes_a_few_bytes() {
        let points: Vec<RawPoint> = (0..3_600).map(|second| (second * 1_000, Ok(2_301))).collect();
        assert!(encode_times(0, &points).len() <= 10);
        assert!(encode_values(&points).len() <= 8);
    }

    #[test]
    fn a_cut_column_is_damage() {
        let points: Vec<RawPoint> = (0..20).map(|n| (n * 977 + n % 3, Ok(n * n))).collect();
        let (times, values) = (encode_times(0, &points), encode_values(&points));
        for cut in 0..times.len() {
            assert_eq!(decode(0, &times[..cut], &values), None, "times cut at {cut}");
        }
        for cut in 0..values.len() {
            assert_eq!(decode(0, &times, &values[..cut]), None, "values cut at {cut}");
        }
    }
}
