//! A house to look at: a roof, a meter to the street, two flats and a cellar that are nobody else's affair, with
//! readings and energy of one morning in the store. Everything that is private has a value of its own that stands
//! nowhere else, so that one that leaks is recognised.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use acts::live::{BusLive, DeviceLive, DeviceState, Latency, PointLive, StoreLive, TaskLive, Trouble};
use acts::{Acts, Doors, Effects, Frames, Later, Live, RawRead, Site};
use energy::{Interval, PowerNow, Quality, Routes};
use members::record::{Kept, Key as _};
use store::{Batch, Change, Options, RowChange, Store};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use units::{Channel, DeviceName, Flow, Instant, Number, Quantity, Reading, Span, Unit, WattHours, Watts};
use web::server::{Limits, listen, serve};

use crate::client::{self, Reply};

/// Noon of a summer's day, 2026-06-16 12:00 UTC.
pub(crate) const NOON: i64 = 1_781_611_200_000;

/// What the roof makes: to be found in many places.
pub(crate) const ROOF_W: i64 = 5_151;

/// A device of the house: name, role, audience, profile, and its power.
type Meter = (&'static str, &'static str, &'static str, &'static str, i64);

/// The devices. The powers of the private ones are the secrets.
pub(crate) const METERS: [Meter; 5] = [
    ("roof", "production", "everyone", "sunspec-inverter", ROOF_W),
    ("grid-meter", "grid", "everyone", "eastron-sdm630", -2_929),
    (
        "flat-1",
        "consumption",
        "household:flat-1",
        "eastron-sdm120",
        77_123,
    ),
    (
        "flat-2",
        "consumption",
        "household:flat-2",
        "eastron-sdm120",
        88_321,
    ),
    ("cellar", "consumption", "stewards", "eastron-sdm120", 66_613),
];

/// The text of its `site.toml`, everything private kept so.
pub(crate) fn site_text() -> String {
    let mut text =
        "[place]\nname = \"Easton Community Centre\"\ntime_zone = \"Europe/London\"\ncurrency = \"GBP\"\n\
                    latitude = 51.464\nlongitude = -2.563\n\n[[bus]]\nname = \"network\"\nkind = \"tcp\"\n\
                    address = \"127.0.0.1:1502\"\n"
            .to_owned();
    for (unit, (name, role, audience, profile, _)) in (1..).zip(METERS) {
        text.push_str(&format!(
            "\n[[device]]\nname = \"{name}\"\nlabel = \"The {name}\"\nbus = \"network\"\nunit = {unit}\n\
             profile = \"{profile}\"\nrole = \"{role}\"\naudience = \"{audience}\"\nrated_power = 100000\n"
        ));
    }
    text
}

/// The same with nothing kept from anybody.
pub(crate) fn open_site_text() -> String {
    METERS.iter().fold(site_text(), |text, meter| {
        text.replace(&format!("audience = \"{}\"", meter.2), "audience = \"everyone\"")
    })
}

/// A port to the world that does nothing.
struct Still(Arc<AtomicI64>, Arc<Doors>);

impl Effects for Still {
    fn random(&self, bytes: &mut [u8]) {
        static DRAWN: AtomicU64 = AtomicU64::new(1);
        for chunk in bytes.chunks_mut(8) {
            let drawn = DRAWN.fetch_add(1, Ordering::Relaxed);
            let mixed = drawn.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
            chunk.copy_from_slice(&mixed.to_be_bytes()[..chunk.len()]);
        }
    }
    fn now(&self) -> Instant {
        Instant::from_millis(self.0.load(Ordering::Relaxed))
    }
    fn site_text(&self) -> Result<String, String> {
        Ok(site_text())
    }
    fn write_site(&self, _: &str) -> Result<(), String> {
        Ok(())
    }
    fn reload(&self) -> Later<'_, Result<String, String>> {
        Box::pin(async { Ok("nothing changed".to_owned()) })
    }
    fn read(&self, _: RawRead) -> Later<'_, Result<Vec<u16>, String>> {
        Box::pin(async { Err("there is no bus".to_owned()) })
    }
    fn watch(&self, _: &DeviceName) -> Result<Box<dyn Frames>, String> {
        Err("there is no bus".to_owned())
    }
    fn doors(&self) -> Arc<Doors> {
        Arc::clone(&self.1)
    }
}

/// A running box.
pub(crate) struct House {
    pub(crate) address: SocketAddr,
    pub(crate) live: watch::Sender<Arc<Live>>,
    pub(crate) store: Store,
    pub(crate) acts: Acts,
    pub(crate) clock: Arc<AtomicI64>,
    pub(crate) stop: CancellationToken,
    pub(crate) served: JoinSet<std::io::Result<()>>,
    _site: watch::Sender<Arc<Site>>,
    _folder: tempfile::TempDir,
}

impl House {
    /// The house with these limits.
    pub(crate) async fn open(limits: Limits) -> Self {
        Self::with(&site_text(), limits).await
    }

    /// The house with another `site.toml`.
    pub(crate) async fn with(site: &str, limits: Limits) -> Self {
        Self::with_doors(site, limits, Arc::default()).await
    }

    /// The same on a network, where it can be reached by these doors.
    pub(crate) async fn with_doors(site: &str, limits: Limits, doors: Arc<Doors>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path(), Options::default()).expect("a store");
        store.record_and_wait(morning()).expect("written");
        let clock = Arc::new(AtomicI64::new(NOON));
        let (live, seen) = watch::channel(Arc::new(live_at(NOON)));
        let (site, read) = watch::channel(Arc::new(Site::parse(site).expect("a good site")));
        let acts = Acts::new(
            store.clone(),
            Arc::new(Still(Arc::clone(&clock), doors)),
            seen,
            read,
        );
        let listener = listen(SocketAddr::from(([127, 0, 0, 1], 0))).expect("a port");
        let address = listener.local_addr().expect("an address");
        let stop = CancellationToken::new();
        let mut served = JoinSet::new();
        served.spawn(serve(listener, acts.clone(), limits, stop.clone()));
        Self {
            address,
            live,
            store,
            acts,
            clock,
            stop,
            served,
            _site: site,
            _folder: folder,
        }
    }

    /// Writes a row of the book.
    pub(crate) fn put<R: Kept>(&self, key: &R::Key, record: &R) {
        let before = self.store.row(R::TABLE, &key.to_key()).expect("readable");
        let row = RowChange {
            table: R::TABLE,
            key: key.to_key(),
            before,
            after: Some(record.encode()),
        };
        let rows = vec![row];
        let lines = Vec::new();
        self.store.change(Change { rows, lines }).expect("written");
    }

    /// Asks for a page.
    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.ask("GET", path, &[]).await
    }

    /// Asks in some way, without a body.
    pub(crate) async fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Reply {
        let asked = client::request(method, path, headers);
        client::send(self.address, asked.as_bytes())
            .await
            .expect("an answer")
    }

    /// The live state moves on by a second.
    pub(crate) fn tick(&self) {
        let at = self.clock.fetch_add(1_000, Ordering::Relaxed) + 1_000;
        self.live.send_replace(Arc::new(live_at(at)));
    }
}

/// Names the point of a device that the readings are of.
pub(crate) fn channel(device: &str) -> Channel {
    Channel::parse(&format!("{device}/power")).expect("a good name")
}

/// Readings each minute and energy each quarter from 08:00 to noon, of every device.
fn morning() -> Batch {
    let mut batch = Batch {
        channels: BTreeMap::new(),
        ..Batch::default()
    };
    for (name, role, .., power) in METERS {
        batch.channels.insert(channel(name), Unit::Watts);
        for minute in 0..240 {
            let at = Instant::from_millis(NOON - minute * 60_000);
            batch.readings.push(Reading {
                channel: channel(name),
                at,
                outcome: Ok(Number::exact(power)),
            });
        }
        let device = DeviceName::parse(name).expect("a good name");
        let flows: &[Flow] = match role {
            "production" => &[Flow::Production],
            "grid" => &[Flow::Import, Flow::Export],
            _ => &[Flow::Consumption],
        };
        for quarter in 1..=16 {
            let start = Instant::from_millis(NOON - quarter * 900_000);
            for flow in flows {
                let interval = Interval::new(start, WattHours(power.abs()), Quality::Measured);
                batch.intervals.push((device.clone(), *flow, interval));
            }
        }
    }
    batch
}

/// What is true at `at`.
pub(crate) fn live_at(at: i64) -> Live {
    let at = Instant::from_millis(at);
    let routes = Routes {
        sun_to_use: Watts(2_222),
        sun_to_battery: Watts(0),
        sun_to_street: Watts(2_929),
        battery_to_use: Watts(0),
        battery_to_street: Watts(0),
        street_to_use: Watts(0),
        street_to_battery: Watts(0),
    };
    let power = PowerNow {
        production: Watts(ROOF_W),
        consumption: Watts(2_222),
        import: Watts(0),
        export: Watts(2_929),
        charge: Watts(0),
        discharge: Watts(0),
        routes,
        clamped: None,
        at: Some(at),
    };
    Live {
        at,
        started: Instant::from_millis(NOON - 3_600_000),
        power: Ok(power),
        devices: METERS.iter().map(|meter| device(meter, at)).collect(),
        buses: vec![BusLive {
            name: DeviceName::parse("network").expect("a good name"),
            wire: "TCP 127.0.0.1:1502".to_owned(),
            down: None,
            asked: 10,
            answered: 9,
            silent: 1,
            refused: 0,
            drained: 0,
            busy_permille: 12,
        }],
        tasks: vec![TaskLive {
            name: "recorder".to_owned(),
            running: true,
            restarts: 0,
            last_error: None,
        }],
        store: StoreLive {
            file_bytes: 4_096,
            last_commit: Some(at),
            card_bytes: Some(8_192),
            ..StoreLive::default()
        },
        troubles: vec![Trouble {
            about: "bus network".to_owned(),
            sentence: "One answer did not come. Nothing is to be done.".to_owned(),
            must_act: false,
        }],
    }
}

fn device(meter: &Meter, at: Instant) -> DeviceLive {
    let (name, .., power) = *meter;
    let point = PointLive {
        channel: channel(name),
        quantity: Quantity::Power,
        unit: Unit::Watts,
        reading: Some(Reading {
            channel: channel(name),
            at,
            outcome: Ok(Number::exact(power)),
        }),
        registers: format!("input 0x000c, 2 words of {name}").into(),
        raw: vec![u16::try_from(power.unsigned_abs() % 65_536).expect("it fits")],
        meaning: "float32".into(),
        source: "the manual (V2)".into(),
    };
    DeviceLive {
        name: DeviceName::parse(name).expect("a good name"),
        state: DeviceState::Healthy,
        last_answer: Some(at),
        asked: 100,
        answered: 99,
        last_error: Some((at, "no answer in time".to_owned())),
        latency: Some(Latency {
            middle: Span::from_millis(10),
            slow: Span::from_millis(20),
            slowest: Span::from_millis(30),
        }),
        patience: Span::from_millis(200),
        identity: vec![("model".to_owned(), "SDM".to_owned())],
        points: vec![point],
        trouble: None,
        notes: vec![format!("the counter stood at {power}")],
    }
}
