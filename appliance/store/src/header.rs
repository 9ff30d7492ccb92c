//! The first page of the file is ours. It says that this is a Hearth's store and which Hearth may open it,
//! before redb, which writes as soon as it opens, sees the file at all.
//!
//! Bytes 0..16 name the file, 16..20 the format that wrote it, 20..24 the oldest format that may open it, 24..32
//! the head of a SHA-256 over those. Byte 512, in a sector of its own, is 1 while a Hearth has the file open:
//! found so, it tells that the last run did not end cleanly. From byte 1024 on stands, while the file is closed, what
//! is in no other checksum: 1, the head of a SHA-256 over the first bytes of redb, and where the tail ended.

use std::io;
use std::path::Path;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::OpenError;
use crate::disk::Medium;
use crate::pages;

/// The format that this Hearth writes, and the newest that it can open.
pub(crate) const FORMAT: u32 = 3;
/// The oldest Hearth, by its format, that can open what this one writes.
/// Format 1 knows nothing of the tail file, and would go on without what is in it. Format 2 knows nothing of sheets: it shows
/// what it packs itself, leaves them alone, and the next Hearth of format 3 has both.
const OPENS_FROM: u32 = 2;

/// The length of our page; redb's pages begin behind it and stay aligned.
pub(crate) const LENGTH: u64 = 4_096;

const NAME: &[u8; 16] = b"hearth store\n\0\0\0";
const MARK_AT: u64 = 512;
/// What of the page says whose it is; within one sector, so that it is written whole or not at all.
const HEAD: usize = 32;

/// Where the seal stands, and its length: whether there is one, the checksum, the end of the tail.
const SEAL_AT: u64 = 1_024;
const SEAL: usize = 17;

/// How the last run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LastRun {
    /// In good order; with the place at which the tail ended, where somebody wrote it down.
    Clean(Option<u64>),
    Cut,
}

/// Our page as it is written when the file is made.
pub(crate) fn first_page(format: u32, opens_from: u32) -> Vec<u8> {
    let mut page = Vec::with_capacity(4_096);
    page.extend_from_slice(NAME);
    page.extend_from_slice(&format.to_be_bytes());
    page.extend_from_slice(&opens_from.to_be_bytes());
    let digest = Sha256::digest(&page);
    page.extend_from_slice(&digest[..8]);
    page.resize(4_096, 0);
    page
}

/// Writes our page into a new file.
pub(crate) fn write(medium: &Arc<dyn Medium>) -> io::Result<()> {
    medium.set_len(LENGTH)?;
    medium.write(0, &first_page(FORMAT, OPENS_FROM))
}

/// Reads our page and refuses what this Hearth cannot open. Writes nothing.
pub(crate) fn check(medium: &Arc<dyn Medium>, folder: &Path, file: &Path) -> Result<LastRun, OpenError> {
    let damaged = |what: &str| OpenError::Damaged {
        file: file.to_owned(),
        what: what.to_owned(),
    };
    let io = |source| OpenError::from_io(folder, file, source);
    // A file cut down to our page would be taken by redb for a new one, and filled with nothing.
    if medium.len().map_err(io)? <= LENGTH {
        return Err(damaged("it is too short to be a store"));
    }
    let mut head = [0_u8; HEAD];
    medium.read(0, &mut head).map_err(io)?;
    if !head.starts_with(NAME) {
        return Err(damaged("it does not begin like a store of Hearth"));
    }
    if Sha256::digest(&head[..24])[..8] != head[24..] {
        return Err(damaged("its first page has changed"));
    }
    let opens_from = u32::from_be_bytes([head[20], head[21], head[22], head[23]]);
    if opens_from > FORMAT {
        return Err(OpenError::Newer {
            file: file.to_owned(),
            found: opens_from,
            known: FORMAT,
        });
    }
    let mut mark = [0_u8; 1];
    medium.read(MARK_AT, &mut mark).map_err(io)?;
    if mark != [0] {
        return Ok(LastRun::Cut);
    }
    // A Hearth of format 2 knows nothing of the seal, and leaves one that is not of its own closing.
    let mut seal = [0_u8; SEAL];
    medium.read(SEAL_AT, &mut seal).map_err(io)?;
    if seal[0] != 1 || head[16..20] != FORMAT.to_be_bytes() {
        return Ok(LastRun::Clean(None));
    }
    let end = u64::from_be_bytes(std::array::from_fn(|at| seal[9 + at]));
    if seal == self::seal(medium, end).map_err(io)? {
        Ok(LastRun::Clean(Some(end)))
    } else {
        Err(damaged(
            "the head of the database has changed since it was closed",
        ))
    }
}

/// What is written when the file is closed.
fn seal(medium: &Arc<dyn Medium>, tail_end: u64) -> io::Result<[u8; SEAL]> {
    let digest = Sha256::new()
        .chain_update(pages::head(&**medium)?)
        .chain_update(tail_end.to_be_bytes())
        .finalize();
    let mut seal = [0; SEAL];
    seal[0] = 1;
    seal[1..9].copy_from_slice(&digest[..8]);
    seal[9..].copy_from_slice(&tail_end.to_be_bytes());
    Ok(seal)
}

/// Notes that the file is open, and by which format.
pub(crate) fn mark_open(medium: &Arc<dyn Medium>) -> io::Result<()> {
    medium.write(0, &first_page(FORMAT, OPENS_FROM)[..HEAD])?;
    medium.write(MARK_AT, &[1])?;
    medium.write(SEAL_AT, &[0])?;
    medium.sync()
}

/// Notes that everything was written and closed, and where the tail ended.
pub(crate) fn mark_closed(medium: &Arc<dyn Medium>, tail_end: u64) -> io::Result<()> {
    medium.write(SEAL_AT, &seal(medium, tail_end)?)?;
    medium.write(MARK_AT, &[0])?;
    medium.sync()
}
