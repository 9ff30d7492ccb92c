//! What stands in a pack, one after the other: which box it is of, pieces of tables with their rows, files, and what was
//! pending. Each item is a letter, a length, and its bytes.

use std::io::{self, Read, Write};

use crate::fields::{Fields, FieldsReader};
use crate::numbers::{Bytes, put_length};

const FACTS: u8 = b'F';
const PIECE: u8 = b'T';
const ROW: u8 = b'R';
const FILE: u8 = b'D';
const PENDING: u8 = b'P';

const BOX: u8 = 1;
const LIST: u8 = 2;
const TABLE: u8 = 1;
const FIRST: u8 = 2;
const PATH: u8 = 1;
const MODE: u8 = 2;
const CONTENT: u8 = 3;
const WHAT: &str = "a pack";

/// No item is longer: a damaged length must not fill the memory.
const LONGEST: u64 = 1 << 30;

/// A file of the state folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptFile {
    /// Where it lies within the folder, as `profiles/own.toml`.
    pub path: String,
    /// Who may read it, as the system says.
    pub mode: u32,
    /// What stands in it.
    pub bytes: Vec<u8>,
}

/// One item.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// Of which box the pack is; of the pack that each backup has for itself, the hash of the list of its pieces.
    Facts {
        of_box: [u8; 16],
        list: Option<[u8; 32]>,
    },
    /// From here on rows of this table: a piece that begins with this key, or all of it.
    Piece { table: String, first: Option<Vec<u8>> },
    /// A row.
    Row { key: Vec<u8>, value: Vec<u8> },
    /// A file.
    File(KeptFile),
    /// What was not sealed yet: an entry of the tail.
    Pending(Vec<u8>),
}

fn strange(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

fn put(out: &mut impl Write, letter: u8, parts: &[&[u8]]) -> io::Result<()> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let mut head = vec![letter];
    put_length(&mut head, length);
    out.write_all(&head)?;
    parts.iter().try_for_each(|part| out.write_all(part))
}

/// Writes a row, which needs no copy of it.
pub(super) fn put_row(out: &mut impl Write, key: &[u8], value: &[u8]) -> io::Result<()> {
    let mut length = Vec::with_capacity(4);
    put_length(&mut length, key.len());
    put(out, ROW, &[&length, key, value])
}

impl Item {
    /// Writes it.
    pub(super) fn write(&self, out: &mut impl Write) -> io::Result<()> {
        match self {
            Self::Facts { of_box, list } => {
                let mut fields = Fields::new().bytes(BOX, of_box);
                if let Some(list) = list {
                    fields = fields.bytes(LIST, list);
                }
                put(out, FACTS, &[&fields.finish()])
            }
            Self::Piece { table, first } => {
                let mut fields = Fields::new().text(TABLE, table);
                if let Some(first) = first {
                    fields = fields.bytes(FIRST, first);
                }
                put(out, PIECE, &[&fields.finish()])
            }
            Self::Row { key, value } => put_row(out, key, value),
            Self::File(file) => {
                let fields = Fields::new()
                    .text(PATH, &file.path)
                    .unsigned(MODE, u64::from(file.mode))
                    .bytes(CONTENT, &file.bytes);
                put(out, FILE, &[&fields.finish()])
            }
            Self::Pending(bytes) => put(out, PENDING, &[bytes]),
        }
    }

    /// Reads the next one; nothing at the end.
    pub(super) fn read(from: &mut impl Read) -> io::Result<Option<Self>> {
        loop {
            let mut letter = [0];
            if from.read(&mut letter)? == 0 {
                return Ok(None);
            }
            let length = read_varint(from)?;
            if length > LONGEST {
                return Err(strange("a length in it makes no sense"));
            }
            let mut bytes = Vec::new();
            let read = from.by_ref().take(length).read_to_end(&mut bytes)?;
            if u64::try_from(read).ok() != Some(length) {
                return Err(strange("it ends in the middle"));
            }
            // What a newer Hearth put in beside these is passed over.
            if let Some(item) = Self::of(letter[0], bytes) {
                return item.map(Some);
            }
        }
    }

    fn of(letter: u8, bytes: Vec<u8>) -> Option<io::Result<Self>> {
        let malformed = || strange("a part of it makes no sense");
        Some(match letter {
            FACTS => facts(&bytes).ok_or_else(malformed),
            PIECE => piece(&bytes).ok_or_else(malformed),
            ROW => row(&bytes).ok_or_else(malformed),
            FILE => file(&bytes).ok_or_else(malformed),
            PENDING => Ok(Self::Pending(bytes)),
            _ => return None,
        })
    }
}

fn facts(bytes: &[u8]) -> Option<Item> {
    let fields = FieldsReader::new(bytes, WHAT).ok()?;
    let list = fields.find(LIST).ok()?;
    Some(Item::Facts {
        of_box: fields.need(BOX).ok()?.try_into().ok()?,
        list: list.map(TryInto::try_into).transpose().ok()?,
    })
}

fn piece(bytes: &[u8]) -> Option<Item> {
    let fields = FieldsReader::new(bytes, WHAT).ok()?;
    Some(Item::Piece {
        table: fields.text(TABLE).ok()?.to_owned(),
        first: fields.find(FIRST).ok()?.map(<[u8]>::to_vec),
    })
}

fn row(bytes: &[u8]) -> Option<Item> {
    let mut bytes = Bytes::new(bytes);
    Some(Item::Row {
        key: bytes.take_counted()?.to_vec(),
        value: bytes.rest().to_vec(),
    })
}

fn file(bytes: &[u8]) -> Option<Item> {
    let fields = FieldsReader::new(bytes, WHAT).ok()?;
    Some(Item::File(KeptFile {
        path: fields.text(PATH).ok()?.to_owned(),
        mode: fields.unsigned(MODE).ok()??,
        bytes: fields.need(CONTENT).ok()?.to_vec(),
    }))
}

fn read_varint(from: &mut impl Read) -> io::Result<u64> {
    let mut bytes = Vec::with_capacity(10);
    let mut byte = [0x80];
    while byte[0] & 0x80 != 0 && bytes.len() < 10 {
        from.read_exact(&mut byte)?;
        bytes.push(byte[0]);
    }
    Bytes::new(&bytes)
        .varint()
        .ok_or_else(|| strange("a length in it makes no sense"))
}
