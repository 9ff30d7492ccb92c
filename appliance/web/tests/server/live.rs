//! The live stream: figures at once, again at each change but not too often, and seats of its own.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use web::server::Limits;

use crate::client::{self, PATIENCE};
use crate::house::{House, ROOF_W};

/// Limits under which events follow each other closely.
fn quick() -> Limits {
    Limits {
        live_gap: Duration::from_millis(1),
        heartbeat: Duration::from_millis(50),
        ..Limits::default()
    }
}

/// An open stream and what has been read of it.
struct Stream {
    stream: TcpStream,
    text: String,
}

impl Stream {
    async fn open(house: &House) -> Self {
        let mut stream = TcpStream::connect(house.address).await.expect("connected");
        stream
            .write_all(b"GET /live HTTP/1.1\r\nhost: localhost\r\n\r\n")
            .await
            .expect("sent");
        Self {
            stream,
            text: String::new(),
        }
    }

    /// Reads on until `words` have come `times` times.
    async fn until(&mut self, words: &str, times: usize) {
        let read = async {
            while self.text.matches(words).count() < times {
                let mut bytes = [0; 4_096];
                let count = self.stream.read(&mut bytes).await.expect("the stream goes on");
                assert_ne!(count, 0, "the stream ended after {:?}", self.text);
                self.text.push_str(&String::from_utf8_lossy(&bytes[..count]));
            }
        };
        timeout(PATIENCE, read).await.expect("it comes in time");
    }
}

#[tokio::test]
async fn figures_come_at_once_and_at_each_change() {
    let house = House::open(quick()).await;
    let mut stream = Stream::open(&house).await;
    stream.until("event: now", 1).await;
    assert!(stream.text.contains("text/event-stream") && stream.text.contains("event: now"));
    assert_eq!(ROOF_W, 5_151, "what the words below say");
    stream.until("5.2\u{a0}kW", 1).await;
    let before = stream.text.matches("event: now").count();
    house.tick();
    stream.until("event: now", before + 1).await;
}

#[tokio::test]
async fn a_quiet_house_gives_signs_of_life() {
    let house = House::open(quick()).await;
    let mut stream = Stream::open(&house).await;
    stream.until("\n: the box is here", 2).await;
    assert!(stream.text.find("event: now") < stream.text.find(": the box is here"));
}

#[tokio::test]
async fn changes_that_come_too_quickly_are_put_together() {
    let house = House::open(Limits {
        live_gap: Duration::from_secs(3_600),
        ..quick()
    })
    .await;
    let mut stream = Stream::open(&house).await;
    stream.until("event: now", 1).await;
    for _ in 0..100 {
        house.tick();
        house.get("/healthz").await;
    }
    let more = timeout(Duration::from_millis(50), stream.until("event: now", 2)).await;
    assert!(more.is_err(), "a second event within the gap");
}

#[tokio::test]
async fn streams_have_a_limit_of_their_own_and_starve_nobody() {
    let limits = Limits {
        streams: 50,
        connections: 4,
        per_source: 4,
        ..quick()
    };
    let house = House::open(limits).await;
    let mut open = Vec::new();
    for _ in 0..50 {
        let mut stream = Stream::open(&house).await;
        stream.until("retry:", 1).await;
        open.push(stream);
    }
    let refused = house.get("/live").await;
    assert_eq!((refused.status, refused.header("retry-after")), (503, "60"));
    assert!(refused.text().contains("load it again"), "{}", refused.text());
    assert_eq!(house.get("/healthz").await.status, 200);
    house.tick();
    for stream in &mut open {
        stream.until("event: now", 1).await;
    }
    drop(open);
    let freed = async {
        while client::send(house.address, client::request("HEAD", "/live", &[]).as_bytes())
            .await
            .map(|reply| reply.status)
            != Some(200)
        {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, freed)
        .await
        .expect("closed streams free their seats");
}

#[tokio::test]
async fn streams_end_when_the_box_stops() {
    let mut house = House::open(quick()).await;
    let mut stream = Stream::open(&house).await;
    stream.until("event: now", 1).await;
    house.stop.cancel();
    let mut rest = Vec::new();
    timeout(PATIENCE, stream.stream.read_to_end(&mut rest))
        .await
        .expect("in time")
        .expect("ended properly");
    assert!(String::from_utf8_lossy(&rest).ends_with("0\r\n\r\n"));
    assert!(house.served.join_next().await.is_some());
}
