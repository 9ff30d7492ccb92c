//! A real recording, played over real Modbus TCP at speed: what the ledger makes of it is what the file says.
//!
//! The clock of the player is moved by hand, minute by minute, and after each minute the inverter is asked over a
//! socket by the plan, the client, the desk and the store that the box uses. Skipped, in words, where the recording
//! does not lie beside the repository.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use acts::live::{Live, StoreLive};
use acts::{Acts, Effects, Frames, Later, RawRead, Site};
use anyhow::{Context, Result, ensure};
use bus::{Client, DeviceHealth, TcpConnector, Update, Value};
use devices::plan::{Answer, Direction, LineCost, Now, Plan, PlanOptions};
use energy::Quality;
use energy::calendar::Zone;
use hearth::desk::Desk;
use simulator::Clock;
use simulator::play::{Player, Recording};
use simulator::serve::{TcpOptions, tcp};
use store::{Options, Store};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use units::{Channel, DeviceName, Flow, Instant, Span};

use crate::box_process::{Reply, get};

/// What the file was recorded by: US Mountain time without summer time, as the offsets of its rows say.
const ZONE: &str = "America/Phoenix";
const PATIENCE: Duration = Duration::from_secs(5);
/// The inverter's nameplate: above anything in the file.
const RATED: i64 = 10_000;

/// The recording's text, if it lies there.
fn real() -> Option<String> {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/real/serf_east_1min_ac_power.csv");
    let text = std::fs::read_to_string(&path).ok();
    if text.is_none() {
        println!("skipped: there is no recording at {}", path.display());
    }
    text
}

/// What the file says by itself: for each of its local days the energy of the minutes above zero, in Wh/60.
fn sums_of_the_file(text: &str) -> Result<BTreeMap<String, f64>> {
    let mut days = BTreeMap::new();
    for line in text.lines().skip(1) {
        let (time, power) = line.split_once(',').context("two cells")?;
        let (day, _) = time.split_once(' ').context("a day and a time")?;
        *days.entry(day.to_owned()).or_default() += power.parse::<f64>()?.max(0.0);
    }
    Ok(days)
}

fn site_text(address: &str) -> String {
    format!(
        "[place]\nname = \"The Recorded Roof\"\ntime_zone = \"{ZONE}\"\ncurrency = \"USD\"\nlatitude = 39.742\n\
         longitude = -105.171\n\n[[bus]]\nname = \"network\"\nkind = \"tcp\"\naddress = \"{address}\"\n\n\
         [[device]]\nname = \"roof\"\nbus = \"network\"\nunit = 1\nprofile = \"sunspec-inverter\"\n\
         role = \"production\"\nrated_power = {RATED}\n"
    )
}

/// The box's way from the wire to the store, with its time moved by hand.
struct Reader {
    client: Client,
    plan: Plan,
    health: DeviceHealth,
    desk: Desk<Store>,
    store: Store,
    begins: Instant,
}

impl Reader {
    fn new(site: &Arc<Site>, store: &Store, address: &str, begins: Instant) -> Result<Self> {
        let device = site.device("roof").context("the roof")?;
        let options = PlanOptions {
            unit: 1,
            fast: Span::MINUTE,
            slow: Span::MINUTE,
            reversed: Direction::Usual,
        };
        let cost = LineCost {
            byte_us: 10,
            overhead_bytes: 61,
            turnaround_us: 1_000,
        };
        Ok(Self {
            client: Client::new(Box::new(TcpConnector::modbus(address)), Arc::new(move || begins)),
            plan: Plan::new(&device.name, Arc::clone(&device.profile), options, cost),
            health: DeviceHealth::default(),
            desk: Desk::new(Arc::clone(site), store.clone(), begins, begins),
            store: store.clone(),
            begins,
        })
    }

    /// Asks all that is due at this moment of the recording.
    async fn minute(&mut self, at: Instant) -> Result<()> {
        let now = Now {
            tick: at.since(self.begins),
            utc: at,
        };
        while let Some(request) = self.plan.poll_request(now.tick) {
            self.health.asked += 1;
            let answered = self.client.read(request, PATIENCE, PATIENCE).await?;
            let readings = match answered.reply {
                Ok(words) => self.plan.handle_answer(Answer::Words(&words), now),
                Err(code) => self.plan.handle_answer(Answer::Exception(code), now),
            };
            self.health.answered += 1;
            self.health.last_answer = Some(at);
            let update = Update {
                device: self.plan.device().clone(),
                values: readings
                    .into_iter()
                    .map(|reading| Value {
                        reading,
                        raw: Vec::new(),
                    })
                    .collect(),
                health: self.health.clone(),
                trouble: self.plan.trouble(),
                identity: self.plan.identity().cloned(),
                points: self.plan.points().into(),
            };
            self.desk.take(update, at);
        }
        Ok(())
    }

    fn write(&mut self) -> Result<()> {
        if let Some(batch) = self.desk.batch() {
            self.store
                .record_and_wait(batch)
                .ok()
                .context("the store takes it")?;
        }
        Ok(())
    }

    fn live(&self, at: Instant) -> Live {
        Live {
            at,
            started: self.begins,
            power: self.desk.power(at),
            devices: self.desk.devices(),
            buses: Vec::new(),
            tasks: Vec::new(),
            store: StoreLive::default(),
            troubles: Vec::new(),
        }
    }
}

/// A world in which it is a certain moment, and nothing can be done.
struct Moment(Instant);

impl Effects for Moment {
    fn random(&self, bytes: &mut [u8]) {
        bytes.fill(7);
    }

    fn now(&self) -> Instant {
        self.0
    }
    fn site_text(&self) -> Result<String, String> {
        Err("there is no file".to_owned())
    }
    fn write_site(&self, _: &str) -> Result<(), String> {
        Err("there is no file".to_owned())
    }
    fn reload(&self) -> Later<'_, Result<String, String>> {
        Box::pin(async { Err("there is no file".to_owned()) })
    }
    fn read(&self, _: RawRead) -> Later<'_, Result<Vec<u16>, String>> {
        Box::pin(async { Err("there is no bus".to_owned()) })
    }
    fn watch(&self, _: &DeviceName) -> Result<Box<dyn Frames>, String> {
        Err("there is no bus".to_owned())
    }
}

/// What the pages say at a moment.
async fn pages(site: &Arc<Site>, store: &Store, live: Live, paths: &[&str]) -> Result<Vec<Reply>> {
    let at = live.at;
    let (_live, seen) = watch::channel(Arc::new(live));
    let (_site, read) = watch::channel(Arc::clone(site));
    let acts = Acts::new(store.clone(), Arc::new(Moment(at)), seen, read);
    let listener = web::server::listen(([127, 0, 0, 1], 0).into())?;
    let address = listener.local_addr()?;
    let stop = CancellationToken::new();
    let mut served = tokio::task::JoinSet::new();
    served.spawn(web::server::serve(
        listener,
        acts,
        web::server::Limits::default(),
        stop.clone(),
    ));
    let mut replies = Vec::new();
    for path in paths {
        let path = (*path).to_owned();
        replies.push(tokio::task::spawn_blocking(move || get(address, &path)).await??);
    }
    stop.cancel();
    Ok(replies)
}

/// The energy that the ledger holds between two moments, all of it measured but for the quarter in which the counting
/// began.
fn booked(store: &Store, from: Instant, to: Instant) -> Result<i64> {
    let intervals = store.intervals(&DeviceName::parse("roof")?, Flow::Production, from, to)?;
    let all = store.intervals(
        &DeviceName::parse("roof")?,
        Flow::Production,
        Instant::from_millis(0),
        to,
    )?;
    let began = all.first().map(|interval| interval.start);
    let poor = intervals
        .iter()
        .find(|interval| interval.quality != Quality::Measured && Some(interval.start) != began);
    ensure!(poor.is_none(), "something was not measured: {poor:?}");
    Ok(intervals.iter().map(|interval| interval.energy.0).sum())
}

#[tokio::test]
async fn a_recorded_roof_has_in_the_ledger_what_its_file_says() -> Result<()> {
    let Some(text) = real() else { return Ok(()) };
    // The rows carry their offsets: the zone that is handed in has no part in it.
    let zone = hearth::demonstration::Demonstration {
        since_ms: 0,
        seed: 0,
        tcp: String::new(),
    }
    .site()?
    .building
    .zone;
    let recording = Recording::parse(&text, None, &zone)?;
    let (begins, ends) = (recording.begins(), recording.ends());
    let clock = Clock::held(begins);
    let player = Arc::new(Player::new(recording, clock.clone(), 40_000));
    let quick = TcpOptions {
        turnaround: Duration::ZERO,
        ..TcpOptions::new("127.0.0.1:0")
    };
    let server = tcp(Arc::<Player>::clone(&player), quick, None)?;
    let address = server.address().context("it is on the network")?.to_string();

    let folder = tempfile::tempdir()?;
    let store = Store::open(folder.path(), Options::default())?;
    let site = Arc::new(Site::parse(&site_text(&address)).ok().context("a good site")?);
    let mut reader = Reader::new(&site, &store, &address, begins)?;
    let local = Zone::parse(ZONE)?;
    let second_night = local.start_of(local.date_of(begins).next()) + Span::HOUR.times(2);
    let mut night = None;
    let mut at = begins;
    while at < ends {
        clock.set(at);
        reader.minute(at).await?;
        if at.since(begins).as_secs() % 3_600 == 0 {
            reader.write()?;
        }
        if at == second_night {
            night = Some(reader.live(at));
        }
        at = at + Span::MINUTE;
    }
    reader.write()?;

    each_day_adds_up(&text, &player, &store, &local)?;
    the_night_is_shown_as_it_is(&player, &store, second_night)?;
    let night = night.context("two in the morning was played")?;
    the_page_has_words_for_it(&site, &store, night).await
}

/// An inverter's counter shows whole watt-hours: what it shows at the two ends of a day is each rounded down, so a
/// day's energy is known to less than 1 Wh. Beyond that nothing may be missing, and nothing be too much.
fn each_day_adds_up(text: &str, player: &Player, store: &Store, local: &Zone) -> Result<()> {
    for (day, minutes) in sums_of_the_file(text)? {
        let date = energy::calendar::Date::parse(&day)?;
        let (from, to) = (local.start_of(date), local.start_of(date.next()));
        let ours = booked(store, from, to)?;
        let by_the_file = minutes / 60.0;
        let recording = player.recording();
        let by_the_player =
            recording.energy_until(to).milliwatt_seconds() - recording.energy_until(from).milliwatt_seconds();
        println!(
            "{day}: {ours} Wh booked, {by_the_file:.3} Wh in the file, {} mWh played",
            by_the_player / 3_600
        );
        assert!(by_the_file > 10_000.0, "a day of sun");
        assert!(
            (f64::from(i32::try_from(ours)?) - by_the_file).abs() < 1.0,
            "{day}: {ours} Wh of {by_the_file} Wh"
        );
        assert!(
            (ours * 3_600_000 - by_the_player).abs() < 3_600_000,
            "{day}: {ours} Wh"
        );
    }
    Ok(())
}

/// Power below zero is stored and shown, and is in no quarter of the ledger.
fn the_night_is_shown_as_it_is(player: &Player, store: &Store, night: Instant) -> Result<()> {
    let (from, to) = (night - Span::HOUR, night + Span::HOUR);
    let readings = store.readings(&Channel::parse("roof/power")?, from, to)?;
    assert_eq!(readings.len(), 120, "one a minute");
    for (at, outcome) in readings {
        let row = player.recording().in_force(at).context("a row of the file")?;
        let value = outcome.ok().context("a value")?;
        assert!(row.milliwatts < 0, "noise below zero at night: {row:?}");
        // Watts, from tenths of watts as the inverter writes them: each is rounded to the nearest.
        assert!(
            (value * 1_000 - row.milliwatts).abs() <= 550,
            "{value} W of {row:?}"
        );
    }
    assert_eq!(booked(store, from, to)?, 0);
    Ok(())
}

async fn the_page_has_words_for_it(site: &Arc<Site>, store: &Store, night: Live) -> Result<()> {
    let date = site.place.zone.date_of(night.at).previous();
    let day = format!("/energy/{:04}-{:02}-{:02}", date.year(), date.month(), date.day());
    let replies = pages(site, store, night, &["/", "/api/v1/power", &day]).await?;
    for reply in &replies {
        assert_eq!(reply.status, 200, "{}", reply.body);
    }
    let words = "The inverter itself uses 3 W while the roof makes nothing; that is not counted as made.";
    let home = plain(&replies[0].body);
    assert!(home.contains(words), "{home}");
    let power: serde_json::Value = serde_json::from_str(&replies[1].body)?;
    assert_eq!(
        (&power["production_w"], &power["roof_draws_w"]),
        (&0.into(), &3.into()),
        "{power:#}"
    );
    let (from, to) = (
        site.place.zone.start_of(date),
        site.place.zone.start_of(date.next()),
    );
    let made = booked(store, from, to)?;
    let day = plain(&replies[2].body);
    let shown = format!("{}.{} kWh", (made + 50) / 1_000, (made + 50) % 1_000 / 100);
    assert!(day.contains(&shown), "{shown} in {day}");
    Ok(())
}

/// A page without its tags, with plain spaces.
fn plain(page: &str) -> String {
    let parts = page
        .split('<')
        .map(|part| part.split_once('>').map_or(part, |(_, text)| text));
    parts.collect::<String>().replace(['\u{a0}', '\u{202f}'], " ")
}
