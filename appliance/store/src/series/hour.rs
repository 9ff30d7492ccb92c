//! The sheet of a sealed hour: the readings of all channels, packed by channel, with a directory in front (`directory.rs`).
//!
//! Channels that were asked together have a column of times in common, packed as the times count from where the hour begins;
//! the own column of a channel is as `column.rs` says.

use units::NoValue;

use super::hour_start;
use crate::column::{self, RawPoint};
use crate::directory::{self, Columns, Listed};
use crate::fault::Fault;
use crate::packed;
use crate::pieces::{Kind, Rows};

/// Sealed hours among the sheets.
pub(crate) const RAW: Kind = Kind {
    code: 0,
    layout: 1,
    what: "the sealed hours",
};

/// A sealed hour that can be read.
pub(crate) struct Hour<'t, T> {
    sheet: Listed<'t, T>,
    base: i64,
}

impl<'t, T: Rows> Hour<'t, T> {
    /// The hour, if it was sealed into a sheet.
    pub(crate) fn open(table: &'t T, hour: i64) -> Result<Option<Self>, Fault> {
        let base = hour_start(hour);
        let sheet = Listed::open(table, RAW, hour)?;
        Ok(sheet.map(|sheet| Self { sheet, base }))
    }

    /// Which version of the hour it is; the first is 1.
    pub(crate) fn version(&self) -> u32 {
        self.sheet.version()
    }

    /// The channels that have readings in this hour, in the order of their numbers.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = u32> + '_ {
        self.sheet.numbers()
    }

    /// Gives every point of a channel to `each`, in the order of time.
    pub(crate) fn visit(
        &self,
        number: u32,
        each: &mut impl FnMut(i64, Result<i64, NoValue>),
    ) -> Result<(), Fault> {
        let Some(columns) = self.sheet.columns(number)? else {
            return Ok(());
        };
        let times = packed::decode(&columns.common, columns.count);
        times
            .and_then(|times| column::visit_packed(self.base, &times, &columns.own, each))
            .ok_or_else(|| self.sheet.damaged())
    }

    /// The points of a channel.
    pub(crate) fn points(&self, number: u32) -> Result<Vec<RawPoint>, Fault> {
        let mut points = Vec::new();
        self.visit(number, &mut |at, outcome| points.push((at, outcome)))?;
        Ok(points)
    }

    /// Takes a channel over into another sheet of the same hour, as it is packed.
    pub(crate) fn copy(&self, number: u32, into: &mut Builder) -> Result<(), Fault> {
        if let Some(columns) = self.sheet.columns(number)? {
            into.sheet.put(number, columns);
        }
        Ok(())
    }
}

/// A sheet in the making.
#[derive(Debug)]
pub(crate) struct Builder {
    base: i64,
    sheet: directory::Builder,
}

impl Builder {
    /// Begins the sheet of an hour.
    pub(crate) fn new(hour: i64) -> Self {
        Self {
            base: hour_start(hour),
            sheet: directory::Builder::default(),
        }
    }

    /// Packs a channel's points, which are tidy.
    pub(crate) fn push(&mut self, number: u32, points: &[RawPoint]) {
        if points.is_empty() {
            return;
        }
        let times: Vec<i64> = points
            .iter()
            .map(|point| point.0.wrapping_sub(self.base))
            .collect();
        let columns = Columns {
            count: points.len(),
            common: packed::encode_steps(&times),
            own: column::pack(points),
        };
        self.sheet.put(number, columns);
    }

    /// The bytes of the sheet.
    pub(crate) fn finish(self) -> Vec<u8> {
        self.sheet.finish()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use redb::backends::InMemoryBackend;
    use redb::{Builder as Database, WriteTransaction};
    use units::NoValue;

    use super::{Builder, Hour, RAW};
    use crate::column::{RawPoint, tidy};
    use crate::pieces;
    use crate::tables::HOURS;

    fn with<T>(work: impl FnOnce(&WriteTransaction) -> T) -> T {
        let backend = InMemoryBackend::new();
        let database = Database::new().create_with_backend(backend).expect("a database");
        let txn = database.begin_write().expect("a transaction");
        let result = work(&txn);
        txn.abort().expect("aborted");
        result
    }

    fn outcome() -> impl Strategy<Value = Result<i64, NoValue>> {
        prop_oneof![
            9 => (-50_i64..50).prop_map(Ok),
            1 => any::<i64>().prop_map(Ok),
            1 => (1_u8..13, 0_u8..4).prop_map(|(code, detail)| Err(NoValue::from_code(code, detail))),
        ]
    }

    proptest! {
        #[test]
        fn any_points_come_back(
            hour in prop_oneof![Just(0_i64), Just(-1), Just(490_000), Just(i64::MIN / 3_600_000 - 1), Just(i64::MAX / 3_600_000)],
            channels in prop::collection::btree_map(
                any::<u32>(), prop::collection::vec((0_i64..3_600_000, outcome()), 1..200), 0..9),
            shared in prop::collection::vec(outcome(), 300),
        ) {
            let mut builder = Builder::new(hour);
            let mut expected: Vec<(u32, Vec<RawPoint>)> = Vec::new();
            for (index, (number, points)) in channels.into_iter().enumerate() {
                let base = super::hour_start(hour);
                let mut points: Vec<RawPoint> = if index % 3 == 0 {
                    (0..).zip(&shared).map(|(second, outcome)| (second * 1_000, *outcome)).collect()
                } else {
                    points
                };
                points.iter_mut().for_each(|point| point.0 = point.0.wrapping_add(base));
                tidy(&mut points);
                builder.push(number, &points);
                expected.push((number, points));
            }
            let bytes = builder.finish();
            with(|txn| {
                let mut table = txn.open_table(HOURS).expect("a table");
                pieces::put(&mut table, RAW, hour, 4, &bytes).expect("put");
                let found = Hour::open(&table, hour).expect("sound").expect("there");
                assert!(found.numbers().eq(expected.iter().map(|channel| channel.0)));
                let mut copy = Builder::new(hour);
                for (number, points) in &expected {
                    assert_eq!(&found.points(*number).expect("sound"), points);
                    found.copy(*number, &mut copy).expect("sound");
                }
                assert_eq!(copy.finish(), bytes);
                assert!(Hour::open(&table, hour.wrapping_add(1)).expect("sound").is_none());
            });
        }

        #[test]
        fn nonsense_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            with(|txn| {
                let mut table = txn.open_table(HOURS).expect("a table");
                pieces::put(&mut table, RAW, 0, 1, &bytes).expect("put");
                if let Ok(Some(hour)) = Hour::open(&table, 0) {
                    for number in hour.numbers() {
                        let _ = hour.points(number);
                    }
                }
            });
        }
    }

    #[test]
    fn channels_that_were_asked_together_share_their_times() {
        let mut dice = fastrand::Rng::with_seed(6);
        let points: Vec<RawPoint> = (0..3_600).map(|n| (n * 1_000 + dice.i64(0..60), Ok(n))).collect();
        let size = |channels: u32| {
            let mut builder = Builder::new(0);
            (0..channels).for_each(|number| builder.push(number, &points));
            builder.finish().len()
        };
        assert!(size(12) < size(1) + 200, "{} and {}", size(1), size(12));
    }
}
