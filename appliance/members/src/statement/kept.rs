//! What is kept of statements: the files that were read, their lines with what was decided on each, by what lines are known
//! again, and who stands behind which account or text.

use jiff::civil::Date;
use units::{Instant, PersonId};

use super::marks::Mark;
use super::{Left, Line, Read};
use crate::money::PaymentId;
use crate::record::{Key, Named, Newer, Opaque, record, words};

/// The numbers of files.
pub const OF_STATEMENTS: &str = "statements";
/// The numbers of files that wait to be read.
pub const OF_DRAFTS: &str = "statement-drafts";

words! {
    /// What was decided on a line.
    pub enum Choice {
        /// Somebody's payment.
        1 Theirs = "somebody's payment";
        /// No payment of a member.
        2 NotOurs = "no member's payment";
        /// Nothing yet, and the match that was found by itself is not believed.
        3 Open = "left open";
    }
}

record! {
    /// A row of a file that was not taken.
    pub struct LeftRow {
        /// Where it stands in the file.
        1 row: u32 => "Row", Money, LegalObligation, AfterEntry(6);
        /// Why.
        2 why: String => "Why it was not taken", Money, LegalObligation, AfterEntry(6);
    }
}

record! {
    /// A file that was read.
    pub struct StatementFile in "statements" by u32 {
        /// What the file is called.
        1 name: String => "File", Money, LegalObligation, AfterEntry(6);
        /// Whose file it is.
        2 source: String => "Bank", Money, LegalObligation, AfterEntry(6);
        /// Of which account of the place it is.
        3 account: String => "Account of the place", Money, LegalObligation, AfterEntry(6);
        /// When it was read.
        4 at: Instant => "Read", Accountability, LegalObligation, AfterEntry(6);
        /// Who read it.
        5 by: Option<PersonId> => "Read by", Accountability, LegalObligation, AfterEntry(6);
        /// How it was understood.
        6 understood: Vec<String> => "How it was understood", Money, LegalObligation, AfterEntry(6);
        /// How many lines it brought.
        7 lines: u32 => "New lines", Money, LegalObligation, AfterEntry(6);
        /// How many lines were known already.
        8 known: u32 => "Lines known before", Money, LegalObligation, AfterEntry(6);
        /// The rows that were not taken.
        9 left: Vec<LeftRow> => "Rows not taken", Money, LegalObligation, AfterEntry(6);
        /// The day of the oldest line.
        10 first: Option<Date> => "First day", Money, LegalObligation, AfterEntry(6);
        /// The day of the newest line.
        11 last: Option<Date> => "Last day", Money, LegalObligation, AfterEntry(6);
    }
}

record! {
    /// A line of a file, with what was decided on it.
    pub struct KeptLine in "statement-lines" by LineId {
        /// The line.
        1 line: Line => "Line of the statement", Money, LegalObligation, AfterEntry(6);
        /// By what it is known again.
        2 mark: Mark => "Sign", Money, LegalObligation, AfterEntry(6);
        /// What was decided.
        3 choice: Option<Choice> => "Decision", Money, LegalObligation, AfterEntry(6);
        /// Whose payment it is.
        4 payer: Option<PersonId> => "Payer", Money, LegalObligation, AfterEntry(6);
        /// The payment that was booked for it.
        5 payment: Option<PaymentId> => "Payment", Money, LegalObligation, AfterEntry(6);
        /// Who decided; nobody where it was matched by itself.
        6 by: Option<PersonId> => "Decided by", Accountability, LegalObligation, AfterEntry(6);
    }
}

record! {
    /// That a line is known.
    pub struct KnownLine in "statement-marks" by Mark {
        /// Which file brought it.
        1 statement: u32 => "File", Money, LegalObligation, AfterEntry(6);
    }
}

record! {
    /// Who pays with an account or under a text.
    pub struct Counterparty in "counterparties" by String {
        /// For whom: mostly one, several where one pays for others.
        1 payers: Vec<PersonId> => "Pays for", Money, LegitimateInterest, AfterLeaving(1);
        /// How often it was booked so.
        2 seen: u32 => "Times", Money, LegitimateInterest, AfterLeaving(1);
        /// When it was booked last.
        3 last: Date => "Last", Money, LegitimateInterest, AfterLeaving(1);
    }
}

record! {
    /// A file that somebody handed in and that is not read yet. It goes when it is read or given up.
    pub struct Draft in "statement-drafts" by u32 {
        /// What the file is called.
        1 name: String => "File", Money, LegalObligation, WhileInForce;
        /// Its bytes.
        2 bytes: Opaque => "Contents", Money, LegalObligation, WhileInForce;
        /// Of which account of the place it is, where somebody said so.
        3 account: Option<String> => "Account of the place", Money, LegalObligation, WhileInForce;
        /// When it was handed in.
        4 at: Instant => "Handed in", Accountability, LegalObligation, WhileInForce;
        /// Who handed it in.
        5 by: Option<PersonId> => "Handed in by", Accountability, LegalObligation, WhileInForce;
    }
}

/// Which line of which file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineId {
    /// The number of the file.
    pub statement: u32,
    /// The number of the line in it, from 1.
    pub line: u32,
}

impl Key for LineId {
    fn names(&self, _: &mut Named) {}

    fn to_key(&self) -> Vec<u8> {
        let mut key = self.statement.to_be_bytes().to_vec();
        key.extend(self.line.to_be_bytes());
        key
    }

    fn from_key(bytes: &[u8]) -> Option<Self> {
        let (statement, line) = bytes.split_at_checked(4)?;
        Some(Self {
            statement: u32::from_key(statement)?,
            line: u32::from_key(line)?,
        })
    }
}

impl KeptLine {
    /// A line on which nothing is decided.
    pub fn new(line: Line, mark: Mark) -> Self {
        Self {
            line,
            mark,
            choice: None,
            payer: None,
            payment: None,
            by: None,
            newer: Newer::default(),
        }
    }
}

impl StatementFile {
    /// What is kept of a file with these lines, of which so many were known.
    pub fn of(read: &Read, lines: &[Line], known: usize) -> Self {
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let left = |left: &Left| LeftRow {
            row: count(left.row),
            why: left.why.clone(),
            newer: Newer::default(),
        };
        Self {
            name: String::new(),
            source: read.source.clone(),
            account: read.account.clone().unwrap_or_else(|| read.source.clone()),
            at: Instant::from_millis(0),
            by: None,
            understood: read.understood.clone(),
            lines: count(lines.len()),
            known: count(known),
            left: read.left.iter().map(left).collect(),
            first: lines.iter().map(|line| line.date).min(),
            last: lines.iter().map(|line| line.date).max(),
            newer: Newer::default(),
        }
    }
}

impl Counterparty {
    /// The same after a booking for somebody.
    #[must_use]
    pub fn booked(before: Option<&Self>, payer: PersonId, day: Date) -> Self {
        let mut after = before.cloned().unwrap_or(Self {
            payers: Vec::new(),
            seen: 0,
            last: day,
            newer: Newer::default(),
        });
        if !after.payers.contains(&payer) {
            after.payers.push(payer);
        }
        after.seen = after.seen.saturating_add(1);
        after.last = after.last.max(day);
        after
    }
}
