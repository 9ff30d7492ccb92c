//! Whoever has not the right is refused, act by act, and nothing has changed.

use std::collections::{BTreeMap, BTreeSet};

use acts::letters::Draft;
use acts::{ACTS, ActError, ActKind, Actor, Part, Right};
use members::letters::Choice;

use crate::scene::{Scene, server, steward, with};

/// Tries every act of letters as `actor`; whether each was refused for want of its right.
async fn refused(scene: &Scene, actor: &Actor, letter: u32) -> Vec<(ActKind, bool)> {
    let acts = &scene.acts;
    let not = |outcome: Result<(), ActError>| matches!(outcome, Err(ActError::NotAllowed(_)));
    let everybody = Choice::Everybody;
    let draft = Draft {
        title: "Other".to_owned(),
        text: "Other".to_owned(),
        ..Draft::default()
    };
    let none = BTreeMap::new;
    vec![
        (
            ActKind::WriteLetter,
            not(acts.write_letter(actor, None, None, &draft).await.map(drop)),
        ),
        (
            ActKind::RemoveLetter,
            not(acts.remove_letter(actor, letter).await),
        ),
        (
            ActKind::LookReach,
            not(acts.reach(actor, letter, &everybody, none()).await.map(drop)),
        ),
        (
            ActKind::SendLetter,
            not(acts
                .send_letter(actor, letter, &everybody, none())
                .await
                .map(drop)),
        ),
        (ActKind::LookRun, not(acts.run(actor, 1).await.map(drop))),
        (
            ActKind::PrintLetters,
            not(acts.print_run(actor, 1).await.map(drop)),
        ),
        (
            ActKind::PrintList,
            not(acts.print_list(actor, &everybody, "labels").await.map(drop)),
        ),
        (ActKind::LookMails, not(acts.mails(actor).await.map(drop))),
        (ActKind::MailAgain, not(acts.mail_again(actor, 1).await)),
        (ActKind::StopMail, not(acts.stop_mail(actor, 1).await)),
        (
            ActKind::ChangeMailServer,
            not(acts.change_mail_server(actor, &server(true)).await),
        ),
        (ActKind::TryMail, not(acts.try_mail(actor).await)),
    ]
}

#[tokio::test]
async fn whoever_has_not_the_right_is_refused_and_nothing_changes() {
    let scene = Scene::new();
    scene.switch_mail(true).await;
    let letter = scene.letter("Dear {name}").await;
    let run = scene
        .acts
        .send_letter(&steward(), letter, &Choice::Everybody, BTreeMap::new())
        .await;
    assert_eq!(run.expect("sent"), 1);
    let before = (scene.record(), rows(&scene));
    let other = Right::ALL.iter().copied();
    let all_but_letters: BTreeSet<Right> = other
        .filter(|right| !matches!(right, Right::WriteLetters | Right::ChangeRules))
        .collect();
    for actor in [Actor::Visitor, with(all_but_letters)] {
        for (act, was_refused) in refused(&scene, &actor, letter).await {
            assert!(was_refused, "{act:?} as {actor}");
        }
    }
    assert_eq!((scene.record(), rows(&scene)), before);
}

/// Every act of letters but the box's own is in the list above.
#[tokio::test]
async fn no_act_of_letters_is_forgotten_above() {
    let scene = Scene::new();
    let tried = refused(&scene, &Actor::Visitor, 1).await;
    let missing: Vec<ActKind> = ACTS
        .iter()
        .filter(|row| row.part == Part::Letters)
        .map(|row| row.kind)
        .filter(|kind| !tried.iter().any(|(tried, _)| tried == kind))
        .collect();
    assert_eq!(missing, [ActKind::CarryMail]);
}

fn rows(scene: &Scene) -> Vec<(Vec<u8>, Vec<u8>)> {
    let tables = ["letters", "letter-runs", "mails", "mail-server"];
    tables
        .iter()
        .flat_map(|table| scene.store.rows(table, (&[], None), 1_000).expect("readable"))
        .collect()
}
