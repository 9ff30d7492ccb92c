//! Walks along chains as real devices have them: other bases, odd lengths, no end mark, silence, nonsense.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::walk::{Chain, Found, Identity, MOST_MODELS, Step, Walk, WalkFault};
use crate::answer::Answer;
use crate::frame::ExceptionCode;

/// The registers of a device, which refuses what it does not have.
#[derive(Debug, Clone, Default)]
struct Device {
    registers: BTreeMap<u16, u16>,
}

impl Device {
    fn put(&mut self, at: u16, words: &[u16]) -> u16 {
        for (address, word) in (at..).zip(words) {
            self.registers.insert(address, *word);
        }
        at + u16::try_from(words.len()).expect("a short list")
    }

    /// A chain of models with these lengths, their words filled by `fill`.
    fn chain(base: u16, models: &[(u16, u16)], fill: impl Fn(u16, u16) -> u16) -> Self {
        let mut device = Self::default();
        let mut at = device.put(base, &[0x5375, 0x6E53]);
        for (id, length) in models {
            let body: Vec<u16> = (2..length + 2).map(|offset| fill(*id, offset)).collect();
            at = device.put(at, &[*id, *length]);
            at = device.put(at, &body);
        }
        device.put(at, &[0xFFFF, 0]);
        device
    }

    fn read(&self, address: u16, count: u16) -> Option<Vec<u16>> {
        (0..count)
            .map(|index| self.registers.get(&address.checked_add(index)?).copied())
            .collect()
    }
}

/// The words of a common model, by offset.
fn common(offset: u16) -> u16 {
    match offset {
        2 => 0x4142,
        18 => 0x4344,
        42 => 0x312E,
        50 => 0x5A39,
        _ => 0,
    }
}

fn fill(id: u16, offset: u16) -> u16 {
    match (id, offset) {
        (1, offset) => common(offset),
        (160, 8) => 3,
        _ => 0x0101,
    }
}

/// Walks to the end; the questions that were asked on the way.
fn walk(device: &Device, largest_block: u16) -> (Result<Chain, WalkFault>, Vec<(u16, u16)>) {
    let mut questions = Vec::new();
    let chain = to_the_end(&mut Walk::new(largest_block), device, &mut questions);
    (chain, questions)
}

/// Goes on with a walk, of a device that always answers.
fn to_the_end(walk: &mut Walk, device: &Device, questions: &mut Vec<(u16, u16)>) -> Result<Chain, WalkFault> {
    loop {
        let question = walk.question();
        questions.push((question.address, question.count));
        assert!(questions.len() < 1_000, "the walk does not end");
        let words = device.read(question.address, question.count);
        let answer = match &words {
            Some(words) => Answer::Words(words),
            None => Answer::Exception(ExceptionCode::ILLEGAL_ADDRESS),
        };
        match walk.handle(answer) {
            Step::Onward => {}
            Step::Again => panic!("this device always answers"),
            Step::Finished(chain) => return Ok(chain),
            Step::Failed(fault) => return Err(fault),
        }
    }
}

fn ids(chain: &Chain) -> Vec<(u16, u16)> {
    chain
        .models
        .iter()
        .map(|found| (found.id, found.address))
        .collect()
}

#[test]
fn an_ordinary_chain() {
    let device = Device::chain(40_000, &[(1, 66), (103, 50), (120, 26), (160, 68)], fill);
    let (chain, questions) = walk(&device, 125);
    let chain = chain.expect("a good chain");
    assert_eq!(
        ids(&chain),
        [(1, 40_002), (103, 40_070), (120, 40_122), (160, 40_150)]
    );
    assert_eq!(chain.models[3].repeats, 3);
    let identity = chain.identity.expect("a common model");
    let Identity {
        maker,
        model,
        version,
        serial,
    } = identity;
    assert_eq!([maker, model, version, serial], ["AB", "CD", "1.", "Z9"]);
    assert!(questions.len() <= 8, "{questions:?}");
}

#[test]
fn the_other_bases_and_odd_lengths() {
    for base in [0, 50_000] {
        let device = Device::chain(base, &[(1, 65), (64_999, 7), (103, 62), (64_001, 0)], fill);
        let chain = walk(&device, 125).0.expect("a good chain");
        assert_eq!(chain.base, base);
        let from = base + 2;
        assert_eq!(
            ids(&chain),
            [
                (1, from),
                (64_999, from + 67),
                (103, from + 76),
                (64_001, from + 140)
            ]
        );
    }
}

#[test]
fn registers_that_are_no_sunspec() {
    let other = Device {
        registers: (0..=u16::MAX).map(|address| (address, 7)).collect(),
    };
    assert_eq!(walk(&other, 125).0, Err(WalkFault::NoMarker));
    assert_eq!(walk(&Device::default(), 125).0, Err(WalkFault::NoMarker));
}

#[test]
fn a_device_without_an_end_mark_ends_where_it_refuses() {
    let mut device = Device::chain(40_000, &[(1, 66), (103, 50)], fill);
    device.registers.remove(&40_122);
    device.registers.remove(&40_123);
    assert_eq!(ids(&walk(&device, 125).0.expect("a good chain")).len(), 2);
}

#[test]
fn a_chain_without_end_and_one_beyond_the_last_register() {
    let endless: Vec<(u16, u16)> = (0..70).map(|_| (64_000, 3)).collect();
    let device = Device::chain(0, &endless, fill);
    assert_eq!(walk(&device, 125).0, Err(WalkFault::TooLong));
    assert_eq!(MOST_MODELS, 64);

    let mut device = Device::chain(40_000, &[(1, 66)], fill);
    device.put(40_070, &[103, 30_000]);
    let fault = WalkFault::Overflow {
        id: 103,
        address: 40_070,
        length: 30_000,
    };
    assert_eq!(walk(&device, 125).0, Err(fault));
}

#[test]
fn fewer_modules_than_the_length_has_room_for() {
    let device = Device::chain(40_000, &[(160, 88)], |_, offset| if offset == 8 { 2 } else { 9 });
    let chain = walk(&device, 125).0.expect("a good chain");
    let strings = Found {
        id: 160,
        address: 40_002,
        length: 88,
        repeats: 2,
    };
    assert_eq!((chain.models, chain.identity), (vec![strings], None));
}

#[test]
fn silence_is_asked_again_and_at_last_another_base_is_tried() {
    let mut walk = Walk::new(125);
    let first = walk.question();
    assert_eq!(walk.handle(Answer::Silence), Step::Again);
    assert_eq!(walk.handle(Answer::Exception(ExceptionCode::BUSY)), Step::Again);
    assert_eq!(walk.question(), first);
    assert_eq!(walk.handle(Answer::Garbled), Step::Again);
    assert_eq!(walk.question().address, 0);
    for _ in 0..3 {
        assert_eq!(walk.handle(Answer::Silence), Step::Again);
    }
    assert_eq!(walk.question().address, 50_000);
    assert_eq!(
        walk.handle(Answer::Words(&[1])),
        Step::Again,
        "too short an answer"
    );
}

#[test]
fn a_line_that_is_down_says_nothing_about_where_a_chain_begins() {
    let mut walk = Walk::new(125);
    for _ in 0..20 {
        assert_eq!(walk.handle(Answer::LineDown), Step::Again);
        assert_eq!(walk.question().address, 40_000);
    }
}

/// An inverter that wakes up: it was silent where its chain begins, and refuses what it does not have.
#[test]
fn a_base_that_was_left_in_silence_is_looked_at_again() {
    let device = Device::chain(40_000, &[(1, 66), (103, 50)], fill);
    for silences in 3..20 {
        let mut walk = Walk::new(125);
        for _ in 0..silences {
            assert_eq!(walk.handle(Answer::Silence), Step::Again);
        }
        let chain = to_the_end(&mut walk, &device, &mut Vec::new());
        assert_eq!(ids(&chain.expect("a good chain")), [(1, 40_002), (103, 40_070)]);
    }
}

#[test]
fn a_known_base_comes_first() {
    let device = Device::chain(0, &[(1, 66), (103, 50)], fill);
    let mut walk = Walk::from(0, 125);
    let mut questions = Vec::new();
    let chain = to_the_end(&mut walk, &device, &mut questions);
    assert_eq!(chain.expect("a good chain").base, 0);
    assert_eq!(questions[0].0, 0);
    // The device was exchanged for one that begins elsewhere.
    let other = Device::chain(40_000, &[(1, 66)], fill);
    let chain = to_the_end(&mut Walk::from(0, 125), &other, &mut Vec::new());
    assert_eq!(chain.expect("a good chain").base, 40_000);
}

#[test]
fn an_identity_that_belongs_to_something_else_is_read_again() {
    let device = Device::chain(40_000, &[(1, 66)], fill);
    let mut walk = Walk::new(125);
    let marker = device.read(40_000, walk.question().count).expect("its words");
    assert_eq!(walk.handle(Answer::Words(&marker)), Step::Onward);
    let asked = walk.question();
    let stale = vec![9; usize::from(asked.count)];
    assert_eq!(walk.handle(Answer::Words(&stale)), Step::Again);
    assert_eq!(walk.question().address, asked.address);
    let words = device
        .read(asked.address, walk.question().count)
        .expect("its words");
    assert_eq!(walk.handle(Answer::Words(&words)), Step::Onward);
}

proptest! {
    #[test]
    fn any_chain_is_found_as_it_is(
        models in prop::collection::vec((2_u16..900, 0_u16..300), 0..20),
        common_length in 64_u16..70,
        largest_block in 4_u16..=125,
    ) {
        let mut all = vec![(1, common_length)];
        all.extend(models);
        let device = Device::chain(40_000, &all, |id, offset| if id == 1 { common(offset) } else { 1 });
        let (chain, questions) = walk(&device, largest_block);
        let chain = chain.expect("a good chain");
        let found: Vec<(u16, u16)> = chain.models.iter().map(|found| (found.id, found.length)).collect();
        prop_assert_eq!(found, all);
        prop_assert_eq!(chain.identity.map(|identity| identity.serial), Some("Z9".to_owned()));
        for pair in questions.windows(2) {
            prop_assert!(pair[1].1 >= 1 && pair[1].1 <= largest_block);
            // Only where longer reads are refused at the chain's end may two be equally long.
            prop_assert!(pair[0].1 != pair[1].1 || pair[0].1 <= 2, "{:?}", pair);
        }
    }

    #[test]
    fn any_answers_are_taken_without_panic(
        answers in prop::collection::vec(
            prop_oneof![
                prop::collection::vec(any::<u16>(), 0..70).prop_map(Some),
                Just(None),
            ],
            0..200,
        ),
        codes in prop::collection::vec(any::<u8>(), 200),
    ) {
        let mut walk = Walk::new(125);
        for (words, code) in answers.iter().zip(codes) {
            let count = usize::from(walk.question().count);
            let fitting: Vec<u16> = words.iter().flatten().copied().cycle().take(count).collect();
            let answer = match words {
                Some(_) if code % 2 == 0 => Answer::Words(&fitting),
                Some(words) => Answer::Words(words),
                None => Answer::Exception(ExceptionCode(code)),
            };
            if matches!(walk.handle(answer), Step::Finished(_) | Step::Failed(_)) {
                break;
            }
        }
    }
}
