//! Tables that any spreadsheet opens: whole, with units, local and universal time, and without formulas.

use web::server::Limits;

use crate::house::House;

#[tokio::test]
async fn energy_by_quarters() {
    let house = House::open(Limits::default()).await;
    let reply = house.get("/energy.csv?period=2026-06-16").await;
    assert_eq!(
        reply.header("content-type"),
        "text/csv; charset=utf-8; header=present"
    );
    assert_eq!(
        reply.header("content-disposition"),
        "attachment; filename=\"energy-2026-06-16.csv\""
    );
    assert!(reply.whole);
    let text = reply.text();
    let lines: Vec<&str> = text.split("\r\n").collect();
    assert_eq!(
        lines[0],
        "start_local,start_utc,production_wh,consumption_wh,import_wh,export_wh,charge_wh,discharge_wh,self_used_wh,quality,causes,time_known"
    );
    assert_eq!(lines[1].split(',').next(), Some("2026-06-16T00:00:00.000+01:00"));
    assert!(lines[1].ends_with(",missing,,"), "{}", lines[1]);
    let eight = lines
        .iter()
        .find(|line| line.contains("2026-06-16T08:00:00.000Z"))
        .expect("a line for eight");
    assert!(
        eight.starts_with("2026-06-16T09:00:00.000+01:00,2026-06-16T08:00:00.000Z,5151,"),
        "{eight}"
    );
    assert!(eight.ends_with(",measured,,not-noted"), "{eight}");
    assert_eq!(
        lines.len(),
        1 + 4 * 13 + 1,
        "thirteen hours since local midnight, and the end of the last line"
    );
}

#[tokio::test]
async fn any_range_of_energy() {
    let house = House::open(Limits::default()).await;
    let part = house
        .get("/energy.csv?from=2026-06-16T09:00:00Z&to=2026-06-16T10:00:00Z")
        .await;
    assert_eq!(part.text().lines().count(), 1 + 4);
    let all = house.get("/energy.csv?from=0&to=2199-12-31").await;
    assert!(all.whole);
    let text = all.text();
    assert!(
        text.lines()
            .nth(1)
            .is_some_and(|line| line.starts_with("2026-01-01T00:00:00.000+00:00"))
    );
    assert!(
        text.lines()
            .last()
            .is_some_and(|line| line.starts_with("2026-06-16T12:45:00.000+01:00"))
    );
    let ahead = house.get("/energy.csv?period=2027").await;
    assert_eq!(
        (ahead.status, ahead.text().lines().count()),
        (200, 1),
        "nothing is known of what lies ahead"
    );
}

#[tokio::test]
async fn readings_of_a_channel() {
    let house = House::open(Limits::default()).await;
    let reply = house
        .get("/readings.csv?channel=grid-meter/power&from=2026-06-16&to=2026-06-16")
        .await;
    assert_eq!(
        reply.header("content-disposition"),
        "attachment; filename=\"grid-meter-power-2026-06-16.csv\""
    );
    let text = reply.text();
    let mut lines = text.split("\r\n");
    assert_eq!(
        lines.next(),
        Some("time_local,time_utc,grid-meter/power [W],why_none")
    );
    assert_eq!(
        lines.next(),
        Some("2026-06-16T09:01:00.000+01:00,2026-06-16T08:01:00.000Z,-2929,")
    );
    assert_eq!(text.matches("\r\n").count(), 241);
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_in_words() {
    let house = House::open(Limits::default()).await;
    for (path, status) in [
        ("/energy.csv", 400),
        ("/energy.csv?period=soon", 400),
        ("/energy.csv?from=2026-06-16", 400),
        ("/energy.csv?from=2026-06-16&to=2026-06-01", 400),
        ("/readings.csv?channel=roof/power", 400),
        (
            "/readings.csv?channel=flat-1/power&from=2026-06-16&to=2026-06-16",
            404,
        ),
        (
            "/readings.csv?channel=roof/power%22%0d%0aset-cookie:x&from=0&to=1",
            400,
        ),
    ] {
        let reply = house.get(path).await;
        assert_eq!(reply.status, status, "{path}");
        assert!(reply.header("content-type").starts_with("text/plain"), "{path}");
        assert!(reply.text().ends_with(".\n"), "{path}: {}", reply.text());
    }
}
