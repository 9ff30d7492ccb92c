//! Days, weeks, months and years, and what they are made of.

use std::fmt;

use jiff::ToSpan;
use jiff::civil;
use units::{Instant, Span};

use super::{CalendarError, Date, Zone, digits_of};

/// How long a period is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A local day: 23, 24 or 25 hours as a rule.
    Day,
    /// Monday to Sunday.
    Week,
    /// A month of the calendar.
    Month,
    /// A year of the calendar.
    Year,
}

/// One day, week, month or year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Period {
    kind: Kind,
    first: Date,
}

impl Period {
    /// The period of this kind that holds `date`.
    pub fn holding(kind: Kind, date: Date) -> Self {
        let first = match kind {
            Kind::Day => date.0,
            Kind::Week => {
                let since_monday = date.0.weekday().to_monday_zero_offset();
                date.0.saturating_sub(i32::from(since_monday).days())
            }
            Kind::Month => date.0.first_of_month(),
            Kind::Year => date.0.first_of_year(),
        };
        Self {
            kind,
            first: Date(first),
        }
    }

    /// Reads `2026-06-16`, `2026-W25`, `2026-06` or `2026`.
    pub fn parse(text: &str) -> Result<Self, CalendarError> {
        let wrong = || CalendarError::Period(text.to_owned());
        let day = |kind, date: String| Date::parse(&date).map(|date| Self::holding(kind, date));
        let read = match text.len() {
            4 => day(Kind::Year, format!("{text}-01-01")),
            7 => day(Kind::Month, format!("{text}-01")),
            8 => return week(text).ok_or_else(wrong),
            10 => day(Kind::Day, text.to_owned()),
            _ => return Err(wrong()),
        };
        read.map_err(|_| wrong())
    }

    /// Its kind.
    pub fn kind(self) -> Kind {
        self.kind
    }

    /// Its first day.
    pub fn first(self) -> Date {
        self.first
    }

    /// The period after it; the last one there is stays itself.
    #[must_use]
    pub fn next(self) -> Self {
        Date::within(self.after()).map_or(self, |first| Self { first, ..self })
    }

    /// The period before it; the first one there is stays itself.
    #[must_use]
    pub fn previous(self) -> Self {
        Self::holding(self.kind, self.first.previous())
    }

    /// When it begins and when it has ended.
    pub fn bounds(self, zone: &Zone) -> (Instant, Instant) {
        (zone.start_of(self.first), zone.start_of(Date(self.after())))
    }

    /// Where its bars begin, and where the last one ends: quarters of a day, days of a week or month, months of a
    /// year. For `buckets`.
    pub fn edges(self, zone: &Zone) -> Vec<Instant> {
        let part = match self.kind {
            Kind::Day => return quarters(self, zone),
            Kind::Week | Kind::Month => Kind::Day,
            Kind::Year => Kind::Month,
        };
        let mut edges = Vec::new();
        let mut date = self.first.0;
        while date < self.after() {
            edges.push(zone.start_of(Date(date)));
            date = Self {
                kind: part,
                first: Date(date),
            }
            .after();
        }
        edges.push(zone.start_of(Date(self.after())));
        edges
    }

    /// The first day after it.
    fn after(self) -> civil::Date {
        let length = match self.kind {
            Kind::Day => 1.day(),
            Kind::Week => 1.week(),
            Kind::Month => 1.month(),
            Kind::Year => 1.year(),
        };
        self.first.0.saturating_add(length)
    }
}

/// The quarters of a period as edges: 92, 96 or 100 of them in a day, as a rule.
pub fn quarters(period: Period, zone: &Zone) -> Vec<Instant> {
    let (from, to) = period.bounds(zone);
    let mut edges = Vec::new();
    let mut edge = from;
    while edge < to {
        edges.push(edge);
        edge = (edge + Span::QUARTER).floor(Span::QUARTER);
    }
    edges.push(to);
    edges
}

/// The hours of a period as edges, by the clock on the wall. Where clocks move by half an hour, the hours beside
/// that are longer or shorter; an hour that comes twice is two.
pub fn hours(period: Period, zone: &Zone) -> Vec<Instant> {
    let all = quarters(period, zone);
    let Some((end, starts)) = all.split_last() else {
        return all;
    };
    let mut edges = Vec::new();
    let mut before = None;
    for start in starts {
        let clock = zone.wall_clock(*start);
        if clock.minute == 0 || before != Some(clock.hour) {
            edges.push(*start);
        }
        before = Some(clock.hour);
    }
    edges.push(*end);
    edges
}

/// `2026-W25`: the week with that number by ISO 8601.
fn week(text: &str) -> Option<Period> {
    let (year, number) = text.split_once("-W")?;
    let year = digits_of(year, 4)?;
    let number = i8::try_from(digits_of(number, 2)?).ok()?;
    let monday = civil::ISOWeekDate::new(year, number, civil::Weekday::Monday)
        .ok()?
        .date();
    let sunday = monday.saturating_add(6.days());
    Date::within(sunday).map(|_| Period {
        kind: Kind::Week,
        first: Date(monday),
    })
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first = self.first;
        match self.kind {
            Kind::Day => first.fmt(f),
            Kind::Week => {
                let week = first.0.iso_week_date();
                write!(f, "{:04}-W{:02}", week.year(), week.week())
            }
            Kind::Month => write!(f, "{:04}-{:02}", first.year(), first.month()),
            Kind::Year => write!(f, "{:04}", first.year()),
        }
    }
}
