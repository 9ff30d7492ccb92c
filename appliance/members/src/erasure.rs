//! What becomes of each row when somebody's data are erased: by the numbers that stand in it, as `holding` says, and by its
//! words, as each table's line here says. A table without a line fails the test, so that nobody adds one undecided.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::holding::{Fate, Subject, erased};
use crate::import::record::ImportRow;
use crate::letters::Run;
use crate::mention::{Signs, Speaks};
use crate::money::{CashDay, Declaration, Payment, PaymentId};
use crate::record::{Damaged, Kept, Key, Opaque, Record};
use crate::statement::file::{self, Opened};
use crate::statement::kept::{Counterparty, Draft, KeptLine, LineId};
use crate::statement::keys;
use crate::tables::{Table, table};
use crate::waiting::Waiting;

/// What is done where the words of a row surely speak of somebody erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Words {
    /// Somebody wrote them about something else: a steward is shown the place, and decides.
    Shown,
    /// Nobody can write them anew: these fields are emptied.
    Emptied(&'static [&'static str]),
    /// The row is a convenience, or a copy of what somebody has elsewhere: it goes.
    Goes,
    /// It holds no words.
    None,
}

/// Each table, and what is done with its words.
pub const WORDS: &[(&str, Words)] = &[
    ("people", Words::Shown),
    ("households", Words::Shown),
    ("memberships", Words::Shown),
    ("passphrases", Words::Shown),
    ("passkeys", Words::Shown),
    ("slips", Words::None),
    ("sessions", Words::Shown),
    ("known-devices", Words::Shown),
    ("numbers", Words::None),
    ("roles", Words::Shown),
    ("duties", Words::Shown),
    ("dues", Words::Shown),
    ("dues-agreed", Words::None),
    // The words of a bank, or of whoever entered it; an entry is never written anew.
    ("payments", Words::Emptied(&["reference"])),
    ("payments-of", Words::None),
    ("payment-forms", Words::None),
    ("accounts", Words::None),
    ("requests", Words::Shown),
    ("wordings", Words::Shown),
    ("consents", Words::None),
    ("cash-days", Words::Shown),
    ("receipts", Words::None),
    ("money-rules", Words::None),
    ("reminders", Words::None),
    ("gift-aid", Words::Shown),
    ("gift-aid-claims", Words::None),
    ("waiting-acts", Words::Shown),
    ("system-users", Words::None),
    ("statements", Words::Shown),
    (
        "statement-lines",
        Words::Emptied(&["texts", "name", "account", "reference", "id"]),
    ),
    ("statement-marks", Words::None),
    ("statement-mappings", Words::Shown),
    ("statement-drafts", Words::Goes),
    ("counterparties", Words::Goes),
    ("custom-fields", Words::Shown),
    ("tags", Words::Shown),
    ("classes", Words::Shown),
    ("searches", Words::Shown),
    ("register", Words::Shown),
    ("register-rules", Words::None),
    ("letters", Words::Shown),
    ("letter-runs", Words::Shown),
    // What a server said of an address.
    ("mails", Words::Emptied(&["why"])),
    ("mail-server", Words::Shown),
    ("import-mappings", Words::Shown),
    ("imports", Words::Shown),
    ("import-rows", Words::Goes),
    ("merged", Words::Shown),
    ("told-apart", Words::None),
];

/// What becomes of a row, and what of it speaks of them afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// What becomes of it.
    pub fate: Fate,
    /// Until when the law has the rest kept, where it does.
    pub until: Option<Date>,
    /// What the fields are called that speak of them still.
    pub speaks: BTreeSet<&'static str>,
}

/// What becomes of a row when somebody is erased.
pub fn outcome(
    table: &Table,
    (key, value): (&[u8], &[u8]),
    (subject, signs): (&Subject, &Signs),
    today: Date,
) -> Result<Outcome, Damaged> {
    let gone = Outcome {
        fate: Fate::Goes,
        until: None,
        speaks: BTreeSet::new(),
    };
    let (fate, until) = erased(table, key, value, subject, today)?;
    let mut fate = whole(table, value, fate, subject, today)?;
    if table.name == Declaration::TABLE && until.is_some() {
        // From today on it covers nothing, and is kept for so long after today.
        let kept = match &fate {
            Fate::Becomes(after) => after.as_slice(),
            Fate::Stays | Fate::Goes => value,
        };
        fate = Fate::Becomes(Declaration::decode(kept)?.ended(today).encode());
    }
    let after = match &fate {
        Fate::Goes => return Ok(gone),
        Fate::Becomes(after) => after.as_slice(),
        Fate::Stays => value,
    };
    let speaks = speaking(table, key, after, signs)?;
    let surely = |field: &Spoken| field.how == Speaks::Surely;
    let rule = WORDS.iter().find(|(name, _)| *name == table.name);
    let (fate, speaks) = match rule.map_or(Words::Shown, |(_, rule)| *rule) {
        Words::Goes if speaks.iter().any(surely) => return Ok(gone),
        Words::Emptied(fields) if speaks.iter().any(surely) => {
            let less = table.pruned(after, &|rule| !fields.contains(&rule.name))?;
            let still = speaking(table, key, &less, signs)?;
            (Fate::Becomes(less), still)
        }
        _ => (fate, speaks),
    };
    Ok(Outcome {
        fate,
        until,
        speaks: speaks.into_iter().map(|field| field.label).collect(),
    })
}

/// A field that speaks of somebody.
struct Spoken {
    label: &'static str,
    how: Speaks,
}

/// What of a row speaks of somebody.
fn speaking(table: &Table, key: &[u8], value: &[u8], signs: &Signs) -> Result<Vec<Spoken>, Damaged> {
    let row = table.read(key, value)?;
    let mut spoken = Vec::new();
    for told in &row.told {
        let how = told.values.iter().map(|said| signs.in_text(said)).max();
        let label = told.rule.label;
        spoken.extend(
            how.filter(|how| *how > Speaks::Not)
                .map(|how| Spoken { label, how }),
        );
    }
    let more = match table.name {
        KeptLine::TABLE if signs.has_account(&keys(&KeptLine::decode(value)?.line)) => Speaks::Surely,
        Draft::TABLE => in_file(&Draft::decode(value)?.bytes, signs),
        ImportRow::TABLE => {
            let row = ImportRow::decode(value)?;
            in_row(&row.table, &row.key, &row.before, signs)?
        }
        Waiting::TABLE => {
            let mut more = Speaks::Not;
            for row in &Waiting::decode(value)?.rows {
                more = more.max(in_row(&row.table, &row.key, &row.before, signs)?);
                more = more.max(in_row(&row.table, &row.key, &row.after, signs)?);
            }
            more
        }
        _ if (table.key)() == std::any::type_name::<String>() => signs.in_text(&String::from_utf8_lossy(key)),
        _ => Speaks::Not,
    };
    if more > Speaks::Not {
        let label = table.fields.first().map_or("", |rule| rule.label);
        spoken.push(Spoken { label, how: more });
    }
    Ok(spoken)
}

/// How a file that was handed in speaks of somebody.
fn in_file(bytes: &Opaque, signs: &Signs) -> Speaks {
    let in_all = |texts: &mut dyn Iterator<Item = String>| {
        texts
            .map(|text| signs.in_text(&text))
            .max()
            .unwrap_or(Speaks::Not)
    };
    match file::open(&bytes.0) {
        Ok(Opened::Table(table, _)) => in_all(&mut table.rows.iter().map(|(_, cells)| cells.join(" "))),
        Ok(Opened::Ofx(text)) => in_all(&mut text.lines().map(str::to_owned)),
        Err(_) => signs.in_text(&String::from_utf8_lossy(&bytes.0)),
    }
}

/// How a row speaks of somebody that is kept within another one.
fn in_row(name: &str, key: &Opaque, value: &Option<Opaque>, signs: &Signs) -> Result<Speaks, Damaged> {
    let Some((inner, value)) = table(name).zip(value.as_ref()) else {
        return Ok(Speaks::Not);
    };
    let spoken = speaking(inner, &key.0, &value.0, signs)?;
    Ok(spoken.iter().map(|field| field.how).max().unwrap_or(Speaks::Not))
}

/// What becomes of a row that holds other rows, or that is nothing with less in it.
fn whole(table: &Table, value: &[u8], fate: Fate, subject: &Subject, today: Date) -> Result<Fate, Damaged> {
    let touched = |name: &str, key: &Opaque, value: &Option<Opaque>| match (self::table(name), value) {
        (Some(inner), Some(value)) => {
            let (fate, _) = erased(inner, &key.0, &value.0, subject, today)?;
            Ok::<_, Damaged>(fate != Fate::Stays)
        }
        _ => Ok(false),
    };
    let goes = match table.name {
        // Whose account it is when somebody else pays with it too, nobody knows.
        Counterparty::TABLE => fate != Fate::Stays,
        ImportRow::TABLE => {
            let row = ImportRow::decode(value)?;
            touched(&row.table, &row.key, &row.before)?
        }
        Waiting::TABLE => {
            let mut goes = false;
            for row in &Waiting::decode(value)?.rows {
                goes |=
                    touched(&row.table, &row.key, &row.before)? || touched(&row.table, &row.key, &row.after)?;
            }
            goes
        }
        _ => false,
    };
    Ok(match fate {
        _ if goes => Fate::Goes,
        Fate::Becomes(after) if table.name == Run::TABLE => {
            Fate::Becomes(Run::decode(&after)?.with_somebody().encode())
        }
        other => other,
    })
}

/// By what a row is found on the pages: its number, a payment's word, the day, the number of a statement.
pub fn place(table: &Table, key: &[u8]) -> String {
    let found = match table.name {
        Payment::TABLE => PaymentId::from_key(key).map(|id| id.to_string()),
        KeptLine::TABLE => LineId::from_key(key).map(|id| id.statement.to_string()),
        CashDay::TABLE => Date::from_key(key).map(|day| day.to_string()),
        _ if (table.key)() == std::any::type_name::<String>() => String::from_key(key),
        _ => key
            .get(..4)
            .and_then(u32::from_key)
            .map(|number| number.to_string()),
    };
    found.unwrap_or_default()
}

#[cfg(test)]
mod tests;
