//! What goes wrong inside, before it is said to a caller.

use std::io;

use crate::StoreError;

/// An error of redb, or bytes that make no sense.
#[derive(Debug)]
pub(crate) enum Fault {
    /// redb, or the file beneath it, refused.
    Redb(redb::Error),
    /// A value that cannot be understood, by the name of its table.
    Malformed(&'static str),
    /// The engine stopped in the middle; what it was doing did not happen.
    Panicked,
    /// An error that is already in a caller's words.
    Said(StoreError),
}

impl Fault {
    /// Whether redb refuses everything from now on until the file is opened again.
    pub(crate) fn latches(&self) -> bool {
        use redb::Error::{Backend, DatabaseClosed, Io, LockPoisoned, PreviousIo};
        match self {
            Self::Redb(error) => {
                matches!(
                    error,
                    Io(_) | Backend(_) | PreviousIo | DatabaseClosed | LockPoisoned(_)
                )
            }
            Self::Panicked => true,
            Self::Malformed(_) | Self::Said(_) => false,
        }
    }

    /// Whether an earlier failure, not this call's own, is the cause.
    pub(crate) fn is_echo(&self) -> bool {
        matches!(
            self,
            Self::Redb(redb::Error::PreviousIo | redb::Error::DatabaseClosed)
        )
    }
}

impl From<redb::StorageError> for Fault {
    fn from(error: redb::StorageError) -> Self {
        Self::Redb(error.into())
    }
}

impl From<redb::TableError> for Fault {
    fn from(error: redb::TableError) -> Self {
        Self::Redb(error.into())
    }
}

impl From<redb::TransactionError> for Fault {
    fn from(error: redb::TransactionError) -> Self {
        Self::Redb(error.into())
    }
}

impl From<redb::CommitError> for Fault {
    fn from(error: redb::CommitError) -> Self {
        Self::Redb(error.into())
    }
}

impl From<redb::DatabaseError> for Fault {
    fn from(error: redb::DatabaseError) -> Self {
        Self::Redb(error.into())
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::Redb(redb::Error::Io(error))
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::Said(error)
    }
}

impl From<Fault> for StoreError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Said(error) => error,
            Fault::Malformed(what) => Self::Damaged {
                what: format!("a row of {what} cannot be read"),
            },
            Fault::Panicked => Self::Damaged {
                what: "its engine stopped in the middle".to_owned(),
            },
            Fault::Redb(redb::Error::Io(source)) => Self::from_io(source),
            Fault::Redb(redb::Error::Corrupted(what)) => Self::Damaged { what },
            Fault::Redb(
                error @ (redb::Error::TableDoesNotExist(_)
                | redb::Error::TableTypeMismatch { .. }
                | redb::Error::TableIsMultimap(_)
                | redb::Error::UpgradeRequired(_)),
            ) => Self::Damaged {
                what: error.to_string(),
            },
            Fault::Redb(other) => Self::Io {
                source: io::Error::other(other.to_string()),
            },
        }
    }
}

impl StoreError {
    /// Sorts an error of the operating system by what a person does about it.
    pub(crate) fn from_io(source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::NoSpace,
            io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => Self::ReadOnly,
            io::ErrorKind::InvalidData => Self::Damaged {
                what: source.to_string(),
            },
            io::ErrorKind::UnexpectedEof => Self::Damaged {
                what: "the file is shorter than it was".to_owned(),
            },
            _ => Self::Io { source },
        }
    }
}
