//! One device at the desk: its last values, its accounts, whether it sleeps, how it is doing.

use std::sync::Arc;

use acts::live::{DeviceLive, DeviceState, Latency, PointLive};
use acts::site::SiteDevice;
use bus::{DeviceHealth, Update, Value};
use devices::coding::{Sign, WordOrder};
use devices::frame::Function;
use devices::profile::{AtNight, Grade, Point};
use energy::sleep::{Light, State, Watch};
use energy::{Clock, Identity, TimeSource};
use units::{Channel, Instant, NoValue, Number, Quantity, Reading, Role, Watts};

use super::books::{Around, Books};
use super::{Pending, Shelf};

/// Power beyond this many times the nameplate cannot be true.
const IMPLAUSIBLE: i64 = 2;
/// Questions in a row without an answer after which a device counts as gone.
const GONE_AFTER: u32 = 3;

/// Below this height of the sun, in tenths of a degree, a roof gives next to nothing, and a silent inverter that had
/// faded is taken at its word. Higher up it may as well make power behind a gateway that is dead.
const LOW_SUN: i32 = 50;

/// What the desk of a device needs to know of the world when an answer comes.
pub(super) struct Scene<'a, S> {
    /// The device in `site.toml`.
    pub(super) device: &'a SiteDevice,
    /// How high the sun stands, in tenths of a degree, where the device lives by it.
    pub(super) sun: Option<i32>,
    /// The box's time.
    pub(super) now: Instant,
    /// The first and last time under which something may be written down; none while the clock is wrong.
    pub(super) times: Option<(Instant, Instant)>,
    /// Whether those times can be relied on.
    pub(super) clock: Clock,
    /// Where they are from.
    pub(super) source: TimeSource,
    /// What was written down before.
    pub(super) shelf: &'a S,
}

impl<S> Scene<'_, S> {
    fn keeps(&self, at: Instant) -> bool {
        self.times.is_some_and(|(from, to)| from <= at && at <= to)
    }

    fn light(&self) -> Light {
        match self.sun {
            None => Light::Unknown,
            Some(height) if height > 0 => Light::Day,
            Some(_) => Light::Dark,
        }
    }

    fn sun_is_low(&self) -> bool {
        self.sun.is_none_or(|height| height < LOW_SUN)
    }
}

/// One device at the desk.
#[derive(Debug)]
pub(super) struct DeviceDesk {
    /// What its accounts and values depend on; another device in its place starts afresh.
    key: Key,
    live: DeviceLive,
    points: Arc<[Point]>,
    books: Books,
    /// Which meter its counts belong to.
    identity: Identity,
    rated: Watts,
    watch: Option<Watch>,
    power: Option<(Instant, Watts)>,
    /// The last twenty questions, newest in the lowest bit: 1 is an answer that told something.
    recent: u32,
}

#[derive(Debug, PartialEq, Eq)]
struct Key {
    name: String,
    bus: String,
    unit: u8,
    profile: String,
    role: Role,
    reversed: bool,
    counted: bool,
}

impl Key {
    fn of(device: &SiteDevice) -> Self {
        Self {
            name: device.name.to_string(),
            bus: device.bus.to_string(),
            unit: device.unit,
            profile: device.profile.id.clone(),
            role: device.role,
            reversed: device.reversed,
            counted: device.counted,
        }
    }
}

impl DeviceDesk {
    pub(super) fn new(device: &SiteDevice, now: Instant) -> Self {
        Self {
            key: Key::of(device),
            live: DeviceLive {
                name: device.name.clone(),
                state: DeviceState::Waiting,
                last_answer: None,
                asked: 0,
                answered: 0,
                last_error: None,
                latency: None,
                patience: units::Span::ZERO,
                identity: Vec::new(),
                points: Vec::new(),
                trouble: None,
                notes: Vec::new(),
            },
            points: Arc::new([]),
            books: Books::default(),
            identity: identity(device, None),
            rated: device.rated,
            watch: watch(device, now),
            power: None,
            recent: u32::MAX,
        }
    }

    pub(super) fn is_of(&self, device: &SiteDevice) -> bool {
        self.key == Key::of(device)
    }

    pub(super) fn live(&self) -> DeviceLive {
        self.live.clone()
    }

    /// The last power and when it was read; a sleeping inverter's is nothing, now, while the sun is low.
    pub(super) fn power(&self) -> Option<(Instant, Watts)> {
        self.power
    }

    /// Adds what its accounts remember to what is to be written.
    pub(super) fn remember(&mut self, pending: &mut Pending) {
        self.books.remember(&self.live.name, pending);
    }

    pub(super) fn take<S: Shelf>(&mut self, update: Update, scene: &Scene<'_, S>, pending: &mut Pending) {
        let Scene { device, now, .. } = *scene;
        // A bus that starts again has no points until it has walked the chain; what is known stays until then.
        if !update.points.is_empty() && self.points != update.points {
            self.learn(&update.points, scene, pending);
        }
        if self.rated != device.rated {
            self.rated = device.rated;
            if let Some(watch) = &mut self.watch {
                watch.set_rated(device.rated);
            }
        }
        if let Some(told) = update.identity {
            self.note_identity(device, told);
        }
        let answered = update.health.silences == 0;
        // A refusal is an answer, and yet tells nothing.
        let refused = |value: &Value| matches!(value.reading.outcome, Err(NoValue::Refused(_)));
        let well = answered && (update.values.is_empty() || !update.values.iter().all(refused));
        self.recent = (self.recent << 1) | u32::from(well);
        let asleep = self.is_asleep(&update.values, answered, scene.light(), now);
        let makes_nothing = asleep && scene.sun_is_low();
        for value in update.values {
            self.value(value, makes_nothing, scene, pending);
        }
        if makes_nothing {
            self.power = Some((now, Watts(0)));
            if scene.keeps(now) {
                let around = &mut around(self.identity, scene, pending);
                self.books.asleep(device, now, around);
            }
        }
        self.live.state = self.state(&update.health, asleep);
        self.note_health(update.health);
        // Of one that says nothing it is not known; that it is silent is told by itself.
        self.live.trouble = update.trouble.filter(|_| answered).map(|why| why.to_string());
        self.live.notes = self
            .live
            .trouble
            .iter()
            .cloned()
            .chain(self.books.notes())
            .collect();
    }

    fn note_identity(&mut self, device: &SiteDevice, told: devices::plan::Identity) {
        self.identity = identity(device, Some(&told.serial));
        let rows = [
            ("maker", told.maker),
            ("model", told.model),
            ("version", told.version),
            ("serial number", told.serial),
        ];
        let told = rows.into_iter().filter(|(_, text)| !text.is_empty());
        self.live.identity = told.map(|(name, text)| (name.to_owned(), text)).collect();
    }

    /// Takes another list of points: after a chain was walked, or when a counter's end became known. Accounts go on
    /// from what they remember, and values that are still there stay shown.
    fn learn<S>(&mut self, points: &Arc<[Point]>, scene: &Scene<'_, S>, pending: &mut Pending) {
        self.remember(pending);
        self.books = Books::of(scene.device, points);
        let mut shown = std::mem::take(&mut self.live.points);
        self.live.points = points
            .iter()
            .map(|point| point_live(scene.device, point))
            .collect();
        for live in &mut self.live.points {
            if let Some(old) = shown.iter_mut().find(|old| old.channel == live.channel) {
                (live.reading, live.raw) = (old.reading.take(), std::mem::take(&mut old.raw));
            }
        }
        self.points = Arc::clone(points);
    }

    /// Whether an inverter sleeps: it says nothing, or nothing about its power, and its power had faded.
    fn is_asleep(&mut self, values: &[Value], answered: bool, light: Light, now: Instant) -> bool {
        let power = values
            .iter()
            .find(|value| self.quantity_of(value) == Some(Quantity::Power));
        let Some(watch) = &mut self.watch else {
            return false;
        };
        let state = match power.map(|value| value.reading.outcome) {
            Some(Ok(number)) => watch.heard(Watts(number.value)),
            Some(Err(_)) => watch.silent(now, light),
            None if !answered => watch.silent(now, light),
            None => watch.state(),
        };
        matches!(state, State::Asleep { .. })
    }

    fn quantity_of(&self, value: &Value) -> Option<Quantity> {
        let name = value.reading.channel.point();
        self.points
            .iter()
            .find(|point| point.name.as_str() == name)
            .map(|point| point.quantity)
    }

    fn value<S: Shelf>(
        &mut self,
        value: Value,
        makes_nothing: bool,
        scene: &Scene<'_, S>,
        pending: &mut Pending,
    ) {
        let device = scene.device;
        let Value { mut reading, raw } = value;
        let name = reading.channel.point();
        let Some(index) = self.points.iter().position(|point| point.name.as_str() == name) else {
            return;
        };
        let point = &self.points[index];
        reading.outcome = match reading.outcome {
            Ok(number) if is_implausible(point, number, device.rated) => Err(NoValue::Implausible),
            Err(NoValue::NoAnswer | NoValue::NotImplemented | NoValue::NotANumber) if makes_nothing => {
                Err(NoValue::Asleep)
            }
            outcome => outcome,
        };
        let keeps = scene.keeps(reading.at);
        if let Ok(number) = reading.outcome {
            if point.quantity == Quantity::Power {
                self.power = Some((reading.at, Watts(number.value)));
            }
            if keeps {
                let around = &mut around(self.identity, scene, pending);
                self.books
                    .take(device, (point.quantity, reading.at, number), around);
            }
        } else {
            self.books.silent(point.quantity);
        }
        if keeps {
            pending.reading(reading.clone(), point.unit);
        }
        if let Some(live) = self.live.points.get_mut(index) {
            live.reading = Some(reading);
            live.raw = raw;
        }
    }

    fn state(&self, health: &DeviceHealth, asleep: bool) -> DeviceState {
        let lost = 20 - (self.recent & 0x000F_FFFF).count_ones();
        match health.silences {
            _ if asleep => DeviceState::Asleep,
            0 if lost <= 2 => DeviceState::Healthy,
            silent if silent >= GONE_AFTER => DeviceState::Gone,
            _ if health.last_answer.is_none() => DeviceState::Waiting,
            _ => DeviceState::Degraded,
        }
    }

    fn note_health(&mut self, health: DeviceHealth) {
        self.live.last_answer = health.last_answer;
        self.live.asked = health.asked;
        self.live.answered = health.answered;
        self.live.last_error = health.last_error;
        self.live.patience = health.patience;
        let latency = |(middle, slow, slowest)| Latency {
            middle,
            slow,
            slowest,
        };
        self.live.latency = health.latencies.map(latency);
    }
}

/// What the accounts of a device need for a reading.
fn around<'a, S>(identity: Identity, scene: &Scene<'a, S>, pending: &'a mut Pending) -> Around<'a, S> {
    Around {
        pending,
        shelf: scene.shelf,
        clock: scene.clock,
        source: scene.source,
        identity,
    }
}

/// Which meter the counts of a device belong to. A new name of its bus is another place; a serial number that is
/// still the same outweighs it.
fn identity(device: &SiteDevice, serial: Option<&str>) -> Identity {
    let (unit, direction) = (
        device.unit.to_string(),
        if device.reversed { "reversed" } else { "usual" },
    );
    Identity::new(
        &[device.bus.as_str(), &unit],
        &[&device.profile.id, direction],
        serial,
    )
}

/// A watch over a device that may sleep.
fn watch(device: &SiteDevice, now: Instant) -> Option<Watch> {
    let sleeps = device.role == Role::Production && device.profile.at_night == AtNight::Asleep;
    sleeps.then(|| Watch::new(device.rated, now))
}

/// Power that no device of this nameplate can carry.
fn is_implausible(point: &Point, number: Number, rated: Watts) -> bool {
    point.quantity == Quantity::Power && number.value.saturating_abs() > rated.0.saturating_mul(IMPLAUSIBLE)
}

/// A point before anything was read.
fn point_live(device: &SiteDevice, point: &Point) -> PointLive {
    let kind = match point.function {
        Function::Holding => "holding",
        Function::Input => "input",
    };
    let grade = match point.grade {
        Grade::V2 => "two sources agree",
        Grade::V1 => "one source",
        Grade::U => "not verified",
    };
    let words = point.coding.kind.words();
    PointLive {
        channel: Channel::new(&device.name, &point.name),
        quantity: point.quantity,
        unit: point.unit,
        reading: None::<Reading>,
        registers: format!(
            "{kind} 0x{:04x}, {words} {}",
            point.address,
            if words == 1 { "word" } else { "words" }
        )
        .into(),
        raw: Vec::new(),
        meaning: meaning(point).into(),
        source: format!("{} ({grade})", point.source).into(),
    }
}

/// How the words of a point become its value, in words: `float32, times 1000`.
fn meaning(point: &Point) -> String {
    let coding = &point.coding;
    let mut words = vec![coding.kind.name().to_owned()];
    if coding.order == WordOrder::LowFirst {
        words.push("low word first".to_owned());
    }
    match (coding.scale.multiply, coding.scale.divide) {
        (1, 1) => {}
        (times, 1) => words.push(format!("times {times}")),
        (1, by) => words.push(format!("divided by {by}")),
        (times, by) => words.push(format!("times {times}, divided by {by}")),
    }
    if let Some(address) = point.factor_at {
        words.push(format!("scaled by the register 0x{address:04x}"));
    }
    if coding.sign == Sign::Inverted {
        words.push("sign turned round".to_owned());
    }
    format!("{}, in {}", words.join(", "), point.unit)
}
