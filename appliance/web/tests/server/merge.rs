//! The same person twice, as a steward finds them, puts them together and parts them again without script; and what is
//! refused.

use members::person::Person;
use members::record::{Key, Record};
use store::{Change, RowChange};
use units::PersonId;

use crate::browser::{ANA, BEN, Browser, hidden, house, signed_in};
use crate::house::House;

const TWIN: PersonId = PersonId::new(7);
const LIST: &str = "/members/merge";
const PAIR: &str = "/members/merge/1/7";

/// Ana is in the book a second time.
fn put_twin(house: &House, name: &str, note: Option<&str>) {
    let before = house.store.row("people", &TWIN.to_key()).expect("readable");
    let mut twin = Person::named(name, units::Instant::from_millis(0)).expect("a name");
    twin.note = note.map(str::to_owned);
    let row = RowChange {
        table: "people",
        key: TWIN.to_key(),
        before,
        after: Some(twin.encode()),
    };
    let change = Change {
        rows: vec![row],
        lines: Vec::new(),
    };
    house.store.change(change).expect("written");
}

fn people(house: &House) -> Vec<store::Row> {
    house.store.rows("people", (&[], None), 100).expect("readable")
}

/// What stands chosen in the form, as a browser sends it, with what was seen.
fn chosen(page: &str) -> Vec<(String, String)> {
    let radios = page.split("<input type=\"radio\" name=\"").skip(1);
    let checked = radios.filter_map(|radio| {
        let tag = radio.split('>').next()?;
        let (name, rest) = tag.split_once('"')?;
        let value = rest.split("value=\"").nth(1)?.split('"').next()?;
        tag.ends_with(" checked")
            .then(|| (name.to_owned(), value.to_owned()))
    });
    checked
        .chain([("seen".to_owned(), hidden(page, PAIR, "seen"))])
        .collect()
}

async fn send(browser: &mut Browser<'_>, page: &str, form: &[(String, String)]) -> crate::client::Reply {
    let form: Vec<(&str, &str)> = form
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    browser.submit(PAIR, page, &form).await
}

#[tokio::test]
async fn two_entries_are_found_by_a_list_and_from_the_page_of_one() {
    let house = house().await;
    put_twin(&house, "Oberg, Ana", None);
    let mut steward = signed_in(&house, BEN, &["membership"]).await;
    let hub = steward.get("/members").await.text();
    assert!(hub.contains(&format!("href=\"{LIST}\"")), "{hub}");
    let list = steward.get(LIST).await.text();
    assert!(
        list.contains("Ana Öberg and Oberg, Ana") && list.contains("Perhaps: the same name."),
        "{list}"
    );
    assert!(list.contains(&format!("href=\"{PAIR}\"")), "{list}");
    let one = steward.get("/people/1").await.text();
    assert!(one.contains("href=\"/members/merge/1\""), "{one}");
    let with = steward.get("/members/merge/1?q=oberg").await.text();
    assert!(
        with.contains("1 other entry was found") && with.contains(PAIR),
        "{with}"
    );
}

#[tokio::test]
async fn two_entries_are_put_together_and_parted() {
    let house = house().await;
    put_twin(&house, "Oberg, Ana", Some("sings <b>"));
    let mut steward = signed_in(&house, BEN, &["membership"]).await;
    let before = people(&house);
    let page = steward.get(PAIR).await.text();
    for told in [
        "Oberg, Ana (number 7) becomes part of Ana Öberg (number 1)",
        "sings &#60;b&#62;",
        "Nothing is written",
    ] {
        assert!(page.contains(told), "{told}: {page}");
    }
    assert_eq!(people(&house), before, "a look changes nothing");
    let reply = send(&mut steward, &page, &chosen(&page)).await;
    assert_eq!(
        reply.header("location"),
        "/members/import/1?done=merged",
        "{}",
        reply.text()
    );
    let past = steward.get("/members/import/1?done=merged").await.text();
    for told in [
        "The two entries are one now",
        "number 7 became part of number 1",
        "Undo all of it",
    ] {
        assert!(past.contains(told), "{told}: {past}");
    }
    assert_eq!(people(&house).len(), before.len() - 1);
    let old = steward.get("/people/7").await;
    assert_eq!(
        old.header("location"),
        "/people/1",
        "the old number leads to the entry that stayed"
    );
    assert!(
        steward
            .get("/people/1")
            .await
            .text()
            .contains("sings &#60;b&#62;")
    );
    for list in ["/members/import", LIST] {
        let list = steward.get(list).await.text();
        assert!(
            list.contains("Two entries that became one") && list.contains("/members/import/1"),
            "{list}"
        );
    }
    // A form that is sent twice finds nothing to do.
    let again = send(&mut steward, &page, &chosen(&page)).await;
    assert_eq!(again.status, 404, "{}", again.text());
    let undo = "/members/import/1/undo";
    let reply = steward.submit(undo, &past, &[]).await;
    assert_eq!(
        reply.header("location"),
        "/members/import/1?done=undone",
        "{}",
        reply.text()
    );
    assert_eq!(people(&house), before);
    let past = steward.get("/members/import/1?done=undone").await.text();
    assert!(
        past.contains("Both entries are what they were") && !past.contains(undo),
        "{past}"
    );
}

#[tokio::test]
async fn of_two_stewards_the_slower_one_is_told_and_keeps_what_was_chosen() {
    let house = house().await;
    put_twin(&house, "Oberg, Ana", None);
    let mut steward = signed_in(&house, BEN, &["steward"]).await;
    let page = steward.get(PAIR).await.text();
    let form: Vec<(String, String)> = chosen(&page)
        .into_iter()
        .map(|(name, value)| match name.as_str() {
            "choice-name" => (name, "gone".to_owned()),
            _ => (name, value),
        })
        .collect();
    put_twin(&house, "Oberg, Ana", Some("bakes"));
    let before = people(&house);
    let late = send(&mut steward, &page, &form).await;
    let (status, page) = (late.status, late.text());
    assert_eq!(status, 409, "{page}");
    assert!(
        page.contains("Somebody changed one of the two") && page.contains("bakes"),
        "{page}"
    );
    assert!(
        page.contains("name=\"choice-name\" value=\"gone\" required checked"),
        "{page}"
    );
    assert_eq!(people(&house), before);
    let reply = send(&mut steward, &page, &chosen(&page)).await;
    assert_eq!(reply.status, 303, "{}", reply.text());
    let one = steward.get("/people/1").await.text();
    assert!(one.contains("Oberg, Ana") && one.contains("bakes"), "{one}");
}

#[tokio::test]
async fn what_cannot_be_is_told_beside_the_form_and_nothing_happens() {
    let house = house().await;
    put_twin(&house, "Oberg, Ana", None);
    let mut steward = signed_in(&house, BEN, &["steward"]).await;
    let before = people(&house);
    let page = steward.get(PAIR).await.text();
    let seen = vec![("seen".to_owned(), hidden(&page, PAIR, "seen"))];
    let lacking = send(&mut steward, &page, &seen).await;
    assert_eq!(lacking.status, 422);
    let lacking = lacking.text();
    assert!(
        lacking.contains("Choose which of the two counts for"),
        "{lacking}"
    );
    let forged = steward.post(PAIR, &[("token", "0")]).await;
    assert_eq!(forged.status, 403, "{}", forged.text());
    let own = steward.get("/members/merge/1/2").await.text();
    assert!(
        own.contains("is your own") && !own.contains("Put the two together"),
        "{own}"
    );
    for (path, status) in [
        ("/members/merge/1/1", 400),
        ("/members/merge/1/99", 404),
        ("/members/merge/99", 404),
    ] {
        let reply = steward.get(path).await;
        assert_eq!(reply.status, status, "{path}: {}", reply.text());
    }
    let mut treasurer = signed_in(&house, ANA, &["treasurer"]).await;
    for path in [LIST, PAIR] {
        assert_eq!(treasurer.get(path).await.status, 403, "{path}");
    }
    assert_eq!(people(&house), before);
}

#[tokio::test]
async fn two_people_who_only_look_alike_leave_the_list_and_come_back() {
    let house = house().await;
    put_twin(&house, "Oberg, Ana", None);
    let mut steward = signed_in(&house, BEN, &["membership"]).await;
    let apart = format!("{PAIR}/apart");
    let page = steward.get(PAIR).await.text();
    assert!(page.contains("These are two people"), "{page}");
    let told = steward.submit(&apart, &page, &[("apart", "yes")]).await;
    assert_eq!(told.header("location"), format!("{LIST}?done=apart"));
    let list = steward.get(&format!("{LIST}?done=apart")).await.text();
    assert!(list.contains("not on the list any more"), "{list}");
    assert!(list.contains("No two entries look like one person."), "{list}");
    assert!(list.contains("Said to be two people"), "{list}");
    let page = steward.get(PAIR).await.text();
    assert!(!page.contains("Put the two together"), "{page}");
    let back = steward.submit(&apart, &page, &[("apart", "no")]).await;
    assert_eq!(back.header("location"), PAIR);
    let list = steward.get(LIST).await.text();
    assert!(list.contains("1 pair of entries may be one person."), "{list}");
}
