//! The chart of a period as the page shows it: the picture, its axes with their words, what is marked on it, and
//! the same numbers as a table.

use acts::look::{BucketView, EnergyView};
use energy::calendar::{Kind, Period, Zone, hours};
use units::Instant;

use super::slots::Slots;
use crate::charts::anchor;
use crate::charts::stack::{Shape, Stack, Stretch, place};
use crate::words::{say, say_with};
use crate::{show, urls};

/// Axes reach at least this far, so that a quiet night looks quiet: watts, and watt-hours.
const LEAST_WATTS: i64 = 2_000;
const LEAST_WATT_HOURS: i64 = 1_000;

/// Some hours of a day: from the first up to the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hours {
    /// 0 to 23.
    pub(crate) from: u8,
    /// 1 to 24, after `from`.
    pub(crate) to: u8,
}

/// Words with their place across the chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mark {
    /// Their place in percent.
    pub(crate) x: String,
    /// Their line, above the chart.
    pub(crate) y: i64,
    /// `start`, `middle` or `end`: which part of them stands at their place.
    pub(crate) anchor: &'static str,
    /// The words.
    pub(crate) words: String,
}

/// A line across with its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Height {
    /// Its place in percent.
    pub(crate) y: String,
    /// Its number.
    pub(crate) words: String,
}

/// The chart.
#[derive(Debug, Clone)]
pub(crate) struct ChartView {
    /// The picture.
    pub(crate) stack: Stack,
    /// What the axis counts, `kW` or `kWh`.
    pub(crate) unit: &'static str,
    /// What the chart shows, in words.
    pub(crate) title: String,
    /// Lines across.
    pub(crate) heights: Vec<Height>,
    /// Words below the chart.
    pub(crate) times: Vec<Mark>,
    /// Words above the chart, over gaps and hatched stretches.
    pub(crate) marks: Vec<Mark>,
    /// Where now is.
    pub(crate) now: Option<String>,
    /// What is said of gaps and estimates.
    pub(crate) notes: Vec<String>,
    /// What the numbers of the table are.
    pub(crate) caption: String,
    /// The head of the table's first column.
    pub(crate) first_column: String,
    /// The rows of the table; the first belongs to the first slot.
    pub(crate) rows: Vec<Row>,
    /// The address that hours can be added to; empty where there are none to choose.
    pub(crate) zoom: String,
}

/// One row of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// Its time.
    pub(crate) time: String,
    /// Where its time leads; empty for a quarter of an hour.
    pub(crate) link: String,
    /// Made, used, into and out of the battery, out to the street, bought.
    pub(crate) cells: [String; 6],
    /// How well it is known.
    pub(crate) known: String,
}

impl ChartView {
    /// The chart of a period, or of some hours of a day.
    pub(crate) fn of(view: &EnergyView, period: Period, zone: &Zone, chosen: Option<Hours>) -> Self {
        let day = period.kind() == Kind::Day;
        let edges = match chosen.filter(|_| day) {
            Some(chosen) => within(period.edges(zone), zone, chosen),
            None => period.edges(zone),
        };
        let slots = Slots::of(view, edges);
        let (shape, least) = if day {
            (Shape::Steps, LEAST_WATTS)
        } else {
            (Shape::Bars, LEAST_WATT_HOURS)
        };
        let stack = Stack::draw(&slots.slots, shape, least);
        let until = Instant::from_millis(view.until_ms);
        let now = now(&slots.edges, view);
        let marks = marks(&stack, &slots, now.as_ref().map(|now| now.1));
        let notes = if day {
            slots.notes((&stack.gaps, &stack.unsures), zone, until)
        } else {
            bar_notes(&stack)
        };
        Self {
            unit: if day { "kW" } else { "kWh" },
            title: say_with("chart-title", [("period", show::period(period).into())]),
            heights: heights(&stack),
            times: if day {
                hour_marks(&slots.edges, period, zone)
            } else {
                bar_marks(&slots.edges, period, zone)
            },
            marks,
            now: now.map(|now| now.0),
            notes,
            caption: say(if day { "table-caption-day" } else { "table-caption" }),
            first_column: say(match period.kind() {
                Kind::Day => "column-from",
                Kind::Week | Kind::Month => "column-day",
                Kind::Year => "column-month",
            }),
            rows: slots
                .parts
                .iter()
                .map(|part| row(part, period.kind(), zone))
                .collect(),
            zoom: if day {
                urls::energy(&view.period)
            } else {
                String::new()
            },
            stack,
        }
    }
}

/// The edges of the quarters within some hours.
fn within(edges: Vec<Instant>, zone: &Zone, chosen: Hours) -> Vec<Instant> {
    let Some((last, starts)) = edges.split_last() else {
        return edges;
    };
    let hour = |edge: &Instant| zone.wall_clock(*edge).hour;
    let begin = starts
        .iter()
        .position(|edge| hour(edge) >= chosen.from)
        .unwrap_or(0);
    let end = starts
        .iter()
        .rposition(|edge| hour(edge) < chosen.to)
        .map_or(starts.len(), |index| index + 1);
    let closing = starts.get(end).copied().unwrap_or(*last);
    let mut kept = starts.get(begin..end.max(begin)).unwrap_or_default().to_vec();
    kept.push(closing);
    kept
}

fn heights(stack: &Stack) -> Vec<Height> {
    let lines = stack.ticks.iter();
    lines
        .map(|tick| Height {
            y: tick.y.clone(),
            words: show::axis(tick.value),
        })
        .collect()
}

/// The hours below a day: each third of a whole day, each of a few hours.
fn hour_marks(edges: &[Instant], period: Period, zone: &Zone) -> Vec<Mark> {
    let (slots, few) = (edges.len().saturating_sub(1), edges.len() <= 33);
    let hours = hours(period, zone);
    let wanted = |edge: &Instant| few || zone.wall_clock(*edge).hour.is_multiple_of(3);
    let shown = edges
        .iter()
        .enumerate()
        .filter(|(index, edge)| *index == slots || hours.contains(edge) && wanted(edge));
    let end = |index: usize, edge: Instant| match zone.wall_clock(edge).hour {
        0 if index == slots => 24,
        hour => hour,
    };
    shown
        .map(|(index, edge)| Mark {
            x: place(index, slots),
            y: 0,
            anchor: "middle",
            words: format!("{:02}", end(index, *edge)),
        })
        .collect()
}

/// The days or months below bars, under the middle of each.
fn bar_marks(edges: &[Instant], period: Period, zone: &Zone) -> Vec<Mark> {
    let slots = edges.len().saturating_sub(1);
    let words = |edge: Instant| {
        let date = zone.date_of(edge);
        match period.kind() {
            Kind::Week => show::first_letters(&show::weekday(date), 2),
            Kind::Year => show::first_letters(&show::month(date.month()), 1),
            _ if date.day() == 1 || date.day().is_multiple_of(5) => date.day().to_string(),
            _ => String::new(),
        }
    };
    let all = edges.iter().take(slots).enumerate();
    let all = all.map(|(index, edge)| Mark {
        x: place(index * 2 + 1, slots * 2),
        y: 0,
        anchor: "middle",
        words: words(*edge),
    });
    all.filter(|mark| !mark.words.is_empty()).collect()
}

/// A gap between bars has its word over it from this width on, in percent.
const WIDE: usize = 12;
/// Words nearer to each other than this, in percent, do not fit on one line of a phone.
const CLOSE: usize = 26;

/// The words over gaps, hatched stretches and now; those that would meet stand on a line of their own.
fn marks(stack: &Stack, slots: &Slots<'_>, now: Option<usize>) -> Vec<Mark> {
    let middle = |stretch: &Stretch| (stretch.first + stretch.end) * 50 / stack.slots.max(1);
    let wide = |gap: &&Stretch| slots.quarters || (gap.end - gap.first) * 100 / stack.slots.max(1) >= WIDE;
    let gaps = stack
        .gaps
        .iter()
        .filter(wide)
        .map(|gap| (middle(gap), gap.middle.clone(), say("gap-word")));
    let unsures = stack.unsures.iter().filter(|_| slots.quarters);
    let unsures = unsures.map(|it| (middle(it), it.middle.clone(), slots.unsure_word(it)));
    let now = now.map(|at| (at, format!("{at}%"), say("now-word")));
    let mut all: Vec<(usize, String, String)> = gaps.chain(unsures).chain(now).collect();
    all.sort_by_key(|mark| mark.0);
    let mut ends = [None, None];
    let mut marks = Vec::new();
    for (at, x, words) in all {
        let free = |end: &Option<usize>| end.is_none_or(|end| at >= end + CLOSE);
        let Some(line) = ends.iter().position(free) else {
            continue;
        };
        ends[line] = Some(at);
        marks.push(Mark {
            x,
            y: [-8, -28][line],
            anchor: anchor(at),
            words,
        });
    }
    marks
}

fn bar_notes(stack: &Stack) -> Vec<String> {
    let gaps = stack.gaps.iter().map(|_| say("gap-bar-note"));
    let unsures = stack.unsures.iter().map(|_| say("partly-bar-note"));
    let mut notes: Vec<String> = gaps.chain(unsures).collect();
    notes.dedup();
    notes
}

/// Where now is, exactly and in whole percent, if it is within the chart and not at its end.
fn now(edges: &[Instant], view: &EnergyView) -> Option<(String, usize)> {
    let (first, last) = (edges.first()?.as_millis(), edges.last()?.as_millis());
    let inside = view.kind == "day" && first <= view.until_ms && view.until_ms < last;
    let (part, whole) = (view.until_ms - first, (last - first).max(1));
    inside.then(|| {
        (
            crate::charts::share(part, whole),
            usize::try_from(part * 100 / whole).unwrap_or(0),
        )
    })
}

fn row(part: &BucketView, kind: Kind, zone: &Zone) -> Row {
    let from = Instant::from_millis(part.from_ms);
    let date = zone.date_of(from);
    let totals = &part.totals;
    let (time, link) = match kind {
        Kind::Day => (show::clock(zone, from), String::new()),
        Kind::Week | Kind::Month => (show::short_day(date), urls::energy(&date.to_string())),
        Kind::Year => (
            show::month(date.month()),
            urls::energy(&Period::holding(Kind::Month, date).to_string()),
        ),
    };
    let number = if kind == Kind::Day {
        show::energy_fine
    } else {
        show::energy_number
    };
    let flows = [
        totals.production_wh,
        totals.consumption_wh,
        totals.charge_wh,
        totals.discharge_wh,
        totals.export_wh,
        totals.import_wh,
    ];
    let cells = flows.map(|flow| flow.map_or_else(|| "\u{2013}".to_owned(), number));
    Row {
        time,
        link,
        cells,
        known: known(part),
    }
}

/// How well a part is known, in a word, and what befell it.
fn known(part: &BucketView) -> String {
    let totals = &part.totals;
    let word = say(match totals.quality {
        _ if totals.missing >= totals.quarters => "known-missing",
        _ if totals.missing > 0 => "known-partly",
        "measured" => "known-measured",
        "recovered" => "known-recovered",
        "estimated" => "known-estimated",
        _ => "known-missing",
    });
    let causes = totals
        .causes
        .iter()
        .filter_map(|cause| cause_word(cause))
        .map(say);
    let doubt = (totals.time == Some("estimated")).then(|| say("time-estimated"));
    let mut words = vec![word];
    words.extend(causes.chain(doubt));
    words.join(", ")
}

/// The word for a cause that is worth telling beside how well a part is known.
fn cause_word(cause: &str) -> Option<&'static str> {
    Some(match cause {
        "began" => "cause-began",
        "outage" => "cause-outage",
        "meter-exchanged" => "cause-exchanged",
        "counter-reset" => "cause-reset",
        "rolled-over" => "cause-rolled-over",
        "clock-stepped" => "cause-clock",
        "corrected-by-person" => "cause-person",
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
