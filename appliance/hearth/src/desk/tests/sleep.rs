//! The desk and an inverter that is silent: asleep while the sun is low, unknown once it is up.

use super::*;

const SILENT: [(Quantity, Outcome); 2] = [
    (Quantity::Power, Err(NoValue::NoAnswer)),
    (Quantity::EnergyForward, Err(NoValue::NoAnswer)),
];

fn counted(desk: &mut Desk<&Memory>, at: Instant, power: i64, counter: i64) {
    let values = [
        (Quantity::Power, number(power)),
        (Quantity::EnergyForward, number(counter)),
    ];
    desk.take(update("roof", at, &values), at);
}

/// A gateway dies at night and is mended at half past seven, when the roof has made 8 kWh.
#[test]
fn a_roof_that_is_silent_in_daylight_is_not_known_to_make_nothing() {
    let memory = Memory::default();
    let mut desk = Desk::new(site(), &memory, NIGHT, CLOCK_FLOOR);
    let minute = |minute: i64| NIGHT + Span::MINUTE.times(minute);
    for early in 0..10 {
        counted(&mut desk, minute(early), 3, 900_000);
    }
    let street = |desk: &mut Desk<&Memory>, at| {
        desk.take(update("street", at, &[(Quantity::Power, number(400))]), at);
    };
    for silent in 10..450 {
        desk.take(update("roof", minute(silent), &SILENT), minute(silent));
        if silent == 300 {
            street(&mut desk, minute(silent));
            let now = desk.power(minute(silent)).expect("it sleeps");
            assert_eq!(now.production, Watts(0));
        }
    }
    street(&mut desk, minute(449));
    assert!(desk.power(minute(449)).is_err(), "the sun is well up");
    let power = desk.devices()[2].points[0].reading.clone().expect("it was asked");
    assert_eq!(power.outcome, Err(NoValue::NoAnswer));
    for late in 450..520 {
        counted(&mut desk, minute(late), 6_000, 908_000 + 100 * (late - 450));
    }
    memory.keep(desk.batch().expect("something waits"));
    assert_eq!(memory.booked("roof", Flow::Production), 8_000 + 100 * 68);
    let intervals = memory.intervals.borrow();
    let of_the_gap = intervals
        .iter()
        .filter(|((name, _, start), _)| name.as_str() == "roof" && *start < minute(435));
    for (_, interval) in of_the_gap {
        let measured = interval.quality == Quality::Measured;
        assert!(!measured || interval.energy.0 == 0, "{interval:?}");
        assert!(
            interval.energy.0 < 1_500,
            "spread over the daylight: {interval:?}"
        );
    }
}

/// The last value before the night was seen once. Copies of it must not prove it.
#[test]
fn a_wrong_last_value_is_not_confirmed_by_sleep() {
    let memory = Memory::default();
    let mut desk = Desk::new(site(), &memory, NIGHT, CLOCK_FLOOR);
    let second = |second: i64| NIGHT + Span::SECOND.times(second);
    for round in 0..20 {
        counted(&mut desk, second(10 * round), 3, 900_000);
    }
    counted(&mut desk, second(200), 3, 900_030);
    for silent in 21..100 {
        desk.take(update("roof", second(10 * silent), &SILENT), second(10 * silent));
    }
    for round in 100..150 {
        counted(&mut desk, second(10 * round), 3, 900_000);
    }
    memory.keep(desk.batch().expect("something waits"));
    assert_eq!(memory.booked("roof", Flow::Production), 0);
}

/// An inverter that answers at night with its counter and no power: its own counter speaks for itself.
#[test]
fn a_counter_that_answers_is_not_stood_in_for() {
    let memory = Memory::default();
    let mut desk = Desk::new(site(), &memory, NIGHT, CLOCK_FLOOR);
    let second = |second: i64| NIGHT + Span::SECOND.times(second);
    counted(&mut desk, second(0), 3, 900_000);
    counted(&mut desk, second(10), 3, 900_001);
    for round in 2..100 {
        let values = [
            (Quantity::Power, Err(NoValue::NotANumber)),
            (Quantity::EnergyForward, number(900_000 + round)),
        ];
        let at = second(10 * round);
        desk.take(update("roof", at, &values), at + Span::from_millis(40));
    }
    memory.keep(desk.batch().expect("something waits"));
    assert_eq!(memory.booked("roof", Flow::Production), 98);
}

/// Before sunrise nothing but its own past says that a silent roof sleeps, and a new nameplate is no reason to forget it.
#[test]
fn a_reload_wakes_no_sleeping_roof() {
    let memory = Memory::default();
    let mut desk = Desk::new(site(), &memory, NIGHT, CLOCK_FLOOR);
    let minute = |minute: i64| NIGHT + Span::MINUTE.times(minute);
    for early in 0..10 {
        counted(&mut desk, minute(early), 3, 900_000);
    }
    for silent in 10..300 {
        desk.take(update("roof", minute(silent), &SILENT), minute(silent));
    }
    assert_eq!(desk.devices()[2].state, DeviceState::Asleep);
    let larger = SITE.replacen("rated_power = 12000", "rated_power = 15000", 1);
    desk.reconfigure(Arc::new(Site::parse(&larger).expect("a good site")), minute(300));
    desk.take(update("roof", minute(301), &SILENT), minute(301));
    assert_eq!(desk.devices()[2].state, DeviceState::Asleep);
}
