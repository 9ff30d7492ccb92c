//! A letter goes out: everybody once, nothing empty, nothing twice, and the record tells of it without a name.

use std::collections::BTreeMap;

use acts::ActError;
use acts::letters::Draft;
use acts::people::Saved;
use jiff::civil::date;
use members::edit::Typed;
use members::letters::{Channel, Choice};
use members::membership::{Membership, Move, Status};
use members::person::{Person, Reach};
use store::Whose;

use crate::scene::{ANA, BEN, CHI, START, Scene, steward};

#[tokio::test]
async fn everybody_gets_one_letter_their_way() {
    let scene = Scene::new();
    scene.switch_mail(true).await;
    let letter = scene.letter("Dear {name},\n\ncome.").await;
    let number = scene
        .acts
        .send_letter(&steward(), letter, &Choice::Everybody, BTreeMap::new())
        .await
        .expect("sent");
    let opened = scene.acts.run(&steward(), number).await.expect("there");
    let mailed: Vec<_> = opened
        .run
        .by(Channel::Email)
        .map(|piece| piece.people.clone())
        .collect();
    assert_eq!(mailed, [vec![ANA, BEN]], "one for both of the household");
    let posted: Vec<_> = opened
        .run
        .by(Channel::Post)
        .map(|piece| (piece.people.clone(), piece.large))
        .collect();
    assert_eq!(posted, [(vec![CHI], true)]);
    assert_eq!(opened.mails.len(), 1);
    let lines = scene.store.audit_entries(None, 100).expect("readable");
    let sent = lines
        .iter()
        .find(|line| line.entry.act == "send-letter")
        .expect("recorded");
    assert_eq!(sent.entry.detail, "1 post, 1 e-mail");
    assert_eq!(sent.entry.whose, Whose::People(vec![ANA, BEN, CHI]));
}

#[tokio::test]
async fn without_e_mail_everybody_gets_paper() {
    let scene = Scene::new();
    let letter = scene.letter("Dear {name}").await;
    let number = scene
        .acts
        .send_letter(&steward(), letter, &Choice::Everybody, BTreeMap::new())
        .await
        .expect("sent");
    let opened = scene.acts.run(&steward(), number).await.expect("there");
    assert_eq!((opened.run.by(Channel::Post).count(), opened.mails.len()), (2, 0));
}

#[tokio::test]
async fn a_letter_that_would_have_an_empty_place_does_not_go() {
    let scene = Scene::new();
    let letter = scene.letter("You owe {due}, number {number}").await;
    let choice = Choice::People([ANA, CHI].into());
    let owed = BTreeMap::from([
        (ANA, "£5.00".to_owned()),
        (CHI, "£3.00".to_owned()),
        (BEN, "£1.00".to_owned()),
    ]);
    let reach = scene
        .acts
        .reach(&steward(), letter, &choice, owed.clone())
        .await
        .expect("looked");
    assert_eq!(
        reach.common.owed.len(),
        2,
        "of those who are not chosen nothing is kept"
    );
    let refused = scene
        .acts
        .send_letter(&steward(), letter, &choice, owed)
        .await
        .expect_err("refused");
    assert_eq!(
        refused.to_string(),
        "The letter says {number}, and that is not known of Ana Öberg and Chi. Take it out of the text, or choose people without them"
    );
    assert!(scene.acts.runs(&steward()).await.expect("readable").is_empty());
}

#[tokio::test]
async fn who_wishes_to_hear_nothing_hears_only_what_is_demanded() {
    let scene = Scene::new();
    let mut chi = Person::named("Chi", START).expect("a name");
    chi.address = Some(crate::scene::address("2 Low Street"));
    chi.reach = Reach::NotAtAll;
    scene.put(&CHI, &chi);
    for (demanded, channel) in [
        ("", Channel::NotAtAll),
        ("Rule 12: notice of a general meeting", Channel::Post),
    ] {
        let draft = Draft {
            title: "Notice".to_owned(),
            text: "Dear {name}".to_owned(),
            demanded: demanded.to_owned(),
            ..Draft::default()
        };
        let letter = scene
            .acts
            .write_letter(&steward(), None, None, &draft)
            .await
            .expect("written");
        let reach = scene
            .acts
            .reach(&steward(), letter, &Choice::Everybody, BTreeMap::new())
            .await
            .expect("looked");
        let to_chi = reach
            .run
            .pieces
            .iter()
            .find(|piece| piece.people == [CHI])
            .expect("once");
        assert_eq!(to_chi.channel, channel);
    }
}

#[tokio::test]
async fn two_who_write_one_letter_do_not_overwrite_each_other() {
    let scene = Scene::new();
    let number = scene.letter("First").await;
    let seen = scene.acts.letter(&steward(), number).await.expect("there");
    let draft = |text: &str| Draft {
        title: "Annual meeting".to_owned(),
        text: text.to_owned(),
        ..Draft::default()
    };
    let first = scene
        .acts
        .write_letter(&steward(), Some(number), Some(&seen), &draft("Second"))
        .await;
    assert_eq!(first.expect("written"), number);
    let late = scene
        .acts
        .write_letter(&steward(), Some(number), Some(&seen), &draft("Third"))
        .await;
    assert!(matches!(late, Err(ActError::Conflict)), "{late:?}");
    assert_eq!(
        scene.acts.letter(&steward(), number).await.expect("there").text,
        "Second"
    );
}

#[tokio::test]
async fn nobody_reads_a_letter_to_somebody_else() {
    let scene = Scene::new();
    let letter = scene.letter("Dear {name}").await;
    let choice = Choice::People([ANA].into());
    let number = scene
        .acts
        .send_letter(&steward(), letter, &choice, BTreeMap::new())
        .await
        .expect("sent");
    assert!(scene.acts.letter_to(ANA, number).await.is_ok());
    assert!(matches!(
        scene.acts.letter_to(BEN, number).await,
        Err(ActError::NotThere(_))
    ));
    assert!(scene.acts.letters_to(BEN).await.expect("readable").is_empty());
}

#[tokio::test]
async fn the_record_names_nobody_and_repeats_no_letter() {
    let scene = Scene::new();
    scene.switch_mail(true).await;
    let letter = scene.letter("A canary-text for {name}").await;
    scene
        .acts
        .send_letter(&steward(), letter, &Choice::Everybody, BTreeMap::new())
        .await
        .expect("sent");
    scene.acts.mails(&steward()).await.expect("readable");
    for line in scene.store.audit_entries(None, 1_000).expect("readable") {
        let said = format!("{} {}", line.entry.subject, line.entry.detail);
        for word in ["Öberg", "canary", "example.org", "High Street"] {
            assert!(!said.contains(word), "{said}");
        }
    }
}

#[tokio::test]
async fn a_search_that_is_kept_reaches_each_once_and_none_who_have_died() {
    let scene = Scene::new();
    let died = Move {
        to: Status::Died,
        class: None,
        on: date(2026, 6, 1),
        why: None,
        by: None,
        at: START,
    };
    let member = Move {
        to: Status::Member,
        class: Some("member".to_owned()),
        on: date(2026, 1, 1),
        ..died.clone()
    };
    let membership = Membership::begin(member).and_then(|member| member.moved(died));
    scene.put(&CHI, &membership.expect("both steps are allowed"));
    // One condition that asks for the dead, so that the search itself means them too.
    let typed = Typed::from([
        ("of".to_owned(), "any".to_owned()),
        ("condition-1".to_owned(), "status:died".to_owned()),
        ("condition-2".to_owned(), "household:yes".to_owned()),
    ]);
    let kept = scene
        .acts
        .keep_search(&steward(), &typed, "Homes and graves")
        .await;
    assert_eq!(kept.expect("kept"), Saved::Kept(()));
    let letter = scene.letter("Dear {name}").await;
    let choice = Choice::Search("homes and GRAVES".to_owned());
    let reach = scene
        .acts
        .reach(&steward(), letter, &choice, BTreeMap::new())
        .await
        .expect("looked");
    let reached: Vec<_> = reach
        .run
        .pieces
        .iter()
        .map(|piece| piece.people.clone())
        .collect();
    assert_eq!(
        reached,
        [vec![ANA, BEN]],
        "each once, one letter for the household"
    );
    let all = scene
        .acts
        .search_people(&steward(), &typed)
        .await
        .expect("searched");
    assert_eq!(all.chosen.map(|chosen| chosen.count), Some(3));
}
