//! Every model of the table against the words that pysunspec2 writes and the values that it reads from them.

use std::collections::BTreeSet;

use super::{Fact, Factor, Place, all, model};
use crate::coding::{Coding, Kind, Scale};
use crate::decode;

/// The words of hexadecimal digits.
fn words(digits: &str) -> Vec<u16> {
    let digits: Vec<char> = digits.chars().collect();
    digits
        .chunks(4)
        .map(|word| word.iter().collect::<String>())
        .map(|word| u16::from_str_radix(&word, 16).expect("four digits"))
        .collect()
}

/// What Hearth reads at a point, in millionths, as the fixture writes it.
fn read(fact: &Fact, image: &[u16]) -> String {
    let own = &image[usize::from(fact.offset)..usize::from(fact.offset + fact.size)];
    if let Kind::Text(_) = fact.kind {
        return decode::text(own).unwrap_or_else(|| "-".to_owned());
    }
    let exponent = match fact.factor {
        Factor::None => 0,
        Factor::Constant(exponent) => exponent,
        Factor::Point { offset, .. } => decode::scale_factor(image[usize::from(offset)]).expect("a factor"),
    };
    let coding = Coding {
        scale: Scale {
            multiply: 1_000_000,
            divide: 1,
        },
        ..Coding::plain(fact.kind)
    };
    match decode::decode_words(&coding, own, exponent) {
        Ok(number) => number.value.to_string(),
        Err(_) => "-".to_owned(),
    }
}

#[test]
fn every_point_is_read_as_pysunspec2_reads_it() {
    let mut image = Vec::new();
    let mut id = 0;
    let mut seen = BTreeSet::new();
    let mut points = 0;
    for line in include_str!("../../fixtures/sunspec-models.tsv").lines() {
        if line.starts_with('#') {
            continue;
        }
        let (key, value) = line.split_once('\t').expect("two columns");
        if let Some(number) = key.strip_prefix('=') {
            id = number.parse().expect("a model's number");
            image = words(value);
            seen.insert(id);
            let fixed = model(id).expect("a known model").length + 2;
            assert_eq!(image.len(), usize::from(fixed), "the fixed part of model {id}");
            continue;
        }
        let fact = model(id).and_then(|model| model.point(key)).expect(key);
        assert_eq!(fact.place, Place::Fixed);
        assert_eq!(read(fact, &image), value, "{key} of model {id}");
        points += 1;
    }
    assert_eq!(seen, all().iter().map(|model| model.id).collect());
    assert!(points > 2_000, "{points}");
}
