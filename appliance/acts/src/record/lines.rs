//! Lines of the record as they leave the box: for programs, and as the files that people take along.

use members::sheet::write::Csv;
use serde::{Deserialize, Serialize};

use super::LineTold;

/// A line for programs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineView {
    /// Its number, counted from 1.
    pub number: u64,
    /// When, UTC milliseconds.
    pub at_ms: i64,
    /// Who, in words.
    pub actor: String,
    /// By which way: page, command, box.
    pub via: String,
    /// The act's name.
    pub act: String,
    /// What was done, in words.
    pub sentence: String,
    /// Upon what.
    pub subject: String,
    /// What else matters.
    pub detail: String,
    /// Whose data it was about.
    pub whose: Vec<String>,
    /// Whether it was about everybody's.
    pub everybody: bool,
    /// Why; `null` where nobody said.
    pub why: Option<String>,
}

impl From<LineTold> for LineView {
    fn from(line: LineTold) -> Self {
        Self {
            number: line.number,
            at_ms: line.at.as_millis(),
            actor: line.by,
            via: line.via,
            act: line.act,
            sentence: line.sentence.to_owned(),
            subject: line.subject,
            detail: line.detail,
            whose: line.whose,
            everybody: line.everybody,
            why: line.why,
        }
    }
}

/// The lines as a table for a spreadsheet.
pub fn csv(lines: &[LineView]) -> String {
    let mut table = Csv::new([
        "number", "at_ms", "who", "via", "act", "subject", "detail", "whose", "why",
    ]);
    for line in lines {
        let whose = if line.everybody {
            "everybody".to_owned()
        } else {
            line.whose.join("; ")
        };
        table
            .number(&line.number.to_string())
            .number(&line.at_ms.to_string())
            .text(&line.actor)
            .text(&line.via)
            .text(&line.act)
            .text(&line.subject)
            .text(&line.detail)
            .text(&whose)
            .text(line.why.as_deref().unwrap_or_default())
            .end_row();
    }
    table.finish()
}

/// The lines as JSON, one object to a line.
pub fn json_lines(lines: &[LineView]) -> String {
    let line = |line: &LineView| {
        let value = serde_json::json!({
            "number": line.number,
            "at_ms": line.at_ms,
            "who": line.actor,
            "via": line.via,
            "act": line.act,
            "subject": line.subject,
            "detail": line.detail,
            "whose": line.whose,
            "everybody": line.everybody,
            "why": line.why,
        });
        format!("{value}\n")
    };
    lines.iter().map(line).collect()
}
