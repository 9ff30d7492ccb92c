//! Where backups lie: on a stick or in a folder each box has one of its own, called by its number.

use std::fs;
use std::path::{Path, PathBuf};

use super::BackupError;
use super::manifest::{ENDING, Manifest, packs_of};
use crate::numbers::hex;

/// How the folder of a box begins.
const PREFIX: &str = "hearth-backup-";

/// A backup that was found.
#[derive(Debug)]
pub struct Found {
    /// Its file.
    pub file: PathBuf,
    /// What it says, or why it cannot be read.
    pub manifest: Result<Manifest, BackupError>,
}

/// The folder of a box's backups on a stick, or in a folder for backups.
pub fn folder_of(place: &Path, of_box: &[u8; 16]) -> PathBuf {
    place.join(format!("{PREFIX}{}", hex(&of_box[..4])))
}

/// The backups in the folder of a box, the oldest first.
pub fn list(folder: &Path) -> Result<Vec<Found>, BackupError> {
    let at = BackupError::at(folder);
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(&at)? {
        let path = entry.map_err(&at)?.path();
        if path.extension().is_some_and(|ending| ending == ENDING) {
            files.push(path);
        }
    }
    files.sort();
    let read = |file: PathBuf| Found {
        manifest: Manifest::read(&file),
        file,
    };
    Ok(files.into_iter().map(read).collect())
}

/// The backup that somebody means: a file, or the newest of a folder, or of the one box on a stick.
pub fn newest(from: &Path) -> Result<PathBuf, BackupError> {
    if from.is_file() {
        return Ok(from.to_owned());
    }
    let folder = only_box(from)?;
    let last = list(&folder)?.pop().ok_or(BackupError::NoBackup(folder))?;
    Ok(last.file)
}

/// The folders of all boxes that have backups here: the place itself, or those within it.
pub fn boxes(place: &Path) -> Result<Vec<PathBuf>, BackupError> {
    if packs_of(place).is_dir() {
        return Ok(vec![place.to_owned()]);
    }
    let at = BackupError::at(place);
    let mut boxes = Vec::new();
    for entry in fs::read_dir(place).map_err(&at)? {
        let path = entry.map_err(&at)?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        if name.is_some_and(|name| name.starts_with(PREFIX)) && packs_of(&path).is_dir() {
            boxes.push(path);
        }
    }
    boxes.sort();
    Ok(boxes)
}

/// The folder of the one box that has backups here.
fn only_box(place: &Path) -> Result<PathBuf, BackupError> {
    let mut boxes = boxes(place)?;
    match boxes.len() {
        0 | 1 => boxes.pop().ok_or_else(|| BackupError::NoBackup(place.to_owned())),
        count => Err(BackupError::Several {
            folder: place.to_owned(),
            count,
        }),
    }
}
