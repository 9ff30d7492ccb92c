//! Gift Aid through the acts: a gift is claimed once, and only where a declaration covers it.

use jiff::civil::date;
use members::money::{For, Heard, HouseRules, NewPayment, Unclaimable};

use crate::scene::{ANA, BEN, Scene, TODAY, cash, pounds, steward};

fn gift(person: units::PersonId) -> NewPayment {
    NewPayment {
        purpose: For::Gift,
        ..cash(person, 2_000)
    }
}

#[tokio::test]
async fn a_gift_is_claimed_once_with_a_declaration() {
    let scene = Scene::new().await;
    scene.pay("a", gift(ANA)).await.expect("entered");
    scene.pay("b", gift(BEN)).await.expect("entered");
    scene.pay("c", cash(ANA, 300)).await.expect("entered");
    assert!(
        scene.acts.claim_gift_aid(&steward()).await.is_err(),
        "the house does not claim"
    );
    let rules = HouseRules {
        gift_aid: true,
        ..HouseRules::usual()
    };
    scene
        .acts
        .change_money_rules(&steward(), rules.clone())
        .await
        .expect("changed");
    let no_day = HouseRules {
        year_ends_month: 2,
        year_ends_day: 30,
        ..rules
    };
    assert!(scene.acts.change_money_rules(&steward(), no_day).await.is_err());
    let declare = async |person, from| {
        scene
            .acts
            .declare_gift_aid(&steward(), person, TODAY, from, Heard::Paper)
            .await
    };
    assert!(
        declare(ANA, date(2020, 1, 1)).await.is_err(),
        "four years at most"
    );
    let number = declare(ANA, date(2025, 1, 1)).await.expect("entered");
    let page = scene.acts.gift_aid(&steward()).await.expect("seen");
    assert_eq!((page.gifts.claimable.len(), page.gifts.total), (1, pounds(2_000)));
    assert_eq!(
        page.gifts.refused.iter().map(|gift| gift.2).collect::<Vec<_>>(),
        [Unclaimable::NotCovered]
    );
    let claim = scene.acts.claim_gift_aid(&steward()).await.expect("claimed");
    let lines = scene
        .acts
        .gift_aid_schedule(&steward(), claim)
        .await
        .expect("seen");
    assert_eq!(
        (lines.len(), lines[0].last.as_str(), lines[0].amount.as_str()),
        (1, "Öberg", "20.00")
    );
    assert!(
        scene.acts.claim_gift_aid(&steward()).await.is_err(),
        "there is nothing more"
    );
    scene
        .acts
        .cancel_gift_aid(&steward(), ANA, number, TODAY)
        .await
        .expect("cancelled");
    assert!(
        scene
            .acts
            .cancel_gift_aid(&steward(), ANA, number, TODAY)
            .await
            .is_err()
    );
    scene.pay("d", gift(ANA)).await.expect("entered");
    assert!(scene.acts.claim_gift_aid(&steward()).await.is_err());
}
