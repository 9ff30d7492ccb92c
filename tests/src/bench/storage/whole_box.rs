//! What the whole box writes in a day: the real program with twenty devices, each asked every ten seconds, on a disk of its
//! own, in real time. Its clock is set to ten minutes before a full hour, where the library for that is there.

use std::time::{Duration, Instant as Clock};

use anyhow::Result;
use simulator::serve::Server;

use super::Place;
use super::disk::{AS_IT_COMES, AS_THE_BOX, Disk};
use super::real_time::{an_hour, differences};
use super::results::Measured;
use crate::let_pass;
use crate::load::site;
use crate::process::Running;

/// Until every device has been found and asked, and its first batches, which bring new names, are in the database.
const SETTLED: Duration = Duration::from_secs(180);

pub(super) fn in_real_time(place: &Place) -> Result<Vec<Measured>> {
    let mut boxes = [
        Watched::start(place, "box", AS_THE_BOX)?,
        Watched::start(place, "box-as-it-comes", AS_IT_COMES)?,
    ];
    let_pass(SETTLED);
    for watched in &mut boxes {
        watched.began = watched.disk.written(watched.running.id())?;
    }
    let begins = Clock::now();
    for minute in 1..=place.minutes {
        let due = begins + Duration::from_secs(60) * minute;
        let_pass(due.saturating_duration_since(Clock::now()));
        for watched in &mut boxes {
            watched
                .counts
                .push(watched.disk.written_so_far(watched.running.id())?);
        }
    }
    let [as_the_box, as_it_comes] = boxes;
    let own_disk = as_the_box.disk.own();
    let (a_day, memory) = as_the_box.figures()?;
    let (a_day_as_it_comes, _) = as_it_comes.figures()?;
    Ok(vec![Measured {
        store: "hearth",
        figures: vec![
            ("megabytes_a_day", a_day),
            ("megabytes_a_day_as_it_comes", a_day_as_it_comes),
            ("memory", memory),
            ("minutes", f64::from(place.minutes)),
            ("own_disk", own_disk),
        ],
    }])
}

/// A box on a disk of its own.
struct Watched {
    name: &'static str,
    // It ends before its disk is taken away.
    running: Running,
    /// The devices it reads.
    _servers: Vec<Server>,
    disk: Disk,
    /// Bytes on the disk when counting began.
    began: f64,
    /// The same after each minute.
    counts: Vec<f64>,
}

impl Watched {
    fn start(place: &Place, name: &'static str, mounted: &str) -> Result<Self> {
        let disk = Disk::new(&place.data.join("disks"), name, 512, mounted)?;
        let servers = site(disk.folder(), "10 s")?;
        let clock = shifted();
        if clock.is_empty() {
            println!("  without libfaketime the full hour comes when it comes");
        }
        let (running, _) = Running::the_box_in(disk.folder(), &clock)?;
        Ok(Self {
            name,
            disk,
            running,
            _servers: servers,
            began: 0.0,
            counts: Vec::new(),
        })
    }

    /// What it wrote in a day, and its memory.
    fn figures(self) -> Result<(f64, f64)> {
        let all = self.disk.written(self.running.id())? - self.began;
        let (memory, _) = self.running.memory()?;
        let seen = differences(self.began, &self.counts);
        println!("  {}: bytes in each minute: {seen:?}", self.name);
        Ok((an_hour(&seen, all, 60.0) * 24.0 / 1e6, memory))
    }
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
