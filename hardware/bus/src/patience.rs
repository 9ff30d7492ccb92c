//! How long to wait for a device, and how often to try one that does not answer. Pure: time comes in.
//!
//! The wait follows four times a filter of the answers' latency, which rises quickly (three quarters of the
//! way) and falls slowly (a quarter), and doubles after each silence, so that a device slower than expected is
//! soon given the time it needs. A device that stays silent is tried less and less: its attempts may take
//! at most one part in fifty of the line's time, so that one dead device costs the others next to nothing.

use units::Span;

/// The shortest wait; an operating system's hiccup must not look like a dead device.
const LEAST: Span = Span::from_millis(100);
/// The wait for a device that has never answered.
const FIRST: Span = Span::from_millis(500);
/// Silences in a row that are taken for chance and tried again at once.
const CHANCES: u32 = 2;
/// Doublings of the wait after which the shortest has become the longest that any device may need.
const DOUBLINGS: u32 = 16;
/// An attempt that takes this long is followed by fifty times as long a pause.
const SHARE: i64 = 50;
/// The longest pause between attempts: somebody who plugs a device in again wants to see it come back.
const LONGEST_PAUSE: Span = Span::from_secs(120);
/// The same for a device whose silence costs nobody anything.
const LONGEST_ALONE: Span = Span::from_secs(20);
/// Latencies that are remembered for the page.
const REMEMBERED: usize = 64;

/// One device's latency and silences.
#[derive(Debug, Clone)]
pub struct Patience {
    most: Span,
    longest_pause: Span,
    filtered: Option<Span>,
    silences: u32,
    not_before: Span,
    recent: Vec<Span>,
    next: usize,
}

impl Patience {
    /// A device that is known to need at most `worst` for an answer.
    pub fn new(worst: Span) -> Self {
        Self {
            most: worst.max(FIRST),
            longest_pause: LONGEST_PAUSE,
            filtered: None,
            silences: 0,
            not_before: Span::ZERO,
            recent: Vec::new(),
            next: 0,
        }
    }

    /// The same for a device that is alone on its bus.
    pub fn alone(worst: Span) -> Self {
        Self {
            longest_pause: LONGEST_ALONE,
            ..Self::new(worst)
        }
    }

    /// How long to wait for the answer, beyond the time that its bytes take on the wire.
    pub fn wait(&self) -> Span {
        let base = self.filtered.map_or(FIRST, |latency| latency.times(4).max(LEAST));
        let doublings = self.silences.min(DOUBLINGS);
        base.times(1 << doublings).min(self.most)
    }

    /// The tick before which the device is left alone.
    pub fn not_before(&self) -> Span {
        self.not_before
    }

    /// Silences in a row.
    pub fn silences(&self) -> u32 {
        self.silences
    }

    /// An answer came after `latency`.
    pub fn answered(&mut self, latency: Span) {
        self.silences = 0;
        self.not_before = Span::ZERO;
        let latency = latency.max(Span::from_millis(1));
        self.filtered = Some(match self.filtered {
            None => latency,
            Some(old) if latency > old => old + Span::from_millis((latency - old).as_millis() * 3 / 4),
            Some(old) => old - Span::from_millis((old - latency).as_millis() / 4),
        });
        if self.recent.len() < REMEMBERED {
            self.recent.push(latency);
        } else {
            self.recent[self.next] = latency;
            self.next = (self.next + 1) % REMEMBERED;
        }
    }

    /// Nothing came, or nothing good, at `now`; the attempt kept the line busy for `cost`.
    pub fn silent(&mut self, now: Span, cost: Span) {
        self.silences = self.silences.saturating_add(1);
        if self.silences > CHANCES {
            self.not_before = now + cost.times(SHARE).min(self.longest_pause);
        }
    }

    /// Middle, slow (nineteen of twenty are quicker) and slowest of the latest latencies.
    pub fn latencies(&self) -> Option<(Span, Span, Span)> {
        let mut sorted = self.recent.clone();
        sorted.sort_unstable();
        let last = *sorted.last()?;
        Some((
            sorted[sorted.len() / 2],
            sorted[(sorted.len() * 19 / 20).min(sorted.len() - 1)],
            last,
        ))
    }
}

#[cfg(test)]
mod tests {
    use units::Span;

    use super::Patience;

    fn ms(millis: i64) -> Span {
        Span::from_millis(millis)
    }

    #[test]
    fn the_wait_follows_the_device() {
        let mut patience = Patience::new(Span::from_secs(3));
        assert_eq!(patience.wait(), ms(500));
        for _ in 0..20 {
            patience.answered(ms(20));
        }
        assert_eq!(patience.wait(), ms(100));
        patience.answered(ms(300));
        assert_eq!(patience.wait(), ms(920));
        for _ in 0..40 {
            patience.answered(ms(30));
        }
        assert!(patience.wait() < ms(150), "{:?}", patience.wait());
    }

    /// The reported case: a device that needs 400 to 600 ms, met with a short first wait.
    #[test]
    fn a_slow_device_soon_gets_the_time_it_needs() {
        let mut patience = Patience::new(Span::from_secs(3));
        for _ in 0..10 {
            patience.answered(ms(50));
        }
        let mut lost = 0;
        for round in 0..1_000 {
            let needed = ms(400 + (round * 37) % 200);
            if needed <= patience.wait() {
                patience.answered(needed);
            } else {
                lost += 1;
                patience.silent(Span::from_secs(round), patience.wait());
            }
        }
        assert!(lost <= 2, "{lost} of 1000 lost");
    }

    #[test]
    fn a_dead_device_takes_a_fiftieth_of_the_line() {
        let mut patience = Patience::new(Span::from_secs(1));
        let (mut now, mut spent) = (Span::ZERO, Span::ZERO);
        let end = Span::from_secs(3_600);
        while now < end {
            now = now.max(patience.not_before());
            let cost = patience.wait() + ms(1_000);
            now = now + cost;
            spent = spent + cost;
            patience.silent(now, cost);
        }
        assert!(
            spent.times(100) < end.times(3),
            "{} ms of an hour",
            spent.as_millis()
        );
    }
}
