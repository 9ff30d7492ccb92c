//! What `hearth members` asks over the socket: as nobody, and as a person of the book.

use members::person::Person;
use members::record::{Kept, Key, Newer};
use members::role::{Duty, SystemUser};
use store::{Change, RowChange};
use system::client::Kind;
use system::members::MembersQuestion;
use system::record::RecordQuestion;
use units::PersonId;

use crate::harness::{NOW, TestBox};

const ANA: PersonId = PersonId::new(1);

fn put<R: Kept>(the_box: &TestBox, key: &R::Key, row: &R) {
    let rows = vec![RowChange {
        table: R::TABLE,
        key: key.to_key(),
        before: None,
        after: Some(row.encode()),
    }];
    let lines = Vec::new();
    the_box.store.change(Change { rows, lines }).expect("written");
}

/// Ana, a steward, whose user is that of this test.
fn somebody(the_box: &TestBox) {
    put(the_box, &ANA, &Person::named("Ana Öberg", NOW).expect("a name"));
    let newer = Newer::default;
    let roles = ["steward".to_owned()].into();
    put(
        the_box,
        &ANA,
        &Duty {
            roles,
            newer: newer(),
        },
    );
    let user = SystemUser {
        person: ANA,
        newer: newer(),
    };
    put(the_box, &rustix::process::getuid().as_raw(), &user);
}

fn find(typed: &str) -> MembersQuestion {
    MembersQuestion::Find {
        typed: typed.to_owned(),
        page: 1,
    }
}

#[tokio::test]
async fn whoever_is_nobody_in_the_book_is_told_how_to_become_somebody() {
    let the_box = TestBox::start();
    let client = the_box.client().await;
    for question in [find(""), MembersQuestion::Roles, MembersQuestion::Waiting] {
        let refused = client.members(&question, "").await.expect_err("refused");
        let system::client::ClientError::Refused { kind, sentence } = refused else {
            unreachable!("the box said no");
        };
        assert_eq!(kind, Kind::NotAllowed);
        assert!(sentence.contains("hearth members bind-user"), "{sentence}");
    }
    assert!(
        the_box
            .store
            .audit_entries(None, 10)
            .expect("readable")
            .is_empty()
    );
    the_box.stop().await;
}

#[tokio::test]
async fn somebody_of_the_book_asks_as_themselves() {
    let the_box = TestBox::start();
    somebody(&the_box);
    let client = the_box.client().await;
    let found = client.members(&find("oberg"), "").await.expect("found");
    let found: serde_json::Value = serde_json::from_str(&found).expect("JSON");
    assert_eq!(found["people"][0]["name"], "Ana Öberg");
    assert_eq!((&found["found"], &found["in_the_book"]), (&1.into(), &1.into()));
    let line = &the_box.store.audit_entries(None, 1).expect("readable")[0].entry;
    assert_eq!(
        (line.act.as_str(), line.who, line.via.as_str()),
        ("list-people", Some(ANA), "command")
    );
    let rights = client.who_can().await.expect("told");
    assert!(
        rights.contains("give-roles") && rights.contains("Ana Öberg"),
        "{rights}"
    );
    the_box.stop().await;
}

#[tokio::test]
async fn the_record_about_people_is_for_people_of_the_book() {
    let the_box = TestBox::start();
    let client = the_box.client().await;
    let of_ana = RecordQuestion {
        person: Some(ANA.number()),
        ..RecordQuestion::default()
    };
    let mine = RecordQuestion {
        mine: true,
        ..RecordQuestion::default()
    };
    for question in [&of_ana, &mine] {
        let refused = client.record(question, "").await.expect_err("refused");
        assert!(
            refused.to_string().contains("hearth members bind-user"),
            "{refused}"
        );
    }
    somebody(&the_box);
    client.members(&find("oberg"), "").await.expect("found");
    let read = async |question: &RecordQuestion| -> serde_json::Value {
        let answer = client.record(question, "").await.expect("read");
        serde_json::from_str(&answer).expect("JSON")
    };
    let found = read(&of_ana).await;
    assert_eq!(
        (&found["lines"][0]["actor"], &found["lines"][0]["whose"][0]),
        (&"Ana Öberg".into(), &"Ana Öberg".into())
    );
    assert_eq!(
        (&found["older"], &found["people_too"]),
        (&().into(), &true.into())
    );
    let one = RecordQuestion {
        count: Some(1),
        ..RecordQuestion::default()
    };
    let found = read(&one).await;
    assert_eq!(
        (&found["lines"][0]["act"], &found["older"]),
        (&"read-record".into(), &2.into()),
        "that it was read stands in it"
    );
    assert_eq!(
        read(&mine).await["lines"],
        serde_json::json!([]),
        "nobody else did anything with her data"
    );
    the_box.stop().await;
}
