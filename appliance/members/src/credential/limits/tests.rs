//! Guessing gets nobody anywhere, however many guess from however many places, and keeps nobody out for long.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use proptest::prelude::*;
use units::{Instant, Span};

use super::{CODES_AN_HOUR, Digest, Guesser, Limits, REMEMBERED, SignInName, Source, TooMany};
use crate::credential::slip::{GOOD_FOR, SlipWords};

const START: Instant = Instant::from_millis(1_000);

fn at(minutes: i64) -> Instant {
    START + Span::MINUTE.times(minutes)
}

fn source(number: u32) -> Source {
    Source::V4(number.to_be_bytes())
}

/// Random numbers that are the same in every run.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn slip(&mut self) -> SlipWords {
        let mut random = [0; 16];
        random[..8].copy_from_slice(&self.next().to_be_bytes());
        random[8..].copy_from_slice(&self.next().to_be_bytes());
        SlipWords::drawn(random)
    }

    fn below(&mut self, bound: u32) -> u32 {
        u32::try_from(self.next() % u64::from(bound)).expect("below a u32")
    }
}

#[test]
fn an_address_is_a_source_whichever_way_it_is_written() {
    let mut mapped = [0; 16];
    mapped[10..].copy_from_slice(&[0xff, 0xff, 192, 168, 1, 7]);
    assert_eq!(Source::v6(mapped), Source::V4([192, 168, 1, 7]));
    let mut one = [0xfd; 16];
    let other = one;
    one[15] = 1;
    assert_eq!(Source::v6(one), Source::v6(other));
    one[7] = 1;
    assert_ne!(Source::v6(one), Source::v6(other));
}

#[test]
fn five_codes_at_once_and_then_one_every_twelve_minutes() {
    let mut limits = Limits::default();
    for _ in 0..5 {
        assert!(limits.code(source(1), at(0)).is_ok());
    }
    let wait = limits.code(source(1), at(0)).expect_err("the sixth");
    assert_eq!(wait, TooMany::FromHere(Span::MINUTE.times(12)));
    assert_eq!(
        wait.to_string(),
        "Too many tries came from here. Wait 12 minutes and try again, or ask a steward"
    );
    assert!(limits.code(source(1), at(11)).is_err());
    assert!(limits.code(source(2), at(11)).is_ok());
    assert!(limits.code(source(1), at(12)).is_ok());
    assert!(limits.code(source(1), at(12)).is_err());
}

#[test]
fn a_right_guess_is_not_counted() {
    let mut limits = Limits::default();
    let name = SignInName::new("Ana");
    for _ in 0..100 {
        let guess = limits.code(source(1), at(0)).expect("let through");
        limits.right(guess);
        let guess = limits
            .passphrase(Guesser::Stranger(source(1)), &name, at(0))
            .expect("let through");
        limits.right(guess);
        let guess = limits
            .passphrase(Guesser::Known(Digest::of(&[])), &name, at(0))
            .expect("let through");
        limits.right(guess);
    }
}

/// Every guess that may be made is made, from 2,000 addresses over days, at 100 slips that are good all the time.
#[test]
fn a_million_guesses_at_slips_find_none() {
    let mut dice = Dice(1);
    let slips: BTreeSet<String> = (0..100).map(|_| dice.slip().fragment()).collect();
    let mut limits = Limits::default();
    let mut windows: BTreeMap<u32, VecDeque<Instant>> = BTreeMap::new();
    let (mut now, mut let_through, mut refused, mut found) = (START, 0_u32, 0_u32, 0_u32);
    while let_through < 1_000_000 {
        now = now + Span::from_millis(i64::from(dice.below(300)));
        let from = dice.below(2_000);
        if limits.code(source(from), now).is_err() {
            refused += 1;
            continue;
        }
        let_through += 1;
        found += u32::from(slips.contains(&dice.slip().fragment()));
        let window = windows.entry(from).or_default();
        window.push_back(now);
        while window.front().is_some_and(|first| now.since(*first) > Span::HOUR) {
            window.pop_front();
        }
        let within = u32::try_from(window.len()).expect("few");
        assert!(within <= CODES_AN_HOUR, "{within} guesses within an hour");
    }
    assert_eq!(found, 0, "after {let_through} guesses, {refused} refused");
}

/// What may be found at worst. All addresses of a network of 254 guess as often as they may, for as long as a slip is
/// good, while 100 slips are good: once in 170,000 such weeks. With every address there is, the box itself is the bound:
/// it makes one slow hash at a time.
#[test]
fn what_guessing_at_slips_can_find_is_bounded() {
    let kinds = u128::try_from(super::super::slip::WORDS)
        .map(|words| 1831_u128.pow(u32::try_from(words).expect("four")));
    let kinds = kinds.expect("four");
    let hours = u128::try_from(GOOD_FOR.as_secs() / 3_600).expect("a week");
    let good_slips = 100;
    let in_a_house = 254 * u128::from(CODES_AN_HOUR) * hours;
    let from_everywhere = 4 * 3_600 * hours; // Four hashes a second, twice as fast as the cost is chosen for.
    let one_in = |guesses: u128| kinds / (guesses * good_slips);
    assert!(one_in(in_a_house) > 170_000, "{}", one_in(in_a_house));
    assert!(one_in(from_everywhere) > 40_000, "{}", one_in(from_everywhere));
    assert!(one_in(1_000_000) > 100_000, "{}", one_in(1_000_000));
}

#[test]
fn guessing_at_a_name_from_everywhere_keeps_nobody_out() {
    let mut limits = Limits::default();
    let mut dice = Dice(2);
    let name = SignInName::new("Ana");
    let (phone, new_phone) = (Digest::of(&[b"phone"]), source(u32::MAX));
    let (mut let_through, mut now) = (0_u32, START);
    let mut per_hour: VecDeque<Instant> = VecDeque::new();
    for round in 0..1_000_000_u32 {
        now = now + Span::from_millis(20);
        let stranger = Guesser::Stranger(source(dice.below(254)));
        if limits.passphrase(stranger, &name, now).is_ok() {
            let_through += 1;
            per_hour.push_back(now);
        }
        while per_hour
            .front()
            .is_some_and(|first| now.since(*first) >= Span::HOUR)
        {
            per_hour.pop_front();
        }
        // Twenty of the name, and one of each source, or two where it had one just before the hour began.
        assert!(per_hour.len() <= 20 + 2 * 254, "{} in an hour", per_hour.len());
        if round % 100_000 == 99_999 {
            let known = limits
                .passphrase(Guesser::Known(phone), &name, now)
                .expect("a known device gets in");
            limits.right(known);
            let new = limits.passphrase(Guesser::Stranger(new_phone), &name, now);
            limits.right(new.expect("a clean source gets in"));
        }
    }
    let hours = u32::try_from(now.since(START).as_secs() / 3_600).expect("few") + 1;
    assert!(
        let_through <= hours * (20 + 2 * 254),
        "{let_through} in {hours} hours"
    );
}

#[test]
fn when_a_name_is_spent_a_source_that_is_not_clean_is_told_to_wait() {
    let mut limits = Limits::default();
    let name = SignInName::new("Nobody of this name");
    for number in 0..10 {
        assert!(
            limits
                .passphrase(Guesser::Stranger(source(number)), &name, at(0))
                .is_ok()
        );
    }
    assert!(
        limits
            .passphrase(Guesser::Stranger(source(20)), &name, at(0))
            .is_ok()
    );
    let refused = limits
        .passphrase(Guesser::Stranger(source(20)), &name, at(1))
        .expect_err("once an hour");
    assert_eq!(
        refused.to_string(),
        "This name was tried too often, not only from here. Wait 5 minutes and try again, use a device on which you \
         were signed in before, or ask a steward for a slip"
    );
    // Another name is not concerned.
    let other = SignInName::new("Ben");
    assert!(
        limits
            .passphrase(Guesser::Stranger(source(20)), &other, at(1))
            .is_ok()
    );
    assert!(
        limits
            .passphrase(Guesser::Stranger(source(21)), &name, at(1))
            .is_ok()
    );
}

#[test]
fn a_source_may_not_try_many_names_either() {
    let mut limits = Limits::default();
    let tried = (0..100).filter(|number| {
        let name = SignInName::new(&format!("name {number}"));
        limits
            .passphrase(Guesser::Stranger(source(1)), &name, at(0))
            .is_ok()
    });
    assert_eq!(tried.count(), 10);
}

#[test]
fn what_is_remembered_is_bounded_and_nobody_gains_by_being_forgotten() {
    let mut limits = Limits::remembering(100);
    let mut let_through = 0;
    // Ten times as many sources as there is room for, all within a minute.
    for round in 0..10 {
        for number in 0..1_000 {
            let now = START + Span::from_millis(round * 6_000 + i64::from(number));
            let_through += u32::from(limits.code(source(number), now).is_ok());
        }
    }
    assert_eq!(limits.codes.of.len(), 100);
    // A hundred have their own allowance, and nine hundred one together.
    assert_eq!(let_through, 101 * 5);
    // Two hours later all of them are as new, and room is made.
    for number in 5_000..5_050 {
        assert!(limits.code(source(number), at(120)).is_ok());
    }
    assert_eq!(limits.codes.of.len(), 50);
}

#[test]
fn a_guess_of_the_crowd_that_was_right_frees_no_allowance() {
    let mut limits = Limits::remembering(1);
    let _ = limits.code(source(1), at(0));
    let of_the_crowd = limits.code(source(2), at(0)).expect("the crowd's first");
    let later = at(100);
    assert!(limits.code(source(2), later).is_ok());
    let mut own = limits.code(source(2), later);
    limits.right(of_the_crowd);
    for _ in 0..3 {
        assert!(own.is_ok());
        own = limits.code(source(2), later);
    }
    assert!(own.is_ok() && limits.code(source(2), later).is_err());
}

#[test]
fn the_memory_is_small() {
    let one = size_of::<([u8; 32], super::Allowance)>();
    assert!(4 * REMEMBERED * one < 1 << 20, "{one} bytes each");
}

proptest! {
    /// Whatever the moments, no source gets more codes through in an hour than it may.
    #[test]
    fn never_more_than_ten_an_hour(steps in prop::collection::vec((0_i64..900_000, 0_u32..3), 1..400), room in 1_usize..4) {
        let mut limits = Limits::remembering(room);
        let mut now = START;
        let mut through: BTreeMap<u32, Vec<Instant>> = BTreeMap::new();
        for (step, from) in steps {
            now = now + Span::from_millis(step);
            if limits.code(source(from), now).is_ok() {
                through.entry(from).or_default().push(now);
            }
        }
        for moments in through.values() {
            for (first, eleventh) in moments.iter().zip(moments.iter().skip(10)) {
                prop_assert!(eleventh.since(*first) >= Span::HOUR);
            }
        }
    }

    /// Whoever waits as long as told is let through.
    #[test]
    fn the_wait_that_is_told_is_long_enough(steps in prop::collection::vec((0_i64..200_000, 0_u32..14), 1..300)) {
        let mut limits = Limits::default();
        let name = SignInName::new("Ana");
        let mut now = START;
        for (step, from) in steps {
            now = now + Span::from_millis(step);
            let stranger = Guesser::Stranger(source(from));
            if let Err(TooMany::FromHere(wait) | TooMany::AtThisName(wait)) = limits.passphrase(stranger, &name, now) {
                prop_assert!(wait > Span::ZERO);
                now = now + wait;
                prop_assert!(limits.passphrase(stranger, &name, now).is_ok());
            }
        }
    }
}
