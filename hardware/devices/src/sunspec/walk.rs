//! The walk along a device's chain of models: which model stands where, and who the device is.
//!
//! A pure state machine: it says what to read next and is told what came back. Lengths are read, never assumed.
//! Two reads that follow each other ask for different numbers of registers, so that a late answer to the one
//! cannot pass as the answer to the other. Reading the values is not here; that is the plan's work.

use super::model;
use crate::answer::Answer;
use crate::decode;
use crate::frame::ExceptionCode;

/// Where a chain may begin; the last two are for devices that do not keep to the first.
pub const BASES: [u16; 3] = [40_000, 0, 50_000];

/// The most models a chain may have; real devices have a dozen.
pub const MOST_MODELS: usize = 64;

/// The letters "SunS" that open a chain.
const MARKER: [u16; 2] = [0x5375, 0x6E53];
/// The number that stands where a chain ends.
const END: u16 = 0xFFFF;
/// Words of the common model from its ID word to the end of the serial number.
const IDENTITY_WORDS: u16 = 66;
/// Silences in a row at one base before the next is tried: some devices do not refuse, they keep quiet. Others sleep,
/// so a base that was left for that reason is looked at again before the device is called no SunSpec device.
const PATIENCE: u8 = 3;

/// Who a device says it is (SunSpec's model 1).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Identity {
    /// The maker.
    pub maker: String,
    /// What the maker calls the device.
    pub model: String,
    /// The version of its software.
    pub version: String,
    /// The serial number; empty if it tells none.
    pub serial: String,
}

/// One model of a device's chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// The model's number.
    pub id: u16,
    /// The address of its ID word.
    pub address: u16,
    /// How many words follow the two of the header, as the device says.
    pub length: u16,
    /// How often the repeating group is there.
    pub repeats: u16,
}

/// A device's whole chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// The address of the letters "SunS".
    pub base: u16,
    /// The models in their order.
    pub models: Vec<Found>,
    /// Who the device is, if it has the common model.
    pub identity: Option<Identity>,
}

/// A read that the walk asks for: holding registers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Question {
    /// The first register.
    pub address: u16,
    /// How many.
    pub count: u16,
}

/// What an answer led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// There is more to read; ask at once.
    Onward,
    /// Nothing usable came; ask again after a while.
    Again,
    /// The chain is complete.
    Finished(Chain),
    /// There is no chain that can be used.
    Failed(WalkFault),
}

/// Why a device's chain of models cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WalkFault {
    /// None of the places where a chain may begin holds the letters "SunS".
    #[error("this is no SunSpec device: the letters SunS are neither at 40000 nor at 0 nor at 50000")]
    NoMarker,
    /// More models than any real device has: the lengths cannot be right.
    #[error("the chain of models does not end after 64 models; its lengths cannot be right")]
    TooLong,
    /// A model would reach beyond the last register.
    #[error("model {id} at {address} says it has {length} words, which reach beyond the last register")]
    Overflow {
        /// The model's number.
        id: u16,
        /// The address of its ID word.
        address: u16,
        /// What it says is its length.
        length: u16,
    },
}

/// What is read next.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Stage {
    Marker,
    Header,
    Identity { words: Vec<u16> },
    Repeats,
}

/// The walk itself.
#[derive(Debug, Clone)]
pub struct Walk {
    largest_block: u16,
    /// Where the chain may begin, the likeliest place first.
    bases: [u16; BASES.len()],
    base: usize,
    /// Whether a base was left because nothing came there.
    unheard: bool,
    stage: Stage,
    /// The address of the header that is read next, or of the model that is looked at.
    at: u16,
    models: Vec<Found>,
    identity: Option<Identity>,
    silences: u8,
    question: Question,
    recent: [u16; 4],
}

impl Walk {
    /// A walk that has not begun, for a device that answers at most `largest_block` registers at once.
    pub fn new(largest_block: u16) -> Self {
        Self::from(BASES[0], largest_block)
    }

    /// The same for a device whose chain was last found at `base`.
    pub fn from(base: u16, largest_block: u16) -> Self {
        let mut bases = BASES;
        bases.sort_by_key(|other| *other != base);
        let mut walk = Self {
            largest_block: largest_block.max(4),
            bases,
            base: 0,
            unheard: false,
            stage: Stage::Marker,
            at: bases[0],
            models: Vec::new(),
            identity: None,
            silences: 0,
            question: Question { address: 0, count: 0 },
            recent: [0; 4],
        };
        walk.ask_marker();
        walk
    }

    /// What to read now.
    pub fn question(&self) -> Question {
        self.question
    }

    /// Takes the answer to [`Walk::question`]. After `Finished` or `Failed` a new walk is needed.
    pub fn handle(&mut self, answer: Answer<'_>) -> Step {
        match answer {
            Answer::Words(words) if words.len() == usize::from(self.question.count) => {
                self.silences = 0;
                self.handle_words(words)
            }
            Answer::Exception(code) if is_refusal(code) => {
                self.silences = 0;
                self.handle_refusal()
            }
            // Nobody was asked.
            Answer::LineDown => Step::Again,
            _ => self.handle_silence(),
        }
    }

    fn handle_words(&mut self, words: &[u16]) -> Step {
        match std::mem::replace(&mut self.stage, Stage::Header) {
            Stage::Marker => match words {
                [first, second, id, length, ..] if [*first, *second] == MARKER => {
                    self.at = self.at.saturating_add(2);
                    self.handle_header(*id, *length)
                }
                _ => self.next_base(),
            },
            Stage::Header => match words {
                [id, length, ..] => self.handle_header(*id, *length),
                _ => Step::Again,
            },
            Stage::Identity { words: before } => self.handle_identity(before, words),
            Stage::Repeats => {
                if let (Some(found), Some(count)) = (self.models.last_mut(), words.first()) {
                    found.repeats = found.repeats.min(*count);
                }
                self.next_header()
            }
        }
    }

    /// Notes the model whose header was read, and looks at it more closely where that is needed.
    fn handle_header(&mut self, id: u16, length: u16) -> Step {
        if id == END || id == 0 {
            return self.finished();
        }
        if self.models.len() >= MOST_MODELS {
            return Step::Failed(WalkFault::TooLong);
        }
        let address = self.at;
        if u32::from(address) + u32::from(length) + 2 > u32::from(u16::MAX) {
            return Step::Failed(WalkFault::Overflow { id, address, length });
        }
        let definition = model(id);
        self.models.push(Found {
            id,
            address,
            length,
            repeats: definition.map_or(0, |model| model.repeats(length)),
        });
        let counter = definition
            .and_then(|model| model.point(model.group?.count_point?))
            .filter(|fact| fact.offset < length.saturating_add(2));
        match counter {
            Some(fact) => {
                let left = length.saturating_add(2).saturating_sub(fact.offset);
                self.ask(address + fact.offset, 1, left.min(4));
                self.stage = Stage::Repeats;
                Step::Onward
            }
            None if id == 1 && self.identity.is_none() => {
                self.ask_identity(Vec::new());
                Step::Onward
            }
            None => self.next_header(),
        }
    }

    /// Asks for the next piece of the common model, as long as the device allows.
    fn ask_identity(&mut self, words: Vec<u16>) {
        let got = u16::try_from(words.len()).unwrap_or(IDENTITY_WORDS);
        let most = self.identity_words().saturating_sub(got).min(self.largest_block);
        // The first piece holds the header, by which it is known to be the right one.
        let least = if got == 0 { 2 } else { 1 };
        self.put((least..=most).rev(), self.at.saturating_add(got));
        self.stage = Stage::Identity { words };
    }

    /// How many words of the common model hold the identity, header included.
    fn identity_words(&self) -> u16 {
        let length = self.models.last().map_or(0, |found| found.length);
        length.saturating_add(2).min(IDENTITY_WORDS)
    }

    fn handle_identity(&mut self, before: Vec<u16>, words: &[u16]) -> Step {
        let mut all = before;
        all.extend_from_slice(words);
        let header = self.models.last().map(|found| [found.id, found.length]);
        if header != all.first_chunk::<2>().copied() {
            // Not the common model that was just found: something else answered.
            self.stage = Stage::Identity { words: Vec::new() };
            self.ask_identity(Vec::new());
            return self.handle_silence();
        }
        if all.len() < usize::from(self.identity_words()) {
            self.ask_identity(all);
            return Step::Onward;
        }
        let letters = |from: usize, words: usize| {
            let to = (from + words).min(all.len());
            all.get(from..to).and_then(decode::text).unwrap_or_default()
        };
        self.identity = Some(Identity {
            maker: letters(2, 16),
            model: letters(18, 16),
            version: letters(42, 8),
            serial: letters(50, 16),
        });
        self.next_header()
    }

    /// Asks for the header behind the last model.
    fn next_header(&mut self) -> Step {
        if let Some(found) = self.models.last() {
            self.at = found.address.saturating_add(found.length).saturating_add(2);
        }
        let left = (u16::MAX - self.at).saturating_add(1).max(2);
        self.ask(self.at, 2, left.min(5));
        self.stage = Stage::Header;
        Step::Onward
    }

    fn next_base(&mut self) -> Step {
        self.base = (self.base + 1) % self.bases.len();
        if self.base == 0 && !std::mem::take(&mut self.unheard) {
            return Step::Failed(WalkFault::NoMarker);
        }
        self.ask_marker();
        Step::Onward
    }

    fn ask_marker(&mut self) {
        self.at = self.bases[self.base];
        self.ask(self.at, 4, 6);
        self.stage = Stage::Marker;
    }

    fn handle_refusal(&mut self) -> Step {
        match self.stage {
            Stage::Marker => self.next_base(),
            // The registers behind the end of the chain may not exist: ask for just the header.
            Stage::Header if self.question.count > 2 => self.ask_just(2),
            // Some devices have no end mark and refuse what lies behind their last model.
            Stage::Header => self.finished(),
            Stage::Repeats if self.question.count > 1 => self.ask_just(1),
            Stage::Identity { .. } | Stage::Repeats => self.next_header(),
        }
    }

    fn handle_silence(&mut self) -> Step {
        self.silences = self.silences.saturating_add(1);
        if self.silences >= PATIENCE {
            self.silences = 0;
            if self.stage == Stage::Marker {
                self.unheard = true;
                self.next_base();
            }
        }
        Step::Again
    }

    fn finished(&mut self) -> Step {
        Step::Finished(Chain {
            base: self.bases[self.base],
            models: std::mem::take(&mut self.models),
            identity: self.identity.take(),
        })
    }

    /// Puts the next question, for between `least` and `most` registers.
    fn ask(&mut self, address: u16, least: u16, most: u16) {
        self.put(least..=most.min(self.largest_block).max(least), address);
    }

    /// Puts the next question with the first of the counts that was not used lately, or else with the one that
    /// was used longest ago.
    fn put(&mut self, counts: impl Iterator<Item = u16>, address: u16) {
        let mut best = (0, 2);
        for count in counts {
            let age = self.recent.iter().position(|recent| *recent == count);
            let age = age.unwrap_or(usize::MAX);
            if age > best.0 || best.0 == 0 {
                best = (age, count);
            }
            if age == usize::MAX {
                break;
            }
        }
        self.recent.rotate_right(1);
        self.recent[0] = best.1;
        self.question = Question {
            address,
            count: best.1,
        };
    }

    /// Puts the same question again for fewer registers.
    fn ask_just(&mut self, count: u16) -> Step {
        self.recent[0] = count;
        self.question.count = count;
        Step::Onward
    }
}

/// Whether the device says that there is nothing, rather than that it cannot answer now.
fn is_refusal(code: ExceptionCode) -> bool {
    (1..=4).contains(&code.0)
}
