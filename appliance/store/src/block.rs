//! A sealed row of format 2: the points of one channel in one hour. Times that several channels of the hour have in common
//! stand once, in the table of clocks. They are read, and go into the hour's sheet with what comes late; new ones are not
//! written.

use crate::fault::Fault;
use crate::fields::FieldsReader;

const TIMES: u8 = 1;
const CLOCK: u8 = 2;
const VALUES: u8 = 3;
const WHAT: &str = "the blocks";

/// Where the times of a block are.
#[derive(Debug, Clone, Copy)]
pub(crate) enum TimesAt<'a> {
    Here(&'a [u8]),
    Clock(u32),
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
