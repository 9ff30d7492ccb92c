//! What arrives of a reply under each kind of fault, at any seed and for any reply; and which rates can be asked for.

use proptest::prelude::*;
use simulator::fault::{Delivery, FaultKind, Faults, Rates, RatesError};
use units::Span;

const KINDS: [FaultKind; 8] = [
    FaultKind::Late,
    FaultKind::Lost,
    FaultKind::Doubled,
    FaultKind::Cut,
    FaultKind::Split,
    FaultKind::Shifted,
    FaultKind::Flipped,
    FaultKind::Noise,
];

/// Whether `after` lies within so many milliseconds.
fn within(delivery: &Delivery, least: i64, most: i64) -> bool {
    (Span::from_millis(least)..=Span::from_millis(most)).contains(&delivery.after)
}

/// How many bits differ between two of one length; `None` where the lengths do.
fn bits_apart(one: &[u8], other: &[u8]) -> Option<u32> {
    let pairs = one.iter().zip(other);
    (one.len() == other.len()).then(|| pairs.map(|(a, b)| (a ^ b).count_ones()).sum())
}

/// Whether `arrives` is what this kind of fault makes of `reply`, and could not be taken for a reply that nothing befell.
fn is_this_fault(kind: FaultKind, reply: &[u8], arrives: &[Delivery]) -> bool {
    let at_once = |delivery: &Delivery| within(delivery, 0, 0);
    match (kind, arrives) {
        (FaultKind::Late, [only]) => only.bytes == reply && within(only, 400, 2_500),
        (FaultKind::Lost, []) => true,
        (FaultKind::Doubled, [first, again]) => {
            at_once(first) && within(again, 5, 2_500) && first.bytes == reply && again.bytes == reply
        }
        (FaultKind::Cut, [only]) => {
            let cut = &only.bytes;
            at_once(only) && !cut.is_empty() && cut.len() < reply.len() && reply.starts_with(cut)
        }
        (FaultKind::Split, [first, rest]) => {
            let whole = [first.bytes.as_slice(), &rest.bytes].concat();
            let two = !first.bytes.is_empty() && !rest.bytes.is_empty();
            two && whole == reply && at_once(first) && within(rest, 10, 700)
        }
        (FaultKind::Shifted, [only]) => {
            at_once(only) && (only.bytes == reply[1..] || only.bytes.get(1..) == Some(reply))
        }
        (FaultKind::Flipped, [only]) => {
            let apart = bits_apart(&only.bytes, reply);
            at_once(only) && apart.is_some_and(|bits| (1..=3).contains(&bits))
        }
        (FaultKind::Noise, [only]) => {
            let noise = only.bytes.len().saturating_sub(reply.len());
            at_once(only) && only.bytes.starts_with(reply) && (1..=20).contains(&noise)
        }
        (FaultKind::Noise, [noise, late]) => {
            at_once(noise)
                && (1..=20).contains(&noise.bytes.len())
                && late.bytes == reply
                && within(late, 30, 30)
        }
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn each_kind_does_what_its_name_says_and_is_counted(
        seed: u64,
        kind in proptest::sample::select(&KINDS[..]),
        replies in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 5..256), 1..60),
    ) {
        let mut faults = Faults::new(seed, Rates::NONE.with(kind, 1_000_000));
        for reply in &replies {
            let arrives = faults.deliveries(reply.clone());
            prop_assert!(is_this_fault(kind, reply, &arrives), "{:?} of {reply:?}: {arrives:?}", faults.last());
        }
        let counts = faults.counts();
        for other in KINDS {
            let wanted = if other == kind { replies.len() } else { 0 };
            prop_assert_eq!(counts.of(other), u64::try_from(wanted).expect("few"));
        }
    }

    /// A short reply of six bytes, where two turned bits are most often one and the same.
    #[test]
    fn a_flipped_reply_is_never_the_right_one(seed: u64) {
        let mut faults = Faults::new(seed, Rates::NONE.with(FaultKind::Flipped, 1_000_000));
        for _ in 0..200 {
            let arrives = faults.deliveries(vec![1, 4, 1, 7, 9, 9]);
            prop_assert_ne!(&arrives[0].bytes, &[1, 4, 1, 7, 9, 9], "{:?}", faults.last());
        }
    }

    /// What befalls a reply depends on the seed, on its place and on its length, and on nothing it says: two masters
    /// that ask alike meet the same faults.
    #[test]
    fn what_a_reply_says_changes_no_fault(seed: u64, lengths in proptest::collection::vec(5_usize..256, 1..60)) {
        let (mut one, mut other) = (Faults::new(seed, Rates::each(60_000)), Faults::new(seed, Rates::each(60_000)));
        for length in lengths {
            one.deliveries(vec![0; length]);
            other.deliveries(vec![0xA5; length]);
            prop_assert_eq!(one.last(), other.last());
        }
        prop_assert_eq!(one.counts(), other.counts());
    }

    #[test]
    fn percentages_are_read_as_they_are_written_and_refused_beyond_a_hundred(
        parts in proptest::collection::vec((0_usize..8, 0_u32..400_000), 0..8)
    ) {
        let mut wanted = [0; 8];
        for (place, rate) in parts {
            wanted[place] = rate;
        }
        let kinds = KINDS.iter().zip(wanted).filter(|(_, rate)| *rate > 0);
        let words: Vec<String> = kinds
            .clone()
            .map(|(kind, rate)| format!(" {} = {}.{:04} ", kind.name(), rate / 10_000, rate % 10_000))
            .collect();
        let read = Rates::parse(&words.join(","));
        if wanted.iter().sum::<u32>() > 1_000_000 {
            prop_assert_eq!(read, Err(RatesError::TooMany));
        } else {
            let rates = kinds.fold(Rates::NONE, |rates, (kind, rate)| rates.with(*kind, rate));
            prop_assert_eq!(read, Ok(rates));
            let backwards: Vec<String> = words.into_iter().rev().collect();
            prop_assert_eq!(Rates::parse(&backwards.join(",")), Ok(rates));
        }
    }

    #[test]
    fn no_words_for_rates_bring_it_down(text in "[a-z0-9=.,+ -]{0,30}|(late|lost|flipped)=[0-9]{0,12}[.]?[0-9]{0,6}") {
        if let Err(error) = Rates::parse(&text) {
            prop_assert!(error.to_string().len() > 20);
        }
    }
}
