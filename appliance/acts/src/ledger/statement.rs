//! A statement: closed days as lines of JSON, with every hash and salt that a stranger needs to make the hashes again.
//! The lines and the texts that are hashed are described in `docs/technicians/ledger.md`.

use std::fmt;

use energy::calendar::{Date, Zone};
use serde_json::{Value, json};
use store::{Figure, LedgerCorrection, LedgerDay, LedgerLines, LedgerShown, Store, StoreError};
use units::bytes::hex;
use units::{Flow, Instant, Span};

/// The name of this form of statement, in its first line.
const FORM: &str = "hearth-ledger-1";

/// Which days somebody wants a statement of; days of universal time, as the chain has them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// The first day; the oldest where nothing is said.
    pub from: Option<Date>,
    /// The last day; the newest that is closed where nothing is said.
    pub to: Option<Date>,
    /// Only this device.
    pub device: Option<String>,
}

impl Asked {
    /// From when to when.
    fn bounds(&self) -> (Instant, Instant) {
        let utc = Zone::utc();
        let from = self.from.map(|day| utc.start_of(day));
        let to = self.to.map(|day| utc.start_of(day) + Span::DAY);
        (
            from.unwrap_or(Instant::from_millis(i64::MIN)),
            to.unwrap_or(Instant::from_millis(i64::MAX)),
        )
    }
}

impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.from, self.to) {
            (None, None) => f.write_str("all closed days"),
            (Some(from), None) => write!(f, "from {from}"),
            (None, Some(to)) => write!(f, "until {to}"),
            (Some(from), Some(to)) => write!(f, "{from} to {to}"),
        }
    }
}

/// The first line.
pub(super) fn head(place: &str, asked: &Asked, now: Instant) -> String {
    json!({
        "statement": FORM,
        "place": place,
        "from": asked.from.map(|day| day.to_string()),
        "to": asked.to.map(|day| day.to_string()),
        "device": asked.device,
        "made_ms": now.as_millis(),
    })
    .to_string()
}

/// A statement that is being written, day by day.
#[derive(Debug)]
pub struct Statement {
    store: Store,
    devices: Vec<String>,
    from: Instant,
    to: Instant,
    at: Instant,
    head: Option<String>,
    days: u64,
    lines: u64,
    ended: bool,
}

impl Statement {
    pub(super) fn new(store: Store, devices: Vec<String>, asked: &Asked, head: String) -> Self {
        let (from, to) = asked.bounds();
        Self {
            store,
            devices,
            from,
            to,
            at: from,
            head: Some(head),
            days: 0,
            lines: 0,
            ended: false,
        }
    }

    /// The lines of the next day, or nothing after the last. Reads the store: not for async workers.
    pub fn next_lines(&mut self) -> Result<Option<Vec<String>>, StoreError> {
        if let Some(head) = self.head.take() {
            return Ok(Some(vec![head]));
        }
        while !self.ended {
            let devices = &self.devices;
            let wanted = |name: &str| devices.iter().any(|device| device == name);
            let Some(day) = self.store.ledger_day(self.at, &wanted)? else {
                self.ended = true;
                let closing = json!({ "closing": FORM, "days": self.days, "lines": self.lines });
                return Ok(Some(vec![closing.to_string()]));
            };
            self.at = day.until;
            let lines = if day.from < self.to {
                self.day(&day)
            } else {
                self.later(&day)
            };
            if !lines.is_empty() {
                self.days += 1;
                self.lines += u64::try_from(lines.len()).unwrap_or(u64::MAX);
                return Ok(Some(lines));
            }
        }
        Ok(None)
    }

    /// A day that was asked for.
    fn day(&self, day: &LedgerDay) -> Vec<String> {
        let mut lines = vec![day_line(day)];
        for leaf in &day.leaves {
            if let Some(shown) = &leaf.shown {
                lines.extend(leaf_lines(&leaf.hash, shown));
            }
        }
        lines
    }

    /// A day after those that were asked for: only what came for them then.
    fn later(&self, day: &LedgerDay) -> Vec<String> {
        let touches = |one: &LedgerCorrection| self.from <= one.start && one.start < self.to;
        let mut lines = Vec::new();
        for leaf in &day.leaves {
            if let Some(shown) = &leaf.shown
                && let LedgerLines::Corrections(corrections) = &shown.lines
                && corrections.iter().any(touches)
            {
                lines.extend(leaf_lines(&leaf.hash, shown));
            }
        }
        if !lines.is_empty() {
            lines.insert(0, day_line(day));
        }
        lines
    }
}

fn day_line(day: &LedgerDay) -> String {
    let last = Zone::utc().date_of(day.until - Span::from_millis(1));
    let leaves: Vec<String> = day.leaves.iter().map(|leaf| hex(&leaf.hash)).collect();
    json!({
        "day": last.to_string(),
        "from_ms": day.from.as_millis(),
        "until_ms": day.until.as_millis(),
        "kind": if day.as_found { "as-found" } else { "closed" },
        "before": hex(&day.before),
        "entries": day.entries,
        "corrections": day.corrections,
        "leaves": leaves,
        "hash": hex(&day.hash),
    })
    .to_string()
}

fn leaf_lines(hash: &[u8; 32], shown: &LedgerShown) -> Vec<String> {
    let (kind, lines) = match &shown.lines {
        LedgerLines::Entries(entries) => {
            let lines: Vec<Value> = entries
                .iter()
                .map(|(start, figure)| entry(*start, figure))
                .collect();
            ("entries", lines)
        }
        LedgerLines::Corrections(corrections) => {
            ("corrections", corrections.iter().map(correction).collect())
        }
    };
    let leaf = json!({
        "leaf": kind,
        "device": shown.device,
        "flow": Flow::from_code(shown.flow).map_or("", Flow::name),
        "flow_number": shown.flow,
        "salt": hex(&shown.salt),
        "count": lines.len(),
        "hash": hex(hash),
    });
    std::iter::once(leaf)
        .chain(lines)
        .map(|line| line.to_string())
        .collect()
}

fn entry(start: Instant, figure: &Figure) -> Value {
    json!({
        "quarter": moment(start),
        "start_ms": start.as_millis(),
        "wh": figure.energy.0,
        "numbers": numbers(figure),
        "words": words(start, figure),
    })
}

fn correction(one: &LedgerCorrection) -> Value {
    let before = one.before.as_ref();
    json!({
        "correction": one.number,
        "recorded_ms": one.recorded.as_millis(),
        "quarter": moment(one.start),
        "start_ms": one.start.as_millis(),
        "before": before.map(|figure| figure.energy.0),
        "before_numbers": before.map(numbers),
        "wh": one.after.energy.0,
        "numbers": numbers(&one.after),
        "words": words(one.start, &one.after),
    })
}

/// The numbers of quality, causes and time, as they are hashed.
fn numbers(figure: &Figure) -> [u32; 3] {
    [u32::from(figure.quality), figure.causes, u32::from(figure.time)]
}

/// The same for people.
fn words(start: Instant, figure: &Figure) -> String {
    let interval = figure.interval(start);
    format!(
        "{} {} {}",
        interval.quality.name(),
        interval.causes,
        interval.time.name()
    )
}

/// A moment of universal time.
fn moment(at: Instant) -> String {
    let clock = Zone::utc().wall_clock(at);
    format!("{}T{:02}:{:02}Z", clock.date, clock.hour, clock.minute)
}
