//! The sheet of a sealed hour: the readings of all channels, packed by channel, with a directory in front.
//!
//! A layout marker, the length of the directory, the directory, then the columns. The directory has first the clocks (how many
//! times, how many bytes), then the channels in the order of their numbers (how much above the one before, which clock, how
//! many bytes). Channels that were asked together share a clock. A column of times is packed as it counts from where the hour
//! begins; a column of a channel is as `column.rs` says. The order of the columns is that of the directory.
//!
//! One channel is read by the first piece of the sheet, where the directory is, and those in which its columns lie.

use std::collections::HashMap;

use redb::ReadableTable;
use units::NoValue;

use super::hour_start;
use crate::column::{self, RawPoint};
use crate::fault::Fault;
use crate::numbers::{Bytes, put_varint};
use crate::packed;
use crate::pieces::{Kind, Sheet};

/// Sealed hours among the sheets.
pub(crate) const RAW: Kind = Kind {
    code: 0,
    what: "the sealed hours",
};

const LAYOUT: u8 = 1;
/// Layout and length of the directory are within so many bytes.
const HEAD: usize = 6;

/// Where a column lies in the sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    at: usize,
    length: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Clock {
    count: usize,
    place: Place,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Channel {
    number: u32,
    clock: usize,
    place: Place,
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Directory {
    clocks: Vec<Clock>,
    channels: Vec<Channel>,
}

/// How long the directory is, and where it begins.
fn head(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut head = Bytes::new(bytes);
    let length = (head.byte()? == LAYOUT).then(|| head.number())??;
    Some((length, bytes.len() - head.rest().len()))
}

impl Directory {
    /// Reads a directory; the columns begin at `at`, and the sheet ends at `end`.
    fn parse(bytes: &[u8], at: usize, end: usize) -> Option<Self> {
        let mut bytes = Bytes::new(bytes);
        let mut next = at;
        let mut place = |length: usize| {
            let at = next;
            next = next.checked_add(length).filter(|next| *next <= end)?;
            Some(Place { at, length })
        };
        let mut directory = Self::default();
        for _ in 0..bytes.number::<u32>()? {
            let count = bytes
                .number::<usize>()
                .filter(|count| *count <= column::MOST_POINTS)?;
            directory.clocks.push(Clock {
                count,
                place: place(bytes.number()?)?,
            });
        }
        let mut number = 0_u32;
        for _ in 0..bytes.number::<u32>()? {
            number = number.checked_add(bytes.number()?)?;
            let clock = bytes.number().filter(|clock| *clock < directory.clocks.len())?;
            directory.channels.push(Channel {
                number,
                clock,
                place: place(bytes.number()?)?,
            });
        }
        bytes.is_empty().then_some(directory)
    }
}

/// A sealed hour that can be read.
pub(crate) struct Hour<'t, T> {
    sheet: Sheet<'t, T>,
    base: i64,
    directory: Directory,
}

impl<'t, T: ReadableTable<&'static [u8], &'static [u8]>> Hour<'t, T> {
    /// The hour, if it was sealed into a sheet.
    pub(crate) fn open(table: &'t T, hour: i64) -> Result<Option<Self>, Fault> {
        let Some(sheet) = Sheet::open(table, RAW, hour)? else {
            return Ok(None);
        };
        let first = sheet.read(0..sheet.len().min(HEAD))?;
        let (length, at) = head(&first).ok_or_else(|| sheet.damaged())?;
        let bytes = sheet.read(at..at.saturating_add(length))?;
        let directory = Directory::parse(&bytes, at + length, sheet.len()).ok_or_else(|| sheet.damaged())?;
        Ok(Some(Self {
            sheet,
            base: hour_start(hour),
            directory,
        }))
    }

    /// Which version of the hour it is; the first is 1.
    pub(crate) fn version(&self) -> u32 {
        self.sheet.version()
    }

    /// The channels that have readings in this hour, in the order of their numbers.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = u32> + '_ {
        self.directory.channels.iter().map(|channel| channel.number)
    }

    fn find(&self, number: u32) -> Option<Channel> {
        let channels = &self.directory.channels;
        let at = channels.binary_search_by_key(&number, |channel| channel.number);
        at.ok().map(|at| channels[at])
    }

    /// Gives every point of a channel to `each`, in the order of time.
    pub(crate) fn visit(
        &self,
        number: u32,
        each: &mut impl FnMut(i64, Result<i64, NoValue>),
    ) -> Result<(), Fault> {
        let Some(channel) = self.find(number) else {
            return Ok(());
        };
        let clock = self.directory.clocks[channel.clock];
        let times = packed::decode(&self.bytes(clock.place)?, clock.count);
        let times = times.ok_or_else(|| self.sheet.damaged())?;
        let values = self.bytes(channel.place)?;
        column::visit_packed(self.base, &times, &values, each).ok_or_else(|| self.sheet.damaged())
    }

    /// The points of a channel.
    pub(crate) fn points(&self, number: u32) -> Result<Vec<RawPoint>, Fault> {
        let mut points = Vec::new();
        self.visit(number, &mut |at, outcome| points.push((at, outcome)))?;
        Ok(points)
    }

    fn bytes(&self, place: Place) -> Result<Vec<u8>, Fault> {
        self.sheet.read(place.at..place.at + place.length)
    }

    /// Takes a channel over into another sheet of the same hour, as it is packed.
    pub(crate) fn copy(&self, number: u32, into: &mut Builder) -> Result<(), Fault> {
        if let Some(channel) = self.find(number) {
            let clock = self.directory.clocks[channel.clock];
            let times = self.bytes(clock.place)?;
            into.put(number, (clock.count, times), self.bytes(channel.place)?);
        }
        Ok(())
    }
}

/// A sheet in the making.
#[derive(Debug)]
pub(crate) struct Builder {
    base: i64,
    known: HashMap<Vec<u8>, usize>,
    clocks: Vec<(usize, Vec<u8>)>,
    channels: Vec<(u32, usize, Vec<u8>)>,
}

impl Builder {
    /// Begins the sheet of an hour.
    pub(crate) fn new(hour: i64) -> Self {
        Self {
            base: hour_start(hour),
            known: HashMap::new(),
            clocks: Vec::new(),
            channels: Vec::new(),
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
        let clock = (points.len(), packed::encode_steps(&times));
        self.put(number, clock, column::pack(points));
    }

    fn put(&mut self, number: u32, (count, times): (usize, Vec<u8>), column: Vec<u8>) {
        let clock = match self.known.get(&times) {
            Some(clock) if self.clocks[*clock].0 == count => *clock,
            _ => {
                self.known.insert(times.clone(), self.clocks.len());
                self.clocks.push((count, times));
                self.clocks.len() - 1
            }
        };
        self.channels.push((number, clock, column));
    }

    /// The bytes of the sheet.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        self.channels.sort_unstable_by_key(|channel| channel.0);
        let mut directory = Vec::new();
        put_length(&mut directory, self.clocks.len());
        for (count, times) in &self.clocks {
            put_length(&mut directory, *count);
            put_length(&mut directory, times.len());
        }
        put_length(&mut directory, self.channels.len());
        let mut last = 0;
        for (number, clock, column) in &self.channels {
            put_varint(&mut directory, u64::from(number - last));
            put_length(&mut directory, *clock);
            put_length(&mut directory, column.len());
            last = *number;
        }
        let mut out = vec![LAYOUT];
        put_length(&mut out, directory.len());
        out.extend(directory);
        self.clocks.iter().for_each(|(_, times)| out.extend(times));
        self.channels.iter().for_each(|(_, _, column)| out.extend(column));
        out
    }
}

fn put_length(out: &mut Vec<u8>, length: usize) {
    put_varint(out, u64::try_from(length).unwrap_or(u64::MAX));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use redb::backends::InMemoryBackend;
    use redb::{Builder as Database, WriteTransaction};
    use units::NoValue;

    use super::{Builder, Directory, Hour, RAW};
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
            let _ = Directory::parse(&bytes, 100, 160);
            with(|txn| {
                let mut table = txn.open_table(HOURS).expect("a table");
                let sheet = [&[super::LAYOUT], bytes.as_slice()].concat();
                pieces::put(&mut table, RAW, 0, 1, &sheet).expect("put");
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
