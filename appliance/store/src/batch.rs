//! What is handed to the store in one go, and what comes back: a receipt, or the batch itself with the reason.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use energy::Interval;
use units::{Channel, DeviceName, Flow, Reading, Unit};

use crate::StoreError;

/// Everything that becomes durable together, in one transaction.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batch {
    /// What was read, in any order; of two readings of a channel at the same instant the later one counts.
    pub readings: Vec<Reading>,
    /// The unit of each channel that is new or may have changed; until it is said, it counts as [`Unit::Count`].
    /// Another unit than before begins the channel's series afresh, since the old numbers mean something else.
    pub channels: BTreeMap<Channel, Unit>,
    /// Energy per quarter of an hour; replaces what was known of the same device, flow and quarter.
    pub intervals: Vec<(DeviceName, Flow, Interval)>,
    /// What the counter rule remembers of each flow, in bytes that only the ledger understands.
    pub memories: Vec<(DeviceName, Flow, Vec<u8>)>,
}

impl Batch {
    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.readings.is_empty()
            && self.channels.is_empty()
            && self.intervals.is_empty()
            && self.memories.is_empty()
    }
}

/// The proof that a batch is on the card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receipt {
    /// How many bytes were written to the file for it, without what the file system adds.
    pub bytes: u64,
    /// How long the commit took.
    pub took: Duration,
}

/// A batch that was not stored, given back so that nothing is lost, and why.
#[derive(Debug)]
pub struct Refused {
    /// The batch, unchanged; handing it in again later is safe even if parts of it had reached the card.
    pub batch: Box<Batch>,
    /// What went wrong.
    pub why: StoreError,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.why.fmt(f)
    }
}

impl std::error::Error for Refused {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.why)
    }
}

/// What is called, on the writer's thread, once a batch is durable or has failed. It must return quickly.
pub type Done = Box<dyn FnOnce(Result<Receipt, Refused>) + Send>;
