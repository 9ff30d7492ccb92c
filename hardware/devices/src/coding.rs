//! How the words of a register are to be read: kind, word order, scale, mark for "not implemented", sign.

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

    /// Its name in profiles; `text` and `opaque` for those that are no numbers.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Opaque(_) => "opaque",
            number => KINDS
                .iter()
                .find(|row| row.1 == number)
                .map_or("opaque", |row| row.0),
        }
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

    /// Where an accumulator starts again from 0, in the unit, with its scale factor. `None` for other kinds, and
    /// where that is no whole number or too large.
    pub fn modulus(&self, exponent: i8) -> Option<i64> {
        let bits = self.kind.accumulator_bits()?;
        let power = 10_i128.checked_pow(u32::from(exponent.unsigned_abs()))?;
        let up = (1_i128 << bits).checked_mul(i128::from(self.scale.multiply))?;
        let down = i128::from(self.scale.divide.max(1));
        let (up, down) = if exponent < 0 {
            (up, down.checked_mul(power)?)
        } else {
            (up.checked_mul(power)?, down)
        };
        if up % down == 0 {
            i64::try_from(up / down).ok()
        } else {
            None
        }
    }
}
