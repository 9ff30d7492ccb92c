//! A recording of real power, served as the inverter that it was made on would have shown it.
//!
//! The power of the row in force is shown, noise below zero too; the counter counts what is above zero and never
//! falls. In a gap of the recording nothing is counted, and the inverter answers without measurements.

mod recording;
mod times;

use std::sync::{Mutex, PoisonError};

use devices::frame::{Reply, Request};
use units::Instant;

use crate::clock::Clock;
use crate::device::Line;
use crate::electric::Mains;
use crate::image;
use crate::inverter::{Build, DirectCurrent, Inverter, InverterForm, Measured, State};
use crate::number::{float, noise};
use crate::site::Site;

pub use recording::{PlayError, Recording, Row};

/// What the inverter's counter shows at the beginning of the recording, in watt-hours.
pub const COUNTER_AT_START: i64 = 1_000_000;

/// The unit number to which the played inverter answers.
pub const UNIT: u8 = 1;

/// A recording and the inverter that shows it, by a clock that begins where the recording begins.
#[derive(Debug)]
pub struct Player {
    recording: Recording,
    inverter: Mutex<Inverter>,
    clock: Clock,
}

impl Player {
    /// Lets `recording` be read by `clock`, in registers from `sunspec_base` on.
    pub fn new(recording: Recording, clock: Clock, sunspec_base: u16) -> Self {
        let peak = recording
            .rows()
            .iter()
            .map(|row| row.milliwatts.abs())
            .max()
            .unwrap_or(0);
        let inverter = Inverter::new(&Build {
            base: sunspec_base,
            form: InverterForm::Integers,
            maker: "Hearth",
            model: "Played recording",
            serial: "HP-1",
            rated: rated(peak),
            watts_power: finest_power(peak),
            strings: 0,
        });
        Self {
            recording,
            inverter: Mutex::new(inverter),
            clock,
        }
    }

    /// The recording.
    pub fn recording(&self) -> &Recording {
        &self.recording
    }

    /// The moment of the recording that is shown now.
    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    fn measured(&self, at: Instant, direct: &mut [DirectCurrent; 1]) -> State {
        let Some(row) = self.recording.in_force(at) else {
            return State::Nothing;
        };
        let watts = float(row.milliwatts) / 1_000.0;
        direct[0] = DirectCurrent {
            watts: watts.max(0.0) / 0.965,
            volts: if watts > 0.0 { 380.0 } else { 0.0 },
            watt_hours: 0,
        };
        if watts > 0.0 {
            State::Producing
        } else {
            State::Sleeping
        }
    }
}

/// A nameplate above everything the recording shows, in round 500 W.
fn rated(peak_milliwatts: i64) -> f64 {
    let halves = (peak_milliwatts + peak_milliwatts / 10) / 500_000 + 1;
    float(halves) * 500.0
}

/// The finest power of ten in which the peak, and half as much again, fits a signed word.
fn finest_power(peak_milliwatts: i64) -> i8 {
    let watts = float(peak_milliwatts) / 1_000.0 * 1.5;
    (-2..4)
        .find(|power| watts * 10_f64.powi(-i32::from(*power)) < 32_000.0)
        .unwrap_or(4)
}

impl Site for Player {
    fn answer(&self, line: Line, request: &Request) -> Option<Reply> {
        if line != Line::Network || request.unit != UNIT {
            return None;
        }
        let at = self.clock.now();
        let mut direct = [DirectCurrent::default()];
        let state = self.measured(at, &mut direct);
        let second = at.as_millis().div_euclid(1_000);
        let watts = self.recording.in_force(at).map_or(0, |row| row.milliwatts);
        let counted = self.recording.energy_until(at).watt_hours().0;
        let mut inverter = self.inverter.lock().unwrap_or_else(PoisonError::into_inner);
        inverter.refresh(&Measured {
            watts: float(watts) / 1_000.0,
            watt_hours: COUNTER_AT_START + counted,
            mains: Mains::at(1, second, [-watts / 3; 3]),
            case: 25.0 + float(watts.max(0)) / 1e6 + noise(&[2, second.div_euclid(60).unsigned_abs()]),
            strings: &direct,
            state,
        });
        Some(image::reply(std::slice::from_ref(inverter.image()), request))
    }
}

#[cfg(test)]
mod tests {
    use devices::frame::{ExceptionCode, Function, Reply, Request};
    use units::{Instant, Span};

    use super::{COUNTER_AT_START, Player, Recording, finest_power, rated};
    use crate::clock::Clock;
    use crate::device::Line;
    use crate::site::Site;

    const FILE: &str = "when,ac_power\n\
        2022-03-18 06:00:00Z,-2.7098\n\
        2022-03-18 06:01:00Z,600\n\
        2022-03-18 06:02:00Z,1200.5\n\
        2022-03-18 06:03:00Z,\n\
        2022-03-18 06:04:00Z,60\n";

    fn player() -> (Player, Clock, Instant) {
        let recording = Recording::parse(FILE, None, &jiff::tz::TimeZone::UTC).expect("a good file");
        let begins = recording.begins();
        let clock = Clock::held(begins);
        (Player::new(recording, clock.clone(), 0), clock, begins)
    }

    /// Power and counter (as words of model 103) that a master reads.
    fn read(player: &Player) -> (u16, u32) {
        let request = Request {
            unit: 1,
            function: Function::Holding,
            address: 70,
            count: 52,
        };
        let Some(Reply::Words(words)) = player.answer(Line::Network, &request) else {
            panic!("the inverter should answer");
        };
        (words[14], u32::from(words[24]) << 16 | u32::from(words[25]))
    }

    #[test]
    fn power_is_shown_and_only_what_is_above_zero_counts() {
        let (player, clock, begins) = player();
        let start = u32::try_from(COUNTER_AT_START).expect("small");
        assert_eq!(
            read(&player),
            ((-27_i16).cast_unsigned(), start),
            "noise below zero is shown"
        );
        clock.set(begins + Span::from_secs(60 + 30));
        assert_eq!(read(&player), (6_000, start + 5));
        clock.set(begins + Span::from_secs(179));
        assert_eq!(read(&player), (12_005, start + 29));
        clock.set(begins + Span::from_secs(181));
        assert_eq!(read(&player), (0x8000, 0), "nothing is known in a gap");
        clock.set(begins + Span::from_secs(10_000));
        assert_eq!(read(&player), (0x8000, 0), "nor after the end");
        assert_eq!(player.recording().energy().watt_hours().0, 31);
    }

    #[test]
    fn it_is_one_unit_on_the_network() {
        let (player, ..) = player();
        let ask = |unit, function, address| Request {
            unit,
            function,
            address,
            count: 2,
        };
        assert_eq!(player.answer(Line::Network, &ask(2, Function::Holding, 0)), None);
        assert_eq!(player.answer(Line::Serial, &ask(1, Function::Holding, 0)), None);
        let refused = player.answer(Line::Network, &ask(1, Function::Holding, 40_000));
        assert_eq!(refused, Some(Reply::Exception(ExceptionCode::ILLEGAL_ADDRESS)));
    }

    #[test]
    fn the_scale_fits_the_peak() {
        let powers = [0, 100_000, 2_000_000, 6_000_000, 90_000_000, 900_000_000_000].map(finest_power);
        assert_eq!(powers, [-2, -2, -1, 0, 1, 4]);
        assert!((rated(6_050_000) - 7_000.0).abs() < 0.1);
    }
}
