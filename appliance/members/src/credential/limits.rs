//! How often somebody may guess, decided before anything is hashed.
//!
//! Every allowance is one number: the moment at which it is whole again. A guess moves it on by a step, and is let
//! through while it is not further ahead than the steps that may be taken at once. So an allowance that is whole again
//! is the same as one never used and can be forgotten; none that is not whole is ever forgotten, and while there is no
//! room for a new one, all whom there is no room for share one. Guessing from very many addresses therefore gives no
//! free guesses, and costs a bounded piece of memory.
//!
//! - Slips and codes: five at once from one source, then one every twelve minutes: at most ten in any hour.
//! - Name and passphrase from a device on which that person has been before: ten at once, then ten an hour, whatever
//!   others do.
//! - From any other device: ten at once from one source, then ten an hour; and of one name ten at once, then ten an
//!   hour from everywhere together. When a name is spent, a source from which nothing wrong came for an hour still
//!   gets one guess, so that its owner is not locked out by somebody else's guessing.
//!
//! Moments are those of a clock that only goes forward. What is remembered here is lost when the box starts, which
//! takes longer than to wait for most of it.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use units::{Instant, Span};

use super::{Digest, SignInName};

/// Where a guess comes from: an IPv4 address, or the first half of an IPv6 address, since whoever has one address there
/// has all with the same first half.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// An IPv4 address.
    V4([u8; 4]),
    /// The network of an IPv6 address.
    V6([u8; 8]),
}

impl Source {
    /// The source of an IPv6 address. An IPv4 address written as one is the IPv4 address.
    pub fn v6(octets: [u8; 16]) -> Self {
        match octets {
            [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, a, b, c, d] => Self::V4([a, b, c, d]),
            [a, b, c, d, e, f, g, h, ..] => Self::V6([a, b, c, d, e, f, g, h]),
        }
    }
}

/// Who guesses at a passphrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guesser {
    /// A device on which the person of that name has signed in before, by the hash of its cookie.
    Known(Digest),
    /// Anybody else.
    Stranger(Source),
}

/// So many guesses at once, then one each step.
#[derive(Debug, Clone, Copy)]
struct Rule {
    at_once: i64,
    step: Span,
}

/// Ten an hour in all: five at once and five that come back within the hour.
const CODES: Rule = Rule {
    at_once: 5,
    step: Span::MINUTE.times(12),
};
/// Twenty in the worst hour.
const PASSPHRASES: Rule = Rule {
    at_once: 10,
    step: Span::MINUTE.times(6),
};
/// A source from which no guess came for so long is clean.
const CLEAN_AFTER: Span = Span::HOUR;
/// How many sources, names and devices are remembered of each kind: with all full, less than a megabyte.
const REMEMBERED: usize = 4096;

/// The most guesses at slips and codes from one source in any hour.
pub const CODES_AN_HOUR: u32 = 10;

/// An allowance.
#[derive(Debug, Clone, Copy)]
struct Allowance {
    /// When it is whole again.
    whole: Instant,
    /// When it was last used.
    used: Instant,
}

impl Allowance {
    const NEW: Self = Self {
        whole: Instant::from_millis(i64::MIN),
        used: Instant::from_millis(i64::MIN),
    };

    /// From when on another guess is let through.
    fn next(&self, rule: Rule) -> Instant {
        self.whole - rule.step.times(rule.at_once - 1)
    }

    fn take(&mut self, rule: Rule, now: Instant) {
        self.whole = self.whole.max(now) + rule.step;
        self.used = now;
    }

    fn is_clean(&self, now: Instant) -> bool {
        self.used == Self::NEW.used || now.since(self.used) > CLEAN_AFTER
    }

    fn is_as_new(&self, now: Instant) -> bool {
        self.whole <= now && self.is_clean(now)
    }
}

/// Allowances of one kind.
#[derive(Debug)]
struct Table<K> {
    rule: Rule,
    most: usize,
    of: BTreeMap<K, Allowance>,
    /// The one that all share for whom there is no room.
    crowd: Allowance,
    /// Before this moment there is no use in looking for one to forget.
    full_until: Instant,
}

impl<K: Ord + Copy> Table<K> {
    fn new(rule: Rule, most: usize) -> Self {
        Self {
            rule,
            most,
            of: BTreeMap::new(),
            crowd: Allowance::NEW,
            full_until: Allowance::NEW.whole,
        }
    }

    /// The allowance of `key`: its own, or the crowd's while there is no room for one.
    fn find(&mut self, key: K, now: Instant) -> &mut Allowance {
        if self.of.len() >= self.most && !self.of.contains_key(&key) && now >= self.full_until {
            self.of.retain(|_, allowance| !allowance.is_as_new(now));
            // Looking through all of them for every guess would be work that a stranger could order.
            self.full_until = now + Span::SECOND;
        }
        let full = self.of.len() >= self.most;
        match self.of.entry(key) {
            Entry::Vacant(_) if full => &mut self.crowd,
            // Whoever shared the crowd's until now goes on with what is left of it.
            Entry::Vacant(place) => place.insert(self.crowd),
            Entry::Occupied(known) => known.into_mut(),
        }
    }

    /// From when on a guess of `key` is let through; now or earlier means at once.
    fn next(&mut self, key: K, now: Instant) -> Instant {
        let rule = self.rule;
        self.find(key, now).next(rule)
    }

    fn take(&mut self, key: K, now: Instant) -> Taken<K> {
        let rule = self.rule;
        let allowance = self.find(key, now);
        let before = allowance.used;
        allowance.take(rule, now);
        let own = self.of.contains_key(&key).then_some(key);
        Taken { own, before, at: now }
    }

    /// Gives back what was taken for a guess that was right. The crowd's allowance stays as it is.
    fn give_back(&mut self, taken: &Taken<K>) {
        let step = self.rule.step;
        if let Some(allowance) = taken.own.and_then(|key| self.of.get_mut(&key)) {
            allowance.whole = allowance.whole - step;
            if allowance.used == taken.at {
                allowance.used = taken.before;
            }
        }
    }
}

#[derive(Debug)]
struct Taken<K> {
    /// Whose allowance it was; nobody's if it was the crowd's.
    own: Option<K>,
    before: Instant,
    at: Instant,
}

/// A guess that was let through and counted. If it turns out right, [`Limits::right`] takes it off the count.
#[derive(Debug)]
#[must_use = "a guess that was right is given back"]
pub struct Guess(Counted);

#[derive(Debug)]
enum Counted {
    Code(Taken<Source>),
    Known(Taken<Digest>),
    Stranger(Taken<Source>, Option<Taken<[u8; 16]>>),
}

/// Why a guess was not let through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TooMany {
    /// Too many came from this device or its network.
    #[error("Too many tries came from here. Wait {} and try again, or ask a steward", minutes(*.0))]
    FromHere(Span),
    /// Too many were made at this name, from wherever.
    #[error(
        "This name was tried too often, not only from here. Wait {} and try again, use a device on which you were \
         signed in before, or ask a steward for a slip",
        minutes(*.0)
    )]
    AtThisName(Span),
}

fn minutes(wait: Span) -> String {
    match wait.as_millis().max(0).unsigned_abs().div_ceil(60_000) {
        0 | 1 => "a minute".to_owned(),
        many => format!("{many} minutes"),
    }
}

/// All allowances of the box.
#[derive(Debug)]
pub struct Limits {
    codes: Table<Source>,
    sources: Table<Source>,
    names: Table<[u8; 16]>,
    devices: Table<Digest>,
}

impl Default for Limits {
    fn default() -> Self {
        Self::remembering(REMEMBERED)
    }
}

impl Limits {
    fn remembering(most: usize) -> Self {
        Self {
            codes: Table::new(CODES, most),
            sources: Table::new(PASSPHRASES, most),
            names: Table::new(PASSPHRASES, most),
            devices: Table::new(PASSPHRASES, most),
        }
    }

    /// Lets a guess at a slip or a code through, or says how long to wait.
    pub fn code(&mut self, source: Source, now: Instant) -> Result<Guess, TooMany> {
        let next = self.codes.next(source, now);
        if next > now {
            return Err(TooMany::FromHere(next.since(now)));
        }
        Ok(Guess(Counted::Code(self.codes.take(source, now))))
    }

    /// Lets a guess at a passphrase through, or says how long to wait. Whether anybody has that name changes nothing.
    pub fn passphrase(
        &mut self,
        guesser: Guesser,
        name: &SignInName,
        now: Instant,
    ) -> Result<Guess, TooMany> {
        match guesser {
            Guesser::Known(device) => {
                let next = self.devices.next(device, now);
                if next > now {
                    return Err(TooMany::FromHere(next.since(now)));
                }
                Ok(Guess(Counted::Known(self.devices.take(device, now))))
            }
            Guesser::Stranger(source) => self.stranger(source, name, now),
        }
    }

    fn stranger(&mut self, source: Source, name: &SignInName, now: Instant) -> Result<Guess, TooMany> {
        let next = self.sources.next(source, now);
        if next > now {
            return Err(TooMany::FromHere(next.since(now)));
        }
        // Names are kept as hashes, so that a long one takes no more room.
        let key = Digest::of(&[b"name", name.as_str().as_bytes()]).half();
        let next = self.names.next(key, now);
        if next > now {
            let here = self.sources.find(source, now);
            if !here.is_clean(now) {
                let clean = here.used + CLEAN_AFTER + Span::from_millis(1);
                return Err(TooMany::AtThisName(next.min(clean).since(now)));
            }
            return Ok(Guess(Counted::Stranger(self.sources.take(source, now), None)));
        }
        let name = self.names.take(key, now);
        Ok(Guess(Counted::Stranger(
            self.sources.take(source, now),
            Some(name),
        )))
    }

    /// Takes a guess that was right off the count.
    pub fn right(&mut self, guess: Guess) {
        match guess.0 {
            Counted::Code(source) => self.codes.give_back(&source),
            Counted::Known(device) => self.devices.give_back(&device),
            Counted::Stranger(source, name) => {
                self.sources.give_back(&source);
                if let Some(name) = name {
                    self.names.give_back(&name);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
