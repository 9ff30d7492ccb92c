//! Roles: who has which, the house's own, and who must not be without one.

use std::collections::BTreeSet;

use acts::sign_in::{SignInError, Who};
use acts::{ActError, Right, Together};
use members::credential::session::{Custody, WayIn};
use members::credential::{Digest, Passkey};
use members::record::{Newer, Opaque};

use crate::scene::{ANA, BEN, CLEO, DEV, START, Scene, keys};

#[tokio::test]
async fn the_last_steward_keeps_the_role() {
    let scene = Scene::new();
    scene.has(ANA, &["steward"]);
    scene.has(DEV, &["steward"]);
    let ana = scene.signed_in(ANA).await;
    let before = scene.everything();
    let refused = scene.acts.give_roles(&ana, ANA, keys(&["treasurer"]), "").await;
    assert!(matches!(refused, Err(ActError::LastSteward)), "{refused:?}");
    assert_eq!(
        refused.expect_err("refused").to_string(),
        "Then nobody would be left who may give and take roles and who can sign in. Give somebody else such a role first"
    );
    assert_eq!(scene.everything(), before);
}

#[tokio::test]
async fn the_last_steward_keeps_a_way_in() {
    let scene = Scene::new();
    scene.has(ANA, &["steward"]);
    let passkey = Passkey {
        name: "My phone".to_owned(),
        id: Opaque(vec![1]),
        credential: Opaque(vec![2]),
        works_at: "oak.local".to_owned(),
        added: START,
        used: None,
        newer: Newer::default(),
    };
    scene.put("passkeys", &(ANA, 1), &passkey);
    scene.put("passkeys", &(ANA, 2), &passkey);
    scene.take("passphrases", &ANA);
    let who = Who {
        person: ANA,
        session: Digest::new([7; 32]),
        custody: Custody::Own,
        way: WayIn::Passkey,
        begun: START,
    };
    let door = scene.acts.sign_in();
    door.remove_passkey(&who, 1).await.expect("she has another");
    let before = scene.everything();
    let refused = door.remove_passkey(&who, 2).await;
    assert!(matches!(refused, Err(SignInError::LastWayIn)), "{refused:?}");
    assert_eq!(scene.everything(), before);
    scene.has(BEN, &["steward"]);
    door.remove_passkey(&who, 2).await.expect("Ben looks after it");
}

#[tokio::test]
async fn of_two_stewards_one_can_go_and_then_not_the_other() {
    let scene = Scene::new();
    scene.has(ANA, &["steward"]);
    scene.has(BEN, &["steward"]);
    let Together::Waits(bens) = scene.asks(ANA, BEN, &[]).await else {
        panic!("it takes two");
    };
    let Together::Waits(anas) = scene.asks(BEN, ANA, &[]).await else {
        panic!("it takes two");
    };
    let (ana, ben) = (scene.signed_in(ANA).await, scene.signed_in(BEN).await);
    let (one, other) = tokio::join!(scene.acts.agree(&ben, bens), scene.acts.agree(&ana, anas));
    assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
    let left = scene.roles_of(ANA).len() + scene.roles_of(BEN).len();
    assert_eq!(left, 1, "one steward is left");
}

#[tokio::test]
async fn nobody_makes_their_own_rights_larger_alone() {
    let scene = Scene::new();
    scene.has(ANA, &["steward"]);
    let ana = scene.signed_in(ANA).await;
    let more = scene
        .acts
        .give_roles(&ana, ANA, keys(&["steward", "technician"]), "")
        .await;
    assert!(matches!(more, Err(ActError::OwnRights)), "{more:?}");
    // Not by way of a role that she has, either.
    let desk = scene
        .acts
        .change_role(&ana, None, "Desk", BTreeSet::from([Right::LookPeople]), "")
        .await;
    assert!(matches!(desk, Ok(Together::Done)));
    let with = scene
        .acts
        .give_roles(&ana, ANA, keys(&["steward", "own-1"]), "")
        .await;
    assert!(
        matches!(with, Ok(Together::Done)),
        "it allows nothing new: {with:?}"
    );
    let wider = BTreeSet::from([Right::LookPeople, Right::WatchBus]);
    let wider = scene
        .acts
        .change_role(&ana, Some("own-1"), "Desk", wider, "")
        .await;
    assert!(matches!(wider, Err(ActError::OwnRights)), "{wider:?}");
    // With somebody else it goes.
    assert_eq!(scene.asks(ANA, BEN, &["steward"]).await, Together::Done);
    let Together::Waits(number) = scene.asks(ANA, ANA, &["steward", "technician"]).await else {
        panic!("it takes two");
    };
    let ben = scene.signed_in(BEN).await;
    scene.acts.agree(&ben, number).await.expect("agreed");
    assert_eq!(scene.roles_of(ANA), keys(&["steward", "technician"]));
}

#[tokio::test]
async fn the_house_makes_roles_of_its_own() {
    let scene = Scene::new();
    scene.has(ANA, &["steward"]);
    let ana = scene.signed_in(ANA).await;
    let make = async |key: Option<&str>, name: &str, rights: &[Right]| {
        let rights = rights.iter().copied().collect();
        scene.acts.change_role(&ana, key, name, rights, "").await
    };
    for (name, rights) in [
        ("", &[Right::LookPeople][..]),
        ("Desk", &[]),
        ("Desk", &[Right::ClaimBox]),
        ("steward", &[Right::LookPeople]),
    ] {
        let refused = make(None, name, rights).await;
        assert!(
            matches!(refused, Err(ActError::BadInput(_))),
            "{name}: {refused:?}"
        );
    }
    assert!(matches!(
        make(Some("steward"), "Boss", &[Right::LookPeople]).await,
        Err(ActError::BadInput(_))
    ));
    assert!(matches!(
        make(Some("own-9"), "Desk", &[Right::LookPeople]).await,
        Err(ActError::NotThere(_))
    ));
    make(None, "Front desk", &[Right::LookPeople])
        .await
        .expect("made");
    assert_eq!(scene.asks(ANA, CLEO, &["own-1"]).await, Together::Done);
    make(
        Some("own-1"),
        "Front desk",
        &[Right::LookPeople, Right::GiveSlips],
    )
    .await
    .expect("changed");
    let cleo = scene.signed_in(CLEO).await;
    assert!(cleo.may(Right::GiveSlips) && !cleo.may(Right::ChangePeople));
    let kept = scene.acts.drop_role(&ana, "own-1", "").await;
    assert!(matches!(kept, Err(ActError::BadInput(_))), "somebody has it");
    assert_eq!(scene.asks(ANA, CLEO, &[]).await, Together::Done);
    scene.acts.drop_role(&ana, "own-1", "").await.expect("gone");
    let unknown = scene.acts.give_roles(&ana, CLEO, keys(&["own-1"]), "").await;
    assert!(matches!(unknown, Err(ActError::BadInput(_))), "{unknown:?}");
}
