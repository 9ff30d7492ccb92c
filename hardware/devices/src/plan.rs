//! What to ask a device next, and what its answers mean. Never waits, never reads a clock.
//!
//! The caller asks for the request that is due, sends it, and hands back what came. A SunSpec device is walked
//! first, and again when it fails three times in a row. Which device goes first on a line, time-outs and the
//! silence between frames are not here; they belong to the bus.

#[cfg(test)]
mod fixture_tests;
mod pack;
#[cfg(test)]
mod pack_tests;
mod resolve;
#[cfg(test)]
mod resolve_tests;
mod schedule;
#[cfg(test)]
mod schedule_tests;
#[cfg(test)]
mod tests;
mod turn;
mod walking;

use std::sync::Arc;

use units::{Channel, DeviceName, Instant, NoValue, Outcome, Reading, Span};

pub use crate::answer::Answer;
use crate::decode;
use crate::frame::{Function, Request};
use crate::profile::{Class, Family, Point, Profile, Stretch};
use crate::sunspec::walk::BASES;
pub use crate::sunspec::walk::Identity;
pub use pack::LineCost;
use pack::{Block, Limits, pack};
use schedule::Schedule;
use turn::turn_round;
pub use walking::WalkTrouble;
use walking::Walking;

/// The time of an answer on both clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// Since the program began; never jumps.
    pub tick: Span,
    /// What the box takes for the time of day.
    pub utc: Instant,
}

/// How a device is asked on this site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlanOptions {
    /// Its address on the line.
    pub unit: u8,
    /// The period of its fast points.
    pub fast: Span,
    /// The period of its slow points.
    pub slow: Span,
    /// Which way round it was connected.
    pub reversed: Direction,
}

/// Which way round a meter was connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Direction {
    /// As its maker meant it.
    #[default]
    Usual,
    /// The other way: power changes its sign, forward and reverse energy change places.
    Reversed,
}

/// Asks one device and reads its answers.
#[derive(Debug)]
pub struct Plan {
    device: DeviceName,
    profile: Arc<Profile>,
    options: PlanOptions,
    cost: LineCost,
    /// The turnaround that the requests were packed for.
    packed_for_us: u32,
    points: Vec<Point>,
    seen: Vec<Seen>,
    stretches: Vec<Stretch>,
    blocks: Vec<Block>,
    classes: Vec<Class>,
    schedule: Schedule,
    walking: Option<Walking>,
    /// Where a SunSpec device's chain begins, as far as is known.
    base: u16,
    asked: Option<Asked>,
    identity: Option<Identity>,
    /// Who answers in place of the device that was set up.
    stranger: Option<Identity>,
    failures: u32,
    trouble: Option<WalkTrouble>,
}

/// What is kept for each point beside the point.
#[derive(Debug, Clone)]
struct Seen {
    channel: Channel,
    words: Vec<u16>,
}

/// What the answer that is awaited belongs to.
#[derive(Debug, Clone, Copy)]
enum Asked {
    Walk,
    Block(usize),
}

impl Plan {
    /// The plan for one device, before anything was asked.
    pub fn new(device: &DeviceName, profile: Arc<Profile>, options: PlanOptions, cost: LineCost) -> Self {
        let points = profile.points.clone();
        let stretches = profile.stretches.clone();
        let walking = match profile.family {
            Family::Registers => None,
            Family::SunSpec => Some(Walking::new(BASES[0], profile.largest_block, Span::ZERO)),
        };
        let mut plan = Self {
            device: device.clone(),
            profile,
            options,
            cost,
            packed_for_us: cost.turnaround_us,
            points: Vec::new(),
            seen: Vec::new(),
            stretches: Vec::new(),
            blocks: Vec::new(),
            classes: Vec::new(),
            schedule: Schedule::new(options.fast, options.slow),
            walking,
            base: BASES[0],
            asked: None,
            identity: None,
            stranger: None,
            failures: 0,
            trouble: None,
        };
        plan.set_points(points, stretches);
        plan
    }

    /// The request that is due, if one is. Exactly one [`Plan::handle_answer`] must follow it; until then there
    /// is no other.
    pub fn poll_request(&mut self, now: Span) -> Option<Request> {
        if self.asked.is_some() {
            return None;
        }
        if let Some(walking) = &self.walking {
            if now < walking.due {
                return None;
            }
            let question = walking.walk.question();
            self.asked = Some(Asked::Walk);
            return Some(self.request(Function::Holding, question.address, question.count));
        }
        if self.schedule.is_between_rounds() && self.turnaround_changed() {
            self.pack();
        }
        let index = self.schedule.next(now, &self.classes)?;
        let block = self.blocks.get(index)?;
        let request = self.request(block.function, block.address, block.count);
        self.asked = Some(Asked::Block(index));
        Some(request)
    }

    /// When to ask for the next request; a time that has passed means at once.
    pub fn next_due(&self) -> Span {
        match &self.walking {
            Some(walking) => walking.due,
            None => self.schedule.next_due(),
        }
    }

    /// Takes what came back after the last request: a reading for each point that it was to bring. While a chain
    /// is walked there are readings only when nothing came.
    pub fn handle_answer(&mut self, answer: Answer<'_>, now: Now) -> Vec<Reading> {
        match self.asked.take() {
            None => Vec::new(),
            Some(Asked::Walk) => self.handle_walk(answer, now),
            Some(Asked::Block(index)) => self.handle_block(index, answer, now),
        }
    }

    /// Tells how long the device takes until its answer begins. Requests are packed anew between two rounds when
    /// that changed by more than a quarter.
    pub fn set_turnaround(&mut self, microseconds: u32) {
        self.cost.turnaround_us = microseconds;
    }

    /// The points that are read, as this site sees them (a reversed meter's already the right way round). Empty
    /// until a SunSpec device's chain was walked.
    pub fn points(&self) -> &[Point] {
        &self.points
    }

    /// The words that this point's last reading came from; `None` where nothing came.
    pub fn raw(&self, point: &str) -> Option<&[u16]> {
        let index = self
            .points
            .iter()
            .position(|known| known.name.as_str() == point)?;
        let words = &self.seen.get(index)?.words;
        (!words.is_empty()).then_some(words)
    }

    /// All requests of a full round with their classes, in the order of their addresses.
    pub fn requests(&self) -> Vec<(Class, Request)> {
        self.blocks
            .iter()
            .map(|block| {
                let request = self.request(block.function, block.address, block.count);
                (block.class, request)
            })
            .collect()
    }

    /// Who the device says it is; `None` if it does not tell.
    pub fn identity(&self) -> Option<&Identity> {
        self.identity.as_ref()
    }

    /// Who answers in place of the device that was set up, if it is another one.
    pub fn stranger(&self) -> Option<&Identity> {
        self.stranger.as_ref()
    }

    /// Tells who the device was when it was set up, so that another one is noticed.
    pub fn remember_identity(&mut self, identity: Identity) {
        self.identity = Some(identity);
        self.stranger = None;
    }

    /// Why a SunSpec device's values cannot be found, if its last walk led nowhere.
    pub fn trouble(&self) -> Option<WalkTrouble> {
        self.trouble
    }

    /// The profile that the plan follows.
    pub fn profile(&self) -> &Arc<Profile> {
        &self.profile
    }

    /// The device that is asked.
    pub fn device(&self) -> &DeviceName {
        &self.device
    }

    fn request(&self, function: Function, address: u16, count: u16) -> Request {
        Request {
            unit: self.options.unit,
            function,
            address,
            count,
        }
    }

    fn handle_block(&mut self, index: usize, answer: Answer<'_>, now: Now) -> Vec<Reading> {
        let Some(block) = self.blocks.get(index).cloned() else {
            return Vec::new();
        };
        let words = match answer {
            Answer::Words(words) if words.len() == usize::from(block.count) => Ok(words),
            other => Err(reason(other)),
        };
        self.note_health(words.is_ok(), now);
        let mut readings = Vec::with_capacity(block.points.len());
        for place in block.points {
            let outcome = match words {
                Ok(words) => self.read(place, words, block.address),
                Err(reason) => Err(reason),
            };
            if let Some(seen) = self.seen.get_mut(place) {
                if words.is_err() {
                    seen.words.clear();
                }
                readings.push(Reading {
                    channel: seen.channel.clone(),
                    at: now.utc,
                    outcome,
                });
            }
        }
        readings
    }

    /// One point's value from the words of an answer that begins at `address`.
    fn read(&mut self, place: usize, words: &[u16], address: u16) -> Outcome {
        let point = self.points.get_mut(place).ok_or(NoValue::Incomplete)?;
        let from = usize::from(point.address.checked_sub(address).ok_or(NoValue::Incomplete)?);
        let to = from + usize::from(point.coding.kind.words());
        let own = words.get(from..to).ok_or(NoValue::Incomplete)?;
        if let Some(seen) = self.seen.get_mut(place) {
            seen.words = own.to_vec();
        }
        if self.stranger.is_some() {
            return Err(NoValue::WrongDevice);
        }
        let Some(factor_at) = point.factor_at else {
            return decode::decode(point, own);
        };
        let factor = factor_at
            .checked_sub(address)
            .and_then(|offset| words.get(usize::from(offset)));
        let factor = *factor.ok_or(NoValue::Incomplete)?;
        if let Ok(exponent) = decode::scale_factor(factor) {
            point.counter_modulus = point.coding.modulus(exponent);
        }
        decode::decode_scaled(point, own, factor)
    }

    /// A reading without a value for each point; before the first walk, for each value that is not repeated.
    fn without_value(&mut self, reason: NoValue, now: Now) -> Vec<Reading> {
        for seen in &mut self.seen {
            seen.words.clear();
        }
        let known = self.seen.iter().map(|seen| seen.channel.clone());
        let hoped = self
            .profile
            .wanted
            .iter()
            .filter(|_| self.seen.is_empty())
            .filter_map(|wanted| Channel::parse(&format!("{}/{}", self.device, wanted.name)).ok());
        known
            .chain(hoped)
            .map(|channel| Reading {
                channel,
                at: now.utc,
                outcome: Err(reason),
            })
            .collect()
    }

    fn set_points(&mut self, mut points: Vec<Point>, stretches: Vec<Stretch>) {
        if self.options.reversed == Direction::Reversed {
            turn_round(&mut points);
        }
        self.seen = points
            .iter()
            .map(|point| Seen {
                channel: Channel::new(&self.device, &point.name),
                words: Vec::new(),
            })
            .collect();
        self.points = points;
        self.stretches = stretches;
        self.pack();
    }

    fn pack(&mut self) {
        let limits = Limits {
            largest_block: self.profile.largest_block,
            granule: self.profile.granule,
            stretches: &self.stretches,
        };
        self.blocks = pack(&self.points, limits, self.cost);
        self.classes = self.blocks.iter().map(|block| block.class).collect();
        self.packed_for_us = self.cost.turnaround_us;
    }

    fn turnaround_changed(&self) -> bool {
        self.cost.turnaround_us.abs_diff(self.packed_for_us) > self.packed_for_us / 4
    }
}

/// Why an answer holds no values.
fn reason(answer: Answer<'_>) -> NoValue {
    match answer {
        Answer::Exception(code) if !code.is_for_silence() => NoValue::Refused(code.0),
        Answer::Exception(_) | Answer::Silence => NoValue::NoAnswer,
        Answer::LineDown => NoValue::LineDown,
        Answer::Words(_) | Answer::Garbled => NoValue::Garbled,
    }
}
