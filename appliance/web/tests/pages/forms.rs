//! Forms: what is done, what is refused, and that what was typed stays.

use acts::Effects;

use super::Served;
use super::place::Mood;

#[tokio::test]
async fn a_device_gets_another_name_and_the_page_says_so() {
    let served = Served::open(Mood::Sunny).await;
    let ana = served.steward().await;
    let form = "label=Hall+and+kitchen";
    let reply = ana.post("/devices/hall", "/devices/hall/label", form).await;
    assert_eq!(
        (reply.status, reply.header("location")),
        (303, "/devices/hall?done=label"),
        "{}",
        reply.text()
    );
    let page = served.page("/devices/hall?done=label").await;
    assert!(
        page.contains("<h1>Hall and kitchen</h1>") && page.contains("It is called Hall and kitchen now."),
        "{page}"
    );
    let record = served.page("/box").await;
    assert!(
        record.contains("Person 1 gave a device another name for people."),
        "{record}"
    );
}

#[tokio::test]
async fn whoever_is_not_signed_in_is_offered_no_form_and_led_to_sign_in() {
    let served = Served::open(Mood::Sunny).await;
    for (page, path, form) in [
        ("/devices/hall", "/devices/hall/label", "label=Mine"),
        ("/box", "/box/name", "name=Mine"),
        ("/box", "/box/reload", ""),
    ] {
        let text = served.page(page).await;
        assert!(!text.contains(&format!("action=\"{path}\"")), "{text}");
        let reply = served.post(path, form).await;
        assert_eq!(reply.status, 303, "{path}");
        assert!(reply.header("location").starts_with("/sign-in"), "{path}");
    }
    assert!(served.page("/devices/hall").await.contains("<h1>Hall</h1>"));
}

#[tokio::test]
async fn a_form_that_is_sent_again_or_is_older_than_what_it_changes_does_nothing() {
    let served = Served::open(Mood::Sunny).await;
    let ana = served.steward().await;
    let old = crate::steward::token(&ana.page("/devices/hall").await, "/devices/hall/label");
    let form = format!("token={old}&label=Kitchen");
    assert_eq!(ana.send("/devices/hall/label", &form).await.status, 303);
    let again = ana
        .send("/devices/hall/label", &format!("token={old}&label=Hall+again"))
        .await;
    assert_eq!(again.status, 403);
    assert!(again.text().contains("This was sent already"), "{}", again.text());
    assert!(served.page("/devices/hall").await.contains("<h1>Kitchen</h1>"));
}

#[tokio::test]
async fn browsers_are_told_to_say_where_a_form_comes_from() {
    let served = Served::open(Mood::Sunny).await;
    let page = served.get("/devices/hall").await;
    assert_eq!(
        page.header("referrer-policy"),
        "same-origin",
        "with no-referrer a browser sends Origin: null"
    );
}

#[tokio::test]
async fn a_form_from_elsewhere_is_refused_on_a_page_with_a_way_back() {
    let served = Served::open(Mood::Sunny).await;
    let form = "POST /box/name HTTP/1.1\r\nhost: localhost\r\norigin: http://evil.example\r\n\
                content-length: 0\r\nconnection: close\r\n\r\n";
    let reply = served.send(form).await;
    let page = reply.text();
    assert_eq!(reply.status, 403, "{page}");
    assert!(reply.header("content-type").starts_with("text/html"), "{page}");
    assert!(
        page.contains("so nothing was done") && page.contains("<a href=\"/\">To the energy page</a>"),
        "{page}"
    );
}

#[tokio::test]
async fn a_name_that_is_refused_stays_in_its_field_with_the_reason() {
    let served = Served::open(Mood::Sunny).await;
    let ana = served.steward().await;
    let long = "x".repeat(61);
    for (path, form, kept, why) in [
        (
            "/devices/hall/label",
            "label=++".to_owned(),
            "value=\"  \"",
            "Write a name; it is empty now.",
        ),
        (
            "/devices/hall/label",
            format!("label={long}"),
            long.as_str(),
            "The name has 61 letters; write at most 60.",
        ),
        (
            "/devices/hall/label",
            "label=a%0Ab".to_owned(),
            "a\nb",
            "The name holds a sign that cannot be shown",
        ),
        (
            "/devices/hall/label",
            "label=Hall+%E2%80%AEllaH".to_owned(),
            "aria-invalid",
            "The name holds a sign that cannot be shown",
        ),
        (
            "/devices/hall/label",
            "label=%ff%fe".to_owned(),
            "aria-invalid",
            "The name holds a sign that cannot be shown",
        ),
        (
            "/box/name",
            String::new(),
            "value=\"\"",
            "Write a name; it is empty now.",
        ),
    ] {
        let page = path.trim_end_matches("/label").trim_end_matches("/name");
        let reply = ana.post(page, path, &form).await;
        let page = reply.text();
        assert_eq!(reply.status, 422, "{page}");
        assert!(
            page.contains(kept) && page.contains(why) && page.contains("aria-invalid=\"true\""),
            "{why}: {page}"
        );
    }
    assert!(
        served.page("/devices/hall").await.contains("<h1>Hall</h1>"),
        "nothing was changed"
    );
}

#[tokio::test]
async fn a_device_that_is_not_there_gets_no_name() {
    let served = Served::open(Mood::Sunny).await;
    assert_eq!(
        served
            .steward()
            .await
            .send("/devices/nobody/label", "label=Somebody")
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn an_address_that_a_refused_form_left_leads_back_to_its_page() {
    let served = Served::open(Mood::Sunny).await;
    for (path, page) in [
        ("/devices/hall/label", "/devices/hall"),
        ("/box/name", "/box"),
        ("/box/reload", "/box"),
    ] {
        let reply = served.get(path).await;
        assert_eq!((reply.status, reply.header("location")), (303, page), "{path}");
    }
}

#[tokio::test]
async fn the_place_gets_another_name() {
    let served = Served::open(Mood::Sunny).await;
    let ana = served.steward().await;
    let reply = ana.post("/box", "/box/name", "name=Easton+%26+friends").await;
    assert_eq!((reply.status, reply.header("location")), (303, "/box?done=name"));
    let page = served.page("/box?done=name").await;
    assert!(
        page.contains("The place is called Easton &#38; friends now."),
        "{page}"
    );
}

#[tokio::test]
async fn the_configuration_is_read_again_and_a_bad_one_is_told() {
    let served = Served::open(Mood::Sunny).await;
    let ana = served.steward().await;
    let reply = ana.post("/box", "/box/reload", "").await;
    assert_eq!(
        (reply.status, reply.header("location")),
        (303, "/box?done=reload")
    );
    served
        .place
        .effects
        .write_site("[place]\nname = 3\n")
        .expect("written");
    let reply = ana.post("/box", "/box/reload", "").await;
    let page = reply.text();
    assert_eq!(reply.status, 422, "{page}");
    assert!(page.contains("The box goes on as before. Line "), "{page}");
}

#[tokio::test]
async fn the_theme_is_kept_in_a_cookie_and_nobody_is_led_away() {
    let served = Served::open(Mood::Sunny).await;
    let reply = served.post("/theme", "choice=dark&back=%2Fdevices%3Fa%3D1").await;
    assert_eq!((reply.status, reply.header("location")), (303, "/devices?a=1"));
    assert!(
        reply
            .header("set-cookie")
            .starts_with("theme=dark; Path=/; Max-Age=31536000"),
        "{:?}",
        reply.headers
    );
    for back in [
        "//evil.example",
        "https://evil.example/",
        "%2F%5Cevil.example",
        "",
        "x",
    ] {
        let reply = served.post("/theme", &format!("choice=light&back={back}")).await;
        assert_eq!(reply.header("location"), "/", "{back}");
    }
    let dark = served
        .get_with("/devices", &[("cookie", "theme=dark")])
        .await
        .text();
    assert!(dark.contains("data-theme=\"dark\"") && dark.contains("value=\"dark\" aria-pressed=\"true\""));
    let forgotten = served.post("/theme", "choice=device&back=%2F").await;
    assert!(forgotten.header("set-cookie").contains("Max-Age=0"));
}

#[tokio::test]
async fn the_date_field_leads_to_a_day_or_says_how_to_write_one() {
    let served = Served::open(Mood::Sunny).await;
    let reply = served.get("/energy?date=2026-06-10").await;
    assert_eq!(
        (reply.status, reply.header("location")),
        (303, "/energy/2026-06-10")
    );
    let reply = served.get("/energy?date=10.6.2026").await;
    let page = reply.text();
    assert_eq!(reply.status, 422);
    assert!(
        page.contains("value=\"10.6.2026\"")
            && page.contains("That is not a date. Write it as in 2026-06-16.")
    );
}
