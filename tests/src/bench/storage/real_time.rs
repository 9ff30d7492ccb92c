//! What reaches the disk when 240 channels are brought in each second, in real time, ten seconds at a time.
//!
//! The stores run beside each other, each on a disk of its own. All begin with fifty minutes of an hour already there, so
//! that soon the full hour comes at which ours seals. A run of an hour and more is taken as it is. A shorter one holds
//! one sealing, of a whole hour, where it should hold a part of one; so what an hour would have written is reckoned from
//! the middle one of its minutes and what went beyond that.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant as Clock};

use anyhow::{Context, Result, ensure};

use super::Place;
use super::child::{BATCH, BEFORE, in_real_time, noon};
use super::daemon::{Daemon, memory};
use super::disk::{AS_IT_COMES, Disk};
use super::feed::Feed;
use super::peers::{self, Packing};
use super::results::Measured;
use crate::{let_pass, median};

/// The rows that a second brings.
const A_SECOND: f64 = 240.0;
/// Seconds an hour.
const HOUR: f64 = 3_600.0;

pub(super) fn written(place: &Place) -> Result<Vec<Measured>> {
    let disks = place.data.join("disks");
    let minutes = place.minutes;
    let mut hearth = Fed::start("hearth", Disk::new(&disks, "hearth", 512, AS_IT_COMES)?, minutes)?;
    let mut sqlite = Fed::start(
        "sqlite",
        Disk::new(&disks, "sqlite", 4_096, AS_IT_COMES)?,
        minutes,
    )?;
    let vm_disk = Disk::new(&disks, "victoriametrics", 1_024, AS_IT_COMES)?;
    let influx_disk = Disk::new(&disks, "influxdb", 1_024, AS_IT_COMES)?;
    let vm = peers::victoria_metrics(vm_disk.folder(), &place.results.join("victoriametrics.log"))
        .and_then(|daemon| Poured::start("victoriametrics", daemon, vm_disk, peers::VM_WRITE, minutes));
    let log = place.results.join("influxdb.log");
    let influx = peers::influx_db(influx_disk.folder(), &log, Packing::AsUsual)
        .and_then(|daemon| Poured::start("influxdb", daemon, influx_disk, peers::INFLUX_WRITE, minutes));
    let mut poured = Vec::new();
    for peer in [vm, influx] {
        match peer {
            Ok(peer) => poured.push(peer),
            Err(error) => println!("  left out: {error:#}"),
        }
    }
    let_pass(Duration::from_secs(10));
    let own = thread::scope(|scope| -> Result<Vec<f64>> {
        hearth.go()?;
        sqlite.go()?;
        let pouring: Vec<_> = poured.iter_mut().map(|peer| scope.spawn(|| peer.run())).collect();
        let own = hearth.listen();
        let others = sqlite.listen();
        let watched = watch(minutes, &mut hearth.watched, &mut sqlite.watched);
        for peer in pouring {
            peer.join().map_err(|_| anyhow::anyhow!("a feeder failed"))??;
        }
        watched?;
        others.join().map_err(|_| anyhow::anyhow!("a listener failed"))?;
        own.join().map_err(|_| anyhow::anyhow!("a listener failed"))
    })?;
    let mut all = vec![hearth.end(minutes, &own)?, sqlite.end(minutes, &[])?];
    for peer in poured {
        all.push(peer.watched.figures(minutes)?);
    }
    Ok(all)
}

/// Looks at two disks once a minute.
fn watch(minutes: u32, a: &mut Watched, b: &mut Watched) -> Result<()> {
    let begins = Clock::now();
    for minute in 1..=minutes {
        let due = begins + Duration::from_secs(60) * minute;
        let_pass(due.saturating_duration_since(Clock::now()));
        a.look()?;
        b.look()?;
    }
    // The last ten seconds are brought in at the very end.
    let_pass(Duration::from_secs(2));
    Ok(())
}

/// A process on its disk, as it is seen from outside.
struct Watched {
    store: &'static str,
    disk: Disk,
    process: u32,
    began: f64,
    minutes: Vec<f64>,
    memory: f64,
}

impl Watched {
    fn new(store: &'static str, disk: Disk, process: u32) -> Self {
        Self {
            store,
            disk,
            process,
            began: f64::NAN,
            minutes: Vec::new(),
            memory: 0.0,
        }
    }

    fn begin(&mut self) -> Result<()> {
        self.began = self.disk.written(self.process)?;
        Ok(())
    }

    fn look(&mut self) -> Result<()> {
        self.minutes.push(self.disk.written_so_far(self.process)?);
        self.memory = self.memory.max(memory(self.process)?.0);
        Ok(())
    }

    fn figures(&self, minutes: u32) -> Result<Measured> {
        let all = self.disk.written(self.process)? - self.began;
        let samples = f64::from(minutes) * 60.0 * A_SECOND;
        let an_hour = an_hour(&differences(self.began, &self.minutes), all, 60.0);
        Ok(Measured {
            store: self.store,
            figures: vec![
                ("device_bytes_as_run", all / samples),
                (
                    "device_bytes",
                    if self.store == "hearth" {
                        an_hour / (HOUR * A_SECOND)
                    } else {
                        all / samples
                    },
                ),
                ("memory", self.memory),
                ("minutes", f64::from(minutes)),
                ("own_disk", self.disk.own()),
            ],
        })
    }
}

/// By how much each count is beyond the one before.
pub(super) fn differences(began: f64, counts: &[f64]) -> Vec<f64> {
    let before = std::iter::once(&began).chain(counts);
    counts
        .iter()
        .zip(before)
        .map(|(count, before)| count - before)
        .collect()
}

/// What an hour writes of which there are so many `parts`, where fewer were seen that wrote `all` together: the middle
/// part for each part, and once what went beyond.
pub(super) fn an_hour(seen: &[f64], all: f64, parts: f64) -> f64 {
    let count = super::at_rest::count(seen.len());
    if count >= parts {
        return all * parts / count;
    }
    let middle = median(seen.to_vec());
    middle * parts + (all - middle * count)
}

/// A store that a child of this program feeds.
struct Fed {
    child: Child,
    words: ChildStdin,
    answers: Option<BufReader<ChildStdout>>,
    watched: Watched,
}

impl Fed {
    fn start(store: &'static str, disk: Disk, minutes: u32) -> Result<Self> {
        let mut child = child(&[
            &format!("feed-{store}"),
            &path(disk.folder()),
            &minutes.to_string(),
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
        let words = child.stdin.take().context("its input")?;
        let mut answers = BufReader::new(child.stdout.take().context("its output")?);
        let mut line = String::new();
        answers.read_line(&mut line)?;
        ensure!(line == "ready\n", "the store {store} said {line:?}");
        let watched = Watched::new(store, disk, child.id());
        Ok(Self {
            child,
            words,
            answers: Some(answers),
            watched,
        })
    }

    fn go(&mut self) -> Result<()> {
        self.watched.begin()?;
        Ok(self.words.write_all(b"go\n")?)
    }

    /// Hears what it says until it is at its end: how many bytes it has written by its own count.
    fn listen(&mut self) -> thread::JoinHandle<Vec<f64>> {
        let answers = self.answers.take();
        thread::spawn(move || {
            let lines = answers.into_iter().flat_map(BufRead::lines);
            lines.map_while(|line| line.ok()?.parse().ok()).collect()
        })
    }

    fn end(mut self, minutes: u32, own: &[f64]) -> Result<Measured> {
        let mut measured = self.watched.figures(minutes)?;
        if let Some((first, counts)) = own.split_first() {
            let seen = differences(*first, counts);
            ensure!(
                seen.len() == usize::try_from(minutes * 6)?,
                "it brought in {} batches",
                seen.len()
            );
            let hour = an_hour(&seen, seen.iter().sum(), 360.0);
            measured.figures.push(("own_bytes", hour / (HOUR * A_SECOND)));
        }
        self.words.write_all(b"end\n")?;
        let ended = self.child.wait()?;
        ensure!(ended.success(), "it ended with {ended}");
        Ok(measured)
    }
}

impl Drop for Fed {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// This program again.
pub(super) fn child(words: &[&str]) -> Command {
    let program = std::env::current_exe().unwrap_or_else(|_| "/proc/self/exe".into());
    let mut command = Command::new(program);
    command.arg("--child").args(words);
    command
}

pub(super) fn path(folder: &Path) -> String {
    folder.to_string_lossy().into_owned()
}

/// A foreign store that takes line protocol.
struct Poured {
    feed: Feed,
    to: &'static str,
    // Ends before its disk goes.
    daemon: Daemon,
    watched: Watched,
}

impl Poured {
    fn start(
        store: &'static str,
        daemon: Daemon,
        disk: Disk,
        to: &'static str,
        minutes: u32,
    ) -> Result<Self> {
        let mut feed = Feed::new(noon(minutes));
        let mut text = String::new();
        for _ in 0..BEFORE / BATCH {
            feed.lines(BATCH, &mut text);
            daemon.post(to, text.as_bytes())?;
        }
        let watched = Watched::new(store, disk, daemon.id());
        Ok(Self {
            feed,
            to,
            daemon,
            watched,
        })
    }

    fn run(&mut self) -> Result<()> {
        self.watched.begin()?;
        let mut text = String::new();
        let mut count = 0;
        in_real_time(|| {
            if self.feed.lines(BATCH, &mut text) == 0 {
                return Ok(false);
            }
            self.daemon.post(self.to, text.as_bytes())?;
            count += 1;
            if count % 6 == 0 {
                self.watched.look()?;
            }
            Ok(true)
        })
    }
}
