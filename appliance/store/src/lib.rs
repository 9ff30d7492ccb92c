//! The box's memory: the series of readings, the ledger's intervals, the record of who did what, over redb.
//!
//! One file, one writer thread. Callers hand in batches and hear by callback when they are durable; reading
//! goes on beside the writer. No async here, and no rule of counters: their memories are opaque bytes.

pub mod age;
mod answers;
mod audit;
pub mod backup;
mod batch;
mod block;
mod checksums;
mod column;
mod directory;
mod disk;
mod engine;
mod entry;
mod error;
mod export;
mod fault;
mod fields;
mod frame;
mod header;
mod ledger;
mod meta;
mod numbers;
mod open;
mod overlay;
mod packed;
mod pages;
mod pending;
mod pieces;
mod registry;
mod ring;
mod rollups;
mod rows;
mod series;
mod shelf;
mod snapshot;
mod store;
mod tables;
mod tail;
#[cfg(test)]
mod tests;
mod writer;

pub use answers::{
    Amendment, AuditEntry, AuditLine, Bucket, ChannelLife, ChannelSpan, FlowIntervals, Known, Opened,
    OpenedState, Point, Progress, Spread, StoreFacts, Whose, Why,
};
pub use batch::{Batch, Done, Receipt, Refused};
pub use error::{AuditFault, LedgerFault, OpenError, StoreError};
pub use export::{Exported, export};
pub use ledger::{Figure, LedgerCorrection, LedgerDay, LedgerLeaf, LedgerLines, LedgerShown, LedgerState};
pub use rollups::{Kept, Resolution, Rollup, grouped};
pub use rows::{Change, Row, RowChange};
pub use snapshot::Snapshot;
pub use store::{Options, Store};
