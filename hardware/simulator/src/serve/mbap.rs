//! Frames over TCP, told apart by the length in their header.

use std::time::{Duration, Instant};

use devices::frame::{FrameError, Reply, tcp};

use super::line::{Asked, Found, Framing, Question};
use crate::device::Line;

/// The longest frame of the protocol.
const LONGEST: usize = 260;

/// Reads a TCP stream.
#[derive(Debug)]
pub(super) struct Stream {
    turnaround: Duration,
    bytes: Vec<u8>,
    arrived: Instant,
}

impl Stream {
    /// A stream of which nothing has arrived yet.
    pub(super) fn new(turnaround: Duration, now: Instant) -> Self {
        Self {
            turnaround,
            bytes: Vec::new(),
            arrived: now,
        }
    }
}

impl Framing for Stream {
    fn take(&mut self, bytes: &[u8], at: Instant) {
        self.bytes.extend(bytes);
        self.arrived = at;
    }

    fn due(&self) -> Option<Instant> {
        None
    }

    fn next(&mut self, _now: Instant) -> Found {
        let Some(length) = tcp::frame_bytes(&self.bytes) else {
            return Found::Nothing;
        };
        // Eight bytes are header, unit and function; a stream that claims anything else cannot be followed.
        if !(8..=LONGEST).contains(&length) || self.bytes.get(2..4) != Some(&[0, 0]) {
            return Found::Nonsense;
        }
        if self.bytes.len() < length {
            return Found::Nothing;
        }
        let frame: Vec<u8> = self.bytes.drain(..length).collect();
        let asked = match tcp::decode_request(&frame) {
            Ok((_, request)) => Asked::Read(request),
            Err(FrameError::NotReading(function)) => Asked::Other(function),
            Err(_) => return Found::Frame(None),
        };
        Found::Frame(Some(Question {
            unit: frame.get(6).copied().unwrap_or(0),
            asked,
            transaction: tcp::transaction(&frame).unwrap_or(0),
            answer_from: self.arrived + self.turnaround,
        }))
    }

    fn encode(&self, question: &Question, function: u8, reply: &Reply) -> Vec<u8> {
        tcp::encode_reply(question.transaction, question.unit, function, reply)
    }

    fn line(&self) -> Line {
        Line::Network
    }

    fn character(&self) -> Duration {
        Duration::ZERO
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use devices::frame::{Function, Request, tcp};
    use proptest::prelude::*;

    use super::Stream;
    use crate::serve::line::{Asked, Found, Framing};

    fn request(unit: u8) -> Request {
        Request {
            unit,
            function: Function::Holding,
            address: 40_000,
            count: 2,
        }
    }

    #[test]
    fn questions_are_found_however_they_are_cut() {
        let now = Instant::now();
        let mut stream = Stream::new(Duration::ZERO, now);
        let both = [
            tcp::encode_request(7, &request(1)),
            tcp::encode_request(8, &request(2)),
        ]
        .concat();
        let mut found = Vec::new();
        for byte in both {
            stream.take(&[byte], now);
            if let Found::Frame(Some(question)) = stream.next(now) {
                found.push((question.transaction, question.asked));
            }
        }
        assert_eq!(
            found,
            [(7, Asked::Read(request(1))), (8, Asked::Read(request(2)))]
        );
    }

    #[test]
    fn what_cannot_be_followed_ends_the_conversation() {
        let now = Instant::now();
        for bytes in [
            &b"GET / HTTP/1.1\r\n"[..],
            &[0, 1, 0, 0, 0, 1, 1],
            &[0, 1, 0, 0, 9, 9, 1],
        ] {
            let mut stream = Stream::new(Duration::ZERO, now);
            stream.take(bytes, now);
            assert_eq!(stream.next(now), Found::Nonsense, "{bytes:?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_followed_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..900)) {
            let now = Instant::now();
            let mut stream = Stream::new(Duration::ZERO, now);
            stream.take(&bytes, now);
            let ends = (0..200).map(|_| stream.next(now)).any(|found| !matches!(found, Found::Frame(_)));
            prop_assert!(ends);
        }
    }
}
