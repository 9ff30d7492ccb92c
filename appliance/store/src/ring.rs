//! The tail file: a ring of pages of 4 KiB, made once, into which each batch goes before it is acknowledged. It stays
//! there until it is sealed into the database, once an hour; so a batch costs the card a page and one sync instead of a
//! commit of the database.
//!
//! Page 0 says whose file it is. Every other page bears its place, counted on for ever: the page with place `p` lies at
//! `1 + p % pages`. A batch is an entry of one or more pages in a row:
//!
//! | bytes | what |
//! | --- | --- |
//! | 0..8 | the page's place |
//! | 8..16 | the place of the entry's first page |
//! | 16..20 | how many bytes the entry has |
//! | 20..24 | nothing |
//! | 24..32 | the head of a SHA-256 over the file's id, the entry's place, its length and its bytes |
//! | 32.. | bytes of the entry |
//!
//! A page that was acknowledged is not written again before its entry is sealed. An entry whose pages do not all fit its
//! checksum never happened, if nothing stands behind it; if something does, the card has lost it, and that is said.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::io;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::disk::{Disk, Medium};
use crate::fault::Fault;
use crate::fields::{Fields, FieldsReader};
use crate::open;
use crate::pages::Tally;

/// The file's name.
pub(crate) const FILE: &str = "hearth.tail";
/// Its name until it is whole.
const UNFINISHED: &str = "hearth.tail.new";

/// The length of a page in bytes.
const PAGE: usize = 4_096;
const HEAD: usize = 32;
/// The place of the first entry of all.
const FIRST: u64 = 1;
const ROOM: usize = PAGE - HEAD;
const WHAT: &str = "the tail";
const ID: u8 = 1;
const START: u8 = 2;
const UNTIL: u8 = 3;
const KEEP: u8 = 4;
const NAME: &[u8; 16] = b"hearth tail\n\0\0\0\0";

/// Which file, so that the tail of another box, or of another time, is not taken for this one's.
pub(crate) type Id = [u8; 8];

/// What the database says of the tail: which file it goes with, and from where on it is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) id: Id,
    /// The place of the oldest entry that is still needed.
    pub(crate) start: u64,
    /// Of the entries before this place only readings of the hour `keep` are still needed.
    pub(crate) until: u64,
    /// The hour that was going on when the older ones were sealed.
    pub(crate) keep: Option<i64>,
}

impl Mark {
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut fields = Fields::new()
            .bytes(ID, &self.id)
            .unsigned(START, self.start)
            .unsigned(UNTIL, self.until);
        if let Some(hour) = self.keep {
            fields = fields.signed(KEEP, hour);
        }
        fields.finish()
    }

    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, Fault> {
        let fields = FieldsReader::new(bytes, WHAT)?;
        let need = || Fault::Malformed(WHAT);
        Ok(Self {
            id: fields.need(ID)?.try_into().map_err(|_| need())?,
            start: fields.unsigned(START)?.ok_or_else(need)?,
            until: fields.unsigned(UNTIL)?.ok_or_else(need)?,
            keep: fields.signed(KEEP)?,
        })
    }
}

/// An entry as it was found.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) place: u64,
    pub(crate) bytes: Vec<u8>,
}

/// The tail file. Only the writer's thread writes it.
#[derive(Debug)]
pub(crate) struct Ring {
    /// Nothing after a failure: then it is opened again, since what the system remembers of it is not on the card.
    medium: Option<Arc<dyn Medium>>,
    tally: Arc<Tally>,
    pages: u64,
    id: Id,
    start: u64,
    next: u64,
}

impl Ring {
    /// Makes a new file of so many pages, with zeros in all of them: a page that was never written would cost the file
    /// system a commit of its own later.
    pub(crate) fn create(disk: &dyn Disk, tally: &Arc<Tally>, pages: u64) -> io::Result<Self> {
        let id = RandomState::new().build_hasher().finish().to_be_bytes();
        let medium = disk.create(UNFINISHED)?;
        let made = write_empty(&*medium, pages, id)
            .and_then(|()| disk.rename(UNFINISHED, FILE))
            .and_then(|()| disk.sync_folder());
        if let Err(error) = made {
            // What is unfinished only takes space, and the next try writes over it.
            let _ = disk.remove(UNFINISHED);
            return Err(error);
        }
        Ok(Self {
            medium: None,
            tally: Arc::clone(tally),
            pages,
            id,
            start: FIRST,
            next: FIRST,
        })
    }

    /// Opens the file that goes with `mark` and gives back what is still in it, the oldest first, and how many pages in
    /// between cannot be read. `None` where there is no such file.
    pub(crate) fn open(
        disk: &dyn Disk,
        tally: &Arc<Tally>,
        mark: &Mark,
    ) -> io::Result<Option<(Self, Vec<Found>, u64)>> {
        let (found, writable) = match disk.open(FILE) {
            Err(error) if open::is_read_only(&error) => (disk.open_to_read(FILE)?, false),
            found => (found?, true),
        };
        let Some(medium) = found else {
            return Ok(None);
        };
        let Some((id, pages)) = read_first(&*medium)?.filter(|(id, _)| *id == mark.id) else {
            return Ok(None);
        };
        let mut ring = Self {
            medium: Some(medium),
            tally: Arc::clone(tally),
            pages,
            id,
            start: mark.start,
            next: mark.start,
        };
        let (found, lost) = ring.scan()?;
        if !writable {
            ring.medium = None;
        }
        Ok(Some((ring, found, lost)))
    }

    /// Which file this is.
    pub(crate) fn id(&self) -> Id {
        self.id
    }

    /// The place of the next entry.
    pub(crate) fn next(&self) -> u64 {
        self.next
    }

    /// The next entry has this place, or a later one.
    pub(crate) fn goes_on_from(&mut self, place: u64) {
        self.next = self.next.max(place);
    }

    /// Nothing before this place is needed any more.
    pub(crate) fn needed_from(&mut self, place: u64) {
        self.start = place;
    }

    /// Whether an entry of so many bytes takes at most this part of the file.
    pub(crate) fn is_small(&self, bytes: usize, part: u64) -> bool {
        pages_of(bytes) <= self.pages / part
    }

    /// Whether an entry of so many bytes fits without touching one that is still needed.
    pub(crate) fn has_room(&self, bytes: usize) -> bool {
        self.next - self.start + pages_of(bytes) <= self.pages
    }

    /// Writes an entry for which there is room; it is on the card when this returns, and its place comes back.
    pub(crate) fn append(&mut self, disk: &dyn Disk, bytes: &[u8]) -> io::Result<u64> {
        let medium = match self.medium.take() {
            Some(medium) => medium,
            None => disk.open(FILE)?.ok_or(io::ErrorKind::NotFound)?,
        };
        let place = self.next;
        let written = self.entry(place, bytes);
        // The last page of the file is followed by the first.
        let until_the_end = size((self.pages - place % self.pages).saturating_mul(page_bytes()));
        let (first, rest) = written.split_at(written.len().min(until_the_end));
        medium.write(self.offset(place), first)?;
        if !rest.is_empty() {
            medium.write(page_bytes(), rest)?;
        }
        medium.sync()?;
        self.tally.add(written.len());
        self.medium = Some(medium);
        self.next += pages_of(bytes.len());
        Ok(place)
    }

    fn offset(&self, place: u64) -> u64 {
        (1 + place % self.pages).saturating_mul(page_bytes())
    }

    /// The pages of an entry.
    fn entry(&self, place: u64, bytes: &[u8]) -> Vec<u8> {
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        let checksum = self.checksum(place, length, bytes);
        let mut out = Vec::with_capacity(size(pages_of(bytes.len()).saturating_mul(page_bytes())));
        let mut at = place;
        let mut rest = bytes;
        loop {
            let (part, later) = rest.split_at(rest.len().min(ROOM));
            out.extend(at.to_be_bytes());
            out.extend(place.to_be_bytes());
            out.extend(length.to_be_bytes());
            out.extend([0; 4]);
            out.extend(checksum);
            out.extend(part);
            out.resize(out.len().next_multiple_of(PAGE), 0);
            (at, rest) = (at + 1, later);
            if rest.is_empty() {
                return out;
            }
        }
    }

    fn checksum(&self, place: u64, length: u32, bytes: &[u8]) -> [u8; 8] {
        let mut digest = Sha256::new();
        digest.update(self.id);
        digest.update(place.to_be_bytes());
        digest.update(length.to_be_bytes());
        digest.update(bytes);
        let digest = digest.finalize();
        std::array::from_fn(|at| digest[at])
    }

    /// Walks once round the ring from the first entry that is needed. What stands behind a hole was written after the
    /// hole had been acknowledged, so the hole is a loss; what does not is the end.
    fn scan(&mut self) -> io::Result<(Vec<Found>, u64)> {
        let mut found = Vec::new();
        let (mut place, end) = (self.start, self.start + self.pages);
        let mut lost = 0;
        while place < end {
            match self.read_entry(place, end)? {
                Some(bytes) => {
                    lost += place - self.next;
                    place += pages_of(bytes.len());
                    self.next = place;
                    found.push(Found {
                        place: place - pages_of(bytes.len()),
                        bytes,
                    });
                }
                None => place += 1,
            }
        }
        Ok((found, lost))
    }

    /// The entry that begins at this place, if a whole one does.
    fn read_entry(&self, place: u64, end: u64) -> io::Result<Option<Vec<u8>>> {
        let mut page = vec![0; PAGE];
        self.read_page(place, &mut page)?;
        let Some(head) = Head::of(&page).filter(|head| head.place == place && head.first == place) else {
            return Ok(None);
        };
        let length = size(u64::from(head.length));
        let pages = pages_of(length);
        if place.saturating_add(pages) > end {
            return Ok(None);
        }
        let mut bytes = page[HEAD..].to_vec();
        for at in place + 1..place + pages {
            self.read_page(at, &mut page)?;
            if Head::of(&page).is_none_or(|other| other.place != at || other.first != place) {
                return Ok(None);
            }
            bytes.extend_from_slice(&page[HEAD..]);
        }
        bytes.truncate(length);
        Ok((self.checksum(place, head.length, &bytes) == head.checksum).then_some(bytes))
    }

    fn read_page(&self, place: u64, page: &mut [u8]) -> io::Result<()> {
        let medium = self.medium.as_ref().ok_or(io::ErrorKind::NotFound)?;
        medium.read(self.offset(place), page)
    }
}

/// What stands at the head of a page.
struct Head {
    place: u64,
    first: u64,
    length: u32,
    checksum: [u8; 8],
}

impl Head {
    fn of(page: &[u8]) -> Option<Self> {
        let (place, rest) = page.split_first_chunk()?;
        let (first, rest) = rest.split_first_chunk()?;
        let (length, rest) = rest.split_first_chunk()?;
        let checksum = rest.get(4..)?.first_chunk()?;
        Some(Self {
            place: u64::from_be_bytes(*place),
            first: u64::from_be_bytes(*first),
            length: u32::from_be_bytes(*length),
            checksum: *checksum,
        })
    }
}

/// How long a file of so many pages is.
pub(crate) fn bytes(pages: u64) -> u64 {
    pages.saturating_add(1).saturating_mul(page_bytes())
}

fn page_bytes() -> u64 {
    u64::try_from(PAGE).unwrap_or(u64::MAX)
}

/// How many pages so many bytes take; an entry of none takes one as well.
fn pages_of(bytes: usize) -> u64 {
    u64::try_from(bytes.div_ceil(ROOM).max(1)).unwrap_or(u64::MAX)
}

fn size(bytes: u64) -> usize {
    usize::try_from(bytes).unwrap_or(usize::MAX)
}

fn write_empty(medium: &dyn Medium, pages: u64, id: Id) -> io::Result<()> {
    let mut first = Vec::with_capacity(PAGE);
    first.extend(NAME);
    first.extend(id);
    first.extend(pages.to_be_bytes());
    let digest = Sha256::digest(&first);
    first.extend(&digest[..8]);
    first.resize(PAGE, 0);
    medium.write(0, &first)?;
    let zeros = vec![0; PAGE * 64];
    let mut at = 1;
    while at <= pages {
        let some = (pages + 1 - at).min(64);
        medium.write(at * page_bytes(), &zeros[..size(some * page_bytes())])?;
        at += some;
    }
    medium.sync()
}

/// The id and the pages of a file, if it is a tail and its first page is as it was written.
fn read_first(medium: &dyn Medium) -> io::Result<Option<(Id, u64)>> {
    let length = medium.len()?;
    if length < page_bytes() {
        return Ok(None);
    }
    let mut head = [0; 40];
    medium.read(0, &mut head)?;
    let sound = head.starts_with(NAME) && Sha256::digest(&head[..32])[..8] == head[32..];
    let id: Id = std::array::from_fn(|at| head[16 + at]);
    let pages = u64::from_be_bytes(std::array::from_fn(|at| head[24 + at]));
    let whole = pages > 0 && self::bytes(pages) <= length;
    Ok((sound && whole).then_some((id, pages)))
}
