//! Looking whether a backup is whole, and making a box of it.
//!
//! Everything is put into a folder within the state folder, proved there, and only then moved to its place: first the
//! folder takes the name that says so, in one step, then each file takes its place. A cut before leaves a blank box, a cut
//! after is ended by [`finish`], which every start calls first. Not a folder beside that takes the place of the state
//! folder: that may be a file system of its own, or lie where its owner may make no other.

use std::ffi::OsStr;
use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Component, Path, PathBuf};

use units::Instant;

use super::item::KeptFile;
use super::make::sync;
use super::refill::{Poured, Refill, Source, opens};
use super::{BackupError, Manifest, pack};
use crate::age::Identity;
use crate::disk::{Disk, Folder};

/// Where a box is put together; what is found there at a start was broken off.
const UNFINISHED: &str = "restore-unfinished";
/// The same when it is whole and only has to take its place.
const WHOLE: &str = "restored";

/// What can be known of a backup without its phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// What it says.
    pub manifest: Manifest,
    /// Of how many bytes it was looked at whether they are those that were written.
    pub bytes: u64,
}

/// What was restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// From which moment it is.
    pub at: Instant,
    /// How many rows.
    pub rows: u64,
    /// How many files beside the store.
    pub files: usize,
    /// How many lines the record has, which is whole.
    pub lines: u64,
}

/// Looks whether everything of a backup is there and as it was written. It needs no key.
pub fn check(file: &Path) -> Result<Checked, BackupError> {
    let (folder, manifest) = found(file)?;
    for pack in &manifest.packs {
        pack::is_unchanged(&folder, pack, &|| false)?;
    }
    Ok(Checked {
        bytes: manifest.bytes(),
        manifest,
    })
}

/// The list of a backup, all of whose packs are there and as long as they were.
fn found(file: &Path) -> Result<(PathBuf, Manifest), BackupError> {
    let manifest = Manifest::read(file)?;
    let folder = file.parent().unwrap_or(Path::new(".")).to_owned();
    for pack in &manifest.packs {
        pack::is_there(&folder, file, pack)?;
    }
    Ok((folder, manifest))
}

/// Restores a backup into an empty folder that is thrown away afterwards: what comes out of it is what went in.
pub fn verify(file: &Path, identity: &Identity, scratch: &Path) -> Result<Restored, BackupError> {
    let disk = Folder::lock(scratch)?;
    put_together(file, identity, &disk).map(|(restored, _)| restored)
}

/// Makes a box of a backup, in a folder that is not there, or holds nothing but what `disposable` says of by its name.
pub fn restore(
    file: &Path,
    identity: &Identity,
    state: &Path,
    disposable: &dyn Fn(&str) -> bool,
) -> Result<Restored, BackupError> {
    blank(state, disposable)?;
    let (_, manifest) = found(file)?;
    is_of(&manifest, identity)?;
    // For its owner and group alone, since what homes use lies in it.
    let mut closed = DirBuilder::new();
    let made = closed.recursive(true).mode(0o750).create(state);
    made.map_err(BackupError::at(state))?;
    // Nobody starts a box here meanwhile.
    let held = Folder::lock(state)?;
    let unfinished = state.join(UNFINISHED);
    fs::create_dir(&unfinished).map_err(BackupError::at(state))?;
    let made = make(file, identity, &unfinished);
    if made.is_err() {
        // What is unfinished is in nobody's way, and the next start removes it.
        let _ = fs::remove_dir_all(&unfinished);
    }
    let restored = made?;
    fs::rename(&unfinished, state.join(WHOLE)).map_err(BackupError::at(state))?;
    sync(state)?;
    end(state)?;
    drop(held);
    Ok(restored)
}

fn make(file: &Path, identity: &Identity, folder: &Path) -> Result<Restored, BackupError> {
    let disk = Folder::lock(folder)?;
    let (restored, files) = put_together(file, identity, &disk)?;
    for kept in &files {
        write(folder, kept)?;
    }
    sync(folder)?;
    Ok(restored)
}

/// The store of a backup on a disk, proved, and the files beside it.
pub(crate) fn put_together(
    file: &Path,
    identity: &Identity,
    disk: &dyn Disk,
) -> Result<(Restored, Vec<KeptFile>), BackupError> {
    let (folder, manifest) = found(file)?;
    is_of(&manifest, identity)?;
    let source = Source {
        folder: &folder,
        manifest: &manifest,
        identity,
        stopped: &|| false,
    };
    let mut refill = Refill::begin(disk)?;
    let packs: Vec<usize> = (0..manifest.packs.len()).collect();
    let Poured { files, pending, rows } = source.pour(&packs, &mut refill)?;
    refill.finish(&pending)?;
    let restored = Restored {
        at: manifest.at,
        rows,
        files: files.len(),
        lines: opens(disk)?,
    };
    Ok((restored, files))
}

fn is_of(manifest: &Manifest, identity: &Identity) -> Result<(), BackupError> {
    if identity.recipient() == manifest.key {
        return Ok(());
    }
    Err(BackupError::OtherPhrase {
        key: manifest.key.text(),
    })
}

/// That a folder holds nothing, but for what a restore that was broken off has left.
fn blank(state: &Path, disposable: &dyn Fn(&str) -> bool) -> Result<(), BackupError> {
    let at = BackupError::at(state);
    let entries = match fs::read_dir(state) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(at(error)),
    };
    for entry in entries {
        let name = entry.map_err(&at)?.file_name();
        if name != OsStr::new(UNFINISHED) && !name.to_str().is_some_and(disposable) {
            return Err(BackupError::NotBlank {
                folder: state.to_owned(),
                found: name.to_string_lossy().into_owned(),
            });
        }
    }
    let unfinished = state.join(UNFINISHED);
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished).map_err(&at)?;
    }
    Ok(())
}

/// Writes a file of the state folder.
fn write(folder: &Path, kept: &KeptFile) -> Result<(), BackupError> {
    let path = folder.join(&kept.path);
    let within = Path::new(&kept.path)
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    if !within || kept.path.is_empty() {
        return Err(BackupError::Damaged {
            file: path,
            what: "a file in it would lie outside of the folder".to_owned(),
        });
    }
    let at = BackupError::at(&path);
    let above = path.parent().unwrap_or(folder);
    fs::create_dir_all(above).map_err(&at)?;
    let mut options = OpenOptions::new();
    // Closed to all others until its rights are known.
    options.write(true).create_new(true).mode(0o600);
    let mut file = options.open(&path).map_err(&at)?;
    file.write_all(&kept.bytes).map_err(&at)?;
    file.set_permissions(Permissions::from_mode(kept.mode & 0o777))
        .map_err(&at)?;
    file.sync_all().map_err(&at)?;
    File::open(above).and_then(|above| above.sync_all()).map_err(&at)
}

/// Ends a restore that was cut: what is whole takes its place, what is not is removed. Every start calls it first; tells
/// whether there was something to end. One that is still going on is left alone, and said.
pub fn finish(state: &Path) -> Result<bool, BackupError> {
    if !state.join(UNFINISHED).is_dir() && !state.join(WHOLE).is_dir() {
        return Ok(false);
    }
    let _held = Folder::lock(state)?;
    end(state)
}

/// The same, for whoever holds the folder.
fn end(state: &Path) -> Result<bool, BackupError> {
    let at = BackupError::at(state);
    let (unfinished, whole) = (state.join(UNFINISHED), state.join(WHOLE));
    if unfinished.is_dir() {
        fs::remove_dir_all(&unfinished).map_err(&at)?;
    }
    if !whole.is_dir() {
        return Ok(false);
    }
    for entry in fs::read_dir(&whole).map_err(&at)? {
        let entry = entry.map_err(&at)?;
        fs::rename(entry.path(), state.join(entry.file_name())).map_err(&at)?;
    }
    sync(state)?;
    fs::remove_dir(&whole).map_err(&at)?;
    sync(state)?;
    Ok(true)
}
