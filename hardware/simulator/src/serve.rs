//! Real Modbus servers around anything that answers: TCP, a serial line on a pseudo-terminal, RTU over TCP.
//!
//! Each server is a thread of its own (TCP: one more for each connection) and stops cleanly.

mod line;
mod listen;
mod mbap;
mod pty;
mod rtu;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::fault::{Delivery, Faults};
use crate::site::Site;

pub use listen::{serial_over_tcp, tcp};
pub use pty::serial;

/// How often a waiting thread looks whether it shall stop.
const LOOK_UP: Duration = Duration::from_millis(50);

/// Faults that a server draws from while its owner counts them or changes their rates.
pub type SharedFaults = Arc<Mutex<Faults>>;

/// Why a server could not be started.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}; choose a free port or end the program that has it")]
    Address {
        /// The address that was asked for.
        address: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// No pseudo-terminal could be had.
    #[error("cannot make a pseudo-terminal ({doing}): {source}; check that /dev/pts is mounted")]
    Terminal {
        /// What was being done.
        doing: &'static str,
        /// What the system said.
        source: std::io::Error,
    },
    /// The link cannot be placed.
    #[error("cannot place the link {path:?}: {source}; choose a path in a folder that you may write to")]
    Link {
        /// Where the link was to stand.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Something that is not a link stands where the link was to be.
    #[error("{0:?} exists and is not a link; move it away or choose another path")]
    LinkTaken(PathBuf),
    /// The system gave no thread.
    #[error("cannot start a thread: {0}")]
    Thread(std::io::Error),
}

/// How a TCP server behaves.
#[derive(Debug, Clone)]
pub struct TcpOptions {
    /// Where to listen, as in `127.0.0.1:1502`; port 0 takes a free one.
    pub address: String,
    /// How many connections it keeps at once; a further one is closed. Some inverters keep just one.
    pub most_clients: usize,
    /// For how long after a connection it ignores what it is asked.
    pub deaf_after_connect: Duration,
    /// For how long a connection may be silent before it is closed.
    pub idle: Duration,
    /// The time from a question to its answer.
    pub turnaround: Duration,
}

impl TcpOptions {
    /// A quick device on this address.
    pub fn new(address: impl Into<String>) -> Self {
        Self {
            address: address.into(),
            most_clients: 8,
            deaf_after_connect: Duration::ZERO,
            idle: Duration::from_secs(120),
            turnaround: Duration::from_millis(2),
        }
    }
}

/// How a serial line behaves.
#[derive(Debug, Clone)]
pub struct SerialOptions {
    /// Its speed; each byte takes its time.
    pub baud: u32,
    /// Bits of a character with start, parity and stop: 10 for 8N1, 11 for 8E1 and 8N2.
    pub bits: u32,
    /// The time from the end of a question to the beginning of its answer; 3.5 characters at least.
    pub turnaround: Duration,
    /// A path that shall lead to the pseudo-terminal for as long as the server runs.
    pub link: Option<PathBuf>,
}

impl SerialOptions {
    /// 8N1 at this speed, with the turnaround of a usual meter.
    pub fn new(baud: u32) -> Self {
        Self {
            baud,
            bits: 10,
            turnaround: Duration::from_millis(20),
            link: None,
        }
    }

    /// How long one character takes.
    pub fn character(&self) -> Duration {
        Duration::from_secs(1) * self.bits / self.baud.max(1)
    }
}

/// Where a server can be reached.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    Address(SocketAddr),
    Path {
        terminal: PathBuf,
        link: Option<PathBuf>,
    },
}

/// A server that runs until it is stopped or dropped.
#[derive(Debug)]
pub struct Server {
    place: Place,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// The address it listens on, if it is on the network.
    pub fn address(&self) -> Option<SocketAddr> {
        match &self.place {
            Place::Address(address) => Some(*address),
            Place::Path { .. } => None,
        }
    }

    /// The path to open, if it is a serial line: the link if there is one, else the pseudo-terminal itself.
    pub fn path(&self) -> Option<&Path> {
        match &self.place {
            Place::Address(_) => None,
            Place::Path { terminal, link } => Some(link.as_deref().unwrap_or(terminal)),
        }
    }

    /// Stops it and waits until its threads have ended.
    pub fn stop(self) {
        drop(self);
    }

    fn start(
        place: Place,
        name: &str,
        work: impl FnOnce(&Arc<AtomicBool>) + Send + 'static,
    ) -> Result<Self, ServeError> {
        let stop = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&stop);
        let thread = std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || work(&seen))
            .map_err(ServeError::Thread)?;
        Ok(Self {
            place,
            stop,
            thread: Some(thread),
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has said so already; there is nothing left to stop.
            let _ = thread.join();
        }
    }
}

/// What every server of one site shares.
#[derive(Clone)]
struct Service {
    site: Arc<dyn Site>,
    faults: Option<SharedFaults>,
}

impl Service {
    /// What arrives of a reply, and when.
    fn deliveries(&self, reply: Vec<u8>) -> Vec<Delivery> {
        match &self.faults {
            Some(faults) => faults
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .deliveries(reply),
            None => Faults::new(0, crate::fault::Rates::NONE).deliveries(reply),
        }
    }
}
