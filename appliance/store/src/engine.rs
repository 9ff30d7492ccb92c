//! The open database and everything that keeps it open: transactions, reopening after an error of the card,
//! refusing in time when space runs out, and knowing how things stand.
//!
//! redb refuses everything after a failed read or write until the file is opened again. So it is opened again, at
//! once, so that reading goes on; what was being written comes back to its owner. Only the writer's thread opens it:
//! putting a large file in order takes a while, and nobody who reads may be made to wait for it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, TryLockError};
use std::time::{Duration, Instant};

use redb::{Database, ReadTransaction, ReadableDatabase, WriteTransaction};

use crate::disk::{Disk, Medium};
use crate::entry::Entry;
use crate::fault::Fault;
use crate::header::FORMAT;
use crate::open::{self, Open, guarded};
use crate::pages::Tally;
use crate::registry::Registry;
use crate::series::{Grouped, SeriesWriter};
use crate::tables::{META_FORMAT, META_TAIL};
use crate::tail::{self, Tail};
use crate::{Batch, OpenError, Opened, Options, Receipt, StoreError, header, meta};

/// How much room on the card a write may need.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Room {
    /// About so many bytes, and the spare space stays untouched.
    Bytes(u64),
    /// It gives space back in the end, and may use some of the spare until then.
    OfTheSpare,
}

/// What a small write may need of the card: a page of every table and what redb keeps for itself.
pub(crate) const SMALL: u64 = 256 * 1024;
/// A small write of what must not be lost.
pub(crate) const SMALL_WRITE: Room = Room::Bytes(SMALL);

/// A database that is open.
type Slot = Option<(Database, Arc<dyn Medium>)>;

/// What is remembered for [`crate::StoreFacts`].
#[derive(Debug, Clone, Default)]
pub(crate) struct Health {
    pub(crate) last_commit: Option<(Instant, Duration)>,
    pub(crate) commits: u64,
    pub(crate) trouble: Option<String>,
}

/// The open database of one folder.
#[derive(Debug)]
pub(crate) struct Engine {
    disk: Box<dyn Disk>,
    options: Options,
    tally: Arc<Tally>,
    slot: RwLock<Slot>,
    /// Whether somebody who read met a failure after which the file must be opened again.
    ill: AtomicBool,
    /// Whether the file has a name that may not be on the card yet.
    unnamed: AtomicBool,
    /// Whether the file could only be opened for reading.
    read_only: AtomicBool,
    /// How often the file was opened: what a snapshot looks at is there until it is opened again.
    openings: AtomicU64,
    /// The size of the file, so that whoever asks need not wait for it.
    file_bytes: AtomicU64,
    registry: RwLock<Arc<Registry>>,
    health: Mutex<Health>,
    /// The tail file. Only the writer's thread writes it.
    tail: Mutex<Tail>,
}

impl Engine {
    pub(crate) fn open(disk: Box<dyn Disk>, options: Options) -> Result<(Self, Opened), OpenError> {
        let begun = Instant::now();
        let tally = Arc::new(Tally::default());
        let opened = open::open(&*disk, options.cache_bytes, &tally)?;
        let file = disk.folder().join(open::FILE);
        let to_open = |fault| open::fault_to_open(disk.folder(), &file, fault);
        let (tail, registry) = find_tail(&*disk, &opened, (&tally, options.tail_pages)).map_err(to_open)?;
        let Open {
            database,
            medium,
            state,
            writable,
            ..
        } = opened;
        let lost_pages = tail.lost();
        let health = Health {
            trouble: (!writable).then(|| StoreError::ReadOnly.to_string()),
            ..Health::default()
        };
        let engine = Self {
            tail: Mutex::new(tail),
            disk,
            options,
            tally,
            ill: AtomicBool::new(false),
            unnamed: AtomicBool::new(false),
            read_only: AtomicBool::new(!writable),
            openings: AtomicU64::new(0),
            file_bytes: AtomicU64::new(medium.len().unwrap_or(0)),
            slot: RwLock::new(Some((database, medium))),
            registry: RwLock::new(Arc::new(registry)),
            health: Mutex::new(health),
        };
        Ok((
            engine,
            Opened {
                state,
                took: begun.elapsed(),
                lost_pages,
            },
        ))
    }

    /// The numbers and newest readings as of the last commit.
    pub(crate) fn registry(&self) -> Arc<Registry> {
        Arc::clone(&self.registry.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads at one moment of the store. Never waits: while the file is being put in order it says so.
    pub(crate) fn read<T>(
        &self,
        work: impl FnOnce(&ReadTransaction, &Registry) -> Result<T, Fault>,
    ) -> Result<T, StoreError> {
        let slot = match self.slot.try_read() {
            Ok(slot) => slot,
            Err(TryLockError::Poisoned(slot)) => slot.into_inner(),
            Err(TryLockError::WouldBlock) => return Err(StoreError::Mending),
        };
        self.read_from(&slot, work).map_err(|fault| {
            if fault.latches() {
                // Said while the slot is held, so that a file that was opened meanwhile is not taken for an ill one.
                self.ill.store(true, Ordering::Relaxed);
            }
            if fault.is_echo() {
                StoreError::Mending
            } else {
                StoreError::from(fault)
            }
        })
    }

    fn read_from<T>(
        &self,
        slot: &Slot,
        work: impl FnOnce(&ReadTransaction, &Registry) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let registry = self.registry();
        guarded(|| {
            let (database, _) = slot.as_ref().ok_or(Fault::Redb(redb::Error::DatabaseClosed))?;
            work(&database.begin_read()?, &registry)
        })
    }

    /// The file at this moment, and how often it was opened until now. Only the writer's thread calls it, so that what is
    /// pending fits to it.
    pub(crate) fn begin_snapshot(&self) -> Result<(ReadTransaction, u64), StoreError> {
        let slot = self.slot.read().unwrap_or_else(PoisonError::into_inner);
        let begun = guarded(|| {
            let (database, _) = slot.as_ref().ok_or(Fault::Redb(redb::Error::DatabaseClosed))?;
            Ok((database.begin_read()?, self.openings.load(Ordering::Acquire)))
        });
        Ok(begun?)
    }

    /// Reads a piece of a snapshot, unless the file was opened again since: then its pages may hold something else.
    pub(crate) fn read_snapshot<T>(
        &self,
        opening: u64,
        work: impl FnOnce() -> Result<T, Fault>,
    ) -> Result<T, StoreError> {
        let slot = self.slot.read().unwrap_or_else(PoisonError::into_inner);
        if slot.is_none() || self.openings.load(Ordering::Acquire) != opening {
            return Err(StoreError::Mending);
        }
        guarded(work).map_err(|fault| {
            if fault.latches() {
                self.ill.store(true, Ordering::Relaxed);
            }
            StoreError::from(fault)
        })
    }

    /// Whether the file must be opened again before anybody can read.
    pub(crate) fn is_ill(&self) -> bool {
        self.ill.load(Ordering::Relaxed)
    }

    /// Opens the file again if somebody who read found that it must be. Only the writer's thread calls it.
    pub(crate) fn mend(&self) {
        if self.is_ill() {
            // Why not is in the log, and whoever reads next asks again.
            let _ = self.reopen();
        }
    }

    /// Writes in one transaction that is on the card when this returns. Only the writer's thread calls it.
    pub(crate) fn write<T>(
        &self,
        room: Room,
        work: impl Fn(&WriteTransaction, &mut Registry) -> Result<T, Fault>,
    ) -> Result<(T, Receipt), StoreError> {
        let result = self
            .is_in_its_folder()
            .and_then(|()| self.check_room(room))
            .and_then(|()| self.open_for_writing())
            .and_then(|()| self.write_or_reopen(&work));
        self.noted(result)
    }

    /// Nothing is acknowledged in a file that nobody finds again.
    fn is_in_its_folder(&self) -> Result<(), Fault> {
        if self.disk.holds(open::FILE) {
            return Ok(());
        }
        Err(Fault::Said(StoreError::Gone))
    }

    /// A file that could only be read is opened again once the card takes writes.
    fn open_for_writing(&self) -> Result<(), Fault> {
        if !self.read_only.load(Ordering::Relaxed) {
            return Ok(());
        }
        // An error says that it still does not, and nobody who reads is disturbed.
        self.disk.open(open::FILE)?;
        self.reopen()?;
        if self.read_only.load(Ordering::Relaxed) {
            return Err(Fault::Said(StoreError::ReadOnly));
        }
        Ok(())
    }

    /// Puts a batch of which every name is known into the tail; it is on the card when this returns. `None` where the
    /// tail has no room for it. Only the writer's thread calls it.
    pub(crate) fn append(&self, batch: &Batch, grouped: &Grouped<'_>) -> Result<Option<Receipt>, StoreError> {
        let known = self.registry();
        if !known.knows(batch) {
            return Ok(None);
        }
        let Some(entry) = Entry::of(batch, grouped, &known) else {
            return Ok(None);
        };
        let (begun, before) = (Instant::now(), self.tally.written());
        let put = self
            .is_in_its_folder()
            .and_then(|()| self.tail().append(&*self.disk, &entry.encode()));
        let Some(put) = put.transpose() else {
            return Ok(None);
        };
        let receipt = Receipt {
            bytes: self.tally.written() - before,
            took: begun.elapsed(),
        };
        let (place, receipt) = self.noted(put.map(|place| (place, receipt)))?;
        let mut registry = Registry::clone(&known);
        registry.pending.take(place, entry);
        grouped.note(&mut registry);
        self.now_known(registry);
        // The tail has its room, so nothing is refused yet; but it is time to say it.
        if let Err(fault) = self.check_room(Room::Bytes(0)) {
            self.lock_health().trouble = Some(StoreError::from(fault).to_string());
        }
        Ok(Some(receipt))
    }

    /// Puts all that is pending into the database with `work`, which is told the hour whose readings stay: `keep`, or none
    /// where all must go.
    pub(crate) fn seal(
        &self,
        room: Room,
        keep: Option<i64>,
        work: impl Fn(SeriesWriter<'_>, Option<i64>) -> Result<(), Fault>,
    ) -> Result<Receipt, StoreError> {
        let keep = self.registry().pending.may_keep(keep);
        let (mark, receipt) = self.write(room, |txn, registry| {
            let mark = self.tail().mark(&registry.pending.after_sealing(keep), keep);
            if let Some(mark) = &mark {
                meta::put(txn, META_TAIL, &mark.encode())?;
            }
            meta::put(txn, META_FORMAT, &FORMAT.to_be_bytes())?;
            work(SeriesWriter { txn, registry }, keep)?;
            Ok(mark)
        })?;
        match mark {
            Some(mark) => self.tail().sealed(&mark),
            None => self.make_tail(),
        }
        Ok(receipt)
    }

    /// Makes the tail file, once the first batch is in the database. Where it cannot be made, the next sealing tries again.
    fn make_tail(&self) {
        let room = self.check_room(Room::Bytes(self.tail().bytes_to_be()));
        let made = room.and_then(|()| self.tail().make(&*self.disk));
        let kept = made.map_err(StoreError::from).and_then(|mark| match mark {
            Some(mark) => self
                .write(SMALL_WRITE, |txn, _| meta::put(txn, META_TAIL, &mark.encode()))
                .map(|_| ()),
            None => Ok(()),
        });
        if let Err(error) = kept {
            self.tail().give_up();
            tracing::warn!(%error, "the tail file cannot be made; what is read goes into the store as it comes");
        }
    }

    fn tail(&self) -> MutexGuard<'_, Tail> {
        self.tail.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes what is in memory alone. Only the writer's thread calls it.
    pub(crate) fn remember(&self, work: impl FnOnce(&mut Registry)) {
        let mut registry = Registry::clone(&self.registry());
        work(&mut registry);
        self.now_known(registry);
    }

    fn now_known(&self, registry: Registry) {
        *self.registry.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(registry);
    }

    fn lock_health(&self) -> MutexGuard<'_, Health> {
        self.health.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers how a write went.
    fn noted<T>(&self, result: Result<(T, Receipt), Fault>) -> Result<(T, Receipt), StoreError> {
        let mut health = self.lock_health();
        match result {
            Ok((value, receipt)) => {
                health.last_commit = Some((Instant::now(), receipt.took));
                health.commits += 1;
                health.trouble = None;
                Ok((value, receipt))
            }
            Err(fault) => {
                let error = StoreError::from(fault);
                health.trouble = Some(error.to_string());
                Err(error)
            }
        }
    }

    fn write_or_reopen<T>(
        &self,
        work: &impl Fn(&WriteTransaction, &mut Registry) -> Result<T, Fault>,
    ) -> Result<(T, Receipt), Fault> {
        match self.try_write(work) {
            Err(fault) if fault.latches() => {
                self.reopen()?;
                if fault.is_echo() {
                    self.open_for_writing()?;
                    self.try_write(work)
                } else {
                    Err(fault)
                }
            }
            result => result,
        }
    }

    fn try_write<T>(
        &self,
        work: &impl Fn(&WriteTransaction, &mut Registry) -> Result<T, Fault>,
    ) -> Result<(T, Receipt), Fault> {
        let slot = self.slot.read().unwrap_or_else(PoisonError::into_inner);
        let mut registry = Registry::clone(&self.registry());
        let (begun, before) = (Instant::now(), self.tally.written());
        let value = guarded(|| {
            let (database, medium) = slot.as_ref().ok_or(Fault::Redb(redb::Error::DatabaseClosed))?;
            let mut txn = database.begin_write()?;
            // Two syncs, so that nothing of what people enter rests on checksums.
            txn.set_two_phase_commit(true);
            // Each commit also writes down which pages are free, so that after a power cut a file of any size is open in
            // a moment and need not be walked. That is a bit or two for each page, 90 kB with a file of 600 MB, and commits
            // are few: one an hour, and what people enter.
            txn.set_quick_repair(true);
            let value = work(&txn, &mut registry)?;
            txn.commit()?;
            self.note_length(medium);
            Ok(value)
        })?;
        self.now_known(registry);
        let receipt = Receipt {
            bytes: self.tally.written() - before,
            took: begun.elapsed(),
        };
        Ok((value, receipt))
    }

    fn note_length(&self, medium: &Arc<dyn Medium>) {
        if let Ok(length) = medium.len() {
            self.file_bytes.store(length, Ordering::Relaxed);
        }
    }

    /// Refuses before anything is touched when the card is nearly full: redb would have to be reopened otherwise,
    /// and the rest of the system needs some space to live.
    fn check_room(&self, room: Room) -> Result<(), Fault> {
        let needed = match room {
            Room::Bytes(bytes) => self.options.spare_bytes.saturating_add(bytes),
            Room::OfTheSpare => self.options.spare_bytes / 8,
        };
        match self.disk.free() {
            Ok(free) if free < needed => Err(Fault::Said(StoreError::NoSpace)),
            _ => Ok(()),
        }
    }

    /// Whether the card has room for the whole file once more.
    pub(crate) fn room_to_rewrite(&self) -> Result<(), StoreError> {
        Ok(self.check_room(Room::Bytes(self.file_bytes()))?)
    }

    /// Writes everything that is there into a new file and goes on with it, so that nothing is left of what was removed.
    /// Reading goes on meanwhile. Only the writer's thread calls it.
    pub(crate) fn rewrite(&self) -> Result<(), StoreError> {
        self.room_to_rewrite()?;
        let copied = {
            let slot = self.slot.read().unwrap_or_else(PoisonError::into_inner);
            guarded(|| {
                let (database, _) = slot.as_ref().ok_or(Fault::Redb(redb::Error::DatabaseClosed))?;
                open::rewrite(&*self.disk, self.options.cache_bytes, &self.tally, database)
            })
        };
        if let Err(fault) = copied {
            // What is unfinished only takes space; if it cannot be removed either, the next start does it.
            // Where it was the old file that failed, whoever reads or writes next finds out.
            let _ = self.disk.remove(open::UNFINISHED);
            return Err(fault.into());
        }
        self.go_on_with_the_new_file().map_err(|fault| {
            // The old file has no name any more, so nothing may be written to it.
            self.unnamed.store(true, Ordering::Relaxed);
            drop(self.slot.write().unwrap_or_else(PoisonError::into_inner).take());
            self.ill.store(true, Ordering::Relaxed);
            fault.into()
        })
    }

    /// Nothing is acknowledged in the new file before its name is on the card.
    fn go_on_with_the_new_file(&self) -> Result<(), Fault> {
        self.disk.sync_folder()?;
        let opened = self.open_with_what_is_pending()?;
        let mut slot = self.slot.write().unwrap_or_else(PoisonError::into_inner);
        self.openings.fetch_add(1, Ordering::Release);
        let old = slot.replace(opened);
        drop(slot);
        drop(old);
        Ok(())
    }

    /// Closes and opens the file again. The slot is empty meanwhile, and held only to change what is in it.
    fn reopen(&self) -> Result<(), Fault> {
        let slot = || self.slot.write().unwrap_or_else(PoisonError::into_inner);
        let old = slot().take();
        self.openings.fetch_add(1, Ordering::Release);
        drop(old);
        if self.unnamed.load(Ordering::Relaxed) {
            self.disk.sync_folder()?;
            self.unnamed.store(false, Ordering::Relaxed);
        }
        // Until it is open, whoever writes next tries again.
        self.ill.store(true, Ordering::Relaxed);
        match self.open_with_what_is_pending() {
            Ok(opened) => {
                *slot() = Some(opened);
                self.ill.store(false, Ordering::Relaxed);
                tracing::warn!("the store was opened again after an error of the card");
                Ok(())
            }
            Err(fault) => {
                let error = StoreError::from(fault);
                tracing::warn!(%error, "the store could not be opened again; the next try follows");
                Err(Fault::Said(error))
            }
        }
    }

    /// Opens the file that is there; what is in the tail and not in it stays known.
    fn open_with_what_is_pending(&self) -> Result<(Database, Arc<dyn Medium>), Fault> {
        let opened = open::open_existing(&*self.disk, self.options.cache_bytes, &self.tally);
        let opened = opened.map_err(|error| Fault::Said(StoreError::from(error)))?;
        self.note_length(&opened.medium);
        self.read_only.store(!opened.writable, Ordering::Relaxed);
        let pending = self.registry().pending.clone();
        self.now_known(opened.registry.with(pending)?);
        Ok((opened.database, opened.medium))
    }

    /// The size of the file.
    pub(crate) fn file_bytes(&self) -> u64 {
        self.file_bytes.load(Ordering::Relaxed)
    }

    /// Bytes written to the file since the start.
    pub(crate) fn bytes_written(&self) -> u64 {
        self.tally.written()
    }

    /// How things stand.
    pub(crate) fn health(&self) -> Health {
        self.lock_health().clone()
    }

    /// Closes the file for good and notes in it that it was closed.
    pub(crate) fn close(&self) {
        let mut slot = self.slot.write().unwrap_or_else(PoisonError::into_inner);
        let Some((database, medium)) = slot.take() else {
            return;
        };
        let closed = guarded(|| {
            database.close()?;
            Ok(header::mark_closed(&medium, self.tail().end())?)
        });
        if let Err(fault) = closed {
            let error = StoreError::from(fault);
            tracing::warn!(%error, "the store did not close cleanly; the next start repairs it");
        }
    }
}

/// Finds the tail of a database that was opened, and what is known with it.
fn find_tail(
    disk: &dyn Disk,
    opened: &Open,
    (tally, pages): (&Arc<Tally>, u32),
) -> Result<(Tail, Registry), Fault> {
    let known = (opened.tail.as_ref(), opened.tail_end);
    let (tail, mut pending) = Tail::open(disk, tally, u64::from(pages), known)?;
    tail::of_format_1(&opened.database.begin_read()?, &mut pending)?;
    Ok((tail, opened.registry.clone().with(pending)?))
}

impl From<OpenError> for StoreError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::NoSpace { .. } => Self::NoSpace,
            OpenError::ReadOnly { .. } => Self::ReadOnly,
            OpenError::Damaged { what, .. } => Self::Damaged { what },
            OpenError::Io { source, .. } => Self::Io { source },
            other => Self::Io {
                source: std::io::Error::other(other.to_string()),
            },
        }
    }
}
