//! Whether the pages that redb is given are the ones that it wrote.
//!
//! redb keeps a checksum of every page in the page above it, and looks at them when it repairs a file, not when it
//! reads. A bit that flipped on the card would be served as a value. So the checksums are looked at here, beneath redb,
//! whenever a page comes from the card: a page above is read before the pages below it, and tells what they must be. It
//! costs the card nothing, and files of older formats have them too. A page that does not fit is an error of the card,
//! and nobody sees what is in it.
//!
//! What stands here of redb's pages is the third format of its files (`docs/design.md` of redb 4). A file of another
//! one is read as it is; the tests of flipped bits would fail then.

use std::collections::HashMap;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use twox_hash::XxHash3_128;

/// The length of redb's smallest pages, and of the head of the file.
const PAGE: u64 = 4_096;
/// The bytes of the head that redb uses: what the file is, and the two last commits.
pub(crate) const HEAD: usize = 320;
const MAGIC: &[u8; 9] = b"redb\x1A\x0A\xA9\x0D\x0A";
/// In the ninth byte: which commit is the newest, whether a repair is due, whether the newest is beyond doubt.
const NEWEST: u8 = 1;
const REPAIR: u8 = 2;
const TWO_PHASES: u8 = 4;
const FORMAT: u8 = 3;
const LEAF: u8 = 1;
const BRANCH: u8 = 2;
/// Stands for a checksum that is not reckoned yet, in a page that was written before its commit.
const DEFERRED: u128 = 999;
/// So many pages are remembered at most, 16 MB of memory for four gigabytes that are all read; then it begins anew.
const MOST: usize = 1_000_000;

/// How a page is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// It was written since the file was opened; all its bytes count.
    Written,
    /// Of the tree of all tables.
    Tables,
    /// Of a table whose keys and values have these lengths, or any.
    Rows { key: Option<u16>, value: Option<u16> },
}

/// What a page must be: a part of its checksum.
#[derive(Debug, Clone, Copy)]
struct Known {
    sum: u32,
    kind: Kind,
}

/// How pages lie in the file.
#[derive(Debug, Clone, Copy, Default)]
struct Regions {
    header: u64,
    whole: u64,
}

/// What is known of the pages of one open file.
#[derive(Debug, Default)]
pub(crate) struct Checksums {
    /// Whether it is known where the trees begin. Not while redb repairs, when pages may not fit.
    armed: AtomicBool,
    pages: Mutex<(Regions, HashMap<u64, Known>)>,
}

impl Checksums {
    /// Whether pages are looked at.
    pub(crate) fn is_armed(&self) -> bool {
        self.armed.load(Ordering::Acquire)
    }

    fn pages(&self) -> MutexGuard<'_, (Regions, HashMap<u64, Known>)> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The head of the file was read; `open` where redb has come to terms with it. Before, pages are looked at only if
    /// no repair can find the newest commit wanting.
    pub(crate) fn head(&self, head: &[u8], open: bool) {
        let Some(roots) = self.roots(head, open) else {
            return;
        };
        let mut pages = self.pages();
        for (root, kind) in roots {
            learn(&mut pages, &root, kind);
        }
        drop(pages);
        self.armed.store(true, Ordering::Release);
    }

    /// Where the trees of the two commits begin, the newest last.
    fn roots(&self, head: &[u8], open: bool) -> Option<Vec<(Root, Kind)>> {
        if head.len() < HEAD || !head.starts_with(MAGIC) || number(head, 12)? != PAGE {
            return None;
        }
        let (state, header, most) = (head[9], number(head, 16)?, number(head, 20)?);
        if !open && state & REPAIR != 0 && state & TWO_PHASES == 0 {
            return None;
        }
        self.pages().0 = Regions {
            header: header * PAGE,
            whole: (header + most) * PAGE,
        };
        let newest = usize::from(state & NEWEST);
        let mut roots = Vec::new();
        for slot in [1 - newest, newest] {
            let slot = &head[64 + slot * 128..];
            if slot[0] != FORMAT {
                return None;
            }
            for (there, at) in [(slot[1], 8), (slot[2], 40)] {
                if there != 0 {
                    roots.push((Root::of(&slot[at..])?, Kind::Tables));
                }
            }
        }
        Some(roots)
    }

    /// A page was written.
    pub(crate) fn written(&self, offset: u64, data: &[u8]) {
        if offset == 0 {
            return;
        }
        let known = Known {
            sum: short(XxHash3_128::oneshot(data)),
            kind: Kind::Written,
        };
        remember(&mut self.pages().1, offset, known);
    }

    /// A page was read: an error if it is another than was written.
    pub(crate) fn read(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        if !self.is_armed() {
            return Ok(());
        }
        let Some(known) = self.pages().1.get(&offset).copied() else {
            return Ok(());
        };
        let used = match known.kind {
            Kind::Written => Some(data.len()),
            kind => used(data, kind),
        };
        let sum = used.and_then(|used| data.get(..used)).map(XxHash3_128::oneshot);
        if sum.map(short) != Some(known.sum) {
            return Err(damaged(offset));
        }
        if known.kind != Kind::Written {
            let below = below(data, known.kind).ok_or_else(|| damaged(offset))?;
            let mut pages = self.pages();
            for (root, kind) in below {
                learn(&mut pages, &root, kind);
            }
        }
        Ok(())
    }
}

fn damaged(offset: u64) -> io::Error {
    let what = format!("the page at byte {offset} of the database has changed since it was written");
    io::Error::new(io::ErrorKind::InvalidData, what)
}

/// Another page, by its number, and its checksum.
struct Root {
    page: u64,
    sum: u128,
}

impl Root {
    /// The number, and behind it the checksum.
    fn of(bytes: &[u8]) -> Option<Self> {
        Some(Self {
            page: long(bytes, 0)?,
            sum: u128::from_le_bytes(*bytes.get(8..24)?.first_chunk()?),
        })
    }
}

/// What a page must be, as the page above it says.
fn learn((regions, known): &mut (Regions, HashMap<u64, Known>), root: &Root, kind: Kind) {
    if root.sum == DEFERRED {
        return;
    }
    // Five bits of the size, twenty of the region, twenty of the place in it counted in pages of that size.
    let order = root.page >> 59;
    let (place, region) = (root.page & (0xf_ffff >> order), root.page >> 20 & 0xf_ffff);
    let offset = PAGE + region * regions.whole + regions.header + place * (PAGE << order);
    let sum = short(root.sum);
    remember(known, offset, Known { sum, kind });
}

fn remember(known: &mut HashMap<u64, Known>, offset: u64, page: Known) {
    if known.len() >= MOST {
        known.clear();
    }
    known.insert(offset, page);
}

/// How many bytes of a page count.
fn used(data: &[u8], kind: Kind) -> Option<usize> {
    let (key, value) = match kind {
        Kind::Rows { key, value } => (key.map(usize::from), value.map(usize::from)),
        Kind::Tables | Kind::Written => (None, None),
    };
    let count = usize::from(u16::from_le_bytes(*data.get(2..4)?.first_chunk()?));
    let last = count.checked_sub(1)?;
    match *data.first()? {
        LEAF => Some(
            Leaf {
                data,
                count,
                key,
                value,
            }
            .value_end(last)?,
        ),
        BRANCH => {
            let keys = 8 + 24 * (count + 1);
            match key {
                Some(key) => Some(keys + key * count),
                None => index(data, keys + 4 * last),
            }
        }
        _ => None,
    }
}

/// A page of pairs.
#[derive(Clone, Copy)]
struct Leaf<'a> {
    data: &'a [u8],
    count: usize,
    key: Option<usize>,
    value: Option<usize>,
}

impl Leaf<'_> {
    fn key_end(&self, pair: usize) -> Option<usize> {
        match self.key {
            Some(key) => {
                let ends = if self.value.is_none() { 4 * self.count } else { 0 };
                Some(4 + ends + key * (pair + 1))
            }
            None => index(self.data, 4 + 4 * pair),
        }
    }

    fn value_end(&self, pair: usize) -> Option<usize> {
        let keys_end = self.key_end(self.count.checked_sub(1)?)?;
        match self.value {
            Some(value) => Some(keys_end + value * (pair + 1)),
            None => {
                let ends = if self.key.is_none() { 4 * self.count } else { 0 };
                index(self.data, 4 + ends + 4 * pair)
            }
        }
    }

    fn value_of(&self, pair: usize) -> Option<&[u8]> {
        let start = match pair.checked_sub(1) {
            Some(before) => self.value_end(before)?,
            None => self.key_end(self.count.checked_sub(1)?)?,
        };
        self.data.get(start..self.value_end(pair)?)
    }
}

/// The pages below a page that fits its checksum, and of what kind they are.
fn below(data: &[u8], kind: Kind) -> Option<Vec<(Root, Kind)>> {
    let count = usize::from(u16::from_le_bytes(*data.get(2..4)?.first_chunk()?));
    match (*data.first()?, kind) {
        (BRANCH, kind) => (0..=count)
            .map(|child| {
                let sum = data.get(8 + 16 * child..)?.first_chunk()?;
                let root = Root {
                    page: long(data, 8 + 16 * (count + 1) + 8 * child)?,
                    sum: u128::from_le_bytes(*sum),
                };
                Some((root, kind))
            })
            .collect(),
        (_, Kind::Tables) => {
            let leaf = Leaf {
                data,
                count,
                key: None,
                value: None,
            };
            let tables = (0..count).map(|pair| table(leaf.value_of(pair)?));
            Some(
                tables
                    .collect::<Option<Vec<_>>>()?
                    .into_iter()
                    .flatten()
                    .collect(),
            )
        }
        _ => Some(Vec::new()),
    }
}

/// Where a table begins, if it has rows; of a table of many values under a key nothing is known, and there is none here.
fn table(definition: &[u8]) -> Option<Option<(Root, Kind)>> {
    const ONE_VALUE: u8 = 3;
    let (kind, root) = (*definition.first()?, definition.get(10..)?);
    if kind != ONE_VALUE || definition[9] == 0 {
        return Some(None);
    }
    let width = |at: usize| {
        let fixed = *definition.get(at)? != 0;
        let width = index(definition, at + 1)?;
        Some(if fixed {
            Some(u16::try_from(width).ok()?)
        } else {
            None
        })
    };
    let rows = Kind::Rows {
        key: width(42)?,
        value: width(47)?,
    };
    Some(Some((Root::of(root)?, rows)))
}

fn number(bytes: &[u8], at: usize) -> Option<u64> {
    let bytes = bytes.get(at..)?.first_chunk()?;
    Some(u64::from(u32::from_le_bytes(*bytes)))
}

fn index(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(number(bytes, at)?).ok()
}

fn long(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// A part of a checksum is enough: one damage in four billions is not seen.
fn short(sum: u128) -> u32 {
    u32::try_from(sum & u128::from(u32::MAX)).unwrap_or_default()
}
