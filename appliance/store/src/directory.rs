//! A sheet of many channels: what each of them has lies in columns of its own, and is found without reading the others'.
//!
//! In front stands how long the directory is, then the directory, then the columns in its order. The directory has first
//! what several channels have in common: times at which they were asked together, or in which periods how many readings
//! came (how many times or periods, how many bytes). Then come the channels in the order of their numbers (how much
//! above the one before, which of the common columns is theirs, how many bytes their own one has). What the columns say
//! is known to whoever asks: readings (`series/hour.rs`) or roll-ups (`rollups/sheets.rs`).
//!
//! One channel is read by the first piece of the sheet, where the directory is, and those in which its columns lie.

use std::collections::HashMap;

use crate::fault::Fault;
use crate::numbers::{Bytes, put_counted, put_length, put_varint};
use crate::pieces::{Kind, Rows, Sheet};

/// More times than an hour has milliseconds cannot be true; a damaged count must not keep us busy for ever.
const MOST: usize = 3_600_000;
/// The length of the directory is within so many bytes.
const HEAD: usize = 5;

/// Where a column lies in the sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    at: usize,
    length: usize,
}

/// A column that channels have in common, and of how many times or periods it tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Common {
    count: usize,
    place: Place,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Channel {
    number: u32,
    common: usize,
    place: Place,
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Directory {
    commons: Vec<Common>,
    channels: Vec<Channel>,
}

/// How long the directory is, and where it begins.
fn head(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut head = Bytes::new(bytes);
    let length = head.number()?;
    Some((length, bytes.len() - head.rest().len()))
}

impl Directory {
    /// Reads a directory; the columns begin at `at`, and the sheet ends at `end`.
    fn parse(bytes: &[u8], at: usize, end: usize) -> Option<Self> {
        let mut bytes = Bytes::new(bytes);
        let mut next = at;
        let mut place = |length: usize| {
            let at = next;
            next = next.checked_add(length).filter(|next| *next <= end)?;
            Some(Place { at, length })
        };
        let mut directory = Self::default();
        for _ in 0..bytes.number::<u32>()? {
            let count = bytes.number::<usize>().filter(|count| *count <= MOST)?;
            directory.commons.push(Common {
                count,
                place: place(bytes.number()?)?,
            });
        }
        let mut number = 0_u32;
        for _ in 0..bytes.number::<u32>()? {
            number = number.checked_add(bytes.number()?)?;
            let common = bytes
                .number()
                .filter(|common| *common < directory.commons.len())?;
            directory.channels.push(Channel {
                number,
                common,
                place: place(bytes.number()?)?,
            });
        }
        bytes.is_empty().then_some(directory)
    }
}

/// What a channel has: its own column, and the one that it has in common with others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Columns {
    /// Of how many times or periods they tell.
    pub(crate) count: usize,
    pub(crate) common: Vec<u8>,
    pub(crate) own: Vec<u8>,
}

/// A sheet of many channels that can be read.
pub(crate) struct Listed<'t, T> {
    sheet: Sheet<'t, T>,
    directory: Directory,
}

impl<'t, T: Rows> Listed<'t, T> {
    /// The sheet of this time, if there is one.
    pub(crate) fn open(table: &'t T, kind: Kind, time: i64) -> Result<Option<Self>, Fault> {
        let Some(sheet) = Sheet::open(table, kind, time)? else {
            return Ok(None);
        };
        let first = sheet.read(0..sheet.len().min(HEAD))?;
        let (length, at) = head(&first).ok_or_else(|| sheet.damaged())?;
        let end = at.saturating_add(length);
        let bytes = sheet.read(at..end)?;
        let directory = Directory::parse(&bytes, end, sheet.len()).ok_or_else(|| sheet.damaged())?;
        Ok(Some(Self { sheet, directory }))
    }

    /// Which version of the sheet it is; the first is 1.
    pub(crate) fn version(&self) -> u32 {
        self.sheet.version()
    }

    /// The channels that are in it, in the order of their numbers.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = u32> + '_ {
        self.directory.channels.iter().map(|channel| channel.number)
    }

    /// What a channel has; none if it is not in the sheet.
    pub(crate) fn columns(&self, number: u32) -> Result<Option<Columns>, Fault> {
        let channels = &self.directory.channels;
        let Ok(at) = channels.binary_search_by_key(&number, |channel| channel.number) else {
            return Ok(None);
        };
        let channel = channels[at];
        let common = self.directory.commons[channel.common];
        Ok(Some(Columns {
            count: common.count,
            common: self.bytes(common.place)?,
            own: self.bytes(channel.place)?,
        }))
    }

    fn bytes(&self, place: Place) -> Result<Vec<u8>, Fault> {
        self.sheet.read(place.at..place.at + place.length)
    }

    /// The fault of a sheet that cannot be understood.
    pub(crate) fn damaged(&self) -> Fault {
        self.sheet.damaged()
    }
}

/// A sheet of many channels in the making.
#[derive(Debug, Default)]
pub(crate) struct Builder {
    known: HashMap<(usize, Vec<u8>), usize>,
    commons: Vec<(usize, Vec<u8>)>,
    channels: Vec<(u32, usize, Vec<u8>)>,
}

impl Builder {
    /// Puts a channel in; each number once.
    pub(crate) fn put(&mut self, number: u32, columns: Columns) {
        let Columns { count, common, own } = columns;
        let next = self.commons.len();
        let known = *self.known.entry((count, common.clone())).or_insert(next);
        if known == next {
            self.commons.push((count, common));
        }
        self.channels.push((number, known, own));
    }

    /// The bytes of the sheet.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        self.channels.sort_unstable_by_key(|channel| channel.0);
        let mut directory = Vec::new();
        put_length(&mut directory, self.commons.len());
        for (count, common) in &self.commons {
            put_length(&mut directory, *count);
            put_length(&mut directory, common.len());
        }
        put_length(&mut directory, self.channels.len());
        let mut last = 0;
        for (number, common, own) in &self.channels {
            put_varint(&mut directory, u64::from(number - last));
            put_length(&mut directory, *common);
            put_length(&mut directory, own.len());
            last = *number;
        }
        let mut out = Vec::new();
        put_counted(&mut out, &directory);
        self.commons.iter().for_each(|(_, common)| out.extend(common));
        self.channels.iter().for_each(|(_, _, own)| out.extend(own));
        out
    }
}

#[cfg(test)]
mod tests;
