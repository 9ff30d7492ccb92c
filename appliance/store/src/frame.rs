//! A row of the tail: what one batch read within one hour, a column per channel. Channels of one device were
//! asked together and share a column of times.

use std::collections::HashMap;

use crate::column::{RawPoint, encode_times, encode_values};
use crate::fault::Fault;
use crate::fields::{Fields, FieldsReader};
use crate::numbers::{Bytes, put_varint};

const TIMES: u8 = 1;
const CHANNEL: u8 = 2;
const WHAT: &str = "the tail";

/// Packs the points of several channels; `base` is where their hour begins. Points are tidy and not empty.
pub(crate) fn encode(base: i64, parts: &[(u32, &[RawPoint])]) -> Vec<u8> {
    let mut fields = Fields::new();
    let mut clocks: HashMap<Vec<u8>, u64> = HashMap::new();
    let mut columns = Vec::with_capacity(parts.len());
    for (number, points) in parts {
        let times = encode_times(base, points);
        let next = u64::try_from(clocks.len()).unwrap_or(u64::MAX);
        let clock = *clocks.entry(times).or_insert_with_key(|times| {
            fields.push(TIMES, times);
            next
        });
        let mut column = Vec::with_capacity(points.len() * 2 + 6);
        put_varint(&mut column, u64::from(*number));
        put_varint(&mut column, clock);
        column.extend(encode_values(points));
        columns.push(column);
    }
    columns.iter().for_each(|column| fields.push(CHANNEL, column));
    fields.finish()
}

/// Gives each channel's columns of times and values to `each`.
pub(crate) fn visit<'a>(
    value: &'a [u8],
    mut each: impl FnMut(u32, &'a [u8], &'a [u8]) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let mut clocks: Vec<&[u8]> = Vec::new();
    for field in FieldsReader::new(value, WHAT)? {
        match field? {
            (TIMES, times) => clocks.push(times),
            (CHANNEL, column) => {
                let (number, clock, values) = split(column).ok_or(Fault::Malformed(WHAT))?;
                let times = clocks.get(clock).ok_or(Fault::Malformed(WHAT))?;
                each(number, times, values)?;
            }
            _ => {}
        }
    }
    Ok(())
}

fn split(column: &[u8]) -> Option<(u32, usize, &[u8])> {
    let mut bytes = Bytes::new(column);
    Some((bytes.number()?, bytes.number()?, bytes.rest()))
}

#[cfg(test)]
mod tests {
    use super::{encode, visit};
    use crate::column;

    #[test]
    fn channels_of_one_device_share_their_times() {
        let points: Vec<_> = (0..10).map(|n| (n * 1_000 + n * n % 7, Ok(n))).collect();
        let other: Vec<_> = points.iter().map(|(at, _)| (*at, Ok(-5))).collect();
        let alone = encode(0, &[(1, &points)]).len();
        let value = encode(0, &[(1, &points), (300, &other)]);
        assert!(value.len() < alone + 12, "{} and {alone}", value.len());
        let mut seen = Vec::new();
        visit(&value, |number, times, values| {
            let mut points = Vec::new();
            column::visit(0, times, values, &mut |at, outcome| points.push((at, outcome))).expect("sound");
            seen.push((number, points));
            Ok(())
        })
        .expect("sound");
        assert_eq!(seen, vec![(1, points), (300, other)]);
        assert!(visit(&value[..value.len() - 1], |_, _, _| Ok(())).is_err());
    }
}
