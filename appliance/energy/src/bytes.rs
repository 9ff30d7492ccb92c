//! The compact bytes in which this crate's memories are kept: a format marker, then numbered optional fields.
//!
//! A field is its number, its length and its integers, each as a variable-length integer (small ones are one
//! byte). A reader skips fields that it does not know, so the version before and the version after can read
//! each other; a marker that is higher than [`FORMAT`] says that they cannot. A field may grow by integers at its end:
//! older readers leave them out, and newer ones give them a value where they are not there.

use units::Instant;

/// The format that is written here.
const FORMAT: u8 = 1;

/// Why kept bytes could not be taken up again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MemoryError {
    /// A newer Hearth wrote them.
    #[error(
        "this memory of a counter has format {0}, which only a newer Hearth can read; install that version"
    )]
    Newer(u8),
    /// They are cut short or are something else.
    #[error("this memory of a counter is damaged; the counter starts again from its next reading")]
    Damaged,
}

/// Writes a memory.
pub(crate) struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    pub(crate) fn new() -> Self {
        Self { bytes: vec![FORMAT] }
    }

    /// Adds the field `number` with these integers.
    pub(crate) fn field(&mut self, number: u8, integers: &[i64]) {
        let mut content = Vec::with_capacity(integers.len() * 4);
        for integer in integers {
            push_integer(&mut content, *integer);
        }
        self.bytes.push(number);
        push_unsigned(&mut self.bytes, u64::try_from(content.len()).unwrap_or(0));
        self.bytes.append(&mut content);
    }

    pub(crate) fn finish(self) -> Vec<u8> {
        self.bytes
    }
}

/// Reads a memory back: every field as its number and its integers.
pub(crate) fn fields(bytes: &[u8]) -> Result<Vec<(u8, Vec<i64>)>, MemoryError> {
    let (marker, mut rest) = bytes.split_first().ok_or(MemoryError::Damaged)?;
    match *marker {
        FORMAT => {}
        0 => return Err(MemoryError::Damaged),
        newer => return Err(MemoryError::Newer(newer)),
    }
    let mut found = Vec::new();
    while let Some((number, after)) = rest.split_first() {
        let (length, after) = take_unsigned(after).ok_or(MemoryError::Damaged)?;
        let length = usize::try_from(length).map_err(|_| MemoryError::Damaged)?;
        let mut content = after.get(..length).ok_or(MemoryError::Damaged)?;
        rest = after.get(length..).ok_or(MemoryError::Damaged)?;
        let mut integers = Vec::new();
        while !content.is_empty() {
            let (integer, after) = take_integer(content).ok_or(MemoryError::Damaged)?;
            integers.push(integer);
            content = after;
        }
        found.push((*number, integers));
    }
    Ok(found)
}

/// The integers of one field, taken from the front.
pub(crate) struct Integers<'a>(pub(crate) &'a [i64]);

impl Integers<'_> {
    pub(crate) fn next(&mut self) -> Result<i64, MemoryError> {
        let (first, rest) = self.0.split_first().ok_or(MemoryError::Damaged)?;
        self.0 = rest;
        Ok(*first)
    }

    pub(crate) fn instant(&mut self) -> Result<Instant, MemoryError> {
        self.next().map(Instant::from_millis)
    }

    pub(crate) fn count(&mut self) -> Result<u32, MemoryError> {
        self.next()
            .and_then(|integer| u32::try_from(integer).map_err(|_| MemoryError::Damaged))
    }
}

/// Folds the sign into the lowest bit, so that small negative integers are short too.
fn push_integer(bytes: &mut Vec<u8>, integer: i64) {
    let folded = (integer.unsigned_abs() << 1) | u64::from(integer < 0);
    if integer == i64::MIN {
        push_unsigned(bytes, 1); // "minus nothing" stands for the one integer whose size does not fit
    } else {
        push_unsigned(bytes, folded);
    }
}

fn push_unsigned(bytes: &mut Vec<u8>, mut integer: u64) {
    loop {
        let low = u8::try_from(integer & 0x7F).unwrap_or(0);
        integer >>= 7;
        if integer == 0 {
            bytes.push(low);
            return;
        }
        bytes.push(low | 0x80);
    }
}

fn take_integer(bytes: &[u8]) -> Option<(i64, &[u8])> {
    let (folded, rest) = take_unsigned(bytes)?;
    if folded == 1 {
        return Some((i64::MIN, rest));
    }
    let size = i64::try_from(folded >> 1).ok()?;
    Some((if folded & 1 == 1 { -size } else { size }, rest))
}

fn take_unsigned(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut integer = 0_u64;
    for (index, byte) in bytes.iter().enumerate().take(10) {
        let shift = u32::try_from(index).ok()? * 7;
        integer |= u64::from(byte & 0x7F).checked_shl(shift)?;
        if byte & 0x80 == 0 {
            return Some((integer, bytes.get(index + 1..)?));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{MemoryError, Writer, fields};

    #[test]
    fn a_newer_format_and_damage_are_told_apart() {
        assert_eq!(fields(&[]), Err(MemoryError::Damaged));
        assert_eq!(fields(&[0]), Err(MemoryError::Damaged));
        assert_eq!(fields(&[2, 1, 1, 0]), Err(MemoryError::Newer(2)));
        assert_eq!(fields(&[1, 1, 9, 0]), Err(MemoryError::Damaged));
        assert_eq!(fields(&[1, 1, 1, 0x80]), Err(MemoryError::Damaged));
    }

    proptest! {
        #[test]
        fn integers_come_back(rows in proptest::collection::vec(
            (any::<u8>(), proptest::collection::vec(any::<i64>(), 0..20)), 0..8)
        ) {
            let mut writer = Writer::new();
            for (number, integers) in &rows {
                writer.field(*number, integers);
            }
            writer.field(9, &[i64::MIN, i64::MAX, 0, -1]);
            let mut wanted = rows;
            wanted.push((9, vec![i64::MIN, i64::MAX, 0, -1]));
            prop_assert_eq!(fields(&writer.finish()), Ok(wanted));
        }

        #[test]
        fn any_bytes_are_read_without_a_crash(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            let _ = fields(&bytes);
        }
    }
}
