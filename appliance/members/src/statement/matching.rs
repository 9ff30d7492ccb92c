//! Who paid: for each line the people who may have, with a score and the reasons for it in words.
//!
//! A line is *matched* only where one person stands well above the threshold and well before everybody else; *suggested*
//! where somebody may have paid but a person should look; else *unknown*. Points are weighed so that no single weak sign
//! (a family name, an amount) matches anything by itself. Money that goes out is never matched by itself, and people who
//! have left draw nothing.

use std::collections::BTreeMap;

use units::{Money, PersonId};

use super::known::{Likeness, Payer, Payers, Standing, keys, tells_of_dues, words};
use super::{Line, LineKind};

/// From how many points on a line is matched by itself.
pub const MATCHED: i32 = 100;
/// From how many points on somebody is suggested.
pub const SUGGESTED: i32 = 40;
/// By how many points the best must be before the next.
pub const AHEAD: i32 = 25;
/// How many people are suggested at most.
const SHOWN: usize = 5;

/// The words that stand before a number on a card.
const BEFORE_NUMBERS: [&str; 9] = [
    "m",
    "mem",
    "memb",
    "member",
    "membership",
    "no",
    "nr",
    "number",
    "card",
];

/// Why somebody may have paid a line, or why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The whole name stands in the text.
    WholeName,
    /// The family name with the first letter of another one.
    Initial,
    /// A part of the name stands in the text.
    PartOfName,
    /// A part of the name is cut off or one letter is wrong.
    Misspelt,
    /// Another first name stands in the text.
    OtherName,
    /// The number on the card stands in the text.
    Number,
    /// Just this is due.
    AmountDue,
    /// Something else is due.
    OtherAmount,
    /// The text tells of dues.
    TellsOfDues,
    /// This account paid for this person before.
    KnownAccount,
    /// This text was booked for this person before.
    KnownText,
    /// This account or text was booked for several people.
    KnownForSeveral,
    /// Somebody of the same household is named.
    Household,
    /// Is a member no longer.
    Former,
    /// Never was a member.
    NoMember,
}

impl Reason {
    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::WholeName => "the whole name stands in the text",
            Self::Initial => "the name stands in the text with a first letter",
            Self::PartOfName => "a part of the name stands in the text",
            Self::Misspelt => "the name is written a little differently",
            Self::OtherName => "but another first name stands in the text",
            Self::Number => "the number of the membership stands in the text",
            Self::AmountDue => "just this much is due",
            Self::OtherAmount => "but another amount is due",
            Self::TellsOfDues => "the text tells of dues",
            Self::KnownAccount => "this account paid for them before",
            Self::KnownText => "the same text was booked for them before",
            Self::KnownForSeveral => "the same was booked for several people before",
            Self::Household => "somebody of the household is named",
            Self::Former => "but they have left",
            Self::NoMember => "but they are not a member",
        }
    }
}

/// Somebody who may have paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// How many points speak for them.
    pub score: i32,
    /// Why.
    pub reasons: Vec<Reason>,
    /// Points by the name alone.
    by_name: i32,
}

/// What is thought of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Matched {
    /// It is this person's payment.
    Matched(Candidate),
    /// One of these may have paid it, the likeliest first.
    Suggested(Vec<Candidate>),
    /// Nobody is known who may have.
    Unknown,
}

impl Matched {
    /// Whoever comes first.
    pub fn best(&self) -> Option<&Candidate> {
        match self {
            Self::Matched(one) => Some(one),
            Self::Suggested(all) => all.first(),
            Self::Unknown => None,
        }
    }
}

/// Who paid a line.
pub fn matched(line: &Line, payers: &Payers) -> Matched {
    if line.kind != LineKind::Payment {
        return Matched::Unknown;
    }
    let mut found = candidates(line, payers);
    found.retain(|candidate| candidate.score >= SUGGESTED);
    found.sort_by(|one, other| other.score.cmp(&one.score).then(one.person.cmp(&other.person)));
    let Some(best) = found.first() else {
        return Matched::Unknown;
    };
    if line.came_in() && is_sure(best, &found[1..], payers) {
        return Matched::Matched(best.clone());
    }
    found.truncate(SHOWN);
    Matched::Suggested(found)
}

/// Whether nobody else could be meant.
fn is_sure(best: &Candidate, others: &[Candidate], payers: &Payers) -> bool {
    let standing = |person: PersonId| payers.at(person).map(|at| payers.payer(at));
    if best.score < MATCHED || standing(best.person).is_none_or(|payer| payer.standing != Standing::Member) {
        return false;
    }
    let said = [Reason::KnownAccount, Reason::Number];
    let said = said.iter().any(|reason| best.reasons.contains(reason));
    // Somebody whose name fits as well, and of whom nothing is known yet, may have begun to pay.
    let may_begin = |other: &Candidate| {
        let payer = standing(other.person);
        let new = payer.is_some_and(|payer| payer.standing == Standing::Member && !payer.learned);
        new && other.by_name > 0 && other.by_name >= best.by_name
    };
    others
        .iter()
        .all(|other| best.score - other.score >= AHEAD && (said || !may_begin(other)))
}

/// What speaks for somebody so far.
#[derive(Debug, Clone, Default)]
struct Signs {
    /// Which parts of the name were found, and how well.
    parts: BTreeMap<usize, Likeness>,
    number: i32,
    learned: Option<(i32, Reason)>,
}

fn candidates(line: &Line, payers: &Payers) -> Vec<Candidate> {
    let text = words(&line.text());
    let mut signs: BTreeMap<usize, Signs> = BTreeMap::new();
    named(&text, payers, &mut signs);
    numbered(&text, payers, &mut signs);
    learned(line, payers, &mut signs);
    let dues = tells_of_dues(&text);
    let weigh = |(at, signs): (&usize, &Signs)| {
        candidate(payers.payer(*at), signs, &text, payers, (line.amount, dues))
    };
    let mut found: Vec<Candidate> = signs.iter().map(weigh).collect();
    of_the_household(&mut found, payers, line.amount);
    found
}

/// Whose names stand in the text.
fn named(text: &[String], payers: &Payers, signs: &mut BTreeMap<usize, Signs>) {
    for (at, word) in text.iter().enumerate() {
        if word.chars().count() < 2 {
            continue;
        }
        let cut = at + 1 == text.len() || word.len() >= 6;
        for (part, likeness) in payers.meant(word, cut) {
            for holder in payers.holders(part) {
                let parts = &payers.payer(*holder).parts;
                // A word stands for one part of a name: not for Davis where it is David's.
                let taken = likeness == Likeness::Near && parts.contains(word);
                let place = parts.iter().position(|known| known == part).filter(|_| !taken);
                if let Some(place) = place {
                    let parts = &mut signs.entry(*holder).or_default().parts;
                    let found = parts.entry(place).or_insert(likeness);
                    *found = (*found).max(likeness);
                }
            }
        }
    }
}

/// Whose number stands in the text: "M0123", "member no 123", or three figures and more alone.
fn numbered(text: &[String], payers: &Payers, signs: &mut BTreeMap<usize, Signs>) {
    for (at, word) in text.iter().enumerate() {
        let figures = word.trim_start_matches(|sign: char| !sign.is_ascii_digit());
        let before = &word[..word.len() - figures.len()];
        let Ok(number) = figures.parse::<u32>() else {
            continue;
        };
        let said = BEFORE_NUMBERS.contains(&before)
            || (before.is_empty() && at > 0 && BEFORE_NUMBERS.contains(&text[at - 1].as_str()));
        let points = match (said, before.is_empty() && (3..=5).contains(&figures.len())) {
            (true, _) => 100,
            (false, true) => 45,
            (false, false) => continue,
        };
        if let Some(payer) = payers.with_number(number) {
            let found = signs.entry(payer).or_default();
            found.number = found.number.max(points);
        }
    }
}

/// For whom the account or the text was booked before.
fn learned(line: &Line, payers: &Payers, signs: &mut BTreeMap<usize, Signs>) {
    for key in keys(line) {
        let known = payers.learned(&key);
        let (points, reason) = match (known.len(), key.starts_with("account")) {
            (0, _) => continue,
            (1, true) => (130, Reason::KnownAccount),
            (1, false) => (85, Reason::KnownText),
            (_, true) => (60, Reason::KnownForSeveral),
            (_, false) => (40, Reason::KnownForSeveral),
        };
        for at in known.iter().filter_map(|id| payers.at(*id)) {
            let found = signs.entry(at).or_default();
            if found.learned.is_none_or(|(before, _)| before < points) {
                found.learned = Some((points, reason));
            }
        }
    }
}

fn candidate(
    payer: &Payer,
    signs: &Signs,
    text: &[String],
    payers: &Payers,
    (amount, dues): (Money, bool),
) -> Candidate {
    let mut reasons = Vec::new();
    let by_name = name_points(payer, signs, text, payers, &mut reasons);
    let mut score = by_name + signs.number;
    if signs.number > 0 {
        reasons.push(Reason::Number);
    }
    if let Some((points, reason)) = signs.learned {
        score += points;
        reasons.push(reason);
    }
    score += amount_points(payer.due, amount, &mut reasons);
    if dues && score > 0 {
        score += 10;
        reasons.push(Reason::TellsOfDues);
    }
    match payer.standing {
        Standing::Member => {}
        Standing::Former(_) => {
            score -= 50;
            reasons.push(Reason::Former);
        }
        Standing::Other => {
            score -= 40;
            reasons.push(Reason::NoMember);
        }
    }
    Candidate {
        person: payer.id,
        name: payer.name.clone(),
        score,
        reasons,
        by_name,
    }
}

/// How well the name fits.
fn name_points(
    payer: &Payer,
    signs: &Signs,
    text: &[String],
    payers: &Payers,
    reasons: &mut Vec<Reason>,
) -> i32 {
    let (found, all) = (signs.parts.len(), payer.parts.len());
    if found == 0 {
        return 0;
    }
    let near = signs
        .parts
        .values()
        .filter(|likeness| **likeness == Likeness::Near)
        .count();
    if near > 0 {
        reasons.push(Reason::Misspelt);
    }
    let less = i32::try_from(near).unwrap_or(0) * 15;
    if found == all && all > 1 {
        reasons.push(Reason::WholeName);
        return 120 - less;
    }
    let missing = payer
        .parts
        .iter()
        .enumerate()
        .filter(|(place, _)| !signs.parts.contains_key(place));
    let missing: Vec<&String> = missing.map(|(_, part)| part).collect();
    let initials: Vec<&String> = text.iter().filter(|word| word.chars().count() == 1).collect();
    let begun = |part: &&String| initials.iter().any(|initial| part.starts_with(initial.as_str()));
    if missing.iter().any(begun) {
        reasons.push(Reason::Initial);
        return 90 - less;
    }
    // One name alone is the whole of it for whoever has but one; two of three are nearly the whole.
    if found >= 2 {
        reasons.push(Reason::PartOfName);
        return 95 - less;
    }
    let theirs = |word: &&String| payer.parts.contains(word);
    let another = text
        .iter()
        .any(|word| word.chars().count() > 1 && payers.is_name(word) && !theirs(&word));
    if another || (!initials.is_empty() && !missing.is_empty()) {
        reasons.push(Reason::OtherName);
        return 20 - less;
    }
    reasons.push(Reason::PartOfName);
    55 - less
}

fn amount_points(due: Option<Money>, amount: Money, reasons: &mut Vec<Reason>) -> i32 {
    let Some(due) = due.filter(|due| due.minor() > 0) else {
        return 0;
    };
    if amount.minor().abs() == due.minor() {
        reasons.push(Reason::AmountDue);
        return 20;
    }
    // Several periods at once.
    if amount.minor().abs() % due.minor() == 0 {
        return 0;
    }
    reasons.push(Reason::OtherAmount);
    -10
}

/// Where one who is no member is named, the one member of the same household may be meant: partners pay for each other.
fn of_the_household(found: &mut Vec<Candidate>, payers: &Payers, amount: Money) {
    let strong = |candidate: &&Candidate| candidate.by_name >= 90;
    let others: Vec<PersonId> = found
        .iter()
        .filter(strong)
        .map(|candidate| candidate.person)
        .collect();
    for person in others {
        let Some(named) = payers.at(person).map(|at| payers.payer(at)) else {
            continue;
        };
        if named.standing == Standing::Member || named.household.is_none() {
            continue;
        }
        for at in payers.of_household(named.household) {
            let payer = payers.payer(at);
            if payer.standing != Standing::Member
                || found
                    .iter()
                    .any(|known| known.person == payer.id && known.score >= SUGGESTED)
            {
                continue;
            }
            found.retain(|known| known.person != payer.id);
            let mut reasons = vec![Reason::Household];
            let score = 50 + amount_points(payer.due, amount, &mut reasons);
            found.push(Candidate {
                person: payer.id,
                name: payer.name.clone(),
                score,
                reasons,
                by_name: 0,
            });
        }
    }
}
