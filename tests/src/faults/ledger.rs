//! The ledger on a bad wire: an hour of faults of every kind on the meters' line and on the network, then quiet.
//! Every interval after the faults, and the sum over all of them, must be the simulator's truth within the meters'
//! resolution; and no value that was shown may be one that the simulator never had.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use acts::Site;
use bus::{Client, Framing, Pace, Poller, Update};
use devices::plan::{Direction, LineCost, Plan, PlanOptions};
use hearth::demonstration::Demonstration;
use hearth::desk::{CLOCK_FLOOR, Desk};
use hearth::state::StateFolder;
use simulator::fault::{Faults, Rates};
use simulator::{Line, SimulatedSite};
use store::{Options, Store};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::Instant as Tick;
use tokio_util::sync::CancellationToken;
use units::{DeviceName, Flow, Instant, Span, WattHours};

use super::wire::FaultyLine;

const SEED: u64 = 77;
/// One reply of a hundred meets each kind of fault.
const RATE: u32 = 10_000;
/// A sunny noon in June.
const BEGINS: Instant = Instant::from_millis(1_781_604_000_000);
const FAULTY: Duration = Duration::from_secs(3_600);
const QUIET: Duration = Duration::from_secs(5_400);

/// The simulated building and the box's clock, both in virtual time.
struct World {
    site: Arc<Mutex<SimulatedSite>>,
    began: Tick,
}

impl World {
    fn utc(&self) -> Arc<dyn Fn() -> Instant + Send + Sync> {
        let began = self.began;
        Arc::new(move || BEGINS + Span::from(began.elapsed()))
    }

    fn line(&self, line: Line, framing: Framing, faults: &Arc<Mutex<Faults>>) -> FaultyLine {
        let (site, utc) = (Arc::clone(&self.site), self.utc());
        FaultyLine::new(framing, Arc::clone(faults), move |request| {
            let mut site = site.lock().expect("nobody panics with it");
            site.advance(utc());
            site.answer(line, request)
        })
    }

    /// What a flow of the building has come to by now, in watt-hours.
    fn truth(&self, flow: Flow) -> i64 {
        let mut site = self.site.lock().expect("nobody panics with it");
        site.advance((self.utc())());
        let truth = site.truth();
        let energy = match flow {
            Flow::Production => truth.energy.production,
            Flow::Import => truth.energy.import,
            Flow::Export => truth.energy.export,
            Flow::Charge => truth.energy.charge,
            Flow::Discharge => truth.energy.discharge,
            Flow::Consumption => truth.energy.consumption,
        };
        energy.work().split().0.0
    }
}

fn devices_on(site: &Site, bus: &str) -> Vec<bus::PolledDevice> {
    let of_bus = site.devices.iter().filter(|device| device.bus.as_str() == bus);
    of_bus
        .map(|device| {
            let options = PlanOptions {
                unit: device.unit,
                fast: Span::from_secs(2),
                slow: Span::from_secs(10),
                reversed: Direction::Usual,
            };
            let cost = LineCost {
                byte_us: 521,
                overhead_bytes: 20,
                turnaround_us: 20_000,
            };
            bus::PolledDevice {
                name: device.name.clone(),
                unit: device.unit,
                plan: Plan::new(&device.name, Arc::clone(&device.profile), options, cost),
                worst_latency: Span::SECOND,
                pause_after_other: Span::from_millis(20),
                pause_between: Span::ZERO,
                pause_after_connect: Span::ZERO,
            }
        })
        .collect()
}

/// The sum of a flow's intervals from `from` on.
fn booked(store: &Store, device: &str, flow: Flow, from: Instant) -> WattHours {
    let device = DeviceName::parse(device).expect("a good name");
    let until = BEGINS + Span::DAY;
    store
        .intervals(&device, flow, from, until)
        .expect("read")
        .iter()
        .map(|interval| interval.energy)
        .sum()
}

#[tokio::test(start_paused = true)]
async fn what_is_booked_is_what_flowed() {
    let folder = tempfile::tempdir().expect("a folder");
    let state = StateFolder::open(folder.path()).expect("a folder");
    let demonstration = Demonstration {
        since_ms: BEGINS.as_millis(),
        seed: SEED,
        tcp: "127.0.0.1:1502".to_owned(),
    };
    let site = Arc::new(Site::parse(&demonstration.site_text(&state)).expect("a good site"));
    let world = World {
        site: Arc::new(Mutex::new(SimulatedSite::new(
            demonstration.site().expect("a known zone"),
        ))),
        began: Tick::now(),
    };
    let store = Store::open(folder.path(), Options::default()).expect("a store");
    let faults = Arc::new(Mutex::new(Faults::new(SEED, Rates::each(RATE))));
    let stop = CancellationToken::new();
    let (sender, updates) = mpsc::channel(64);
    let mut tasks = JoinSet::new();
    let serial = Framing::serial(19_200, 10, None, Pace::Timer);
    for (bus, line, framing) in [
        ("network", Line::Network, Framing::Tcp),
        ("cupboard", Line::Serial, serial),
    ] {
        let client = Client::new(Box::new(world.line(line, framing, &faults)), world.utc());
        let (poller, _) = Poller::new(client, devices_on(&site, bus), sender.clone(), world.utc());
        tasks.spawn(poller.run(stop.clone()));
    }
    drop(sender);
    let flows = [
        ("roof", Flow::Production),
        ("street-meter", Flow::Import),
        ("street-meter", Flow::Export),
        ("battery-meter", Flow::Charge),
        ("battery-meter", Flow::Discharge),
    ];
    let keeper = Keeper {
        site,
        store: store.clone(),
        utc: world.utc(),
    };
    tasks.spawn(keeper.keep(updates));

    tokio::time::sleep(FAULTY).await;
    faults
        .lock()
        .expect("nobody panics with it")
        .set_rates(Rates::NONE);
    // The quarter in which the faults ended may hold their last traces; what counts begins with the one after it.
    let quiet_from = (BEGINS + Span::from(FAULTY)).floor(Span::QUARTER) + Span::QUARTER;
    let at_quiet = until(&world, quiet_from, &flows).await;
    tokio::time::sleep(QUIET).await;
    let end = (world.utc())().floor(Span::QUARTER) + Span::QUARTER;
    let at_end = until(&world, end, &flows).await;
    // A step is booked when the next reading agrees with it.
    tokio::time::sleep(Duration::from_secs(60)).await;
    stop.cancel();
    while tasks.join_next().await.is_some() {}

    println!(
        "seed {SEED}: {}",
        faults.lock().expect("nobody panics with it").counts()
    );
    for (index, (device, flow)) in flows.iter().enumerate() {
        let quiet = booked(&store, device, *flow, quiet_from).0 - booked(&store, device, *flow, end).0;
        let all = booked(&store, device, *flow, BEGINS).0 - booked(&store, device, *flow, end).0;
        let (true_quiet, true_all) = (at_end[index] - at_quiet[index], at_end[index]);
        println!("{device} {flow}: booked {all} Wh of {true_all}, after the faults {quiet} of {true_quiet}");
        // Between two readings 2 s apart the edge of a quarter is set by proportion: 12 kW for 2 s are 7 Wh.
        assert!(
            (quiet - true_quiet).abs() <= 8,
            "{device} {flow}: {quiet} Wh booked, {true_quiet} flowed"
        );
        assert!(
            (all - true_all).abs() <= 16,
            "{device} {flow}: {all} Wh booked, {true_all} flowed"
        );
    }
}

/// Waits until a moment, and tells what every flow has come to then.
async fn until(world: &World, moment: Instant, flows: &[(&str, Flow)]) -> Vec<i64> {
    let left = moment.since((world.utc())());
    tokio::time::sleep(left.into()).await;
    flows.iter().map(|(_, flow)| world.truth(*flow)).collect()
}

/// A recorder without pages: every update to the desk, every ten seconds a batch to the store.
struct Keeper {
    site: Arc<Site>,
    store: Store,
    utc: Arc<dyn Fn() -> Instant + Send + Sync>,
}

impl Keeper {
    async fn keep(self, mut updates: mpsc::Receiver<Update>) {
        let mut desk = Desk::new(self.site, self.store.clone(), BEGINS, CLOCK_FLOOR);
        let mut written = BEGINS;
        while let Some(update) = updates.recv().await {
            let now = (self.utc)();
            desk.take(update, now);
            if now.since(written) >= Span::from_secs(10) {
                written = now;
                if let Some(batch) = desk.batch() {
                    self.store.record_and_wait(batch).expect("written");
                }
            }
        }
        if let Some(batch) = desk.batch() {
            self.store.record_and_wait(batch).expect("written");
        }
    }
}
