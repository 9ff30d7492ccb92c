//! Dues, agreements, arrears and reminders through the acts.

use std::collections::BTreeMap;

use acts::letters::Draft;
use acts::money::{NewPrice, NewTerm};
use acts::{ActError, Right};
use jiff::civil::date;
use members::letters::Choice;
use members::money::{Channel, PaidState, Payer, Reminder, TierKind, Way};
use members::record::Newer;
use members::text::folded;
use store::RowChange;
use units::Span;

use crate::scene::{ANA, BEN, START, Scene, TODAY, cash, monthly, pounds, row, steward, who};

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
async fn people_are_chosen_by_what_they_owe() {
    let scene = Scene::new().await;
    scene.pay("a", cash(BEN, 2_100)).await.expect("entered");
    let looker = who(&[Right::LookMoney, Right::LookPeople]);
    // Ana owes six months of 3 pounds; Ben paid seven.
    for (input, value, people) in [
        ("condition-1", "dues:something is owed", vec![ANA]),
        ("condition-1", "dues:something is late", vec![ANA]),
        ("condition-1", "dues:paid ahead", vec![BEN]),
        ("condition-1", "dues:never asked", vec![]),
        ("owes-over", "17.99", vec![ANA]),
        ("owes-over", "18", vec![]),
        ("paid-until", "2026-07-31", vec![BEN]),
        ("paid-until", "2026-08-01", vec![]),
    ] {
        let typed = [(input.to_owned(), value.to_owned())].into();
        let seen = scene.acts.search_people(&looker, &typed).await.expect("searched");
        let found = seen.chosen.expect("good conditions").first;
        let found: Vec<_> = found.iter().map(|line| line.id).collect();
        assert_eq!(found, people, "{input} {value}");
    }
}

/// A letter to whoever owes, and that they were reminded, are one change: nobody is written to and asked again, and
/// nobody is noted who was not written to.
#[tokio::test]
async fn a_letter_of_reminding_and_that_it_reminded_are_written_together() {
    let scene = Scene::new().await;
    let rights = [Right::LookMoney, Right::ChangeMoney, Right::WriteLetters];
    let treasurer = who(&rights);
    let draft = Draft {
        title: "Dues".to_owned(),
        text: "You owe {due}".to_owned(),
        ..Draft::default()
    };
    let letter = scene.acts.write_letter(&treasurer, None, None, &draft).await;
    let letter = letter.expect("written");
    let labels = scene
        .acts
        .print_list(&treasurer, &Choice::Owing, "labels")
        .await
        .expect("listed");
    assert_eq!(labels.people, [ANA, BEN], "labels are for the same people");

    // A reminder stands already where Ana's is to be written, so hers cannot be.
    let (_, due) = scene.acts.reminders(&treasurer).await.expect("listed");
    let reminder = Reminder {
        on: TODAY,
        channel: Channel::Letter,
        owed: due[0].owes.standing.owed,
        since: None,
        by: None,
        at: START,
        newer: Newer::default(),
    };
    let in_the_way = row(&(Payer::Person(ANA), 1), &reminder);
    scene.write(std::slice::from_ref(&in_the_way));
    let send = || {
        let nothing = BTreeMap::new();
        scene
            .acts
            .send_letter(&treasurer, letter, &Choice::Owing, nothing)
    };
    let refused = send().await;
    assert!(matches!(refused, Err(ActError::Conflict)), "{refused:?}");
    assert!(scene.acts.runs(&treasurer).await.expect("readable").is_empty());
    let acts = |scene: &Scene| {
        let lines = scene.record().into_iter();
        let of_it = lines.filter(|line| line.starts_with("send-letter") || line.starts_with("remind "));
        of_it.count()
    };
    assert_eq!(acts(&scene), 0);

    scene.write(&[RowChange {
        before: in_the_way.after,
        after: None,
        ..in_the_way
    }]);
    assert_eq!(send().await.expect("sent"), 1);
    assert_eq!(acts(&scene), 2, "a line for each");
    let (_, due) = scene.acts.reminders(&treasurer).await.expect("listed");
    assert!(due.is_empty());
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
