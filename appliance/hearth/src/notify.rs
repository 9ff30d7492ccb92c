//! What the service manager is told: ready, how it goes in a line, and a sign of life that means something.

use std::sync::Arc;
use std::time::Duration;

use acts::Live;
use sd_notify::NotifyState;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// How often a sign of life is given; the service manager expects one in ten seconds or more.
const EVERY: Duration = Duration::from_secs(3);
/// A live state older than this is no sign of life.
const FRESH: Duration = Duration::from_secs(20);

/// Tells the service manager how it goes, until stopped. Without one it does nothing.
pub(crate) async fn run(mut live: watch::Receiver<Arc<Live>>, stop: CancellationToken) -> anyhow::Result<()> {
    tell(&[NotifyState::Ready]);
    let mut last_change = tokio::time::Instant::now();
    let mut next = last_change;
    loop {
        tokio::select! {
            () = stop.cancelled() => return Ok(()),
            changed = live.changed() => {
                changed?;
                last_change = tokio::time::Instant::now();
            }
            () = tokio::time::sleep_until(next) => {
                next += EVERY;
                if last_change.elapsed() < FRESH {
                    let status = status(&live.borrow());
                    tell(&[NotifyState::Watchdog, NotifyState::Status(&status)]);
                }
            }
        }
    }
}

/// Tells that the box is being stopped.
pub(crate) fn stopping() {
    tell(&[NotifyState::Stopping]);
}

fn tell(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        tracing::debug!(%error, "the service manager could not be told");
    }
}

/// One line on how it goes.
fn status(live: &Live) -> String {
    match live.troubles.first() {
        Some(trouble) => trouble.sentence.clone(),
        None => format!("{} devices, everything works", live.devices.len()),
    }
}
