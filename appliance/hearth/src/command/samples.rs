//! Answers of a made-up box for tests: built of the views that the real one sends, and read back as the command reads
//! them, so that a field that was renamed on one side is noticed.

use acts::look::{
    BackupView, BoxView, BucketView, BusView, ChannelView, DeviceView, EnergyView, KeptView, LatencyView,
    PointView, PowerView, ReadingView, StoreView, TaskView, TotalsView, TroubleView,
};
use acts::record::LineView;
use acts::{Direction, Frame};
use energy::calendar::Zone;
use serde::Serialize;
use serde::de::DeserializeOwned;
use system::control::{FrameView, StatusView};
use units::{Instant, Unit};

use super::moment::Wall;

/// 14:03:22 on a summer's day in London.
pub(super) const NOW_MS: i64 = 1_781_615_002_507;

/// The clock of the made-up place.
pub(super) fn wall() -> Wall {
    Wall {
        zone: Zone::parse("Europe/London").expect("a zone"),
        now: Instant::from_millis(NOW_MS),
    }
}

/// What the box sends, as the command reads it.
pub(super) fn read<T: DeserializeOwned>(view: &impl Serialize) -> T {
    let text = serde_json::to_string(view).expect("a view is JSON");
    serde_json::from_str(&text).expect("the command reads what the box sends")
}

pub(super) fn status() -> StatusView {
    StatusView {
        the_box: BoxView {
            version: "0.1.0".to_owned(),
            place: "Old Fire Station".to_owned(),
            now_ms: NOW_MS,
            started_ms: NOW_MS - 273_600_000,
            buses: vec![
                bus("network", None),
                bus("cupboard", Some("no such port; is the adapter plugged in?")),
            ],
            tasks: vec![task("recorder", true, 0), task("bus cupboard", false, 3)],
            store: StoreView {
                file_bytes: 12_345_678,
                last_commit_ms: Some(NOW_MS - 3_000),
                commit_took_ms: 12,
                commits: 21_400,
                card_bytes: Some(98_765_432),
                waiting: 40,
                trouble: None,
                kept: KeptView {
                    readings_days: Some(90),
                    minutes_days: Some(5 * 366),
                },
                backup: BackupView::default(),
            },
            troubles: vec![
                trouble(
                    "bus cupboard",
                    "the adapter is gone. Plug it in again; what was stored is safe",
                    true,
                ),
                trouble(
                    "clock",
                    "the box's time came from the meter's last reading",
                    false,
                ),
            ],
        },
        time_zone: "Europe/London".to_owned(),
        power: power(),
    }
}

pub(super) fn power() -> PowerView {
    PowerView {
        at_ms: NOW_MS,
        measured_ms: Some(NOW_MS - 1_200),
        production_w: Some(3_204),
        consumption_w: Some(1_954),
        import_w: Some(0),
        export_w: Some(50),
        charge_w: Some(1_200),
        discharge_w: Some(0),
        sun_to_use_w: Some(1_954),
        sun_to_battery_w: Some(1_200),
        sun_to_street_w: Some(50),
        battery_to_use_w: Some(0),
        battery_to_street_w: Some(0),
        street_to_use_w: Some(0),
        street_to_battery_w: Some(0),
        battery_permille: Some(542),
        has_production: true,
        has_battery: true,
        has_grid: true,
        roof_draws_w: None,
        roof_asleep: false,
        missing: Vec::new(),
    }
}

fn bus(name: &str, down: Option<&str>) -> BusView {
    BusView {
        name: name.to_owned(),
        wire: "serial /dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A10K-if00-port0, 9600 baud 8N1".to_owned(),
        down: down.map(str::to_owned),
        asked: 1_234_567,
        answered: 1_233_000,
        silent: 1_200,
        refused: 367,
        drained: 12,
        busy_permille: 412,
    }
}

fn task(name: &str, running: bool, restarts: u32) -> TaskView {
    let last_error = (restarts > 0).then(|| "the port went away".to_owned());
    TaskView {
        name: name.to_owned(),
        running,
        restarts,
        last_error,
    }
}

fn trouble(about: &str, sentence: &str, must_act: bool) -> TroubleView {
    TroubleView {
        about: about.to_owned(),
        sentence: sentence.to_owned(),
        must_act,
    }
}

pub(super) fn device(name: &str, state: &str) -> DeviceView {
    DeviceView {
        name: name.to_owned(),
        label: "Meter at the street".to_owned(),
        role: "grid".to_owned(),
        kind: "Eastron SDM630-Modbus".to_owned(),
        profile: "eastron-sdm630".to_owned(),
        bus: "cupboard".to_owned(),
        unit: 1,
        state: state.to_owned(),
        private: false,
        audience: "everyone".to_owned(),
        last_answer_ms: Some(NOW_MS - 2_000),
        asked: 1_000,
        answered: 996,
        last_error_ms: Some(NOW_MS - 600_000),
        last_error: Some("the answer was damaged".to_owned()),
        latency: Some(LatencyView {
            middle_ms: 41,
            slow_ms: 60,
            slowest_ms: 188,
        }),
        patience_ms: 240,
        identity: vec![("serial number".to_owned(), "20394857".to_owned())],
        points: vec![
            point("power", Some("-1250 W"), None),
            point("voltage_l1", None, Some("no answer came in time")),
            PointView {
                at_ms: None,
                raw: Vec::new(),
                ..point("energy_import", None, None)
            },
        ],
        notes: vec!["the counter of what came in went back by 3 Wh; it is held until it grows".to_owned()],
    }
}

fn point(name: &str, shown: Option<&str>, why: Option<&str>) -> PointView {
    PointView {
        channel: format!("grid-meter/{name}"),
        point: name.to_owned(),
        quantity: "power".to_owned(),
        unit: Unit::Watts.name().to_owned(),
        shown: shown.map(str::to_owned),
        value: shown.map(|_| -1_250),
        why: why.map(|_| "no-answer".to_owned()),
        why_words: why.map(str::to_owned),
        at_ms: Some(NOW_MS - 2_000),
        registers: "input 0x0034, 2 words".to_owned(),
        raw: vec!["c49c".to_owned(), "4000".to_owned()],
        meaning: "float32".to_owned(),
        source: "V2 the maker's protocol".to_owned(),
    }
}

pub(super) fn totals(quality: &'static str) -> TotalsView {
    TotalsView {
        production_wh: Some(1_204),
        consumption_wh: Some(806),
        import_wh: Some(10),
        export_wh: Some(208),
        charge_wh: Some(200),
        discharge_wh: Some(0),
        self_used_wh: Some(996),
        sun_to_use_wh: 796,
        sun_to_battery_wh: 200,
        sun_to_street_wh: 208,
        battery_to_use_wh: 0,
        battery_to_street_wh: 0,
        street_to_use_wh: 10,
        street_to_battery_wh: 0,
        self_consumption_permille: Some(827),
        self_sufficiency_permille: Some(988),
        quality,
        causes: Vec::new(),
        time: Some("network"),
        quarters: 4,
        missing: 0,
    }
}

/// Two hours of a day: the first whole, the second with a quarter that is not known and one that was estimated.
pub(super) fn day() -> EnergyView {
    let midnight = NOW_MS - NOW_MS.rem_euclid(86_400_000) - 3_600_000;
    let part = |number: i64, totals| BucketView {
        from_ms: midnight + number * 900_000,
        to_ms: midnight + (number + 1) * 900_000,
        totals,
    };
    let unknown = TotalsView {
        production_wh: None,
        quality: "missing",
        missing: 1,
        ..totals("missing")
    };
    let mut parts: Vec<BucketView> = (0..6).map(|number| part(number, totals("measured"))).collect();
    parts.push(part(6, totals("estimated")));
    parts.push(part(7, unknown));
    EnergyView {
        period: "2026-06-16".to_owned(),
        kind: "day",
        from_ms: midnight,
        to_ms: midnight + 86_400_000,
        until_ms: midnight + 7_200_000,
        previous: "2026-06-15".to_owned(),
        next: None,
        parts,
        totals: TotalsView {
            quarters: 8,
            missing: 1,
            ..totals("missing")
        },
        ordinary: None,
    }
}

pub(super) fn frame(direction: Direction, bytes: usize) -> FrameView {
    FrameView::from(Frame {
        at: Instant::from_millis(NOW_MS),
        gap_us: 3_640,
        direction,
        bytes: (0..bytes)
            .map(|byte| u8::try_from(byte % 256).expect("a byte"))
            .collect(),
        words: "the answer of unit 1: 2 input registers".to_owned(),
    })
}

pub(super) fn channel() -> ChannelView {
    ChannelView {
        channel: "grid-meter/voltage_l1".to_owned(),
        unit: Unit::Decivolts.name().to_owned(),
        symbol: Unit::Decivolts.symbol().to_owned(),
        decimals: 1,
        first_ms: NOW_MS - 86_400_000,
        last_ms: NOW_MS,
    }
}

pub(super) fn reading(value: Option<i64>) -> ReadingView {
    ReadingView {
        at_ms: NOW_MS,
        value,
        why: value.is_none().then_some("no-answer"),
    }
}

pub(super) fn line(number: u64, detail: &str) -> LineView {
    LineView {
        number,
        at_ms: NOW_MS,
        actor: "user 1000 of the system".to_owned(),
        via: "command".to_owned(),
        act: "read-registers".to_owned(),
        sentence: "read registers of a device in the raw".to_owned(),
        subject: "cupboard".to_owned(),
        detail: detail.to_owned(),
        whose: Vec::new(),
        everybody: false,
        why: None,
    }
}

mod document {
    //! What docs/technicians/command.md says of `--json` is what the box sends.

    use std::fs;
    use std::path::Path;

    use acts::Direction;
    use serde_json::Value;

    /// The fields of a value and of all values within it.
    fn fields(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(map) => {
                for (name, inner) in map {
                    found.push(name.clone());
                    fields(inner, found);
                }
            }
            Value::Array(list) => list.iter().for_each(|inner| fields(inner, found)),
            _ => {}
        }
    }

    #[test]
    fn every_field_that_is_sent_is_in_the_document() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/technicians/command.md");
        let document = fs::read_to_string(file).expect("the document");
        let sent = serde_json::json!([
            super::status(),
            super::device("grid-meter", "healthy"),
            super::day(),
            super::frame(Direction::Sent, 2),
            super::channel(),
            super::reading(None),
            super::line(1, ""),
        ]);
        let mut found = Vec::new();
        fields(&sent, &mut found);
        found.sort();
        found.dedup();
        assert!(found.len() > 80, "the samples are whole");
        let missing: Vec<&String> = found
            .iter()
            .filter(|name| !document.contains(&format!("`{name}`")))
            .collect();
        assert!(
            missing.is_empty(),
            "not in docs/technicians/command.md: {missing:?}"
        );
    }
}
