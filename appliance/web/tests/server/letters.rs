//! Letters from outside: written, sent once, printed, read; and who may not.

use members::household::Household;
use members::membership::{Membership, Move, Status};
use members::person::{Address, Person, Reach, Way, WayKind};
use members::record::{Key as _, Newer};
use store::{Change, RowChange};
use units::{HouseholdId, Instant, PersonId};

use crate::browser::{ANA, BEN, Browser, hidden, house, signed_in};
use crate::house::{House, NOON};

const TEXT: &str = "# Come\n\nDear {name},\n\nwe meet at {place}.";

/// Ana and Ben in one household; both are members with a number.
async fn street() -> House {
    let house = house().await;
    let mut household = Household::new();
    household.address = Some(Address {
        lines: vec!["1 High Street".to_owned(), "Bristol".to_owned()],
        postcode: Some("BS5 6AA".to_owned()),
        country: None,
        newer: Newer::default(),
    });
    house.put(&HouseholdId::new(1), &household);
    for (id, name) in [(ANA, "Ana Öberg"), (BEN, "Ben <Okafor>")] {
        let mut person = Person::named(name, Instant::from_millis(NOON)).expect("a name");
        person.household = Some(HouseholdId::new(1));
        house.put(&id, &person);
        let step = Move {
            to: Status::Member,
            class: Some("member".to_owned()),
            on: jiff::civil::date(2026, 1, 1),
            why: None,
            by: None,
            at: Instant::from_millis(NOON),
        };
        let mut membership = Membership::begin(step).expect("a member");
        membership.number = Some(id.number() + 40);
        house.put(&id, &membership);
    }
    house
}

/// A steward writes a letter; gives where it is.
async fn written(ben: &mut Browser<'_>, text: &str) -> String {
    let page = ben.get("/members/letters/new").await.text();
    let form = [("title", "Annual meeting"), ("text", text)];
    let reply = ben.submit("/members/letters/new", &page, &form).await;
    assert_eq!(reply.status, 303, "{}", reply.text());
    let location = reply.header("location").to_owned();
    location.split('?').next().expect("a path").to_owned()
}

#[tokio::test]
async fn a_letter_is_written_and_sent_once() {
    let house = street().await;
    let mut ben = signed_in(&house, BEN, &["steward"]).await;
    let letter = written(&mut ben, TEXT).await;
    let page = ben.get(&letter).await.text();
    assert!(
        page.contains("<h3>Come</h3>") && page.contains("<bdi>{name}</bdi>"),
        "{page}"
    );
    let send = format!("{letter}/send");
    let page = ben.get(&format!("{send}?who=members&numbers=")).await.text();
    assert!(
        page.contains("1 letter, for 2 people.") && page.contains("1 on paper"),
        "{page}"
    );
    assert!(
        page.contains("Dear <bdi>Ana Öberg and Ben &lt;Okafor&gt;</bdi>"),
        "{page}"
    );
    let form = [("who", "members")];
    // The first form of the page chooses; the second one sends.
    let sending = page.split("method=\"post\"").nth(1).expect("the form that sends");
    let token = hidden(&format!("<form method=\"post\"{sending}"), &send, "token");
    let with_token = [("who", "members"), ("token", token.as_str())];
    let sent = ben.post(&send, &with_token).await;
    assert_eq!(
        sent.header("location"),
        "/members/letters/runs/1?done=sent",
        "{}",
        sent.text()
    );
    let again = ben.post(&send, &with_token).await;
    assert_eq!(again.status, 403, "a form that is sent again sends nothing");
    assert!(again.text().contains("This was sent already"), "{}", again.text());
    let without = ben.post(&send, &form).await;
    assert_eq!(without.status, 403);
    let runs = house
        .store
        .rows("letter-runs", (&[], None), 10)
        .expect("readable");
    assert_eq!(runs.len(), 1);
    let run = ben.get("/members/letters/runs/1").await.text();
    assert!(run.contains("1 High Street, Bristol, BS5 6AA"), "{run}");
    let paper = ben.get("/members/letters/runs/1/print").await.text();
    assert_eq!(paper.matches("<article").count(), 1);
    assert!(
        paper.contains("<span><bdi>Ana Öberg and Ben &#60;Okafor&#62;</bdi></span>"),
        "{paper}"
    );
    let large = ben.get("/members/letters/runs/1/print?size=large").await.text();
    assert!(large.contains("letter large"));
    let mut ana = signed_in(&house, ANA, &[]).await;
    let mine = ana.get("/me/letters").await.text();
    assert!(mine.contains("href=\"/me/letters/1\""), "{mine}");
    let own = ana.get("/me/letters/1").await.text();
    assert!(
        own.contains("Dear <bdi>Ana Öberg</bdi>,") && !own.contains("Okafor"),
        "{own}"
    );
}

#[tokio::test]
async fn what_cannot_be_used_comes_back_with_the_sentence() {
    let house = street().await;
    let mut ben = signed_in(&house, BEN, &["steward"]).await;
    let page = ben.get("/members/letters/new").await.text();
    let form = [("title", "Hello"), ("text", "Dear {nickname} & <friends>")];
    let reply = ben.submit("/members/letters/new", &page, &form).await;
    assert_eq!(reply.status, 422);
    let back = reply.text();
    assert!(
        back.contains("Line 1 has {nickname}, and there is nothing of that name."),
        "{back}"
    );
    assert!(
        back.contains("Dear {nickname} &#38; &#60;friends&#62;"),
        "what was typed stays: {back}"
    );
    assert!(back.contains("id=\"text-refusal\""), "{back}");
    let huge = "a".repeat(10 * 1024 * 1024);
    let reply = ben
        .submit(
            "/members/letters/new",
            &page,
            &[("title", "Hello"), ("text", &huge)],
        )
        .await;
    assert_eq!(reply.status, 413, "{}", reply.text());
    let long = "a".repeat(6_001);
    let reply = ben
        .submit(
            "/members/letters/new",
            &page,
            &[("title", "Hello"), ("text", &long)],
        )
        .await;
    assert!(
        reply.status == 422 && reply.text().contains("write at most 6000"),
        "{}",
        reply.text()
    );
    assert!(
        house
            .store
            .rows("letters", (&[], None), 10)
            .expect("readable")
            .is_empty()
    );
    let letter = written(&mut ben, TEXT).await;
    let nobody = ben.get(&format!("{letter}/send?who=people&numbers=x")).await;
    assert!(
        nobody.status == 422 && nobody.text().contains("value=\"x\""),
        "{}",
        nobody.text()
    );
}

#[tokio::test]
async fn a_place_that_somebody_lacks_is_told_before_anything_goes() {
    let house = street().await;
    let mut ben = signed_in(&house, BEN, &["steward"]).await;
    let letter = written(&mut ben, "You owe {due}.").await;
    let send = format!("{letter}/send");
    let page = ben
        .get(&format!("{send}?who=people&numbers=1&owed="))
        .await
        .text();
    assert!(page.contains("{due} would be empty for Ana Öberg."), "{page}");
    assert!(!page.contains("Send it now"), "{page}");
    let page = ben
        .get(&format!("{send}?who=people&numbers=1&owed=1%205.00"))
        .await
        .text();
    assert!(page.contains("You owe <bdi>") && page.contains("5.00"), "{page}");
    let wrong = ben
        .get(&format!("{send}?who=people&numbers=1&owed=1%20five"))
        .await;
    assert_eq!(wrong.status, 422);
    assert!(
        wrong.text().contains("Line 1 is not a person"),
        "{}",
        wrong.text()
    );
}

#[tokio::test]
async fn labels_lists_and_cards_are_printed() {
    let house = street().await;
    let mut ben = signed_in(&house, BEN, &["steward"]).await;
    let labels = ben
        .get("/members/print/labels?who=members&sheet=3x7")
        .await
        .text();
    assert_eq!(
        labels.matches("class=\"label\"").count(),
        1,
        "one for the household: {labels}"
    );
    let style = ben.get("/members/print/labels.css?sheet=3x7").await;
    assert_eq!(style.header("content-type"), "text/css; charset=utf-8");
    assert!(style.text().contains("repeat(3,63.5mm)"), "{}", style.text());
    let wrong = ben
        .get("/members/print/labels?who=members&sheet=own&own=9,9,99,99,0,0,0")
        .await;
    assert!(
        wrong.status == 422 && wrong.text().contains("do not fit on A4"),
        "{}",
        wrong.text()
    );
    let evil = ben.get("/members/print/labels.css?sheet=3%7D*%7Bcolor:red").await;
    assert_eq!(evil.status, 400);
    let list = ben
        .get("/members/print/attendance?who=members&heading=AGM&size=large")
        .await
        .text();
    assert!(
        list.contains("signing big") && list.contains("<bdi>Ana Öberg</bdi>") && list.contains("<td>41</td>"),
        "{list}"
    );
    let cards = ben.get("/members/print/cards?who=members").await.text();
    assert_eq!(cards.matches("class=\"member-card\"").count(), 2, "{cards}");
    let card = ben.get("/members/card/41").await.text();
    assert!(
        card.contains("Ana Öberg") && card.contains("is a member now"),
        "{card}"
    );
    assert!(
        ben.get("/members/card/9")
            .await
            .text()
            .contains("Nobody has number 9")
    );
    let lines = house.store.audit_entries(None, 100).expect("readable");
    assert_eq!(
        lines.iter().filter(|line| line.entry.act == "print-list").count(),
        3
    );
}

#[tokio::test]
async fn slips_for_several_people_are_made_once() {
    let house = street().await;
    let mut ben = signed_in(&house, BEN, &["steward"]).await;
    // The slip with which Ben came in is older than those that are made now.
    house.tick();
    let page = ben
        .get("/members/print/slips?who=people&numbers=1,2")
        .await
        .text();
    assert!(page.contains("This makes 2 slips."), "{page}");
    let making = page
        .split("method=\"post\"")
        .nth(1)
        .expect("the form that makes them");
    let token = hidden(
        &format!("<form method=\"post\"{making}"),
        "/members/print/slips",
        "token",
    );
    let form = [("who", "people:1,2"), ("token", token.as_str())];
    let made = ben.post("/members/print/slips", &form).await;
    assert_eq!(
        made.text().matches("<ol class=\"words\">").count(),
        2,
        "{}",
        made.text()
    );
    assert_eq!(
        ben.post("/members/print/slips", &form).await.status,
        403,
        "not a second time"
    );
    let nobody = ben.get("/members/print/slips?who=people&numbers=99").await;
    assert_eq!(nobody.status, 422);
}

/// Ben likes e-mail best.
fn mail_for_ben(house: &House) {
    let mut person = Person::named("Ben <Okafor>", Instant::from_millis(NOON)).expect("a name");
    person.reach = Reach::Email;
    person.ways.push(Way {
        kind: WayKind::Email,
        value: "ben@example.org".to_owned(),
        note: None,
        newer: Newer::default(),
    });
    house.put(&BEN, &person);
}

#[tokio::test]
async fn e_mail_is_set_up_and_its_queue_is_seen() {
    let house = street().await;
    mail_for_ben(&house);
    let mut ben = signed_in(&house, BEN, &["steward"]).await;
    let page = ben.get("/members/letters/mails").await.text();
    assert!(
        page.contains("No mail server is set up, so nothing goes out."),
        "{page}"
    );
    let page = ben.get("/members/letters/mail-server").await.text();
    let good = [
        ("host", "mail.example.org"),
        ("port", "465"),
        ("security", "TLS from the start"),
        ("user", "box"),
        ("password", "canary-password"),
        ("sender", "office@example.org"),
        ("on", "yes"),
    ];
    let mut bad = good;
    bad[5] = ("sender", "office");
    let refused = ben.submit("/members/letters/mail-server", &page, &bad).await;
    assert!(
        refused.status == 422 && refused.text().contains("The sender is no e-mail address."),
        "{}",
        refused.text()
    );
    assert!(
        !refused.text().contains("canary-password"),
        "a password does not come back"
    );
    let kept = ben.submit("/members/letters/mail-server", &page, &good).await;
    assert_eq!(
        kept.header("location"),
        "/members/letters/mail-server?done=on",
        "{}",
        kept.text()
    );
    let page = ben.get("/members/letters/mail-server").await.text();
    assert!(
        page.contains("A password is kept.") && !page.contains("canary-password"),
        "{page}"
    );
    let tried = ben.submit("/members/letters/mail-server/try", &page, &[]).await;
    assert_eq!(
        tried.header("location"),
        "/members/letters/mail-server?done=tried",
        "{}",
        tried.text()
    );
    let again = ben.submit("/members/letters/mail-server/try", &page, &[]).await;
    assert_eq!(again.status, 403, "once");
    let queue = ben.get("/members/letters/mails").await.text();
    assert!(
        queue.contains("Ben &#60;Okafor&#62;") && queue.contains("It waits since"),
        "{queue}"
    );
    let stopped = ben
        .submit(
            "/members/letters/mails",
            &queue,
            &[("number", "1"), ("what", "stop")],
        )
        .await;
    assert_eq!(
        stopped.header("location"),
        "/members/letters/mails?done=stopped",
        "{}",
        stopped.text()
    );
    assert!(
        ben.get("/members/letters/mails")
            .await
            .text()
            .contains("Stopped by a steward.")
    );
}

#[tokio::test]
async fn a_search_that_is_kept_chooses_for_letters_labels_lists_and_slips_until_it_is_forgotten() {
    let house = street().await;
    let mut ben = signed_in(&house, BEN, &["steward"]).await;
    let found = ben.get("/people/search?postcode=BS5&of=all").await.text();
    let named = [("postcode", "BS5"), ("of", "all"), ("name", "The <street>: east")];
    let kept = ben.submit("/people/search/keep", &found, &named).await;
    assert_eq!(kept.status, 303, "{}", kept.text());
    let letter = written(&mut ben, TEXT).await;
    let send = format!("{letter}/send");
    let page = ben.get(&send).await.text();
    assert!(
        page.contains("value=\"search:The &#60;street&#62;: east\"")
            && page.contains("Whom the search “The &#60;street&#62;: east” means"),
        "{page}"
    );
    let who = "who=search%3AThe+%3Cstreet%3E%3A+east";
    let page = ben.get(&format!("{send}?{who}")).await.text();
    assert!(page.contains("1 letter, for 2 people."), "{page}");
    let paths = ["labels", "attendance", "cards", "slips"].map(|what| format!("/members/print/{what}?{who}"));
    for path in &paths {
        let printed = ben.get(path).await;
        assert_eq!(printed.status, 200, "{path}: {}", printed.text());
    }
    let list = ben.get(&paths[1]).await.text();
    assert!(list.contains("<bdi>Ana Öberg</bdi>"), "{list}");

    let searches = ben.get("/people/search").await.text();
    let forgotten = ben
        .submit("/people/search/forget", &searches, &[("number", "1")])
        .await;
    assert_eq!(forgotten.status, 303);
    let sending = page.split("method=\"post\"").nth(1).expect("the form that sends");
    let token = hidden(&format!("<form method=\"post\"{sending}"), &send, "token");
    let form = [("who", "search:The <street>: east"), ("token", token.as_str())];
    let sent = ben.post(&send, &form).await;
    let gone = "The search “The &#60;street&#62;: east” is not kept any more, so nobody is chosen.";
    assert!(
        sent.status == 422 && sent.text().contains(gone),
        "{}",
        sent.text()
    );
    let looked = ben.get(&format!("{send}?{who}")).await;
    assert!(
        looked.status == 422 && looked.text().contains(gone),
        "{}",
        looked.text()
    );
    for path in &paths {
        let refused = ben.get(path).await;
        assert!(
            refused.status == 422 && refused.text().contains(gone),
            "{path}: {}",
            refused.text()
        );
    }
    let runs = house.store.rows("letter-runs", (&[], None), 10);
    assert!(runs.expect("readable").is_empty(), "nothing went out");
}

#[tokio::test]
async fn letters_are_for_nobody_without_the_right() {
    let house = street().await;
    let mut ben = signed_in(&house, BEN, &["steward"]).await;
    let letter = written(&mut ben, TEXT).await;
    let mut stranger = Browser::new(&house);
    let mut ana = signed_in(&house, ANA, &["moderator"]).await;
    let send = format!("{letter}/send?who=everybody");
    for path in [
        "/members/letters",
        "/members/letters/new",
        letter.as_str(),
        send.as_str(),
        "/members/letters/runs/1",
        "/members/letters/runs/1/print",
        "/members/letters/mails",
        "/members/letters/mail-server",
        "/members/print",
        "/members/print/labels?who=everybody",
        "/members/print/attendance?who=everybody",
        "/members/print/cards?who=everybody",
        "/members/print/slips?who=everybody",
    ] {
        assert_eq!(stranger.get(path).await.status, 303, "{path}");
        let reply = ana.get(path).await;
        assert_eq!(reply.status, 403, "{path}");
        assert_eq!(reply.header("cache-control"), "no-store", "{path}");
        assert!(!reply.text().contains("Okafor"), "{path}");
    }
    assert_eq!(ana.get("/me/letters/1").await.status, 404);
}

/// A list of 5,000 people is dealt out and shown in time.
#[tokio::test]
async fn a_letter_to_five_thousand_people_is_dealt_out() {
    let house = street().await;
    let rows = (3..5_003_u32).map(|number| {
        let mut person =
            Person::named(&format!("Person {number}"), Instant::from_millis(NOON)).expect("a name");
        person.household = Some(HouseholdId::new(1 + number % 2_000));
        RowChange {
            table: "people",
            key: PersonId::new(number).to_key(),
            before: None,
            after: Some(members::record::Record::encode(&person)),
        }
    });
    let rows: Vec<RowChange> = rows.collect();
    let lines = Vec::new();
    house.store.change(Change { rows, lines }).expect("written");
    let mut ben = signed_in(&house, BEN, &["steward"]).await;
    let letter = written(&mut ben, TEXT).await;
    let page = ben.get(&format!("{letter}/send?who=everybody")).await.text();
    assert!(
        page.contains("for 5002 people") || page.contains("for 5,002 people"),
        "{}",
        &page[..4_000]
    );
}
