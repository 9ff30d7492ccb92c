//! What a bus runs over: a port that bytes go through, its framing and timing, and how it is opened again.

mod serial;
mod tcp;

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

pub use serial::{Parity, SerialConnector, SerialSettings};
pub use tcp::TcpConnector;

/// How frames are put on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    /// Serial frames on a line with a character time; `silence` is kept between frames.
    Rtu {
        /// How long one character takes.
        character: Duration,
        /// The least silence between two frames: 3.5 characters, or more where the adapter needs it.
        silence: Duration,
        /// How exactly short waits are kept.
        pace: Pace,
    },
    /// Serial frames inside a TCP connection: the far line's times are not known here.
    RtuOverTcp {
        /// The least silence between two frames.
        silence: Duration,
    },
    /// Modbus TCP.
    Tcp,
}

/// How exactly waits of a few milliseconds are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// By blocking the thread, which belongs to this line alone: 2 ms are 2 ms.
    Exact,
    /// By the runtime's timer, to the millisecond; the only one that virtual time moves.
    Timer,
}

/// The limit from which on the standard fixes the silence at 1.75 ms (Modbus over Serial Line, 2.5.1.1).
const FAST_BAUD: u32 = 19_200;

impl Framing {
    /// The framing of a serial line: 3.5 characters of silence, at least `silence` where that is given.
    pub fn serial(baud: u32, bits_per_character: u32, silence: Option<Duration>, pace: Pace) -> Self {
        let character =
            Duration::from_nanos(1_000_000_000 * u64::from(bits_per_character) / u64::from(baud.max(1)));
        let standard = if baud > FAST_BAUD {
            Duration::from_micros(1_750)
        } else {
            character * 7 / 2
        };
        Self::Rtu {
            character,
            silence: silence.unwrap_or(standard).max(standard),
            pace,
        }
    }

    /// Whether bytes go through a connection over the network.
    pub fn is_network(&self) -> bool {
        matches!(self, Self::RtuOverTcp { .. } | Self::Tcp)
    }

    /// How long `bytes` take on the wire.
    pub fn wire_time(&self, bytes: usize) -> Duration {
        match self {
            Self::Rtu { character, .. } => *character * u32::try_from(bytes).unwrap_or(u32::MAX),
            Self::RtuOverTcp { .. } | Self::Tcp => Duration::ZERO,
        }
    }
}

/// Something that bytes go through.
pub trait Port: AsyncRead + AsyncWrite + Unpin + Send {
    /// Takes what has arrived and nobody asked for, without waiting; gives it for the record.
    fn drain(&mut self) -> Vec<u8> {
        let mut taken = Vec::new();
        let mut buffer = [0_u8; 256];
        let mut context = Context::from_waker(std::task::Waker::noop());
        loop {
            let mut room = ReadBuf::new(&mut buffer);
            match Pin::new(&mut *self).poll_read(&mut context, &mut room) {
                Poll::Ready(Ok(())) if !room.filled().is_empty() => taken.extend(room.filled()),
                _ => return taken,
            }
        }
    }
}

impl Port for tokio::io::DuplexStream {}
impl Port for tokio::net::TcpStream {}

/// A port that is being opened.
pub type Connecting<'a> = Pin<Box<dyn Future<Output = io::Result<Box<dyn Port>>> + Send + 'a>>;

/// Opens a port, and opens it again after it was lost.
pub trait Connector: Send {
    /// What the bus is, in words: `serial /dev/ttyUSB0, 9600 baud 8N1`.
    fn describe(&self) -> String;
    /// The framing on this wire.
    fn framing(&self) -> Framing;
    /// Opens the port.
    fn connect(&mut self) -> Connecting<'_>;
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Framing, Pace};

    #[test]
    fn silence_is_three_and_a_half_characters() {
        let Framing::Rtu { silence, .. } = Framing::serial(9_600, 10, None, Pace::Timer) else {
            unreachable!()
        };
        assert_eq!(silence.as_micros(), 3_645);
        let Framing::Rtu { silence, .. } = Framing::serial(115_200, 11, None, Pace::Timer) else {
            unreachable!()
        };
        assert_eq!(silence, Duration::from_micros(1_750));
        let wanted = Some(Duration::from_millis(20));
        let Framing::Rtu { silence, .. } = Framing::serial(9_600, 10, wanted, Pace::Timer) else {
            unreachable!()
        };
        assert_eq!(silence, Duration::from_millis(20));
    }
}
