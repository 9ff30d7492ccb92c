//! Whoever may not is refused, nothing is changed, and each act leaves its line.

use std::collections::BTreeSet;

use acts::record::Asked;
use acts::{ACTS, ActError, Actor, Part, Right};
use members::own::Typed;
use members::request::{Answer, Channel, Matter, RequestKind};
use units::PersonId;

use crate::scene::{ANA, BEN, Scene};

fn member(person: PersonId, rights: &[Right]) -> Actor {
    Actor::Member {
        person,
        rights: rights.iter().copied().collect(),
    }
}

fn refused<T>(answer: Result<T, ActError>) {
    assert!(matches!(answer.err(), Some(ActError::NotAllowed(_))));
}

fn asked() -> Asked {
    Asked {
        count: 10,
        ..Asked::default()
    }
}

fn by_mouth() -> Typed {
    [("kind", "copy"), ("channel", "in person")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
}

#[tokio::test]
async fn whoever_may_not_is_refused_and_nothing_changes() {
    let scene = Scene::new();
    let acts = &scene.acts;
    let nobody = member(ANA, &[]);
    refused(acts.read_record(&nobody, asked()).await);
    refused(acts.check_record(&nobody).await);
    refused(acts.copy_of(&nobody, BEN, "because").await);
    refused(acts.erasure_of(&nobody, BEN).await);
    refused(acts.erase(&nobody, BEN, "because").await);
    refused(acts.all_requests(&nobody).await);
    refused(acts.take_down_request(&nobody, BEN, &by_mouth()).await);
    refused(acts.answer_request(&nobody, 1, "no").await);
    refused(acts.consents_of(&nobody, BEN).await);
    let said = (Matter::News, Answer::Yes, Channel::Paper);
    refused(acts.take_down_consent(&nobody, BEN, said).await);
    refused(acts.change_wording(&nobody, Matter::News, "May we?").await);
    refused(acts.keeping(&nobody).await);
    refused(acts.let_go(&nobody).await);
    // What is one's own is for nobody who is not in the book.
    for actor in [Actor::Visitor, Actor::Technician { uid: 1000 }] {
        refused(acts.mine(&actor).await);
        refused(acts.kept_about_me(&actor).await);
        refused(acts.copy_of_mine(&actor).await);
        refused(acts.done_with_mine(&actor, true, None, 10).await);
        refused(acts.ask_about_data(&actor, RequestKind::Copy, "").await);
        refused(acts.say(&actor, Matter::News, Answer::Yes).await);
        refused(acts.leave(&actor, "").await);
        refused(acts.directory(&actor).await);
    }
    assert_eq!(scene.record(), Vec::<String>::new());
}

#[tokio::test]
async fn every_act_about_data_leaves_its_line() {
    let scene = Scene::new();
    let acts = &scene.acts;
    let steward = member(
        BEN,
        &[
            Right::HandleData,
            Right::LookAudit,
            Right::ChangeRules,
            Right::LookPeople,
        ],
    );
    let ana = member(ANA, &[]);
    let mine = acts.mine(&ana).await.expect("in the book");
    let mut typed = mine.person.typed(&mine.questions);
    typed.insert("access".to_owned(), "a ramp".to_owned());
    acts.change_mine(&ana, &mine.person, &typed)
        .await
        .expect("changed");
    scene.lives_alone(ANA);
    let mine = acts.mine(&ana).await.expect("in the book");
    let (_, home, _) = mine.household.expect("a household");
    let mut typed = home.typed();
    typed.insert("name".to_owned(), "Öberg".to_owned());
    acts.change_my_household(&ana, &home, &typed)
        .await
        .expect("changed");
    acts.copy_of_mine(&ana).await.expect("copied");
    acts.copy_of(&steward, ANA, "she asked").await.expect("copied");
    let number = acts
        .ask_about_data(&ana, RequestKind::Complaint, "You looked too often")
        .await
        .expect("asked");
    acts.take_down_request(&steward, ANA, &by_mouth())
        .await
        .expect("asked");
    acts.all_requests(&steward).await.expect("seen");
    acts.answer_request(&steward, number, "We are sorry")
        .await
        .expect("answered");
    acts.say(&ana, Matter::News, Answer::Yes).await.expect("said");
    let said = (Matter::Pictures, Answer::No, Channel::Paper);
    acts.take_down_consent(&steward, ANA, said).await.expect("said");
    acts.change_wording(&steward, Matter::News, "May we?")
        .await
        .expect("written");
    acts.keeping(&steward).await.expect("seen");
    scene.is_member(ANA);
    acts.leave(&ana, "I move away").await.expect("left");
    acts.let_go(&Actor::TheBox).await.expect("gone");
    acts.erasure_of(&steward, ANA).await.expect("seen");
    acts.erase(&steward, ANA, "she asked").await.expect("erased");
    acts.read_record(&steward, asked()).await.expect("read");
    acts.check_record(&steward).await.expect("whole");
    let lines = scene.store.audit_entries(None, 1_000).expect("readable");
    let done: BTreeSet<&str> = lines.iter().map(|line| line.entry.act.as_str()).collect();
    // Looking whether the record is whole reads nothing of anybody's.
    let silent = ["check-record"];
    let missing: Vec<&str> = ACTS
        .iter()
        .filter(|row| row.part == Part::Data)
        .map(|row| row.name)
        .filter(|name| !done.contains(name) && !silent.contains(name))
        .collect();
    assert_eq!(missing, Vec::<&str>::new());
}
