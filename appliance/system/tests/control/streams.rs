//! Long answers: whole, cut, given up, too many.

use std::io::{Read, Write};
use std::time::Duration;

use acts::{Direction, Frame};
use system::client::{ClientError, Kind};
use system::control::Limits;

use crate::harness::{NOW, TestBox, until};

fn frame(number: u8) -> Frame {
    Frame {
        at: NOW,
        gap_us: 3_600,
        direction: Direction::Sent,
        bytes: vec![1, 4, number],
        words: "asks unit 1 for 2 input registers from 0x0000".to_owned(),
    }
}

#[tokio::test]
async fn readings_come_line_by_line_and_in_order() {
    let the_box = TestBox::start();
    // More than a pipe and more than one hour.
    the_box.remember(10_000);
    let client = the_box.client().await;
    let mut lines = client
        .readings("grid-meter/power", 0, i64::MAX)
        .await
        .expect("a stream");
    let mut count = 0;
    while let Some(line) = lines.next().await.expect("whole lines") {
        let reading: serde_json::Value = serde_json::from_str(&line).expect("JSON");
        assert_eq!(reading["value"], count);
        count += 1;
    }
    assert_eq!(count, 10_000);
    the_box.stop().await;
}

#[tokio::test]
async fn a_stretch_has_a_beginning_and_an_end() {
    let the_box = TestBox::start();
    the_box.remember(100);
    let client = the_box.client().await;
    let now = NOW.as_millis();
    let mut lines = client
        .readings("grid-meter/power", now - 5_000, now - 3_000)
        .await
        .expect("a stream");
    let first = lines.next().await.expect("a line").expect("a reading");
    assert!(first.contains("\"value\":95"), "{first}");
    assert!(lines.next().await.expect("a line").is_some());
    assert_eq!(lines.next().await.expect("the end"), None);
    let mut none = client.readings("grid-meter/power", 0, 1).await.expect("a stream");
    assert_eq!(none.next().await.expect("the end"), None);
    the_box.stop().await;
}

#[tokio::test]
async fn bad_stretches_are_refused_before_anything_flows() {
    let the_box = TestBox::start();
    the_box.remember(2);
    let client = the_box.client().await;
    for (channel, from, to, due) in [
        ("grid-meter/power", 5, 5, Kind::BadInput),
        ("grid-meter", 0, 1, Kind::BadInput),
        ("grid-meter/charm", 0, 1, Kind::NotThere),
        ("flat-1/power", 0, 1, Kind::NotThere),
    ] {
        match client.readings(channel, from, to).await {
            Err(ClientError::Refused { kind, .. }) => assert_eq!(kind, due, "{channel}"),
            other => panic!("{channel}: {other:?}"),
        }
    }
    the_box.stop().await;
}

#[tokio::test]
async fn frames_reach_every_watcher_until_the_box_stops() {
    let the_box = TestBox::start();
    let (one, two) = (the_box.client().await, the_box.client().await);
    let mut first = one.watch("cupboard").await.expect("a stream");
    let mut second = two.watch("cupboard").await.expect("a stream");
    the_box.world.frames.send(frame(7)).expect("somebody watches");
    let line = first.next().await.expect("a line").expect("a frame");
    assert!(
        line.contains(r#""direction":"sent","bytes":"01 04 07""#),
        "{line}"
    );
    assert_eq!(second.next().await.expect("a line"), Some(line));
    let missing = one.watch("attic").await.expect_err("there is no such bus");
    assert_eq!(
        missing.to_string(),
        "there is no bus attic; `hearth status` lists them"
    );
    the_box.stop().await;
    assert_eq!(first.next().await.expect("a whole answer"), None);
    assert_eq!(second.next().await.expect("a whole answer"), None);
}

#[tokio::test]
async fn a_watcher_that_goes_away_frees_its_place_even_on_a_silent_bus() {
    let the_box = TestBox::start();
    let client = the_box.client().await;
    for _ in 0..10 {
        let lines = client.watch("cupboard").await.expect("there is room");
        until(|| the_box.world.frames.receiver_count() == 1).await;
        drop(lines);
        until(|| the_box.world.frames.receiver_count() == 0).await;
    }
    let lines = client.watch("cupboard").await.expect("there is room");
    drop(client);
    until(|| the_box.world.frames.receiver_count() == 0).await;
    drop(lines);
    the_box.stop().await;
}

#[tokio::test]
async fn a_slow_watcher_is_told_what_it_missed() {
    let the_box = TestBox::start();
    let client = the_box.client().await;
    let mut lines = client.watch("cupboard").await.expect("a stream");
    until(|| the_box.world.frames.receiver_count() == 1).await;
    // One worker: nobody reads while these are sent, and the channel keeps 64.
    for number in 0..200 {
        the_box
            .world
            .frames
            .send(frame(number))
            .expect("somebody watches");
    }
    let first = lines.next().await.expect("a line").expect("a word");
    assert_eq!(first, r#"{"missed":136}"#);
    assert!(
        lines
            .next()
            .await
            .expect("a line")
            .expect("a frame")
            .contains("01 04 88")
    );
    the_box.stop().await;
}

#[tokio::test]
async fn a_client_has_only_so_many_long_answers_at_once() {
    let the_box = TestBox::with(Limits {
        streams: 2,
        ..Limits::default()
    });
    let client = the_box.client().await;
    let first = client.watch("cupboard").await.expect("there is room");
    let _second = client.watch("cupboard").await.expect("there is room");
    let third = client.watch("cupboard").await.expect_err("there is none left");
    assert!(
        third
            .to_string()
            .starts_with("2 long answers are under way already"),
        "{third}"
    );
    assert!(
        the_box.client().await.watch("cupboard").await.is_ok(),
        "another client has its own"
    );
    drop(first);
    until(|| the_box.world.frames.receiver_count() == 1).await;
    assert!(client.watch("cupboard").await.is_ok());
    the_box.stop().await;
}

#[tokio::test]
async fn who_does_not_read_is_not_waited_for() {
    let the_box = TestBox::with(Limits {
        stalled: Duration::from_millis(50),
        streams: 1,
        ..Limits::default()
    });
    the_box.remember(20_000);
    let client = the_box.client().await;
    let mut lines = client
        .readings("grid-meter/power", 0, i64::MAX)
        .await
        .expect("a stream");
    // The pipe is full and nobody empties it. The box gives up, which frees the place for another answer; the end
    // that is missing tells.
    let wait = async { while client.watch("cupboard").await.is_err() {} };
    tokio::time::timeout(Duration::from_secs(10), wait)
        .await
        .expect("the box gives up");
    let cut = loop {
        match lines.next().await {
            Ok(Some(_)) => {}
            other => break other,
        }
    };
    assert_eq!(cut, Err(ClientError::Cut));
    the_box.stop().await;
}

#[tokio::test]
async fn the_pipe_of_an_answer_is_not_the_socket() {
    // What a client does with its pipe never reaches another client, nor the box.
    let the_box = TestBox::start();
    let client = the_box.client().await;
    let lines = client.watch("cupboard").await.expect("a stream");
    drop(lines);
    let mut raw = std::os::unix::net::UnixStream::connect(&the_box.socket).expect("a stranger");
    raw.write_all(b"GET / HTTP/1.1\r\n\r\n").expect("sent");
    raw.set_read_timeout(Some(Duration::from_secs(10))).expect("set");
    let mut said = Vec::new();
    let shut = tokio::task::spawn_blocking(move || raw.read_to_end(&mut said))
        .await
        .expect("no panic");
    assert!(shut.is_ok(), "the stranger is let go: {shut:?}");
    assert!(client.version().await.is_ok());
    the_box.stop().await;
}
