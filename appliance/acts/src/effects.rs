//! What an act may set in motion beyond the store, named as one small port. The program implements it; tests
//! give a port that only remembers.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use devices::frame::Function;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;
use units::{DeviceName, Instant};

use crate::doors::{BoxName, Doors};

/// An answer that comes later.
pub type Later<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A question of a technician to one device: any registers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawRead {
    /// The bus.
    pub bus: DeviceName,
    /// The address on the bus.
    pub unit: u8,
    /// Which kind of register.
    pub function: Function,
    /// The first register.
    pub address: u16,
    /// How many.
    pub count: u16,
}

/// One frame that went over a bus, for those who watch it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// When its last byte was there.
    pub at: Instant,
    /// Microseconds since the frame before.
    pub gap_us: u64,
    /// Which way it went, and whether the guard let it pass.
    pub direction: Direction,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What it is, or why it was refused, in words.
    pub words: String,
}

/// Which way a frame went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From the box.
    Sent,
    /// To the box, and accepted.
    Received,
    /// To the box, and thrown away.
    Refused,
}

impl Direction {
    /// The word used by the command.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Received => "received",
            Self::Refused => "refused",
        }
    }
}

/// The world outside of the store, as far as acts set it in motion.
pub trait Effects: Send + Sync {
    /// The box's clock.
    fn now(&self) -> Instant;
    /// Fills `bytes` with what nobody can foresee.
    fn random(&self, bytes: &mut [u8]);
    /// The text of `site.toml` as it lies there now.
    fn site_text(&self) -> Result<String, String>;
    /// Replaces `site.toml` in one step (a new file, synced and renamed).
    fn write_site(&self, text: &str) -> Result<(), String>;
    /// Reads `site.toml` again and goes on with it; on a bad file the old one stays in force and the faults are
    /// told. Answers with a sentence that says what changed.
    fn reload(&self) -> Later<'_, Result<String, String>>;
    /// Asks one device for any registers, between the ordinary polls.
    fn read(&self, question: RawRead) -> Later<'_, Result<Vec<u16>, String>>;
    /// Frames of a bus from now on, until it is dropped.
    fn watch(&self, bus: &DeviceName) -> Result<Box<dyn Frames>, String>;
    /// Has a backup made now, by the task that makes them; how it goes stands in what is true now.
    fn back_up(&self) -> Result<(), String> {
        Err("this box makes no backups".to_owned())
    }
    /// By which doors the box can be reached; by none where it is not on a network.
    fn doors(&self) -> Arc<Doors> {
        Arc::default()
    }
    /// Whether another machine of the network answers to this name.
    fn name_is_taken<'a>(&'a self, _: &'a BoxName) -> Later<'a, bool> {
        Box::pin(async { false })
    }
    /// Goes on under this name, with an authority that speaks for it.
    fn take_name(&self, _: &BoxName) -> Result<(), String> {
        Err("this box is not on a network, so nobody can call it by a name".to_owned())
    }
}

/// The frames of one bus, one after the other.
pub trait Frames: Send {
    /// The next frame. A slow reader misses some and is told how many; when the bus has ended, so have its frames.
    fn next(&mut self) -> Later<'_, Result<Frame, RecvError>>;
}

impl Frames for broadcast::Receiver<Frame> {
    fn next(&mut self) -> Later<'_, Result<Frame, RecvError>> {
        Box::pin(self.recv())
    }
}
