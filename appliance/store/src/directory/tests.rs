//! Sheets of many channels: each channel's columns come back, what is common stands once, nonsense never panics.

use std::collections::BTreeMap;

use proptest::prelude::*;
use redb::WriteTransaction;
use redb::backends::InMemoryBackend;

use super::{Builder, Columns, Directory, Listed};
use crate::pieces::{self, Kind};
use crate::tables::HOURS;

const KIND: Kind = Kind {
    code: 3,
    layout: 1,
    what: "the tests",
};

fn with<T>(work: impl FnOnce(&WriteTransaction) -> T) -> T {
    let backend = InMemoryBackend::new();
    let database = redb::Builder::new()
        .create_with_backend(backend)
        .expect("a database");
    let txn = database.begin_write().expect("a transaction");
    let result = work(&txn);
    txn.abort().expect("aborted");
    result
}

fn columns() -> impl Strategy<Value = Columns> {
    let own = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..9),
        prop::collection::vec(any::<u8>(), 4_000..5_000)
    ];
    (0_usize..3, 0_u8..4, own).prop_map(|(count, common, own)| Columns {
        count,
        common: vec![common; usize::from(common) * 700],
        own,
    })
}

proptest! {
    #[test]
    fn any_columns_come_back(
        channels in prop::collection::btree_map(any::<u32>(), columns(), 0..20),
        other in any::<u32>(),
    ) {
        let mut builder = Builder::default();
        // In whatever order they are put in.
        channels.iter().rev().for_each(|(number, columns)| builder.put(*number, columns.clone()));
        let bytes = builder.finish();
        let same: BTreeMap<(usize, &[u8]), ()> =
            channels.values().map(|columns| ((columns.count, columns.common.as_slice()), ())).collect();
        let once: usize = same.keys().map(|(_, common)| common.len()).sum();
        let own: usize = channels.values().map(|columns| columns.own.len()).sum();
        prop_assert!(bytes.len() <= once + own + 20 * (channels.len() + 1), "what is common stands once");
        with(|txn| {
            let mut table = txn.open_table(HOURS).expect("a table");
            pieces::put(&mut table, KIND, 5, 4, &bytes).expect("put");
            let sheet = Listed::open(&table, KIND, 5).expect("sound").expect("there");
            assert_eq!(sheet.version(), 4);
            assert!(sheet.numbers().eq(channels.keys().copied()));
            for (number, columns) in &channels {
                assert_eq!(sheet.columns(*number).expect("sound").as_ref(), Some(columns));
            }
            assert_eq!(sheet.columns(other).expect("sound").as_ref(), channels.get(&other));
            assert!(Listed::open(&table, KIND, 6).expect("sound").is_none());
        });
    }

    #[test]
    fn nonsense_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        let _ = Directory::parse(&bytes, 100, 160);
        with(|txn| {
            let mut table = txn.open_table(HOURS).expect("a table");
            pieces::put(&mut table, KIND, 0, 1, &bytes).expect("put");
            if let Ok(Some(sheet)) = Listed::open(&table, KIND, 0) {
                for number in sheet.numbers() {
                    let _ = sheet.columns(number);
                }
            }
        });
    }
}
