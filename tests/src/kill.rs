//! `kill -9` at random moments, under load: what the box had acknowledged is there after the restart, and in the
//! end every flow has just the energy that flowed.
//!
//! Several boxes read the same simulated building, whose hours go by in seconds, while somebody looks at their
//! pages. Each is killed and started again, over and over, at moments drawn from a seed: while it starts, while it
//! mends its store, between a reading and its commit, within a commit. A reading that the API has once shown from
//! the store counts as acknowledged. `HEARTH_KILLS` sets how often, `HEARTH_SEED` where the moments come from.

use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant as Tick};

use anyhow::{Context, Result, ensure};
use hearth::demonstration::Demonstration;
use serde_json::Value;
use simulator::serve::{SerialOptions, Server, TcpOptions, serial, tcp};
use simulator::{Clock, Running, SimulatedSite};
use store::{Options, Store};
use units::{DeviceName, Flow, Instant, Span};

use crate::box_process::{BoxProcess, get, pause};

/// How often boxes are killed, all together, unless `HEARTH_KILLS` says otherwise.
const KILLS: u32 = 200;
/// Boxes that live at the same time.
const BOXES: u32 = 8;
/// Before dawn in June, 03:00 UTC: from the street into the house, then from the roof into the house, the battery and
/// the street, and in the evening out of the battery.
const BEGINS: Instant = Instant::from_millis(1_781_578_800_000);
/// How many times as fast as real time the building lives.
const SPEED: i64 = 1_200;
/// The lives of a box, in milliseconds: some end before anything was read, some after several commits. A serial line
/// that was just opened is first left silent for a second.
const SHORTEST: u64 = 50;
const LONGEST: u64 = 4_000;
/// Readings of the same counters after which nothing waits for a proof any more.
const PROOF: usize = 30;

/// The flows that are counted, and the channel of each counter. What a battery's meter imports is what it gives.
const FLOWS: [(&str, Flow, &str); 5] = [
    ("roof", Flow::Production, "roof/energy"),
    ("street-meter", Flow::Import, "street-meter/energy_import"),
    ("street-meter", Flow::Export, "street-meter/energy_export"),
    ("battery-meter", Flow::Charge, "battery-meter/energy_export"),
    ("battery-meter", Flow::Discharge, "battery-meter/energy_import"),
];

/// The simulated building, whose time stands until it is let go.
struct Building {
    site: Arc<Running>,
    network: Server,
    stands: AtomicBool,
}

impl Building {
    fn new() -> Result<Self> {
        let demonstration = Demonstration {
            since_ms: (BEGINS - Span::DAY).as_millis(),
            seed: 5,
            tcp: String::new(),
        };
        let mut site = SimulatedSite::new(demonstration.site()?);
        site.advance(BEGINS);
        let site = Arc::new(Running::new(site, Clock::held(BEGINS)));
        let network = tcp(Arc::<Running>::clone(&site), many_clients(), None)?;
        Ok(Self {
            site,
            network,
            stands: AtomicBool::new(false),
        })
    }

    /// Two lines of meters of their own for one box, for a port has one master.
    fn lines(&self) -> Result<[Server; 2]> {
        let line = || {
            serial(
                Arc::<Running>::clone(&self.site),
                &SerialOptions::new(115_200),
                None,
            )
        };
        Ok([line()?, line()?])
    }

    /// Lets the building's time go, until it is told to stand.
    fn live(&self) {
        let began = Tick::now();
        while !self.stands.load(Ordering::Relaxed) {
            self.site
                .clock()
                .set(BEGINS + Span::from(began.elapsed()).times(SPEED));
            pause();
        }
    }

    /// What each flow has come to, in thousandths of a watt-hour.
    fn truth(&self) -> [i64; 5] {
        let energy = self.site.now().truth().energy;
        FLOWS.map(|(_, flow, _)| {
            let energy = match flow {
                Flow::Production => energy.production,
                Flow::Import => energy.import,
                Flow::Export => energy.export,
                Flow::Charge => energy.charge,
                Flow::Discharge => energy.discharge,
                Flow::Consumption => energy.consumption,
            };
            energy.milliwatt_seconds() / 3_600
        })
    }
}

fn many_clients() -> TcpOptions {
    TcpOptions {
        most_clients: 64,
        ..TcpOptions::new("127.0.0.1:0")
    }
}

/// One box, with all that it has ever acknowledged.
struct Victim {
    state: tempfile::TempDir,
    /// Its lines, for as long as it is to read from them.
    _lines: [Server; 2],
    seen: BTreeMap<&'static str, BTreeMap<i64, Value>>,
    chance: fastrand::Rng,
    looks: u32,
}

impl Victim {
    fn new(building: &Building, seed: u64) -> Result<Self> {
        let (state, lines) = (tempfile::tempdir()?, building.lines()?);
        fs::write(state.path().join("site.toml"), site_text(building, &lines)?)?;
        Ok(Self {
            state,
            _lines: lines,
            seen: BTreeMap::new(),
            chance: fastrand::Rng::with_seed(seed),
            looks: 0,
        })
    }

    /// The first life: it ends when every counter has been read and written down a few times.
    fn begin(&mut self) -> Result<()> {
        self.live_until(3)
    }

    /// A life that ends somewhere, whatever the box is doing.
    fn live_and_die(&mut self) -> Result<()> {
        let end = Tick::now() + Duration::from_millis(self.chance.u64(SHORTEST..LONGEST));
        let mut running = BoxProcess::launch(self.state.path())?;
        while Tick::now() < end {
            if running.address()?.is_some() {
                self.look(&mut running)?;
            }
            pause();
        }
        running.kill()
    }

    /// The last life: the building's time stands, and the box proves what it last saw.
    fn settle(&mut self) -> Result<()> {
        self.live_until(PROOF)
    }

    /// A life that ends when every counter has been read, and written down, so many times more.
    fn live_until(&mut self, more: usize) -> Result<()> {
        let last = Tick::now() + Duration::from_secs(60);
        let mut running = BoxProcess::launch(self.state.path())?;
        // What a box before this one wrote down and never showed is seen at the first look.
        let mut before = None;
        while before.is_none_or(|before| self.least_seen() < before + more) {
            ensure!(Tick::now() < last, "the box does not read\n{}", running.log());
            if running.address()?.is_some() {
                self.look(&mut running)?;
                before = before.or_else(|| Some(self.least_seen()));
            }
            pause();
        }
        running.kill()
    }

    fn least_seen(&self) -> usize {
        FLOWS
            .iter()
            .map(|(_, _, channel)| self.seen.get(channel).map_or(0, BTreeMap::len))
            .min()
            .unwrap_or(0)
    }

    /// Asks for what is stored, as a page does; nothing that was shown before may be missing or different.
    fn look(&mut self, running: &mut BoxProcess) -> Result<()> {
        for (_, _, channel) in FLOWS {
            let address = running.address()?.context("it has started")?;
            let seen = self.seen.entry(channel).or_default();
            // The readings of some lives before this one, and of this one.
            let from = seen.keys().rev().nth(80).copied().unwrap_or(0);
            let path = format!("/api/v1/readings?channel={channel}&from={from}&to=7258118400000");
            let reply = get(address, &path)?;
            if reply.status == 404 && seen.is_empty() {
                continue;
            }
            ensure!(reply.status == 200, "{path}: {} {}", reply.status, reply.body);
            let stored = by_time(&serde_json::from_str(&reply.body)?)?;
            for (at, value) in seen.range(from..) {
                assert_eq!(stored.get(at), Some(value), "{channel} had been acknowledged");
            }
            seen.extend(stored);
        }
        self.looks += 1;
        Ok(())
    }

    /// The first and the last value of a counter that the box ever showed.
    fn ends_of(&self, channel: &str) -> Result<(i64, i64)> {
        let mut values = self
            .seen
            .get(channel)
            .into_iter()
            .flat_map(BTreeMap::values)
            .filter_map(Value::as_i64);
        let first = values
            .next()
            .with_context(|| format!("{channel} was never shown"))?;
        Ok((first, values.next_back().unwrap_or(first)))
    }

    /// What the ledger holds of each flow, and the store is as it should be.
    fn booked(&self) -> Result<[i64; 5]> {
        let store = Store::open(self.state.path(), Options::default())?;
        let mut sums = [0; 5];
        for (sum, (device, flow, _)) in sums.iter_mut().zip(FLOWS) {
            let device = DeviceName::parse(device)?;
            let (from, to) = (Instant::from_millis(0), Instant::from_millis(7_258_118_400_000));
            *sum = store
                .intervals(&device, flow, from, to)?
                .iter()
                .map(|interval| interval.energy.0)
                .sum();
        }
        store.verify_audit()?;
        Ok(sums)
    }
}

fn by_time(readings: &Value) -> Result<BTreeMap<i64, Value>> {
    let readings = readings.as_array().context("a list of readings")?;
    readings
        .iter()
        .map(|reading| {
            Ok((
                reading["at_ms"].as_i64().context("a time")?,
                reading["value"].clone(),
            ))
        })
        .collect()
}

/// The site of one box. The nameplates are those of a building that lives this fast.
fn site_text(building: &Building, lines: &[Server; 2]) -> Result<String> {
    let address = building.network.address().context("it is on the network")?;
    let mut text = format!(
        "[place]\nname = \"Power Cuts\"\ntime_zone = \"Europe/London\"\ncurrency = \"GBP\"\nlatitude = 51.464\n\
         longitude = -2.563\n\n[store]\ncommit_every = \"1 s\"\n\n\
         [[bus]]\nname = \"network\"\nkind = \"tcp\"\naddress = \"{address}\"\n"
    );
    for (name, line) in ["line-1", "line-2"].into_iter().zip(lines) {
        let port = line.path().context("a line")?.display();
        text.push_str(&format!(
            "\n[[bus]]\nname = \"{name}\"\nkind = \"serial\"\nport = \"{port}\"\nbaud = 115200\n"
        ));
    }
    let devices = [
        ("roof", "network", 1, "sunspec-inverter", "production", 12_000),
        ("street-meter", "line-1", 1, "eastron-sdm630", "grid", 24_000),
        ("battery-meter", "line-2", 2, "eastron-sdm230", "battery", 5_500),
    ];
    for (name, bus, unit, profile, role, watts) in devices {
        text.push_str(&format!(
            "\n[[device]]\nname = \"{name}\"\nbus = \"{bus}\"\nunit = {unit}\nprofile = \"{profile}\"\nrole = \"{role}\"\n\
             rated_power = {}\nfast = \"200 ms\"\nslow = \"200 ms\"\n",
            watts * SPEED
        ));
    }
    Ok(text)
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Does something to every box, to each on a thread of its own.
fn at_once(victims: &mut [Victim], what: impl Fn(&mut Victim) -> Result<()> + Sync) -> Result<()> {
    std::thread::scope(|scope| {
        let threads: Vec<_> = victims
            .iter_mut()
            .map(|victim| scope.spawn(|| what(victim)))
            .collect();
        let outcomes: Vec<_> = threads
            .into_iter()
            .map(|thread| thread.join().expect("the checks hold"))
            .collect();
        outcomes.into_iter().collect()
    })
}

#[test]
fn no_acknowledged_reading_and_no_watt_hour_is_lost() -> Result<()> {
    let seed = number("HEARTH_SEED").unwrap_or_else(|| fastrand::u64(..));
    let kills = number("HEARTH_KILLS").map_or(Ok(KILLS), u32::try_from)?;
    let lives = kills.div_ceil(BOXES);
    println!("HEARTH_SEED={seed}: {BOXES} boxes, {lives} lives each");
    let building = Building::new()?;
    let mut victims: Vec<Victim> = (0..BOXES)
        .map(|number| Victim::new(&building, seed ^ u64::from(number)))
        .collect::<Result<_>>()?;
    at_once(&mut victims, Victim::begin)?;
    let before = building.truth();

    let began = Tick::now();
    std::thread::scope(|scope| {
        scope.spawn(|| building.live());
        let outcome = at_once(&mut victims, |victim| {
            (0..lives).try_for_each(|_| victim.live_and_die())
        });
        building.stands.store(true, Ordering::Relaxed);
        outcome
    })?;
    let flowed: Vec<i64> = building
        .truth()
        .iter()
        .zip(before)
        .map(|(after, before)| after - before)
        .collect();
    println!(
        "{} boxes killed in {:.1?}; flowed, in Wh/1000: {flowed:?}",
        lives * BOXES,
        began.elapsed()
    );

    for (number, victim) in victims.iter().enumerate() {
        let acknowledged: usize = victim.seen.values().map(BTreeMap::len).sum();
        println!(
            "box {number}: {acknowledged} readings acknowledged, looked at {} times",
            victim.looks
        );
    }
    at_once(&mut victims, |victim| {
        check_all(victim).and_then(|()| victim.settle())
    })?;
    for (number, victim) in victims.iter().enumerate() {
        adds_up(number, victim, &flowed)?;
    }
    Ok(())
}

/// The ledger of a box holds just what its meters counted, and that is what flowed, as far as a meter can show it.
fn adds_up(number: usize, victim: &Victim, flowed: &[i64]) -> Result<()> {
    for ((booked, flowed), (device, flow, channel)) in victim.booked()?.iter().zip(flowed).zip(FLOWS) {
        let (first, last) = victim.ends_of(channel)?;
        let off = booked * 1_000 - flowed;
        println!("box {number}: {device} {flow}: {booked} Wh booked, off by {off}/1000");
        assert_eq!(
            *booked,
            last - first,
            "box {number}: {device} {flow}: the counter went from {first} to {last}"
        );
        assert!(
            off.abs() <= resolution(device, last),
            "box {number}: {device} {flow}: {booked} Wh of {flowed}/1000"
        );
    }
    Ok(())
}

/// How exactly a counter's difference can be told, in thousandths of a watt-hour. At both ends a counter shows whole
/// watt-hours, rounded down; a meter then writes kilowatt-hours as a float32, which has 24 bits: at 50,000 kWh it
/// moves by 3.9 Wh, and shows the nearest.
fn resolution(device: &str, shown: i64) -> i64 {
    if device == "roof" {
        return 1_000;
    }
    let kilowatt_hours = (shown / 1_000).max(1);
    1_000 + (1_000_000 >> 23_u32.saturating_sub(kilowatt_hours.ilog2())) + 1
}

/// Everything that was ever acknowledged, looked for in the store once more.
fn check_all(victim: &Victim) -> Result<()> {
    let store = Store::open(victim.state.path(), Options::default())?;
    for (channel, seen) in &victim.seen {
        let channel = units::Channel::parse(channel)?;
        let (from, to) = (Instant::from_millis(0), Instant::from_millis(7_258_118_400_000));
        let stored: BTreeMap<i64, Value> = store
            .readings(&channel, from, to)?
            .into_iter()
            .map(|(at, outcome)| (at.as_millis(), outcome.ok().map_or(Value::Null, Value::from)))
            .collect();
        for (at, value) in seen {
            ensure!(
                stored.get(at) == Some(value),
                "{channel} at {at} had been acknowledged as {value}"
            );
        }
    }
    Ok(())
}
