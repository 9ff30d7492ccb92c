//! What the store answers with: points, buckets of a chart, channels, lines of the audit, facts about itself.

use std::time::Duration;

use energy::Interval;
use units::{Channel, DeviceName, Flow, Instant, NoValue, PersonId, Unit};

/// One stored reading: when, and its value or why there is none. The step of a [`units::Number`] is not kept.
pub type Point = (Instant, Result<i64, NoValue>);

/// The stretch of a chart that one column of pixels shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bucket {
    /// When it begins; it ends where the next one begins.
    pub start: Instant,
    /// What is known of it.
    pub known: Known,
}

/// What is known of a stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// At least one value.
    Values(Spread),
    /// It was asked, and there was no value; the last reason.
    Without(NoValue),
    /// Nothing was recorded.
    Gap,
}

/// The values of a stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spread {
    /// The smallest.
    pub min: i64,
    /// Their mean, rounded to the nearest whole number, halves away from zero.
    pub mean: i64,
    /// The largest.
    pub max: i64,
    /// How many there are.
    pub count: u64,
}

/// A channel that has readings, and from when to when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelSpan {
    /// The channel.
    pub channel: Channel,
    /// The unit of its values.
    pub unit: Unit,
    /// Its oldest reading that is kept (to the hour once older ones were given up).
    pub first: Instant,
    /// Its newest reading.
    pub last: Instant,
    /// From when on anything is known of it: the first of its readings, or the day of its first roll-up, which stays longer.
    pub since: Instant,
}

/// A channel of which anything is known: readings, or what became of readings that are kept no longer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelLife {
    /// The channel.
    pub channel: Channel,
    /// The unit of its values.
    pub unit: Unit,
    /// From when on anything is known of it.
    pub since: Instant,
    /// When all that is known of it is over.
    pub until: Instant,
}

/// A change of an hour that was sealed already: readings that came late, or that took the place of others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amendment {
    /// When the hour begins.
    pub hour: Instant,
    /// Which version of the hour it made; the first is 1.
    pub version: u32,
    /// When it came about: the time of the newest reading that there was then.
    pub at: Instant,
    /// How many readings there were none of before.
    pub added: u64,
    /// How many readings say something else than before.
    pub replaced: u64,
}

/// The intervals of one flow of one device, in the order of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowIntervals {
    /// The device.
    pub device: DeviceName,
    /// The flow.
    pub flow: Flow,
    /// Its intervals.
    pub intervals: Vec<Interval>,
}

/// Whether there is more to do of a task that is done in small steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Call again.
    More,
    /// Nothing is left to do.
    Done,
}

/// What somebody did, for the record that nobody can quietly change. It names people by number, so that it stands when
/// their data are erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// When.
    pub at: Instant,
    /// Who, in words without a name.
    pub actor: String,
    /// Who, if it is somebody of the members' book.
    pub who: Option<PersonId>,
    /// By which way in: page, control socket, timer.
    pub via: String,
    /// The act's name in the table of acts.
    pub act: String,
    /// What it was about.
    pub subject: String,
    /// Whose data it was about.
    pub whose: Whose,
    /// What else matters, in words without personal data.
    pub detail: String,
    /// Why, in the words of whoever did it.
    pub why: Why,
}

/// Whose data something was about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Whose {
    /// Nobody's.
    #[default]
    Nobody,
    /// Those of these people.
    People(Vec<PersonId>),
    /// Those of so many people that each must reckon to be among them.
    Everybody,
}

/// Why something was done. The words can hold a name, so they lie beside the chain, which has their hash alone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Why {
    /// Nobody said.
    #[default]
    NotSaid,
    /// These words; the salt keeps short ones from being guessed by their hash.
    Said {
        /// The words.
        words: String,
        /// Random bytes.
        salt: [u8; 16],
    },
    /// Words that were erased with the data of somebody whom they were about.
    Erased,
}

impl AuditEntry {
    /// An entry that is about nobody's data.
    pub fn new(at: Instant, act: &str) -> Self {
        Self {
            at,
            actor: String::new(),
            who: None,
            via: String::new(),
            act: act.to_owned(),
            subject: String::new(),
            whose: Whose::Nobody,
            detail: String::new(),
            why: Why::NotSaid,
        }
    }
}

/// An entry as it stands in the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditLine {
    /// Its number; the first is 1, without gaps.
    pub number: u64,
    /// What was done.
    pub entry: AuditEntry,
}

/// What opening found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opened {
    /// Whether there was a store before.
    pub state: OpenedState,
    /// How long it took.
    pub took: Duration,
    /// How many pages of the tail cannot be read any more, each with a batch of readings that was not sealed.
    pub lost_pages: u64,
}

/// How the file was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenedState {
    /// There was none; a new one was made.
    Created,
    /// Closed cleanly the last time.
    Clean,
    /// Power had failed or the program had been killed; everything acknowledged is there again.
    Recovered,
}

impl Opened {
    /// Whether the last run did not end cleanly.
    pub fn recovered(&self) -> bool {
        self.state == OpenedState::Recovered
    }
}

/// How the store is doing, for the box page, `hearth status` and `/metrics`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreFacts {
    /// The size of the file.
    pub file_bytes: u64,
    /// How long ago the last commit ended.
    pub last_commit_ago: Option<Duration>,
    /// How long it took.
    pub last_commit_took: Option<Duration>,
    /// Commits since the start.
    pub commits: u64,
    /// Bytes written to the file since the start, without what the file system adds.
    pub bytes_written: u64,
    /// Jobs that wait for the writer.
    pub queue: usize,
    /// The oldest reading that is kept.
    pub oldest_reading: Option<Instant>,
    /// What is wrong just now, as a sentence; `None` when all is well.
    pub trouble: Option<String>,
}
