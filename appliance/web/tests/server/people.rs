//! The members' book from outside: who sees it, and that what is typed is found, kept and refused as it should be.

use crate::browser::{ANA, BEN, Browser, house, signed_in};

#[tokio::test]
async fn the_book_is_for_nobody_who_is_not_signed_in() {
    let house = house().await;
    let mut stranger = Browser::new(&house);
    for path in ["/members", "/people", "/people?q=ana"] {
        let reply = stranger.get(path).await;
        assert_eq!(reply.status, 303, "{path}");
        assert!(reply.header("location").starts_with("/sign-in?back="), "{path}");
    }
    let home = stranger.get("/").await.text();
    assert!(!home.contains("href=\"/members\""), "no way leads there");
}

#[tokio::test]
async fn a_member_without_a_role_sees_nobody() {
    let house = house().await;
    let mut ben = signed_in(&house, BEN, &[]).await;
    let hub = ben.get("/members").await;
    assert_eq!((hub.status, hub.header("cache-control")), (200, "no-store"));
    let hub = hub.text();
    assert!(
        !hub.contains("href=\"/people\"") && hub.contains("href=\"/me/sessions\""),
        "{hub}"
    );
    let list = ben.get("/people?q=ana").await;
    assert_eq!(list.status, 403);
    assert!(!list.text().contains("Ana"), "{}", list.text());
    assert!(
        house
            .store
            .audit_entries(None, 100)
            .expect("readable")
            .iter()
            .all(|line| line.entry.act != "list-people")
    );
}

#[tokio::test]
async fn a_steward_finds_somebody_and_it_is_recorded_whom() {
    let house = house().await;
    let mut ben = signed_in(&house, BEN, &["steward"]).await;
    assert!(ben.get("/members").await.text().contains("href=\"/people\""));
    let all = ben.get("/people").await;
    assert_eq!(all.header("cache-control"), "no-store");
    let all = all.text();
    assert!(
        all.contains("2 people are in the book.") && all.contains("Ana Öberg"),
        "{all}"
    );
    let found = ben.get("/people?q=OBERG").await.text();
    assert!(
        found.contains("Ana Öberg") && !found.contains("Ben Okafor"),
        "{found}"
    );
    assert!(found.contains("value=\"OBERG\""), "what was typed stays");
    let nobody = ben.get("/people?q=%3Cscript%3E").await.text();
    assert!(
        nobody.contains("Nobody was found among 2 people.") && nobody.contains("value=\"&#60;script&#62;\""),
        "{nobody}"
    );
    let lines = house.store.audit_entries(None, 100).expect("readable");
    let looks: Vec<_> = lines
        .iter()
        .filter(|line| line.entry.act == "list-people")
        .collect();
    assert_eq!(looks.len(), 3);
    assert_eq!(looks[1].entry.whose, store::Whose::People(vec![ANA]));
    assert!(
        !looks[1].entry.detail.contains("OBERG"),
        "what was looked for may be somebody's name"
    );
}
