//! The registers of one device as it shows them: a run of words, from where it begins, under one function.

use devices::frame::{ExceptionCode, Function, Reply, Request};

use crate::number::{float32_words, signed_word, unsigned_word, words, wrapped32};

/// A run of registers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    function: Function,
    first: u16,
    words: Vec<u16>,
}

impl Image {
    /// `count` registers from `first` on, all of them 0.
    pub fn zeros(function: Function, first: u16, count: u16) -> Self {
        Self::new(function, first, vec![0; usize::from(count)])
    }

    /// These words from `first` on.
    pub fn new(function: Function, first: u16, words: Vec<u16>) -> Self {
        Self {
            function,
            first,
            words,
        }
    }

    /// The function by which the registers are read.
    pub fn function(&self) -> Function {
        self.function
    }

    /// The address of the first register.
    pub fn first(&self) -> u16 {
        self.first
    }

    /// All registers.
    pub fn words(&self) -> &[u16] {
        &self.words
    }

    /// `count` registers from `address` on, or `None` where some of them are outside of the image.
    pub fn slice(&self, address: u16, count: u16) -> Option<&[u16]> {
        let from = usize::from(address.checked_sub(self.first)?);
        self.words.get(from..from + usize::from(count))
    }

    /// Writes words at an address; what falls outside of the image is left out.
    pub fn set(&mut self, address: u16, words: &[u16]) {
        if let Some(offset) = address.checked_sub(self.first) {
            self.put(usize::from(offset), words);
        }
    }

    /// Writes words at an offset from the first register; what falls outside of the image is left out.
    pub(crate) fn put(&mut self, offset: usize, words: &[u16]) {
        let places = self.words.iter_mut().skip(offset);
        places.zip(words).for_each(|(place, word)| *place = *word);
    }

    /// Writes a float32, high word first.
    pub(crate) fn put_float(&mut self, offset: usize, x: f64) {
        self.put(offset, &float32_words(x));
    }

    /// Writes a signed word.
    pub(crate) fn put_signed(&mut self, offset: usize, x: i64) {
        self.put(offset, &[signed_word(x)]);
    }

    /// Writes an unsigned word.
    pub(crate) fn put_unsigned(&mut self, offset: usize, x: i64) {
        self.put(offset, &[unsigned_word(x)]);
    }

    /// Writes a counter of 32 bits, which rolls over.
    pub(crate) fn put_counter(&mut self, offset: usize, count: i64) {
        self.put(offset, &words(wrapped32(count)));
    }
}

/// What a device that has these images answers: exception 1 for a function it has no registers for, 3 for an
/// impossible number of registers, 2 for registers it does not have.
pub(crate) fn find<'a>(images: &'a [Image], request: &Request) -> Result<&'a [u16], ExceptionCode> {
    let mut own = images
        .iter()
        .filter(|image| image.function == request.function)
        .peekable();
    if own.peek().is_none() {
        return Err(ExceptionCode::ILLEGAL_FUNCTION);
    }
    if !(1..=devices::frame::MOST_REGISTERS).contains(&request.count) {
        return Err(ExceptionCode::ILLEGAL_VALUE);
    }
    own.find_map(|image| image.slice(request.address, request.count))
        .ok_or(ExceptionCode::ILLEGAL_ADDRESS)
}

/// What a device that has these images answers, as a reply of its own.
pub fn reply(images: &[Image], request: &Request) -> Reply {
    to_reply(find(images, request))
}

/// Words or a refusal as a reply.
pub(crate) fn to_reply(found: Result<&[u16], ExceptionCode>) -> Reply {
    match found {
        Ok(words) => Reply::Words(words.to_vec()),
        Err(code) => Reply::Exception(code),
    }
}

#[cfg(test)]
mod tests {
    use devices::frame::{ExceptionCode, Function, Reply, Request};
    use proptest::prelude::*;

    use super::{Image, reply};

    fn ask(function: Function, address: u16, count: u16) -> Request {
        Request {
            unit: 1,
            function,
            address,
            count,
        }
    }

    #[test]
    fn a_device_refuses_what_it_does_not_have() {
        let images = [
            Image::new(Function::Holding, 100, vec![1, 2, 3]),
            Image::zeros(Function::Holding, 0, 2),
        ];
        let words = |words: &[u16]| Reply::Words(words.to_vec());
        assert_eq!(reply(&images, &ask(Function::Holding, 101, 2)), words(&[2, 3]));
        assert_eq!(reply(&images, &ask(Function::Holding, 0, 1)), words(&[0]));
        let refused = [
            (ask(Function::Input, 100, 1), ExceptionCode::ILLEGAL_FUNCTION),
            (ask(Function::Holding, 100, 0), ExceptionCode::ILLEGAL_VALUE),
            (ask(Function::Holding, 100, 126), ExceptionCode::ILLEGAL_VALUE),
            (ask(Function::Holding, 102, 2), ExceptionCode::ILLEGAL_ADDRESS),
            (ask(Function::Holding, 65_535, 2), ExceptionCode::ILLEGAL_ADDRESS),
        ];
        for (request, why) in refused {
            assert_eq!(reply(&images, &request), Reply::Exception(why), "{request:?}");
        }
    }

    proptest! {
        #[test]
        fn any_question_is_answered(address: u16, count: u16, first: u16, length in 0_u16..300) {
            let mut image = Image::zeros(Function::Input, first, length);
            image.set(address, &[7; 4]);
            let answer = reply(&[image], &ask(Function::Input, address, count));
            if let Reply::Words(words) = answer {
                prop_assert_eq!(words.len(), usize::from(count));
            }
        }
    }
}
