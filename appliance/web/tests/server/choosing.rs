//! People chosen by questions, tags and ways, and the lists that leave the box: calls, addresses, a table.

use crate::browser::{ANA, BEN, Browser, house, signed_in};
use crate::house::House;
use crate::people::with_seen;

const QUESTION: [(&str, &str); 4] = [
    ("label", "Shirt size"),
    ("why", "To order shirts"),
    ("kind", "one of these answers"),
    ("choices", "small\nlarge"),
];

/// What is written about two people who share an e-mail address, one of whom has a formula for a name.
const WRITTEN: [(&str, &[(&str, &str)]); 5] = [
    ("/people/1/edit/custom", &[("custom-shirt-size", "large")]),
    ("/people/1/edit/tags", &[("tag-Choir", "yes")]),
    (
        "/people/1/edit/ways",
        &[
            ("reach", "e-mail"),
            ("way-kind-1", "e-mail"),
            ("way-1", "us@example.org"),
            ("way-kind-2", "phone"),
            ("way-2", "0117 496 0123"),
        ],
    ),
    (
        "/people/2/edit/ways",
        &[
            ("reach", "e-mail"),
            ("way-kind-1", "e-mail"),
            ("way-1", "US@example.org"),
        ],
    ),
    (
        "/people/1/edit/name",
        &[("name", "=HYPERLINK(\"http://x\")"), ("kind", "person")],
    ),
];

/// A steward has asked the house's question, made a tag, and written it all down.
async fn written(house: &House) -> Browser<'_> {
    let mut ben = signed_in(house, BEN, &["steward"]).await;
    let rules = ben.get("/members/rules").await.text();
    let kept = ben.submit("/members/rules/question", &rules, &QUESTION).await;
    assert_eq!(kept.header("location"), "/members/rules?done=kept");
    let tag = [("tag-name", "Choir"), ("tag-meaning", "Sings")];
    assert_eq!(ben.submit("/members/rules/tag", &rules, &tag).await.status, 303);
    for (path, pairs) in WRITTEN {
        let page = ben.get(path).await.text();
        let reply = ben.submit(path, &page, &with_seen(&page, path, pairs)).await;
        assert_eq!(reply.status, 303, "{path}: {}", reply.text());
    }
    ben
}

#[tokio::test]
async fn a_question_is_asked_once_and_goes_with_its_answers() {
    let house = house().await;
    let mut ben = written(&house).await;
    let rules = ben.get("/members/rules").await.text();
    let twice = ben.submit("/members/rules/question", &rules, &QUESTION).await;
    assert_eq!(twice.status, 422);
    assert!(
        twice
            .text()
            .contains("There is a question with these words already.")
    );
    let key = [("key", "shirt-size")];
    let gone = ben.submit("/members/rules/question/remove", &rules, &key).await;
    assert_eq!(gone.header("location"), "/members/rules?done=removed");
    let one = ben.get("/people/1").await.text();
    assert!(!one.contains("Shirt size") && one.contains("Choir"), "{one}");
}

#[tokio::test]
async fn a_search_is_kept_under_a_name_and_forgotten() {
    let house = house().await;
    let mut ben = written(&house).await;
    let asked = "/people/search?condition-1=custom%3Ashirt-size%3Dlarge&condition-2=tag%3AChoir&of=all";
    let found = ben.get(asked).await.text();
    assert!(
        found.contains("It means 1 person") && found.contains("=HYPERLINK"),
        "{found}"
    );
    let named = [("condition-1", "tag:Choir"), ("name", "The choir")];
    let kept = ben.submit("/people/search/keep", &found, &named).await;
    assert_eq!(
        kept.header("location"),
        "/people/search?done=kept",
        "{}",
        kept.text()
    );
    let page = ben.get("/people/search?done=kept").await.text();
    assert!(
        page.contains("The choir") && page.contains("/people/search?condition-1=tag%3AChoir&#38;of=all"),
        "{page}"
    );
    let forgotten = ben
        .submit("/people/search/forget", &page, &[("number", "1")])
        .await;
    assert_eq!(forgotten.status, 303);
    let wrong = ben.get("/people/search?postcode=xxxxxxxxxxxxxxxxxxxxxxxxx").await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.text().contains("No postcode is so long."));
}

#[tokio::test]
async fn lists_that_leave_run_no_formula_name_an_address_once_and_are_recorded() {
    let house = house().await;
    let mut ben = written(&house).await;
    let table = ben.get("/people/search.csv?condition-1=tag%3AChoir").await;
    assert_eq!(table.header("content-type"), "text/csv; charset=utf-8");
    let table = table.text();
    assert!(
        table.contains("'=HYPERLINK") && !table.contains(",=HYPERLINK"),
        "{table}"
    );
    let calls = ben.get("/people/search/calls?of=all").await.text();
    assert!(
        calls.contains("0117 496 0123") && calls.contains("1 more has none"),
        "{calls}"
    );
    let addresses = ben.get("/people/search/e-mails?of=all").await.text();
    assert!(
        addresses.contains("1 address.") && addresses.contains("us@example.org"),
        "two share one: {addresses}"
    );
    let lines = house.store.audit_entries(None, 100).expect("readable");
    let taken: Vec<_> = lines
        .iter()
        .filter(|line| line.entry.act == "take-list")
        .collect();
    assert_eq!(taken.len(), 3, "each list that leaves is recorded");
    assert_eq!(taken[2].entry.whose, store::Whose::People(vec![ANA]));
}

#[tokio::test]
async fn who_owes_is_chosen_by_those_alone_who_may_see_what_people_pay() {
    let house = house().await;
    let mut ben = signed_in(&house, BEN, &["steward"]).await;
    let asked = "condition-1=dues%3Anever+asked&of=all";
    let found = ben.get(&format!("/people/search?{asked}")).await.text();
    assert!(
        found.contains("It means 2 people") && found.contains("Dues: something is late"),
        "{found}"
    );
    let wrong = ben.get("/people/search?owes-over=much&paid-until=soon").await;
    let said = wrong.text();
    assert!(
        wrong.status == 422 && said.contains("owes-over-refusal") && said.contains("paid-until-refusal"),
        "{said}"
    );
    let named = [
        ("condition-1", "dues:never asked"),
        ("of", "all"),
        ("name", "Not asked yet"),
    ];
    let kept = ben.submit("/people/search/keep", &found, &named).await;
    assert_eq!(kept.status, 303, "{}", kept.text());
    let labels = ben
        .get("/members/print/attendance?who=search%3ANot+asked+yet")
        .await
        .text();
    assert!(labels.contains("Ana"), "{labels}");

    let mut ana = signed_in(&house, ANA, &["membership"]).await;
    let page = ana.get("/people/search").await.text();
    assert!(
        page.contains("Not asked yet") && page.contains("It looks at what people owe."),
        "{page}"
    );
    for hidden in ["dues%3A", "owes-over", "paid-until", "Dues: "] {
        assert!(!page.contains(hidden), "{hidden}: {page}");
    }
    let offered = ana.get("/members/print").await.text();
    assert!(!offered.contains("Not asked yet"), "{offered}");
    for path in [
        format!("/people/search?{asked}"),
        format!("/people/search?{}", asked.replace("of=all", "not-1=not")),
        "/people/search?owes-over=0".to_owned(),
        "/people/search?paid-until=2020-01-01".to_owned(),
        format!("/people/search/calls?{asked}"),
        format!("/people/search/e-mails?{asked}"),
        format!("/people/search.csv?{asked}"),
        "/members/print/attendance?who=search%3ANot+asked+yet".to_owned(),
    ] {
        let refused = ana.get(&path).await;
        let said = refused.text();
        assert!(
            refused.status == 403 && said.contains("You may not look at what people pay."),
            "{path}: {said}"
        );
        assert!(!said.contains("Ben"), "{path}: {said}");
    }
    let refused = ana.submit("/people/search/keep", &found, &named).await;
    assert_eq!(refused.status, 403, "{}", refused.text());
}
