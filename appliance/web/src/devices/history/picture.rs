//! The picture of a window, its marks and its table.

use acts::look::PartView;
use energy::calendar::Zone;
use units::{Instant, Span, Unit};

use super::zoom::{Window, Zoom};
use crate::charts::line::{Line, Part};
use crate::charts::stack::place;
use crate::charts::{anchor, share};
use crate::devices::chart::{Mark, NowMark};
use crate::devices::point::reason_words;
use crate::show;
use crate::words::{say, say_with};

/// One row of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// When it begins.
    pub(crate) time: String,
    /// Smallest, mean and largest value, and energy where it is known.
    pub(crate) cells: Vec<String>,
    /// How many readings there are, or why there are none.
    pub(crate) known: String,
}

/// A part of the picture that leads closer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Door {
    /// Where it begins, in percent.
    pub(crate) x: String,
    /// How wide it is.
    pub(crate) width: String,
    /// Where it leads.
    pub(crate) link: String,
    /// Its words.
    pub(crate) words: String,
}

/// The picture.
#[derive(Debug, Clone)]
pub(crate) struct Picture {
    /// Band and line.
    pub(crate) line: Line,
    /// The unit of the axis.
    pub(crate) unit: String,
    /// Lines across.
    pub(crate) heights: Vec<Mark>,
    /// Times below.
    pub(crate) times: Vec<Mark>,
    /// Where now is.
    pub(crate) now: Option<NowMark>,
    /// Whether anything is known at all.
    pub(crate) empty: bool,
    /// The table.
    pub(crate) rows: Vec<Row>,
    /// Whether the table tells of energy.
    pub(crate) energy: bool,
}

impl Picture {
    /// Draws the parts of a window.
    pub(crate) fn of(parts: &[PartView], window: Window, unit: Unit, zone: &Zone, now: Instant) -> Self {
        let drawn: Vec<Option<Part>> = parts.iter().map(part).collect();
        let line = if from_nothing(unit) {
            Line::draw(&drawn, 10)
        } else {
            Line::draw_around(&drawn, 4)
        };
        let thousands = in_thousands(unit);
        let heights = line.ticks.iter().map(|tick| Mark {
            at: tick.y.clone(),
            words: if thousands {
                show::axis(tick.value)
            } else {
                plain(unit, tick.value)
            },
        });
        let energy = parts.iter().any(|part| part.energy_mwh.is_some());
        Self {
            heights: heights.collect(),
            unit: if thousands {
                format!("k{}", unit.symbol())
            } else {
                unit.symbol().to_owned()
            },
            times: times(parts, window, zone),
            now: mark_of_now(window, now),
            empty: drawn.iter().all(Option::is_none),
            rows: parts
                .iter()
                .filter(|part| part.from_ms <= now.as_millis())
                .map(|part| row(part, window.zoom, (unit, energy), zone))
                .collect(),
            energy,
            line,
        }
    }
}

/// Where nothing is a value that says something, the axis holds it.
fn from_nothing(unit: Unit) -> bool {
    !matches!(
        unit,
        Unit::Decivolts
            | Unit::Centihertz
            | Unit::Decicelsius
            | Unit::WattHours
            | Unit::VarHours
            | Unit::VoltAmpereHours
    )
}

fn in_thousands(unit: Unit) -> bool {
    matches!(
        unit,
        Unit::Watts
            | Unit::VoltAmperes
            | Unit::Vars
            | Unit::WattHours
            | Unit::VoltAmpereHours
            | Unit::VarHours
    )
}

/// A value without its unit, as short as it may be.
fn plain(unit: Unit, value: i64) -> String {
    let text = unit.show_plain(value);
    let short = match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.'),
        false => &text,
    };
    show::exact(short)
}

fn part(part: &PartView) -> Option<Part> {
    Some(Part {
        min: part.min?,
        mean: part.mean?,
        max: part.max?,
    })
}

fn mark_of_now(window: Window, now: Instant) -> Option<NowMark> {
    let (part, whole) = (
        now.since(window.from).as_millis(),
        window.to.since(window.from).as_millis(),
    );
    (0..whole).contains(&part).then(|| NowMark {
        at: share(part, whole),
        anchor: anchor(usize::try_from(part * 100 / whole).unwrap_or(0)),
        words: say("now-word"),
    })
}

/// The marks below the picture: where a year, a month, a day, an hour or a minute begins, as many as there is room for.
fn times(parts: &[PartView], window: Window, zone: &Zone) -> Vec<Mark> {
    let starts = parts.iter().enumerate();
    let starts = starts.map(|(index, part)| (index, Instant::from_millis(part.from_ms)));
    let marks = starts.filter_map(|(index, at)| {
        let words = mark(window.zoom, at, zone)?;
        Some(Mark {
            at: place(index, parts.len()),
            words,
        })
    });
    marks.collect()
}

fn mark(zoom: Zoom, at: Instant, zone: &Zone) -> Option<String> {
    let clock = zone.wall_clock(at);
    let date = zone.date_of(at);
    let midnight = zone.start_of(date) == at;
    match zoom {
        Zoom::Decade => (date.month() == 1 && date.year() % 2 == 0).then(|| date.year().to_string()),
        Zoom::Year => (date.day() == 1 && date.month() % 3 == 1).then(|| show::month(date.month())),
        Zoom::Month => (midnight && date.day() % 7 == 1).then(|| date.day().to_string()),
        Zoom::Week => midnight.then(|| show::first_letters(&show::weekday(date), 2)),
        Zoom::Day => {
            (clock.minute == 0 && clock.hour.is_multiple_of(6)).then(|| format!("{:02}", clock.hour))
        }
        Zoom::Hour => (clock.second == 0 && clock.minute.is_multiple_of(15)).then(|| show::clock(zone, at)),
        Zoom::Minute => clock
            .second
            .is_multiple_of(15)
            .then(|| format!(":{:02}", clock.second)),
    }
}

fn row(part: &PartView, zoom: Zoom, (unit, energy): (Unit, bool), zone: &Zone) -> Row {
    let none = || say("value-none");
    let cell = |value: Option<i64>| value.map_or_else(none, |value| show::exact(&unit.show(value)));
    let mut cells = vec![cell(part.min), cell(part.mean), cell(part.max)];
    if energy {
        cells.push(part.energy_mwh.map_or_else(none, energy_words));
    }
    Row {
        time: time(zoom, Instant::from_millis(part.from_ms), zone),
        cells,
        known: match part.why {
            Some(why) => reason_words(why),
            None if part.count == 0 => say("history-nothing-read"),
            None => say_with("history-readings", [("count", show::count(part.count).into())]),
        },
    }
}

/// Thousandths of a watt-hour: few of them as watt-hours, with the places that they need.
fn energy_words(thousandths: i64) -> String {
    if thousandths.unsigned_abs() < 100_000 {
        let hundredths = (thousandths.unsigned_abs() + 5) / 10;
        let sign = if thousandths < 0 && hundredths > 0 {
            "-"
        } else {
            ""
        };
        return show::exact(&format!("{sign}{}.{:02} Wh", hundredths / 100, hundredths % 100));
    }
    let half = if thousandths < 0 { -500 } else { 500 };
    show::energy(thousandths.saturating_add(half) / 1_000)
}

/// When a part begins, as its row says it.
fn time(zoom: Zoom, at: Instant, zone: &Zone) -> String {
    let date = zone.date_of(at);
    let second = || {
        let clock = zone.wall_clock(at);
        format!("{}:{:02}", show::clock(zone, at), clock.second)
    };
    match zoom {
        Zoom::Decade => {
            let (month, year) = (show::month(date.month()), date.year().to_string());
            say_with("period-month", [("month", month.into()), ("year", year.into())])
        }
        Zoom::Year => show::short_day(date),
        Zoom::Month | Zoom::Week => {
            let (day, time) = (show::short_day(date), show::clock(zone, at));
            say_with(
                "moment-of-another-day",
                [("day", day.into()), ("time", time.into())],
            )
        }
        Zoom::Day => show::clock(zone, at),
        Zoom::Hour | Zoom::Minute => second(),
    }
}

/// The window in words: "2017 to 2026", "June 2026", "Tuesday 16 June 2026, 14:00 to 15:00".
pub(crate) fn window_words(window: Window, zone: &Zone) -> String {
    let date = zone.date_of(window.from);
    let last = zone.date_of(window.to - Span::from_millis(1));
    match window.zoom {
        Zoom::Decade => say_with(
            "history-years",
            [
                ("first", date.year().to_string().into()),
                ("last", last.year().to_string().into()),
            ],
        ),
        Zoom::Year => show::period(energy::calendar::Period::holding(
            energy::calendar::Kind::Year,
            date,
        )),
        Zoom::Month => show::period(energy::calendar::Period::holding(
            energy::calendar::Kind::Month,
            date,
        )),
        Zoom::Week => show::period(energy::calendar::Period::holding(
            energy::calendar::Kind::Week,
            date,
        )),
        Zoom::Day => show::long_day(date),
        Zoom::Hour | Zoom::Minute => say_with(
            "history-times",
            [
                ("day", show::long_day(date).into()),
                ("from", show::clock(zone, window.from).into()),
                ("to", show::clock(zone, window.to).into()),
            ],
        ),
    }
}

/// The window as a short word for a link: a year, a month, a day, an hour.
pub(crate) fn short_words(window: Window, zone: &Zone) -> String {
    let date = zone.date_of(window.from);
    match window.zoom {
        Zoom::Decade => window_words(window, zone),
        Zoom::Year => date.year().to_string(),
        Zoom::Month => show::month(date.month()),
        Zoom::Week | Zoom::Day => date.day().to_string(),
        Zoom::Hour | Zoom::Minute => show::clock(zone, window.from),
    }
}

/// The parts of the picture that lead closer.
pub(crate) fn doors(
    window: Window,
    inner: &[Window],
    zone: &Zone,
    link: impl Fn(Window) -> String,
) -> Vec<Door> {
    let whole = window.to.since(window.from).as_millis();
    let doors = inner.iter().map(|inner| {
        let from = inner.from.max(window.from).since(window.from).as_millis();
        let to = inner.to.min(window.to).since(window.from).as_millis();
        Door {
            x: share(from, whole),
            width: share(to - from, whole),
            link: link(*inner),
            words: short_words(*inner, zone),
        }
    });
    doors.collect()
}
