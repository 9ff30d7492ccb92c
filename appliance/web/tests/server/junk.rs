//! What comes in from people who mean no good, or from broken programs: refused within limits, while an ordinary
//! request is answered beside it.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::timeout;
use web::server::Limits;

use crate::client::{self, PATIENCE};
use crate::house::House;

/// Limits so short that nobody waits for them.
fn short() -> Limits {
    let moment = Duration::from_millis(150);
    Limits {
        head_time: moment,
        body_time: moment,
        patience: moment,
        ..Limits::default()
    }
}

async fn is_answered(house: &House) {
    let reply = house.get("/healthz").await;
    assert_eq!((reply.status, reply.text().as_str()), (200, "ok\n"));
}

/// Sends bytes and says with which status they were refused; `None` if the connection was simply closed.
async fn refused(house: &House, bytes: &[u8]) -> Option<u16> {
    client::send(house.address, bytes).await.map(|reply| reply.status)
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused() {
    let house = House::open(Limits::default()).await;
    let padding = "x".repeat(20_000);
    let one = format!("GET / HTTP/1.1\r\nhost: localhost\r\nx: {padding}\r\n\r\n");
    let many = format!(
        "GET / HTTP/1.1\r\nhost: localhost\r\n{}\r\n",
        "a: b\r\n".repeat(200)
    );
    let address = format!("GET /{padding} HTTP/1.1\r\nhost: localhost\r\n\r\n");
    let endless = format!("GET / HTTP/1.1\r\nx: {}", "x".repeat(2_000_000));
    for head in [one, many, address, endless] {
        let status = refused(&house, head.as_bytes()).await;
        assert!(
            matches!(status, Some(431 | 414) | None),
            "{status:?} for {head:.60}"
        );
        is_answered(&house).await;
    }
}

#[tokio::test]
async fn a_head_that_never_ends_is_cut() {
    let house = House::open(short()).await;
    let mut slow = TcpStream::connect(house.address).await.expect("connected");
    slow.write_all(b"GET / HTTP/1.1\r\nhost: local")
        .await
        .expect("sent");
    is_answered(&house).await;
    let begun = Instant::now();
    let mut rest = Vec::new();
    let read = timeout(PATIENCE, slow.read_to_end(&mut rest))
        .await
        .expect("it is cut");
    assert!(
        read.is_err() || rest.is_empty() || rest.starts_with(b"HTTP/1.1 408"),
        "{rest:?}"
    );
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_connection_that_says_nothing_is_closed() {
    let house = House::open(short()).await;
    let mut silent = TcpStream::connect(house.address).await.expect("connected");
    let mut rest = Vec::new();
    let read = timeout(PATIENCE, silent.read_to_end(&mut rest))
        .await
        .expect("it is closed");
    assert!(matches!(read, Ok(0)), "{read:?}");
}

#[tokio::test]
async fn lines_that_are_no_request_are_refused() {
    let house = House::open(Limits::default()).await;
    for junk in [
        &b"\0\0\0\0\0\0\0\0\r\n\r\n"[..],
        b"GET\r\n\r\n",
        b"GET /\r\n\r\n",
        b"GET / HTTP/9.9\r\nhost: localhost\r\n\r\n",
        b"GET nowhere HTTP/1.1\r\nhost: localhost\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: localhost\r\nho\0st: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: localhost\r\n folded: x\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: localhost\r\nhost: localhost\r\n\r\n",
        b"POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello",
        b"POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\nsec-fetch-site: same-origin\r\n\r\nzz\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ] {
        let mut bytes = junk.to_vec();
        if junk[0] == 0x16 {
            bytes.extend([0; 600]);
        }
        let status = refused(&house, &bytes).await;
        assert!(status.is_none_or(|status| (400..=505).contains(&status)), "{status:?} for {junk:?}");
    }
    is_answered(&house).await;
}

#[tokio::test]
async fn random_bytes_are_refused() {
    let house = House::open(short()).await;
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut byte = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    };
    for round in 0..200 {
        let junk: Vec<u8> = (0..round * 7 % 1_500 + 1).map(|_| byte()).collect();
        let status = if round % 2 == 0 {
            refused(&house, &junk).await
        } else {
            let head = [
                b"GET /".as_slice(),
                &junk,
                b" HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n",
            ]
            .concat();
            refused(&house, &head).await
        };
        assert!(
            status.is_none_or(|status| (300..=505).contains(&status)),
            "{status:?} in round {round}"
        );
    }
    is_answered(&house).await;
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_before_it_is_sent() {
    let house = House::open(Limits::default()).await;
    let head = "POST /theme HTTP/1.1\r\nhost: localhost\r\nsec-fetch-site: same-origin\r\n";
    let announced = format!("{head}content-length: 1000000000000\r\n\r\n");
    assert_eq!(refused(&house, announced.as_bytes()).await, Some(413));
    let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
    let endless = format!("{head}transfer-encoding: chunked\r\n\r\n{chunk}{chunk}{chunk}");
    let status = refused(&house, endless.as_bytes()).await;
    assert!(matches!(status, Some(413) | None), "{status:?}");
    is_answered(&house).await;
}

#[tokio::test]
async fn a_body_that_never_comes_is_refused() {
    let house = House::open(short()).await;
    let head = "POST /theme HTTP/1.1\r\nhost: localhost\r\nsec-fetch-site: same-origin\r\ncontent-length: 10\r\n\r\nhal";
    let mut slow = TcpStream::connect(house.address).await.expect("connected");
    slow.write_all(head.as_bytes()).await.expect("sent");
    is_answered(&house).await;
    let mut answer = Vec::new();
    let read = timeout(PATIENCE, slow.read_to_end(&mut answer))
        .await
        .expect("it is answered");
    let _ = read;
    assert_eq!(client::parse(&answer).map(|reply| reply.status), Some(408));
}

#[tokio::test]
async fn requests_sent_ahead_are_answered_one_by_one_and_junk_behind_them_ends_the_connection() {
    let house = House::open(Limits::default()).await;
    let ahead = "GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n".repeat(50) + "junk junk junk\r\n\r\n";
    let mut stream = TcpStream::connect(house.address).await.expect("connected");
    stream.write_all(ahead.as_bytes()).await.expect("sent");
    let mut answers = Vec::new();
    let read = timeout(PATIENCE, stream.read_to_end(&mut answers))
        .await
        .expect("it ends");
    let _ = read;
    let text = String::from_utf8_lossy(&answers);
    assert_eq!(text.matches("HTTP/1.1 200 OK").count(), 50);
    assert!(text.matches("HTTP/1.1 400").count() <= 1);
    is_answered(&house).await;
}

#[tokio::test]
async fn an_answer_that_nobody_reads_is_given_up() {
    let house = House::open(Limits {
        connections: 1,
        per_source: 1,
        ..short()
    })
    .await;
    let mut lazy = TcpStream::connect(house.address).await.expect("connected");
    // More answers than the system's buffers hold, asked for and never read.
    let ahead = "GET /api/v1/devices HTTP/1.1\r\nhost: localhost\r\n\r\n".repeat(100);
    let asking = async { while lazy.write_all(ahead.as_bytes()).await.is_ok() {} };
    timeout(PATIENCE, asking)
        .await
        .expect("the box closes on somebody who reads nothing");
    is_answered(&house).await;
}

#[tokio::test]
async fn when_all_seats_are_busy_the_next_is_told_so_in_words() {
    let house = House::open(Limits {
        connections: 1,
        per_source: 1,
        body_time: PATIENCE,
        ..Limits::default()
    })
    .await;
    let mut busy = TcpStream::connect(house.address).await.expect("connected");
    let head = "POST /theme HTTP/1.1\r\nhost: localhost\r\nsec-fetch-site: same-origin\r\n\
                expect: 100-continue\r\ncontent-length: 10\r\n\r\n";
    busy.write_all(head.as_bytes()).await.expect("sent");
    let mut go_on = [0; 25];
    busy.read_exact(&mut go_on)
        .await
        .expect("the box waits for the body");
    let reply = house.get("/").await;
    assert_eq!((reply.status, reply.header("retry-after")), (503, "5"));
    assert!(reply.text().contains("Try again in a few seconds"));
    drop(busy);
    let freed = async {
        while house.get("/healthz").await.status != 200 {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, freed).await.expect("the seat is free again");
}

/// How many connections this process may open, less some for the store and the box's own ends.
fn connections() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits.lines().find(|line| line.starts_with("Max open files"));
    let soft = line
        .and_then(|line| line.split_whitespace().nth(3)?.parse().ok())
        .unwrap_or(1_024);
    let room: usize = soft;
    10_000.min(room.saturating_sub(700).max(100))
}

/// An ordinary request from another address of the loopback.
async fn neighbour(house: &House) -> Option<u16> {
    let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
    socket
        .bind(SocketAddr::from(([127, 0, 0, 2], 0)))
        .expect("a second address");
    let mut stream = socket.connect(house.address).await.expect("connected");
    stream
        .write_all(client::get("/healthz", &[]).as_bytes())
        .await
        .ok()?;
    let mut answer = Vec::new();
    timeout(PATIENCE, stream.read_to_end(&mut answer))
        .await
        .ok()?
        .ok()?;
    client::parse(&answer).map(|reply| reply.status)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_connections_cost_nobody_an_answer() {
    let house = House::open(Limits::default()).await;
    let all = connections();
    let mut held = Vec::with_capacity(all);
    let mut opening = JoinSet::new();
    let address = house.address;
    for burst in 0..all.div_ceil(500) {
        for number in 0..500.min(all - burst * 500) {
            opening.spawn(async move {
                let mut stream = TcpStream::connect(address).await.ok()?;
                // A third says nothing, a third begins a head, a third sends rubbish.
                let words: &[u8] = [&b""[..], b"GET / HTTP/1.1\r\nhost: lo", b"\xff\xfe\r\n\r\n"][number % 3];
                let _ = stream.write_all(words).await;
                Some(stream)
            });
        }
        let begun = Instant::now();
        assert_eq!(neighbour(&house).await, Some(200), "in burst {burst}");
        assert!(
            begun.elapsed() < Duration::from_secs(5),
            "burst {burst} held an ordinary request up"
        );
        while let Some(opened) = opening.join_next().await {
            held.extend(opened.expect("no fault"));
        }
    }
    is_answered(&house).await;
    assert!(
        held.len() > all / 2,
        "only {} of {all} could be opened",
        held.len()
    );
}
