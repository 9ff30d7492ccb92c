//! The site: the building seen through its ten devices' registers, with what may befall a device.

use devices::frame::{ExceptionCode, Reply, Request};
use units::{Instant, Span, WattHours};

use crate::bank::{self, Bank, BatteryForm};
use crate::building::{Building, BuildingOptions};
use crate::device::{DEVICES, Device, Line};
use crate::eastron::{self, Counts};
use crate::electric::{Load, Mains};
use crate::image::{self, Image};
use crate::inverter::{self, DirectCurrent, Inverter, InverterForm, NightBehaviour, State};
use crate::number::{float, scramble};
use crate::roof::NAMEPLATE_MILLIWATTS;
use crate::truth::{Energy, Truth};

/// Anything that answers Modbus requests.
pub trait Site: Send + Sync {
    /// What is answered to `request` on `line` now; `None` is silence.
    fn answer(&self, line: Line, request: &Request) -> Option<Reply>;
}

/// What the devices are like.
#[derive(Debug, Clone)]
pub struct SiteOptions {
    /// The building.
    pub building: BuildingOptions,
    /// What the inverter does at night.
    pub night: NightBehaviour,
    /// How the inverter writes its measurements.
    pub inverter: InverterForm,
    /// How the battery shows itself.
    pub battery: BatteryForm,
    /// Where SunSpec's registers begin: 40000, 0 or 50000.
    pub sunspec_base: u16,
    /// The baud rate that the meters' settings show.
    pub baud: u32,
}

impl SiteOptions {
    /// The usual site around a building: integers, a battery bank, base 40000, 9600 baud.
    pub fn new(building: BuildingOptions) -> Self {
        Self {
            building,
            night: NightBehaviour::default(),
            inverter: InverterForm::default(),
            battery: BatteryForm::default(),
            sunspec_base: 40_000,
            baud: 9_600,
        }
    }
}

/// How many counters a device has at most: forward and back, and three phases of each or two strings.
const COUNTERS: usize = 8;

/// What stands behind a device's address.
#[derive(Debug, Clone)]
enum Equipment {
    Inverter(Box<Inverter>),
    Bank(Box<Bank>),
    Meter([Image; 3]),
}

/// A device and what befell it.
#[derive(Debug, Clone)]
struct Station {
    equipment: Equipment,
    /// What each counter shows beyond what the building counted, in milliwatt-seconds.
    ahead: [i64; COUNTERS],
    silent_until: Instant,
    refreshed: Option<Instant>,
}

/// A building seen through its devices.
#[derive(Debug, Clone)]
pub struct SimulatedSite {
    options: SiteOptions,
    building: Building,
    stations: [Station; DEVICES.len()],
}

impl SimulatedSite {
    /// The site at its beginning. Its meters have counted for years already.
    pub fn new(options: SiteOptions) -> Self {
        Self {
            building: Building::new(&options.building),
            stations: DEVICES.map(|device| Station {
                equipment: equipment(device, &options),
                ahead: years_before(device, options.building.seed),
                silent_until: Instant::from_millis(i64::MIN),
                refreshed: None,
            }),
            options,
        }
    }

    /// Lives on until `to`.
    pub fn advance(&mut self, to: Instant) {
        self.building.advance(to);
    }

    /// How far its time has come.
    pub fn at(&self) -> Instant {
        self.building.at()
    }

    /// What really happened.
    pub fn truth(&self) -> Truth {
        self.building.truth()
    }

    /// The building behind the devices.
    pub fn building(&self) -> &Building {
        &self.building
    }

    /// The device is silent for `span` of the site's time, as one that starts again.
    pub fn reboot(&mut self, device: Device, span: Span) {
        let until = self.at() + span;
        if let Some(station) = self.station(device) {
            station.silent_until = until;
        }
    }

    /// The device answers again, whatever kept it silent before (the night excepted).
    pub fn wake(&mut self, device: Device) {
        if let Some(station) = self.station(device) {
            station.silent_until = Instant::from_millis(i64::MIN);
        }
    }

    /// All counters of the device begin again at zero, as after a new display or a factory reset.
    pub fn reset_counters(&mut self, device: Device) {
        self.set_counters(device, WattHours(0));
    }

    /// All counters of the device show this now; near 2^32 Wh, SunSpec's roll over soon.
    pub fn set_counters(&mut self, device: Device, shown: WattHours) {
        let totals = self.totals(device);
        if let Some(station) = self.station(device) {
            station.ahead = totals.map(|total| shown.0.saturating_mul(3_600_000).saturating_sub(total));
            station.refreshed = None;
        }
    }

    /// The device's registers now; `None` while it is silent or if there is no such device.
    pub fn images(&mut self, device: Device) -> Option<&[Image]> {
        let place = device.place()?;
        self.refresh(place);
        let asleep =
            device == Device::RoofInverter && self.options.night == NightBehaviour::Silent && self.is_night();
        let station = &self.stations[place];
        if asleep || station.silent_until > self.building.at() {
            return None;
        }
        Some(match &station.equipment {
            Equipment::Inverter(inverter) => std::slice::from_ref(inverter.image()),
            Equipment::Bank(bank) => std::slice::from_ref(bank.image()),
            Equipment::Meter(images) => images,
        })
    }

    /// What is answered now, without a copy: words, a refusal, or `None` for silence.
    pub fn words(&mut self, line: Line, request: &Request) -> Option<Result<&[u16], ExceptionCode>> {
        let asked = |device: &Device| device.line() == line && device.unit() == request.unit;
        let device = DEVICES.into_iter().find(asked)?;
        let images = self.images(device)?;
        Some(match line {
            Line::Network => image::find(images, request),
            Line::Serial => eastron::find(images, request),
        })
    }

    /// What is answered now; `None` is silence.
    pub fn answer(&mut self, line: Line, request: &Request) -> Option<Reply> {
        self.words(line, request).map(image::to_reply)
    }

    /// What the device's first two counters show now: forward and back, in whole watt-hours.
    pub fn shown_watt_hours(&self, device: Device) -> Option<(WattHours, WattHours)> {
        let counts = self.counts(device.place()?);
        Some((WattHours(counts[0]), WattHours(counts[1])))
    }

    fn station(&mut self, device: Device) -> Option<&mut Station> {
        device.place().map(|place| &mut self.stations[place])
    }

    fn is_night(&self) -> bool {
        self.building.roof().strings == [0, 0]
    }

    /// What the building has counted for each of a device's counters, in milliwatt-seconds.
    fn totals(&self, device: Device) -> [i64; COUNTERS] {
        let truth = self.building.truth();
        let exact = Energy::milliwatt_seconds;
        let mut totals = [0; COUNTERS];
        let (forward, reverse) = match device {
            Device::RoofInverter => (truth.energy.production, Energy::default()),
            Device::Battery | Device::BatteryMeter => (truth.energy.discharge, truth.energy.charge),
            Device::GridMeter => (truth.energy.import, truth.energy.export),
            Device::Flat(number) => {
                let place = usize::from(number).saturating_sub(1);
                (
                    truth.energy.flats.get(place).copied().unwrap_or_default(),
                    Energy::default(),
                )
            }
        };
        totals[0] = exact(forward);
        totals[1] = exact(reverse);
        if device == Device::GridMeter {
            let phases = self.building.phases();
            totals[2..5].copy_from_slice(&phases.import.map(exact));
            totals[5..8].copy_from_slice(&phases.export.map(exact));
        }
        if device == Device::RoofInverter {
            totals[2..4].copy_from_slice(&self.building.strings().map(exact));
        }
        totals
    }

    /// What the counters of the device at `place` show, in whole watt-hours.
    fn counts(&self, place: usize) -> [i64; COUNTERS] {
        let mut counts = self.totals(DEVICES[place]);
        for (count, ahead) in counts.iter_mut().zip(self.stations[place].ahead) {
            *count = count.saturating_add(ahead).div_euclid(3_600_000);
        }
        counts
    }

    /// Writes the registers of the device at `place` anew, if time has passed since they were written.
    fn refresh(&mut self, place: usize) {
        let at = self.building.at();
        if self.stations[place].refreshed == Some(at) {
            return;
        }
        let counts = self.counts(place);
        let truth = self.building.truth();
        let phases = self.building.phases().milliwatts;
        let mains = Mains::at(
            self.options.building.seed,
            at.as_millis().div_euclid(1_000),
            phases,
        );
        let both = Counts {
            forward: counts[0],
            reverse: counts[1],
        };
        let night = self.is_night();
        let roof = *self.building.roof();
        let station = &mut self.stations[place];
        station.refreshed = Some(at);
        match (&mut station.equipment, DEVICES[place]) {
            (Equipment::Inverter(inverter), _) => {
                let direct = |string: usize| DirectCurrent {
                    watts: float(roof.strings[string]) / 1_000.0,
                    volts: if night { 0.0 } else { 640.0 - 1.9 * roof.panels },
                    watt_hours: counts[2 + string],
                };
                inverter.refresh(&inverter::Measured {
                    watts: float(roof.milliwatts) / 1_000.0,
                    watt_hours: counts[0],
                    mains,
                    case: roof.case,
                    strings: &[direct(0), direct(1)],
                    state: state(night, roof.milliwatts, self.options.night),
                });
            }
            (Equipment::Bank(bank), _) => bank.refresh(
                self.options.battery,
                &bank::Measured {
                    watts: float(truth.battery_milliwatts()) / 1_000.0,
                    permille: truth.charge_permille,
                    given: counts[0],
                },
            ),
            (Equipment::Meter([image, ..]), Device::GridMeter) => {
                let loads = [0, 1, 2].map(|phase| Load::of(phases[phase], mains.volts[phase]));
                let per_phase = [0, 1, 2].map(|phase| Counts {
                    forward: counts[2 + phase],
                    reverse: counts[5 + phase],
                });
                eastron::refresh_three(image, &loads, mains.hertz, both, per_phase);
            }
            (Equipment::Meter([image, ..]), device) => {
                let (milliwatts, phase) = single(device, &truth);
                eastron::refresh_single(
                    image,
                    &Load::of(milliwatts, mains.volts[phase]),
                    mains.hertz,
                    both,
                );
            }
        }
    }
}

/// The power that a meter with one phase measures, and the phase it hangs on.
fn single(device: Device, truth: &Truth) -> (i64, usize) {
    match device {
        Device::Flat(number) => {
            let place = usize::from(number).saturating_sub(1);
            (truth.milliwatts.flats.get(place).copied().unwrap_or(0), place % 3)
        }
        _ => (truth.battery_milliwatts(), 0),
    }
}

fn state(night: bool, milliwatts: i64, behaviour: NightBehaviour) -> State {
    match (night, behaviour) {
        (true, NightBehaviour::NotANumber) => State::Nothing,
        (true, _) => State::Sleeping,
        (false, _) if milliwatts >= NAMEPLATE_MILLIWATTS => State::Throttled,
        (false, _) => State::Producing,
    }
}

fn equipment(device: Device, options: &SiteOptions) -> Equipment {
    let meter = |model| {
        let serial = 21_040_000 + u32::from(device.unit());
        Equipment::Meter(eastron::images(model, device.unit(), options.baud, serial))
    };
    match device {
        Device::RoofInverter => Equipment::Inverter(Box::new(Inverter::new(&inverter::Build {
            base: options.sunspec_base,
            form: options.inverter,
            maker: "Hearth",
            model: "Simulated roof 12",
            serial: "HR-12-0001",
            rated: float(NAMEPLATE_MILLIWATTS) / 1_000.0,
            watts_power: 0,
            strings: 2,
        }))),
        Device::Battery => Equipment::Bank(Box::new(Bank::new(options.sunspec_base, options.battery))),
        Device::GridMeter => meter(eastron::Model::Sdm630),
        Device::BatteryMeter => meter(eastron::Model::Sdm230),
        Device::Flat(_) => meter(eastron::Model::Sdm120),
    }
}

/// What a device had counted before the site's time began, in milliwatt-seconds.
fn years_before(device: Device, seed: u64) -> [i64; COUNTERS] {
    let place = u64::from(device.unit()) + if device.line() == Line::Network { 256 } else { 0 };
    // Between nine and eleven tenths of what such a device counts in some years.
    let vary = |watt_hours: i64, counter: u64| {
        let part = i64::try_from(scramble(&[seed, 41, place, counter]) % 200_001).unwrap_or(0);
        watt_hours / 1_000_000 * (900_000 + part) * 3_600_000
    };
    let (forward, reverse) = match device {
        Device::RoofInverter => (41_000_000, 0),
        Device::Battery => (6_000_000, 7_000_000),
        Device::GridMeter => (52_000_000, 17_000_000),
        Device::BatteryMeter => (3_000_000, 4_000_000),
        Device::Flat(number) => (7_000_000 + 1_000_000 * i64::from(number), 0),
    };
    let mut ahead = [0; COUNTERS];
    ahead[0] = vary(forward, 0);
    ahead[1] = vary(reverse, 1);
    if device == Device::GridMeter {
        for (counter, place) in (2..).zip(2..COUNTERS) {
            ahead[place] = vary(if place < 5 { 20_000_000 } else { 8_000_000 }, counter);
        }
    }
    if device == Device::RoofInverter {
        ahead[2] = vary(22_000_000, 2);
        ahead[3] = vary(20_000_000, 3);
    }
    ahead
}
