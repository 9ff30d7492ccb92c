//! The one place where the box asks what time it is.

mod trust;

use std::path::Path;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use energy::TimeSource;
use units::{Instant, Span};

pub use trust::{ClockWatch, Trust};

/// What a part of the box takes the time of day from; tests give one that they can set.
pub type Clock = Arc<dyn Fn() -> Instant + Send + Sync>;

/// What the box takes for the time of day.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place that reads the clock"
)]
pub fn now() -> Instant {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Instant::from_millis(0) + Span::from(since)
}

/// Whether the clock can be relied on: where systemd-timesyncd runs, once it has set it. Where it does not run there
/// is no sign to wait for, and somebody else sees to the clock.
pub fn sureness() -> energy::Clock {
    if Path::new("/run/systemd/timesync").exists() && !is_set_by_network() {
        energy::Clock::Unsure
    } else {
        energy::Clock::Sure
    }
}

/// Where the clock has its time from. Without a time server's word it is the hardware clock's, where there is one; where
/// there is none, the system goes on from when it was stopped, which is an estimate. Where systemd-timesyncd does not run,
/// somebody else sees to the clock, and nobody notes how.
pub fn source() -> TimeSource {
    if is_set_by_network() {
        TimeSource::Network
    } else if Path::new("/dev/rtc0").exists() {
        TimeSource::HardwareClock
    } else if Path::new("/run/systemd/timesync").exists() {
        TimeSource::Estimated
    } else {
        TimeSource::NotNoted
    }
}

/// Whether a time server has set the clock since the system started, as systemd-timesyncd notes it.
pub fn is_set_by_network() -> bool {
    Path::new("/run/systemd/timesync/synchronized").exists()
}
