//! In by passkey.

use acts::sign_in::{Entered, Origin, PasskeyError, Proof, SignInError};
use members::credential::Digest;

use crate::authenticator::Device;
use crate::scene::{ANA, ANAS, BEN, Scene, knock, source};

const OAK: &str = "https://oak.local";

fn oak() -> Origin {
    Origin::new(OAK).expect("a name")
}

/// Adds a passkey of `device` to whoever came in.
async fn add(scene: &Scene, entered: &Entered, device: &mut Device) -> Result<(), SignInError> {
    let who = scene.who(entered).await.expect("signed in");
    let question = scene
        .door
        .ask_for_new_passkey(&who, source(1), oak(), Proof::CameJustNow)
        .await?;
    let answer = device.make(&question.json);
    scene
        .door
        .add_passkey(&who, &question.handle, &answer, " My phone ")
        .await
}

async fn sign_in(scene: &Scene, device: &Device) -> Result<Entered, SignInError> {
    let question = scene.door.ask_for_passkey(source(1), oak())?;
    let answer = device.answer(&question.json);
    scene.door.by_passkey(&knock(1), &question.handle, &answer).await
}

#[tokio::test]
async fn a_passkey_lets_its_owner_in_until_it_is_removed() {
    let scene = Scene::new();
    let mut phone = Device::new(7, OAK);
    let by_slip = scene.by_slip(&knock(1), ANA).await;
    add(&scene, &by_slip, &mut phone).await.expect("added");
    let entered = sign_in(&scene, &phone).await.expect("let in");
    assert_eq!(entered.person, ANA);
    let who = scene.who(&entered).await.expect("signed in");
    let own = scene.door.own_passkeys(&who).expect("readable");
    assert_eq!(
        (
            own[0].name.as_str(),
            own[0].works_at.as_str(),
            own[0].used.is_some()
        ),
        ("My phone", "oak.local", true)
    );
    // On the same day nothing changes, so nothing is written of the key.
    sign_in(&scene, &phone).await.expect("let in");
    scene
        .door
        .remove_passkey(&who, own[0].number)
        .await
        .expect("removed");
    let gone = sign_in(&scene, &phone).await;
    assert!(
        matches!(gone, Err(SignInError::Passkey(PasskeyError::NotKnown))),
        "{gone:?}"
    );
    assert!(matches!(
        scene.door.remove_passkey(&who, own[0].number).await,
        Err(SignInError::Gone)
    ));
    let record = scene.record();
    assert!(
        record
            .iter()
            .any(|line| line == "person 1: add-passkey People([PersonId(1)])"),
        "{record:?}"
    );
    assert!(
        record
            .iter()
            .any(|line| line == "person 1: sign-in People([PersonId(1)]) passkey, own device")
    );
}

#[tokio::test]
async fn a_device_that_says_it_is_somebody_elses_is_not() {
    let scene = Scene::new();
    let (mut of_ana, mut of_ben) = (Device::new(7, OAK), Device::new(8, OAK));
    let ana = scene.by_slip(&knock(1), ANA).await;
    add(&scene, &ana, &mut of_ana).await.expect("added");
    let ben = scene.by_slip(&knock(2), BEN).await;
    add(&scene, &ben, &mut of_ben).await.expect("added");
    of_ben.user.clone_from(&of_ana.user);
    assert!(sign_in(&scene, &of_ben).await.is_err());
    // A number that the box never gave.
    of_ben.user = vec![0, 0, 0, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1];
    assert!(sign_in(&scene, &of_ben).await.is_err());
    assert_eq!(sign_in(&scene, &of_ana).await.expect("let in").person, ANA);
}

#[tokio::test]
async fn whoever_came_by_passphrase_types_it_again_to_add_a_key() {
    let scene = Scene::new();
    scene.with_passphrase(ANA, "Ana", ANAS).await;
    let entered = scene
        .door
        .by_passphrase(&knock(1), "Ana", ANAS)
        .await
        .expect("let in");
    let who = scene.who(&entered).await.expect("signed in");
    let ask = async |proof: Proof<'_>| {
        scene
            .door
            .ask_for_new_passkey(&who, source(1), oak(), proof)
            .await
    };
    assert!(matches!(
        ask(Proof::CameJustNow).await,
        Err(SignInError::Unproved)
    ));
    assert!(matches!(
        ask(Proof::Passphrase("something else again")).await,
        Err(SignInError::Wrong)
    ));
    assert!(ask(Proof::Passphrase(ANAS)).await.is_ok());
}

#[tokio::test]
async fn ten_passkeys_are_enough() {
    let scene = Scene::new();
    let entered = scene.by_slip(&knock(1), ANA).await;
    for seed in 1..=10 {
        add(&scene, &entered, &mut Device::new(seed, OAK))
            .await
            .expect("added");
    }
    let eleventh = add(&scene, &entered, &mut Device::new(11, OAK)).await;
    assert!(
        matches!(eleventh, Err(SignInError::Passkey(PasskeyError::TooManyKeys))),
        "{eleventh:?}"
    );
    let who = scene.who(&entered).await.expect("signed in");
    assert_eq!(scene.door.own_passkeys(&who).expect("readable").len(), 10);
}

#[tokio::test]
async fn answers_without_a_question_are_too_late() {
    let scene = Scene::new();
    let handle = Digest::of(&[b"none"]);
    let refused = scene.door.by_passkey(&knock(1), &handle, "{}").await;
    assert!(matches!(
        refused,
        Err(SignInError::Passkey(PasskeyError::TooLate))
    ));
}
