//! The whole simulation as one call: start every server, say where they listen, stop on request, tell the truth.

use std::fmt;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::tz::TimeZone;
use units::{Instant, Span, WattHours};

use crate::bank::BatteryForm;
use crate::building::BuildingOptions;
use crate::clock::Clock;
use crate::device::{DEVICES, Device};
use crate::fault::{Faults, Rates};
use crate::inverter::{InverterForm, NightBehaviour};
use crate::play::{PlayError, Player, Recording};
use crate::running::Running;
use crate::serve::{self, SerialOptions, ServeError, Server, SharedFaults, TcpOptions};
use crate::site::{SimulatedSite, Site, SiteOptions};

/// How often the waiting simulation looks whether it shall stop.
const LOOK_UP: Duration = Duration::from_millis(20);

/// Everything that can be chosen about a simulation.
#[derive(Debug, Clone)]
pub struct SimulateOptions {
    /// The site and its building, with seed, place, zone and beginning.
    pub site: SiteOptions,
    /// How many times as fast as real time.
    pub speed: u32,
    /// What the site's clock shows at the start; moments between the building's beginning and this are lived
    /// through first. `None` starts at the building's beginning.
    pub now: Option<Instant>,
    /// Where Modbus TCP listens; `None` leaves it out.
    pub tcp: Option<TcpOptions>,
    /// The serial line on a pseudo-terminal; `None` leaves it out.
    pub serial: Option<SerialOptions>,
    /// The serial line over TCP; `None` leaves it out.
    pub serial_over_tcp: Option<TcpOptions>,
    /// How often replies meet faults.
    pub faults: Rates,
    /// What befalls devices, in the order of time.
    pub events: Vec<Event>,
    /// A recording to play instead of the building.
    pub play: Option<PlayOptions>,
    /// A file into which the truth is written again and again.
    pub truth: Option<TruthFile>,
}

/// A recording to play.
#[derive(Debug, Clone)]
pub struct PlayOptions {
    /// The CSV.
    pub file: PathBuf,
    /// The column of power; `None` takes the first that looks like it.
    pub column: Option<String>,
    /// The time zone of times that have no offset.
    pub zone: TimeZone,
}

/// A file into which the truth is written as one line of JSON.
#[derive(Debug, Clone)]
pub struct TruthFile {
    /// Where; it is replaced as a whole each time.
    pub path: PathBuf,
    /// How often.
    pub every: Duration,
}

/// Something that befalls a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    /// When, by the site's clock, counted from the start of the simulation.
    pub after: Span,
    /// Whom.
    pub device: Device,
    /// What.
    pub trouble: Trouble,
}

/// What may befall a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// It starts again, and is silent meanwhile for so long.
    Reboot(Span),
    /// Its counters show this from now on; zero after a reset.
    Counters(WattHours),
}

/// Why a simulation could not be started or went wrong.
#[derive(Debug, thiserror::Error)]
pub enum SimulateError {
    /// A server could not be started.
    #[error(transparent)]
    Serve(#[from] ServeError),
    /// There is no recording to be read.
    #[error("{file:?} cannot be read: {source}")]
    NoRecording {
        /// The file.
        file: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The recording is not in order.
    #[error("{file:?}: {source}")]
    Recording {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        source: PlayError,
    },
    /// A file cannot be written.
    #[error("{path:?} cannot be written: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The output is closed.
    #[error("cannot write to the output: {0}")]
    Output(#[from] std::io::Error),
}

impl SimulateOptions {
    /// The usual simulation around a building: real time, Modbus TCP on 127.0.0.1:1502, a serial line at 9600.
    pub fn new(building: BuildingOptions) -> Self {
        Self {
            site: SiteOptions::new(building),
            speed: 1,
            now: None,
            tcp: Some(TcpOptions::new("127.0.0.1:1502")),
            serial: Some(SerialOptions::new(9_600)),
            serial_over_tcp: None,
            faults: Rates::NONE,
            events: Vec::new(),
            play: None,
            truth: None,
        }
    }
}

/// Runs a simulation until `stop` is set. Writes to `out` one line for each server when all of them listen, and
/// in the end the truth: one line of JSON, then a table for people.
pub fn run(
    options: &SimulateOptions,
    stop: &Arc<AtomicBool>,
    out: &mut dyn Write,
) -> Result<(), SimulateError> {
    match &options.play {
        Some(play) => run_recording(options, play, stop, out),
        None => run_building(options, stop, out),
    }
}

fn run_building(
    options: &SimulateOptions,
    stop: &AtomicBool,
    out: &mut dyn Write,
) -> Result<(), SimulateError> {
    let mut site = SimulatedSite::new(options.site.clone());
    let begins = options.now.unwrap_or(site.at());
    site.advance(begins);
    let clock = Clock::running(std::time::Instant::now(), begins, options.speed);
    let running = Arc::new(Running::new(site, clock));
    let served: Arc<dyn Site> = Arc::<Running>::clone(&running);
    let servers = Servers::start(options, &served, out)?;
    let mut events = options.events.iter().peekable();
    let truth = || running.now().truth();
    wait(options, stop, &mut || truth().json(), &mut || {
        let gone = running.clock().now().since(begins);
        while let Some(event) = events.next_if(|event| event.after <= gone) {
            befall(&mut running.now(), event);
        }
    })?;
    servers.stop(out)?;
    let last = truth();
    writeln!(out, "{}\n{last}", last.json())?;
    Ok(())
}

fn befall(site: &mut SimulatedSite, event: &Event) {
    match event.trouble {
        Trouble::Reboot(span) => site.reboot(event.device, span),
        Trouble::Counters(shown) => site.set_counters(event.device, shown),
    }
}

fn run_recording(
    options: &SimulateOptions,
    play: &PlayOptions,
    stop: &AtomicBool,
    out: &mut dyn Write,
) -> Result<(), SimulateError> {
    let text = std::fs::read_to_string(&play.file).map_err(|source| SimulateError::NoRecording {
        file: play.file.clone(),
        source,
    })?;
    let recording = Recording::parse(&text, play.column.as_deref(), &play.zone).map_err(|source| {
        SimulateError::Recording {
            file: play.file.clone(),
            source,
        }
    })?;
    let begins = options.now.unwrap_or(recording.begins());
    let clock = Clock::running(std::time::Instant::now(), begins, options.speed);
    let player = Arc::new(Player::new(recording, clock, options.site.sunspec_base));
    let served: Arc<dyn Site> = Arc::<Player>::clone(&player);
    let servers = Servers::start(options, &served, out)?;
    let truth = || Played::now(&player);
    wait(options, stop, &mut || truth().json(), &mut || {})?;
    servers.stop(out)?;
    let last = truth();
    writeln!(out, "{}\n{last}", last.json())?;
    Ok(())
}

/// The truth about a recording: how far it has been played, and what it has counted.
struct Played {
    since: Instant,
    at: Instant,
    production: crate::truth::Energy,
    whole: crate::truth::Energy,
}

impl Played {
    fn now(player: &Player) -> Self {
        let at = player.now();
        Self {
            since: player.recording().begins(),
            at,
            production: player.recording().energy_until(at),
            whole: player.recording().energy(),
        }
    }

    fn json(&self) -> String {
        format!(
            "{{\"since\":{},\"at\":{},\"energy_wh\":{{\"production\":{}}},\"whole_file_wh\":{}}}",
            self.since.as_millis(),
            self.at.as_millis(),
            self.production,
            self.whole
        )
    }
}

impl fmt::Display for Played {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "played {} Wh of the file's {} Wh", self.production, self.whole)
    }
}

/// The servers of a simulation and the faults that they draw.
struct Servers {
    servers: Vec<Server>,
    faults: Vec<(&'static str, SharedFaults)>,
}

impl Servers {
    fn start(
        options: &SimulateOptions,
        site: &Arc<dyn Site>,
        out: &mut dyn Write,
    ) -> Result<Self, SimulateError> {
        let mut started = Self {
            servers: Vec::new(),
            faults: Vec::new(),
        };
        if let Some(tcp) = &options.tcp {
            let faults = started.faults(options, "modbus-tcp");
            let server = serve::tcp(Arc::clone(site), tcp.clone(), Some(faults))?;
            started.say("Modbus TCP", server, out)?;
        }
        // A recording is one inverter on the network; it has no serial line.
        if options.play.is_none() {
            started.start_serial(options, site, out)?;
        }
        out.flush()?;
        Ok(started)
    }

    fn start_serial(
        &mut self,
        options: &SimulateOptions,
        site: &Arc<dyn Site>,
        out: &mut dyn Write,
    ) -> Result<(), SimulateError> {
        if let Some(serial) = &options.serial {
            let faults = self.faults(options, "serial");
            let server = serve::serial(Arc::clone(site), serial, Some(faults))?;
            self.say(&format!("Modbus RTU at {} baud", serial.baud), server, out)?;
        }
        if let Some(tcp) = &options.serial_over_tcp {
            let line = options
                .serial
                .clone()
                .unwrap_or_else(|| SerialOptions::new(options.site.baud));
            let faults = self.faults(options, "serial-over-tcp");
            let server = serve::serial_over_tcp(Arc::clone(site), tcp.clone(), line, Some(faults))?;
            self.say("Modbus RTU over TCP", server, out)?;
        }
        Ok(())
    }

    /// Faults of a seed of its own for each server, so that one server's traffic does not change another's.
    fn faults(&mut self, options: &SimulateOptions, name: &'static str) -> SharedFaults {
        let place = u64::try_from(self.faults.len()).unwrap_or(0);
        let seed = crate::number::scramble(&[options.site.building.seed, 51, place]);
        let faults = Arc::new(Mutex::new(Faults::new(seed, options.faults)));
        self.faults.push((name, Arc::clone(&faults)));
        faults
    }

    fn say(&mut self, what: &str, server: Server, out: &mut dyn Write) -> std::io::Result<()> {
        if let Some(address) = server.address() {
            writeln!(out, "{what} on {address}")?;
        }
        if let Some(path) = server.path() {
            writeln!(out, "{what} on {}", path.display())?;
        }
        self.servers.push(server);
        Ok(())
    }

    /// Stops them all and says how many replies met which fault.
    fn stop(self, out: &mut dyn Write) -> std::io::Result<()> {
        drop(self.servers);
        for (name, faults) in self.faults {
            let counts = faults.lock().unwrap_or_else(PoisonError::into_inner).counts();
            writeln!(out, "{name}: {counts}")?;
        }
        Ok(())
    }
}

/// Waits for `stop`, and meanwhile lets things befall and writes the truth.
fn wait(
    options: &SimulateOptions,
    stop: &AtomicBool,
    truth: &mut dyn FnMut() -> String,
    each: &mut dyn FnMut(),
) -> Result<(), SimulateError> {
    let mut due = std::time::Instant::now();
    loop {
        let stopping = stop.load(Ordering::SeqCst);
        each();
        if let Some(file) = &options.truth
            && (stopping || std::time::Instant::now() >= due)
        {
            replace(&file.path, &truth()).map_err(|source| SimulateError::File {
                path: file.path.clone(),
                source,
            })?;
            due = std::time::Instant::now() + file.every;
        }
        if stopping {
            return Ok(());
        }
        std::thread::park_timeout(LOOK_UP);
    }
}

/// Replaces a file as a whole: whoever reads it sees the old line or the new one.
fn replace(path: &Path, line: &str) -> std::io::Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    let fresh = PathBuf::from(name);
    std::fs::write(&fresh, format!("{line}\n"))?;
    std::fs::rename(&fresh, path)
}

/// The devices of the simulated site as lines for people: name, model, line and unit.
pub fn list_devices() -> String {
    DEVICES
        .iter()
        .map(|device| {
            format!(
                "{:<14} {:<18} {} unit {}\n",
                device.to_string(),
                device.model(),
                device.line(),
                device.unit()
            )
        })
        .collect()
}

/// Words for the command line's choices.
impl NightBehaviour {
    /// The behaviour with this word: `zero`, `not-a-number`, `silent`.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "zero" => Some(Self::Zero),
            "not-a-number" => Some(Self::NotANumber),
            "silent" => Some(Self::Silent),
            _ => None,
        }
    }
}

impl InverterForm {
    /// The form with this word: `integers` (model 103), `floats` (model 113).
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "integers" => Some(Self::Integers),
            "floats" => Some(Self::Floats),
            _ => None,
        }
    }
}

impl BatteryForm {
    /// The form with this word: `bank` (model 802), `basic` (model 124).
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "bank" => Some(Self::Bank),
            "basic" => Some(Self::BasicStorage),
            _ => None,
        }
    }
}
