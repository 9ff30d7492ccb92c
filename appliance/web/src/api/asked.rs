//! What stands behind the question mark of an address: known names, each once, with values that make sense.

use energy::calendar::{Date, Zone};
use jiff::Timestamp;
use units::{Channel, Instant, Span};

use super::reader::Problem;

/// The first and the last moment that can be asked for: the years 1970 to 2199.
const KNOWN: std::ops::RangeInclusive<i64> = 0..=7_258_118_400_000;

/// The pairs behind the question mark.
#[derive(Debug)]
pub(crate) struct Asked(Vec<(String, String)>);

/// Which end of a stretch of time a moment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Edge {
    /// Its beginning: a day means its first moment.
    From,
    /// Its end: a day means the first moment after it, so that the day is within.
    To,
}

impl Edge {
    fn name(self) -> &'static str {
        match self {
            Self::From => "from",
            Self::To => "to",
        }
    }
}

impl Asked {
    /// Takes the pairs if each has a known name and none comes twice.
    pub(crate) fn new(pairs: Vec<(String, String)>, known: &[&str]) -> Result<Self, Problem> {
        for (at, (name, _)) in pairs.iter().enumerate() {
            if !known.contains(&name.as_str()) {
                let choices = known.join(", ");
                return Err(question(format!(
                    "{name:?} is not known here; these can be asked for: {choices}"
                )));
            }
            if pairs.iter().skip(at + 1).any(|(other, _)| other == name) {
                return Err(question(format!("{name:?} is there twice; write it once")));
            }
        }
        Ok(Self(pairs))
    }

    /// The value of a name, if there is one.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|pair| pair.0 == name)
            .map(|pair| pair.1.as_str())
            .filter(|value| !value.is_empty())
    }

    /// The channel that is asked for.
    pub(crate) fn channel(&self) -> Result<Channel, Problem> {
        let name = self.get("channel").ok_or_else(|| {
            question(
                "say which channel, as in channel=grid-meter/power; /api/v1/channels lists them".to_owned(),
            )
        })?;
        Channel::parse(name).map_err(|error| question(format!("{name:?} is not a channel: {error}")))
    }

    /// A whole number, or `usual` where none is given.
    pub(crate) fn number<N: std::str::FromStr>(&self, name: &str, usual: N) -> Result<N, Problem> {
        let Some(text) = self.get(name) else {
            return Ok(usual);
        };
        text.parse().map_err(|_| {
            question(format!(
                "{text:?} is no number that fits {name}; write one such as 100"
            ))
        })
    }

    /// One end of the time that is asked for.
    pub(crate) fn moment(&self, edge: Edge, zone: &Zone) -> Result<Instant, Problem> {
        let name = edge.name();
        let text = self
            .get(name)
            .ok_or_else(|| question(format!("say {name} when; {FORMS}")))?;
        // A plus sign in an address stands for a space; in a moment it can only have been a plus sign.
        let text = text.replace(' ', "+");
        let moment = day(&text, edge, zone).or_else(|| moment(&text));
        let moment = moment.ok_or_else(|| question(format!("{text:?} is no moment for {name}; {FORMS}")))?;
        if !KNOWN.contains(&moment.as_millis()) {
            return Err(question(format!(
                "{text:?} lies outside of the years 1970 to 2199"
            )));
        }
        Ok(moment)
    }
}

const FORMS: &str =
    "write a day such as 2026-06-16, a moment such as 2026-06-16T12:00:00Z, or UTC milliseconds";

fn question(sentence: String) -> Problem {
    Problem::Question(sentence)
}

fn day(text: &str, edge: Edge, zone: &Zone) -> Option<Instant> {
    let date = Date::parse(text).ok()?;
    match edge {
        Edge::From => Some(zone.start_of(date)),
        // The last day of the calendar has none after it.
        Edge::To if date.next() == date => Some(zone.start_of(date) + Span::DAY),
        Edge::To => Some(zone.start_of(date.next())),
    }
}

fn moment(text: &str) -> Option<Instant> {
    if let Ok(millis) = text.parse::<i64>() {
        return Some(Instant::from_millis(millis));
    }
    let moment: Timestamp = text.parse().ok()?;
    Some(Instant::from_millis(moment.as_millisecond()))
}

#[cfg(test)]
mod tests {
    use energy::calendar::Zone;

    use super::{Asked, Edge};

    fn asked(query: &[(&str, &str)]) -> Result<Asked, String> {
        let pairs = query
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        Asked::new(pairs, &["channel", "from", "to", "count"]).map_err(|problem| problem.to_string())
    }

    fn from(text: &str) -> Result<i64, String> {
        let zone = Zone::parse("Europe/London").expect("a zone");
        let moment = asked(&[("from", text)])?.moment(Edge::From, &zone);
        moment
            .map(units::Instant::as_millis)
            .map_err(|problem| problem.to_string())
    }

    #[test]
    fn what_makes_no_sense_is_refused_with_what_to_write() {
        assert!(
            asked(&[("form", "1")])
                .expect_err("unknown")
                .contains("channel, from, to")
        );
        assert!(
            asked(&[("from", "1"), ("from", "2")])
                .expect_err("twice")
                .contains("twice")
        );
        for text in [
            "",
            "yesterday",
            "2026-02-30",
            "2026-06-16T12:00:00",
            "1e3",
            "-1",
            "99999999999999999",
            "7258118400001",
        ] {
            let refused = from(text).expect_err(text);
            assert!(
                refused.contains("2026-06-16") || refused.contains("2199"),
                "{text}: {refused}"
            );
        }
        let channel =
            |name| asked(&[("channel", name)]).and_then(|asked| asked.channel().map_err(|e| e.to_string()));
        assert!(channel("Grid").is_err() && channel("a/b/c").is_err() && channel("").is_err());
        let count = asked(&[("count", "-1")])
            .expect("known")
            .number::<usize>("count", 1);
        assert!(count.is_err());
    }

    #[test]
    fn moments_are_understood_in_three_forms() {
        assert_eq!(from("1781568000000"), Ok(1_781_568_000_000));
        assert_eq!(from("2026-06-16T00:00:00Z"), Ok(1_781_568_000_000));
        assert_eq!(from("2026-06-16T01:00:00+01:00"), Ok(1_781_568_000_000));
        assert_eq!(
            from("2026-06-16T01:00:00 01:00"),
            Ok(1_781_568_000_000),
            "a plus sign that became a space"
        );
        assert_eq!(
            from("2026-06-16"),
            Ok(1_781_564_400_000),
            "the local day begins an hour before the universal one"
        );
    }

    #[test]
    fn a_day_as_the_end_is_within() {
        let zone = Zone::parse("Europe/London").expect("a zone");
        let asked = asked(&[("from", "2026-10-25"), ("to", "2026-10-25")]).expect("known");
        let (from, to) = (
            asked.moment(Edge::From, &zone).expect("from"),
            asked.moment(Edge::To, &zone).expect("to"),
        );
        assert_eq!(
            to.since(from).as_secs(),
            25 * 3600,
            "the day on which clocks go back"
        );
    }
}
