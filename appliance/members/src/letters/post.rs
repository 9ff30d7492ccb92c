//! The order in which letters are posted: by country, postcode, street and number, so that a round on foot is one walk.

use crate::person::Address;
use crate::text::folded;

/// A piece of an address for the order: numbers count as numbers, so that 9 stands before 10.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// A number.
    Number(u64),
    /// Letters.
    Letters(String),
}

/// What the order of posting goes by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PostingKey {
    country: String,
    postcode: Vec<Part>,
    lines: Vec<(Vec<Part>, Vec<Part>)>,
}

impl PostingKey {
    /// The key of an address.
    pub fn of(address: &Address) -> Self {
        let postcode = address.postcode.as_deref().unwrap_or_default();
        Self {
            country: folded(address.country.as_deref().unwrap_or_default()),
            postcode: parts(&folded(postcode).replace(' ', "")),
            // The town before the street, and the street before the flat.
            lines: address
                .lines
                .iter()
                .rev()
                .map(|line| street_first(line))
                .collect(),
        }
    }
}

/// The street, then its number.
fn street_first(line: &str) -> (Vec<Part>, Vec<Part>) {
    let line = folded(line);
    let leading = line
        .split_once(' ')
        .filter(|(first, _)| first.starts_with(|sign: char| sign.is_ascii_digit()));
    match leading {
        Some((number, street)) => (parts(street), parts(number)),
        None => (parts(&line), Vec::new()),
    }
}

fn parts(text: &str) -> Vec<Part> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let digits = first.is_ascii_digit();
        let end = rest
            .find(|sign: char| sign.is_ascii_digit() != digits)
            .unwrap_or(rest.len());
        let (part, after) = rest.split_at(end);
        found.push(match part.parse() {
            Ok(number) if digits => Part::Number(number),
            _ => Part::Letters(part.to_owned()),
        });
        rest = after;
    }
    found
}

/// Whether two addresses are one: capital letters, spaces and marks aside.
pub fn same(one: &Address, other: &Address) -> bool {
    let plain = |address: &Address| {
        let lines: Vec<String> = address.lines.iter().map(|line| folded(line)).collect();
        let postcode = folded(address.postcode.as_deref().unwrap_or_default()).replace(' ', "");
        (
            lines,
            postcode,
            folded(address.country.as_deref().unwrap_or_default()),
        )
    };
    plain(one) == plain(other)
}

/// The lines of an address as they stand on an envelope, without the name.
pub fn lines(address: &Address) -> Vec<String> {
    let all = address
        .lines
        .iter()
        .chain(&address.postcode)
        .chain(&address.country);
    all.filter(|line| !line.trim().is_empty()).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::{PostingKey, same};
    use crate::person::Address;
    use crate::record::Newer;

    fn address(street: &str, postcode: &str) -> Address {
        Address {
            lines: vec![street.to_owned(), "Bristol".to_owned()],
            postcode: Some(postcode.to_owned()),
            country: None,
            newer: Newer::default(),
        }
    }

    #[test]
    fn the_round_goes_up_the_street() {
        let sorted = |mut list: Vec<(&'static str, &'static str)>| {
            list.sort_by_key(|(street, postcode)| PostingKey::of(&address(street, postcode)));
            list
        };
        let right = vec![
            ("9 High Street", "BS5 6AA"),
            ("10 High Street", "BS5 6AA"),
            ("10a High Street", "BS5 6AA"),
            ("1 Low Street", "BS5 6AA"),
            ("1 Low Street", "BS16 1AA"),
        ];
        let mut shuffled = right.clone();
        shuffled.reverse();
        assert_eq!(sorted(shuffled), right);
    }

    #[test]
    fn one_address_is_known_in_other_letters() {
        assert!(same(
            &address("1 High Street", "BS5 6AA"),
            &address("1 HIGH  street", "bs56aa")
        ));
        assert!(!same(
            &address("1 High Street", "BS5 6AA"),
            &address("1a High Street", "BS5 6AA")
        ));
    }
}
