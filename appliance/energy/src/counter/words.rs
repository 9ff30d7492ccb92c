//! What happened with a reading, as a plain sentence for the command and the log. Pages take theirs from the
//! words file.

use std::fmt;

use units::WattHours;

use super::{What, Why};

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Started => f.write_str("the first reading; counting starts here"),
            Self::Unchanged => f.write_str("the counter stands still"),
            Self::Waiting { rise } => write!(f, "a rise of {rise} waits for the next reading to agree"),
            Self::Accepted { rise } => write!(f, "a rise of {rise} is confirmed"),
            Self::Held { shown, held } => write!(
                f,
                "the counter shows {}, less than the {} before; the earlier value is held",
                WattHours(*shown),
                WattHours(*held)
            ),
            Self::Dropped(why) => why.fmt(f),
            Self::Reset { held, first } => write!(
                f,
                "the counter began again at {}; the count up to {} is kept",
                WattHours(*first),
                WattHours(*held)
            ),
            Self::Exchanged { held, first } => write!(
                f,
                "the counter goes on from {} instead of {}, as after a change of the meter; the jump is not counted",
                WattHours(*first),
                WattHours(*held)
            ),
            Self::RolledOver { modulus } => write!(
                f,
                "the counter came to its end at {} and went on from zero",
                WattHours(*modulus)
            ),
            Self::ClockWentBack { by } => write!(
                f,
                "the box's clock went back by {} s; this reading only marks the new time",
                by.as_millis() / 1_000
            ),
            Self::ClockWasSet { .. } => f.write_str("the box has found the time; this reading only marks it"),
        }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BeyondNameplate { rise, limit } => write!(
                f,
                "a rise of {rise} is more than the {limit} that the rated power allows; if this goes on, check the rated power"
            ),
            Self::Contradicted { value } => write!(
                f,
                "{} was shown, and the next reading shows that it was wrong",
                WattHours(*value)
            ),
            Self::BelowZero => {
                f.write_str("an energy counter below zero is not used; check its type in the profile")
            }
            Self::SameMoment => f.write_str("there is a reading of this very moment already"),
        }
    }
}
