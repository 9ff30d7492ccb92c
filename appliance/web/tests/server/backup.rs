//! Backups at the page: a phrase that is shown once, one made now, and who sees none of it.

use crate::browser::{ANA, BEN, house, signed_in};

const PAGE: &str = "/box/backup";
const MAKE: &str = "/box/backup/make";
const PHRASE: &str = "/box/backup/phrase";

#[tokio::test]
async fn a_phrase_is_shown_once_and_then_nowhere() {
    let house = house().await;
    let mut steward = signed_in(&house, BEN, &["steward"]).await;
    let the_box = steward.get("/box").await.text();
    assert!(the_box.contains(&format!("href=\"{PAGE}\"")), "{the_box}");
    let before = steward.get(PAGE).await.text();
    assert!(
        before.contains("There is none yet") && before.contains("nobody has said where they go"),
        "{before}"
    );
    let shown = steward.submit(PHRASE, &before, &[("why", "")]).await;
    assert_eq!(shown.status, 200);
    assert!(
        shown.header("cache-control").contains("no-store"),
        "{}",
        shown.header("cache-control")
    );
    let shown = shown.text();
    let text = shown.split_once("The words").expect("its block").1;
    let words: Vec<&str> = (1..=24)
        .map(|number| {
            let rest = text.split_once(&format!("{number}. ")).expect("each word").1;
            rest.split(|sign: char| !sign.is_alphabetic())
                .next()
                .expect("a word")
        })
        .collect();
    let key = store::backup::key_of(&words.join(" ")).expect("good words");
    let kept = acts::backup::key(&house.store).expect("readable").expect("kept");
    assert_eq!(key.recipient(), kept.recipient);
    let after = steward.get(PAGE).await.text();
    assert!(after.contains("Make another when the paper is lost"), "{after}");
    assert!(!after.contains(&format!("24. {}", words[23])));
}

#[tokio::test]
async fn a_form_without_its_token_makes_no_phrase() {
    let house = house().await;
    let mut steward = signed_in(&house, BEN, &["steward"]).await;
    let page = steward.get(PAGE).await.text();
    for action in [PHRASE, MAKE] {
        let forged = steward
            .submit(action, &page, &[("token", "0"), ("why", "")])
            .await;
        assert!(forged.status >= 400, "{action}: {}", forged.status);
    }
    assert_eq!(acts::backup::key(&house.store).expect("readable"), None);
}

#[tokio::test]
async fn whoever_does_not_look_after_backups_is_not_offered_them() {
    let house = house().await;
    let mut treasurer = signed_in(&house, ANA, &["treasurer"]).await;
    assert!(!treasurer.get("/box").await.text().contains(PAGE));
    assert_eq!(treasurer.get(PAGE).await.status, 403);
}
