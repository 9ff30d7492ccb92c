//! The whole book as a table: out of one box after two people want it, into the same box without a change, and into
//! another one without loss; and who gets nothing.

use members::import::own;

use crate::browser::{ANA, BEN, Browser, hidden, house, signed_in};
use crate::house::House;
use crate::roles::two_stewards;

const EXPORT: &str = "/members/export";
const IMPORT: &str = "/members/import";
const PREVIEW: &str = "/members/import/preview";
const COMMIT: &str = "/members/import/commit";

/// The table of a house, as its two stewards get it.
async fn taken(house: &House) -> String {
    let (mut ana, mut ben) = two_stewards(house).await;
    let page = ana.get(EXPORT).await.text();
    assert!(page.contains("Who should not have it"), "{page}");
    let silent = ana.submit(EXPORT, &page, &[("why", "")]).await;
    assert_eq!(silent.status, 422);
    assert!(
        silent.text().contains("Say why the book is taken out"),
        "{}",
        silent.text()
    );
    let asked = ana.submit(EXPORT, &page, &[("why", "We get a new box")]).await;
    assert_eq!(
        asked.header("location"),
        "/members/waiting?done=waits",
        "{}",
        asked.text()
    );
    let waits = ana.get(EXPORT).await.text();
    assert!(
        waits.contains("somebody else must agree")
            && !waits.contains("<form class=\"sheet\" method=\"post\" action=\"/members/export\""),
        "{waits}"
    );
    let page = ben.get("/members/waiting").await.text();
    assert!(page.contains("We get a new box"), "{page}");
    ben.submit("/members/waiting/1", &page, &[("choice", "agree")])
        .await;
    let waiting = ana.get("/members/waiting").await.text();
    assert!(
        waiting.contains("<a href=\"/members/export\">Do it now</a>"),
        "{waiting}"
    );
    let page = ana.get(EXPORT).await.text();
    assert!(page.contains("Somebody agreed"), "{page}");
    let table = ana.submit(EXPORT, &page, &[]).await;
    assert_eq!(table.status, 200, "{}", table.text());
    assert_eq!(
        table.header("content-disposition"),
        "attachment; filename=\"people-2026-06-16.csv\""
    );
    assert_eq!(table.header("cache-control"), "no-store");
    let again = ana.submit(EXPORT, &page, &[]).await;
    assert_eq!(again.status, 422, "one agreement is good for one copy");
    table.text()
}

async fn hand_in(browser: &mut Browser<'_>, table: &str) -> String {
    let page = browser.get(IMPORT).await.text();
    let reply = browser.upload(IMPORT, &page, ("people.csv", table)).await;
    assert_eq!(
        reply.header("location"),
        "/members/import/table",
        "{}",
        reply.text()
    );
    let columns = browser.get("/members/import/table").await;
    assert_eq!(columns.header("location"), PREVIEW, "{}", columns.text());
    browser.get(PREVIEW).await.text()
}

/// The book of a house as a table.
async fn written(house: &House) -> String {
    let steward = acts::Actor::Member {
        person: BEN,
        rights: acts::Right::ALL.iter().copied().collect(),
    };
    let book = house
        .acts
        .look_through(&steward, "everybody")
        .await
        .expect("readable");
    let rules = house.acts.rules_of_the_book(&steward).await.expect("readable");
    own::export(&book, &rules).finish()
}

#[tokio::test]
async fn the_book_goes_out_and_comes_back_without_a_change() {
    let house = house().await;
    let table = taken(&house).await;
    assert_eq!(table, written(&house).await);
    let mut ben = signed_in(&house, BEN, &["steward"]).await;
    let page = hand_in(&mut ben, &table).await;
    assert!(
        page.contains("This table came out of Hearth") && page.contains("Nothing in this table is new"),
        "{page}"
    );
    // A row that was changed in a spreadsheet is seen, read in, and undone.
    let page = hand_in(&mut ben, &table.replacen("Ana Öberg", "Ana Berg", 1)).await;
    assert!(page.contains("Changes person 1: Name"), "{page}");
    let seen = hidden(&page, COMMIT, "seen");
    let reply = ben.submit(COMMIT, &page, &[("seen", &seen)]).await;
    assert_eq!(
        reply.header("location"),
        "/members/import/1?done=in",
        "{}",
        reply.text()
    );
    assert!(written(&house).await.contains("Ana Berg"));
    let past = ben.get("/members/import/1").await.text();
    ben.submit("/members/import/1/undo", &past, &[]).await;
    assert_eq!(written(&house).await, table);
}

#[tokio::test]
async fn another_box_gets_people_and_rules_and_can_undo_both() {
    let asking = house().await;
    let field = [
        ("label", "Shirt size"),
        ("why", "To order shirts"),
        ("kind", "words"),
    ];
    let typed = field.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let ben = acts::Actor::Member {
        person: BEN,
        rights: acts::Right::ALL.iter().copied().collect(),
    };
    let kept = asking
        .acts
        .define_field(&ben, None, &typed.into())
        .await
        .expect("defined");
    assert_eq!(kept, acts::people::Saved::Kept(()));
    let table = taken(&asking)
        .await
        .replace("Ana Öberg", "Cy Ng")
        .replace("Ben Okafor", "Dee Rao");
    let table = table.replace("T12:00:00.000Z", "T11:00:00.000Z");
    let other = house().await;
    let before = written(&other).await;
    let mut clerk = signed_in(&other, ANA, &["membership"]).await;
    let page = hand_in(&mut clerk, &table).await;
    let refused = clerk
        .submit(COMMIT, &page, &[("seen", &hidden(&page, COMMIT, "seen"))])
        .await;
    assert_eq!(
        refused.status,
        403,
        "who may not change the rules brings none in: {}",
        refused.text()
    );
    let mut steward = signed_in(&other, BEN, &["steward"]).await;
    let page = hand_in(&mut steward, &table).await;
    assert!(page.contains("Adds or changes: rule of the house"), "{page}");
    let seen = hidden(&page, COMMIT, "seen");
    let reply = steward.submit(COMMIT, &page, &[("seen", &seen)]).await;
    assert_eq!(
        reply.header("location"),
        "/members/import/1?done=in",
        "{}",
        reply.text()
    );
    assert!(page.contains("New: 2"), "{page}");
    let after = written(&other).await;
    assert!(
        after.contains("Cy Ng") && after.contains("Dee Rao") && after.contains("Shirt size"),
        "{after}"
    );
    let past = steward.get("/members/import/1").await.text();
    steward.submit("/members/import/1/undo", &past, &[]).await;
    assert_eq!(written(&other).await, before);
}

#[tokio::test]
async fn a_spoilt_table_of_ours_is_told_what_it_lacks() {
    let house = house().await;
    let mut ben = signed_in(&house, BEN, &["steward"]).await;
    let table = written(&house).await;
    let page = ben.get(IMPORT).await.text();
    let lacking = table.replacen("First entered", "Entered", 1);
    ben.upload(IMPORT, &page, ("people.csv", &lacking)).await;
    let page = ben.get("/members/import/table").await.text();
    assert!(
        page.contains("its column &#34;First entered&#34; is gone"),
        "{page}"
    );
    let page = hand_in(&mut ben, &table.replacen(",hidden,", ",owl,", 1)).await;
    assert!(
        page.contains(
            "What stands under &#34;Who may know of the membership&#34; is not as Hearth writes it"
        ),
        "{page}"
    );
}

#[tokio::test]
async fn nobody_else_gets_the_book() {
    let house = house().await;
    let mut clerk = signed_in(&house, ANA, &["membership", "treasurer"]).await;
    let page = clerk.get(EXPORT).await;
    assert_eq!(page.status, 403);
    assert!(!page.text().contains("Ben Okafor"), "{}", page.text());
    let sent = clerk.post(EXPORT, &[("token", "x"), ("why", "because")]).await;
    assert_eq!(sent.status, 403);
    let mut steward = signed_in(&house, BEN, &["steward"]).await;
    let forged = steward.post(EXPORT, &[("token", "x"), ("why", "because")]).await;
    assert_eq!(forged.status, 403, "{}", forged.text());
    let stranger = Browser::new(&house).get(EXPORT).await;
    assert!(stranger.header("location").starts_with("/sign-in"));
}
