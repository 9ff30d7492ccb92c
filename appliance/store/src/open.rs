//! Finding the file, making it, and refusing it: everything between a folder and an open database.
//!
//! A file is made under another name, filled, closed, synced, renamed, and its folder synced. A cut at any
//! moment leaves either no store or a whole one; redb alone would refuse a half-made file for ever.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use redb::{Builder, Database, ReadTransaction, ReadableDatabase, ReadableTable, TableHandle};

use crate::disk::{Disk, Medium};
use crate::fault::Fault;
use crate::header::{self, FORMAT, LastRun};
use crate::overlay::Overlay;
use crate::pages::{self, Pages, Tally};
use crate::registry::Registry;
use crate::ring::Mark;
use crate::tables::{META, META_FORMAT, META_TAIL, named};
use crate::{OpenError, OpenedState, StoreError, meta, tables};

/// The store's file.
pub(crate) const FILE: &str = "hearth.redb";
/// Its name until it is whole.
pub(crate) const UNFINISHED: &str = "hearth.redb.new";

/// A database that is open, and what lies beneath.
#[derive(Debug)]
pub(crate) struct Open {
    pub(crate) database: Database,
    pub(crate) medium: Arc<dyn Medium>,
    /// What is known but for what is pending.
    pub(crate) registry: Registry,
    /// What is known of the tail file, if there was one.
    pub(crate) tail: Option<Mark>,
    /// Where the tail ended when the file was closed.
    pub(crate) tail_end: Option<u64>,
    pub(crate) state: OpenedState,
    /// Whether it can be written: the card may be read-only.
    pub(crate) writable: bool,
}

/// Opens the store of a folder, or makes one.
pub(crate) fn open(disk: &dyn Disk, cache_bytes: usize, tally: &Arc<Tally>) -> Result<Open, OpenError> {
    let file = disk.folder().join(FILE);
    let io = |source| OpenError::from_io(disk.folder(), &file, source);
    if find(disk).map_err(io)?.is_some() {
        let opened = open_existing(disk, cache_bytes, tally)?;
        if opened.writable {
            disk.remove(UNFINISHED).map_err(io)?;
        }
        return Ok(opened);
    }
    if let Err(fault) = create(disk, cache_bytes, tally) {
        // What is unfinished only takes space; if it cannot be removed either, the next start does it.
        let _ = disk.remove(UNFINISHED);
        return Err(fault_to_open(disk.folder(), &file, fault));
    }
    let opened = open_existing(disk, cache_bytes, tally)?;
    Ok(Open {
        state: OpenedState::Created,
        ..opened
    })
}

/// The file, if there is one, and whether it can be written. Where it can only be read, what redb writes when it opens
/// goes nowhere.
fn find(disk: &dyn Disk) -> io::Result<Option<(Arc<dyn Medium>, bool)>> {
    let refused = match disk.open(FILE) {
        Ok(found) => return Ok(found.map(|medium| (medium, true))),
        Err(refused) => refused,
    };
    if !is_read_only(&refused) {
        return Err(refused);
    }
    let Some(medium) = disk.open_to_read(FILE)? else {
        return Ok(None);
    };
    Ok(Some((Arc::new(Overlay::over(medium)?), false)))
}

/// Whether a card takes no writes, and may be read all the same.
pub(crate) fn is_read_only(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied
    )
}

/// Opens a store that must be there; repairs it if the last run was cut.
pub(crate) fn open_existing(
    disk: &dyn Disk,
    cache_bytes: usize,
    tally: &Arc<Tally>,
) -> Result<Open, OpenError> {
    let file = disk.folder().join(FILE);
    let io = |source| OpenError::from_io(disk.folder(), &file, source);
    let missing = || io(io::Error::from(io::ErrorKind::NotFound));
    let (medium, writable) = find(disk).map_err(io)?.ok_or_else(missing)?;
    let (state, tail_end) = match header::check(&medium, disk.folder(), &file)? {
        LastRun::Clean(tail_end) => (OpenedState::Clean, tail_end),
        LastRun::Cut => (OpenedState::Recovered, None),
    };
    header::mark_open(&medium).map_err(io)?;
    if state == OpenedState::Recovered {
        tracing::info!(
            "the store was not closed properly; putting it in order, which may take a minute after an older Hearth"
        );
    }
    let opened = guarded(|| {
        let database = database(&medium, cache_bytes, tally)?;
        let (registry, tail) = load(&database)?;
        Ok((database, registry, tail))
    });
    let (database, registry, tail) = opened.map_err(|fault| fault_to_open(disk.folder(), &file, fault))?;
    Ok(Open {
        database,
        medium,
        registry,
        tail,
        tail_end,
        state,
        writable,
    })
}

/// Runs `work`; a panic of the engine, as over a damaged file, becomes an error.
pub(crate) fn guarded<T>(work: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(Fault::Panicked))
}

/// A database over a file that begins with our page.
pub(crate) fn database(
    medium: &Arc<dyn Medium>,
    cache_bytes: usize,
    tally: &Arc<Tally>,
) -> Result<Database, Fault> {
    let pages = Pages::new(Arc::clone(medium), Arc::clone(tally));
    let checksums = pages.checksums();
    let database = Builder::new()
        .set_cache_size(cache_bytes)
        .create_with_backend(pages)?;
    if !checksums.is_armed() {
        checksums.head(&pages::head(&**medium)?, true);
    }
    Ok(database)
}

/// A store's file in the making: it has another name until it is whole.
pub(crate) struct Unfinished<'d> {
    disk: &'d dyn Disk,
    medium: Arc<dyn Medium>,
    pub(crate) database: Database,
}

impl<'d> Unfinished<'d> {
    /// Begins a file that has nothing in it yet.
    pub(crate) fn begin(disk: &'d dyn Disk, cache_bytes: usize, tally: &Arc<Tally>) -> Result<Self, Fault> {
        let medium = disk.create(UNFINISHED)?;
        header::write(&medium)?;
        let database = guarded(|| database(&medium, cache_bytes, tally))?;
        Ok(Self {
            disk,
            medium,
            database,
        })
    }

    /// Closes the file, and gives it its name, which is on the card once the folder is synced. Closing writes down which pages
    /// are free, so that none of the commits before needs to (`set_quick_repair`): a cut before leaves no file at all.
    pub(crate) fn give_name(self) -> Result<(), Fault> {
        guarded(|| Ok(self.database.close()?))?;
        self.medium.sync()?;
        Ok(self.disk.rename(UNFINISHED, FILE)?)
    }
}

fn create(disk: &dyn Disk, cache_bytes: usize, tally: &Arc<Tally>) -> Result<(), Fault> {
    let file = Unfinished::begin(disk, cache_bytes, tally)?;
    guarded(|| {
        let mut txn = file.database.begin_write()?;
        txn.set_two_phase_commit(true);
        tables::make(&txn)?;
        meta::put(&txn, META_FORMAT, &FORMAT.to_be_bytes())?;
        Ok(txn.commit()?)
    })?;
    file.give_name()?;
    Ok(disk.sync_folder()?)
}

/// Writes everything that `source` holds now into a new file, which takes the place of the old one: redb leaves what
/// was removed in its file until something else is written there, and here it is nowhere. Until the new name is there,
/// whatever fails leaves the old file as it is.
pub(crate) fn rewrite(
    disk: &dyn Disk,
    cache_bytes: usize,
    tally: &Arc<Tally>,
    source: &Database,
) -> Result<(), Fault> {
    let target = Unfinished::begin(disk, cache_bytes, tally)?;
    let from = source.begin_read()?;
    for table in from.list_tables()? {
        copy(&from, &target.database, table.name())?;
    }
    target.give_name()
}

/// Copies the rows of one table.
fn copy(from: &ReadTransaction, target: &Database, name: &str) -> Result<(), Fault> {
    let definition = named(name);
    let txn = target.begin_write()?;
    {
        let mut table = txn.open_table(definition)?;
        for row in from.open_table(definition)?.iter()? {
            let (key, value) = row?;
            table.insert(key.value(), value.value())?;
        }
    }
    Ok(txn.commit()?)
}

/// Reads what is kept in memory. A database without our mark inside is none of ours.
fn load(database: &Database) -> Result<(Registry, Option<Mark>), Fault> {
    let txn = database.begin_read()?;
    let meta = txn.open_table(META)?;
    meta::get(&meta, META_FORMAT)?.ok_or(Fault::Malformed("meta"))?;
    let tail = meta::get(&meta, META_TAIL)?;
    Ok((
        Registry::load(&txn)?,
        tail.map(|bytes| Mark::decode(&bytes)).transpose()?,
    ))
}

pub(crate) fn fault_to_open(folder: &Path, file: &Path, fault: Fault) -> OpenError {
    match StoreError::from(fault) {
        StoreError::NoSpace => OpenError::NoSpace {
            folder: folder.to_owned(),
        },
        StoreError::ReadOnly => OpenError::ReadOnly {
            folder: folder.to_owned(),
        },
        StoreError::Io { source } => OpenError::from_io(folder, file, source),
        StoreError::Damaged { what } => OpenError::Damaged {
            file: file.to_owned(),
            what,
        },
        other => OpenError::Damaged {
            file: file.to_owned(),
            what: other.to_string(),
        },
    }
}

impl OpenError {
    /// Sorts an error of the operating system by what a person does about it.
    pub(crate) fn from_io(folder: &Path, file: &Path, source: io::Error) -> Self {
        let (folder, file) = (folder.to_owned(), file.to_owned());
        match StoreError::from_io(source) {
            StoreError::NoSpace => Self::NoSpace { folder },
            StoreError::ReadOnly => Self::ReadOnly { folder },
            StoreError::Damaged { what } => Self::Damaged { file, what },
            StoreError::Io { source } => Self::Io { file, source },
            other => Self::Damaged {
                file,
                what: other.to_string(),
            },
        }
    }
}
