//! The box's page: the gravest first, what the card bears, what a task or a bus says of itself.

use acts::look::{BoxView, BusView, TaskView};
use expect_test::expect;

use super::rows::{ActRow, BusRow, TaskRow, about, record_sample, sample, store, tasks_summary};
use super::{BoxPage, Told, headline};
use crate::home::samples::afternoon;
use crate::pages::{Field, Layout};

#[test]
fn the_headline_says_whether_somebody_must_act() {
    let grave = sample();
    let mut known = sample();
    known.troubles.retain(|trouble| !trouble.must_act);
    let well = BoxView {
        troubles: Vec::new(),
        ..sample()
    };
    assert_eq!(
        [&grave, &known, &well].map(headline),
        [
            "Somebody must act.",
            "The box is well. There is something to know.",
            "The box is well."
        ]
    );
}

#[test]
fn what_somebody_must_do_stands_apart() {
    let page = BoxPage::sample();
    assert_eq!((page.urgent.len(), page.troubles.len()), (1, 1));
    assert!(
        page.urgent[0].ends_with("cable is in."),
        "a sentence: {:?}",
        page.urgent
    );
    assert_eq!(page.older, None, "two lines are the whole record");
}

#[test]
fn the_store_tells_what_the_card_bears() {
    let (zone, now) = afternoon();
    let told = |view: &BoxView| {
        let facts = store(view, &zone, now).into_iter().chain(about(view, &zone, now));
        facts
            .map(|fact| format!("{}: {}\n", fact.name, fact.says))
            .collect::<String>()
            .replace('\u{a0}', " ")
    };
    let mut fresh = sample();
    fresh.started_ms = fresh.now_ms - 60_000;
    fresh.store.last_commit_ms = None;
    fresh.store.trouble = Some("the card is full; free some room".to_owned());
    let mut uncounted = sample();
    uncounted.store.card_bytes = None;
    expect![[r#"
        State: Everything is written down.
        Last written: 14:09, it took 12 ms
        Size of the file: 48.2 MB
        Readings that wait in memory: 40
        Kept: Single readings for 90 days, minutes for 5 years, quarters of an hour and longer and the ledger for ever. The section store.keep in site.toml says so
        Written to the card: 31.5 MB since the start, about 125.8 MB a day at this pace
        Backup: none are made
        Version of Hearth: 0.1.0
        Running since: 08:10, for 6 hours
        Its clock: Tuesday 16 June 2026, 14:10 (Europe/London)

        State: The card is full; free some room.
        Last written: nothing yet
        Size of the file: 48.2 MB
        Readings that wait in memory: 40
        Kept: Single readings for 90 days, minutes for 5 years, quarters of an hour and longer and the ledger for ever. The section store.keep in site.toml says so
        Written to the card: 31.5 MB since the start; too early to say how much that is in a day
        Backup: none are made
        Version of Hearth: 0.1.0
        Running since: 14:09, for 1 minute
        Its clock: Tuesday 16 June 2026, 14:10 (Europe/London)

        State: Everything is written down.
        Last written: 14:09, it took 12 ms
        Size of the file: 48.2 MB
        Readings that wait in memory: 40
        Kept: Single readings for 90 days, minutes for 5 years, quarters of an hour and longer and the ledger for ever. The section store.keep in site.toml says so
        Written to the card: The system does not count it.
        Backup: none are made
        Version of Hearth: 0.1.0
        Running since: 08:10, for 6 hours
        Its clock: Tuesday 16 June 2026, 14:10 (Europe/London)
    "#]]
    .assert_eq(&[&sample(), &fresh, &uncounted].map(told).join("\n"));
}

#[test]
fn buses_and_tasks_say_how_they_are() {
    let mut buses: Vec<BusView> = sample().buses;
    buses.push(BusView {
        down: Some(format!("{}: Connection refused (os error 111)", buses[1].wire)),
        silent: 1,
        refused: 1,
        drained: 1,
        ..buses[1].clone()
    });
    let buses = buses.iter().map(BusRow::of).map(|row| {
        let what = format!("{}|{}", row.why, row.wire);
        format!("{} {}: {what}: {} {}\n", row.class, row.state, row.told, row.busy)
    });
    let mut tasks: Vec<TaskView> = sample().tasks;
    tasks.push(TaskView {
        restarts: 1,
        last_error: None,
        ..tasks[0].clone()
    });
    tasks.push(TaskView {
        running: false,
        last_error: Some("no such port".to_owned()),
        ..tasks[0].clone()
    });
    let tasks = tasks
        .iter()
        .map(TaskRow::of)
        .map(|row| format!("{} {}: {}\n", row.class, row.name, row.state));
    expect![[r#"
        healthy Up: |serial /dev/ttyUSB0, 9600 baud 8N1: Asked 12,430, answered 12,420; 7 times nothing came, 3 answers were refused as damaged or late, 16 bytes were thrown away. In use 41 % of the last minute.
        gone Down: The connection was refused.|Modbus TCP at 192.0.2.7:502: Asked 12,430, answered 12,420; 7 times nothing came, 3 answers were refused as damaged or late, 16 bytes were thrown away. In use 41 % of the last minute.
        gone Down: Modbus TCP at 192.0.2.7:502: Connection refused.|: Asked 12,430, answered 12,420; once nothing came, 1 answer was refused as damaged or late, 1 byte was thrown away. In use 41 % of the last minute.
        healthy recorder: Runs
        healthy bus roof: Runs; started again 3 times. Last: the connection was refused
        gone clock: Stopped
        healthy recorder: Runs; started again once
        gone recorder: Stopped: no such port
    "#]].assert_eq(&buses.chain(tasks).collect::<String>().replace('\u{a0}', " "));
}

#[test]
fn the_parts_of_the_program_are_told_in_one_sentence() {
    let mut tasks: Vec<TaskView> = sample().tasks;
    let told = tasks_summary(&tasks);
    for task in &mut tasks {
        task.running = true;
    }
    let well = tasks_summary(&tasks);
    for task in &mut tasks {
        task.running = false;
    }
    expect![[r#"
        1 of its 3 parts does not run: clock.
        All 3 parts of it run.
        3 of its 3 parts do not run: recorder, bus roof, clock."#]]
    .assert_eq(&[told, well, tasks_summary(&tasks)].join("\n"));
}

#[test]
fn the_record_tells_who_did_what() {
    let (zone, now) = afternoon();
    let lines = record_sample()
        .iter()
        .map(|line| ActRow::of(line, &zone, now))
        .map(|row| format!("{} | {} | {}\n", row.when, row.what, row.detail))
        .collect::<String>();
    expect![[r#"
        09:53 | Somebody at the page gave a device another name for people. | flat-1: Flat <1> & hall
        09:53 | Somebody at the page made the box read its configuration again. | site.toml
    "#]]
    .assert_eq(&lines);
}

#[test]
fn a_full_page_of_the_record_leads_to_older_lines() {
    let (zone, _) = afternoon();
    let lines: Vec<_> = (0..20)
        .map(|index| acts::look::AuditView {
            number: 50 - index,
            ..record_sample()[0].clone()
        })
        .collect();
    let page = BoxPage::new(Layout::sample(), &sample(), &lines, &zone, Told::default());
    assert_eq!(page.older.as_deref(), Some("/box?below=31#record"));
}

#[test]
fn a_refused_name_stays_in_its_field() {
    let (zone, _) = afternoon();
    let told = Told {
        name: Some(Field::refused(String::new(), "Write a name; it is empty now")),
        ..Told::default()
    };
    let page = BoxPage::new(Layout::sample(), &sample(), &[], &zone, told);
    assert_eq!(
        page.name,
        Field {
            value: String::new(),
            refusal: "Write a name; it is empty now.".to_owned()
        }
    );
}
