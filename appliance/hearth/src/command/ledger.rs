//! `hearth ledger`: whether the closed days are as they were closed, a statement of them, a statement compared with the
//! box, and what was corrected of a quarter.

use std::path::Path;

use acts::ledger;
use serde::Deserialize;
use serde_json::Value;
use store::Store;
use system::client::{Client, ClientError, Lines};
use system::ledger::LedgerQuestion;

use super::moment::Wall;
use super::out::{Form, Out};
use super::{Exit, Fault, connect, wall};
use crate::cli::LedgerAsk;
use crate::state;

/// The store's file within the folder.
const FILE: &str = "hearth.redb";
/// What the first line of a statement says of itself.
const STATEMENT: &str = "hearth-ledger-1";

/// What looking through the chain found, as the box sends it.
#[derive(Debug, Deserialize)]
struct Chain {
    days: u64,
    entries: u64,
    corrections: u64,
    hash: Option<String>,
    fault: Option<String>,
}

/// A correction, as the box sends it.
#[derive(Debug, Deserialize)]
struct Correction {
    number: u64,
    recorded_ms: i64,
    before_wh: Option<i64>,
    after_wh: i64,
    quality: String,
    causes: Vec<String>,
}

pub(super) async fn answer(asked: &LedgerAsk, state: &Path, out: &mut Out) -> Result<(), Fault> {
    match asked {
        LedgerAsk::Verify => verify(state, out).await,
        LedgerAsk::Export {
            file,
            from,
            to,
            device,
        } => {
            let question = LedgerQuestion::Statement {
                from: from.clone(),
                to: to.clone(),
                device: device.clone(),
            };
            // The answer flows as long as the connection is there.
            let client = connect(state).await?;
            let lines = client.ledger(&question).await?;
            export(lines, file.as_deref(), out).await
        }
        LedgerAsk::Check { file } => check(file, state, out).await,
        LedgerAsk::History { device, flow, time } => {
            let client = connect(state).await?;
            history(&client, (device, flow, time), out).await
        }
    }
}

async fn export(mut lines: Lines, file: Option<&Path>, out: &mut Out) -> Result<(), Fault> {
    let Some(file) = file else {
        while let Some(line) = lines.next().await? {
            out.line(&line)?;
        }
        return Ok(());
    };
    let mut text = String::new();
    let mut count = 0_u64;
    while let Some(line) = lines.next().await? {
        text.push_str(&line);
        text.push('\n');
        count += 1;
    }
    state::replace_private(file, &text).map_err(|error| {
        Fault::new(
            Exit::Io,
            format!("{} cannot be written: {error}", file.display()),
            "Name another file, or none for the output.",
        )
    })?;
    match out.form {
        Form::Json => out.line(&serde_json::json!({ "lines": count }).to_string()),
        Form::Tables => out.line(&format!("{}: {count} lines", file.display())),
    }
}

/// Asks the box; where none runs, the ledger is looked through in its folder.
async fn verify(state: &Path, out: &mut Out) -> Result<(), Fault> {
    let answer = match connect(state).await {
        Ok(client) => {
            let mut lines = client.ledger(&LedgerQuestion::Verify).await?;
            lines.next().await?.unwrap_or_default()
        }
        Err(error @ ClientError::NoBox { .. }) => in_folder(state, error)?,
        Err(other) => return Err(other.into()),
    };
    let chain: Chain = serde_json::from_str(&answer)?;
    if out.form == Form::Json {
        out.line(&answer)?;
    }
    match (&chain.fault, out.form) {
        (None, Form::Json) => Ok(()),
        (None, Form::Tables) => out.text(&whole(&chain)),
        (Some(_), Form::Json) => Err(Fault::said(Exit::Data)),
        (Some(fault), Form::Tables) => Err(Fault::new(
            Exit::Data,
            fault.clone(),
            format!("Keep a copy of {FILE} as it is now, before anything else is written."),
        )),
    }
}

fn whole(chain: &Chain) -> String {
    let Some(hash) = &chain.hash else {
        return "The ledger is whole: no day is closed yet.\n".to_owned();
    };
    format!(
        "The ledger is whole: {} closed days with {} entries, and {} corrections.\n{hash}\n",
        chain.days, chain.entries, chain.corrections
    )
}

/// The same from the store itself, which nobody else has open.
fn in_folder(state: &Path, no_box: ClientError) -> Result<String, Fault> {
    if !state.join(FILE).exists() {
        return Err(no_box.into());
    }
    let unavailable = |error: &dyn std::fmt::Display| Fault::new(Exit::Unavailable, error.to_string(), "");
    let store = Store::open(state, store::Options::default()).map_err(|error| unavailable(&error))?;
    let found = ledger::check(&store).map_err(|error| unavailable(&error))?;
    Ok(serde_json::to_string(&found)?)
}

async fn history(
    client: &Client,
    (device, flow, time): (&str, &str, &str),
    out: &mut Out,
) -> Result<(), Fault> {
    let wall = wall(client).await?;
    let at = wall
        .read(time)
        .map_err(|what| Fault::new(Exit::Usage, what, ""))?;
    let question = LedgerQuestion::History {
        device: device.to_owned(),
        flow: flow.to_owned(),
        at_ms: at.as_millis(),
    };
    let mut lines = client.ledger(&question).await?;
    let mut any = false;
    while let Some(line) = lines.next().await? {
        any = true;
        match out.form {
            Form::Json => out.line(&line)?,
            Form::Tables => out.line(&told(&serde_json::from_str(&line)?, &wall))?,
        }
    }
    match out.form {
        Form::Tables if !any => out.line("nothing: this quarter was not corrected since its day was closed"),
        _ => Ok(()),
    }
}

fn told(one: &Correction, wall: &Wall) -> String {
    let before = one
        .before_wh
        .map_or_else(|| "nothing".to_owned(), |wh| format!("{wh} Wh"));
    let known = std::iter::once(&one.quality).chain(&one.causes);
    let known: Vec<&str> = known.map(String::as_str).collect();
    format!(
        "correction {}, with what came {}: {before} before, {} Wh since ({})",
        one.number,
        wall.minute(one.recorded_ms),
        one.after_wh,
        known.join(", ")
    )
}

/// Compares a statement with the box, line by line.
async fn check(file: &Path, state: &Path, out: &mut Out) -> Result<(), Fault> {
    let text = std::fs::read_to_string(file).map_err(|error| {
        let cause = format!("{} cannot be read: {error}", file.display());
        Fault::new(Exit::Io, cause, "Name a file that `hearth ledger export` wrote.")
    })?;
    let mut comparison = Comparison::new(&text).map_err(|what| Fault::new(Exit::Data, what, ""))?;
    let client = connect(state).await?;
    let mut lines = client.ledger(&comparison.question()).await?;
    while let Some(line) = lines.next().await? {
        let misfit = comparison.take(&serde_json::from_str(&line)?);
        if let Some(what) = misfit {
            let todo = "`hearth ledger verify` says whether the box's own ledger is whole.";
            return Err(Fault::new(Exit::Data, what, todo));
        }
    }
    let later = comparison
        .end()
        .map_err(|what| Fault::new(Exit::Data, what, ""))?;
    match out.form {
        Form::Json => out.line(&serde_json::json!({ "fits": true, "later_lines": later }).to_string()),
        Form::Tables if later == 0 => out.line("The statement fits the box, line by line."),
        Form::Tables => out.line(&format!(
            "The statement fits the box, line by line. Since then {later} lines came: export it anew to have them."
        )),
    }
}

/// A statement beside what the box says.
struct Comparison {
    head: Value,
    lines: Vec<(usize, Value)>,
    /// How many of them were compared.
    at: usize,
    closed: bool,
    later: u64,
}

impl Comparison {
    fn new(text: &str) -> Result<Self, String> {
        let mut lines = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            let value: Value =
                serde_json::from_str(line).map_err(|error| format!("line {number} is no JSON: {error}"))?;
            lines.push((number, value));
        }
        let is_statement = lines
            .first()
            .is_some_and(|(_, head)| head["statement"] == STATEMENT);
        if !is_statement {
            return Err(format!(
                "this is no statement of a ledger: its first line does not say {STATEMENT}"
            ));
        }
        let (_, head) = lines.remove(0);
        let closed = lines.pop_if(|(_, last)| last.get("closing").is_some()).is_some();
        Ok(Self {
            head,
            lines,
            at: 0,
            closed,
            later: 0,
        })
    }

    /// The same statement, asked of the box.
    fn question(&self) -> LedgerQuestion {
        let word = |key: &str| self.head[key].as_str().map(str::to_owned);
        LedgerQuestion::Statement {
            from: word("from"),
            to: word("to"),
            device: word("device"),
        }
    }

    /// Takes a line of the box and says what does not fit.
    fn take(&mut self, has: &Value) -> Option<String> {
        if has.get("statement").is_some() || has.get("closing").is_some() {
            return None;
        }
        let Some((number, said)) = self.lines.get(self.at) else {
            self.later += 1;
            return None;
        };
        self.at += 1;
        (!fits(said, has))
            .then(|| format!("line {number} does not fit: the statement says {said}, the box has {has}"))
    }

    /// How many lines the box has that the statement has not.
    fn end(&self) -> Result<u64, String> {
        if let Some((number, said)) = self.lines.get(self.at) {
            return Err(format!(
                "line {number} does not fit: the statement says {said}, the box has nothing there"
            ));
        }
        if !self.closed {
            return Err("the statement is cut: what is there fits, and its last line is missing".to_owned());
        }
        Ok(self.later)
    }
}

/// Whether the box has all that the statement says; a newer Hearth may say more.
fn fits(said: &Value, has: &Value) -> bool {
    match (said, has) {
        (Value::Object(said), Value::Object(has)) => said
            .iter()
            .all(|(key, said)| has.get(key).is_some_and(|has| fits(said, has))),
        _ => said == has,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Comparison;

    const TEXT: &str = "{\"statement\":\"hearth-ledger-1\",\"from\":\"2026-06-01\",\"to\":null,\"device\":null}\n\
        {\"day\":\"2026-06-01\",\"hash\":\"aa\"}\n{\"wh\":5}\n{\"closing\":\"hearth-ledger-1\",\"days\":1,\"lines\":2}\n";

    fn compare(text: &str, wh: i64) -> Result<u64, String> {
        let mut comparison = Comparison::new(text)?;
        let lines = [
            json!({"statement": "hearth-ledger-1"}),
            json!({"day": "2026-06-01", "hash": "aa", "newer": 1}),
            json!({"wh": wh}),
            json!({"day": "2026-06-02", "hash": "bb"}),
            json!({"closing": "hearth-ledger-1"}),
        ];
        for line in &lines {
            if let Some(misfit) = comparison.take(line) {
                return Err(misfit);
            }
        }
        comparison.end()
    }

    #[test]
    fn a_statement_is_compared_line_by_line() {
        assert_eq!(compare(TEXT, 5), Ok(1), "a day came since");
        assert_eq!(
            compare(TEXT, 6),
            Err("line 3 does not fit: the statement says {\"wh\":5}, the box has {\"wh\":6}".to_owned())
        );
        let cut: String = TEXT.lines().take(2).map(|line| format!("{line}\n")).collect();
        assert!(compare(&cut, 5).is_err_and(|what| what.starts_with("the statement is cut")));
        let more = TEXT.replace("{\"closing\"", "{\"wh\":7}\n{\"wh\":8}\n{\"closing\"");
        assert!(compare(&more, 5).is_err_and(|what| what.starts_with("line 4 does not fit")));
        assert!(compare("{}", 5).is_err() && compare("no", 5).is_err());
    }
}
