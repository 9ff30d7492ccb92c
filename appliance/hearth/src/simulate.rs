//! `hearth simulate`: the simulated site as its own process, for the demonstration and for tests.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Context as _;
use simulator::fault::Rates;
use simulator::serve::{SerialOptions, TcpOptions};
use simulator::{BatteryForm, Event, InverterForm, NightBehaviour, PlayOptions, SimulateOptions, TruthFile};
use units::Instant;

use crate::clock;
use crate::demonstration::Demonstration;
use crate::state::{StateFolder, replace};

/// How often the truth is written for those who compare.
const TRUTH_EVERY: Duration = Duration::from_secs(1);

/// What is simulated.
#[derive(Debug, Clone)]
pub struct Simulation {
    /// The state folder.
    pub state: PathBuf,
    /// The number from which weather and habits are drawn, for a new demonstration.
    pub seed: u64,
    /// When the site's time begins, instead of the demonstration's.
    pub since: Option<Instant>,
    /// What its clock shows at the start, instead of the time now or, with a beginning of its own, that beginning.
    pub now: Option<Instant>,
    /// How many times as fast as real time.
    pub speed: u32,
    /// Where Modbus TCP listens, instead of the demonstration's address.
    pub tcp: Option<String>,
    /// The baud rate of the meters' line.
    pub baud: u32,
    /// What the inverter does at night.
    pub night: NightBehaviour,
    /// How the inverter writes numbers.
    pub numbers: InverterForm,
    /// How the battery shows itself.
    pub battery: BatteryForm,
    /// Where SunSpec's registers begin.
    pub sunspec_base: u16,
    /// How often replies meet faults.
    pub faults: Rates,
    /// What befalls devices, and when.
    pub events: Vec<Event>,
    /// A recording to play instead of the building.
    pub play: Option<PlayOptions>,
    /// The file for the true totals; `truth.json` in the simulator's folder unless given.
    pub truth: Option<PathBuf>,
}

/// Runs the simulation until `stop` is set. Says where it listens, and at the end what really happened.
pub fn simulate(simulation: Simulation, stop: &Arc<AtomicBool>) -> anyhow::Result<()> {
    let folder = StateFolder::open(&simulation.state)
        .with_context(|| format!("the folder {} cannot be used", simulation.state.display()))?;
    let demonstration = Demonstration::open(&folder, simulation.seed, crate::demonstration::DAYS)?;
    let mut options = SimulateOptions::new(demonstration.site()?.building);
    options.site.night = simulation.night;
    options.site.inverter = simulation.numbers;
    options.site.battery = simulation.battery;
    options.site.sunspec_base = simulation.sunspec_base;
    options.site.baud = simulation.baud;
    if let Some(since) = simulation.since {
        options.site.building.since = since;
    }
    options.now = simulation
        .now
        .or_else(|| simulation.since.is_none().then(clock::now));
    options.speed = simulation.speed;
    options.tcp = Some(TcpOptions::new(simulation.tcp.unwrap_or(demonstration.tcp)));
    let mut serial = SerialOptions::new(options.site.baud);
    serial.link = Some(Demonstration::link(&folder));
    options.serial = Some(serial);
    options.faults = simulation.faults;
    options.events = simulation.events;
    options.events.sort_by_key(|event| event.after);
    let truth = simulation
        .truth
        .unwrap_or_else(|| folder.simulator().join("truth.json"));
    options.truth = Some(TruthFile {
        path: truth,
        every: TRUTH_EVERY,
    });
    if simulation.play.is_some() {
        (options.now, options.serial) = (simulation.now, None);
    }
    options.play = simulation.play;
    let ready = folder.simulator().join("ready");
    let mut out = Announced {
        out: std::io::stdout(),
        ready: Some(ready.clone()),
    };
    let result = simulator::run(&options, stop, &mut out);
    let _not_there = std::fs::remove_file(ready);
    stop.store(true, Ordering::Relaxed);
    Ok(result?)
}

/// Standard output that leaves a sign in the folder with the first line, which comes when all servers listen.
struct Announced {
    out: std::io::Stdout,
    ready: Option<PathBuf>,
}

impl std::io::Write for Announced {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if let Some(ready) = self.ready.take() {
            replace(&ready, "ready\n")?;
        }
        self.out.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.out.flush()
    }
}
