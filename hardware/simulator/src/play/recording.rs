//! A CSV of power over time: read, checked, and looked up.
//!
//! The first column is the time, with its offset from UTC or by a given time zone. Each row holds until the
//! next one, but no longer than the file's usual step; an empty cell is a gap.

use jiff::tz::TimeZone;
use units::{Instant, Span};

use super::times::{self, Order, Written};
use crate::number::whole;
use crate::truth::Energy;

/// Why a recording was refused. Lines count from 1, as editors show them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlayError {
    /// The file has no rows.
    #[error("the file has no rows below its heading")]
    Empty,
    /// No column of this name.
    #[error("line 1: there is no column {wanted:?}; the columns are {there}")]
    NoColumn {
        /// The name that was asked for.
        wanted: String,
        /// The names that are there.
        there: String,
    },
    /// No column looks like power.
    #[error(
        "line 1: no column looks like power (with \"power\", \"kW\" or \"watt\" in its name); name one of {0}"
    )]
    NoPower(String),
    /// The row has fewer cells than are needed.
    #[error("line {line}: the row has no cell for {column:?}")]
    ShortRow {
        /// The line.
        line: usize,
        /// The column that is missing.
        column: String,
    },
    /// The time cannot be read.
    #[error(
        "line {line}: {text:?} is not a time; write 2022-03-18 04:33:00, with an offset or without, or 18/3/2022 4:33"
    )]
    Time {
        /// The line.
        line: usize,
        /// What stands there.
        text: String,
    },
    /// The number cannot be read.
    #[error(
        "line {line}: {text:?} is not a number; write watts as 2614.8, or leave the cell empty for a gap"
    )]
    Number {
        /// The line.
        line: usize,
        /// What stands there.
        text: String,
    },
    /// A row is not later than the one before.
    #[error(
        "line {line}: the time {text:?} is not after that of the row before; sort the rows by time, or name the time zone they were written in"
    )]
    Backwards {
        /// The line.
        line: usize,
        /// What stands there.
        text: String,
    },
}

/// One row: power from this moment on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// When it begins to hold.
    pub at: Instant,
    /// Until when it holds.
    pub until: Instant,
    /// The power, in milliwatts; negative where the file has it so.
    pub milliwatts: i64,
    /// What has been counted before this row.
    counted: Energy,
}

/// A recording of power.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recording {
    rows: Vec<Row>,
    step: Span,
    column: String,
}

/// A line of the file that has cells: its number and what it says.
struct Cells<'a> {
    line: usize,
    time: &'a str,
    power: &'a str,
}

impl Recording {
    /// Reads a CSV. The power is in `column`, or in the first column that looks like it; times without an offset
    /// are by `zone`.
    pub fn parse(text: &str, column: Option<&str>, zone: &TimeZone) -> Result<Self, PlayError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut lines = text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty());
        let (heading, _) = lines.next().ok_or(PlayError::Empty)?;
        let (place, name) = choose(heading, column)?;
        let cells = lines
            .map(|(line, number)| split(line, number, place, &name))
            .collect::<Result<Vec<_>, _>>()?;
        let moments = moments(&cells, zone)?;
        let step = usual_step(&moments).ok_or(PlayError::Empty)?;
        let per_unit = if is_kilowatts(&name) { 1e6 } else { 1e3 };
        let rows = build(&cells, &moments, step, per_unit)?;
        if rows.is_empty() {
            return Err(PlayError::Empty);
        }
        Ok(Self {
            rows,
            step,
            column: name,
        })
    }

    /// All rows that hold a power, in the order of time.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The usual step from row to row.
    pub fn step(&self) -> Span {
        self.step
    }

    /// The column that is played.
    pub fn column(&self) -> &str {
        &self.column
    }

    /// When the first row begins.
    pub fn begins(&self) -> Instant {
        self.rows.first().map_or(Instant::from_millis(0), |row| row.at)
    }

    /// When the last row ends.
    pub fn ends(&self) -> Instant {
        self.rows.last().map_or(Instant::from_millis(0), |row| row.until)
    }

    /// The row that holds at a moment, if one does.
    pub fn in_force(&self, at: Instant) -> Option<&Row> {
        self.last_before(at).filter(|row| at < row.until)
    }

    /// What an inverter has counted from the first row until a moment: power above zero times time.
    pub fn energy_until(&self, at: Instant) -> Energy {
        let Some(row) = self.last_before(at) else {
            return Energy::default();
        };
        let held = at.min(row.until).since(row.at);
        added(row.counted, row.milliwatts, held)
    }

    /// The whole energy above zero.
    pub fn energy(&self) -> Energy {
        self.energy_until(self.ends())
    }

    fn last_before(&self, at: Instant) -> Option<&Row> {
        let after = self.rows.partition_point(|row| row.at <= at);
        self.rows.get(after.checked_sub(1)?)
    }
}

/// `counted`, and `milliwatts` above zero over `span` more.
fn added(counted: Energy, milliwatts: i64, span: Span) -> Energy {
    let work = milliwatts.max(0).saturating_mul(span.as_millis().max(0)) / 1_000;
    Energy::from_milliwatt_seconds(counted.milliwatt_seconds().saturating_add(work))
}

/// The place and the name of the column of power.
fn choose(heading: &str, wanted: Option<&str>) -> Result<(usize, String), PlayError> {
    let names: Vec<&str> = heading.split(',').map(clean).collect();
    let list = || names.iter().skip(1).copied().collect::<Vec<_>>().join(", ");
    let found = match wanted {
        Some(wanted) => names
            .iter()
            .position(|name| *name == wanted)
            .ok_or_else(|| PlayError::NoColumn {
                wanted: wanted.to_owned(),
                there: list(),
            })?,
        None => {
            let power = names.iter().skip(1).position(|name| looks_like_power(name));
            power
                .map(|place| place + 1)
                .ok_or_else(|| PlayError::NoPower(list()))?
        }
    };
    Ok((found, names[found].to_owned()))
}

fn looks_like_power(name: &str) -> bool {
    let name = name.to_lowercase();
    name.contains("power") || name.contains("watt") || name == "w" || is_kilowatts(&name)
}

/// Whether the name says kilowatts as a word of its own: `kW`, `ac_power_kw_1137`, `Leistung (kW)`.
fn is_kilowatts(name: &str) -> bool {
    let name = name.to_lowercase();
    name.contains("kilowatt")
        || name
            .split(|letter: char| !letter.is_alphanumeric())
            .any(|word| word == "kw")
}

/// A cell without spaces and quotation marks around it.
fn clean(cell: &str) -> &str {
    cell.trim().trim_matches('"').trim()
}

fn split<'a>(line: &'a str, number: usize, place: usize, column: &str) -> Result<Cells<'a>, PlayError> {
    let mut cells = line.split(',').map(clean);
    let time = cells.next().unwrap_or("");
    let power = cells
        .nth(place.saturating_sub(1))
        .ok_or_else(|| PlayError::ShortRow {
            line: number,
            column: column.to_owned(),
        })?;
    Ok(Cells {
        line: number,
        time,
        power,
    })
}

/// The moment of each row. Where day and month could be either, the order is taken in which the rows follow each
/// other more closely.
fn moments(cells: &[Cells<'_>], zone: &TimeZone) -> Result<Vec<Instant>, PlayError> {
    let days = in_order(cells, zone, Order::DayFirst);
    let months = in_order(cells, zone, Order::MonthFirst);
    match (days, months) {
        (Ok(days), Ok(months)) if length(&months) < length(&days) => Ok(months),
        (Err(_), Ok(months)) => Ok(months),
        (days, _) => days,
    }
}

fn length(moments: &[Instant]) -> Option<Span> {
    Some(moments.last()?.since(*moments.first()?))
}

fn in_order(cells: &[Cells<'_>], zone: &TimeZone, order: Order) -> Result<Vec<Instant>, PlayError> {
    let mut moments: Vec<Instant> = Vec::with_capacity(cells.len());
    for cell in cells {
        let text = || cell.time.to_owned();
        let unreadable = || PlayError::Time {
            line: cell.line,
            text: text(),
        };
        let written: Written = times::read(cell.time, order).ok_or_else(unreadable)?;
        let last = moments.last().map(|last| last.as_millis());
        let millis = times::moment(written, zone, last).ok_or_else(unreadable)?;
        if last.is_some_and(|last| millis <= last) {
            return Err(PlayError::Backwards {
                line: cell.line,
                text: text(),
            });
        }
        moments.push(Instant::from_millis(millis));
    }
    Ok(moments)
}

/// The step that lies in the middle of all steps; a single row is taken to hold for a minute.
fn usual_step(moments: &[Instant]) -> Option<Span> {
    let mut steps: Vec<Span> = moments.windows(2).map(|pair| pair[1].since(pair[0])).collect();
    steps.sort_unstable();
    match steps.get(steps.len() / 2) {
        Some(step) => Some(*step),
        None => moments.first().map(|_| Span::MINUTE),
    }
}

fn build(cells: &[Cells<'_>], moments: &[Instant], step: Span, per_unit: f64) -> Result<Vec<Row>, PlayError> {
    let mut rows = Vec::with_capacity(cells.len());
    let mut counted = Energy::default();
    let nexts = moments.iter().skip(1).map(Some).chain(std::iter::once(None));
    for ((cell, at), next) in cells.iter().zip(moments).zip(nexts) {
        let Some(power) = read_power(cell)? else { continue };
        let longest = *at + step;
        let until = next.map_or(longest, |next| (*next).min(longest));
        let milliwatts = whole(power * per_unit);
        rows.push(Row {
            at: *at,
            until,
            milliwatts,
            counted,
        });
        counted = added(counted, milliwatts, until.since(*at));
    }
    Ok(rows)
}

/// The power of a row; `None` for a gap. A number that no roof could give is taken for a slip of the file.
fn read_power(cell: &Cells<'_>) -> Result<Option<f64>, PlayError> {
    if cell.power.is_empty() || cell.power.eq_ignore_ascii_case("nan") {
        return Ok(None);
    }
    match cell.power.parse::<f64>() {
        Ok(power) if power.abs() < 1e9 => Ok(Some(power)),
        _ => Err(PlayError::Number {
            line: cell.line,
            text: cell.power.to_owned(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use jiff::tz::TimeZone;
    use proptest::prelude::*;
    use units::{Instant, Span};

    use super::{PlayError, Recording};

    fn parse(text: &str) -> Result<Recording, PlayError> {
        Recording::parse(text, None, &TimeZone::UTC)
    }

    #[test]
    fn bad_files_are_refused_in_words_with_their_line() {
        let refused = |text| parse(text).expect_err("refused").to_string();
        expect_test::expect![[r#"
            the file has no rows below its heading
            the file has no rows below its heading
            line 1: no column looks like power (with "power", "kW" or "watt" in its name); name one of volts, amps
            line 3: the row has no cell for "power"
            line 3: "noon" is not a time; write 2022-03-18 04:33:00, with an offset or without, or 18/3/2022 4:33
            line 3: "12 W" is not a number; write watts as 2614.8, or leave the cell empty for a gap
            line 2: "inf" is not a number; write watts as 2614.8, or leave the cell empty for a gap
            line 4: the time "2022-01-01 00:00" is not after that of the row before; sort the rows by time, or name the time zone they were written in"#]]
        .assert_eq(
            &[
                refused(""),
                refused("when,power\n"),
                refused("when,volts,amps\n2022-01-01 00:00,1,2\n"),
                refused("when,power\n2022-01-01 00:00,1\n2022-01-01 00:01\n"),
                refused("when,power\n2022-01-01 00:00,1\nnoon,1\n"),
                refused("when,power\n2022-01-01 00:00,1\n2022-01-01 00:01,12 W\n"),
                refused("when,power\n2022-01-01 00:00,inf\n"),
                refused("when,power\n2022-01-01 00:00,1\n\n2022-01-01 00:00,1\n"),
            ]
            .join("\n"),
        );
        let other = Recording::parse("t,power\n2022-01-01 00:00,1\n", Some("DC"), &TimeZone::UTC);
        assert_eq!(
            other.expect_err("refused").to_string(),
            "line 1: there is no column \"DC\"; the columns are power"
        );
    }

    #[test]
    fn kilowatts_quotes_marks_and_gaps() {
        let text = "\u{feff}\"Datetime\",\"kW\"\r\n1/1/14 00:00,0\r\n1/1/14 01:00,\"1.5\"\r\n1/1/14 02:00,NaN\r\n25/1/14 03:00,2\r\n";
        let recording = parse(text).expect("a good file");
        assert_eq!(recording.rows().len(), 3);
        assert_eq!(recording.step(), Span::HOUR);
        assert_eq!(
            recording.energy().watt_hours().0,
            3_500,
            "a row before a gap holds for one step"
        );
        assert_eq!(recording.column(), "kW");
        let gap = recording.begins() + Span::HOUR.times(2);
        assert_eq!(recording.in_force(gap), None);
        assert_eq!(recording.energy_until(gap).watt_hours().0, 1_500);
    }

    #[test]
    fn day_and_month_are_told_apart_by_how_the_rows_follow() {
        let text = "t,power\n1/2/2022 0:00,1\n1/2/2022 23:45,1\n1/3/2022 0:00,1\n";
        let recording = parse(text).expect("a good file");
        assert_eq!(
            recording.begins(),
            Instant::from_millis(1_641_081_600_000),
            "2 January"
        );
    }

    /// Powers and steps of the rows, drawn; the CSV of them.
    fn file(rows: &[(i32, i64)]) -> String {
        let mut second = 1_640_995_200;
        let lines = rows.iter().map(|(power, step)| {
            second += step;
            let time = jiff::Timestamp::from_second(second).expect("within the calendar");
            format!("{time},{power}\n")
        });
        std::iter::once("t,power\n".to_owned()).chain(lines).collect()
    }

    proptest! {
        #[test]
        fn the_counter_never_falls_and_ends_at_the_sum(
            rows in proptest::collection::vec((-50_i32..9_000, 1_i64..200), 1..60),
            looks in proptest::collection::vec(0_i64..12_000_000, 1..40)
        ) {
            let recording = parse(&file(&rows)).expect("a good file");
            let sum: i64 = recording
                .rows()
                .iter()
                .map(|row| row.milliwatts.max(0) * row.until.since(row.at).as_secs())
                .sum();
            prop_assert_eq!(recording.energy().milliwatt_seconds(), sum);
            let mut looks = looks;
            looks.sort_unstable();
            let counts: Vec<_> = looks
                .into_iter()
                .map(|millis| recording.energy_until(recording.begins() + Span::from_millis(millis)))
                .collect();
            prop_assert!(counts.windows(2).all(|pair| pair[0] <= pair[1]));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "(t,power\n)?([0-9/: -]{0,20},[0-9.-]{0,8}\n){0,5}") {
            let _ = parse(&text);
        }
    }

    /// The recordings that lie beside the repository, if they do.
    fn real(name: &str) -> Option<String> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../../shared/data/real")
            .join(name);
        let text = std::fs::read_to_string(path).ok();
        if text.is_none() {
            eprintln!("skipped: the recording {name} is not beside the repository");
        }
        text
    }

    #[test]
    fn a_recorded_inverter_adds_up_to_its_file() {
        let Some(text) = real("serf_east_1min_ac_power.csv") else {
            return;
        };
        let recording = parse(&text).expect("a real file");
        assert_eq!(recording.step(), Span::MINUTE);
        let minutes: f64 = text
            .lines()
            .skip(1)
            .filter_map(|line| line.split(',').nth(1)?.parse::<f64>().ok())
            .map(|power| power.max(0.0))
            .sum();
        let counted = recording.energy().watt_hours().0;
        assert!(
            (crate::number::float(counted) - minutes / 60.0).abs() < 2.0,
            "{counted} Wh, {minutes} W min"
        );
        assert!(
            recording.rows().iter().any(|row| row.milliwatts < 0),
            "the nights have noise below zero"
        );
    }

    #[test]
    fn other_real_files_are_read() {
        let files = [
            ("serf_west_15min.csv", "America/Denver", "ac_power__773", 5),
            ("nrel_RSF_II.csv", "America/Denver", "ac_power_kw_1137", 5),
            ("oxon_solar_2014.csv", "Europe/London", "kW", 365),
        ];
        for (name, zone, column, days) in files {
            let Some(text) = real(name) else { return };
            let zone = TimeZone::get(zone).expect("a known zone");
            let recording = Recording::parse(&text, None, &zone).expect("a real file");
            assert_eq!(recording.column(), column);
            let lasts = recording.ends().since(recording.begins()).as_secs();
            assert_eq!((lasts + 43_200) / 86_400, days, "{name}");
        }
    }
}
