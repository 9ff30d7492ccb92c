//! The store as the rest of Hearth sees it.

mod rolled;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, SyncSender, TrySendError};
use std::thread::{self, JoinHandle};

use energy::Interval;
use members::book::Book;
use redb::ReadTransaction;
use units::{Channel, DeviceName, Flow, Instant, PersonId, Unit};

use crate::disk::{Disk, Folder};
use crate::engine::Engine;
use crate::fault::Fault;
use crate::registry::Registry;
use crate::series::SeriesReader;
use crate::shelf::Shelf;
use crate::snapshot::Snapshot;
use crate::tables::META;
use crate::writer::{Job, Reply, Writer};
use crate::{
    Amendment, AuditEntry, AuditFault, AuditLine, Batch, Change, ChannelSpan, Done, FlowIntervals,
    LedgerCorrection, LedgerDay, LedgerFault, LedgerState, OpenError, Opened, Point, Progress, Receipt,
    Refused, Row, StoreError, StoreFacts, audit, ledger, meta, open, ring, rows, series,
};

/// How the store is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Memory for pages of the file. The system keeps those that were read too, so two MB are plenty.
    pub cache_bytes: usize,
    /// How many jobs may wait for the writer before a batch is refused.
    pub queue: usize,
    /// How many pages of 4 KiB the tail file has, into which batches go first. A batch of a quarter of them goes straight
    /// into the database.
    pub tail_pages: u32,
    /// Space on the card that is left free for the rest of the system; below it batches are refused.
    pub spare_bytes: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            cache_bytes: 2 * 1024 * 1024,
            queue: 64,
            tail_pages: 4_096,
            spare_bytes: 8 * 1024 * 1024,
        }
    }
}

/// The open store; a cheap clone. The last clone that goes waits for the writer and closes the file.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) shared: Arc<Shared>,
}

#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) engine: Arc<Engine>,
    shelf: Arc<Shelf>,
    opened: Opened,
    jobs: Option<SyncSender<Job>>,
    waiting: Arc<AtomicUsize>,
    writer: Option<JoinHandle<()>>,
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.jobs = None;
        // The last clone may go inside a callback, on the writer's own thread, which cannot wait for itself.
        if let Some(writer) = self
            .writer
            .take()
            .filter(|writer| writer.thread().id() != thread::current().id())
            && writer.join().is_err()
        {
            tracing::error!("the store's writer had failed; the next start repairs the store");
        }
    }
}

impl Store {
    /// The files in which everything lies.
    pub const FILES: [&str; 2] = [open::FILE, ring::FILE];

    /// Whether there is a store in `folder`.
    pub fn is_in(folder: &Path) -> bool {
        folder.join(open::FILE).exists()
    }

    /// Opens the store in `folder`, or makes a new one there. Recovers after a power cut; see [`Store::opened`].
    pub fn open(folder: &Path, options: Options) -> Result<Self, OpenError> {
        Self::on(Box::new(Folder::lock(folder)?), options)
    }

    /// Opens the store on any disk.
    pub(crate) fn on(disk: Box<dyn Disk>, options: Options) -> Result<Self, OpenError> {
        let folder = disk.folder().to_owned();
        let (engine, opened) = Engine::open(disk, options)?;
        let engine = Arc::new(engine);
        let waiting = Arc::new(AtomicUsize::new(0));
        let (jobs, inbox) = mpsc::sync_channel(options.queue.max(1));
        let shelf = Arc::new(Shelf::default());
        let writer = Writer::new(Arc::clone(&engine), Arc::clone(&shelf), Arc::clone(&waiting));
        let writer = thread::Builder::new()
            .name("store".to_owned())
            .spawn(move || writer.run(&inbox))
            .map_err(|source| OpenError::Io { file: folder, source })?;
        let shared = Shared {
            engine,
            shelf,
            opened,
            jobs: Some(jobs),
            waiting,
            writer: Some(writer),
        };
        Ok(Self {
            shared: Arc::new(shared),
        })
    }

    /// What opening found.
    pub fn opened(&self) -> Opened {
        self.shared.opened
    }

    /// Hands a batch to the writer; `done` is called on the writer's thread once the batch is durable, or with
    /// the batch and the reason. When it cannot even be queued it comes back at once and `done` is dropped.
    pub fn record(&self, batch: Batch, done: Done) -> Result<(), Refused> {
        let Some(jobs) = &self.shared.jobs else {
            return Err(Refused {
                batch: Box::new(batch),
                why: StoreError::Closed,
            });
        };
        self.shared.waiting.fetch_add(1, Ordering::Relaxed);
        let sent = jobs.try_send(Job::Record(Box::new(batch), done));
        if sent.is_err() {
            self.shared.waiting.fetch_sub(1, Ordering::Relaxed);
        }
        sent.map_err(|error| match error {
            TrySendError::Full(job) => refused(
                job,
                StoreError::Busy {
                    waiting: self.shared.waiting.load(Ordering::Relaxed),
                },
            ),
            TrySendError::Disconnected(job) => refused(job, StoreError::Closed),
        })
    }

    /// Like [`Store::record`], and waits for its turn and for the card. For filling and for tests, never on an
    /// async worker.
    pub fn record_and_wait(&self, batch: Batch) -> Result<Receipt, Refused> {
        let (reply, answer) = mpsc::sync_channel(1);
        let done: Done = Box::new(move |result| {
            let _ = reply.send(result);
        });
        if let Err(job) = self.send(Job::Record(Box::new(batch), done)) {
            return Err(refused(*job, StoreError::Closed));
        }
        answer.recv().unwrap_or_else(|_| {
            Err(Refused {
                batch: Box::default(),
                why: StoreError::Closed,
            })
        })
    }

    /// Waits for room in the queue; gives the job back if the writer is gone.
    fn send(&self, job: Job) -> Result<(), Box<Job>> {
        self.shared.waiting.fetch_add(1, Ordering::Relaxed);
        let sent = match &self.shared.jobs {
            Some(jobs) => jobs.send(job).map_err(|error| Box::new(error.0)),
            None => Err(Box::new(job)),
        };
        if sent.is_err() {
            self.shared.waiting.fetch_sub(1, Ordering::Relaxed);
        }
        sent
    }

    fn ask<T>(&self, job: impl FnOnce(Reply<T>) -> Job) -> Result<T, StoreError> {
        let (reply, answer) = mpsc::sync_channel(1);
        self.send(job(reply)).map_err(|_| StoreError::Closed)?;
        answer.recv().unwrap_or(Err(StoreError::Closed))
    }

    /// Reads, and has the writer put the file in order where that failed. A queue that is full needs no word of it: the
    /// next thing that is written finds out by itself.
    fn read<T>(
        &self,
        work: impl FnOnce(&ReadTransaction, &Registry) -> Result<T, Fault>,
    ) -> Result<T, StoreError> {
        let result = self.shared.engine.read(work);
        if result.is_err()
            && self.shared.engine.is_ill()
            && let Some(jobs) = &self.shared.jobs
        {
            self.shared.waiting.fetch_add(1, Ordering::Relaxed);
            if jobs.try_send(Job::Mend).is_err() {
                self.shared.waiting.fetch_sub(1, Ordering::Relaxed);
            }
        }
        result
    }

    /// The readings of a channel with `from <= at < to`, in the order of time.
    pub fn readings(&self, channel: &Channel, from: Instant, to: Instant) -> Result<Vec<Point>, StoreError> {
        let (from, to) = (from.as_millis(), to.as_millis());
        self.read(|txn, registry| {
            let mut points = Vec::new();
            let series = SeriesReader { txn, registry };
            series.visit(channel, from, to, &mut |at, outcome| {
                points.push((Instant::from_millis(at), outcome));
            })?;
            Ok(points)
        })
    }

    /// How the hours of `from <= at < to` were changed after they had been sealed, in the order of time.
    pub fn amendments(&self, from: Instant, to: Instant) -> Result<Vec<Amendment>, StoreError> {
        self.read(|txn, _| series::amendments(txn, from.as_millis(), to.as_millis()))
    }

    /// The newest reading of a channel. Answered from memory.
    pub fn last(&self, channel: &Channel) -> Option<Point> {
        let seen = self.shared.engine.registry().channels.get(channel)?.seen?;
        Some((Instant::from_millis(seen.last.0), seen.last.1))
    }

    /// Every channel that has readings, by name. Answered from memory.
    pub fn channels(&self) -> Vec<ChannelSpan> {
        let registry = self.shared.engine.registry();
        let mut channels: Vec<ChannelSpan> = registry
            .channels
            .iter()
            .filter_map(|(channel, entry)| {
                let seen = entry.seen?;
                Some(ChannelSpan {
                    channel: channel.clone(),
                    unit: entry.unit.unwrap_or(Unit::Count),
                    first: Instant::from_millis(seen.first),
                    last: Instant::from_millis(seen.last.0),
                    since: Instant::from_millis(entry.rolled_from.unwrap_or(seen.first).min(seen.first)),
                })
            })
            .collect();
        channels.sort_by(|a, b| a.channel.cmp(&b.channel));
        channels
    }

    /// Gives up readings from before the hour of `before`, a small step at a time; intervals stay for ever.
    /// Waits: not for async workers.
    pub fn retain(&self, before: Instant) -> Result<Progress, StoreError> {
        self.ask(|reply| Job::Retain(before, reply))
    }

    /// Packs the tail into sheets now. The writer does so by itself at every full hour.
    pub fn seal(&self) -> Result<(), StoreError> {
        self.ask(Job::Seal)
    }

    /// Everything as it is at this moment, what is not sealed yet too; whoever goes on writing is not held up. Waits: not
    /// for async workers.
    pub fn snapshot(&self) -> Result<Snapshot, StoreError> {
        self.ask(Job::Snapshot)
    }

    /// The intervals of one flow with `from <= start < to`, in the order of time.
    pub fn intervals(
        &self,
        device: &DeviceName,
        flow: Flow,
        from: Instant,
        to: Instant,
    ) -> Result<Vec<Interval>, StoreError> {
        let range = (from.as_millis(), to.as_millis());
        self.read(|txn, registry| ledger::intervals(txn, registry, (device, flow), range))
    }

    /// The intervals of every flow with `from <= start < to`, one group per device and flow, in one pass.
    pub fn all_intervals(&self, from: Instant, to: Instant) -> Result<Vec<FlowIntervals>, StoreError> {
        let range = (from.as_millis(), to.as_millis());
        self.read(|txn, registry| ledger::all_intervals(txn, registry, range))
    }

    /// Visits the intervals of every flow with `from <= start < to`, in the order of time and at one moment, so that nobody
    /// need hold them all. The first error of a visit ends it and is the answer.
    pub fn visit_intervals<E>(
        &self,
        from: Instant,
        to: Instant,
        visit: impl FnMut(&DeviceName, Flow, Interval) -> Result<(), E>,
    ) -> Result<Result<(), E>, StoreError> {
        let range = (from.as_millis(), to.as_millis());
        self.read(|txn, registry| ledger::visit_intervals(txn, registry, range, visit))
    }

    /// The corrections of one quarter of one flow, newest first: what came once its day was closed.
    pub fn interval_history(
        &self,
        device: &DeviceName,
        flow: Flow,
        start: Instant,
    ) -> Result<Vec<LedgerCorrection>, StoreError> {
        self.read(|txn, registry| ledger::interval_history(txn, registry, (device, flow), start))
    }

    /// The first closed day that ends after `at`, with the lines of those devices that `wanted` names.
    pub fn ledger_day(
        &self,
        at: Instant,
        wanted: &dyn Fn(&str) -> bool,
    ) -> Result<Option<LedgerDay>, StoreError> {
        self.read(|txn, registry| ledger::day_after(txn, registry, at.as_millis(), wanted))
    }

    /// Makes the hashes of all closed days again and says how many there are, or which is the first that does not fit.
    pub fn verify_ledger(&self) -> Result<LedgerState, LedgerFault> {
        self.read(ledger::verify)?
    }

    /// When the first interval of one flow begins, of all time. Answered from memory.
    pub fn counted_since(&self, device: &DeviceName, flow: Flow) -> Option<Instant> {
        let since = self.shared.engine.registry().since(device, flow)?;
        Some(Instant::from_millis(since))
    }

    /// What the counter rule remembers of one flow.
    pub fn memory(&self, device: &DeviceName, flow: Flow) -> Result<Option<Vec<u8>>, StoreError> {
        self.read(|txn, registry| ledger::memory(txn, registry, device, flow))
    }

    /// What the counter rule remembers of every flow.
    pub fn memories(&self) -> Result<Vec<(DeviceName, Flow, Vec<u8>)>, StoreError> {
        self.read(ledger::memories)
    }

    /// Writes a line into the record of who did what; durable when it returns. Waits: not for async workers.
    pub fn audit(&self, entry: AuditEntry) -> Result<AuditLine, StoreError> {
        self.ask(|reply| Job::Audit(entry, reply))
    }

    /// At most `count` lines of the record, newest first; `below` is the number of the last line already seen.
    pub fn audit_entries(&self, below: Option<u64>, count: usize) -> Result<Vec<AuditLine>, StoreError> {
        self.read(|txn, _| audit::page(txn, below, count))
    }

    /// At most `count` lines about somebody's data, newest first: those that name the person, and those about everybody.
    pub fn audit_of(
        &self,
        person: PersonId,
        below: Option<u64>,
        count: usize,
    ) -> Result<Vec<AuditLine>, StoreError> {
        self.read(|txn, _| audit::page_of(txn, person, below, count))
    }

    /// Takes away why things were done that are about this person, and the reasons of `lines`, which speak of them; the
    /// record stays whole. Waits: not for async workers.
    pub fn erase_reasons(&self, person: PersonId, lines: &[u64]) -> Result<(), StoreError> {
        self.ask(|reply| Job::EraseReasons(person, lines.to_vec(), reply))
    }

    /// Whether the card has room for [`Store::rewrite`], for whoever must know beforehand.
    pub fn room_to_rewrite(&self) -> Result<(), StoreError> {
        self.shared.engine.room_to_rewrite()
    }

    /// Writes everything that is kept into a new file, so that no byte is left of what was removed. A power cut at any
    /// moment leaves the old file or the new one, whole. Waits: not for async workers.
    pub fn rewrite(&self) -> Result<(), StoreError> {
        self.ask(Job::Rewrite)
    }

    /// Changes rows of the members' book and writes the lines that tell of it, all or nothing; durable when it returns.
    /// Waits: not for async workers.
    pub fn change(&self, change: Change) -> Result<Vec<AuditLine>, StoreError> {
        self.ask(|reply| Job::Change(Box::new(change), reply))
    }

    /// One row of the members' book.
    pub fn row(&self, table: &'static str, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.read(|txn, _| rows::row(txn, table, key))
    }

    /// Rows of the members' book with `from <= key < to`, at most so many, in the order of their keys.
    pub fn rows(
        &self,
        table: &'static str,
        range: (&[u8], Option<&[u8]>),
        most: usize,
    ) -> Result<Vec<Row>, StoreError> {
        self.read(|txn, _| rows::rows(txn, table, range, most))
    }

    /// Visits the rows of the members' book with `from <= key < to`, in the order of their keys and at one moment, so
    /// that nobody need hold them all. The first error of a visit ends it and is the answer.
    pub fn visit_rows<E>(
        &self,
        table: &'static str,
        range: (&[u8], Option<&[u8]>),
        visit: impl FnMut(&[u8], &[u8]) -> Result<(), E>,
    ) -> Result<Result<(), E>, StoreError> {
        self.read(|txn, _| rows::visit(txn, table, range, visit))
    }

    /// The members' book as it is now: everybody, every household, every membership. It is put together once and shared;
    /// what changes is changed in it too.
    pub fn book(&self) -> Result<Arc<Book>, StoreError> {
        let shelf = &self.shared.shelf;
        shelf.book(|| self.read(|txn, _| rows::book(txn)))
    }

    /// Walks the whole record and says how many lines it has, or where it was altered.
    pub fn verify_audit(&self) -> Result<u64, AuditFault> {
        self.read(|txn, _| audit::verify(txn))?
    }

    /// Keeps a small value under a name; durable when it returns. Waits: not for async workers. Names that begin
    /// with `store/` or `audit/` are the store's own, and refused.
    pub fn put_meta(&self, name: &str, value: &[u8]) -> Result<(), StoreError> {
        if name.starts_with("store/") || name.starts_with("audit/") {
            let name = name.to_owned();
            return Err(StoreError::Reserved { name });
        }
        self.ask(|reply| Job::Meta(name.to_owned(), value.to_vec(), reply))
    }

    /// The small value under a name.
    pub fn get_meta(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.read(|txn, _| meta::get(&txn.open_table(META)?, name))
    }

    /// How the store is doing.
    pub fn facts(&self) -> StoreFacts {
        let engine = &self.shared.engine;
        let health = engine.health();
        let registry = engine.registry();
        let first = registry
            .channels
            .values()
            .filter_map(|entry| entry.seen)
            .map(|seen| seen.first)
            .min();
        StoreFacts {
            file_bytes: engine.file_bytes(),
            last_commit_ago: health.last_commit.map(|(at, _)| at.elapsed()),
            last_commit_took: health.last_commit.map(|(_, took)| took),
            commits: health.commits,
            bytes_written: engine.bytes_written(),
            queue: self.shared.waiting.load(Ordering::Relaxed),
            oldest_reading: first.map(Instant::from_millis),
            trouble: health.trouble,
        }
    }
}

/// Gives the batch of a job back.
fn refused(job: Job, why: StoreError) -> Refused {
    match job {
        Job::Record(batch, _) => Refused { batch, why },
        _ => Refused {
            batch: Box::default(),
            why,
        },
    }
}
