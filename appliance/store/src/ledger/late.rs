//! What comes for a quarter whose day is closed: its entry stays as it is, and a correction is put beside it. What is
//! read is what the newest correction says. A correction that says what stands there already is none, so nothing is ever
//! booked twice.

use redb::{ReadTransaction, ReadableTable};
use units::Instant;

use super::figure::Figure;
use super::{CORRECTED, Row, WHAT, Whose, put_whose, read_row, take_whose};
use crate::fault::Fault;
use crate::fields::{Fields, FieldsReader};
use crate::numbers::{Bytes, put_varint};
use crate::pieces::Writable;
use crate::tables::{CORRECTIONS, time_key};

const RECORDED: u8 = 1;
const WHOSE: u8 = 2;
const START: u8 = 3;
const BEFORE: u8 = 4;
const AFTER: u8 = 5;
const PREVIOUS: u8 = 6;

/// A correction as it stands in its table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Correction {
    pub(crate) number: u64,
    /// The newest quarter that the ledger knew then.
    pub(crate) recorded: i64,
    pub(crate) whose: Whose,
    pub(crate) start: i64,
    pub(crate) before: Option<Figure>,
    pub(crate) after: Figure,
    /// The correction of the same quarter before this one.
    pub(crate) previous: Option<u64>,
}

impl Correction {
    /// The text of which the hash is made.
    pub(crate) fn text(&self) -> String {
        let before = self
            .before
            .map_or_else(|| "-".to_owned(), |before| before.to_string());
        format!(
            "{} {} {} before {before} after {}\n",
            self.number, self.recorded, self.start, self.after
        )
    }

    fn encode(&self) -> Vec<u8> {
        let figure = |figure: &Figure| {
            let mut bytes = Vec::new();
            figure.put(&mut bytes);
            bytes
        };
        let mut row = Fields::new()
            .signed(RECORDED, self.recorded)
            .bytes(WHOSE, &whose_bytes(self.whose))
            .signed(START, self.start)
            .bytes(AFTER, &figure(&self.after));
        if let Some(before) = &self.before {
            row = row.bytes(BEFORE, &figure(before));
        }
        if let Some(previous) = self.previous {
            row = row.unsigned(PREVIOUS, previous);
        }
        row.finish()
    }

    pub(crate) fn decode(key: &[u8], value: &[u8]) -> Result<Self, Fault> {
        const WRONG: Fault = Fault::Malformed("the corrections");
        let fields = FieldsReader::new(value, "the corrections")?;
        let mut whose = Bytes::new(fields.need(WHOSE)?);
        let figure = |bytes| Figure::take(&mut Bytes::new(bytes)).ok_or(WRONG);
        Ok(Self {
            number: key.try_into().map(u64::from_be_bytes).map_err(|_| WRONG)?,
            recorded: fields.signed(RECORDED)?.ok_or(WRONG)?,
            whose: take_whose(&mut whose).ok_or(WRONG)?,
            start: fields.signed(START)?.ok_or(WRONG)?,
            before: fields.find(BEFORE)?.map(figure).transpose()?,
            after: figure(fields.need(AFTER)?)?,
            previous: fields.unsigned(PREVIOUS)?,
        })
    }
}

fn whose_bytes(whose: Whose) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(6);
    put_whose(&mut bytes, whose);
    bytes
}

/// Books what came for a quarter of a closed day. `fresh` is what it is to be now, entry by entry.
pub(super) fn book<'a>(
    quarters: &mut Writable<'_>,
    corrections: &mut Writable<'_>,
    (start, recorded): (i64, i64),
    fresh: impl Iterator<Item = (Whose, &'a [u8])>,
) -> Result<(), Fault> {
    let old = quarters
        .get(time_key(start).as_slice())?
        .map(|value| value.value().to_vec());
    let row = old.as_deref().map(read_row).transpose()?.unwrap_or_default();
    let mut changed: Vec<(Whose, Vec<u8>)> = Vec::new();
    for (whose, entry) in fresh {
        let (_, after) = super::decode(entry)?;
        let before = row.current(whose);
        if before == Some(after) {
            continue;
        }
        let number = newest(corrections)? + 1;
        let correction = Correction {
            number,
            recorded,
            whose,
            start,
            before,
            after,
            previous: row.corrected.get(&whose).map(|(number, _)| *number),
        };
        corrections.insert(number.to_be_bytes().as_slice(), correction.encode().as_slice())?;
        let mut bytes = whose_bytes(whose);
        put_varint(&mut bytes, number);
        after.put(&mut bytes);
        changed.push((whose, bytes));
    }
    if changed.is_empty() {
        return Ok(());
    }
    let mut fields = Fields::new();
    if let Some(old) = &old {
        for field in FieldsReader::new(old, WHAT)? {
            let (number, value) = field?;
            let replaced = number == CORRECTED
                && changed
                    .iter()
                    .any(|(whose, _)| super::whose(value).is_ok_and(|w| w == *whose));
            if !replaced {
                fields.push(number, value);
            }
        }
    }
    changed
        .iter()
        .for_each(|(_, bytes)| fields.push(CORRECTED, bytes));
    quarters.insert(time_key(start).as_slice(), fields.finish().as_slice())?;
    Ok(())
}

/// The number of the newest correction; 0 where there is none.
pub(super) fn newest(corrections: &impl ReadableTable<&'static [u8], &'static [u8]>) -> Result<u64, Fault> {
    let last = corrections.last()?;
    let number = last.map(|(key, _)| key.value().try_into().map(u64::from_be_bytes));
    Ok(number
        .transpose()
        .map_err(|_| Fault::Malformed("the corrections"))?
        .unwrap_or(0))
}

/// The corrections of one quarter of one flow, newest first.
pub(crate) fn history(txn: &ReadTransaction, whose: Whose, start: Instant) -> Result<Vec<Correction>, Fault> {
    let quarters = txn.open_table(super::QUARTERS)?;
    let Some(row) = quarters.get(time_key(start.as_millis()).as_slice())? else {
        return Ok(Vec::new());
    };
    let row: Row = read_row(row.value())?;
    let mut next = row.corrected.get(&whose).map(|(number, _)| *number);
    let mut found = Vec::new();
    if next.is_none() {
        return Ok(found);
    }
    let corrections = txn.open_table(CORRECTIONS)?;
    while let Some(number) = next {
        let key = number.to_be_bytes();
        let value = corrections
            .get(key.as_slice())?
            .ok_or(Fault::Malformed("the corrections"))?;
        let correction = Correction::decode(&key, value.value())?;
        // Each is older than the one before, so that a damaged row cannot lead in a circle.
        next = correction.previous.filter(|previous| *previous < number);
        found.push(correction);
    }
    Ok(found)
}
