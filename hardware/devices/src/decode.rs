//! From the words of a register to a number in the channel's unit, in integers only.
//!
//! A float32 is taken apart by its bits and rounded once, half away from zero, to the channel's scale. A value
//! that the device marks as "not implemented" is never a number here.

mod float;
#[cfg(test)]
mod tests;

use units::{NoValue, Number, Outcome};

use crate::coding::{Coding, Kind, Scale, Sentinel, Sign, WordOrder};
use crate::profile::Point;

/// A scale as one fraction of large integers, powers of ten included.
#[derive(Debug, Clone, Copy)]
struct Ratio {
    up: i128,
    down: i128,
}

/// Reads a point whose scale is fixed.
pub fn decode(point: &Point, words: &[u16]) -> Outcome {
    decode_words(&point.coding, words, 0)
}

/// Reads a point with the word of its SunSpec scale factor, which came in the same answer.
pub fn decode_scaled(point: &Point, words: &[u16], factor: u16) -> Outcome {
    decode_words(&point.coding, words, scale_factor(factor)?)
}

/// SunSpec's scale factor from its word: a power of ten, -10 to 10.
pub fn scale_factor(word: u16) -> Result<i8, NoValue> {
    if word == 0x8000 {
        return Err(NoValue::NotImplemented);
    }
    match i8::try_from(word.cast_signed()) {
        Ok(exponent) if (-10..=10).contains(&exponent) => Ok(exponent),
        _ => Err(NoValue::NotANumber),
    }
}

/// Reads words by their coding, times ten to the power of `exponent` (-10 to 10).
pub fn decode_words(coding: &Coding, words: &[u16], exponent: i8) -> Outcome {
    if words.len() != usize::from(coding.kind.words()) {
        return Err(NoValue::Incomplete);
    }
    if matches!(coding.kind, Kind::Text(_) | Kind::Opaque(_)) {
        return Err(NoValue::NotANumber);
    }
    let bits = in_order(words, coding.order);
    if is_missing(coding, bits) {
        return Err(NoValue::NotImplemented);
    }
    let ratio = Ratio::new(coding.scale, exponent);
    let (value, step) = if coding.kind == Kind::Float32 {
        float::scaled(bits, ratio)?
    } else {
        let raw = raw_integer(coding.kind, bits);
        let value = raw.checked_mul(ratio.up).ok_or(NoValue::TooLarge)?;
        (round(value, ratio.down), round_up(ratio.up, ratio.down))
    };
    let value = match coding.sign {
        Sign::AsIs => value,
        Sign::Inverted => -value,
    };
    Ok(Number {
        value: i64::try_from(value).map_err(|_| NoValue::TooLarge)?,
        step: i64::try_from(step).map_err(|_| NoValue::TooLarge)?.max(1),
    })
}

/// Letters from words, up to the first NUL, without blanks around them. `None` if there are none.
pub fn text(words: &[u16]) -> Option<String> {
    let bytes: Vec<u8> = words
        .iter()
        .flat_map(|word| word.to_be_bytes())
        .take_while(|byte| *byte != 0)
        .collect();
    let letters: String = String::from_utf8_lossy(&bytes)
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let trimmed = letters.trim();
    (!trimmed.is_empty() && words.iter().any(|word| *word != 0xFFFF)).then(|| trimmed.to_owned())
}

impl Ratio {
    fn new(scale: Scale, exponent: i8) -> Self {
        let power = 10_i128.pow(u32::from(exponent.unsigned_abs()));
        let (up, down) = (i128::from(scale.multiply.max(1)), i128::from(scale.divide.max(1)));
        if exponent < 0 {
            Self {
                up,
                down: down * power,
            }
        } else {
            Self { up: up * power, down }
        }
    }
}

/// The words as one number of up to 64 bits, most significant first.
fn in_order(words: &[u16], order: WordOrder) -> u64 {
    let join = |bits: u64, word: &u16| (bits << 16) | u64::from(*word);
    match order {
        WordOrder::HighFirst => words.iter().fold(0, join),
        WordOrder::LowFirst => words.iter().rev().fold(0, join),
    }
}

/// Whether the bits are the mark for "I do not have this".
fn is_missing(coding: &Coding, bits: u64) -> bool {
    match coding.sentinel {
        Sentinel::Never => false,
        Sentinel::Bits(mark) => bits == mark,
        Sentinel::Usual => match coding.kind {
            Kind::Float32 => float::is_missing(bits, coding.order),
            Kind::I16 | Kind::ScaleFactor => bits == 0x8000,
            Kind::U16 | Kind::Enum16 | Kind::Bitfield16 => bits == 0xFFFF,
            Kind::I32 => bits == 0x8000_0000,
            Kind::U32 | Kind::Enum32 | Kind::Bitfield32 => bits == 0xFFFF_FFFF,
            Kind::I64 => bits == 0x8000_0000_0000_0000,
            Kind::U64 => bits == u64::MAX,
            Kind::Acc16 | Kind::Acc32 | Kind::Acc64 => bits == 0,
            Kind::Text(_) | Kind::Opaque(_) => false,
        },
    }
}

/// The bits as a whole number, with its sign where the kind has one.
fn raw_integer(kind: Kind, bits: u64) -> i128 {
    match kind {
        Kind::I16 | Kind::ScaleFactor => sign_extended(bits, 16),
        Kind::I32 => sign_extended(bits, 32),
        Kind::I64 => i128::from(bits.cast_signed()),
        _ => i128::from(bits),
    }
}

fn sign_extended(bits: u64, width: u32) -> i128 {
    let whole = 1_i128 << width;
    let value = i128::from(bits);
    if value >= whole / 2 { value - whole } else { value }
}

/// `number / by` to the nearest whole number, halves away from zero. `by` is positive.
fn round(number: i128, by: i128) -> i128 {
    let (whole, rest) = (number / by, number % by);
    if rest.abs() >= by - rest.abs() {
        whole + number.signum()
    } else {
        whole
    }
}

/// `number / by` upwards; both are positive.
fn round_up(number: i128, by: i128) -> i128 {
    number / by + i128::from(number % by != 0)
}
