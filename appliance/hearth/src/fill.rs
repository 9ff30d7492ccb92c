//! `hearth fill`: gives a demonstration a past. Every minute of the simulated site is asked and answered as on the
//! wire, decoded by the same plans, judged at the same desk and written by the same store as the running box's.

use std::path::PathBuf;
use std::sync::Arc;

use acts::Site;
use acts::site::SiteDevice;
use anyhow::{Context as _, bail};
use bus::{DeviceHealth, Update, Value};
use devices::plan::{Answer, LineCost, Now, Plan, PlanOptions};
use simulator::{Line, SimulatedSite, past};
use store::{Options, Store};
use tokio_util::sync::CancellationToken;
use units::{Instant, Span};

use crate::clock;
use crate::demonstration::Demonstration;
use crate::desk::{CLOCK_FLOOR, Desk};
use crate::recorder::{give_up, steps};
use crate::run::read_site;
use crate::state::StateFolder;

/// What one batch holds.
const BATCH: Span = Span::from_secs(12 * 3_600);

/// How often roll-ups are made of what was filled.
const ROLLED_UP: Span = Span::from_secs(10 * 24 * 3_600);

/// What is filled.
#[derive(Debug, Clone)]
pub struct FillOptions {
    /// The state folder.
    pub state: PathBuf,
    /// How many days back.
    pub days: u16,
    /// One reading each so often.
    pub step: Span,
}

/// Fills the past of a demonstration. Tells how many readings there are. Refuses where there are readings already,
/// since a made-up past must never mix with a measured one.
pub fn fill(options: &FillOptions) -> anyhow::Result<u64> {
    let folder = StateFolder::open(&options.state)
        .with_context(|| format!("the folder {} cannot be used", options.state.display()))?;
    let demonstration = Demonstration::open(&folder, crate::demonstration::SEED, options.days)?;
    let site = Arc::new(read_site(&folder.site())?);
    let store = Store::open(folder.root(), Options::default())?;
    if !store.channels().is_empty() {
        bail!(
            "there are readings in {} already; a made-up past is only for an empty box. If they come from a filling \
             that was cut short, delete the folder and fill it again",
            folder.root().display()
        );
    }
    let to = clock::now().floor(options.step);
    let days = Span::DAY.times(i64::from(options.days));
    let from = demonstration
        .since()
        .max(site.place.zone.start_of(site.place.zone.date_of(to - days)));
    let mut filling = Filling::new(&site, &store, from, options.step);
    let mut simulated = SimulatedSite::new(demonstration.site()?);
    let mut moments = past(&mut simulated, from, to, options.step);
    while let Some((at, simulated)) = moments.next_moment() {
        filling.moment(at, simulated)?;
    }
    filling.write()?;
    store.seal()?;
    roll_up(&store, &site, clock::now())?;
    Ok(filling.count)
}

/// Makes the roll-ups of the days that are over, and gives up what the running box would have given up by `now`.
fn roll_up(store: &Store, site: &Site, now: Instant) -> anyhow::Result<()> {
    let on = CancellationToken::new();
    steps(&on, || store.roll_up(&site.place.zone, now)).context("the roll-ups could not be made")?;
    let rule = (site.keep.readings_before(now), site.keep.minutes_before(now));
    Ok(give_up(store, rule, &on)?)
}

/// The box's part of the past.
struct Filling {
    store: Store,
    site: Arc<Site>,
    desk: Desk<Store>,
    devices: Vec<Asked>,
    since: Instant,
    written: Instant,
    rolled: Instant,
    count: u64,
}

/// One device of the past.
struct Asked {
    device: SiteDevice,
    line: Line,
    plan: Plan,
    health: DeviceHealth,
    points: Arc<[devices::profile::Point]>,
}

impl Filling {
    fn new(site: &Arc<Site>, store: &Store, from: Instant, step: Span) -> Self {
        let devices = site
            .devices
            .iter()
            .map(|device| Asked::new(device, site, step))
            .collect();
        let desk = Desk::new(Arc::clone(site), store.clone(), from, CLOCK_FLOOR);
        Self {
            store: store.clone(),
            site: Arc::clone(site),
            desk,
            devices,
            since: from,
            written: from,
            rolled: from,
            count: 0,
        }
    }

    fn moment(&mut self, at: Instant, simulated: &mut SimulatedSite) -> anyhow::Result<()> {
        let now = Now {
            tick: at.since(self.since),
            utc: at,
        };
        for asked in &mut self.devices {
            while let Some(update) = asked.ask(simulated, now) {
                self.desk.take(update, at);
            }
        }
        if at.since(self.written) >= BATCH {
            self.written = at;
            self.write()?;
        }
        Ok(())
    }

    fn write(&mut self) -> anyhow::Result<()> {
        let Some(batch) = self.desk.batch() else {
            return Ok(());
        };
        self.count += u64::try_from(batch.readings.len())?;
        self.store
            .record_and_wait(batch)
            .context("the past could not be written down")?;
        if self.written.since(self.rolled) >= ROLLED_UP {
            self.rolled = self.written;
            roll_up(&self.store, &self.site, self.written)?;
        }
        Ok(())
    }
}

impl Asked {
    fn new(device: &SiteDevice, site: &Site, step: Span) -> Self {
        let network = site
            .bus(device.bus.as_str())
            .is_some_and(|bus| matches!(bus.wire, acts::site::Wire::Tcp(_)));
        let options = PlanOptions {
            unit: device.unit,
            fast: step,
            slow: step,
            reversed: Default::default(),
        };
        let cost = LineCost {
            byte_us: 1_042,
            overhead_bytes: 20,
            turnaround_us: 30_000,
        };
        Self {
            plan: Plan::new(&device.name, Arc::clone(&device.profile), options, cost),
            line: if network { Line::Network } else { Line::Serial },
            device: device.clone(),
            health: DeviceHealth::default(),
            points: Arc::new([]),
        }
    }

    /// Asks what is due at this moment; `None` when nothing more is.
    fn ask(&mut self, simulated: &mut SimulatedSite, now: Now) -> Option<Update> {
        let request = self.plan.poll_request(now.tick)?;
        self.health.asked += 1;
        let readings = match simulated.words(self.line, &request) {
            Some(Ok(words)) => {
                self.health.answered += 1;
                self.health.silences = 0;
                self.health.last_answer = Some(now.utc);
                self.plan.handle_answer(Answer::Words(words), now)
            }
            Some(Err(code)) => self.plan.handle_answer(Answer::Exception(code), now),
            None => {
                self.health.silences += 1;
                self.plan.handle_answer(Answer::Silence, now)
            }
        };
        if *self.points != *self.plan.points() {
            self.points = self.plan.points().into();
        }
        let values = readings
            .into_iter()
            .map(|reading| Value {
                reading,
                raw: Vec::new(),
            })
            .collect();
        Some(Update {
            device: self.device.name.clone(),
            values,
            health: self.health.clone(),
            trouble: None,
            identity: None,
            points: Arc::clone(&self.points),
        })
    }
}
