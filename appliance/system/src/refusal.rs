//! How an act's or a look's "no" travels: a named D-Bus error that carries the sentence.

use acts::ActError;
use acts::look::LookError;
use acts::sign_in::SignInError;
use zbus::DBusError;

/// The box's no. The names are part of the interface.
#[derive(Debug, DBusError)]
#[zbus(prefix = "org.hearth.Error")]
pub(crate) enum Refusal {
    /// Anything below the interface: the wire, a method that does not exist.
    #[zbus(error)]
    Wire(zbus::Error),
    /// The right is missing.
    NotAllowed(String),
    /// The question makes no sense.
    BadInput(String),
    /// There is no such thing.
    NotThere(String),
    /// It was tried, and the world or the store refused.
    Failed(String),
}

impl Refusal {
    /// The same, said after other words.
    pub(crate) fn after(self, words: &str) -> Self {
        let said = |sentence: String| format!("{words}{sentence}");
        match self {
            Self::Wire(error) => Self::Wire(error),
            Self::NotAllowed(sentence) => Self::NotAllowed(said(sentence)),
            Self::BadInput(sentence) => Self::BadInput(said(sentence)),
            Self::NotThere(sentence) => Self::NotThere(said(sentence)),
            Self::Failed(sentence) => Self::Failed(said(sentence)),
        }
    }
}

impl From<ActError> for Refusal {
    fn from(error: ActError) -> Self {
        let sentence = error.to_string();
        match error {
            ActError::NotAllowed(_) => Self::NotAllowed(sentence),
            ActError::BadInput(_) => Self::BadInput(sentence),
            ActError::NotThere(_) => Self::NotThere(sentence),
            ActError::TakesTwo(_) | ActError::OwnWish | ActError::OwnRights | ActError::LastSteward => {
                Self::NotAllowed(sentence)
            }
            ActError::Conflict | ActError::Store(_) | ActError::Failed(_) => Self::Failed(sentence),
        }
    }
}

impl From<SignInError> for Refusal {
    fn from(error: SignInError) -> Self {
        let sentence = error.to_string();
        match error {
            SignInError::NotAllowed(_) => Self::NotAllowed(sentence),
            _ => Self::Failed(sentence),
        }
    }
}

impl From<LookError> for Refusal {
    fn from(error: LookError) -> Self {
        let sentence = error.to_string();
        match error {
            LookError::NotThere(_) => Self::NotThere(sentence),
            LookError::BadQuestion(_) => Self::BadInput(sentence),
            LookError::Store(_) => Self::Failed(sentence),
        }
    }
}
