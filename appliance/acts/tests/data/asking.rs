//! Copies, requests with their clocks, consents, leaving, and the record read by those whom it is about.

use acts::record::{Asked, Checked};
use acts::{ActError, Actor, Right};
use jiff::civil::date;
use members::money::{For, NewPayment, Payer, PaymentId, Way};
use members::own::Typed;
use members::request::{Answer, Channel, Matter, RequestKind};
use units::{Currency, Money, Span};

use crate::scene::{ANA, BEN, START, Scene};

fn steward() -> Actor {
    Actor::Member {
        person: BEN,
        rights: [
            Right::HandleData,
            Right::LookAudit,
            Right::LookPeople,
            Right::ChangeRules,
        ]
        .into(),
    }
}

fn ana() -> Actor {
    Actor::Member {
        person: ANA,
        rights: [].into(),
    }
}

#[tokio::test]
async fn a_copy_has_every_table_and_nobody_else() {
    let scene = Scene::new();
    scene.by_slip(&crate::scene::knock(1), ANA).await;
    scene.lives_alone(ANA);
    scene
        .with_passphrase(ANA, "Ana", "the owl hums at noon again")
        .await;
    let copy = scene
        .acts
        .copy_of(&steward(), ANA, "by letter")
        .await
        .expect("made");
    let json: serde_json::Value = serde_json::from_str(&copy.json()).expect("JSON");
    let tables: Vec<&str> = json["data"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| row["table"].as_str().expect("a name"))
        .collect();
    for table in ["people", "households", "sessions", "known-devices", "slips"] {
        assert!(tables.contains(&table), "{table} in {tables:?}");
    }
    assert_eq!(json["data"][0]["fields"][0]["values"][0], "Ana Öberg");
    assert_eq!(json["data"][0]["fields"][0]["lawful_basis"], "Contract");
    assert!(json["record"].as_array().expect("lines").len() >= 2);
    assert!(!copy.json().contains("Okafor") || copy.lines.iter().any(|line| line.by.contains("Okafor")));
    assert!(
        copy.json().contains("Hash of your passphrase") && !copy.json().contains("argon2"),
        "that there is one is told, and not which"
    );
    let empty = scene.acts.copy_of(&steward(), ANA, "  ").await;
    assert!(
        matches!(empty, Err(ActError::BadInput(_))),
        "a reason is asked for"
    );
}

#[tokio::test]
async fn a_complaint_has_its_clock_and_its_person_reads_the_answer() {
    let scene = Scene::new();
    let acts = &scene.acts;
    let number = acts
        .ask_about_data(&ana(), RequestKind::Complaint, "You looked too often")
        .await
        .expect("written down");
    scene.later(Span::DAY.times(29));
    let open = acts.all_requests(&steward()).await.expect("seen");
    assert_eq!((open[0].days_left, open[0].name.as_str()), (Some(1), "Ana Öberg"));
    acts.answer_request(&steward(), number, "")
        .await
        .expect("acknowledged");
    let open = acts.my_requests(&ana()).await.expect("seen");
    assert!(open[0].request.acknowledged.is_some() && open[0].days_left.is_none());
    acts.answer_request(&steward(), number, "We look less now")
        .await
        .expect("answered");
    let closed = acts.my_requests(&ana()).await.expect("seen");
    assert_eq!(closed[0].request.outcome.as_deref(), Some("We look less now"));
    let again = acts.answer_request(&steward(), number, "Twice").await;
    assert!(matches!(again, Err(ActError::Conflict)));
    let wordless = acts.ask_about_data(&ana(), RequestKind::Complaint, " ").await;
    assert!(matches!(wordless, Err(ActError::BadInput(_))));
}

#[tokio::test]
async fn a_request_by_mouth_counts_from_the_day_on_which_it_was_made() {
    let scene = Scene::new();
    let typed = |asked: &str| -> Typed {
        [("kind", "copy"), ("channel", "phone"), ("asked", asked)]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into()
    };
    let acts = &scene.acts;
    acts.take_down_request(&steward(), ANA, &typed("2026-05-31"))
        .await
        .expect("written down");
    let open = acts.all_requests(&steward()).await.expect("seen");
    let due = open[0].request.due().map(|day| day.to_string());
    assert_eq!(due.as_deref(), Some("2026-06-30"));
    for bad in ["2026-02-30", "tomorrow", "2099-01-01"] {
        let refused = acts.take_down_request(&steward(), ANA, &typed(bad)).await;
        assert!(matches!(refused, Err(ActError::BadInput(_))), "{bad}");
    }
}

#[tokio::test]
async fn answers_keep_the_words_they_were_given_to() {
    let scene = Scene::new();
    let acts = &scene.acts;
    acts.say(&ana(), Matter::News, Answer::Yes).await.expect("said");
    acts.change_wording(&steward(), Matter::News, "May we write to you every month?")
        .await
        .expect("written");
    scene.later(Span::DAY);
    let said = (Matter::News, Answer::No, Channel::Paper);
    acts.take_down_consent(&steward(), ANA, said).await.expect("said");
    let consents = acts.my_consents(&ana()).await.expect("seen");
    let newest = consents.newest(Matter::News).expect("an answer");
    assert_eq!(
        (newest.consent.answer, newest.consent.by),
        (Answer::No, Some(BEN))
    );
    assert_eq!(newest.text, "May we write to you every month?");
    assert_eq!(consents.given[1].text, Matter::News.usual());
    assert_eq!(consents.asked[0].version, 1);
}

#[tokio::test]
async fn whoever_is_named_in_many_entries_of_others_is_told_so_once() {
    let scene = Scene::new();
    for number in 1..=3 {
        let payment = NewPayment {
            day: date(2026, 1, 1),
            payer: Some(Payer::Person(ANA)),
            outsider: None,
            amount: Money::new(300, Currency::GBP),
            way: Way::StandingOrder,
            purpose: For::Dues,
            reference: Some(format!("of Ana {number}")),
            line: None,
        };
        let id = PaymentId {
            day: date(2026, 1, 1),
            number,
        };
        scene.put(&id, &payment.entered(Some(BEN), START));
    }
    let times = |rows: &[acts::data::KeptRow]| -> Vec<usize> {
        let payments = rows.iter().filter(|row| row.table == "payments");
        payments.map(|row| row.times).collect()
    };
    let bens = scene.acts.kept_about_me(&steward()).await.expect("kept");
    assert_eq!(
        times(&bens),
        [3],
        "Ben entered them, and reads nothing of Ana in them"
    );
    assert!(!format!("{bens:?}").contains("of Ana"));
    let anas = scene.acts.kept_about_me(&ana()).await.expect("kept");
    assert_eq!(
        times(&anas),
        [1, 1, 1],
        "what she paid is told payment by payment"
    );
}

#[tokio::test]
async fn leaving_is_once_and_can_be_undone_by_a_steward_alone() {
    let scene = Scene::new();
    let acts = &scene.acts;
    assert!(matches!(acts.leave(&ana(), "").await, Err(ActError::NotThere(_))));
    scene.is_member(ANA);
    scene.is_member(BEN);
    assert_eq!(
        acts.directory(&ana()).await.expect("a member"),
        Vec::<String>::new()
    );
    let mine = acts.mine(&ana()).await.expect("in the book");
    let mut typed = mine.person.typed(&mine.questions);
    typed.insert("listing".to_owned(), "name shown to members".to_owned());
    acts.change_mine(&ana(), &mine.person, &typed)
        .await
        .expect("changed");
    assert_eq!(acts.directory(&steward()).await.expect("a member"), ["Ana Öberg"]);
    acts.leave(&ana(), "I move away").await.expect("left");
    assert!(acts.leave(&ana(), "").await.is_err(), "once is enough");
    assert!(acts.directory(&ana()).await.is_err(), "the list is for members");
    assert_eq!(
        acts.directory(&steward()).await.expect("a member"),
        Vec::<String>::new()
    );
}

#[tokio::test]
async fn the_record_is_read_in_plain_words_and_reading_it_is_a_line() {
    let scene = Scene::new();
    let acts = &scene.acts;
    acts.copy_of(&steward(), ANA, "she wrote a letter")
        .await
        .expect("made");
    let mine = acts.done_with_mine(&ana(), false, None, 10).await.expect("read");
    let line = &mine.lines[0];
    assert_eq!(
        (line.by.as_str(), line.sentence, line.why.as_deref()),
        (
            "Ben Okafor",
            "made a copy of everything kept about somebody",
            Some("she wrote a letter")
        )
    );
    let asked = Asked {
        act: Some("copy-data".to_owned()),
        person: Some(ANA),
        count: 10,
        ..Asked::default()
    };
    let found = acts.read_record(&steward(), asked).await.expect("read");
    assert_eq!(found.lines[0].whose, ["Ana Öberg"]);
    let record = scene.record();
    assert_eq!(
        record.last().map(String::as_str),
        Some("person 2: read-record People([PersonId(1)]) copy-data, person 1")
    );
    assert_eq!(
        acts.check_record(&steward()).await.expect("walked"),
        Checked::Whole(2)
    );
}

#[tokio::test]
async fn whoever_only_looks_after_the_machine_reads_the_lines_about_nobodys_data() {
    let scene = Scene::new();
    let acts = &scene.acts;
    acts.copy_of(&steward(), ANA, "Ana Öberg wrote a letter")
        .await
        .expect("made");
    let about_nobody = store::AuditEntry {
        actor: "person 2".to_owned(),
        who: Some(BEN),
        why: store::Why::Said {
            words: "Ben Okafor looked".to_owned(),
            salt: [0; 16],
        },
        ..store::AuditEntry::new(START, "reload")
    };
    scene.store.audit(about_nobody).expect("written");
    let before = scene.record();
    let all = Asked {
        count: 10,
        ..Asked::default()
    };
    let operator = |rights: &[Right]| Actor::Operator {
        uid: 1000,
        person: BEN,
        rights: rights.iter().copied().collect(),
    };
    for actor in [Actor::Technician { uid: 1000 }, operator(&[Right::LookPeople])] {
        let found = acts.read_record(&actor, all.clone()).await.expect("read");
        let told = format!("{found:?}");
        assert!(!found.people_too, "{told}");
        let names: Vec<&str> = found.lines.iter().map(|line| line.act.as_str()).collect();
        assert_eq!(names, ["reload"]);
        assert!(!told.contains("Ben") && !told.contains("Ana"), "{told}");
        let of_ana = Asked {
            person: Some(ANA),
            ..all.clone()
        };
        let refused = acts.read_record(&actor, of_ana).await;
        assert!(
            matches!(refused, Err(ActError::NotAllowed(Right::LookAudit))),
            "{refused:?}"
        );
    }
    assert_eq!(scene.record(), before, "that was no look at anybody");
    let auditor = operator(&[Right::LookAudit]);
    let found = acts.read_record(&auditor, all.clone()).await.expect("read");
    assert_eq!((found.people_too, found.lines.len()), (true, 2));

    let why = "the only steward has died".to_owned();
    let found = acts.read_record(&Actor::Root { why }, all).await.expect("read");
    assert!(found.people_too);
    assert_eq!(found.lines.len(), 3);
    assert_eq!(
        scene.record().len(),
        before.len() + 2,
        "both looks are written down"
    );
}
