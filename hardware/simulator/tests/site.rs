//! The site as a master sees it: counters against the truth, nights, reboots, resets, the past.

use devices::frame::{ExceptionCode, Function, Reply, Request};
use jiff::tz::TimeZone;
use simulator::{
    BatteryForm, BuildingOptions, DEVICES, Device, Image, InverterForm, Line, NightBehaviour, SimulatedSite,
    SiteOptions, past,
};
use units::{Instant, Span, WattHours};

/// 2026-06-15 12:00 UTC, a Monday.
const NOON: i64 = 1_781_524_800;

fn options() -> SiteOptions {
    SiteOptions::new(BuildingOptions {
        latitude: 48.2,
        longitude: 16.37,
        seed: 11,
        since: Instant::from_millis(NOON * 1_000),
        zone: TimeZone::get("Europe/Vienna").expect("a known zone"),
    })
}

fn ask(device: Device, function: Function, address: u16, count: u16) -> Request {
    Request {
        unit: device.unit(),
        function,
        address,
        count,
    }
}

fn words(site: &mut SimulatedSite, device: Device, function: Function, address: u16, count: u16) -> Vec<u16> {
    let answer = site.answer(device.line(), &ask(device, function, address, count));
    let words = match answer {
        Some(Reply::Words(words)) => Some(words),
        Some(Reply::Exception(_)) | None => None,
    };
    words.expect("the device has these registers and is awake")
}

/// A float32 of an Eastron meter.
fn float(site: &mut SimulatedSite, device: Device, address: u16) -> f64 {
    let words = words(site, device, Function::Input, address, 2);
    f64::from(f32::from_bits(u32::from(words[0]) << 16 | u32::from(words[1])))
}

/// The words of a SunSpec model, found by walking the chain as a master does.
fn model(site: &mut SimulatedSite, device: Device, base: u16, id: u16) -> Vec<u16> {
    let mut at = base + 2;
    loop {
        let head = words(site, device, Function::Holding, at, 2);
        assert_ne!(head[0], 0xFFFF, "model {id} is not in the chain");
        if head[0] == id {
            return words(site, device, Function::Holding, at, head[1] + 2);
        }
        at += head[1] + 2;
    }
}

fn counter(words: &[u16]) -> i64 {
    i64::from(u32::from(words[0]) << 16 | u32::from(words[1]))
}

#[test]
fn what_is_not_there_is_silent_or_refused() {
    let mut site = SimulatedSite::new(options());
    for (line, unit) in [
        (Line::Network, 3),
        (Line::Network, 0),
        (Line::Serial, 3),
        (Line::Serial, 17),
    ] {
        let request = Request {
            unit,
            function: Function::Input,
            address: 0,
            count: 2,
        };
        assert_eq!(site.answer(line, &request), None, "{line} {unit}");
    }
    let refused = |site: &mut SimulatedSite, device: Device, function, address, count| {
        site.answer(device.line(), &ask(device, function, address, count))
    };
    let no = |code| Some(Reply::Exception(code));
    assert_eq!(
        refused(&mut site, Device::Battery, Function::Input, 40_000, 2),
        no(ExceptionCode::ILLEGAL_FUNCTION)
    );
    assert_eq!(
        refused(&mut site, Device::Battery, Function::Holding, 0, 2),
        no(ExceptionCode::ILLEGAL_ADDRESS)
    );
    assert_eq!(
        refused(&mut site, Device::Battery, Function::Holding, 40_000, 0),
        no(ExceptionCode::ILLEGAL_VALUE)
    );
    assert_eq!(
        refused(&mut site, Device::Flat(3), Function::Input, 0x0200, 2),
        no(ExceptionCode::ILLEGAL_ADDRESS)
    );
    assert!(site.images(Device::Flat(7)).is_none());
}

/// The two counters of each meter, in the device's own resolution, in watt-hours.
fn meters(site: &mut SimulatedSite) -> Vec<(Device, f64, f64)> {
    DEVICES
        .into_iter()
        .filter(|device| device.line() == Line::Serial)
        .map(|device| {
            let kwh = [0x48, 0x4A].map(|address| float(site, device, address));
            (device, kwh[0] * 1_000.0, kwh[1] * 1_000.0)
        })
        .collect()
}

/// Half a step of a float32 of this many watt-hours, and the watt-hour that a meter rounds down to.
fn resolution(watt_hours: f64) -> f64 {
    1.0 + watt_hours * f64::from(f32::EPSILON)
}

#[test]
fn meters_show_the_truth_within_their_resolution() {
    let mut site = SimulatedSite::new(options());
    let before = meters(&mut site);
    let (production, strings) = {
        let panels = model(&mut site, Device::RoofInverter, 40_000, 160);
        (
            counter(&model(&mut site, Device::RoofInverter, 40_000, 103)[24..26]),
            [counter(&panels[22..24]), counter(&panels[42..44])],
        )
    };
    site.advance(site.at() + Span::DAY.times(3));
    let energy = site.truth().energy;
    for ((device, forward, reverse), (_, first, back)) in meters(&mut site).into_iter().zip(before) {
        let truth = match device {
            Device::GridMeter => (energy.import, energy.export),
            Device::BatteryMeter => (energy.discharge, energy.charge),
            Device::Flat(number) => (
                energy.flats[usize::from(number) - 1],
                simulator::Energy::default(),
            ),
            Device::RoofInverter | Device::Battery => panic!("not on the serial line"),
        };
        for (grown, truth, shown) in [
            (forward - first, truth.0, forward),
            (reverse - back, truth.1, reverse),
        ] {
            let exact: f64 = truth.to_string().parse().expect("a number");
            assert!(
                (grown - exact).abs() <= 2.0 * resolution(shown),
                "{device}: {grown} Wh, in truth {exact}"
            );
        }
    }
    let now = counter(&model(&mut site, Device::RoofInverter, 40_000, 103)[24..26]);
    assert!((now - production).abs_diff(energy.production.watt_hours().0) <= 1);
    let panels = model(&mut site, Device::RoofInverter, 40_000, 160);
    let direct = counter(&panels[22..24]) + counter(&panels[42..44]) - strings[0] - strings[1];
    assert!(
        direct > now - production && direct < (now - production) * 21 / 20,
        "{direct} Wh of direct current"
    );
}

#[test]
fn powers_agree_with_each_other() {
    let mut site = SimulatedSite::new(options());
    for hour in 1..30 {
        site.advance(site.since_noon(hour));
        let truth = site.truth();
        let grid = float(&mut site, Device::GridMeter, 0x34);
        let phases: f64 = [0x0C, 0x0E, 0x10]
            .map(|address| float(&mut site, Device::GridMeter, address))
            .iter()
            .sum();
        assert!((grid - phases).abs() < 0.1);
        assert!((grid * 1_000.0 - milliwatts(truth.grid_milliwatts())).abs() < 1_000.0);
        let (volts, amperes, factor) = (
            float(&mut site, Device::Flat(2), 0x00),
            float(&mut site, Device::Flat(2), 0x06),
            float(&mut site, Device::Flat(2), 0x1E),
        );
        let watts = float(&mut site, Device::Flat(2), 0x0C);
        assert!(
            (volts * amperes * factor - watts).abs() < 0.1,
            "{volts} V {amperes} A {factor}: {watts} W"
        );
        let battery = model(&mut site, Device::Battery, 40_000, 802);
        let bank = i64::from(battery[47].cast_signed());
        assert!(
            (bank * 1_000 - truth.battery_milliwatts()).abs() <= 500,
            "positive while it gives"
        );
        assert!(i64::from(battery[11]).abs_diff(truth.charge_permille) <= 1);
    }
}

/// A number of milliwatts as floating point; these are far below 2^31.
fn milliwatts(power: i64) -> f64 {
    f64::from(i32::try_from(power).expect("a power of a building"))
}

/// Moments counted from the beginning of these tests.
trait SinceNoon {
    fn since_noon(&self, hours: i64) -> Instant;
}

impl SinceNoon for SimulatedSite {
    fn since_noon(&self, hours: i64) -> Instant {
        Instant::from_millis(NOON * 1_000) + Span::HOUR.times(hours)
    }
}

#[test]
fn the_night_as_chosen() {
    let at_night = |night, inverter| {
        let mut site = SimulatedSite::new(SiteOptions {
            night,
            inverter,
            ..options()
        });
        site.advance(site.since_noon(12));
        site
    };
    let mut zero = at_night(NightBehaviour::Zero, InverterForm::Integers);
    let asleep = model(&mut zero, Device::RoofInverter, 40_000, 103);
    assert_eq!((asleep[14], asleep[38]), (0, 2), "no power, sleeping");
    assert!(counter(&asleep[24..26]) > 30_000_000, "the counter stands");
    let mut nothing = at_night(NightBehaviour::NotANumber, InverterForm::Integers);
    let asleep = model(&mut nothing, Device::RoofInverter, 40_000, 103);
    assert_eq!(
        (asleep[14], asleep[10], &asleep[24..26]),
        (0x8000, 0xFFFF, &[0, 0][..])
    );
    let mut floats = at_night(NightBehaviour::NotANumber, InverterForm::Floats);
    let asleep = model(&mut floats, Device::RoofInverter, 40_000, 113);
    assert_eq!(asleep[22..24], [0x7FC0, 0]);
    let mut silent = at_night(NightBehaviour::Silent, InverterForm::Integers);
    let request = ask(Device::RoofInverter, Function::Holding, 40_000, 2);
    assert_eq!(silent.answer(Line::Network, &request), None);
    assert!(
        silent.images(Device::Battery).is_some(),
        "the battery stays awake"
    );
    silent.advance(silent.since_noon(20));
    assert!(
        silent.answer(Line::Network, &request).is_some(),
        "and in the morning it wakes"
    );
}

#[test]
fn reboots_resets_and_roll_overs() {
    let mut site = SimulatedSite::new(options());
    site.reboot(Device::GridMeter, Span::from_secs(30));
    assert!(site.images(Device::GridMeter).is_none());
    site.advance(site.at() + Span::from_secs(30));
    assert!(site.images(Device::GridMeter).is_some());
    site.reboot(Device::GridMeter, Span::HOUR);
    site.wake(Device::GridMeter);
    assert!(site.images(Device::GridMeter).is_some());

    site.reset_counters(Device::Flat(1));
    assert_eq!(
        float(&mut site, Device::Flat(1), 0x48).to_bits(),
        0.0_f64.to_bits()
    );
    site.set_counters(Device::RoofInverter, WattHours((1 << 32) - 100));
    let before = counter(&model(&mut site, Device::RoofInverter, 40_000, 103)[24..26]);
    assert_eq!(before, (1 << 32) - 100);
    site.advance(site.at() + Span::HOUR);
    let after = counter(&model(&mut site, Device::RoofInverter, 40_000, 103)[24..26]);
    assert!(after < 12_000, "it rolled over to {after}");
    assert!(
        site.shown_watt_hours(Device::RoofInverter)
            .is_some_and(|shown| shown.0.0 > 1 << 32)
    );
    assert!(
        site.shown_watt_hours(Device::Flat(1))
            .is_some_and(|shown| shown.0.0 > 10)
    );
}

#[test]
fn other_forms_and_bases() {
    let mut site = SimulatedSite::new(SiteOptions {
        inverter: InverterForm::Floats,
        battery: BatteryForm::BasicStorage,
        sunspec_base: 0,
        ..options()
    });
    assert_eq!(
        words(&mut site, Device::RoofInverter, Function::Holding, 0, 2),
        [0x5375, 0x6E53]
    );
    assert_eq!(model(&mut site, Device::Battery, 0, 124)[2], 5_000);
    assert!(model(&mut site, Device::RoofInverter, 0, 113)[22] > 0);
    assert_eq!(model(&mut site, Device::RoofInverter, 0, 120)[3], 12_000);
}

#[test]
fn the_past_is_what_would_have_been_read() {
    let mut lived = SimulatedSite::new(options());
    let mut read = lived.clone();
    let (from, to) = (lived.since_noon(0), lived.since_noon(6));
    let mut moments = 0;
    let mut going = past(&mut lived, from, to, Span::MINUTE);
    while let Some((at, site)) = going.next_moment() {
        moments += 1;
        if at.as_millis() % 3_600_000 == 0 {
            read.advance(at);
            for device in DEVICES {
                let then: Vec<Image> = site.images(device).expect("awake").to_vec();
                assert_eq!(read.images(device), Some(&then[..]), "{device}");
            }
        }
    }
    assert_eq!(moments, 360);
    assert_eq!(lived.at(), to - Span::MINUTE);
}
