//! The one place where the box asks what time it is.

use std::time::{SystemTime, UNIX_EPOCH};

use units::{Instant, Span};

/// What the box takes for the time of day.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place that reads the clock"
)]
pub fn now() -> Instant {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Instant::from_millis(0) + Span::from(since)
}
