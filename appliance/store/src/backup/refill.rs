//! A store made anew of rows: for restoring, and for the scratch store that shows that a backup can be restored. The file
//! has its name only when it is whole.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use redb::{ReadTransaction, ReadableDatabase};
use sha2::{Digest, Sha256};

use super::BackupError;
use super::item::{Item, KeptFile};
use super::manifest::{Manifest, PieceDigest, packs_of};
use super::pack;
use crate::age::Identity;
use crate::disk::Disk;
use crate::entry::Entry;
use crate::fault::Fault;
use crate::open::{self, Unfinished, guarded};
use crate::pages::Tally;
use crate::pending::Pending;
use crate::registry::Registry;
use crate::series::SeriesWriter;
use crate::tables::{META, META_TAIL, named};
use crate::{StoreError, audit, header, tables};

/// About so many bytes of rows are written in one transaction.
const AT_A_TIME: usize = 4 * 1024 * 1024;
/// Memory for pages.
const CACHE: usize = 2 * 1024 * 1024;

impl From<Fault> for BackupError {
    fn from(fault: Fault) -> Self {
        Self::Store(StoreError::from(fault))
    }
}

/// The digest of rows, one after the other.
#[derive(Default)]
pub(super) struct RowsDigest {
    hash: Sha256,
    /// How many there were.
    pub(super) rows: u64,
}

impl RowsDigest {
    /// Takes a row in.
    pub(super) fn row(&mut self, key: &[u8], value: &[u8]) {
        for part in [key, value] {
            self.hash
                .update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            self.hash.update(part);
        }
        self.rows += 1;
    }

    /// The digest of all of them.
    pub(super) fn finish(self) -> PieceDigest {
        let digest = self.hash.finalize();
        std::array::from_fn(|at| digest[at])
    }
}

/// A row that waits to be written.
type Waiting = (String, Vec<u8>, Vec<u8>);

/// A store that is being made of rows.
pub(super) struct Refill<'d> {
    disk: &'d dyn Disk,
    file: Unfinished<'d>,
    waiting: Vec<Waiting>,
    bytes: usize,
}

impl<'d> Refill<'d> {
    /// Begins a store on a disk that has none.
    pub(super) fn begin(disk: &'d dyn Disk) -> Result<Self, Fault> {
        Ok(Self {
            disk,
            file: Unfinished::begin(disk, CACHE, &Arc::new(Tally::default()))?,
            waiting: Vec::new(),
            bytes: 0,
        })
    }

    /// Takes a row in.
    fn row(&mut self, table: &str, key: Vec<u8>, value: Vec<u8>) -> Result<(), Fault> {
        self.bytes += key.len() + value.len() + table.len();
        self.waiting.push((table.to_owned(), key, value));
        if self.bytes < AT_A_TIME {
            return Ok(());
        }
        self.flush()
    }

    /// Writes what waits.
    pub(super) fn flush(&mut self) -> Result<(), Fault> {
        guarded(|| {
            let txn = self.file.database.begin_write()?;
            for run in self.waiting.chunk_by(|one, next| one.0 == next.0) {
                let name = run.first().map_or("", |row| &row.0);
                let mut table = txn.open_table(named(name))?;
                for (_, key, value) in run {
                    table.insert(key.as_slice(), value.as_slice())?;
                }
            }
            Ok(txn.commit()?)
        })?;
        self.waiting.clear();
        self.bytes = 0;
        Ok(())
    }

    /// What is in it so far, but for what waits.
    pub(super) fn read(&self) -> Result<ReadTransaction, Fault> {
        Ok(self.file.database.begin_read()?)
    }

    /// Puts in what was pending, and gives the file its name. Power may go at any moment before: then there is none.
    pub(super) fn finish(mut self, pending: &[u8]) -> Result<(), Fault> {
        self.flush()?;
        let Self { disk, file, .. } = self;
        let database = &file.database;
        let mut known = Pending::default();
        if !pending.is_empty() {
            known.take(0, Entry::decode(pending)?);
        }
        guarded(|| {
            let mut txn = database.begin_write()?;
            txn.set_two_phase_commit(true);
            tables::make(&txn)?;
            // The tail file of the store that this is of is not here.
            txn.open_table(META)?.remove(META_TAIL.as_bytes())?;
            txn.commit()?;
            let mut registry = Registry::load(&database.begin_read()?)?.with(known)?;
            let mut txn = database.begin_write()?;
            txn.set_two_phase_commit(true);
            let mut series = SeriesWriter {
                txn: &txn,
                registry: &mut registry,
            };
            series.seal(None)?;
            Ok(txn.commit()?)
        })?;
        file.give_name()?;
        Ok(disk.sync_folder()?)
    }
}

/// That the store of a disk opens, and that its record is whole; tells how many lines that has.
pub(super) fn opens(disk: &dyn Disk) -> Result<u64, BackupError> {
    let opened = open::open_existing(disk, CACHE, &Arc::new(Tally::default()))?;
    let lines = guarded(|| audit::verify(&opened.database.begin_read()?))??;
    guarded(|| Ok(opened.database.close()?))?;
    header::mark_closed(&opened.medium, 0).map_err(BackupError::at(disk.folder()))?;
    Ok(lines)
}

/// What came out of packs beside rows.
#[derive(Debug, Default)]
pub(super) struct Poured {
    pub(super) files: Vec<KeptFile>,
    pub(super) pending: Vec<u8>,
    pub(super) rows: u64,
}

/// A backup whose packs are read.
pub(super) struct Source<'a> {
    /// The folder of the box's backups.
    pub(super) folder: &'a Path,
    /// Its list.
    pub(super) manifest: &'a Manifest,
    /// A key that opens its packs.
    pub(super) identity: &'a Identity,
    /// Whether to end.
    pub(super) stopped: &'a dyn Fn() -> bool,
}

/// Where the rows that come belong.
struct Place {
    table: String,
    first: Option<Vec<u8>>,
    wanted: bool,
    digest: RowsDigest,
}

impl Source<'_> {
    /// Pours these packs into a store, and compares each piece with the list.
    pub(super) fn pour(&self, packs: &[usize], refill: &mut Refill<'_>) -> Result<Poured, BackupError> {
        let mut poured = Poured::default();
        for index in packs {
            self.pour_pack(*index, refill, &mut poured)?;
        }
        refill.flush()?;
        Ok(poured)
    }

    fn pour_pack(
        &self,
        index: usize,
        refill: &mut Refill<'_>,
        poured: &mut Poured,
    ) -> Result<(), BackupError> {
        let Some(file) = self.manifest.packs.get(index) else {
            return Ok(());
        };
        pack::is_unchanged(self.folder, file, self.stopped)?;
        let (mut place, mut seen, mut known) = (None::<Place>, 0, false);
        let path = packs_of(self.folder).join(file.name());
        pack::read(self.folder, file, self.identity, &mut |item| {
            if (self.stopped)() {
                return Err(BackupError::Stopped);
            }
            match item {
                Item::Facts { of_box, list } => {
                    known = true;
                    self.fits(index, of_box, list, &path)?;
                }
                Item::Piece { table, first } => {
                    seen += self.end_of(place.take(), index, &path)?;
                    place = Some(Place {
                        wanted: self.wants(index, &table, first.as_deref()),
                        table,
                        first,
                        digest: RowsDigest::default(),
                    });
                }
                Item::Row { key, value } => {
                    if let Some(place) = place.as_mut().filter(|place| place.wanted) {
                        place.digest.row(&key, &value);
                        poured.rows += 1;
                        refill.row(&place.table, key, value)?;
                    }
                }
                Item::File(file) if index == self.manifest.whole => poured.files.push(file),
                Item::Pending(bytes) if index == self.manifest.whole => poured.pending = bytes,
                Item::File(_) | Item::Pending(_) => {}
            }
            Ok(())
        })?;
        seen += self.end_of(place, index, &path)?;
        let wanted = self
            .manifest
            .pieces
            .values()
            .filter(|piece| piece.pack == index)
            .count();
        if seen != wanted || !known {
            return Err(lacking(&path));
        }
        Ok(())
    }

    /// Whether the backup has this piece from this pack. A pack may hold others, which only other backups need.
    fn wants(&self, index: usize, table: &str, first: Option<&[u8]>) -> bool {
        let Some(first) = first else {
            return index == self.manifest.whole;
        };
        let listed = self.manifest.pieces.get(&(table.to_owned(), first.to_vec()));
        listed.is_some_and(|piece| piece.pack == index)
    }

    /// That the pack is of this box, and the list the one with which it was sealed.
    fn fits(
        &self,
        index: usize,
        of_box: [u8; 16],
        list: Option<[u8; 32]>,
        path: &Path,
    ) -> Result<(), BackupError> {
        let damaged = |what: &str| BackupError::Damaged {
            file: path.to_owned(),
            what: what.to_owned(),
        };
        if of_box != self.manifest.of_box {
            return Err(damaged("it belongs to another box"));
        }
        let said = Manifest::list(&self.manifest.packs, &self.manifest.pieces);
        if index == self.manifest.whole && list != Some(said) {
            return Err(damaged(
                "the list of its backup is not the one with which it was sealed",
            ));
        }
        Ok(())
    }

    /// Compares a piece that has ended with what the list says of it; counts those that it names.
    fn end_of(&self, place: Option<Place>, index: usize, path: &Path) -> Result<usize, BackupError> {
        let Some(Place {
            table,
            first: Some(first),
            wanted: true,
            digest,
        }) = place
        else {
            return Ok(0);
        };
        let listed = self.manifest.pieces.get(&(table, first));
        let listed = listed.filter(|piece| piece.pack == index && piece.rows == digest.rows);
        let same = listed.is_some_and(|piece| piece.digest == digest.finish());
        if same { Ok(1) } else { Err(lacking(path)) }
    }
}

fn lacking(path: &Path) -> BackupError {
    BackupError::Damaged {
        file: PathBuf::from(path),
        what: "it does not hold what the list of its backup says".to_owned(),
    }
}
