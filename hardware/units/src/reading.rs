//! One value of one channel at one moment, or the reason why there is none.

use std::fmt;

use crate::{Channel, Instant};

/// One value of one channel at one moment, or the reason why there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Which channel; its unit is known from the profile and kept with the channel in the store.
    pub channel: Channel,
    /// When the answer arrived.
    pub at: Instant,
    /// The value, or why there is none.
    pub outcome: Outcome,
}

/// A value, or the reason why there is none.
pub type Outcome = Result<Number, NoValue>;

/// A value in its channel's unit, and how fine the source can tell values apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number {
    /// The value in the channel's unit.
    pub value: i64,
    /// The smallest step that the source could have shown at this size; at least 1. A float32 counter at
    /// 100,000 kWh moves in steps of 8 Wh.
    pub step: i64,
}

impl Number {
    /// A value whose source counts one by one.
    pub const fn exact(value: i64) -> Self {
        Self { value, step: 1 }
    }
}

/// Why a channel has no value at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoValue {
    /// The device fills this register with its mark for "I do not have this".
    NotImplemented,
    /// The register holds a float that is not a number, or infinite.
    NotANumber,
    /// The number does not fit the channel's scale.
    TooLarge,
    /// No answer came in time.
    NoAnswer,
    /// The device refused, with this Modbus exception code.
    Refused(u8),
    /// An answer came, and was damaged or was not the answer to this question.
    Garbled,
    /// The line itself is down: no port, no connection.
    LineDown,
    /// The device sleeps, as inverters do at night; this is no fault.
    Asleep,
    /// The value cannot be true (beyond twice the nameplate, say) and is not shown.
    Implausible,
    /// Another device answers than the one that was set up.
    WrongDevice,
    /// Not asked: a part of the answer that this value needs is missing.
    Incomplete,
    /// Something that only a newer Hearth can name: its reason and detail, kept as they are.
    Unknown(u8, u8),
}

impl NoValue {
    /// The two numbers that stand for this reason in files: the reason and its detail.
    pub fn code(self) -> (u8, u8) {
        match self {
            Self::NotImplemented => (1, 0),
            Self::NotANumber => (2, 0),
            Self::TooLarge => (3, 0),
            Self::NoAnswer => (4, 0),
            Self::Refused(code) => (5, code),
            Self::Garbled => (6, 0),
            Self::LineDown => (7, 0),
            Self::Asleep => (8, 0),
            Self::Implausible => (9, 0),
            Self::WrongDevice => (10, 0),
            Self::Incomplete => (11, 0),
            Self::Unknown(code, detail) => (code, detail),
        }
    }

    /// The reason with these numbers.
    pub fn from_code(code: u8, detail: u8) -> Self {
        match code {
            1 => Self::NotImplemented,
            2 => Self::NotANumber,
            3 => Self::TooLarge,
            4 => Self::NoAnswer,
            5 => Self::Refused(detail),
            6 => Self::Garbled,
            7 => Self::LineDown,
            8 => Self::Asleep,
            9 => Self::Implausible,
            10 => Self::WrongDevice,
            11 => Self::Incomplete,
            other => Self::Unknown(other, detail),
        }
    }

    /// The word used in the API and in CSV files, as in `no-answer`.
    pub fn name(self) -> &'static str {
        match self {
            Self::NotImplemented => "not-implemented",
            Self::NotANumber => "not-a-number",
            Self::TooLarge => "too-large",
            Self::NoAnswer => "no-answer",
            Self::Refused(_) => "refused",
            Self::Garbled => "garbled",
            Self::LineDown => "line-down",
            Self::Asleep => "asleep",
            Self::Implausible => "implausible",
            Self::WrongDevice => "wrong-device",
            Self::Incomplete => "incomplete",
            Self::Unknown(..) => "unknown",
        }
    }
}

impl fmt::Display for NoValue {
    /// A plain sentence for the command and the log; pages take theirs from the words file.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotImplemented => f.write_str("the device does not have this value"),
            Self::NotANumber => f.write_str("the device sent something that is not a number"),
            Self::TooLarge => f.write_str("the number is too large to be true"),
            Self::NoAnswer => f.write_str("no answer in time"),
            Self::Refused(code) => write!(f, "the device refused (Modbus exception {code})"),
            Self::Garbled => f.write_str("the answer was damaged or was not the answer to this question"),
            Self::LineDown => f.write_str("the line is down"),
            Self::Asleep => f.write_str("the device is asleep"),
            Self::Implausible => f.write_str("the value cannot be true and is not used"),
            Self::WrongDevice => f.write_str("another device answers than the one that was set up"),
            Self::Incomplete => f.write_str("a part of the answer is missing"),
            Self::Unknown(code, _) => write!(f, "a reason that a newer Hearth wrote (number {code})"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::NoValue;

    #[test]
    fn codes_find_their_reason_again() {
        for code in 1..=11 {
            let reason = NoValue::from_code(code, 2);
            let (again, detail) = reason.code();
            assert_eq!(NoValue::from_code(again, detail), reason);
        }
        assert_eq!(
            NoValue::from_code(99, 7).code(),
            (99, 7),
            "kept for the Hearth that wrote it"
        );
    }
}
