//! What is true right now: the last word of every device, bus, task and of the store. The program publishes it;
//! pages and the command look at it through [`crate::Look`], which leaves out what an actor may not see.

use std::sync::Arc;

use energy::{PowerNow, Unknown};
use units::{Channel, DeviceName, Instant, Quantity, Reading, Span, Unit};

/// Everything that is known at one moment.
#[derive(Debug, Clone)]
pub struct Live {
    /// When this was put together.
    pub at: Instant,
    /// When the box started.
    pub started: Instant,
    /// The power flows of the whole site, from one snapshot.
    pub power: Result<PowerNow, Vec<Unknown>>,
    /// Devices in the order of `site.toml`.
    pub devices: Vec<DeviceLive>,
    /// Buses in the order of `site.toml`.
    pub buses: Vec<BusLive>,
    /// The tasks of the program.
    pub tasks: Vec<TaskLive>,
    /// The store.
    pub store: StoreLive,
    /// What somebody should know or do, in sentences; the gravest first.
    pub troubles: Vec<Trouble>,
}

/// How a device is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceState {
    /// Not asked yet.
    Waiting,
    /// Answers as it should.
    Healthy,
    /// Answers, but not always or not to everything.
    Degraded,
    /// Sleeps, as inverters do at night; this is no fault.
    Asleep,
    /// Does not answer.
    Gone,
}

impl DeviceState {
    /// The word used in the API and by the command.
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Healthy => "healthy",
            Self::Degraded => "degraded",
            Self::Asleep => "asleep",
            Self::Gone => "gone",
        }
    }
}

/// One device now.
#[derive(Debug, Clone)]
pub struct DeviceLive {
    /// Its name.
    pub name: DeviceName,
    /// How it is doing.
    pub state: DeviceState,
    /// Its last answer, if there was one since the start.
    pub last_answer: Option<Instant>,
    /// Questions asked since the start.
    pub asked: u64,
    /// Good answers since the start.
    pub answered: u64,
    /// The last thing that went wrong: when, and in words.
    pub last_error: Option<(Instant, String)>,
    /// How long answers take: the middle, the slowest of twenty, the slowest.
    pub latency: Option<Latency>,
    /// How long the box waits for an answer at present.
    pub patience: Span,
    /// Maker, model, version and serial number as the device tells them; empty where it does not.
    pub identity: Vec<(String, String)>,
    /// Its values.
    pub points: Vec<PointLive>,
    /// Why its values cannot be found although it answers, in words.
    pub trouble: Option<String>,
    /// What is to be said of it, in words: that trouble, and what the ledger has to say about its counters ("the
    /// counter went back ... it is held").
    pub notes: Vec<String>,
}

/// How long answers take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Latency {
    /// Half of the answers are quicker.
    pub middle: Span,
    /// Nineteen of twenty answers are quicker.
    pub slow: Span,
    /// The slowest of those remembered.
    pub slowest: Span,
}

/// One value of a device now.
#[derive(Debug, Clone)]
pub struct PointLive {
    /// Its channel.
    pub channel: Channel,
    /// What it measures.
    pub quantity: Quantity,
    /// Its scale.
    pub unit: Unit,
    /// The last reading: a value, or why there is none.
    pub reading: Option<Reading>,
    /// The registers it came from, as in `input 0x0048, 2 words`.
    pub registers: Arc<str>,
    /// The words of the last answer.
    pub raw: Vec<u16>,
    /// How the words become the value ("float32, times 1000").
    pub meaning: Arc<str>,
    /// Where the fact about the register comes from, with its grade.
    pub source: Arc<str>,
}

/// One bus now.
#[derive(Debug, Clone)]
pub struct BusLive {
    /// Its name.
    pub name: DeviceName,
    /// What it is, in words: `serial /dev/ttyUSB0, 9600 baud 8N1`.
    pub wire: String,
    /// Why it is down, in words; nothing while it is up.
    pub down: Option<String>,
    /// Questions since the start.
    pub asked: u64,
    /// Good answers since the start.
    pub answered: u64,
    /// Times that nothing came.
    pub silent: u64,
    /// Answers that were refused by the guard: damaged, late or of another device.
    pub refused: u64,
    /// Bytes that were thrown away before a question.
    pub drained: u64,
    /// How much of the last minute the line was in use, in thousandths.
    pub busy_permille: u16,
}

/// One task of the program.
#[derive(Debug, Clone)]
pub struct TaskLive {
    /// Its name.
    pub name: String,
    /// Whether it runs.
    pub running: bool,
    /// How often it was started again.
    pub restarts: u32,
    /// Why it last stopped, in words.
    pub last_error: Option<String>,
}

/// The store now.
#[derive(Debug, Clone, Default)]
pub struct StoreLive {
    /// Bytes of the file.
    pub file_bytes: u64,
    /// The last commit that was safely down.
    pub last_commit: Option<Instant>,
    /// How long the last commit took.
    pub commit_took: Span,
    /// Commits since the start.
    pub commits: u64,
    /// Bytes the program sent to the card since the start, as the system counts them; nothing where it does not.
    pub card_bytes: Option<u64>,
    /// Readings that wait in memory to be written.
    pub waiting: u64,
    /// Why nothing can be written at present, in words.
    pub trouble: Option<String>,
    /// Its backups.
    pub backup: BackupLive,
}

/// The backups now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BackupLive {
    /// Whether there is a recovery phrase, to whose key they are sealed.
    pub has_phrase: bool,
    /// Whether one is being made.
    pub running: bool,
    /// How many times the box has tried since its start, successfully or not.
    pub runs: u64,
    /// Where they go.
    pub places: Vec<BackupPlaceLive>,
}

/// A place for backups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupPlaceLive {
    /// The folder.
    pub place: String,
    /// Whether it is a stick, which may be in or out.
    pub is_stick: bool,
    /// From when the newest backup is that was read again and found to be whole.
    pub newest: Option<Instant>,
    /// How many backups lie there.
    pub count: usize,
    /// How many bytes were written for the last one that was made since the start.
    pub bytes: Option<u64>,
    /// Why none can be made at present, in words.
    pub trouble: Option<String>,
}

/// Something that somebody should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// What it is about: `bus cupboard`, `store`, `clock`.
    pub about: String,
    /// What is wrong and what to do now.
    pub sentence: String,
    /// Whether somebody must act, or it is only to be known.
    pub must_act: bool,
}
