//! How long opening takes after a power cut where the store is large, on the real file system and with nothing of the
//! file in the system's memory.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::disk::{Disk, Folder, Medium};
use crate::tests::model::{BEGIN, channel, reading};
use crate::{Batch, Change, Options, RowChange, Store};

/// A real folder whose power can go: nothing is written from then on.
#[derive(Debug)]
struct Switched {
    folder: Folder,
    off: Arc<AtomicBool>,
}

#[derive(Debug)]
struct SwitchedFile {
    file: Arc<dyn Medium>,
    off: Arc<AtomicBool>,
}

fn powered(off: &AtomicBool) -> io::Result<()> {
    if off.load(Ordering::SeqCst) {
        return Err(io::Error::other("no power"));
    }
    Ok(())
}

impl Switched {
    fn wrap(&self, file: Arc<dyn Medium>) -> Arc<dyn Medium> {
        Arc::new(SwitchedFile {
            file,
            off: Arc::clone(&self.off),
        })
    }
}

impl Disk for Switched {
    fn folder(&self) -> &Path {
        self.folder.folder()
    }

    fn open(&self, name: &str) -> io::Result<Option<Arc<dyn Medium>>> {
        powered(&self.off)?;
        Ok(self.folder.open(name)?.map(|file| self.wrap(file)))
    }

    fn create(&self, name: &str) -> io::Result<Arc<dyn Medium>> {
        powered(&self.off)?;
        Ok(self.wrap(self.folder.create(name)?))
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        powered(&self.off)?;
        self.folder.rename(from, to)
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        powered(&self.off)?;
        self.folder.remove(name)
    }

    fn sync_folder(&self) -> io::Result<()> {
        powered(&self.off)?;
        self.folder.sync_folder()
    }

    fn free(&self) -> io::Result<u64> {
        self.folder.free()
    }
}

impl Medium for SwitchedFile {
    fn len(&self) -> io::Result<u64> {
        self.file.len()
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        powered(&self.off)?;
        self.file.set_len(len)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.file.read(offset, out)
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        powered(&self.off)?;
        self.file.write(offset, data)
    }

    fn sync(&self) -> io::Result<()> {
        powered(&self.off)?;
        self.file.sync()
    }
}

/// The store, and the switch of its power.
fn open(folder: &Path) -> (Store, Arc<AtomicBool>) {
    let off = Arc::new(AtomicBool::new(false));
    let disk = Switched {
        folder: Folder::lock(folder).expect("the folder is ours"),
        off: Arc::clone(&off),
    };
    let store = Store::on(Box::new(disk), Options::default()).expect("it opens");
    (store, off)
}

/// Rows of a kilobyte until the file is so large.
fn fill(store: &Store, bytes: u64) {
    let mut dice = fastrand::Rng::with_seed(1);
    let mut number = 0_u32;
    while store.facts().file_bytes < bytes {
        let rows = (0..2_000).map(|_| {
            number += 1;
            RowChange {
                table: "people",
                key: number.to_be_bytes().to_vec(),
                before: None,
                after: Some((0..1_000).map(|_| dice.u8(..)).collect()),
            }
        });
        let change = Change {
            rows: rows.collect(),
            lines: Vec::new(),
        };
        store.change(change).expect("room");
    }
}

/// Opens, works a little, has power go, and opens again, so many times. Gives how long each opening took, and the
/// bytes of a small commit.
fn recoveries(bytes: u64, times: usize) -> (u64, Vec<Duration>, u64) {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut store, mut off) = open(folder.path());
    fill(&store, bytes);
    let size = store.facts().file_bytes;
    let (mut took, mut commit) = (Vec::new(), 0);
    for time in 0..times {
        let before = store.facts().bytes_written;
        store.put_meta("note/0", &time.to_be_bytes()).expect("room");
        commit = store.facts().bytes_written - before;
        for second in 0..20 {
            let at = BEGIN + i64::try_from(time * 60 + second).expect("small") * 1_000;
            let batch = Batch {
                readings: vec![reading(&channel(0), at, Ok(1))],
                ..Batch::default()
            };
            store.record_and_wait(batch).expect("room");
        }
        store.seal().expect("room");
        off.store(true, Ordering::SeqCst);
        drop(store);
        let begun = Instant::now();
        (store, off) = open(folder.path());
        took.push(begun.elapsed());
        assert!(store.opened().recovered());
    }
    took.sort();
    (size, took, commit)
}

#[test]
#[ignore = "writes files of a gigabyte, by ./dev bench power"]
fn a_large_store_opens_soon_after_a_cut() {
    println!(
        "{:>10}{:>12}{:>10}{:>10}{:>16}",
        "file MB", "openings", "p50 ms", "max ms", "small commit kB"
    );
    for megabytes in [36, 300, 1_000] {
        let (size, took, commit) = recoveries(megabytes * 1_000_000, 40);
        let (middle, longest) = (took[took.len() / 2], took[took.len() - 1]);
        println!(
            "{:>10}{:>12}{:>10}{:>10}{:>16}",
            size / 1_000_000,
            took.len(),
            middle.as_millis(),
            longest.as_millis(),
            commit / 1_000
        );
        assert!(
            longest < Duration::from_secs(2),
            "{longest:?} with {megabytes} MB"
        );
    }
}
