//! The recorder's desk: what every answer of a device means for the ledger, for the series and for the page.
//!
//! It does no waiting and no writing. Updates and the time come in; a [`Batch`] to be written and the [`Live`]
//! state to be shown come out. The running box and the filling of a demonstration's past use the same desk.

mod books;
mod device;
mod pending;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use acts::Site;
use acts::live::DeviceLive;
use acts::site::SiteDevice;
use bus::Update;
use energy::{Clock, Interval, PowerInputs, PowerNow, Source, TimeSource, Unknown, power_now};
use store::{Batch, Store, StoreError};
use units::{DeviceName, Flow, Instant, Role, Span};

pub use pending::Pending;

use crate::clock::Trust;
use device::{DeviceDesk, Scene};

/// Before this moment (2025-01-01) the clock is certainly wrong, and nothing is written down under its times.
pub const CLOCK_FLOOR: Instant = Instant::from_millis(1_735_689_600_000);

/// Where the intervals and memories that were stored before are looked up. What cannot be read is an error and not
/// nothing: an account that began anew would forget energy, and a quarter would be replaced.
pub trait Shelf {
    /// What an account remembered when it was last written down.
    fn memory(&self, device: &DeviceName, flow: Flow) -> Result<Option<Vec<u8>>, StoreError>;
    /// An interval that was written down.
    fn interval(
        &self,
        device: &DeviceName,
        flow: Flow,
        start: Instant,
    ) -> Result<Option<Interval>, StoreError>;
}

impl Shelf for Store {
    fn memory(&self, device: &DeviceName, flow: Flow) -> Result<Option<Vec<u8>>, StoreError> {
        Store::memory(self, device, flow)
    }

    fn interval(
        &self,
        device: &DeviceName,
        flow: Flow,
        start: Instant,
    ) -> Result<Option<Interval>, StoreError> {
        let found = self.intervals(device, flow, start, start + Span::QUARTER)?;
        Ok(found.into_iter().next())
    }
}

/// The desk of a whole site.
pub struct Desk<S> {
    shelf: S,
    site: Arc<Site>,
    devices: Vec<DeviceDesk>,
    pending: Pending,
    floor: Instant,
    trust: Trust,
    clock: Clock,
    source: TimeSource,
}

impl<S: Shelf> Desk<S> {
    /// A desk for `site`, going on from what `shelf` holds. Nothing is written down under a time before `floor`:
    /// [`CLOCK_FLOOR`], unless a recording of the past is played.
    pub fn new(site: Arc<Site>, shelf: S, now: Instant, floor: Instant) -> Self {
        let devices = site
            .devices
            .iter()
            .map(|device| DeviceDesk::new(device, now))
            .collect();
        Self {
            shelf,
            site,
            devices,
            pending: Pending::default(),
            floor,
            trust: Trust::Believed,
            clock: Clock::Sure,
            source: TimeSource::NotNoted,
        }
    }

    /// Goes on with another `site.toml`. Devices that are the same keep what is known of them; of the others what
    /// their accounts remember waits to be written.
    pub fn reconfigure(&mut self, site: Arc<Site>, now: Instant) {
        let mut old = std::mem::take(&mut self.devices);
        for device in &site.devices {
            let kept = old
                .iter()
                .position(|desk| desk.is_of(device))
                .map(|index| old.swap_remove(index));
            self.devices.push(match kept {
                Some(desk) => desk,
                None => DeviceDesk::new(device, now),
            });
        }
        for mut gone in old {
            gone.remember(&mut self.pending);
        }
        self.site = site;
    }

    /// Goes on with a clock that is believed or doubted. While it is doubted nothing is written down.
    pub fn set_trust(&mut self, trust: Trust) {
        self.trust = trust;
    }

    /// Goes on with a clock that can be relied on or not. Accounts then wait longer before they take a high count
    /// for another meter's: the outage may have been longer than the clock knows.
    pub fn set_clock(&mut self, clock: Clock) {
        self.clock = clock;
    }

    /// Goes on with a clock that has its time from there; what is booked from now on says so.
    pub fn set_source(&mut self, source: TimeSource) {
        self.source = source;
    }

    /// Whether the clock is believed.
    pub fn trust(&self) -> Trust {
        self.trust
    }

    /// Whether the clock is believed, and whether it can be relied on.
    pub fn clocks(&self) -> (Trust, Clock) {
        (self.trust, self.clock)
    }

    /// Takes what one question brought.
    pub fn take(&mut self, update: Update, now: Instant) {
        let Some(device) = self.site.device(update.device.as_str()) else {
            return;
        };
        let (sun, times) = (sun(&self.site, device, now), self.times(now));
        let Some(desk) = self.devices.iter_mut().find(|desk| desk.is_of(device)) else {
            return;
        };
        let scene = Scene {
            device,
            sun,
            now,
            times,
            clock: self.clock,
            source: self.source,
            shelf: &self.shelf,
        };
        desk.take(update, &scene, &mut self.pending);
    }

    /// The times, both ends included, under which something may be written down now. A reading that waited while the
    /// clock was set back is of no time that can be known.
    fn times(&self, now: Instant) -> Option<(Instant, Instant)> {
        match self.trust {
            Trust::Believed => Some((self.floor, now + Span::MINUTE)),
            Trust::Doubted { .. } => None,
        }
    }

    /// The power flows of the whole site, from one snapshot of fresh readings.
    pub fn power(&self, now: Instant) -> Result<PowerNow, Vec<Unknown>> {
        let role = |role| {
            let devices = self
                .site
                .devices
                .iter()
                .zip(&self.devices)
                .filter(move |(device, _)| device.counted && device.role == role);
            Source::join(devices.map(|(device, desk)| Source::judge(desk.power(), now, fresh(device))))
        };
        power_now(&PowerInputs {
            production: role(Role::Production),
            grid: role(Role::Grid),
            battery: role(Role::Battery),
        })
    }

    /// Every device as it is now.
    pub fn devices(&self) -> Vec<DeviceLive> {
        self.devices.iter().map(DeviceDesk::live).collect()
    }

    /// What is to be written down; `None` when there is nothing.
    pub fn batch(&mut self) -> Option<Batch> {
        for desk in &mut self.devices {
            desk.remember(&mut self.pending);
        }
        self.pending.batch()
    }

    /// Takes back a batch that could not be written.
    pub fn give_back(&mut self, batch: Batch) {
        self.pending.give_back(batch);
    }

    /// Readings that wait to be written, and those that had to be given up because there were too many.
    pub fn waiting(&self) -> (u64, u64) {
        self.pending.waiting()
    }
}

/// How old a reading may be and still belong to the present.
fn fresh(device: &SiteDevice) -> Span {
    (device.fast.times(3) + Span::from_secs(2)).max(Span::from_secs(10))
}

/// How high the sun stands at the place, in tenths of a degree; of no meaning for anything but a roof.
fn sun(site: &Site, device: &SiteDevice, now: Instant) -> Option<i32> {
    let place = energy::sun::Place {
        latitude: site.place.latitude,
        longitude: site.place.longitude,
    };
    (device.role == Role::Production).then(|| energy::sun::elevation_decidegrees(place, now))
}
