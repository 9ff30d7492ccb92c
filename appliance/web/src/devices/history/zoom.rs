//! How much of the time is shown, from ten years down to a minute, and into which parts it is cut.
//!
//! The longer ones are those of the calendar in the site's time zone, so that a year is a year and a day begins at midnight.

use acts::look::Grain;
use energy::calendar::{Date, Kind, Period, Zone};
use units::{Instant, Span};

/// How much of the time is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Zoom {
    Decade,
    Year,
    Month,
    Week,
    Day,
    Hour,
    Minute,
}

/// From the widest to the closest, with the word in addresses.
const ALL: [(Zoom, &str); 7] = [
    (Zoom::Decade, "decade"),
    (Zoom::Year, "year"),
    (Zoom::Month, "month"),
    (Zoom::Week, "week"),
    (Zoom::Day, "day"),
    (Zoom::Hour, "hour"),
    (Zoom::Minute, "minute"),
];

/// How long parts may be where single readings are shown, in seconds.
const OF_AN_HOUR: [i64; 9] = [10, 15, 20, 30, 60, 120, 300, 600, 900];
const OF_A_MINUTE: [i64; 8] = [1, 2, 5, 10, 15, 20, 30, 60];

/// A stretch of time that is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) zoom: Zoom,
    pub(crate) from: Instant,
    pub(crate) to: Instant,
}

/// The parts of a window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Parts {
    /// Where each begins, and where the last one ends.
    pub(crate) edges: Vec<Instant>,
    /// Of what they are made.
    pub(crate) grain: Grain,
    /// How long each is, where all are of one length; days and months are not.
    pub(crate) length: Option<Span>,
}

impl Zoom {
    /// The zoom with this word.
    pub(crate) fn parse(word: &str) -> Option<Self> {
        ALL.iter().find(|row| row.1 == word).map(|row| row.0)
    }

    /// All, from the widest to the closest.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        ALL.iter().map(|row| row.0)
    }

    /// Its word in addresses.
    pub(crate) fn word(self) -> &'static str {
        ALL.iter().find(|row| row.0 == self).map_or("day", |row| row.1)
    }

    /// The next closer one.
    pub(crate) fn closer(self) -> Option<Self> {
        let place = Self::all().position(|zoom| zoom == self)?;
        Self::all().nth(place + 1)
    }

    /// The next wider one.
    pub(crate) fn wider(self) -> Option<Self> {
        let place = Self::all().position(|zoom| zoom == self)?;
        Self::all().nth(place.checked_sub(1)?)
    }

    fn kind(self) -> Option<Kind> {
        match self {
            Self::Year => Some(Kind::Year),
            Self::Month => Some(Kind::Month),
            Self::Week => Some(Kind::Week),
            Self::Day => Some(Kind::Day),
            Self::Decade | Self::Hour | Self::Minute => None,
        }
    }
}

impl Window {
    /// The window of this zoom that holds `at`. Ten years end with the year of `at`.
    pub(crate) fn holding(zoom: Zoom, at: Instant, zone: &Zone) -> Self {
        let (from, to) = match (zoom.kind(), zoom) {
            (Some(kind), _) => Period::holding(kind, zone.date_of(at)).bounds(zone),
            (None, Zoom::Hour) => floored(at, Span::HOUR, zone),
            (None, Zoom::Minute) => floored(at, Span::MINUTE, zone),
            (None, _) => decade(at, zone),
        };
        Self { zoom, from, to }
    }

    /// A moment in the window before this one.
    pub(crate) fn earlier(self, zone: &Zone) -> Instant {
        let before = self.from - Span::from_millis(1);
        match self.zoom {
            // Ten years are named by their last one.
            Zoom::Decade => before,
            _ => Self::holding(self.zoom, before, zone).from,
        }
    }

    /// A moment in the window after this one.
    pub(crate) fn later(self, zone: &Zone) -> Instant {
        match self.zoom {
            // Ten years are named by their last one.
            Zoom::Decade => (0..9).fold(self.to, |at, _| year_of(at, zone).1),
            _ => self.to,
        }
    }

    /// A moment of the window that stays in it when one goes closer and wider: `at` itself if it is within.
    pub(crate) fn nearest(self, at: Instant) -> Instant {
        at.max(self.from).min(self.to - Span::from_millis(1))
    }

    /// Its parts. `finest` is what is still there; `spacing` how far readings lie apart.
    pub(crate) fn parts(self, zone: &Zone, finest: Grain, spacing: Span) -> Parts {
        match self.zoom {
            Zoom::Decade => self.of_calendar(Kind::Month, zone),
            Zoom::Year => self.of_calendar(Kind::Day, zone),
            Zoom::Month => self.even(Span::HOUR, Grain::Quarters),
            Zoom::Week => self.even(Span::QUARTER, Grain::Quarters),
            Zoom::Day if finest == Grain::Quarters => self.even(Span::QUARTER, Grain::Quarters),
            Zoom::Day if spacing > Span::MINUTE.times(5) => self.even(Span::QUARTER, Grain::Minutes),
            Zoom::Day => self.even(Span::MINUTE.times(5), Grain::Minutes),
            Zoom::Hour => self.close(finest, spacing, &OF_AN_HOUR),
            Zoom::Minute => self.close(finest, spacing, &OF_A_MINUTE),
        }
    }

    fn close(self, finest: Grain, spacing: Span, lengths: &[i64]) -> Parts {
        match finest {
            Grain::Minutes => self.even(Span::MINUTE, Grain::Minutes),
            Grain::Quarters | Grain::Days => {
                let whole = self.to.since(self.from);
                self.even(whole.min(Span::QUARTER), Grain::Quarters)
            }
            Grain::Readings => {
                let lengths = lengths.iter().map(|seconds| Span::from_secs(*seconds));
                // A box reads in time to within a tenth.
                let wanted = Span::from_millis(spacing.as_millis() / 10 * 9);
                let longest = lengths.clone().next_back().unwrap_or(Span::MINUTE);
                let length = lengths.into_iter().find(|length| *length >= wanted);
                self.even(length.unwrap_or(longest), Grain::Readings)
            }
        }
    }

    fn even(self, length: Span, grain: Grain) -> Parts {
        let mut edges = Vec::new();
        let mut edge = self.from;
        while edge < self.to {
            edges.push(edge);
            edge = edge + length;
        }
        edges.push(self.to);
        Parts {
            edges,
            grain,
            length: Some(length),
        }
    }

    fn of_calendar(self, kind: Kind, zone: &Zone) -> Parts {
        let mut edges = Vec::new();
        let mut period = Period::holding(kind, zone.date_of(self.from));
        while period.bounds(zone).0 < self.to {
            edges.push(period.bounds(zone).0);
            if period.next() == period {
                break;
            }
            period = period.next();
        }
        edges.push(self.to);
        Parts {
            edges,
            grain: Grain::Days,
            length: None,
        }
    }

    /// The windows one step closer that lie in this one: years of ten years, months of a year, days of a month, and so on.
    pub(crate) fn inner(self, zone: &Zone) -> Vec<Self> {
        let (zoom, step) = match self.zoom {
            Zoom::Decade => (Zoom::Year, None),
            Zoom::Year => (Zoom::Month, None),
            Zoom::Month | Zoom::Week => (Zoom::Day, None),
            Zoom::Day => (Zoom::Hour, None),
            Zoom::Hour => (Zoom::Minute, Some(Span::MINUTE.times(5))),
            Zoom::Minute => return Vec::new(),
        };
        let mut windows = Vec::new();
        let mut at = self.from;
        while at < self.to {
            let window = Self::holding(zoom, at, zone);
            windows.push(window);
            at = match step {
                Some(step) => at + step,
                None if window.to > at => window.to,
                None => break,
            };
        }
        windows
    }
}

fn year_of(at: Instant, zone: &Zone) -> (Instant, Instant) {
    Period::holding(Kind::Year, zone.date_of(at)).bounds(zone)
}

fn decade(at: Instant, zone: &Zone) -> (Instant, Instant) {
    let year = zone.date_of(at).year();
    let first = Date::new(year.saturating_sub(9).max(1970), 1, 1).map(|date| zone.start_of(date));
    let (from, to) = year_of(at, zone);
    (first.unwrap_or(from), to)
}

/// The stretch of this length by the clock on the wall: hours begin at full ones also where the zone is half an hour off.
fn floored(at: Instant, length: Span, zone: &Zone) -> (Instant, Instant) {
    let ahead = Span::MINUTE.times(i64::from(zone.wall_clock(at).offset_minutes));
    let from = (at + ahead).floor(length) - ahead;
    (from, from + length)
}

#[cfg(test)]
mod tests;
