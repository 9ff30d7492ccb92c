//! The small plain file of a backup: of which box, from when, for which key, and in which packs its pieces are. It says
//! nothing of what stands in them. It is the last that is written, and without it there is no backup.
//!
//! Bytes 0..16 name the file, 16..20 the format that wrote it, 20..24 the oldest format that may read it, 24..32 how long
//! the fields are that follow; the last 32 are a SHA-256 over all before.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use energy::calendar::Zone;
use sha2::{Digest, Sha256};
use units::Instant;

use super::{BackupError, FORMAT};
use crate::age::Recipient;
use crate::fields::{Fields, FieldsReader};
use crate::header;
use crate::numbers::{Bytes, hex, put_varint};

const NAME: &[u8; 16] = b"hearth backup\n\0\0";
/// The oldest Hearth, by its format of backups, that can read what this one writes.
const READS_FROM: u32 = 1;
const HEAD: usize = 32;
const SUM: usize = 32;
/// The ending of such a file.
pub(super) const ENDING: &str = "backup";

const BOX: u8 = 1;
const AT: u8 = 2;
const KEY: u8 = 3;
const STORE: u8 = 4;
const VERSION: u8 = 5;
const PACK: u8 = 6;
const TABLE: u8 = 7;
const PIECE: u8 = 8;
const WHOLE: u8 = 9;
const WHAT: &str = "the list of a backup";

/// The short digest of a piece's rows.
pub(super) type PieceDigest = [u8; 16];

/// A pack: the hash of its file, and how long that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PackFile {
    pub(super) hash: [u8; 32],
    pub(super) bytes: u64,
}

impl PackFile {
    /// Its name within the folder of packs.
    pub(super) fn name(&self) -> String {
        format!("{}.age", hex(&self.hash[..16]))
    }
}

/// A piece of a table, and where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) digest: PieceDigest,
    pub(super) rows: u64,
    /// Which of the packs.
    pub(super) pack: usize,
}

/// Pieces of tables, by the table's name and the piece's first key; a piece ends where the next one begins.
pub(super) type Pieces = BTreeMap<(String, Vec<u8>), Piece>;

/// What the plain file of a backup says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// The number of the box, which nobody else has.
    pub of_box: [u8; 16],
    /// From which moment it is.
    pub at: Instant,
    /// The recovery key for which it was sealed.
    pub key: Recipient,
    /// The format of the store in it.
    pub store_format: u32,
    /// The version of the Hearth that made it.
    pub version: String,
    pub(super) packs: Vec<PackFile>,
    pub(super) pieces: Pieces,
    /// Which of the packs has everything that is in no piece.
    pub(super) whole: usize,
}

impl Manifest {
    /// How many bytes all of its packs have, those that it shares with others too.
    pub fn bytes(&self) -> u64 {
        self.packs.iter().map(|pack| pack.bytes).sum()
    }

    /// How many packs it needs.
    pub fn packs(&self) -> usize {
        self.packs.len()
    }

    /// The name of its file: `2026-11-28-021500.backup`, in UTC.
    pub(super) fn file_name(&self) -> String {
        let day = Zone::utc().date_of(self.at);
        let seconds = self.at.as_millis().rem_euclid(86_400_000) / 1_000;
        let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
        format!("{day}-{hour:02}{minute:02}{second:02}.{ENDING}")
    }

    /// The hash of the list of its pieces, which stands in its sealed pack too.
    pub(super) fn list(packs: &[PackFile], pieces: &Pieces) -> [u8; 32] {
        let mut hasher = Sha256::new();
        for ((table, first), piece) in pieces {
            for name in [table.as_bytes(), first] {
                hasher.update(u64::try_from(name.len()).unwrap_or(u64::MAX).to_be_bytes());
                hasher.update(name);
            }
            hasher.update(piece.digest);
            hasher.update(piece.rows.to_be_bytes());
            hasher.update(packs.get(piece.pack).map_or([0; 32], |pack| pack.hash));
        }
        hasher.finalize().into()
    }

    /// Its bytes.
    pub(super) fn encode(&self) -> Vec<u8> {
        let number = |index: usize| u64::try_from(index).unwrap_or(u64::MAX);
        let mut fields = Fields::new()
            .bytes(BOX, &self.of_box)
            .signed(AT, self.at.as_millis())
            .bytes(KEY, self.key.bytes())
            .unsigned(STORE, u64::from(self.store_format))
            .text(VERSION, &self.version)
            .unsigned(WHOLE, number(self.whole));
        for pack in &self.packs {
            let mut bytes = pack.hash.to_vec();
            put_varint(&mut bytes, pack.bytes);
            fields.push(PACK, &bytes);
        }
        let mut tables: Vec<&str> = self.pieces.keys().map(|(table, _)| table.as_str()).collect();
        tables.dedup();
        for table in &tables {
            fields.push(TABLE, table.as_bytes());
        }
        for ((table, first), piece) in &self.pieces {
            let mut bytes = piece.digest.to_vec();
            let index = tables.iter().position(|known| known == table);
            put_varint(&mut bytes, number(index.unwrap_or(usize::MAX)));
            put_varint(&mut bytes, piece.rows);
            put_varint(&mut bytes, number(piece.pack));
            bytes.extend_from_slice(first);
            fields.push(PIECE, &bytes);
        }
        let fields = fields.finish();
        let mut out = NAME.to_vec();
        out.extend(FORMAT.to_be_bytes());
        out.extend(READS_FROM.to_be_bytes());
        out.extend(number(fields.len()).to_be_bytes());
        out.extend(fields);
        let sum = Sha256::digest(&out);
        out.extend(sum);
        out
    }

    /// Reads the file of a backup, and refuses what this Hearth cannot read.
    pub fn read(file: &Path) -> Result<Self, BackupError> {
        let bytes = fs::read(file).map_err(BackupError::at(file))?;
        let damaged = |what: String| BackupError::Damaged {
            file: file.to_owned(),
            what,
        };
        if !bytes.starts_with(NAME) {
            // A file that was cut down to nothing keeps its ending.
            let of_ours = file.extension().is_some_and(|ending| ending == ENDING);
            return Err(if of_ours {
                damaged("it does not begin like a backup, or is empty".to_owned())
            } else {
                BackupError::NotABackup(file.to_owned())
            });
        }
        let mut head = Bytes::new(bytes.get(16..HEAD).unwrap_or_default());
        let mut number = || Some(u32::from_be_bytes(head.take(4)?.try_into().ok()?));
        let (format, reads_from) = (number(), number());
        let (Some(_), Some(reads_from)) = (format, reads_from) else {
            return Err(damaged("it is cut short".to_owned()));
        };
        if reads_from > FORMAT {
            return Err(BackupError::Newer {
                file: file.to_owned(),
                what: "backups of format",
                found: reads_from,
                known: FORMAT,
            });
        }
        let length = bytes.get(24..HEAD).and_then(|length| length.try_into().ok());
        let length = length
            .map(u64::from_be_bytes)
            .and_then(|length| usize::try_from(length).ok());
        let whole = length.and_then(|length| length.checked_add(HEAD + SUM));
        if whole != Some(bytes.len()) {
            let there = bytes.len();
            return Err(damaged(match whole {
                Some(whole) if whole > there => {
                    format!("it is cut short: {there} of {whole} bytes are there")
                }
                _ => "its length is not the one that it had".to_owned(),
            }));
        }
        let (said, sum) = bytes.split_at(bytes.len() - SUM);
        if Sha256::digest(said)[..] != *sum {
            return Err(damaged("it was changed after it was written".to_owned()));
        }
        let manifest =
            Self::decode(&said[HEAD..]).ok_or_else(|| damaged("its list makes no sense".to_owned()))?;
        if manifest.store_format > header::FORMAT {
            return Err(BackupError::Newer {
                file: file.to_owned(),
                what: "a store of format",
                found: manifest.store_format,
                known: header::FORMAT,
            });
        }
        Ok(manifest)
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let fields = FieldsReader::new(bytes, WHAT).ok()?;
        let (mut packs, mut tables, mut pieces) = (Vec::new(), Vec::new(), Pieces::new());
        for field in fields.clone() {
            let (number, value) = field.ok()?;
            let mut value = Bytes::new(value);
            match number {
                PACK => packs.push(PackFile {
                    hash: value.take(32)?.try_into().ok()?,
                    bytes: value.varint()?,
                }),
                TABLE => tables.push(std::str::from_utf8(value.rest()).ok()?),
                PIECE => {
                    let digest = value.take(16)?.try_into().ok()?;
                    let table: &&str = tables.get(value.number::<usize>()?)?;
                    let (rows, pack) = (value.varint()?, value.number()?);
                    let piece = Piece { digest, rows, pack };
                    pieces.insert(((*table).to_owned(), value.rest().to_vec()), piece);
                }
                _ => {}
            }
        }
        let whole = fields.unsigned(WHOLE).ok()??;
        let known = |pack: usize| pack < packs.len();
        if !known(whole) || !pieces.values().all(|piece| known(piece.pack)) {
            return None;
        }
        Some(Self {
            of_box: fields.need(BOX).ok()?.try_into().ok()?,
            at: Instant::from_millis(fields.signed(AT).ok()??),
            key: Recipient::from_bytes(fields.need(KEY).ok()?.try_into().ok()?),
            store_format: fields.unsigned(STORE).ok()??,
            version: fields.text(VERSION).ok()?.to_owned(),
            packs,
            pieces,
            whole,
        })
    }
}

/// The folder of the packs beside the files of backups.
pub(super) fn packs_of(folder: &Path) -> PathBuf {
    folder.join("packs")
}
