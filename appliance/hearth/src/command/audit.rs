//! `hearth audit`: who did what, newest first; the same as a file; and whether the record is whole.

use std::path::Path;

use acts::record::{LineView, csv, json_lines};
use acts::{ACTS, record};
use energy::calendar::Date;
use serde::Deserialize;
use store::Store;
use system::client::{Client, ClientError};
use system::control::CheckedView;
use system::record::RecordQuestion;
use units::Instant;

use super::moment::Wall;
use super::out::{Form, Out, Paint};
use super::table::{Stand, Table, hang};
use super::{Exit, Fault, connect, wall};
use crate::cli::{Audit, AuditAsk, Which};
use crate::state;

/// So many lines are shown where nobody says how many.
const LINES: u32 = 20;

/// Lines as the box sends them.
#[derive(Debug, Clone, Deserialize)]
struct Found {
    lines: Vec<LineView>,
    older: Option<u64>,
    people_too: bool,
}

pub(super) async fn answer(asked: &Audit, state: &Path, out: &mut Out) -> Result<(), Fault> {
    let Audit {
        which, why, lines, ..
    } = asked;
    match &asked.what {
        None => {
            let client = connect(state).await?;
            let wall = wall(&client).await?;
            let question = RecordQuestion {
                count: Some(lines.unwrap_or(LINES)),
                ..question(which, &wall)?
            };
            let answer = client.record(&question, why).await?;
            if out.form == Form::Json {
                return out.line(&answer);
            }
            out.text(&show(&serde_json::from_str(&answer)?, &wall, out.paint))
        }
        Some(AuditAsk::Export { .. }) if lines.is_some() => Err(Fault::new(
            Exit::Usage,
            "a copy holds every line that is chosen",
            "Leave out -n, or choose lines with --from, --until and --act.",
        )),
        Some(AuditAsk::Export { file }) => {
            let client = connect(state).await?;
            let wall = wall(&client).await?;
            let found = all(&client, question(which, &wall)?, why).await?;
            let text = match out.form {
                Form::Json => json_lines(&found.lines),
                Form::Tables => csv(&found.lines),
            };
            match file {
                None => out.text(&text),
                Some(file) => written(file, &text, &found, out),
            }
        }
        Some(AuditAsk::Verify) if *which != Which::default() => Err(Fault::new(
            Exit::Usage,
            "the record is whole as a whole or not at all",
            "Ask `hearth audit verify` without choosing lines.",
        )),
        Some(AuditAsk::Verify) => verify(state, out).await,
    }
}

/// What was typed, as the box is asked.
fn question(which: &Which, wall: &Wall) -> Result<RecordQuestion, Fault> {
    let usage = |sentence: String| Fault::new(Exit::Usage, sentence, "");
    if let Some(act) = &which.act
        && !ACTS.iter().any(|row| row.name == act)
    {
        return Err(Fault::new(
            Exit::Usage,
            format!("there is no act called {act:?}"),
            "`hearth acts` lists them.",
        ));
    }
    let read = |text: &String| wall.read(text).map_err(usage);
    // A day is meant as a whole.
    let read_end = |text: &String| match Date::parse(text.trim()) {
        Ok(day) => Ok(wall.zone.start_of(day.next())),
        Err(_) => read(text),
    };
    let from = which.from.as_ref().map(read).transpose()?;
    let until = which.until.as_ref().map(read_end).transpose()?;
    Ok(RecordQuestion {
        act: which.act.clone(),
        person: which.of,
        mine: which.mine,
        from_ms: from.map(Instant::as_millis),
        until_ms: until.map(Instant::as_millis),
        below: which.below,
        count: None,
    })
}

/// All lines that were asked for, in as many answers as it takes.
async fn all(client: &Client, mut question: RecordQuestion, why: &str) -> Result<Found, Fault> {
    let mut lines = Vec::new();
    loop {
        let found: Found = serde_json::from_str(&client.record(&question, why).await?)?;
        lines.extend(found.lines);
        if found.older.is_none() {
            return Ok(Found { lines, ..found });
        }
        question.below = found.older;
    }
}

fn written(file: &Path, text: &str, found: &Found, out: &mut Out) -> Result<(), Fault> {
    state::replace_private(file, text).map_err(|error| {
        Fault::new(
            Exit::Io,
            format!("{} cannot be written: {error}", file.display()),
            "Name another file, or none for the output.",
        )
    })?;
    let lines = found.lines.len();
    match out.form {
        Form::Json => {
            let said = serde_json::json!({ "lines": lines, "people_too": found.people_too });
            out.line(&said.to_string())
        }
        Form::Tables => {
            out.line(&format!("{}: {}", file.display(), counted(lines)))?;
            out.text(&left_out(found))
        }
    }
}

fn counted(lines: usize) -> String {
    match lines {
        1 => "1 line".to_owned(),
        lines => format!("{lines} lines"),
    }
}

fn show(found: &Found, wall: &Wall, paint: Paint) -> String {
    let mut text = if found.lines.is_empty() {
        "nothing: there is no such line\n".to_owned()
    } else {
        table(&found.lines, wall, paint)
    };
    if let Some(older) = found.older {
        text.push_str(&format!("older ones: --below {older}\n"));
    }
    text + &left_out(found)
}

/// That lines about people are not among them, where they are not.
fn left_out(found: &Found) -> String {
    if found.people_too {
        String::new()
    } else {
        hang(
            "",
            "Lines about people are left out. They are for people of the book who may read the whole record (hearth \
             members bind-user), and for root with a reason (--why).",
        )
    }
}

fn table(lines: &[LineView], wall: &Wall, paint: Paint) -> String {
    let mut table = Table::new(&[
        ("NUMBER", Stand::Right),
        ("WHEN", Stand::Left),
        ("WHO", Stand::Left),
        ("WHAT", Stand::Wrap),
    ]);
    for line in lines {
        table.row([
            line.number.to_string().into(),
            wall.date_time(line.at_ms).into(),
            line.actor.as_str().into(),
            what(line).into(),
        ]);
    }
    table.show(paint)
}

fn what(line: &LineView) -> String {
    let mut what = line.sentence.clone();
    if !line.subject.is_empty() {
        what.push_str(&format!(": {}", line.subject));
    }
    if !line.detail.is_empty() {
        what.push_str(&format!(" ({})", line.detail));
    }
    if line.everybody {
        what.push_str("; about everybody");
    } else if line.whose.iter().any(|whose| *whose != line.subject) {
        what.push_str(&format!("; about {}", line.whose.join(", ")));
    }
    if let Some(why) = &line.why {
        what.push_str(&format!("; why: {why}"));
    }
    what
}

/// Asks the box; where none runs, the record is looked through in its folder.
async fn verify(state: &Path, out: &mut Out) -> Result<(), Fault> {
    #[derive(Deserialize)]
    struct Checked {
        lines: Option<u64>,
        fault: Option<String>,
    }
    let answer = match connect(state).await {
        Ok(client) => client.check_record().await?,
        Err(error @ ClientError::NoBox { .. }) => in_folder(state, error)?,
        Err(other) => return Err(other.into()),
    };
    let checked: Checked = serde_json::from_str(&answer)?;
    if out.form == Form::Json {
        out.line(&answer)?;
    }
    match (checked.fault, out.form) {
        (None, Form::Json) => Ok(()),
        (None, Form::Tables) => out.line(&whole(checked.lines.unwrap_or_default())),
        (Some(_), Form::Json) => Err(Fault::said(Exit::Data)),
        (Some(fault), Form::Tables) => Err(Fault::new(
            Exit::Data,
            fault,
            format!(
                "Keep a copy of {} as they are now, before anything else is written.",
                Store::FILES.join(" and ")
            ),
        )),
    }
}

fn whole(lines: u64) -> String {
    match lines {
        0 => "The record is whole: there is no line in it yet.".to_owned(),
        1 => "The record is whole: its 1 line is as it was written.".to_owned(),
        lines => format!("The record is whole: all {lines} lines are as they were written."),
    }
}

/// The same from the store itself, which nobody else has open.
fn in_folder(state: &Path, no_box: ClientError) -> Result<String, Fault> {
    if !Store::is_in(state) {
        return Err(no_box.into());
    }
    let store = Store::open(state, store::Options::default())
        .map_err(|error| Fault::new(Exit::Unavailable, error.to_string(), ""))?;
    let checked =
        record::check(&store).map_err(|error| Fault::new(Exit::Unavailable, error.to_string(), ""))?;
    Ok(serde_json::to_string(&CheckedView::from(checked))?)
}

#[cfg(test)]
mod tests {
    use acts::record::LineView;
    use expect_test::expect;
    use system::control::RecordView;

    use super::super::Exit;
    use super::super::out::Paint;
    use super::super::samples::{line, read, wall};
    use super::{Which, question, show, whole};

    fn found(lines: Vec<LineView>, people_too: bool) -> RecordView {
        RecordView {
            older: lines.last().map(|line| line.number),
            lines,
            people_too,
        }
    }

    #[test]
    fn the_record_says_who_did_what() {
        let lines = vec![line(12, "unit 1, 2 registers from 0x0034"), line(11, "")];
        expect![[r#"
            NUMBER  WHEN                 WHO                      WHAT
                12  2026-06-16 14:03:22  user 1000 of the system  read registers of a device
                                                                  in the raw: cupboard (unit
                                                                  1, 2 registers from
                                                                  0x0034)
                11  2026-06-16 14:03:22  user 1000 of the system  read registers of a device
                                                                  in the raw: cupboard
            older ones: --below 11
            Lines about people are left out. They are for people of the book who may read
            the whole record (hearth members bind-user), and for root with a reason (--why).
        "#]]
        .assert_eq(&show(&read(&found(lines, false)), &wall(), Paint::Off));
        assert_eq!(
            show(&read(&found(Vec::new(), true)), &wall(), Paint::Off),
            "nothing: there is no such line\n"
        );
    }

    #[test]
    fn lines_about_people_say_about_whom_and_why() {
        let look = LineView {
            actor: "Cleo Marsh".to_owned(),
            act: "look-person".to_owned(),
            sentence: "looked at somebody's page".to_owned(),
            subject: "person 1".to_owned(),
            detail: "membership".to_owned(),
            whose: vec!["Ana Öberg".to_owned()],
            why: Some("she asked".to_owned()),
            ..line(7, "")
        };
        let all = LineView {
            everybody: true,
            whose: Vec::new(),
            why: None,
            ..look.clone()
        };
        expect![[r#"
            NUMBER  WHEN                 WHO         WHAT
                 7  2026-06-16 14:03:22  Cleo Marsh  looked at somebody's page: person 1
                                                     (membership); about Ana Öberg; why: she
                                                     asked
                 7  2026-06-16 14:03:22  Cleo Marsh  looked at somebody's page: person 1
                                                     (membership); about everybody
            older ones: --below 7
        "#]]
        .assert_eq(&show(&read(&found(vec![look, all], true)), &wall(), Paint::Off));
    }

    #[test]
    fn lines_are_chosen_by_day_and_by_an_act_that_there_is() {
        let days = Which {
            from: Some("2026-06-15".to_owned()),
            until: Some("2026-06-15".to_owned()),
            ..Which::default()
        };
        let asked = question(&days, &wall()).expect("days");
        let length = asked
            .until_ms
            .zip(asked.from_ms)
            .map(|(until, from)| until - from);
        assert_eq!(length, Some(86_400_000), "the whole day");
        for (which, said) in [
            (
                Which {
                    act: Some("dance".to_owned()),
                    ..Which::default()
                },
                "there is no act called \"dance\"",
            ),
            (
                Which {
                    from: Some("soon".to_owned()),
                    ..Which::default()
                },
                "\"soon\" is no time",
            ),
        ] {
            let fault = question(&which, &wall()).expect_err("refused");
            assert_eq!(fault.exit, Exit::Usage);
            assert!(fault.cause.starts_with(said), "{fault:?}");
        }
    }

    #[test]
    fn a_whole_record_is_counted() {
        expect![[r#"
            The record is whole: there is no line in it yet.
            The record is whole: its 1 line is as it was written.
            The record is whole: all 2 lines are as they were written."#]]
        .assert_eq(&[0, 1, 2].map(whole).join("\n"));
    }
}
