//! The servers, asked by a tiny client of the test's own over real sockets and a real pseudo-terminal.

use std::fs::OpenOptions;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use devices::frame::{ExceptionCode, FrameError, Function, Reply, Request, rtu, tcp};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use simulator::fault::{FaultKind, Faults, Rates};
use simulator::serve::{self, SerialOptions, ServeError, Server, TcpOptions};
use simulator::{Line, Site};

/// Registers that hold their own address; units 1 and 2 only.
struct Echo;

impl Site for Echo {
    fn answer(&self, _line: Line, request: &Request) -> Option<Reply> {
        if !(1..=2).contains(&request.unit) {
            return None;
        }
        if request.address >= 1_000 {
            return Some(Reply::Exception(ExceptionCode::ILLEGAL_ADDRESS));
        }
        Some(Reply::Words(
            (request.address..request.address + request.count).collect(),
        ))
    }
}

fn ask(unit: u8, address: u16, count: u16) -> Request {
    Request {
        unit,
        function: Function::Input,
        address,
        count,
    }
}

fn local(faults: Option<Rates>, change: impl FnOnce(&mut TcpOptions)) -> Server {
    let mut options = TcpOptions::new("127.0.0.1:0");
    change(&mut options);
    let faults = faults.map(|rates| Arc::new(Mutex::new(Faults::new(1, rates))));
    serve::tcp(Arc::new(Echo), options, faults).expect("a free port")
}

fn connect(server: &Server) -> TcpStream {
    let stream = TcpStream::connect(server.address().expect("on the network")).expect("it listens");
    stream
        .set_read_timeout(Some(Duration::from_secs(5)))
        .expect("a socket");
    stream
}

/// Asks over TCP and reads one whole frame.
fn exchange(stream: &mut TcpStream, number: u16, request: &Request) -> Result<Reply, FrameError> {
    stream
        .write_all(&tcp::encode_request(number, request))
        .expect("connected");
    let mut frame = vec![0; 6];
    stream.read_exact(&mut frame).expect("an answer");
    let length = tcp::frame_bytes(&frame).expect("six bytes are there");
    frame.resize(length, 0);
    stream.read_exact(&mut frame[6..]).expect("an answer");
    tcp::check(number, request, &frame)
}

#[test]
fn tcp_answers_refuses_and_is_silent() {
    let server = local(None, |_| {});
    let mut stream = connect(&server);
    assert_eq!(
        exchange(&mut stream, 7, &ask(1, 5, 3)),
        Ok(Reply::Words(vec![5, 6, 7]))
    );
    let refused = Reply::Exception(ExceptionCode::ILLEGAL_ADDRESS);
    assert_eq!(exchange(&mut stream, 8, &ask(2, 1_000, 3)), Ok(refused));
    // A unit that is not there says nothing, and the next question is answered all the same.
    stream
        .write_all(&tcp::encode_request(9, &ask(3, 0, 1)))
        .expect("connected");
    assert_eq!(
        exchange(&mut stream, 10, &ask(1, 1, 1)),
        Ok(Reply::Words(vec![1]))
    );
    // Function 6, which writes.
    stream
        .write_all(&[0, 11, 0, 0, 0, 6, 1, 6, 0, 1, 0, 7])
        .expect("connected");
    let mut refusal = [0; 9];
    stream.read_exact(&mut refusal).expect("an answer");
    assert_eq!(refusal, [0, 11, 0, 0, 0, 3, 1, 0x86, 1]);
    server.stop();
    assert_eq!(stream.read(&mut refusal).expect("closed in order"), 0);
}

#[test]
fn tcp_keeps_its_limits() {
    let server = local(None, |options| {
        options.most_clients = 1;
        options.deaf_after_connect = Duration::from_millis(150);
    });
    let mut first = connect(&server);
    first
        .write_all(&tcp::encode_request(1, &ask(1, 9, 1)))
        .expect("connected");
    first
        .set_read_timeout(Some(Duration::from_millis(100)))
        .expect("a socket");
    assert!(first.read(&mut [0; 20]).is_err(), "it does not listen yet");
    let mut second = connect(&server);
    assert!(
        matches!(second.read(&mut [0; 20]), Ok(0) | Err(_)),
        "there is place for one"
    );
    first
        .set_read_timeout(Some(Duration::from_secs(5)))
        .expect("a socket");
    let opened = Instant::now();
    while opened.elapsed() < Duration::from_millis(150) {
        let _ = poll(
            &mut [],
            Some(&Timespec::try_from(Duration::from_millis(20)).expect("short")),
        );
    }
    assert_eq!(exchange(&mut first, 2, &ask(1, 9, 1)), Ok(Reply::Words(vec![9])));
    first.write_all(b"GET / HTTP/1.1\r\n\r\n").expect("connected");
    assert!(
        matches!(first.read(&mut [0; 20]), Ok(0) | Err(_)),
        "nonsense ends the conversation"
    );
}

/// What a client hears of the first reply under faults of one kind, and what the same seed says it should hear.
fn faulty(kind: FaultKind) -> (Vec<u8>, Vec<u8>) {
    let rates = Rates::NONE.with(kind, 1_000_000);
    let server = local(Some(rates), |_| {});
    let mut stream = connect(&server);
    let request = ask(1, 0, 4);
    stream
        .write_all(&tcp::encode_request(5, &request))
        .expect("connected");
    let reply = tcp::encode_reply(5, 1, 4, &Reply::Words(vec![0, 1, 2, 3]));
    let deliveries = Faults::new(1, rates).deliveries(reply);
    let expected: Vec<u8> = deliveries
        .into_iter()
        .flat_map(|delivery| delivery.bytes)
        .collect();
    let mut heard = vec![0; expected.len()];
    stream.read_exact(&mut heard).expect("all that was drawn");
    heard.extend(bytes(&hear(&mut stream, SILENCE)));
    (heard, expected)
}

#[test]
fn faults_reach_the_client_as_they_were_drawn() {
    use FaultKind::{Cut, Doubled, Flipped, Late, Lost, Noise, Shifted, Split};
    std::thread::scope(|threads| {
        for kind in [Cut, Doubled, Flipped, Late, Lost, Noise, Shifted, Split] {
            threads.spawn(move || {
                let (heard, expected) = faulty(kind);
                assert_eq!(heard, expected, "{}", kind.name());
            });
        }
    });
}

#[test]
fn a_late_reply_comes_while_the_next_question_is_open() {
    let faults = Arc::new(Mutex::new(Faults::new(
        1,
        Rates::NONE.with(FaultKind::Late, 1_000_000),
    )));
    let shared = Arc::clone(&faults);
    let server =
        serve::tcp(Arc::new(Echo), TcpOptions::new("127.0.0.1:0"), Some(shared)).expect("a free port");
    let mut stream = connect(&server);
    stream
        .write_all(&tcp::encode_request(1, &ask(1, 100, 1)))
        .expect("connected");
    // The first question is answered late; meanwhile faults end and a second one is answered at once.
    stream
        .set_read_timeout(Some(Duration::from_millis(100)))
        .expect("a socket");
    assert!(stream.read(&mut [0; 20]).is_err());
    faults
        .lock()
        .expect("no server thread died")
        .set_rates(Rates::NONE);
    stream
        .set_read_timeout(Some(Duration::from_secs(5)))
        .expect("a socket");
    assert_eq!(
        exchange(&mut stream, 2, &ask(1, 200, 1)),
        Ok(Reply::Words(vec![200]))
    );
    let mut stale = [0; 11];
    stream.read_exact(&mut stale).expect("the late answer");
    assert_eq!(
        tcp::check(1, &ask(1, 100, 1), &stale),
        Ok(Reply::Words(vec![100]))
    );
    assert_eq!(
        faults
            .lock()
            .expect("no server thread died")
            .counts()
            .of(FaultKind::Late),
        1
    );
}

#[test]
fn a_silent_client_is_let_go() {
    let server = local(None, |options| options.idle = Duration::from_millis(80));
    let mut stream = connect(&server);
    assert_eq!(exchange(&mut stream, 1, &ask(1, 4, 1)), Ok(Reply::Words(vec![4])));
    assert_eq!(stream.read(&mut [0; 20]).expect("closed in order"), 0);
}

#[test]
fn many_clients_are_served_side_by_side() {
    let server = local(None, |_| {});
    let mut streams: Vec<TcpStream> = (0..6).map(|_| connect(&server)).collect();
    for round in 0..5_u16 {
        for (stream, address) in streams.iter_mut().zip(1..) {
            let request = ask(1, address * 10 + round, 1);
            assert_eq!(
                exchange(stream, round, &request),
                Ok(Reply::Words(vec![address * 10 + round]))
            );
        }
    }
}

#[test]
fn a_taken_port_is_refused_in_words() {
    let server = local(None, |_| {});
    let address = server.address().expect("on the network").to_string();
    let refused = serve::tcp(Arc::new(Echo), TcpOptions::new(address.clone()), None).expect_err("taken");
    assert!(matches!(&refused, ServeError::Address { address: at, .. } if *at == address));
    assert!(refused.to_string().contains("choose a free port"), "{refused}");
}

#[test]
fn a_doubled_reply_comes_twice() {
    let server = local(Some(Rates::NONE.with(FaultKind::Doubled, 1_000_000)), |_| {});
    let mut stream = connect(&server);
    assert_eq!(
        exchange(&mut stream, 1, &ask(1, 0, 2)),
        Ok(Reply::Words(vec![0, 1]))
    );
    let mut again = [0; 13];
    stream.read_exact(&mut again).expect("the doubled answer");
    assert_eq!(tcp::check(1, &ask(1, 0, 2), &again), Ok(Reply::Words(vec![0, 1])));
}

/// Reads from a line until it has been silent for this long; each byte with its moment.
fn hear(line: &mut (impl Read + std::os::fd::AsFd), silence: Duration) -> Vec<(Instant, u8)> {
    let timeout = Timespec::try_from(silence).expect("short");
    let mut heard = Vec::new();
    let mut buffer = [0; 300];
    loop {
        let mut watched = [PollFd::new(line, PollFlags::IN)];
        if poll(&mut watched, Some(&timeout)).expect("a line") == 0 {
            return heard;
        }
        let count = line.read(&mut buffer).expect("a line");
        let at = Instant::now();
        heard.extend(buffer[..count].iter().map(|byte| (at, *byte)));
        if count == 0 {
            return heard;
        }
    }
}

fn bytes(heard: &[(Instant, u8)]) -> Vec<u8> {
    heard.iter().map(|(_, byte)| *byte).collect()
}

fn serial(link: Option<PathBuf>, rates: Rates) -> (Server, std::fs::File) {
    let options = SerialOptions {
        link,
        ..SerialOptions::new(19_200)
    };
    let faults = Arc::new(Mutex::new(Faults::new(1, rates)));
    let server = serve::serial(Arc::new(Echo), &options, Some(faults)).expect("a pseudo-terminal");
    let path = server.path().expect("a path").to_owned();
    let line = OpenOptions::new()
        .read(true)
        .write(true)
        .open(path)
        .expect("the line can be opened");
    (server, line)
}

const SILENCE: Duration = Duration::from_millis(150);

#[test]
fn a_serial_line_takes_its_time() {
    let (_server, mut line) = serial(None, Rates::NONE);
    let request = ask(1, 10, 20);
    let asked = Instant::now();
    line.write_all(&rtu::encode_request(&request)).expect("a line");
    let heard = hear(&mut line, SILENCE);
    let words: Vec<u16> = (10..30).collect();
    assert_eq!(rtu::check(&request, &bytes(&heard)), Ok(Reply::Words(words)));
    // A character takes 521 microseconds: 8 for the question, 20 ms to think, 45 for the answer. It is never
    // early; how late it is depends on what else this machine does.
    let character = Duration::from_secs(10) / 19_200;
    let first = heard[0].0 - asked;
    assert!(first >= character * 9 + Duration::from_millis(20), "{first:?}");
    let last = heard[44].0 - asked;
    assert!(last >= character * 53 + Duration::from_millis(20), "{last:?}");
    assert!(last < character * 53 + Duration::from_millis(270), "{last:?}");
    for (index, (at, _)) in heard.iter().enumerate() {
        let due = character * u32::try_from(index + 9).expect("small") + Duration::from_millis(20);
        assert!(*at - asked >= due, "byte {index} is early");
    }
}

#[test]
fn a_serial_line_finds_itself_again_after_nonsense() {
    let (_server, mut line) = serial(None, Rates::NONE);
    let good = rtu::encode_request(&ask(2, 0, 1));
    let mut damaged = good.clone();
    damaged[3] ^= 1;
    for nonsense in [
        &b"hello, is anybody there?"[..],
        &good[..5],
        &damaged,
        &rtu::encode_request(&ask(9, 0, 1)),
    ] {
        line.write_all(nonsense).expect("a line");
        assert_eq!(bytes(&hear(&mut line, SILENCE)), [], "silence");
        line.write_all(&good).expect("a line");
        let answer = bytes(&hear(&mut line, SILENCE));
        assert_eq!(rtu::check(&ask(2, 0, 1), &answer), Ok(Reply::Words(vec![0])));
    }
}

#[test]
fn a_damaged_reply_is_damaged_on_the_line() {
    let (_server, mut line) = serial(None, Rates::NONE.with(FaultKind::Cut, 1_000_000));
    line.write_all(&rtu::encode_request(&ask(1, 0, 4)))
        .expect("a line");
    let heard = bytes(&hear(&mut line, SILENCE));
    assert!(
        !heard.is_empty() && rtu::check(&ask(1, 0, 4), &heard).is_err(),
        "{heard:?}"
    );
}

/// A folder of this test's own.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for tests");
    folder
}

#[test]
fn the_link_stands_while_the_server_runs() {
    let link = folder("link").join("bus");
    std::os::unix::fs::symlink("/nowhere", &link).expect("an old link");
    let (server, mut line) = serial(Some(link.clone()), Rates::NONE);
    assert_eq!(server.path(), Some(link.as_path()));
    line.write_all(&rtu::encode_request(&ask(1, 0, 1)))
        .expect("a line");
    assert_eq!(bytes(&hear(&mut line, SILENCE)).len(), 7);
    server.stop();
    assert!(std::fs::symlink_metadata(&link).is_err(), "the link is gone");

    std::fs::write(&link, "something of somebody").expect("a file");
    let options = SerialOptions {
        link: Some(link.clone()),
        ..SerialOptions::new(9_600)
    };
    let refused = serve::serial(Arc::new(Echo), &options, None).expect_err("not a link");
    assert!(matches!(refused, ServeError::LinkTaken(_)), "{refused}");
    let options = SerialOptions {
        link: Some(link.join("below")),
        ..SerialOptions::new(9_600)
    };
    let refused = serve::serial(Arc::new(Echo), &options, None).expect_err("no folder");
    assert!(
        refused.to_string().contains("choose a path in a folder"),
        "{refused}"
    );
}

#[test]
fn rtu_frames_travel_over_tcp() {
    let line = SerialOptions::new(38_400);
    let server = serve::serial_over_tcp(Arc::new(Echo), TcpOptions::new("127.0.0.1:0"), line, None)
        .expect("a free port");
    let mut stream = connect(&server);
    stream
        .write_all(&rtu::encode_request(&ask(1, 3, 2)))
        .expect("connected");
    let answer = bytes(&hear(&mut stream, SILENCE));
    assert_eq!(rtu::check(&ask(1, 3, 2), &answer), Ok(Reply::Words(vec![3, 4])));
}
