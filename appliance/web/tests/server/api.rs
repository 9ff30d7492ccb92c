//! The API gives the views as they are, and refuses with a sentence and the right status.

use serde_json::{Value, json};
use web::server::Limits;

use crate::house::{House, NOON, ROOF_W};

async fn error(house: &House, path: &str) -> (u16, String) {
    let reply = house.get(path).await;
    assert_eq!(reply.header("content-type"), "application/json", "{path}");
    let sentence = reply.json()["error"].as_str().map(str::to_owned);
    (reply.status, sentence.expect("a sentence"))
}

#[tokio::test]
async fn what_cannot_be_answered_has_a_sentence() {
    let house = House::open(Limits::default()).await;
    for (path, status, words) in [
        ("/api/v1/nothing", 404, "openapi.json"),
        ("/api/v1", 404, "openapi.json"),
        ("/api/v2/power", 404, "openapi.json"),
        ("/api/v1/devices/nobody", 404, "nobody"),
        ("/api/v1/energy/yesterday", 400, "2026"),
        ("/api/v1/energy/2026-13", 400, "2026"),
        ("/api/v1/readings", 400, "channel="),
        ("/api/v1/readings?channel=roof/power", 400, "from"),
        (
            "/api/v1/readings?channel=roof/power&from=2026-06-16&to=now",
            400,
            "2026-06-16T12:00:00Z",
        ),
        (
            "/api/v1/readings?channel=roof/power&from=2026-06-17&to=2026-06-16",
            400,
            "not after",
        ),
        (
            "/api/v1/readings?channel=roof/none&from=2026-06-16&to=2026-06-17",
            404,
            "roof/none",
        ),
        (
            "/api/v1/readings?channel=flat-1/power&from=2026-06-16&to=2026-06-17",
            404,
            "flat-1/power",
        ),
        ("/api/v1/readings?channel=Roof&from=0&to=1", 400, "Roof"),
        (
            "/api/v1/readings?channel=roof/power&from=0&to=1&form=2",
            400,
            "form",
        ),
        (
            "/api/v1/readings?channel=roof/power&from=-9223372036854775808&to=9223372036854775807",
            400,
            "1970",
        ),
        (
            "/api/v1/means?channel=roof/power&from=2026-06-16&to=2026-06-17&parts=0",
            400,
            "parts",
        ),
        (
            "/api/v1/means?channel=roof/power&from=2026-06-16&to=2026-06-17&parts=many",
            400,
            "parts",
        ),
        (
            "/api/v1/means?channel=roof/power&from=2026-06-16&to=2026-06-17&parts=99999999999999999999",
            400,
            "parts",
        ),
        ("/api/v1/audit?below=x", 400, "below"),
        ("/api/v1/audit?count=-1", 400, "count"),
    ] {
        let (got, sentence) = error(&house, path).await;
        assert_eq!(got, status, "{path}: {sentence}");
        assert!(sentence.contains(words), "{path}: {sentence}");
    }
}

#[tokio::test]
async fn a_channel_that_is_hidden_and_one_that_is_not_there_are_not_told_apart() {
    let house = House::open(Limits::default()).await;
    let ask = |name| format!("/api/v1/readings?channel={name}/power&from=2026-06-16&to=2026-06-17");
    let hidden = error(&house, &ask("flat-1")).await;
    let nowhere = error(&house, &ask("flat-9")).await;
    assert_eq!(
        (hidden.0, hidden.1.replace("flat-1", "")),
        (nowhere.0, nowhere.1.replace("flat-9", ""))
    );
}

#[tokio::test]
async fn readings_come_whole_and_in_order() {
    let house = House::open(Limits::default()).await;
    for query in [
        "from=0&to=7258118400000",
        "from=2026-06-16&to=2026-06-16",
        "from=2026-06-16T00:00:00%2B01:00&to=2026-06-17T00:00:00Z",
        "from=2026-06-16T00:00:00+01:00&to=2026-06-17T00:00:00Z",
    ] {
        let reply = house
            .get(&format!("/api/v1/readings?channel=roof/power&{query}"))
            .await;
        assert!(reply.whole, "{query}");
        let readings = reply.json();
        let readings = readings.as_array().expect("a list");
        assert_eq!(readings.len(), 240, "{query}");
        assert_eq!(
            readings[239],
            json!({ "at_ms": NOON, "value": ROOF_W, "why": null })
        );
        assert!(readings.is_sorted_by_key(|reading| reading["at_ms"].as_i64()));
    }
    let none = house.get("/api/v1/readings?channel=roof/power&from=0&to=1").await;
    assert_eq!((none.status, none.json()), (200, json!([])));
}

#[tokio::test]
async fn means_have_as_many_parts_as_were_asked_for() {
    let house = House::open(Limits::default()).await;
    let reply = house
        .get("/api/v1/means?channel=roof/power&from=2026-06-16&to=2026-06-16&parts=24")
        .await
        .json();
    let parts = reply.as_array().expect("a list");
    assert_eq!(parts.len(), 24);
    assert_eq!(parts[10]["mean"], json!(ROOF_W));
    assert_eq!(parts[0]["mean"], Value::Null, "a gap is a gap");
}

#[tokio::test]
async fn the_site_is_there_for_everybody() {
    let house = House::open(Limits::default()).await;
    let power = house.get("/api/v1/power").await.json();
    assert_eq!(
        (&power["production_w"], &power["at_ms"]),
        (&json!(ROOF_W), &json!(NOON))
    );
    let day = house.get("/api/v1/energy/2026-06-16").await.json();
    assert_eq!(day["totals"]["production_wh"], json!(16 * ROOF_W));
    assert_eq!(
        day["totals"]["missing"],
        json!(36),
        "nothing is known before eight"
    );
    let channels = house.get("/api/v1/channels").await.json();
    let names: Vec<_> = channels
        .as_array()
        .expect("a list")
        .iter()
        .map(|row| row["channel"].clone())
        .collect();
    assert_eq!(names, ["grid-meter/power", "roof/power"]);
    assert_eq!(house.get("/api/v1/audit?count=5").await.json(), json!([]));
}
