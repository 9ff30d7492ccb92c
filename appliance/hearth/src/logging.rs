//! Where the box's log goes: to journald when systemd started it, else to the error output and to two small files in
//! the state folder. How much is logged is in `HEARTH_LOG`, such as `debug` or `info,bus=trace`.
//!
//! Values of persons and their votes are not for logs at any level above debug; that is up to those who log.

use std::env;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use tracing_subscriber::filter::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::{SubscriberInitExt, TryInitError};
use tracing_subscriber::{Layer, Registry};

/// The most bytes of one of the two files.
const LARGEST: u64 = 512 * 1024;
/// What is logged when nobody says otherwise.
const USUAL: &str = "info";

/// The file that is being written.
pub fn file(state: &Path) -> PathBuf {
    state.join("log/hearth.log")
}

/// The file before it.
pub fn older_file(state: &Path) -> PathBuf {
    state.join("log/hearth.log.1")
}

/// Starts logging for a box whose state is in this folder.
pub fn init(state: &Path) -> Result<(), TryInitError> {
    let wanted = env::var("HEARTH_LOG").unwrap_or_default();
    let (filter, refused) = filter(&wanted);
    let started = tracing_subscriber::registry()
        .with(layer(state))
        .with(filter)
        .try_init();
    if let Some(why) = refused {
        tracing::warn!(
            HEARTH_LOG = wanted,
            why,
            "HEARTH_LOG is not understood; logging as usual"
        );
    }
    started
}

/// What to log, and why it is not what was wanted.
fn filter(wanted: &str) -> (EnvFilter, Option<String>) {
    let wanted = if wanted.trim().is_empty() { USUAL } else { wanted };
    match EnvFilter::builder().parse(wanted) {
        Ok(filter) => (filter, None),
        Err(error) => (EnvFilter::new(USUAL), Some(error.to_string())),
    }
}

type Sink = Box<dyn Layer<Registry> + Send + Sync>;

fn layer(state: &Path) -> Sink {
    if under_journald()
        && let Ok(journal) = tracing_journald::layer()
    {
        // So that `hearth logs` does not show an old run's file in place of the journal.
        let _ = fs::rename(file(state), older_file(state));
        return journal.boxed();
    }
    let screen = tracing_subscriber::fmt::layer()
        .with_ansi(false)
        .with_writer(io::stderr);
    match Ring::open(&file(state), &older_file(state), LARGEST) {
        Ok(ring) => {
            let kept = tracing_subscriber::fmt::layer()
                .with_ansi(false)
                .with_writer(ring);
            screen.and_then(kept).boxed()
        }
        // A folder that cannot be written to is told by the store in full; the log stays on the screen.
        Err(_) => screen.boxed(),
    }
}

/// Whether the error output is journald's own: what a terminal inside a service inherits is not enough.
fn under_journald() -> bool {
    let Ok(stream) = env::var("JOURNAL_STREAM") else {
        return false;
    };
    let Ok(found) = rustix::fs::fstat(io::stderr()) else {
        return false;
    };
    stream == format!("{}:{}", found.st_dev, found.st_ino)
}

/// Two files of limited size: when the one is full it becomes the older one, and a new one is begun.
#[derive(Debug)]
pub struct Ring {
    open: Mutex<Open>,
    path: PathBuf,
    older: PathBuf,
    largest: u64,
}

#[derive(Debug)]
struct Open {
    file: File,
    bytes: u64,
}

impl Ring {
    /// Goes on with the file at `path`; its folder is made if it is not there.
    pub fn open(path: &Path, older: &Path, largest: u64) -> io::Result<Self> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let file = OpenOptions::new().create(true).append(true).open(path)?;
        let bytes = file.metadata()?.len();
        let open = Mutex::new(Open { file, bytes });
        Ok(Self {
            open,
            path: path.to_owned(),
            older: older.to_owned(),
            largest,
        })
    }

    fn put(&self, line: &[u8]) -> io::Result<()> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let length = u64::try_from(line.len()).unwrap_or(u64::MAX);
        if open.bytes > 0 && open.bytes.saturating_add(length) > self.largest {
            fs::rename(&self.path, &self.older)?;
            open.file = OpenOptions::new().create(true).append(true).open(&self.path)?;
            open.bytes = 0;
        }
        open.bytes = open.bytes.saturating_add(length);
        open.file.write_all(line)
    }
}

/// One line on its way into the ring; it is put there as a whole when it is done.
#[derive(Debug)]
pub struct Line<'a> {
    ring: &'a Ring,
    bytes: Vec<u8>,
}

impl Write for Line<'_> {
    fn write(&mut self, part: &[u8]) -> io::Result<usize> {
        self.bytes.extend_from_slice(part);
        Ok(part.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Line<'_> {
    fn drop(&mut self) {
        // A full card must not stop the box; the line still goes to the error output.
        let _ = self.ring.put(&self.bytes);
    }
}

impl<'a> MakeWriter<'a> for Ring {
    type Writer = Line<'a>;

    fn make_writer(&'a self) -> Self::Writer {
        Line {
            ring: self,
            bytes: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write;

    use tracing_subscriber::fmt::MakeWriter;
    use tracing_subscriber::layer::SubscriberExt;

    use super::{Ring, filter};

    #[test]
    fn the_ring_keeps_the_newest_and_never_more_than_two_files() {
        let folder = tempfile::tempdir().expect("a folder");
        let (path, older) = (
            folder.path().join("log/hearth.log"),
            folder.path().join("log/hearth.log.1"),
        );
        let ring = Ring::open(&path, &older, 100).expect("a ring");
        for number in 0..50 {
            writeln!(ring.make_writer(), "line {number:04} of the log").expect("a log never fails");
        }
        let (new, old) = (
            fs::read_to_string(&path).expect("new"),
            fs::read_to_string(&older).expect("old"),
        );
        assert!(new.len() <= 100 && old.len() <= 100);
        assert!(new.ends_with("line 0049 of the log\n"), "{new}");
        let last_old = old.lines().last().expect("a line")[5..9]
            .parse::<u32>()
            .expect("a number");
        let first_new = new.lines().next().expect("a line")[5..9]
            .parse::<u32>()
            .expect("a number");
        assert_eq!(last_old + 1, first_new, "nothing is lost between the two");
    }

    #[test]
    fn the_ring_goes_on_after_a_restart() {
        let folder = tempfile::tempdir().expect("a folder");
        let (path, older) = (
            folder.path().join("hearth.log"),
            folder.path().join("hearth.log.1"),
        );
        fs::write(&path, "before\n").expect("written");
        let ring = Ring::open(&path, &older, 1_000).expect("a ring");
        let logger = tracing_subscriber::fmt::layer()
            .with_ansi(false)
            .without_time()
            .with_writer(ring);
        tracing::subscriber::with_default(tracing_subscriber::registry().with(logger), || {
            tracing::info!(bus = "cupboard", "the bus is up");
        });
        let text = fs::read_to_string(&path).expect("text");
        assert!(
            text.starts_with("before\n") && text.contains("the bus is up bus=\"cupboard\""),
            "{text}"
        );
    }

    #[test]
    fn a_wish_that_is_not_understood_is_told() {
        assert!(filter("").1.is_none() && filter("info,bus=trace").1.is_none());
        let (usual, why) = filter("bus=loud");
        assert_eq!(usual.to_string(), "info");
        assert!(why.is_some());
    }
}
