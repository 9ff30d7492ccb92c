//! The store at one moment, for whoever reads all of it and takes a while, such as a backup.
//!
//! It is read a piece at a time. Between two pieces the writer may open the file again after an error of the card, and
//! then the pages that the snapshot looks at are nobody's any more: so each piece asks first, and the snapshot ends there.

use std::ops::Bound;
use std::sync::Arc;

use redb::{ReadTransaction, TableHandle};

use crate::StoreError;
use crate::engine::Engine;
use crate::fault::Fault;
use crate::registry::Registry;
use crate::rows::Row;
use crate::tables::{find, named, range};

/// About so many bytes are read at a time.
const A_PIECE: usize = 256 * 1024;

/// The store at one moment.
#[derive(Debug)]
pub struct Snapshot {
    engine: Arc<Engine>,
    txn: ReadTransaction,
    opening: u64,
    registry: Arc<Registry>,
}

impl Snapshot {
    /// The store at this moment. Only the writer's thread calls it.
    pub(crate) fn of(engine: &Arc<Engine>) -> Result<Self, StoreError> {
        let (txn, opening) = engine.begin_snapshot()?;
        Ok(Self {
            engine: Arc::clone(engine),
            txn,
            opening,
            registry: engine.registry(),
        })
    }

    /// What is not sealed yet, as the bytes of an entry of the tail.
    pub(crate) fn pending(&self) -> Vec<u8> {
        self.registry.pending.entry().encode()
    }

    /// The names of all tables, in their order.
    pub(crate) fn tables(&self) -> Result<Vec<String>, StoreError> {
        let mut names = self.engine.read_snapshot(self.opening, || {
            let tables = self.txn.list_tables()?;
            Ok(tables.map(|table| table.name().to_owned()).collect::<Vec<_>>())
        })?;
        names.sort();
        Ok(names)
    }

    /// Visits the rows of a table with `from <= key < to` in the order of their keys, until a visit fails.
    pub(crate) fn visit<E: From<StoreError>>(
        &self,
        table: &str,
        (from, to): (&[u8], Option<&[u8]>),
        mut visit: impl FnMut(&[u8], &[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut from = Bound::Included(from.to_vec());
        loop {
            let piece = self.engine.read_snapshot(self.opening, || {
                piece(&self.txn, table, from.as_ref().map(Vec::as_slice), to)
            })?;
            let Some((last, _)) = piece.last() else {
                return Ok(());
            };
            let next = Bound::Excluded(last.clone());
            for (key, value) in &piece {
                visit(key, value)?;
            }
            from = next;
        }
    }
}

/// Some rows from here on.
fn piece(
    txn: &ReadTransaction,
    name: &str,
    from: Bound<&[u8]>,
    to: Option<&[u8]>,
) -> Result<Vec<Row>, Fault> {
    let Some(table) = find(txn, named(name))? else {
        return Ok(Vec::new());
    };
    let mut rows = Vec::new();
    let mut bytes = 0;
    for row in range(&table, from, to)? {
        let (key, value) = row?;
        bytes += key.value().len() + value.value().len();
        rows.push((key.value().to_vec(), value.value().to_vec()));
        if bytes >= A_PIECE {
            break;
        }
    }
    Ok(rows)
}
