//! Laws of the site as its meters tell it, for any seed, season and pace of looking: counters only grow, the energies of
//! the meters add up, and the battery keeps what it takes less its losses.

use devices::frame::{Function, Reply, Request};
use jiff::tz::TimeZone;
use proptest::prelude::*;
use simulator::{BuildingOptions, DEVICES, Device, Line, SimulatedSite, SiteOptions};
use units::{Instant, Span, WattHours};

/// 2026-01-01 00:00 UTC.
const NEW_YEAR: i64 = 1_767_225_600;

fn site(seed: u64, day: i64) -> SimulatedSite {
    SimulatedSite::new(SiteOptions::new(BuildingOptions {
        latitude: 51.46,
        longitude: -2.56,
        seed,
        since: Instant::from_millis((NEW_YEAR + day * 86_400) * 1_000),
        zone: TimeZone::get("Europe/London").expect("a known zone"),
    }))
}

/// What the device's two counters show, forward and back, in watt-hours.
fn shown(site: &SimulatedSite, device: Device) -> [i64; 2] {
    let (forward, back) = site.shown_watt_hours(device).expect("a device of the site");
    [forward.0, back.0]
}

/// The bits of the two counters in the registers of a meter; of positive floats, more bits are more.
fn registers(site: &mut SimulatedSite, device: Device) -> Option<[u32; 2]> {
    let request = Request {
        unit: device.unit(),
        function: Function::Input,
        address: 0x48,
        count: 4,
    };
    match site.answer(device.line(), &request)? {
        Reply::Words(words) => {
            let bits = |at: usize| u32::from(words[at]) << 16 | u32::from(words[at + 1]);
            Some([bits(0), bits(2)])
        }
        Reply::Exception(_) => None,
    }
}

/// What the flats' meters have counted since `before`, each in the place of its number.
fn grown(site: &SimulatedSite, before: &[(Device, [i64; 2])], device: Device) -> [i64; 2] {
    let first = before
        .iter()
        .find(|(other, _)| *other == device)
        .expect("it was there")
        .1;
    let now = shown(site, device);
    [now[0] - first[0], now[1] - first[1]]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn counters_only_grow_however_often_they_are_looked_at(
        seed: u64,
        day in 0_i64..365,
        spans in proptest::collection::vec(1_i64..5_000_000, 4..16),
    ) {
        let mut site = site(seed, day);
        let on_the_line = DEVICES.into_iter().filter(|device| device.line() == Line::Serial);
        let mut before: Vec<_> = DEVICES.map(|device| shown(&site, device)).to_vec();
        let mut read: Vec<_> = on_the_line.clone().map(|device| registers(&mut site, device)).collect();
        for span in spans {
            site.advance(site.at() + Span::from_millis(span));
            for (device, before) in DEVICES.into_iter().zip(&mut before) {
                let now = shown(&site, device);
                prop_assert!(now[0] >= before[0] && now[1] >= before[1], "{device}: {before:?}, then {now:?}");
                *before = now;
            }
            for (device, before) in on_the_line.clone().zip(&mut read) {
                let now = registers(&mut site, device);
                let pairs = before.expect("awake").into_iter().zip(now.expect("awake"));
                prop_assert!(pairs.into_iter().all(|(before, now)| before <= now), "{device}'s registers went back");
                *before = now;
            }
        }
    }

    /// The box knows nothing but the meters: what they counted must add up, to the watt-hour that each rounds away.
    #[test]
    fn what_the_meters_counted_adds_up(seed: u64, day in 0_i64..365, hours in 1_i64..40) {
        let mut site = site(seed, day);
        let before: Vec<_> = DEVICES.map(|device| (device, shown(&site, device))).to_vec();
        site.reboot(Device::GridMeter, Span::HOUR);
        site.advance(site.at() + Span::HOUR.times(hours));
        let of = |device| grown(&site, &before, device);
        let [production, _] = of(Device::RoofInverter);
        let [import, export] = of(Device::GridMeter);
        let [discharge, charge] = of(Device::BatteryMeter);
        let flats: i64 = (1..=6).map(|number| of(Device::Flat(number))[0]).sum();
        let hall = site.truth().energy.hall.watt_hours().0;
        let left = production + import + discharge - export - charge - flats - hall;
        // Twelve counters, each less than one watt-hour off.
        prop_assert!(left.abs() <= 12, "{left} Wh too many");
        prop_assert_eq!(of(Device::Battery), [discharge, charge].map(|energy| energy), "the battery and its meter");
    }

    #[test]
    fn the_battery_keeps_what_it_takes_less_its_losses(seed: u64, day in 0_i64..365, hours in 1_i64..40) {
        let mut site = site(seed, day);
        let before = site.building().stored_watt_hours();
        site.advance(site.at() + Span::HOUR.times(hours));
        let truth = site.truth();
        let (charge, discharge) = (truth.energy.charge.milliwatt_seconds(), truth.energy.discharge.milliwatt_seconds());
        let kept = (charge * 96 / 100 - discharge * 100 / 96) / 3_600_000;
        let grown = site.building().stored_watt_hours() - before;
        prop_assert!(grown.abs_diff(kept) <= 2, "{grown} Wh more in it, {kept} Wh kept");
        prop_assert!((50..=1_000).contains(&truth.charge_permille));
        let stored = site.building().stored_watt_hours();
        prop_assert!(truth.charge_permille.abs_diff(stored / 10) <= 1, "{} for {stored} Wh", truth.charge_permille);
    }

    /// What befalls one device touches no other, and no truth.
    #[test]
    fn a_reset_or_a_reboot_is_its_own_device_s_affair(
        seed: u64,
        place in 0_usize..10,
        shows in 0_i64..5_000_000_000,
        silent in 1_i64..7_200,
    ) {
        let mut calm = site(seed, 170);
        let mut troubled = calm.clone();
        let device = DEVICES[place];
        troubled.set_counters(device, WattHours(shows));
        troubled.reboot(device, Span::from_secs(silent));
        prop_assert_eq!(shown(&troubled, device), [shows, shows]);
        for second in [silent - 1, silent, silent + 3_600] {
            calm.advance(site(seed, 170).at() + Span::from_secs(second));
            troubled.advance(calm.at());
            prop_assert_eq!(troubled.images(device).is_some(), second >= silent, "after {} s", second);
            for other in DEVICES.into_iter().filter(|other| *other != device) {
                prop_assert_eq!(troubled.images(other), calm.images(other), "{}", other);
            }
        }
        prop_assert_eq!(troubled.truth(), calm.truth());
        let since = shown(&troubled, device)[0] - shows;
        let counted = shown(&calm, device)[0] - shown(&site(seed, 170), device)[0];
        prop_assert!(since.abs_diff(counted) <= 1, "{since} Wh since the reset, {counted} Wh in truth");
    }
}
