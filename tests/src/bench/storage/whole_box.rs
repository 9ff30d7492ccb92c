//! What the whole box writes in a day: the real program with twenty devices, each asked every ten seconds, on a disk of its
//! own, in real time. Its clock is set to ten minutes before a full hour, where the library for that is there.

use std::time::{Duration, Instant as Clock};

use anyhow::Result;

use super::Place;
use super::disk::Disk;
use super::real_time::{an_hour, differences};
use super::results::Measured;
use crate::let_pass;
use crate::load::site;
use crate::process::Running;

/// Until every device has been found and asked.
const SETTLED: Duration = Duration::from_secs(30);

pub(super) fn in_real_time(place: &Place) -> Result<Vec<Measured>> {
    let disk = Disk::new(&place.data.join("disks"), "box", 512)?;
    let servers = site(disk.folder(), "10 s")?;
    let clock = shifted();
    if clock.is_empty() {
        println!("  without libfaketime the full hour comes when it comes");
    }
    let (running, _) = Running::the_box_in(disk.folder(), &clock)?;
    let_pass(SETTLED);
    let process = running.id();
    let (began, begins) = (disk.written(process)?, Clock::now());
    let mut counts = Vec::new();
    for minute in 1..=place.minutes {
        let due = begins + Duration::from_secs(60) * minute;
        let_pass(due.saturating_duration_since(Clock::now()));
        counts.push(disk.written_so_far(process)?);
    }
    let all = disk.written(process)? - began;
    let (memory, _) = running.memory()?;
    drop((running, servers));
    let hour = an_hour(&differences(began, &counts), all, 60.0);
    Ok(vec![Measured {
        store: "hearth",
        figures: vec![
            ("megabytes_a_day", hour * 24.0 / 1e6),
            ("megabytes_as_run", all / 1e6),
            ("memory", memory),
            ("minutes", f64::from(place.minutes)),
        ],
    }])
}

/// What gives a program another time of day, if `./dev` has found it.
fn shifted() -> Vec<(&'static str, String)> {
    let Some(library) = std::env::var_os("HEARTH_FAKE_CLOCK").filter(|library| !library.is_empty()) else {
        return Vec::new();
    };
    vec![
        ("LD_PRELOAD", library.to_string_lossy().into_owned()),
        ("TZ", "UTC".to_owned()),
        ("FAKETIME_FMT", "%FT%T".to_owned()),
        ("FAKETIME", "@2026-06-23T12:50:00".to_owned()),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
    ]
}
