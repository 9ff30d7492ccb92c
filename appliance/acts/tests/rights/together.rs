//! Acts that take two people.

use acts::backup::NewPhrase;
use acts::import::Export;
use acts::people::Saved;
use acts::{ACTS, ActError, Actor, Right, Takes, Together};
use members::edit::Typed;
use store::{Whose, Why};
use units::Span;

use crate::scene::{ANA, BEN, CLEO, DEV, Scene, keys};

fn waits(together: Together) -> u32 {
    match together {
        Together::Waits(number) => number,
        Together::Done => panic!("it was done at once"),
    }
}

/// Ana and Ben are stewards; Cleo has no role.
fn two_stewards() -> Scene {
    let scene = Scene::new();
    scene.has(ANA, &["steward"]);
    scene.has(BEN, &["steward"]);
    scene
}

#[test]
fn the_table_says_which_acts_take_two() {
    let two: Vec<&str> = ACTS
        .iter()
        .filter(|row| row.takes == Takes::Two)
        .map(|row| row.name)
        .collect();
    let expected = [
        "new-recovery-phrase",
        "define-class",
        "open-register",
        "give-roles",
        "change-role",
        "export-all",
    ];
    assert_eq!(two, expected);
}

#[tokio::test]
async fn one_asks_and_another_agrees() {
    let scene = two_stewards();
    let number = waits(scene.asks(ANA, CLEO, &["treasurer"]).await);
    assert_eq!(scene.roles_of(CLEO), keys(&[]), "nothing has changed yet");
    let ana = scene.signed_in(ANA).await;
    assert!(matches!(
        scene.acts.agree(&ana, number).await,
        Err(ActError::OwnWish)
    ));
    let cleo = scene.signed_in(CLEO).await;
    assert!(matches!(
        scene.acts.agree(&cleo, number).await,
        Err(ActError::NotAllowed(Right::ChangeRoles))
    ));
    let ben = scene.signed_in(BEN).await;
    scene.acts.agree(&ben, number).await.expect("agreed");
    assert_eq!(scene.roles_of(CLEO), keys(&["treasurer"]));
    assert!(
        matches!(scene.acts.agree(&ben, number).await, Err(ActError::NotThere(_))),
        "a form that is sent again does nothing"
    );
    assert_eq!(
        scene.record(),
        [
            "person 1: ask-for-two | act 1: person 3 | give-roles +treasurer",
            "person 2: agree | act 1: person 3 | give-roles +treasurer",
            "person 2: give-roles | person 3 | +treasurer; asked for by person 1, agreed to by person 2",
        ]
    );
}

#[tokio::test]
async fn what_is_refused_taken_back_or_over_is_gone() {
    let scene = two_stewards();
    let (ana, ben) = (scene.signed_in(ANA).await, scene.signed_in(BEN).await);
    let refused = waits(scene.asks(ANA, CLEO, &["treasurer"]).await);
    scene
        .acts
        .refuse(&ben, refused, "not yet")
        .await
        .expect("refused");
    let back = waits(scene.asks(ANA, CLEO, &["treasurer"]).await);
    scene.acts.refuse(&ana, back, "").await.expect("taken back");
    let over = waits(scene.asks(ANA, CLEO, &["treasurer"]).await);
    scene.later(Span::from_secs(7 * 24 * 3600));
    for number in [refused, back, over] {
        let answer = scene.acts.agree(&ben, number).await;
        assert!(
            matches!(answer, Err(ActError::NotThere(_))),
            "{number}: {answer:?}"
        );
    }
    assert_eq!(scene.roles_of(CLEO), keys(&[]));
    assert_eq!(scene.acts.waiting(&ben).await.expect("readable"), []);
    let said = scene.record();
    assert!(
        said[1].starts_with("person 2: refuse |") && said[3].starts_with("person 1: take-back |"),
        "{said:#?}"
    );
    // The next that is asked for takes those away that have ended.
    waits(scene.asks(ANA, CLEO, &["auditor"]).await);
    assert_eq!(
        scene
            .store
            .rows("waiting-acts", (&[], None), 10)
            .expect("readable")
            .len(),
        1
    );
}

#[tokio::test]
async fn where_nobody_else_may_it_is_done_and_the_record_says_so() {
    let scene = Scene::new();
    scene.has(ANA, &["steward"]);
    // Dev has the role too, and cannot sign in.
    scene.has(DEV, &["steward"]);
    assert_eq!(scene.asks(ANA, CLEO, &["treasurer"]).await, Together::Done);
    assert_eq!(scene.roles_of(CLEO), keys(&["treasurer"]));
    assert_eq!(
        scene.record(),
        [
            "person 1: give-roles | person 3 | +treasurer; alone, since nobody else here may do this and can sign in"
        ]
    );
    assert_eq!(
        scene
            .acts
            .waiting(&scene.signed_in(ANA).await)
            .await
            .expect("readable"),
        []
    );
}

#[tokio::test]
async fn it_is_shown_to_whoever_decides_and_to_whom_it_is_about() {
    let scene = two_stewards();
    waits(scene.asks(ANA, CLEO, &["treasurer"]).await);
    let seen = async |actor: &Actor| {
        let waiting = scene.acts.waiting(actor).await.expect("readable");
        waiting.first().map(|waiting| (waiting.mine, waiting.may_decide))
    };
    assert_eq!(seen(&scene.signed_in(ANA).await).await, Some((true, false)));
    assert_eq!(seen(&scene.signed_in(BEN).await).await, Some((false, true)));
    assert_eq!(seen(&scene.signed_in(CLEO).await).await, Some((false, false)));
    assert_eq!(seen(&scene.signed_in(DEV).await).await, None);
    assert_eq!(seen(&Actor::Visitor).await, None);
    let waiting = &scene
        .acts
        .waiting(&scene.signed_in(BEN).await)
        .await
        .expect("readable")[0];
    assert_eq!(waiting.words, "gets the role Treasurer");
    assert_eq!(
        (waiting.by_name.as_str(), waiting.person_name.as_deref()),
        ("Ana Öberg", Some("Cleo Marsh"))
    );
}

#[tokio::test]
async fn what_changed_in_the_meantime_is_a_conflict() {
    let scene = two_stewards();
    let (first, second) = (
        waits(scene.asks(ANA, CLEO, &["treasurer"]).await),
        waits(scene.asks(ANA, CLEO, &["auditor"]).await),
    );
    let ben = scene.signed_in(BEN).await;
    scene.acts.agree(&ben, first).await.expect("agreed");
    let before = scene.everything();
    assert!(matches!(
        scene.acts.agree(&ben, second).await,
        Err(ActError::Conflict)
    ));
    assert_eq!(scene.everything(), before);
}

#[tokio::test]
async fn nothing_waits_twice_and_nobody_agrees_for_one_who_may_no_more() {
    let scene = two_stewards();
    let number = waits(scene.asks(ANA, CLEO, &["treasurer"]).await);
    let ana = scene.signed_in(ANA).await;
    let again = scene.acts.give_roles(&ana, CLEO, keys(&["treasurer"]), "").await;
    assert!(matches!(again, Err(ActError::BadInput(_))), "{again:?}");
    scene.has(ANA, &[]);
    let ben = scene.signed_in(BEN).await;
    let answer = scene.acts.agree(&ben, number).await;
    assert!(matches!(answer, Err(ActError::BadInput(_))), "{answer:?}");
    assert_eq!(scene.roles_of(CLEO), keys(&[]));
}

/// How many lines a table that went out has, its header counted.
fn lines(export: Export) -> usize {
    match export {
        Export::Table(csv) => csv.finish().lines().count(),
        Export::Waits(number) => panic!("it waits under {number}"),
    }
}

/// The header, four people, and the classes that every house begins with.
const WHOLE: usize = 1 + 4 + 4;

#[tokio::test]
async fn the_whole_book_goes_out_once_another_has_agreed_and_once_only() {
    let scene = two_stewards();
    let (ana, ben) = (scene.signed_in(ANA).await, scene.signed_in(BEN).await);
    let silent = scene.acts.export_all(&ana, " ").await;
    assert!(matches!(silent, Err(ActError::BadInput(_))), "{silent:?}");
    let asked = scene
        .acts
        .export_all(&ana, "We move house")
        .await
        .expect("asked for");
    assert_eq!(asked, Export::Waits(1));
    let again = scene.acts.export_all(&ana, "We move house").await;
    assert!(matches!(again, Err(ActError::BadInput(_))), "{again:?}");
    let view = scene
        .acts
        .export_asked(&ana)
        .await
        .expect("readable")
        .expect("asked");
    assert!(!view.agreed);
    assert_eq!(scene.acts.export_asked(&ben).await.expect("readable"), None);
    scene.acts.agree(&ben, 1).await.expect("agreed");
    let bens = scene.acts.export_all(&ben, "for me too").await;
    assert!(bens.is_err(), "who agreed has asked for nothing: {bens:?}");
    let table = scene.acts.export_all(&ana, "").await.expect("made");
    assert_eq!(lines(table), WHOLE);
    let next = scene.acts.export_all(&ana, "once more").await.expect("asked for");
    assert_eq!(next, Export::Waits(2), "one agreement is good for one copy");
    assert_eq!(
        scene.record()[..3],
        [
            "person 1: ask-for-two | act 1: members' book | export-all",
            "person 2: agree | act 1: members' book | export-all",
            "person 1: export-all | members' book | agreed to by person 2",
        ]
    );
    let told = scene.store.audit_entries(None, 10).expect("readable");
    let made = told
        .iter()
        .find(|line| line.entry.act == "export-all")
        .expect("told");
    assert_eq!(made.entry.whose, Whose::Everybody);
    assert!(matches!(&made.entry.why, Why::Said { words, .. } if words == "We move house"));
}

#[tokio::test]
async fn where_nobody_else_may_the_whole_book_goes_out_at_once() {
    let scene = Scene::new();
    scene.has(ANA, &["steward"]);
    let ana = scene.signed_in(ANA).await;
    let table = scene.acts.export_all(&ana, "We move house").await.expect("made");
    assert_eq!(lines(table), WHOLE);
    assert_eq!(
        scene.record(),
        ["person 1: export-all | members' book | alone, since nobody else here may do this and can sign in"]
    );
}

#[tokio::test]
async fn it_takes_people_of_the_book() {
    let scene = two_stewards();
    let number = waits(scene.asks(ANA, CLEO, &["treasurer"]).await);
    let before = scene.everything();
    for actor in [Actor::TheBox, Actor::Visitor] {
        let asked = scene.acts.give_roles(&actor, CLEO, keys(&["auditor"]), "").await;
        let agreed = scene.acts.agree(&actor, number).await;
        assert!(asked.is_err() && agreed.is_err(), "{actor}");
    }
    assert_eq!(scene.everything(), before);
}

fn class(label: &str, votes: bool) -> Typed {
    let mut typed = Typed::from([
        ("class-label".to_owned(), label.to_owned()),
        ("class-by-decision".to_owned(), "yes".to_owned()),
    ]);
    if votes {
        typed.insert("class-votes".to_owned(), "yes".to_owned());
    }
    typed
}

fn kept(saved: Saved<Together>) -> Together {
    match saved {
        Saved::Kept(together) => together,
        Saved::Refused(refusals) => panic!("{refusals:?}"),
    }
}

#[tokio::test]
async fn who_votes_is_changed_by_two() {
    let scene = two_stewards();
    let (ana, ben) = (scene.signed_in(ANA).await, scene.signed_in(BEN).await);
    let votes = async || {
        let house = scene.acts.rules_of_the_book(&ana).await.expect("readable");
        house.classes["associate"].votes
    };
    let asked = scene
        .acts
        .define_class(&ana, Some("associate"), &class("Associate", true))
        .await;
    let number = waits(kept(asked.expect("asked for")));
    assert!(!votes().await, "nothing has changed yet");
    let waiting = scene.acts.waiting(&ben).await.expect("readable");
    assert_eq!(
        waiting[0].words,
        "the class “Associate” (does not vote, a decision admits) becomes “Associate” (votes, a decision admits)"
    );
    scene.acts.agree(&ben, number).await.expect("agreed");
    assert!(votes().await);
    let said = scene.record();
    assert_eq!(
        said.last().map(String::as_str),
        Some("person 2: define-class | associate | a class; asked for by person 1, agreed to by person 2")
    );

    let same = scene
        .acts
        .define_class(&ana, Some("associate"), &class("Associate", true))
        .await;
    assert!(
        matches!(same, Ok(Saved::Refused(_))),
        "nothing is asked for twice: {same:?}"
    );
    // Both ask for another change of one class; the second is worth nothing once the first is done.
    let mut wishes = Vec::new();
    for (by, label) in [(&ana, "Friend"), (&ben, "Patron")] {
        let asked = scene
            .acts
            .define_class(by, Some("associate"), &class(label, true))
            .await;
        wishes.push(waits(kept(asked.expect("asked for"))));
    }
    scene.acts.agree(&ben, wishes[0]).await.expect("agreed");
    let late = scene.acts.agree(&ana, wishes[1]).await;
    assert!(matches!(late, Err(ActError::Conflict)), "{late:?}");
    let house = scene.acts.rules_of_the_book(&ana).await.expect("readable");
    assert_eq!(house.classes["associate"].label, "Friend");
}

#[tokio::test]
async fn the_register_is_opened_by_two_and_by_one_where_there_is_nobody_else() {
    let scene = two_stewards();
    let (ana, ben) = (scene.signed_in(ANA).await, scene.signed_in(BEN).await);
    let open = async || scene.acts.register(&ana).await.expect("readable").open;
    let number = waits(scene.acts.open_register(&ana, true).await.expect("asked for"));
    assert!(!open().await);
    scene.acts.agree(&ben, number).await.expect("agreed");
    assert!(open().await);

    let scene = Scene::new();
    scene.has(ANA, &["steward"]);
    let ana = scene.signed_in(ANA).await;
    let done = scene.acts.open_register(&ana, true).await;
    assert_eq!(done.expect("done"), Together::Done);
    assert!(scene.acts.register(&ana).await.expect("readable").open);
    let new = scene
        .acts
        .define_class(&ana, None, &class("Youngest", false))
        .await;
    assert_eq!(kept(new.expect("done")), Together::Done);
    let house = scene.acts.rules_of_the_book(&ana).await.expect("readable");
    assert!(house.classes.contains_key("youngest"));
    let said = scene.record();
    assert!(
        said.iter()
            .any(|line| line
                == "person 1: open-register |  | open; alone, since nobody else here may do this and can sign in"),
        "{said:#?}"
    );
}

/// The words of a phrase that was made.
fn words(made: NewPhrase) -> String {
    match made {
        NewPhrase::Words(words) => words,
        NewPhrase::Waits(number) => panic!("it waits under {number}"),
    }
}

#[tokio::test]
async fn a_recovery_phrase_takes_two_where_there_are_two_and_is_told_once() {
    let scene = two_stewards();
    let (ana, ben) = (scene.signed_in(ANA).await, scene.signed_in(BEN).await);
    let asked = scene.acts.new_recovery_phrase(&ana, "").await.expect("asked for");
    assert_eq!(asked, NewPhrase::Waits(1));
    assert_eq!(
        acts::backup::key(&scene.store).expect("readable"),
        None,
        "nothing has changed yet"
    );
    let refused = scene.acts.back_up(&ana).await;
    assert!(
        matches!(refused, Err(ActError::BadInput(_))),
        "nobody could open it: {refused:?}"
    );
    scene.acts.agree(&ben, 1).await.expect("agreed");
    let told = words(scene.acts.new_recovery_phrase(&ana, "").await.expect("made"));
    let kept = acts::backup::key(&scene.store).expect("readable").expect("made");
    let secret = store::backup::key_of(&told).expect("good words");
    assert_eq!(
        secret.recipient(),
        kept.recipient,
        "the box keeps the public half"
    );
    let again = scene.acts.new_recovery_phrase(&ana, "").await.expect("asked for");
    assert_eq!(again, NewPhrase::Waits(2), "one agreement is good for one phrase");
    scene.acts.agree(&ben, 2).await.expect("agreed");
    scene.acts.new_recovery_phrase(&ana, "").await.expect("made");
    let after = acts::backup::key(&scene.store).expect("readable").expect("made");
    assert_eq!(after.of_box, kept.of_box, "the box stays the one that it is");
    let said = scene.record().join("\n");
    assert!(
        told.split(' ').all(|word| !said.contains(&format!(" {word} "))),
        "no word stands in the record"
    );
}

#[tokio::test]
async fn a_technician_at_the_machine_has_backups_made_and_makes_no_phrase() {
    let scene = Scene::new();
    let technician = Actor::Technician { uid: 1000 };
    let refused = scene.acts.new_recovery_phrase(&technician, "").await;
    assert!(
        matches!(refused, Err(ActError::TakesTwo(Right::KeepBackups))),
        "{refused:?}"
    );
    scene.has(ANA, &["steward"]);
    let ana = scene.signed_in(ANA).await;
    scene
        .acts
        .new_recovery_phrase(&ana, "")
        .await
        .expect("alone, it is made at once");
    // The test's world makes none; the act has come as far as that.
    let asked = scene.acts.back_up(&technician).await;
    assert!(matches!(asked, Err(ActError::Failed(_))), "{asked:?}");
    let record = scene.record();
    let last = record.last().expect("a line");
    assert!(
        last.starts_with("user 1000 of the system: back-up | backup"),
        "{last}"
    );
}
