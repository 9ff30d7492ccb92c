//! The record of who did what. Each line carries a hash over itself and the line before, so that a line that is
//! changed, removed or put in shows; the newest line's hash stands once more in `meta`, so that a cut end shows.
//! Who can write the whole file can forge the whole chain: it guards against the quiet correction, and against
//! a thief only together with a copy elsewhere.

use redb::{ReadTransaction, ReadableTable, WriteTransaction};
use sha2::{Digest, Sha256};
use units::Instant;

use crate::fault::Fault;
use crate::fields::{Fields, FieldsReader};
use crate::tables::{AUDIT, META};
use crate::{AuditEntry, AuditFault, AuditLine, StoreError, meta};

const AT: u8 = 1;
const ACTOR: u8 = 2;
const VIA: u8 = 3;
const ACT: u8 = 4;
const SUBJECT: u8 = 5;
const DETAIL: u8 = 6;
/// Always the last field: it covers everything before it.
const HASH: u8 = 7;
const WHAT: &str = "the audit";

/// Number, length and hash: what the last field takes.
const HASH_FIELD: usize = 34;

/// The name in `meta` under which the newest number and hash stand.
const HEAD: &str = "audit/head";

type Hash = [u8; 32];

/// Appends a line to the end that `meta` knows, and not to the last line that is there: where lines were cut off, or
/// put on, the gap must stay visible.
pub(crate) fn append(txn: &WriteTransaction, entry: &AuditEntry) -> Result<AuditLine, Fault> {
    let mut table = txn.open_table(AUDIT)?;
    let newest = match table.last()? {
        None => 0,
        Some((key, _)) => number(key.value())?,
    };
    let kept = meta::get(&txn.open_table(META)?, HEAD)?;
    let (next, before) = match kept.as_deref().and_then(read_head) {
        Some((last, hash)) => (last.max(newest) + 1, hash),
        None if newest == 0 => (1, Hash::default()),
        // The end itself was taken away; a number that is left out says so for ever.
        None => (newest + 2, Hash::default()),
    };
    let fields = Fields::new()
        .signed(AT, entry.at.as_millis())
        .text(ACTOR, &entry.actor)
        .text(VIA, &entry.via)
        .text(ACT, &entry.act)
        .text(SUBJECT, &entry.subject)
        .text(DETAIL, &entry.detail);
    let said = fields.finish();
    let hash = chain(&before, next, &said);
    let mut value = said;
    value.extend([HASH, 32]);
    value.extend(hash);
    table.insert(next.to_be_bytes().as_slice(), value.as_slice())?;
    drop(table);
    meta::put(txn, HEAD, &head(next, &hash))?;
    Ok(AuditLine {
        number: next,
        entry: entry.clone(),
    })
}

fn chain(before: &Hash, number: u64, said: &[u8]) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update(before);
    hasher.update(number.to_be_bytes());
    hasher.update(said);
    hasher.finalize().into()
}

fn head(number: u64, hash: &Hash) -> Vec<u8> {
    let mut head = number.to_be_bytes().to_vec();
    head.extend(hash);
    head
}

fn read_head(head: &[u8]) -> Option<(u64, Hash)> {
    let (number, hash) = head.split_first_chunk::<8>()?;
    Some((u64::from_be_bytes(*number), hash.try_into().ok()?))
}

fn number(key: &[u8]) -> Result<u64, Fault> {
    key.try_into()
        .map(u64::from_be_bytes)
        .map_err(|_| Fault::Malformed(WHAT))
}

/// At most `count` lines below `below`, newest first.
pub(crate) fn page(txn: &ReadTransaction, below: Option<u64>, count: usize) -> Result<Vec<AuditLine>, Fault> {
    let table = txn.open_table(AUDIT)?;
    let end = below.unwrap_or(u64::MAX).to_be_bytes();
    table
        .range(..end.as_slice())?
        .rev()
        .take(count)
        .map(|row| line(&row?))
        .collect()
}

fn line(
    row: &(
        redb::AccessGuard<'_, &'static [u8]>,
        redb::AccessGuard<'_, &'static [u8]>,
    ),
) -> Result<AuditLine, Fault> {
    let fields = FieldsReader::new(row.1.value(), WHAT)?;
    let entry = AuditEntry {
        at: Instant::from_millis(fields.signed(AT)?.ok_or(Fault::Malformed(WHAT))?),
        actor: fields.text(ACTOR)?.to_owned(),
        via: fields.text(VIA)?.to_owned(),
        act: fields.text(ACT)?.to_owned(),
        subject: fields.text(SUBJECT)?.to_owned(),
        detail: fields.text(DETAIL)?.to_owned(),
    };
    Ok(AuditLine {
        number: number(row.0.value())?,
        entry,
    })
}

/// Walks the chain from its first line; the outer error is the store's, the inner one the chain's.
pub(crate) fn verify(txn: &ReadTransaction) -> Result<Result<u64, AuditFault>, Fault> {
    let (mut last, mut before) = (0_u64, Hash::default());
    for row in txn.open_table(AUDIT)?.iter()? {
        let (key, value) = row?;
        let found = number(key.value())?;
        last += 1;
        if found != last {
            return Ok(broken(last, "the line is missing"));
        }
        let value = value.value();
        let said = value
            .len()
            .checked_sub(HASH_FIELD)
            .and_then(|end| value.get(..end));
        let Some(said) = said else {
            return Ok(broken(last, "the line has no hash"));
        };
        let hash = chain(&before, last, said);
        if value[said.len()..said.len() + 2] != [HASH, 32] || value[said.len() + 2..] != hash {
            return Ok(broken(last, "the line or the one before it was changed"));
        }
        before = hash;
    }
    let kept = meta::get(&txn.open_table(META)?, HEAD)?;
    let expected = (last > 0).then(|| head(last, &before));
    if kept != expected {
        return Ok(broken(last + 1, "lines at the end are missing"));
    }
    Ok(Ok(last))
}

fn broken(number: u64, what: &'static str) -> Result<u64, AuditFault> {
    Err(AuditFault::BrokenAt { number, what })
}

impl From<Fault> for AuditFault {
    fn from(fault: Fault) -> Self {
        Self::Store(StoreError::from(fault))
    }
}
