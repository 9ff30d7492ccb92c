//! A sealed row: the points of one channel in one hour. Times that several channels of the hour have in common
//! stand once, in the table of clocks.

use std::collections::HashMap;

use crate::column::{RawPoint, encode_times, encode_values};
use crate::fault::Fault;
use crate::fields::{Fields, FieldsReader};

const TIMES: u8 = 1;
const CLOCK: u8 = 2;
const VALUES: u8 = 3;
const WHAT: &str = "the blocks";

/// Shorter columns of times stay in the block: a look-up would cost more than it saves.
const WORTH_SHARING: usize = 24;

/// Where the times of a block are.
#[derive(Debug, Clone, Copy)]
pub(crate) enum TimesAt<'a> {
    Here(&'a [u8]),
    Clock(u32),
}

/// The clocks of one hour that is being sealed.
#[derive(Debug, Default)]
pub(crate) struct Clocks {
    known: HashMap<Vec<u8>, u32>,
    next: u32,
}

impl Clocks {
    /// Begins behind the clocks that the hour has already.
    pub(crate) fn starting_at(next: u32) -> Self {
        Self {
            known: HashMap::new(),
            next,
        }
    }

    /// The number of the clock with these times, and whether it has to be written first.
    fn number(&mut self, times: &[u8]) -> (u32, New) {
        if let Some(number) = self.known.get(times) {
            return (*number, New::No);
        }
        let number = self.next;
        self.next += 1;
        self.known.insert(times.to_vec(), number);
        (number, New::Yes)
    }
}

#[derive(PartialEq)]
enum New {
    Yes,
    No,
}

/// A block ready to be written, with the clock that must be written beside it.
pub(crate) struct Packed {
    pub(crate) value: Vec<u8>,
    pub(crate) clock: Option<(u32, Vec<u8>)>,
}

/// Packs tidy points; `clocks` is `None` where the times must stay with the block.
pub(crate) fn encode(base: i64, points: &[RawPoint], clocks: Option<&mut Clocks>) -> Packed {
    let (times, values) = (encode_times(base, points), encode_values(points));
    match clocks.filter(|_| times.len() >= WORTH_SHARING) {
        None => {
            let value = Fields::new().bytes(TIMES, &times).bytes(VALUES, &values).finish();
            Packed { value, clock: None }
        }
        Some(clocks) => {
            let (number, new) = clocks.number(&times);
            let value = Fields::new()
                .unsigned(CLOCK, u64::from(number))
                .bytes(VALUES, &values)
                .finish();
            let clock = (new == New::Yes).then(|| (number, Fields::new().bytes(TIMES, &times).finish()));
            Packed { value, clock }
        }
    }
}

/// The columns of a block.
pub(crate) fn parse(value: &[u8]) -> Result<(TimesAt<'_>, &[u8]), Fault> {
    let fields = FieldsReader::new(value, WHAT)?;
    let times = match fields.find(TIMES)? {
        Some(times) => TimesAt::Here(times),
        None => TimesAt::Clock(fields.unsigned(CLOCK)?.ok_or(Fault::Malformed(WHAT))?),
    };
    Ok((times, fields.need(VALUES)?))
}

/// The column of a clock.
pub(crate) fn parse_clock(value: &[u8]) -> Result<&[u8], Fault> {
    FieldsReader::new(value, "the clocks")?.need(TIMES)
}

/// The fault of a block whose columns make no sense.
pub(crate) fn damaged() -> Fault {
    Fault::Malformed(WHAT)
}
