//! What can go wrong with a backup, in sentences: what is wrong, where, and what to do now.

use std::io;
use std::path::{Path, PathBuf};

use super::PhraseError;
use crate::{AuditFault, OpenError, StoreError};

/// Why a backup was not made, or not restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The place cannot be written or read.
    #[error(
        "{} cannot be written or read: {source}. Look whether the stick is in its place and whether the folder belongs to \
         the user who runs Hearth", path.display()
    )]
    Io {
        /// Where.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The place is full.
    #[error("there is no room left for {}. Take a larger stick, or delete something else there", .0.display())]
    NoRoom(PathBuf),
    /// The file is something else.
    #[error("{} is no backup of Hearth. Name the file of a backup, or the folder in which they lie", .0.display())]
    NotABackup(PathBuf),
    /// There is none.
    #[error("there is no backup in {}. Name the folder in which they lie; it is called hearth-backup- and some letters", .0.display())]
    NoBackup(PathBuf),
    /// There are those of several boxes.
    #[error("{} holds backups of {count} boxes. Name the folder of one of them", folder.display())]
    Several {
        /// Where.
        folder: PathBuf,
        /// How many.
        count: usize,
    },
    /// A newer Hearth made it.
    #[error(
        "{} was made by a newer Hearth ({what} {found}; this one knows up to {known}). Install the newer Hearth, then try \
         again", file.display()
    )]
    Newer {
        /// The file.
        file: PathBuf,
        /// The format of what.
        what: &'static str,
        /// Its number.
        found: u32,
        /// The newest that is known here.
        known: u32,
    },
    /// It is not what was written.
    #[error("{} is damaged: {what}. Take an older backup, or one from another stick", file.display())]
    Damaged {
        /// The file.
        file: PathBuf,
        /// What was found.
        what: String,
    },
    /// A part of it is not there.
    #[error(
        "{} needs {}, which is not there. Copy the whole folder of the backups, or take another backup",
        file.display(), pack.display()
    )]
    MissingPack {
        /// The backup.
        file: PathBuf,
        /// The pack.
        pack: PathBuf,
    },
    /// The folder is another box's.
    #[error("{} holds backups of another box, and two boxes never share a folder. Give this one another place", .0.display())]
    OtherBox(PathBuf),
    /// The words are good ones, and for something else.
    #[error(
        "these words are a recovery phrase, but not the one of this backup, which was made for the key {key}. A phrase that \
         was in use earlier opens the backups of that time"
    )]
    OtherPhrase {
        /// The key of the backup.
        key: String,
    },
    /// The words are none.
    #[error(transparent)]
    Phrase(#[from] PhraseError),
    /// Something is there already.
    #[error(
        "{} is not empty: {found} lies in it. A backup is restored on a blank box only; name a folder that is empty or not \
         there", folder.display()
    )]
    NotBlank {
        /// The folder.
        folder: PathBuf,
        /// Something that lies in it.
        found: String,
    },
    /// What was written is not what should have been.
    #[error(
        "what was written differs from what is in the store: {0}. It does not count as a backup; try another stick"
    )]
    Differs(String),
    /// The box is ending.
    #[error("the box is being stopped; the backup is made after its next start")]
    Stopped,
    /// The store could not.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The record in it is not whole.
    #[error(transparent)]
    Record(#[from] AuditFault),
    /// The restored store does not open.
    #[error(transparent)]
    Open(#[from] OpenError),
}

impl BackupError {
    /// Sorts an error of the system by what a person does about it. The path is copied only where there is an error.
    pub(crate) fn at(path: &Path) -> impl Fn(io::Error) -> Self {
        move |source| {
            let file = path.to_owned();
            match source.kind() {
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::NoRoom(file),
                io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => Self::Damaged {
                    file,
                    what: source.to_string(),
                },
                _ => Self::Io { path: file, source },
            }
        }
    }
}
