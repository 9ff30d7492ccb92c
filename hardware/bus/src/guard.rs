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
use tokio::io::AsyncWriteExt;
use tokio::time::Instant as Tick;

use crate::line::Port;

pub(crate) use rtu::RtuGuard;
pub(crate) use tcp::TcpGuard;

/// A port that takes no bytes for so long beyond the time they need is as good as lost.
const DEAF: Duration = Duration::from_secs(1);
/// Bytes that nobody asked for are kept up to so many, for those who watch.
const MOST_STRAY: usize = 1_024;

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
    /// The line never became quiet, so nothing could be asked.
    #[error(
        "the line is never quiet: another master asks on it, of which there may be only one, or there is noise"
    )]
    NeverQuiet,
    /// The port or the connection failed.
    #[error("the line failed: {0}")]
    Line(#[from] io::Error),
    /// The port or the connection is known to be down: a sentence that says why.
    #[error("{0}")]
    Down(String),
    /// tokio-modbus and our own frames disagree about the bytes of a question; a fault of the program.
    #[error("the question was encoded in two different ways; this is a fault in the program")]
    Disagreement,
}

impl GuardError {
    /// Whether the port itself is lost and must be opened again.
    pub fn is_line_down(&self) -> bool {
        matches!(self, Self::Line(_) | Self::Down(_))
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

/// From when to when something was on the wire.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Passage {
    pub(crate) from: Tick,
    pub(crate) to: Tick,
}

/// What happened on the wire, for those who watch.
#[derive(Debug, Default)]
pub(crate) struct Trace {
    /// Bytes that were thrown away: before the question, or as the answer to an earlier one.
    pub(crate) stray: Vec<u8>,
    pub(crate) stray_at: Option<Passage>,
    /// When the question was on the wire; `None` if it never was.
    pub(crate) asked_at: Option<Passage>,
    /// Bytes that came after it.
    pub(crate) reply: Vec<u8>,
    pub(crate) reply_at: Option<Passage>,
}

impl Trace {
    /// Notes bytes that nobody asked for.
    fn throw_away(&mut self, bytes: &[u8]) {
        let now = Tick::now();
        let from = self.stray_at.map_or(now, |passage| passage.from);
        self.stray_at = Some(Passage { from, to: now });
        let room = MOST_STRAY.saturating_sub(self.stray.len()).min(bytes.len());
        self.stray.extend(&bytes[..room]);
    }

    /// Notes bytes of the answer, which took so long on the wire.
    fn hear(&mut self, bytes: &[u8], on_wire: Duration) {
        let now = Tick::now();
        let began = || {
            let asked = self.asked_at.map_or(now, |asked| asked.to.min(now));
            now.checked_sub(on_wire).unwrap_or(now).max(asked)
        };
        let from = self.reply_at.map_or_else(began, |passage| passage.from);
        self.reply_at = Some(Passage { from, to: now });
        self.reply.extend(bytes);
    }

    /// From the question's last bit to the beginning of the answer.
    pub(crate) fn latency(&self) -> Duration {
        match (self.asked_at, self.reply_at) {
            (Some(asked), Some(reply)) => reply.from.saturating_duration_since(asked.to),
            _ => Duration::ZERO,
        }
    }
}

/// Puts a question on the wire, where its bytes take `wire_time`.
async fn send(
    port: &mut dyn Port,
    frame: &[u8],
    wire_time: Duration,
    trace: &mut Trace,
) -> Result<Passage, GuardError> {
    let writing = async {
        port.write_all(frame).await?;
        port.flush().await
    };
    match tokio::time::timeout(wire_time + DEAF, writing).await {
        Ok(written) => written?,
        Err(_) => return Err(io::Error::other("it takes no bytes any more").into()),
    }
    let from = Tick::now();
    let to = from + wire_time;
    trace.asked_at = Some(Passage { from, to });
    Ok(Passage { from, to })
}
