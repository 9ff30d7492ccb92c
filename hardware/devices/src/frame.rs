//! Modbus requests and replies as bytes: one set of frame code for the guard, the simulator and the tests.
//!
//! Only reading is here (functions 3 and 4): Hearth never writes to a device. Source of every layout: Modbus
//! Application Protocol V1.1b3 and Modbus over Serial Line V1.02.

pub mod rtu;
pub mod tcp;

use std::fmt;

/// The most registers that one request may ask for (Modbus Application Protocol, 6.3 and 6.4).
pub const MOST_REGISTERS: u16 = 125;

/// The two reading functions that Hearth uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Function {
    /// Function 3, read holding registers.
    Holding,
    /// Function 4, read input registers.
    Input,
}

impl Function {
    /// The number on the wire.
    pub const fn code(self) -> u8 {
        match self {
            Self::Holding => 3,
            Self::Input => 4,
        }
    }

    /// The function with this number, if it is one that reads registers.
    pub const fn from_code(code: u8) -> Option<Self> {
        match code {
            3 => Some(Self::Holding),
            4 => Some(Self::Input),
            _ => None,
        }
    }
}

/// A question: `count` registers from `address` on, of the device that answers to `unit`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Request {
    /// The address of the device on its line, 1-247 (0 and 255 are used over TCP too).
    pub unit: u8,
    /// Which kind of register.
    pub function: Function,
    /// The first register, counted from 0 as on the wire.
    pub address: u16,
    /// How many registers, 1-125.
    pub count: u16,
}

impl Request {
    /// The five bytes after the unit: function, address, count.
    fn pdu(&self) -> [u8; 5] {
        let [a, b] = self.address.to_be_bytes();
        let [c, d] = self.count.to_be_bytes();
        [self.function.code(), a, b, c, d]
    }

    /// Whether the request can be put on a wire at all: 1 to 125 registers, none beyond 65535.
    pub fn is_possible(&self) -> bool {
        (1..=MOST_REGISTERS).contains(&self.count) && self.address.checked_add(self.count - 1).is_some()
    }
}

/// What a device said: words, or its own no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// The registers that were asked for, in order.
    Words(Vec<u16>),
    /// The device understood the question and refused.
    Exception(ExceptionCode),
}

/// A device's own no (Modbus Application Protocol, section 7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExceptionCode(pub u8);

impl ExceptionCode {
    /// The device does not know the function.
    pub const ILLEGAL_FUNCTION: Self = Self(1);
    /// There is no such register, or not so many of them.
    pub const ILLEGAL_ADDRESS: Self = Self(2);
    /// A part of the question is not allowed.
    pub const ILLEGAL_VALUE: Self = Self(3);
    /// Something broke in the device while it answered.
    pub const DEVICE_FAILURE: Self = Self(4);
    /// The device works on it and wants to be asked later.
    pub const ACKNOWLEDGE: Self = Self(5);
    /// The device is busy.
    pub const BUSY: Self = Self(6);
    /// The gateway has no way to the device.
    pub const NO_PATH: Self = Self(10);
    /// The device behind the gateway does not answer.
    pub const NO_RESPONSE: Self = Self(11);

    /// Whether a gateway said it in place of a device that it did not hear.
    pub const fn is_for_silence(self) -> bool {
        matches!(self, Self::NO_PATH | Self::NO_RESPONSE)
    }
}

impl fmt::Display for ExceptionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = match self.0 {
            1 => "does not know this function",
            2 => "has no such register",
            3 => "does not accept this question",
            4 => "broke while answering",
            5 => "asks for patience",
            6 => "is busy",
            8 => "found an error in its memory",
            10 => "cannot be reached by the gateway",
            11 => "does not answer the gateway",
            _ => "refused",
        };
        write!(f, "{words} (exception {})", self.0)
    }
}

/// Why bytes are not the frame that was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// Too few bytes for any frame, or fewer than the frame says it has.
    #[error("the frame is cut short ({got} of {wanted} bytes)")]
    Short {
        /// Bytes that are there.
        got: usize,
        /// Bytes that there should be.
        wanted: usize,
    },
    /// More bytes than the frame has.
    #[error("{extra} bytes follow the frame")]
    Long {
        /// Bytes beyond the end.
        extra: usize,
    },
    /// The checksum does not match: the frame was damaged on the line.
    #[error("the checksum is wrong: the frame was damaged on the line")]
    Checksum,
    /// The answer comes from another unit than the one that was asked.
    #[error("unit {got} answered where unit {wanted} was asked")]
    Unit {
        /// Who answered.
        got: u8,
        /// Who was asked.
        wanted: u8,
    },
    /// The answer is to another function.
    #[error("the answer is to function {got}, asked was {wanted}")]
    Function {
        /// The function that was answered.
        got: u8,
        /// The function that was asked.
        wanted: u8,
    },
    /// The answer holds another number of bytes than the question asked for.
    #[error("the answer holds {got} bytes of values where {wanted} were asked for")]
    Count {
        /// Bytes of values in the answer.
        got: usize,
        /// Bytes of values that were asked for.
        wanted: usize,
    },
    /// The transaction number is another one (TCP).
    #[error("the answer belongs to transaction {got}, the question was {wanted}")]
    Transaction {
        /// The number in the answer.
        got: u16,
        /// The number of the question.
        wanted: u16,
    },
    /// The protocol number is not 0, so this is not Modbus (TCP).
    #[error("this is not Modbus TCP (protocol number {0})")]
    Protocol(u16),
    /// The function is not one of those that read registers.
    #[error("function {0} is not a reading function")]
    NotReading(u8),
}

/// Checks unit, function and byte count of a reply (without checksum or header) against its request.
fn check_reply(request: &Request, unit: u8, pdu: &[u8]) -> Result<Reply, FrameError> {
    let [function, second, rest @ ..] = pdu else {
        return Err(FrameError::Short {
            got: pdu.len(),
            wanted: 2,
        });
    };
    if unit != request.unit {
        return Err(FrameError::Unit {
            got: unit,
            wanted: request.unit,
        });
    }
    if *function == request.function.code() | 0x80 {
        return match rest.len() {
            0 => Ok(Reply::Exception(ExceptionCode(*second))),
            extra => Err(FrameError::Long { extra }),
        };
    }
    if *function != request.function.code() {
        return Err(FrameError::Function {
            got: *function,
            wanted: request.function.code(),
        });
    }
    let wanted = usize::from(request.count) * 2;
    if usize::from(*second) != wanted {
        return Err(FrameError::Count {
            got: usize::from(*second),
            wanted,
        });
    }
    match rest.len() {
        got if got < wanted => Err(FrameError::Short { got, wanted }),
        got if got > wanted => Err(FrameError::Long { extra: got - wanted }),
        _ => Ok(Reply::Words(
            rest.chunks_exact(2)
                .map(|pair| u16::from_be_bytes([pair[0], pair[1]]))
                .collect(),
        )),
    }
}

/// Reads the five bytes of a reading request.
fn parse_request(unit: u8, pdu: &[u8]) -> Result<Request, FrameError> {
    let &[code, a, b, c, d] = pdu else {
        return Err(match pdu.first() {
            Some(code) if Function::from_code(*code).is_none() => FrameError::NotReading(*code),
            _ if pdu.len() < 5 => FrameError::Short {
                got: pdu.len(),
                wanted: 5,
            },
            _ => FrameError::Long { extra: pdu.len() - 5 },
        });
    };
    let function = Function::from_code(code).ok_or(FrameError::NotReading(code))?;
    Ok(Request {
        unit,
        function,
        address: u16::from_be_bytes([a, b]),
        count: u16::from_be_bytes([c, d]),
    })
}

/// The bytes of a reply after the unit. Words beyond 125 cannot be in one frame and are left out.
fn reply_pdu(function: u8, reply: &Reply) -> Vec<u8> {
    match reply {
        Reply::Exception(code) => vec![function | 0x80, code.0],
        Reply::Words(words) => {
            let words = &words[..words.len().min(usize::from(MOST_REGISTERS))];
            let mut pdu = Vec::with_capacity(2 + words.len() * 2);
            pdu.push(function);
            pdu.push(u8::try_from(words.len() * 2).unwrap_or(u8::MAX));
            pdu.extend(words.iter().flat_map(|word| word.to_be_bytes()));
            pdu
        }
    }
}
