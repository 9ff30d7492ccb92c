//! Roles from outside: who gives which, what waits for a second person, and the page of who can do what.

use crate::browser::{ANA, BEN, Browser, give_roles, hidden, house, signed_in};
use crate::house::House;
use members::credential::{Passphrase, SlowHash};
use members::record::{Key, Newer, Record};
use store::{Change, RowChange};
use units::{Instant, PersonId};

/// Somebody can sign in from now on, which a slip alone does not make of them.
fn has_a_passphrase(house: &House, person: PersonId) {
    let passphrase = Passphrase {
        name: person.to_string(),
        hash: SlowHash("none that fits".to_owned()),
        set: Instant::from_millis(0),
        newer: Newer::default(),
    };
    let rows = vec![RowChange {
        table: "passphrases",
        key: person.to_key(),
        before: None,
        after: Some(passphrase.encode()),
    }];
    let lines = Vec::new();
    house.store.change(Change { rows, lines }).expect("written");
}

/// Ana and Ben, both stewards who can sign in.
pub(crate) async fn two_stewards(house: &House) -> (Browser<'_>, Browser<'_>) {
    let ana = signed_in(house, ANA, &["steward"]).await;
    let ben = signed_in(house, BEN, &["steward"]).await;
    has_a_passphrase(house, ANA);
    has_a_passphrase(house, BEN);
    (ana, ben)
}

const OF_BEN: &str = "/members/roles/person/2";

#[tokio::test]
async fn one_steward_asks_another_agrees_and_the_record_tells_both() {
    let house = house().await;
    let (mut ana, mut ben) = two_stewards(&house).await;
    let page = ana.get(OF_BEN).await.text();
    let chosen = [
        ("choice", "steward"),
        ("choice", "auditor"),
        ("why", "He asked for it"),
    ];
    let asked = ana.submit(OF_BEN, &page, &chosen).await;
    assert_eq!(
        asked.header("location"),
        "/members/waiting?done=waits",
        "{}",
        asked.text()
    );
    let waiting = ana.get("/members/waiting").await.text();
    assert!(waiting.contains("Ben Okafor: gets the role Auditor"), "{waiting}");
    assert!(
        waiting.contains("You asked for this") && !waiting.contains("value=\"agree\""),
        "{waiting}"
    );
    let hub = ben.get("/members").await.text();
    assert!(hub.contains("1 thing waits for a second person"), "{hub}");
    let page = ben.get("/members/waiting").await.text();
    assert!(page.contains("He asked for it"), "{page}");
    let agreed = ben
        .submit("/members/waiting/1", &page, &[("choice", "agree")])
        .await;
    assert_eq!(
        agreed.header("location"),
        "/members/waiting?done=agreed",
        "{}",
        agreed.text()
    );
    let again = ben
        .submit("/members/waiting/1", &page, &[("choice", "agree")])
        .await;
    assert_eq!(again.status, 404, "a form that is sent again does nothing");
    assert!(again.text().contains("This waits no longer"), "{}", again.text());
    let roles = ana.get("/members/roles").await.text();
    let auditor = roles.split("<h2>Auditor</h2>").nth(1).expect("the role");
    assert!(
        auditor
            .split("<h2>")
            .next()
            .expect("its end")
            .contains("Ben Okafor")
    );
    let acts: Vec<String> = house
        .store
        .audit_entries(None, 3)
        .expect("readable")
        .into_iter()
        .map(|line| format!("{} {}", line.entry.actor, line.entry.act))
        .collect();
    assert_eq!(
        acts,
        ["person 2 give-roles", "person 2 agree", "person 1 ask-for-two"]
    );
}

#[tokio::test]
async fn who_votes_waits_for_a_second_steward_and_what_changed_in_between_is_told() {
    let house = house().await;
    let (mut ana, mut ben) = two_stewards(&house).await;
    let rules = ana.get("/members/rules?class=associate").await.text();
    assert!(
        rules.contains("Somebody else who may change the rules must agree"),
        "{rules}"
    );
    let action = "/members/rules/class";
    for (number, label) in [(1, "Friend"), (2, "<Patron>")] {
        let form = [
            ("key", "associate"),
            ("class-label", label),
            ("class-votes", "yes"),
        ];
        let asked = ana.submit(action, &rules, &form).await;
        assert_eq!(
            asked.header("location"),
            "/members/waiting?done=waits",
            "{number}: {}",
            asked.text()
        );
    }
    let same = ana
        .submit(action, &rules, &[("class-label", "Youth"), ("key", "")])
        .await;
    assert!(same.status == 422 && same.text().contains("There is a class with this name already."));
    let page = ben.get("/members/waiting").await.text();
    assert!(
        page.contains("becomes “Friend” (votes,") && page.contains("“&#60;Patron&#62;”"),
        "{page}"
    );
    for (number, status) in [(1, 303), (2, 409)] {
        let decide = format!("/members/waiting/{number}");
        let page = ben.get("/members/waiting").await.text();
        let agreed = ben.submit(&decide, &page, &[("choice", "agree")]).await;
        assert_eq!(agreed.status, status, "{number}: {}", agreed.text());
        if status == 409 {
            assert!(
                agreed
                    .text()
                    .contains("Refuse it, and ask again for how it should be now."),
                "{}",
                agreed.text()
            );
        }
    }
    let rules = ben.get("/members/rules").await.text();
    assert!(
        rules.contains("<h3>Friend</h3>") && !rules.contains("Patron"),
        "{rules}"
    );
    let register = ben.get("/members/register").await.text();
    let opened = ben
        .submit("/members/register", &register, &[("open", "yes")])
        .await;
    assert_eq!(opened.header("location"), "/members/waiting?done=waits");
    assert!(
        ben.get("/members/register")
            .await
            .text()
            .contains("Open it to members")
    );
}

#[tokio::test]
async fn the_last_steward_is_told_what_to_do_first() {
    let house = house().await;
    let mut ana = signed_in(&house, ANA, &["steward"]).await;
    has_a_passphrase(&house, ANA);
    let page = ana.get("/members/roles/person/1").await.text();
    let refused = ana
        .submit(
            "/members/roles/person/1",
            &page,
            &[("choice", "auditor"), ("why", "Tired")],
        )
        .await;
    let text = refused.text();
    assert_eq!(refused.status, 422, "{text}");
    assert!(
        text.contains("Then nobody would be left who may give and take roles"),
        "{text}"
    );
    assert!(
        text.contains("value=\"auditor\" checked") && text.contains("value=\"Tired\""),
        "what was chosen stays"
    );
    assert!(
        ana.get("/members/roles/person/1")
            .await
            .text()
            .contains("value=\"steward\" checked")
    );
}

#[tokio::test]
async fn of_two_stewards_with_one_page_the_second_is_told_to_look_again() {
    let house = house().await;
    let mut ana = signed_in(&house, ANA, &["steward"]).await;
    // Alone, so that what Ana asks for is done at once.
    has_a_passphrase(&house, ANA);
    let path = "/members/roles/new";
    let page = ana.get(path).await.text();
    let made = ana
        .submit(
            path,
            &page,
            &[("name", "Front <desk>"), ("choice", "look-people")],
        )
        .await;
    assert_eq!(
        made.header("location"),
        "/members/roles?done=done",
        "{}",
        made.text()
    );
    let twice = ana
        .submit(
            path,
            &page,
            &[("name", "Front <desk>"), ("choice", "look-people")],
        )
        .await;
    assert_eq!(twice.status, 422, "{}", twice.text());
    assert!(
        twice.text().contains("There is a role called"),
        "{}",
        twice.text()
    );
    let mut ben = signed_in(&house, BEN, &["steward"]).await;
    let path = "/members/roles/role/own-1";
    let (anas, bens) = (ana.get(path).await.text(), ben.get(path).await.text());
    assert!(bens.contains("value=\"Front &#60;desk&#62;\""), "{bens}");
    let first = ana
        .submit(path, &anas, &[("name", "Desk"), ("choice", "look-people")])
        .await;
    assert_eq!(first.status, 303, "{}", first.text());
    let second = ben
        .submit(path, &bens, &[("name", "Counter"), ("choice", "give-slips")])
        .await;
    assert_eq!(second.status, 403);
    assert!(second.text().contains("Open the page again"), "{}", second.text());
    let now = ben.get(path).await.text();
    assert!(
        now.contains("value=\"Desk\"") && now.contains("value=\"look-people\" checked"),
        "{now}"
    );
}

#[tokio::test]
async fn pages_of_roles_are_for_whoever_gives_them() {
    let house = house().await;
    let mut ana = signed_in(&house, ANA, &["treasurer", "membership"]).await;
    for path in [
        "/members/roles",
        OF_BEN,
        "/members/roles/new",
        "/members/roles/person?person=2",
    ] {
        let reply = ana.get(path).await;
        assert_eq!(reply.status, 403, "{path}");
        assert!(!reply.text().contains("Ben"), "{path}");
        let stranger = Browser::new(&house).get(path).await;
        assert!(stranger.header("location").starts_with("/sign-in"), "{path}");
    }
    let reply = ana
        .post(OF_BEN, &[("token", &"0".repeat(64)), ("choice", "steward")])
        .await;
    assert_eq!(reply.status, 403);
    give_roles(&house, ANA, &["steward"]);
    for (typed, status) in [
        ("2", 303),
        ("Ben%20okafor", 303),
        ("99", 422),
        ("Ben", 422),
        ("", 422),
    ] {
        let reply = ana.get(&format!("/members/roles/person?person={typed}")).await;
        assert_eq!(reply.status, status, "{typed}");
    }
}

#[tokio::test]
async fn who_can_do_what_is_for_everybody_and_names_are_for_whoever_is_signed_in() {
    let house = house().await;
    give_roles(&house, BEN, &["steward"]);
    let mut stranger = Browser::new(&house);
    let open = stranger.get("/who-can-do-what").await;
    let text = open.text();
    assert_eq!(open.status, 200);
    assert!(
        !text.contains("Ben Okafor") && text.contains("Roles: Steward"),
        "{text}"
    );
    for row in acts::ACTS {
        assert!(
            text.contains(&row.sentence.replace('\'', "&#39;")),
            "{} is not told",
            row.name
        );
    }
    assert!(text.contains("takes two people"));
    let mut ana = signed_in(&house, ANA, &[]).await;
    let own = ana.get("/who-can-do-what").await;
    assert_eq!(own.header("cache-control"), "no-store");
    assert!(own.text().contains("Ben Okafor"));
    assert_eq!(
        hidden(&own.text(), "/members/roles", "token"),
        "",
        "it holds no form"
    );
}
