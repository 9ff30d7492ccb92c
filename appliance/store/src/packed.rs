//! A column of whole numbers in as few bytes as the best of a few ways gives. How many numbers there are is known to whoever
//! reads it.
//!
//! The first byte names the way. Runs of differences are best where little changes; everything else goes through pco, which
//! finds which differences are frequent and gives those few bits. It is told how to take differences instead of guessing, and
//! is given 16 bits a number where that is enough: on a day of 240 channels at 1 Hz (`simulator::trace`, hours of 3,600 values,
//! one column each) that is the difference between 0.30 and 0.23 bytes a value.
//!
//! | what was measured on that day | bytes a value |
//! | --- | --- |
//! | runs of differences | 0.560 |
//! | the same, then zstd 3 / 9 / 19, a column at a time | 0.263 / 0.256 / 0.249 |
//! | the same, the twelve columns of a device together | 0.251 / 0.249 / 0.240 |
//! | pco 8 as it comes, or runs if they are shorter | 0.301 |
//! | pco 4 / 8 / 10 of differences, or runs | 0.261 / 0.247 / 0.246 |
//! | pco 4 / 8 / 10 of differences in 16 bits, or runs | 0.254 / 0.238 / 0.237 |
//! | pco 8 in 16 bits, of differences, of values, of what four values before foretell, or runs | 0.229 |
//!
//! The last is what stands here. zstd has no encoder in pure Rust that comes near, and groups would have to be read whole.

use std::panic::{AssertUnwindSafe, catch_unwind};

use pco::data_types::Number;
use pco::wrapped::{FileCompressor, FileDecompressor};
use pco::{ChunkConfig, DeltaSpec, ModeSpec};

use crate::numbers::{Bytes, Runs, RunsReader, put_signed};

/// Runs of differences.
const RUNS: u8 = 0;
/// Runs of how each difference differs from the one before: what comes in steady steps.
const STEPS: u8 = 1;
/// The least of the numbers, then pco of what each is above it, in so many bits.
const PCO_16: u8 = 2;
const PCO_32: u8 = 3;
const PCO_64: u8 = 4;

/// Fewer bytes of runs than this a number, or than so many in all, are not worth trying anything else.
const FEW_A_NUMBER: usize = 16;
const FEW: usize = 24;
/// How hard pco looks; above, it takes longer and gains nothing.
const LEVEL: usize = 8;
/// From so many numbers before it the next is foretold.
const ORDER: usize = 4;
/// pco foretells so many at a time, and stops where fewer than the order are left for the last time.
const FORETOLD_AT_A_TIME: usize = 512;

/// How differences are taken, by trying.
const WAYS: [DeltaSpec; 3] = [
    DeltaSpec::TryConsecutive(1),
    DeltaSpec::NoOp,
    DeltaSpec::TryConv1(ORDER),
];

/// Packs the values of a channel.
pub(crate) fn encode(numbers: &[i64]) -> Vec<u8> {
    let mut last = 0;
    let differences = numbers.iter().map(|number| {
        let difference = number.wrapping_sub(last);
        last = *number;
        difference
    });
    best(RUNS, differences, numbers, &WAYS)
}

/// Packs times, or whatever else comes in steps.
pub(crate) fn encode_steps(numbers: &[i64]) -> Vec<u8> {
    let (mut last, mut step) = (0_i64, 0_i64);
    let changes = numbers.iter().map(|number| {
        let next = number.wrapping_sub(last);
        let change = next.wrapping_sub(step);
        (last, step) = (*number, next);
        change
    });
    best(STEPS, changes, numbers, &WAYS[..1])
}

fn best(way: u8, differences: impl Iterator<Item = i64>, numbers: &[i64], ways: &[DeltaSpec]) -> Vec<u8> {
    let mut runs = Runs::default();
    differences.for_each(|difference| runs.push(difference));
    let mut best = vec![way];
    best.extend(runs.finish());
    if best.len() > FEW && best.len() > numbers.len() / FEW_A_NUMBER {
        let left = numbers.len() % FORETOLD_AT_A_TIME;
        let foretells = left == 0 || left >= ORDER;
        for delta in ways {
            if matches!(delta, DeltaSpec::TryConv1(_)) && !foretells {
                continue;
            }
            let tried = catch_unwind(AssertUnwindSafe(|| through_pco(numbers, delta)));
            match tried.ok().flatten() {
                // What does not come back as it was would be lost for ever, so it is looked at before it counts.
                Some(packed)
                    if packed.len() < best.len()
                        && decode(&packed, numbers.len()).as_deref() == Some(numbers) =>
                {
                    best = packed;
                }
                _ => {}
            }
        }
    }
    best
}

fn through_pco(numbers: &[i64], delta: &DeltaSpec) -> Option<Vec<u8>> {
    let (least, most) = (*numbers.iter().min()?, *numbers.iter().max()?);
    let above = |way| {
        let mut out = vec![way];
        put_signed(&mut out, least);
        out
    };
    // The most is not below the least, so the difference is right even where it is too large for an `i64`.
    match most.wrapping_sub(least).cast_unsigned() {
        0..0x1_0000 => chunk(narrow::<u16>(numbers, least)?, delta, above(PCO_16)),
        0x1_0000..0x1_0000_0000 => chunk(narrow::<u32>(numbers, least)?, delta, above(PCO_32)),
        _ => chunk(narrow::<u64>(numbers, least)?, delta, above(PCO_64)),
    }
}

fn narrow<T: TryFrom<u64>>(numbers: &[i64], least: i64) -> Option<Vec<T>> {
    let above = |number: &i64| T::try_from(number.wrapping_sub(least).cast_unsigned()).ok();
    numbers.iter().map(above).collect()
}

/// A failure of pco means that the numbers are packed as runs.
fn chunk<T: Number>(numbers: Vec<T>, delta: &DeltaSpec, out: Vec<u8>) -> Option<Vec<u8>> {
    let config = ChunkConfig::default()
        .with_compression_level(LEVEL)
        .with_mode_spec(ModeSpec::Classic)
        .with_delta_spec(delta.clone());
    let file = FileCompressor::default();
    let out = file.write_header(out).ok()?;
    let mut chunk = file.chunk_compressor(&numbers, &config).ok()?;
    drop(numbers);
    let out = chunk.write_meta(out).ok()?;
    chunk.write_page(0, out).ok()
}

/// The numbers of a column that has `count` of them. `None` if it is damaged.
pub(crate) fn decode(column: &[u8], count: usize) -> Option<Vec<i64>> {
    let (way, rest) = column.split_first()?;
    match *way {
        RUNS => {
            let mut runs = RunsReader::new(rest);
            let mut last = 0_i64;
            let mut next = || {
                last = last.wrapping_add(runs.next()?);
                Some(last)
            };
            (0..count).map(|_| next()).collect()
        }
        STEPS => {
            let mut runs = RunsReader::new(rest);
            let (mut last, mut step) = (0_i64, 0_i64);
            let mut next = || {
                step = step.wrapping_add(runs.next()?);
                last = last.wrapping_add(step);
                Some(last)
            };
            (0..count).map(|_| next()).collect()
        }
        PCO_16 => out_of_pco::<u16>(rest, count),
        PCO_32 => out_of_pco::<u32>(rest, count),
        PCO_64 => out_of_pco::<u64>(rest, count),
        _ => None,
    }
}

fn out_of_pco<T: Number + Default + Into<u64>>(bytes: &[u8], count: usize) -> Option<Vec<i64>> {
    let mut bytes = Bytes::new(bytes);
    let (least, rest) = (bytes.signed()?, bytes.rest());
    // Nothing damaged comes this far without a checksum that fits; and if it does, pco says so or stops.
    let numbers = catch_unwind(AssertUnwindSafe(|| numbers::<T>(rest, count))).ok()??;
    let whole = numbers
        .into_iter()
        .map(|number| least.wrapping_add(number.into().cast_signed()));
    Some(whole.collect())
}

fn numbers<T: Number + Default>(bytes: &[u8], count: usize) -> Option<Vec<T>> {
    let (file, rest) = FileDecompressor::new(bytes).ok()?;
    let (mut chunk, rest) = file.chunk_decompressor::<T, _>(rest).ok()?;
    let mut page = chunk.page_decompressor(rest, count).ok()?;
    let mut numbers = vec![T::default(); count];
    let progress = page.read(&mut numbers).ok()?;
    (progress.finished && progress.n_processed == count).then_some(numbers)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{decode, encode, encode_steps};

    fn number() -> impl Strategy<Value = i64> {
        prop_oneof![
            8 => -50_i64..50, 4 => 0_i64..70_000, 1 => any::<i64>(), 1 => Just(i64::MIN), 1 => Just(i64::MAX)
        ]
    }

    fn column() -> impl Strategy<Value = Vec<i64>> {
        prop_oneof![
            prop::collection::vec(number(), 0..400),
            prop::collection::vec(-50_i64..50, 0..700),
            prop::collection::vec(0_i64..5_000_000, 0..700),
        ]
    }

    proptest! {
        #[test]
        fn any_numbers_come_back(numbers in column()) {
            for packed in [encode(&numbers), encode_steps(&numbers)] {
                prop_assert_eq!(decode(&packed, numbers.len()), Some(numbers.clone()));
            }
        }

        #[test]
        fn nonsense_never_panics(way in 0_u8..6, bytes in prop::collection::vec(any::<u8>(), 0..60), count in 0_usize..900) {
            let mut column = vec![way];
            column.extend(bytes);
            let _ = decode(&column, count);
        }

        #[test]
        fn what_is_nearly_right_never_panics(numbers in column(), at in any::<prop::sample::Index>(), bit in 0_u8..8, cut in any::<prop::sample::Index>()) {
            let mut packed = encode(&numbers);
            let at = at.index(packed.len());
            packed[at] ^= 1 << bit;
            let _ = decode(&packed, numbers.len());
            let _ = decode(&packed[..cut.index(packed.len())], numbers.len());
        }
    }

    #[test]
    fn what_is_steady_takes_a_few_bytes_and_noise_takes_what_it_must() {
        let seconds: Vec<i64> = (0..3_600).map(|second| second * 1_000).collect();
        assert!(encode_steps(&seconds).len() <= 10);
        assert!(encode(&[2_301; 3_600]).len() <= 8);
        let mut dice = fastrand::Rng::with_seed(5);
        let noise: Vec<i64> = (0..3_600).map(|_| dice.i64(2_300..2_304)).collect();
        assert!(
            (900..1_000).contains(&encode(&noise).len()),
            "{}",
            encode(&noise).len()
        );
    }
}
