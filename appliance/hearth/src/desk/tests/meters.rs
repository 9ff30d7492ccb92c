//! The desk and what is true of a meter: its nameplate, which one it is, and whether the clock knows the time.

use super::*;

/// The counter of the meter to the street.
fn read(desk: &mut Desk<&Memory>, at: Instant, counter: i64) {
    let counter = number(counter);
    desk.take(update("street", at, &[(Quantity::EnergyForward, counter)]), at);
}

fn second(second: i64) -> Instant {
    NIGHT + Span::SECOND.times(second)
}

fn booked(desk: &mut Desk<&Memory>, memory: &Memory) -> i64 {
    memory.keep(desk.batch().expect("something waits"));
    memory.booked("street", Flow::Import)
}

#[test]
fn another_nameplate_counts_from_the_reload_on() {
    let memory = Memory::default();
    let mut desk = Desk::new(site(), &memory, NIGHT, CLOCK_FLOOR);
    for round in 0..10 {
        read(&mut desk, second(10 * round), 5_000_000 + 20 * round);
    }
    let larger = SITE.replacen("rated_power = 20000", "rated_power = 60000", 1);
    desk.reconfigure(Arc::new(Site::parse(&larger).expect("a good site")), second(100));
    for round in 10..100 {
        read(&mut desk, second(10 * round), 5_000_180 + 140 * (round - 9));
    }
    assert_eq!(booked(&mut desk, &memory), 180 + 140 * 89);
}

#[test]
fn another_meter_under_one_name_does_not_go_on_from_the_old_count() {
    let memory = Memory::default();
    let mut desk = Desk::new(site(), &memory, NIGHT, CLOCK_FLOOR);
    for round in 0..100 {
        read(&mut desk, second(10 * round), 5_000_000 + 20 * round);
    }
    let moved = SITE.replacen("unit = 1\n", "unit = 7\n", 1);
    desk.reconfigure(Arc::new(Site::parse(&moved).expect("a good site")), second(1_000));
    for round in 500..600 {
        read(&mut desk, second(10 * round), 5_003_000 + 20 * (round - 500));
    }
    let note = desk.devices()[0].notes.concat();
    assert!(note.contains("meter"), "{note:?}");
    let truth = 20 * 98 + 20 * 98;
    let booked = booked(&mut desk, &memory);
    assert!((truth..=truth + 20).contains(&booked), "{booked} Wh");
}

/// Another serial number at the same place is another meter.
#[test]
fn a_meter_that_was_exchanged_is_told_by_its_serial_number() {
    let memory = Memory::default();
    let mut desk = Desk::new(site(), &memory, NIGHT, CLOCK_FLOOR);
    for round in 0..200 {
        let (serial, at) = if round < 100 {
            ("A1", second(10 * round))
        } else {
            ("B2", second(3_600 + 10 * round))
        };
        let shown = 5_000_000 + 20 * round + if round < 100 { 0 } else { 3_000 };
        let mut update = update("street", at, &[(Quantity::EnergyForward, number(shown))]);
        update.identity = Some(devices::plan::Identity {
            maker: "Eastron".to_owned(),
            model: String::new(),
            version: String::new(),
            serial: serial.to_owned(),
        });
        desk.take(update, at);
    }
    let booked = booked(&mut desk, &memory);
    assert!(booked < 20 * 199, "3 kWh are the new meter's own: {booked} Wh");
}

/// The box was off for 60 hours at 2 kW; its clock goes on where it stopped, and is set ten minutes later.
#[test]
fn a_box_whose_clock_is_not_sure_keeps_the_energy_of_an_outage() {
    let memory = Memory::default();
    let mut desk = Desk::new(site(), &memory, NIGHT, CLOCK_FLOOR);
    let grown = |seconds: i64| 5_000_000 + seconds * 2_000 / 3_600;
    for round in 0..60 {
        read(&mut desk, second(10 * round), grown(10 * round));
    }
    booked(&mut desk, &memory);
    let off = 60 * 3_600;
    desk = Desk::new(site(), &memory, second(610), CLOCK_FLOOR);
    desk.set_clock(energy::Clock::Unsure);
    for round in 61..121 {
        read(&mut desk, second(10 * round), grown(off + 10 * round));
    }
    desk.set_clock(energy::Clock::Sure);
    for round in 121..240 {
        read(&mut desk, second(off + 10 * round), grown(off + 10 * round));
    }
    let truth = grown(off + 10 * 238) - 5_000_000;
    let booked = booked(&mut desk, &memory);
    assert!((booked - truth).abs() <= 6, "{booked} of {truth} Wh");
}

/// A SunSpec device whose chain leads nowhere answers, and shows nothing: its page says why, until it is found.
#[test]
fn a_device_whose_values_cannot_be_found_says_why() {
    let memory = Memory::default();
    let mut desk = Desk::new(site(), &memory, NIGHT, CLOCK_FLOOR);
    let notes = |desk: &Desk<&Memory>| {
        let all = desk.devices();
        let roof = all.iter().find(|device| device.name.as_str() == "roof");
        let roof = roof.expect("it is in the site");
        (roof.trouble.clone(), roof.notes.clone())
    };
    let why = devices::plan::WalkTrouble::NothingWanted;
    let mut lost = update("roof", NIGHT, &[(Quantity::Power, Err(NoValue::WrongDevice))]);
    lost.trouble = Some(why);
    desk.take(lost, NIGHT);
    assert_eq!(notes(&desk), (Some(why.to_string()), vec![why.to_string()]));
    desk.take(update("roof", NIGHT, &[(Quantity::Power, number(100))]), NIGHT);
    assert_eq!(notes(&desk), (None, Vec::new()));
}

/// A meter that answers every question with a refusal answers, and tells nothing: that is not well.
#[test]
fn a_meter_that_refuses_everything_is_not_called_well() {
    let memory = Memory::default();
    let mut desk = Desk::new(site(), &memory, NIGHT, CLOCK_FLOOR);
    let refused = Err(NoValue::Refused(2));
    for round in 0..30 {
        let at = second(10 * round);
        desk.take(update("street", at, &[(Quantity::Power, refused)]), at);
    }
    assert_eq!(desk.devices()[0].state, DeviceState::Degraded);
    for round in 30..60 {
        let at = second(10 * round);
        desk.take(update("street", at, &[(Quantity::Power, number(400))]), at);
    }
    assert_eq!(desk.devices()[0].state, DeviceState::Healthy);
}
