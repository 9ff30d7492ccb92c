//! What `hearth ledger` asks, as data: the command writes it, the box reads it, and both know the same questions.

use serde::{Deserialize, Serialize};

/// A question about the ledger's closed days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum LedgerQuestion {
    /// Whether every closed day is as it was closed.
    Verify,
    /// A statement with the hashes that prove it.
    Statement {
        /// The first day, `2026-06-16`; the oldest where nothing is said.
        from: Option<String>,
        /// The last day; the newest that is closed where nothing is said.
        to: Option<String>,
        /// Only this device.
        device: Option<String>,
    },
    /// The corrections of one quarter, newest first.
    History {
        /// The device.
        device: String,
        /// The flow: `import`, `export`, `production` and so on.
        flow: String,
        /// A moment within the quarter, UTC milliseconds.
        at_ms: i64,
    },
}
