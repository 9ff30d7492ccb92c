//! Packed folders, as XLSX and ODS are: what is in them, and whether it is safe to unpack them.
//!
//! What a packed file says of its own sizes is not believed: every part is unpacked once in a stream that is thrown
//! away, and as soon as it becomes too much, the file is refused. Only then does anything else read it.

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use super::{NoSheet, PARTS, UNPACKED_BYTES};

/// What a packed folder is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Package {
    /// A workbook of Excel.
    Xlsx,
    /// An OpenDocument table.
    Ods,
}

/// The mark of OpenDocument tables.
const ODS: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";

/// Looks into a packed file, and whether it can be unpacked safely.
pub(super) fn check(bytes: &[u8]) -> Result<Package, NoSheet> {
    let mut archive = open(bytes)?;
    if archive.len() > PARTS {
        return Err(NoSheet::UnpacksTooLarge {
            part: format!("{} parts", archive.len()),
        });
    }
    let mut left = UNPACKED_BYTES;
    for at in 0..archive.len() {
        let part = match archive.name_for_index(at) {
            Some(Ok(name)) => name.into_owned(),
            _ => return Err(damaged("the list of its parts")),
        };
        let file = archive.by_index(at).map_err(|error| no_part(&part, &error))?;
        let unpacked = count(file, left).map_err(|()| damaged(&part))?;
        left = left
            .checked_sub(unpacked)
            .filter(|left| *left > 0)
            .ok_or(NoSheet::UnpacksTooLarge { part })?;
    }
    kind(&mut archive)
}

/// The bytes of one part.
pub(super) fn part(bytes: &[u8], name: &str) -> Result<Vec<u8>, NoSheet> {
    let mut archive = open(bytes)?;
    let file = archive.by_name(name).map_err(|error| no_part(name, &error))?;
    let mut unpacked = Vec::new();
    file.take(UNPACKED_BYTES)
        .read_to_end(&mut unpacked)
        .map_err(|_| damaged(name))?;
    Ok(unpacked)
}

fn open(bytes: &[u8]) -> Result<ZipArchive<Cursor<&[u8]>>, NoSheet> {
    ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged("the list of its parts"))
}

pub(super) fn damaged(part: &str) -> NoSheet {
    NoSheet::Damaged {
        part: part.to_owned(),
    }
}

fn no_part(part: &str, error: &ZipError) -> NoSheet {
    match error {
        ZipError::UnsupportedArchive(why) if why.contains("assword") => NoSheet::Locked,
        _ => damaged(part),
    }
}

/// How many bytes come out, read at most one more than there may be.
fn count(file: impl Read, most: u64) -> Result<u64, ()> {
    let mut file = file.take(most.saturating_add(1));
    let mut buffer = vec![0; 1 << 16];
    let mut bytes = 0_u64;
    loop {
        let read = file.read(&mut buffer).map_err(drop)?;
        if read == 0 {
            return Ok(bytes);
        }
        bytes += u64::try_from(read).map_err(drop)?;
    }
}

fn kind(archive: &mut ZipArchive<Cursor<&[u8]>>) -> Result<Package, NoSheet> {
    if archive.index_for_name("xl/workbook.xml").is_some() {
        return Ok(Package::Xlsx);
    }
    if archive.index_for_name("xl/workbook.bin").is_some() {
        return Err(NoSheet::Other("an Excel file of the binary kind (.xlsb)"));
    }
    let mut mark = Vec::new();
    if let Ok(file) = archive.by_name("mimetype") {
        file.take(100)
            .read_to_end(&mut mark)
            .map_err(|_| damaged("mimetype"))?;
    }
    if mark.starts_with(ODS) {
        return Ok(Package::Ods);
    }
    if archive.index_for_name("Index/Document.iwa").is_some() {
        return Err(NoSheet::Other("a Numbers file from a Mac"));
    }
    Err(NoSheet::Other(
        "a packed folder without a table that is known here",
    ))
}
