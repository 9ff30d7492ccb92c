//! What an actor may see. The only way from the store and the live state to a page, a file or the command.
//!
//! The views here are plain values that serialise to JSON as they are; the API and `hearth … --json` give just
//! them, so that both speak the same words. Units stand in the names of the fields.

mod course;
mod energy;
mod history;
mod home;
mod now;
mod readings;

use std::sync::Arc;

use store::Store;
use units::{Audience, Channel, Instant, Span};

use crate::live::Live;
use crate::site::{Place, Site, SiteDevice};
use crate::{Actor, Right};

use home::{Stay, Stretch};

pub use course::{CourseSpan, Grain, PartView};
pub use energy::{BucketView, EnergyView, OrdinaryView, TotalsView};
pub use history::CorrectionView;
pub use now::{
    AuditView, BackupPlaceView, BackupView, BoxView, BusView, DeviceView, KeptView, LatencyView, PointView,
    PowerView, StoreView, TaskView, TroubleView,
};
pub use readings::{ChannelView, MeansView, ReadingView};

/// Why something cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum LookError {
    /// There is no such thing, or it is not for this actor: the two are not told apart.
    #[error("there is no {0} here that you can see")]
    NotThere(String),
    /// What was asked for makes no sense.
    #[error("{0}")]
    BadQuestion(String),
    /// The store cannot be read.
    #[error("it cannot be read from the store: {0}")]
    Store(#[from] store::StoreError),
}

/// One look of one actor at one moment.
#[derive(Clone)]
pub struct Look {
    actor: Actor,
    store: Store,
    live: Arc<Live>,
    site: Arc<Site>,
    now: Instant,
    stays: Vec<Stay>,
}

impl Look {
    pub(crate) fn new(actor: Actor, store: Store, live: Arc<Live>, site: Arc<Site>, now: Instant) -> Self {
        Self {
            stays: home::stays(&actor, &store, &site.place.zone),
            actor,
            store,
            live,
            site,
            now,
        }
    }

    /// The box's time at this look.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// The place: its name, clock and currency.
    pub fn place(&self) -> &Place {
        &self.site.place
    }

    /// How often readings are written down.
    pub fn commit_every(&self) -> Span {
        self.site.commit_every
    }

    /// Whether the actor may do what needs `right`, so that a page offers only what will be done.
    pub fn may(&self, right: Right) -> bool {
        self.actor.may(right)
    }

    /// Whether the actor may see now what is kept for `audience`: of a home, whoever lives there today.
    fn sees(&self, audience: &Audience) -> bool {
        self.actor.sees(audience)
            || self
                .spans(audience)
                .iter()
                .any(|(from, to)| *from <= self.now && self.now < *to)
    }

    /// The times of whose values the actor may see that are kept for `audience`, in their order.
    fn spans(&self, audience: &Audience) -> Vec<Stretch> {
        match audience {
            audience if self.actor.sees(audience) => vec![home::EVER],
            Audience::Household(home) => home::spans(&self.stays, home),
            Audience::Everyone | Audience::Stewards => Vec::new(),
        }
    }

    /// The device of a channel with the times of whose values the actor may see; one of which they may see nothing is
    /// not there.
    fn visible(&self, channel: &Channel) -> Result<(&SiteDevice, Vec<Stretch>), LookError> {
        let device = self.site.device(channel.device());
        device
            .map(|device| (device, self.spans(&device.audience)))
            .filter(|(_, spans)| !spans.is_empty())
            .ok_or_else(|| LookError::NotThere(format!("channel {channel}")))
    }
}
