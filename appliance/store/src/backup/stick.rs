//! What is written where backups lie: whole files, names, and folders. A real stick or folder is here; the tests bring one
//! whose power goes. Reading needs none of it.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

/// Where backups are written.
pub(crate) trait Stick {
    /// Makes a folder in one that is there.
    fn make_folder(&self, folder: &Path) -> io::Result<()>;
    /// Makes an empty file, replacing one with the same name.
    fn create(&self, file: &Path) -> io::Result<Box<dyn StickFile>>;
    /// Gives a file another name.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file.
    fn remove(&self, file: &Path) -> io::Result<()>;
    /// Makes the names in a folder durable.
    fn sync_folder(&self, folder: &Path) -> io::Result<()>;
}

/// A file that is being written, from its beginning to its end.
pub(crate) trait StickFile: Write {
    /// Makes what was written durable.
    fn sync(&mut self) -> io::Result<()>;
}

/// A stick, or a folder, of the system.
#[derive(Debug)]
pub(crate) struct RealStick;

impl Stick for RealStick {
    fn make_folder(&self, folder: &Path) -> io::Result<()> {
        fs::create_dir(folder)
    }

    fn create(&self, file: &Path) -> io::Result<Box<dyn StickFile>> {
        Ok(Box::new(File::create(file)?))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&self, file: &Path) -> io::Result<()> {
        fs::remove_file(file)
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        File::open(folder).and_then(|folder| folder.sync_all())
    }
}

impl StickFile for File {
    fn sync(&mut self) -> io::Result<()> {
        self.sync_all()
    }
}

/// Makes a folder and those above it, each with a name that lasts.
pub(super) fn make_folders(stick: &dyn Stick, folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let above = folder.parent().filter(|above| !above.as_os_str().is_empty());
    if let Some(above) = above {
        make_folders(stick, above)?;
    }
    stick.make_folder(folder)?;
    stick.sync_folder(above.unwrap_or(Path::new(".")))
}
