//! Every command of `hearth` as people and programs type it, against a running box beside a running simulation:
//! tables and `--json`, exit codes, and what is said when something is wrong.
//!
//! The sentences of single tables are tested beside them; here it is the whole way, from the words typed to the
//! answer of another process.

mod book;
mod ledger;
mod place;

use std::collections::BTreeSet;
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::FileExt;

use anyhow::Result;
use expect_test::{Expect, expect};
use serde_json::Value;

use crate::box_process::get;
use place::{Place, Said, folder, hearth, watched};

/// The width that answers for people keep to.
const WIDTH: usize = 80;

/// The keys of an answer, or of the first of its list: what programs count on.
fn keys(answer: &Value) -> String {
    let one = answer.as_array().map_or(Some(answer), |list| list.first());
    let keys: Vec<&str> = one
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(key, _)| key.as_str())
        .collect();
    keys.join(" ")
}

fn wide(said: &Said) -> Vec<&str> {
    said.out
        .lines()
        .filter(|line| line.chars().count() > WIDTH)
        .collect()
}

/// Asks for a table and for JSON: both must be there, the table within its width, the JSON with these keys.
fn check(place: &Place, words: &[&str], expected: &Expect) -> Result<()> {
    let table = place.ask(words)?;
    assert_eq!((table.code, table.err.as_str()), (0, ""), "{words:?}: {table:?}");
    assert!(!table.out.trim().is_empty(), "{words:?} says nothing");
    assert!(
        wide(&table).is_empty(),
        "{words:?} is too wide: {:#?}",
        wide(&table)
    );
    let json = place.ask(&[words, &["--json"]].concat())?;
    assert_eq!((json.code, json.err.as_str()), (0, ""), "{words:?}: {json:?}");
    expected.assert_eq(&keys(&json.first()?));
    Ok(())
}

#[test]
fn every_question_has_its_table_and_its_json() -> Result<()> {
    let place = Place::start("")?;
    place.until(&["readings", "street-meter/power", "--json"], |said| {
        said.out.contains("value")
    })?;
    place.until(&["device", "roof"], |said| said.out.contains("energy"))?;
    check(
        &place,
        &["status"],
        &expect!["buses now_ms place power started_ms store tasks time_zone troubles version"],
    )?;
    check(
        &place,
        &["devices"],
        &expect![
            "answered asked audience bus identity kind label last_answer_ms last_error last_error_ms latency name notes patience_ms points private profile role state unit"
        ],
    )?;
    check(
        &place,
        &["device", "roof"],
        &expect![
            "answered asked audience bus identity kind label last_answer_ms last_error last_error_ms latency name notes patience_ms points private profile role state unit"
        ],
    )?;
    check(
        &place,
        &["read", "cupboard", "1", "0x48", "2"],
        &expect!["address bus function unit words"],
    )?;
    check(
        &place,
        &["read", "network", "1", "40000", "4", "--holding"],
        &expect!["address bus function unit words"],
    )?;
    check(
        &place,
        &["readings"],
        &expect!["channel decimals first_ms last_ms symbol unit"],
    )?;
    check(
        &place,
        &["readings", "street-meter/power", "--from", "-1h"],
        &expect!["at_ms value why"],
    )?;
    check(
        &place,
        &["energy"],
        &expect!["from_ms kind next ordinary parts period previous to_ms totals until_ms"],
    )?;
    check(
        &place,
        &["energy", "2026"],
        &expect!["from_ms kind next ordinary parts period previous to_ms totals until_ms"],
    )?;
    check(
        &place,
        &["profiles"],
        &expect!["family id largest_block line maker model points sleeps_at_night sources worst_latency_ms"],
    )?;
    check(
        &place,
        &["profiles", "eastron-sdm630"],
        &expect!["family id largest_block line maker model points sleeps_at_night sources worst_latency_ms"],
    )?;
    check(&place, &["audit"], &expect!["lines older people_too"])?;
    check(&place, &["reload"], &expect!["sentence"])?;
    check(&place, &["version"], &expect!["version"])?;
    check(&place, &["check-config"], &expect![""])?;
    Ok(())
}

#[test]
fn frames_and_logs_come_as_they_are() -> Result<()> {
    let place = Place::start("")?;
    let frames = watched(&place, &["bus", "watch", "cupboard"], 8)?;
    assert!(frames.iter().any(|line| line.contains(" sent ")), "{frames:#?}");
    assert!(
        frames.iter().all(|line| line.chars().count() <= WIDTH),
        "{frames:#?}"
    );
    let frames = watched(&place, &["bus", "watch", "cupboard", "--json"], 6)?;
    for line in &frames {
        let frame: Value = serde_json::from_str(line)?;
        assert_eq!(keys(&frame), "at_ms bytes direction gap_us words", "{line}");
    }
    let logs = place.ask(&["logs", "-n", "3"])?;
    assert_eq!(logs.code, 0, "{logs:?}");
    assert!(
        logs.out.lines().count() <= 3 && logs.out.contains("the page is there"),
        "{logs:?}"
    );
    assert_eq!(keys(&place.ask(&["logs", "--json"])?.first()?), "line");
    Ok(())
}

#[test]
fn each_way_of_going_wrong_has_its_exit_code_and_its_words() -> Result<()> {
    let place = Place::start("")?;
    place.until(&["device", "street-meter"], |said| said.out.contains("healthy"))?;
    let cases: [(&[&str], i32, &str); 18] = [
        (&["dance"], 64, "unrecognized subcommand"),
        (&["read", "cupboard", "900", "0", "1"], 64, "900"),
        (
            &["readings", "street-meter/power", "--from", "soon"],
            64,
            "is no time",
        ),
        (
            &["readings", "street-meter/power", "--from", "-1h", "--to", "-2h"],
            64,
            "not after the beginning",
        ),
        (&["energy", "yesterday"], 65, "is not a day, week, month or year"),
        (&["readings", "no channel at all"], 65, ""),
        (&["read", "cupboard", "1", "0", "126"], 65, ""),
        (&["device", "cellar"], 66, "there is no device \"cellar\""),
        (&["readings", "street-meter/smell"], 66, "there is no channel"),
        (
            &["readings", "flat-1/power"],
            66,
            "there is no channel flat-1/power here that you can see",
        ),
        (&["profiles", "steam-engine"], 66, "there is no profile"),
        (&["check-config", "nowhere.toml"], 66, "is not there"),
        (
            &["read", "attic", "1", "0", "2"],
            66,
            "there is no bus called attic",
        ),
        (&["bus", "watch", "attic"], 66, "there is no bus called attic"),
        (&["read", "network", "9", "0", "2"], 69, "no answer within"),
        (
            &["read", "cupboard", "99", "0", "2"],
            66,
            "only listed devices are read",
        ),
        (&["read", "cupboard", "1", "0xfff0", "2"], 69, "exception 2"),
        (
            &["read", "cupboard", "11", "0x0c", "2"],
            66,
            "kept for its household",
        ),
    ];
    let mut wrong = Vec::new();
    for (words, code, sentence) in cases {
        let said = place.ask(words)?;
        if said.code != code || !said.err.contains(sentence) || !said.out.is_empty() {
            wrong.push(format!(
                "{words:?} should end with {code} and say {sentence:?}: {said:?}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    Ok(())
}

#[test]
fn without_a_box_only_what_needs_none_is_answered() -> Result<()> {
    let folder = folder()?;
    for words in [
        &["status"][..],
        &["devices"],
        &["readings"],
        &["audit"],
        &["reload"],
        &["bus", "watch", "a"],
    ] {
        let said = hearth(folder.path(), words)?;
        assert_eq!((said.code, said.out.as_str()), (69, ""), "{words:?}: {said:?}");
        assert!(said.err.contains("no box runs here"), "{words:?}: {said:?}");
        assert!(
            said.err.contains("Start it with `hearth run`"),
            "{words:?}: {said:?}"
        );
    }
    for words in [
        &["version"][..],
        &["profiles"],
        &["completions", "bash"],
        &["completions", "zsh"],
        &["--help"],
    ] {
        let said = hearth(folder.path(), words)?;
        assert_eq!((said.code, said.err.as_str()), (0, ""), "{words:?}: {said:?}");
        assert!(!said.out.is_empty(), "{words:?}");
    }
    let said = hearth(folder.path(), &["run"])?;
    assert_eq!(said.code, 66, "{said:?}");
    assert!(
        said.err.contains("site.toml") && said.err.contains("docs/technicians/site.md"),
        "{said:?}"
    );
    Ok(())
}

#[test]
fn a_bad_site_is_refused_and_the_old_one_runs_on() -> Result<()> {
    let place = Place::start("")?;
    let site = place.state().join("site.toml");
    let good = fs::read_to_string(&site)?;

    let renamed = good.replace("label = \"Roof inverter\"", "label = \"Inverter above the hall\"");
    fs::write(&site, &renamed)?;
    assert!(place.ask(&["reload"])?.out.contains("read again"));
    assert!(
        place
            .ask(&["device", "roof"])?
            .out
            .contains("Inverter above the hall")
    );

    fs::write(
        &site,
        renamed
            .replace("role = \"grid\"", "role = \"gird\"")
            .replace("GBP", "pounds"),
    )?;
    for words in [&["check-config"][..], &["reload"]] {
        let said = place.ask(words)?;
        assert_eq!(said.code, 78, "{words:?}: {said:?}");
        let all = said.out + &said.err;
        assert!(
            all.contains("\"pounds\" is no currency") && all.contains("gird"),
            "{words:?}: {all}"
        );
        assert!(all.contains("site.toml:7:12"), "{words:?} names no place: {all}");
    }
    assert!(
        place.ask(&["reload"])?.err.contains("goes on"),
        "the box must say that it goes on"
    );
    let faults = place.ask(&["check-config", "--json"])?;
    assert_eq!(
        (faults.code, keys(&faults.first()?).as_str()),
        (78, "column line remedy what")
    );
    assert!(
        place
            .ask(&["device", "roof"])?
            .out
            .contains("Inverter above the hall")
    );
    place.until(&["status"], |said| said.out.contains("W"))?;
    Ok(())
}

#[test]
fn a_second_box_on_the_folder_is_refused() -> Result<()> {
    let place = Place::start("")?;
    let second = hearth(place.state(), &["run", "--port", "0"])?;
    assert_eq!(second.code, 69, "{second:?}");
    assert!(
        second.err.contains("another Hearth is already running"),
        "{second:?}"
    );
    assert_eq!(place.ask(&["status"])?.code, 0);
    Ok(())
}

/// The first bytes of a store that a Hearth of format 4 has written and only such a one may open.
const NEWER: &[u8; 32] = b"hearth store\n\0\0\0\0\0\0\x04\0\0\0\x04\x18\x8e\xb2\x21\x20\x26\xbe\x26";

#[test]
fn a_store_of_a_newer_hearth_is_left_alone_and_the_box_says_so() -> Result<()> {
    let mut place = Place::start("")?;
    place.end()?;
    let file = place.state().join("hearth.redb");
    fs::File::options()
        .write(true)
        .open(&file)?
        .write_all_at(NEWER, 0)?;
    let before = fs::read(&file)?;

    place.run(&[])?;
    let status = place.until(&["status"], |said| said.words().contains("newer Hearth"))?;
    assert!(
        status.words().contains("install the newer Hearth again"),
        "{status:?}"
    );
    let shown = get(place.address()?, "/box")?;
    assert!(shown.body.contains("newer Hearth"), "{}", shown.body);
    assert_eq!(fs::read(&file)?, before, "the file was touched");
    Ok(())
}

#[test]
fn a_busy_port_and_a_missing_adapter_are_told() -> Result<()> {
    let taken = TcpListener::bind("127.0.0.1:0")?;
    let port = taken.local_addr()?.port().to_string();
    let mut place = Place::start(
        "\n[[bus]]\nname = \"shed\"\nkind = \"serial\"\nport = \"/dev/serial/by-id/nowhere\"\nbaud = 9600\n\
         \n[[device]]\nname = \"pump\"\nlabel = \"Pump\"\nbus = \"shed\"\nunit = 1\nprofile = \"eastron-sdm120\"\n\
         role = \"consumption\"\naudience = \"everyone\"\nrated_power = 2000\n",
    )?;
    let status = place.until(&["status"], |said| said.words().contains("shed is down"))?;
    assert!(
        status.words().contains("Is the adapter plugged in?"),
        "{status:?}"
    );
    assert!(wide(&status).is_empty(), "{status:?}");
    place.end()?;

    place.launch(&["--port", &port])?;
    let status = place.until(&["status"], |said| {
        said.words().contains("the page cannot listen on")
    })?;
    assert!(wide(&status).is_empty(), "{status:?}");
    // Reading goes on all the same.
    place.until(&["device", "street-meter", "--json"], |said| {
        said.out.contains("\"state\":\"healthy\"") && !said.out.contains("\"answered\":0")
    })?;
    Ok(())
}

#[test]
fn what_a_flat_measures_is_in_no_answer() -> Result<()> {
    let place = Place::start("")?;
    place.until(&["device", "flat-6", "--json"], |said| {
        !said.out.contains("\"answered\":0")
    })?;
    let known: BTreeSet<&str> = [
        "name",
        "label",
        "role",
        "kind",
        "profile",
        "bus",
        "unit",
        "state",
        "private",
        "audience",
        "patience_ms",
    ]
    .into();
    for flat in 1..=6 {
        let device = place
            .ask(&["device", &format!("flat-{flat}"), "--json"])?
            .first()?;
        assert_eq!(
            (&device["points"], &device["private"]),
            (&Value::Array(Vec::new()), &Value::Bool(true))
        );
        assert!(known.iter().all(|key| device.get(key).is_some()), "{device:#}");
    }
    for words in [
        &["status"][..],
        &["devices"],
        &["readings"],
        &["energy"],
        &["audit"],
        &["logs", "-n", "1000"],
    ] {
        for form in [&[][..], &["--json"]] {
            let said = place.ask(&[words, form].concat())?;
            assert!(
                !said.out.contains("flat-1/") && !said.out.contains("flat-6/"),
                "{words:?}: {said:?}"
            );
        }
    }
    let refused = place.ask(&["read", "cupboard", "12", "0", "2"])?;
    assert_eq!((refused.code, refused.out.as_str()), (66, ""), "{refused:?}");
    for line in watched(&place, &["bus", "watch", "cupboard", "--json"], 30)? {
        let frame: Value = serde_json::from_str(&line)?;
        let bytes = frame["bytes"].as_str().unwrap_or_default();
        let of_a_flat = (0x0b..=0x10).any(|unit| bytes.starts_with(&format!("{unit:02x} ")));
        let values = bytes.len() > "0b 04 90".len();
        assert!(
            !(of_a_flat && values) || frame["direction"] == "sent",
            "a flat's registers are shown: {line}"
        );
    }
    Ok(())
}
