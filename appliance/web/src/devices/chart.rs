//! The power of one device today: the mean of each quarter of an hour within its smallest and largest value.

use acts::Look;
use acts::look::{LookError, MeansView, PointView};
use energy::calendar::{Kind, Period, Zone, hours};
use units::{Channel, Instant, Span};

use crate::charts::line::{Line, Part};
use crate::charts::stack::place;
use crate::charts::{anchor, share};
use crate::error::PageError;
use crate::words::say;
use crate::{show, urls};

/// The axis spans at least so many watts.
const LEAST: i64 = 200;

/// Something with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mark {
    /// Its place in percent.
    pub(crate) at: String,
    /// Its words.
    pub(crate) words: String,
}

/// Now, across the chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NowMark {
    /// Its place in percent.
    pub(crate) at: String,
    /// `start`, `middle` or `end`: which part of its word stands there.
    pub(crate) anchor: &'static str,
    /// Its word.
    pub(crate) words: String,
}

/// One row of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// When it begins.
    pub(crate) time: String,
    /// Smallest, mean and largest value; dashes where nothing is known.
    pub(crate) cells: [String; 3],
}

/// The chart.
#[derive(Debug, Clone)]
pub(crate) struct PowerChart {
    /// The picture.
    pub(crate) line: Line,
    /// Lines across.
    pub(crate) heights: Vec<Mark>,
    /// Hours below.
    pub(crate) times: Vec<Mark>,
    /// Where now is.
    pub(crate) now: Option<NowMark>,
    /// The rows of the table.
    pub(crate) rows: Vec<Row>,
    /// The address of the same readings for a spreadsheet.
    pub(crate) csv: String,
    /// Where all of its history is.
    pub(crate) history: String,
}

impl PowerChart {
    /// The chart of a channel today; nothing where it has no readings. Reads the store.
    pub(crate) fn of(look: &Look, point: &PointView) -> Result<Option<Self>, PageError> {
        let Ok(channel) = Channel::parse(&point.channel) else {
            return Ok(None);
        };
        let day = Period::holding(Kind::Day, look.today());
        let (from, to) = day.bounds(&look.place().zone);
        let quarters = to.since(from).as_millis() / Span::QUARTER.as_millis();
        let parts = usize::try_from(quarters).unwrap_or(96);
        match look.means(&channel, from, to, parts) {
            Ok(means) => Ok(Some(Self::new(
                &means,
                day,
                &look.place().zone,
                look.now(),
                &point.channel,
            ))),
            Err(LookError::NotThere(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn new(means: &[MeansView], day: Period, zone: &Zone, now: Instant, channel: &str) -> Self {
        let parts: Vec<Option<Part>> = means.iter().map(part).collect();
        let line = Line::draw(&parts, LEAST);
        let heights = line.ticks.iter().map(|tick| Mark {
            at: tick.y.clone(),
            words: show::axis(tick.value),
        });
        let (from, to) = day.bounds(zone);
        Self {
            heights: heights.collect(),
            times: times(means, day, zone),
            now: mark_of_now(from, to, now),
            rows: means
                .iter()
                .filter(|part| part.start_ms < now.as_millis())
                .map(|part| row(part, zone))
                .collect(),
            history: urls::history(channel),
            csv: urls::readings_csv(channel, from.as_millis(), to.as_millis()),
            line,
        }
    }

    /// A meter to the street: bought in the morning, sent out at noon, silent for an hour.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let (zone, now) = crate::home::samples::afternoon();
        let day = Period::holding(Kind::Day, zone.date_of(now));
        let start = day.bounds(&zone).0;
        let mean = |index: i64| MeansView {
            start_ms: (start + Span::QUARTER.times(index)).as_millis(),
            min: (index < 57 && !(20..24).contains(&index)).then(|| 900 - index * 60),
            mean: (index < 57 && !(20..24).contains(&index)).then(|| 1_200 - index * 60),
            max: (index < 57 && !(20..24).contains(&index)).then(|| 1_400 - index * 60),
            count: 900,
        };
        let means: Vec<MeansView> = (0..96).map(mean).collect();
        Self::new(&means, day, &zone, now, "grid-meter/power")
    }
}

fn part(mean: &MeansView) -> Option<Part> {
    Some(Part {
        min: mean.min?,
        mean: mean.mean?,
        max: mean.max?,
    })
}

fn mark_of_now(from: Instant, to: Instant, now: Instant) -> Option<NowMark> {
    let (part, whole) = (now.since(from).as_millis(), to.since(from).as_millis());
    (0..whole).contains(&part).then(|| NowMark {
        at: share(part, whole),
        anchor: anchor(usize::try_from(part * 100 / whole).unwrap_or(0)),
        words: say("now-word"),
    })
}

fn times(means: &[MeansView], day: Period, zone: &Zone) -> Vec<Mark> {
    let hours = hours(day, zone);
    let third = |at: Instant| hours.contains(&at) && zone.wall_clock(at).hour.is_multiple_of(3);
    let starts = means
        .iter()
        .enumerate()
        .map(|(index, part)| (index, Instant::from_millis(part.start_ms)));
    let marks = starts.filter(|(_, at)| third(*at));
    let marks = marks.map(|(index, at)| Mark {
        at: place(index, means.len()),
        words: format!("{:02}", zone.wall_clock(at).hour),
    });
    marks
        .chain([Mark {
            at: "100%".to_owned(),
            words: "24".to_owned(),
        }])
        .collect()
}

fn row(part: &MeansView, zone: &Zone) -> Row {
    let cell = |watts: Option<i64>| watts.map_or_else(|| say("value-none"), show::power);
    Row {
        time: show::clock(zone, Instant::from_millis(part.start_ms)),
        cells: [cell(part.min), cell(part.mean), cell(part.max)],
    }
}

#[cfg(test)]
mod tests {
    use super::PowerChart;

    #[test]
    fn now_is_marked_and_the_table_ends_there() {
        let chart = PowerChart::sample();
        let now = chart.now.expect("the day runs");
        assert_eq!((now.at.as_str(), now.anchor), ("59.02%", "middle"));
        assert_eq!(chart.rows.len(), 57);
    }
}
