//! Values as numbered fields behind a format marker. A reader skips the numbers that it does not know, so the
//! version before and the version after can read each other; nothing of this depends on redb's own value types.

use crate::fault::Fault;
use crate::numbers::{Bytes, put_counted, put_signed, put_varint};

/// The marker that every value begins with.
pub(crate) const MARKER: u8 = 1;

/// Builds a value.
#[derive(Debug)]
pub(crate) struct Fields {
    out: Vec<u8>,
}

impl Fields {
    pub(crate) fn new() -> Self {
        Self { out: vec![MARKER] }
    }

    /// Adds a field; a number may come several times where the schema says so.
    pub(crate) fn bytes(mut self, number: u8, value: &[u8]) -> Self {
        self.push(number, value);
        self
    }

    pub(crate) fn text(self, number: u8, value: &str) -> Self {
        self.bytes(number, value.as_bytes())
    }

    pub(crate) fn unsigned(self, number: u8, value: u64) -> Self {
        let mut bytes = Vec::with_capacity(10);
        put_varint(&mut bytes, value);
        self.bytes(number, &bytes)
    }

    pub(crate) fn signed(self, number: u8, value: i64) -> Self {
        let mut bytes = Vec::with_capacity(10);
        put_signed(&mut bytes, value);
        self.bytes(number, &bytes)
    }

    /// Like [`Fields::bytes`], for loops.
    pub(crate) fn push(&mut self, number: u8, value: &[u8]) {
        self.out.push(number);
        put_counted(&mut self.out, value);
    }

    /// Adds those fields of an older row whose number is in `known` nowhere: a newer Hearth wrote them, and will look
    /// for them again.
    pub(crate) fn keeping(
        mut self,
        old: Option<&[u8]>,
        known: &[u8],
        what: &'static str,
    ) -> Result<Self, Fault> {
        for field in old
            .map(|old| FieldsReader::new(old, what))
            .transpose()?
            .into_iter()
            .flatten()
        {
            let (number, value) = field?;
            if !known.contains(&number) {
                self.push(number, value);
            }
        }
        Ok(self)
    }

    pub(crate) fn finish(self) -> Vec<u8> {
        self.out
    }
}

/// The fields of a value, in the order in which they stand.
#[derive(Debug, Clone)]
pub(crate) struct FieldsReader<'a> {
    bytes: Bytes<'a>,
    what: &'static str,
}

impl<'a> FieldsReader<'a> {
    /// Reads a value; `what` names it in the sentence if it is damaged.
    pub(crate) fn new(value: &'a [u8], what: &'static str) -> Result<Self, Fault> {
        let mut bytes = Bytes::new(value);
        match bytes.byte() {
            Some(MARKER) => Ok(Self { bytes, what }),
            _ => Err(Fault::Malformed(what)),
        }
    }

    /// The first field with this number, if there is one.
    pub(crate) fn find(&self, number: u8) -> Result<Option<&'a [u8]>, Fault> {
        for field in self.clone() {
            let (found, value) = field?;
            if found == number {
                return Ok(Some(value));
            }
        }
        Ok(None)
    }

    /// The first field with this number, which must be there.
    pub(crate) fn need(&self, number: u8) -> Result<&'a [u8], Fault> {
        self.find(number)?.ok_or(Fault::Malformed(self.what))
    }

    pub(crate) fn unsigned<T: TryFrom<u64>>(&self, number: u8) -> Result<Option<T>, Fault> {
        self.find(number)?
            .map(|value| Bytes::new(value).number().ok_or(Fault::Malformed(self.what)))
            .transpose()
    }

    pub(crate) fn signed(&self, number: u8) -> Result<Option<i64>, Fault> {
        self.find(number)?
            .map(|value| Bytes::new(value).signed().ok_or(Fault::Malformed(self.what)))
            .transpose()
    }

    pub(crate) fn text(&self, number: u8) -> Result<&'a str, Fault> {
        std::str::from_utf8(self.need(number)?).map_err(|_| Fault::Malformed(self.what))
    }
}

impl<'a> Iterator for FieldsReader<'a> {
    type Item = Result<(u8, &'a [u8]), Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        let number = self.bytes.byte()?;
        let Some(value) = self.bytes.take_counted() else {
            self.bytes = Bytes::new(&[]);
            return Some(Err(Fault::Malformed(self.what)));
        };
        Some(Ok((number, value)))
    }
}

#[cfg(test)]
mod tests {
    use super::{Fields, FieldsReader};

    #[test]
    fn fields_of_a_newer_hearth_are_skipped() {
        let value = Fields::new()
            .text(1, "inverter")
            .bytes(77, &[0xff; 300])
            .signed(2, -5)
            .finish();
        let fields = FieldsReader::new(&value, "test").expect("marker");
        assert_eq!(fields.text(1).expect("name"), "inverter");
        assert_eq!(fields.signed(2).expect("number"), Some(-5));
        assert_eq!(fields.signed(3).expect("absent"), None);
        assert!(fields.need(3).is_err());
    }

    #[test]
    fn damage_is_an_error_and_not_an_end() {
        let value = Fields::new().text(1, "inverter").finish();
        for cut in 1..value.len() {
            let Ok(fields) = FieldsReader::new(&value[..cut], "test") else {
                continue;
            };
            assert!(fields.text(1).is_err(), "cut at {cut}");
        }
        assert!(FieldsReader::new(&[], "test").is_err());
        assert!(FieldsReader::new(&[9, 1, 0], "test").is_err());
    }
}
