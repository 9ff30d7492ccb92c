//! Small values by name: which site this is, whether its past was simulated, the head of the audit chain.

use redb::{ReadableTable, WriteTransaction};

use crate::fault::Fault;
use crate::fields::{Fields, FieldsReader};
use crate::tables::META;

const BYTES: u8 = 1;

/// Keeps `value` under `name`.
pub(crate) fn put(txn: &WriteTransaction, name: &str, value: &[u8]) -> Result<(), Fault> {
    let row = Fields::new().bytes(BYTES, value).finish();
    txn.open_table(META)?.insert(name.as_bytes(), row.as_slice())?;
    Ok(())
}

/// The value under `name`.
pub(crate) fn get(
    table: &impl ReadableTable<&'static [u8], &'static [u8]>,
    name: &str,
) -> Result<Option<Vec<u8>>, Fault> {
    let Some(row) = table.get(name.as_bytes())? else {
        return Ok(None);
    };
    Ok(Some(
        FieldsReader::new(row.value(), "meta")?.need(BYTES)?.to_vec(),
    ))
}
