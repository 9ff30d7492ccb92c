//! Every table of the members' book by the type of its rows. From this one list come the tables of the store, the copy
//! of somebody's data, erasure, and what goes with time: a table that is not in it does not exist.

use units::PersonId;

use crate::record::{Damaged, FieldRule, Kept, Key, Named, Naming, Record, Told};

/// Which fields are kept.
type Keeps<'a> = &'a dyn Fn(&FieldRule) -> bool;
/// What is left of a row, if anything is.
type Rest = Option<Vec<u8>>;
/// What was made of a row, or which part of it is damaged.
type Read<T> = Result<T, Damaged>;

/// A table, and what can be done with any of its rows without knowing more of them.
#[derive(Debug)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// What is said of its fields.
    pub fields: &'static [FieldRule],
    /// The type of its keys.
    pub key: fn() -> &'static str,
    read: fn(&[u8], &[u8]) -> Result<RowTold, Damaged>,
    named: fn(&[u8], &[u8]) -> Result<Named, Damaged>,
    pruned: fn(&[u8], Keeps<'_>) -> Read<Vec<u8>>,
    renamed: fn(&[u8], Naming) -> Read<Rest>,
    moved: fn(&[u8], PersonId, PersonId) -> Read<Vec<u8>>,
}

/// A row as it is told to people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowTold {
    /// Whom its key names.
    pub key: Named,
    /// Its fields.
    pub told: Vec<Told>,
}

impl RowTold {
    /// Everybody whom it names, by its key or anywhere in it.
    pub fn people(&self) -> impl Iterator<Item = PersonId> {
        let fields = self.told.iter().map(|told| &told.named);
        let named = std::iter::once(&self.key).chain(fields);
        named.flat_map(|named| named.people.iter().chain(&named.inner).copied())
    }
}

impl Table {
    /// The table of a record.
    pub const fn of<R: Kept>() -> Self {
        Self {
            name: R::TABLE,
            fields: R::FIELDS,
            key: std::any::type_name::<R::Key>,
            read: read::<R>,
            named: named::<R>,
            pruned: pruned::<R>,
            renamed: renamed::<R>,
            moved: moved::<R>,
        }
    }

    /// A row as it is told to people.
    pub fn read(&self, key: &[u8], value: &[u8]) -> Result<RowTold, Damaged> {
        (self.read)(key, value)
    }

    /// Whom and which days a row names, its key too. It takes a small part of the time that [`Table::read`] does.
    pub fn named(&self, key: &[u8], value: &[u8]) -> Result<Named, Damaged> {
        (self.named)(key, value)
    }

    /// A row with only those fields whose rule is kept, and what must stand.
    pub fn pruned(&self, value: &[u8], keep: &dyn Fn(&FieldRule) -> bool) -> Result<Vec<u8>, Damaged> {
        (self.pruned)(value, keep)
    }

    /// A row without a person; `None` where it cannot be without them.
    pub fn without(&self, value: &[u8], person: PersonId) -> Result<Option<Vec<u8>>, Damaged> {
        (self.renamed)(value, Naming::Gone(person))
    }

    /// A row with a person named by another number, and its key.
    pub fn moved(
        &self,
        (key, value): (&[u8], &[u8]),
        from: PersonId,
        to: PersonId,
    ) -> Result<(Vec<u8>, Vec<u8>), Damaged> {
        let value = (self.renamed)(value, Naming::Moved { from, to })?.ok_or(Damaged(self.name))?;
        Ok(((self.moved)(key, from, to)?, value))
    }

    /// What its rows are called for people: "Devices where somebody signed in".
    pub fn title(&self) -> String {
        let words = match self.name {
            "accounts" => "what was asked and paid",
            "cash-days" => "days of the cash book",
            "counterparties" => "who pays from which account",
            "custom-fields" => "questions of the house",
            "dues-agreed" => "dues that were agreed",
            "duties" => "roles of people",
            "import-mappings" => "how tables are understood",
            "import-rows" => "rows that were read in",
            "imports" => "tables that were read in",
            "known-devices" => "devices where somebody signed in",
            "letter-runs" => "letters that went out",
            "letters" => "letters that were written",
            "mails" => "e-mails",
            "money-rules" => "what was decided about money",
            "payment-forms" => "forms for payments",
            "payments-of" => "payments, by who paid",
            "sessions" => "where somebody is signed in",
            "slips" => "slips to sign in with",
            "statement-lines" => "lines of bank statements",
            "statement-mappings" => "how bank statements are understood",
            "statement-marks" => "lines of bank statements that are known",
            "system-users" => "users of the machine",
            "told-apart" => "others whom somebody looks like",
            "waiting-acts" => "what waits for a second person",
            name => &name.replace('-', " "),
        };
        let mut letters = words.chars();
        let first = letters.next().map(|letter| letter.to_uppercase().to_string());
        first.unwrap_or_default() + letters.as_str()
    }
}

fn read<R: Kept>(key: &[u8], value: &[u8]) -> Result<RowTold, Damaged> {
    let mut named = Named::default();
    R::Key::from_key(key).ok_or(Damaged(R::TABLE))?.names(&mut named);
    Ok(RowTold {
        key: named,
        told: R::decode(value)?.told(),
    })
}

fn named<R: Kept>(key: &[u8], value: &[u8]) -> Result<Named, Damaged> {
    let mut named = Named::default();
    R::Key::from_key(key).ok_or(Damaged(R::TABLE))?.names(&mut named);
    Record::names(&R::decode(value)?, &mut named);
    Ok(named)
}

fn pruned<R: Kept>(value: &[u8], keep: &dyn Fn(&FieldRule) -> bool) -> Result<Vec<u8>, Damaged> {
    Ok(Record::pruned(R::decode(value)?, keep).encode())
}

fn renamed<R: Kept>(value: &[u8], naming: Naming) -> Result<Option<Vec<u8>>, Damaged> {
    Ok(Record::renamed(R::decode(value)?, naming).map(|row| row.encode()))
}

fn moved<R: Kept>(key: &[u8], from: PersonId, to: PersonId) -> Result<Vec<u8>, Damaged> {
    let key = R::Key::from_key(key).ok_or(Damaged(R::TABLE))?;
    Ok(key.moved(from, to).to_key())
}

/// The table with this name.
pub fn table(name: &str) -> Option<&'static Table> {
    crate::KEPT.iter().find(|table| table.name == name)
}

/// Makes the list of tables of the types of their rows.
macro_rules! tables {
    ($($record:ty,)*) => {
        /// Every table of the members' book, by its name.
        pub const TABLES: &[&str] = &[$( <$record as $crate::record::Kept>::TABLE, )*];

        /// The same with what can be done with their rows.
        pub const KEPT: &[$crate::tables::Table] = &[$( $crate::tables::Table::of::<$record>(), )*];
    };
}

pub(crate) use tables;
