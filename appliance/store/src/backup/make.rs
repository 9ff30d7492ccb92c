//! Making a backup of a store that goes on being written.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write as _;
use std::ops::Bound::{self, Excluded, Unbounded};
use std::path::{Path, PathBuf};

use twox_hash::XxHash3_64;
use units::Instant;

use super::BackupError;
use super::item::{Item, KeptFile};
use super::manifest::{Manifest, PackFile, Piece, PieceDigest, Pieces, packs_of};
use super::memory::MemoryDisk;
use super::pack::{self, PackWriter};
use super::places::{folder_of, list};
use super::refill::{Refill, RowsDigest, Source, opens};
use super::stick::{RealStick, Stick, make_folders};
use crate::age::{Identity, Recipient};
use crate::disk::{Disk, Folder};
use crate::entry::Entry;
use crate::fault::Fault;
use crate::header;
use crate::tables::{Lasting, TAIL, find, lasting, named, range};
use crate::{Snapshot, Store};

use redb::TableHandle as _;

/// A pack with so many bytes of rows is ended and another begun: sticks often take no files over 4 GB, and what is damaged
/// is small.
const LARGE: u64 = 64 * 1024 * 1024;
/// A scratch store of more rows than this lies on the stick and not in memory.
const MOST_IN_MEMORY: u64 = 8 * 1024 * 1024;
/// A piece of a table has about so many bytes: small enough that a day which adds to one writes little, large enough that a
/// list of them stays short.
const PIECE: u64 = 128 * 1024;
/// The folder of a scratch store.
const SCRATCH: &str = "scratch";

/// By what a box's backups are known, and who can read them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BoxKey {
    /// The number of the box, which nobody else has.
    pub of_box: [u8; 16],
    /// The public half of the recovery key.
    pub recipient: Recipient,
}

/// What is wanted of a backup.
pub struct Wish<'a> {
    /// The store.
    pub store: &'a Store,
    /// The stick, or the folder for backups; the box has a folder of its own in it.
    pub place: &'a Path,
    /// Whose backup it is.
    pub key: BoxKey,
    /// The files beside the store.
    pub files: &'a [KeptFile],
    /// What time it is.
    pub now: Instant,
    /// The version of the program.
    pub version: &'a str,
    /// Fills bytes with what nobody can foresee.
    pub random: &'a mut dyn FnMut(&mut [u8]),
    /// Whether the box is ending.
    pub stopped: &'a dyn Fn() -> bool,
}

/// A backup that was made, read again, and found to be the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Its file.
    pub file: PathBuf,
    /// From which moment it is.
    pub at: Instant,
    /// How many bytes were written for it: new packs, its list, and the scratch store where that did not fit into memory.
    pub bytes_written: u64,
    /// How many rows were written and compared.
    pub rows: u64,
    /// How many of its packs are new.
    pub new_packs: usize,
    /// How many packs it needs.
    pub packs: usize,
}

/// Makes a backup. What is there of earlier ones is used again; what is unfinished of one that broke off is removed.
pub fn create(wish: Wish<'_>) -> Result<Made, BackupError> {
    create_on(&RealStick, wish)
}

/// The same on a stick of another kind.
pub(crate) fn create_on<'a>(stick: &'a dyn Stick, wish: Wish<'a>) -> Result<Made, BackupError> {
    let folder = folder_of(wish.place, &wish.key.of_box);
    let earlier = prepare((stick, &folder), &wish.key, wish.stopped)?;
    let snapshot = wish.store.snapshot()?;
    let once = Identity::draw(wish.random);
    let mut making = Making {
        stick,
        recipients: [wish.key.recipient, once.recipient()],
        folder,
        snapshot,
        wish,
        once,
        packs: Vec::new(),
        pieces: Pieces::new(),
        fresh: Vec::new(),
        plain: 0,
    };
    making.large_tables(&earlier)?;
    let whole = making.everything_else()?;
    let manifest = making.manifest(whole);
    let scratch = making.prove(&manifest)?;
    making.give_name(&manifest, scratch)
}

/// Where earlier backups have a piece of a table.
type Earlier = BTreeMap<(String, Vec<u8>), (PieceDigest, u64, PackFile)>;

/// Makes the folder fit for a backup, and finds what is there already. Every byte of an earlier pack is read and hashed: what
/// is in one that changed since is written again.
fn prepare(
    (stick, folder): (&dyn Stick, &Path),
    key: &BoxKey,
    stopped: &dyn Fn() -> bool,
) -> Result<Earlier, BackupError> {
    let packs = packs_of(folder);
    make_folders(stick, &packs).map_err(BackupError::at(folder))?;
    remove(stick, &packs.join(pack::UNFINISHED))?;
    remove_folder(&folder.join(SCRATCH))?;
    let mut earlier = Earlier::new();
    let mut sound: BTreeMap<String, bool> = BTreeMap::new();
    for found in list(folder)? {
        // One that is damaged holds nobody up; it is told of where backups are listed.
        let Ok(manifest) = found.manifest else { continue };
        if manifest.of_box != key.of_box {
            return Err(BackupError::OtherBox(folder.to_owned()));
        }
        if manifest.key != key.recipient {
            continue;
        }
        for (place, piece) in &manifest.pieces {
            let Some(file) = manifest.packs.get(piece.pack) else {
                continue;
            };
            let name = file.name();
            if !sound.contains_key(&name) {
                let whole = is_sound(folder, &found.file, file, stopped)?;
                sound.insert(name.clone(), whole);
            }
            if sound.get(&name) == Some(&true) {
                earlier.insert(place.clone(), (piece.digest, piece.rows, *file));
            }
        }
    }
    Ok(earlier)
}

/// Whether an earlier pack can be built on.
fn is_sound(
    folder: &Path,
    list: &Path,
    file: &PackFile,
    stopped: &dyn Fn() -> bool,
) -> Result<bool, BackupError> {
    match pack::is_there(folder, list, file).and_then(|()| pack::is_unchanged(folder, file, stopped)) {
        Ok(()) => Ok(true),
        Err(BackupError::Stopped) => Err(BackupError::Stopped),
        // What is wrong with it is told where backups are listed.
        Err(_) => Ok(false),
    }
}

fn remove(stick: &dyn Stick, file: &Path) -> Result<(), BackupError> {
    match stick.remove(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(BackupError::at(file)(error)),
        _ => Ok(()),
    }
}

fn remove_folder(folder: &Path) -> Result<(), BackupError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(BackupError::at(folder)(error)),
        _ => Ok(()),
    }
}

/// A backup that is being made.
struct Making<'a> {
    stick: &'a dyn Stick,
    wish: Wish<'a>,
    folder: PathBuf,
    snapshot: Snapshot,
    once: Identity,
    recipients: [Recipient; 2],
    packs: Vec<PackFile>,
    pieces: Pieces,
    /// Which of the packs are new.
    fresh: Vec<usize>,
    /// How many bytes of rows were written.
    plain: u64,
}

/// A piece of a table that no pack has as it is now.
struct NewPiece {
    table: String,
    first: Vec<u8>,
    /// Where the next one begins; nothing where it is the last of its table.
    until: Option<Vec<u8>>,
    digest: PieceDigest,
    rows: u64,
}

/// Whether a piece begins with this row. It depends on the row alone, so that what comes in elsewhere moves no end; of larger
/// rows more begin one, which keeps pieces at about one size.
fn begins_piece(key: &[u8], value: &[u8]) -> bool {
    let hash = XxHash3_64::oneshot(key);
    let size = u64::try_from(key.len() + value.len()).unwrap_or(u64::MAX);
    hash < (u64::MAX / PIECE).saturating_mul(size)
}

impl<'a> Making<'a> {
    /// All tables but the one of the first format's tail, of which everything is pending too.
    fn tables(&self) -> Result<Vec<String>, BackupError> {
        let mut tables = self.snapshot.tables()?;
        tables.retain(|table| table != TAIL.name());
        Ok(tables)
    }

    fn going_on(&self) -> Result<(), BackupError> {
        if (self.wish.stopped)() {
            return Err(BackupError::Stopped);
        }
        Ok(())
    }

    /// Puts those pieces of the large tables into packs that no pack has yet as they are now. What goes at one time lies in
    /// packs of its own, so that they can go too.
    fn large_tables(&mut self, earlier: &Earlier) -> Result<(), BackupError> {
        let mut new: BTreeMap<Lasting, Vec<NewPiece>> = BTreeMap::new();
        for table in self.tables()? {
            let Some(lasting) = lasting(&table) else { continue };
            for piece in self.pieces_of(&table)? {
                let place = (piece.table.clone(), piece.first.clone());
                match earlier.get(&place) {
                    Some((digest, rows, file)) if *digest == piece.digest && *rows == piece.rows => {
                        let (digest, rows, pack) = (*digest, *rows, self.pack_number(file));
                        self.pieces.insert(place, Piece { digest, rows, pack });
                    }
                    _ => new.entry(lasting).or_default().push(piece),
                }
            }
        }
        for pieces in new.values() {
            let mut rest = pieces.as_slice();
            while !rest.is_empty() {
                let written = self.pack_of(rest)?;
                rest = &rest[written..];
            }
        }
        Ok(())
    }

    /// The pieces of a table.
    fn pieces_of(&self, table: &str) -> Result<Vec<NewPiece>, BackupError> {
        let mut pieces: Vec<NewPiece> = Vec::new();
        let mut current = RowsDigest::default();
        let end = |pieces: &mut Vec<NewPiece>, digest: RowsDigest, until: Option<&[u8]>| {
            if let Some(piece) = pieces.last_mut() {
                (piece.rows, piece.digest) = (digest.rows, digest.finish());
                piece.until = until.map(<[u8]>::to_vec);
            }
        };
        self.snapshot
            .visit::<BackupError>(table, (&[], None), |key, value| {
                self.going_on()?;
                if pieces.is_empty() || begins_piece(key, value) {
                    end(&mut pieces, std::mem::take(&mut current), Some(key));
                    pieces.push(NewPiece {
                        table: table.to_owned(),
                        first: key.to_vec(),
                        until: None,
                        digest: PieceDigest::default(),
                        rows: 0,
                    });
                }
                current.row(key, value);
                Ok(())
            })?;
        end(&mut pieces, current, None);
        Ok(pieces)
    }

    fn pack_number(&mut self, file: &PackFile) -> usize {
        let known = self.packs.iter().position(|known| known == file);
        known.unwrap_or_else(|| {
            self.packs.push(*file);
            self.packs.len() - 1
        })
    }

    fn begin(&mut self, list: Option<[u8; 32]>) -> Result<PackWriter<'a>, BackupError> {
        let of_box = self.wish.key.of_box;
        let facts = Item::Facts { of_box, list };
        PackWriter::begin(
            (self.stick, &self.folder),
            &self.recipients,
            self.wish.random,
            &facts,
        )
    }

    fn end(&mut self, pack: PackWriter<'_>) -> Result<usize, BackupError> {
        self.plain += pack.plain;
        let file = pack.finish()?;
        let number = self.pack_number(&file);
        self.fresh.push(number);
        Ok(number)
    }

    /// Writes a pack of some of these pieces; tells how many it took.
    fn pack_of(&mut self, pieces: &[NewPiece]) -> Result<usize, BackupError> {
        let mut pack = self.begin(None)?;
        let mut taken = 0;
        for piece in pieces {
            if taken > 0 && pack.plain >= LARGE {
                break;
            }
            let (table, first) = (piece.table.clone(), Some(piece.first.clone()));
            pack.item(&Item::Piece { table, first })?;
            self.rows_into(&mut pack, &piece.table, (&piece.first, piece.until.as_deref()))?;
            taken += 1;
        }
        let pack = self.end(pack)?;
        for piece in &pieces[..taken] {
            let (digest, rows) = (piece.digest, piece.rows);
            let place = (piece.table.clone(), piece.first.clone());
            self.pieces.insert(place, Piece { digest, rows, pack });
        }
        Ok(taken)
    }

    fn rows_into(
        &self,
        pack: &mut PackWriter<'_>,
        table: &str,
        range: (&[u8], Option<&[u8]>),
    ) -> Result<(), BackupError> {
        self.snapshot.visit::<BackupError>(table, range, |key, value| {
            self.going_on()?;
            pack.row(key, value)
        })
    }

    /// Writes the pack that this backup has for itself: all other tables, what is pending, and the files.
    fn everything_else(&mut self) -> Result<usize, BackupError> {
        let list = Manifest::list(&self.packs, &self.pieces);
        let mut pack = self.begin(Some(list))?;
        for table in self
            .tables()?
            .into_iter()
            .filter(|table| lasting(table).is_none())
        {
            let first = None;
            pack.item(&Item::Piece {
                table: table.clone(),
                first,
            })?;
            self.rows_into(&mut pack, &table, (&[], None))?;
        }
        for file in self.wish.files {
            pack.item(&Item::File(file.clone()))?;
        }
        pack.item(&Item::Pending(self.snapshot.pending()))?;
        self.end(pack)
    }

    fn manifest(&self, whole: usize) -> Manifest {
        Manifest {
            of_box: self.wish.key.of_box,
            at: self.wish.now,
            key: self.wish.key.recipient,
            store_format: header::FORMAT,
            version: self.wish.version.to_owned(),
            packs: self.packs.clone(),
            pieces: self.pieces.clone(),
            whole,
        }
    }

    /// Reads what was written with the key that only this run has, makes a scratch store of it, and compares that with the
    /// store, row by row. Packs of earlier runs were proved by those. Tells how many rows were compared, and how many bytes
    /// the scratch store took on the stick.
    fn prove(&self, manifest: &Manifest) -> Result<(u64, u64), BackupError> {
        if self.plain <= MOST_IN_MEMORY {
            return Ok((self.prove_on(&MemoryDisk::default(), manifest)?, 0));
        }
        let scratch = self.folder.join(SCRATCH);
        fs::create_dir_all(&scratch).map_err(BackupError::at(&scratch))?;
        let disk = Folder::lock(&scratch)?;
        let rows = self.prove_on(&disk, manifest);
        let bytes = fs::metadata(scratch.join(crate::open::FILE)).map_or(0, |found| found.len());
        drop(disk);
        remove_folder(&scratch)?;
        Ok((rows?, bytes))
    }

    fn prove_on(&self, disk: &dyn Disk, manifest: &Manifest) -> Result<u64, BackupError> {
        let mut refill = Refill::begin(disk)?;
        let source = Source {
            folder: &self.folder,
            manifest,
            identity: &self.once,
            stopped: self.wish.stopped,
        };
        let poured = source.pour(&self.fresh, &mut refill)?;
        let differs = |what: &str| Err(BackupError::Differs(what.to_owned()));
        if poured.files != self.wish.files {
            return differs("a file beside the store");
        }
        if poured.pending != self.snapshot.pending() {
            return differs("what was not sealed yet");
        }
        let mut rows = 0;
        for ((table, first), piece) in &manifest.pieces {
            if self.fresh.contains(&piece.pack) {
                let place = (table.clone(), first.clone());
                let next = manifest.pieces.range((Excluded(place), Unbounded)).next();
                let until = next
                    .filter(|((other, _), _)| other == table)
                    .map(|((_, until), _)| until.as_slice());
                rows += self.compare(&refill, table, (first, until))?;
            }
        }
        for table in self.tables()?.iter().filter(|table| lasting(table).is_none()) {
            rows += self.compare(&refill, table, (&[], None))?;
        }
        if rows != poured.rows {
            return differs("the number of rows");
        }
        // What is pending can be put into blocks only where all blocks and their times are: not beside the new pieces alone.
        let alone = self.fresh.len() < self.packs.len();
        Entry::decode(&poured.pending)?;
        refill.finish(if alone { &[] } else { &poured.pending })?;
        opens(disk)?;
        Ok(rows)
    }

    /// Compares rows of a table, one by one; tells how many.
    fn compare(
        &self,
        refill: &Refill<'_>,
        name: &str,
        (from, to): (&[u8], Option<&[u8]>),
    ) -> Result<u64, BackupError> {
        let differs = || BackupError::Differs(format!("a row of {name}"));
        let table = find(&refill.read()?, named(name))?;
        let range = table
            .as_ref()
            .map(|table| range(table, Bound::Included(from), to));
        let mut there = range.transpose()?.into_iter().flatten();
        let mut rows = 0;
        self.snapshot
            .visit::<BackupError>(name, (from, to), |key, value| {
                self.going_on()?;
                let (found_key, found) = there.next().ok_or_else(differs)?.map_err(Fault::from)?;
                if found_key.value() != key || found.value() != value {
                    return Err(differs());
                }
                rows += 1;
                Ok(())
            })?;
        if there.next().is_some() {
            return Err(differs());
        }
        Ok(rows)
    }

    /// Writes the list under its name: from here on there is a backup.
    fn give_name(&self, manifest: &Manifest, (rows, scratch): (u64, u64)) -> Result<Made, BackupError> {
        let file = self.folder.join(manifest.file_name());
        let at = BackupError::at(&file);
        let packs = packs_of(&self.folder);
        let sync = |folder: &Path| self.stick.sync_folder(folder).map_err(BackupError::at(folder));
        sync(&packs)?;
        sync(&self.folder)?;
        let unfinished = packs.join(pack::UNFINISHED);
        let bytes = manifest.encode();
        let mut list = self.stick.create(&unfinished).map_err(&at)?;
        list.write_all(&bytes).and_then(|()| list.sync()).map_err(&at)?;
        drop(list);
        self.stick.rename(&unfinished, &file).map_err(&at)?;
        sync(&self.folder)?;
        sync(&packs)?;
        let written = self
            .fresh
            .iter()
            .map(|number| self.packs[*number].bytes)
            .sum::<u64>();
        Ok(Made {
            file: file.clone(),
            at: manifest.at,
            bytes_written: written + u64::try_from(bytes.len()).unwrap_or_default() + scratch,
            rows,
            new_packs: self.fresh.len(),
            packs: self.packs.len(),
        })
    }
}

/// Makes the names in a folder durable.
pub(super) fn sync(folder: &Path) -> Result<(), BackupError> {
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(BackupError::at(folder))
}
