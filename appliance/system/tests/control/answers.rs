//! Every method once with a good question and, where there is one, with a bad one.

use acts::Actor;
use serde_json::Value;
use system::client::{ClientError, Kind, Registers};
use system::record::RecordQuestion;

use crate::harness::{NOW, TestBox};

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

fn refused<T: std::fmt::Debug>(answer: Result<T, ClientError>) -> (Kind, String) {
    match answer.expect_err("a refusal is due") {
        ClientError::Refused { kind, sentence } => (kind, sentence),
        other => (Kind::Failed, format!("no refusal, but: {other:?}")),
    }
}

#[tokio::test]
async fn status_tells_the_box_the_clock_and_the_power() {
    let the_box = TestBox::start();
    let client = the_box.client().await;
    let status = json(&client.status().await.expect("an answer"));
    assert_eq!(status["place"], "Old Fire Station");
    assert_eq!(status["time_zone"], "Europe/London");
    assert_eq!(status["now_ms"], NOW.as_millis());
    assert_eq!(status["buses"][0]["name"], "cupboard");
    assert_eq!(status["power"], json(&client.power().await.expect("an answer")));
    assert_eq!(
        client.version().await.expect("an answer"),
        env!("CARGO_PKG_VERSION")
    );
    the_box.stop().await;
}

#[tokio::test]
async fn devices_are_told_and_a_flats_values_are_not() {
    let the_box = TestBox::start();
    let client = the_box.client().await;
    let devices = json(&client.devices().await.expect("an answer"));
    assert_eq!(devices[0]["label"], "Meter at the street");
    assert_eq!(
        (&devices[1]["private"], &devices[1]["points"]),
        (&Value::Bool(true), &json("[]"))
    );
    assert_eq!(
        json(&client.device("flat-1").await.expect("an answer")),
        devices[1]
    );
    let (kind, sentence) = refused(client.device("nobody").await);
    assert_eq!(
        (kind, sentence.as_str()),
        (
            Kind::NotThere,
            "there is no device \"nobody\" here that you can see"
        )
    );
    the_box.stop().await;
}

#[tokio::test]
async fn energy_is_of_today_or_of_the_period_asked_for() {
    let the_box = TestBox::start();
    let client = the_box.client().await;
    assert_eq!(
        json(&client.energy("").await.expect("today"))["period"],
        "2026-06-16"
    );
    assert_eq!(
        json(&client.energy("2026-W25").await.expect("a week"))["kind"],
        "week"
    );
    let (kind, sentence) = refused(client.energy("last week").await);
    assert_eq!(kind, Kind::BadInput);
    assert!(sentence.contains("write it as in 2026-06-16"), "{sentence}");
    the_box.stop().await;
}

#[tokio::test]
async fn registers_are_read_and_the_record_says_by_whom() {
    let the_box = TestBox::start();
    let client = the_box.client().await;
    let question = |bus: &str, address, count| Registers {
        bus: bus.to_owned(),
        unit: 1,
        function: "input",
        address,
        count,
    };
    assert_eq!(
        client.read(&question("cupboard", 72, 3)).await.expect("words"),
        [0, 3, 6]
    );
    assert_eq!(the_box.world.asked.lock().expect("whole")[0].address, 72);

    let all = RecordQuestion::default();
    let record = json(&client.record(&all, "").await.expect("the record"));
    let uid = rustix::process::getuid().as_raw();
    assert_eq!(record["lines"][0]["actor"], Actor::Technician { uid }.to_string());
    assert_eq!(record["lines"][0]["act"], "read-registers");
    let older = RecordQuestion {
        below: Some(1),
        ..all
    };
    let record = json(&client.record(&older, "").await.expect("the record"));
    assert_eq!(record, json(r#"{"lines":[],"older":null,"people_too":false}"#));
    assert_eq!(
        json(&client.check_record().await.expect("walked")),
        json(r#"{"whole":true,"lines":1,"fault":null}"#)
    );

    for (address, count) in [(0, 0), (0, 126), (65_535, 2)] {
        let (kind, sentence) = refused(client.read(&question("cupboard", address, count)).await);
        assert_eq!(
            (kind, sentence.as_str()),
            (Kind::BadInput, "ask for 1 to 125 registers, none beyond 65535")
        );
    }
    assert_eq!(
        refused(client.read(&question("Cupboard", 0, 1)).await).0,
        Kind::BadInput
    );
    let odd = Registers {
        function: "coil",
        ..question("cupboard", 0, 1)
    };
    assert!(
        refused(client.read(&odd).await)
            .1
            .contains("say holding or input")
    );
    assert_eq!(
        the_box.world.asked.lock().expect("whole").len(),
        1,
        "no bad question reached the bus"
    );
    the_box.stop().await;
}

#[tokio::test]
async fn the_site_is_read_again_and_a_text_is_checked() {
    let the_box = TestBox::start();
    let client = the_box.client().await;
    assert_eq!(
        client.reload().await.expect("it is read"),
        "site.toml was read again; nothing changed"
    );
    let faults = json(&client.check_config("[place]\nname = 3\n").await.expect("faults"));
    let last = faults
        .as_array()
        .and_then(|faults| faults.last())
        .expect("faults");
    assert_eq!(
        (&last["line"], &last["column"]),
        (&Value::from(2), &Value::from(8))
    );
    let (kind, _) = refused(client.check_config(&"#".repeat(1024 * 1024 + 1)).await);
    assert_eq!(kind, Kind::BadInput);
    the_box.stop().await;
}

#[tokio::test]
async fn channels_are_those_that_a_technician_may_see() {
    let the_box = TestBox::start();
    the_box.remember(3);
    let client = the_box.client().await;
    let channels = json(&client.channels().await.expect("an answer"));
    assert_eq!(
        (channels[0]["channel"].as_str(), channels[0]["symbol"].as_str()),
        (Some("grid-meter/power"), Some("W"))
    );
    assert_eq!(channels.as_array().map(Vec::len), Some(1));
    the_box.stop().await;
}
