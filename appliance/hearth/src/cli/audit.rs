//! What can be typed after `hearth audit`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// Who did what, newest first.
#[derive(Debug, Args)]
#[command(
    after_help = "Times: 2026-06-16, \"2026-06-16 14:00\", 14:00, -2h, -30m, -3d or
2026-06-16T14:00:00Z"
)]
pub struct Audit {
    /// Which lines.
    #[command(flatten)]
    pub which: Which,
    /// How many lines; 20 if nothing is said
    #[arg(short = 'n', long = "lines", value_name = "LINES", value_parser = clap::value_parser!(u32).range(1..))]
    pub lines: Option<u32>,
    /// Why; root, who is nobody in the book, says it
    #[arg(
        long,
        global = true,
        default_value = "",
        hide_default_value = true,
        value_name = "WORDS"
    )]
    pub why: String,
    /// What else to do with it.
    #[command(subcommand)]
    pub what: Option<AuditAsk>,
}

/// Which lines of the record.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub struct Which {
    /// Only what they did, or what was done with their data
    #[arg(long, global = true, value_name = "PERSON")]
    pub of: Option<u32>,
    /// Only what others did with your own data
    #[arg(long, global = true, conflicts_with_all = ["of", "act", "from", "until"])]
    pub mine: bool,
    /// Only this act, as hearth acts lists them
    #[arg(long, global = true, value_name = "ACT")]
    pub act: Option<String>,
    /// From when
    #[arg(long, global = true, value_name = "TIME", allow_hyphen_values = true)]
    pub from: Option<String>,
    /// Until when; a day counts to its end
    #[arg(long, global = true, value_name = "TIME", allow_hyphen_values = true)]
    pub until: Option<String>,
    /// Only lines before the one with this number
    #[arg(long, global = true, value_name = "NUMBER")]
    pub below: Option<u64>,
}

/// What else to do with the record.
#[derive(Debug, Subcommand)]
pub enum AuditAsk {
    /// Look whether a line was changed or is missing; needs no running box
    Verify,
    /// All of them as a table for a spreadsheet, or with --json as lines
    Export {
        /// Into this file, for you alone [default: the output]
        file: Option<PathBuf>,
    },
}
