//! What is kept of an import or a merge, so that it can be undone exactly: what stood in each row before, and by what it
//! is known whether somebody has changed the row since.

use sha2::{Digest, Sha256};
use units::{Instant, PersonId};

use crate::holding::about;
use crate::record::{Damaged, FieldRule, Named, Naming, Newer, Opaque, Value, record};

record! {
    /// Two entries of one person that became one.
    pub struct Merge {
        /// The entry that stayed.
        1 kept: PersonId => "Entry that stayed", Accountability, LegitimateInterest, AfterEntry(6);
        /// The number of the other one.
        2 gone: u32 => "Number of the other entry", Accountability, LegitimateInterest, AfterEntry(6);
        /// How many rows of the book it changed.
        3 rows: u32 => "Rows of the book", Accountability, NotPersonal, AfterEntry(6);
    }
}

record! {
    /// A table that was read in, or two entries that became one.
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
        /// Which entries became one, where it is a merge.
        11 merge: Option<Merge> => "Entries that became one", Accountability, LegitimateInterest, AfterEntry(6);
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
        /// Whose row it is.
        5 people: Owners => "Whose row it is", Membership, LegitimateInterest, AfterEntry(1);
        /// When it was written: it is kept for a year from then.
        6 at: Option<Instant> => "Written", Accountability, LegitimateInterest, AfterEntry(1);
    }
}

/// The people whose row something is. Once one of them is taken out, the whole of it goes: nobody can tell what of it
/// was theirs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Owners(pub Vec<PersonId>);

impl Value for Owners {
    fn write(&self, number: u8, out: &mut Vec<u8>) {
        self.0.write(number, out);
    }

    fn read(fields: &[(u8, &[u8])], number: u8, what: &'static str) -> Result<Self, Damaged> {
        Value::read(fields, number, what).map(Self)
    }

    fn say(&self) -> Vec<String> {
        Value::say(&self.0)
    }

    fn names(&self, named: &mut Named) {
        Value::names(&self.0, named);
    }

    fn blanked(&self) -> Option<Self> {
        Some(Self::default())
    }

    fn pruned(self, _: &dyn Fn(&FieldRule) -> bool) -> Self {
        self
    }

    fn renamed(self, naming: Naming) -> Option<Self> {
        let all = self.0.len();
        let renamed: Vec<PersonId> = self
            .0
            .into_iter()
            .filter_map(|person| naming.person(person))
            .collect();
        (renamed.len() == all).then_some(Self(renamed))
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
    /// What is kept of a row that changes: whose it is tells the row itself.
    pub fn of(
        table: &str,
        key: &[u8],
        (before, after): (Option<&[u8]>, Option<&[u8]>),
        at: Instant,
    ) -> Result<Self, Damaged> {
        let known = crate::tables::table(table).ok_or(Damaged("ImportRow.table"))?;
        let row = before.or(after).map(|value| known.read(key, value)).transpose()?;
        Ok(Self {
            table: table.to_owned(),
            key: Opaque(key.to_vec()),
            before: before.map(|bytes| Opaque(bytes.to_vec())),
            after: after.map(fingerprint),
            people: Owners(row.map(|row| about(&row).0).unwrap_or_default()),
            at: Some(at),
            newer: Newer::default(),
        })
    }

    /// The same where one of its people has another number now.
    pub fn moved(mut self, from: PersonId, to: PersonId) -> Self {
        self.people
            .0
            .iter_mut()
            .filter(|person| **person == from)
            .for_each(|person| *person = to);
        self
    }

    /// Whether the row is still what was written.
    pub fn stands(&self, now: Option<&[u8]>) -> bool {
        now.map(fingerprint) == self.after
    }
}
