//! Slips of paper: four words, each of a list of common ones, that let one person in once.
//!
//! The words come from the English list of BIP-39 (CC0), in which the first four letters tell a word from all others;
//! words that nobody should find on a slip at a place where people are looked after are left out, and words that are
//! spelt otherwise in Britain. The code that claims a new box is a slip for nobody yet.

use std::fmt;
use std::sync::LazyLock;

use units::{Instant, PersonId, Span};

use super::Digest;
use crate::record::{record, words};
use crate::text;

words! {
    /// What a slip is for.
    pub enum SlipKind {
        /// Somebody signs in for the first time.
        1 First = "first sign-in";
        /// Somebody lost their passphrase, or their phone.
        2 Recovery = "recovery";
        /// The first steward takes charge of the box.
        3 Claim = "claim";
    }
}

record! {
    /// A slip that was given out. It is found by the slow hash of its words.
    pub struct Slip in "slips" by Digest {
        /// For whom; nobody yet where it claims the box.
        1 person: Option<PersonId> => "For whom", SignIn, Contract, WhileInForce;
        /// Who gave it; nobody where the box did.
        2 by: Option<PersonId> => "Given by", Accountability, LegitimateInterest, WhileInForce;
        /// When.
        3 made: Instant => "Given", SignIn, Contract, WhileInForce;
        /// Until when it lets somebody in.
        4 until: Instant => "Good until", SignIn, Contract, WhileInForce;
        /// When it did.
        5 used: Option<Instant> => "Used", SignIn, Contract, WhileInForce;
        /// What it is for.
        6 kind: SlipKind => "For", SignIn, Contract, WhileInForce;
    }
}

/// How long a slip lets somebody in.
pub const GOOD_FOR: Span = Span::DAY.times(7);
/// How long the code that claims the box does.
pub const CLAIM_GOOD_FOR: Span = Span::HOUR;
/// How long a used slip or one that has run out is kept, to tell whoever types it what became of it.
const REMEMBERED: Span = Span::DAY.times(30);
/// How many words stand on a slip.
pub const WORDS: usize = 4;

/// Why a slip lets nobody in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SlipOver {
    /// It did its work already.
    #[error("This slip was used already. If that was not you, tell a steward now; they give you a new one")]
    Used,
    /// It has run out.
    #[error("This slip has run out. Ask a steward for a new one")]
    RanOut,
}

impl Slip {
    /// Whether it lets somebody in at `now`.
    pub fn good(&self, now: Instant) -> Result<(), SlipOver> {
        if self.used.is_some() {
            return Err(SlipOver::Used);
        }
        // A clock that was put back does not bring a slip back to life.
        let in_time = now <= self.until && now + Span::DAY >= self.made;
        in_time.then_some(()).ok_or(SlipOver::RanOut)
    }

    /// Whether nobody needs to know of it any more.
    pub fn is_forgotten(&self, now: Instant) -> bool {
        now.since(self.used.unwrap_or(self.until)) > REMEMBERED
    }
}

/// All words, in the order of the alphabet.
static LIST: LazyLock<Vec<&'static str>> = LazyLock::new(|| include_str!("words.txt").lines().collect());

/// Six words for a number that people compare: 65 bits of it, in an order that is always the same.
pub fn spoken(number: [u8; 32]) -> [&'static str; 6] {
    let mut rest = u128::from_be_bytes(number[..16].try_into().unwrap_or_default());
    std::array::from_fn(|_| next_word(&mut rest))
}

/// Takes a word from a number.
fn next_word(rest: &mut u128) -> &'static str {
    let count = u128::try_from(LIST.len()).unwrap_or(1);
    let at = usize::try_from(*rest % count).unwrap_or(0);
    *rest /= count;
    LIST.get(at).copied().unwrap_or_default()
}

/// The words of a slip.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SlipWords([&'static str; WORDS]);

impl SlipWords {
    /// Words drawn by these random bytes.
    pub fn drawn(random: [u8; 16]) -> Self {
        let mut rest = u128::from_be_bytes(random);
        Self(std::array::from_fn(|_| next_word(&mut rest)))
    }

    /// The words that somebody typed, in any case, with anything between them; of each the first four letters are
    /// enough. A word that is none is pointed at and never put right by itself.
    pub fn parse(typed: &str) -> Result<Self, Misread> {
        // More than this is not four words, and not worth looking at.
        if typed.len() > 400 {
            return Err(Misread::Count { found: usize::MAX });
        }
        let folded = text::folded(typed);
        let typed: Vec<&str> = folded
            .split(|letter: char| !letter.is_alphabetic())
            .filter(|word| !word.is_empty())
            .collect();
        let wrong: Vec<WrongWord> = typed
            .iter()
            .enumerate()
            .filter(|(_, word)| meant(word).is_none())
            .map(|(at, word)| WrongWord::new(at + 1, word))
            .collect();
        let words: Vec<&'static str> = typed.iter().filter_map(|word| meant(word)).collect();
        match <[&'static str; WORDS]>::try_from(words) {
            Ok(words) if wrong.is_empty() => Ok(Self(words)),
            _ if typed.len() != WORDS => Err(Misread::Count { found: typed.len() }),
            _ => Err(Misread::Words(wrong)),
        }
    }

    /// The words, in their order.
    pub fn words(&self) -> [&'static str; WORDS] {
        self.0
    }

    /// As they stand behind the `#` of an address. A browser keeps that part to itself: it comes into no log and no
    /// Referer, on this box or any other.
    pub fn fragment(&self) -> String {
        self.0.join("-")
    }

    /// What is hashed.
    pub fn secret(&self) -> Vec<u8> {
        self.0.join(" ").into_bytes()
    }
}

impl fmt::Debug for SlipWords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SlipWords(…)")
    }
}

/// The word of which `typed` is all or at least the first four letters.
fn meant(typed: &str) -> Option<&'static str> {
    let at = LIST.partition_point(|word| *word < typed);
    let word = LIST.get(at).copied()?;
    (word == typed || (typed.len() >= 4 && word.starts_with(typed))).then_some(word)
}

/// Why what was typed is not the words of any slip. Nothing was tried, so it counts as no guess.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Misread {
    /// There are more words than four, or fewer.
    #[error("{}", count_sentence(*.found))]
    Count {
        /// How many.
        found: usize,
    },
    /// These words are on no slip.
    #[error("{}", words_sentence(.0))]
    Words(Vec<WrongWord>),
}

/// A word that is on no slip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongWord {
    /// Its place, from 1.
    pub place: usize,
    /// As it was typed.
    pub typed: String,
    /// What it may have been, at most three; nothing where no word is close.
    pub perhaps: Vec<&'static str>,
}

impl WrongWord {
    fn new(place: usize, typed: &str) -> Self {
        let near = |word: &&'static str| (strsim::osa_distance(word, typed), *word);
        let close = |(distance, word): &(usize, &str)| *distance <= word.len() / 3;
        let found: Vec<(usize, &'static str)> = LIST.iter().map(near).filter(close).collect();
        let closest = found.iter().map(|(distance, _)| *distance).min();
        let perhaps = found
            .iter()
            .filter(|(distance, _)| Some(*distance) == closest)
            .map(|(_, word)| *word)
            .take(3);
        Self {
            place,
            typed: typed.chars().take(20).collect(),
            perhaps: perhaps.collect(),
        }
    }
}

fn count_sentence(found: usize) -> String {
    match found {
        0 => "Type the four words of your slip here".to_owned(),
        1 => "This is one word. A slip has four; type all of them".to_owned(),
        2 | 3 => format!("These are {found} words. A slip has four; type all of them"),
        _ => "These are more than four words. Type only the four on your slip".to_owned(),
    }
}

fn words_sentence(wrong: &[WrongWord]) -> String {
    let said: Vec<String> = wrong
        .iter()
        .map(|word| {
            let place = ["first", "second", "third"]
                .get(word.place - 1)
                .unwrap_or(&"fourth");
            let typed = &word.typed;
            match word.perhaps.as_slice() {
                [] => format!("The {place} word, “{typed}”, is on no slip"),
                [only] => format!("The {place} word, “{typed}”, is on no slip; is it “{only}”?"),
                [but_last @ .., last] => {
                    let others = but_last.join("”, “");
                    format!("The {place} word, “{typed}”, is on no slip; is it “{others}” or “{last}”?")
                }
            }
        })
        .collect();
    format!("{} Look at your slip again", sentences(&said))
}

fn sentences(said: &[String]) -> String {
    let ended = |sentence: &String| {
        if sentence.ends_with('?') {
            sentence.clone()
        } else {
            format!("{sentence}.")
        }
    };
    said.iter().map(ended).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
