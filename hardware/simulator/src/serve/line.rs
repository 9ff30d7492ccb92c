//! One conversation: bytes in, questions found, answers out, each byte at its own moment.
//!
//! All deadlines are absolute, so that a late wake-up delays one byte and not all that follow.

use std::io::{ErrorKind, Read, Write};
use std::os::fd::AsFd;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use devices::frame::{ExceptionCode, Function, Reply, Request};
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::{LOOK_UP, Service};
use crate::device::Line;

/// How questions stand in a stream of bytes, and how answers do.
pub(super) trait Framing {
    /// Bytes that arrived at this moment.
    fn take(&mut self, bytes: &[u8], at: Instant);
    /// When something may be found without further bytes.
    fn due(&self) -> Option<Instant>;
    /// The next question, if there is one by now.
    fn next(&mut self, now: Instant) -> Found;
    /// The frame of an answer.
    fn encode(&self, question: &Question, function: u8, reply: &Reply) -> Vec<u8>;
    /// Which line it is.
    fn line(&self) -> Line;
    /// How long one byte takes to send; nothing where bytes go out together.
    fn character(&self) -> Duration;
}

/// What was found in the bytes so far.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// Nothing yet.
    Nothing,
    /// A question, or something that was dropped in silence (`None`).
    Frame(Option<Question>),
    /// Bytes after which nothing can be found any more: the conversation ends.
    Nonsense,
}

/// A question to a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Question {
    pub(super) unit: u8,
    pub(super) asked: Asked,
    /// The transaction of TCP.
    pub(super) transaction: u16,
    /// When its answer may begin.
    pub(super) answer_from: Instant,
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// Registers.
    Read(Request),
    /// Something by a function that does not read registers.
    Other(u8),
}

/// Bytes on their way out.
struct Sending {
    next: Instant,
    bytes: Vec<u8>,
    sent: usize,
}

/// Limits of a conversation.
pub(super) struct Limits {
    /// Until when everything that arrives is ignored.
    pub(super) deaf_until: Instant,
    /// For how long nothing may arrive; `None` is for ever.
    pub(super) idle: Option<Duration>,
}

/// Talks until the other side goes, something breaks, or `stop` is set.
pub(super) fn converse<W: AsFd + Read + Write>(
    mut wire: W,
    framing: &mut dyn Framing,
    service: &Service,
    limits: &Limits,
    stop: &AtomicBool,
) {
    let mut sending: Vec<Sending> = Vec::new();
    let mut heard = Instant::now();
    let mut buffer = [0; 512];
    while !stop.load(Ordering::SeqCst) {
        if !answer_all(framing, service, &mut sending) || send_due(&mut wire, framing, &mut sending).is_err()
        {
            return;
        }
        let next = sending.iter().map(|one| one.next).chain(framing.due()).min();
        if !wait_for_bytes(&wire, next) {
            if limits.idle.is_some_and(|idle| heard.elapsed() > idle) {
                return;
            }
            continue;
        }
        match wire.read(&mut buffer) {
            Ok(0) => return,
            Ok(count) => {
                heard = Instant::now();
                if heard >= limits.deaf_until {
                    framing.take(buffer.get(..count).unwrap_or(&[]), heard);
                }
            }
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {}
            Err(_) => return,
        }
    }
}

/// Answers every question that is there; false when the conversation cannot go on.
fn answer_all(framing: &mut dyn Framing, service: &Service, sending: &mut Vec<Sending>) -> bool {
    loop {
        match framing.next(Instant::now()) {
            Found::Nothing => return true,
            Found::Nonsense => return false,
            Found::Frame(None) => {}
            Found::Frame(Some(question)) => {
                if let Some(frame) = answer(framing, service, &question) {
                    let character = framing.character();
                    sending.extend(service.deliveries(frame).into_iter().map(|delivery| Sending {
                        next: question.answer_from + Duration::from(delivery.after) + character,
                        bytes: delivery.bytes,
                        sent: 0,
                    }));
                }
            }
        }
    }
}

/// The frame that answers, or `None` for silence.
fn answer(framing: &dyn Framing, service: &Service, question: &Question) -> Option<Vec<u8>> {
    let (function, reply) = match question.asked {
        Asked::Read(request) => (
            request.function.code(),
            service.site.answer(framing.line(), &request)?,
        ),
        Asked::Other(function) => {
            // A unit that answers anything at all refuses a function that it does not know.
            let probe = Request {
                unit: question.unit,
                function: Function::Holding,
                address: 0,
                count: 1,
            };
            service.site.answer(framing.line(), &probe)?;
            (function, Reply::Exception(ExceptionCode::ILLEGAL_FUNCTION))
        }
    };
    Some(framing.encode(question, function, &reply))
}

/// Sends every byte whose moment has come.
fn send_due<W: Write>(
    wire: &mut W,
    framing: &dyn Framing,
    sending: &mut Vec<Sending>,
) -> std::io::Result<()> {
    let character = framing.character();
    loop {
        let now = Instant::now();
        let due = sending
            .iter_mut()
            .filter(|one| one.next <= now)
            .min_by_key(|one| one.next);
        let Some(one) = due else { break };
        let count = if character.is_zero() { one.bytes.len() } else { 1 };
        let rest = one.bytes.get(one.sent..).unwrap_or(&[]);
        let part = rest.get(..count).unwrap_or(rest);
        match wire.write(part) {
            // A serial line on which nobody listens swallows what is sent.
            Err(error) if error.kind() == ErrorKind::WouldBlock && framing.line() == Line::Serial => {}
            Err(error) => return Err(error),
            Ok(written) if written < part.len() => return Err(ErrorKind::WouldBlock.into()),
            Ok(_) => {}
        }
        one.sent += part.len();
        one.next += character;
        sending.retain(|one| one.sent < one.bytes.len());
    }
    Ok(())
}

/// Waits until bytes are there (true) or `until` has come, or it is time to look up (false).
fn wait_for_bytes(wire: &impl AsFd, until: Option<Instant>) -> bool {
    let longest = until.map_or(LOOK_UP, |until| {
        until.saturating_duration_since(Instant::now()).min(LOOK_UP)
    });
    let timeout = Timespec::try_from(longest).unwrap_or_default();
    let mut watched = [PollFd::new(wire, PollFlags::IN)];
    // An interrupted wait is like one that has ended: the caller looks again.
    poll(&mut watched, Some(&timeout)).is_ok_and(|count| count > 0)
}
