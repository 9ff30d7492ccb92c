//! The recovery key as words: 32 bytes are 24 words of a published list of 2,048 (BIP-39, English), the last of which
//! holds a checksum, so that a word that was written down wrong is noticed before anything is tried with it.

use sha2::{Digest, Sha256};

use crate::age::Identity;

/// The list; in it no two words begin with the same four letters.
const WORDS: &str = include_str!("words.txt");
/// How many words a phrase has.
const COUNT: usize = 24;
/// So many bits each word stands for.
const BITS: usize = 11;

/// Why words are no recovery phrase.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PhraseError {
    /// There are too many of them, or too few.
    #[error("a recovery phrase has {COUNT} words, and these are {0}. Write all of them in their order")]
    Count(usize),
    /// One stands in no list.
    #[error("word {number}, {word:?}, is not in the list of words{}", meant(.nearest.as_deref()))]
    Unknown {
        /// Which, from 1.
        number: usize,
        /// As it was written.
        word: String,
        /// What it may be meant for.
        nearest: Option<String>,
    },
    /// They do not fit together.
    #[error(
        "each of these words is in the list, but they do not fit together: one is another than it was, or two have \
         changed their places. Compare them with what was written down"
    )]
    Checksum,
}

fn meant(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |nearest| {
        format!("; {nearest:?} may be what was meant")
    })
}

fn words() -> Vec<&'static str> {
    WORDS.lines().collect()
}

/// The words of a key.
pub fn phrase(key: &Identity) -> String {
    let bytes = key.to_bytes();
    let mut all = bytes.to_vec();
    all.push(Sha256::digest(bytes)[0]);
    let words = words();
    let word = |number: usize| {
        let index = (0..BITS).fold(0, |index, bit| {
            let at = number * BITS + bit;
            index << 1 | usize::from(all[at / 8] >> (7 - at % 8) & 1)
        });
        words[index]
    };
    (0..COUNT).map(word).collect::<Vec<_>>().join(" ")
}

/// The key of words as somebody typed them; capital letters, numbers in front of words and signs between them are passed
/// over.
pub fn key_of(typed: &str) -> Result<Identity, PhraseError> {
    let typed: Vec<String> = typed
        .split(|sign: char| !sign.is_alphabetic())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let words = words();
    let mut bits = Vec::with_capacity(COUNT * BITS);
    for (at, word) in typed.iter().enumerate() {
        let Ok(index) = words.binary_search(&word.as_str()) else {
            return Err(PhraseError::Unknown {
                number: at + 1,
                word: word.clone(),
                nearest: nearest(word, &words),
            });
        };
        bits.extend((0..BITS).rev().map(|bit| index >> bit & 1 == 1));
    }
    if typed.len() != COUNT {
        return Err(PhraseError::Count(typed.len()));
    }
    let byte = |bits: &[bool]| bits.iter().fold(0_u8, |byte, bit| byte << 1 | u8::from(*bit));
    let bytes: Vec<u8> = bits.chunks(8).map(byte).collect();
    let (key, sum) = bytes.split_first_chunk::<32>().ok_or(PhraseError::Checksum)?;
    if sum != &Sha256::digest(key)[..1] {
        return Err(PhraseError::Checksum);
    }
    Ok(Identity::from_bytes(*key))
}

fn nearest(word: &str, words: &[&'static str]) -> Option<String> {
    let far = |other: &&str| strsim::damerau_levenshtein(word, other);
    let found = words.iter().copied().min_by_key(far)?;
    (far(&found) <= 2).then(|| found.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{PhraseError, key_of, phrase, words};
    use crate::age::Identity;

    #[test]
    fn the_list_is_as_published() {
        let words = words();
        assert_eq!(words.len(), 2_048);
        assert!(words.windows(2).all(|pair| pair[0] < pair[1]), "in order");
        // A test vector of BIP-39.
        let zeros = phrase(&Identity::from_bytes([0; 32]));
        assert!(zeros.starts_with("abandon abandon") && zeros.ends_with(" art"));
        let ones = phrase(&Identity::from_bytes([0xff; 32]));
        assert!(ones.starts_with("zoo zoo") && ones.ends_with(" vote"));
    }

    #[test]
    fn words_lead_back_to_their_key_however_they_are_typed() {
        let mut dice = fastrand::Rng::with_seed(5);
        for _ in 0..50 {
            let mut bytes = [0; 32];
            dice.fill(&mut bytes);
            let words = phrase(&Identity::from_bytes(bytes));
            let typed: Vec<String> = words
                .split(' ')
                .enumerate()
                .map(|(at, word)| format!("{}. {}", at + 1, word.to_uppercase()))
                .collect();
            for typed in [words.clone(), typed.join("\n")] {
                assert_eq!(key_of(&typed).expect("its own words").to_bytes(), bytes);
            }
        }
    }

    #[test]
    fn what_is_wrong_with_words_is_told() {
        let words = phrase(&Identity::from_bytes([3; 32]));
        let said = |typed: &str| key_of(typed).expect_err("wrong").to_string();
        assert!(said(words.rsplit_once(' ').expect("many").0).contains("these are 23"));
        let first = words.split(' ').next().expect("one");
        let wrong = words.replacen(first, &format!("{first}x"), 1);
        assert!(
            said(&wrong).contains(&format!("word 1, \"{first}x\"")),
            "{}",
            said(&wrong)
        );
        assert!(said(&wrong).contains(&format!("{first:?} may be what was meant")));
        let mut turned: Vec<&str> = words.split(' ').collect();
        let other = (1..24).find(|at| turned[*at] != turned[0]).expect("another");
        turned.swap(0, other);
        // One in 256 passes the checksum; this one does not.
        assert_eq!(
            key_of(&turned.join(" ")).expect_err("turned"),
            PhraseError::Checksum
        );
    }
}
