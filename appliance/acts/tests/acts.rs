//! Every act, through the table: who may, what changes, what is recorded, what is refused. And every look: what an
//! audience keeps from whom.
#![expect(clippy::unwrap_used, reason = "a scene that cannot be set up fails its test")]

use std::sync::{Arc, Mutex};

use acts::live::{DeviceLive, DeviceState, Live, PointLive, StoreLive};
use acts::look::LookError;
use acts::{
    ACTS, ActError, ActKind, ActRow, Actor, Acts, Direction, Effects, Frame, Frames, Later, Part, RawRead,
    Right, Site,
};
use devices::frame::Function;
use energy::calendar::{Kind, Period};
use energy::{Interval, Quality};
use store::{Batch, Options, Store};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, watch};
use units::{Channel, DeviceName, Flow, Instant, Number, Quantity, Reading, Span, Unit, WattHours};

const NOW: Instant = Instant::from_millis(1_781_604_000_000);
const TECHNICIAN: Actor = Actor::Technician { uid: 1000 };

const SITE: &str = r#"# The hall.
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
label = "Meter to the street" # by the door
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

[[device]]
name = "cellar"
bus = "cupboard"
unit = 12
profile = "eastron-sdm120"
role = "consumption"
audience = "stewards"
rated_power = 10000
"#;

/// A world that only remembers.
struct Remembers {
    text: Mutex<String>,
    done: Mutex<Vec<String>>,
    /// What is looked at when the site is read again.
    before_reload: Mutex<Option<Box<dyn Fn() + Send>>>,
    frames: broadcast::Sender<Frame>,
}

impl Effects for Remembers {
    fn random(&self, bytes: &mut [u8]) {
        bytes.fill(7);
    }

    fn now(&self) -> Instant {
        NOW
    }

    fn site_text(&self) -> Result<String, String> {
        Ok(self.text.lock().unwrap().clone())
    }

    fn write_site(&self, text: &str) -> Result<(), String> {
        text.clone_into(&mut self.text.lock().unwrap());
        self.done.lock().unwrap().push("wrote site.toml".to_owned());
        Ok(())
    }

    fn reload(&self) -> Later<'_, Result<String, String>> {
        if let Some(look) = &*self.before_reload.lock().unwrap() {
            look();
        }
        self.done.lock().unwrap().push("reloaded".to_owned());
        Box::pin(async { Ok("The site was read again.".to_owned()) })
    }

    fn read(&self, question: RawRead) -> Later<'_, Result<Vec<u16>, String>> {
        self.done
            .lock()
            .unwrap()
            .push(format!("read {}", question.address));
        Box::pin(async move { Ok(vec![7; usize::from(question.count)]) })
    }

    fn watch(&self, bus: &DeviceName) -> Result<Box<dyn Frames>, String> {
        self.done.lock().unwrap().push(format!("watched {bus}"));
        Ok(Box::new(self.frames.subscribe()))
    }
}

struct Scene {
    acts: Acts,
    store: Store,
    world: Arc<Remembers>,
    _folder: tempfile::TempDir,
    _live: watch::Sender<Arc<Live>>,
    site: watch::Sender<Arc<Site>>,
}

fn point(device: &str, value: i64) -> PointLive {
    let channel = Channel::parse(&format!("{device}/power")).unwrap();
    PointLive {
        channel: channel.clone(),
        quantity: Quantity::Power,
        unit: Unit::Watts,
        reading: Some(Reading {
            channel,
            at: NOW,
            outcome: Ok(Number::exact(value)),
        }),
        registers: "input 0x000c, 2 words".into(),
        raw: vec![1, 2],
        meaning: "float32".into(),
        source: "mbmd".into(),
    }
}

fn device(name: &str, value: i64) -> DeviceLive {
    DeviceLive {
        name: DeviceName::parse(name).unwrap(),
        state: DeviceState::Healthy,
        last_answer: Some(NOW),
        asked: 1,
        answered: 1,
        last_error: None,
        latency: None,
        patience: Span::ZERO,
        identity: Vec::new(),
        points: vec![point(name, value)],
        trouble: None,
        notes: vec![format!("a note about {value}")],
    }
}

fn scene() -> Scene {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), Options::default()).unwrap();
    let devices = vec![
        device("street", 500),
        device("flat-1", 77_123),
        device("cellar", 88_456),
    ];
    let readings = devices
        .iter()
        .flat_map(|device| device.points[0].reading.clone())
        .collect();
    let channels = devices
        .iter()
        .map(|device| (device.points[0].channel.clone(), Unit::Watts))
        .collect();
    store
        .record_and_wait(Batch {
            readings,
            channels,
            ..Batch::default()
        })
        .unwrap();
    let live = Live {
        at: NOW,
        started: NOW,
        power: Err(Vec::new()),
        devices,
        buses: Vec::new(),
        tasks: Vec::new(),
        store: StoreLive::default(),
        troubles: Vec::new(),
    };
    let world = Arc::new(Remembers {
        text: Mutex::new(SITE.to_owned()),
        done: Mutex::default(),
        before_reload: Mutex::default(),
        frames: broadcast::channel(4).0,
    });
    let (live, live_seen) = watch::channel(Arc::new(live));
    let (site, site_seen) = watch::channel(Arc::new(Site::parse(SITE).unwrap()));
    let acts = Acts::new(
        store.clone(),
        Arc::<Remembers>::clone(&world),
        live_seen,
        site_seen,
    );
    Scene {
        acts,
        store,
        world,
        _folder: folder,
        _live: live,
        site,
    }
}

fn question() -> RawRead {
    let bus = DeviceName::parse("cupboard").unwrap();
    RawRead {
        bus,
        unit: 1,
        function: Function::Input,
        address: 12,
        count: 2,
    }
}

/// Does one act as somebody.
async fn act(acts: &Acts, actor: &Actor, kind: ActKind) -> Result<(), ActError> {
    match kind {
        ActKind::RenamePlace => acts.rename_place(actor, "The Barn").await.map(drop),
        ActKind::RenameDevice => acts.rename_device(actor, "street", "Street").await.map(drop),
        ActKind::Reload => acts.reload(actor).await.map(drop),
        ActKind::ReadRegisters => acts.read_registers(actor, question()).await.map(drop),
        ActKind::WatchBus => acts.watch_bus(actor, &question().bus).await.map(drop),
        ActKind::CheckLedger => acts.check_ledger(actor).await.map(drop),
        ActKind::ExportLedger => acts
            .ledger_statement(actor, acts::ledger::Asked::default())
            .await
            .map(drop),
        _ => unreachable!("{kind:?} is walked in tests/sign_in"),
    }
}

#[tokio::test]
async fn every_act_is_recorded_and_refused_without_its_right() {
    let of_the_site = |row: &&ActRow| row.part == Part::Site;
    for row in ACTS.iter().filter(of_the_site) {
        let scene = scene();
        assert!(!row.sentence.is_empty() && !row.right.words().is_empty());
        for actor in [Actor::Visitor, TECHNICIAN, Actor::TheBox] {
            let before = scene.store.audit_entries(None, 100).unwrap().len();
            let done = act(&scene.acts, &actor, row.kind).await;
            let entries = scene.store.audit_entries(None, 100).unwrap();
            if actor.may(row.right) {
                assert!(done.is_ok(), "{actor}: {} {done:?}", row.name);
                assert_eq!(entries.len(), before + 1);
                assert_eq!(
                    (entries[0].entry.act.as_str(), entries[0].entry.actor.as_str()),
                    (row.name, actor.to_string().as_str())
                );
            } else {
                assert!(matches!(done, Err(ActError::NotAllowed(right)) if right == row.right));
                assert_eq!(entries.len(), before, "a refusal changes nothing");
            }
        }
    }
}

#[test]
fn a_visitor_may_not_watch_the_bus_and_the_box_may_do_everything() {
    assert!(!Actor::Visitor.may(Right::WatchBus));
    assert!(Right::ALL.iter().all(|right| Actor::TheBox.may(*right)));
}

#[tokio::test]
async fn a_name_that_is_none_is_refused_and_nothing_is_changed() {
    let scene = scene();
    let long = "x".repeat(61);
    for name in [
        "",
        "  ",
        long.as_str(),
        "two\nlines",
        "Street \u{202e}reteM",
        "\u{fffd}\u{fffd}",
    ] {
        let refused = scene.acts.rename_device(&TECHNICIAN, "street", name).await;
        assert!(
            matches!(refused, Err(ActError::BadInput(_))),
            "{name:?}: {refused:?}"
        );
    }
    let absent = scene.acts.rename_device(&TECHNICIAN, "attic", "Attic").await;
    assert!(matches!(absent, Err(ActError::NotThere(_))));
    assert_eq!(*scene.world.text.lock().unwrap(), SITE);
    assert!(scene.world.done.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_change_keeps_the_comments_and_is_read_again() {
    let scene = scene();
    scene
        .acts
        .rename_device(&TECHNICIAN, "street", " Street ")
        .await
        .unwrap();
    let wanted = SITE.replace("\"Meter to the street\"", "\"Street\"");
    assert_eq!(*scene.world.text.lock().unwrap(), wanted);
    assert_eq!(*scene.world.done.lock().unwrap(), ["wrote site.toml", "reloaded"]);
}

#[tokio::test]
async fn what_cannot_be_recorded_is_not_done() {
    let scene = scene();
    let acts = scene.acts.clone().forgetting("the store cannot be opened");
    for kind in [ActKind::RenamePlace, ActKind::RenameDevice] {
        let refused = act(&acts, &Actor::TheBox, kind).await;
        assert!(
            matches!(&refused, Err(ActError::Failed(why)) if why.contains("cannot be opened")),
            "{refused:?}"
        );
    }
    assert_eq!(*scene.world.text.lock().unwrap(), SITE);
    assert!(scene.world.done.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_reload_is_recorded_before_it_is_done() {
    let scene = scene();
    let store = scene.store.clone();
    *scene.world.before_reload.lock().unwrap() = Some(Box::new(move || {
        let entries = store.audit_entries(None, 10).unwrap();
        assert_eq!(
            entries.first().map(|line| line.entry.act.as_str()),
            Some("reload")
        );
    }));
    scene.acts.reload(&TECHNICIAN).await.unwrap();
    assert_eq!(*scene.world.done.lock().unwrap(), ["reloaded"]);
}

#[test]
fn what_is_kept_from_somebody_is_in_no_look() {
    let scene = scene();
    for (actor, hidden) in [
        (Actor::Visitor, vec!["77123", "88456"]),
        (TECHNICIAN, vec!["77123"]),
    ] {
        let look = scene.acts.look(actor.clone());
        let devices = look.devices();
        let text = format!(
            "{:?} {:?} {:?} {:?}",
            devices,
            look.channels(),
            look.power(),
            look.the_box()
        );
        for secret in &hidden {
            assert!(!text.contains(secret), "{actor} sees {secret} in {text}");
        }
        assert_eq!(devices.len(), 3, "that there is a device is no secret");
        let flat = Channel::parse("flat-1/power").unwrap();
        let (from, to) = (NOW - Span::HOUR, NOW + Span::HOUR);
        assert!(matches!(
            look.readings(&flat, from, to),
            Err(LookError::NotThere(_))
        ));
        assert!(matches!(
            look.means(&flat, from, to, 4),
            Err(LookError::NotThere(_))
        ));
        assert!(matches!(look.unit_of(&flat), Err(LookError::NotThere(_))));
        let street = Channel::parse("street/power").unwrap();
        assert_eq!(look.readings(&street, from, to).unwrap()[0].value, Some(500));
    }
}

/// A second inverter does not make the time before it unknown.
#[test]
fn a_new_device_leaves_the_past_as_it_was() {
    let (scene, quarter) = (scene(), NOW.floor(Span::QUARTER));
    let interval = |name: &str, flow, back: i64, energy| {
        let start = quarter - Span::QUARTER.times(back);
        let interval = Interval::new(start, WattHours(energy), Quality::Measured);
        (DeviceName::parse(name).unwrap(), flow, interval)
    };
    let mut batch = Batch::default();
    for back in 1..=8 {
        batch.intervals.push(interval("old", Flow::Production, back, 100));
        if back <= 2 {
            batch.intervals.push(interval("new", Flow::Production, back, 50));
        }
    }
    scene.store.record_and_wait(batch).unwrap();
    let roof = |name: &str, unit: u8| {
        format!(
            "[[device]]\nname = \"{name}\"\nbus = \"cupboard\"\nunit = {unit}\nprofile = \"eastron-sdm630\"\n\
             role = \"production\"\nrated_power = 12000\n"
        )
    };
    let text = format!("{SITE}\n{}\n{}", roof("old", 21), roof("new", 22));
    scene.site.send_replace(Arc::new(Site::parse(&text).unwrap()));
    let look = scene.acts.look(Actor::Visitor);
    let day = look.energy(Period::holding(Kind::Day, look.today())).unwrap();
    let made: Vec<Option<i64>> = day.parts.iter().map(|part| part.totals.production_wh).collect();
    let known: Vec<i64> = made.into_iter().flatten().collect();
    assert_eq!(known, [100, 100, 100, 100, 100, 100, 150, 150]);
}

/// Whoever reads the figures elsewhere takes `measured` at its word, and some of them are empty.
#[test]
fn a_quarter_in_which_something_is_missing_is_not_called_measured() {
    let (scene, quarter) = (scene(), NOW.floor(Span::QUARTER));
    let street = DeviceName::parse("street").unwrap();
    let interval = |back: i64| {
        let start = quarter - Span::QUARTER.times(back);
        Interval::new(start, WattHours(100), Quality::Measured)
    };
    let mut batch = Batch::default();
    for back in 1..=4 {
        batch
            .intervals
            .push((street.clone(), Flow::Import, interval(back)));
        if back != 2 {
            batch
                .intervals
                .push((street.clone(), Flow::Export, interval(back)));
        }
    }
    scene.store.record_and_wait(batch).unwrap();
    let look = scene.acts.look(Actor::Visitor);
    let day = look.energy(Period::holding(Kind::Day, look.today())).unwrap();
    let known: Vec<_> = day.parts.iter().map(|part| part.totals.quality).collect();
    assert_eq!(
        known[known.len() - 4..],
        ["measured", "measured", "missing", "measured"]
    );
    assert_eq!(day.totals.quality, "measured", "of what is known");
}

#[test]
fn a_question_that_makes_no_sense_is_refused_in_words() {
    let scene = scene();
    let look = scene.acts.look(Actor::Visitor);
    let street = Channel::parse("street/power").unwrap();
    assert!(matches!(
        look.readings(&street, NOW, NOW),
        Err(LookError::BadQuestion(_))
    ));
    assert!(matches!(
        look.means(&street, NOW, NOW + Span::HOUR, 0),
        Err(LookError::BadQuestion(_))
    ));
    assert!(matches!(look.device("attic"), Err(LookError::NotThere(_))));
}

fn at_unit(unit: u8) -> RawRead {
    RawRead { unit, ..question() }
}

#[tokio::test]
async fn beside_a_home_s_meter_only_listed_devices_are_read() {
    let scene = scene();
    // Many meters on a network answer to any address: unit 99 may be the flat.
    for unit in [11, 99, 0, 255] {
        let refused = scene.acts.read_registers(&TECHNICIAN, at_unit(unit)).await;
        assert!(
            matches!(refused, Err(ActError::NotThere(_))),
            "{unit}: {refused:?}"
        );
    }
    assert!(scene.world.done.lock().unwrap().is_empty());
    for unit in [1, 12] {
        assert!(
            scene
                .acts
                .read_registers(&TECHNICIAN, at_unit(unit))
                .await
                .is_ok()
        );
    }
    let open = SITE.replace("household:flat-1", "everyone");
    scene.site.send_replace(Arc::new(Site::parse(&open).unwrap()));
    assert!(scene.acts.read_registers(&TECHNICIAN, at_unit(99)).await.is_ok());
}

fn answer_of(unit: u8) -> Frame {
    Frame {
        at: NOW,
        gap_us: 0,
        direction: Direction::Received,
        bytes: vec![unit, 4, 4, 1, 2, 3, 4, 9, 9],
        words: "an answer".to_owned(),
    }
}

#[tokio::test]
async fn a_watch_that_runs_takes_up_what_is_kept_from_now_on() {
    let scene = scene();
    let bus = question().bus;
    let mut watching = scene.acts.watch_bus(&TECHNICIAN, &bus).await.unwrap();
    let mut seen = async |unit| {
        scene.world.frames.send(answer_of(unit)).unwrap();
        watching.recv().await.unwrap().bytes.len()
    };
    assert_eq!(seen(1).await, 9);
    assert_eq!(seen(99).await, 3, "it may be the flat under another address");
    let kept = SITE.replace(
        "role = \"grid\"",
        "role = \"grid\"\naudience = \"household:flat-2\"",
    );
    scene.site.send_replace(Arc::new(Site::parse(&kept).unwrap()));
    assert_eq!(seen(1).await, 3, "kept since the reload");
    // Frames from before may still wait to be read, so what was kept once stays kept for this watch.
    scene.site.send_replace(Arc::new(
        Site::parse(&SITE.replace("household:flat-1", "everyone")).unwrap(),
    ));
    assert_eq!((seen(11).await, seen(12).await), (3, 9));
}

#[tokio::test]
async fn a_watcher_who_is_too_slow_is_told_how_many_frames_it_missed() {
    let scene = scene();
    let mut watching = scene.acts.watch_bus(&TECHNICIAN, &question().bus).await.unwrap();
    for _ in 0..6 {
        scene.world.frames.send(answer_of(1)).unwrap();
    }
    assert!(matches!(watching.recv().await, Err(RecvError::Lagged(2))));
    assert!(watching.recv().await.is_ok());
}

#[tokio::test]
async fn two_changes_at_once_come_one_after_the_other() {
    let scene = scene();
    let (place, device) = tokio::join!(
        scene.acts.rename_place(&TECHNICIAN, "The Barn"),
        scene.acts.rename_device(&TECHNICIAN, "street", "Street"),
    );
    assert!(place.is_ok() && device.is_ok());
    let done = scene.world.done.lock().unwrap().clone();
    assert_eq!(
        done,
        ["wrote site.toml", "reloaded", "wrote site.toml", "reloaded"]
    );
    let text = scene.world.text.lock().unwrap().clone();
    assert!(text.contains("The Barn") && text.contains("\"Street\""), "{text}");
}

/// What is logged while it is there.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_refused_attempt_is_a_line_in_the_log() {
    let scene = scene();
    let log = Log::default();
    let sink = log.clone();
    let logging = tracing_subscriber::fmt()
        .with_writer(move || sink.clone())
        .with_ansi(false)
        .finish();
    let _logged = tracing::subscriber::set_default(logging);
    let refused = scene.acts.read_registers(&Actor::Visitor, question()).await;
    assert!(matches!(refused, Err(ActError::NotAllowed(Right::WatchBus))));
    let refused = scene.acts.read_registers(&TECHNICIAN, at_unit(11)).await;
    assert!(matches!(refused, Err(ActError::NotThere(_))));
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    for word in ["read-registers", "somebody at the page", "user 1000", "unit=11"] {
        assert!(log.contains(word), "no {word:?} in {log}");
    }
}
