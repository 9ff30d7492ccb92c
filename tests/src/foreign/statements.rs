//! Statements that others have made: ofxparse's samples, ofxstatement's, and what ofxstatement writes of both. Each is read
//! as its own tool reads it, or refused with a sentence, as a whole or row by row.
//!
//! Needs the Python and the samples that `./dev test` fetches.

use std::fs;

use anyhow::{Context, Result, ensure};
use members::statement::file::open;
use members::statement::{Line, NoStatement, Read};
use serde_json::Value;
use units::{Currency, Money};

use crate::peers::read_samples;

/// What a line comes down to: its day, its amount, the bank's number for it, who, and what is written on it.
type Told = (String, i64, String, String, String);

/// The one account of a file, as its own tool read it.
struct Theirs {
    id: String,
    currency: Currency,
    balance: Option<Money>,
    thrown_away: usize,
    lines: Vec<Told>,
}

impl Theirs {
    fn of(account: &Value) -> Result<Self> {
        // A file that names no currency is read as one of the place's own.
        let currency = account["currency"].as_str().unwrap_or("AUD");
        let currency = Currency::parse(currency)?;
        let lines = account["lines"].as_array().into_iter().flatten();
        Ok(Self {
            id: text(&account["id"]),
            currency,
            balance: account["balance"]
                .as_str()
                .map(|balance| Money::parse(balance, currency))
                .transpose()?,
            thrown_away: usize::try_from(account["thrown_away"].as_u64().unwrap_or_default())?,
            lines: lines
                .map(|line| {
                    Ok((
                        text(&line["date"]),
                        Money::parse(&text(&line["amount"]), currency)?.minor(),
                        text(&line["id"]),
                        text(&line["name"]),
                        text(&line["memo"]),
                    ))
                })
                .collect::<Result<_>>()?,
        })
    }
}

/// A text with single spaces; nothing is the same as an empty one.
fn text(value: &Value) -> String {
    let words: Vec<&str> = value.as_str().unwrap_or_default().split_whitespace().collect();
    words.join(" ")
}

fn ours(line: &Line) -> Told {
    (
        line.date.to_string(),
        line.amount.minor(),
        line.id.clone().unwrap_or_default(),
        line.name.clone().unwrap_or_default(),
        line.texts.join(" "),
    )
}

/// What we read otherwise, if there is anything.
fn differs(read: &Read, theirs: &Theirs) -> Option<String> {
    if read.account.as_deref().unwrap_or_default() != theirs.id {
        return Some(format!("account {:?}, theirs {}", read.account, theirs.id));
    }
    let balance = theirs
        .balance
        .map(|balance| format!("that {balance} was in the account"));
    if let Some(balance) = balance
        && !read.understood.iter().any(|sentence| sentence.contains(&balance))
    {
        return Some(format!("{:?} does not say {balance}", read.understood));
    }
    let mut missing = theirs.lines.clone();
    let mut more = Vec::new();
    for line in read.lines.iter().map(ours) {
        match missing.iter().position(|theirs| *theirs == line) {
            Some(at) => drop(missing.remove(at)),
            None => more.push(line),
        }
    }
    // A row that we refuse with a sentence counts as refused; what they throw away we may be able to read.
    let differs = missing.len() > read.left.len() || more.len() > theirs.thrown_away;
    differs.then(|| {
        format!(
            "only theirs {missing:?}, only ours {more:?}, left {:?}",
            read.left
        )
    })
}

fn read_as(path: &str, currency: Currency) -> Result<Result<Read, NoStatement>> {
    let bytes = fs::read(path)?;
    Ok(open(&bytes).and_then(|opened| opened.read(None, currency)))
}

#[test]
fn each_statement_is_read_as_its_own_tool_reads_it() -> Result<()> {
    let own = tempfile::tempdir()?;
    let told = read_samples("statements.py", &[own.path()])?;
    let (mut equal, mut refused, mut wrong) = (Vec::new(), Vec::new(), Vec::new());
    for file in told.as_array().into_iter().flatten() {
        let path = text(&file["path"]);
        let accounts = file["accounts"].as_array().map_or(&[][..], Vec::as_slice);
        let theirs = accounts.iter().map(Theirs::of).collect::<Result<Vec<_>>>()?;
        let currency = theirs.first().map_or(Currency::GBP, |theirs| theirs.currency);
        let name = path.rsplit('/').next().unwrap_or_default().to_owned();
        match (read_as(&path, currency)?, theirs.as_slice()) {
            (Err(why), _) => refused.push(format!("{name}: {why}")),
            (Ok(read), [theirs]) => match differs(&read, theirs) {
                None => equal.push((name, read.lines.len())),
                Some(what) => wrong.push(format!("{name}: {what}")),
            },
            (Ok(_), _) => wrong.push(format!("{name}: they find {} accounts in it", theirs.len())),
        }
        // At a place that counts in another currency, none of them is taken.
        let abroad = read_as(&path, Currency::parse("CHF")?)?;
        ensure!(abroad.is_err(), "{path} is taken as francs");
    }
    let lines: usize = equal.iter().map(|(_, lines)| lines).sum();
    println!(
        "{} statements with {lines} lines read as by their own tool, {} refused:\n{}",
        equal.len(),
        refused.len(),
        refused.join("\n")
    );
    ensure!(wrong.is_empty(), "read otherwise:\n{}", wrong.join("\n"));
    ensure!(
        equal.len() >= 15 && lines >= 28,
        "too few statements were read: {equal:?}"
    );
    // Whatever one of their tools found lines of a bank in is read, but for tables of banks that nobody showed us yet.
    for file in told.as_array().into_iter().flatten() {
        let path = text(&file["path"]);
        let holds = |account: &Value| account["lines"].as_array().is_some_and(|lines| !lines.is_empty());
        let accounts = file["accounts"].as_array().context("their reading")?;
        let name = path.rsplit('/').next().unwrap_or_default();
        ensure!(
            !accounts.iter().any(holds)
                || path.ends_with(".csv")
                || equal.iter().any(|(equal, _)| equal == name),
            "{path} was refused"
        );
    }
    Ok(())
}
