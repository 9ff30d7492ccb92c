//! What is kept of an import, so that it can be undone exactly: what stood in each row before, and by what it
//! is known whether somebody has changed the row since.

use sha2::{Digest, Sha256};
use units::{Instant, PersonId};

use crate::membership::Membership;
use crate::person::Person;
use crate::record::{Kept, Key, Newer, Opaque, record};

record! {
    /// A table that was read in.
    pub struct Import in "imports" by u32 {
        /// The name of the file, where it had one.
        2 file: Option<String> => "File", Accountability, LegitimateInterest, AfterEntry(1);
        /// When.
        3 at: Instant => "When", Accountability, LegitimateInterest, AfterEntry(6);
        /// Who did it.
        4 by: Option<PersonId> => "Done by", Accountability, LegitimateInterest, AfterEntry(6);
        /// Rows of people who were new.
        5 new: u32 => "New people", Accountability, NotPersonal, AfterEntry(6);
        /// Rows by which somebody was changed.
        6 changed: u32 => "Changed people", Accountability, NotPersonal, AfterEntry(6);
        /// Rows that said nothing new.
        7 same: u32 => "Rows that said nothing new", Accountability, NotPersonal, AfterEntry(6);
        /// Every row and every cell that was not taken, with the reason; nothing of what stood in it.
        8 report: Vec<String> => "What was not taken", Accountability, NotPersonal, AfterEntry(6);
        /// When it was undone.
        9 undone: Option<Instant> => "Undone", Accountability, LegitimateInterest, AfterEntry(6);
        /// How many rows stayed when it was undone, since they had changed since.
        10 stayed: u32 => "Rows that stayed", Accountability, NotPersonal, AfterEntry(6);
    }
}

record! {
    /// One row that an import changed, by the number of the import and its own within it. It is gone once the import was
    /// undone.
    pub struct ImportRow in "import-rows" by u64 {
        /// The table.
        1 table: String => "Table", Accountability, LegitimateInterest, AfterEntry(1);
        /// The row's key.
        2 key: Opaque => "Row", Accountability, LegitimateInterest, AfterEntry(1);
        /// What stood there before; nothing where it was new.
        3 before: Option<Opaque> => "What stood there before", Accountability, LegitimateInterest, AfterEntry(1);
        /// The fingerprint of what stood there afterwards; nothing where the row went.
        4 after: Option<Opaque> => "Fingerprint of what was written", Accountability, LegitimateInterest, AfterEntry(1);
        /// Whose row it is, where it is somebody's.
        5 person: Option<PersonId> => "Whose row it is", Membership, LegitimateInterest, AfterEntry(1);
    }
}

/// The key of a row of an import.
pub fn row_key(import: u32, row: u32) -> u64 {
    (u64::from(import) << 32) | u64::from(row)
}

/// The fingerprint of the bytes of a row.
pub fn fingerprint(bytes: &[u8]) -> Opaque {
    Opaque(Sha256::digest(bytes).to_vec())
}

impl ImportRow {
    /// What is kept of a row that changes.
    pub fn of(table: &str, key: &[u8], before: Option<&[u8]>, after: Option<&[u8]>) -> Self {
        let by_person = [Person::TABLE, Membership::TABLE].contains(&table);
        Self {
            table: table.to_owned(),
            key: Opaque(key.to_vec()),
            before: before.map(|bytes| Opaque(bytes.to_vec())),
            after: after.map(fingerprint),
            person: PersonId::from_key(key).filter(|_| by_person),
            newer: Newer::default(),
        }
    }

    /// Whether the row is still what was written.
    pub fn stands(&self, now: Option<&[u8]>) -> bool {
        now.map(fingerprint) == self.after
    }
}
