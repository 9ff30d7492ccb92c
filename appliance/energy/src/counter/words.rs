//! What happened with a reading, as a plain sentence for the command and the log. Pages take theirs from the
//! words file.

use std::fmt;

use units::{Span, WattHours};

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
                "the box's clock went back by {}; this reading only marks the new time",
                length(*by)
            ),
            Self::ClockWasSet { .. } => f.write_str("the box has found the time; this reading only marks it"),
        }
    }
}

/// A length of time as one says it: in seconds, and a longer one in hours or days.
fn length(span: Span) -> String {
    let parts = |unit: Span| span.as_millis() / unit.as_millis();
    match (parts(Span::DAY), parts(Span::HOUR)) {
        (0 | 1, 0 | 1) => format!("{} s", parts(Span::SECOND)),
        (0 | 1, hours) => format!("{hours} h"),
        (days, _) => format!("{days} days"),
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

#[cfg(test)]
mod tests {
    use units::Span;

    use super::What;

    #[test]
    fn a_clock_that_went_far_back_is_told_in_days() {
        let told = [Span::MINUTE, Span::HOUR.times(5), Span::from_secs(8_639_961)]
            .map(|by| What::ClockWentBack { by }.to_string());
        let said = told
            .each_ref()
            .map(|text| text.split(';').next().unwrap_or_default());
        assert_eq!(
            said,
            [
                "the box's clock went back by 60 s",
                "the box's clock went back by 5 h",
                "the box's clock went back by 99 days"
            ]
        );
    }
}
