//! Rows and moments of a table as RFC 4180 and spreadsheets want them.

use std::fmt::Write;

use energy::calendar::Zone;
use members::sheet::write::guarded;
use units::Instant;

/// One row of a table.
#[derive(Debug, Default)]
pub(super) struct Row(String);

impl Row {
    /// A row of words.
    pub(super) fn of<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        words.into_iter().fold(Self::default(), Self::text)
    }

    /// Adds words. Words that a spreadsheet would run as a formula get an apostrophe in front, which it takes for
    /// "this is text".
    pub(super) fn text(self, words: &str) -> Self {
        let words = if guarded(words) {
            format!("'{words}")
        } else {
            words.to_owned()
        };
        // Where the comma is the decimal sign, spreadsheets part cells at semicolons.
        if words.contains([',', ';', '"', '\r', '\n', '\t']) {
            return self.plain(&format!("\"{}\"", words.replace('"', "\"\"")));
        }
        self.plain(&words)
    }

    /// Adds a number, or an empty field where there is none.
    pub(super) fn number(self, number: Option<i64>) -> Self {
        self.plain(&number.map(|number| number.to_string()).unwrap_or_default())
    }

    /// Adds a number that is written already.
    pub(super) fn plain(mut self, number: &str) -> Self {
        self.0.push_str(number);
        self.0.push(',');
        self
    }

    /// The row with its end.
    pub(super) fn end(mut self) -> String {
        self.0.pop();
        self.0.push_str("\r\n");
        self.0
    }
}

/// A moment by the local clock with its distance from universal time, so that the hour that comes twice in autumn
/// is told apart: `2026-06-16T12:15:00.000+01:00`.
pub(super) fn local(at: Instant, zone: &Zone) -> String {
    let clock = zone.wall_clock(at);
    let mut text = written(at, zone);
    let sign = if clock.offset_minutes < 0 { '-' } else { '+' };
    let away = clock.offset_minutes.unsigned_abs();
    // Writing into a string does not fail.
    let _ = write!(text, "{sign}{:02}:{:02}", away / 60, away % 60);
    text
}

/// A moment by universal time: `2026-06-16T11:15:00.000Z`.
pub(super) fn universal(at: Instant) -> String {
    written(at, &Zone::utc()) + "Z"
}

fn written(at: Instant, zone: &Zone) -> String {
    let clock = zone.wall_clock(at);
    let millis = at.as_millis().rem_euclid(1_000);
    format!(
        "{}T{:02}:{:02}:{:02}.{millis:03}",
        clock.date, clock.hour, clock.minute, clock.second
    )
}

#[cfg(test)]
mod tests {
    use energy::calendar::Zone;
    use units::Instant;

    use super::{Row, local, universal};

    #[test]
    fn no_field_becomes_a_formula_or_two_fields() {
        let row = Row::of([
            "=1+1",
            "@x",
            "-cmd/power [W]",
            "\u{ff1d}1+1",
            "a,b",
            "a;=1+1",
            "say \"x\"",
            "two\nlines",
            "",
        ])
        .end();
        assert_eq!(
            row,
            "'=1+1,'@x,'-cmd/power [W],'\u{ff1d}1+1,\"a,b\",\"a;=1+1\",\"say \"\"x\"\"\",\"two\nlines\",\r\n"
        );
    }

    #[test]
    fn a_number_below_zero_stays_a_number() {
        assert_eq!(
            Row::default().number(Some(-5)).number(None).plain("-0.5").end(),
            "-5,,-0.5\r\n"
        );
    }

    #[test]
    fn the_hour_that_comes_twice_is_told_apart() {
        let zone = Zone::parse("Europe/London").expect("a zone");
        let (before, after) = (1_792_888_200_000, 1_792_891_800_000);
        assert_eq!(
            local(Instant::from_millis(before), &zone),
            "2026-10-25T01:30:00.000+01:00"
        );
        assert_eq!(
            local(Instant::from_millis(after), &zone),
            "2026-10-25T01:30:00.000+00:00"
        );
        assert_eq!(
            universal(Instant::from_millis(after + 7)),
            "2026-10-25T01:30:00.007Z"
        );
    }
}
