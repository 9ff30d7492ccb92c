//! Backups: a folder of sealed packs that are written once, and a small plain file for each backup that names its packs.
//!
//! The tables of the series and of the ledger are cut into pieces whose ends depend on their keys alone; a piece that has not
//! changed is written once, and a later backup only names the pack that has it already. Everything else goes into one pack of
//! each backup. All packs are
//! sealed to the recovery key, of which the box holds the public half, and to a key that lives in memory until what was
//! written has been read again, put into a scratch store, and compared row by row with what was to be written. Only then
//! does the backup get its name. Nothing here knows which folder, when, or who may.

mod error;
mod item;
mod make;
mod manifest;
mod memory;
mod pack;
mod phrase;
mod places;
mod refill;
mod restore;
pub(crate) mod stick;
#[cfg(test)]
mod tests;
mod thin;

pub use error::BackupError;
pub use item::KeptFile;
pub use make::{BoxKey, Made, Wish, create};
pub use manifest::Manifest;
pub use phrase::{PhraseError, key_of, phrase};
pub use places::{Found, boxes, folder_of, list, newest};
pub use restore::{Checked, Restored, check, finish, restore, verify};
pub use thin::{Thinning, thin};
#[cfg(test)]
pub(crate) use {make::create_on, restore::put_together, thin::thin_on};

/// The format of backups that this Hearth writes, and the newest that it can read.
pub const FORMAT: u32 = 1;
