//! What can be asked about the ledger's closed days.

use std::path::PathBuf;

use clap::Subcommand;

/// What to do with the ledger.
#[derive(Debug, Subcommand)]
pub enum LedgerAsk {
    /// Look whether a closed day was changed; needs no running box
    Verify,
    /// Closed days with the hashes that prove them, as lines of JSON
    Export {
        /// Into this file, for you alone [default: the output]
        file: Option<PathBuf>,
        /// The first day, by universal time [default: the oldest]
        #[arg(long, value_name = "DAY")]
        from: Option<String>,
        /// The last day [default: the newest that is closed]
        #[arg(long, value_name = "DAY")]
        to: Option<String>,
        /// Only this device, as in site.toml
        #[arg(long, value_name = "NAME")]
        device: Option<String>,
    },
    /// Compare an exported statement with the box
    Check {
        /// The statement
        file: PathBuf,
    },
    /// What was corrected of one quarter of an hour, newest first
    History {
        /// The device, as in site.toml
        device: String,
        /// import, export, production, charge, discharge or consumption
        flow: String,
        /// A time within the quarter
        time: String,
    },
}
