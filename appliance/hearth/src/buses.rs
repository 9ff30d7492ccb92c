//! The buses of a site: each a poller of its own, kept by the supervisor, replaced when its part of `site.toml`
//! changes, and left alone when it does not.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use acts::Site;
use acts::site::{Parity, Rs485, SerialWire, SiteBus, SiteDevice, Wire};
use anyhow::Context as _;
use bus::{
    BusHandle, BusHealth, Client, Connector, Framing, PolledDevice, Poller, SerialConnector, SerialSettings,
    TcpConnector, Update,
};
use devices::plan::{Direction, LineCost, Plan, PlanOptions};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use units::{DeviceName, Span};

use crate::clock;
use crate::supervisor::Supervisor;

/// The turnaround that a plan begins with, until one was measured.
const FIRST_TURNAROUND_US: u32 = 30_000;
/// Bytes of question, answer and silence beside the values: 8 + 5 + 7.
const RTU_OVERHEAD: u16 = 20;
/// The cost of a question over TCP, as bytes of a line on which a register costs next to nothing.
const TCP_OVERHEAD: u16 = 61;

/// The handles of all running buses.
#[derive(Debug, Clone, Default)]
pub struct BusTable(Arc<Mutex<BTreeMap<DeviceName, BusHandle>>>);

impl BusTable {
    /// The handle of one bus.
    pub fn get(&self, name: &DeviceName) -> Option<BusHandle> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(name)
            .cloned()
    }

    /// How every bus that runs is doing, in the order of `site.toml`.
    pub fn healths(&self, site: &Site) -> Vec<(DeviceName, BusHealth)> {
        let handles = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let running = site
            .buses
            .iter()
            .filter_map(|bus| handles.get_key_value(&bus.name));
        running
            .map(|(name, handle)| (name.clone(), handle.health().borrow().clone()))
            .collect()
    }

    fn set(&self, name: &DeviceName, handle: BusHandle) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(name.clone(), handle);
    }

    fn remove(&self, name: &DeviceName) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
    }
}

/// One bus and its devices, as far as polling depends on them: a new label is no reason to stop reading.
#[derive(Debug, Clone)]
struct Definition {
    bus: SiteBus,
    devices: Vec<SiteDevice>,
}

impl Definition {
    fn of(site: &Site, bus: &SiteBus) -> Self {
        let devices = site
            .devices
            .iter()
            .filter(|device| device.bus == bus.name)
            .cloned()
            .collect();
        Self {
            bus: bus.clone(),
            devices,
        }
    }

    /// What polling depends on, comparable.
    fn key(&self) -> (SiteBus, Vec<String>) {
        let key = |device: &SiteDevice| {
            let SiteDevice {
                name,
                unit,
                profile,
                fast,
                slow,
                reversed,
                ..
            } = device;
            format!("{name} {unit} {} {fast:?} {slow:?} {reversed}", profile.id)
        };
        (self.bus.clone(), self.devices.iter().map(key).collect())
    }
}

/// A bus that was started.
struct Started {
    definition: Definition,
    stop: CancellationToken,
    /// Cancelled when it has let go of its wire.
    ended: CancellationToken,
}

/// The buses that run now.
pub struct Buses {
    table: BusTable,
    updates: mpsc::Sender<Update>,
    stop: CancellationToken,
    running: BTreeMap<DeviceName, Started>,
    /// Buses that were stopped and may still hold their wires.
    ending: Vec<Started>,
}

impl Buses {
    /// No bus yet; updates of all will go to `updates`.
    pub fn new(updates: mpsc::Sender<Update>, stop: CancellationToken) -> Self {
        Self {
            table: BusTable::default(),
            updates,
            stop,
            running: BTreeMap::new(),
            ending: Vec::new(),
        }
    }

    /// The handles of the running buses.
    pub fn table(&self) -> BusTable {
        self.table.clone()
    }

    /// Starts, stops and replaces buses so that they are those of `site`. Tells which were touched.
    pub fn apply(&mut self, site: &Site, supervisor: &mut Supervisor) -> Vec<DeviceName> {
        let wanted: BTreeMap<DeviceName, Definition> = site
            .buses
            .iter()
            .map(|bus| (bus.name.clone(), Definition::of(site, bus)))
            .collect();
        let same = |started: &Started| {
            let wanted = wanted.get(&started.definition.bus.name);
            wanted.is_some_and(|wanted| wanted.key() == started.definition.key())
        };
        let (kept, stopped): (Vec<_>, Vec<_>) = std::mem::take(&mut self.running)
            .into_iter()
            .partition(|(_, started)| same(started));
        self.running.extend(kept);
        self.ending.retain(|started| !started.ended.is_cancelled());
        let mut touched = Vec::new();
        for (name, started) in stopped {
            started.stop.cancel();
            self.table.remove(&name);
            self.ending.push(started);
            touched.push(name);
        }
        for (name, definition) in wanted {
            if !self.running.contains_key(&name) {
                if !touched.contains(&name) {
                    touched.push(name.clone());
                }
                let started = self.start(definition, supervisor);
                self.running.insert(name, started);
            }
        }
        touched
    }

    fn start(&self, definition: Definition, supervisor: &mut Supervisor) -> Started {
        let started = Started {
            definition: definition.clone(),
            stop: self.stop.child_token(),
            ended: CancellationToken::new(),
        };
        let predecessors: Vec<CancellationToken> = self
            .ending
            .iter()
            .filter(|old| old.definition.bus.wire.place() == definition.bus.wire.place())
            .map(|old| old.ended.clone())
            .collect();
        let (table, updates) = (self.table.clone(), self.updates.clone());
        let name = format!("bus {}", definition.bus.name);
        // Dropped with the task, after its last run.
        let ended = started.ended.clone().drop_guard();
        supervisor.keep(&name, started.stop.clone(), move |stop| {
            let _lives_as_long_as_the_task = &ended;
            let stopped = stop.clone();
            let run = run(definition.clone(), table.clone(), updates.clone(), stop);
            let predecessors = predecessors.clone();
            async move {
                // A serial port is locked, and many devices take one connection only: whoever had the wire before
                // lets go first. It was told to, so this is not waited for in vain, even by one that must stop.
                for predecessor in predecessors {
                    predecessor.cancelled().await;
                }
                if stopped.is_cancelled() {
                    return Ok(());
                }
                run.await
            }
        });
        started
    }
}

/// Polls one bus until stopped. A serial line runs on a thread of its own, where a sleep of 2 ms is 2 ms.
async fn run(
    definition: Definition,
    table: BusTable,
    updates: mpsc::Sender<Update>,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    let name = definition.bus.name.clone();
    let serial = matches!(definition.bus.wire, Wire::Serial(_));
    let start = move || {
        let connector = connector(&definition.bus.wire);
        let devices = definition
            .devices
            .iter()
            .map(|device| polled(device, connector.framing()))
            .collect();
        let client = Client::new(connector, Arc::new(clock::now));
        let (poller, handle) = Poller::new(client, devices, updates, Arc::new(clock::now));
        table.set(&definition.bus.name, handle);
        poller.run(stop)
    };
    if serial {
        let ended = bus::on_own_thread(name.as_str(), start).context("no thread for the bus")?;
        ended.await.context("the thread of the bus broke down")
    } else {
        start().await;
        Ok(())
    }
}

fn connector(wire: &Wire) -> Box<dyn Connector> {
    match wire {
        Wire::Tcp(address) => Box::new(TcpConnector::modbus(address.as_str())),
        Wire::RtuOverTcp(address) => Box::new(TcpConnector::rtu(address.as_str())),
        Wire::Serial(serial) => Box::new(SerialConnector::new(settings(serial))),
    }
}

fn settings(serial: &SerialWire) -> SerialSettings {
    SerialSettings {
        path: serial.port.as_str().into(),
        baud: serial.baud,
        parity: match serial.parity {
            Parity::None => bus::Parity::None,
            Parity::Even => bus::Parity::Even,
            Parity::Odd => bus::Parity::Odd,
        },
        stop_bits: serial.stop_bits,
        kernel_rs485: serial.direction == Rs485::Kernel,
        silence: serial.silence.map(Into::into),
    }
}

fn polled(device: &SiteDevice, framing: Framing) -> PolledDevice {
    let profile = &device.profile;
    let options = PlanOptions {
        unit: device.unit,
        fast: device.fast,
        slow: device.slow,
        reversed: if device.reversed {
            Direction::Reversed
        } else {
            Direction::Usual
        },
    };
    let millis = |ms: u16| Span::from_millis(i64::from(ms));
    PolledDevice {
        name: device.name.clone(),
        unit: device.unit,
        plan: Plan::new(&device.name, Arc::clone(profile), options, cost(framing)),
        worst_latency: millis(profile.worst_latency_ms),
        pause_after_other: millis(profile.pause_after_other_unit_ms),
        pause_between: millis(profile.pause_between_ms),
        pause_after_connect: millis(profile.pause_after_connect_ms),
    }
}

/// What a question costs on this wire.
fn cost(framing: Framing) -> LineCost {
    let (byte_us, overhead_bytes) = match framing {
        Framing::Rtu { character, .. } => (
            u32::try_from(character.as_micros()).unwrap_or(u32::MAX),
            RTU_OVERHEAD,
        ),
        Framing::RtuOverTcp { .. } => (1_042, RTU_OVERHEAD),
        Framing::Tcp => (10, TCP_OVERHEAD),
    };
    LineCost {
        byte_us,
        overhead_bytes,
        turnaround_us: FIRST_TURNAROUND_US,
    }
}

#[cfg(test)]
mod tests;
