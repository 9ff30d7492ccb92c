//! What can go wrong, by what a caller does about it; every sentence says what, where, and what to do now.

use std::io;
use std::path::PathBuf;

use energy::calendar::Zone;
use units::{Instant, Span};

/// Why a store could not be opened. The file is left as it was.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another Hearth has this folder.
    #[error(
        "another Hearth is already running on {}; stop it first, or give this one a folder of its own",
        folder.display()
    )]
    AlreadyOpen {
        /// The folder.
        folder: PathBuf,
    },
    /// A newer Hearth wrote the file.
    #[error(
        "{} was written by a newer Hearth (format {found}, this one knows up to {known}); \
         it was not touched; install the newer Hearth again", file.display()
    )]
    Newer {
        /// The file.
        file: PathBuf,
        /// The format that the file asks for.
        found: u32,
        /// The newest format that this Hearth knows.
        known: u32,
    },
    /// Nothing can be written in the folder.
    #[error(
        "{} cannot be written to; check that the card is not locked or worn out and that the folder \
         belongs to the user hearth", folder.display()
    )]
    ReadOnly {
        /// The folder.
        folder: PathBuf,
    },
    /// The card is full.
    #[error("there is no space left for {}; delete something else or use a larger card", folder.display())]
    NoSpace {
        /// The folder.
        folder: PathBuf,
    },
    /// The place is missing, or is something else than a folder.
    #[error("{} is not a folder; create it, or name another one", folder.display())]
    NotAFolder {
        /// The place.
        folder: PathBuf,
    },
    /// The file cannot be understood.
    #[error(
        "{} is damaged ({what}); it was kept as it is: move it aside and start again, or restore a backup",
        file.display()
    )]
    Damaged {
        /// The file.
        file: PathBuf,
        /// What was found.
        what: String,
    },
    /// Anything else that the operating system refused.
    #[error("{} could not be opened: {source}; check the card and its cable, then start again", file.display())]
    Io {
        /// The file or folder.
        file: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
}

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The queue to the writer is full: the card is slower than what comes in.
    #[error(
        "the card is too slow: {waiting} batches wait to be written; keep this one and try again in a moment"
    )]
    Busy {
        /// How many wait.
        waiting: usize,
    },
    /// The card is (nearly) full; what is stored can still be read.
    #[error(
        "the card is full; delete something else on it or use a larger one; until then readings wait in memory"
    )]
    NoSpace,
    /// The card became read-only; what is stored can still be read.
    #[error("the card can no longer be written to; it may be worn out: make a backup and replace it")]
    ReadOnly,
    /// The file that is open has no name any more: what were written to it would be gone with the program.
    #[error(
        "the store's file is not in its folder any more: it was removed or replaced, or the card was taken out; put \
         it back, or restore a backup, and start the box again"
    )]
    Gone,
    /// Reading or writing failed; the store reopens itself before the next try.
    #[error("the card could not be read or written: {source}; the next try follows by itself")]
    Io {
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
    /// The file is being opened again after a failure.
    #[error("the store is being put in order after an error of the card; try again in a moment")]
    Mending,
    /// Something in the file cannot be understood.
    #[error("the store is damaged ({what}); make a copy of the file, then restore a backup")]
    Damaged {
        /// What was found.
        what: String,
    },
    /// A small value was to be kept under a name that is the store's own.
    #[error("{name:?} is a name of the store's own; choose one that does not begin with store/ or audit/")]
    Reserved {
        /// The name.
        name: String,
    },
    /// A row is not what it was when the change was thought of.
    #[error("somebody else changed this at the same moment; look at it again, then try once more")]
    Conflict {
        /// The table.
        table: &'static str,
        /// The row's key.
        key: Vec<u8>,
    },
    /// The store has been closed, or its writer has stopped.
    #[error("the store is closed; start Hearth again")]
    Closed,
}

impl StoreError {
    /// Whether the card is why, and may be well again later: nothing is wrong with what was asked.
    pub fn is_of_the_card(&self) -> bool {
        matches!(
            self,
            Self::Busy { .. } | Self::NoSpace | Self::ReadOnly | Self::Gone | Self::Io { .. } | Self::Mending
        )
    }
}

/// Why the audit chain could not be confirmed.
#[derive(Debug, thiserror::Error)]
pub enum AuditFault {
    /// A line was changed, removed or put in.
    #[error("the record of who did what was altered at line {number}: {what}; compare with a backup")]
    BrokenAt {
        /// The number of the first line that does not fit.
        number: u64,
        /// What does not fit.
        what: &'static str,
    },
    /// It could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why the chain of the ledger's days could not be confirmed.
#[derive(Debug, thiserror::Error)]
pub enum LedgerFault {
    /// A day is not as it was closed.
    #[error("the ledger was altered: the day {} does not fit: {what}; compare with a backup", day(.until))]
    BrokenAt {
        /// When the first day that does not fit begins.
        from: Instant,
        /// When it ends.
        until: Instant,
        /// What does not fit.
        what: &'static str,
    },
    /// A correction was changed, removed or put in, or what is read is not what it says.
    #[error(
        "the ledger was altered: what is read of a corrected quarter is not what correction {number} says; compare with a backup"
    )]
    Correction {
        /// The number of the correction.
        number: u64,
    },
    /// There are no closed days, and there were some.
    #[error("the ledger was altered: all its closed days were taken away; compare with a backup")]
    Emptied,
    /// It could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The last day that a stretch holds, in words.
fn day(until: &Instant) -> String {
    Zone::utc().date_of(*until - Span::from_millis(1)).to_string()
}
