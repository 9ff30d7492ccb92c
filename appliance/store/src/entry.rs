//! A batch as it stands in the tail: its readings as frames by the hour, its intervals and memories as rows to be. All
//! by number, so that no name is written twice; the names are in the database before.

use crate::batch::Batch;
use crate::fault::Fault;
use crate::fields::{Fields, FieldsReader};
use crate::ledger::{self, Quarters};
use crate::numbers::{Bytes, put_counted, put_signed};
use crate::registry::Registry;
use crate::series::Grouped;

const FRAME: u8 = 1;
const INTERVAL: u8 = 2;
const MEMORY: u8 = 3;
const WHAT: &str = "the tail";

/// What a batch says, in the bytes of the tables.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Entry {
    /// A frame for each hour.
    pub(crate) frames: Vec<(i64, Vec<u8>)>,
    /// By the start of the quarter, whose energy it was.
    pub(crate) quarters: Quarters,
    /// By the key of the table.
    pub(crate) memories: Vec<(Vec<u8>, Vec<u8>)>,
}

impl Entry {
    /// The entry of a batch of which every name has a number; nothing where one has none.
    pub(crate) fn of(batch: &Batch, grouped: &Grouped<'_>, registry: &Registry) -> Option<Self> {
        Some(Self {
            frames: grouped.frames(registry)?,
            quarters: ledger::entries(batch, |device| registry.known_device(device))?,
            memories: batch.memories.iter().map(ledger::memory_row).collect(),
        })
    }

    /// Its bytes.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut fields = Fields::new();
        for (hour, frame) in &self.frames {
            let mut bytes = Vec::with_capacity(frame.len() + 10);
            put_signed(&mut bytes, *hour);
            bytes.extend_from_slice(frame);
            fields.push(FRAME, &bytes);
        }
        for (start, entries) in &self.quarters {
            for entry in entries.values() {
                let mut bytes = Vec::with_capacity(entry.len() + 10);
                put_signed(&mut bytes, *start);
                bytes.extend_from_slice(entry);
                fields.push(INTERVAL, &bytes);
            }
        }
        for (key, value) in &self.memories {
            let mut bytes = Vec::with_capacity(key.len() + value.len() + 10);
            put_counted(&mut bytes, key);
            bytes.extend_from_slice(value);
            fields.push(MEMORY, &bytes);
        }
        fields.finish()
    }

    /// What such bytes say. Fields of a newer Hearth are passed over.
    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, Fault> {
        let mut entry = Self::default();
        for field in FieldsReader::new(bytes, WHAT)? {
            let (number, value) = field?;
            let mut value = Bytes::new(value);
            match number {
                FRAME => {
                    let hour = value.signed().ok_or(Fault::Malformed(WHAT))?;
                    entry.frames.push((hour, value.rest().to_vec()));
                }
                INTERVAL => {
                    let start = value.signed().ok_or(Fault::Malformed(WHAT))?;
                    let row = value.rest();
                    let whose = ledger::whose(row)?;
                    entry
                        .quarters
                        .entry(start)
                        .or_default()
                        .insert(whose, row.to_vec());
                }
                MEMORY => {
                    let key = value.take_counted().ok_or(Fault::Malformed(WHAT))?;
                    entry.memories.push((key.to_vec(), value.rest().to_vec()));
                }
                _ => {}
            }
        }
        Ok(entry)
    }
}
