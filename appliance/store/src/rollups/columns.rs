//! The roll-ups of one channel as columns, packed as readings are (`packed.rs`): which periods have any, and how many readings,
//! which channels that are asked together have in common; then the smallest values (of a counter how far they lie above the largest
//! before), how far the largest lies above, the energy as what differs from the energy that the values make one expect, and how
//! far what they add up to is from the middle of smallest and largest.

use units::NoValue;

use super::Energy;
use super::sums::Sums;
use crate::numbers::{Bytes, put_counted, put_length};
use crate::packed;

/// More periods than a sheet ever has cannot be true.
const MOST: usize = 10_000;
/// All in columns of numbers.
const NARROW: u8 = 0;
/// What values add up to stands number by number: they are so far apart that a column has no room for it.
const WIDE: u8 = 1;

/// The classes of periods.
const NOTHING: u8 = 0;
const VALUES: u8 = 1;
const WITHOUT: u8 = 2;

/// What of a column's numbers is taken for granted: how the values tell of energy, and how long a period is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shape {
    pub(crate) energy: Energy,
    pub(crate) length: i64,
}

/// How many values there are in periods that follow each other, and why there are none.
pub(crate) fn encode_counts(sums: &[Sums]) -> Vec<u8> {
    let counts: Vec<i64> = sums
        .iter()
        .filter(has_values)
        .map(|sums| i64::try_from(sums.count).unwrap_or(i64::MAX))
        .collect();
    let mut out = Vec::new();
    put_counted(&mut out, &classes(sums));
    out.extend(packed::encode(&counts));
    out
}

/// What [`encode_counts`] packed of so many periods: their sums, of which nothing else is known yet. `None` if it is damaged.
pub(crate) fn decode_counts(bytes: &[u8], periods: usize) -> Option<Vec<Sums>> {
    let mut bytes = Bytes::new(bytes);
    let mut sums = read_classes(bytes.take_counted()?, periods)?;
    let values = sums.iter().filter(has_values).count();
    let counts = packed::decode(bytes.rest(), values)?;
    for (sums, count) in sums.iter_mut().filter(|sums| sums.count > 0).zip(counts) {
        sums.count = u64::try_from(count).ok().filter(|count| *count > 0)?;
    }
    Some(sums)
}

/// The rest of what is known of these periods.
pub(crate) fn encode(sums: &[Sums], shape: Shape) -> Vec<u8> {
    let known: Vec<&Sums> = sums.iter().filter(has_values).collect();
    let narrow = known.iter().all(|sums| is_narrow(sums));
    let mut out = vec![if narrow { NARROW } else { WIDE }, code(shape.energy)];
    let mut put = |numbers: Vec<i64>| put_counted(&mut out, &packed::encode(&numbers));
    let above = known.iter().scan(0, |from, sums| {
        let above = sums.min.wrapping_sub(*from);
        *from = floor(shape.energy, sums);
        Some(above)
    });
    put(above.collect());
    put(known.iter().map(|sums| spread(sums)).collect());
    if shape.energy != Energy::Not {
        let mut expected = Expected::new(shape);
        let differs = |sums: &Sums| sums.energy.wrapping_sub(expected.next(sums));
        put(sums.iter().map(differs).collect());
    }
    if narrow {
        let rests: Vec<i64> = known.iter().map(|sums| rest(sums)).collect();
        out.extend(packed::encode(&rests));
    } else {
        known.iter().for_each(|sums| out.extend(sums.sum.to_be_bytes()));
    }
    out
}

/// What [`encode`] packed, of periods of which the counts are known already. `None` if it is damaged.
pub(crate) fn decode(counts: Vec<Sums>, bytes: &[u8], length: i64) -> Option<Vec<Sums>> {
    let mut sums = counts;
    let mut bytes = Bytes::new(bytes);
    let (kind, energy) = (bytes.byte()?, energy_of(bytes.byte()?)?);
    let values = sums.iter().filter(has_values).count();
    let mut column = |length| packed::decode(bytes.take_counted()?, length);
    let (above, spreads) = (column(values)?, column(values)?);
    let energies = match energy {
        Energy::Not => Vec::new(),
        _ => column(sums.len())?,
    };
    let rests = match kind {
        NARROW => Rests::Narrow(packed::decode(bytes.rest(), values)?),
        WIDE => Rests::Wide(bytes.rest().as_chunks::<16>().0),
        _ => return None,
    };
    let known = sums.iter_mut().filter(|sums| sums.count > 0);
    let mut from = 0_i64;
    for (index, (sums, (above, spread))) in known.zip(above.iter().zip(&spreads)).enumerate() {
        sums.min = from.wrapping_add(*above);
        sums.max = sums.min.wrapping_add(*spread);
        from = floor(energy, sums);
        sums.sum = match &rests {
            Rests::Narrow(rests) => least(sums) + i128::from(middle(sums)) + i128::from(*rests.get(index)?),
            Rests::Wide(rests) => i128::from_be_bytes(*rests.get(index)?),
        };
    }
    let mut expected = Expected::new(Shape { energy, length });
    for (sums, energy) in sums.iter_mut().zip(energies) {
        sums.energy = energy.wrapping_add(expected.next(sums));
    }
    Some(sums)
}

/// What values add up to, as it is packed.
enum Rests<'a> {
    Narrow(Vec<i64>),
    Wide(&'a [[u8; 16]]),
}

fn code(energy: Energy) -> u8 {
    match energy {
        Energy::Not => 0,
        Energy::Power => 1,
        Energy::Counter => 2,
    }
}

fn energy_of(code: u8) -> Option<Energy> {
    match code {
        0 => Some(Energy::Not),
        1 => Some(Energy::Power),
        2 => Some(Energy::Counter),
        _ => None,
    }
}

/// Whether what a period has fits the columns.
fn is_narrow(sums: &Sums) -> bool {
    let spread = i128::from(sums.max) - i128::from(sums.min);
    spread <= 1 << 31 && sums.count <= 1 << 31
}

/// From where the smallest value of the next period is counted. A counter goes on from the largest.
fn floor(energy: Energy, sums: &Sums) -> i64 {
    match energy {
        Energy::Counter => sums.max,
        Energy::Not | Energy::Power => 0,
    }
}

/// How far the largest value lies above the smallest.
fn spread(sums: &Sums) -> i64 {
    sums.max.wrapping_sub(sums.min)
}

/// What the values add up to at least.
fn least(sums: &Sums) -> i128 {
    i128::from(sums.min).saturating_mul(i128::from(sums.count))
}

/// What they add up to above that if they lie as much below the middle as above.
fn middle(sums: &Sums) -> i64 {
    let count = i64::try_from(sums.count).unwrap_or(i64::MAX);
    count.saturating_mul(spread(sums)) / 2
}

/// How far what they add up to is from that. Of what is narrow there is always room for it.
fn rest(sums: &Sums) -> i64 {
    i64::try_from(sums.sum - least(sums)).unwrap_or(0) - middle(sums)
}

/// What kind of period it is, and why nothing was read in it.
fn class(sums: &Sums) -> (u8, Option<NoValue>) {
    if sums.count > 0 {
        (VALUES, None)
    } else if let Some(reason) = sums.reason {
        (WITHOUT, Some(reason))
    } else {
        (NOTHING, None)
    }
}

/// The classes, equal ones counted.
fn classes(sums: &[Sums]) -> Vec<u8> {
    let mut out = Vec::new();
    for run in sums.chunk_by(|a, b| class(a) == class(b)) {
        let Some((class, reason)) = run.first().map(class) else {
            continue;
        };
        out.push(class);
        put_length(&mut out, run.len());
        if let Some((code, detail)) = reason.map(NoValue::code) {
            out.extend([code, detail]);
        }
    }
    out
}

/// Periods of which no more is known than their classes: those that have values have one.
fn read_classes(bytes: &[u8], periods: usize) -> Option<Vec<Sums>> {
    let mut bytes = Bytes::new(bytes);
    let mut sums = Vec::new();
    while !bytes.is_empty() {
        let class = bytes.byte()?;
        let run: usize = bytes.number()?;
        let mut each = Sums::default();
        match class {
            WITHOUT => each.reason = Some(NoValue::from_code(bytes.byte()?, bytes.byte()?)),
            VALUES => each.count = 1,
            NOTHING => {}
            _ => return None,
        }
        let end = sums.len().checked_add(run).filter(|end| *end <= MOST)?;
        sums.resize(end, each);
    }
    (sums.len() == periods).then_some(sums)
}

fn has_values(sums: &&Sums) -> bool {
    sums.count > 0
}

/// What energy a period may be expected to have, by what was known before.
struct Expected {
    shape: Shape,
    work: i128,
    highest: Option<i64>,
}

impl Expected {
    fn new(shape: Shape) -> Self {
        Self {
            shape,
            work: 0,
            highest: None,
        }
    }

    fn next(&mut self, sums: &Sums) -> i64 {
        if sums.count == 0 {
            return 0;
        }
        match self.shape.energy {
            Energy::Not => 0,
            Energy::Power => {
                let before = self.work.div_euclid(3_600);
                let work =
                    sums.sum.saturating_mul(i128::from(self.shape.length)) / i128::from(sums.count.max(1));
                self.work = self.work.saturating_add(work);
                i64::try_from(self.work.div_euclid(3_600).saturating_sub(before)).unwrap_or(0)
            }
            Energy::Counter => {
                let before = self.highest.replace(sums.max).unwrap_or(sums.min);
                let rise = i128::from(sums.max) - i128::from(before);
                i64::try_from(rise * 1_000).unwrap_or(0)
            }
        }
    }
}

#[cfg(test)]
mod tests;
