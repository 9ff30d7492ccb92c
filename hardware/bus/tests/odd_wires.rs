//! Wires that misbehave, in virtual time: noise without end, ports that take nothing, serial servers that forward
//! byte by byte or have one place only, peers that hang up while nobody asks.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bus::{
    BusHandle, Client, Connecting, Connector, Direction, Framing, Pace, PolledDevice, Poller, Port,
    SeenFrame, Update,
};
use devices::frame::{Function, Reply, Request, rtu, tcp};
use devices::plan::{self, LineCost, Plan, PlanOptions};
use devices::profile;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Instant as Tick, sleep, sleep_until, timeout};
use tokio_util::sync::CancellationToken;
use units::{DeviceName, Instant, Span};

const CHARACTER: Duration = Duration::from_micros(1_042);
const QUESTION: Request = Request {
    unit: 1,
    function: Function::Input,
    address: 0,
    count: 2,
};

type Peer = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A wire whose other end is `peer`, which is told how many connections there were before.
struct Wire {
    framing: Framing,
    peer: fn(usize, DuplexStream) -> Peer,
    /// Bytes that the wire holds.
    room: usize,
    /// A new connection is closed at once while the one before is served.
    one_place: bool,
    connections: Arc<AtomicUsize>,
    peers: JoinSet<()>,
}

impl Wire {
    fn new(framing: Framing, peer: fn(usize, DuplexStream) -> Peer) -> Self {
        Self {
            framing,
            peer,
            room: 4_096,
            one_place: false,
            connections: Arc::default(),
            peers: JoinSet::new(),
        }
    }

    fn client(self) -> Client {
        Client::new(Box::new(self), utc())
    }
}

impl Connector for Wire {
    fn describe(&self) -> String {
        "a wire of a test".to_owned()
    }

    fn framing(&self) -> Framing {
        self.framing
    }

    fn connect(&mut self) -> Connecting<'_> {
        Box::pin(async move {
            tokio::task::yield_now().await;
            while self.peers.try_join_next().is_some() {}
            let (near, far) = tokio::io::duplex(self.room);
            let before = self.connections.fetch_add(1, Ordering::Relaxed);
            if !self.one_place || self.peers.is_empty() {
                self.peers.spawn((self.peer)(before, far));
            }
            let port: Box<dyn Port> = Box::new(near);
            Ok(port)
        })
    }
}

fn utc() -> Arc<dyn Fn() -> Instant + Send + Sync> {
    let began = Tick::now();
    Arc::new(move || Instant::from_millis(0) + Span::from(began.elapsed()))
}

fn serial() -> Framing {
    Framing::serial(9_600, 10, None, Pace::Timer)
}

const SERIAL_SERVER: Framing = Framing::RtuOverTcp {
    silence: Duration::from_millis(20),
};

/// The reply to a serial question that was just read, with zeros.
async fn answer_to(wire: &mut DuplexStream) -> Option<Vec<u8>> {
    let mut frame = [0; rtu::REQUEST_BYTES];
    wire.read_exact(&mut frame).await.ok()?;
    let request = rtu::decode_request(&frame).expect("the master asks well");
    let words = Reply::Words(vec![0; usize::from(request.count)]);
    Some(rtu::encode_reply(request.unit, request.function.code(), &words))
}

/// The same over TCP, under the question's number and `off`.
async fn tcp_answer_to(wire: &mut DuplexStream, off: u16) -> Option<Vec<u8>> {
    let mut frame = [0; tcp::REQUEST_BYTES];
    wire.read_exact(&mut frame).await.ok()?;
    let (number, request) = tcp::decode_request(&frame).expect("the master asks well");
    let words = Reply::Words(vec![0; usize::from(request.count)]);
    let number = number.wrapping_sub(off);
    Some(tcp::encode_reply(
        number,
        request.unit,
        request.function.code(),
        &words,
    ))
}

/// Another master, or a device that babbles: never silent for a second.
fn babble(_: usize, mut wire: DuplexStream) -> Peer {
    Box::pin(async move {
        while wire.write_all(&[0x55]).await.is_ok() {
            sleep(Duration::from_millis(300)).await;
        }
    })
}

/// One bus with one meter.
struct Bus {
    handle: BusHandle,
    updates: mpsc::Receiver<Update>,
    stop: CancellationToken,
    task: JoinSet<()>,
}

impl Bus {
    fn start(wire: Wire, profile: &str, fast: Span) -> Self {
        let name = DeviceName::parse("meter").expect("a good name");
        let profile = profile::find(profile).expect("it is built in");
        let options = PlanOptions {
            unit: 1,
            fast,
            slow: Span::MINUTE,
            reversed: plan::Direction::Usual,
        };
        let cost = LineCost {
            byte_us: 1_042,
            overhead_bytes: 20,
            turnaround_us: 20_000,
        };
        let device = PolledDevice {
            plan: Plan::new(&name, profile, options, cost),
            name,
            unit: 1,
            worst_latency: Span::SECOND,
            pause_after_other: Span::ZERO,
            pause_between: Span::ZERO,
            pause_after_connect: Span::ZERO,
        };
        let (sender, updates) = mpsc::channel(1_000);
        let (poller, handle) = Poller::new(wire.client(), vec![device], sender, utc());
        let stop = CancellationToken::new();
        let mut task = JoinSet::new();
        task.spawn(poller.run(stop.clone()));
        Self {
            handle,
            updates,
            stop,
            task,
        }
    }

    /// What came so far: questions with values, and the errors of the others.
    fn outcome(&mut self) -> (usize, Vec<String>) {
        let (mut good, mut bad) = (0, Vec::new());
        while let Ok(update) = self.updates.try_recv() {
            if update.values.iter().all(|value| value.reading.outcome.is_ok()) {
                good += 1;
            } else {
                bad.push(format!("{:?}", update.health.last_error));
            }
        }
        (good, bad)
    }
}

#[tokio::test(start_paused = true)]
async fn a_line_that_is_never_quiet_is_given_up_in_words() {
    let mut client = Wire::new(serial(), babble).client();
    for _ in 0..2 {
        let read = client.read(QUESTION, Duration::from_millis(200), Duration::from_secs(1));
        let read = timeout(Duration::from_secs(15), read).await;
        let error = read
            .expect("it ends by itself")
            .expect_err("nobody could be asked");
        assert!(!error.is_line_down());
        assert!(error.to_string().contains("never quiet"), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_bus_that_is_never_quiet_stops_when_it_is_told_to() {
    let mut bus = Bus::start(Wire::new(serial(), babble), "eastron-sdm120", Span::SECOND);
    sleep(Duration::from_secs(60)).await;
    let (good, bad) = bus.outcome();
    assert_eq!(good, 0);
    assert!(
        bad.iter().any(|error| error.contains("never quiet")),
        "it is told: {bad:?}"
    );
    let down = bus.handle.health().borrow().down.clone();
    assert!(down.is_some_and(|why| why.contains("never quiet")));
    bus.stop.cancel();
    let ended = timeout(Duration::from_secs(6), bus.task.join_next()).await;
    assert!(ended.is_ok(), "the port is let go");
}

#[tokio::test(start_paused = true)]
async fn a_bus_that_is_quiet_again_says_nothing_more() {
    let wire = Wire::new(serial(), |_, mut wire| {
        Box::pin(async move {
            for _ in 0..200 {
                wire.write_all(&[0x55]).await.expect("somebody listens");
                sleep(Duration::from_millis(300)).await;
            }
            let mut old = vec![0; 4_096];
            while let Ok(Ok(1..)) = timeout(Duration::from_secs(1), wire.read(&mut old)).await {}
            while let Some(reply) = answer_to(&mut wire).await {
                if wire.write_all(&reply).await.is_err() {
                    return;
                }
            }
        })
    });
    let mut bus = Bus::start(wire, "eastron-sdm120", Span::SECOND);
    sleep(Duration::from_secs(30)).await;
    assert!(bus.handle.health().borrow().down.is_some());
    sleep(Duration::from_secs(70)).await;
    assert_eq!(bus.handle.health().borrow().down, None);
    assert!(bus.outcome().0 > 0);
}

#[tokio::test(start_paused = true)]
async fn a_port_that_takes_no_bytes_is_given_up() {
    for framing in [serial(), Framing::Tcp] {
        let mut wire = Wire::new(framing, |_, wire| {
            Box::pin(async move {
                let _kept_open = wire;
                std::future::pending::<()>().await;
            })
        });
        wire.room = 4;
        let mut client = wire.client();
        let read = client.read(QUESTION, Duration::from_millis(200), Duration::from_secs(1));
        let read = timeout(Duration::from_secs(5), read).await;
        let error = read.expect("it ends by itself").expect_err("nobody was asked");
        assert!(error.is_line_down(), "{error}");
    }
}

/// A serial server at 9600 baud that forwards each byte as it comes: the answer takes longer than the patience.
#[tokio::test(start_paused = true)]
async fn a_long_answer_through_a_serial_server_is_waited_for() {
    let wire = Wire::new(SERIAL_SERVER, |_, mut wire| {
        Box::pin(async move {
            while let Some(reply) = answer_to(&mut wire).await {
                let mut due = Tick::now() + Duration::from_millis(28);
                for byte in reply {
                    sleep_until(due).await;
                    due += CHARACTER;
                    if wire.write_all(&[byte]).await.is_err() {
                        return;
                    }
                }
            }
        })
    });
    let mut bus = Bus::start(wire, "eastron-sdm630", Span::SECOND);
    sleep(Duration::from_secs(60)).await;
    let (good, bad) = bus.outcome();
    assert!(good > 50, "{good}");
    assert_eq!(bad, Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn a_serial_server_with_one_place_is_let_go_before_it_is_called_again() {
    let mut wire = Wire::new(SERIAL_SERVER, |before, mut wire| {
        Box::pin(async move {
            let mut lost = before == 0;
            while let Some(reply) = answer_to(&mut wire).await {
                if !std::mem::take(&mut lost) && wire.write_all(&reply).await.is_err() {
                    return;
                }
            }
        })
    });
    wire.one_place = true;
    let mut client = wire.client();
    let mut read = async || {
        client
            .read(QUESTION, Duration::from_millis(200), Duration::from_secs(1))
            .await
    };
    read().await.expect_err("the reply is lost");
    for _ in 0..3 {
        let answered = read().await.expect("the place is free again");
        assert_eq!(answered.reply, Ok(vec![0; 2]));
    }
}

/// A device that hangs up after two seconds without a question.
fn impatient(_: usize, mut wire: DuplexStream) -> Peer {
    Box::pin(async move {
        while let Ok(Some(reply)) = timeout(Duration::from_secs(2), tcp_answer_to(&mut wire, 0)).await {
            if wire.write_all(&reply).await.is_err() {
                return;
            }
        }
    })
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_was_closed_while_it_rested_costs_no_reading() {
    let wire = Wire::new(Framing::Tcp, impatient);
    let connections = Arc::clone(&wire.connections);
    let mut bus = Bus::start(wire, "eastron-sdm120", Span::from_secs(5));
    sleep(Duration::from_secs(300)).await;
    let (good, bad) = bus.outcome();
    assert!(good >= 60, "{good}");
    assert_eq!(bad, Vec::<String>::new());
    assert!(connections.load(Ordering::Relaxed) >= 50);
    assert_eq!(bus.handle.health().borrow().down, None);
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_always_hangs_up_is_not_called_again_and_again() {
    let wire = Wire::new(Framing::Tcp, |_, mut wire| {
        Box::pin(async move {
            let mut frame = [0; tcp::REQUEST_BYTES];
            let _hangs_up = wire.read_exact(&mut frame).await;
        })
    });
    let connections = Arc::clone(&wire.connections);
    let mut bus = Bus::start(wire, "eastron-sdm120", Span::SECOND);
    sleep(Duration::from_secs(300)).await;
    assert_eq!(bus.outcome().0, 0);
    assert!(bus.handle.health().borrow().down.is_some());
    let connections = connections.load(Ordering::Relaxed);
    assert!((10..30).contains(&connections), "{connections}");
}

/// The frames that a watcher sees within five seconds.
async fn seen(wire: Wire) -> Vec<SeenFrame> {
    let bus = Bus::start(wire, "eastron-sdm120", Span::from_secs(30));
    let mut frames = bus.handle.watch();
    sleep(Duration::from_secs(5)).await;
    let mut seen = Vec::new();
    while let Ok(frame) = frames.try_recv() {
        seen.push(frame);
    }
    seen
}

#[tokio::test(start_paused = true)]
async fn a_frame_that_broke_off_is_shown_with_the_time_of_its_last_byte() {
    let frames = seen(Wire::new(serial(), |_, mut wire| {
        Box::pin(async move {
            while let Some(reply) = answer_to(&mut wire).await {
                sleep(CHARACTER * 8 + Duration::from_millis(30)).await;
                for byte in &reply[..10] {
                    sleep(CHARACTER).await;
                    if wire.write_all(&[*byte]).await.is_err() {
                        return;
                    }
                }
            }
        })
    }))
    .await;
    let [sent, refused, ..] = &frames[..] else {
        unreachable!("{frames:?}")
    };
    assert_eq!(sent.direction, Direction::Sent);
    assert_eq!((refused.direction, refused.bytes.len()), (Direction::Refused, 10));
    assert!(refused.words.contains("broke off"), "{}", refused.words);
    let apart = refused.at.since(sent.at).as_millis();
    assert!((40..60).contains(&apart), "{apart} ms");
    let silence = refused.gap.as_millis();
    assert!((29..35).contains(&silence), "{silence} ms");
}

#[tokio::test(start_paused = true)]
async fn a_question_that_never_left_and_a_reply_that_came_once_are_not_shown_otherwise() {
    let frames = seen(Wire::new(Framing::Tcp, |_, wire| {
        Box::pin(async move { drop(wire) })
    }))
    .await;
    assert!(!frames.is_empty());
    assert!(
        frames.iter().all(|frame| frame.direction != Direction::Sent),
        "{frames:?}"
    );

    let frames = seen(Wire::new(Framing::Tcp, |_, mut wire| {
        Box::pin(async move {
            while let Some(reply) = tcp_answer_to(&mut wire, 1).await {
                if wire.write_all(&reply).await.is_err() {
                    return;
                }
            }
        })
    }))
    .await;
    let sent = frames.iter().filter(|frame| frame.direction == Direction::Sent);
    let got = frames
        .iter()
        .filter(|frame| frame.direction == Direction::Refused && !frame.bytes.is_empty());
    assert_eq!(sent.count(), got.count(), "{frames:?}");
}
