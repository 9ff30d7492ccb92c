//! What `hearth members` asks over the socket: as nobody, and as a person of the book.

use members::edit::Typed;
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

async fn asked(
    client: &system::client::Client,
    question: MembersQuestion,
) -> Result<serde_json::Value, String> {
    let answer = client
        .members(&question, "")
        .await
        .map_err(|error| error.to_string())?;
    Ok(serde_json::from_str(&answer).expect("JSON"))
}

fn fields(said: &[(&str, &str)]) -> Typed {
    let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    said.iter().map(pair).collect()
}

fn change(group: &str, said: &[(&str, &str)]) -> MembersQuestion {
    MembersQuestion::Change {
        person: 1,
        group: group.to_owned(),
        fields: fields(said),
    }
}

/// The ways in which Ana is reached, each with its kind.
async fn ways(client: &system::client::Client) -> Vec<String> {
    let form = MembersQuestion::Form {
        person: 1,
        group: "ways".to_owned(),
    };
    let form = asked(client, form).await.expect("a form");
    let value = |name: String| {
        let fields = form["fields"].as_array().expect("fields");
        let field = fields.iter().find(|field| field["field"] == name.as_str());
        field.map(|field| field["value"].as_str().unwrap_or_default().to_owned())
    };
    let way = |row| {
        let (kind, way) = (value(format!("way-kind-{row}"))?, value(format!("way-{row}"))?);
        Some((kind, way))
    };
    let filled = (1..).map_while(way).filter(|(_, way)| !way.is_empty());
    filled.map(|(kind, way)| format!("{kind} {way}")).collect()
}

#[tokio::test]
async fn a_way_is_changed_by_its_kind_and_the_rest_stays() {
    let the_box = TestBox::start();
    somebody(&the_box);
    let client = the_box.client().await;
    let done = Ok(serde_json::json!({ "done": true }));
    // Three at once: more than a form has rows to spare.
    let three = [
        ("mobile", "07700 900123"),
        ("phone", "0117 496 0000"),
        ("email", "ana@example.org"),
    ];
    assert_eq!(asked(&client, change("ways", &three)).await, done);
    assert_eq!(
        ways(&client).await,
        [
            "e-mail ana@example.org",
            "mobile 07700 900123",
            "phone 0117 496 0000"
        ]
    );
    let two = [("mobile", "07700 900456"), ("phone", "")];
    assert_eq!(asked(&client, change("ways", &two)).await, done);
    assert_eq!(
        ways(&client).await,
        ["e-mail ana@example.org", "mobile 07700 900456"]
    );
    let by_row = [("way-2", "07700 900789")];
    assert_eq!(asked(&client, change("ways", &by_row)).await, done);
    assert_eq!(
        ways(&client).await,
        ["e-mail ana@example.org", "mobile 07700 900789"]
    );
    the_box.stop().await;
}

#[tokio::test]
async fn what_cannot_be_taken_is_named_as_it_was_said_and_changes_nothing() {
    let the_box = TestBox::start();
    somebody(&the_box);
    let client = the_box.client().await;
    for (group, said, refusals) in [
        (
            "ways",
            &[
                ("mobile", "in the evening"),
                ("way-kind-9", "pigeon"),
                ("way-9", "x"),
            ][..],
            &[
                "mobile: This is no telephone number",
                "way-kind-9: Choose one of the list",
            ][..],
        ),
        (
            "ways",
            &[("name", "x")],
            &["there is no field \"name\" here; there are reach, way-kind-1,"],
        ),
        ("custom", &[("custom-diet", "x")], &["the house has not made one"]),
        (
            "hobbies",
            &[("name", "x")],
            &["there is no group \"hobbies\" of fields; there are name, ways,"],
        ),
    ] {
        let refused = asked(&client, change(group, said)).await.expect_err("refused");
        for refusal in refusals {
            assert!(refused.contains(refusal), "{refused}");
        }
    }
    assert_eq!(ways(&client).await, Vec::<String>::new(), "nothing changed");
    the_box.stop().await;
}

#[tokio::test]
async fn a_tick_is_taken_away_by_no() {
    let the_box = TestBox::start();
    somebody(&the_box);
    let client = the_box.client().await;
    for (said, stands) in [("yes", "yes"), ("no", "")] {
        let said = change("needs", &[("large-print", said)]);
        asked(&client, said).await.expect("changed");
        let shown = asked(&client, MembersQuestion::Show { person: 1 })
            .await
            .expect("shown");
        let groups = shown["groups"].as_array().expect("groups");
        let needs = groups
            .iter()
            .find(|group| group["group"] == "needs")
            .expect("needs");
        let fields = needs["fields"].as_array().expect("fields");
        let tick = fields.iter().find(|field| field["field"] == "large-print");
        assert_eq!(tick.expect("a tick")["value"], stands);
    }
    the_box.stop().await;
}
