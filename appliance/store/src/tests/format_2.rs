//! What a Hearth of format 2 finds in the files that this one writes, since an update may be taken back. The promise
//! stands in docs/technicians/formats.md.
//!
//! The reader here is a frozen one: it knows of the formats what format 2 knew, shares no code with the store, and is
//! never changed. Where it fails, a box that goes back to the version before would lose something.

use std::collections::BTreeMap;

use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition};
use sha2::{Digest, Sha256};

use super::power::life::{Kept, Life};
use crate::AuditEntry;

/// Everything that every file of format 2 has; where one was missing, format 2 did not open.
const TABLES: [&str; 11] = [
    "meta", "channels", "devices", "tail", "blocks", "clocks", "quarters", "memories", "audit", "audit-of",
    "reasons",
];

/// Numbered fields behind a marker: number, length, bytes.
fn fields(value: &[u8]) -> Vec<(u8, Vec<u8>)> {
    let (marker, mut rest) = value.split_first().expect("a marker");
    assert_eq!(*marker, 1);
    let mut found = Vec::new();
    while let Some((number, after)) = rest.split_first() {
        rest = after;
        let length = usize::try_from(varint(&mut rest)).expect("small");
        let (bytes, after) = rest.split_at(length);
        found.push((*number, bytes.to_vec()));
        rest = after;
    }
    found
}

fn field(value: &[u8], number: u8) -> Vec<u8> {
    let found = fields(value).into_iter().find(|(found, _)| *found == number);
    found.unwrap_or_else(|| panic!("field {number} is missing")).1
}

fn varint(bytes: &mut &[u8]) -> u64 {
    let (mut value, mut shift) = (0, 0);
    loop {
        let (byte, rest) = bytes.split_first().expect("a number");
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return value;
        }
        shift += 7;
    }
}

fn signed(bytes: &mut &[u8]) -> i64 {
    let folded = varint(bytes);
    (folded >> 1).cast_signed() ^ -(folded & 1).cast_signed()
}

fn time(key: &[u8]) -> i64 {
    (u64::from_be_bytes(*key.first_chunk().expect("a time")) ^ (1 << 63)).cast_signed()
}

/// redb's part of the file, in memory: what format 2 does when it opens is none of the file's business.
fn opened(file: &[u8]) -> Database {
    let pages = redb::backends::InMemoryBackend::new();
    let body = &file[4_096..];
    redb::StorageBackend::set_len(&pages, u64::try_from(body.len()).expect("small")).expect("memory");
    redb::StorageBackend::write(&pages, 0, body).expect("memory");
    Database::builder().create_with_backend(pages).expect("it opens")
}

type Rows = BTreeMap<Vec<u8>, Vec<u8>>;

fn rows(database: &Database, table: &str) -> Rows {
    let definition: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new(table);
    let txn = database.begin_read().expect("it is open");
    let table = txn
        .open_table(definition)
        .unwrap_or_else(|error| panic!("{table}: {error}"));
    let rows = table.iter().expect("readable").map(|row| {
        let (key, value) = row.expect("readable");
        (key.value().to_vec(), value.value().to_vec())
    });
    rows.collect()
}

/// What format 2 needs of our first page.
fn check_first_page(file: &[u8]) {
    assert_eq!(&file[..16], b"hearth store\n\0\0\0");
    let opens_from = u32::from_be_bytes(*file[20..].first_chunk().expect("there"));
    assert!(opens_from <= 2, "format 2 would refuse it");
    assert_eq!(&Sha256::digest(&file[..24])[..8], &file[24..32]);
    assert_eq!(file[512], 0, "it was closed in good order");
}

/// Energy by device, flow and start, with the quality; and what counters remember.
type Energy = BTreeMap<(u32, u8, i64), (i64, u8)>;

/// One entry of a quarter: whose, how much, how well it is known.
fn quarter(start: i64, mut entry: &[u8]) -> ((u32, u8, i64), (i64, u8)) {
    let device = u32::try_from(varint(&mut entry)).expect("a number");
    let (flow, mut entry) = (entry[0], &entry[1..]);
    let energy = signed(&mut entry);
    ((device, flow, start), (energy, entry[0]))
}

/// The entries of the tail, the oldest first, as format 2 walks them, with which of them are needed whole.
fn tail_entries(tail: &[u8], mark: &[u8]) -> Vec<(bool, Vec<u8>)> {
    assert_eq!(&tail[..16], b"hearth tail\n\0\0\0\0");
    let id = &tail[16..24];
    assert_eq!(id, field(mark, 1));
    let pages = u64::from_be_bytes(*tail[24..].first_chunk().expect("there"));
    assert_eq!(&Sha256::digest(&tail[..32])[..8], &tail[32..40]);
    let start = varint(&mut field(mark, 2).as_slice());
    let until = varint(&mut field(mark, 3).as_slice());
    let page = |place: u64| {
        let at = usize::try_from((1 + place % pages) * 4_096).expect("small");
        &tail[at..at + 4_096]
    };
    let number = |page: &[u8], at: usize| u64::from_be_bytes(*page[at..].first_chunk().expect("there"));
    let (mut found, mut place) = (Vec::new(), start);
    while place < start + pages {
        let head = page(place);
        if number(head, 0) != place || number(head, 8) != place {
            break;
        }
        let length = u32::from_be_bytes(*head[16..].first_chunk().expect("there"));
        let length = usize::try_from(length).expect("small");
        let mut bytes = Vec::new();
        let count = u64::try_from(length.div_ceil(4_064).max(1)).expect("small");
        for other in place..place + count {
            bytes.extend(&page(other)[32..]);
        }
        bytes.truncate(length);
        let sum = Sha256::new()
            .chain_update(id)
            .chain_update(place.to_be_bytes())
            .chain_update(&head[16..20])
            .chain_update(&bytes)
            .finalize();
        assert_eq!(sum[..8], head[24..32], "an entry fits its checksum");
        found.push((place >= until, bytes));
        place += count;
    }
    found
}

/// Numbers of devices and of channels by their names.
fn names(database: &Database, table: &str) -> BTreeMap<String, u32> {
    rows(database, table)
        .iter()
        .map(|(key, value)| {
            let name = String::from_utf8(field(value, 1)).expect("a name");
            (name, u32::from_be_bytes(*key.first_chunk().expect("a number")))
        })
        .collect()
}

/// What format 2 shows of energy: the quarters, with the tail's over them, and the memories likewise.
fn energy(database: &Database, tail: &[u8]) -> (Energy, Rows) {
    let mut energy = Energy::new();
    for (key, value) in rows(database, "quarters") {
        let entries = fields(&value).into_iter().filter(|(number, _)| *number == 1);
        energy.extend(entries.map(|(_, entry)| quarter(time(&key), &entry)));
    }
    let memories = rows(database, "memories").into_iter();
    let mut memories: Rows = memories.map(|(key, value)| (key, field(&value, 1))).collect();
    let mark = rows(database, "meta")
        .remove(b"store/tail".as_slice())
        .expect("a mark");
    for (whole, entry) in tail_entries(tail, &field(&mark, 1)) {
        for (number, value) in fields(&entry).into_iter().filter(|_| whole) {
            let mut value = value.as_slice();
            match number {
                2 => {
                    let start = signed(&mut value);
                    energy.extend([quarter(start, value)]);
                }
                3 => {
                    let length = usize::try_from(varint(&mut value)).expect("small");
                    let (key, value) = value.split_at(length);
                    memories.insert(key.to_vec(), field(value, 1));
                }
                _ => {}
            }
        }
    }
    (energy, memories)
}

/// The record: every line with its hash over the one before, and the newest in `meta`.
fn check_record(database: &Database, lines: &[AuditEntry]) {
    let mut before = [0; 32];
    let found = rows(database, "audit");
    assert_eq!(found.len(), lines.len());
    for ((key, value), line) in found.iter().zip(lines) {
        let (said, hash) = value.split_at(value.len() - 34);
        let sum = Sha256::new()
            .chain_update(before)
            .chain_update(key)
            .chain_update(said);
        before = sum.finalize().into();
        assert_eq!(hash[..2], [7, 32]);
        assert_eq!(hash[2..], before);
        assert_eq!(signed(&mut field(said, 1).as_slice()), line.at.as_millis());
        assert_eq!(field(said, 2), line.actor.as_bytes());
        assert_eq!(field(said, 4), line.act.as_bytes());
    }
    if let Some(newest) = found.keys().next_back() {
        let head = rows(database, "meta")
            .remove(b"audit/head".as_slice())
            .expect("a head");
        assert_eq!(field(&head, 1), [newest.as_slice(), &before].concat());
    }
}

fn check(kept: &Kept, base: &[u8], tail: &[u8]) {
    check_first_page(base);
    let database = opened(base);
    for table in TABLES {
        rows(&database, table);
    }
    assert!(
        rows(&database, "tail").is_empty(),
        "since format 2 nothing stands there"
    );
    let devices = names(&database, "devices");
    let channels = names(&database, "channels");
    for channel in kept.series.points.keys() {
        assert!(channels.contains_key(channel.as_str()), "{channel} has no number");
    }
    let (energy, memories) = energy(&database, tail);
    let truth = kept
        .series
        .intervals
        .iter()
        .map(|((device, flow, start), (energy, quality))| {
            let key = (devices[device.as_str()], flow.code(), *start);
            (key, (*energy, quality.code()))
        });
    assert_eq!(energy, truth.collect::<Energy>());
    let truth = kept.series.memories.iter().map(|((device, flow), bytes)| {
        let key = [&[flow.code()], device.as_str().as_bytes()].concat();
        (key, bytes.clone())
    });
    assert_eq!(memories, truth.collect::<Rows>());
    check_record(&database, &kept.series.audit);
    if !kept.people.is_empty() {
        assert_eq!(rows(&database, "people"), kept.people);
    }
}

#[test]
fn the_version_before_finds_all_that_it_is_promised() {
    for seed in 0..30 {
        let mut life = Life::new(seed);
        life.open().expect("a new store");
        for _ in 0..40 {
            let done = match life.dice.u8(..12) {
                0 => life.line(),
                1 | 2 => life.change(),
                3 => life.note(),
                4 => life.next_hour(),
                5 => life.late_batch(),
                6 => life.seal(),
                7..9 => life.any_batch(),
                _ => life.small_batch(),
            };
            assert!(done.is_ok(), "the card is well");
        }
        life.small_batch().unwrap_or_else(|_| panic!("the card is well"));
        life.close();
        let file = |name| life.card.bytes(name).expect("there");
        check(&life.kept, &file("hearth.redb"), &file("hearth.tail"));
    }
}
