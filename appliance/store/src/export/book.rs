//! The members' book and the record as JSON lines: a line for each row, each field under its own name.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

use members::record::Purpose;
use members::tables::Table;

use super::{json, utc};
use crate::backup::BackupError;
use crate::numbers::hex;
use crate::{Store, Whose, Why};

/// So many lines of the record are read at a time.
const LINES: usize = 1_000;

/// Every table of the book that has rows, a file for each.
pub(super) fn book(store: &Store, to: &Path) -> Result<u64, BackupError> {
    let mut count = 0;
    for table in members::KEPT {
        let path = to.join("book").join(format!("{}.jsonl", table.name));
        let at = BackupError::at(&path);
        let mut lines = String::new();
        let visited = store.visit_rows(table.name, (&[], None), |key, value| {
            lines += &row(table, key, value)?;
            count += 1;
            Ok(())
        })?;
        visited.map_err(|what: String| BackupError::Damaged {
            file: path.clone(),
            what,
        })?;
        if !lines.is_empty() {
            fs::write(&path, lines).map_err(&at)?;
        }
    }
    Ok(count)
}

/// A row of the book as a line.
fn row(table: &Table, key: &[u8], value: &[u8]) -> Result<String, String> {
    let told = table.read(key, value).map_err(|damaged| damaged.to_string())?;
    let mut line = format!("{{\"key\":\"{}\"", hex(key));
    for field in told
        .told
        .iter()
        .filter(|field| field.rule.purpose != Purpose::SignIn)
    {
        let values: Vec<String> = field.values.iter().map(|value| json(value)).collect();
        line += &format!(",{}:[{}]", json(field.rule.name), values.join(","));
    }
    Ok(line + "}\n")
}

/// Every line of the record, the newest first.
pub(super) fn record(store: &Store, to: &Path) -> Result<u64, BackupError> {
    let path = to.join("record.jsonl");
    let at = BackupError::at(&path);
    let mut out = BufWriter::new(File::create(&path).map_err(&at)?);
    let (mut below, mut count) = (None, 0);
    loop {
        let lines = store.audit_entries(below, LINES)?;
        let Some(last) = lines.last() else { break };
        below = Some(last.number);
        for line in &lines {
            let entry = &line.entry;
            let why = match &entry.why {
                Why::Said { words, .. } => json(words),
                Why::NotSaid | Why::Erased => "null".to_owned(),
            };
            let whose = match &entry.whose {
                Whose::Nobody => "[]".to_owned(),
                Whose::Everybody => "\"everybody\"".to_owned(),
                Whose::People(people) => {
                    let numbers: Vec<String> =
                        people.iter().map(|person| person.number().to_string()).collect();
                    format!("[{}]", numbers.join(","))
                }
            };
            writeln!(
                out,
                "{{\"number\":{},\"at\":{},\"actor\":{},\"via\":{},\"act\":{},\"subject\":{},\"detail\":{},\"whose\":{whose},\"why\":{why}}}",
                line.number,
                json(&utc(entry.at)),
                json(&entry.actor),
                json(&entry.via),
                json(&entry.act),
                json(&entry.subject),
                json(&entry.detail)
            )
            .map_err(&at)?;
            count += 1;
        }
    }
    out.flush().map_err(&at)?;
    Ok(count)
}
