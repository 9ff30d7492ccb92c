//! Signing in from outside: every flow through the real router, as a browser without script goes through it, and what
//! must be refused.

#[path = "../../../acts/tests/authenticator/mod.rs"]
mod authenticator;

use members::credential::Token;
use serde_json::json;
use units::Span;

use crate::browser::{ANA, ANAS, BEN, Browser, house};
use acts::Actor;
use authenticator::Device;

/// Ana came in with a slip and chose a passphrase.
async fn ana_at<'a>(house: &'a crate::house::House) -> Browser<'a> {
    let mut phone = Browser::new(house);
    phone.come_in_by_slip(ANA).await;
    let page = phone.get("/sign-in/passphrase").await.text();
    assert!(
        page.contains("value=\"Ana Öberg\""),
        "the name stands there already: {page}"
    );
    let reply = phone
        .submit(
            "/sign-in/passphrase",
            &page,
            &[("name", "Ana"), ("passphrase", ANAS)],
        )
        .await;
    assert_eq!(
        reply.header("location"),
        "/me/sessions?done=passphrase-strong",
        "{}",
        reply.text()
    );
    phone
}

#[tokio::test]
async fn from_a_slip_to_a_passphrase_and_in_again() {
    let house = house().await;
    let mut phone = ana_at(&house).await;
    let page = phone.get("/me/sessions?done=passphrase-strong").await.text();
    assert!(
        page.contains("It is a strong one.") && page.contains("<b>Ana</b>"),
        "{page}"
    );
    let out = phone.submit("/me/sign-out", &page, &[]).await;
    assert_eq!(out.header("location"), "/sign-in?done=out");
    let told = phone.get("/sign-in?done=out").await.text();
    assert!(told.contains("You are signed out on this device."));
    assert_eq!(
        phone.get("/me/sessions").await.header("location"),
        "/sign-in?back=%2Fme%2Fsessions"
    );
    let page = phone.get("/sign-in?back=%2Fme%2Fsessions").await.text();
    let form = [("name", "ANA"), ("passphrase", ANAS)];
    let reply = phone.submit("/sign-in", &page, &form).await;
    assert_eq!(
        (reply.status, reply.header("location")),
        (303, "/me/sessions"),
        "{}",
        reply.text()
    );
    assert_eq!(phone.get("/me/sessions").await.status, 200);
}

#[tokio::test]
async fn what_was_typed_stays_but_the_passphrase_does_not() {
    let house = house().await;
    let mut browser = Browser::new(&house);
    let page = browser.get("/sign-in").await.text();
    let form = [
        ("name", "<Ana>"),
        ("passphrase", "wrong & secret words"),
        ("shared", "yes"),
    ];
    let reply = browser.submit("/sign-in", &page, &form).await;
    let page = reply.text();
    assert_eq!(reply.status, 422, "{page}");
    assert!(
        page.contains("value=\"&#60;Ana&#62;\"") && page.contains("checked"),
        "{page}"
    );
    assert!(page.contains("This name and this passphrase do not go together."));
    assert!(!page.contains("secret"), "{page}");
    let reply = browser
        .submit("/sign-in/slip", &page, &[("words", "acid bambooo fox garden")])
        .await;
    let page = reply.text();
    assert_eq!(reply.status, 422);
    assert!(
        page.contains("is it “bamboo”?") && page.contains("value=\"acid bambooo fox garden\""),
        "{page}"
    );
}

#[tokio::test]
async fn the_cookies_of_somebody_signed_in_are_kept_from_scripts_and_other_sites() {
    let house = house().await;
    let mut browser = Browser::new(&house);
    let reply = browser.come_in_by_slip(ANA).await;
    let set: Vec<&String> = reply
        .headers
        .iter()
        .filter(|row| row.0 == "set-cookie")
        .map(|row| &row.1)
        .collect();
    assert_eq!(set.len(), 2);
    for cookie in set {
        assert!(
            cookie.contains("; Path=/; HttpOnly; SameSite=Lax; Max-Age="),
            "{cookie}"
        );
    }
    let mut kiosk = Browser::new(&house);
    let words = kiosk.slip_for(BEN).await;
    let page = kiosk.get("/sign-in/slip").await.text();
    let reply = kiosk
        .submit("/sign-in/slip", &page, &[("words", &words), ("shared", "yes")])
        .await;
    let session = reply.headers.iter().find(|row| row.1.starts_with("session="));
    assert!(
        !session.expect("a session").1.contains("Max-Age"),
        "it goes with the browser"
    );
}

#[tokio::test]
async fn nothing_of_a_signed_in_page_is_kept_by_the_browser() {
    let house = house().await;
    let mut phone = ana_at(&house).await;
    for path in ["/me/sessions", "/sign-in/passphrase", "/sign-in", "/sign-in/slip"] {
        assert_eq!(
            phone.get(path).await.header("cache-control"),
            "no-store",
            "{path}"
        );
    }
    let page = phone.get("/me/sessions").await.text();
    let out = phone.submit("/me/sign-out", &page, &[]).await;
    assert_eq!(out.header("clear-site-data"), "\"cache\"");
    assert_eq!(out.header("cache-control"), "no-store");
    assert!(
        out.header("set-cookie").starts_with("session=; ") && out.header("set-cookie").contains("Max-Age=0")
    );
}

#[tokio::test]
async fn a_form_needs_the_token_of_its_session_and_of_its_purpose() {
    let house = house().await;
    let mut phone = ana_at(&house).await;
    let page = phone.get("/me/sessions").await.text();
    let other = crate::browser::hidden(&page, "/me/sign-out-everywhere", "token");
    let mut ben = Browser::new(&house);
    ben.come_in_by_slip(BEN).await;
    let of_ben = crate::browser::hidden(&ben.get("/me/sessions").await.text(), "/me/sign-out", "token");
    for token in ["", "x", &"0".repeat(64), &other, &of_ben] {
        let reply = phone.post("/me/sign-out", &[("token", token)]).await;
        assert_eq!(reply.status, 403, "{token}");
        assert!(reply.text().contains("so nothing was done"));
    }
    assert_eq!(phone.get("/me/sessions").await.status, 200, "still in");
}

#[tokio::test]
async fn forms_sent_twice_do_no_harm_and_say_so() {
    let house = house().await;
    let mut phone = Browser::new(&house);
    let words = phone.slip_for(ANA).await;
    let slip = phone.get("/sign-in/slip").await.text();
    assert_eq!(
        phone
            .submit("/sign-in/slip", &slip, &[("words", &words)])
            .await
            .status,
        303
    );
    let again = phone.submit("/sign-in/slip", &slip, &[("words", &words)]).await;
    assert_eq!(again.status, 422);
    assert!(again.text().contains("This slip was used already."));
    let page = phone.get("/me/sessions").await.text();
    assert_eq!(phone.submit("/me/sign-out", &page, &[]).await.status, 303);
    let again = phone.submit("/me/sign-out", &page, &[]).await;
    assert_eq!(again.header("location"), "/sign-in?back=%2Fme%2Fsign-out");
    // And where that leads once signed in again, there is a way on and no form.
    phone.come_in_by_slip(ANA).await;
    assert_eq!(phone.get("/me/sign-out").await.header("location"), "/me/sessions");
}

#[tokio::test]
async fn one_leads_back_only_within_the_box() {
    let house = house().await;
    let mut phone = ana_at(&house).await;
    for evil in ["https://evil.example/", "//evil.example", "/\\evil.example"] {
        let form = [("name", "Ana"), ("passphrase", ANAS), ("back", evil)];
        let reply = phone.post("/sign-in", &form).await;
        assert_eq!((reply.status, reply.header("location")), (303, "/"), "{evil}");
    }
}

#[tokio::test]
async fn sessions_are_ended_from_the_page() {
    let house = house().await;
    let mut phone = ana_at(&house).await;
    let mut laptop = Browser::new(&house);
    let reply = laptop
        .post("/sign-in", &[("name", "Ana"), ("passphrase", ANAS)])
        .await;
    assert_eq!(reply.status, 303);
    let page = phone.get("/me/sessions").await.text();
    assert_eq!(
        page.matches("Sign out there").count(),
        2,
        "once in the button, once in its name: {page}"
    );
    let key = crate::browser::hidden(&page, "/me/sessions/end", "key");
    let reply = phone.submit("/me/sessions/end", &page, &[("key", &key)]).await;
    assert_eq!(reply.header("location"), "/me/sessions?done=ended");
    assert_eq!(laptop.get("/me/sessions").await.status, 303, "out");
    let again = phone.submit("/me/sessions/end", &page, &[("key", &key)]).await;
    assert_eq!(again.status, 404);
    assert!(
        again
            .text()
            .contains("This is gone already. Nothing was changed.")
    );
    let reply = phone.submit("/me/sign-out-everywhere", &page, &[]).await;
    assert_eq!(reply.header("location"), "/sign-in?done=out");
    assert_eq!(phone.get("/me/sessions").await.status, 303);
}

#[tokio::test]
async fn a_device_shows_the_names_of_those_who_agreed() {
    let house = house().await;
    let mut kiosk = ana_at(&house).await;
    assert!(
        !kiosk
            .get("/sign-in")
            .await
            .text()
            .contains("On this device before")
    );
    let page = kiosk.get("/me/sessions").await.text();
    let reply = kiosk
        .submit("/me/name-on-device", &page, &[("choice", "show")])
        .await;
    assert_eq!(reply.header("location"), "/me/sessions?done=shown");
    kiosk.submit("/me/sign-out", &page, &[]).await;
    let page = kiosk.get("/sign-in").await.text();
    assert!(
        page.contains("<a class=\"button\" href=\"/sign-in?as=0&#38;back=%2F\">Ana</a>"),
        "{page}"
    );
    let page = kiosk.get("/sign-in?as=0&back=%2F").await.text();
    assert!(page.contains("name=\"name\" value=\"Ana\""), "{page}");
    assert_eq!(kiosk.get("/sign-in?as=99").await.status, 200);
    // Another device, and the same without its cookie, show nothing.
    let page = Browser::new(&house).get("/sign-in").await.text();
    assert!(!page.contains("Ana"), "{page}");
}

#[tokio::test]
async fn another_passphrase_needs_the_one_until_now() {
    let house = house().await;
    let mut phone = ana_at(&house).await;
    let page = phone.get("/me/sessions").await.text();
    phone.submit("/me/sign-out", &page, &[]).await;
    phone
        .post("/sign-in", &[("name", "Ana"), ("passphrase", ANAS)])
        .await;
    let page = phone.get("/sign-in/passphrase").await.text();
    assert!(page.contains("Your passphrase until now"), "{page}");
    let new = "the owl hums at noon";
    for (form, why) in [
        (
            vec![("name", "Ana"), ("passphrase", new)],
            "Type your passphrase as well",
        ),
        (
            vec![("name", "Ana"), ("passphrase", new), ("now", new)],
            "This is not your passphrase.",
        ),
        (
            vec![("name", "Ana"), ("passphrase", "teapot"), ("now", ANAS)],
            "This has 6 letters.",
        ),
        (
            vec![("name", " "), ("passphrase", new), ("now", ANAS)],
            "Write something here",
        ),
        (
            vec![
                ("name", "Ana"),
                ("passphrase", "easton community centre"),
                ("now", ANAS),
            ],
            "Others would guess this soon",
        ),
    ] {
        let reply = phone.submit("/sign-in/passphrase", &page, &form).await;
        let text = reply.text();
        assert_eq!(reply.status, 422, "{text}");
        assert!(text.contains(why) && !text.contains("owl"), "{why}: {text}");
    }
    let form = [("name", "Ana"), ("passphrase", new), ("now", ANAS)];
    let reply = phone.submit("/sign-in/passphrase", &page, &form).await;
    assert_eq!(reply.header("location"), "/me/sessions?done=passphrase-good");
}

#[tokio::test]
async fn guesses_are_refused_before_any_hash_is_made() {
    let house = house().await;
    let mut browser = Browser::new(&house);
    for _ in 0..5 {
        let reply = browser
            .post("/sign-in/slip", &[("words", "acid acid acid acid")])
            .await;
        assert_eq!(reply.status, 422);
    }
    let reply = browser
        .post("/sign-in/slip", &[("words", "acid acid acid acid")])
        .await;
    assert_eq!(reply.status, 429);
    assert!(
        reply
            .text()
            .contains("Too many tries came from here. Wait 12 minutes"),
        "{}",
        reply.text()
    );
    for _ in 0..10 {
        let reply = browser
            .post("/sign-in", &[("name", "Ana"), ("passphrase", "not this one")])
            .await;
        assert_eq!(reply.status, 422);
    }
    let reply = browser
        .post("/sign-in", &[("name", "Ana"), ("passphrase", "not this one")])
        .await;
    assert_eq!(reply.status, 429);
}

#[tokio::test]
async fn a_passkey_is_added_and_lets_its_owner_in() {
    let house = house().await;
    let mut phone = Browser::new(&house);
    phone.come_in_by_slip(ANA).await;
    let page = phone.get("/me/sessions").await.text();
    let token = crate::browser::attribute(&page, "new-passkey", "data-token");
    let mut device = Device::new(7, "http://localhost");
    let asked = phone
        .json("/me/passkeys/question", &json!({ "token": token }))
        .await;
    let answer = device.make(&asked.json()["options"].to_string());
    let answer: serde_json::Value = serde_json::from_str(&answer).expect("JSON");
    let made =
        json!({ "token": token, "handle": asked.json()["handle"], "answer": answer, "name": "My phone" });
    let added = phone.json("/me/passkeys", &made).await;
    assert_eq!(
        added.json()["to"],
        "/me/sessions?done=passkey",
        "{}",
        added.text()
    );
    assert!(
        phone
            .get("/me/sessions")
            .await
            .text()
            .contains("<h3>My phone</h3>")
    );
    let again = phone.json("/me/passkeys", &made).await;
    assert_eq!(again.status, 422);
    assert!(
        again.json()["error"]
            .as_str()
            .expect("a sentence")
            .contains("sent twice")
    );

    let mut elsewhere = Browser::new(&house);
    let asked = elsewhere.json("/sign-in/passkey/question", &json!({})).await;
    let answer = device.answer(&asked.json()["options"].to_string());
    let answer: serde_json::Value = serde_json::from_str(&answer).expect("JSON");
    let sent =
        json!({ "handle": asked.json()["handle"], "answer": answer, "back": "/devices", "shared": false });
    let reply = elsewhere.json("/sign-in/passkey", &sent).await;
    assert_eq!(reply.json()["to"], "/devices", "{}", reply.text());
    let page = elsewhere.get("/me/sessions").await.text();
    let number = crate::browser::hidden(&page, "/me/passkeys/remove", "number");
    let reply = elsewhere
        .submit("/me/passkeys/remove", &page, &[("number", &number)])
        .await;
    assert_eq!(reply.header("location"), "/me/sessions?done=removed");
    let asked = phone.json("/sign-in/passkey/question", &json!({})).await;
    let answer = device.answer(&asked.json()["options"].to_string());
    let answer: serde_json::Value = serde_json::from_str(&answer).expect("JSON");
    let gone = phone
        .json(
            "/sign-in/passkey",
            &json!({ "handle": asked.json()["handle"], "answer": answer }),
        )
        .await;
    assert_eq!(gone.status, 422);
}

#[tokio::test]
async fn where_the_box_has_no_name_passkeys_are_explained() {
    let house = house().await;
    let mut browser = Browser::at(&house, "127.0.0.1");
    let page = browser.get("/sign-in").await.text();
    assert!(
        page.contains("Passkeys work only where this box is opened by its own name"),
        "{page}"
    );
    let reply = browser.json("/sign-in/passkey/question", &json!({})).await;
    assert_eq!(reply.status, 422);
}

#[tokio::test]
async fn nonsense_brings_nothing_down() {
    let house = house().await;
    let mut browser = Browser::new(&house);
    browser.cookie("session", "zzz");
    browser.cookie("device", &"f".repeat(63));
    assert_eq!(browser.get("/me/sessions").await.status, 303);
    browser.cookie("session", &Token::new([3; 32]).cookie());
    assert_eq!(browser.get("/me/sessions").await.status, 303);
    for path in [
        "/sign-in/passkey",
        "/sign-in/passkey/question",
        "/me/passkeys",
        "/me/passkeys/question",
    ] {
        for body in [
            json!({}),
            json!([]),
            json!({ "handle": 1 }),
            json!({ "handle": "x", "answer": null }),
        ] {
            let status = browser.json(path, &body).await.status;
            assert!((200..500).contains(&status), "{path} {body}: {status}");
        }
    }
    for (path, form) in [
        ("/sign-in", vec![]),
        ("/sign-in/slip", vec![("words", "\u{0}")]),
        (
            "/sign-in",
            vec![("name", "\u{202e}"), ("passphrase", "\u{0}\u{0}")],
        ),
    ] {
        let reply = browser.post(path, &form).await;
        assert_eq!(reply.status, 422, "{path}: {}", reply.text());
    }
}

#[tokio::test]
async fn after_thirty_idle_days_one_is_signed_out() {
    let house = house().await;
    let mut phone = ana_at(&house).await;
    house.clock.fetch_add(
        Span::DAY.times(31).as_millis(),
        std::sync::atomic::Ordering::Relaxed,
    );
    assert_eq!(
        phone.get("/me/sessions").await.status,
        303,
        "after thirty idle days"
    );
}

#[tokio::test]
async fn the_box_is_claimed_with_the_code() {
    let house = house().await;
    let code = house.acts.show_code(&Actor::TheBox).await.expect("shown");
    let mut browser = Browser::new(&house);
    let page = browser.get("/claim").await.text();
    let wrong = browser
        .submit(
            "/claim",
            &page,
            &[("words", "acid acid acid acid"), ("name", "Cleo")],
        )
        .await;
    let text = wrong.text();
    assert_eq!(wrong.status, 422);
    assert!(
        text.contains("This is not the code") && text.contains("value=\"Cleo\""),
        "{text}"
    );
    let form = [
        ("words", code.words.fragment()),
        ("name", "Cleo Marsh".to_owned()),
    ];
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let reply = browser.submit("/claim", &page, &form).await;
    assert_eq!(
        (reply.status, reply.header("location")),
        (303, "/sign-in/passphrase")
    );
    let page = browser.get("/sign-in/passphrase").await.text();
    assert!(page.contains("value=\"Cleo Marsh\""));
    browser
        .submit(
            "/sign-in/passphrase",
            &page,
            &[("name", "Cleo"), ("passphrase", ANAS)],
        )
        .await;
    let page = Browser::new(&house).get("/claim").await.text();
    assert!(
        page.contains("Somebody takes charge of this box already.") && !page.contains("name=\"words\""),
        "{page}"
    );
}

#[tokio::test]
async fn who_may_not_give_slips_is_told_nothing_of_anybody() {
    let house = house().await;
    assert_eq!(
        Browser::new(&house)
            .get("/people/2/slip")
            .await
            .header("location"),
        "/sign-in?back=%2Fpeople%2F2%2Fslip"
    );
    let mut phone = ana_at(&house).await;
    let known = phone.get("/people/2/slip").await;
    let unknown = phone.get("/people/99/slip").await;
    assert_eq!((known.status, unknown.status), (403, 403));
    assert!(!known.text().contains("Ben"));
    assert_eq!(
        phone.post("/people/2/slip", &[("kind", "recovery")]).await.status,
        403
    );
}

#[tokio::test]
async fn a_steward_gives_a_slip_on_its_page_and_nobody_else_sees_it() {
    let house = house().await;
    let mut steward = crate::browser::signed_in(&house, ANA, &["steward"]).await;
    let page = steward.get("/people/2/slip").await.text();
    let reply = steward
        .submit("/people/2/slip", &page, &[("kind", "first")])
        .await;
    assert!(reply.text().contains("Ben Okafor"), "{}", reply.text());
    let mut moderator = crate::browser::signed_in(&house, BEN, &["moderator"]).await;
    assert_eq!(moderator.get("/people/1/slip").await.status, 403);
}
