//! One long string of bytes, a sheet, under a time, cut into pieces of just the size that fills a page of redb.
//!
//! redb keeps rows in leaf pages of 4 KiB. Large values take a power of two of pages, a third of which is air on average, and
//! rows that come in the order of their keys leave leaves half empty. A piece that fills a leaf to the last byte leaves none;
//! only the last piece of a sheet does. Whoever reads a part of a sheet touches only the pieces that it lies in.
//!
//! A piece is bytes of the sheet and a CRC-32 over its key, the sheet's version and those bytes; the first one has in front how
//! the sheet is laid out, the version and the length.
//!
//! Why a checksum of its own, where `checksums.rs` looks at whole pages beneath redb: that one rests on how redb 4 lays out its pages
//! in the file, and looks at nothing where a later redb does so otherwise. This one belongs to the format of the store. It goes with
//! the row, also into a backup and into a file that is written anew, and it tells pieces of two versions, or of two places, apart,
//! which no page does. It takes a thousandth of the space, and could not be added later without a reader for both.

use std::ops::Range;

use redb::{ReadableTable, Table};

use crate::Progress;
use crate::fault::Fault;
use crate::tables::{key_time, time_key};

/// A table of rows that can be read.
pub(crate) trait Rows: ReadableTable<&'static [u8], &'static [u8]> {}
impl<T: ReadableTable<&'static [u8], &'static [u8]>> Rows for T {}
/// A table of rows that can be changed.
pub(crate) type Writable<'txn> = Table<'txn, &'static [u8], &'static [u8]>;

/// A kind of sheets within a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kind {
    /// The first byte of its keys.
    pub(crate) code: u8,
    /// How its sheets are laid out: the first byte of each. One with another number is not understood, and says so.
    pub(crate) layout: u8,
    /// Names it in the sentence about a damaged one.
    pub(crate) what: &'static str,
}

/// A key is the kind, the time and the piece's number.
const KEY: usize = 13;
/// What a leaf page has for itself and for its one row: its head, and where key and value end.
const PAGE: usize = 4_096;
const OF_THE_PAGE: usize = 12;
const CHECKSUM: usize = 4;
/// The layout, the version and the length, in front of the first piece.
const HEAD: usize = 9;
/// How many bytes of a sheet, or of its head and the sheet, a piece holds.
const ROOM: usize = PAGE - OF_THE_PAGE - KEY - CHECKSUM;

fn key(kind: Kind, time: i64, piece: u32) -> [u8; KEY] {
    let mut key = [0; KEY];
    key[0] = kind.code;
    key[1..9].copy_from_slice(&time_key(time));
    key[9..].copy_from_slice(&piece.to_be_bytes());
    key
}

fn checksum(key: &[u8; KEY], version: u32, bytes: &[u8]) -> [u8; CHECKSUM] {
    let mut crc = crc32fast::Hasher::new();
    crc.update(key);
    crc.update(&version.to_be_bytes());
    crc.update(bytes);
    crc.finalize().to_be_bytes()
}

/// How many pieces a sheet of so many bytes has; an empty one has one as well.
fn pieces_of(length: u32) -> u32 {
    let room = u32::try_from(ROOM).unwrap_or(u32::MAX);
    let head = u32::try_from(HEAD).unwrap_or(u32::MAX);
    length.saturating_add(head).div_ceil(room)
}

/// Puts a sheet where it belongs; what stood there is gone.
pub(crate) fn put(
    table: &mut Writable<'_>,
    kind: Kind,
    time: i64,
    version: u32,
    bytes: &[u8],
) -> Result<(), Fault> {
    let length = u32::try_from(bytes.len()).map_err(|_| Fault::Malformed(kind.what))?;
    let mut head = Vec::with_capacity(HEAD + bytes.len());
    head.push(kind.layout);
    head.extend(version.to_be_bytes());
    head.extend(length.to_be_bytes());
    head.extend(bytes);
    let mut piece = Vec::with_capacity(ROOM + CHECKSUM);
    for (number, part) in (0..).zip(head.chunks(ROOM)) {
        let key = key(kind, time, number);
        piece.clear();
        piece.extend(part);
        piece.extend(checksum(&key, version, part));
        table.insert(key.as_slice(), piece.as_slice())?;
    }
    remove_from(table, kind, time, pieces_of(length)).map(|_| ())
}

/// Takes a sheet away, and says how many rows that were.
pub(crate) fn remove(table: &mut Writable<'_>, kind: Kind, time: i64) -> Result<usize, Fault> {
    remove_from(table, kind, time, 0)
}

/// Takes the pieces of a sheet away from this one on.
fn remove_from(table: &mut Writable<'_>, kind: Kind, time: i64, first: u32) -> Result<usize, Fault> {
    let (first, last) = (key(kind, time, first), key(kind, time, u32::MAX));
    let mut keys = Vec::new();
    for row in table.range(first.as_slice()..=last.as_slice())? {
        keys.push(row?.0.value().to_vec());
    }
    for key in &keys {
        table.remove(key.as_slice())?;
    }
    Ok(keys.len())
}

/// Takes whole sheets of times before `time` away, the oldest first, until about so many rows are gone.
pub(crate) fn remove_before(
    table: &mut Writable<'_>,
    kind: Kind,
    time: i64,
    most_rows: usize,
) -> Result<Progress, Fault> {
    let Some(last) = time.checked_sub(1) else {
        return Ok(Progress::Done);
    };
    let mut gone = 0;
    while let Some(oldest) = next_time(table, kind, i64::MIN, last)? {
        if gone >= most_rows {
            return Ok(Progress::More);
        }
        gone += remove(table, kind, oldest)?;
    }
    Ok(Progress::Done)
}

/// The first time from `first` to `last`, both included, that has a sheet.
pub(crate) fn next_time(table: &impl Rows, kind: Kind, first: i64, last: i64) -> Result<Option<i64>, Fault> {
    if first > last {
        return Ok(None);
    }
    let (first, last) = (key(kind, first, 0), key(kind, last, u32::MAX));
    let row = table
        .range(first.as_slice()..=last.as_slice())?
        .next()
        .transpose()?;
    row.map(|(key, _)| time_of(kind, key.value())).transpose()
}

fn time_of(kind: Kind, key: &[u8]) -> Result<i64, Fault> {
    let time = key.get(1..).and_then(key_time);
    time.filter(|_| key.len() == KEY)
        .ok_or(Fault::Malformed(kind.what))
}

/// A sheet that is there; its first piece is at hand, the others are read when they are asked for.
pub(crate) struct Sheet<'t, T> {
    table: &'t T,
    kind: Kind,
    time: i64,
    version: u32,
    length: usize,
    first: Vec<u8>,
}

impl<'t, T: Rows> Sheet<'t, T> {
    /// The sheet of this time, if there is one.
    pub(crate) fn open(table: &'t T, kind: Kind, time: i64) -> Result<Option<Self>, Fault> {
        let key = key(kind, time, 0);
        let Some(row) = table.get(key.as_slice())? else {
            return Ok(None);
        };
        let damaged = || Fault::Malformed(kind.what);
        let (layout, rest) = row.value().split_first().ok_or_else(damaged)?;
        let (version, rest) = rest.split_first_chunk().ok_or_else(damaged)?;
        let version = u32::from_be_bytes(*version);
        let length = rest.first_chunk().map(|length| u32::from_be_bytes(*length));
        let length = length.ok_or_else(damaged)?;
        let first = sound(&key, version, row.value()).ok_or_else(damaged)?;
        let whole = usize::try_from(length).map_err(|_| damaged())?;
        let here = whole.saturating_add(HEAD).min(ROOM);
        let fits = first.len() == here && *layout == kind.layout;
        let bytes = first.get(HEAD..).filter(|_| fits);
        Ok(Some(Self {
            table,
            kind,
            time,
            version,
            length: whole,
            first: bytes.ok_or_else(damaged)?.to_vec(),
        }))
    }

    /// Which version it is: the number that it was put with.
    pub(crate) fn version(&self) -> u32 {
        self.version
    }

    /// How many bytes it has.
    pub(crate) fn len(&self) -> usize {
        self.length
    }

    /// Some of its bytes. Reads the pieces in which they lie, and no others.
    pub(crate) fn read(&self, range: Range<usize>) -> Result<Vec<u8>, Fault> {
        if range.start > range.end || range.end > self.length {
            return Err(self.damaged());
        }
        let mut bytes = Vec::with_capacity(range.len());
        let (mut at, end) = (range.start + HEAD, range.end + HEAD);
        while at < end {
            let (piece, from) = (at / ROOM, at % ROOM);
            let to = (end - piece * ROOM).min(ROOM);
            if piece == 0 {
                bytes.extend_from_slice(
                    self.first
                        .get(from - HEAD..to - HEAD)
                        .ok_or_else(|| self.damaged())?,
                );
            } else {
                self.read_piece(piece, from..to, &mut bytes)?;
            }
            at += to - from;
        }
        Ok(bytes)
    }

    /// All of its bytes.
    pub(crate) fn read_all(&self) -> Result<Vec<u8>, Fault> {
        self.read(0..self.length)
    }

    fn read_piece(&self, piece: usize, part: Range<usize>, bytes: &mut Vec<u8>) -> Result<(), Fault> {
        let number = u32::try_from(piece).map_err(|_| self.damaged())?;
        let key = key(self.kind, self.time, number);
        let row = self.table.get(key.as_slice())?.ok_or_else(|| self.damaged())?;
        let sound = sound(&key, self.version, row.value()).and_then(|whole| whole.get(part));
        bytes.extend_from_slice(sound.ok_or_else(|| self.damaged())?);
        Ok(())
    }

    /// The fault of a sheet that cannot be understood.
    pub(crate) fn damaged(&self) -> Fault {
        Fault::Malformed(self.kind.what)
    }
}

/// What a piece holds, if it is as it was written.
fn sound<'a>(key: &[u8; KEY], version: u32, value: &'a [u8]) -> Option<&'a [u8]> {
    let (bytes, kept) = value.split_last_chunk()?;
    (checksum(key, version, bytes) == *kept).then_some(bytes)
}

#[cfg(test)]
mod tests;
