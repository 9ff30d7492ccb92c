//! What an actor may see. The only way from the store and the live state to a page, a file or the command.
//!
//! The views here are plain values that serialise to JSON as they are; the API and `hearth … --json` give just
//! them, so that both speak the same words. Units stand in the names of the fields.

mod energy;
mod now;
mod readings;

use std::sync::Arc;

use store::Store;
use units::{Audience, Channel, Instant};

use crate::live::Live;
use crate::site::{Place, Site, SiteDevice};
use crate::{Actor, Right};

pub use energy::{BucketView, EnergyView, OrdinaryView, TotalsView};
pub use now::{
    AuditView, BoxView, BusView, DeviceView, LatencyView, PointView, PowerView, StoreView, TaskView,
    TroubleView,
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
}

impl Look {
    pub(crate) fn new(actor: Actor, store: Store, live: Arc<Live>, site: Arc<Site>, now: Instant) -> Self {
        Self {
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

    /// Whether the actor may do what needs `right`, so that a page offers only what will be done.
    pub fn may(&self, right: Right) -> bool {
        self.actor.may(right)
    }

    fn sees(&self, audience: &Audience) -> bool {
        self.actor.sees(audience)
    }

    /// The device of a channel, if the actor may see its values.
    fn visible(&self, channel: &Channel) -> Result<&SiteDevice, LookError> {
        self.site
            .device(channel.device())
            .filter(|device| self.sees(&device.audience))
            .ok_or_else(|| LookError::NotThere(format!("channel {channel}")))
    }
}
