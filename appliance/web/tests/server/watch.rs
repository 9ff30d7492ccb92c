//! What other programs watch the box by: `/metrics` and `/healthz`.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use web::server::Limits;

use crate::house::{House, NOON, live_at};

#[tokio::test]
async fn metrics_are_in_prometheus_form() {
    let house = House::open(Limits::default()).await;
    let reply = house.get("/metrics").await;
    assert_eq!(
        reply.header("content-type"),
        "text/plain; version=0.0.4; charset=utf-8"
    );
    let text = reply.text();
    let (mut families, mut rows) = (BTreeSet::new(), BTreeSet::new());
    let mut family = String::new();
    for line in text.lines() {
        if let Some(head) = line.strip_prefix("# TYPE ") {
            family = head.split(' ').next().expect("a name").to_owned();
            assert!(families.insert(family.clone()), "{family} comes twice");
            continue;
        }
        if line.starts_with("# HELP ") {
            continue;
        }
        let (name, value) = line.rsplit_once(' ').expect("a name and a value");
        assert_eq!(name.split('{').next(), Some(family.as_str()), "{line}");
        assert!(rows.insert(name.to_owned()), "{name} comes twice");
        value.parse::<f64>().expect("a number");
    }
    for row in [
        "hearth_power_watts{flow=\"production\"} 5151",
        "hearth_device_up{device=\"flat-1\",bus=\"network\"} 1",
        "hearth_device_state{device=\"roof\",state=\"healthy\"} 1",
        "hearth_bus_asked_total{bus=\"network\"} 10",
        "hearth_task_running{task=\"recorder\"} 1",
        "hearth_store_writes 1",
        "hearth_card_written_bytes_total 8192",
        "hearth_running_seconds 3600",
        "process_resident_memory_bytes ",
    ] {
        assert!(text.contains(row), "{row} is missing in\n{text}");
    }
}

#[tokio::test]
async fn health_is_told_in_words() {
    let house = House::open(Limits::default()).await;
    let well = house.get("/healthz").await;
    assert_eq!((well.status, well.text().as_str()), (200, "ok\n"));
    let mut live = live_at(NOON);
    live.store.trouble = Some("the card is full; make room".to_owned());
    house.live.send_replace(Arc::new(live));
    let ill = house.get("/healthz").await;
    assert_eq!(ill.status, 503);
    assert!(
        ill.text().contains("the card is full; make room"),
        "{}",
        ill.text()
    );
    house.live.send_replace(Arc::new(live_at(NOON)));
    house.clock.fetch_add(60_000, Ordering::Relaxed);
    let stale = house.get("/healthz").await;
    assert_eq!(stale.status, 503);
    assert!(stale.text().contains("60 s old"), "{}", stale.text());
}
