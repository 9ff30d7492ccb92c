//! What is true now: power flows, devices, buses, the box itself.

use serde::Serialize;
use units::{Audience, Instant, Span};

use super::{Look, LookError};
use crate::Right;
use crate::live::{
    BackupLive, BackupPlaceLive, BusLive, DeviceLive, DeviceState, PointLive, StoreLive, TaskLive, Trouble,
};
use crate::site::{Retention, SiteDevice};

/// The power flows of the whole site. Fields are `null` where a figure cannot be known from fresh readings. While one
/// side of the house is silent, the sides that do answer are told, and nothing is that would need all of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PowerView {
    /// When the figures were put together, UTC milliseconds.
    pub at_ms: i64,
    /// The oldest of the readings behind them, UTC milliseconds; `null` where there is none.
    pub measured_ms: Option<i64>,
    /// What the roof makes.
    pub production_w: Option<i64>,
    /// What the building uses.
    pub consumption_w: Option<i64>,
    /// What is bought from the street.
    pub import_w: Option<i64>,
    /// What goes out to the street.
    pub export_w: Option<i64>,
    /// What goes into the battery.
    pub charge_w: Option<i64>,
    /// What comes out of the battery.
    pub discharge_w: Option<i64>,
    /// From the sun straight into use.
    pub sun_to_use_w: Option<i64>,
    /// From the sun into the battery.
    pub sun_to_battery_w: Option<i64>,
    /// From the sun out to the street.
    pub sun_to_street_w: Option<i64>,
    /// From the battery into use.
    pub battery_to_use_w: Option<i64>,
    /// From the battery out to the street.
    pub battery_to_street_w: Option<i64>,
    /// From the street into use.
    pub street_to_use_w: Option<i64>,
    /// From the street into the battery.
    pub street_to_battery_w: Option<i64>,
    /// How full the battery is, in thousandths; `null` without one, or without word from it.
    pub battery_permille: Option<i64>,
    /// Whether the site has any production, a battery, a meter to the street.
    pub has_production: bool,
    /// Whether the site has a battery.
    pub has_battery: bool,
    /// Whether the site has a meter to the street.
    pub has_grid: bool,
    /// Whether the roof sleeps (night) instead of being silent.
    pub roof_asleep: bool,
    /// What the inverters themselves draw, as at night; it counts as use. `null` while they make something.
    pub roof_draws_w: Option<i64>,
    /// Devices whose word is missing or too old: label, since when (UTC milliseconds, `null`: never), why in words.
    pub missing: Vec<(String, Option<i64>, String)>,
}

/// How long answers take, in milliseconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LatencyView {
    /// Half of them are quicker.
    pub middle_ms: i64,
    /// Nineteen of twenty are quicker.
    pub slow_ms: i64,
    /// The slowest remembered.
    pub slowest_ms: i64,
}

/// One device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeviceView {
    /// Its name in channels and addresses.
    pub name: String,
    /// What people call it.
    pub label: String,
    /// `production`, `grid`, `battery` or `consumption`.
    pub role: String,
    /// Maker and model, from its profile.
    pub kind: String,
    /// The profile's name.
    pub profile: String,
    /// The bus it is on.
    pub bus: String,
    /// Its address there.
    pub unit: u8,
    /// `waiting`, `healthy`, `degraded`, `asleep` or `gone`.
    pub state: String,
    /// Whether its values are kept from this onlooker; then `points` is empty.
    pub private: bool,
    /// For whom its values are: `everyone`, `stewards` or `household`.
    pub audience: String,
    /// Its last answer, UTC milliseconds.
    pub last_answer_ms: Option<i64>,
    /// Questions asked since the start.
    pub asked: u64,
    /// Good answers since the start.
    pub answered: u64,
    /// When something last went wrong, UTC milliseconds.
    pub last_error_ms: Option<i64>,
    /// What last went wrong, in words.
    pub last_error: Option<String>,
    /// How long answers take.
    pub latency: Option<LatencyView>,
    /// How long the box waits for an answer at present, in milliseconds.
    pub patience_ms: i64,
    /// Maker, model, version, serial number as the device tells them.
    pub identity: Vec<(String, String)>,
    /// Its values; empty where they are private.
    pub points: Vec<PointView>,
    /// What the ledger says of its counters, in words.
    pub notes: Vec<String>,
}

/// One value of a device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PointView {
    /// Its channel, `device/point`.
    pub channel: String,
    /// The point's own name.
    pub point: String,
    /// What it measures, such as `power`.
    pub quantity: String,
    /// Its scale, such as `decivolts`.
    pub unit: String,
    /// The value as people write it, `230.1 V`; `null` where there is none.
    pub shown: Option<String>,
    /// The value in its scale; `null` where there is none.
    pub value: Option<i64>,
    /// Why there is no value: the word, such as `no-answer`; `null` where there is one or nothing was asked yet.
    pub why: Option<String>,
    /// The same in a sentence.
    pub why_words: Option<String>,
    /// When it was read, UTC milliseconds; `null` before the first time.
    pub at_ms: Option<i64>,
    /// The registers it came from.
    pub registers: String,
    /// The words of the last answer, as hexadecimal.
    pub raw: Vec<String>,
    /// How the words become the value.
    pub meaning: String,
    /// Where the fact about the register comes from, with its grade.
    pub source: String,
}

/// One bus.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BusView {
    /// Its name.
    pub name: String,
    /// What it is, in words.
    pub wire: String,
    /// Why it is down, in words.
    pub down: Option<String>,
    /// Questions since the start.
    pub asked: u64,
    /// Good answers since the start.
    pub answered: u64,
    /// Times that nothing came.
    pub silent: u64,
    /// Answers that the guard refused.
    pub refused: u64,
    /// Bytes that were thrown away.
    pub drained: u64,
    /// Use of the line in the last minute, in thousandths.
    pub busy_permille: u16,
}

/// One task of the program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TaskView {
    /// Its name.
    pub name: String,
    /// Whether it runs.
    pub running: bool,
    /// How often it was started again.
    pub restarts: u32,
    /// Why it last stopped.
    pub last_error: Option<String>,
}

/// The store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StoreView {
    /// Bytes of the file.
    pub file_bytes: u64,
    /// The last commit that was safely down, UTC milliseconds.
    pub last_commit_ms: Option<i64>,
    /// How long it took, in milliseconds.
    pub commit_took_ms: i64,
    /// Commits since the start.
    pub commits: u64,
    /// Bytes sent to the card since the start; `null` where the system does not tell.
    pub card_bytes: Option<u64>,
    /// Readings that wait in memory.
    pub waiting: u64,
    /// Why nothing can be written.
    pub trouble: Option<String>,
    /// For how long what was read is kept.
    pub kept: KeptView,
    /// Its backups.
    pub backup: BackupView,
}

/// For how long what was read is kept, in days; `null` is for ever. Sums of a quarter of an hour and longer, and the ledger, are
/// kept for ever.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct KeptView {
    /// Readings one by one.
    pub readings_days: Option<i64>,
    /// Sums of minutes.
    pub minutes_days: Option<i64>,
}

/// The backups of the box.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct BackupView {
    /// Whether there is a recovery phrase, to whose key they are sealed.
    pub has_phrase: bool,
    /// Whether one is being made.
    pub running: bool,
    /// How many times the box has tried since its start.
    pub runs: u64,
    /// Where they go; empty where none are made.
    pub places: Vec<BackupPlaceView>,
}

/// A place for backups.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BackupPlaceView {
    /// The folder.
    pub place: String,
    /// Whether it is a stick, which may be in or out.
    pub is_stick: bool,
    /// From when the newest whole backup is, UTC milliseconds.
    pub newest_ms: Option<i64>,
    /// How many backups lie there.
    pub count: usize,
    /// How many bytes were written for the last one since the start.
    pub bytes: Option<u64>,
    /// Why none can be made.
    pub trouble: Option<String>,
}

/// Something that somebody should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TroubleView {
    /// What it is about.
    pub about: String,
    /// What is wrong and what to do now.
    pub sentence: String,
    /// Whether somebody must act.
    pub must_act: bool,
}

/// How the box itself is doing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BoxView {
    /// The version of Hearth.
    pub version: String,
    /// The name of the place.
    pub place: String,
    /// The box's time, UTC milliseconds.
    pub now_ms: i64,
    /// When it started, UTC milliseconds.
    pub started_ms: i64,
    /// Buses in the order of `site.toml`.
    pub buses: Vec<BusView>,
    /// Tasks of the program.
    pub tasks: Vec<TaskView>,
    /// The store.
    pub store: StoreView,
    /// What somebody should know, the gravest first.
    pub troubles: Vec<TroubleView>,
}

/// One line of the audit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditView {
    /// Its number.
    pub number: u64,
    /// When, UTC milliseconds.
    pub at_ms: i64,
    /// Who.
    pub actor: String,
    /// By which way: `page`, `command`, `box`.
    pub via: String,
    /// The act's name.
    pub act: String,
    /// What was done, in words.
    pub sentence: String,
    /// To what.
    pub subject: String,
    /// With what.
    pub detail: String,
}

impl Look {
    /// The power flows of the whole site, which are for everybody.
    pub fn power(&self) -> PowerView {
        let live = &self.live;
        super::energy::power_view(&live.power, live, &self.site)
    }

    /// How the box is doing.
    pub fn the_box(&self) -> BoxView {
        let live = &self.live;
        BoxView {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            place: self.site.place.name.clone(),
            now_ms: self.now.as_millis(),
            started_ms: live.started.as_millis(),
            buses: live.buses.iter().map(bus_view).collect(),
            tasks: live.tasks.iter().map(task_view).collect(),
            store: store_view(&live.store, &self.site.keep),
            troubles: live.troubles.iter().map(trouble_view).collect(),
        }
    }

    /// All devices in the order of `site.toml`. Of one whose values are kept from the actor, the state is told
    /// and nothing that was measured.
    pub fn devices(&self) -> Vec<DeviceView> {
        self.site
            .devices
            .iter()
            .map(|device| self.device_view(device))
            .collect()
    }

    /// One device.
    pub fn device(&self, name: &str) -> Result<DeviceView, LookError> {
        let device = self
            .site
            .device(name)
            .ok_or_else(|| LookError::NotThere(format!("device {name:?}")))?;
        Ok(self.device_view(device))
    }

    /// At most `count` lines of the audit that are about nobody's data, newest first, from below the line with the number `below` on.
    pub fn audit(&self, below: Option<u64>, count: usize) -> Result<Vec<AuditView>, LookError> {
        if !self.may(Right::LookPublic) {
            return Err(LookError::NotThere("record".to_owned()));
        }
        let (mut shown, mut below) = (Vec::new(), below);
        while shown.len() < count {
            let lines = self.store.audit_entries(below, count.max(100))?;
            let Some(last) = lines.last() else { break };
            below = Some(last.number);
            let for_all = lines
                .into_iter()
                .filter(|line| line.entry.whose == store::Whose::Nobody);
            shown.extend(for_all.map(audit_view));
        }
        shown.truncate(count);
        Ok(shown)
    }

    fn device_view(&self, device: &SiteDevice) -> DeviceView {
        let live = self.live.devices.iter().find(|live| live.name == device.name);
        let private = !self.sees(&device.audience);
        let audience = match &device.audience {
            Audience::Everyone => "everyone",
            Audience::Stewards => "stewards",
            Audience::Household(_) => "household",
        };
        let points = live
            .filter(|_| !private)
            .map(|live| live.points.iter().map(point_view).collect());
        DeviceView {
            name: device.name.to_string(),
            label: device.label.clone(),
            role: device.role.name().to_owned(),
            kind: format!("{} {}", device.profile.maker, device.profile.model),
            profile: device.profile.id.clone(),
            bus: device.bus.to_string(),
            unit: device.unit,
            state: live
                .map_or(DeviceState::Waiting, |live| live.state)
                .name()
                .to_owned(),
            private,
            audience: audience.to_owned(),
            last_answer_ms: live.and_then(|live| live.last_answer).map(Instant::as_millis),
            asked: live.map_or(0, |live| live.asked),
            answered: live.map_or(0, |live| live.answered),
            last_error_ms: live
                .and_then(|live| live.last_error.as_ref())
                .map(|error| error.0.as_millis()),
            last_error: live
                .and_then(|live| live.last_error.as_ref())
                .map(|error| error.1.clone()),
            latency: live.and_then(latency_view),
            patience_ms: live.map_or(Span::ZERO, |live| live.patience).as_millis(),
            identity: live.map(|live| live.identity.clone()).unwrap_or_default(),
            points: points.unwrap_or_default(),
            notes: live
                .filter(|_| !private)
                .map(|live| live.notes.clone())
                .unwrap_or_default(),
        }
    }
}

fn latency_view(live: &DeviceLive) -> Option<LatencyView> {
    let latency = live.latency?;
    Some(LatencyView {
        middle_ms: latency.middle.as_millis(),
        slow_ms: latency.slow.as_millis(),
        slowest_ms: latency.slowest.as_millis(),
    })
}

fn point_view(point: &PointLive) -> PointView {
    let outcome = point.reading.as_ref().map(|reading| reading.outcome);
    let value = outcome.and_then(Result::ok).map(|number| number.value);
    let why = outcome.and_then(Result::err);
    PointView {
        channel: point.channel.to_string(),
        point: point.channel.point().to_owned(),
        quantity: point.quantity.name().to_owned(),
        unit: point.unit.name().to_owned(),
        shown: value.map(|value| point.unit.show(value)),
        value,
        why: why.map(|why| why.name().to_owned()),
        why_words: why.map(|why| why.to_string()),
        at_ms: point.reading.as_ref().map(|reading| reading.at.as_millis()),
        registers: point.registers.to_string(),
        raw: point.raw.iter().map(|word| format!("{word:04x}")).collect(),
        meaning: point.meaning.to_string(),
        source: point.source.to_string(),
    }
}

fn bus_view(bus: &BusLive) -> BusView {
    BusView {
        name: bus.name.to_string(),
        wire: bus.wire.clone(),
        down: bus.down.clone(),
        asked: bus.asked,
        answered: bus.answered,
        silent: bus.silent,
        refused: bus.refused,
        drained: bus.drained,
        busy_permille: bus.busy_permille,
    }
}

fn task_view(task: &TaskLive) -> TaskView {
    TaskView {
        name: task.name.clone(),
        running: task.running,
        restarts: task.restarts,
        last_error: task.last_error.clone(),
    }
}

fn store_view(store: &StoreLive, keep: &Retention) -> StoreView {
    let days = |span: Span| span.as_secs() / Span::DAY.as_secs();
    StoreView {
        file_bytes: store.file_bytes,
        last_commit_ms: store.last_commit.map(Instant::as_millis),
        commit_took_ms: store.commit_took.as_millis(),
        commits: store.commits,
        card_bytes: store.card_bytes,
        waiting: store.waiting,
        trouble: store.trouble.clone(),
        kept: KeptView {
            readings_days: keep.readings().map(days),
            minutes_days: keep.minutes().map(days),
        },
        backup: backup_view(&store.backup),
    }
}

fn backup_view(backup: &BackupLive) -> BackupView {
    let place = |place: &BackupPlaceLive| BackupPlaceView {
        place: place.place.clone(),
        is_stick: place.is_stick,
        newest_ms: place.newest.map(Instant::as_millis),
        count: place.count,
        bytes: place.bytes,
        trouble: place.trouble.clone(),
    };
    BackupView {
        has_phrase: backup.has_phrase,
        running: backup.running,
        runs: backup.runs,
        places: backup.places.iter().map(place).collect(),
    }
}

fn trouble_view(trouble: &Trouble) -> TroubleView {
    TroubleView {
        about: trouble.about.clone(),
        sentence: trouble.sentence.clone(),
        must_act: trouble.must_act,
    }
}

fn audit_view(line: store::AuditLine) -> AuditView {
    AuditView {
        number: line.number,
        at_ms: line.entry.at.as_millis(),
        actor: line.entry.actor,
        via: line.entry.via,
        sentence: crate::record::sentence(&line.entry.act).to_owned(),
        act: line.entry.act,
        subject: line.entry.subject,
        detail: line.entry.detail,
    }
}
