//! The loop of one bus, in virtual time: fairness, dead devices, a line that is lost and comes back.

use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bus::{BusHandle, Client, Connecting, Connector, Framing, Pace, PolledDevice, Poller, Port, Update};
use devices::frame::{Function, Reply, Request, rtu};
use devices::plan::{Direction, LineCost, Plan, PlanOptions};
use devices::profile;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use units::{DeviceName, Instant, NoValue, Span};

const CHARACTER: Duration = Duration::from_micros(1_042);

/// A serial line at 9600 baud with meters at some addresses; counts the questions each of them got.
#[derive(Clone)]
struct Line {
    present: Arc<Vec<u8>>,
    asked: Arc<Mutex<BTreeMap<u8, u32>>>,
    plugged: Arc<AtomicBool>,
}

impl Line {
    fn with(present: impl IntoIterator<Item = u8>) -> Self {
        Self {
            present: Arc::new(present.into_iter().collect()),
            asked: Arc::default(),
            plugged: Arc::new(AtomicBool::new(true)),
        }
    }

    fn asked(&self, unit: u8) -> u32 {
        self.asked
            .lock()
            .expect("nobody panics with it")
            .get(&unit)
            .copied()
            .unwrap_or(0)
    }

    async fn serve(self, mut wire: DuplexStream) {
        let mut frame = [0; rtu::REQUEST_BYTES];
        while wire.read_exact(&mut frame).await.is_ok() && self.plugged.load(Ordering::Relaxed) {
            let request = rtu::decode_request(&frame).expect("the master asks well");
            *self
                .asked
                .lock()
                .expect("nobody panics with it")
                .entry(request.unit)
                .or_default() += 1;
            if !self.present.contains(&request.unit) {
                continue;
            }
            let reply = Reply::Words(vec![0; usize::from(request.count)]);
            let bytes = rtu::encode_reply(request.unit, request.function.code(), &reply);
            let wire_time = CHARACTER * u32::try_from(8 + bytes.len()).expect("a short frame");
            tokio::time::sleep(Duration::from_millis(20) + wire_time).await;
            if wire.write_all(&bytes).await.is_err() {
                return;
            }
        }
    }
}

struct Plug {
    line: Line,
    tasks: JoinSet<()>,
}

impl Connector for Plug {
    fn describe(&self) -> String {
        "a line of a test".to_owned()
    }

    fn framing(&self) -> Framing {
        Framing::serial(9_600, 10, None, Pace::Timer)
    }

    fn connect(&mut self) -> Connecting<'_> {
        Box::pin(async move {
            if !self.line.plugged.load(Ordering::Relaxed) {
                return Err(io::ErrorKind::NotFound.into());
            }
            let (near, far) = tokio::io::duplex(4_096);
            self.tasks.spawn(self.line.clone().serve(far));
            let port: Box<dyn Port> = Box::new(near);
            Ok(port)
        })
    }
}

fn meter(unit: u8, fast: Span) -> PolledDevice {
    let name = DeviceName::parse(&format!("meter-{unit}")).expect("a good name");
    let profile = profile::find("eastron-sdm120").expect("it is built in");
    let options = PlanOptions {
        unit,
        fast,
        slow: Span::MINUTE,
        reversed: Direction::Usual,
    };
    let cost = LineCost {
        byte_us: 1_042,
        overhead_bytes: 20,
        turnaround_us: 20_000,
    };
    PolledDevice {
        plan: Plan::new(&name, profile, options, cost),
        name,
        unit,
        worst_latency: Span::SECOND,
        pause_after_other: Span::from_millis(20),
        pause_between: Span::ZERO,
        pause_after_connect: Span::ZERO,
    }
}

/// A running bus of a test; the updates are counted by device.
struct Bus {
    line: Line,
    handle: BusHandle,
    stop: CancellationToken,
    good: Arc<Mutex<BTreeMap<String, u32>>>,
    last: Arc<Mutex<BTreeMap<String, Update>>>,
    tasks: JoinSet<()>,
}

impl Bus {
    fn start(line: Line, units: impl IntoIterator<Item = u8>, fast: Span) -> Self {
        let (sender, mut updates) = mpsc::channel(16);
        let began = tokio::time::Instant::now();
        let utc: Arc<dyn Fn() -> Instant + Send + Sync> =
            Arc::new(move || Instant::from_millis(0) + Span::from(began.elapsed()));
        let client = Client::new(
            Box::new(Plug {
                line: line.clone(),
                tasks: JoinSet::new(),
            }),
            Arc::clone(&utc),
        );
        let devices = units.into_iter().map(|unit| meter(unit, fast)).collect();
        let (poller, handle) = Poller::new(client, devices, sender, utc);
        let stop = CancellationToken::new();
        let (good, last) = (
            Arc::new(Mutex::new(BTreeMap::new())),
            Arc::new(Mutex::new(BTreeMap::new())),
        );
        let mut tasks = JoinSet::new();
        tasks.spawn(poller.run(stop.clone()));
        let (counted, kept) = (Arc::clone(&good), Arc::clone(&last));
        tasks.spawn(async move {
            while let Some(update) = updates.recv().await {
                let name = update.device.to_string();
                if update.values.iter().any(|value| value.reading.outcome.is_ok()) {
                    *counted
                        .lock()
                        .expect("nobody panics with it")
                        .entry(name.clone())
                        .or_default() += 1;
                }
                kept.lock().expect("nobody panics with it").insert(name, update);
            }
        });
        Self {
            line,
            handle,
            stop,
            good,
            last,
            tasks,
        }
    }

    fn good(&self, unit: u8) -> u32 {
        self.good
            .lock()
            .expect("nobody panics with it")
            .get(&format!("meter-{unit}"))
            .copied()
            .unwrap_or(0)
    }

    fn last(&self, unit: u8) -> Update {
        self.last.lock().expect("nobody panics with it")[&format!("meter-{unit}")].clone()
    }

    async fn end(mut self) {
        self.stop.cancel();
        while self.tasks.join_next().await.is_some() {}
    }
}

#[tokio::test(start_paused = true)]
async fn one_dead_device_of_twenty_costs_the_others_next_to_nothing() {
    let all = Bus::start(Line::with(1..=20), 1..=20, Span::SECOND);
    tokio::time::sleep(Duration::from_secs(1_800)).await;
    let alone = Bus::start(Line::with(1..=19), 1..=19, Span::SECOND);
    let with_dead = Bus::start(Line::with(1..=19), 1..=20, Span::SECOND);
    tokio::time::sleep(Duration::from_secs(1_800)).await;
    let sum = |bus: &Bus| (1..=19).map(|unit| bus.good(unit)).sum::<u32>();
    let (without, with) = (sum(&alone), sum(&with_dead));
    println!("polls of 19 devices in half an hour: {without} without the dead one, {with} with it");
    assert!(with * 100 >= without * 95, "{with} of {without}");
    assert!(with_dead.line.asked(20) >= 10, "it is still tried");
    for bus in [all, alone, with_dead] {
        bus.end().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_full_line_is_shared_fairly() {
    let bus = Bus::start(Line::with(1..=10), 1..=10, Span::from_millis(200));
    tokio::time::sleep(Duration::from_secs(600)).await;
    let polls: Vec<u32> = (1..=10).map(|unit| bus.good(unit)).collect();
    let (least, most) = (polls.iter().min().expect("ten"), polls.iter().max().expect("ten"));
    assert!(*least > 100 && least * 10 >= most * 9, "{polls:?}");
    bus.end().await;
}

#[tokio::test(start_paused = true)]
async fn a_device_that_never_answers_says_so_and_one_that_does_is_healthy() {
    let bus = Bus::start(Line::with([1]), 1..=2, Span::SECOND);
    tokio::time::sleep(Duration::from_secs(20)).await;
    let dead = bus.last(2);
    assert!(
        dead.values
            .iter()
            .all(|value| value.reading.outcome == Err(NoValue::NoAnswer))
    );
    assert!(dead.health.silences >= 3 && dead.health.last_answer.is_none());
    let alive = bus.last(1);
    assert_eq!(alive.health.silences, 0);
    assert!(alive.health.latencies.is_some());
    bus.end().await;
}

#[tokio::test(start_paused = true)]
async fn a_line_that_is_pulled_out_says_so_and_comes_back_by_itself() {
    let bus = Bus::start(Line::with([1]), [1], Span::SECOND);
    tokio::time::sleep(Duration::from_secs(10)).await;
    let before = bus.good(1);
    assert!(before > 5);
    bus.line.plugged.store(false, Ordering::Relaxed);
    tokio::time::sleep(Duration::from_secs(60)).await;
    let down = bus
        .handle
        .health()
        .borrow()
        .down
        .clone()
        .expect("the line is down");
    assert!(down.contains("There is no such port"), "{down}");
    assert!(
        bus.last(1)
            .values
            .iter()
            .all(|value| value.reading.outcome == Err(NoValue::LineDown))
    );
    bus.line.plugged.store(true, Ordering::Relaxed);
    tokio::time::sleep(Duration::from_secs(30)).await;
    assert_eq!(bus.handle.health().borrow().down, None);
    assert!(bus.good(1) > before, "back within 30 seconds");
    bus.end().await;
}

#[tokio::test(start_paused = true)]
async fn a_technician_reads_between_the_polls_and_watches_the_frames() {
    let bus = Bus::start(Line::with([1]), [1], Span::SECOND);
    let mut frames = bus.handle.watch();
    let request = Request {
        unit: 1,
        function: Function::Input,
        address: 0x40,
        count: 7,
    };
    assert_eq!(bus.handle.read(request).await, Ok(vec![0; 7]));
    let absent = Request { unit: 9, ..request };
    assert!(bus.handle.read(absent).await.is_err());
    let impossible = Request {
        count: 126,
        ..request
    };
    assert_eq!(bus.handle.read(impossible).await, Err(bus::BusError::Impossible));
    let mut seen = Vec::new();
    while let Ok(frame) = frames.try_recv() {
        seen.push(frame);
    }
    let pairs: Vec<_> = seen
        .windows(2)
        .filter(|pair| pair[1].direction == bus::Direction::Received)
        .collect();
    assert!(!pairs.is_empty());
    for pair in pairs {
        assert!(pair[1].gap > Duration::ZERO, "an answer takes time: {pair:?}");
        let apart = Span::from(pair[1].gap).as_millis();
        let shown = pair[1].at.since(pair[0].at).as_millis();
        assert!((apart - shown).abs() <= 1, "{pair:?}");
    }
    let words: Vec<String> = seen.into_iter().map(|frame| frame.words).collect();
    assert!(
        words
            .iter()
            .any(|words| words == "unit 1: input registers 0x0040, 7 of them"),
        "{words:?}"
    );
    assert!(
        words.iter().any(|words| words.starts_with("no answer within")),
        "{words:?}"
    );
    bus.end().await;
}
