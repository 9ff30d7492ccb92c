//! Our own profiles and plans read the simulated devices: what they find is what the building knows.

use devices::frame::{Reply, Request};
use devices::plan::{Answer, Direction, LineCost, Now, Plan, PlanOptions};
use devices::profile::find;
use jiff::tz::TimeZone;
use simulator::{
    BatteryForm, BuildingOptions, DEVICES, Device, InverterForm, NightBehaviour, SimulatedSite, SiteOptions,
};
use units::{DeviceName, Instant, NoValue, Outcome, Quantity, Reading, Span};

/// 2026-06-15 10:00 UTC.
const MORNING: i64 = 1_781_517_600_000;

fn options() -> SiteOptions {
    SiteOptions::new(BuildingOptions {
        latitude: 48.2,
        longitude: 16.37,
        seed: 5,
        since: Instant::from_millis(MORNING),
        zone: TimeZone::get("Europe/Vienna").expect("a known zone"),
    })
}

fn profile(device: Device) -> &'static str {
    match device {
        Device::RoofInverter => "sunspec-inverter",
        Device::Battery => "sunspec-battery",
        Device::GridMeter => "eastron-sdm630",
        Device::BatteryMeter => "eastron-sdm230",
        Device::Flat(_) => "eastron-sdm120",
    }
}

/// A plan for a device and the moment it has come to.
struct Asking {
    device: Device,
    plan: Plan,
    tick: Span,
}

impl Asking {
    fn new(device: Device) -> Self {
        let name = DeviceName::parse(&device.to_string()).expect("a good name");
        let options = PlanOptions {
            unit: device.unit(),
            fast: Span::SECOND,
            slow: Span::SECOND,
            reversed: Direction::Usual,
        };
        let cost = LineCost {
            byte_us: 1_042,
            overhead_bytes: 13,
            turnaround_us: 20_000,
        };
        let profile = find(profile(device)).expect("a profile that comes with Hearth");
        Self {
            device,
            plan: Plan::new(&name, profile, options, cost),
            tick: Span::ZERO,
        }
    }

    /// Everything that one round of questions finds out; the requests that were asked go to `asked`.
    fn round(&mut self, site: &mut SimulatedSite, asked: &mut Vec<Request>) -> Vec<Reading> {
        let mut readings = Vec::new();
        // Walking a chain takes some questions, a round some more; fifty are plenty for both.
        for _ in 0..50 {
            let Some(request) = self.plan.poll_request(self.tick) else {
                break;
            };
            asked.push(request);
            let now = Now {
                tick: self.tick,
                utc: site.at(),
            };
            let reply = site.answer(self.device.line(), &request);
            let answer = match &reply {
                Some(Reply::Words(words)) => Answer::Words(words),
                Some(Reply::Exception(code)) => Answer::Exception(*code),
                None => Answer::Silence,
            };
            readings.extend(self.plan.handle_answer(answer, now));
        }
        self.tick = self.tick + Span::SECOND;
        readings
    }
}

/// The outcome of a point in a round.
fn of(readings: &[Reading], point: &str) -> Outcome {
    let mut found = readings.iter().filter(|reading| reading.channel.point() == point);
    found.next_back().expect("the point was read").outcome
}

fn value(readings: &[Reading], point: &str) -> i64 {
    of(readings, point).expect("a value").value
}

/// The readings of each device after a walk and a round.
fn read_all(site: &mut SimulatedSite) -> Vec<(Device, Vec<Reading>)> {
    DEVICES
        .into_iter()
        .map(|device| {
            let mut asking = Asking::new(device);
            let mut asked = Vec::new();
            let mut readings = asking.round(site, &mut asked);
            readings.extend(asking.round(site, &mut asked));
            assert!(asked.iter().all(Request::is_possible));
            (device, readings)
        })
        .collect()
}

/// The milliwatts that a device should show as its power.
fn power(site: &SimulatedSite, device: Device) -> i64 {
    let truth = site.truth();
    match device {
        Device::RoofInverter => truth.milliwatts.production,
        Device::Battery | Device::BatteryMeter => truth.battery_milliwatts(),
        Device::GridMeter => truth.grid_milliwatts(),
        Device::Flat(number) => truth.milliwatts.flats[usize::from(number) - 1],
    }
}

#[test]
fn every_point_of_every_profile_is_there() {
    let mut site = SimulatedSite::new(options());
    site.advance(site.at() + Span::HOUR);
    for (device, readings) in read_all(&mut site) {
        assert!(readings.len() >= 8, "{device} gave {} readings", readings.len());
        for reading in readings {
            let no = matches!(
                reading.outcome,
                Err(NoValue::NoAnswer | NoValue::NotANumber | NoValue::Refused(_))
            );
            assert!(!no, "{}: {:?}", reading.channel, reading.outcome);
        }
    }
}

#[test]
fn powers_are_the_building_s() {
    let mut site = SimulatedSite::new(options());
    for _ in 0..8 {
        site.advance(site.at() + Span::QUARTER);
        for (device, readings) in read_all(&mut site) {
            let shown = value(&readings, "power");
            assert!(
                (shown * 1_000 - power(&site, device)).abs() <= 1_000,
                "{device} shows {shown} W"
            );
        }
    }
}

#[test]
fn counters_grow_as_the_building_counts() {
    let mut site = SimulatedSite::new(options());
    let before = read_all(&mut site);
    site.advance(site.at() + Span::DAY);
    let energy = site.truth().energy;
    let counters = |readings: &[Reading], device: Device| match device {
        Device::RoofInverter => vec![of(readings, "energy")],
        Device::Battery => Vec::new(),
        _ => vec![of(readings, "energy_import"), of(readings, "energy_export")],
    };
    for ((device, now), (_, first)) in read_all(&mut site).into_iter().zip(before) {
        let truth = match device {
            Device::RoofInverter | Device::Battery => vec![energy.production],
            Device::GridMeter => vec![energy.import, energy.export],
            Device::BatteryMeter => vec![energy.discharge, energy.charge],
            Device::Flat(number) => vec![
                energy.flats[usize::from(number) - 1],
                simulator::Energy::default(),
            ],
        };
        let pairs = counters(&now, device).into_iter().zip(counters(&first, device));
        for ((now, first), truth) in pairs.zip(truth) {
            let (now, first) = (now.expect("a counter"), first.expect("a counter"));
            let off = (now.value - first.value - truth.watt_hours().0).abs();
            assert!(
                off <= now.step.max(2),
                "{device}: {} to {}, in truth {truth}",
                first.value,
                now.value
            );
        }
    }
}

#[test]
fn meters_refuse_nothing_that_a_plan_asks() {
    let mut site = SimulatedSite::new(options());
    for device in DEVICES
        .into_iter()
        .filter(|device| device.line() == simulator::Line::Serial)
    {
        let mut asked = Vec::new();
        let mut asking = Asking::new(device);
        for _ in 0..3 {
            asking.round(&mut site, &mut asked);
        }
        assert!(!asked.is_empty());
        for request in asked {
            let answer = site.answer(device.line(), &request);
            assert!(
                matches!(answer, Some(Reply::Words(_))),
                "{device} refuses {request:?}: {answer:?}"
            );
        }
    }
}

#[test]
fn the_night_s_faces_are_read_as_no_value() {
    for (night, expected) in [
        (NightBehaviour::Zero, Ok(0)),
        (NightBehaviour::NotANumber, Err(())),
        (NightBehaviour::Silent, Err(())),
    ] {
        let mut site = SimulatedSite::new(SiteOptions { night, ..options() });
        let mut asking = Asking::new(Device::RoofInverter);
        let mut asked = Vec::new();
        asking.round(&mut site, &mut asked);
        site.advance(site.at() + Span::HOUR.times(14));
        let readings = asking.round(&mut site, &mut asked);
        let power = of(&readings, "power");
        assert_eq!(
            power.map(|number| number.value).map_err(|_| ()),
            expected,
            "{night:?}: {power:?}"
        );
        let energy = of(&readings, "energy");
        assert_eq!(
            energy.is_ok(),
            night == NightBehaviour::Zero,
            "{night:?}: {energy:?}"
        );
    }
}

#[test]
fn the_other_forms_are_read_too() {
    let mut site = SimulatedSite::new(SiteOptions {
        inverter: InverterForm::Floats,
        battery: BatteryForm::BasicStorage,
        sunspec_base: 50_000,
        ..options()
    });
    site.advance(site.at() + Span::HOUR);
    let full = site.truth().charge_permille;
    for (device, readings) in read_all(&mut site).into_iter().take(2) {
        if device == Device::RoofInverter {
            let shown = value(&readings, "power");
            assert!((shown * 1_000 - power(&site, device)).abs() <= 1_000, "{shown} W");
            let counted = of(&readings, "energy").expect("a counter");
            let truth = site.shown_watt_hours(device).expect("a device").0.0;
            assert!(
                (counted.value - truth).abs() <= counted.step,
                "{counted:?}, in truth {truth}"
            );
        } else {
            assert!(value(&readings, "charge_basic").abs_diff(full) <= 1);
        }
    }
}

#[test]
fn quantities_have_plausible_sizes() {
    let mut site = SimulatedSite::new(options());
    for hour in 1..=24 {
        site.advance(Instant::from_millis(MORNING) + Span::HOUR.times(hour));
        for device in DEVICES {
            let mut asking = Asking::new(device);
            let mut readings = asking.round(&mut site, &mut Vec::new());
            readings.extend(asking.round(&mut site, &mut Vec::new()));
            for reading in readings {
                let point = asking
                    .plan
                    .points()
                    .iter()
                    .find(|point| point.name.as_str() == reading.channel.point());
                let (Some(point), Ok(number)) = (point, reading.outcome) else {
                    continue;
                };
                let limits = match point.quantity {
                    Quantity::Voltage if device.line() == simulator::Line::Serial => 2_070..=2_530,
                    Quantity::Frequency => 4_990..=5_010,
                    Quantity::Charge => 49..=1_000,
                    Quantity::Current => -12_000..=12_000,
                    Quantity::Temperature => -300..=900,
                    _ => continue,
                };
                assert!(limits.contains(&number.value), "{}: {number:?}", reading.channel);
            }
        }
    }
}
