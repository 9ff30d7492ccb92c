//! Tables that others have made: csvkit's examples and csv-spectrum's. Each is read as its own tool reads it, or refused
//! with a sentence, as a whole or row by row.
//!
//! Needs the Python and the tables that `./dev test` fetches.

use std::fs;

use anyhow::Result;
use members::sheet::{Choice, Sheet, read};
use serde_json::Value;

use crate::peers::read_samples;

/// A table and what its own tool reads in it, if it can.
struct Theirs {
    path: String,
    rows: Option<Vec<Vec<String>>>,
}

impl Theirs {
    fn of(told: &Value) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let cells = |row: &Value| row.as_array().into_iter().flatten().map(text).collect();
        Self {
            path: text(&told["path"]),
            rows: told["rows"]
                .as_array()
                .map(|rows| rows.iter().map(cells).collect()),
        }
    }
}

#[test]
fn each_table_is_read_as_its_own_tool_reads_it() -> Result<()> {
    let told = read_samples("tables.py", &[])?;
    let all: Vec<Theirs> = told.as_array().into_iter().flatten().map(Theirs::of).collect();
    let (mut equal, mut refused, mut wrong) = (0, Vec::new(), Vec::new());
    for theirs in &all {
        let bytes = fs::read(&theirs.path)?;
        match (read(&bytes, &Choice::default()), &theirs.rows) {
            (Err(why), _) => refused.push(format!("{}: {why}", theirs.path)),
            (Ok(_), None) => equal += 1,
            (Ok(ours), Some(rows)) => match differs(&ours, rows) {
                None => equal += 1,
                Some(what) => wrong.push(format!("{}: {what}", theirs.path)),
            },
        }
    }
    println!(
        "{equal} read as by their own tool, {} refused:\n{}",
        refused.len(),
        refused.join("\n")
    );
    anyhow::ensure!(wrong.is_empty(), "read otherwise:\n{}", wrong.join("\n"));
    anyhow::ensure!(
        equal >= 60 && refused.len() <= 5,
        "too few tables, or too many refused"
    );
    Ok(())
}

/// The first row that we read otherwise, if there is one. A row that we refuse with a sentence counts as refused.
fn differs(ours: &Sheet, theirs: &[Vec<String>]) -> Option<String> {
    let there = |row: &&Vec<String>| row.iter().any(|cell| !cell.trim().is_empty());
    let mut theirs = theirs.iter().filter(there).skip(ours.told.above);
    let header = theirs.next()?;
    if !same(&ours.header, header, str::trim) {
        return Some(format!("header {:?}, theirs {header:?}", ours.header));
    }
    let mut lines: Vec<(usize, Option<&Vec<String>>)> =
        ours.rows.iter().map(|row| (row.line, Some(&row.cells))).collect();
    lines.extend(ours.faults.iter().map(|fault| (fault.line, None)));
    lines.sort_unstable_by_key(|(line, _)| *line);
    for (line, cells) in &lines {
        let Some(row) = theirs.next() else {
            return Some(format!("row {line} is not in theirs"));
        };
        if let Some(cells) = cells
            && !same(cells, row, |cell| cell)
        {
            return Some(format!("row {line}: {cells:?}, theirs {row:?}"));
        }
    }
    theirs
        .next()
        .map(|row| format!("a row of theirs is not in ours: {row:?}"))
}

fn same(ours: &[String], theirs: &[String], plain: fn(&str) -> &str) -> bool {
    let width = ours.len().max(theirs.len());
    let cell = |row: &[String], at: usize| row.get(at).map(|cell| plain(cell).to_owned()).unwrap_or_default();
    (0..width).all(|at| equal(&cell(ours, at), &cell(theirs, at)))
}

/// Numbers, days and yes or no of a workbook are written in several ways.
fn equal(ours: &str, theirs: &str) -> bool {
    let numbers = (ours.parse::<f64>(), theirs.parse::<f64>());
    let yes = matches!((ours, theirs), ("yes", "True") | ("no", "False"));
    ours == theirs
        || yes
        || matches!(numbers, (Ok(ours), Ok(theirs)) if (ours - theirs).abs() < 1e-9)
        || ours.len() >= 10 && theirs.replace('T', " ").starts_with(ours)
        || ours.replace("\r\n", "\n") == theirs.replace("\r\n", "\n")
}
