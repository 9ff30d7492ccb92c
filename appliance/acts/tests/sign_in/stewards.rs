//! Who lets others in: slips, the claim of the box, and that every act of the way in leaves its line.

use std::collections::BTreeSet;

use acts::sign_in::{Chosen, Knock, Offer, Origin, Proof, SignInError};
use acts::{ACTS, Actor, Part, Right};
use members::credential::limits::TooMany;
use members::credential::slip::SlipKind;
use units::{PersonId, Span};

use crate::authenticator::Device;
use crate::scene::{ANA, ANAS, BEN, PLACE, Scene, knock, source, steward};

const TECHNICIAN: Actor = Actor::Technician { uid: 1000 };

#[tokio::test]
async fn only_who_may_gives_slips() {
    let scene = Scene::new();
    let ben_without = Actor::Member {
        person: BEN,
        rights: BTreeSet::new(),
    };
    for actor in [Actor::Visitor, TECHNICIAN, Actor::TheBox, ben_without] {
        let refused = scene.acts.give_slip(&actor, ANA, SlipKind::First).await;
        assert!(
            matches!(refused, Err(SignInError::NotAllowed(Right::GiveSlips))),
            "{actor}"
        );
    }
    assert_eq!(scene.record(), Vec::<String>::new(), "a refusal changes nothing");
    assert!(
        scene
            .acts
            .give_slip(&steward(BEN), ANA, SlipKind::First)
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn the_box_is_claimed_once_by_whoever_has_the_code() {
    let scene = Scene::new();
    assert!(!scene.acts.is_claimed().expect("readable"));
    for actor in [Actor::Visitor, steward(BEN)] {
        let refused = scene.acts.show_code(&actor).await;
        assert!(
            matches!(refused, Err(SignInError::NotAllowed(Right::ClaimBox))),
            "{actor}"
        );
    }
    let old = scene.acts.show_code(&TECHNICIAN).await.expect("shown");
    let code = scene.acts.show_code(&TECHNICIAN).await.expect("shown");
    let claim = async |words: &str, name: &str| scene.acts.claim(&knock(1), words, name, None).await;
    let wrong = claim(&old.words.fragment(), "Cleo").await;
    assert!(matches!(wrong, Err(SignInError::NoSuchCode)), "{wrong:?}");
    let nobody = claim(&code.words.fragment(), "  ").await;
    assert!(matches!(nobody, Err(SignInError::Unfit(_))));
    let as_a_slip = scene.door.by_slip(&knock(1), &code.words.fragment()).await;
    assert!(matches!(as_a_slip, Err(SignInError::NoSuchSlip)));
    let entered = claim(&code.words.fragment(), "Cleo Marsh")
        .await
        .expect("claimed");
    assert_eq!(entered.person, PersonId::new(3));
    assert_eq!(
        scene.door.name_of(entered.person).expect("in the book"),
        "Cleo Marsh"
    );
    let again = claim(&code.words.fragment(), "Cleo").await;
    assert!(matches!(again, Err(SignInError::NoSuchCode)));
    // From the moment on that somebody can sign in, there is no code any more.
    let who = scene.who(&entered).await.expect("signed in");
    let chosen = Chosen {
        name: "Cleo",
        passphrase: ANAS,
        place: PLACE,
    };
    let proof = Proof::CameJustNow;
    scene
        .door
        .choose_passphrase(&who, source(1), chosen, proof)
        .await
        .expect("chosen");
    assert!(matches!(
        scene.acts.show_code(&TECHNICIAN).await,
        Err(SignInError::Claimed)
    ));
    assert!(matches!(
        claim("acid acid acid acid", "Cleo").await,
        Err(SignInError::Claimed)
    ));
}

#[tokio::test]
async fn a_slip_is_no_code() {
    let scene = Scene::new();
    let slip = scene.give(BEN, ANA, SlipKind::First).await.expect("given");
    let refused = scene
        .acts
        .claim(&knock(1), &slip.words.fragment(), "Eve", None)
        .await;
    assert!(matches!(refused, Err(SignInError::NoSuchCode)));
    assert!(
        scene
            .door
            .by_slip(&knock(1), &slip.words.fragment())
            .await
            .is_ok(),
        "it is still good"
    );
}

#[tokio::test]
async fn a_code_runs_out_after_an_hour_and_guesses_at_it_are_few() {
    let scene = Scene::new();
    let code = scene.acts.show_code(&TECHNICIAN).await.expect("shown");
    for _ in 0..5 {
        let wrong = scene
            .acts
            .claim(&knock(1), "acid acid acid acid", "Eve", None)
            .await;
        assert!(matches!(wrong, Err(SignInError::NoSuchCode)));
    }
    let refused = scene
        .acts
        .claim(&knock(1), &code.words.fragment(), "Eve", None)
        .await;
    assert!(matches!(refused, Err(SignInError::TooMany(TooMany::FromHere(_)))));
    scene.later(Span::HOUR + Span::SECOND);
    let late = scene
        .acts
        .claim(&knock(2), &code.words.fragment(), "Eve", None)
        .await;
    assert!(matches!(late, Err(SignInError::NoSuchCode)));
}

/// Does everything that the way in offers, and looks for its line.
#[tokio::test]
async fn every_act_of_the_way_in_leaves_its_line() {
    let scene = Scene::new();
    let code = scene.acts.show_code(&TECHNICIAN).await.expect("shown");
    scene
        .acts
        .claim(&knock(9), &code.words.fragment(), "Cleo", None)
        .await
        .expect("claimed");
    // It is recorded before it is done, and this scene is on no network.
    let alone = scene.acts.name_box(&Actor::TheBox, "oak").await;
    assert!(alone.is_err_and(|why| why.to_string().contains("not on a network")));
    let phone = scene.with_passphrase(ANA, "Ana", ANAS).await;
    let on_phone = Knock {
        device: Some(phone.device.clone()),
        ..knock(1)
    };
    let laptop = scene
        .door
        .by_passphrase(&knock(2), "Ana", ANAS)
        .await
        .expect("in");
    let who = scene.who(&phone).await.expect("in");
    scene
        .door
        .end_session(&who, &laptop.session.digest())
        .await
        .expect("ended");
    scene
        .door
        .offer_name(&who, &phone.device, Offer::Show)
        .await
        .expect("shown");
    let oak = Origin::new("https://oak.local").expect("a name");
    let asked = scene
        .door
        .ask_for_new_passkey(&who, source(1), oak, Proof::CameJustNow)
        .await
        .expect("asked");
    let made = Device::new(7, "https://oak.local").make(&asked.json);
    scene
        .door
        .add_passkey(&who, &asked.handle, &made, "My phone")
        .await
        .expect("added");
    scene.door.remove_passkey(&who, 1).await.expect("removed");
    scene.door.sign_out(&who).await.expect("out");
    let again = scene
        .door
        .by_passphrase(&on_phone, "Ana", ANAS)
        .await
        .expect("in");
    let who = scene.who(&again).await.expect("in");
    scene.door.sign_out_everywhere(&who).await.expect("out");
    scene
        .acts
        .name_for_slip(&steward(BEN), ANA)
        .await
        .expect("looked up");
    let lines = scene.store.audit_entries(None, 1_000).expect("readable");
    let done: BTreeSet<&str> = lines.iter().map(|line| line.entry.act.as_str()).collect();
    let of_the_way_in = ACTS.iter().filter(|row| row.part == Part::SignIn);
    let missing: Vec<&str> = of_the_way_in
        .map(|row| row.name)
        .filter(|name| !done.contains(name))
        .collect();
    assert_eq!(missing, Vec::<&str>::new());
    for row in ACTS {
        assert!(!row.sentence.is_empty() && !row.right.words().is_empty());
    }
}
