//! What a counter remembers between readings, and its bytes.

use units::Instant;

use super::identity::Identity;
use crate::MemoryError;
use crate::bytes::{Integers, Writer, fields};

/// What a counter remembers between readings. Opaque to everybody else; kept as bytes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Memory {
    pub(super) base: Option<Base>,
    pub(super) pending: Option<Pending>,
    pub(super) trial: Option<Trial>,
    /// The last moment at which anything was read.
    pub(super) latest: Instant,
    /// The latest moment up to which anything was booked. It stays where it is when the clock goes back.
    pub(super) frontier: Instant,
    /// The meter whose count this is, if it was ever told.
    pub(super) identity: Option<Identity>,
}

/// The value that is believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Base {
    pub(super) value: i64,
    /// When it was last seen.
    pub(super) at: Instant,
    /// Since when readings have come closely without a tick: a tick's energy is spread from here.
    pub(super) since: Instant,
    /// When it last moved without any doubt: how long a counter that moves in jumps may have saved up.
    pub(super) ticked: Instant,
    /// Believed readings since the last one that was not.
    pub(super) calm: u32,
    /// How many readings were believed so far.
    pub(super) readings: u32,
    /// The value of at least 24 believed readings ago, and a later one. A fall that stays above the older is
    /// the end of a glitch upward that got in; it is no reset.
    pub(super) older: i64,
    pub(super) newer: i64,
}

/// A rise that fits the nameplate and waits for agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pending {
    pub(super) value: i64,
    /// When it was first and last seen.
    pub(super) first: Instant,
    pub(super) last: Instant,
    /// Since when readings of it have come closely.
    pub(super) since: Instant,
    pub(super) readings: u32,
    pub(super) proof: Proof,
}

/// What a waiting rise needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proof {
    /// One reading that agrees.
    Agreement,
    /// That the counter moves on from it, or stands on it for long.
    Progress,
}

/// Values away from the believed one, which may turn out to be a new count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Trial {
    pub(super) kind: Kind,
    pub(super) first: i64,
    pub(super) first_at: Instant,
    pub(super) value: i64,
    pub(super) at: Instant,
    pub(super) ticked: Instant,
    pub(super) rises: u32,
    pub(super) readings: u32,
    /// Readings since the last agreeing one that fit nowhere.
    pub(super) strays: u32,
}

/// What a trial would mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The counter began again.
    Lower,
    /// Another meter with a higher value.
    Higher,
    /// The counter rolled over at this value.
    Turn(i64),
}

const LATEST: u8 = 1;
const BASE: u8 = 2;
const PENDING: u8 = 3;
const TRIAL: u8 = 4;
/// An account's quarters are field 5.
const FRONTIER: u8 = 6;
const IDENTITY: u8 = 7;

impl Memory {
    /// The memory as bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        self.write(&mut writer);
        writer.finish()
    }

    /// The memory that [`Memory::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, MemoryError> {
        Self::read(&fields(bytes)?)
    }

    /// Writes all fields but an account's quarters.
    pub(crate) fn write(&self, writer: &mut Writer) {
        writer.field(LATEST, &[self.latest.as_millis()]);
        if let Some(base) = &self.base {
            writer.field(BASE, &base.integers(self.latest));
        }
        if let Some(pending) = &self.pending {
            writer.field(PENDING, &pending.integers(self.latest));
        }
        if let Some(trial) = &self.trial {
            writer.field(TRIAL, &trial.integers(self.latest));
        }
        if self.frontier != Instant::default() {
            writer.field(FRONTIER, &[ago(self.latest, self.frontier)]);
        }
        if let Some(identity) = &self.identity {
            writer.field(IDENTITY, &identity.integers());
        }
    }

    pub(crate) fn read(fields: &[(u8, Vec<i64>)]) -> Result<Self, MemoryError> {
        let mut memory = Self::default();
        for (number, integers) in fields {
            let mut from = Integers(integers);
            match *number {
                LATEST => memory.latest = from.instant()?,
                BASE => memory.base = Some(Base::read(&mut from, memory.latest)?),
                PENDING => memory.pending = Some(Pending::read(&mut from, memory.latest)?),
                TRIAL => memory.trial = Trial::read(&mut from, memory.latest)?,
                FRONTIER => memory.frontier = moment(&mut from, memory.latest)?,
                IDENTITY => memory.identity = Some(Identity::read(&mut from)?),
                _ => {}
            }
        }
        Ok(memory)
    }
}

/// Moments are written as how long before the latest one they were, which is short.
fn ago(latest: Instant, moment: Instant) -> i64 {
    latest.since(moment).as_millis()
}

fn moment(from: &mut Integers<'_>, latest: Instant) -> Result<Instant, MemoryError> {
    from.next().map(|ago| latest - units::Span::from_millis(ago))
}

impl Base {
    fn integers(&self, latest: Instant) -> [i64; 8] {
        [
            self.value,
            ago(latest, self.at),
            ago(latest, self.since),
            ago(latest, self.ticked),
            i64::from(self.calm),
            i64::from(self.readings),
            self.older,
            self.newer,
        ]
    }

    fn read(from: &mut Integers<'_>, latest: Instant) -> Result<Self, MemoryError> {
        Ok(Self {
            value: from.next()?,
            at: moment(from, latest)?,
            since: moment(from, latest)?,
            ticked: moment(from, latest)?,
            calm: from.count()?,
            readings: from.count()?,
            older: from.next()?,
            newer: from.next()?,
        })
    }
}

impl Pending {
    fn integers(&self, latest: Instant) -> [i64; 6] {
        let proof = match self.proof {
            Proof::Agreement => 0,
            Proof::Progress => 1,
        };
        [
            self.value,
            ago(latest, self.first),
            ago(latest, self.last),
            ago(latest, self.since),
            i64::from(self.readings),
            proof,
        ]
    }

    fn read(from: &mut Integers<'_>, latest: Instant) -> Result<Self, MemoryError> {
        Ok(Self {
            value: from.next()?,
            first: moment(from, latest)?,
            last: moment(from, latest)?,
            since: moment(from, latest)?,
            readings: from.count()?,
            proof: match from.next()? {
                0 => Proof::Agreement,
                _ => Proof::Progress,
            },
        })
    }
}

impl Trial {
    fn integers(&self, latest: Instant) -> [i64; 10] {
        let (kind, modulus) = match self.kind {
            Kind::Lower => (0, 0),
            Kind::Higher => (1, 0),
            Kind::Turn(modulus) => (2, modulus),
        };
        [
            kind,
            modulus,
            self.first,
            ago(latest, self.first_at),
            self.value,
            ago(latest, self.at),
            ago(latest, self.ticked),
            i64::from(self.rises),
            i64::from(self.readings),
            i64::from(self.strays),
        ]
    }

    /// A kind that only a newer Hearth knows is no trial: the next readings open one again.
    fn read(from: &mut Integers<'_>, latest: Instant) -> Result<Option<Self>, MemoryError> {
        let kind = match (from.next()?, from.next()?) {
            (0, _) => Kind::Lower,
            (1, _) => Kind::Higher,
            (2, modulus) => Kind::Turn(modulus),
            _ => return Ok(None),
        };
        Ok(Some(Self {
            kind,
            first: from.next()?,
            first_at: moment(from, latest)?,
            value: from.next()?,
            at: moment(from, latest)?,
            ticked: moment(from, latest)?,
            rises: from.count()?,
            readings: from.count()?,
            strays: from.count()?,
        }))
    }
}
