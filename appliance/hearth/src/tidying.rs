//! What the box does for people's data by itself: it ends erasures that a power cut has broken off, forgets sessions and
//! slips that are over, and lets go of what is kept no longer.

use std::time::Duration;

use acts::{Actor, Acts};
use tokio_util::sync::CancellationToken;

use crate::desk::CLOCK_FLOOR;

/// How often it looks. A day has more than one of these, so that a box that is switched off at night has one too.
const EVERY: Duration = Duration::from_secs(6 * 3_600);
/// The first look waits until the clock has had time to be set.
const FIRST: Duration = Duration::from_secs(10 * 60);

/// Looks until stopped.
pub(crate) async fn run(acts: Acts, stop: CancellationToken) -> anyhow::Result<()> {
    acts.end_erasures().await?;
    let mut wait = FIRST;
    loop {
        tokio::select! {
            () = stop.cancelled() => return Ok(()),
            () = tokio::time::sleep(wait) => {}
        }
        wait = EVERY;
        // A box that does not know the day lets go of nothing.
        if crate::clock::now() < CLOCK_FLOOR {
            continue;
        }
        acts.end_erasures().await?;
        acts.sign_in().sweep().await?;
        let gone = acts.let_go(&Actor::TheBox).await?;
        if !gone.over.is_empty() {
            tracing::info!(people = gone.people.len(), "let go of what is kept no longer");
        }
    }
}
