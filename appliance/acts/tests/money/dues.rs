//! Dues, agreements, arrears and reminders through the acts.

use acts::money::{NewPrice, NewTerm};
use jiff::civil::date;
use members::money::{Channel, PaidState, Payer, TierKind, Way};
use members::text::folded;
use units::Span;

use crate::scene::{ANA, BEN, Scene, cash, monthly, pounds, steward};

#[tokio::test]
async fn who_owes_is_listed_reminded_once_and_never_loses_membership() {
    let scene = Scene::new().await;
    scene.pay("a", cash(BEN, 1_800)).await.expect("entered");
    let (_, late) = scene.acts.list_arrears(&steward()).await.expect("listed");
    assert_eq!(
        late.iter().map(|owes| owes.payer).collect::<Vec<_>>(),
        [Payer::Person(ANA)]
    );
    let (_, due) = scene.acts.reminders(&steward()).await.expect("listed");
    assert_eq!((due.len(), due[0].channel), (1, Channel::Letter));
    let whom = [
        (Payer::Person(ANA), Channel::Letter),
        (Payer::Person(BEN), Channel::Phone),
    ];
    assert_eq!(
        scene.acts.remind(&steward(), &whom).await.expect("written"),
        1,
        "Ben owes nothing"
    );
    assert_eq!(
        scene.acts.remind(&steward(), &whom).await.expect("written"),
        0,
        "not twice"
    );
    assert!(
        scene
            .acts
            .reminders(&steward())
            .await
            .expect("listed")
            .1
            .is_empty()
    );
    scene.later(Span::from_secs(20 * 86_400));
    assert_eq!(scene.acts.remind(&steward(), &whom).await.expect("written"), 0);
    scene.later(Span::from_secs(86_400));
    assert_eq!(scene.acts.reminders(&steward()).await.expect("listed").1.len(), 1);
    let (money, _) = scene.acts.list_arrears(&steward()).await.expect("listed");
    assert!(money.book.is_member(ANA), "what is owed takes nothing away");
}

#[tokio::test]
async fn amounts_change_for_what_is_to_come() {
    let scene = Scene::new().await;
    let dearer = acts::money::NewScheme {
        tiers: vec![
            NewPrice {
                name: "Full".to_owned(),
                kind: TierKind::Full,
                amount: pounds(500),
            },
            NewPrice {
                name: "As you can".to_owned(),
                kind: TierKind::AsYouCan,
                amount: pounds(100),
            },
        ],
        prices_from: date(2026, 6, 1),
        ..monthly()
    };
    scene
        .acts
        .change_dues(&steward(), Some(1), dearer)
        .await
        .expect("changed");
    let fewer = scene.acts.change_dues(&steward(), Some(1), monthly()).await;
    assert!(fewer.is_err(), "a step may have been agreed on");
    let page = scene
        .acts
        .look_account(&steward(), Payer::Person(ANA))
        .await
        .expect("seen");
    assert_eq!(page.standing.owed, pounds(5 * 300 + 500));
    let agree = async |amount| {
        let new = NewTerm {
            from: date(2026, 1, 1),
            chosen: Some((1, 1)),
            amount: Some(pounds(amount)),
            way: Way::StandingOrder,
        };
        scene.acts.agree_dues(&steward(), Payer::Person(ANA), new).await
    };
    assert!(agree(99).await.is_err());
    agree(150).await.expect("agreed");
    let page = scene
        .acts
        .look_account(&steward(), Payer::Person(ANA))
        .await
        .expect("seen");
    assert_eq!(page.standing.owed, pounds(6 * 150));
    let nothing = NewTerm {
        from: date(2026, 1, 1),
        chosen: None,
        amount: None,
        way: Way::Waiver,
    };
    scene
        .acts
        .agree_dues(&steward(), Payer::Person(ANA), nothing)
        .await
        .expect("agreed");
    let page = scene
        .acts
        .look_account(&steward(), Payer::Person(ANA))
        .await
        .expect("seen");
    assert_eq!(page.standing.state, PaidState::NeverAsked);
}

#[tokio::test]
async fn somebody_is_found_by_a_part_of_their_name() {
    let scene = Scene::new().await;
    let found = scene.acts.find_payers(&steward(), "OBERG").await.expect("found");
    assert_eq!((found.len(), found[0].person), (1, ANA));
    assert_eq!(found[0].standing.suggested(), Some(pounds(1_800)));
    assert!(
        scene.acts.find_payers(&steward(), "a").await.is_err(),
        "one letter is too little"
    );
    assert!(
        scene
            .acts
            .find_payers(&steward(), "nobody")
            .await
            .expect("looked")
            .is_empty()
    );
    assert_eq!(folded("Öberg"), "oberg");
}
