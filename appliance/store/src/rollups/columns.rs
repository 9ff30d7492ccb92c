//! The roll-ups of one channel in one sheet as columns: which periods have any, how many readings, the smallest values as
//! differences, how far the largest lies above, how far the mean is from their middle, and the energy as what differs from
//! the energy that the mean makes one expect. In all of them most numbers are small, and many are nothing.

use units::NoValue;

use super::Energy;
use super::sums::Sums;
use crate::numbers::{Bytes, Runs, RunsReader, put_signed, put_varint};

/// More periods than a sheet ever has cannot be true.
const MOST: usize = 10_000;
/// In columns of numbers.
const NARROW: u8 = 0;
/// Number by number: there are values so far apart that a column has no room for what they add up to.
const WIDE: u8 = 1;

/// The classes of periods.
const NOTHING: u8 = 0;
const VALUES: u8 = 1;
const WITHOUT: u8 = 2;
const ENERGY_ALONE: u8 = 3;

/// What of a column's numbers is taken for granted: how the values tell of energy, and how long a period is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shape {
    pub(crate) energy: Energy,
    pub(crate) length: i64,
}

/// The roll-ups of periods that follow each other; those of which nothing is known are nothing.
pub(crate) fn encode(sums: &[Sums], shape: Shape) -> Vec<u8> {
    let mut out = Vec::new();
    let narrow = sums.iter().all(is_narrow);
    out.push(if narrow { NARROW } else { WIDE });
    out.push(code(shape.energy));
    put_counted(&mut out, &classes(sums));
    if narrow {
        encode_narrow(&mut out, sums, shape);
    } else {
        encode_wide(&mut out, sums);
    }
    out
}

/// What [`encode`] packed. `None` if it is damaged.
pub(crate) fn decode(bytes: &[u8], length: i64) -> Option<Vec<Sums>> {
    let mut bytes = Bytes::new(bytes);
    let (kind, energy) = (bytes.byte()?, bytes.byte()?);
    let shape = Shape {
        energy: energy_of(energy)?,
        length,
    };
    let (mut sums, known) = read_classes(bytes.take_counted()?)?;
    match kind {
        NARROW => decode_narrow(&mut bytes, &mut sums, &known, shape)?,
        WIDE => decode_wide(&mut bytes, &mut sums, &known)?,
        _ => return None,
    }
    bytes.is_empty().then_some(sums)
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

/// Whole numbers of one kind, most of them small.
pub(super) fn packed(numbers: &[i64]) -> Vec<u8> {
    let mut runs = Runs::default();
    numbers.iter().for_each(|number| runs.push(*number));
    runs.finish()
}

/// So many numbers that were packed; `None` if there are fewer.
pub(super) fn unpacked(bytes: &[u8], count: usize) -> Option<Vec<i64>> {
    let mut runs = RunsReader::new(bytes);
    (0..count).map(|_| runs.next()).collect()
}

fn put_counted(out: &mut Vec<u8>, bytes: &[u8]) {
    put_varint(out, u64::try_from(bytes.len()).unwrap_or(u64::MAX));
    out.extend_from_slice(bytes);
}

/// Whether what a period has fits the columns.
fn is_narrow(sums: &Sums) -> bool {
    let spread = i128::from(sums.max) - i128::from(sums.min);
    spread <= 1 << 31 && sums.count <= 1 << 31
}

/// What kind of period it is, and why nothing was read in it.
fn class(sums: &Sums) -> (u8, Option<NoValue>) {
    if sums.count > 0 {
        (VALUES, None)
    } else if let Some(reason) = sums.reason {
        (WITHOUT, Some(reason))
    } else if sums.energy != 0 {
        (ENERGY_ALONE, None)
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
        put_varint(&mut out, u64::try_from(run.len()).unwrap_or(u64::MAX));
        if let Some((code, detail)) = reason.map(NoValue::code) {
            out.extend([code, detail]);
        }
    }
    out
}

/// Which periods have what.
struct Known {
    values: Vec<usize>,
    energies: Vec<usize>,
}

fn read_classes(bytes: &[u8]) -> Option<(Vec<Sums>, Known)> {
    let mut bytes = Bytes::new(bytes);
    let mut sums = Vec::new();
    let mut known = Known {
        values: Vec::new(),
        energies: Vec::new(),
    };
    while !bytes.is_empty() {
        let class = bytes.byte()?;
        let run: usize = bytes.number()?;
        let reason = match class {
            WITHOUT => Some(NoValue::from_code(bytes.byte()?, bytes.byte()?)),
            NOTHING | VALUES | ENERGY_ALONE => None,
            _ => return None,
        };
        let periods = sums.len()..sums.len().checked_add(run).filter(|end| *end <= MOST)?;
        if class == VALUES {
            known.values.extend(periods.clone());
        }
        if class != NOTHING {
            known.energies.extend(periods.clone());
        }
        let each = Sums {
            reason,
            ..Sums::default()
        };
        sums.resize(periods.end, each);
    }
    Some((sums, known))
}

fn has_values(sums: &&Sums) -> bool {
    sums.count > 0
}

fn encode_narrow(out: &mut Vec<u8>, sums: &[Sums], shape: Shape) {
    let known: Vec<&Sums> = sums.iter().filter(has_values).collect();
    let (mut counts, mut mins, mut spreads, mut rests) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut count, mut min) = (0_i64, 0_i64);
    for sums in known {
        let this = i64::try_from(sums.count).unwrap_or(0);
        counts.push(this - count);
        mins.push(sums.min.wrapping_sub(min));
        let spread = sums.max.wrapping_sub(sums.min);
        spreads.push(spread);
        let rest = sums.sum - i128::from(sums.min) * i128::from(this);
        rests.push(i64::try_from(rest).unwrap_or(0) - middle(this, spread));
        (count, min) = (this, sums.min);
    }
    for column in [counts, mins, spreads, rests] {
        put_counted(out, &packed(&column));
    }
    if shape.energy != Energy::Not {
        let mut expected = Expected::new(shape);
        let energies = sums.iter().filter(|sums| class(sums).0 != NOTHING);
        let column: Vec<i64> = energies
            .map(|sums| sums.energy.wrapping_sub(expected.next(sums)))
            .collect();
        put_counted(out, &packed(&column));
    }
}

/// What values add up to above the smallest if they lie as much below the middle as above.
fn middle(count: i64, spread: i64) -> i64 {
    count.saturating_mul(spread) / 2
}

fn decode_narrow(bytes: &mut Bytes<'_>, sums: &mut [Sums], known: &Known, shape: Shape) -> Option<()> {
    let mut column = |length: usize| unpacked(bytes.take_counted()?, length);
    let length = known.values.len();
    let (counts, mins) = (column(length)?, column(length)?);
    let (spreads, rests) = (column(length)?, column(length)?);
    let (mut count, mut min) = (0_i64, 0_i64);
    for (index, place) in known.values.iter().enumerate() {
        count = count
            .checked_add(*counts.get(index)?)
            .filter(|count| *count > 0)?;
        min = min.wrapping_add(*mins.get(index)?);
        let spread = *spreads.get(index)?;
        let rest = i128::from(*rests.get(index)?) + i128::from(middle(count, spread));
        let sums = sums.get_mut(*place)?;
        (sums.min, sums.max) = (min, min.checked_add(spread)?);
        sums.count = u64::try_from(count).ok()?;
        sums.sum = i128::from(min) * i128::from(count) + rest;
    }
    if shape.energy != Energy::Not {
        let energies = column(known.energies.len())?;
        let mut expected = Expected::new(shape);
        for (place, energy) in known.energies.iter().zip(energies) {
            let sums = sums.get_mut(*place)?;
            sums.energy = energy.wrapping_add(expected.next(sums));
        }
    }
    Some(())
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

fn encode_wide(out: &mut Vec<u8>, sums: &[Sums]) {
    for sums in sums.iter().filter(|sums| class(sums).0 != NOTHING) {
        put_signed(out, sums.energy);
        if sums.count > 0 {
            put_varint(out, sums.count);
            put_signed(out, sums.min);
            put_signed(out, sums.max);
            out.extend(sums.sum.to_be_bytes());
        }
    }
}

fn decode_wide(bytes: &mut Bytes<'_>, sums: &mut [Sums], known: &Known) -> Option<()> {
    let mut values = known.values.iter().peekable();
    for place in &known.energies {
        let sums = sums.get_mut(*place)?;
        sums.energy = bytes.signed()?;
        if values.next_if_eq(&place).is_some() {
            sums.count = bytes.varint().filter(|count| *count > 0)?;
            (sums.min, sums.max) = (bytes.signed()?, bytes.signed()?);
            sums.sum = i128::from_be_bytes(*bytes.take(16)?.first_chunk()?);
        }
    }
    Some(())
}

#[cfg(test)]
mod tests;
