//! The recorder over hours and days of virtual time, on a real store.
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use acts::Site;
use acts::live::{Live, StoreLive};
use bus::{DeviceHealth, Update, Value};
use devices::profile;
use store::{Batch, Known, Options, Resolution, Store};
use tokio::sync::{Mutex, mpsc, watch};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use units::{Channel, Instant, Number, Quantity, Reading, Span, Unit};

use super::Recorder;
use crate::backups::Backups;
use crate::buses::BusTable;
use crate::supervisor::TaskTable;

/// Noon, 2026-06-16.
const NOW: Instant = Instant::from_millis(1_781_607_600_000);
const YEAR: Span = Span::from_secs(365 * 24 * 3_600);

const SITE: &str = r#"
[place]
name = "The Hall"
time_zone = "Europe/London"
currency = "GBP"
latitude = 51.464
longitude = -2.563

[[bus]]
name = "cupboard"
kind = "serial"
port = "/dev/ttyUSB0"

[[device]]
name = "street"
bus = "cupboard"
unit = 1
profile = "eastron-sdm630"
role = "grid"
rated_power = 20000
"#;

/// A recorder that runs, with a clock that goes with virtual time and can be set ahead.
struct Scene {
    store: Store,
    updates: mpsc::Sender<Update>,
    ahead_ms: Arc<AtomicI64>,
    begun: tokio::time::Instant,
    live: watch::Receiver<Arc<Live>>,
    stop: CancellationToken,
    task: JoinHandle<anyhow::Result<()>>,
    site: watch::Sender<Arc<Site>>,
    _folder: tempfile::TempDir,
}

fn scene(kept: &[Instant]) -> Scene {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), Options::default()).unwrap();
    store
        .record_and_wait(Batch {
            readings: kept.iter().map(|at| reading(*at)).collect(),
            channels: [(channel(), Unit::Watts)].into(),
            ..Batch::default()
        })
        .unwrap();
    let (site, site_seen) = watch::channel(Arc::new(Site::parse(SITE).unwrap()));
    let (updates, from_buses) = mpsc::channel(256);
    let (live, live_seen) = watch::channel(Arc::new(nothing_yet()));
    let (begun, ahead_ms) = (tokio::time::Instant::now(), Arc::new(AtomicI64::new(0)));
    let ahead = Arc::clone(&ahead_ms);
    let recorder = Recorder {
        store: store.clone(),
        site: site_seen,
        updates: Arc::new(Mutex::new(from_buses)),
        live: Arc::new(live),
        buses: BusTable::default(),
        tasks: TaskTable::default(),
        backups: Backups::default(),
        clock: Arc::new(move || {
            NOW + Span::from(begun.elapsed()) + Span::from_millis(ahead.load(Ordering::Relaxed))
        }),
        started: NOW,
        standing: None,
        tidying: Arc::default(),
    };
    let stop = CancellationToken::new();
    #[expect(clippy::disallowed_methods, reason = "the test ends it")]
    let task = tokio::spawn(recorder.run(stop.clone()));
    Scene {
        store,
        updates,
        ahead_ms,
        begun,
        live: live_seen,
        stop,
        task,
        site,
        _folder: folder,
    }
}

impl Scene {
    fn now(&self) -> Instant {
        NOW + Span::from(self.begun.elapsed()) + Span::from_millis(self.ahead_ms.load(Ordering::Relaxed))
    }

    fn set_ahead(&self, by: Span) {
        self.ahead_ms.store(by.as_millis(), Ordering::Relaxed);
    }

    async fn read(&self) {
        self.updates.send(update(self.now())).await.unwrap();
    }

    async fn end(self) -> Store {
        self.stop.cancel();
        self.task.await.unwrap().unwrap();
        self.store
    }
}

fn nothing_yet() -> Live {
    Live {
        at: NOW,
        started: NOW,
        power: Err(Vec::new()),
        devices: Vec::new(),
        buses: Vec::new(),
        tasks: Vec::new(),
        store: StoreLive::default(),
        troubles: Vec::new(),
    }
}

fn channel() -> Channel {
    Channel::parse("street/power").unwrap()
}

fn reading(at: Instant) -> Reading {
    Reading {
        channel: channel(),
        at,
        outcome: Ok(Number::exact(500)),
    }
}

fn update(at: Instant) -> Update {
    let points: Arc<[_]> = profile::find("eastron-sdm630").unwrap().points.clone().into();
    let point = points
        .iter()
        .find(|point| point.quantity == Quantity::Power)
        .unwrap();
    let value = Value {
        reading: Reading {
            channel: Channel::parse(&format!("street/{}", point.name)).unwrap(),
            ..reading(at)
        },
        raw: Vec::new(),
    };
    Update {
        device: units::DeviceName::parse("street").unwrap(),
        values: vec![value],
        health: DeviceHealth::default(),
        trouble: None,
        identity: None,
        points,
    }
}

/// Half a day of virtual seconds go by, so that everything that is due is done.
async fn pass(time: Span) {
    tokio::time::sleep(Duration::from_millis(time.as_millis().unsigned_abs())).await;
}

fn oldest(store: &Store) -> Instant {
    store.facts().oldest_reading.unwrap()
}

#[tokio::test(start_paused = true)]
async fn readings_are_kept_for_ninety_days_and_a_day_is_given_up_at_a_time() {
    let days = |days: i64| NOW - Span::DAY.times(days);
    let kept: Vec<Instant> = (0..93).map(days).collect();
    let scene = scene(&kept);
    pass(Span::from_secs(10)).await;
    assert_eq!(oldest(&scene.store), days(91));
    pass(Span::HOUR).await;
    assert_eq!(oldest(&scene.store), days(90));
    pass(Span::HOUR).await;
    assert_eq!(
        oldest(&scene.store),
        days(90) + Span::HOUR.times(2),
        "to the hour"
    );
    let left = scene.store.readings(&channel(), days(200), NOW).unwrap();
    assert_eq!(left.len(), 89, "none is given up that is younger");
    scene.end().await;
}

#[tokio::test(start_paused = true)]
async fn a_shorter_rule_takes_effect_in_small_steps_and_takes_away_nothing_that_it_keeps() {
    let days = |days: i64| NOW - Span::DAY.times(days);
    let kept: Vec<Instant> = (0..80).map(days).collect();
    let scene = scene(&kept);
    pass(Span::from_secs(10)).await;
    let midnight = |at: Instant| at.floor(Span::DAY);
    let oldest_minutes = |scene: &Scene| scene.store.oldest_minutes().unwrap().unwrap();
    assert_eq!(oldest(&scene.store), days(79), "the usual rule keeps them all");
    assert_eq!(oldest_minutes(&scene), midnight(days(79)));
    let rule = "[store.keep]\nreadings = \"7 days\"\nminutes = \"2 weeks\"\n";
    let site = Site::parse(&SITE.replace("[[bus]]", &format!("{rule}[[bus]]"))).unwrap();
    scene.site.send_replace(Arc::new(site));
    pass(Span::HOUR).await;
    assert_eq!(oldest(&scene.store), days(78), "a day of readings");
    assert_eq!(oldest_minutes(&scene), midnight(days(49)), "a month of minutes");
    pass(Span::HOUR.times(3)).await;
    let raw = oldest(&scene.store);
    assert_eq!(raw, days(75));
    assert_eq!(oldest_minutes(&scene), midnight(days(14)));
    let left = scene
        .store
        .readings(&channel(), days(200), NOW + Span::SECOND)
        .unwrap();
    let young = kept.iter().filter(|at| **at >= raw).count();
    assert_eq!(left.len(), young, "none is given up that is younger");
    let quarters = scene
        .store
        .rollups(&channel(), Resolution::Quarter, days(200), days(1))
        .unwrap();
    let known = |known: &Known| matches!(known, Known::Values(..));
    assert!(
        quarters.iter().filter(|quarter| known(&quarter.known)).count() >= 78,
        "quarters stay"
    );
    scene.end().await;
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_is_a_year_ahead_for_a_minute_gives_up_nothing_and_writes_nothing() {
    let days = |days: i64| NOW - Span::DAY.times(days);
    let kept: Vec<Instant> = (0..80).map(days).collect();
    let mut scene = scene(&kept);
    pass(Span::HOUR - Span::from_secs(30)).await;
    scene.set_ahead(YEAR);
    for _ in 0..60 {
        pass(Span::SECOND).await;
        scene.read().await;
    }
    pass(Span::SECOND).await;
    let troubles = scene.live.borrow_and_update().troubles.clone();
    assert!(
        troubles.iter().any(|trouble| trouble.about == "clock"),
        "{troubles:?}"
    );
    scene.set_ahead(Span::ZERO);
    pass(Span::HOUR).await;
    scene.read().await;
    pass(Span::SECOND).await;
    assert!(scene.live.borrow_and_update().troubles.is_empty());
    let store = scene.end().await;
    assert_eq!(oldest(&store), days(79));
    let newest = store.channels().iter().map(|channel| channel.last).max().unwrap();
    assert!(newest < NOW + Span::DAY, "{newest:?}");
}

#[tokio::test(start_paused = true)]
async fn what_waits_when_the_box_is_stopped_is_written_down() {
    let scene = scene(&[NOW]);
    pass(Span::SECOND).await;
    for millis in 0..200 {
        scene
            .updates
            .send(update(scene.now() - Span::from_millis(millis)))
            .await
            .unwrap();
    }
    let store = scene.end().await;
    let channel = update(NOW).values[0].reading.channel.clone();
    let kept = store
        .readings(&channel, NOW + Span::from_millis(1), NOW + Span::HOUR)
        .unwrap();
    assert_eq!(kept.len(), 200);
}
