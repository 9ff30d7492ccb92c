//! The canary: an erased person's words are in no byte of the data folder; what the law keeps has no name in it, and
//! numbers are never given again.

use acts::{ActError, Actor, Right};
use members::household::Household;
use members::person::Person;
use members::record::{Kept, Key, Newer, Record};
use members::request::{Answer, Matter, RequestKind};
use members::role::Duty;
use store::{Change, RowChange};
use units::{HouseholdId, Instant, PersonId, Span};

use crate::scene::{ANA, BEN, Scene, knock};

/// Letters that stand nowhere else.
const CANARY: &str = "Kanarienvogel";

fn steward() -> Actor {
    Actor::Member {
        person: BEN,
        rights: [Right::HandleData, Right::LookPeople].into(),
    }
}

fn ana() -> Actor {
    Actor::Member {
        person: ANA,
        rights: [].into(),
    }
}

fn has_canary(scene: &Scene) -> bool {
    let bytes = scene.bytes_on_the_card();
    bytes.windows(CANARY.len()).any(|part| part == CANARY.as_bytes())
}

/// Ana writes the canary wherever she can.
async fn sings(scene: &Scene) {
    let acts = &scene.acts;
    scene.lives_alone(ANA);
    let mine = acts.mine(&ana()).await.expect("in the book");
    let mut typed = mine.person.typed(&mine.questions);
    for field in [
        "name",
        "called",
        "sort",
        "pronouns",
        "languages",
        "access",
        "address",
        "other",
    ] {
        typed.insert(field.to_owned(), format!("{CANARY} {field}"));
    }
    typed.insert("email".to_owned(), format!("{CANARY}@example.org"));
    acts.change_mine(&ana(), &mine.person, &typed)
        .await
        .expect("changed");
    let mine = acts.mine(&ana()).await.expect("in the book");
    let (_, home, _) = mine.household.expect("a household");
    let mut typed = home.typed();
    typed.insert("name".to_owned(), CANARY.to_owned());
    typed.insert("address".to_owned(), format!("1 {CANARY} Street"));
    acts.change_my_household(&ana(), &home, &typed)
        .await
        .expect("changed");
    scene
        .with_passphrase(ANA, CANARY, "the owl hums at noon again")
        .await;
    let words = format!("I am {CANARY}");
    acts.ask_about_data(&ana(), RequestKind::Complaint, &words)
        .await
        .expect("asked");
    acts.ask_about_data(&ana(), RequestKind::Erasure, &words)
        .await
        .expect("asked");
    acts.say(&ana(), Matter::News, Answer::Yes).await.expect("said");
    acts.copy_of(&steward(), ANA, &format!("{CANARY} asked"))
        .await
        .expect("copied");
    scene.is_member(ANA);
    acts.leave(&ana(), &format!("{CANARY} moves away"))
        .await
        .expect("left");
}

#[tokio::test]
async fn no_byte_is_left_of_somebody_erased() {
    let mut scene = Scene::new();
    sings(&scene).await;
    scene.by_slip(&knock(1), ANA).await;
    assert!(has_canary(&scene));
    let shown = scene.acts.erasure_of(&steward(), ANA).await.expect("shown");
    assert_eq!(shown.hindered, None);
    let kept: Vec<&str> = shown.kept.iter().map(|row| row.title.as_str()).collect();
    assert_eq!(kept, ["Memberships", "Requests"]);
    let gone: Vec<&str> = shown.gone.iter().map(|row| row.0.as_str()).collect();
    for table in [
        "People",
        "Households",
        "Passphrases",
        "Where somebody is signed in",
        "Slips to sign in with",
        "Consents",
        "Devices where somebody signed in",
    ] {
        assert!(gone.contains(&table), "{table} in {gone:?}");
    }
    let why = format!("{CANARY} asked in person");
    scene.acts.erase(&steward(), ANA, &why).await.expect("erased");
    assert!(!has_canary(&scene), "not a byte is left");
    scene.store.verify_audit().expect("the record is whole");
    scene.start_again();
    assert!(scene.acts.mine(&ana()).await.is_err(), "they are nowhere");
    let lines = scene
        .acts
        .done_with_mine(&ana(), true, None, 100)
        .await
        .expect("read");
    assert!(lines.lines.iter().all(|line| !line.by.contains("Ana")));
    // What is still there is Ben, whole.
    assert_eq!(scene.door.name_of(BEN).expect("in the book"), "Ben Okafor");
    // The number is never given again.
    let numbers = scene
        .store
        .row("numbers", &"people".to_owned().to_key())
        .expect("readable");
    assert!(numbers.is_some_and(|row| members::book::Numbers::decode(&row).is_ok_and(|row| row.given == 2)));
}

#[tokio::test]
async fn an_erasure_that_was_cut_short_is_ended_later() {
    let scene = Scene::new();
    sings(&scene).await;
    scene.store.put_meta("data/rewrite-due", b"1").expect("written");
    let key = ANA.to_key();
    let before = scene.store.row(Person::TABLE, &key).expect("readable");
    let row = RowChange {
        table: Person::TABLE,
        key,
        before,
        after: None,
    };
    let rows = vec![row];
    let lines = Vec::new();
    scene.store.change(Change { rows, lines }).expect("removed");
    scene.acts.end_erasures().await.expect("ended");
    assert_eq!(
        scene
            .store
            .get_meta("data/rewrite-due")
            .expect("readable")
            .as_deref(),
        Some(b"0".as_slice())
    );
    let bytes = scene.bytes_on_the_card();
    let name = format!("{CANARY}@example.org");
    assert!(!bytes.windows(name.len()).any(|part| part == name.as_bytes()));
}

#[tokio::test]
async fn members_stewards_and_oneself_are_not_erased() {
    let scene = Scene::new();
    scene.is_member(ANA);
    let refused = |answer: Result<acts::data::Erasure, ActError>, word: &str| match answer {
        Err(ActError::BadInput(why)) => assert!(why.contains(word), "{why}"),
        other => panic!("{other:?}"),
    };
    refused(scene.acts.erase(&steward(), ANA, "because").await, "member still");
    refused(scene.acts.erase(&steward(), BEN, "because").await, "yourself");
    refused(scene.acts.erase(&steward(), ANA, " ").await, "Say why");
    scene.acts.leave(&ana(), "").await.expect("left");
    let duty = Duty {
        roles: ["treasurer".to_owned()].into(),
        newer: Newer::default(),
    };
    scene.put(&ANA, &duty);
    refused(scene.acts.erase(&steward(), ANA, "because").await, "roles");
    assert!(scene.acts.mine(&ana()).await.is_ok(), "nothing was changed");
}

#[tokio::test]
async fn time_lets_go_what_nobody_needs_and_says_so_before() {
    let scene = Scene::new();
    sings(&scene).await;
    let next = scene.acts.keeping(&steward()).await.expect("seen");
    assert!(
        next.next.iter().any(|(_, title, _)| title == "People"),
        "{next:?}"
    );
    scene.acts.let_go(&Actor::TheBox).await.expect("gone");
    let after = scene.acts.mine(&ana()).await.expect("still there");
    assert_eq!(after.person.access, None, "what helped to take part goes at once");
    scene.later(Span::DAY.times(366));
    let gone = scene.acts.let_go(&Actor::TheBox).await.expect("gone");
    assert_eq!(gone.people, [ANA]);
    assert!(!has_canary(&scene) || has_only_the_request(&scene));
    assert!(scene.acts.mine(&ana()).await.is_err());
    let again = scene.acts.let_go(&Actor::TheBox).await.expect("gone");
    assert_eq!(again.over, Vec::new(), "what went once need not go again");
    let report = scene.acts.keeping(&steward()).await.expect("seen");
    assert!(
        report
            .last
            .is_some_and(|(_, what)| what.contains("People: 1 gone"))
    );
}

/// What somebody asked is kept for two years in their own words, so that it can be answered for.
fn has_only_the_request(scene: &Scene) -> bool {
    let requests = scene.store.rows("requests", (&[], None), 10).expect("readable");
    !requests.is_empty()
}

#[tokio::test]
async fn others_of_the_household_keep_it() {
    let scene = Scene::new();
    let home = HouseholdId::new(1);
    scene.put(&home, &Household::new());
    for (id, name) in [(ANA, "Ana"), (PersonId::new(3), "Cleo")] {
        let mut person = Person::named(name, Instant::from_millis(0)).expect("a name");
        person.household = Some(home);
        scene.put(&id, &person);
    }
    scene
        .acts
        .erase(&steward(), ANA, "she asked")
        .await
        .expect("erased");
    assert!(
        scene
            .store
            .row("households", &home.to_key())
            .expect("readable")
            .is_some()
    );
}
