//! What is typed about people and about what was done: as a user of the system who is a person of the book, and as one
//! who is not.

use std::fs;
use std::path::Path;

use anyhow::Result;
use expect_test::expect;
use members::book::{Numbers, OF_PEOPLE};
use members::credential::{Passphrase, SlowHash};
use members::person::Person;
use members::record::{Kept, Key, Newer};
use members::role::{Duty, SystemUser};
use serde_json::{Value, json};
use store::{Change, Options, RowChange, Store};
use units::PersonId;

use super::place::{Place, Said, hearth, typed};

const ANA: PersonId = PersonId::new(1);

/// Ana, a steward who can sign in, is the user of the system who runs this test.
fn ana(folder: &Path) -> Result<()> {
    let now = hearth::clock::now();
    let newer = Newer::default;
    let passphrase = Passphrase {
        name: ANA.to_string(),
        hash: SlowHash("none that fits".to_owned()),
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
    let file = place.state().join("record.csv").display().to_string();
    let taken = place.ask(&["audit", "export", &file])?;
    assert!(
        taken.out.contains(": 3 lines\n") && taken.words().contains("Lines about people are left out."),
        "{taken:?}"
    );
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
            said.err.contains("has changed since it was written")
                && said.err.contains("Keep a copy of hearth.redb and hearth.tail"),
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

/// What is said to words that are done.
fn good(place: &Place, words: &[&str]) -> Result<Said> {
    let said = place.ask(words)?;
    assert_eq!((said.code, said.err.as_str()), (0, ""), "{words:?}: {said:?}");
    Ok(said)
}

#[test]
fn people_are_entered_changed_admitted_and_leave_as_at_the_page() -> Result<()> {
    let place = Place::quiet(ana)?;
    let good = |words: &[&str]| good(&place, words);
    let said = good(&[
        "members",
        "add",
        "Cleo Marsh",
        "mobile=07700 900123",
        "--class",
        "member",
    ])?;
    assert_eq!(
        said.out,
        "In the book under the number 2: hearth members show 2\n"
    );
    good(&["members", "admit", "2", "--why", "the committee met"])?;
    good(&[
        "members",
        "change",
        "2",
        "ways",
        "email=cleo@example.org",
        "reach=e-mail",
    ])?;
    good(&[
        "members",
        "change",
        "2",
        "address",
        "lines=12 Mill Lane",
        "lines=Bristol",
        "postcode=bs5 0aa",
    ])?;
    let shown = good(&["members", "show", "2"])?;
    assert!(super::wide(&shown).is_empty(), "{shown:?}");
    for (name, value) in [
        ("membership", "member, Member, since "),
        ("post to", "12 Mill Lane, Bristol, BS5 0AA"),
        ("mobile", "07700 900123"),
        ("e-mail", "cleo@example.org"),
    ] {
        let line = shown.out.lines().find(|line| line.trim_start().starts_with(name));
        assert!(line.is_some_and(|line| line.contains(value)), "{name}: {shown:?}");
    }
    super::check(
        &place,
        &["members", "show", "2"],
        &expect!["entered_ms groups household membership name number post related relations"],
    )?;
    super::check(
        &place,
        &["members", "change", "2", "ways"],
        &expect!["fields group name number"],
    )?;
    good(&[
        "members",
        "change",
        "2",
        "name",
        "--why",
        "no field",
        "pronouns=she",
    ])?;
    good(&["members", "leave", "2"])?;
    let left = place.ask(&["members", "show", "2", "--json"])?.first()?;
    assert_eq!(left["membership"]["status"], "left");
    let none = good(&["members", "households"])?;
    assert_eq!(none.out, "nothing: no household was found\n");

    let record = good(&["audit", "--act", "decide-membership"])?;
    assert!(record.words().contains("why: the committee met"), "{record:?}");
    good(&["audit", "verify"])?;
    let log = place.logs();
    assert!(!log.contains("Cleo") && !log.contains("07700"), "{log}");
    Ok(())
}

#[test]
fn households_are_made_changed_joined_and_left() -> Result<()> {
    let place = Place::quiet(ana)?;
    let good = |words: &[&str]| good(&place, words);
    good(&["members", "add", "Ben Okafor"])?;
    let made = good(&["members", "make-household", "1"])?;
    assert_eq!(made.out, "It has the number 1: hearth members household 1\n");
    good(&["members", "join-household", "1", "2"])?;
    good(&[
        "members",
        "household",
        "1",
        "household-name=The corner",
        "lines=12 Mill Lane",
    ])?;
    super::check(
        &place,
        &["members", "household", "1"],
        &expect!["fields name number people stays"],
    )?;
    let seen = good(&["members", "household", "1"])?;
    assert!(
        seen.out.starts_with("The corner (1)\n") && seen.words().contains("Ana Öberg (1), Ben Okafor (2)"),
        "{seen:?}"
    );
    super::check(
        &place,
        &["members", "households", "corner"],
        &expect!["found households page pages"],
    )?;
    good(&["members", "leave-household", "1", "2"])?;
    for (words, code, sentence) in [
        (
            &["join-household", "1", "1"][..],
            65,
            "who: This person belongs to this household already",
        ),
        (
            &["join-household", "9", "1"],
            66,
            "There is no household with this number",
        ),
        (
            &["leave-household", "1", "2"],
            65,
            "person 2 does not belong to this household",
        ),
        (
            &["make-household", "1"],
            65,
            "person 1 belongs to a household already",
        ),
        (
            &["household", "1", "letters=never"],
            65,
            "letters: Choose one of the list",
        ),
        (
            &["household", "1", "mobile=1"],
            65,
            "there is no field \"mobile\" here; there are household-name,",
        ),
    ] {
        let said = place.ask(&[&["members"], words].concat())?;
        assert_eq!(said.code, code, "{words:?}: {said:?}");
        assert!(said.err.contains(sentence), "{words:?}: {said:?}");
    }
    Ok(())
}

#[test]
fn fields_are_read_from_the_input_so_that_nobody_sees_them_typed() -> Result<()> {
    let place = Place::quiet(ana)?;
    for (words, input, code) in [
        (
            &["members", "add", "-"][..],
            "name=Dev Rao\naccess=nothing of this group\n",
            65,
        ),
        (&["members", "add", "-"], "name=Dev Rao\n", 0),
        (&["members", "change", "2", "needs", "-"], "access=a ramp\n", 0),
    ] {
        let said = typed(place.state(), words, input)?;
        assert_eq!(said.code, code, "{words:?}: {said:?}");
    }
    let shown = good(&place, &["members", "show", "2"])?;
    assert!(
        shown.out.starts_with("Dev Rao (2)\n") && shown.words().contains("access a ramp"),
        "{shown:?}"
    );
    Ok(())
}

#[test]
fn what_the_rules_refuse_is_said_at_the_field() -> Result<()> {
    let place = Place::quiet(ana)?;
    let cases: [(&[&str], i32, &str); 18] = [
        (&["add", "ana oberg"], 65, "name: Person 1 has this name already"),
        (&["add", "ana oberg", "--another"], 0, ""),
        (&["add", " "], 65, "name: "),
        (&["add", "Ben", "born=soon"], 65, "born: \"soon\" is no day"),
        (
            &["add", "Ben", "mobile=never"],
            65,
            "mobile: This is no telephone number",
        ),
        (
            &["add", "Ben", "mobil=1"],
            65,
            "there is no field \"mobil\" here; there are name,",
        ),
        (
            &["add", "Ben", "mobile"],
            64,
            "\"mobile\" is no field with its value",
        ),
        (
            &["add", "Ben", "--class", "gold"],
            65,
            "person 3 was added, but the application was not taken: class: There is no class of membership \"gold\"",
        ),
        (&["apply", "3", "youth"], 65, "class: \"Youth\" asks for an age"),
        (
            &["admit", "3"],
            65,
            "The classes are associate, member, organisation, youth",
        ),
        (
            &["admit", "3", "--class", "member", "--on", "1/1/2100"],
            65,
            "on: This day is still to come",
        ),
        (&["leave", "3"], 65, "to: "),
        (
            &["admit", "3", "--class", "member"],
            65,
            "to: Into this class one is admitted by a decision",
        ),
        (&["apply", "3", "member"], 0, ""),
        (&["admit", "3"], 0, ""),
        (&["decide", "3", "removed"], 65, "why: Say why"),
        (&["show", "99"], 66, "Nobody in the book has this number"),
        (&["change", "3", "hobbies"], 64, "hobbies"),
    ];
    let mut wrong = Vec::new();
    for (words, code, sentence) in cases {
        let said = place.ask(&[&["members"], words].concat())?;
        if said.code != code || !said.err.contains(sentence) {
            wrong.push(format!(
                "{words:?} should end with {code} and say {sentence:?}: {said:?}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    Ok(())
}
