//! Everybody who may have paid, made ready for finding: names by their parts, in any order and script, numbers on cards,
//! what is due, and what was learned from earlier bookings.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use units::{HouseholdId, Money, PersonId};

use super::Line;
use super::kept::Counterparty;
use crate::book::Book;
use crate::person::PersonKind;
use crate::text::folded;

/// Somebody who may have paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Payer {
    pub id: PersonId,
    pub name: String,
    /// The parts of the name, folded.
    pub parts: Vec<String>,
    pub standing: Standing,
    pub number: Option<u32>,
    pub due: Option<Money>,
    pub household: Option<HouseholdId>,
    /// Whether an account or a text is known to be theirs.
    pub learned: bool,
}

/// Whether somebody is a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    Member,
    /// Was one until this day.
    Former(Date),
    /// Is in the book, and never was.
    Other,
}

/// Everybody who may have paid.
#[derive(Debug, Clone)]
pub struct Payers {
    people: Vec<Payer>,
    /// Who has a part of a name.
    parts: BTreeMap<String, Vec<usize>>,
    /// Parts of names with one letter left out, for slips of the pen.
    near: BTreeMap<String, BTreeSet<String>>,
    numbers: BTreeMap<u32, usize>,
    households: BTreeMap<HouseholdId, Vec<usize>>,
    learned: BTreeMap<String, Vec<PersonId>>,
}

/// How a word of a text is like a part of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Likeness {
    /// A bank cut it off, or one letter is wrong.
    Near,
    /// The same.
    Same,
}

/// Words that stand before names.
const TITLES: [&str; 13] = [
    "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "rev", "sir", "dame", "lady", "lord", "and",
];

impl Payers {
    /// Everybody of a book, what each of them owes for one period, and what was learned.
    pub fn new(
        book: &Book,
        due: &BTreeMap<PersonId, Money>,
        learned: &BTreeMap<String, Counterparty>,
    ) -> Self {
        let known: BTreeSet<PersonId> = learned
            .values()
            .flat_map(|known| known.payers.iter().copied())
            .collect();
        let mut payers = Self {
            people: Vec::with_capacity(book.people.len()),
            parts: BTreeMap::new(),
            near: BTreeMap::new(),
            numbers: BTreeMap::new(),
            households: BTreeMap::new(),
            learned: learned
                .iter()
                .map(|(key, known)| (key.clone(), known.payers.clone()))
                .collect(),
        };
        for (id, person) in &book.people {
            let membership = book.memberships.get(id);
            let standing = match membership {
                Some(membership) if membership.is_member() => Standing::Member,
                Some(membership) => membership.ended().map_or(Standing::Other, Standing::Former),
                None => Standing::Other,
            };
            let parts = words(&person.name);
            let whole = person.kind == PersonKind::Organisation;
            payers.add(Payer {
                id: *id,
                name: person.name.clone(),
                parts: parts
                    .into_iter()
                    .filter(|part| whole || !TITLES.contains(&part.as_str()))
                    .collect(),
                standing,
                number: membership.and_then(|membership| membership.number),
                due: due.get(id).copied(),
                household: person.household,
                learned: known.contains(id),
            });
        }
        payers
    }

    fn add(&mut self, payer: Payer) {
        let at = self.people.len();
        for part in &payer.parts {
            let holders = self.parts.entry(part.clone()).or_default();
            if holders.is_empty() && part.chars().count() >= 5 {
                for shorter in shortened(part) {
                    self.near.entry(shorter).or_default().insert(part.clone());
                }
            }
            holders.push(at);
        }
        if let Some(number) = payer.number {
            self.numbers.insert(number, at);
        }
        if let Some(household) = payer.household {
            self.households.entry(household).or_default().push(at);
        }
        self.people.push(payer);
    }

    /// The people of a household.
    pub(super) fn of_household(&self, household: Option<HouseholdId>) -> impl Iterator<Item = usize> {
        let people = household.and_then(|household| self.households.get(&household));
        people.into_iter().flatten().copied()
    }

    pub(super) fn payer(&self, at: usize) -> &Payer {
        &self.people[at]
    }

    pub(super) fn at(&self, id: PersonId) -> Option<usize> {
        self.people.binary_search_by_key(&id, |payer| payer.id).ok()
    }

    pub(super) fn with_number(&self, number: u32) -> Option<usize> {
        self.numbers.get(&number).copied()
    }

    /// For whom an account or text was booked before.
    pub(super) fn learned(&self, key: &str) -> &[PersonId] {
        self.learned.get(key).map_or(&[], Vec::as_slice)
    }

    /// Whether a word is part of anybody's name.
    pub(super) fn is_name(&self, word: &str) -> bool {
        self.parts.contains_key(word)
    }

    /// The parts of names that a word may mean. `cut` says that a bank may have cut it off at its end.
    pub(super) fn meant<'a>(&'a self, word: &'a str, cut: bool) -> Vec<(&'a str, Likeness)> {
        let mut found = Vec::new();
        if let Some((part, _)) = self.parts.get_key_value(word) {
            found.push((part.as_str(), Likeness::Same));
        }
        let letters = word.chars().count();
        if letters < 4 {
            return found;
        }
        if cut {
            let longer = self
                .parts
                .range(word.to_owned()..)
                .take_while(|(part, _)| part.starts_with(word));
            found.extend(longer.map(|(part, _)| (part.as_str(), Likeness::Near)));
        }
        if letters >= 5 || !found.is_empty() {
            found.extend(self.misspelt(word).map(|part| (part, Likeness::Near)));
        }
        found.sort_by(|one, other| one.0.cmp(other.0).then(other.1.cmp(&one.1)));
        found.dedup_by(|one, other| one.0 == other.0);
        found
    }

    /// Parts with one letter more, less, other, or two turned round.
    fn misspelt<'a>(&'a self, word: &'a str) -> impl Iterator<Item = &'a str> {
        let mut shorter = shortened(word);
        shorter.push(word.to_owned());
        let near: BTreeSet<&str> = shorter
            .iter()
            .filter_map(|shorter| self.near.get(shorter))
            .flatten()
            .map(String::as_str)
            .collect();
        let longer = shorter.into_iter().filter_map(|shorter| {
            let (part, _) = self.parts.get_key_value(&shorter)?;
            (part.chars().count() >= 5).then_some(part.as_str())
        });
        let all: BTreeSet<&str> = near.into_iter().chain(longer).collect();
        all.into_iter()
            .filter(move |part| *part != word && strsim::osa_distance(part, word) == 1)
    }

    pub(super) fn holders(&self, part: &str) -> &[usize] {
        self.parts.get(part).map_or(&[], Vec::as_slice)
    }
}

/// Every way to leave one letter out.
fn shortened(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    (0..letters.len())
        .map(|without| {
            let kept = letters.iter().enumerate().filter(|(at, _)| *at != without);
            kept.map(|(_, letter)| *letter).collect()
        })
        .collect()
}

/// The words of a text, folded, and in Latin letters where they are Greek or Cyrillic, as banks write them.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut latin = String::with_capacity(text.len());
    for letter in folded(text).chars() {
        match latin_of(letter) {
            Some(letters) => latin.push_str(letters),
            // An apostrophe joins: O'Brien is Obrien at most banks.
            None if matches!(letter, '\'' | '’' | '`') => {}
            None => latin.push(letter),
        }
    }
    let parts = latin.split(|sign: char| !sign.is_alphanumeric());
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// Letters that have no marks to take off, as banks write them.
fn latin_of(letter: char) -> Option<&'static str> {
    const LETTERS: [(char, &str); 62] = [
        ('ł', "l"),
        ('ø', "o"),
        ('ß', "ss"),
        ('æ', "ae"),
        ('œ', "oe"),
        ('đ', "d"),
        ('ð', "d"),
        ('þ', "th"),
        ('ı', "i"),
        ('а', "a"),
        ('б', "b"),
        ('в', "v"),
        ('г', "g"),
        ('д', "d"),
        ('е', "e"),
        ('ж', "zh"),
        ('з', "z"),
        ('и', "i"),
        ('к', "k"),
        ('л', "l"),
        ('м', "m"),
        ('н', "n"),
        ('о', "o"),
        ('п', "p"),
        ('р', "r"),
        ('с', "s"),
        ('т', "t"),
        ('у', "u"),
        ('ф', "f"),
        ('х', "kh"),
        ('ц', "ts"),
        ('ч', "ch"),
        ('ш', "sh"),
        ('щ', "shch"),
        ('ы', "y"),
        ('э', "e"),
        ('ю', "yu"),
        ('я', "ya"),
        ('і', "i"),
        ('α', "a"),
        ('β', "v"),
        ('γ', "g"),
        ('δ', "d"),
        ('ε', "e"),
        ('ζ', "z"),
        ('η', "i"),
        ('θ', "th"),
        ('ι', "i"),
        ('κ', "k"),
        ('λ', "l"),
        ('μ', "m"),
        ('ν', "n"),
        ('ξ', "x"),
        ('ο', "o"),
        ('π', "p"),
        ('ρ', "r"),
        ('σ', "s"),
        ('ς', "s"),
        ('τ', "t"),
        ('υ', "y"),
        ('φ', "f"),
        ('ω', "o"),
    ];
    if letter.is_ascii() {
        return None;
    }
    LETTERS
        .iter()
        .find(|(known, _)| *known == letter)
        .map(|(_, letters)| *letters)
}

/// Words that say nothing of who paid: kinds of payment at banks, months, words of dues.
const SAYS_NOTHING: [&str; 44] = [
    "fpi",
    "fpo",
    "bgc",
    "bac",
    "bacs",
    "so",
    "sto",
    "stdorder",
    "standing",
    "order",
    "dd",
    "cr",
    "tfr",
    "dpc",
    "faster",
    "payment",
    "payments",
    "from",
    "ref",
    "reference",
    "bank",
    "transfer",
    "credit",
    "deposit",
    "direct",
    "giro",
    "counter",
    "via",
    "online",
    "mobile",
    "gbp",
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
    "inward",
];

/// Words that people write when they pay their dues.
const OF_DUES: [&str; 12] = [
    "sub",
    "subs",
    "subscription",
    "membership",
    "member",
    "memb",
    "mem",
    "dues",
    "fee",
    "fees",
    "annual",
    "monthly",
];

/// Whether somebody wrote that these are dues.
pub(super) fn tells_of_dues(words: &[String]) -> bool {
    words.iter().any(|word| OF_DUES.contains(&word.as_str()))
}

/// By what a counterparty is remembered: the account, and the words that do not change from month to month.
pub fn keys(line: &Line) -> Vec<String> {
    let account = line.account.as_deref().map(|account| {
        let signs = account.chars().filter(|sign| sign.is_alphanumeric());
        format!(
            "account {}",
            signs.flat_map(char::to_lowercase).collect::<String>()
        )
    });
    let all: BTreeSet<String> = words(&line.text()).into_iter().collect();
    let stays = |word: &&String| {
        !word.chars().any(char::is_numeric)
            && !SAYS_NOTHING.contains(&word.as_str())
            && !OF_DUES.contains(&word.as_str())
    };
    let telling: Vec<&str> = all.iter().filter(stays).map(String::as_str).collect();
    let letters: usize = telling.iter().map(|word| word.chars().count()).sum();
    let text = (letters >= 5).then(|| format!("text {}", telling.join(" ")));
    account.into_iter().chain(text).collect()
}
