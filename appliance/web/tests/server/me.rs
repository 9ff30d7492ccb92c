//! One's own pages from outside: what is kept is shown with its reasons, put right with a form, and whoever looked is
//! named.

use acts::{Actor, Right};
use members::household::Household;
use members::person::Person;
use members::record::{Key, Record};
use store::{Change, RowChange};
use units::HouseholdId;

use crate::browser::{ANA, BEN, house, signed_in};
use crate::house::House;

/// Ana lives in a household, alone.
fn with_household(house: &House) {
    let home = HouseholdId::new(1);
    let row = |table, key: Vec<u8>, after| RowChange {
        table,
        before: house.store.row(table, &key).expect("readable"),
        key,
        after: Some(after),
    };
    let bytes = house.store.row("people", &ANA.to_key()).expect("readable");
    let mut ana = Person::decode(&bytes.expect("in the book")).expect("sound");
    ana.household = Some(home);
    let rows = vec![
        row("people", ANA.to_key(), ana.encode()),
        row("households", home.to_key(), Household::new().encode()),
    ];
    let lines = Vec::new();
    house.store.change(Change { rows, lines }).expect("written");
}

#[tokio::test]
async fn people_see_everything_kept_about_them_with_its_reasons() {
    let house = house().await;
    let mut ana = signed_in(&house, ANA, &[]).await;
    let hub = ana.get("/me").await.text();
    assert!(hub.contains("Hello, Ana Öberg"), "{hub}");
    let page = ana.get("/me/data").await;
    assert_eq!(page.header("cache-control"), "no-store");
    let page = page.text();
    for wanted in [
        "Ana Öberg",
        "Your membership needs it.",
        "It goes a year after you leave.",
        "Sessions",
        "Known devices",
        "Slips",
    ] {
        assert!(page.contains(wanted), "{wanted}: {page}");
    }
    assert!(!page.contains("Ben Okafor"), "nobody else stands there");
}

#[tokio::test]
async fn people_put_themselves_right_and_a_form_works_once() {
    let house = house().await;
    let mut ana = signed_in(&house, ANA, &[]).await;
    let page = ana.get("/me/entry").await.text();
    let form = [
        ("name", "Ana Berg"),
        ("email", "ana@example.org"),
        ("address", "1 High Street"),
        ("listing", "name shown to members"),
    ];
    let reply = ana.submit("/me/entry", &page, &form).await;
    assert_eq!(reply.header("location"), "/me?done=entry", "{}", reply.text());
    let after = ana.get("/me?done=entry").await.text();
    assert!(after.contains("It stands in the members’ book now."));
    let again = ana.submit("/me/entry", &page, &form).await;
    assert_eq!(again.status, 403, "the page is older than the entry");
    let shown = ana.get("/me/entry").await.text();
    let bad = [("name", "  "), ("email", "<ana>")];
    let refused = ana.submit("/me/entry", &shown, &bad).await;
    assert_eq!(refused.status, 422);
    let refused = refused.text();
    assert!(refused.contains("An e-mail address has an @ in it"));
    assert!(
        refused.contains("value=\"&#60;ana&#62;\""),
        "what was typed stays"
    );
    let lines = ana.get("/me/looks?own=true").await.text();
    assert!(
        lines.contains("Ana Berg changed what is written about themselves") && lines.contains("name, ways"),
        "{lines}"
    );
}

#[tokio::test]
async fn a_household_is_changed_by_its_adults() {
    let house = house().await;
    with_household(&house);
    let mut ana = signed_in(&house, ANA, &[]).await;
    let page = ana.get("/me/household").await.text();
    assert!(page.contains("Here live: Ana Öberg."), "{page}");
    let form = [("name", "The Bergs"), ("letters", "one for each")];
    let reply = ana.submit("/me/household", &page, &form).await;
    assert_eq!(reply.header("location"), "/me?done=household", "{}", reply.text());
    let mut ben = signed_in(&house, BEN, &[]).await;
    assert_eq!(ben.get("/me/household").await.status, 404);
}

#[tokio::test]
async fn whoever_looked_is_named_to_the_person_and_to_nobody_else() {
    let house = house().await;
    let steward = Actor::Member {
        person: BEN,
        rights: [Right::LookPeople].into(),
    };
    house
        .acts
        .look_through(&steward, "a list")
        .await
        .expect("they may");
    let mut ana = signed_in(&house, ANA, &[]).await;
    let looks = ana.get("/me/looks").await.text();
    assert!(
        looks.contains("Ben Okafor looked through the members&#39; book")
            && looks.contains("It was about everybody, so about you too."),
        "{looks}"
    );
    let public = house.get("/api/v1/audit?count=500").await.text();
    assert!(!public.contains("looked through"), "{public}");
    for path in ["/me", "/me/data", "/me/entry", "/me/household", "/me/looks"] {
        let asked = house.get(path).await;
        assert!(asked.header("location").starts_with("/sign-in"), "{path}");
    }
}
