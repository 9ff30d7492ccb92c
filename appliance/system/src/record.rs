//! What `hearth audit` asks, as data: the command writes it, the box reads it, and both know the same questions.

use serde::{Deserialize, Serialize};

/// Which lines of the record somebody asks for. What is not said chooses nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RecordQuestion {
    /// Only this act, by its name.
    pub act: Option<String>,
    /// Only what this person did, or what was done with their data, by their number.
    pub person: Option<u32>,
    /// What others did with the asker's own data, which nobody writes down; then nothing else is chosen.
    pub mine: bool,
    /// From this moment on, UTC milliseconds.
    pub from_ms: Option<i64>,
    /// Before this moment, UTC milliseconds.
    pub until_ms: Option<i64>,
    /// Only lines below this number.
    pub below: Option<u64>,
    /// At most so many lines; as many as one answer holds where nothing is said.
    pub count: Option<u32>,
}
