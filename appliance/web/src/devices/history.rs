//! The history of one value of a device, from ten years down to a minute and back. It works without script: every step is a
//! link, and a date field leads to any day.

mod picture;
mod zoom;

use acts::Look;
use acts::look::{CourseSpan, Grain, PartView};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use energy::calendar::{Date, Zone};
use serde::Deserialize;
use units::{Channel, Instant, Span};

use super::point;
use crate::error::PageError;
use crate::pages::{Field, Here, Layout, Onlooker, Visit, html, looked};
use crate::words::{filters, say, say_with};
use crate::{App, csv, show, urls};
use picture::{Door, Picture};
use zoom::{Parts, Window, Zoom};

/// What is asked for.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Asked {
    /// How much of the time.
    #[serde(default)]
    span: String,
    /// Around which moment.
    #[serde(default)]
    at: String,
    /// What stands in the date field.
    #[serde(default)]
    date: String,
    /// What stands in the field beside it.
    #[serde(default)]
    time: String,
}

/// A way to another time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Way {
    /// Its words.
    words: String,
    /// Where it leads.
    link: String,
    /// Whether one is there already.
    here: bool,
}

/// The page.
#[derive(Template)]
#[template(path = "devices/history.html")]
pub(crate) struct HistoryPage {
    layout: Layout,
    /// The device's name for people, and its page.
    label: String,
    back: String,
    /// What is shown.
    name: String,
    window: String,
    /// What the picture shows, for whoever does not see it.
    title: String,
    picture: Picture,
    /// What a point of the picture is.
    caption: String,
    notes: Vec<String>,
    zooms: Vec<Way>,
    earlier: Option<Way>,
    later: Option<Way>,
    closer: Option<Way>,
    wider: Option<Way>,
    doors: Vec<Door>,
    action: String,
    span: &'static str,
    date: Field,
    time: String,
    latest: String,
    csv: String,
}

/// What a page or a table is about.
struct Question {
    channel: Channel,
    known: CourseSpan,
    window: Window,
    at: Instant,
    zone: Zone,
}

/// `GET /devices/{name}/history/{point}`
pub(crate) async fn page(
    State(app): State<App>,
    visit: Visit,
    onlooker: Onlooker,
    Path(place): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let page = looked(&app, &onlooker, move |look| {
        HistoryPage::of(look, &visit, &place, &asked)
    });
    html(&page.await?)
}

/// `GET /devices/{name}/history/{point}/table.csv`
pub(crate) async fn table(
    State(app): State<App>,
    onlooker: Onlooker,
    Path(place): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let answer = looked(&app, &onlooker, move |look| {
        let question = Question::of(look, &place, &asked)?;
        let (mut parts, _) = question.parts(look)?;
        // What is still to come has no row, as in the page's own table.
        parts.retain(|part| part.from_ms <= look.now().as_millis());
        Ok(csv::history(
            &question.channel,
            question.known.unit,
            &question.zone,
            &parts,
        ))
    });
    answer.await
}

impl Question {
    fn of(look: &Look, (device, point): &(String, String), asked: &Asked) -> Result<Self, PageError> {
        let channel = Channel::parse(&format!("{device}/{point}"));
        let channel = channel.map_err(|_| PageError::NotThere(say("error-no-page")))?;
        let known = look.course_span(&channel)?;
        let zone = look.place().zone.clone();
        let zoom = match asked.span.as_str() {
            "" => Zoom::Day,
            word => Zoom::parse(word).ok_or_else(|| PageError::BadQuestion(say("history-span-refused")))?,
        };
        let at = asked.moment(&zone)?.unwrap_or_else(|| known.last.min(look.now()));
        Ok(Self {
            channel,
            known,
            window: Window::holding(zoom, at, &zone),
            at,
            zone,
        })
    }

    /// What is known of the window's parts.
    fn parts(&self, look: &Look) -> Result<(Vec<PartView>, Parts), PageError> {
        let finest = look.finest(self.window.from)?;
        let spacing = match self.window.zoom {
            Zoom::Day | Zoom::Hour | Zoom::Minute => self.spacing(look)?,
            _ => Span::MINUTE,
        };
        let parts = self.window.parts(&self.zone, finest, spacing);
        Ok((look.course(&self.channel, &parts.edges, parts.grain)?, parts))
    }

    /// How far readings lie apart, from those of the hour around.
    fn spacing(&self, look: &Look) -> Result<Span, PageError> {
        let zoom = if self.window.zoom == Zoom::Day {
            Zoom::Day
        } else {
            Zoom::Hour
        };
        let around = Window::holding(zoom, self.window.from, &self.zone);
        let edges = around.parts(&self.zone, Grain::Minutes, Span::MINUTE).edges;
        let minutes = look.course(&self.channel, &edges, Grain::Minutes)?;
        let read = || minutes.iter().filter(|part| part.count > 0);
        let (Some(first), Some(last)) = (read().next(), read().next_back()) else {
            return Ok(Span::MINUTE);
        };
        let count: u64 = read().map(|part| part.count).sum();
        let whole = last.to_ms - first.from_ms;
        Ok(Span::from_millis(
            whole / i64::try_from(count).unwrap_or(i64::MAX).max(1),
        ))
    }

    fn link(&self, zoom: Zoom, at: Instant) -> String {
        urls::history_at(self.channel.as_str(), zoom.word(), &written(at, zoom, &self.zone))
    }

    fn way(&self, words: String, zoom: Zoom, at: Instant) -> Way {
        Way {
            words,
            link: self.link(zoom, at),
            here: zoom == self.window.zoom,
        }
    }

    /// A moment to stand on when one goes closer: the one that was asked for, but rather one of which something is known.
    fn stand(&self) -> Instant {
        self.window
            .nearest(self.at.max(self.known.since).min(self.known.last))
    }

    fn earlier(&self) -> Option<Way> {
        let at = self.window.earlier(&self.zone);
        let window = Window::holding(self.window.zoom, at, &self.zone);
        let way = || self.way(picture::window_words(window, &self.zone), window.zoom, at);
        (self.window.from > self.known.since && window.from < self.window.from).then(way)
    }

    fn later(&self, now: Instant) -> Option<Way> {
        let at = self.window.later(&self.zone);
        let window = Window::holding(self.window.zoom, at, &self.zone);
        let way = || self.way(picture::window_words(window, &self.zone), window.zoom, at);
        (self.window.to <= now && window.to > self.window.to).then(way)
    }

    /// The windows one step closer in which something may be known.
    fn doors(&self) -> Vec<Door> {
        let mut inner = self.window.inner(&self.zone);
        inner.retain(|window| window.to > self.known.since && window.from <= self.known.last);
        picture::doors(self.window, &inner, &self.zone, |inner| {
            self.link(inner.zoom, inner.from.max(self.window.from))
        })
    }
}

impl HistoryPage {
    fn of(look: &Look, visit: &Visit, place: &(String, String), asked: &Asked) -> Result<Self, PageError> {
        let device = look.device(&place.0)?;
        let question = Question::of(look, place, asked)?;
        let (views, parts) = question.parts(look)?;
        let versions = match question.window.zoom {
            Zoom::Day | Zoom::Hour | Zoom::Minute => look.roll_up_versions(question.window.from)?,
            _ => Vec::new(),
        };
        let layout = Layout {
            back: question.link(question.window.zoom, question.at),
            ..Layout::new(look, visit, Here::Devices)
        };
        let page = Self::new(layout, &question, &views, &parts, look.now());
        Ok(Self {
            title: title(&page.name, &device.label, &page.window),
            label: device.label,
            back: urls::device(&place.0),
            notes: notes(&question, &parts, &versions, look.now()),
            ..page
        })
    }

    fn new(layout: Layout, question: &Question, views: &[PartView], parts: &Parts, now: Instant) -> Self {
        let (window, zone, stand) = (question.window, &question.zone, question.stand());
        let way = |zoom: Zoom, words: &str| question.way(say(words), zoom, stand);
        let at = written(question.at, window.zoom, zone);
        Self {
            layout,
            label: String::new(),
            back: String::new(),
            name: point::name(question.channel.point()),
            window: picture::window_words(window, zone),
            title: String::new(),
            picture: Picture::of(views, window, question.known.unit, zone, now),
            caption: caption(window.zoom, parts),
            notes: Vec::new(),
            zooms: Zoom::all().map(|zoom| way(zoom, zoom_word(zoom))).collect(),
            earlier: question.earlier(),
            later: question.later(now),
            closer: window.zoom.closer().map(|zoom| way(zoom, "history-closer")),
            wider: window.zoom.wider().map(|zoom| way(zoom, "history-wider")),
            doors: question.doors(),
            action: urls::history(question.channel.as_str()),
            span: window.zoom.word(),
            date: Field::holding(&zone.date_of(question.at).to_string()),
            time: show::clock(zone, question.at),
            latest: zone.date_of(now).to_string(),
            csv: urls::history_csv(question.channel.as_str(), window.zoom.word(), &at),
        }
    }

    /// A voltage in the course of a day, with a gap.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        let (zone, now) = crate::home::samples::afternoon();
        let window = Window::holding(Zoom::Day, now, &zone);
        let parts = window.parts(&zone, Grain::Minutes, Span::from_secs(10));
        let view = |(index, edges): (i64, &[Instant])| {
            let there = edges[1] <= now && !(40..60).contains(&index);
            PartView {
                from_ms: edges[0].as_millis(),
                to_ms: edges[1].as_millis(),
                min: there.then_some(2_290 + index % 20),
                mean: there.then_some(2_300 + index % 20),
                max: there.then_some(2_320 + index % 20),
                count: if there { 30 } else { 0 },
                energy_mwh: None,
                why: (!there && edges[1] <= now).then_some("no-answer"),
            }
        };
        let views: Vec<PartView> = (0..).zip(parts.edges.windows(2)).map(view).collect();
        let question = Question {
            channel: Channel::parse("grid-meter/voltage_l1").expect("a channel"),
            known: CourseSpan {
                unit: units::Unit::Decivolts,
                since: now - Span::DAY.times(3_000),
                last: now,
            },
            window,
            at: now,
            zone,
        };
        let versions = [now - Span::DAY.times(2), now - Span::DAY];
        Self {
            title: title("Voltage L1", "Street <meter>", "Tuesday"),
            label: "Street <meter>".to_owned(),
            back: urls::device("grid-meter"),
            notes: notes(&question, &parts, &versions, now),
            ..Self::new(Layout::sample(), &question, &views, &parts, now)
        }
    }
}

impl Asked {
    /// The moment that is asked for, if any is.
    fn moment(&self, zone: &Zone) -> Result<Option<Instant>, PageError> {
        let refused = || PageError::BadQuestion(say("history-date-refused"));
        if !self.date.trim().is_empty() {
            let date = Date::parse(self.date.trim()).map_err(|_| refused())?;
            let (hour, minute) = match self.time.trim() {
                "" => (12, 0),
                time => hour_and_minute(time).ok_or_else(refused)?,
            };
            return Ok(Some(zone.moment(date, hour, minute)));
        }
        match self.at.trim() {
            "" => Ok(None),
            at => read(at, zone).map(Some).ok_or_else(refused),
        }
    }
}

fn hour_and_minute(text: &str) -> Option<(u8, u8)> {
    let mut parts = text.split(':');
    let hour = parts.next()?.parse().ok().filter(|hour| *hour < 24)?;
    let minute = parts.next()?.parse().ok().filter(|minute| *minute < 60)?;
    Some((hour, minute))
}

/// A moment as addresses have it: `2026-06-16` for longer windows, `2026-06-16T14:05` for shorter ones, and with the distance
/// from universal time in the hour that comes twice.
fn written(at: Instant, zoom: Zoom, zone: &Zone) -> String {
    let date = zone.date_of(at);
    if !matches!(zoom, Zoom::Hour | Zoom::Minute) {
        return date.to_string();
    }
    let text = format!("{date}T{}", show::clock(zone, at));
    let minute = at.floor(Span::MINUTE);
    match read(&text, zone) {
        Some(same) if same.floor(Span::MINUTE) == minute => text,
        _ => {
            let ahead = zone.wall_clock(at).offset_minutes;
            let sign = if ahead < 0 { '-' } else { '+' };
            let ahead = ahead.unsigned_abs();
            format!("{text}{sign}{:02}:{:02}", ahead / 60, ahead % 60)
        }
    }
}

fn read(text: &str, zone: &Zone) -> Option<Instant> {
    let Some((date, time)) = text.split_once('T') else {
        return Date::parse(text).ok().map(|date| zone.moment(date, 12, 0));
    };
    let date = Date::parse(date).ok()?;
    let (hour, minute) = hour_and_minute(time.get(..5)?)?;
    let ahead = time.get(5..)?;
    if ahead.is_empty() {
        return Some(zone.moment(date, hour, minute));
    }
    let (hours, minutes) = hour_and_minute(ahead.get(1..)?)?;
    let ahead_by = Span::MINUTE.times(i64::from(hours) * 60 + i64::from(minutes));
    let at = Zone::utc().moment(date, hour, minute);
    match ahead.as_bytes().first()? {
        b'-' => Some(at + ahead_by),
        b'+' => Some(at - ahead_by),
        _ => None,
    }
}

fn title(name: &str, device: &str, window: &str) -> String {
    let places = [
        ("name", name.into()),
        ("device", device.into()),
        ("window", window.into()),
    ];
    say_with("history-picture", places)
}

fn zoom_word(zoom: Zoom) -> &'static str {
    match zoom {
        Zoom::Decade => "history-decade",
        Zoom::Year => "step-year",
        Zoom::Month => "step-month",
        Zoom::Week => "step-week",
        Zoom::Day => "step-day",
        Zoom::Hour => "history-hour",
        Zoom::Minute => "history-minute",
    }
}

/// What a point of the picture is.
fn caption(zoom: Zoom, parts: &Parts) -> String {
    let seconds = parts.length.map_or(0, Span::as_secs);
    let length = match (zoom, seconds) {
        (Zoom::Decade, _) => say("history-a-month"),
        (Zoom::Year, _) => say("history-a-day"),
        (_, 3_600) => say("history-an-hour"),
        (_, 60) => say("history-a-minute"),
        (_, 1) => say("history-a-second"),
        (_, seconds) if seconds % 60 == 0 => say_with("history-minutes", [("count", (seconds / 60).into())]),
        (_, seconds) => say_with("history-seconds", [("count", seconds.into())]),
    };
    say_with("history-caption", [("length", length.into())])
}

/// What else there is to know of how the picture came about.
fn notes(question: &Question, parts: &Parts, versions: &[Instant], now: Instant) -> Vec<String> {
    let mut notes = Vec::new();
    let close = matches!(question.window.zoom, Zoom::Hour | Zoom::Minute);
    match parts.grain {
        Grain::Minutes if close => notes.push(say("history-only-minutes")),
        Grain::Quarters if close || question.window.zoom == Zoom::Day => {
            notes.push(say("history-only-quarters"));
        }
        _ => {}
    }
    if let [_, .., last] = versions {
        let at = show::moment(&question.zone, now, *last);
        let version = i64::try_from(versions.len()).unwrap_or(i64::MAX);
        notes.push(say_with(
            "history-version",
            [("version", version.to_string().into()), ("at", at.into())],
        ));
    }
    if parts.grain != Grain::Readings
        && matches!(question.known.unit, units::Unit::Watts | units::Unit::WattHours)
    {
        notes.push(say("history-energy"));
    }
    notes
}

#[cfg(test)]
mod tests {
    use energy::calendar::Zone;
    use units::{Instant, Span};

    use super::zoom::Zoom;
    use super::{read, written};

    #[test]
    fn moments_in_addresses_are_read_again_also_in_the_hour_that_comes_twice() {
        let zone = Zone::parse("Europe/London").expect("a zone");
        let first = Instant::from_millis(1_792_888_200_000);
        for at in [first, first + Span::HOUR, first + Span::HOUR.times(2)] {
            let text = written(at, Zoom::Hour, &zone);
            assert_eq!(read(&text, &zone), Some(at), "{text}");
        }
        assert_eq!(written(first, Zoom::Hour, &zone), "2026-10-25T01:30");
        assert_eq!(
            written(first + Span::HOUR, Zoom::Hour, &zone),
            "2026-10-25T01:30+00:00"
        );
        for bad in [
            "",
            "x",
            "2026-13-01",
            "2026-06-16T24:00",
            "2026-06-16T1",
            "2026-06-16T12:00x01:00",
            "2026-06-16T12:0\u{e9}",
        ] {
            assert_eq!(read(bad, &zone), None, "{bad}");
        }
    }
}
