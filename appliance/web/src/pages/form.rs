//! What forms share: a field that keeps what was typed, and the word of what was done.

use serde::Deserialize;

use crate::show;

/// A field of a form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Field {
    /// What stands in it.
    pub(crate) value: String,
    /// Why it was refused; empty if it was not.
    pub(crate) refusal: String,
}

impl Field {
    /// A field that holds this.
    pub(crate) fn holding(value: &str) -> Self {
        Self {
            value: value.to_owned(),
            refusal: String::new(),
        }
    }

    /// A field whose value was refused.
    pub(crate) fn refused(value: String, why: &str) -> Self {
        Self {
            value,
            refusal: show::sentence(why),
        }
    }
}

/// What was just done, told on the page that one is sent to afterwards.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Done {
    #[serde(default)]
    done: String,
}

impl Done {
    /// Whether just this was done.
    pub(crate) fn is(&self, what: &str) -> bool {
        self.done == what
    }
}
