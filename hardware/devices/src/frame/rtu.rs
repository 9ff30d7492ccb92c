//! Frames on a serial line: unit, body, checksum; the end is known by length or by silence.

use super::{FrameError, Reply, Request, check_reply, parse_request, reply_pdu};

/// Bytes of a reading request.
pub const REQUEST_BYTES: usize = 8;

/// The checksum of Modbus RTU (CRC-16, polynomial 0xA001 reflected, start 0xFFFF); sent low byte first.
pub fn checksum(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xFFFF, |crc, byte| {
        (0..8).fold(crc ^ u16::from(*byte), |crc, _| {
            if crc & 1 == 1 {
                (crc >> 1) ^ 0xA001
            } else {
                crc >> 1
            }
        })
    })
}

fn seal(mut frame: Vec<u8>) -> Vec<u8> {
    let crc = checksum(&frame);
    frame.extend(crc.to_le_bytes());
    frame
}

/// The body of a frame whose checksum holds: unit and what follows it.
fn open(frame: &[u8]) -> Result<(u8, &[u8]), FrameError> {
    let [unit, body @ .., low, high] = frame else {
        return Err(FrameError::Short {
            got: frame.len(),
            wanted: 4,
        });
    };
    if checksum(&frame[..frame.len() - 2]) != u16::from_le_bytes([*low, *high]) {
        return Err(FrameError::Checksum);
    }
    Ok((*unit, body))
}

/// The frame that asks `request`.
pub fn encode_request(request: &Request) -> Vec<u8> {
    let mut frame = Vec::with_capacity(REQUEST_BYTES);
    frame.push(request.unit);
    frame.extend(request.pdu());
    seal(frame)
}

/// Reads a whole frame as a reading request.
pub fn decode_request(frame: &[u8]) -> Result<Request, FrameError> {
    let (unit, body) = open(frame)?;
    parse_request(unit, body)
}

/// The frame that answers with `reply` to function number `function` of unit `unit`.
pub fn encode_reply(unit: u8, function: u8, reply: &Reply) -> Vec<u8> {
    let mut frame = vec![unit];
    frame.extend(reply_pdu(function, reply));
    seal(frame)
}

/// How many bytes the whole reply has that starts with these; `None` while too few are there to tell.
/// Where the start fits neither the answer nor the refusal of `request`, the length it would have had if it
/// were the answer is given, so that the frame is read, checked and refused.
pub fn reply_bytes(request: &Request, start: &[u8]) -> Option<usize> {
    let function = start.get(1)?;
    if *function == request.function.code() | 0x80 {
        Some(5)
    } else {
        Some(expected_reply_bytes(request))
    }
}

/// How many bytes the good answer to `request` has.
pub fn expected_reply_bytes(request: &Request) -> usize {
    5 + usize::from(request.count) * 2
}

/// Checks a whole frame against its request: checksum, unit, function, number of bytes.
pub fn check(request: &Request, frame: &[u8]) -> Result<Reply, FrameError> {
    let (unit, body) = open(frame)?;
    check_reply(request, unit, body)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::frame::{ExceptionCode, Function};

    fn request() -> Request {
        Request {
            unit: 0x11,
            function: Function::Holding,
            address: 0x6B,
            count: 3,
        }
    }

    #[test]
    fn the_example_of_the_standard() {
        // Modbus Application Protocol 6.3, with the checksum of the serial line.
        assert_eq!(
            encode_request(&request()),
            [0x11, 0x03, 0x00, 0x6B, 0x00, 0x03, 0x76, 0x87]
        );
        let reply = Reply::Words(vec![0x022B, 0x0000, 0x0064]);
        let frame = encode_reply(0x11, 3, &reply);
        assert_eq!(frame[..9], [0x11, 0x03, 0x06, 0x02, 0x2B, 0x00, 0x00, 0x00, 0x64]);
        assert_eq!(check(&request(), &frame), Ok(reply));
    }

    #[test]
    fn what_is_not_the_answer_is_refused_with_the_reason() {
        let good =
            |unit, function, words: &[u16]| encode_reply(unit, function, &Reply::Words(words.to_vec()));
        let cases = [
            (
                good(0x12, 3, &[1, 2, 3]),
                FrameError::Unit {
                    got: 0x12,
                    wanted: 0x11,
                },
            ),
            (
                good(0x11, 4, &[1, 2, 3]),
                FrameError::Function { got: 4, wanted: 3 },
            ),
            (good(0x11, 3, &[1, 2]), FrameError::Count { got: 4, wanted: 6 }),
            (
                good(0x11, 3, &[1, 2, 3, 4]),
                FrameError::Count { got: 8, wanted: 6 },
            ),
            (vec![0x11, 3], FrameError::Short { got: 2, wanted: 4 }),
        ];
        for (frame, why) in cases {
            assert_eq!(check(&request(), &frame), Err(why));
        }
        let refusal = encode_reply(0x11, 3, &Reply::Exception(ExceptionCode::BUSY));
        assert_eq!(
            check(&request(), &refusal),
            Ok(Reply::Exception(ExceptionCode::BUSY))
        );
    }

    proptest! {
        #[test]
        fn one_flipped_bit_never_passes(words in proptest::collection::vec(any::<u16>(), 1..125), bit in 0_usize..8 * 255) {
            let count = u16::try_from(words.len()).expect("under 125");
            let request = Request { unit: 1, function: Function::Input, address: 0, count };
            let mut frame = encode_reply(1, 4, &Reply::Words(words));
            let at = bit % (frame.len() * 8);
            frame[at / 8] ^= 1 << (at % 8);
            prop_assert!(check(&request, &frame).is_err());
        }

        #[test]
        fn any_bytes_are_read_without_panic(frame in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = check(&request(), &frame);
            let _ = decode_request(&frame);
            let _ = reply_bytes(&request(), &frame);
        }

        #[test]
        fn requests_come_back(unit: u8, address: u16, count: u16) {
            let request = Request { unit, function: Function::Input, address, count };
            prop_assert_eq!(decode_request(&encode_request(&request)), Ok(request));
        }
    }
}
