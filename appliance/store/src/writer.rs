//! The one thread that writes. Commits wait for the card, so nobody else may be made to wait for them.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender};

use units::{Instant, PersonId};

use crate::engine::{Engine, Room, SMALL, SMALL_WRITE};
use crate::series::{Grouped, SeriesWriter};
use crate::shelf::Shelf;
use crate::snapshot::Snapshot;
use crate::{
    AuditEntry, AuditLine, Batch, Change, Done, Progress, Receipt, Refused, StoreError, audit, meta, rollups,
    rows,
};

/// Where a caller waits for its answer.
pub(crate) type Reply<T> = SyncSender<Result<T, StoreError>>;

/// Something to be written.
pub(crate) enum Job {
    Record(Box<Batch>, Done),
    Audit(AuditEntry, Reply<AuditLine>),
    Meta(String, Vec<u8>, Reply<()>),
    Change(Box<Change>, Reply<Vec<AuditLine>>),
    EraseReasons(PersonId, Vec<u64>, Reply<()>),
    Seal(Reply<()>),
    /// Hold everything as it is at this moment.
    Snapshot(Reply<Snapshot>),
    /// Write everything into a new file.
    Rewrite(Reply<()>),
    Retain(Instant, Reply<Progress>),
    /// The roll-ups of a day begin to be made: what comes in from now on is noticed.
    Rolling(i64, Reply<()>),
    /// Steps of making roll-ups, or of giving them up.
    Roll(Vec<rollups::Step>, Reply<Progress>),
    /// Open the file again if somebody who read found that it must be.
    Mend,
}

/// So many rows are given up in one transaction, which keeps it short.
const ROWS_A_STEP: usize = 2_000;
/// So many batches come in an hour if one comes in ten seconds.
const BATCHES_AN_HOUR: u32 = 360;
/// What a reading may need, at most, all told.
const PER_READING: u64 = 16;
/// What a byte of the members' book may need: the row, and its page as it was.
const PER_BYTE: u64 = 4;

/// The writer's own state.
pub(crate) struct Writer {
    pub(crate) engine: Arc<Engine>,
    shelf: Arc<Shelf>,
    pub(crate) waiting: Arc<AtomicUsize>,
    /// The hour for which the older ones were sealed.
    sealed_for: Option<i64>,
    /// How many batches came since.
    since: u32,
}

impl Writer {
    pub(crate) fn new(engine: Arc<Engine>, shelf: Arc<Shelf>, waiting: Arc<AtomicUsize>) -> Self {
        Self {
            engine,
            shelf,
            waiting,
            sealed_for: None,
            since: 0,
        }
    }

    /// Works until nobody can hand in anything any more, then closes the file.
    pub(crate) fn run(mut self, jobs: &Receiver<Job>) {
        while let Ok(job) = jobs.recv() {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            self.handle(job);
        }
        self.engine.close();
    }

    /// A caller that no longer waits for its answer is no fault, so what `send` says is not looked at.
    fn handle(&mut self, job: Job) {
        self.engine.mend();
        match job {
            Job::Record(batch, done) => self.record(batch, done),
            Job::Audit(entry, reply) => {
                let written = self
                    .engine
                    .write(SMALL_WRITE, |txn, _| audit::append(txn, &entry));
                let _ = reply.send(written.map(|(line, _)| line));
            }
            Job::Meta(name, value, reply) => {
                let written = self
                    .engine
                    .write(SMALL_WRITE, |txn, _| meta::put(txn, &name, &value));
                let _ = reply.send(written.map(|((), _)| ()));
            }
            Job::Change(change, reply) => {
                let sizes = change
                    .rows
                    .iter()
                    .map(|row| row.after.as_ref().map_or(0, Vec::len));
                let size = u64::try_from(sizes.sum::<usize>()).unwrap_or(u64::MAX);
                let room = Room::Bytes(SMALL.saturating_add(size.saturating_mul(PER_BYTE)));
                let written = self.engine.write(room, |txn, _| rows::change(txn, &change));
                self.shelf.changed(&change.rows, written.is_ok());
                let _ = reply.send(written.map(|(lines, _)| lines));
            }
            Job::EraseReasons(person, lines, reply) => {
                let written = self
                    .engine
                    .write(SMALL_WRITE, |txn, _| audit::erase_reasons(txn, person, &lines));
                let _ = reply.send(written.map(|((), _)| ()));
            }
            // Done above, as before every job.
            Job::Mend => {}
            Job::Rewrite(reply) => {
                let _ = reply.send(self.engine.rewrite());
            }
            Job::Snapshot(reply) => {
                let _ = reply.send(Snapshot::of(&self.engine));
            }
            Job::Seal(reply) => {
                let _ = reply.send(self.seal(None));
            }
            Job::Rolling(day, reply) => {
                self.engine.remember(|registry| registry.rolls.begin(day));
                let _ = reply.send(Ok(()));
            }
            Job::Roll(steps, reply) => {
                let bytes: u64 = steps.iter().map(rollups::Step::bytes).sum();
                let room = Room::Bytes(SMALL.saturating_add(bytes.saturating_mul(2)));
                let written = self
                    .engine
                    .write(room, |txn, registry| rollups::apply(&steps, txn, registry));
                let _ = reply.send(written.map(|(progress, _)| progress));
            }
            Job::Retain(before, reply) => {
                let room = Room::OfTheSpare;
                let written = self.engine.write(room, |txn, registry| {
                    SeriesWriter { txn, registry }.retain(before.as_millis(), ROWS_A_STEP)
                });
                let _ = reply.send(written.map(|(progress, _)| progress));
            }
        }
    }

    fn record(&mut self, batch: Box<Batch>, done: Done) {
        let grouped = Grouped::new(&batch.readings);
        let newest_hour = grouped.newest_hour();
        let written = self.write(&batch, &grouped);
        drop(grouped);
        let stored = written.is_ok();
        // What a caller does with the answer must not stop the writer.
        let told = catch_unwind(AssertUnwindSafe(|| {
            done(written.map_err(|why| Refused { batch, why }));
        }));
        if told.is_err() {
            tracing::error!("whoever handed in a batch failed over the answer");
        }
        if stored && newest_hour.is_some() {
            self.since = self.since.saturating_add(1);
            self.seal_if_due(newest_hour);
        }
    }

    fn write(&self, batch: &Batch, grouped: &Grouped<'_>) -> Result<Receipt, StoreError> {
        if batch.is_empty() {
            return Ok(Receipt {
                bytes: 0,
                took: std::time::Duration::ZERO,
            });
        }
        if !grouped.goes_straight_to_sheets()
            && let Some(receipt) = self.engine.append(batch, grouped)?
        {
            return Ok(receipt);
        }
        let readings = u64::try_from(batch.readings.len()).unwrap_or(u64::MAX);
        let room = Room::Bytes(SMALL.saturating_add(readings.saturating_mul(PER_READING)));
        self.engine
            .seal(room, None, |mut series, _| series.append(batch, grouped))
    }

    /// Seals once an hour. A batch of an earlier hour than the last one, as from a device whose clock is wrong, begins no
    /// hour; but where only such come, the box's own clock was set back, and they are sealed as well. What cannot be sealed
    /// stays in the tail, where it is read as well; the next hour tries again.
    fn seal_if_due(&mut self, hour: Option<i64>) {
        let set_back = hour < self.sealed_for && self.since >= BATCHES_AN_HOUR;
        if hour <= self.sealed_for && !set_back {
            return;
        }
        self.sealed_for = hour;
        self.since = 0;
        if let Err(error) = self.seal(hour) {
            tracing::warn!(%error, "the last hour could not be packed; it is kept as it is");
        }
    }

    fn seal(&self, keep: Option<i64>) -> Result<(), StoreError> {
        let pending = &self.engine.registry().pending;
        if pending.is_empty() || pending.after_sealing(keep) == *pending {
            return Ok(());
        }
        self.engine
            .seal(SMALL_WRITE, keep, |mut series, keep| series.seal(keep))
            .map(|_| ())
    }
}
