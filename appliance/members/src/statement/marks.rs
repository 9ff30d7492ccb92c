//! By what a line is known again, so that the same file read twice, or two files that overlap, bring nothing twice.
//!
//! A line with the bank's own number is known by it, with day and amount, since some banks give one number twice. Any
//! other is known by its day, amount and text, and by which of the lines of that day with the same it is: two people who
//! pay the same on one day with the same words are two lines.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest as _, Sha256};

use super::Line;
use crate::record::{Atom, Key, Named};

/// By what a line is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mark([u8; 16]);

impl Key for Mark {
    fn names(&self, _: &mut Named) {}

    fn to_key(&self) -> Vec<u8> {
        self.0.to_vec()
    }

    fn from_key(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }
}

impl Atom for Mark {
    fn to_bytes(&self) -> Vec<u8> {
        self.0.to_vec()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Self::from_key(bytes)
    }

    fn say(&self) -> String {
        "a sign by which the line is known again".to_owned()
    }
}

/// The mark of each line of a file, in their order; nothing for a line that stands in the file twice with one number.
pub fn marks(account: &str, lines: &[Line]) -> Vec<Option<Mark>> {
    let mut seen: BTreeMap<Vec<u8>, u32> = BTreeMap::new();
    let mut numbered = BTreeSet::new();
    let mark = |line: &Line| {
        let content = content(account, line);
        if line.id.is_some() {
            let mark = Mark(hash(&content, 0));
            return numbered.insert(mark).then_some(mark);
        }
        let nth = seen.entry(content.clone()).or_insert(0);
        *nth += 1;
        Some(Mark(hash(&content, *nth)))
    };
    lines.iter().map(mark).collect()
}

/// Everything that makes a line what it is, but its place among equal ones.
fn content(account: &str, line: &Line) -> Vec<u8> {
    let mut content = Vec::new();
    let mut put = |bytes: &[u8]| {
        content.extend(bytes);
        content.push(0);
    };
    put(crate::text::folded(account).as_bytes());
    put(&Atom::to_bytes(&line.date));
    put(&Atom::to_bytes(&line.amount));
    put(&[u8::from(line.id.is_some())]);
    match &line.id {
        Some(id) => put(id.as_bytes()),
        None => put(crate::text::folded(&line.text()).as_bytes()),
    }
    content
}

fn hash(content: &[u8], nth: u32) -> [u8; 16] {
    let whole = Sha256::new()
        .chain_update(content)
        .chain_update(nth.to_be_bytes())
        .finalize();
    let mut half = [0; 16];
    half.copy_from_slice(&whole[..16]);
    half
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use jiff::civil::date;
    use proptest::prelude::*;
    use units::{Currency, Money};

    use super::{Line, Mark, marks};

    fn line(day: i8, pence: i64, text: &str) -> Line {
        let mut line = Line::new(date(2026, 1, day), Money::new(pence, Currency::GBP));
        line.texts = vec![text.to_owned()];
        line
    }

    /// What a box that knows `known` takes of a file.
    fn take(known: &mut BTreeSet<Mark>, file: &[Line]) -> usize {
        let marks = marks("ours", file);
        marks
            .into_iter()
            .flatten()
            .filter(|mark| known.insert(*mark))
            .count()
    }

    #[test]
    fn two_equal_payments_on_one_day_are_two() {
        let file = [
            line(1, 500, "J SMITH"),
            line(1, 500, "J SMITH"),
            line(2, 500, "J SMITH"),
        ];
        let mut known = BTreeSet::new();
        assert_eq!(take(&mut known, &file), 3);
        assert_eq!(take(&mut known, &file), 0, "the same file twice brings nothing");
        // A file that was made in the middle of the day has one of them, the next one both.
        let mut known = BTreeSet::new();
        assert_eq!(take(&mut known, &file[..1]), 1);
        assert_eq!(take(&mut known, &file), 2);
    }

    #[test]
    fn the_banks_own_number_is_believed_with_day_and_amount() {
        let numbered = |day, pence| Line {
            id: Some("1".to_owned()),
            ..line(day, pence, "x")
        };
        let mut known = BTreeSet::new();
        // One bank counts from 1 every day.
        assert_eq!(
            take(
                &mut known,
                &[numbered(1, 500), numbered(2, 500), numbered(2, 700)]
            ),
            3
        );
        assert_eq!(take(&mut known, &[numbered(2, 700), numbered(2, 700)]), 0);
        let other_account = marks("theirs", &[numbered(1, 500)]);
        assert!(!known.contains(&other_account[0].expect("a mark")));
    }

    proptest! {
        #[test]
        fn files_that_overlap_bring_every_line_once(
            lines in prop::collection::vec((1_i8..10, 1_i64..4, 0_usize..3), 0..60),
            windows in prop::collection::vec((1_i8..10, 1_i8..10), 1..6),
        ) {
            let mut all: Vec<Line> = lines.iter().map(|(day, pounds, who)| line(*day, pounds * 100, ["A", "B", "C"][*who])).collect();
            all.sort_by_key(|line| line.date);
            let mut known = BTreeSet::new();
            let mut brought = 0;
            for (one, other) in windows {
                let days = one.min(other)..=one.max(other);
                let mut file: Vec<Line> = all.iter().filter(|line| days.contains(&line.date.day())).cloned().collect();
                brought += take(&mut known, &file);
                // In any order.
                file.reverse();
                prop_assert_eq!(take(&mut known, &file), 0);
            }
            prop_assert!(brought <= all.len());
            brought += take(&mut known, &all);
            prop_assert_eq!(brought, all.len());
        }
    }
}
