//! What is typed about people and about what was done: as a user of the system who is a person of the book, and as one
//! who is not.

use std::fs;
use std::path::Path;

use anyhow::Result;
use members::book::{Numbers, OF_PEOPLE};
use members::credential::Passphrase;
use members::person::Person;
use members::record::{Kept, Key, Newer};
use members::role::{Duty, SystemUser};
use serde_json::{Value, json};
use store::{Change, Options, RowChange, Store};
use units::PersonId;

use super::place::{Place, hearth};

const ANA: PersonId = PersonId::new(1);

/// Ana, a steward who can sign in, is the user of the system who runs this test.
fn ana(folder: &Path) -> Result<()> {
    let now = hearth::clock::now();
    let newer = Newer::default;
    let passphrase = Passphrase {
        name: ANA.to_string(),
        hash: "none that fits".to_owned(),
        set: now,
        newer: newer(),
    };
    let duty = Duty {
        roles: ["steward".to_owned()].into(),
        newer: newer(),
    };
    let user = SystemUser {
        person: ANA,
        newer: newer(),
    };
    let given = Numbers {
        given: 1,
        newer: newer(),
    };
    let rows = vec![
        row(&OF_PEOPLE.to_owned(), &given),
        row(&ANA, &Person::named("Ana Öberg", now)?),
        row(&ANA, &passphrase),
        row(&ANA, &duty),
        row(&rustix::process::getuid().as_raw(), &user),
    ];
    let store = Store::open(folder, Options::default())?;
    store.change(Change {
        rows,
        lines: Vec::new(),
    })?;
    Ok(())
}

fn row<R: Kept>(key: &R::Key, record: &R) -> RowChange {
    RowChange {
        table: R::TABLE,
        key: key.to_key(),
        before: None,
        after: Some(record.encode()),
    }
}

#[test]
fn a_claim_says_whether_the_box_is_claimed() -> Result<()> {
    let open = Place::quiet(|_| Ok(()))?;
    let said = open.ask(&["claim", "--json"])?;
    assert_eq!(said.code, 0, "{said:?}");
    let claim = said.first()?;
    assert_eq!(
        (&claim["claimed"], &claim["sentence"]),
        (&json!(false), &Value::Null)
    );
    assert_eq!(claim["words"].as_array().map(Vec::len), Some(4));
    let text = open.ask(&["claim"])?;
    assert!(text.out.contains("type it there before"), "{text:?}");

    let claimed = Place::quiet(ana)?;
    let text = claimed.ask(&["claim"])?;
    assert_eq!((text.code, text.out.as_str()), (65, ""), "{text:?}");
    assert!(text.err.contains("has been claimed already"), "{text:?}");
    let said = claimed.ask(&["claim", "--json"])?;
    assert_eq!((said.code, said.err.as_str()), (65, ""), "{said:?}");
    let claim = said.first()?;
    assert_eq!(
        (&claim["claimed"], &claim["words"], &claim["until_ms"]),
        (&json!(true), &Value::Null, &Value::Null)
    );
    Ok(())
}

#[test]
fn a_record_that_was_altered_is_found_with_and_without_a_running_box() -> Result<()> {
    let mut place = Place::quiet(|_| Ok(()))?;
    for _ in 0..3 {
        assert_eq!(place.ask(&["claim"])?.code, 0);
    }
    let whole = place.ask(&["audit", "verify"])?;
    assert_eq!(whole.code, 0, "{whole:?}");
    assert!(whole.out.starts_with("The record is whole: all "), "{whole:?}");
    place.end()?;
    let offline = place.ask(&["audit", "verify"])?;
    assert_eq!(
        (offline.code, &offline.out),
        (0, &whole.out),
        "the box said the same"
    );

    // Somebody with the card writes another act into the lines.
    let file = place.state().join("hearth.redb");
    let mut bytes = fs::read(&file)?;
    let (act, other) = (b"show-code", b"sign-outs");
    let places: Vec<usize> = (0..bytes.len())
        .filter(|at| bytes[*at..].starts_with(act))
        .collect();
    assert!(places.len() >= 3, "the lines are in the file");
    for at in places {
        bytes[at..at + act.len()].copy_from_slice(other);
    }
    fs::write(&file, bytes)?;
    for running in [false, true] {
        if running {
            place.run(&[])?;
        }
        let said = place.ask(&["audit", "verify"])?;
        assert_eq!(
            (said.code, said.out.as_str()),
            (65, ""),
            "running {running}: {said:?}"
        );
        assert!(
            said.err
                .contains("was altered at line 1: the line or the one before it was changed")
                && said.err.contains("Keep a copy of hearth.redb"),
            "running {running}: {said:?}"
        );
        let said = place.ask(&["audit", "verify", "--json"])?;
        assert_eq!((said.code, said.err.as_str()), (65, ""), "{said:?}");
        let checked = said.first()?;
        assert_eq!(
            (&checked["whole"], &checked["lines"]),
            (&json!(false), &Value::Null)
        );
    }
    let nothing = super::folder()?;
    let said = hearth(nothing.path(), &["audit", "verify"])?;
    assert_eq!(said.code, 69, "{said:?}");
    assert!(
        !nothing.path().join("hearth.redb").exists(),
        "looking makes no store"
    );
    let chosen = place.ask(&["audit", "verify", "--of", "1"])?;
    assert_eq!(chosen.code, 64, "{chosen:?}");
    Ok(())
}

#[test]
fn the_record_is_read_as_a_person_of_the_book_and_taken_along() -> Result<()> {
    let place = Place::quiet(ana)?;
    assert_eq!(place.ask(&["members", "find", "Oberg"])?.code, 0);
    let said = place.ask(&["audit"])?;
    assert_eq!((said.code, said.err.as_str()), (0, ""), "{said:?}");
    assert!(
        said.words()
            .contains("Ana Öberg looked through the members' book")
            && said.words().contains("about Ana Öberg"),
        "{said:?}"
    );
    let of_ana = place
        .ask(&["audit", "--of", "1", "--act", "list-people", "--json"])?
        .first()?;
    assert_eq!(of_ana["lines"].as_array().map(Vec::len), Some(1), "{of_ana}");
    let line = &of_ana["lines"][0];
    assert_eq!(
        (&line["act"], &line["whose"]),
        (&json!("list-people"), &json!(["Ana Öberg"]))
    );
    let mine = place.ask(&["audit", "--mine"])?;
    assert_eq!(
        (mine.code, mine.out.as_str()),
        (0, "nothing: there is no such line\n")
    );

    let table = place.ask(&["audit", "export", "--act", "list-people"])?;
    assert_eq!(table.code, 0, "{table:?}");
    assert!(
        table
            .out
            .starts_with("\u{feff}number,at_ms,who,via,act,subject,detail,whose,why\r\n"),
        "{table:?}"
    );
    assert_eq!(table.out.lines().count(), 2, "{table:?}");
    let lines = place
        .ask(&["audit", "export", "--act", "list-people", "--json"])?
        .first()?;
    assert_eq!(
        (&lines["who"], &lines["act"]),
        (&json!("Ana Öberg"), &json!("list-people"))
    );
    let file = place.state().join("record.csv");
    let words = ["audit", "export", &file.display().to_string()];
    let said = place.ask(&words)?;
    assert!(said.out.ends_with(" lines\n"), "{said:?}");
    let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&file)?.permissions());
    assert_eq!(mode & 0o077, 0, "it is for its owner alone");
    assert!(fs::read_to_string(&file)?.contains("list-people"));

    for (words, code) in [
        (&["audit", "--act", "dance"][..], 64),
        (&["audit", "--from", "soon"], 64),
        (&["audit", "--mine", "--of", "1"], 64),
        (&["audit", "export", "/nowhere/record.csv"], 74),
    ] {
        let said = place.ask(words)?;
        assert_eq!((said.code, said.out.as_str()), (code, ""), "{words:?}: {said:?}");
    }
    Ok(())
}
