//! Frames over TCP: a header with transaction and length, then unit and body; no checksum of its own.

use super::{FrameError, Reply, Request, check_reply, parse_request, reply_pdu};

/// Bytes of the header up to and without the unit.
const HEADER: usize = 6;

/// Bytes of a reading request with its header.
pub const REQUEST_BYTES: usize = 12;

fn seal(transaction: u16, unit: u8, pdu: &[u8]) -> Vec<u8> {
    let mut frame = Vec::with_capacity(HEADER + 1 + pdu.len());
    frame.extend(transaction.to_be_bytes());
    frame.extend([0, 0]);
    frame.extend(u16::try_from(pdu.len() + 1).unwrap_or(u16::MAX).to_be_bytes());
    frame.push(unit);
    frame.extend(pdu);
    frame
}

/// Transaction, unit and body of a whole frame.
fn open(frame: &[u8]) -> Result<(u16, u8, &[u8]), FrameError> {
    let [t1, t2, p1, p2, l1, l2, unit, pdu @ ..] = frame else {
        return Err(FrameError::Short {
            got: frame.len(),
            wanted: HEADER + 1,
        });
    };
    let protocol = u16::from_be_bytes([*p1, *p2]);
    if protocol != 0 {
        return Err(FrameError::Protocol(protocol));
    }
    let wanted = usize::from(u16::from_be_bytes([*l1, *l2])).saturating_sub(1);
    match pdu.len() {
        got if got < wanted => Err(FrameError::Short { got, wanted }),
        got if got > wanted => Err(FrameError::Long { extra: got - wanted }),
        _ => Ok((u16::from_be_bytes([*t1, *t2]), *unit, pdu)),
    }
}

/// The frame that asks `request` as transaction `transaction`.
pub fn encode_request(transaction: u16, request: &Request) -> Vec<u8> {
    seal(transaction, request.unit, &request.pdu())
}

/// Reads a whole frame as a reading request and its transaction.
pub fn decode_request(frame: &[u8]) -> Result<(u16, Request), FrameError> {
    let (transaction, unit, pdu) = open(frame)?;
    parse_request(unit, pdu).map(|request| (transaction, request))
}

/// The frame that answers transaction `transaction` with `reply` to function number `function`.
pub fn encode_reply(transaction: u16, unit: u8, function: u8, reply: &Reply) -> Vec<u8> {
    seal(transaction, unit, &reply_pdu(function, reply))
}

/// How many bytes the whole frame has that starts with these, by its own header; `None` while fewer than six
/// are there.
pub fn frame_bytes(start: &[u8]) -> Option<usize> {
    let &[_, _, _, _, l1, l2, ..] = start else {
        return None;
    };
    Some(HEADER + usize::from(u16::from_be_bytes([l1, l2])))
}

/// The transaction number of a frame that starts with these bytes.
pub fn transaction(start: &[u8]) -> Option<u16> {
    let &[t1, t2, ..] = start else { return None };
    Some(u16::from_be_bytes([t1, t2]))
}

/// Checks a whole frame against its request: header, transaction, unit, function, number of bytes.
pub fn check(number: u16, request: &Request, frame: &[u8]) -> Result<Reply, FrameError> {
    let (got, unit, pdu) = open(frame)?;
    if got != number {
        return Err(FrameError::Transaction { got, wanted: number });
    }
    check_reply(request, unit, pdu)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::frame::Function;

    #[test]
    fn a_question_and_its_answer() {
        let request = Request {
            unit: 1,
            function: Function::Holding,
            address: 40_000,
            count: 2,
        };
        let frame = encode_request(7, &request);
        assert_eq!(frame, [0, 7, 0, 0, 0, 6, 1, 3, 0x9C, 0x40, 0, 2]);
        assert_eq!(decode_request(&frame), Ok((7, request)));
        let answer = encode_reply(7, 1, 3, &Reply::Words(vec![0x5375, 0x6E53]));
        assert_eq!(frame_bytes(&answer), Some(answer.len()));
        assert_eq!(
            check(7, &request, &answer),
            Ok(Reply::Words(vec![0x5375, 0x6E53]))
        );
        assert_eq!(
            check(8, &request, &answer),
            Err(FrameError::Transaction { got: 7, wanted: 8 })
        );
        assert_eq!(
            check(7, &request, &answer[..9]),
            Err(FrameError::Short { got: 2, wanted: 6 })
        );
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(frame in proptest::collection::vec(any::<u8>(), 0..300)) {
            let request = Request { unit: 1, function: Function::Input, address: 0, count: 1 };
            let _ = check(0, &request, &frame);
            let _ = decode_request(&frame);
            let _ = frame_bytes(&frame);
        }
    }
}
