//! Memberships from outside: applied for, admitted, ended with notice and objection, and the register that follows.

use crate::browser::{ANA, BEN, Browser, house, signed_in};
use crate::client::Reply;
use crate::house::House;
use crate::people::with_seen;

const OWN: &str = "/me/membership";
const ANAS_PAGE: &str = "/people/1/membership";
const REMOVAL: [(&str, &str); 4] = [
    ("to", "removed"),
    ("on", "2026-06-16"),
    ("why", "not paid"),
    ("cause", "arrears"),
];

/// A steward does something about Ana's membership as it stands now.
async fn act(ben: &mut Browser<'_>, act: &str, filled: &[(&str, &str)]) -> Reply {
    let page = ben.get(ANAS_PAGE).await.text();
    let action = format!("{ANAS_PAGE}/{act}");
    ben.submit(&action, &page, &with_seen(&page, &action, filled))
        .await
}

/// Ana has applied, and Ben has admitted her.
async fn admitted(house: &House) -> (Browser<'_>, Browser<'_>) {
    let mut ana = signed_in(house, ANA, &[]).await;
    let page = ana.get(OWN).await.text();
    let form = with_seen(&page, OWN, &[("class", "member"), ("words", "I live next door")]);
    let applied = ana.submit(OWN, &page, &form).await;
    assert_eq!(applied.header("location"), "/me/membership?done=applied");
    assert_eq!(ana.submit(OWN, &page, &form).await.status, 409, "sent twice");
    let mut ben = signed_in(house, BEN, &["steward"]).await;
    let page = ben.get(ANAS_PAGE).await.text();
    assert!(
        page.contains("I live next door") && page.contains("Applied on 16 June 2026. Class: Member."),
        "{page}"
    );
    let action = "/people/1/membership/decision";
    let decision = [
        ("to", "member"),
        ("class", "member"),
        ("on", "16/6/2026"),
        ("why", "Board of 16 June"),
    ];
    let form = with_seen(&page, action, &decision);
    assert_eq!(ben.submit(action, &page, &form).await.status, 303);
    assert_eq!(ben.submit(action, &page, &form).await.status, 409, "sent twice");
    (ana, ben)
}

#[tokio::test]
async fn whoever_is_of_no_known_age_does_not_come_into_a_class_that_asks_for_one() {
    let house = house().await;
    let mut ana = signed_in(&house, ANA, &[]).await;
    let page = ana.get(OWN).await.text();
    assert!(page.contains("There is no membership."), "{page}");
    let young = with_seen(&page, OWN, &[("class", "youth"), ("words", "")]);
    let refused = ana.submit(OWN, &page, &young).await;
    assert_eq!(refused.status, 422);
    let refused = refused.text();
    assert!(
        refused.contains("asks for an age. Write down the day of birth first."),
        "{refused}"
    );
}

#[tokio::test]
async fn the_register_follows_and_is_closed_to_members_until_the_house_opens_it() {
    let house = house().await;
    let (mut ana, mut ben) = admitted(&house).await;
    assert_eq!(ana.get("/members/register").await.status, 404, "not open yet");
    let register = ben.get("/members/register").await.text();
    assert!(
        register.contains("1 entry.") && register.contains("Ana Öberg") && register.contains("16 June 2026"),
        "{register}"
    );
    assert_eq!(act(&mut ben, "shares", &[("shares", "37")]).await.status, 303);
    let opened = ben
        .submit("/members/register", &register, &[("open", "yes")])
        .await;
    assert_eq!(opened.status, 303);
    let register = ana.get("/members/register").await.text();
    assert!(
        register.contains("Ana Öberg") && register.contains("You hold 37 shares."),
        "{register}"
    );
    assert!(
        !ben.get("/members/register").await.text().contains("37 shares"),
        "nobody else's shares"
    );
    let left = [("to", "left"), ("on", "2026-06-16"), ("why", "Moved to Wales")];
    assert_eq!(act(&mut ben, "decision", &left).await.status, 303);
    let register = ben.get("/members/register").await.text();
    assert!(
        register.matches("16 June 2026").count() >= 2 && !register.contains("still"),
        "{register}"
    );
    let own = ana.get("/members/register").await.text();
    assert!(own.contains("you are none now"), "{own}");
    let lines = house.store.audit_entries(None, 200).expect("readable");
    let clean = |line: &store::AuditLine| {
        !line.entry.detail.contains("Wales") && !line.entry.subject.contains("Öberg")
    };
    assert!(
        lines.iter().all(clean),
        "reasons and names are in no line of the chain"
    );
    let looked = |line: &store::AuditLine| line.entry.act == "look-register" && line.entry.who == Some(ANA);
    assert!(lines.iter().any(looked));
}

#[tokio::test]
async fn nobody_loses_a_membership_for_arrears_without_notice_and_a_hearing() {
    let house = house().await;
    let (mut ana, mut ben) = admitted(&house).await;
    let reply = act(&mut ben, "decision", &REMOVAL).await;
    assert_eq!(reply.status, 422);
    let told = reply.text();
    assert!(
        told.contains("A payment that is missing takes nobody&#39;s membership without notice."),
        "{told}"
    );
    let notice = [("until", "30/6/2026"), ("notice-why", "Two years")];
    assert_eq!(act(&mut ben, "notice", &notice).await.status, 303);
    let own = ana.get(OWN).await.text();
    assert!(
        own.contains("Notice of 16 June 2026, to object until 30 June 2026") && own.contains("Two years"),
        "{own}"
    );
    let action = "/me/membership/objection";
    let objection = with_seen(&own, action, &[("objection", "The bank lost it")]);
    assert_eq!(ana.submit(action, &own, &objection).await.status, 303);
    let reply = act(&mut ben, "decision", &REMOVAL).await;
    assert_eq!(reply.status, 422);
    let told = reply.text();
    assert!(
        told.contains("They have objected. Hear them") && told.contains("The bank lost it"),
        "{told}"
    );
    let heard = [("heard", "The treasurer found the payment")];
    assert_eq!(act(&mut ben, "heard", &heard).await.status, 303);
    assert_eq!(act(&mut ben, "close", &[]).await.status, 303);
    let own = ana.get(OWN).await.text();
    assert!(
        own.contains("Member since 16 June 2026. Class: Member.")
            && own.contains("The treasurer found the payment"),
        "{own}"
    );
}
