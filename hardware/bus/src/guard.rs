//! The guard between tokio-modbus and the wire: one question, one answer, and nothing else gets through.
//!
//! It drains before each question, keeps the silence, checks unit, function and length of the reply (and the
//! checksum, or the transaction over TCP), and takes every time-out and every doubtful reply for a dirty line:
//! over TCP the connection is given up; over RTU nothing is asked until the line was silent for as long as the
//! slowest device may take. What the guard refuses, tokio-modbus never sees.

mod rtu;
mod tcp;

use std::io;
use std::time::Duration;

use devices::frame::{FrameError, Request};

pub(crate) use rtu::{RtuGuard, Trace};
pub(crate) use tcp::TcpGuard;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum GuardError {
    /// Nothing came in time.
    #[error("no answer within {} ms", .0.as_millis())]
    Silence(Duration),
    /// Something came that is not the answer.
    #[error("{0}")]
    Refused(#[from] FrameError),
    /// The answer began and did not end in time.
    #[error("the answer broke off after {got} of {wanted} bytes")]
    CutShort {
        /// Bytes that came.
        got: usize,
        /// Bytes that the answer should have.
        wanted: usize,
    },
    /// The port or the connection failed.
    #[error("the line failed: {0}")]
    Line(#[from] io::Error),
    /// tokio-modbus and our own frames disagree about the bytes of a question; a fault of the program.
    #[error("the question was encoded in two different ways; this is a fault in the program")]
    Disagreement,
}

impl GuardError {
    /// Whether the port itself is lost and must be opened again.
    pub fn is_line_down(&self) -> bool {
        matches!(self, Self::Line(_))
    }
}

/// One question with its limits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Question {
    pub(crate) request: Request,
    /// How long to wait for the answer beyond the time its bytes take.
    pub(crate) patience: Duration,
    /// The longest that this device, or any of its line, may take; after a doubtful reply the line must have
    /// been silent for so long.
    pub(crate) worst_latency: Duration,
}

/// What the guard counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct GuardCounts {
    /// Bytes that came unasked and were thrown away.
    pub drained: u64,
    /// Replies that were refused.
    pub refused: u64,
    /// Questions without any reply.
    pub silent: u64,
}
