//! Differences as few bytes: runs of nothing are counted.

pub(crate) use units::bytes::{
    Bytes, fold_sign, hex, put_counted, put_length, put_signed, put_varint, unfold_sign,
};

/// Writes differences: most are small and many are nothing at all.
///
/// Token 0 begins a run of nothings (its length less two follows), token 1 is a single nothing, any other
/// token is the folded difference plus one. The one difference for which that has no room, `i64::MIN`, is
/// token 0 with a length that no run can have.
#[derive(Debug, Default)]
pub(crate) struct Runs {
    out: Vec<u8>,
    nothings: u64,
}

/// The length that stands for a difference of `i64::MIN`.
const NOT_A_RUN: u64 = u64::MAX;

impl Runs {
    pub(crate) fn push(&mut self, difference: i64) {
        if difference == 0 {
            self.nothings += 1;
            return;
        }
        self.end_run();
        match fold_sign(difference).checked_add(1) {
            Some(token) => put_varint(&mut self.out, token),
            None => {
                self.out.push(0);
                put_varint(&mut self.out, NOT_A_RUN);
            }
        }
    }

    fn end_run(&mut self) {
        match self.nothings {
            0 => {}
            1 => self.out.push(1),
            run => {
                self.out.push(0);
                put_varint(&mut self.out, run - 2);
            }
        }
        self.nothings = 0;
    }

    pub(crate) fn finish(mut self) -> Vec<u8> {
        self.end_run();
        self.out
    }
}

/// Reads what [`Runs`] wrote.
#[derive(Debug)]
pub(crate) struct RunsReader<'a> {
    bytes: Bytes<'a>,
    nothings: u64,
}

impl<'a> RunsReader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes: Bytes::new(bytes),
            nothings: 0,
        }
    }

    /// The same, with one nothing in front.
    pub(crate) fn after_one_nothing(bytes: &'a [u8]) -> Self {
        Self {
            nothings: 1,
            ..Self::new(bytes)
        }
    }

    /// The next difference.
    #[inline]
    pub(crate) fn next(&mut self) -> Option<i64> {
        if self.nothings > 0 {
            self.nothings -= 1;
            return Some(0);
        }
        match self.bytes.varint()? {
            0 => match self.bytes.varint()? {
                NOT_A_RUN => Some(i64::MIN),
                run => {
                    self.nothings = run.checked_add(1)?;
                    Some(0)
                }
            },
            1 => Some(0),
            token => Some(unfold_sign(token - 1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Bytes, Runs, RunsReader, fold_sign, put_signed, put_varint, unfold_sign};

    fn any_difference() -> impl Strategy<Value = i64> {
        prop_oneof![
            4 => Just(0_i64), 4 => -70_i64..70, 1 => any::<i64>(),
            1 => Just(i64::MIN), 1 => Just(i64::MAX), 1 => Just(i64::MIN + 1)
        ]
    }

    proptest! {
        #[test]
        fn numbers_come_back(value in any::<u64>(), signed in any_difference()) {
            let mut out = Vec::new();
            put_varint(&mut out, value);
            put_signed(&mut out, signed);
            let mut bytes = Bytes::new(&out);
            prop_assert_eq!(bytes.varint(), Some(value));
            prop_assert_eq!(bytes.signed(), Some(signed));
            prop_assert!(bytes.is_empty());
            prop_assert_eq!(unfold_sign(fold_sign(signed)), signed);
        }

        #[test]
        fn runs_come_back(differences in prop::collection::vec(any_difference(), 0..200)) {
            let mut runs = Runs::default();
            differences.iter().for_each(|d| runs.push(*d));
            let bytes = runs.finish();
            let mut reader = RunsReader::new(&bytes);
            for difference in &differences {
                prop_assert_eq!(reader.next(), Some(*difference));
            }
            prop_assert_eq!(reader.next(), None);
        }

        #[test]
        fn nonsense_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            let mut reader = RunsReader::new(&bytes);
            for _ in 0..100 {
                if reader.next().is_none() { break; }
            }
            let mut plain = Bytes::new(&bytes);
            while plain.varint().is_some() {}
        }
    }

    #[test]
    fn a_long_run_takes_few_bytes_and_an_overlong_number_is_refused() {
        let mut runs = Runs::default();
        (0..3_600).for_each(|_| runs.push(0));
        assert!(runs.finish().len() <= 3);
        assert_eq!(Bytes::new(&[0xff; 11]).varint(), None);
        assert_eq!(Bytes::new(&[0x80; 9]).varint(), None);
    }
}
