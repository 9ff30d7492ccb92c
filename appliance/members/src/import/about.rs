//! What a column, a change or a remark is about: a field that every house has, a question that this one asks, or a part
//! of a record that only our own tables have.

use std::fmt;

use super::field::Field;

/// What of a person is spoken of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum About {
    /// What a column of any table can mean.
    Field(Field),
    /// The answer to a question of the house, by its key and its words.
    Question {
        /// The key.
        key: String,
        /// The words.
        label: String,
    },
    /// A part of a record, by what it is called for people.
    Part(&'static str),
}

impl From<Field> for About {
    fn from(field: Field) -> Self {
        Self::Field(field)
    }
}

impl fmt::Display for About {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Field(field) => field.word(),
            Self::Question { label, .. } => label,
            Self::Part(label) => label,
        })
    }
}
