//! Words are drawn evenly, come back however they are typed, and are never put right in silence.

use std::collections::BTreeSet;

use expect_test::expect;
use proptest::prelude::*;
use units::{Instant, PersonId, Span};

use super::{GOOD_FOR, LIST, Misread, Slip, SlipKind, SlipOver, SlipWords, meant};
use crate::record::Newer;

const START: Instant = Instant::from_millis(1_800_000_000_000);

#[test]
fn the_first_four_letters_tell_a_word_from_all_others() {
    assert!(LIST.is_sorted());
    let heads: BTreeSet<&str> = LIST.iter().map(|word| &word[..word.len().min(4)]).collect();
    assert_eq!(heads.len(), LIST.len());
    assert!(
        LIST.iter()
            .all(|word| (3..=8).contains(&word.len())
                && word.bytes().all(|letter| letter.is_ascii_lowercase()))
    );
}

#[test]
fn a_slip_has_more_than_43_bits() {
    let slips = u64::try_from(LIST.len()).expect("small").pow(4);
    assert!(slips > 1 << 43, "{slips}");
}

#[test]
fn words_on_a_slip_hurt_nobody() {
    for word in [
        "abuse", "crazy", "insane", "ugly", "weapon", "sick", "pill", "kill", "die", "fat", "lonely",
    ] {
        assert!(!LIST.contains(&word), "{word}");
    }
}

#[test]
fn every_word_is_drawn() {
    let count = u128::try_from(LIST.len()).expect("small");
    let drawn: BTreeSet<&str> = (0..count)
        .map(|at| SlipWords::drawn(at.to_be_bytes()).words()[0])
        .collect();
    assert_eq!(drawn.len(), LIST.len());
    let last = SlipWords::drawn((count.pow(4) - 1).to_be_bytes());
    assert_eq!(last.words(), ["zoo"; 4]);
}

#[test]
fn words_may_be_typed_in_many_ways() {
    let right = SlipWords::parse("acid bamboo fox garden").expect("four words");
    assert_eq!(right.words(), ["acid", "bamboo", "fox", "garden"]);
    for typed in [
        "ACID Bamboo fOx garden",
        "acid-bamboo-fox-garden",
        " acid,bamboo;\n fox.  garden. ",
        "acid bamb fox gard",
        "acid bambo fox garde",
        "acid\u{a0}bamboo\u{2013}fox\u{2014}garden",
        "ácid bamboo fox garden",
        "1. acid 2. bamboo 3. fox 4. garden",
    ] {
        assert_eq!(SlipWords::parse(typed), Ok(right), "{typed:?}");
    }
    assert_eq!(SlipWords::parse(&right.fragment()), Ok(right));
}

fn told(typed: &str) -> String {
    SlipWords::parse(typed).expect_err("none of a slip").to_string()
}

#[test]
fn a_mistake_is_pointed_at_and_never_put_right_in_silence() {
    expect!["The second word, “bambooo”, is on no slip; is it “bamboo”? Look at your slip again"]
        .assert_eq(&told("acid bambooo fox garden"));
    expect!["The third word, “fx”, is on no slip; is it “fix” or “fox”? The fourth word, “gardne”, is on no slip; is it “garden”? Look at your slip again"]
        .assert_eq(&told("acid bamboo fx gardne"));
    expect!["The first word, “colour”, is on no slip. Look at your slip again"]
        .assert_eq(&told("colour acid acid acid"));
    expect!["The fourth word, “xxxxxxxxxxxxxxxxxxxx”, is on no slip. Look at your slip again"]
        .assert_eq(&told(&format!("acid acid acid {}", "x".repeat(40))));
    expect!["Type the four words of your slip here"].assert_eq(&told(" . "));
    expect!["This is one word. A slip has four; type all of them"].assert_eq(&told("acid"));
    expect!["These are 3 words. A slip has four; type all of them"].assert_eq(&told("acid acid acdi"));
    expect!["These are more than four words. Type only the four on your slip"]
        .assert_eq(&told(&"acid ".repeat(5)));
    expect!["These are more than four words. Type only the four on your slip"]
        .assert_eq(&told(&"a".repeat(100_000)));
}

#[test]
fn nothing_shows_the_words_by_mistake() {
    assert_eq!(format!("{:?}", SlipWords::drawn([3; 16])), "SlipWords(…)");
}

fn slip() -> Slip {
    Slip {
        person: Some(PersonId::new(1)),
        by: Some(PersonId::new(2)),
        made: START,
        until: START + GOOD_FOR,
        used: None,
        kind: SlipKind::First,
        newer: Newer::default(),
    }
}

#[test]
fn a_slip_is_good_once_and_for_seven_days() {
    let mut slip = slip();
    assert_eq!(slip.good(START), Ok(()));
    assert_eq!(slip.good(START + GOOD_FOR), Ok(()));
    assert_eq!(slip.good(START + GOOD_FOR + Span::SECOND), Err(SlipOver::RanOut));
    assert_eq!(slip.good(START - Span::HOUR), Ok(()));
    assert_eq!(slip.good(Instant::from_millis(0)), Err(SlipOver::RanOut));
    slip.used = Some(START + Span::HOUR);
    assert_eq!(slip.good(START + Span::HOUR), Err(SlipOver::Used));
    assert!(!slip.is_forgotten(START + Span::DAY.times(30)));
    assert!(slip.is_forgotten(START + Span::DAY.times(31)));
}

proptest! {
    #[test]
    fn drawn_words_come_back(random in any::<[u8; 16]>(), letters in 4_usize..9) {
        let slip = SlipWords::drawn(random);
        let short = slip.words().map(|word| &word[..word.len().min(letters)]);
        prop_assert_eq!(SlipWords::parse(&short.join(" ")), Ok(slip));
        prop_assert_eq!(SlipWords::parse(&slip.fragment().to_uppercase()), Ok(slip));
    }

    /// A letter too many, too few or another one is either another word of the list or pointed at, with the right word
    /// among those offered where the list has it close.
    #[test]
    fn one_wrong_letter_is_seen(random in any::<[u8; 16]>(), at in 0_usize..8, letter in proptest::char::range('a', 'z')) {
        let slip = SlipWords::drawn(random);
        let first = slip.words()[0];
        let at = at.min(first.len() - 1);
        let mut typed: Vec<char> = first.chars().collect();
        typed[at] = letter;
        let typed: String = typed.into_iter().collect();
        let read = SlipWords::parse(&format!("{typed} {}", slip.words()[1..].join(" ")));
        match read {
            Ok(read) => prop_assert_eq!(Some(read.words()[0]), meant(&typed)),
            Err(Misread::Words(wrong)) => {
                prop_assert_eq!(wrong.len(), 1);
                prop_assert_eq!(wrong[0].place, 1);
            }
            Err(other) => prop_assert!(false, "{other}"),
        }
    }

    #[test]
    fn nonsense_never_panics(typed in ".{0,200}") {
        let _ = SlipWords::parse(&typed).map_err(|wrong| wrong.to_string());
    }
}
