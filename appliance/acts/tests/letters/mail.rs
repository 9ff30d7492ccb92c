//! E-mail in time that moves by hand: nothing before it is switched on, each once, retried with growing pauses.

use std::collections::BTreeMap;

use acts::ActError;
use acts::letters::{Carried, Entered};
use members::letters::{Choice, MailState};
use members::person::Person;
use units::Span;

use crate::scene::{ANA, BEN, Remembers, START, Scene, server, steward};

/// A box whose letter to Ana and Ben waits.
async fn waiting() -> Scene {
    let scene = Scene::new();
    scene.switch_mail(true).await;
    let letter = scene.letter("Dear {name},\n\nfrom {place} on {today}.").await;
    let choice = Choice::People([ANA, BEN].into());
    scene
        .acts
        .send_letter(&steward(), letter, &choice, BTreeMap::new())
        .await
        .expect("sent");
    scene
}

#[tokio::test]
async fn a_letter_goes_out_once() {
    let scene = waiting().await;
    let postman = Remembers::default();
    let round = scene.acts.carry_mails(&postman, &|| true).await.expect("carried");
    assert_eq!((round.taken, round.not_taken, round.next), (1, 0, None));
    scene
        .acts
        .carry_mails(&postman, &|| true)
        .await
        .expect("nothing to carry");
    let carried = postman.carried();
    assert_eq!(carried.len(), 1);
    assert_eq!(carried[0].to, "both@example.org");
    assert_eq!(carried[0].subject, "Annual meeting");
    assert_eq!(
        carried[0].body,
        "Dear \u{2068}Ana Öberg\u{2069} and \u{2068}محمد Ben\u{2069},\n\nfrom The Hall on 16 June 2026.\n"
    );
    assert_eq!(
        scene.record().iter().filter(|act| *act == "carry-mail").count(),
        1
    );
}

#[tokio::test]
async fn nothing_goes_out_while_it_is_switched_off() {
    let scene = waiting().await;
    scene.switch_mail(false).await;
    let postman = Remembers::default();
    let round = scene
        .acts
        .carry_mails(&postman, &|| true)
        .await
        .expect("nothing done");
    assert_eq!((round.taken, round.next, postman.carried().len()), (0, None, 0));
    let try_it = scene.acts.try_mail(&steward()).await;
    assert!(matches!(try_it, Err(ActError::BadInput(_))), "{try_it:?}");
    scene.switch_mail(true).await;
    assert_eq!(
        scene
            .acts
            .carry_mails(&postman, &|| true)
            .await
            .expect("carried")
            .taken,
        1
    );
}

#[tokio::test]
async fn a_server_that_is_down_is_tried_again_after_growing_pauses() {
    let scene = waiting().await;
    let down = Carried::ServerDown("nobody answers at mail.example.org".to_owned());
    let postman = Remembers::answering(&[down]);
    let mut minutes = 0;
    let mut tries = Vec::new();
    while minutes < 3_000 {
        let before = postman.carried().len();
        scene.acts.carry_mails(&postman, &|| true).await.expect("tried");
        if postman.carried().len() > before {
            tries.push(minutes);
        }
        scene.later(Span::MINUTE);
        minutes += 1;
    }
    assert_eq!(tries, [0, 1, 6, 21, 81, 201, 441, 921, 1_641]);
    let mails = scene.acts.mails(&steward()).await.expect("readable");
    let given_up = &mails.open[0];
    assert_eq!(given_up.mail.state, MailState::Failed);
    assert_eq!(
        given_up.mail.why.as_deref(),
        Some("nobody answers at mail.example.org")
    );
    let ids: Vec<String> = postman.carried().into_iter().map(|parcel| parcel.id).collect();
    assert!(
        ids.iter().all(|id| *id == ids[0]),
        "one letter has one number in every try"
    );
    scene
        .acts
        .mail_again(&steward(), given_up.number)
        .await
        .expect("again");
    let kind = Remembers::default();
    assert_eq!(
        scene
            .acts
            .carry_mails(&kind, &|| true)
            .await
            .expect("carried")
            .taken,
        1
    );
    let gone = scene.acts.mail_again(&steward(), given_up.number).await;
    assert!(
        matches!(gone, Err(ActError::BadInput(_))),
        "what went goes no second time"
    );
}

#[tokio::test]
async fn what_the_server_never_wants_is_given_up_at_once_and_the_others_go() {
    let scene = waiting().await;
    scene.acts.try_mail(&steward()).await.expect("queued");
    let postman = Remembers::answering(&[Carried::Never("550 no such person".to_owned()), Carried::Taken]);
    let round = scene.acts.carry_mails(&postman, &|| true).await.expect("carried");
    assert_eq!((round.taken, round.not_taken), (1, 1));
    let mails = scene.acts.mails(&steward()).await.expect("readable");
    assert_eq!((mails.open.len(), mails.sent_count), (1, 1));
    assert_eq!(mails.open[0].mail.state, MailState::Failed);
}

#[tokio::test]
async fn what_is_stopped_does_not_go() {
    let scene = waiting().await;
    let number = scene.acts.mails(&steward()).await.expect("readable").open[0].number;
    scene.acts.stop_mail(&steward(), number).await.expect("stopped");
    let postman = Remembers::default();
    scene
        .acts
        .carry_mails(&postman, &|| true)
        .await
        .expect("nothing to do");
    assert!(postman.carried().is_empty());
}

#[tokio::test]
async fn one_who_has_no_address_any_more_is_told_and_not_tried() {
    let scene = waiting().await;
    scene.put(&ANA, &Person::named("Ana Öberg", START).expect("a name"));
    let postman = Remembers::default();
    let round = scene.acts.carry_mails(&postman, &|| true).await.expect("done");
    assert_eq!((round.not_taken, postman.carried().len()), (1, 0));
}

#[tokio::test]
async fn a_server_that_cannot_be_one_is_refused() {
    let scene = Scene::new();
    let refused = async |entered: Entered| {
        let outcome = scene.acts.change_mail_server(&steward(), &entered).await;
        outcome.expect_err("refused").to_string()
    };
    for (entered, part) in [
        (
            Entered {
                host: "mail example\r\nX".to_owned(),
                ..server(true)
            },
            "mail server",
        ),
        (
            Entered {
                port: "0".to_owned(),
                ..server(true)
            },
            "port",
        ),
        (
            Entered {
                sender: "office@example.org\r\nBcc: eve@example.org".to_owned(),
                ..server(true)
            },
            "sender",
        ),
        (
            Entered {
                security: "none".to_owned(),
                ..server(true)
            },
            "Without TLS",
        ),
        (
            Entered {
                password: String::new(),
                ..server(true)
            },
            "password",
        ),
        (
            Entered {
                password: "a\r\nb".to_owned(),
                ..server(true)
            },
            "password",
        ),
    ] {
        let why = refused(entered).await;
        assert!(why.contains(part), "{why}");
    }
    assert!(
        scene
            .acts
            .mail_server(&steward())
            .await
            .expect("readable")
            .is_none()
    );
}

#[tokio::test]
async fn a_password_stays_for_its_server_and_account_and_is_given_to_no_other() {
    let scene = Scene::new();
    let refused = async |entered: Entered| {
        let outcome = scene.acts.change_mail_server(&steward(), &entered).await;
        outcome.expect_err("refused").to_string()
    };
    scene.switch_mail(true).await;
    let same = Entered {
        password: String::new(),
        ..server(false)
    };
    scene
        .acts
        .change_mail_server(&steward(), &same)
        .await
        .expect("kept");
    let why = refused(Entered {
        host: "mail.evil.example".to_owned(),
        password: String::new(),
        ..server(true)
    })
    .await;
    assert!(why.contains("password"), "{why}");
    let seen = format!(
        "{:?}",
        scene.acts.mail_server(&steward()).await.expect("readable")
    );
    assert!(!seen.contains("canary-password"), "{seen}");
}
