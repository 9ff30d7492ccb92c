//! The whole box with twenty devices each second, first alone and then with fifty pages open.

use std::fmt::Write as _;
use std::io::{Read, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use devices::frame::{Reply, Request};
use energy::calendar::Zone;
use hearth::demonstration::Demonstration;
use simulator::serve::{Server, TcpOptions, tcp};
use simulator::{Clock, Device, Line, Running as Building, SimulatedSite, Site};
use units::Span;

use crate::process::{Running, get};
use crate::{Figure, let_pass, median};

const PAGES: usize = 50;
const INVERTERS: u8 = 16;
const METERS: u8 = 4;
const SETTLED: Duration = Duration::from_secs(15);
/// A minute in all, in parts of which the middle one counts.
const PARTS: u32 = 5;
const PART: Duration = Duration::from_secs(12);

pub(crate) fn figures() -> Result<Vec<Figure>> {
    let folder = tempfile::tempdir()?;
    let servers = site(folder.path(), "1 s")?;
    let (running, address) = Running::the_box(folder.path())?;
    let_pass(SETTLED);
    let before = readings(address)?;
    let alone = processor(&running)?;
    let rate = (readings(address)? - before) / (f64::from(PARTS) * PART.as_secs_f64());
    let (memory_alone, _) = running.memory()?;
    let events = Arc::new(AtomicU64::new(0));
    let pages = (0..PAGES)
        .map(|_| open_page(address, &events))
        .collect::<Result<Vec<_>>>()?;
    let_pass(Duration::from_secs(3));
    let seen = events.load(Ordering::Relaxed);
    let with_pages = processor(&running)?;
    let seen = events.load(Ordering::Relaxed) - seen;
    let (memory, highest) = running.memory()?;
    ensure!(seen > 0, "no live event came to any page");
    drop((pages, servers));
    let polls = format!("{rate:.1} polls/s");
    Ok(vec![
        Figure::told("Box with 20 devices at 1 Hz", polls, "20 and more"),
        Figure::at_most("  processor for polling and recording", alone, 3.0, "%"),
        Figure::told("  memory", format!("{memory_alone:.1} MiB"), ""),
        Figure::at_most("Box with 20 devices and 50 pages: memory", memory, 40.0, "MiB"),
        Figure::told("  at its highest", format!("{highest:.1} MiB"), ""),
        Figure::told(
            "  processor with the pages",
            format!("{with_pages:.2} %"),
            format!("{seen} live events sent"),
        ),
    ])
}

/// The percentage of one core that the process uses.
fn processor(running: &Running) -> Result<f64> {
    let mut parts = Vec::new();
    for _ in 0..PARTS {
        let (begins, used) = (Instant::now(), running.processor_seconds()?);
        let_pass(PART);
        parts.push(100.0 * (running.processor_seconds()? - used) / begins.elapsed().as_secs_f64());
    }
    Ok(median(parts))
}

/// Good answers of all devices so far; fails where a device gives none.
fn readings(address: SocketAddr) -> Result<f64> {
    let devices: serde_json::Value = serde_json::from_slice(&get(address, "/api/v1/devices", "")?.body)?;
    let devices = devices.as_array().context("a list")?;
    let answered = |device: &serde_json::Value| device["answered"].as_u64().filter(|count| *count > 0);
    let mut sum = 0;
    for device in devices {
        sum += answered(device).with_context(|| format!("no answer: {device:#}"))?;
    }
    Ok(f64::from(u32::try_from(sum)?))
}

/// A page: loaded with what belongs to it, then its stream of live events, read until the box ends.
fn open_page(address: SocketAddr, events: &Arc<AtomicU64>) -> Result<()> {
    get(address, "/", "accept-encoding: br\r\n")?;
    let mut stream = TcpStream::connect(address)?;
    stream.write_all(b"GET /live HTTP/1.1\r\nhost: localhost\r\naccept: text/event-stream\r\n\r\n")?;
    let events = Arc::clone(events);
    std::thread::spawn(move || {
        let mut buffer = [0; 4_096];
        while let Ok(count @ 1..) = stream.read(&mut buffer) {
            let ends = buffer[..count].windows(2).filter(|two| two == b"\n\n").count();
            events.fetch_add(u64::try_from(ends).unwrap_or(0), Ordering::Relaxed);
        }
    });
    Ok(())
}

/// One device of the simulated building under many addresses.
struct Many {
    building: Arc<Building>,
    device: Device,
}

impl Site for Many {
    fn answer(&self, _: Line, request: &Request) -> Option<Reply> {
        let request = Request {
            unit: self.device.unit(),
            ..*request
        };
        self.building.answer(self.device.line(), &request)
    }
}

/// Writes a `site.toml` of twenty devices, and starts what answers for them: sixteen inverters on two connections,
/// four meters on one each. Each is asked every `fast`.
pub(crate) fn site(folder: &Path, fast: &str) -> Result<Vec<Server>> {
    let zone = Zone::parse("UTC").map_err(|error| anyhow::anyhow!("{error}"))?;
    let now = hearth::clock::now();
    let noon = zone.start_of(zone.date_of(now)) + Span::HOUR.times(12);
    let known = Demonstration {
        since_ms: (noon - Span::HOUR).as_millis(),
        seed: 1,
        tcp: String::new(),
    };
    let simulated = SimulatedSite::new(known.site()?);
    let building = Arc::new(Building::new(simulated, Clock::running(Instant::now(), noon, 1)));
    let mut text = "[place]\nname = \"Bench\"\ntime_zone = \"UTC\"\ncurrency = \"EUR\"\nlatitude = 48.2\n\
                    longitude = 16.4\n"
        .to_owned();
    let mut servers = Vec::new();
    let mut bus = |text: &mut String, device: Device| -> Result<String> {
        let many = Many {
            building: Arc::clone(&building),
            device,
        };
        let server = tcp(Arc::new(many), TcpOptions::new("127.0.0.1:0"), None)?;
        let address = server.address().context("an address")?;
        servers.push(server);
        let name = format!("bus-{}", servers.len());
        write!(
            text,
            "\n[[bus]]\nname = \"{name}\"\nkind = \"tcp\"\naddress = \"{address}\"\n"
        )?;
        Ok(name)
    };
    let mut buses = Vec::new();
    for _ in 0..2 {
        buses.push(bus(&mut text, Device::RoofInverter)?);
    }
    for _ in 0..METERS {
        buses.push(bus(&mut text, Device::GridMeter)?);
    }
    for unit in 1..=INVERTERS + METERS {
        let (place, profile, role) = match unit {
            1..=8 => (0, "sunspec-inverter", "production"),
            9..=INVERTERS => (1, "sunspec-inverter", "production"),
            17 => (2, "eastron-sdm630", "grid"),
            _ => (usize::from(unit - 15), "eastron-sdm630", "consumption"),
        };
        let bus = &buses[place];
        write!(
            text,
            "\n[[device]]\nname = \"device-{unit}\"\nlabel = \"Device {unit}\"\nbus = \"{bus}\"\nunit = {unit}\n\
             profile = \"{profile}\"\nrole = \"{role}\"\naudience = \"everyone\"\nrated_power = 30000\n\
             fast = \"{fast}\"\n"
        )?;
    }
    std::fs::write(folder.join("site.toml"), text)?;
    Ok(servers)
}
