//! redb's pages inside our file: everything moved behind our first page, counted, and looked at (`checksums.rs`).

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::checksums::{Checksums, HEAD};
use crate::disk::Medium;
use crate::header::LENGTH;

/// What was written since the program began.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    written: AtomicU64,
}

impl Tally {
    pub(crate) fn written(&self) -> u64 {
        self.written.load(Ordering::Relaxed)
    }

    pub(crate) fn add(&self, bytes: usize) {
        self.written
            .fetch_add(u64::try_from(bytes).unwrap_or(0), Ordering::Relaxed);
    }
}

/// The storage that redb is given.
#[derive(Debug)]
pub(crate) struct Pages {
    medium: Arc<dyn Medium>,
    tally: Arc<Tally>,
    checksums: Arc<Checksums>,
}

impl Pages {
    pub(crate) fn new(medium: Arc<dyn Medium>, tally: Arc<Tally>) -> Self {
        Self {
            medium,
            tally,
            checksums: Arc::default(),
        }
    }

    /// What is known of the pages, for whoever says that redb has opened the file.
    pub(crate) fn checksums(&self) -> Arc<Checksums> {
        Arc::clone(&self.checksums)
    }
}

/// The head of redb's pages in the file.
pub(crate) fn head(medium: &dyn Medium) -> io::Result<[u8; HEAD]> {
    let mut head = [0; HEAD];
    medium.read(LENGTH, &mut head)?;
    Ok(head)
}

// The lock methods stay unsupported: the whole folder is locked already, and one process writes.
impl redb::StorageBackend for Pages {
    fn len(&self) -> io::Result<u64> {
        Ok(self.medium.len()?.saturating_sub(LENGTH))
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.medium.read(offset.saturating_add(LENGTH), out)?;
        if offset > 0 {
            return self.checksums.read(offset, out);
        }
        if !self.checksums.is_armed() {
            self.checksums.head(out, false);
        }
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.medium.set_len(len.saturating_add(LENGTH))
    }

    fn sync_data(&self) -> io::Result<()> {
        self.medium.sync()
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.medium.write(offset.saturating_add(LENGTH), data)?;
        self.checksums.written(offset, data);
        self.tally.add(data.len());
        Ok(())
    }
}
