//! What can be typed after `hearth backup`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// Make backups, look at them, and make a box of one.
#[derive(Debug, Args)]
pub struct Backup {
    /// What to do.
    #[command(subcommand)]
    pub what: BackupAsk,
}

/// What to do with backups.
#[derive(Debug, Subcommand)]
pub enum BackupAsk {
    /// Make one now, and wait until it was compared with the box
    Create,
    /// The backups there are; needs no running box
    List {
        /// Where they lie [default: the places in site.toml]
        from: Option<PathBuf>,
    },
    /// Look whether a backup is whole; needs no running box
    Verify {
        /// The backup, or where it lies [default: the places in site.toml]
        from: Option<PathBuf>,
        /// Ask for the recovery phrase, and restore it on trial
        #[arg(long)]
        phrase: bool,
    },
    /// Make a box of a backup in a blank folder; asks for the phrase
    #[command(
        after_help = "The phrase is asked for and is never part of the command. Through a pipe it is
read from the input."
    )]
    Restore {
        /// The backup, or where it lies; the newest counts
        from: PathBuf,
    },
}
