//! A byte-timed serial line with meters on it, and our poller at its other end, on a thread of its own.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use bus::{Client, Connector, Parity, PolledDevice, Poller, SerialConnector, SerialSettings, Update};
use devices::frame::{Function, Reply, Request};
use devices::plan::{Direction, LineCost, Plan, PlanOptions};
use devices::profile::find;
use simulator::serve::{SerialOptions, Server, serial};
use simulator::{Image, Line, Site};
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use units::{DeviceName, Span};

/// The silence before a frame, in characters.
const SILENCE: f64 = 3.5;
/// Bytes of a question, and of an answer beside its values.
const QUESTION: u16 = 8;
const ANSWER: u16 = 5;

/// A question as the meters heard it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Heard {
    pub(crate) at: Instant,
    pub(crate) request: Request,
}

/// Meters that answer at these units, all with the same registers.
struct Meters {
    units: Vec<u8>,
    images: [Image; 1],
    heard: Arc<Mutex<Vec<Heard>>>,
}

impl Site for Meters {
    fn answer(&self, _: Line, request: &Request) -> Option<Reply> {
        if !self.units.contains(&request.unit) {
            return None;
        }
        let heard = Heard {
            at: Instant::now(),
            request: *request,
        };
        self.heard
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(heard);
        Some(simulator::image::reply(&self.images, request))
    }
}

/// How the devices on a line are asked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked {
    pub(crate) profile: &'static str,
    pub(crate) fast: Span,
    pub(crate) slow: Span,
}

/// A line that is being polled until this is dropped.
pub(crate) struct PolledLine {
    pub(crate) options: SerialOptions,
    heard: Arc<Mutex<Vec<Heard>>>,
    pub(crate) updates: mpsc::Receiver<Update>,
    stop: CancellationToken,
    ended: Option<oneshot::Receiver<()>>,
    _server: Server,
}

impl PolledLine {
    /// Polls `polled` units on a line where only `answering` are there.
    pub(crate) fn start(baud: u32, answering: Vec<u8>, polled: &[u8], asked: Asked) -> Result<Self> {
        let options = SerialOptions::new(baud);
        let heard = Arc::default();
        let meters = Meters {
            units: answering,
            images: [Image::zeros(Function::Input, 0, 0x180)],
            heard: Arc::clone(&heard),
        };
        let server = serial(Arc::new(meters), &options, None)?;
        let connector = connector(server.path().context("a line has a path")?.to_owned(), baud);
        let character_us = u32::try_from(options.character().as_micros())?;
        let devices = polled
            .iter()
            .map(|unit| device(*unit, asked, character_us))
            .collect::<Result<Vec<_>>>()?;
        let (to_updates, updates) = mpsc::channel(256);
        let stop = CancellationToken::new();
        let stopped = stop.clone();
        let ended = bus::on_own_thread("bench-line", move || {
            let client = Client::new(connector, Arc::new(hearth::clock::now));
            let (poller, _) = Poller::new(client, devices, to_updates, Arc::new(hearth::clock::now));
            poller.run(stopped)
        })?;
        Ok(Self {
            options,
            heard,
            updates,
            stop,
            ended: Some(ended),
            _server: server,
        })
    }

    /// The questions heard so far.
    pub(crate) fn heard(&self) -> Vec<Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes updates for so long, and gives how many had values.
    pub(crate) fn take_for(&mut self, time: Duration) -> usize {
        let until = Instant::now() + time;
        let mut good = 0;
        while Instant::now() < until {
            match self.updates.try_recv() {
                Ok(update) if update.values.iter().any(|value| value.reading.outcome.is_ok()) => good += 1,
                Ok(_) => {}
                Err(_) => crate::let_pass(Duration::from_millis(5)),
            }
        }
        good
    }

    /// The time that a question of so many registers takes when nobody wastes any: silence, question, the time the
    /// meter takes to turn round, answer.
    pub(crate) fn computed(&self, request: &Request) -> f64 {
        let character = self.options.character().as_secs_f64();
        let bytes = QUESTION + ANSWER + 2 * request.count;
        let turnaround = self.options.turnaround.as_secs_f64().max(SILENCE * character);
        (SILENCE + f64::from(bytes)) * character + turnaround
    }
}

impl Drop for PolledLine {
    fn drop(&mut self) {
        self.stop.cancel();
        self.updates.close();
        if let Some(ended) = self.ended.take() {
            let _gone_already = ended.blocking_recv();
        }
    }
}

fn connector(path: PathBuf, baud: u32) -> Box<dyn Connector> {
    Box::new(SerialConnector::new(SerialSettings {
        path,
        baud,
        parity: Parity::None,
        stop_bits: 1,
        kernel_rs485: false,
        silence: None,
    }))
}

fn device(unit: u8, asked: Asked, byte_us: u32) -> Result<PolledDevice> {
    let profile = find(asked.profile).context("a profile that comes with Hearth")?;
    let name = DeviceName::parse(&format!("meter-{unit}"))?;
    let options = PlanOptions {
        unit,
        fast: asked.fast,
        slow: asked.slow,
        reversed: Direction::Usual,
    };
    let cost = LineCost {
        byte_us,
        overhead_bytes: 20,
        turnaround_us: 30_000,
    };
    let millis = |ms: u16| Span::from_millis(i64::from(ms));
    Ok(PolledDevice {
        unit,
        worst_latency: millis(profile.worst_latency_ms),
        pause_after_other: millis(profile.pause_after_other_unit_ms),
        pause_between: millis(profile.pause_between_ms),
        pause_after_connect: millis(profile.pause_after_connect_ms),
        plan: Plan::new(&name, profile, options, cost),
        name,
    })
}
