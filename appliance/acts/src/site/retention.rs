//! For how long what was read is kept: the rule of `[store.keep]`. It can say how long readings and their minutes last. What
//! money and sharing are reckoned from, and the sums of a quarter of an hour and longer, last for ever, whatever a rule says.

use toml::Spanned;
use units::{Instant, Span};

use super::faults::Faults;
use super::raw::RawKeep;

/// Readings are needed until the sums of their day are made, and for a while after that what comes late is reckoned with them.
const LEAST: Span = Span::DAY.times(7);
/// A year, in which no leap day is given up too early.
const YEAR: Span = Span::DAY.times(366);
/// What is longer than this is for ever.
const MOST: Span = YEAR.times(100);
/// How a rule says so.
const EVER: &str = "for ever";
/// What a rule can speak of.
const READINGS: &str = "readings";
const MINUTES: &str = "minutes";
/// What somebody may try to limit, and no rule can.
const KEPT_FOR_EVER: [&str; 8] = [
    "quarters",
    "hours",
    "days",
    "months",
    "intervals",
    "corrections",
    "energy",
    "ledger",
];

/// For how long what was read is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    readings: Option<Span>,
    minutes: Option<Span>,
}

impl Default for Retention {
    /// Readings for 90 days, minutes for five years.
    fn default() -> Self {
        Self {
            readings: Some(Span::DAY.times(90)),
            minutes: Some(YEAR.times(5)),
        }
    }
}

impl Retention {
    /// How long readings are kept one by one; for ever where there is no end to it.
    pub fn readings(&self) -> Option<Span> {
        self.readings
    }

    /// How long the sums of minutes are kept; for ever where there is no end to it.
    pub fn minutes(&self) -> Option<Span> {
        self.minutes
    }

    /// Readings from before this instant are no longer kept at `now`.
    pub fn readings_before(&self, now: Instant) -> Option<Instant> {
        self.readings.map(|span| now - span)
    }

    /// Minutes from before this instant are no longer kept at `now`.
    pub fn minutes_before(&self, now: Instant) -> Option<Instant> {
        self.minutes.map(|span| now - span)
    }
}

/// The rule that these lines make. What is wrong with a line is noted, and the line left out.
pub(super) fn rule(faults: &mut Faults<'_>, lines: &[RawKeep]) -> Retention {
    let mut readings = None;
    let mut minutes = None;
    for line in lines {
        let word = line.what.get_ref().as_str();
        match word {
            READINGS => readings = how_long(faults, &line.how_long),
            MINUTES => minutes = how_long(faults, &line.how_long).map(|span| (span, &line.how_long)),
            word if KEPT_FOR_EVER.contains(&word) => for_ever(faults, line),
            word => {
                let what = format!("{word:?} is nothing that a rule can give up");
                let remedy = format!("Take it out, or write one of: {READINGS}, {MINUTES}");
                let _: Option<()> = faults.add(&line.what, what, remedy);
            }
        }
    }
    let usual = Retention::default();
    let readings = readings.unwrap_or(usual.readings);
    let minutes = match minutes {
        None => longer(usual.minutes, readings),
        Some((minutes, at)) => {
            if longer(minutes, readings) != minutes {
                let what = "minutes would be gone before the readings that they are made of";
                let remedy = format!("Write {:?} or longer", words(readings));
                let _: Option<()> = faults.add(at, what, remedy);
            }
            minutes
        }
    };
    Retention { readings, minutes }
}

/// What a rule tries to limit that has no end.
fn for_ever(faults: &mut Faults<'_>, line: &RawKeep) {
    if line.how_long.get_ref().trim() == EVER {
        return;
    }
    let what = format!(
        "{} cannot be given up: what everybody shares and pays is reckoned from the ledger and the sums of quarters of \
         an hour and longer, and they are kept for ever",
        line.what.get_ref()
    );
    let remedy =
        format!("Take the line out; a rule can say how long {READINGS} and {MINUTES} are kept, nothing else");
    let _: Option<()> = faults.add(&line.what, what, remedy);
}

/// A length such as `"90 days"`, `"8 weeks"`, `"5 years"`; nothing inside where it is for ever.
fn how_long(faults: &mut Faults<'_>, raw: &Spanned<String>) -> Option<Option<Span>> {
    let text = raw.get_ref().trim();
    if text == EVER {
        return Some(None);
    }
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let unit = match text[digits..].trim() {
        "day" | "days" => Some(Span::DAY),
        "week" | "weeks" => Some(Span::DAY.times(7)),
        "year" | "years" => Some(YEAR),
        _ => None,
    };
    match unit
        .zip(text[..digits].parse().ok())
        .map(|(unit, n)| unit.times(n))
    {
        None => faults.add(
            raw,
            format!("{text:?} is no length of time"),
            format!("Write one such as \"90 days\", \"8 weeks\" or \"5 years\", or \"{EVER}\""),
        ),
        Some(span) if span < LEAST => faults.add(
            raw,
            format!("{text:?} is too short: what comes late is reckoned with what is kept"),
            format!("Write {:?} or longer", words(Some(LEAST))),
        ),
        Some(span) if span > MOST => faults.add(
            raw,
            format!("{text:?} is longer than {}", words(Some(MOST))),
            format!("Write \"{EVER}\""),
        ),
        Some(span) => Some(Some(span)),
    }
}

/// A length in days as whole years, where it is some.
pub fn whole_years(days: i64) -> Option<i64> {
    let year = YEAR.as_secs() / Span::DAY.as_secs();
    (days % year == 0).then_some(days / year)
}

/// The longer of two; nothing is longer than for ever.
fn longer(one: Option<Span>, other: Option<Span>) -> Option<Span> {
    Some(one?.max(other?))
}

/// A length as the file says it.
fn words(span: Option<Span>) -> String {
    let Some(span) = span else { return EVER.to_owned() };
    let days = span.as_secs() / Span::DAY.as_secs();
    match whole_years(days) {
        Some(1) => "1 year".to_owned(),
        Some(years) => format!("{years} years"),
        None => format!("{days} days"),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use units::{Instant, Span};

    use super::Retention;
    use crate::Site;

    const PLACE: &str = "[place]\nname = \"The Hall\"\ntime_zone = \"Europe/London\"\ncurrency = \"GBP\"\n\
                         latitude = 51.464\nlongitude = -2.563\n";

    fn days(days: i64) -> Option<Span> {
        Some(Span::DAY.times(days))
    }

    /// The rule of a file with these lines.
    fn rule(lines: &str) -> Retention {
        let site = Site::parse(&format!("{PLACE}{lines}"));
        site.unwrap_or_else(|faults| panic!("{lines}: {faults:?}")).keep
    }

    /// What is said of a file with these lines.
    fn refused(lines: &str, said: &Expect) {
        let faults = Site::parse(&format!("{PLACE}[store.keep]\n{lines}\n")).expect_err("a bad rule");
        let text: Vec<String> = faults.iter().map(ToString::to_string).collect();
        said.assert_eq(&text.join("\n"));
    }

    #[test]
    fn a_rule_says_how_long_readings_and_minutes_are_kept() {
        let now = Instant::from_millis(1_764_000_000_000);
        for usual in ["", "[store]\ncommit_every = \"5 s\"\n", "[store.keep]\n"] {
            let usual = rule(usual);
            assert_eq!(usual.readings_before(now), Some(now - Span::DAY.times(90)));
            assert_eq!(usual.minutes_before(now), Some(now - Span::DAY.times(5 * 366)));
        }
        let one_line = rule("[store]\nkeep = { readings = \"2 weeks\", minutes = \"30 days\" }\n");
        assert_eq!((one_line.readings, one_line.minutes), (days(14), days(30)));
        let long =
            rule("[store.keep]\nreadings = \"400 days\"\nminutes = \"for ever\"\nledger = \"for ever\"\n");
        assert_eq!((long.readings, long.minutes), (days(400), None));
        assert_eq!(long.minutes_before(now), None);
    }

    #[test]
    fn minutes_of_which_nothing_is_said_are_kept_as_long_as_readings() {
        let long = rule("[store.keep]\nreadings = \"10 years\"\n");
        assert_eq!((long.readings, long.minutes), (days(3_660), days(3_660)));
        let ever = rule("[store.keep]\nreadings = \"for ever\"\n");
        assert_eq!((ever.readings, ever.minutes), (None, None));
    }

    #[test]
    fn what_energy_and_money_are_reckoned_from_cannot_be_given_up() {
        refused(
            "ledger = \"10 years\"",
            &expect![[
                r#"line 8, column 1: ledger cannot be given up: what everybody shares and pays is reckoned from the ledger and the sums of quarters of an hour and longer, and they are kept for ever. Take the line out; a rule can say how long readings and minutes are kept, nothing else"#
            ]],
        );
        for what in super::KEPT_FOR_EVER {
            let lines = format!("{PLACE}[store.keep]\n{what} = \"100 years\"\n");
            let faults = Site::parse(&lines).expect_err("a bad rule");
            let starts = format!("{what} cannot be given up");
            assert!(
                faults.len() == 1 && faults[0].what.starts_with(&starts),
                "{faults:?}"
            );
        }
        refused(
            "votes = \"90 days\"\nreadings = 90",
            &expect![[r#"
                line 8, column 1: "votes" is nothing that a rule can give up. Take it out, or write one of: readings, minutes
                line 9, column 12: readings is a whole number. Write it in "quotes""#]],
        );
    }

    #[test]
    fn a_rule_that_gives_up_too_early_or_says_no_length_is_refused() {
        refused(
            "readings = \"6 days\"\nminutes = \"5\"",
            &expect![[r#"
                line 8, column 12: "6 days" is too short: what comes late is reckoned with what is kept. Write "7 days" or longer
                line 9, column 11: "5" is no length of time. Write one such as "90 days", "8 weeks" or "5 years", or "for ever""#]],
        );
        refused(
            "readings = \"500 years\"\nminutes = \"99999999999999999999 days\"",
            &expect![[r#"
                line 8, column 12: "500 years" is longer than 100 years. Write "for ever"
                line 9, column 11: "99999999999999999999 days" is no length of time. Write one such as "90 days", "8 weeks" or "5 years", or "for ever""#]],
        );
        refused(
            "minutes = \"89 days\"",
            &expect![[
                r#"line 8, column 11: minutes would be gone before the readings that they are made of. Write "90 days" or longer"#
            ]],
        );
        refused(
            "readings = \"for ever\"\nminutes = \"5 years\"",
            &expect![[
                r#"line 9, column 11: minutes would be gone before the readings that they are made of. Write "for ever" or longer"#
            ]],
        );
    }
}
