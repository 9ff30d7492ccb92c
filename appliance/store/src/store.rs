//! The store as the rest of Hearth sees it.

use std::path::Path;

use energy::Interval;
use units::{Channel, DeviceName, Flow, Instant};

use crate::{
    AuditEntry, AuditFault, AuditLine, Batch, Bucket, ChannelSpan, Done, FlowIntervals, OpenError, Opened,
    OpenedState, Point, Progress, Receipt, Refused, StoreError, StoreFacts,
};

/// How the store is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Memory for pages of the file; 16 to 32 MB are plenty.
    pub cache_bytes: usize,
    /// How many jobs may wait for the writer before a batch is refused.
    pub queue: usize,
    /// Space on the card that is left free for the rest of the system; below it batches are refused.
    pub spare_bytes: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            cache_bytes: 16 * 1024 * 1024,
            queue: 64,
            spare_bytes: 8 * 1024 * 1024,
        }
    }
}

/// The open store; a cheap clone. The last clone that goes waits for the writer and closes the file.
#[derive(Debug, Clone)]
pub struct Store {}

impl Store {
    /// Opens the store in `folder`, or makes a new one there. Recovers after a power cut; see [`Store::opened`].
    pub fn open(folder: &Path, options: Options) -> Result<Self, OpenError> {
        let _ = options;
        Err(OpenError::NotAFolder {
            folder: folder.to_owned(),
        })
    }

    /// What opening found.
    pub fn opened(&self) -> Opened {
        Opened {
            state: OpenedState::Clean,
            took: std::time::Duration::ZERO,
        }
    }

    /// Hands a batch to the writer; `done` is called on the writer's thread once the batch is durable, or with
    /// the batch and the reason. When it cannot even be queued it comes back at once and `done` is dropped.
    pub fn record(&self, batch: Batch, done: Done) -> Result<(), Refused> {
        drop(done);
        Err(Refused {
            batch: Box::new(batch),
            why: StoreError::Closed,
        })
    }

    /// Like [`Store::record`], and waits. For filling and for tests, never on an async worker.
    pub fn record_and_wait(&self, batch: Batch) -> Result<Receipt, Refused> {
        Err(Refused {
            batch: Box::new(batch),
            why: StoreError::Closed,
        })
    }

    /// The readings of a channel with `from <= at < to`, in the order of time.
    pub fn readings(
        &self,
        _channel: &Channel,
        _from: Instant,
        _to: Instant,
    ) -> Result<Vec<Point>, StoreError> {
        Err(StoreError::Closed)
    }

    /// The same stretch cut into `buckets` equal parts with their smallest, mean and largest value.
    pub fn means(
        &self,
        _channel: &Channel,
        _from: Instant,
        _to: Instant,
        _buckets: usize,
    ) -> Result<Vec<Bucket>, StoreError> {
        Err(StoreError::Closed)
    }

    /// The newest reading of a channel.
    pub fn last(&self, _channel: &Channel) -> Option<Point> {
        None
    }

    /// Every channel that has readings, by name.
    pub fn channels(&self) -> Vec<ChannelSpan> {
        Vec::new()
    }

    /// Gives up readings from before `before`, in whole hours, a small step at a time; intervals stay for ever.
    pub fn retain(&self, _before: Instant) -> Result<Progress, StoreError> {
        Err(StoreError::Closed)
    }

    /// Packs the tail into blocks now. The writer does so by itself at every full hour.
    pub fn seal(&self) -> Result<(), StoreError> {
        Err(StoreError::Closed)
    }

    /// The intervals of one flow with `from <= start < to`, in the order of time.
    pub fn intervals(
        &self,
        _device: &DeviceName,
        _flow: Flow,
        _from: Instant,
        _to: Instant,
    ) -> Result<Vec<Interval>, StoreError> {
        Err(StoreError::Closed)
    }

    /// The intervals of every flow with `from <= start < to`, one group per device and flow.
    pub fn all_intervals(&self, _from: Instant, _to: Instant) -> Result<Vec<FlowIntervals>, StoreError> {
        Err(StoreError::Closed)
    }

    /// What the counter rule remembers of one flow.
    pub fn memory(&self, _device: &DeviceName, _flow: Flow) -> Result<Option<Vec<u8>>, StoreError> {
        Err(StoreError::Closed)
    }

    /// What the counter rule remembers of every flow.
    pub fn memories(&self) -> Result<Vec<(DeviceName, Flow, Vec<u8>)>, StoreError> {
        Err(StoreError::Closed)
    }

    /// Writes a line into the record of who did what; durable when it returns. Waits: not for async workers.
    pub fn audit(&self, _entry: AuditEntry) -> Result<AuditLine, StoreError> {
        Err(StoreError::Closed)
    }

    /// At most `count` lines of the record, newest first; `below` is the number of the last line already seen.
    pub fn audit_entries(&self, _below: Option<u64>, _count: usize) -> Result<Vec<AuditLine>, StoreError> {
        Err(StoreError::Closed)
    }

    /// Walks the whole record and says how many lines it has, or where it was altered.
    pub fn verify_audit(&self) -> Result<u64, AuditFault> {
        Err(StoreError::Closed.into())
    }

    /// Keeps a small value under a name; durable when it returns. Waits: not for async workers.
    pub fn put_meta(&self, _name: &str, _value: &[u8]) -> Result<(), StoreError> {
        Err(StoreError::Closed)
    }

    /// The small value under a name.
    pub fn get_meta(&self, _name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Err(StoreError::Closed)
    }

    /// How the store is doing.
    pub fn facts(&self) -> StoreFacts {
        StoreFacts {
            file_bytes: 0,
            last_commit_at: None,
            last_commit_took: None,
            commits: 0,
            bytes_written: 0,
            queue: 0,
            oldest_reading: None,
            trouble: None,
        }
    }
}
