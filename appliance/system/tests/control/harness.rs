//! A box without hardware: what it was asked to do is remembered, what it says is put in by the test.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use acts::live::{BusLive, DeviceLive, DeviceState, StoreLive, TaskLive};
use acts::{Acts, Effects, Frame, Frames, Later, Live, RawRead, Site};
use store::{Batch, Options, Store};
use system::client::Client;
use system::control::{ControlError, Extras, Limits, serve};
use tempfile::TempDir;
use tokio::sync::{broadcast, watch};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use units::{Channel, DeviceName, Instant, Number, Reading, Span, Unit};

/// When it is in these tests.
pub(crate) const NOW: Instant = Instant::from_millis(1_781_611_200_000);

const SITE: &str = r#"
[place]
name = "Old Fire Station"
time_zone = "Europe/London"
currency = "GBP"
latitude = 51.4
longitude = -2.6

[[bus]]
name = "cupboard"
kind = "serial"
port = "/dev/ttyUSB0"

[[device]]
name = "grid-meter"
label = "Meter at the street"
bus = "cupboard"
unit = 1
profile = "eastron-sdm630"
role = "grid"
rated_power = 20000

[[device]]
name = "flat-1"
bus = "cupboard"
unit = 11
profile = "eastron-sdm120"
role = "consumption"
audience = "household:flat-1"
rated_power = 10000
"#;

/// The register for which nobody ever answers.
pub(crate) const DEAD: u16 = 0xdead;

/// A world that only remembers.
pub(crate) struct Memory {
    pub(crate) asked: Mutex<Vec<RawRead>>,
    pub(crate) frames: broadcast::Sender<Frame>,
}

impl Effects for Memory {
    fn random(&self, bytes: &mut [u8]) {
        bytes.fill(7);
    }

    fn now(&self) -> Instant {
        NOW
    }

    fn site_text(&self) -> Result<String, String> {
        Ok(SITE.to_owned())
    }

    fn write_site(&self, _text: &str) -> Result<(), String> {
        Ok(())
    }

    fn reload(&self) -> Later<'_, Result<String, String>> {
        Box::pin(async { Ok("site.toml was read again; nothing changed".to_owned()) })
    }

    fn read(&self, question: RawRead) -> Later<'_, Result<Vec<u16>, String>> {
        let count = question.count;
        let dead = question.address == DEAD;
        self.asked.lock().expect("no test panics with it").push(question);
        Box::pin(async move {
            if dead {
                // A device that never answers, and a bus that never says so.
                std::future::pending::<()>().await;
            }
            Ok((0..count).map(|word| word * 3).collect())
        })
    }

    fn watch(&self, bus: &DeviceName) -> Result<Box<dyn Frames>, String> {
        if bus.as_str() == "cupboard" {
            Ok(Box::new(self.frames.subscribe()))
        } else {
            Err(format!("there is no bus {bus}; `hearth status` lists them"))
        }
    }
}

/// A running control interface.
pub(crate) struct TestBox {
    pub(crate) world: Arc<Memory>,
    pub(crate) store: Store,
    pub(crate) socket: PathBuf,
    pub(crate) stop: CancellationToken,
    pub(crate) served: JoinHandle<Result<(), ControlError>>,
    _folder: TempDir,
    _live: watch::Sender<Arc<Live>>,
    _site: watch::Sender<Arc<Site>>,
}

impl TestBox {
    pub(crate) fn start() -> Self {
        Self::with(Limits::default())
    }

    #[expect(clippy::disallowed_methods, reason = "a test is its own supervisor")]
    pub(crate) fn with(limits: Limits) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path(), Options::default()).expect("a new store");
        let world = Arc::new(Memory {
            asked: Mutex::default(),
            frames: broadcast::channel(64).0,
        });
        let (live_in, live) = watch::channel(Arc::new(live()));
        let (site_in, site) = watch::channel(Arc::new(Site::parse(SITE).expect("a good site")));
        let acts = Acts::new(store.clone(), Arc::<Memory>::clone(&world), live, site);
        let socket = folder.path().join(system::SOCKET);
        let stop = CancellationToken::new();
        let (place, token) = (socket.clone(), stop.clone());
        let served = tokio::spawn(async move { serve(&place, acts, Extras { limits }, token).await });
        Self {
            world,
            store,
            socket,
            stop,
            served,
            _folder: folder,
            _live: live_in,
            _site: site_in,
        }
    }

    /// A client, as soon as the box listens.
    pub(crate) async fn client(&self) -> Client {
        self.listens().await;
        Client::connect(&self.socket).await.expect("the box listens")
    }

    /// Comes in as soon as somebody else has left.
    pub(crate) async fn free_seat(&self) -> Client {
        let wait = async {
            loop {
                match Client::connect(&self.socket).await {
                    Ok(client) => break client,
                    Err(_) => tokio::task::yield_now().await,
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(10), wait)
            .await
            .expect("a seat becomes free")
    }

    pub(crate) async fn listens(&self) {
        until(|| self.socket.exists()).await;
    }

    /// Stores a reading a second of the meter's power before now: 0 W, 1 W, 2 W …
    pub(crate) fn remember(&self, seconds: i64) {
        let channel = Channel::parse("grid-meter/power").expect("a name");
        let first = NOW - Span::from_secs(seconds);
        let reading = |second| Reading {
            channel: channel.clone(),
            at: first + Span::from_secs(second),
            outcome: Ok(Number::exact(second)),
        };
        let batch = Batch {
            readings: (0..seconds).map(reading).collect(),
            channels: BTreeMap::from([(channel.clone(), Unit::Watts)]),
            ..Batch::default()
        };
        self.store.record_and_wait(batch).expect("it is stored");
    }

    /// Stops it, and waits until it has stopped.
    pub(crate) async fn stop(self) {
        self.stop.cancel();
        let served = tokio::time::timeout(Duration::from_secs(5), self.served).await;
        served
            .expect("in time")
            .expect("without a panic")
            .expect("without a fault");
    }
}

/// Waits until something has become true; a test that waits for ever fails.
pub(crate) async fn until(mut true_now: impl FnMut() -> bool) {
    let mut beat = tokio::time::interval(Duration::from_millis(2));
    let wait = async {
        while !true_now() {
            beat.tick().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), wait)
        .await
        .expect("it becomes true in time");
}

fn live() -> Live {
    let device = |name: &str| DeviceLive {
        name: DeviceName::parse(name).expect("a name"),
        state: DeviceState::Healthy,
        last_answer: Some(NOW),
        asked: 100,
        answered: 99,
        last_error: None,
        latency: None,
        patience: Span::from_millis(300),
        identity: Vec::new(),
        points: Vec::new(),
        trouble: None,
        notes: Vec::new(),
    };
    Live {
        at: NOW,
        started: NOW - Span::HOUR,
        power: Err(Vec::new()),
        devices: vec![device("grid-meter"), device("flat-1")],
        buses: vec![BusLive {
            name: DeviceName::parse("cupboard").expect("a name"),
            wire: "serial /dev/ttyUSB0, 9600 baud 8N1".to_owned(),
            down: None,
            asked: 200,
            answered: 198,
            silent: 1,
            refused: 1,
            drained: 0,
            busy_permille: 120,
        }],
        tasks: vec![TaskLive {
            name: "recorder".to_owned(),
            running: true,
            restarts: 0,
            last_error: None,
        }],
        store: StoreLive::default(),
        troubles: Vec::new(),
    }
}
