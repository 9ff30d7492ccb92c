//! The loop of one bus, in virtual time: fairness, dead devices, a line that is lost and comes back.

use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bus::{BusHandle, Client, Connecting, Connector, Framing, Pace, PolledDevice, Poller, Port, Update};
use devices::frame::{ExceptionCode, Function, Reply, Request, rtu};
use devices::plan::{Direction, LineCost, Plan, PlanOptions, WalkTrouble};
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
    /// Nobody answers.
    asleep: Arc<AtomicBool>,
    /// Units that say no, and after how long.
    saying_no: Arc<BTreeMap<u8, (ExceptionCode, Duration)>>,
}

impl Line {
    fn with(present: impl IntoIterator<Item = u8>) -> Self {
        Self {
            present: Arc::new(present.into_iter().collect()),
            asked: Arc::default(),
            plugged: Arc::new(AtomicBool::new(true)),
            asleep: Arc::default(),
            saying_no: Arc::default(),
        }
    }

    fn and_no(mut self, unit: u8, code: ExceptionCode, after: Duration) -> Self {
        self.saying_no = Arc::new(BTreeMap::from([(unit, (code, after))]));
        self
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
            let (reply, after) = match self.saying_no.get(&request.unit) {
                Some((code, after)) => (Reply::Exception(*code), *after),
                None if self.present.contains(&request.unit) => (
                    Reply::Words(vec![0; usize::from(request.count)]),
                    Duration::from_millis(20),
                ),
                None => continue,
            };
            if self.asleep.load(Ordering::Relaxed) {
                continue;
            }
            let bytes = rtu::encode_reply(request.unit, request.function.code(), &reply);
            let wire_time = CHARACTER * u32::try_from(8 + bytes.len()).expect("a short frame");
            tokio::time::sleep(after + wire_time).await;
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
    device(unit, fast, "eastron-sdm120")
}

fn device(unit: u8, fast: Span, profile: &str) -> PolledDevice {
    let name = DeviceName::parse(&format!("meter-{unit}")).expect("a good name");
    let profile = profile::find(profile).expect("it is built in");
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
        Self::of(line, units.into_iter().map(|unit| meter(unit, fast)).collect())
    }

    fn of(line: Line, devices: Vec<PolledDevice>) -> Self {
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

/// A gateway that waits a second for a dead device before it says so itself.
#[tokio::test(start_paused = true)]
async fn a_device_that_its_gateway_cannot_reach_costs_the_others_next_to_nothing() {
    let gateway = || Line::with(1..=19);
    let alone = Bus::start(gateway(), 1..=19, Span::SECOND);
    for code in [ExceptionCode::NO_PATH, ExceptionCode::NO_RESPONSE] {
        let line = gateway().and_no(20, code, Duration::from_secs(1));
        let with_dead = Bus::start(line, 1..=20, Span::SECOND);
        let before: u32 = (1..=19).map(|unit| alone.good(unit)).sum();
        tokio::time::sleep(Duration::from_secs(1_800)).await;
        let with: u32 = (1..=19).map(|unit| with_dead.good(unit)).sum();
        let without = (1..=19).map(|unit| alone.good(unit)).sum::<u32>() - before;
        assert!(with * 100 >= without * 95, "{with} of {without}");
        let dead = with_dead.last(20);
        assert!(dead.health.silences >= 3, "{:?}", dead.health);
        assert_eq!(dead.health.last_answer, None);
        let (_, why) = dead.health.last_error.expect("there is a reason");
        assert!(why.contains("gateway"), "{why}");
        with_dead.end().await;
    }
    alone.end().await;
}

#[tokio::test(start_paused = true)]
async fn technicians_do_not_keep_the_bus_from_polling() {
    let bus = Bus::start(Line::with([1]), [1], Span::SECOND);
    let request = Request {
        unit: 1,
        function: Function::Input,
        address: 0x40,
        count: 7,
    };
    let mut technicians = JoinSet::new();
    for _ in 0..3 {
        let handle = bus.handle.clone();
        technicians.spawn(async move { while handle.read(request).await.is_ok() {} });
    }
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert!(bus.good(1) >= 50, "{} polls in a minute", bus.good(1));
    bus.end().await;
}

#[tokio::test(start_paused = true)]
async fn a_device_alone_on_its_bus_is_back_within_half_a_minute() {
    let bus = Bus::start(Line::with([1]), [1], Span::SECOND);
    for round in 0..10 {
        bus.line.asleep.store(true, Ordering::Relaxed);
        tokio::time::sleep(Duration::from_secs(900 + 11 * round)).await;
        bus.line.asleep.store(false, Ordering::Relaxed);
        let before = bus.good(1);
        tokio::time::sleep(Duration::from_secs(30)).await;
        assert!(bus.good(1) > before);
    }
    bus.end().await;
}

/// The bus is told to stop just while a device answers.
#[tokio::test(start_paused = true)]
async fn the_last_answer_before_a_stop_is_told() {
    for _ in 0..20 {
        let bus = Bus::start(Line::with([1]), [1], Span::SECOND);
        tokio::time::sleep(Duration::from_millis(1_025)).await;
        assert_eq!((bus.line.asked(1), bus.good(1)), (1, 0));
        let good = Arc::clone(&bus.good);
        bus.end().await;
        assert_eq!(
            good.lock().expect("nobody panics with it").get("meter-1"),
            Some(&1)
        );
    }
}

#[tokio::test(start_paused = true)]
async fn why_a_sunspec_device_has_no_values_is_told() {
    let line = Line::with([]).and_no(1, ExceptionCode::ILLEGAL_ADDRESS, Duration::from_millis(20));
    let bus = Bus::of(line, vec![device(1, Span::SECOND, "sunspec-meter")]);
    tokio::time::sleep(Duration::from_secs(10)).await;
    let trouble = bus.last(1).trouble;
    assert!(matches!(trouble, Some(WalkTrouble::Chain(_))), "{trouble:?}");
    bus.end().await;
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
    assert_eq!(
        bus.last(1).health.last_error,
        None,
        "the line is no fault of the device"
    );
    let question = Request {
        unit: 1,
        function: Function::Input,
        address: 0x40,
        count: 7,
    };
    for _ in 0..2 {
        let words = bus.handle.read(question).await.expect_err("the line is down");
        assert_eq!(words, bus::BusError::Wire(down.clone()));
        tokio::time::sleep(Duration::from_secs(21)).await;
    }
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
        let silence = pair[1].gap.as_millis();
        assert!((19..=22).contains(&silence), "the device's turnaround: {pair:?}");
        let length = u32::try_from(pair[1].bytes.len()).expect("a short frame");
        let whole = Span::from(pair[1].gap + CHARACTER * length).as_millis();
        let shown = pair[1].at.since(pair[0].at).as_millis();
        assert!((whole - shown).abs() <= 2, "{pair:?}");
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
