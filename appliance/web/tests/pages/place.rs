//! A place to look at: a roof, a meter to the street, a battery, a flat and a hall, with six weeks of energy up to a
//! sunny Tuesday at 14:10. That day has a gap before dawn and a stretch that the counters filled in. All by small
//! formulas, so that every run shows the same.

#[path = "place/live.rs"]
mod live;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use acts::{Acts, Effects, Frames, Later, Live, RawRead, Site};
use energy::{Interval, Quality};
use store::{Batch, Options, Store};
use tokio::sync::watch;
use units::{Channel, DeviceName, Flow, Instant, NoValue, Number, Reading, Unit, WattHours};

/// Tuesday 16 June 2026, 14:10 in London.
pub(crate) const AFTERNOON: i64 = 1_781_615_400_000;
/// The same day at 02:40.
pub(crate) const NIGHT: i64 = 1_781_574_000_000;
/// The first moment of that day.
const MIDNIGHT: i64 = 1_781_564_400_000;
/// Days before it of which energy is known.
const DAYS: i64 = 42;

/// The text of its `site.toml`.
pub(crate) const SITE: &str = r#"
[place]
name = "Easton Community Centre"
time_zone = "Europe/London"
currency = "GBP"
latitude = 51.464
longitude = -2.563

[[bus]]
name = "roof"
kind = "tcp"
address = "192.0.2.7:502"

[[bus]]
name = "cupboard"
kind = "serial"
port = "/dev/ttyUSB0"
baud = 9600

[[device]]
name = "roof"
label = "Roof"
bus = "roof"
unit = 1
profile = "sunspec-inverter"
role = "production"
rated_power = 12000

[[device]]
name = "street"
label = "Street meter"
bus = "cupboard"
unit = 2
profile = "eastron-sdm630"
role = "grid"
rated_power = 25000

[[device]]
name = "battery"
label = "Battery in the cellar"
bus = "roof"
unit = 3
profile = "sunspec-battery"
role = "battery"
rated_power = 5000

[[device]]
name = "flat-1"
label = "Flat 1"
bus = "cupboard"
unit = 11
profile = "eastron-sdm120"
role = "consumption"
audience = "household:flat-1"
rated_power = 10000

[[device]]
name = "hall"
label = "Hall"
bus = "cupboard"
unit = 12
profile = "eastron-sdm120"
role = "consumption"
audience = "everyone"
rated_power = 10000
"#;

/// What is the matter at the place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    /// A sunny afternoon; all answer.
    Sunny,
    /// Night; the inverter sleeps and draws a little.
    Night,
    /// The roof has been silent for five minutes, and the box says so.
    RoofSilent,
}

/// A port to the world that only remembers.
pub(crate) struct Remembers {
    clock: Arc<AtomicI64>,
    text: Mutex<String>,
    site: watch::Sender<Arc<Site>>,
}

impl Effects for Remembers {
    fn random(&self, bytes: &mut [u8]) {
        bytes.fill(7);
    }

    fn now(&self) -> Instant {
        Instant::from_millis(self.clock.load(Ordering::Relaxed))
    }
    fn site_text(&self) -> Result<String, String> {
        Ok(self.text.lock().expect("never poisoned").clone())
    }
    fn write_site(&self, text: &str) -> Result<(), String> {
        text.clone_into(&mut self.text.lock().expect("never poisoned"));
        Ok(())
    }
    fn reload(&self) -> Later<'_, Result<String, String>> {
        Box::pin(async {
            let read = Site::parse(&self.text.lock().expect("never poisoned"));
            let site = read.map_err(|faults| faults[0].to_string())?;
            self.site.send_replace(Arc::new(site));
            Ok("it was read again".to_owned())
        })
    }
    fn read(&self, _: RawRead) -> Later<'_, Result<Vec<u16>, String>> {
        Box::pin(async { Err("there is no bus".to_owned()) })
    }
    fn watch(&self, _: &DeviceName) -> Result<Box<dyn Frames>, String> {
        Err("there is no bus".to_owned())
    }
}

/// The place.
pub(crate) struct Place {
    pub(crate) acts: Acts,
    pub(crate) effects: Arc<Remembers>,
    pub(crate) live: watch::Sender<Arc<Live>>,
    pub(crate) clock: Arc<AtomicI64>,
    pub(crate) store: Store,
    mood: Mood,
    _folder: tempfile::TempDir,
}

impl Place {
    /// The place in this mood.
    pub(crate) fn open(mood: Mood) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path(), Options::default()).expect("a store");
        let now = if mood == Mood::Night { NIGHT } else { AFTERNOON };
        for day in (0..=DAYS).rev() {
            store.record_and_wait(energy_of(day, now)).expect("written");
        }
        store.record_and_wait(readings(now)).expect("written");
        let clock = Arc::new(AtomicI64::new(now));
        let (live, seen) = watch::channel(Arc::new(live::at(mood, now)));
        let (site, read) = watch::channel(Arc::new(Site::parse(SITE).expect("a good site")));
        let effects = Arc::new(Remembers {
            clock: Arc::clone(&clock),
            text: Mutex::new(SITE.to_owned()),
            site,
        });
        let acts = Acts::new(store.clone(), effects.clone(), seen, read);
        Self {
            acts,
            effects,
            live,
            clock,
            store,
            mood,
            _folder: folder,
        }
    }

    /// A second goes by.
    pub(crate) fn tick(&self) {
        let now = self.clock.fetch_add(1_000, Ordering::Relaxed) + 1_000;
        self.live.send_replace(Arc::new(live::at(self.mood, now)));
    }
}

/// Watts at a moment: made, used, stored (positive) or given (negative).
fn powers(at: i64) -> [i64; 3] {
    let day = (at - MIDNIGHT).div_euclid(86_400_000);
    let minute = (at - MIDNIGHT).rem_euclid(86_400_000) / 60_000;
    let wobble = |salt: i64| (minute / 5 * 7_919 + day * 104_729 + salt).rem_euclid(97);
    let hill = |middle: i64, half: i64, top: i64| {
        let away = (minute - middle).abs();
        if away >= half {
            0
        } else {
            top * (half * half - away * away) / (half * half)
        }
    };
    // The sunny day itself, and days with more clouds before it.
    let clear = if day == 0 {
        96
    } else {
        25 + (day * 37).rem_euclid(71)
    };
    let dip = if wobble(3) > 80 { 100 - wobble(5) / 2 } else { 100 };
    let made = hill(785, 490, 95) * clear * dip / 100;
    let used =
        1_150 + wobble(1) * 5 + hill(450, 120, 2_400) + hill(770, 105, 2_700) + hill(1_150, 160, 3_400);
    let spare = made - used;
    let stored = if spare > 0 && minute < 720 {
        spare.min(3_000)
    } else {
        0
    };
    let given = if spare < 0 && (1_080..1_440).contains(&minute) {
        (-spare).min(2_200)
    } else {
        0
    };
    let dawn = if spare < 0 && minute < 75 { -spare } else { 0 };
    [made, used, stored - given - dawn]
}

/// The energy of each quarter of a day, so many days before the sunny one, up to `now`.
fn energy_of(days_before: i64, now: i64) -> Batch {
    let start = MIDNIGHT - days_before * 86_400_000;
    let mut batch = Batch::default();
    for quarter in 0..96 {
        let at = start + quarter * 900_000;
        let gap = days_before == 0 && (21..24).contains(&quarter) || days_before == 9;
        if at >= now || gap {
            continue;
        }
        let filled = days_before == 0 && (42..45).contains(&quarter);
        let quality = if filled {
            Quality::Recovered
        } else {
            Quality::Measured
        };
        let share = (now - at).min(900_000);
        let [made, used, stored] = powers(at + 450_000);
        let street = used + stored - made;
        let flows = [
            ("roof", Flow::Production, made),
            ("street", Flow::Import, street.max(0)),
            ("street", Flow::Export, (-street).max(0)),
            ("battery", Flow::Charge, stored.max(0)),
            ("battery", Flow::Discharge, (-stored).max(0)),
        ];
        for (device, flow, watts) in flows {
            let energy = WattHours(watts * share / 3_600_000);
            let interval = Interval::new(Instant::from_millis(at), energy, quality);
            batch.intervals.push((name(device), flow, interval));
        }
    }
    batch
}

/// The power of three devices each minute of the day, with the gap before dawn.
fn readings(now: i64) -> Batch {
    let mut batch = Batch {
        channels: BTreeMap::new(),
        ..Batch::default()
    };
    for device in ["roof", "street", "battery", "hall"] {
        batch.channels.insert(channel(device, "power"), Unit::Watts);
        for minute in 0..(now - MIDNIGHT) / 60_000 {
            let at = MIDNIGHT + minute * 60_000;
            let silent = (315..360).contains(&minute);
            let outcome = if silent {
                Err(NoValue::NoAnswer)
            } else {
                Ok(Number::exact(power_of(device, at)))
            };
            batch.readings.push(Reading {
                channel: channel(device, "power"),
                at: Instant::from_millis(at),
                outcome,
            });
        }
    }
    batch
}

fn power_of(device: &str, at: i64) -> i64 {
    let [made, used, stored] = powers(at);
    let flicker = (at / 60_000 * 31).rem_euclid(120) - 60;
    match device {
        "roof" => made,
        "street" => used + stored - made + flicker,
        "battery" => -stored,
        _ => used / 4 + flicker,
    }
}

fn name(device: &str) -> DeviceName {
    DeviceName::parse(device).expect("a good name")
}

fn channel(device: &str, point: &str) -> Channel {
    Channel::parse(&format!("{device}/{point}")).expect("a good name")
}
