//! In by name and passphrase.

use acts::sign_in::{Chosen, Knock, Proof, SignInError};
use members::credential::Passphrase;
use members::credential::limits::TooMany;
use members::credential::rules::{Strength, Weak};
use members::record::{Key, Record};
use units::{PersonId, Span};

use crate::scene::{ANA, ANAS, BEN, BENS, PLACE, Scene, knock, source};

fn kept(scene: &Scene, person: PersonId) -> Passphrase {
    let bytes = scene
        .store
        .row("passphrases", &person.to_key())
        .expect("readable");
    Passphrase::decode(&bytes.expect("there")).expect("sound")
}

#[tokio::test]
async fn whoever_chose_a_passphrase_gets_in_with_it() {
    let scene = Scene::new();
    scene.with_passphrase(ANA, "Ana Öberg", ANAS).await;
    let entered = scene
        .door
        .by_passphrase(&knock(1), " ana OBERG", "grandma\u{2019}s  blue teapot ")
        .await;
    let entered = entered.expect("let in");
    assert_eq!(entered.person, ANA);
    assert_eq!(scene.who(&entered).await.map(|who| who.person), Some(ANA));
    assert!(
        scene
            .record()
            .last()
            .expect("a line")
            .starts_with("person 1: sign-in People([PersonId(1)])")
    );
}

#[tokio::test]
async fn what_is_wrong_is_not_said() {
    let scene = Scene::new();
    scene.with_passphrase(ANA, "Ana", ANAS).await;
    let before = scene.record().len();
    let long = "x".repeat(5_000);
    let mut said = Vec::new();
    for (at, (name, passphrase)) in (0_u8..).zip([
        ("Ana", "grandma's red teapot"),
        ("Ben", ANAS),
        ("Nobody at all", ANAS),
        ("", ANAS),
        ("Ana", ""),
        ("Ana", long.as_str()),
        ("\u{202e}", "\u{0}"),
    ]) {
        let refused = scene
            .door
            .by_passphrase(&knock(at), name, passphrase)
            .await
            .expect_err("wrong");
        said.push(refused.to_string());
    }
    said.dedup();
    assert_eq!(
        said,
        [
            "This name and this passphrase do not go together. Look at both and try again, or ask a steward for a slip"
        ]
    );
    assert_eq!(
        scene.record().len(),
        before,
        "what strangers try is not written to the card"
    );
}

#[tokio::test]
async fn of_two_people_of_one_name_the_passphrase_decides() {
    let scene = Scene::new();
    scene.with_passphrase(ANA, "Sam", ANAS).await;
    scene.with_passphrase(BEN, "sám", BENS).await;
    for (passphrase, person) in [(ANAS, ANA), (BENS, BEN)] {
        let entered = scene
            .door
            .by_passphrase(&knock(1), "Sam", passphrase)
            .await
            .expect("let in");
        assert_eq!(entered.person, person);
    }
}

#[tokio::test]
async fn two_people_of_one_name_cannot_have_one_passphrase_and_neither_learns_why() {
    let scene = Scene::new();
    scene.with_passphrase(ANA, "Sam", ANAS).await;
    let entered = scene.by_slip(&knock(1), BEN).await;
    let who = scene.who(&entered).await.expect("signed in");
    let choose = async |passphrase: &str| {
        let chosen = Chosen {
            name: "Sam",
            passphrase,
            place: PLACE,
        };
        scene
            .door
            .choose_passphrase(&who, source(1), chosen, Proof::CameJustNow)
            .await
    };
    let same = choose(ANAS).await.expect_err("not this one");
    let common = choose("password password").await.expect_err("not this one");
    assert_eq!(same.to_string(), common.to_string());
    assert!(matches!(choose(BENS).await, Ok(Strength::Good)));
    // Trying them one after the other is guessing, and counted as such.
    for number in 0..9 {
        let _ = choose(&format!("another long one {number}{number}x")).await;
    }
    for number in 0..10 {
        let wrong = choose(ANAS).await.expect_err("not this one");
        if number == 9 {
            assert!(matches!(wrong, SignInError::TooMany(_)), "{wrong}");
        }
    }
}

#[tokio::test]
async fn strangers_are_slowed_down_and_the_known_are_not() {
    let scene = Scene::new();
    let home = scene.with_passphrase(ANA, "Ana", ANAS).await;
    for number in 0..10 {
        let wrong = scene
            .door
            .by_passphrase(&knock(number), "Ana", "not this one at all")
            .await;
        assert!(matches!(wrong, Err(SignInError::Wrong)));
    }
    // The name is spent; whoever tried already waits, without any hash being made.
    let refused = scene.door.by_passphrase(&knock(3), "Ana", ANAS).await;
    assert!(
        matches!(refused, Err(SignInError::TooMany(TooMany::AtThisName(_)))),
        "{refused:?}"
    );
    // The same of a name that nobody has.
    for number in 20..30 {
        let _ = scene
            .door
            .by_passphrase(&knock(number), "Nobody", "not this one at all")
            .await;
    }
    let nobody = scene.door.by_passphrase(&knock(23), "Nobody", ANAS).await;
    assert_eq!(
        nobody.expect_err("spent").to_string(),
        refused.expect_err("spent").to_string()
    );
    // A device where Ana was before, and one that is clean, get in.
    let known = Knock {
        device: Some(home.device.clone()),
        ..knock(3)
    };
    assert!(scene.door.by_passphrase(&known, "Ana", ANAS).await.is_ok());
    assert!(scene.door.by_passphrase(&knock(40), "Ana", ANAS).await.is_ok());
    // The device is known for Ana, not for others.
    for number in 50..60 {
        let _ = scene
            .door
            .by_passphrase(&knock(number), "Ben", "not this one at all")
            .await;
    }
    let for_ben = scene.door.by_passphrase(&known, "Ben", BENS).await;
    assert!(matches!(for_ben, Err(SignInError::TooMany(_))), "{for_ben:?}");
}

#[tokio::test(start_paused = true)]
async fn whoever_waits_gets_in_again() {
    let scene = Scene::new();
    scene.with_passphrase(ANA, "Ana", ANAS).await;
    for _ in 0..10 {
        let _ = scene
            .door
            .by_passphrase(&knock(1), "Ana", "not this one at all")
            .await;
    }
    let refused = scene.door.by_passphrase(&knock(1), "Ana", ANAS).await;
    let Err(SignInError::TooMany(TooMany::FromHere(wait))) = refused else {
        panic!("{refused:?}");
    };
    tokio::time::advance(wait.into()).await;
    assert!(scene.door.by_passphrase(&knock(1), "Ana", ANAS).await.is_ok());
}

#[tokio::test]
async fn another_passphrase_needs_the_old_one_and_ends_all_other_sessions() {
    let scene = Scene::new();
    let phone = scene.with_passphrase(ANA, "Ana", ANAS).await;
    let laptop = scene
        .door
        .by_passphrase(&knock(1), "Ana", ANAS)
        .await
        .expect("let in");
    let who = scene.who(&laptop).await.expect("signed in");
    let choose = async |passphrase: &str, proof: Proof<'_>| {
        let chosen = Chosen {
            name: "Ana",
            passphrase,
            place: PLACE,
        };
        scene.door.choose_passphrase(&who, source(1), chosen, proof).await
    };
    let just_now = choose(BENS, Proof::CameJustNow).await;
    assert!(
        matches!(just_now, Err(SignInError::Unproved)),
        "came in by passphrase: {just_now:?}"
    );
    let wrong = choose(BENS, Proof::Passphrase(BENS)).await;
    assert!(matches!(wrong, Err(SignInError::Wrong)));
    let weak = choose("the hall the hall", Proof::Passphrase(ANAS)).await;
    assert!(matches!(weak, Err(SignInError::Weak(Weak::Guessable))));
    assert!(scene.who(&phone).await.is_some());
    assert!(choose(BENS, Proof::Passphrase(ANAS)).await.is_ok());
    assert_eq!(scene.who(&phone).await, None);
    assert!(scene.who(&laptop).await.is_some());
    assert!(scene.door.by_passphrase(&knock(2), "Ana", ANAS).await.is_err());
    assert!(scene.door.by_passphrase(&knock(2), "Ana", BENS).await.is_ok());
}

#[tokio::test]
async fn a_slip_of_yesterday_is_no_proof_any_more() {
    let scene = Scene::new();
    let entered = scene.by_slip(&knock(1), ANA).await;
    scene.later(Span::HOUR + Span::SECOND);
    let who = scene.who(&entered).await.expect("signed in");
    assert!(!scene.door.came_just_now(&who));
    let chosen = Chosen {
        name: "Ana",
        passphrase: ANAS,
        place: PLACE,
    };
    let refused = scene
        .door
        .choose_passphrase(&who, source(1), chosen, Proof::CameJustNow)
        .await;
    assert!(matches!(refused, Err(SignInError::Unproved)));
}

#[tokio::test]
async fn a_passphrase_is_hashed_anew_when_more_work_became_usual() {
    let mut scene = Scene::new();
    scene.with_passphrase(ANA, "Ana", ANAS).await;
    scene.with_passphrase(BEN, "Ben", BENS).await;
    assert!(kept(&scene, ANA).hash.0.contains("m=8,t=1,p=1"));
    scene.store.put_meta("sign-in/cost", b"16,2").expect("written");
    scene.start_again();
    assert!(scene.door.by_passphrase(&knock(1), "Ana", ANAS).await.is_ok());
    assert!(
        kept(&scene, ANA).hash.0.contains("m=16,t=2,p=1"),
        "{}",
        kept(&scene, ANA).hash.0
    );
    assert!(kept(&scene, BEN).hash.0.contains("m=8,t=1,p=1"));
    assert!(scene.door.by_passphrase(&knock(1), "Ana", ANAS).await.is_ok());
    assert!(scene.door.by_passphrase(&knock(1), "Ben", BENS).await.is_ok());
}

#[tokio::test]
async fn how_much_work_a_hash_is_is_chosen_once() {
    let scene = Scene::new();
    scene.store.put_meta("sign-in/cost", b"").expect("written");
    scene.by_slip(&knock(1), ANA).await;
    let chosen = scene
        .store
        .get_meta("sign-in/cost")
        .expect("readable")
        .expect("chosen");
    let text = String::from_utf8(chosen).expect("text");
    let (memory, passes) = text.split_once(',').expect("two numbers");
    assert_eq!(memory, "19456");
    assert!(
        (2..=64).contains(&passes.parse::<u32>().expect("a number")),
        "{text}"
    );
}

#[tokio::test]
async fn neither_the_card_nor_the_record_holds_a_secret_or_a_name() {
    let scene = Scene::new();
    let phone = scene.with_passphrase(ANA, "Ana the Great", ANAS).await;
    let laptop = scene
        .door
        .by_passphrase(&knock(1), "Ana the Great", ANAS)
        .await
        .expect("let in");
    let record = scene.record().join("\n");
    assert!(!record.contains("Ana") && !record.contains("teapot"), "{record}");
    scene.store.verify_audit().expect("whole");
    let bytes = scene.bytes_on_the_card();
    let holds = |secret: &[u8]| bytes.windows(secret.len()).any(|window| window == secret);
    assert!(holds(b"Ana the Great"), "what is kept is found");
    assert!(!holds(ANAS.as_bytes()));
    for token in [&phone.session, &phone.device, &laptop.session, &laptop.device] {
        let cookie = token.cookie();
        let raw: Vec<u8> = cookie
            .as_bytes()
            .chunks(2)
            .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).expect("text"), 16).expect("hex"))
            .collect();
        assert!(!holds(cookie.as_bytes()) && !holds(&raw));
        assert!(holds(token.digest().bytes()), "its hash is kept");
    }
}
