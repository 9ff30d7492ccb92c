//! Two entries become one and two again over a real store: to the byte, told to both, and never over what somebody has
//! changed in the meantime.

use acts::merge::SideBySide;
use acts::{ActError, Actor, Right};
use members::import::record::{Import, ImportRow};
use members::merge::{Choices, Pair};
use members::money::{Account, Payer, Payment, PaymentId, PaymentOf, Way};
use members::person::{Kinship, Person, Relation};
use members::record::{Kept, Key, Newer, Record};
use members::request::{Answer, Matter, RequestKind};
use members::role::Duty;
use store::Row;
use units::{Currency, Money, PersonId};

use crate::scene::{ANA, BEN, START, Scene, knock};

/// Ana, entered a second time.
const TWIN: PersonId = PersonId::new(7);
const PAIR: Pair = Pair {
    kept: ANA,
    gone: TWIN,
};

fn is(person: PersonId, rights: &[Right]) -> Actor {
    Actor::Member {
        person,
        rights: rights.iter().copied().collect(),
    }
}

fn steward() -> Actor {
    is(BEN, &[Right::ImportTables, Right::LookPeople, Right::HandleData])
}

fn usual(seen: &SideBySide) -> Choices {
    let usual = seen.differences.iter();
    usual.map(|found| (found.name.to_owned(), found.usual)).collect()
}

/// Every row of every table, but those by which a merge is remembered.
fn book(scene: &Scene) -> Vec<(&'static str, Vec<Row>)> {
    let tables = members::TABLES
        .iter()
        .filter(|table| ![Import::TABLE, ImportRow::TABLE, "numbers"].contains(table));
    tables
        .map(|table| {
            (
                *table,
                scene.store.rows(table, (&[], None), 10_000).expect("readable"),
            )
        })
        .collect()
}

fn payment(number: u32) -> PaymentId {
    PaymentId {
        day: jiff::civil::date(2026, 1, 1),
        number,
    }
}

fn paid(scene: &Scene, person: PersonId, number: u32) {
    let (payer, id) = (Payer::Person(person), payment(number));
    let new = members::money::NewPayment {
        day: id.day,
        payer: Some(payer),
        outsider: None,
        amount: Money::new(500, Currency::GBP),
        way: Way::BankTransfer,
        purpose: members::money::For::Dues,
        reference: None,
        line: None,
    };
    let entry: Payment = new.entered(Some(BEN), START);
    let account = Account::empty(Currency::GBP).with(id, &entry).expect("added up");
    scene.put(&id, &entry);
    scene.put(&payer, &account);
    scene.put(
        &(payer, id),
        &PaymentOf {
            purpose: entry.purpose,
            newer: Newer::default(),
        },
    );
}

/// Ana is in the book twice, and both of her say and pay something.
async fn twice() -> Scene {
    let scene = Scene::new();
    let mut twin = Person::named("Oberg, Ana", START).expect("a name");
    twin.note = Some("sings in the choir".to_owned());
    scene.put(&TWIN, &twin);
    for person in [ANA, TWIN] {
        scene
            .acts
            .say(&is(person, &[]), Matter::News, Answer::Yes)
            .await
            .expect("said");
        paid(&scene, person, person.number());
    }
    scene.is_member(TWIN);
    scene
        .acts
        .ask_about_data(&is(TWIN, &[]), RequestKind::Copy, "please")
        .await
        .expect("asked");
    let bytes = scene.store.row(Person::TABLE, &BEN.to_key()).expect("readable");
    let mut ben = Person::decode(&bytes.expect("in the book")).expect("sound");
    ben.relations = vec![Relation {
        kinship: Kinship::Partner,
        person: TWIN,
        newer: Newer::default(),
    }];
    scene.put(&BEN, &ben);
    scene
}

async fn merged(scene: &Scene) -> u32 {
    let seen = scene.acts.side_by_side(&steward(), PAIR).await.expect("seen");
    assert_eq!(seen.hindered, None);
    let merged = scene.acts.merge(&steward(), PAIR, usual(&seen), &seen.seen).await;
    merged.expect("merged")
}

/// The sentence with which somebody was refused.
fn sentence<T: std::fmt::Debug>(answer: Result<T, ActError>) -> String {
    let refused = answer.expect_err("refused");
    assert!(matches!(refused, ActError::BadInput(_)), "{refused:?}");
    refused.to_string()
}

#[tokio::test]
async fn two_become_one_and_two_again_to_the_byte() {
    let scene = twice().await;
    let entered = scene.by_slip(&knock(9), TWIN).await;
    let before = book(&scene);
    let number = merged(&scene).await;
    assert_eq!(
        scene.who(&entered).await,
        None,
        "the way in of the other entry is closed"
    );
    let account = scene
        .store
        .row(Account::TABLE, &Payer::Person(ANA).to_key())
        .expect("readable");
    let account = Account::decode(&account.expect("an account")).expect("sound");
    assert_eq!(
        (account.dues, account.entries),
        (Money::new(1_000, Currency::GBP), 2)
    );
    let copy = scene.acts.copy_of_mine(&is(ANA, &[])).await.expect("copied");
    let titles: Vec<&str> = copy.rows.iter().map(|row| row.title.as_str()).collect();
    for title in ["Memberships", "Requests", "Merged"] {
        assert!(titles.contains(&title), "{title} in {titles:?}");
    }
    let no = scene
        .acts
        .undo_import(&steward(), number, acts::import::Others::Undo)
        .await;
    assert!(
        matches!(no, Err(ActError::NotThere(_))),
        "half a person is nobody: {no:?}"
    );
    scene.acts.undo_merge(&steward(), number).await.expect("undone");
    assert_eq!(book(&scene), before);
    assert!(scene.who(&entered).await.is_some());
    assert!(sentence(scene.acts.undo_merge(&steward(), number).await).contains("already"));
    let record = scene.record().join("\n");
    for line in ["look-merge", "merge", "undo-merge"] {
        assert!(record.contains(line), "{record}");
    }
}

#[tokio::test]
async fn what_was_done_with_the_other_entry_is_told_to_the_person_who_stays() {
    let scene = twice().await;
    scene
        .acts
        .copy_of(&steward(), TWIN, "she asked")
        .await
        .expect("copied");
    let told = async |own_too| {
        let lines = scene.acts.done_with_mine(&is(ANA, &[]), own_too, None, 100).await;
        let lines = lines.expect("read").lines;
        assert!(lines.is_sorted_by(|one, other| one.number > other.number));
        lines.into_iter().map(|line| line.act).collect::<Vec<_>>()
    };
    assert!(!told(true).await.contains(&"copy-data".to_owned()));
    merged(&scene).await;
    let lines = told(true).await;
    for act in ["copy-data", "ask-about-data", "merge"] {
        assert!(lines.contains(&act.to_owned()), "{act} in {lines:?}");
    }
    assert!(
        !told(false).await.contains(&"ask-about-data".to_owned()),
        "she did that herself"
    );
    let copy = scene.acts.copy_of_mine(&is(ANA, &[])).await.expect("copied");
    let asked = copy
        .lines
        .iter()
        .find(|line| line.act == "ask-about-data")
        .expect("told");
    assert_eq!(asked.by, "Ana Öberg");
    let goes_on = scene.acts.goes_on_as(&steward(), TWIN).await.expect("known");
    assert_eq!(goes_on, Some(ANA));
}

#[tokio::test]
async fn of_two_stewards_the_slower_one_is_told() {
    let scene = twice().await;
    let seen = scene.acts.side_by_side(&steward(), PAIR).await.expect("seen");
    paid(&scene, TWIN, 99);
    let before = book(&scene);
    let late = scene.acts.merge(&steward(), PAIR, usual(&seen), &seen.seen).await;
    assert!(matches!(late, Err(ActError::Conflict)), "{late:?}");
    let number = merged(&scene).await;
    let after = book(&scene);
    assert_ne!(before, after);
    let again = scene.acts.merge(&steward(), PAIR, usual(&seen), &seen.seen).await;
    assert!(again.is_err(), "{again:?}");
    assert_eq!(book(&scene), after);
    scene.acts.undo_merge(&steward(), number).await.expect("undone");
    assert_eq!(book(&scene), before);
}

#[tokio::test]
async fn what_was_changed_since_is_told_and_nothing_is_undone() {
    let scene = twice().await;
    let number = merged(&scene).await;
    let mine = scene.acts.mine(&is(ANA, &[])).await.expect("in the book");
    let mut typed = mine.person.typed(&mine.questions);
    typed.insert("called".to_owned(), "Ana".to_owned());
    scene
        .acts
        .change_mine(&is(ANA, &[]), &mine.person, &typed)
        .await
        .expect("changed");
    let before = book(&scene);
    let told = sentence(scene.acts.undo_merge(&steward(), number).await);
    assert!(told.contains("Ana Öberg"), "{told}");
    assert_eq!(book(&scene), before);
}

#[tokio::test]
async fn whoever_is_signed_in_keeps_their_own_entry_and_roles_are_never_handed_on() {
    let scene = twice().await;
    let turned = Pair { kept: ANA, gone: BEN };
    let seen = scene.acts.side_by_side(&steward(), turned).await.expect("seen");
    assert!(seen.hindered.expect("hindered").contains("your own"));
    let refused = scene
        .acts
        .merge(&steward(), turned, Choices::new(), &seen.seen)
        .await;
    assert!(sentence(refused).contains("your own"));
    let duty = Duty {
        roles: ["treasurer".to_owned()].into(),
        newer: Newer::default(),
    };
    scene.put(&TWIN, &duty);
    let before = book(&scene);
    let seen = scene.acts.side_by_side(&steward(), PAIR).await.expect("seen");
    assert!(seen.hindered.clone().expect("hindered").contains("roles"));
    let refused = scene.acts.merge(&steward(), PAIR, usual(&seen), &seen.seen).await;
    assert!(sentence(refused).contains("roles"));
    assert_eq!(book(&scene), before);
}

#[tokio::test]
async fn likely_pairs_are_listed() {
    let scene = twice().await;
    let found = scene.acts.twins(&steward()).await.expect("listed");
    let names: Vec<(&str, &str)> = found
        .iter()
        .map(|it| (it.one.as_str(), it.other.as_str()))
        .collect();
    assert_eq!(names, [("Ana Öberg", "Oberg, Ana")]);
}

#[tokio::test]
async fn two_people_who_look_like_one_are_told_apart_and_may_be_one_after_all() {
    let scene = twice().await;
    let before = book(&scene);
    scene.acts.tell_apart(&steward(), PAIR).await.expect("told");
    let found = scene.acts.twins(&steward()).await.expect("listed");
    assert!(found.iter().all(|twins| twins.apart), "{found:?}");
    let turned = Pair {
        kept: TWIN,
        gone: ANA,
    };
    for pair in [PAIR, turned] {
        let seen = scene.acts.side_by_side(&steward(), pair).await.expect("seen");
        assert!(seen.apart && seen.hindered.clone().expect("hindered").contains("two people"));
        let refused = scene.acts.merge(&steward(), pair, usual(&seen), &seen.seen).await;
        assert!(sentence(refused).contains("take that back"));
    }
    let lines = scene.store.audit_of(TWIN, None, 10).expect("readable");
    assert!(lines.iter().any(|line| line.entry.act == "tell-apart"));
    scene
        .acts
        .not_apart(&steward(), turned)
        .await
        .expect("taken back");
    assert_eq!(book(&scene), before);
    merged(&scene).await;
}

#[tokio::test]
async fn an_erasure_takes_both_entries_and_what_was_kept_to_part_them() {
    let scene = twice().await;
    let canary = "Kanarienvogel";
    let mut twin = Person::named(canary, START).expect("a name");
    twin.note = Some(canary.to_owned());
    scene.put(&TWIN, &twin);
    scene
        .acts
        .copy_of(&steward(), TWIN, canary)
        .await
        .expect("copied");
    let number = merged(&scene).await;
    scene.acts.leave(&is(ANA, &[]), "").await.expect("left");
    scene
        .acts
        .erase(&steward(), ANA, "she asked")
        .await
        .expect("erased");
    let bytes = scene.bytes_on_the_card();
    assert!(!bytes.windows(canary.len()).any(|part| part == canary.as_bytes()));
    let before = book(&scene);
    let told = sentence(scene.acts.undo_merge(&steward(), number).await);
    assert!(told.contains("erased"), "{told}");
    assert_eq!(book(&scene), before);
}
