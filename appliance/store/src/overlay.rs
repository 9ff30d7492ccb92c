//! A file that can be read and not written, as redb needs it: what redb writes when it opens stays in memory and is
//! forgotten. Nothing is acknowledged that went in here; the engine sees to that.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::disk::Medium;

const PAGE: usize = 4_096;

/// What was written lies over what is on the card.
#[derive(Debug)]
pub(crate) struct Overlay {
    below: Arc<dyn Medium>,
    above: Mutex<Above>,
}

#[derive(Debug)]
struct Above {
    length: u64,
    /// Pages by their number.
    pages: BTreeMap<u64, Vec<u8>>,
}

impl Overlay {
    /// An empty one over a file.
    pub(crate) fn over(below: Arc<dyn Medium>) -> io::Result<Self> {
        let length = below.len()?;
        let pages = BTreeMap::new();
        Ok(Self {
            below,
            above: Mutex::new(Above { length, pages }),
        })
    }

    fn above(&self) -> MutexGuard<'_, Above> {
        self.above.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A page as it is on the card, with nothing where the file ends.
    fn page_below(&self, number: u64) -> io::Result<Vec<u8>> {
        let mut page = vec![0; PAGE];
        let start = number.saturating_mul(page_bytes());
        let there = self.below.len()?.saturating_sub(start).min(page_bytes());
        if there > 0 {
            self.below.read(start, &mut page[..size(there)])?;
        }
        Ok(page)
    }
}

/// The pages that a stretch touches: number, from where in the page, and where in the stretch.
fn parts(offset: u64, length: usize) -> impl Iterator<Item = (u64, usize, std::ops::Range<usize>)> {
    let mut done = 0;
    std::iter::from_fn(move || {
        if done >= length {
            return None;
        }
        let at = offset + u64::try_from(done).unwrap_or(u64::MAX);
        let within = size(at % page_bytes());
        let count = (PAGE - within).min(length - done);
        let part = done..done + count;
        done += count;
        Some((at / page_bytes(), within, part))
    })
}

fn page_bytes() -> u64 {
    u64::try_from(PAGE).unwrap_or(u64::MAX)
}

fn size(bytes: u64) -> usize {
    usize::try_from(bytes).unwrap_or(usize::MAX)
}

impl Medium for Overlay {
    fn len(&self) -> io::Result<u64> {
        Ok(self.above().length)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let mut above = self.above();
        // What is cut off is nothing when the file grows again.
        let mut last = len / page_bytes();
        if !len.is_multiple_of(page_bytes()) && last * page_bytes() < above.length {
            let mut page = match above.pages.remove(&last) {
                Some(page) => page,
                None => self.page_below(last)?,
            };
            page[size(len % page_bytes())..].fill(0);
            above.pages.insert(last, page);
            last += 1;
        }
        for number in last..above.length.div_ceil(page_bytes()) {
            above.pages.insert(number, vec![0; PAGE]);
        }
        above.length = len;
        Ok(())
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let above = self.above();
        if offset.saturating_add(u64::try_from(out.len()).unwrap_or(u64::MAX)) > above.length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        for (number, within, part) in parts(offset, out.len()) {
            let out = &mut out[part];
            let end = within + out.len();
            match above.pages.get(&number) {
                Some(page) => out.copy_from_slice(&page[within..end]),
                None => out.copy_from_slice(&self.page_below(number)?[within..end]),
            }
        }
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut above = self.above();
        for (number, within, part) in parts(offset, data.len()) {
            let mut page = match above.pages.remove(&number) {
                Some(page) => page,
                None => self.page_below(number)?,
            };
            page[within..within + part.len()].copy_from_slice(&data[part]);
            above.pages.insert(number, page);
        }
        let end = offset.saturating_add(u64::try_from(data.len()).unwrap_or(u64::MAX));
        above.length = above.length.max(end);
        Ok(())
    }

    fn sync(&self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::Overlay;
    use crate::disk::{Disk, Medium};
    use crate::tests::card::Card;

    #[test]
    fn it_reads_as_a_file_would_and_leaves_the_card_alone() {
        let mut dice = fastrand::Rng::with_seed(1);
        for seed in 0..50 {
            let card = Card::new(seed);
            let mut truth: Vec<u8> = (0..dice.usize(..20_000)).map(|_| dice.u8(..)).collect();
            let before = truth.clone();
            card.put("file", truth.clone());
            let file: Arc<dyn Medium> = card.open("file").expect("open").expect("there");
            let over = Overlay::over(file).expect("a length");
            for _ in 0..40 {
                let length = dice.usize(..9_000);
                if dice.u8(..4) == 0 {
                    over.set_len(u64::try_from(length * 2).expect("small"))
                        .expect("memory");
                    truth.resize(length * 2, 0);
                    continue;
                }
                let at = dice.usize(..=truth.len());
                let data = vec![dice.u8(..); length];
                if dice.bool() {
                    over.write(u64::try_from(at).expect("small"), &data)
                        .expect("memory");
                    truth.resize(truth.len().max(at + length), 0);
                    truth[at..at + length].copy_from_slice(&data);
                }
                let mut found = vec![0; truth.len()];
                over.read(0, &mut found).expect("readable");
                assert!(found == truth, "seed {seed}");
            }
            assert_eq!(card.bytes("file"), Some(before));
        }
    }
}
