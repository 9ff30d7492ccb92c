//! The record of who did what: read as somebody, and looked through for a line that was changed.

use acts::record::{Asked, Checked, LineView, Lines};
use acts::{Actor, Acts};
use serde::Serialize;
use units::{Instant, PersonId};

use super::people::nobody;
use crate::record::RecordQuestion;
use crate::refusal::Refusal;

/// The most lines of the record in one answer.
const MOST_LINES: u32 = 10_000;

/// Lines of the record, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecordView {
    /// The lines.
    pub lines: Vec<LineView>,
    /// Below which number older ones are; `null` where there are none.
    pub older: Option<u64>,
    /// Whether lines about people are among them.
    pub people_too: bool,
}

/// What looking through the whole record found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckedView {
    /// Whether no line was changed, taken away or put in.
    pub whole: bool,
    /// How many lines there are; `null` where they are not whole.
    pub lines: Option<u64>,
    /// Where it is not whole, in words; `null` where it is.
    pub fault: Option<String>,
}

/// Reads lines as `actor`.
pub(super) async fn read(
    acts: &Acts,
    actor: &Actor,
    question: RecordQuestion,
) -> Result<RecordView, Refusal> {
    let about_somebody = question.person.is_some() || question.mine;
    if let (Actor::Technician { uid }, true) = (actor, about_somebody) {
        return Err(nobody(*uid));
    }
    let count = question.count.unwrap_or(MOST_LINES).min(MOST_LINES);
    let count = usize::try_from(count).unwrap_or_default();
    let found = if question.mine {
        acts.done_with_mine(actor, false, question.below, count).await?
    } else {
        let asked = Asked {
            act: question.act,
            person: question.person.map(PersonId::new),
            from: question.from_ms.map(Instant::from_millis),
            until: question.until_ms.map(Instant::from_millis),
            below: question.below,
            count,
        };
        acts.read_record(actor, asked).await?
    };
    Ok(found.into())
}

impl From<Lines> for RecordView {
    fn from(found: Lines) -> Self {
        Self {
            lines: found.lines.into_iter().map(LineView::from).collect(),
            older: found.older,
            people_too: found.people_too,
        }
    }
}

impl From<Checked> for CheckedView {
    fn from(checked: Checked) -> Self {
        match checked {
            Checked::Whole(lines) => Self {
                whole: true,
                lines: Some(lines),
                fault: None,
            },
            Checked::Broken(fault) => Self {
                whole: false,
                lines: None,
                fault: Some(fault),
            },
        }
    }
}
