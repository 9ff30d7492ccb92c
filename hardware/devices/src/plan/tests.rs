//! Plans against small devices: what is asked when, and what each kind of answer becomes.

use std::collections::BTreeMap;
use std::sync::Arc;

use expect_test::expect;
use proptest::prelude::*;
use units::{DeviceName, Instant, NoValue, Number, Quantity, Reading, Span};

use super::{Answer, Direction, LineCost, Now, Plan, PlanOptions, WalkTrouble};
use crate::frame::{ExceptionCode, Function, Request};
use crate::profile::{Class, Profile, find};
use crate::sunspec::walk::WalkFault;

const COST: LineCost = LineCost {
    byte_us: 1_042,
    overhead_bytes: 13,
    turnaround_us: 30_000,
};

fn options(reversed: Direction) -> PlanOptions {
    PlanOptions {
        unit: 5,
        fast: Span::SECOND,
        slow: Span::MINUTE,
        reversed,
    }
}

fn plan_of(profile: Arc<Profile>, reversed: Direction) -> Plan {
    let device = DeviceName::parse("meter").expect("a good name");
    Plan::new(&device, profile, options(reversed), COST)
}

fn builtin(id: &str, reversed: Direction) -> Plan {
    plan_of(find(id).expect("a profile of Hearth's"), reversed)
}

fn at(millis: i64) -> Now {
    Now {
        tick: Span::from_millis(millis),
        utc: Instant::from_millis(1_000_000 + millis),
    }
}

fn value<'a>(readings: &'a [Reading], point: &str) -> Option<&'a Reading> {
    readings.iter().find(|reading| reading.channel.point() == point)
}

/// The registers of a device; what is not there reads as 0.
#[derive(Default)]
struct Registers(BTreeMap<u16, u16>);

impl Registers {
    fn put(&mut self, address: u16, words: &[u16]) {
        self.0.extend((address..).zip(words.iter().copied()));
    }

    fn put_float(&mut self, address: u16, number: f32) {
        let bytes = number.to_be_bytes();
        let words = [[bytes[0], bytes[1]], [bytes[2], bytes[3]]].map(u16::from_be_bytes);
        self.put(address, &words);
    }

    fn read(&self, request: &Request) -> Vec<u16> {
        (0..request.count)
            .map(|offset| self.0.get(&(request.address + offset)).copied().unwrap_or(0))
            .collect()
    }
}

/// Asks and answers until nothing is due any more.
fn drain(plan: &mut Plan, registers: &Registers, now: Now) -> Vec<Reading> {
    let mut readings = Vec::new();
    while let Some(request) = plan.poll_request(now.tick) {
        readings.extend(plan.handle_answer(Answer::Words(&registers.read(&request)), now));
    }
    readings
}

/// A SunSpec meter with the models 1 and 203.
fn sunspec_meter(serial: u16, power: i16) -> Registers {
    let mut registers = Registers::default();
    registers.put(40_000, &[0x5375, 0x6E53, 1, 66]);
    registers.put(40_004, &[0x4142]);
    registers.put(40_052, &[serial]);
    registers.put(40_070, &[203, 105]);
    registers.put(40_088, &[power.cast_unsigned()]);
    registers.put(40_092, &[1]);
    registers.put(40_108, &[0, 500]);
    registers.put(40_116, &[1, 0]);
    registers.put(40_124, &[0xFFFF]);
    registers.put(40_177, &[0xFFFF, 0]);
    registers
}

#[test]
fn an_sdm630_is_read_in_three_requests() {
    let plan = builtin("eastron-sdm630", Direction::Usual);
    let shown: Vec<String> = plan
        .requests()
        .iter()
        .map(|(class, request)| format!("{class:?} {:#06x} {}", request.address, request.count))
        .collect();
    expect![[r#"
        Fast 0x0000 72
        Slow 0x0048 8
        Slow 0x0156 16"#]]
    .assert_eq(&shown.join("\n"));
    let microseconds: u64 = plan
        .requests()
        .iter()
        .map(|(_, request)| COST.request_us(request.count))
        .sum();
    assert!(microseconds < 600_000, "{microseconds}");
}

#[test]
fn counters_and_powers_of_a_meter() {
    let mut registers = Registers::default();
    registers.put_float(0x0C, -1234.5);
    registers.put_float(0x48, 1234.567);
    registers.put_float(0x4A, 100_000.0);
    let mut plan = builtin("eastron-sdm120", Direction::Usual);
    let readings = drain(&mut plan, &registers, at(7));
    assert_eq!(readings.len(), plan.points().len());
    let power = value(&readings, "power").expect("a power");
    assert_eq!(
        (power.outcome, power.at),
        (Ok(Number::exact(-1235)), Instant::from_millis(1_000_007))
    );
    let export = value(&readings, "energy_export").expect("a counter");
    assert_eq!(
        export.outcome,
        Ok(Number {
            value: 100_000_000,
            step: 8
        })
    );
    assert_eq!(plan.raw("power"), Some(&[0xC49A, 0x5000][..]));
    assert_eq!(plan.raw("nothing"), None);

    let mut turned = builtin("eastron-sdm120", Direction::Reversed);
    let readings = drain(&mut turned, &registers, at(7));
    assert_eq!(
        value(&readings, "power").map(|it| it.outcome),
        Some(Ok(Number::exact(1235)))
    );
    let import = value(&readings, "energy_import").map(|it| it.outcome);
    assert_eq!(
        import,
        Some(Ok(Number {
            value: 100_000_000,
            step: 8
        }))
    );
    let forward = turned
        .points()
        .iter()
        .find(|point| point.quantity == Quantity::EnergyForward);
    assert_eq!(
        forward.map(|point| (point.name.as_str(), point.address)),
        Some(("energy_import", 0x4A))
    );
}

#[test]
fn each_kind_of_answer_has_its_reason() {
    for (answer, reason) in [
        (Answer::Silence, NoValue::NoAnswer),
        (Answer::Garbled, NoValue::Garbled),
        (Answer::LineDown, NoValue::LineDown),
        (Answer::Words(&[1, 2]), NoValue::Garbled),
        (
            Answer::Exception(ExceptionCode::ILLEGAL_ADDRESS),
            NoValue::Refused(2),
        ),
        // A gateway's word for a device that does not answer it.
        (Answer::Exception(ExceptionCode::NO_PATH), NoValue::NoAnswer),
        (Answer::Exception(ExceptionCode::NO_RESPONSE), NoValue::NoAnswer),
    ] {
        let mut plan = builtin("eastron-sdm120", Direction::Usual);
        assert_eq!(plan.handle_answer(answer, at(0)), [], "nothing was asked");
        let request = plan.poll_request(Span::ZERO).expect("due at once");
        assert_eq!((request.unit, request.function), (5, Function::Input));
        assert_eq!(plan.poll_request(Span::ZERO), None, "one question at a time");
        let readings = plan.handle_answer(answer, at(0));
        assert!(!readings.is_empty());
        assert!(
            readings.iter().all(|reading| reading.outcome == Err(reason)),
            "{reason}"
        );
    }
}

#[test]
fn cycles_keep_their_grid_and_do_not_bunch_up() {
    let registers = Registers::default();
    let mut plan = builtin("eastron-sdm120", Direction::Usual);
    drain(&mut plan, &registers, at(250));
    assert_eq!(plan.next_due(), Span::from_millis(1_250));
    assert_eq!(plan.poll_request(Span::from_millis(1_249)), None);
    drain(&mut plan, &registers, at(1_400));
    assert_eq!(plan.next_due(), Span::from_millis(2_250));
    // Ten seconds late: one round, not ten.
    let round = drain(&mut plan, &registers, at(12_300));
    let fast = plan
        .points()
        .iter()
        .filter(|point| point.class == Class::Fast)
        .count();
    assert_eq!(round.len(), fast);
    assert_eq!(plan.next_due(), Span::from_millis(13_250));
}

#[test]
fn a_line_that_is_too_slow_for_the_fast_cycle_does_not_starve_the_slow_one() {
    let mut plan = builtin("eastron-sdm630", Direction::Usual);
    let mut order = String::new();
    for step in 0..8 {
        // Each answer takes longer than the fast period.
        let now = at(step * 1_500);
        let request = plan.poll_request(now.tick).expect("always something due");
        let class = plan
            .requests()
            .iter()
            .find(|row| row.1 == request)
            .map(|row| row.0);
        order.push_str(if class == Some(Class::Fast) { "f" } else { "s" });
        plan.handle_answer(Answer::Silence, now);
    }
    assert_eq!(order, "fsfsffff");
}

#[test]
fn requests_are_packed_anew_when_the_turnaround_changed() {
    let registers = Registers::default();
    let mut plan = builtin("eastron-sdm120", Direction::Usual);
    drain(&mut plan, &registers, at(0));
    let before = plan.requests();
    plan.set_turnaround(33_000);
    drain(&mut plan, &registers, at(1_000));
    assert_eq!(plan.requests(), before);
    plan.set_turnaround(200_000);
    drain(&mut plan, &registers, at(2_000));
    assert!(plan.requests().len() < before.len(), "{:?}", plan.requests());
}

#[test]
fn a_sunspec_device_is_walked_and_then_read() {
    let mut plan = builtin("sunspec-meter", Direction::Usual);
    assert!(plan.points().is_empty());
    let readings = drain(&mut plan, &sunspec_meter(0x5A39, -40), at(0));
    assert_eq!(
        plan.identity().map(|identity| identity.serial.as_str()),
        Some("Z9")
    );
    let outcome = |point: &str| value(&readings, point).map(|reading| reading.outcome);
    assert_eq!(
        outcome("power"),
        Some(Ok(Number {
            value: -400,
            step: 10
        }))
    );
    assert_eq!(outcome("energy_import"), Some(Ok(Number::exact(6_554))));
    assert_eq!(outcome("energy_export"), Some(Ok(Number::exact(50))));
    let import = plan
        .points()
        .iter()
        .find(|point| point.name.as_str() == "energy_import");
    assert_eq!(
        import.map(|point| (point.address, point.factor_at)),
        Some((40_116, Some(40_124)))
    );
}

#[test]
fn silence_before_the_first_walk_is_told_for_the_values_one_hopes_for() {
    let mut plan = builtin("sunspec-inverter", Direction::Usual);
    plan.poll_request(Span::ZERO).expect("the walk begins");
    let readings = plan.handle_answer(Answer::Silence, at(0));
    assert_eq!(
        value(&readings, "power").map(|it| it.outcome),
        Some(Err(NoValue::NoAnswer))
    );
    assert!(
        readings
            .iter()
            .all(|reading| !reading.channel.as_str().contains('#'))
    );
    assert_eq!(
        plan.poll_request(Span::from_millis(999)),
        None,
        "not at once again"
    );
    assert!(plan.poll_request(Span::SECOND).is_some());
}

#[test]
fn three_failures_lead_to_a_new_walk_that_keeps_the_identity() {
    let registers = sunspec_meter(0x5A39, 1);
    let mut plan = builtin("sunspec-meter", Direction::Usual);
    drain(&mut plan, &registers, at(0));
    let mut failures = 0;
    let mut now = 1_000;
    while plan
        .poll_request(Span::from_millis(now))
        .is_some_and(|request| request.address != 40_000)
    {
        plan.handle_answer(Answer::Silence, at(now));
        failures += 1;
        now += 1_000;
    }
    assert_eq!(failures, 3);
    assert!(plan.identity().is_some());
    plan.handle_answer(Answer::Silence, at(now));
    let readings = drain(&mut plan, &registers, at(now + 1_000));
    assert_eq!(
        value(&readings, "power").map(|it| it.outcome),
        Some(Ok(Number { value: 10, step: 10 }))
    );
}

/// An inverter with eight modules: the scale factor of the last two is too far away for one read.
#[test]
fn values_that_no_read_can_bring_say_so() {
    let mut registers = Registers::default();
    registers.put(40_000, &[0x5375, 0x6E53, 160, 168]);
    registers.put(40_010, &[8]);
    registers.put(40_172, &[0xFFFF, 0]);
    let mut plan = builtin("sunspec-inverter", Direction::Usual);
    let readings = drain(&mut plan, &registers, at(0));
    let outcome = |point: &str| value(&readings, point).map(|reading| reading.outcome);
    assert_eq!(outcome("dc6_power"), Some(Ok(Number::exact(0))));
    assert_eq!(outcome("dc7_power"), Some(Err(NoValue::Incomplete)));
    assert_eq!(outcome("dc8_power"), Some(Err(NoValue::Incomplete)));
    assert_eq!(plan.trouble(), None);
}

#[test]
fn a_reading_without_a_value_has_no_words() {
    let registers = sunspec_meter(0x5A39, 1);
    let mut plan = builtin("sunspec-meter", Direction::Usual);
    drain(&mut plan, &registers, at(0));
    assert!(plan.raw("power").is_some());
    plan.poll_request(Span::SECOND).expect("it is due");
    let readings = plan.handle_answer(Answer::Silence, at(1_000));
    assert!(value(&readings, "power").is_some());
    assert_eq!(plan.raw("power"), None);
    drain(&mut plan, &registers, at(2_000));
    assert!(plan.raw("power").is_some());
}

/// A chain that begins at 0, and a night: in the morning the first question is the right one.
#[test]
fn a_new_walk_begins_where_the_chain_was() {
    let mut registers = Registers::default();
    registers.put(0, &[0x5375, 0x6E53, 101, 50]);
    registers.put(54, &[0xFFFF, 0]);
    let mut plan = builtin("sunspec-inverter", Direction::Usual);
    plan.poll_request(Span::ZERO).expect("the walk begins");
    plan.handle_answer(Answer::Exception(ExceptionCode::ILLEGAL_ADDRESS), at(0));
    drain(&mut plan, &registers, at(0));
    for second in 1..=3 {
        plan.poll_request(Span::from_secs(second)).expect("it is due");
        plan.handle_answer(Answer::Silence, at(second * 1_000));
    }
    let request = plan.poll_request(Span::from_secs(5)).expect("a new walk");
    assert_eq!((request.address, request.count), (0, 4));
}

#[test]
fn another_serial_number_is_another_device_until_it_is_accepted() {
    let mut plan = builtin("sunspec-meter", Direction::Usual);
    let known = {
        let mut first = builtin("sunspec-meter", Direction::Usual);
        drain(&mut first, &sunspec_meter(0x5A39, 1), at(0));
        first.identity().cloned().expect("an identity")
    };
    plan.remember_identity(known.clone());
    let other = sunspec_meter(0x5A40, 1);
    let readings = drain(&mut plan, &other, at(0));
    assert!(!readings.is_empty());
    assert!(
        readings
            .iter()
            .all(|reading| reading.outcome == Err(NoValue::WrongDevice))
    );
    assert_eq!(plan.identity(), Some(&known));
    assert_eq!(
        plan.stranger().map(|identity| identity.serial.as_str()),
        Some("Z@")
    );
}

#[test]
fn no_sunspec_at_all_and_the_wrong_profile_are_tried_again_after_a_while() {
    let mut plan = builtin("sunspec-meter", Direction::Usual);
    let readings = drain(&mut plan, &Registers::default(), at(0));
    assert_eq!(
        value(&readings, "power").map(|it| it.outcome),
        Some(Err(NoValue::WrongDevice))
    );
    assert_eq!(plan.next_due(), Span::MINUTE);
    assert_eq!(plan.trouble(), Some(WalkTrouble::Chain(WalkFault::NoMarker)));

    let mut plan = builtin("sunspec-battery", Direction::Usual);
    let readings = drain(&mut plan, &sunspec_meter(1, 1), at(0));
    assert!(
        readings
            .iter()
            .all(|reading| reading.outcome == Err(NoValue::WrongDevice))
    );
    assert_eq!(plan.trouble(), Some(WalkTrouble::NothingWanted));
    assert_eq!(plan.next_due(), Span::MINUTE);
}

#[test]
fn a_counter_learns_where_it_starts_again_from_its_scale_factor() {
    let mut plan = builtin("sunspec-inverter", Direction::Usual);
    let mut registers = Registers::default();
    registers.put(0, &[0x5375, 0x6E53, 101, 50]);
    registers.put(26, &[0, 7, 3]);
    registers.put(54, &[0xFFFF, 0]);
    let refused = plan.poll_request(Span::ZERO).expect("the walk begins");
    assert_eq!(refused.address, 40_000);
    plan.handle_answer(Answer::Exception(ExceptionCode::ILLEGAL_ADDRESS), at(0));
    let readings = drain(&mut plan, &registers, at(0));
    let energy = plan.points().iter().find(|point| point.name.as_str() == "energy");
    assert_eq!(
        energy.and_then(|point| point.counter_modulus),
        Some(4_294_967_296_000)
    );
    let outcome = value(&readings, "energy").map(|it| it.outcome);
    assert_eq!(
        outcome,
        Some(Ok(Number {
            value: 7_000,
            step: 1_000
        }))
    );
}

proptest! {
    #[test]
    fn any_answers_at_any_times_are_taken(
        id in prop::sample::select(vec!["eastron-sdm630", "sunspec-inverter"]),
        steps in prop::collection::vec((0_i64..5_000, 0_u8..7, any::<u16>()), 0..200),
    ) {
        let mut plan = builtin(id, Direction::Usual);
        let chain = sunspec_meter(1, 2);
        let mut now = 0;
        for (wait, kind, word) in steps {
            now += wait;
            let Some(request) = plan.poll_request(Span::from_millis(now)) else {
                prop_assert!(plan.next_due() > Span::from_millis(now));
                continue;
            };
            prop_assert!(request.is_possible());
            let words = vec![word; usize::from(request.count)];
            let readings = plan.handle_answer(match kind {
                0 => Answer::Silence,
                1 => Answer::Garbled,
                2 => Answer::LineDown,
                3 => Answer::Exception(ExceptionCode(u8::try_from(word % 256).expect("a byte"))),
                4 => Answer::Words(&words[1..]),
                5 => Answer::Words(&words),
                _ => {
                    let words = chain.read(&request);
                    let readings = plan.handle_answer(Answer::Words(&words), at(now));
                    prop_assert!(readings.len() <= 200);
                    continue;
                }
            }, at(now));
            prop_assert!(readings.iter().all(|reading| reading.channel.device() == "meter"));
        }
    }
}
