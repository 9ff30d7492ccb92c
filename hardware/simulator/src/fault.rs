//! What may happen to a reply on its way, drawn from a seed: pure, so that a run can be repeated exactly.
//!
//! One reply meets one fault at most. Times count from the moment at which the reply would have begun.

use std::fmt;

use fastrand::Rng;
use units::Span;

/// The longest delay of a late reply, in milliseconds.
const LATEST: i64 = 2_500;

/// The shortest delay of a late reply, in milliseconds: enough to count as late for most masters.
const LATE_FROM: i64 = 400;

/// What befell a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// It came so much later.
    Late(Span),
    /// It never came.
    Lost,
    /// It came, and came once more so much later.
    Doubled(Span),
    /// Only its first bytes came, so many.
    Cut(usize),
    /// It paused for so long after so many bytes.
    Split(usize, Span),
    /// Its first byte was missing.
    FirstByteMissing,
    /// A byte stood before it that does not belong there, straight against it.
    ByteBefore(u8),
    /// These of its bits were turned over, counted from its first bit.
    Flipped(Vec<usize>),
    /// Noise came before it, with a pause between.
    NoiseBefore(Vec<u8>),
    /// Noise came after it.
    NoiseAfter(Vec<u8>),
}

/// The kinds of fault, for rates and counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FaultKind {
    /// [`Fault::Late`]
    Late,
    /// [`Fault::Lost`]
    Lost,
    /// [`Fault::Doubled`]
    Doubled,
    /// [`Fault::Cut`]
    Cut,
    /// [`Fault::Split`]
    Split,
    /// [`Fault::FirstByteMissing`] and [`Fault::ByteBefore`]
    Shifted,
    /// [`Fault::Flipped`]
    Flipped,
    /// [`Fault::NoiseBefore`] and [`Fault::NoiseAfter`]
    Noise,
}

/// Every kind, with the word for it.
const KINDS: [(FaultKind, &str); 8] = [
    (FaultKind::Late, "late"),
    (FaultKind::Lost, "lost"),
    (FaultKind::Doubled, "doubled"),
    (FaultKind::Cut, "cut"),
    (FaultKind::Split, "split"),
    (FaultKind::Shifted, "shifted"),
    (FaultKind::Flipped, "flipped"),
    (FaultKind::Noise, "noise"),
];

/// Bytes that arrive together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// How long after the reply's usual beginning.
    pub after: Span,
    /// What arrives.
    pub bytes: Vec<u8>,
}

/// How many of a million replies meet each kind of fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rates([u32; KINDS.len()]);

/// Why rates were refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RatesError {
    /// There is no such fault.
    #[error(
        "there is no fault called {0:?}; choose from late, lost, doubled, cut, split, shifted, flipped, noise"
    )]
    Unknown(String),
    /// It is not written as name and percentage.
    #[error("{0:?} is not a fault with its percentage; write late=1 or late=0.5,lost=0.25")]
    Form(String),
    /// More than all replies would be faulty.
    #[error("the percentages add up to more than 100; make them smaller")]
    TooMany,
}

impl FaultKind {
    /// The word for it.
    pub fn name(self) -> &'static str {
        KINDS[self.place()].1
    }

    fn place(self) -> usize {
        KINDS.iter().position(|row| row.0 == self).unwrap_or(0)
    }
}

impl Fault {
    /// Which kind it is.
    pub fn kind(&self) -> FaultKind {
        match self {
            Self::Late(_) => FaultKind::Late,
            Self::Lost => FaultKind::Lost,
            Self::Doubled(_) => FaultKind::Doubled,
            Self::Cut(_) => FaultKind::Cut,
            Self::Split(..) => FaultKind::Split,
            Self::FirstByteMissing | Self::ByteBefore(_) => FaultKind::Shifted,
            Self::Flipped(_) => FaultKind::Flipped,
            Self::NoiseBefore(_) | Self::NoiseAfter(_) => FaultKind::Noise,
        }
    }

    /// What arrives of `reply` under this fault.
    pub fn apply(&self, reply: Vec<u8>) -> Vec<Delivery> {
        let now = |bytes| Delivery {
            after: Span::ZERO,
            bytes,
        };
        match self {
            Self::Late(after) => vec![Delivery {
                after: *after,
                bytes: reply,
            }],
            Self::Lost => Vec::new(),
            Self::Doubled(after) => vec![
                now(reply.clone()),
                Delivery {
                    after: *after,
                    bytes: reply,
                },
            ],
            Self::Cut(kept) => vec![now(reply.into_iter().take(*kept).collect())],
            Self::Split(at, after) => {
                let (first, rest) = reply.split_at((*at).min(reply.len()));
                vec![
                    now(first.to_vec()),
                    Delivery {
                        after: *after,
                        bytes: rest.to_vec(),
                    },
                ]
            }
            Self::FirstByteMissing => vec![now(reply.into_iter().skip(1).collect())],
            Self::ByteBefore(byte) => vec![now(std::iter::once(*byte).chain(reply).collect())],
            Self::Flipped(bits) => vec![now(flip(reply, bits))],
            Self::NoiseBefore(noise) => vec![
                now(noise.clone()),
                Delivery {
                    after: Span::from_millis(30),
                    bytes: reply,
                },
            ],
            Self::NoiseAfter(noise) => vec![now(reply.into_iter().chain(noise.iter().copied()).collect())],
        }
    }
}

fn flip(mut reply: Vec<u8>, bits: &[usize]) -> Vec<u8> {
    for bit in bits {
        if let Some(byte) = reply.get_mut(bit / 8) {
            *byte ^= 0x80 >> (bit % 8);
        }
    }
    reply
}

impl Rates {
    /// No faults.
    pub const NONE: Self = Self([0; KINDS.len()]);

    /// Each kind as often as the others: so many of a million replies.
    pub fn each(of_a_million: u32) -> Self {
        Self([of_a_million.min(125_000); KINDS.len()])
    }

    /// These rates with another one for `kind`; held at what leaves no more than a million together.
    #[must_use]
    pub fn with(mut self, kind: FaultKind, of_a_million: u32) -> Self {
        self.0[kind.place()] = 0;
        let left = 1_000_000_u32.saturating_sub(self.0.iter().sum());
        self.0[kind.place()] = of_a_million.min(left);
        self
    }

    /// Reads percentages with up to four places: `late=1,lost=0.25`; nothing at all is no faults.
    pub fn parse(text: &str) -> Result<Self, RatesError> {
        let mut rates = Self::NONE;
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let form = || RatesError::Form(part.to_owned());
            let (name, percent) = part.split_once('=').ok_or_else(form)?;
            let place = KINDS
                .iter()
                .position(|row| row.1 == name.trim())
                .ok_or_else(|| RatesError::Unknown(name.trim().to_owned()))?;
            rates.0[place] = parse_percent(percent.trim()).ok_or_else(form)?;
        }
        let sum: u64 = rates.0.iter().map(|rate| u64::from(*rate)).sum();
        if sum > 1_000_000 {
            Err(RatesError::TooMany)
        } else {
            Ok(rates)
        }
    }
}

/// A percentage with up to four places, in parts of a million.
fn parse_percent(text: &str) -> Option<u32> {
    let (whole, places) = text.split_once('.').unwrap_or((text, ""));
    if places.len() > 4 || !places.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let fraction: u32 = format!("{places:0<4}").parse().ok()?;
    whole
        .parse::<u32>()
        .ok()?
        .checked_mul(10_000)?
        .checked_add(fraction)
}

/// How often each kind of fault happened, and how many replies there were.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FaultCounts {
    /// All replies, faulty or not.
    pub replies: u64,
    counts: [u64; KINDS.len()],
}

impl FaultCounts {
    /// How often this kind happened.
    pub fn of(&self, kind: FaultKind) -> u64 {
        self.counts[kind.place()]
    }

    /// How many replies were faulty.
    pub fn faulty(&self) -> u64 {
        self.counts.iter().sum()
    }
}

impl fmt::Display for FaultCounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} replies", self.replies)?;
        for ((_, name), count) in KINDS.iter().zip(self.counts) {
            write!(f, ", {name} {count}")?;
        }
        Ok(())
    }
}

/// Draws faults for one line.
#[derive(Debug, Clone)]
pub struct Faults {
    rng: Rng,
    rates: Rates,
    counts: FaultCounts,
    last: Option<Fault>,
}

impl Faults {
    /// Faults at these rates; the same seed gives the same faults to the same replies.
    pub fn new(seed: u64, rates: Rates) -> Self {
        Self {
            rng: Rng::with_seed(seed),
            rates,
            counts: FaultCounts::default(),
            last: None,
        }
    }

    /// From now on these rates.
    pub fn set_rates(&mut self, rates: Rates) {
        self.rates = rates;
    }

    /// What arrives of `reply`, in the order of time.
    pub fn deliveries(&mut self, reply: Vec<u8>) -> Vec<Delivery> {
        self.counts.replies += 1;
        self.last = self.draw(reply.len());
        match &self.last {
            Some(fault) => {
                self.counts.counts[fault.kind().place()] += 1;
                fault.apply(reply)
            }
            None => vec![Delivery {
                after: Span::ZERO,
                bytes: reply,
            }],
        }
    }

    /// What befell the last reply.
    pub fn last(&self) -> Option<&Fault> {
        self.last.as_ref()
    }

    /// How often what happened.
    pub fn counts(&self) -> FaultCounts {
        self.counts
    }

    fn draw(&mut self, length: usize) -> Option<Fault> {
        let mut draw = self.rng.u32(..1_000_000);
        let rates = self.rates.0;
        for ((kind, _), rate) in KINDS.into_iter().zip(rates) {
            if draw < rate {
                return Some(self.make(kind, length.max(2)));
            }
            draw -= rate;
        }
        None
    }

    fn make(&mut self, kind: FaultKind, length: usize) -> Fault {
        let rng = &mut self.rng;
        match kind {
            FaultKind::Late => Fault::Late(Span::from_millis(rng.i64(LATE_FROM..=LATEST))),
            FaultKind::Lost => Fault::Lost,
            FaultKind::Doubled => Fault::Doubled(Span::from_millis(rng.i64(5..=LATEST))),
            FaultKind::Cut => Fault::Cut(rng.usize(1..length)),
            FaultKind::Split => Fault::Split(rng.usize(1..length), Span::from_millis(rng.i64(10..=700))),
            FaultKind::Shifted if rng.bool() => Fault::FirstByteMissing,
            FaultKind::Shifted => Fault::ByteBefore(rng.u8(..)),
            FaultKind::Flipped => {
                let bits = rng.usize(1..=3);
                let mut bits: Vec<usize> = (0..bits).map(|_| rng.usize(..length * 8)).collect();
                // A bit that is turned twice stands as it stood.
                bits.sort_unstable();
                bits.dedup();
                Fault::Flipped(bits)
            }
            FaultKind::Noise => {
                let noise = (0..rng.usize(1..=20)).map(|_| rng.u8(..)).collect();
                if rng.bool() {
                    Fault::NoiseBefore(noise)
                } else {
                    Fault::NoiseAfter(noise)
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use units::Span;

    use super::{Delivery, Fault, FaultKind, Faults, KINDS, Rates, RatesError};

    #[test]
    fn rates_that_cannot_be_meant_are_refused_in_words() {
        let refused = |text| Rates::parse(text).expect_err("refused").to_string();
        assert!(refused("slow=1").contains("no fault called \"slow\""));
        assert!(refused("late").contains("write late=1"));
        assert!(refused("late=-1").contains("late=-1"));
        assert!(refused("late=0.00001").contains("0.00001"));
        assert_eq!(Rates::parse("late=60,lost=50"), Err(RatesError::TooMany));
        assert_eq!(Rates::parse("late=5000"), Err(RatesError::TooMany));
        assert_eq!(Rates::parse(""), Ok(Rates::NONE));
        let rates = Rates::NONE
            .with(FaultKind::Late, 10_000)
            .with(FaultKind::Lost, 2_500);
        assert_eq!(Rates::parse("late=1, lost=0.25"), Ok(rates));
    }

    #[test]
    fn each_fault_does_what_it_says() {
        let reply = || vec![1, 2, 3, 4];
        let at = |millis, bytes: &[u8]| Delivery {
            after: Span::from_millis(millis),
            bytes: bytes.to_vec(),
        };
        let span = Span::from_millis(50);
        let cases = [
            (Fault::Late(span), vec![at(50, &[1, 2, 3, 4])]),
            (Fault::Lost, vec![]),
            (
                Fault::Doubled(span),
                vec![at(0, &[1, 2, 3, 4]), at(50, &[1, 2, 3, 4])],
            ),
            (Fault::Cut(3), vec![at(0, &[1, 2, 3])]),
            (Fault::Split(1, span), vec![at(0, &[1]), at(50, &[2, 3, 4])]),
            (Fault::FirstByteMissing, vec![at(0, &[2, 3, 4])]),
            (Fault::ByteBefore(9), vec![at(0, &[9, 1, 2, 3, 4])]),
            (Fault::Flipped(vec![0, 15, 99]), vec![at(0, &[0x81, 3, 3, 4])]),
            (
                Fault::NoiseBefore(vec![8]),
                vec![at(0, &[8]), at(30, &[1, 2, 3, 4])],
            ),
            (Fault::NoiseAfter(vec![8]), vec![at(0, &[1, 2, 3, 4, 8])]),
        ];
        for (fault, arrives) in cases {
            assert_eq!(fault.apply(reply()), arrives, "{fault:?}");
        }
    }

    #[test]
    fn faults_come_at_their_rates() {
        let mut faults = Faults::new(7, Rates::each(20_000));
        for _ in 0..100_000 {
            faults.deliveries(vec![0; 9]);
        }
        let counts = faults.counts();
        for (kind, name) in KINDS {
            // 2,000 expected of each; ten standard deviations are 440.
            assert!(counts.of(kind).abs_diff(2_000) < 440, "{name}: {counts}");
        }
        assert_eq!(counts.replies, 100_000);
        faults.set_rates(Rates::NONE);
        faults.deliveries(vec![0; 9]);
        assert_eq!((faults.last(), faults.counts().faulty()), (None, counts.faulty()));
    }

    proptest! {
        #[test]
        fn the_same_seed_gives_the_same_faults(seed: u64, lengths in proptest::collection::vec(0_usize..260, 1..40)) {
            let mut one = Faults::new(seed, Rates::each(125_000));
            let mut other = one.clone();
            for length in lengths {
                let arrives = one.deliveries(vec![0x55; length]);
                prop_assert_eq!(&arrives, &other.deliveries(vec![0x55; length]));
                prop_assert_eq!(one.last(), other.last());
                prop_assert!(arrives.windows(2).all(|pair| pair[0].after <= pair[1].after));
            }
            prop_assert_eq!(one.counts().replies, one.counts().faulty());
        }
    }
}
