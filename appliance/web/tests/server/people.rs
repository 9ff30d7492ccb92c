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
        !hub.contains("href=\"/people\"")
            && !hub.contains("action=\"/people\"")
            && hub.contains("href=\"/me\""),
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

#[tokio::test]
async fn somebody_is_entered_once_and_needs_nothing_but_a_name() {
    let house = house().await;
    let mut ben = signed_in(&house, BEN, &["steward"]).await;
    let page = ben.get("/people/new").await.text();
    let nobody = ben
        .submit(
            "/people/new",
            &page,
            &with_seen(&page, "/people/new", &[("name", " ")]),
        )
        .await;
    assert_eq!(nobody.status, 422);
    assert!(
        nobody.text().contains("Write something here; it is empty now."),
        "{}",
        nobody.text()
    );
    let khai = with_seen(
        &page,
        "/people/new",
        &[("name", "Nguyễn Thị Minh Khai"), ("kind", "person")],
    );
    let reply = ben.submit("/people/new", &page, &khai).await;
    assert_eq!(
        (reply.status, reply.header("location")),
        (303, "/people/3?done=added"),
        "{}",
        reply.text()
    );
    let one = ben.get("/people/3?done=added").await.text();
    assert!(
        one.contains("This person is in the book now.") && one.contains("Nguyễn Thị Minh Khai"),
        "{one}"
    );
    // The same form again adds nobody.
    let again = ben.submit("/people/new", &page, &khai).await;
    assert_eq!(again.status, 409);
    assert!(
        again
            .text()
            .contains("This form was sent already, or somebody else entered a person meanwhile.")
    );
    assert!(
        again.text().contains("value=\"Nguyễn Thị Minh Khai\""),
        "what was typed stays"
    );
    // Somebody of the same name is taken for another one only if a steward says so.
    let page = ben.get("/people/new").await.text();
    let twin = with_seen(&page, "/people/new", &[("name", "ana oberg"), ("kind", "person")]);
    let refused = ben.submit("/people/new", &page, &twin).await;
    assert_eq!(refused.status, 422);
    assert!(
        refused.text().contains("Person 1 has this name already."),
        "{}",
        refused.text()
    );
    let mut other = twin.clone();
    other.push(("another", "yes"));
    assert_eq!(
        ben.submit("/people/new", &page, &other).await.header("location"),
        "/people/4?done=added"
    );
}

#[tokio::test]
async fn of_two_stewards_who_change_one_person_the_second_is_told_and_loses_nothing() {
    let house = house().await;
    let mut ana = signed_in(&house, ANA, &["steward"]).await;
    let mut ben = signed_in(&house, BEN, &["steward"]).await;
    let path = "/people/1/edit/name";
    let (of_ana, of_ben) = (ana.get(path).await.text(), ben.get(path).await.text());
    let first = with_seen(
        &of_ana,
        path,
        &[("name", "Ana Marsh"), ("kind", "person"), ("born", "29/2/2004")],
    );
    assert_eq!(
        ana.submit(path, &of_ana, &first).await.header("location"),
        "/people/1?done=changed"
    );
    let second = with_seen(
        &of_ben,
        path,
        &[("name", "Ana <Oak>"), ("kind", "person"), ("called", "Ms Oak")],
    );
    let reply = ben.submit(path, &of_ben, &second).await;
    let page = reply.text();
    assert_eq!(reply.status, 409, "{page}");
    assert!(
        page.contains("Somebody else changed this while you were at it"),
        "{page}"
    );
    assert!(
        page.contains("value=\"Ana &#60;Oak&#62;\"") && page.contains("value=\"Ms Oak\""),
        "what was typed stays"
    );
    assert!(
        page.contains("<bdi>Ana Marsh</bdi>") && page.contains("<bdi>2004-02-29</bdi>"),
        "what is written now"
    );
    // Sent again after a look, it is taken; sent twice, it is not.
    let third = with_seen(&page, path, &[("name", "Ana Oak"), ("kind", "person")]);
    assert_eq!(ben.submit(path, &page, &third).await.status, 303);
    assert_eq!(ben.submit(path, &page, &third).await.status, 409);
    // Another group of the same person is nobody's conflict.
    let tags = "/people/1/edit/needs";
    let (of_ana, of_ben) = (
        ana.get(tags).await.text(),
        ben.get("/people/1/edit/notes").await.text(),
    );
    let needs = with_seen(&of_ana, tags, &[("languages", "Soomaali, English")]);
    assert_eq!(ana.submit(tags, &of_ana, &needs).await.status, 303);
    let notes = with_seen(&of_ben, "/people/1/edit/notes", &[("note", "Rings twice")]);
    assert_eq!(
        ben.submit("/people/1/edit/notes", &of_ben, &notes).await.status,
        303
    );
    let one = ben.get("/people/1").await.text();
    assert!(
        one.contains("Soomaali, English") && one.contains("Rings twice") && one.contains("Ana Oak"),
        "{one}"
    );
}

#[tokio::test]
async fn what_is_no_day_and_what_is_too_long_is_refused_with_a_sentence() {
    let house = house().await;
    let mut ben = signed_in(&house, BEN, &["steward"]).await;
    let path = "/people/1/edit/name";
    let page = ben.get(path).await.text();
    let wrong = with_seen(
        &page,
        path,
        &[("name", "Ana"), ("kind", "person"), ("born", "29/2/2023")],
    );
    let reply = ben.submit(path, &page, &wrong).await;
    assert_eq!(reply.status, 422);
    assert!(
        reply.text().contains("There is no such day as 29/2/2023.")
            && reply.text().contains("value=\"29/2/2023\"")
    );
    let long = "x".repeat(6_000);
    let notes = "/people/1/edit/notes";
    let page = ben.get(notes).await.text();
    let reply = ben
        .submit(notes, &page, &with_seen(&page, notes, &[("note", &long)]))
        .await;
    assert_eq!(reply.status, 422);
    assert!(
        reply
            .text()
            .contains("This has 6000 letters; write at most 5000.")
            && reply.text().contains(&long)
    );
    let reply = ben
        .submit(
            notes,
            &page,
            &with_seen(&page, notes, &[("note", &"x".repeat(65_536))]),
        )
        .await;
    assert_eq!(reply.status, 413);
    assert!(
        reply.text().contains("that can be sent at once. Send less"),
        "{}",
        reply.text()
    );
    assert!(
        !ben.get("/people/1").await.text().contains("xxx"),
        "nothing of it is kept"
    );
}

#[tokio::test]
async fn a_household_is_made_joined_changed_and_left() {
    let house = house().await;
    let mut ben = signed_in(&house, BEN, &["steward"]).await;
    let one = ben.get("/people/1").await.text();
    let made = ben.submit("/people/1/household", &one, &[]).await;
    assert_eq!(made.header("location"), "/households/1", "{}", made.text());
    let page = ben.get("/households/1").await.text();
    let join = with_seen(&page, "/households/1/join", &[("who", "ben okafor")]);
    assert_eq!(ben.submit("/households/1/join", &page, &join).await.status, 303);
    assert_eq!(
        ben.submit("/households/1/join", &page, &join).await.status,
        409,
        "sent twice"
    );
    let page = ben.get("/households/1").await.text();
    assert!(page.contains("Ana Öberg and Ben Okafor"), "{page}");
    let nobody = with_seen(&page, "/households/1/join", &[("who", "Cleo <b>")]);
    let reply = ben.submit("/households/1/join", &page, &nobody).await;
    assert_eq!(reply.status, 422);
    assert!(
        reply.text().contains("Nobody in the book has just this name.")
            && reply.text().contains("value=\"Cleo &#60;b&#62;\"")
    );
    let written = with_seen(
        &page,
        "/households/1",
        &[
            ("letters", "one for each"),
            ("lines", "1 High Street\nBristol"),
            ("postcode", "bs5 6xx"),
            ("household-name", "The flat"),
        ],
    );
    assert_eq!(ben.submit("/households/1", &page, &written).await.status, 303);
    let list = ben.get("/households?q=bs5").await.text();
    assert!(
        list.contains("The flat") && list.contains("1 High Street, Bristol, BS5 6XX"),
        "{list}"
    );
    assert!(
        ben.get("/people/2").await.text().contains("1 High Street"),
        "post of both arrives there"
    );
    // A home is one household's on a day.
    let page = ben.get("/households/1").await.text();
    assert!(page.contains("<option value=\"flat-1\""), "{page}");
    let stay = with_seen(
        &page,
        "/households/1/homes",
        &[("home", "flat-1"), ("from", "29/2/2024"), ("until", "")],
    );
    assert_eq!(ben.submit("/households/1/homes", &page, &stay).await.status, 303);
    let page = ben.get("/households/1").await.text();
    assert!(page.contains("flat-1 since 2024-02-29"), "{page}");
    let again = with_seen(
        &page,
        "/households/1/homes",
        &[("home", "flat-1"), ("from", "1/3/2024"), ("until", "")],
    );
    let reply = ben.submit("/households/1/homes", &page, &again).await;
    assert_eq!(reply.status, 422);
    assert!(
        reply
            .text()
            .contains("This household itself has this home in a part of this time."),
        "{}",
        reply.text()
    );
    let page = ben.get("/households/1").await.text();
    assert_eq!(
        ben.submit("/households/1/leave", &page, &[("person", "2")])
            .await
            .status,
        303
    );
    assert!(!ben.get("/households/1").await.text().contains("Ben Okafor"));
}

#[tokio::test]
async fn pages_of_people_are_refused_to_whoever_lacks_the_right_and_say_nothing() {
    let house = house().await;
    let mut ana = signed_in(&house, ANA, &[]).await;
    for path in [
        "/people/2",
        "/people/new",
        "/people/2/edit/name",
        "/people/2/membership",
        "/households",
        "/households/1",
        "/people/search?of=all",
        "/people/search/calls?of=all",
        "/people/search/e-mails?of=all",
        "/people/search.csv?of=all",
        "/members/rules",
    ] {
        let reply = ana.get(path).await;
        assert_eq!(reply.status, 403, "{path}");
        assert!(!reply.text().contains("Ben"), "{path}: {}", reply.text());
    }
    let mut stranger = Browser::new(&house);
    for path in [
        "/people/1",
        "/members/register",
        "/me/membership",
        "/people/search.csv?of=all",
    ] {
        assert_eq!(stranger.get(path).await.status, 303, "{path}");
    }
}

/// What is filled in, with the hidden sign of what was looked at.
pub(crate) fn with_seen<'a>(
    page: &'a str,
    action: &str,
    filled: &[(&'a str, &'a str)],
) -> Vec<(&'a str, &'a str)> {
    let seen = crate::browser::hidden(page, action, "seen");
    let at = page.find(&seen).expect("it stands in the page");
    let mut form = filled.to_vec();
    form.push(("seen", &page[at..at + seen.len()]));
    form
}

#[tokio::test]
async fn whoever_deals_with_data_finds_it_from_the_page_of_the_person() {
    let house = house().await;
    let mut ben = signed_in(&house, BEN, &["steward"]).await;
    let page = ben.get("/people/1").await.text();
    assert!(page.contains("href=\"/people/1/data\""), "{page}");
    assert_eq!(ben.get("/people/1/data").await.status, 200);
    let mut ana = signed_in(&house, ANA, &["treasurer"]).await;
    let page = ana.get("/people/1").await.text();
    assert!(
        page.contains("Ana Öberg") && !page.contains("/people/1/data"),
        "{page}"
    );
}
