//! In with a slip.

use acts::sign_in::SignInError;
use members::credential::limits::TooMany;
use members::credential::slip::{SlipKind, SlipOver};
use units::{PersonId, Span};

use crate::scene::{ANA, BEN, Scene, knock};

#[tokio::test]
async fn a_slip_lets_its_person_in_once() {
    let scene = Scene::new();
    let slip = scene.give(BEN, ANA, SlipKind::First).await.expect("given");
    let typed = slip
        .words
        .words()
        .map(|word| word[..word.len().min(4)].to_uppercase())
        .join("  ");
    let entered = scene.door.by_slip(&knock(1), &typed).await.expect("let in");
    assert_eq!(entered.person, ANA);
    let again = scene.door.by_slip(&knock(1), &typed).await;
    assert!(
        matches!(again, Err(SignInError::SlipOver(SlipOver::Used))),
        "{again:?}"
    );
    assert_eq!(
        scene.record(),
        [
            "person 2: give-slip People([PersonId(1)]) first sign-in",
            "person 1: use-slip People([PersonId(1)]) slip, own device",
        ]
    );
}

#[tokio::test]
async fn of_two_at_once_one_gets_in() {
    let scene = Scene::new();
    let slip = scene.give(BEN, ANA, SlipKind::First).await.expect("given");
    let typed = slip.words.fragment();
    let (here, there) = (knock(1), knock(2));
    let (one, other) = tokio::join!(
        scene.door.by_slip(&here, &typed),
        scene.door.by_slip(&there, &typed)
    );
    assert_eq!([one, other].iter().filter(|entered| entered.is_ok()).count(), 1);
}

#[tokio::test]
async fn a_slip_runs_out_and_a_new_one_takes_its_place() {
    let scene = Scene::new();
    let old = scene.give(BEN, ANA, SlipKind::First).await.expect("given");
    let new = scene.give(BEN, ANA, SlipKind::Recovery).await.expect("given");
    let refused = scene.door.by_slip(&knock(1), &old.words.fragment()).await;
    assert!(matches!(refused, Err(SignInError::NoSuchSlip)));
    scene.later(Span::DAY.times(7) + Span::SECOND);
    let late = scene.door.by_slip(&knock(1), &new.words.fragment()).await;
    assert!(matches!(late, Err(SignInError::SlipOver(SlipOver::RanOut))));
    let nobody = scene.give(BEN, PersonId::new(99), SlipKind::First).await;
    assert!(matches!(nobody, Err(SignInError::Gone)));
}

#[tokio::test]
async fn guesses_are_few_and_misread_words_are_none() {
    let scene = Scene::new();
    let slip = scene.give(BEN, ANA, SlipKind::First).await.expect("given");
    for _ in 0..20 {
        let misread = scene.door.by_slip(&knock(1), "acid acid acdi acid").await;
        assert!(matches!(misread, Err(SignInError::Misread(_))));
    }
    for _ in 0..5 {
        let wrong = scene.door.by_slip(&knock(1), "acid acid acid acid").await;
        assert!(matches!(wrong, Err(SignInError::NoSuchSlip)));
    }
    let refused = scene.door.by_slip(&knock(1), &slip.words.fragment()).await;
    assert!(
        matches!(refused, Err(SignInError::TooMany(TooMany::FromHere(_)))),
        "{refused:?}"
    );
    assert!(
        scene
            .door
            .by_slip(&knock(2), &slip.words.fragment())
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn the_words_are_nowhere_on_the_card() {
    let scene = Scene::new();
    let slip = scene.give(BEN, ANA, SlipKind::First).await.expect("given");
    scene
        .door
        .by_slip(&knock(1), &slip.words.fragment())
        .await
        .expect("let in");
    let bytes = scene.bytes_on_the_card();
    let holds = |secret: &str| {
        bytes
            .windows(secret.len())
            .any(|window| window == secret.as_bytes())
    };
    assert!(!holds(&slip.words.fragment()) && !holds(&slip.words.words().join(" ")));
    let record = scene.record().join(" ");
    assert!(slip.words.words().iter().all(|word| !record.contains(word)));
}
