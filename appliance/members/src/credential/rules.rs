//! Which passphrases are good enough: long, and not what others would try first. No rule asks for signs or digits;
//! those make people write passphrases on the wall.

use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

use crate::text;

/// The fewest letters.
pub const SHORTEST: usize = 12;
/// The most signs; more than anybody types.
pub const LONGEST: usize = 500;
/// The fewest signs that are left when every common word, name and row of signs counts as one.
const FEWEST_OWN: usize = 8;

/// Why a passphrase is not good enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Weak {
    /// It is too short.
    #[error("This has {letters} letters. Write at least {SHORTEST}; four words are a good way")]
    TooShort {
        /// How many letters it has.
        letters: usize,
    },
    /// It is too long.
    #[error("This has {signs} signs. Write at most {LONGEST}")]
    TooLong {
        /// How many signs it has.
        signs: usize,
    },
    /// It holds a sign that cannot be typed.
    #[error("This holds a sign that cannot be typed on every keyboard. Write it again")]
    Untypable,
    /// Others would try it early.
    #[error(
        "Others would guess this soon: it is made of common words, of your name or that of the place, or of signs in a \
         row. Take four words that have nothing to do with each other"
    )]
    Guessable,
}

/// How well a passphrase holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// It will do.
    Enough,
    /// It is good.
    Good,
    /// It holds against a thief of the card.
    Strong,
}

/// A passphrase as it is hashed, so that another keyboard and another phone give the same: accents written in one way,
/// quotation marks and dashes straight, single spaces, none at the ends. Capital and small letters stay.
pub fn normal(typed: &str) -> String {
    let plain: String = typed.nfkc().map(straight).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn straight(sign: char) -> char {
    match sign {
        '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201b}' => '\'',
        '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{201f}' => '"',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        other => other,
    }
}

/// How well `typed` holds, or why it is not taken. `names` are those of the person and of the place.
pub fn judge(typed: &str, names: &[&str]) -> Result<Strength, Weak> {
    let passphrase = normal(typed);
    let signs = passphrase.chars().count();
    if signs > LONGEST {
        return Err(Weak::TooLong { signs });
    }
    if passphrase.chars().any(char::is_control) {
        return Err(Weak::Untypable);
    }
    let letters = passphrase.chars().map(weight).sum();
    if letters < SHORTEST {
        return Err(Weak::TooShort { letters });
    }
    match own(&bare(&passphrase), names) {
        0..FEWEST_OWN => Err(Weak::Guessable),
        FEWEST_OWN..12 => Ok(Strength::Enough),
        12..18 => Ok(Strength::Good),
        _ => Ok(Strength::Strong),
    }
}

/// A sign of Chinese, Japanese or Korean says as much as two letters, at least.
fn weight(sign: char) -> usize {
    match sign {
        '\u{2e80}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7af}'
        | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}' => 2,
        _ => 1,
    }
}

/// Without spaces, case and marks.
fn bare(text: &str) -> Vec<char> {
    text::folded(text).chars().filter(|sign| *sign != ' ').collect()
}

/// Words and phrases that very many people use.
static COMMON: LazyLock<Vec<Vec<char>>> =
    LazyLock::new(|| include_str!("common.txt").lines().map(bare).collect());

/// Keys that lie side by side.
const ROWS: [&str; 7] = [
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1234567890",
    "azertyuiop",
    "qwertzuiop",
    "1qaz2wsx3edc4rfv5tgb",
];

/// How many signs are left when each piece that somebody would try as a whole counts as one.
fn own(signs: &[char], names: &[&str]) -> usize {
    let names: Vec<Vec<char>> = names
        .iter()
        .flat_map(|name| name.split_whitespace())
        .map(bare)
        .collect();
    let known = || COMMON.iter().chain(&names).filter(|word| word.len() >= 3);
    let rows: Vec<Vec<char>> = ROWS
        .iter()
        .flat_map(|row| [row.chars().collect(), row.chars().rev().collect()])
        .collect();
    let (mut at, mut left) = (0, 0);
    while let Some(sign) = signs.get(at) {
        let rest = &signs[at..];
        let word = known().filter(|word| rest.starts_with(word)).map(Vec::len).max();
        let row = rows.iter().map(|row| along(rest, row)).max();
        let longest = [
            word,
            row,
            Some(steps(rest)),
            Some(again(signs, at)),
            Some(year(rest)),
        ];
        let piece = longest.into_iter().flatten().max().filter(|length| *length >= 3);
        left += if piece.is_some() { 1 } else { weight(*sign) };
        at += piece.unwrap_or(1);
    }
    left
}

/// How far `signs` go along a row of keys.
fn along(signs: &[char], row: &[char]) -> usize {
    let start = signs
        .first()
        .and_then(|first| row.iter().position(|key| key == first));
    start.map_or(0, |start| common(signs, &row[start..]))
}

/// How far two runs of signs are the same.
fn common(one: &[char], other: &[char]) -> usize {
    one.iter().zip(other).take_while(|(a, b)| a == b).count()
}

/// How far signs are the same one, or follow each other in the alphabet, up or down.
fn steps(signs: &[char]) -> usize {
    let step = |pair: &[char]| match pair {
        [a, b] => i64::from(u32::from(*b)) - i64::from(u32::from(*a)),
        _ => i64::MAX,
    };
    let mut pairs = signs.windows(2).map(step);
    match pairs.next() {
        Some(first @ -1..=1) => 2 + pairs.take_while(|next| *next == first).count(),
        _ => 1,
    }
}

/// How far what stands at `at` stood there before.
fn again(signs: &[char], at: usize) -> usize {
    let before = 0..at;
    before
        .map(|start| common(&signs[at..], &signs[start..]))
        .max()
        .unwrap_or(0)
}

/// Four digits that are a year in somebody's life.
fn year(signs: &[char]) -> usize {
    let century = matches!(signs, ['1', '9', ..] | ['2', '0', ..]);
    let digits = signs
        .iter()
        .take(4)
        .take_while(|sign| sign.is_ascii_digit())
        .count();
    if century && digits == 4 { 4 } else { 0 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{COMMON, SHORTEST, Strength, Weak, judge, normal, own};

    const NAMES: [&str; 2] = ["Ana María Öberg", "Kings Heath Arts Centre"];

    #[test]
    fn long_ones_that_nobody_would_try_are_taken() {
        for (typed, strength) in [
            ("acid bamboo fox garden", Strength::Strong),
            ("grandma's blue teapot", Strength::Strong),
            ("xk7vbd2qmn0w", Strength::Good),
            ("glockenspiel", Strength::Good),
            ("mango97teapot", Strength::Good),
            ("Пушкин и кошка", Strength::Good),
            ("紫のお茶が好き", Strength::Good),
            ("thursday sofa box", Strength::Enough),
        ] {
            assert_eq!(judge(typed, &NAMES), Ok(strength), "{typed}");
        }
    }

    #[test]
    fn what_others_would_try_first_is_not() {
        for typed in [
            "password1234",
            "Passwörd 2024",
            "PASSWORD PASSWORD",
            "correct horse battery staple",
            "qwertyuiop123",
            "1qaz2wsx3edc",
            "iloveyou iloveyou",
            "manchester united 1999",
            "liverpoolfc1892",
            "aaaaaaaaaaaaaaa",
            "abababababab",
            "xyzzyxyzzyxyzzy",
            "123456789012",
            "210987654321",
            "anamariaoberg",
            "Ana Öberg 1974",
            "kings heath arts centre",
            "Welcome Hearth 2025",
            "!!!!!!!!!!!!!!",
        ] {
            assert_eq!(judge(typed, &NAMES), Err(Weak::Guessable), "{typed}");
        }
    }

    #[test]
    fn short_ones_and_impossible_ones_are_told_so() {
        assert_eq!(judge("", &NAMES), Err(Weak::TooShort { letters: 0 }));
        assert_eq!(
            judge("   teapot    x  ", &NAMES).expect_err("short").to_string(),
            "This has 8 letters. Write at least 12; four words are a good way"
        );
        assert_eq!(judge("teapot\u{0}and more", &NAMES), Err(Weak::Untypable));
        assert!(matches!(
            judge(&"teapots ".repeat(80), &NAMES),
            Err(Weak::TooLong { .. })
        ));
    }

    #[test]
    fn another_keyboard_gives_the_same() {
        assert_eq!(normal(" grandma\u{2019}s  teapot "), "grandma's teapot");
        assert_eq!(normal("cafe\u{301}"), normal("café"));
        assert_eq!(normal("a\u{a0}b\u{2014}c\u{2026}"), "a b-c...");
        assert_ne!(normal("Teapot"), normal("teapot"));
    }

    #[test]
    fn the_list_of_common_words_is_in_order_and_each_stands_there_for_something() {
        let lines: Vec<&str> = include_str!("common.txt").lines().collect();
        assert!(lines.is_sorted() && lines.iter().all(|line| line.len() >= 3));
        assert!(COMMON.iter().all(|word| own(word, &[]) == 1));
    }

    proptest! {
        #[test]
        fn what_is_normal_stays_so(typed in ".{0,60}") {
            let once = normal(&typed);
            prop_assert_eq!(normal(&once), once);
        }

        #[test]
        fn nothing_short_is_taken(typed in "[a-zà-ÿ ]{0,11}") {
            let short = matches!(judge(&typed, &NAMES), Err(Weak::TooShort { letters }) if letters < SHORTEST);
            prop_assert!(short);
        }

        #[test]
        fn any_words_at_all_are_judged(typed in ".{0,600}", name in ".{0,40}") {
            let _ = judge(&typed, &[&name]);
        }
    }
}
