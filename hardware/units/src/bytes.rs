//! Whole numbers as few bytes: variable length, signs folded in, runs of nothing counted.

use std::fmt::Write as _;

/// Appends `value` in groups of seven bits, lowest first.
pub fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(low_seven(value) | 0x80);
        value >>= 7;
    }
    out.push(low_seven(value));
}

fn low_seven(value: u64) -> u8 {
    u8::try_from(value & 0x7f).unwrap_or(0)
}

/// Folds the sign in, so that small numbers of either sign stay small: 0, -1, 1, -2 become 0, 1, 2, 3.
pub fn fold_sign(value: i64) -> u64 {
    (value.cast_unsigned() << 1) ^ (value >> 63).cast_unsigned()
}

/// The number that [`fold_sign`] folded.
pub fn unfold_sign(value: u64) -> i64 {
    (value >> 1).cast_signed() ^ -(value & 1).cast_signed()
}

/// Appends a signed number.
pub fn put_signed(out: &mut Vec<u8>, value: i64) {
    put_varint(out, fold_sign(value));
}

/// Appends how many of something follow.
pub fn put_length(out: &mut Vec<u8>, length: usize) {
    put_varint(out, u64::try_from(length).unwrap_or(u64::MAX));
}

/// Appends how many bytes these are, and the bytes.
pub fn put_counted(out: &mut Vec<u8>, bytes: &[u8]) {
    put_length(out, bytes.len());
    out.extend_from_slice(bytes);
}

/// Reads what the functions of this module wrote; every method gives `None` where the bytes end or make no sense.
#[derive(Debug, Clone, Copy)]
pub struct Bytes<'a> {
    rest: &'a [u8],
}

impl<'a> Bytes<'a> {
    /// A reader at the first of these bytes.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// What is left.
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// The next byte.
    #[inline]
    pub fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    /// The next `count` bytes.
    pub fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(head)
    }

    /// What [`put_counted`] wrote: as many bytes as a leading number says.
    pub fn take_counted(&mut self) -> Option<&'a [u8]> {
        let count = usize::try_from(self.varint()?).ok()?;
        self.take(count)
    }

    /// Nearly every number of a column takes one byte or two, so those are taken without a loop.
    #[inline]
    pub fn varint(&mut self) -> Option<u64> {
        match self.rest {
            [first, rest @ ..] if *first < 0x80 => {
                self.rest = rest;
                Some(u64::from(*first))
            }
            [first, second, rest @ ..] if *second < 0x80 => {
                self.rest = rest;
                Some(u64::from(*first & 0x7f) | u64::from(*second) << 7)
            }
            _ => self.long_varint(),
        }
    }

    #[inline(never)]
    fn long_varint(&mut self) -> Option<u64> {
        let (mut value, mut shift) = (0_u64, 0);
        loop {
            let byte = self.byte()?;
            let part = u64::from(byte & 0x7f);
            if shift > 63 || (shift == 63 && part > 1) {
                return None;
            }
            value |= part << shift;
            if byte < 0x80 {
                return Some(value);
            }
            shift += 7;
        }
    }

    /// A number that [`put_signed`] wrote.
    pub fn signed(&mut self) -> Option<i64> {
        self.varint().map(unfold_sign)
    }

    /// A number that [`put_varint`] wrote, if it fits.
    pub fn number<T: TryFrom<u64>>(&mut self) -> Option<T> {
        T::try_from(self.varint()?).ok()
    }
}

/// Bytes as letters and digits, two for each.
pub fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing into a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Bytes, hex, put_counted};

    #[test]
    fn counted_bytes_come_back_and_no_others() {
        let mut out = Vec::new();
        put_counted(&mut out, &[7; 300]);
        put_counted(&mut out, &[]);
        let mut bytes = Bytes::new(&out);
        assert_eq!(bytes.take_counted(), Some([7; 300].as_slice()));
        assert_eq!(bytes.take_counted(), Some([].as_slice()));
        assert!(bytes.is_empty());
        assert_eq!(Bytes::new(&out[..301]).take_counted(), None);
    }

    #[test]
    fn an_overlong_number_is_refused() {
        assert_eq!(Bytes::new(&[0xff; 11]).varint(), None);
        assert_eq!(Bytes::new(&[0x80; 9]).varint(), None);
    }

    #[test]
    fn bytes_are_written_as_two_letters_each() {
        assert_eq!(hex(&[0, 10, 255]), "000aff");
    }
}
