//! The record of who did what. Each line carries a hash over itself and the line before, so that a line that is
//! changed, removed or put in shows; the newest line's hash stands once more in `meta`, so that a cut end shows.
//! Why something was done lies beside the chain (`reasons`), which holds a salted hash of it, so that it can be erased.
//! Who can write the whole file can forge the whole chain: it guards against the quiet correction, and against
//! a thief only together with a copy elsewhere.

use redb::{ReadTransaction, ReadableTable, WriteTransaction};
use sha2::{Digest, Sha256};
use units::bytes::{Bytes, put_varint};
use units::{Instant, PersonId};

use crate::fault::Fault;
use crate::fields::{Fields, FieldsReader};
use crate::tables::{AUDIT, AUDIT_OF, Found, META, NOBODY, REASONS, find, person_line_key};
use crate::{AuditEntry, AuditFault, AuditLine, StoreError, Whose, Why, meta};

const AT: u8 = 1;
const ACTOR: u8 = 2;
const VIA: u8 = 3;
const ACT: u8 = 4;
const SUBJECT: u8 = 5;
const DETAIL: u8 = 6;
const WHO: u8 = 8;
/// The numbers of people, each as what it is more than the one before.
const WHOSE: u8 = 9;
const EVERYBODY: u8 = 10;
const WHY: u8 = 11;
/// Of a reason: its salt and its words.
const SALT: u8 = 1;
const WORDS: u8 = 2;
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
    let said = encode(entry).finish();
    let hash = chain(&before, next, &said);
    let mut value = said;
    value.extend([HASH, 32]);
    value.extend(hash);
    table.insert(next.to_be_bytes().as_slice(), value.as_slice())?;
    drop(table);
    put_beside(txn, next, entry)?;
    meta::put(txn, HEAD, &head(next, &hash))?;
    Ok(AuditLine {
        number: next,
        entry: entry.clone(),
    })
}

fn encode(entry: &AuditEntry) -> Fields {
    let mut fields = Fields::new()
        .signed(AT, entry.at.as_millis())
        .text(ACTOR, &entry.actor)
        .text(VIA, &entry.via)
        .text(ACT, &entry.act)
        .text(SUBJECT, &entry.subject)
        .text(DETAIL, &entry.detail);
    if let Some(who) = entry.who {
        fields = fields.unsigned(WHO, u64::from(who.number()));
    }
    match &entry.whose {
        Whose::Nobody => {}
        Whose::People(people) => fields.push(WHOSE, &put_people(people)),
        Whose::Everybody => fields.push(EVERYBODY, &[]),
    }
    match &entry.why {
        Why::NotSaid => {}
        Why::Said { words, salt } => fields.push(WHY, &reason_hash(salt, words)),
        Why::Erased => fields.push(WHY, &[]),
    }
    fields
}

/// What lies beside the line: the way to it from each person, and the reason.
fn put_beside(txn: &WriteTransaction, number: u64, entry: &AuditEntry) -> Result<(), Fault> {
    let people: &[PersonId] = match &entry.whose {
        Whose::Nobody => &[],
        Whose::People(people) => people,
        Whose::Everybody => &[NOBODY],
    };
    if !people.is_empty() {
        let mut table = txn.open_table(AUDIT_OF)?;
        for person in people {
            table.insert(person_line_key(*person, number).as_slice(), [].as_slice())?;
        }
    }
    if let Why::Said { words, salt } = &entry.why {
        let row = Fields::new().bytes(SALT, salt).text(WORDS, words).finish();
        txn.open_table(REASONS)?
            .insert(number.to_be_bytes().as_slice(), row.as_slice())?;
    }
    Ok(())
}

fn put_people(people: &[PersonId]) -> Vec<u8> {
    let mut sorted: Vec<u32> = people.iter().map(|person| person.number()).collect();
    sorted.sort_unstable();
    sorted.dedup();
    let (mut out, mut before) = (Vec::new(), 0);
    for number in sorted {
        put_varint(&mut out, u64::from(number - before));
        before = number;
    }
    out
}

fn read_people(bytes: &[u8]) -> Option<Vec<PersonId>> {
    let (mut bytes, mut before, mut people) = (Bytes::new(bytes), 0_u32, Vec::new());
    while !bytes.is_empty() {
        before = before.checked_add(bytes.number()?)?;
        people.push(PersonId::new(before));
    }
    Some(people)
}

fn reason_hash(salt: &[u8], words: &str) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update(salt);
    hasher.update(words.as_bytes());
    hasher.finalize().into()
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
    let reasons = find(txn, REASONS)?;
    let end = below.unwrap_or(u64::MAX).to_be_bytes();
    table
        .range(..end.as_slice())?
        .rev()
        .take(count)
        .map(|row| {
            let (key, value) = row?;
            line(number(key.value())?, value.value(), reasons.as_ref())
        })
        .collect()
}

/// At most `count` lines below `below` that are about somebody's data, newest first: those that name the person, and
/// those about so many that nobody is named.
pub(crate) fn page_of(
    txn: &ReadTransaction,
    person: PersonId,
    below: Option<u64>,
    count: usize,
) -> Result<Vec<AuditLine>, Fault> {
    let table = txn.open_table(AUDIT)?;
    let reasons = find(txn, REASONS)?;
    let end = below.unwrap_or(u64::MAX);
    let mut numbers: Vec<u64> = Vec::new();
    // Lines about everybody stand under nobody's number, which no person has.
    for of in [person, NOBODY] {
        let (first, last) = (person_line_key(of, 0), person_line_key(of, end));
        let Some(index) = find(txn, AUDIT_OF)? else { break };
        for row in index.range(first.as_slice()..last.as_slice())?.rev().take(count) {
            numbers.push(number(row?.0.value().get(4..).unwrap_or_default())?);
        }
    }
    numbers.sort_unstable_by(|a, b| b.cmp(a));
    numbers.truncate(count);
    let mut lines = Vec::new();
    for wanted in numbers {
        if let Some(value) = table.get(wanted.to_be_bytes().as_slice())? {
            lines.push(line(wanted, value.value(), reasons.as_ref())?);
        }
    }
    Ok(lines)
}

/// Takes away the reasons of every line that is about this person, and of these lines; the chain stays whole.
pub(crate) fn erase_reasons(txn: &WriteTransaction, person: PersonId, lines: &[u64]) -> Result<(), Fault> {
    let index = txn.open_table(AUDIT_OF)?;
    let mut reasons = txn.open_table(REASONS)?;
    let (first, last) = (person_line_key(person, 0), person_line_key(person, u64::MAX));
    for row in index.range(first.as_slice()..=last.as_slice())? {
        reasons.remove(row?.0.value().get(4..).unwrap_or_default())?;
    }
    for line in lines {
        reasons.remove(line.to_be_bytes().as_slice())?;
    }
    Ok(())
}

fn line(number: u64, value: &[u8], reasons: Option<&Found>) -> Result<AuditLine, Fault> {
    let fields = FieldsReader::new(value, WHAT)?;
    let whose = match (fields.find(WHOSE)?, fields.find(EVERYBODY)?) {
        (Some(people), _) => Whose::People(read_people(people).ok_or(Fault::Malformed(WHAT))?),
        (None, Some(_)) => Whose::Everybody,
        (None, None) => Whose::Nobody,
    };
    let why = match fields.find(WHY)? {
        None => Why::NotSaid,
        Some(_) => reason(number, reasons)?.unwrap_or(Why::Erased),
    };
    let entry = AuditEntry {
        at: Instant::from_millis(fields.signed(AT)?.ok_or(Fault::Malformed(WHAT))?),
        actor: fields.text(ACTOR)?.to_owned(),
        who: fields.unsigned(WHO)?.map(PersonId::new),
        via: fields.text(VIA)?.to_owned(),
        act: fields.text(ACT)?.to_owned(),
        subject: fields.text(SUBJECT)?.to_owned(),
        whose,
        detail: fields.text(DETAIL)?.to_owned(),
        why,
    };
    Ok(AuditLine { number, entry })
}

fn reason(number: u64, reasons: Option<&Found>) -> Result<Option<Why>, Fault> {
    let Some(table) = reasons else { return Ok(None) };
    let Some(row) = table.get(number.to_be_bytes().as_slice())? else {
        return Ok(None);
    };
    let fields = FieldsReader::new(row.value(), WHAT)?;
    let salt = fields
        .need(SALT)?
        .try_into()
        .map_err(|_| Fault::Malformed(WHAT))?;
    Ok(Some(Why::Said {
        words: fields.text(WORDS)?.to_owned(),
        salt,
    }))
}

/// Walks the chain from its first line; the outer error is the store's, the inner one the chain's.
pub(crate) fn verify(txn: &ReadTransaction) -> Result<Result<u64, AuditFault>, Fault> {
    let (mut last, mut before) = (0_u64, Hash::default());
    let reasons = find(txn, REASONS)?;
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
        if let Some(Why::Said { words, salt }) = reason(last, reasons.as_ref())?
            && FieldsReader::new(said, WHAT)?.find(WHY)? != Some(reason_hash(&salt, &words).as_slice())
        {
            return Ok(broken(last, "the reason was changed"));
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
