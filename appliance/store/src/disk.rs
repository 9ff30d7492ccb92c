//! The folder and the file beneath redb, as far as the store touches them. Real ones live here; the tests bring
//! a disk that loses power, fills up and refuses.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustix::fs::{Advice, fadvise, statvfs};

use crate::OpenError;

/// A folder that belongs to one store.
pub(crate) trait Disk: Send + Sync + Debug {
    /// The folder, for messages.
    fn folder(&self) -> &Path;
    /// Opens the file with this name for reading and writing; `None` if there is none. What is read afterwards
    /// is what is on the card, not what an earlier failed write left in memory.
    fn open(&self, name: &str) -> io::Result<Option<Arc<dyn Medium>>>;
    /// The same for a card that takes no writes: what is opened so is never written.
    fn open_to_read(&self, name: &str) -> io::Result<Option<Arc<dyn Medium>>> {
        self.open(name)
    }
    /// Makes an empty file, replacing one with the same name.
    fn create(&self, name: &str) -> io::Result<Arc<dyn Medium>>;
    /// Gives a file another name.
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;
    /// Removes a file if it is there.
    fn remove(&self, name: &str) -> io::Result<()>;
    /// Makes names durable.
    fn sync_folder(&self) -> io::Result<()>;
    /// Whether the file that was opened under this name, and is written, still has it: a file whose name somebody removed
    /// takes everything and is gone with the program.
    fn holds(&self, _name: &str) -> bool {
        true
    }
    /// How many bytes the card still takes.
    fn free(&self) -> io::Result<u64>;
}

/// The bytes of one file.
pub(crate) trait Medium: Send + Sync + Debug {
    fn len(&self) -> io::Result<u64>;
    fn set_len(&self, len: u64) -> io::Result<()>;
    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()>;
    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()>;
    fn sync(&self) -> io::Result<()>;
}

/// A real folder, locked for as long as this value lives. The lock is on the folder itself, so that no file of
/// it has to be there, and the kernel lets go of it however the program ends.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    handle: File,
    /// Which file was opened under which name last: its device and its number there.
    opened: Mutex<BTreeMap<String, (u64, u64)>>,
}

impl Folder {
    pub(crate) fn lock(path: &Path) -> Result<Self, OpenError> {
        let folder = path.to_owned();
        if !path.is_dir() {
            return Err(OpenError::NotAFolder { folder });
        }
        let handle = File::open(path).map_err(|source| OpenError::from_io(path, path, source))?;
        match handle.try_lock() {
            Ok(()) => Ok(Self {
                path: folder,
                handle,
                opened: Mutex::default(),
            }),
            Err(TryLockError::WouldBlock) => Err(OpenError::AlreadyOpen { folder }),
            Err(TryLockError::Error(source)) => Err(OpenError::from_io(path, path, source)),
        }
    }

    fn open_with(&self, options: &OpenOptions, name: &str) -> io::Result<Option<Arc<dyn Medium>>> {
        let file = match options.open(self.path.join(name)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        // After a failed sync the kernel may hold pages as clean that never reached the card. They are dropped,
        // or a repair would trust them. Where the file system cannot, the checksums are what is left.
        let _ = fadvise(&file, 0, None, Advice::DontNeed);
        self.note(name, &file)?;
        Ok(Some(Arc::new(RealFile { file })))
    }

    fn opened(&self) -> MutexGuard<'_, BTreeMap<String, (u64, u64)>> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, name: &str, file: &File) -> io::Result<()> {
        let facts = file.metadata()?;
        self.opened().insert(name.to_owned(), (facts.dev(), facts.ino()));
        Ok(())
    }
}

impl Disk for Folder {
    fn folder(&self) -> &Path {
        &self.path
    }

    fn open(&self, name: &str) -> io::Result<Option<Arc<dyn Medium>>> {
        self.open_with(OpenOptions::new().read(true).write(true), name)
    }

    fn open_to_read(&self, name: &str) -> io::Result<Option<Arc<dyn Medium>>> {
        self.open_with(OpenOptions::new().read(true), name)
    }

    fn create(&self, name: &str) -> io::Result<Arc<dyn Medium>> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(true);
        let file = options.open(self.path.join(name))?;
        self.note(name, &file)?;
        Ok(Arc::new(RealFile { file }))
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        std::fs::rename(self.path.join(from), self.path.join(to))?;
        let mut opened = self.opened();
        let file = opened.remove(from);
        file.and_then(|file| opened.insert(to.to_owned(), file));
        Ok(())
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        match std::fs::remove_file(self.path.join(name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    fn sync_folder(&self) -> io::Result<()> {
        self.handle.sync_all()
    }

    fn holds(&self, name: &str) -> bool {
        let Some(file) = self.opened().get(name).copied() else {
            return true;
        };
        let found = std::fs::metadata(self.path.join(name));
        found.is_ok_and(|found| (found.dev(), found.ino()) == file)
    }

    fn free(&self) -> io::Result<u64> {
        let facts = statvfs(&self.path)?;
        Ok(facts.f_bavail.saturating_mul(facts.f_frsize))
    }
}

#[derive(Debug)]
struct RealFile {
    file: File,
}

impl Medium for RealFile {
    fn len(&self) -> io::Result<u64> {
        Ok(self.file.metadata()?.len())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.file.set_len(len)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.file.read_exact_at(out, offset)
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.file.write_all_at(data, offset)
    }

    fn sync(&self) -> io::Result<()> {
        self.file.sync_data()
    }
}
