//! The guard of serial frames, on a port or through a TCP connection.

use std::time::Duration;

use devices::frame::{FrameError, rtu};
use tokio::io::AsyncReadExt;
use tokio::time::Instant as Tick;

use super::{GuardCounts, GuardError, Question, Trace, send};
use crate::line::{Framing, Pace, Port};

/// The longest frame of a serial line (Modbus over Serial Line, 2.5.1.1).
const LONGEST_FRAME: usize = 256;

/// A line that was just opened must be silent for so long before the first question.
const UNKNOWN_PAST: Duration = Duration::from_secs(1);

/// A line that was not quiet for the time it needs, within so many of those times and a while, never will be.
const TRIES: u32 = 5;
const WHILE: Duration = Duration::from_secs(2);

/// The state of one serial line: when it was last heard, and whether a stray reply may still come.
#[derive(Debug)]
pub(crate) struct RtuGuard {
    framing: Framing,
    last_heard: Tick,
    /// The line is dirty: it must be silent for so long since it was last heard.
    quarantine: Option<Duration>,
    pub(crate) counts: GuardCounts,
}

impl RtuGuard {
    pub(crate) fn new(framing: Framing) -> Self {
        // Nobody knows what was asked before: by a program that was killed, or through a connection that broke.
        Self {
            framing,
            last_heard: Tick::now(),
            quarantine: Some(UNKNOWN_PAST),
            counts: GuardCounts::default(),
        }
    }

    fn silence(&self) -> Duration {
        match self.framing {
            Framing::Rtu { silence, .. } | Framing::RtuOverTcp { silence } => silence,
            Framing::Tcp => Duration::ZERO,
        }
    }

    /// Asks, and gives the bytes of the one good answer.
    pub(crate) async fn exchange(
        &mut self,
        port: &mut dyn Port,
        question: &Question,
        trace: &mut Trace,
    ) -> Result<Vec<u8>, GuardError> {
        if let Err(noise) = self.quiet_line(port, trace).await {
            self.quarantine = Some(question.worst_latency.max(self.silence()));
            return Err(noise);
        }
        let frame = rtu::encode_request(&question.request);
        let asked = send(port, &frame, self.framing.wire_time(frame.len()), trace).await?;
        self.last_heard = asked.to;
        let answer = self.listen(port, question, asked.to, trace).await;
        match &answer {
            Ok(_) => {}
            Err(GuardError::Silence(_)) => self.counts.silent += 1,
            Err(_) => self.counts.refused += 1,
        }
        if answer.is_err() {
            self.quarantine = Some(question.worst_latency.max(self.silence()));
        }
        answer
    }

    /// Waits until the line has been silent long enough, throwing away whatever is heard meanwhile. Another master, or
    /// a device that babbles, would make it wait for ever.
    async fn quiet_line(&mut self, port: &mut dyn Port, trace: &mut Trace) -> Result<(), GuardError> {
        let needed = self.quarantine.unwrap_or_else(|| self.silence());
        let given_up = Tick::now() + needed * TRIES + WHILE;
        loop {
            let until = self.last_heard + needed;
            self.wait_until(until).await;
            let stray = port.drain();
            if stray.is_empty() && Tick::now() >= until {
                self.quarantine = None;
                return Ok(());
            }
            if !stray.is_empty() {
                self.last_heard = Tick::now();
                self.counts.drained += u64::try_from(stray.len()).unwrap_or(0);
                trace.throw_away(&stray);
                if self.last_heard >= given_up {
                    return Err(GuardError::NeverQuiet);
                }
            }
        }
    }

    /// A short wait on a line with a thread of its own blocks that thread; nothing else runs there.
    async fn wait_until(&self, until: Tick) {
        const SHORT: Duration = Duration::from_millis(20);
        let exact = matches!(
            self.framing,
            Framing::Rtu {
                pace: Pace::Exact,
                ..
            }
        );
        let left = until.saturating_duration_since(Tick::now());
        if !exact || left > SHORT {
            tokio::time::sleep_until(until).await;
        } else if !left.is_zero() {
            #[expect(
                clippy::disallowed_methods,
                reason = "this thread belongs to the line; the timer's millisecond is too coarse"
            )]
            std::thread::sleep(left);
        }
    }

    async fn listen(
        &mut self,
        port: &mut dyn Port,
        question: &Question,
        sent: Tick,
        trace: &mut Trace,
    ) -> Result<Vec<u8>, GuardError> {
        let mut wanted = rtu::expected_reply_bytes(&question.request);
        let mut deadline = sent + question.patience + self.framing.wire_time(wanted);
        let mut buffer = [0_u8; LONGEST_FRAME];
        loop {
            let room = wanted.saturating_sub(trace.reply.len()).clamp(1, LONGEST_FRAME);
            let Ok(read) = tokio::time::timeout_at(deadline, port.read(&mut buffer[..room])).await else {
                return Err(match trace.reply.len() {
                    0 => GuardError::Silence(question.patience),
                    got => GuardError::CutShort { got, wanted },
                });
            };
            let count = read?;
            if count == 0 {
                return Err(std::io::Error::from(std::io::ErrorKind::UnexpectedEof).into());
            }
            self.last_heard = Tick::now();
            if matches!(self.framing, Framing::RtuOverTcp { .. }) {
                // Nobody here knows how long the bytes take on the line behind the serial server.
                deadline = self.last_heard + question.patience;
            }
            trace.hear(&buffer[..count], self.framing.wire_time(count));
            self.refuse_early(question, &trace.reply)?;
            wanted = rtu::reply_bytes(&question.request, &trace.reply).unwrap_or(wanted);
            if trace.reply.len() >= wanted {
                rtu::check(&question.request, &trace.reply)?;
                return Ok(trace.reply.clone());
            }
        }
    }

    /// Refuses a reply by its first bytes, where they cannot be those of the answer.
    fn refuse_early(&self, question: &Question, reply: &[u8]) -> Result<(), FrameError> {
        let request = &question.request;
        match *reply {
            [unit, ..] if unit != request.unit => Err(FrameError::Unit {
                got: unit,
                wanted: request.unit,
            }),
            [_, function, ..] if function & 0x7F != request.function.code() => Err(FrameError::Function {
                got: function,
                wanted: request.function.code(),
            }),
            _ => Ok(()),
        }
    }
}
