//! What is true at the place at a moment, in each of its moods.

use acts::Live;
use acts::live::{
    BackupLive, BusLive, DeviceLive, DeviceState, Latency, PointLive, StoreLive, TaskLive, Trouble,
};
use energy::{PowerInputs, Source, power_now};
use units::{Instant, NoValue, Number, Quantity, Reading, Span, Unit, Watts};

use super::{AFTERNOON, Mood, channel, name};

/// Why the roof is silent.
const REFUSED: &str = "the connection to 192.0.2.7:502 was refused";

/// Everything that is known at a moment.
pub(super) fn at(mood: Mood, now: i64) -> Live {
    let [roof, street, battery] = powers(mood, now);
    let read = Instant::from_millis(now - 2_000);
    let fresh = |watts| Source::Fresh {
        watts: Watts(watts),
        at: read,
    };
    let production = if mood == Mood::RoofSilent {
        Source::Stale { since: Some(since()) }
    } else {
        fresh(roof)
    };
    Live {
        at: Instant::from_millis(now),
        started: Instant::from_millis(now - 6 * 3_600_000),
        power: power_now(&PowerInputs {
            production,
            grid: fresh(street),
            battery: fresh(battery),
        }),
        devices: vec![
            roof_at(mood, read, roof),
            street_at(read, street),
            battery_at(read, battery),
            device("flat-1", DeviceState::Healthy, read, 640),
            hall_at(read),
        ],
        buses: vec![
            bus("roof", "Modbus TCP, 192.0.2.7:502", mood == Mood::RoofSilent),
            bus("cupboard", "serial /dev/ttyUSB0, 9600 baud 8N1", false),
        ],
        tasks: ["recorder", "bus roof", "bus cupboard", "web"].map(task).into(),
        store: StoreLive {
            file_bytes: 48_234_496,
            last_commit: Some(Instant::from_millis(now - 4_000)),
            commit_took: Span::from_millis(12),
            commits: 2_160,
            card_bytes: Some(31_457_280),
            waiting: 40,
            trouble: None,
            backup: BackupLive::default(),
        },
        troubles: if mood == Mood::RoofSilent {
            troubles()
        } else {
            Vec::new()
        },
    }
}

/// The powers of roof, street and battery, told by hand, so that the sentence is a known one. They drift a little, so
/// that a page can be seen to move.
fn powers(mood: Mood, now: i64) -> [i64; 3] {
    let drift = now / 1_000 % 7 * 30;
    match mood {
        Mood::Night => [-3, 1_340 + drift, 0],
        Mood::Sunny | Mood::RoofSilent => [6_210 + drift, -1_210 - drift, -920],
    }
}

/// Since when the roof is silent.
fn since() -> Instant {
    Instant::from_millis(AFTERNOON - 300_000)
}

fn roof_at(mood: Mood, read: Instant, watts: i64) -> DeviceLive {
    match mood {
        Mood::Sunny => device("roof", DeviceState::Healthy, read, watts),
        Mood::Night => device("roof", DeviceState::Asleep, read, watts),
        Mood::RoofSilent => DeviceLive {
            last_answer: Some(since()),
            last_error: Some((read, REFUSED.to_owned())),
            ..device("roof", DeviceState::Gone, read, watts)
        },
    }
}

fn street_at(read: Instant, watts: i64) -> DeviceLive {
    let mut street = device("street", DeviceState::Degraded, read, watts);
    street.last_error = Some((read - Span::from_secs(93), "the answer was damaged".to_owned()));
    let values = [
        (
            "energy_import",
            Quantity::EnergyForward,
            Unit::WattHours,
            Ok(38_412_530),
        ),
        ("voltage_l1", Quantity::Voltage, Unit::Decivolts, Ok(2_301)),
        (
            "voltage_l2",
            Quantity::Voltage,
            Unit::Decivolts,
            Err(NoValue::Garbled),
        ),
        ("frequency", Quantity::Frequency, Unit::Centihertz, Ok(5_001)),
    ];
    street.points.extend(
        values.map(|(name, quantity, unit, value)| point("street", name, (quantity, unit), (read, value))),
    );
    street.notes.push(
        "the counter went back from 38,412 to 12 Wh at 09:10; it is held until it has grown again".to_owned(),
    );
    street
}

fn battery_at(read: Instant, watts: i64) -> DeviceLive {
    let mut battery = device("battery", DeviceState::Healthy, read, watts);
    battery.points.push(point(
        "battery",
        "charge",
        (Quantity::Charge, Unit::Permille),
        (read, Ok(712)),
    ));
    battery
}

fn hall_at(read: Instant) -> DeviceLive {
    DeviceLive {
        last_answer: None,
        asked: 0,
        answered: 0,
        points: Vec::new(),
        ..device("hall", DeviceState::Waiting, read, 0)
    }
}

fn device(device: &str, state: DeviceState, read: Instant, watts: i64) -> DeviceLive {
    DeviceLive {
        name: name(device),
        state,
        last_answer: Some(read),
        asked: 12_430,
        answered: 12_427,
        last_error: None,
        latency: Some(Latency {
            middle: Span::from_millis(38),
            slow: Span::from_millis(61),
            slowest: Span::from_millis(240),
        }),
        patience: Span::from_millis(400),
        identity: vec![("Serial number".to_owned(), "20251117".to_owned())],
        points: vec![point(
            device,
            "power",
            (Quantity::Power, Unit::Watts),
            (read, Ok(watts)),
        )],
        trouble: None,
        notes: Vec::new(),
    }
}

fn point(
    device: &str,
    name: &str,
    (quantity, unit): (Quantity, Unit),
    (at, value): (Instant, Result<i64, NoValue>),
) -> PointLive {
    let channel = channel(device, name);
    PointLive {
        reading: Some(Reading {
            channel: channel.clone(),
            at,
            outcome: value.map(Number::exact),
        }),
        channel,
        quantity,
        unit,
        registers: "input 0x0034, 2 words".into(),
        raw: vec![0x4498, 0x6000],
        meaning: "float32, high word first".into(),
        source: "the maker’s protocol description, table 3 (checked on a device)".into(),
    }
}

fn bus(bus: &str, wire: &str, down: bool) -> BusLive {
    BusLive {
        name: name(bus),
        wire: wire.to_owned(),
        down: down.then(|| REFUSED.to_owned()),
        asked: 43_100,
        answered: 43_068,
        silent: 24,
        refused: 8,
        drained: 112,
        busy_permille: 412,
    }
}

fn task(name: &str) -> TaskLive {
    TaskLive {
        name: name.to_owned(),
        running: true,
        restarts: 0,
        last_error: None,
    }
}

fn troubles() -> Vec<Trouble> {
    let grave = "Nothing answers at 192.0.2.7:502. Look whether the inverter’s network cable is in";
    let rows = [
        ("bus roof", grave, true),
        ("clock", "The clock was put right by 3 minutes at 09:10", false),
    ];
    let trouble = |(about, sentence, must_act): (&str, &str, bool)| Trouble {
        about: about.to_owned(),
        sentence: sentence.to_owned(),
        must_act,
    };
    rows.map(trouble).into()
}
