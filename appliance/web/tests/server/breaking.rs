//! What people and programs send that no page of ours would send: refused in words for people, and nothing is changed.

use members::person::Person;
use members::record::{Kept, Key, Record};
use store::{Change, Row, RowChange};

use crate::browser::{ANA, BEN, house, signed_in};
use crate::house::House;
use crate::routes::routes;
use crate::strangers::address;

/// Words of the library that tell nobody what to do.
const FOR_PROGRAMMERS: &[&str] = &[
    "deserialize",
    "Invalid URL",
    "Cannot parse",
    "Content-Type",
    "field `",
];

#[tokio::test]
async fn what_is_no_form_of_ours_is_refused_in_words_for_people() {
    let house = house().await;
    let mut ben = signed_in(&house, BEN, &["steward"]).await;
    let form = "application/x-www-form-urlencoded";
    let large = format!("token={}", "a".repeat(4_000));
    let bodies = [
        (form, "token=a&token=b&name=x&name=y&why=1&why=2"),
        (form, ""),
        (form, "%ff%fe=%00&token=%zz&&&=&a"),
        (form, &large),
        ("application/json", "{\"token\":\"a\"}"),
        ("multipart/form-data; boundary=x", "--x--"),
        ("", "token=a"),
    ];
    let before = everything(&house);
    for route in routes().into_iter().filter(|route| route.sent_to) {
        let path = address(&route.pattern, "2026-06-16-1");
        for (kind, body) in bodies {
            let reply = ben.send("POST", &path, kind, body).await;
            let text = reply.text();
            let told = FOR_PROGRAMMERS.iter().find(|word| text.contains(**word));
            assert_eq!(told, None, "{path} {kind} {body:.40}: {text:.300}");
            assert!(reply.status < 500, "{path} {kind} {body:.40}: {}", reply.status);
            if reply.status >= 400 {
                assert!(
                    text.contains("<h1>") && text.contains("</p>"),
                    "{path} {kind} {body:.40}: {text:.300}"
                );
            }
        }
    }
    assert_eq!(before, everything(&house));
}

/// Every row of the members' book.
fn everything(house: &House) -> Vec<(&'static str, Vec<Row>)> {
    let tables = members::KEPT.iter().map(|table| table.name);
    let rows = |table| house.store.rows(table, (&[], None), 1_000).expect("readable");
    tables.map(|table| (table, rows(table))).collect()
}

#[tokio::test]
async fn addresses_that_nobody_was_given_are_answered_in_words_for_people() {
    let house = house().await;
    let mut ben = signed_in(&house, BEN, &["steward"]).await;
    for path in [
        "/people/abc",
        "/people/4294967296",
        "/people/-1/erase",
        "/people/1/edit/nothing",
        "/people/1%2F..%2F2",
        "/households/x",
        "/money/payment/2026-02-30-1",
        "/money/payer/nobody-1",
        "/money/receipts/zero",
        "/money/statements/1e3",
        "/money/statements/1?show=all&page=99999999999999999999",
        "/money/statements/1?page=1&page=2",
        "/members/letters/x",
        "/members/letters/runs/999999",
        "/members/card/99999999999",
        "/members/import/x",
        "/people?q=a&q=b&page=-1",
        "/people?page=0",
        "/record?person=x&check=maybe",
        "/me/looks?below=-1",
        "/members/print/labels?sheet=%00",
        "/sign-in?as=-1&back=//evil.example",
    ] {
        let reply = ben.get(path).await;
        let text = reply.text();
        let told = FOR_PROGRAMMERS.iter().find(|word| text.contains(**word));
        assert_eq!(told, None, "{path}: {text:.300}");
        assert!(reply.status < 500, "{path}: {}", reply.status);
    }
}

fn ben_of(house: &House) -> Person {
    let bytes = house.store.row(Person::TABLE, &BEN.to_key()).expect("readable");
    Person::decode(&bytes.expect("in the book")).expect("sound")
}

fn write(house: &House, entry: &Person) {
    let row = RowChange {
        table: Person::TABLE,
        key: BEN.to_key(),
        before: house.store.row(Person::TABLE, &BEN.to_key()).expect("readable"),
        after: Some(entry.encode()),
    };
    let change = Change {
        rows: vec![row],
        lines: Vec::new(),
    };
    house.store.change(change).expect("written");
}

#[tokio::test]
async fn a_text_about_somebody_is_shown_before_their_erasure_and_after_it() {
    let house = house().await;
    let mut ben = signed_in(&house, BEN, &["steward"]).await;
    let clean = ben.get("/people/1/erase").await.text();
    assert!(!clean.contains("still mention"), "{clean}");
    let mut entry = ben_of(&house);
    entry.note = Some("asks for Ana Öberg".to_owned());
    write(&house, &entry);
    let stale = ben
        .submit("/people/1/erase", &clean, &[("why", "she asked")])
        .await;
    assert_eq!(
        stale.status,
        403,
        "it was shown without the note: {}",
        stale.text()
    );
    let shown = ben.get("/people/1/erase").await.text();
    assert!(
        shown.contains("still mention")
            && shown.contains("<a href=\"/people/2\">People 2: Notes by stewards</a>"),
        "{shown}"
    );
    let done = ben
        .submit("/people/1/erase", &shown, &[("why", "she asked")])
        .await
        .text();
    assert!(
        done.contains("It is erased") && done.contains("href=\"/people/2\""),
        "{done}"
    );
    assert_eq!(
        ben_of(&house).note.as_deref(),
        Some("asks for Ana Öberg"),
        "it is Ben's"
    );
}

#[tokio::test]
async fn whose_name_is_looked_up_by_number_is_told_of_it() {
    let house = house().await;
    let mut ben = signed_in(&house, BEN, &["steward"]).await;
    for (path, act) in [
        ("/people/1/slip", "look-for-slip"),
        ("/members/roles/person/1", "look-roles"),
    ] {
        let page = ben.get(path).await.text();
        assert!(page.contains("Ana Öberg"), "{page}");
        let lines = house.store.audit_of(ANA, None, 100).expect("readable");
        assert!(
            lines.iter().any(|line| line.entry.act == act),
            "{path} left no {act}"
        );
    }
}
