//! From the words of a register to a number in the channel's unit, in integers only.
//!
//! A float32 is taken apart by its bits and rounded once, half away from zero, to the channel's scale. A value
//! that the device marks as "not implemented" is never a number here.

mod float;

use units::{NoValue, Number, Outcome};

use crate::profile::Point;

/// What the words of a register hold. The names in profiles are SunSpec's where there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// 16 bits, from 0.
    U16,
    /// 16 bits with a sign.
    I16,
    /// 32 bits, from 0.
    U32,
    /// 32 bits with a sign.
    I32,
    /// 64 bits, from 0.
    U64,
    /// 64 bits with a sign.
    I64,
    /// A 16-bit counter; 0 says that there is none.
    Acc16,
    /// A 32-bit counter; 0 says that there is none.
    Acc32,
    /// A 64-bit counter; 0 says that there is none.
    Acc64,
    /// An IEEE 754 number of 32 bits.
    Float32,
    /// SunSpec's scale factor: a power of ten, -10 to 10.
    ScaleFactor,
    /// One of a list of states.
    Enum16,
    /// One of a list of states, in 32 bits.
    Enum32,
    /// Sixteen flags.
    Bitfield16,
    /// Thirty-two flags.
    Bitfield32,
    /// Letters, two to a word, so many words.
    Text(u16),
    /// Words without a value of their own (padding, network addresses), so many.
    Opaque(u16),
}

/// Which word of a value comes first on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum WordOrder {
    /// The most significant word, as the protocol has it.
    #[default]
    HighFirst,
    /// The least significant word.
    LowFirst,
}

/// How a raw number becomes one in the channel's unit: times `multiply`, divided by `divide`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Scale {
    /// At least 1.
    pub multiply: u32,
    /// At least 1.
    pub divide: u32,
}

/// Which raw value says "I do not have this".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Sentinel {
    /// The one that SunSpec gives for the kind, which most makers use.
    #[default]
    Usual,
    /// None: every value counts.
    Never,
    /// This one, compared with the raw bits after the words were put in order.
    Bits(u64),
}

/// Whether the device counts the same way as Hearth (see [`units::Role`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Sign {
    /// As it comes.
    #[default]
    AsIs,
    /// Turned round.
    Inverted,
}

/// Everything that turns the words of a register into a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Coding {
    /// What the words hold.
    pub kind: Kind,
    /// Which word comes first.
    pub order: WordOrder,
    /// From the raw number to the unit.
    pub scale: Scale,
    /// The mark for "I do not have this".
    pub sentinel: Sentinel,
    /// Whether the device counts the same way as Hearth.
    pub sign: Sign,
}

const KINDS: [(&str, Kind); 15] = [
    ("uint16", Kind::U16),
    ("int16", Kind::I16),
    ("uint32", Kind::U32),
    ("int32", Kind::I32),
    ("uint64", Kind::U64),
    ("int64", Kind::I64),
    ("acc16", Kind::Acc16),
    ("acc32", Kind::Acc32),
    ("acc64", Kind::Acc64),
    ("float32", Kind::Float32),
    ("sunssf", Kind::ScaleFactor),
    ("enum16", Kind::Enum16),
    ("enum32", Kind::Enum32),
    ("bitfield16", Kind::Bitfield16),
    ("bitfield32", Kind::Bitfield32),
];

impl Kind {
    /// How many registers it takes.
    pub const fn words(self) -> u16 {
        match self {
            Self::U16 | Self::I16 | Self::Acc16 | Self::ScaleFactor | Self::Enum16 | Self::Bitfield16 => 1,
            Self::U32 | Self::I32 | Self::Acc32 | Self::Float32 | Self::Enum32 | Self::Bitfield32 => 2,
            Self::U64 | Self::I64 | Self::Acc64 => 4,
            Self::Text(words) | Self::Opaque(words) => words,
        }
    }

    /// The kind of a number with this name in profiles.
    pub fn from_name(name: &str) -> Option<Self> {
        KINDS.iter().find(|row| row.0 == name).map(|row| row.1)
    }

    /// The names of all kinds of numbers, for messages that list the choices.
    pub fn names() -> impl Iterator<Item = &'static str> {
        KINDS.iter().map(|row| row.0)
    }

    /// Whether its number is a code or flags rather than an amount.
    pub const fn is_code(self) -> bool {
        matches!(
            self,
            Self::Enum16 | Self::Enum32 | Self::Bitfield16 | Self::Bitfield32
        )
    }

    /// Whether it is one of SunSpec's accumulators, and in how many bits.
    pub const fn accumulator_bits(self) -> Option<u32> {
        match self {
            Self::Acc16 => Some(16),
            Self::Acc32 => Some(32),
            Self::Acc64 => Some(64),
            _ => None,
        }
    }
}

impl Scale {
    /// The raw number is the value.
    pub const ONE: Self = Self {
        multiply: 1,
        divide: 1,
    };
}

impl Coding {
    /// High word first, unscaled, with the usual sentinel and sign.
    pub const fn plain(kind: Kind) -> Self {
        Self {
            kind,
            order: WordOrder::HighFirst,
            scale: Scale::ONE,
            sentinel: Sentinel::Usual,
            sign: Sign::AsIs,
        }
    }
}

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
