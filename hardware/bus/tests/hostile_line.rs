//! A line on which, beside or in place of the answer, anything comes that a line can bring within the time it may take: old
//! answers, others' answers, halves, noise. Nothing but the answer to the question is ever taken for it, and a line that
//! behaves again is believed again.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bus::{Client, Connecting, Connector, Framing, Pace, Port};
use devices::frame::{ExceptionCode, Function, Reply, Request, rtu, tcp};
use proptest::prelude::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::task::JoinSet;
use tokio::time::sleep;
use units::Instant;

/// How long the box waits, and the longest that anything may still come after a question.
const PATIENCE: Duration = Duration::from_millis(200);
const WORST: Duration = Duration::from_secs(1);

/// What comes after a question.
#[derive(Debug, Clone)]
enum Comes {
    /// The answer.
    Answer,
    /// The answer of another device to the same question.
    OfUnit(u8),
    /// An answer with so many words more.
    Longer(u16),
    /// An answer to a question for the other kind of registers.
    OfOtherKind,
    /// The device's no to such a question.
    NoToOtherKind,
    /// The first bytes of the answer.
    Half(usize),
    /// Bytes of nobody.
    Noise(Vec<u8>),
}

/// What comes after one question, each after so many milliseconds.
type Comings = Vec<(u64, Comes)>;

/// The same for each of the questions.
type Script = Vec<Comings>;

fn scripts() -> impl Strategy<Value = Script> {
    let comes = prop_oneof![
        4 => Just(Comes::Answer),
        1 => (3_u8..7).prop_map(Comes::OfUnit),
        1 => (3_u16..6).prop_map(Comes::Longer),
        1 => Just(Comes::OfOtherKind),
        1 => Just(Comes::NoToOtherKind),
        1 => (1_usize..8).prop_map(Comes::Half),
        1 => proptest::collection::vec(any::<u8>(), 1..20).prop_map(Comes::Noise),
    ];
    let after = prop_oneof![15_u64..180, 15_u64..980];
    proptest::collection::vec(proptest::collection::vec((after, comes), 0..4), 1..12)
}

/// What a register of a unit holds: no two hold the same.
fn holds(unit: u8, function: Function, address: u16) -> u16 {
    let kind = if function == Function::Input {
        0x1000
    } else {
        0x2000
    };
    kind + u16::from(unit) * 0x200 + address
}

fn words(unit: u8, function: Function, address: u16, count: u16) -> Vec<u16> {
    (address..address + count)
        .map(|address| holds(unit, function, address))
        .collect()
}

fn other(function: Function) -> Function {
    match function {
        Function::Input => Function::Holding,
        Function::Holding => Function::Input,
    }
}

/// The bytes of what comes.
fn bytes(comes: &Comes, framing: Framing, number: u16, request: &Request) -> Vec<u8> {
    let frame = |unit, code, reply: &Reply| match framing {
        Framing::Tcp => tcp::encode_reply(number, unit, code, reply),
        _ => rtu::encode_reply(unit, code, reply),
    };
    let told = |unit, function: Function, more| {
        let words = words(unit, function, request.address, request.count + more);
        frame(unit, function.code(), &Reply::Words(words))
    };
    let (unit, function) = (request.unit, request.function);
    match comes {
        Comes::Answer => told(unit, function, 0),
        Comes::OfUnit(another) => told(*another, function, 0),
        Comes::Longer(more) => told(unit, function, *more),
        Comes::OfOtherKind => told(unit, other(function), 0),
        Comes::NoToOtherKind => frame(
            unit,
            other(function).code(),
            &Reply::Exception(ExceptionCode::ILLEGAL_ADDRESS),
        ),
        Comes::Half(length) => told(unit, function, 0).into_iter().take(*length).collect(),
        Comes::Noise(noise) => noise.clone(),
    }
}

/// What is behind the wire: a script that goes on from connection to connection, and good answers when it has ended.
#[derive(Clone)]
struct Hostile {
    framing: Framing,
    script: Arc<Mutex<std::vec::IntoIter<Comings>>>,
}

impl Hostile {
    async fn serve(self, wire: DuplexStream) {
        let (mut questions, answers) = tokio::io::split(wire);
        let answers = Arc::new(tokio::sync::Mutex::new(answers));
        let mut on_their_way = JoinSet::new();
        loop {
            let tcp = self.framing == Framing::Tcp;
            let mut frame = vec![
                0;
                if tcp {
                    tcp::REQUEST_BYTES
                } else {
                    rtu::REQUEST_BYTES
                }
            ];
            if questions.read_exact(&mut frame).await.is_err() {
                return;
            }
            let (number, request) = if tcp {
                tcp::decode_request(&frame).expect("the master asks well")
            } else {
                (0, rtu::decode_request(&frame).expect("the master asks well"))
            };
            let next = self.script.lock().expect("nobody panics with it").next();
            for (after, comes) in next.unwrap_or_else(|| vec![(20, Comes::Answer)]) {
                let bytes = bytes(&comes, self.framing, number, &request);
                let answers = Arc::clone(&answers);
                on_their_way.spawn(async move {
                    sleep(Duration::from_millis(after)).await;
                    let _hung_up = answers.lock().await.write_all(&bytes).await;
                });
            }
        }
    }
}

struct Wire {
    peer: Hostile,
    tasks: JoinSet<()>,
}

impl Connector for Wire {
    fn describe(&self) -> String {
        "a hostile line".to_owned()
    }

    fn framing(&self) -> Framing {
        self.peer.framing
    }

    fn connect(&mut self) -> Connecting<'_> {
        let (near, far) = tokio::io::duplex(4_096);
        self.tasks.spawn(self.peer.clone().serve(far));
        Box::pin(async move {
            let port: Box<dyn Port> = Box::new(near);
            Ok(port)
        })
    }
}

/// What was taken for an answer and was none; and whether the line was believed again in the end.
async fn taken(framing: Framing, script: Script, questions: Vec<Request>) -> (Vec<String>, bool) {
    let peer = Hostile {
        framing,
        script: Arc::new(Mutex::new(script.into_iter())),
    };
    let wire = Wire {
        peer: peer.clone(),
        tasks: JoinSet::new(),
    };
    let mut client = Client::new(Box::new(wire), Arc::new(|| Instant::from_millis(0)));
    let mut wrong = Vec::new();
    let mut ask = async |request: Request| {
        let Ok(answer) = client.read(request, PATIENCE, WORST).await else {
            return false;
        };
        let truth = words(request.unit, request.function, request.address, request.count);
        if answer.reply != Ok(truth) {
            wrong.push(format!("{request:?}: {answer:?}"));
        }
        true
    };
    for request in &questions {
        ask(*request).await;
    }
    // A question that a closed connection swallowed leaves its part of the script for the next one.
    peer.script
        .lock()
        .expect("nobody panics with it")
        .by_ref()
        .for_each(drop);
    sleep(Duration::from_secs(3)).await;
    let believed = ask(questions[0]).await;
    (wrong, believed)
}

/// Questions of one kind to two devices for up to three registers: no stranger's answer, and none of another length, is
/// ever that of a later question.
fn questions() -> impl Strategy<Value = Vec<Request>> {
    let function = proptest::sample::select(vec![Function::Input, Function::Holding]);
    let request = (1_u8..3, 0_u16..4, 1_u16..4);
    (function, proptest::collection::vec(request, 2..14)).prop_map(|(function, requests)| {
        let requests = requests.into_iter().map(|(unit, place, count)| Request {
            unit,
            function,
            address: place * 10,
            count,
        });
        requests.collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn nothing_but_the_answer_is_taken_for_it(script in scripts(), questions in questions(), wire in 0_usize..3) {
        let framing = [
            Framing::serial(9_600, 10, None, Pace::Timer),
            Framing::Tcp,
            Framing::RtuOverTcp { silence: Duration::from_millis(10) },
        ][wire];
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
        let (wrong, believed) = runtime.expect("a runtime").block_on(taken(framing, script, questions));
        prop_assert!(wrong.is_empty(), "{wrong:#?}");
        prop_assert!(believed, "a line that behaves again is not believed");
    }
}
