//! A site whose time goes by itself: what the servers ask.

use std::sync::{Mutex, MutexGuard, PoisonError};

use devices::frame::{Reply, Request};

use crate::clock::Clock;
use crate::device::Line;
use crate::site::{SimulatedSite, Site};

/// A simulated site and the clock it lives by. Before each answer the site is brought up to the clock's time.
#[derive(Debug)]
pub struct Running {
    site: Mutex<SimulatedSite>,
    clock: Clock,
}

impl Running {
    /// Lets `site` live by `clock`.
    pub fn new(site: SimulatedSite, clock: Clock) -> Self {
        Self {
            site: Mutex::new(site),
            clock,
        }
    }

    /// The site as it is now, to look at or to do something to its devices.
    pub fn now(&self) -> MutexGuard<'_, SimulatedSite> {
        // A thread that died in the middle of a step leaves whole numbers behind: the site can go on.
        let mut site = self.site.lock().unwrap_or_else(PoisonError::into_inner);
        site.advance(self.clock.now());
        site
    }

    /// The clock.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }
}

impl Site for Running {
    fn answer(&self, line: Line, request: &Request) -> Option<Reply> {
        self.now().answer(line, request)
    }
}
