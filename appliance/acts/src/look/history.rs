//! The history of one quarter of an hour: what was corrected once its day was closed.

use serde::Serialize;
use units::{Flow, Instant, Span};

use super::{Look, LookError};

/// One correction of a quarter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CorrectionView {
    /// Its number among all corrections.
    pub number: u64,
    /// The newest quarter that the ledger knew when it was written, UTC milliseconds.
    pub recorded_ms: i64,
    /// The quarter, UTC milliseconds.
    pub start_ms: i64,
    /// The energy that stood there before; `null` where nothing did.
    pub before_wh: Option<i64>,
    /// The energy that stands there since.
    pub after_wh: i64,
    /// How well it is known: `measured`, `recovered`, `estimated`.
    pub quality: &'static str,
    /// Why it is not simply measured.
    pub causes: Vec<&'static str>,
    /// How well the time was known.
    pub time: &'static str,
}

impl Look {
    /// The corrections of the quarter in which `at` lies, newest first. Reads the store: not for async workers.
    pub fn history(&self, device: &str, flow: Flow, at: Instant) -> Result<Vec<CorrectionView>, LookError> {
        let start = at.floor(Span::QUARTER);
        let seen = |device: &&crate::SiteDevice| {
            let spans = self.spans(&device.audience);
            spans.iter().any(|(from, to)| *from <= start && start < *to)
        };
        let known = self.site.device(device).filter(seen);
        let known = known.ok_or_else(|| LookError::NotThere(format!("device {device}")))?;
        let found = self.store.interval_history(&known.name, flow, start)?;
        Ok(found
            .into_iter()
            .map(|one| {
                let after = one.after.interval(one.start);
                CorrectionView {
                    number: one.number,
                    recorded_ms: one.recorded.as_millis(),
                    start_ms: one.start.as_millis(),
                    before_wh: one.before.map(|before| before.energy.0),
                    after_wh: after.energy.0,
                    quality: after.quality.name(),
                    causes: after.causes.names().collect(),
                    time: after.time.name(),
                }
            })
            .collect())
    }
}
