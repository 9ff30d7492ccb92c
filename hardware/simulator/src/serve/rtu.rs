//! Frames on a serial line, told apart by silence as a real device does it.
//!
//! A pseudo-terminal delivers at once what a line would take milliseconds for. So each byte that arrives is
//! given the time it would have taken, and a frame ends 3.5 characters after its last byte would have been there.

use std::time::{Duration, Instant};

use devices::frame::{FrameError, Reply, rtu};

use super::SerialOptions;
use super::line::{Asked, Found, Framing, Question};
use crate::device::Line;

/// The longest frame of the protocol; what is longer is noise.
const LONGEST: usize = 256;

/// Listens to a serial line.
#[derive(Debug)]
pub(super) struct Listener {
    character: Duration,
    silence: Duration,
    turnaround: Duration,
    frame: Vec<u8>,
    /// When the last byte of `frame` would have been on the line.
    ends: Option<Instant>,
}

impl Listener {
    /// A listener that has heard nothing yet.
    pub(super) fn new(options: &SerialOptions) -> Self {
        let character = options.character();
        Self {
            character,
            silence: character * 7 / 2,
            turnaround: options.turnaround,
            frame: Vec::with_capacity(LONGEST),
            ends: None,
        }
    }
}

impl Framing for Listener {
    fn take(&mut self, bytes: &[u8], at: Instant) {
        let count = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        let begins = self.ends.map_or(at, |ends| ends.max(at));
        self.ends = Some(begins + self.character * count);
        // One byte more than the longest frame is enough to know that it is none.
        let room = (LONGEST + 1).saturating_sub(self.frame.len());
        self.frame.extend(bytes.iter().take(room));
    }

    fn due(&self) -> Option<Instant> {
        self.ends.map(|ends| ends + self.silence)
    }

    fn next(&mut self, now: Instant) -> Found {
        let Some(ends) = self.ends.filter(|ends| now >= *ends + self.silence) else {
            return Found::Nothing;
        };
        self.ends = None;
        let frame = std::mem::take(&mut self.frame);
        let unit = frame.first().copied().unwrap_or(0);
        let asked = match rtu::decode_request(&frame) {
            _ if frame.len() > LONGEST => return Found::Frame(None),
            Ok(request) => Asked::Read(request),
            Err(FrameError::NotReading(function)) => Asked::Other(function),
            Err(_) => return Found::Frame(None),
        };
        Found::Frame(Some(Question {
            unit,
            asked,
            transaction: 0,
            answer_from: ends + self.silence.max(self.turnaround),
        }))
    }

    fn encode(&self, question: &Question, function: u8, reply: &Reply) -> Vec<u8> {
        rtu::encode_reply(question.unit, function, reply)
    }

    fn line(&self) -> Line {
        Line::Serial
    }

    fn character(&self) -> Duration {
        self.character
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use devices::frame::{Function, Request, rtu};
    use proptest::prelude::*;

    use super::{Listener, SerialOptions};
    use crate::serve::line::{Asked, Found, Framing};

    fn request() -> Request {
        Request {
            unit: 1,
            function: Function::Input,
            address: 0,
            count: 2,
        }
    }

    fn listener() -> Listener {
        Listener::new(&SerialOptions::new(9_600))
    }

    /// What is found once the line has been silent for a second.
    fn after_silence(listener: &mut Listener, from: Instant) -> Found {
        listener.next(from + Duration::from_secs(1))
    }

    #[test]
    fn noise_before_a_question_spoils_it_and_silence_mends_that() {
        let (mut line, start) = (listener(), Instant::now());
        let mut spoiled = vec![0xFF];
        spoiled.extend(rtu::encode_request(&request()));
        line.take(&spoiled, start);
        assert_eq!(after_silence(&mut line, start), Found::Frame(None));
        line.take(&rtu::encode_request(&request()), start + Duration::from_secs(2));
        let found = after_silence(&mut line, start + Duration::from_secs(2));
        assert!(matches!(found, Found::Frame(Some(question)) if question.asked == Asked::Read(request())));
    }

    #[test]
    fn a_pause_within_a_question_breaks_it() {
        let (mut line, start) = (listener(), Instant::now());
        let frame = rtu::encode_request(&request());
        line.take(&frame[..4], start);
        let pause = start + Duration::from_millis(20);
        assert_eq!(line.next(pause), Found::Frame(None));
        line.take(&frame[4..], pause);
        assert_eq!(after_silence(&mut line, pause), Found::Frame(None));
    }

    #[test]
    fn a_question_takes_the_time_it_would_have_taken() {
        let (mut line, start) = (listener(), Instant::now());
        line.take(&rtu::encode_request(&request()), start);
        // 8 characters of 1.042 ms, then 3.5 of silence.
        assert_eq!(line.next(start + Duration::from_micros(11_900)), Found::Nothing);
        let Found::Frame(Some(question)) = line.next(start + Duration::from_micros(12_000)) else {
            panic!("the question should have been found");
        };
        let waits = question.answer_from - start;
        assert!(
            waits.abs_diff(Duration::from_micros(28_333)) < Duration::from_micros(10),
            "{waits:?}"
        );
    }

    #[test]
    fn a_function_that_writes_is_known_as_such() {
        let (mut line, start) = (listener(), Instant::now());
        let mut frame = vec![1, 6, 0, 1, 0, 7];
        frame.extend(rtu::checksum(&frame).to_le_bytes());
        line.take(&frame, start);
        let found = after_silence(&mut line, start);
        assert!(matches!(found, Found::Frame(Some(question)) if question.asked == Asked::Other(6)));
    }

    proptest! {
        #[test]
        fn after_any_noise_and_a_silence_a_question_is_heard(noise in proptest::collection::vec(any::<u8>(), 0..700)) {
            let (mut line, start) = (listener(), Instant::now());
            line.take(&noise, start);
            let later = start + Duration::from_secs(5);
            let _ = line.next(later);
            line.take(&rtu::encode_request(&request()), later);
            let found = after_silence(&mut line, later);
            let heard = matches!(found, Found::Frame(Some(question)) if question.asked == Asked::Read(request()));
            prop_assert!(heard);
        }
    }
}
