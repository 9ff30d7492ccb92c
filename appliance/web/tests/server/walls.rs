//! Other sites are kept out, every answer is sealed, and a fault of one request stays with it.

use web::server::Limits;

use crate::client;
use crate::house::House;

#[tokio::test]
async fn another_sites_name_is_refused_in_words() {
    let house = House::open(Limits::default()).await;
    let reply = house.ask("GET", "/", &[("host", "evil.example")]).await;
    assert_eq!(reply.status, 421);
    assert!(reply.text().contains("http://localhost"), "{}", reply.text());
    assert_eq!(house.ask("GET", "/", &[("host", "")]).await.status, 400);
    let port = house.address.port();
    assert_eq!(
        house
            .ask("GET", "/", &[("host", &format!("127.0.0.1:{port}"))])
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn a_form_of_another_site_is_refused_in_words() {
    let house = House::open(Limits::default()).await;
    for headers in [
        &[][..],
        &[("origin", "http://evil.example")],
        &[("sec-fetch-site", "cross-site")],
    ] {
        let reply = house.ask("POST", "/box/reload", headers).await;
        assert_eq!(reply.status, 403, "{headers:?}");
        assert!(reply.text().contains("nothing was done"), "{}", reply.text());
    }
}

#[tokio::test]
async fn other_methods_are_refused_in_words() {
    let house = House::open(Limits::default()).await;
    for method in ["PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"] {
        let reply = house.ask(method, "/", &[]).await;
        assert_eq!(
            (reply.status, reply.header("allow")),
            (405, "GET, HEAD, POST"),
            "{method}"
        );
    }
    let reply = house
        .ask("POST", "/api/v1/power", &[("sec-fetch-site", "same-origin")])
        .await;
    assert_eq!(reply.status, 405);
    assert!(
        reply.json()["error"]
            .as_str()
            .is_some_and(|words| !words.is_empty())
    );
}

#[tokio::test]
async fn every_answer_is_sealed() {
    let house = House::open(Limits::default()).await;
    for path in [
        "/",
        "/nowhere",
        "/api/v1/power",
        "/api/v1/nothing",
        "/metrics",
        "/healthz",
        "/energy.csv?period=2026",
    ] {
        let reply = house.get(path).await;
        let policy = reply.header("content-security-policy");
        assert!(policy.contains("default-src 'none'"), "{path}: {policy}");
        for name in [
            "x-content-type-options",
            "referrer-policy",
            "permissions-policy",
            "cross-origin-opener-policy",
            "cross-origin-resource-policy",
            "cache-control",
            "content-type",
        ] {
            assert!(!reply.header(name).is_empty(), "{path} lacks {name}");
        }
    }
    let refused = house.ask("GET", "/", &[("host", "evil.example")]).await;
    assert_eq!(refused.header("x-content-type-options"), "nosniff");
}

#[tokio::test]
async fn head_says_what_get_says_without_the_body() {
    let house = House::open(Limits::default()).await;
    for path in ["/", "/api/v1/devices", "/api/openapi.json"] {
        let (get, head) = (house.get(path).await, house.ask("HEAD", path, &[]).await);
        assert_eq!((get.status, head.status), (200, 200), "{path}");
        assert_eq!(
            get.header("content-length"),
            head.header("content-length"),
            "{path}"
        );
        assert_eq!(get.header("etag"), head.header("etag"), "{path}");
        assert!(head.body.is_empty(), "{path}");
    }
    let table = house.ask("HEAD", "/energy.csv?period=2026-06", &[]).await;
    assert_eq!((table.status, table.body.len()), (200, 0));
}

#[tokio::test]
async fn a_page_that_the_browser_has_is_not_sent_again() {
    let house = House::open(Limits::default()).await;
    let first = house
        .ask("GET", "/api/v1/devices", &[("accept-encoding", "gzip")])
        .await;
    assert_eq!(
        (first.header("content-encoding"), first.header("vary")),
        ("gzip", "accept-encoding")
    );
    let plain = house.get("/api/v1/devices").await;
    assert_eq!(plain.text(), first.text());
    assert!(plain.body.len() > first.body.len());
    let again = house
        .ask(
            "GET",
            "/api/v1/devices",
            &[("if-none-match", first.header("etag"))],
        )
        .await;
    assert_eq!((again.status, again.body.len()), (304, 0));
    assert_eq!(again.header("etag"), first.header("etag"));
}

#[tokio::test]
async fn a_stopping_box_lets_go_of_everybody() {
    let mut house = House::open(Limits::default()).await;
    let address = house.address;
    assert_eq!(house.get("/healthz").await.status, 200);
    let mut waiting = tokio::task::JoinSet::new();
    waiting.spawn(async move { client::send(address, client::get("/live", &[]).as_bytes()).await });
    waiting.spawn(async move { client::send(address, b"GET / HTTP/1.1\r\nhost: loc").await });
    house.get("/healthz").await;
    house.stop.cancel();
    let ended = tokio::time::timeout(client::PATIENCE, house.served.join_next()).await;
    assert!(matches!(ended, Ok(Some(Ok(Ok(()))))), "{ended:?}");
    while waiting.join_next().await.is_some() {}
}
