//! The 15-minute interval: the unit in which everything that touches money or sharing is counted.

use std::fmt;
use std::ops::BitOr;

use units::{Instant, WattHours};

/// How well the energy of an interval is known. Ordered from best to worst; a sum is as good as its worst part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Quality {
    /// From a meter's own counter, read often enough within the interval.
    Measured,
    /// The meter counted on while nobody read it: the sum over the outage is right, its shape is not known.
    Recovered,
    /// Computed from power, because there is no counter.
    Estimated,
    /// Nothing is known.
    Missing,
}

impl Quality {
    /// The number that stands for this quality in files.
    pub fn code(self) -> u8 {
        match self {
            Self::Measured => 1,
            Self::Recovered => 2,
            Self::Estimated => 3,
            Self::Missing => 4,
        }
    }

    /// The quality with this number; a number of a newer Hearth counts as estimated.
    pub fn from_code(code: u8) -> Self {
        match code {
            1 => Self::Measured,
            2 => Self::Recovered,
            4 => Self::Missing,
            _ => Self::Estimated,
        }
    }

    /// The word used in the API and in CSV files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Measured => "measured",
            Self::Recovered => "recovered",
            Self::Estimated => "estimated",
            Self::Missing => "missing",
        }
    }
}

/// Why an interval is not simply measured: any of these, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Causes(u32);

/// Every cause, with its word in the API, in files and in the ledger's chain.
const CAUSES: [(Causes, &str); 8] = [
    (Causes::BEGAN, "began"),
    (Causes::OUTAGE, "outage"),
    (Causes::EXCHANGED, "meter-exchanged"),
    (Causes::RESET, "counter-reset"),
    (Causes::ROLLED_OVER, "rolled-over"),
    (Causes::CLOCK_STEPPED, "clock-stepped"),
    (Causes::FROM_POWER, "from-power"),
    (Causes::BY_PERSON, "corrected-by-person"),
];

impl Causes {
    /// Nothing out of the ordinary.
    pub const NONE: Self = Self(0);
    /// Counting began within it.
    pub const BEGAN: Self = Self(1);
    /// Nobody read the meter for a while; the meter counted on.
    pub const OUTAGE: Self = Self(2);
    /// Another meter took the place of the old one.
    pub const EXCHANGED: Self = Self(4);
    /// The meter's count began again.
    pub const RESET: Self = Self(8);
    /// The meter's count came to its end and went on from zero.
    pub const ROLLED_OVER: Self = Self(16);
    /// The box's clock was set, forward or back.
    pub const CLOCK_STEPPED: Self = Self(32);
    /// There is no counter: energy is computed from power.
    pub const FROM_POWER: Self = Self(64);
    /// Somebody corrected it.
    pub const BY_PERSON: Self = Self(128);

    /// The number that stands for these causes in files.
    pub fn code(self) -> u32 {
        self.0
    }

    /// The causes with this number; those that only a newer Hearth knows are kept.
    pub fn from_code(code: u32) -> Self {
        Self(code)
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self == Self::NONE
    }

    /// The words of these causes.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        let known = CAUSES.iter().filter(move |(cause, _)| self.0 & cause.0 != 0);
        let newer = self.0 >> CAUSES.len() != 0;
        known
            .map(|(_, name)| *name)
            .chain(newer.then_some("of-a-newer-hearth"))
    }
}

impl BitOr for Causes {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl fmt::Display for Causes {
    /// Its words with `+` between them, or `-`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("-");
        }
        for (index, name) in self.names().enumerate() {
            if index > 0 {
                f.write_str("+")?;
            }
            f.write_str(name)?;
        }
        Ok(())
    }
}

/// How well the time was known when something was counted. Ordered from best to worst; an interval is as good as the
/// worst of its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum TimeSource {
    /// A time server had set the clock.
    Network,
    /// The clock that runs on a battery while the box is off.
    HardwareClock,
    /// Somebody's phone, who was signed in, agreed with the clock.
    Phone,
    /// A Hearth that did not note it, or nothing that can be told.
    #[default]
    NotNoted,
    /// The last time that was known, and the time that has passed since the start.
    Estimated,
}

/// Every source with its number in files and its word.
const TIMES: [(TimeSource, u8, &str); 5] = [
    (TimeSource::NotNoted, 0, "not-noted"),
    (TimeSource::Network, 1, "network"),
    (TimeSource::HardwareClock, 2, "hardware-clock"),
    (TimeSource::Phone, 3, "phone"),
    (TimeSource::Estimated, 4, "estimated"),
];

impl TimeSource {
    /// The number that stands for it in files.
    pub fn code(self) -> u8 {
        TIMES
            .iter()
            .find(|row| row.0 == self)
            .map_or(0, |(_, code, _)| *code)
    }

    /// The source with this number; one of a newer Hearth counts as estimated.
    pub fn from_code(code: u8) -> Self {
        let known = TIMES.iter().find(|row| row.1 == code);
        known.map_or(Self::Estimated, |row| row.0)
    }

    /// The word used in the API and in files.
    pub fn name(self) -> &'static str {
        TIMES
            .iter()
            .find(|row| row.0 == self)
            .map_or("not-noted", |(_, _, name)| *name)
    }
}

/// The energy of one flow of one device in one quarter of an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval {
    /// When the quarter begins (UTC, a whole multiple of 15 minutes).
    pub start: Instant,
    /// The energy that is known of it so far.
    pub energy: WattHours,
    /// How well it is known.
    pub quality: Quality,
    /// Why it is not simply measured.
    pub causes: Causes,
    /// How well the time was known.
    pub time: TimeSource,
}

impl Interval {
    /// An interval with nothing to say of causes and of the time.
    pub fn new(start: Instant, energy: WattHours, quality: Quality) -> Self {
        Self {
            start,
            energy,
            quality,
            causes: Causes::NONE,
            time: TimeSource::NotNoted,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{CAUSES, Causes, TIMES, TimeSource};

    #[test]
    fn causes_keep_their_numbers_and_say_their_words() {
        let all = CAUSES.iter().fold(Causes::NONE, |all, (cause, _)| all | *cause);
        assert_eq!(all.code(), 255, "numbers in files never change");
        assert_eq!(Causes::NONE.to_string(), "-");
        assert_eq!(
            (Causes::RESET | Causes::OUTAGE).to_string(),
            "outage+counter-reset"
        );
        let newer = Causes::from_code((1 << 20) | 2);
        assert_eq!(newer.to_string(), "outage+of-a-newer-hearth");
        assert_eq!(newer.code(), (1 << 20) | 2);
    }

    #[test]
    fn the_worst_knowledge_of_time_counts() {
        assert!(TimeSource::Network < TimeSource::HardwareClock);
        assert!(TimeSource::NotNoted < TimeSource::Estimated);
        for (time, code, name) in TIMES {
            assert_eq!(
                (TimeSource::from_code(code), time.code(), time.name()),
                (time, code, name)
            );
        }
        assert_eq!(TimeSource::from_code(99), TimeSource::Estimated);
    }
}
