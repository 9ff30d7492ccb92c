//! The tail beside the database: finding the file that goes with it, what of it is pending, and making it where there is
//! none. Where it cannot be made, batches go into the database one by one, as they come.

use std::io;
use std::sync::Arc;

use redb::{ReadTransaction, ReadableTable};

use crate::disk::Disk;
use crate::entry::Entry;
use crate::fault::Fault;
use crate::pages::Tally;
use crate::pending::Pending;
use crate::ring::{self, Mark, Ring};
use crate::tables::{TAIL, key_time};

/// An entry may take this part of the file at most; larger ones go straight into the database.
const LARGEST: u64 = 4;

/// The tail file, if there is one.
#[derive(Debug)]
pub(crate) struct Tail {
    ring: Option<Ring>,
    tally: Arc<Tally>,
    pages: u64,
    /// How many pages could not be read when it was opened.
    lost: u64,
}

impl Tail {
    /// Finds the file that goes with the database, and what is pending in it. `mark` and `end` are what the database
    /// says of it: from where on it is needed, and where it ended if it was closed in good order.
    pub(crate) fn open(
        disk: &dyn Disk,
        tally: &Arc<Tally>,
        pages: u64,
        (mark, end): (Option<&Mark>, Option<u64>),
    ) -> Result<(Self, Pending), Fault> {
        let mut tail = Self {
            ring: None,
            tally: Arc::clone(tally),
            pages: pages.max(LARGEST),
            lost: 0,
        };
        let mut pending = Pending::default();
        let Some(mark) = mark else {
            return Ok((tail, pending));
        };
        let Some((mut ring, found, mut lost)) = Ring::open(disk, tally, mark)? else {
            tail.lost = end.map_or(1, |end| end.saturating_sub(mark.start));
            tracing::warn!("the tail file is not there: what was read since the last full hour is lost");
            return Ok((tail, pending));
        };
        // Behind the last entry that can be read there were others.
        lost += end.map_or(0, |end| end.saturating_sub(ring.next()));
        for entry in found {
            match Entry::decode(&entry.bytes) {
                Ok(read) => pending.take(entry.place, needed(read, entry.place, mark)),
                Err(_) => lost += 1,
            }
        }
        if lost > 0 {
            tracing::warn!(
                pages = lost,
                "a part of the tail file cannot be read: the readings in it are lost"
            );
        }
        ring.goes_on_from(end.unwrap_or_default());
        tail.ring = Some(ring);
        tail.lost = lost;
        Ok((tail, pending))
    }

    /// Makes the file where there is none, and gives the mark that the database must keep before anything is put into it.
    pub(crate) fn make(&mut self, disk: &dyn Disk) -> Result<Option<Mark>, Fault> {
        if self.ring.is_some() {
            return Ok(None);
        }
        let ring = Ring::create(disk, &self.tally, self.pages)?;
        let mark = Mark {
            id: ring.id(),
            start: ring.next(),
            until: ring.next(),
            keep: None,
        };
        self.ring = Some(ring);
        Ok(Some(mark))
    }

    /// How many pages could not be read when it was opened.
    pub(crate) fn lost(&self) -> u64 {
        self.lost
    }

    /// Where it ends.
    pub(crate) fn end(&self) -> u64 {
        self.ring.as_ref().map_or(0, Ring::next)
    }

    /// How many bytes the file will have.
    pub(crate) fn bytes_to_be(&self) -> u64 {
        ring::bytes(self.pages)
    }

    /// Gives up the file, because the database does not know of it, or because somebody removed it.
    pub(crate) fn give_up(&mut self) {
        self.ring = None;
    }

    /// Puts an entry into the file. `None` where it has no room for it, or is not there any more: then the entry must go
    /// into the database, with all that is pending.
    pub(crate) fn append(&mut self, disk: &dyn Disk, bytes: &[u8]) -> Result<Option<u64>, Fault> {
        let fits = |ring: &&mut Ring| ring.has_room(bytes.len()) && ring.is_small(bytes.len(), LARGEST);
        if !disk.holds(ring::FILE) {
            self.give_up();
        }
        let Some(ring) = self.ring.as_mut().filter(fits) else {
            return Ok(None);
        };
        match ring.append(disk, bytes) {
            Ok(place) => Ok(Some(place)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.give_up();
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// What the database is to say of the tail once everything but the readings of `keep` is in it.
    pub(crate) fn mark(&self, left: &Pending, keep: Option<i64>) -> Option<Mark> {
        self.ring.as_ref().map(|ring| Mark {
            id: ring.id(),
            start: left.oldest().unwrap_or(ring.next()),
            until: ring.next(),
            keep,
        })
    }

    /// The database says so now.
    pub(crate) fn sealed(&mut self, mark: &Mark) {
        if let Some(ring) = &mut self.ring {
            ring.needed_from(mark.start);
        }
    }
}

/// What of an entry is not in the database yet.
fn needed(mut entry: Entry, place: u64, mark: &Mark) -> Entry {
    if place < mark.until {
        entry.quarters.clear();
        entry.memories.clear();
        entry.frames.retain(|(hour, _)| Some(*hour) == mark.keep);
    }
    entry
}

/// What a store of format 1 has in its table of the tail.
pub(crate) fn of_format_1(txn: &ReadTransaction, pending: &mut Pending) -> Result<(), Fault> {
    for row in txn.open_table(TAIL)?.iter()? {
        let (key, value) = row?;
        let hour = key_time(key.value()).ok_or(Fault::Malformed("the tail"))?;
        pending.take_old(hour, value.value());
    }
    Ok(())
}
