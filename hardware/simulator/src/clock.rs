//! The clock of a served site: real time or faster, or moved by hand in tests.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use units::{Instant, Span};

/// The fastest a clock runs.
pub const FASTEST: u32 = 1_000_000;

/// Tells the site's time.
#[derive(Debug, Clone)]
pub struct Clock(Kind);

#[derive(Debug, Clone)]
enum Kind {
    Running {
        started: std::time::Instant,
        begins: Instant,
        speed: u32,
    },
    Held(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that shows `begins` at `started` and runs `speed` times as fast as real time (1 at least,
    /// [`FASTEST`] at most).
    pub fn running(started: std::time::Instant, begins: Instant, speed: u32) -> Self {
        Self(Kind::Running {
            started,
            begins,
            speed: speed.clamp(1, FASTEST),
        })
    }

    /// A clock that stands at `at` until it is set.
    pub fn held(at: Instant) -> Self {
        Self(Kind::Held(Arc::new(AtomicI64::new(at.as_millis()))))
    }

    /// Sets a held clock, and all its copies; a running one goes on as it was.
    pub fn set(&self, at: Instant) {
        if let Kind::Held(shown) = &self.0 {
            shown.store(at.as_millis(), Ordering::SeqCst);
        }
    }

    /// The site's time now.
    pub fn now(&self) -> Instant {
        match &self.0 {
            Kind::Running {
                started,
                begins,
                speed,
            } => {
                // Microseconds, so that a fast clock moves evenly.
                let micros = i64::try_from(started.elapsed().as_micros()).unwrap_or(i64::MAX);
                let millis = micros.saturating_mul(i64::from(*speed)) / 1_000;
                *begins + Span::from_millis(millis)
            }
            Kind::Held(shown) => Instant::from_millis(shown.load(Ordering::SeqCst)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use units::{Instant, Span};

    use super::Clock;

    #[test]
    fn a_running_clock_runs_at_its_speed() {
        let begins = Instant::from_millis(1_000_000);
        let real = std::time::Instant::now();
        let Some(hour_ago) = real.checked_sub(Duration::from_secs(3_600)) else {
            return;
        };
        let gone = Clock::running(hour_ago, begins, 10).now().since(begins);
        assert!(
            gone >= Span::HOUR.times(10) && gone < Span::HOUR.times(11),
            "{gone:?}"
        );
    }

    #[test]
    fn a_held_clock_stands_until_it_is_set() {
        let clock = Clock::held(Instant::from_millis(5));
        let copy = clock.clone();
        assert_eq!(copy.now(), Instant::from_millis(5));
        clock.set(Instant::from_millis(9));
        assert_eq!(copy.now(), Instant::from_millis(9));
    }
}
