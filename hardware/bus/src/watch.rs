//! Frames for those who watch a bus: each with its time, which way it went, and what it is in words.

use std::sync::Arc;
use std::time::Duration;

use devices::frame::Request;
use tokio::sync::broadcast;
use tokio::time::Instant as Tick;
use units::{Instant, Span};

use crate::guard::Passage;

/// Frames that a slow watcher may be behind before it misses some.
const BEHIND: usize = 256;

/// Which way a frame went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From the box.
    Sent,
    /// To the box, and let through.
    Received,
    /// To the box, and thrown away.
    Refused,
}

/// A frame as it went over the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenFrame {
    /// When it was whole.
    pub at: Instant,
    /// The silence before it: from the end of the frame before to its beginning.
    pub gap: Duration,
    /// Which way it went.
    pub direction: Direction,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What it is, or why it was thrown away.
    pub words: String,
}

/// The place where frames of one bus are told; costs nothing while nobody watches.
pub(crate) struct Tell {
    sender: broadcast::Sender<SeenFrame>,
    utc: Arc<dyn Fn() -> Instant + Send + Sync>,
    last: Option<Tick>,
}

impl Tell {
    /// `utc` is the box's clock.
    pub(crate) fn new(utc: Arc<dyn Fn() -> Instant + Send + Sync>) -> Self {
        Self {
            sender: broadcast::channel(BEHIND).0,
            utc,
            last: None,
        }
    }

    pub(crate) fn sender(&self) -> broadcast::Sender<SeenFrame> {
        self.sender.clone()
    }

    /// Tells of a frame; of no bytes at all where an answer did not come.
    pub(crate) fn frame(
        &mut self,
        passage: Passage,
        direction: Direction,
        bytes: &[u8],
        words: impl FnOnce() -> String,
    ) {
        let before = self.last.unwrap_or(passage.from);
        if !bytes.is_empty() {
            self.last = Some(passage.to);
        }
        if self.sender.receiver_count() > 0 {
            let frame = SeenFrame {
                at: (self.utc)() - Span::from(passage.to.elapsed()),
                gap: passage.from.saturating_duration_since(before),
                direction,
                bytes: bytes.to_vec(),
                words: words(),
            };
            let _nobody_watches_any_more = self.sender.send(frame);
        }
    }
}

/// A question in words.
pub(crate) fn question(request: &Request) -> String {
    let kind = match request.function {
        devices::frame::Function::Holding => "holding",
        devices::frame::Function::Input => "input",
    };
    format!(
        "unit {}: {kind} registers 0x{:04x}, {} of them",
        request.unit, request.address, request.count
    )
}
