//! A whole simulation from start to stop, with its printed truth and its file.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use jiff::tz::TimeZone;
use simulator::serve::{SerialOptions, TcpOptions};
use simulator::{
    BuildingOptions, Device, Event, PlayOptions, SimulateError, SimulateOptions, Trouble, TruthFile,
    list_devices, run,
};
use units::{Instant, Span, WattHours};

fn options() -> SimulateOptions {
    let mut options = SimulateOptions::new(BuildingOptions {
        latitude: 48.2,
        longitude: 16.37,
        seed: 3,
        since: Instant::from_millis(1_781_524_800_000),
        zone: TimeZone::UTC,
    });
    options.tcp = Some(TcpOptions::new("127.0.0.1:0"));
    options
}

fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{name}", std::process::id()))
}

/// What a simulation prints that is told to stop before it begins to wait.
fn printed(options: &SimulateOptions) -> Result<String, SimulateError> {
    let mut out = Vec::new();
    run(options, &Arc::new(AtomicBool::new(true)), &mut out)?;
    Ok(String::from_utf8(out).expect("words"))
}

#[test]
fn it_says_where_it_listens_and_what_was_true() {
    let mut options = options();
    options.serial = Some(SerialOptions {
        link: Some(file("bus")),
        ..SerialOptions::new(9_600)
    });
    options.serial_over_tcp = Some(TcpOptions::new("127.0.0.1:0"));
    options.now = Some(Instant::from_millis(1_781_524_800_000) + Span::HOUR);
    options.truth = Some(TruthFile {
        path: file("truth.json"),
        every: std::time::Duration::from_secs(1),
    });
    options.events = vec![Event {
        after: Span::ZERO,
        device: Device::GridMeter,
        trouble: Trouble::Counters(WattHours(0)),
    }];
    let text = printed(&options).expect("it starts");
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("Modbus TCP on 127.0.0.1:"), "{text}");
    assert!(
        lines[1].starts_with("Modbus RTU at 9600 baud on /") && lines[1].ends_with("bus"),
        "{text}"
    );
    assert!(
        lines[2].starts_with("Modbus RTU over TCP on 127.0.0.1:"),
        "{text}"
    );
    assert!(lines[3].starts_with("modbus-tcp: 0 replies, late 0"), "{text}");
    assert!(
        lines[6].starts_with("{\"since\":1781524800000,\"at\":17815284"),
        "{text}"
    );
    assert!(text.contains("flat 6") && text.contains("battery at"), "{text}");
    let written = std::fs::read_to_string(file("truth.json")).expect("the truth was written");
    assert!(written.starts_with("{\"since\":1781524800000,"), "{written}");
}

#[test]
fn it_plays_a_recording() {
    let path = file("recording.csv");
    std::fs::write(
        &path,
        "t,power\n2022-03-18 06:00:00Z,60\n2022-03-18 06:01:00Z,-3\n",
    )
    .expect("a file");
    let mut options = options();
    options.now = Some(Instant::from_millis(1_647_583_320_000));
    options.play = Some(PlayOptions {
        file: path.clone(),
        column: None,
        zone: TimeZone::UTC,
    });
    let text = printed(&options).expect("it starts");
    assert!(
        text.contains("\"production\":1.000},\"whole_file_wh\":1.000}"),
        "{text}"
    );
    assert!(
        text.ends_with("played 1.000 Wh of the file's 1.000 Wh\n"),
        "{text}"
    );

    std::fs::write(&path, "t,power\n2022-03-18 06:00:00Z,sixty\n").expect("a file");
    let refused = printed(&options).expect_err("not a number").to_string();
    assert!(
        refused.contains("recording.csv") && refused.contains("line 2: \"sixty\" is not a number"),
        "{refused}"
    );
    options.play = Some(PlayOptions {
        file: file("absent.csv"),
        column: None,
        zone: TimeZone::UTC,
    });
    let refused = printed(&options).expect_err("no file").to_string();
    assert!(refused.contains("absent.csv"), "{refused}");
}

#[test]
fn what_cannot_be_had_is_said() {
    let mut options = options();
    options.serial = None;
    options.truth = Some(TruthFile {
        path: file("no/such/folder"),
        every: std::time::Duration::ZERO,
    });
    let refused = printed(&options).expect_err("no folder").to_string();
    assert!(refused.contains("no/such/folder"), "{refused}");
    options.tcp = Some(TcpOptions::new("127.0.0.1:notaport"));
    let refused = printed(&options).expect_err("no port").to_string();
    assert!(refused.contains("127.0.0.1:notaport"), "{refused}");
}

/// Output that asks to stop once the first server has said where it listens.
struct StopAtFirstLine(Arc<AtomicBool>, Arc<Mutex<Vec<u8>>>);

impl std::io::Write for StopAtFirstLine {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.store(true, Ordering::SeqCst);
        self.1.lock().expect("one writer").extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn it_stops_when_asked() {
    let stop = Arc::new(AtomicBool::new(false));
    let text = Arc::new(Mutex::new(Vec::new()));
    let mut out = StopAtFirstLine(Arc::clone(&stop), Arc::clone(&text));
    run(&options(), &stop, &mut out).expect("it starts and stops");
    let text = String::from_utf8(text.lock().expect("one writer").clone()).expect("words");
    assert!(text.contains("true totals"), "{text}");
}

#[test]
fn devices_are_listed() {
    assert_eq!(list_devices().lines().count(), 10);
    assert!(list_devices().contains("flat-6         Eastron SDM120     serial unit 16"));
}
