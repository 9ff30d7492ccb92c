//! The members' book: people and households, membership, money, consents, imports and letters.
//!
//! Pure: bytes, moments and randomness come in as arguments, values go out. Who may see or do something is decided in
//! `acts`; where rows lie is the store's affair.

pub mod book;
pub mod credential;
pub mod find;
pub mod household;
pub mod membership;
pub mod money;
pub mod person;
pub mod record;
pub mod role;
pub mod sheet;
pub mod statement;
pub mod text;
pub mod waiting;

/// Every table of the members' book.
pub const TABLES: &[&str] = &[
    "people",
    "households",
    "memberships",
    "passphrases",
    "passkeys",
    "slips",
    "sessions",
    "known-devices",
    "numbers",
    "roles",
    "duties",
    "dues",
    "dues-agreed",
    "payments",
    "payments-of",
    "payment-forms",
    "accounts",
    "cash-days",
    "receipts",
    "money-rules",
    "reminders",
    "gift-aid",
    "gift-aid-claims",
    "waiting-acts",
    "statements",
    "statement-lines",
    "statement-marks",
    "statement-mappings",
    "statement-drafts",
    "counterparties",
];
