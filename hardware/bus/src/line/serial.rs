//! Serial ports: opened for this program alone, in raw mode, with the kernel's own RS-485 switching on request.

use std::io;
use std::path::PathBuf;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use rustix::fd::OwnedFd;
use rustix::fs::{FlockOperation, Mode, OFlags};
use serial2_tokio::SerialPort;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::{Connecting, Connector, Framing, Pace, Port};

/// Where pseudo-terminals live. The kernel would keep one of them exclusive after this program was killed, so the
/// lock alone guards them; a real port is released with its last user.
const PSEUDO: &str = "/dev/pts";

/// The check bit of a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parity {
    /// None.
    None,
    /// Even number of ones.
    Even,
    /// Odd number of ones.
    Odd,
}

/// The settings of a serial port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SerialSettings {
    /// The device file.
    pub path: PathBuf,
    /// Bits a second.
    pub baud: u32,
    /// The check bit.
    pub parity: Parity,
    /// Stop bits, 1 or 2.
    pub stop_bits: u8,
    /// Let the kernel switch the transceiver's direction by RTS.
    pub kernel_rs485: bool,
    /// Silence between frames where the adapter needs more than 3.5 characters.
    pub silence: Option<Duration>,
}

/// Opens a serial port.
#[derive(Debug, Clone)]
pub struct SerialConnector {
    settings: SerialSettings,
}

impl SerialConnector {
    /// A port with these settings.
    pub fn new(settings: SerialSettings) -> Self {
        Self { settings }
    }

    fn bits_per_character(&self) -> u32 {
        1 + 8 + u32::from(self.settings.parity != Parity::None) + u32::from(self.settings.stop_bits)
    }

    fn open(&self) -> io::Result<OpenSerial> {
        let wanted = &self.settings;
        let path = wanted.path.canonicalize()?;
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let lock = rustix::fs::open(&path, flags, Mode::empty())?;
        let taken = |_| io::Error::new(io::ErrorKind::ResourceBusy, "another program uses this port");
        rustix::fs::flock(&lock, FlockOperation::NonBlockingLockExclusive).map_err(taken)?;
        let port = SerialPort::open(&path, |mut settings: serial2_tokio::Settings| {
            settings.set_raw();
            settings.set_baud_rate(wanted.baud)?;
            settings.set_char_size(serial2_tokio::CharSize::Bits8);
            settings.set_flow_control(serial2_tokio::FlowControl::None);
            settings.set_parity(match wanted.parity {
                Parity::None => serial2_tokio::Parity::None,
                Parity::Even => serial2_tokio::Parity::Even,
                Parity::Odd => serial2_tokio::Parity::Odd,
            });
            settings.set_stop_bits(match wanted.stop_bits {
                2 => serial2_tokio::StopBits::Two,
                _ => serial2_tokio::StopBits::One,
            });
            Ok(settings)
        })?;
        if !path.starts_with(PSEUDO) {
            rustix::termios::ioctl_tiocexcl(&lock)?;
        }
        if wanted.kernel_rs485 {
            let mode = serial2_tokio::rs4xx::Rs485Config::new();
            port.set_rs4xx_mode(mode).map_err(|error| cannot_switch(&error))?;
        }
        port.discard_buffers()?;
        Ok(OpenSerial { port, lock })
    }
}

/// Most drivers know no RS-485, and the system's own words for that name nothing that one could look for.
fn cannot_switch(error: &io::Error) -> io::Error {
    let what = format!("its driver cannot switch the direction of an RS-485 line ({error})");
    io::Error::new(io::ErrorKind::Unsupported, what)
}

impl Connector for SerialConnector {
    fn describe(&self) -> String {
        let parity = match self.settings.parity {
            Parity::None => 'N',
            Parity::Even => 'E',
            Parity::Odd => 'O',
        };
        let SerialSettings {
            path,
            baud,
            stop_bits,
            ..
        } = &self.settings;
        format!("serial {}, {baud} baud 8{parity}{stop_bits}", path.display())
    }

    fn framing(&self) -> Framing {
        Framing::serial(
            self.settings.baud,
            self.bits_per_character(),
            self.settings.silence,
            Pace::Exact,
        )
    }

    fn connect(&mut self) -> Connecting<'_> {
        Box::pin(async move {
            let port: Box<dyn Port> = Box::new(self.open()?);
            Ok(port)
        })
    }
}

/// An open port. The second handle holds the lock, and drains the kernel's buffer at once: the runtime may not
/// have noticed yet that something is there, and what it does not notice would be taken for the next answer.
struct OpenSerial {
    port: SerialPort,
    lock: OwnedFd,
}

impl Port for OpenSerial {
    fn drain(&mut self) -> Vec<u8> {
        let mut taken = Vec::new();
        let mut buffer = [0_u8; 256];
        while let Ok(count @ 1..) = rustix::io::read(&self.lock, &mut buffer) {
            taken.extend(&buffer[..count]);
        }
        taken
    }
}

impl AsyncRead for OpenSerial {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        room: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.port).poll_read(context, room)
    }
}

impl AsyncWrite for OpenSerial {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.port).poll_write(context, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        // Waiting for the last bit to leave would block the thread; the guard adds the wire time itself.
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::path::PathBuf;

    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

    use super::{Parity, SerialConnector, SerialSettings};

    #[tokio::test]
    async fn a_driver_that_cannot_switch_the_direction_is_named() {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a pseudo-terminal");
        grantpt(&master).expect("it is ours");
        unlockpt(&master).expect("it is ours");
        let path = ptsname(&master, Vec::new()).expect("it has a name");
        let settings = SerialSettings {
            path: PathBuf::from(path.into_string().expect("a plain name")),
            baud: 9_600,
            parity: Parity::None,
            stop_bits: 1,
            kernel_rs485: true,
            silence: None,
        };
        let error = SerialConnector::new(settings).open().err().expect("it cannot");
        assert_eq!(error.kind(), io::ErrorKind::Unsupported);
        assert!(error.to_string().contains("direction"), "{error}");
    }
}
