//! The guard of Modbus TCP: transactions are told apart by number; any doubt gives up the connection.

use std::time::Duration;

use devices::frame::{FrameError, tcp};
use tokio::io::AsyncReadExt;
use tokio::time::Instant as Tick;

use super::{GuardCounts, GuardError, Question, Trace, send};
use crate::line::Port;

/// The longest frame of Modbus TCP.
const LONGEST_FRAME: usize = 260;

/// The state of one TCP connection.
#[derive(Debug, Default)]
pub(crate) struct TcpGuard {
    pub(crate) counts: GuardCounts,
}

impl TcpGuard {
    /// Asks as transaction `number`, and gives the bytes of the one good answer. After any error the caller
    /// must give up the connection.
    pub(crate) async fn exchange(
        &mut self,
        port: &mut dyn Port,
        question: &Question,
        number: u16,
        trace: &mut Trace,
    ) -> Result<Vec<u8>, GuardError> {
        let unasked = port.drain();
        if !unasked.is_empty() {
            self.throw_away(&unasked, trace);
        }
        let frame = tcp::encode_request(number, &question.request);
        let asked = send(port, &frame, Duration::ZERO, trace).await?;
        let answer = self
            .listen(port, question, number, asked.to, trace)
            .await
            .and_then(|frame| whole(port, frame));
        match &answer {
            Ok(_) => {}
            Err(GuardError::Silence(_)) => self.counts.silent += 1,
            Err(_) => self.counts.refused += 1,
        }
        answer
    }

    fn throw_away(&mut self, bytes: &[u8], trace: &mut Trace) {
        self.counts.drained += u64::try_from(bytes.len()).unwrap_or(0);
        trace.throw_away(bytes);
    }

    async fn listen(
        &mut self,
        port: &mut dyn Port,
        question: &Question,
        number: u16,
        sent: Tick,
        trace: &mut Trace,
    ) -> Result<Vec<u8>, GuardError> {
        let deadline = sent + question.patience;
        loop {
            read_frame(port, deadline, question.patience, trace).await?;
            let frame = trace.reply.clone();
            match tcp::check(number, &question.request, &frame) {
                Ok(_) => return Ok(frame),
                // A reply to an earlier question, or the same one twice: the number tells. Wait for our own.
                Err(FrameError::Transaction { .. }) => {
                    self.throw_away(&frame, trace);
                    (trace.reply_at, trace.reply) = (None, Vec::new());
                }
                Err(why) => return Err(why.into()),
            }
        }
    }
}

/// A reply is the last thing on the stream. Bytes that follow at once say that something else was pushed into it:
/// where a gateway loses the end of one reply and sends another, the two together have the right length.
fn whole(port: &mut dyn Port, frame: Vec<u8>) -> Result<Vec<u8>, GuardError> {
    match port.drain().len() {
        0 => Ok(frame),
        extra => Err(FrameError::Long { extra }.into()),
    }
}

/// One whole frame, by the length in its own header.
async fn read_frame(
    port: &mut dyn Port,
    deadline: Tick,
    patience: Duration,
    trace: &mut Trace,
) -> Result<(), GuardError> {
    let mut wanted = 6;
    while trace.reply.len() < wanted {
        let mut buffer = [0_u8; LONGEST_FRAME];
        let room = (wanted - trace.reply.len()).min(LONGEST_FRAME);
        let Ok(read) = tokio::time::timeout_at(deadline, port.read(&mut buffer[..room])).await else {
            return Err(match trace.reply.len() {
                0 => GuardError::Silence(patience),
                got => GuardError::CutShort { got, wanted },
            });
        };
        let count = read?;
        if count == 0 {
            return Err(std::io::Error::from(std::io::ErrorKind::UnexpectedEof).into());
        }
        trace.hear(&buffer[..count], Duration::ZERO);
        wanted = tcp::frame_bytes(&trace.reply).unwrap_or(wanted);
        if wanted > LONGEST_FRAME {
            return Err(FrameError::Long {
                extra: wanted - LONGEST_FRAME,
            }
            .into());
        }
    }
    Ok(())
}
