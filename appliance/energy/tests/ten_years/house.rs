//! The house: what flows in each minute, what its meter shows, what the box's clock says, and what happens to them.

use std::fmt;

use energy::Limits;
use units::{Instant, Number, Span, Watts};

use crate::minutes;

/// The first minute: 2026-01-01, midnight of universal time.
pub(crate) const BEGIN: Instant = Instant::from_millis(1_767_225_600_000);
pub(crate) const MINUTES_A_YEAR: i64 = 365 * 24 * 60;
pub(crate) const QUARTER: Span = Span::from_secs(900);

/// Watt-minutes in a watt-hour.
const FINE: i64 = 60;

/// What can happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Event {
    /// Nobody reads for so many minutes; the box is off, or the line is cut.
    Outage { minutes: i64, restart: bool },
    /// The meter begins again at zero.
    Reset,
    /// Another meter, with another count.
    Exchange { start: i64 },
    /// The box's clock is off by so much for so many minutes.
    WrongClock { off: i64, minutes: i64 },
    /// The meter says zero for so many readings.
    Zeros { readings: i64 },
}

/// One reading.
pub(crate) struct Seen {
    pub(crate) at: Instant,
    pub(crate) number: Number,
    pub(crate) clock_is_right: bool,
}

/// A house with one meter, for ten years.
pub(crate) struct House {
    random: fastrand::Rng,
    rated: i64,
    pub(crate) step: i64,
    /// Where the count begins again, and whether the box knows it.
    end: i64,
    end_known: bool,
    power: i64,
    /// What flowed in each quarter, in watt-minutes.
    flowed: Vec<i64>,
    /// What the meter's count began with, and what it counted since, in watt-minutes.
    start: i64,
    counted: i64,
    next: (i64, Event),
    away_until: i64,
    away_since: i64,
    turns_before: i64,
    clock_off: i64,
    clock_wrong_until: i64,
    zeros: i64,
    restart: bool,
    /// What no reading can tell: may be missing, or be too much.
    pub(crate) lost: i64,
    pub(crate) gained: i64,
    /// The quarters near which something happened.
    busy: Vec<bool>,
    /// How often the count has come to its end.
    turns: i64,
    told: [u32; 5],
}

impl House {
    pub(crate) fn new(seed: u64) -> Self {
        let mut random = fastrand::Rng::with_seed(seed);
        let step = [1, 1, 10, 100][random.usize(..4)];
        // Registers of 16 and 32 bits, and displays of so many digits, all of the meter's own step.
        let ends = [1 << 16, 1 << 32, 100_000, 1_000_000, 10_000_000, 100_000_000];
        let end = ends[random.usize(..ends.len())] * step;
        let mut house = Self {
            rated: random.i64(4_000..12_000),
            step,
            end,
            end_known: random.bool(),
            power: 0,
            flowed: vec![0; usize::try_from(MINUTES_A_YEAR * 10 / 15).expect("fits")],
            start: (end - end / 50).max(0) / step * step,
            counted: 0,
            next: (0, Event::Reset),
            away_until: 0,
            away_since: 0,
            turns_before: 0,
            clock_off: 0,
            clock_wrong_until: 0,
            zeros: 0,
            restart: false,
            lost: 0,
            gained: 0,
            busy: vec![false; usize::try_from(MINUTES_A_YEAR * 10 / 15).expect("fits")],
            turns: 0,
            told: [0; 5],
            random,
        };
        house.plan(0);
        house.note(0, 30);
        house.note(MINUTES_A_YEAR * 10, 0);
        house
    }

    pub(crate) fn limits(&self) -> Limits {
        Limits {
            rated: Watts(self.rated),
            modulus: self.end_known.then_some(self.end),
        }
    }

    /// What comes next, some days from now.
    fn plan(&mut self, now: i64) {
        let random = &mut self.random;
        let in_minutes = random.i64(3 * 1_440..20 * 1_440);
        let most_away = if self.end < 1_000_000 { 240 } else { 5_000 };
        let event = match random.u8(..10) {
            0..=3 => Event::Outage {
                minutes: random.i64(4..most_away),
                restart: random.bool(),
            },
            4 => Event::Reset,
            5 => Event::Exchange {
                start: random.i64(0..self.end / self.step) * self.step,
            },
            6 | 7 => {
                let off = random.i64(2..600);
                Event::WrongClock {
                    off: if random.bool() { off } else { -off },
                    minutes: random.i64(10..1_000),
                }
            }
            _ => Event::Zeros {
                readings: random.i64(1..23),
            },
        };
        self.next = (now + in_minutes, event);
    }

    /// The meter's count without its end.
    fn count(&self) -> i64 {
        self.start + self.counted / FINE / self.step * self.step
    }

    /// The most that the nameplate lets flow in so many minutes.
    pub(crate) fn could_flow(&self, minutes: i64) -> i64 {
        self.rated * minutes * 6 / 5 / FINE + 4 * self.step
    }

    /// Two hours before, since a coarse counter is spread over the time in which it filled up, and three after.
    fn note(&mut self, minute: i64, length: i64) {
        let last = self.busy.len();
        let quarter = |minute: i64| usize::try_from(minute.max(0) / 15).expect("fits").min(last);
        let (from, to) = (quarter(minute - 120), quarter(minute + length + 180));
        self.busy[from..to].fill(true);
    }

    fn happen(&mut self, minute: i64) {
        let (_, event) = self.next;
        match event {
            Event::Outage { minutes, restart } => {
                self.away_since = minute;
                self.away_until = minute + minutes;
                self.turns_before = self.count() / self.end;
                self.restart = restart;
                self.note(minute, minutes);
                self.told[0] += 1;
            }
            Event::Reset => {
                self.begin_again(0);
                self.note(minute, 0);
                self.told[1] += 1;
            }
            Event::Exchange { start } => {
                // A new meter that happens to show about what the old one did cannot be told from it.
                let shown = self.count() % self.end;
                let far = self.could_flow(120);
                let start = if (start - shown).abs() < far {
                    (shown + self.end / 2) % self.end / self.step * self.step
                } else {
                    start
                };
                self.begin_again(start);
                self.note(minute, 0);
                self.told[2] += 1;
            }
            Event::WrongClock { off, minutes } => {
                self.clock_off = off;
                self.clock_wrong_until = minute + minutes;
                self.note(minute - off.abs(), minutes + off.abs() * 2);
                self.told[3] += 1;
            }
            Event::Zeros { readings } => {
                self.zeros = readings;
                self.note(minute, readings);
                self.told[4] += 1;
            }
        }
        self.plan(minute);
    }

    /// What flowed since the last readings is known to nobody, and a count that begins near the end of the old one may be
    /// taken for its going on.
    fn begin_again(&mut self, start: i64) {
        self.start = start;
        self.counted = 0;
        self.turns = 0;
        self.lost += self.could_flow(5);
        self.gained += self.could_flow(5);
    }

    /// One minute goes by; what is read at its end, if somebody reads.
    pub(crate) fn pass(&mut self, minute: i64) -> Option<Seen> {
        if minute % 15 == 0 && self.random.u8(..) < 60 {
            self.power = self.random.i64(self.rated / 4..=self.rated);
        }
        // In the last days nothing happens, so that nothing waits for its proof at the end.
        let calm = self.away_until.max(self.clock_wrong_until);
        if minute >= self.next.0 && minute > calm && minute < MINUTES_A_YEAR * 10 - 8 * 1_440 {
            self.happen(minute);
        }
        let quarter = usize::try_from(minute / 15).expect("fits");
        self.flowed[quarter] += self.power;
        self.counted += self.power;
        let turns = self.count() / self.end;
        if turns != self.turns {
            self.turns = turns;
            self.note(minute, 0);
        }
        if minute < self.away_until {
            return None;
        }
        if minute == self.away_until && self.away_until > 0 {
            self.come_back(minute);
        }
        if minute == self.clock_wrong_until {
            self.clock_off = 0;
        }
        let mut value = self.count() % self.end;
        if self.zeros > 0 {
            self.zeros -= 1;
            value = 0;
        }
        Some(Seen {
            at: BEGIN + minutes(minute + 1 + self.clock_off),
            number: Number {
                value,
                step: self.step,
            },
            clock_is_right: self.clock_off == 0,
        })
    }

    /// An end that was passed while nobody looked: where the box does not know it, the energy is nobody's.
    fn come_back(&mut self, minute: i64) {
        let turns = self.count() / self.end - self.turns_before;
        if turns > 0 {
            let away = self.could_flow(minute - self.away_since + 70);
            self.lost += away;
            self.gained += self.could_flow(3);
        }
    }

    /// Whether the box was started again just now.
    pub(crate) fn restarted(&mut self) -> bool {
        std::mem::take(&mut self.restart)
    }

    pub(crate) fn truth(&self) -> i64 {
        self.flowed.iter().sum::<i64>() / FINE
    }

    /// What flowed in each quarter, in watt-hours.
    pub(crate) fn quarters(&self) -> impl ExactSizeIterator<Item = i64> + '_ {
        self.flowed.iter().map(|fine| fine / FINE)
    }

    /// Whether nothing happened near a quarter.
    pub(crate) fn is_quiet(&self, quarter: usize) -> bool {
        !self.busy[quarter]
    }
}

impl fmt::Display for House {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [outages, resets, exchanges, clocks, zeros] = self.told;
        let known = if self.end_known { "known" } else { "not known" };
        write!(
            f,
            "{} W, step {}, end {} ({known}): {outages} outages, {resets} resets, {exchanges} other meters, {clocks} \
             wrong clocks, {zeros} times zero; {} kWh, {} Wh that no reading can tell",
            self.rated,
            self.step,
            self.end,
            self.truth() / 1_000,
            self.lost
        )
    }
}
