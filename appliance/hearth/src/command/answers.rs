//! The parts of the box's answers that tables are made of. The whole answers are the views of `acts` as JSON, and
//! `--json` prints those untouched; a field that a table does not show is not named here.

use serde::Deserialize;

/// How the box is doing, with the power flows.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Status {
    pub(super) version: String,
    pub(super) place: String,
    pub(super) time_zone: String,
    pub(super) now_ms: i64,
    pub(super) started_ms: i64,
    pub(super) buses: Vec<Bus>,
    pub(super) tasks: Vec<Task>,
    pub(super) store: Store,
    pub(super) troubles: Vec<Trouble>,
    pub(super) power: Power,
}

/// The power flows.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Power {
    pub(super) measured_ms: Option<i64>,
    pub(super) production_w: Option<i64>,
    pub(super) consumption_w: Option<i64>,
    pub(super) import_w: Option<i64>,
    pub(super) export_w: Option<i64>,
    pub(super) charge_w: Option<i64>,
    pub(super) discharge_w: Option<i64>,
    pub(super) battery_permille: Option<i64>,
    pub(super) has_production: bool,
    pub(super) has_battery: bool,
    pub(super) has_grid: bool,
    pub(super) roof_asleep: bool,
    pub(super) roof_draws_w: Option<i64>,
    pub(super) missing: Vec<(String, Option<i64>, String)>,
}

/// One bus.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Bus {
    pub(super) name: String,
    pub(super) wire: String,
    pub(super) down: Option<String>,
    pub(super) asked: u64,
    pub(super) answered: u64,
    pub(super) refused: u64,
    pub(super) busy_permille: u16,
}

/// One task of the program.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Task {
    pub(super) name: String,
    pub(super) running: bool,
    pub(super) restarts: u32,
    pub(super) last_error: Option<String>,
}

/// The store.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Store {
    pub(super) file_bytes: u64,
    pub(super) last_commit_ms: Option<i64>,
    pub(super) commit_took_ms: i64,
    pub(super) commits: u64,
    pub(super) card_bytes: Option<u64>,
    pub(super) waiting: u64,
    pub(super) trouble: Option<String>,
    pub(super) kept: Kept,
    pub(super) backup: Backup,
}

/// For how long what was read is kept, in days; nothing is for ever.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Kept {
    pub(super) readings_days: Option<i64>,
    pub(super) minutes_days: Option<i64>,
}

/// The backups of the box.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Backup {
    pub(super) running: bool,
    pub(super) places: Vec<BackupPlace>,
}

/// A place for backups.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct BackupPlace {
    pub(super) place: String,
    pub(super) newest_ms: Option<i64>,
    pub(super) count: usize,
}

/// Something that somebody should know.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Trouble {
    pub(super) about: String,
    pub(super) sentence: String,
    pub(super) must_act: bool,
}

/// One device.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Device {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) role: String,
    pub(super) kind: String,
    pub(super) profile: String,
    pub(super) bus: String,
    pub(super) unit: u8,
    pub(super) state: String,
    pub(super) private: bool,
    pub(super) audience: String,
    pub(super) last_answer_ms: Option<i64>,
    pub(super) asked: u64,
    pub(super) answered: u64,
    pub(super) last_error_ms: Option<i64>,
    pub(super) last_error: Option<String>,
    pub(super) latency: Option<Latency>,
    pub(super) patience_ms: i64,
    pub(super) identity: Vec<(String, String)>,
    pub(super) points: Vec<Point>,
    pub(super) notes: Vec<String>,
}

/// How long a device's answers take.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Latency {
    pub(super) middle_ms: i64,
    pub(super) slow_ms: i64,
    pub(super) slowest_ms: i64,
}

/// One value of a device.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Point {
    pub(super) point: String,
    pub(super) shown: Option<String>,
    pub(super) why_words: Option<String>,
    pub(super) at_ms: Option<i64>,
    pub(super) registers: String,
    pub(super) raw: Vec<String>,
}

/// A channel that has readings.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Channel {
    pub(super) channel: String,
    pub(super) unit: String,
    pub(super) symbol: String,
    pub(super) first_ms: i64,
    pub(super) last_ms: i64,
}

/// One reading.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Reading {
    pub(super) at_ms: i64,
    pub(super) value: Option<i64>,
    pub(super) why: Option<String>,
}

/// Energy over some time.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Totals {
    pub(super) production_wh: Option<i64>,
    pub(super) consumption_wh: Option<i64>,
    pub(super) import_wh: Option<i64>,
    pub(super) export_wh: Option<i64>,
    pub(super) charge_wh: Option<i64>,
    pub(super) discharge_wh: Option<i64>,
    pub(super) self_used_wh: Option<i64>,
    pub(super) self_consumption_permille: Option<u16>,
    pub(super) self_sufficiency_permille: Option<u16>,
    pub(super) quality: String,
    #[serde(default)]
    pub(super) causes: Vec<String>,
    pub(super) quarters: u32,
    pub(super) missing: u32,
}

/// One part of a period.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Part {
    pub(super) from_ms: i64,
    #[serde(flatten)]
    pub(super) totals: Totals,
}

/// Energy over a period.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Energy {
    pub(super) period: String,
    pub(super) kind: String,
    pub(super) parts: Vec<Part>,
    pub(super) totals: Totals,
}

/// One frame of a bus, or how many were missed.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum Seen {
    Frame(Frame),
    Missed { missed: u64 },
}

/// One frame of a bus.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Frame {
    pub(super) at_ms: i64,
    pub(super) gap_us: u64,
    pub(super) direction: String,
    pub(super) bytes: String,
    pub(super) words: String,
}

/// What became of something.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Done {
    #[serde(default)]
    waits: Option<u32>,
}

impl Done {
    /// The line that says it.
    pub(super) fn words(&self) -> String {
        match self.waits {
            None => "Done.\n".to_owned(),
            Some(number) => {
                format!("It waits for a second person as number {number}: hearth members agree {number}\n")
            }
        }
    }
}
