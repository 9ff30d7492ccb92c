//! The addresses of bank statements.

/// Statements of banks: those that were read, and where a file is handed in.
pub(crate) const STATEMENTS: &str = "/money/statements";

/// A file that waits to be read.
pub(crate) const STATEMENT_FILE: &str = "/money/statements/file/{number}";

/// Where is said what its columns mean.
pub(crate) const STATEMENT_COLUMNS: &str = "/money/statements/file/{number}/columns";

/// Where it is given up.
pub(crate) const STATEMENT_FORGET: &str = "/money/statements/file/{number}/forget";

/// The lines of a statement.
pub(crate) const STATEMENT: &str = "/money/statements/{number}";

/// Where its lines are booked.
pub(crate) const STATEMENT_BOOK: &str = "/money/statements/{number}/book";

/// Where it is undone.
pub(crate) const STATEMENT_UNDO: &str = "/money/statements/{number}/undo";

/// This file that waits.
pub(crate) fn statement_file(number: u32) -> String {
    format!("{STATEMENTS}/file/{number}")
}

/// Some of the lines of this statement, a page of them.
pub(crate) fn statement(number: u32, show: &str, page: usize) -> String {
    format!("{STATEMENTS}/{number}?show={show}&page={page}")
}
