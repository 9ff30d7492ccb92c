//! Who is signed in, where, and until when.

use acts::sign_in::{Offer, SignInError};
use members::credential::Token;
use members::credential::slip::SlipKind;
use units::{Instant, Span};

use crate::scene::{ANA, ANAS, BEN, BENS, Scene, knock, shared};

#[tokio::test]
async fn a_token_that_nobody_has_is_nobody() {
    let scene = Scene::new();
    assert_eq!(
        scene.door.who(&Token::new([1; 32])).await.expect("readable"),
        None
    );
}

#[tokio::test]
async fn an_own_device_stays_signed_in_and_the_card_is_written_once_an_hour() {
    let mut scene = Scene::new();
    let phone = scene.by_slip(&knock(1), ANA).await;
    let commits = |scene: &Scene| scene.store.facts().commits;
    let before = commits(&scene);
    for _ in 0..600 {
        scene.later(Span::MINUTE);
        assert!(scene.who(&phone).await.is_some());
    }
    assert!(commits(&scene) - before <= 10, "ten hours");
    scene.start_again();
    scene.later(Span::DAY.times(29));
    assert!(scene.who(&phone).await.is_some());
    scene.later(Span::DAY.times(30) + Span::SECOND);
    assert_eq!(scene.who(&phone).await, None);
    assert_eq!(
        scene.store.rows("sessions", (&[], None), 9).expect("readable"),
        []
    );
}

/// Whoever could make room on the card must get in.
#[tokio::test]
async fn somebody_comes_in_while_the_card_takes_nothing() {
    let mut scene = Scene::new();
    let phone = scene.with_passphrase(ANA, "Ana", ANAS).await;
    let slip = scene.give(BEN, BEN, SlipKind::First).await.expect("given");
    scene.start_on_a_card(false);
    let lines = scene.record().len();
    let entered = scene
        .door
        .by_passphrase(&knock(1), "Ana", ANAS)
        .await
        .expect("let in");
    let who = scene.who(&entered).await.expect("signed in");
    assert_eq!(who.person, ANA);
    assert!(scene.who(&phone).await.is_some(), "who was in stays in");
    assert_eq!(scene.door.sessions(&who).expect("readable").len(), 2);
    let wrong = scene.door.by_passphrase(&knock(1), "Ana", BENS).await;
    assert!(matches!(wrong, Err(SignInError::Wrong)));
    let used_up = scene.door.by_slip(&knock(2), &slip.words.fragment()).await;
    assert!(
        matches!(used_up, Err(SignInError::Store(_))),
        "it could be used again"
    );
    scene.later(Span::MINUTE.times(20));
    assert!(scene.who(&entered).await.is_some());
    scene.door.sign_out(&who).await.expect("in memory");
    assert!(scene.who(&entered).await.is_none());
    for number in 3..120 {
        let entered = scene.door.by_passphrase(&knock(number), "Ana", ANAS).await;
        scene.later(Span::HOUR);
        assert!(entered.is_ok(), "{number}");
    }
    assert_eq!(scene.record().len(), lines, "nothing was written");
    scene.start_on_a_card(true);
    assert!(scene.who(&entered).await.is_none(), "a start forgets it");
    scene
        .door
        .by_slip(&knock(2), &slip.words.fragment())
        .await
        .expect("it was not used up");
}

#[tokio::test]
async fn a_shared_device_is_left_soon() {
    let scene = Scene::new();
    let kiosk = scene.by_slip(&shared(1), ANA).await;
    for _ in 0..24 {
        scene.later(Span::MINUTE.times(19));
        assert!(scene.who(&kiosk).await.is_some());
    }
    scene.later(Span::MINUTE.times(21));
    assert_eq!(scene.who(&kiosk).await, None);
    let kiosk = scene.by_slip(&shared(1), ANA).await;
    for _ in 0..48 {
        scene.later(Span::MINUTE.times(10));
        assert!(scene.who(&kiosk).await.is_some());
    }
    scene.later(Span::MINUTE);
    assert_eq!(scene.who(&kiosk).await, None, "after eight hours in all");
}

#[tokio::test]
async fn sessions_are_seen_and_ended_by_their_person_alone() {
    let scene = Scene::new();
    let phone = scene.with_passphrase(ANA, "Ana", ANAS).await;
    scene.later(Span::MINUTE);
    let laptop = scene
        .door
        .by_passphrase(&shared(1), "Ana", ANAS)
        .await
        .expect("let in");
    let ben = scene.with_passphrase(BEN, "Ben", BENS).await;
    let (ana, ben_here) = (
        scene.who(&laptop).await.expect("in"),
        scene.who(&ben).await.expect("in"),
    );
    let seen = scene.door.sessions(&ana).expect("readable");
    assert_eq!(seen.len(), 2);
    assert!(seen[0].here && !seen[1].here);
    assert_eq!(seen[1].device, "Firefox on Android");
    let of_ana = phone.session.digest();
    let refused = scene.door.end_session(&ben_here, &of_ana).await;
    assert!(matches!(refused, Err(SignInError::Gone)));
    scene.door.end_session(&ana, &of_ana).await.expect("ended");
    assert_eq!(scene.who(&phone).await, None);
    assert!(matches!(
        scene.door.end_session(&ana, &of_ana).await,
        Err(SignInError::Gone)
    ));
    scene.door.sign_out(&ana).await.expect("out");
    assert_eq!(scene.who(&laptop).await, None);
    assert!(scene.who(&ben).await.is_some());
    let record = scene.record();
    assert!(
        record
            .iter()
            .any(|line| line == "person 1: end-session People([PersonId(1)])"),
        "{record:?}"
    );
    assert!(
        record
            .iter()
            .any(|line| line == "person 1: sign-out People([PersonId(1)])")
    );
}

#[tokio::test]
async fn out_everywhere_is_everywhere() {
    let scene = Scene::new();
    let phone = scene.with_passphrase(ANA, "Ana", ANAS).await;
    let laptop = scene
        .door
        .by_passphrase(&knock(1), "Ana", ANAS)
        .await
        .expect("let in");
    let ana = scene.who(&laptop).await.expect("in");
    scene
        .door
        .offer_name(&ana, &laptop.device, Offer::Show)
        .await
        .expect("shown");
    scene.door.sign_out_everywhere(&ana).await.expect("out");
    for gone in [&phone, &laptop] {
        assert_eq!(scene.who(gone).await, None);
        assert_eq!(scene.door.offered(&gone.device).expect("readable"), []);
    }
    assert_eq!(
        scene
            .store
            .rows("known-devices", (&[], None), 9)
            .expect("readable"),
        []
    );
}

#[tokio::test]
async fn a_device_shows_the_names_of_those_who_agreed() {
    let scene = Scene::new();
    let kiosk = scene.by_slip(&shared(1), ANA).await;
    let mut again = shared(1);
    again.device = Some(kiosk.device.clone());
    let ben = scene.by_slip(&again, BEN).await;
    assert_eq!(ben.device, kiosk.device, "one device, one cookie");
    assert_eq!(scene.door.offered(&kiosk.device).expect("readable"), []);
    let who = scene.who(&ben).await.expect("in");
    scene
        .door
        .offer_name(&who, &ben.device, Offer::Show)
        .await
        .expect("shown");
    assert_eq!(scene.door.offered(&kiosk.device).expect("readable"), [BEN]);
    scene
        .door
        .offer_name(&who, &ben.device, Offer::Hide)
        .await
        .expect("hidden");
    assert_eq!(scene.door.offered(&kiosk.device).expect("readable"), []);
    let elsewhere = scene
        .door
        .offer_name(&who, &Token::new([9; 32]), Offer::Show)
        .await;
    assert!(matches!(elsewhere, Err(SignInError::Gone)));
    assert_eq!(scene.door.offered(&Token::new([9; 32])).expect("readable"), []);
}

#[tokio::test]
async fn a_cookie_that_the_box_does_not_know_is_given_up() {
    let scene = Scene::new();
    let mut foreign = knock(1);
    foreign.device = Some(Token::new([9; 32]));
    let entered = scene.by_slip(&foreign, ANA).await;
    assert_ne!(Some(entered.device), foreign.device);
}

#[tokio::test]
async fn nobody_has_more_than_twenty_sessions() {
    let scene = Scene::new();
    let first = scene.by_slip(&knock(1), ANA).await;
    for _ in 0..20 {
        scene.later(Span::MINUTE);
        scene.by_slip(&knock(1), ANA).await;
    }
    assert_eq!(scene.who(&first).await, None);
    assert_eq!(
        scene
            .store
            .rows("sessions", (&[], None), 99)
            .expect("readable")
            .len(),
        20
    );
}

#[tokio::test]
async fn what_is_over_is_swept_away() {
    let scene = Scene::new();
    let phone = scene.by_slip(&knock(1), ANA).await;
    scene.by_slip(&shared(2), BEN).await;
    assert_eq!(scene.door.sweep().await.expect("swept"), 0);
    scene.later(Span::MINUTE.times(21));
    assert_eq!(scene.door.sweep().await.expect("swept"), 1, "the shared session");
    assert!(scene.who(&phone).await.is_some());
    scene.later(Span::DAY.times(400));
    assert_eq!(
        scene.door.sweep().await.expect("swept"),
        5,
        "a session, two slips, two devices"
    );
    for table in ["sessions", "slips", "known-devices"] {
        assert_eq!(
            scene.store.rows(table, (&[], None), 9).expect("readable"),
            [],
            "{table}"
        );
    }
}

#[tokio::test]
async fn a_clock_put_back_ends_what_is_shared_and_nothing_else() {
    let scene = Scene::new();
    let phone = scene.by_slip(&knock(1), ANA).await;
    let kiosk = scene.by_slip(&shared(2), BEN).await;
    scene.later(Instant::from_millis(0).since(crate::scene::START));
    assert!(scene.who(&phone).await.is_some());
    assert_eq!(scene.who(&kiosk).await, None);
}
