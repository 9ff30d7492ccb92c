//! The past of a site, moment by moment: so that a box can be filled as if it had read it all along.

use units::{Instant, Span};

use crate::site::SimulatedSite;

/// Goes through a site's past; see [`past`].
#[derive(Debug)]
pub struct Past<'a> {
    site: &'a mut SimulatedSite,
    next: Instant,
    to: Instant,
    step: Span,
}

/// Goes from `from` to `to` (which is left out) in steps of at least one second. The site is advanced as it goes
/// and stays where the last moment left it; moments before its own time show it as it is at its beginning.
pub fn past(site: &mut SimulatedSite, from: Instant, to: Instant, step: Span) -> Past<'_> {
    Past {
        site,
        next: from,
        to,
        step: step.max(Span::SECOND),
    }
}

impl Past<'_> {
    /// The next moment, and the site as it was then: ask its `images`, or its `words` as a master would.
    pub fn next_moment(&mut self) -> Option<(Instant, &mut SimulatedSite)> {
        let at = self.next;
        if at >= self.to {
            return None;
        }
        self.next = at + self.step;
        self.site.advance(at);
        Some((at, self.site))
    }
}
