//! Statements: what a bank, a direct-debit service or a card service says came in and went out.
//!
//! A file becomes lines, whatever it looks like: a table by the columns of a known bank ([`preset`]) or by an example
//! that somebody gave ([`mapping`]), a file of a payment service ([`service`]), or OFX ([`ofx`]). Every row is taken,
//! or told with the reason why not. [`marks`] tells lines that are known already; [`matching`] finds who paid. What is
//! booked is the affair of the acts; how a table is read from bytes that of [`crate::sheet`].

mod amount;
mod date;
pub mod file;
pub mod kept;
mod known;
pub mod mapping;
pub mod marks;
pub mod matching;
pub mod ofx;
pub mod preset;
mod running;
pub mod service;

use jiff::civil::Date;
use units::{Currency, Money};

pub use date::DateOrder;
pub use known::{Payers, keys};

use crate::record::{Newer, record, words};

/// The largest file: ten years of a busy account.
pub const FILE_BYTES: usize = 4 << 20;
/// The most lines of one file.
pub const LINES: usize = 20_000;
/// The longest text of a line, in letters; what is behind it is cut off.
pub const TEXT_LETTERS: usize = 400;

words! {
    /// What a line is.
    pub enum LineKind {
        /// Money that somebody paid, or that went back to somebody.
        1 Payment = "payment";
        /// What a payment service kept for itself.
        2 Fee = "fee";
        /// What a payment service paid out in one sum; its own file tells of the single payments.
        3 Payout = "payout";
    }
}

record! {
    /// One line of a statement, as the bank told it.
    pub struct Line {
        /// The day on which it was booked.
        1 date: Date => "Day", Money, LegalObligation, AfterEntry(6);
        /// How much; less than nothing where money went out.
        2 amount: Money => "Amount", Money, LegalObligation, AfterEntry(6);
        /// What the bank says of it, part by part.
        3 texts: Vec<String> => "Text", Money, LegitimateInterest, AfterEntry(6);
        /// Who stands at the other end, where the bank tells it apart.
        4 name: Option<String> => "Name at the bank", Money, LegitimateInterest, AfterEntry(6);
        /// The account at the other end.
        5 account: Option<String> => "Account", Money, LegitimateInterest, AfterEntry(6);
        /// What the payer wrote.
        6 reference: Option<String> => "Reference", Money, LegitimateInterest, AfterEntry(6);
        /// What was in the account afterwards.
        7 balance: Option<Money> => "Balance", Money, LegalObligation, AfterEntry(6);
        /// The bank's own word for the line.
        8 id: Option<String> => "Number at the bank", Money, LegitimateInterest, AfterEntry(6);
        /// What it is.
        9 kind: LineKind => "Kind", Money, LegalObligation, AfterEntry(6);
    }
}

impl Line {
    /// A line of which the day and the amount are known.
    pub fn new(date: Date, amount: Money) -> Self {
        Self {
            date,
            amount,
            texts: Vec::new(),
            name: None,
            account: None,
            reference: None,
            balance: None,
            id: None,
            kind: LineKind::Payment,
            newer: Newer::default(),
        }
    }

    /// Everything that is written on it, in one line.
    pub fn text(&self) -> String {
        let parts = self.name.iter().chain(&self.texts).chain(&self.reference);
        let mut told: Vec<&str> = Vec::new();
        for part in parts {
            if !told.contains(&part.as_str()) {
                told.push(part);
            }
        }
        told.join(" · ")
    }

    /// Whether money came in.
    pub fn came_in(&self) -> bool {
        self.amount.minor() > 0
    }
}

/// A table as somebody handed it in: what stands above the columns, and the rows with their numbers in the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// What stands above each column.
    pub header: Vec<String>,
    /// The rows: the line in the file, and the cells.
    pub rows: Vec<(usize, Vec<String>)>,
}

/// A file as it was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// Whose file it is: "Barclays", "OFX", "Stripe".
    pub source: String,
    /// The account, where the file tells it.
    pub account: Option<String>,
    /// How it was understood, in sentences.
    pub understood: Vec<String>,
    /// The lines, the oldest first.
    pub lines: Vec<Line>,
    /// The rows that were not taken, and why.
    pub left: Vec<Left>,
}

/// A row that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// Where it stands in the file.
    pub row: usize,
    /// Why it was not taken, in a sentence.
    pub why: String,
}

/// Why a file was not taken at all. Nothing of it is kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoStatement {
    /// It is in another currency.
    #[error(
        "This file is in {found}, and this place counts in {ours}. Export an account in {ours}; money is never converted here"
    )]
    OtherCurrency {
        /// What the file says.
        found: Currency,
        /// What the place counts in.
        ours: Currency,
    },
    /// Nobody can tell the day from the month.
    #[error(
        "Every day in this file could be read two ways: \"{0}\" is day and month, or month and day. Say below which stands first"
    )]
    AmbiguousDates(String),
    /// No row is a line.
    #[error("There is no line in this file that could be read. {0}")]
    NoLines(String),
    /// Its columns are not known.
    #[error(
        "The columns of this file are not known yet. Say below which is which; the next file like it is then read by itself"
    )]
    Unknown,
    /// A column that was chosen is not there.
    #[error("Choose {0}: without it no line can be read")]
    NoColumn(&'static str),
    /// It is a list without single payments.
    #[error(
        "This is the list of payouts of {service}, and names no single payment. Export {instead} there, and choose that file"
    )]
    OnlySums {
        /// Which service.
        service: &'static str,
        /// What to export instead.
        instead: &'static str,
    },
    /// It holds no account of a bank.
    #[error(
        "This OFX file holds {0}, and no statement of a bank account. Export the statement of the account that members pay into"
    )]
    NoAccount(&'static str),
    /// It is cut off, or no OFX.
    #[error("This OFX file cannot be read: {0}. Export it again at the bank")]
    BadOfx(String),
    /// It is no table that can be read.
    #[error(transparent)]
    Sheet(#[from] crate::sheet::NoSheet),
    /// It has too many bytes.
    #[error("This file has more than {} MB. Export a shorter time at the bank", FILE_BYTES >> 20)]
    TooLarge,
    /// It has too many lines.
    #[error("This file has more than {LINES} lines. Export a shorter time at the bank")]
    TooLong,
}

/// Reads a table: by the columns of a bank or service that is known, else by what was remembered for such a header.
pub fn read_table(
    table: &Table,
    remembered: Option<&mapping::Mapping>,
    ours: Currency,
) -> Result<Read, NoStatement> {
    if table.rows.len() > LINES {
        return Err(NoStatement::TooLong);
    }
    if let Some(mapping) = remembered {
        return mapping::read(table, mapping, ours);
    }
    if let Some(service) = service::recognised(&table.header) {
        return service::read(table, service, ours);
    }
    match preset::recognised(&table.header) {
        Some(mapping) => mapping::read(table, &mapping, ours),
        None => Err(NoStatement::Unknown),
    }
}

/// One line of text out of what a bank wrote: single spaces, nothing that cannot be shown, not endless.
pub(crate) fn told(text: &str) -> Option<String> {
    // Some banks put a quotation mark before what a spreadsheet would take for a number.
    let text = text.trim().trim_start_matches('\'');
    let words: Vec<String> = text
        .split_whitespace()
        .map(|word| {
            word.chars()
                .filter(|sign| !crate::text::unshowable(*sign))
                .collect()
        })
        .collect();
    let line: String = words.join(" ").chars().take(TEXT_LETTERS).collect();
    let line = line.trim().to_owned();
    (!line.is_empty()).then_some(line)
}

#[cfg(test)]
mod tests;
