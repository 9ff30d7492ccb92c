//! Records keep what they are given, tell it with their labels, and keep what a newer Hearth wrote.

#![expect(
    unreachable_pub,
    dead_code,
    reason = "what the macros make is public, and here it belongs to a test"
)]

use std::collections::{BTreeMap, BTreeSet};

use expect_test::expect;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use units::{Currency, Instant, Money, PersonId};

use super::{Damaged, Newer, Record, put_field};

words! {
    /// A case.
    pub enum Colour {
        /// Red.
        1 Red = "red";
        /// Blue.
        2 Blue = "blue";
    }
}

record! {
    /// Something kept within something else.
    pub struct Inner {
        /// A word.
        1 word: String => "Word", Contact, Consent, WhileInForce;
    }
}

record! {
    /// Something of every kind.
    pub struct Sample in "samples" by PersonId {
        /// A name.
        1 name: String => "Name", Membership, Contract, AfterLeaving(1);
        /// Perhaps a date.
        2 born: Option<Date> => "Born", Membership, Contract, AfterLeaving(1);
        /// Some colours.
        3 colours: BTreeSet<Colour> => "Colours", Access, ExplicitConsent, WhileInForce;
        /// Inner ones.
        4 inner: Vec<Inner> => "Inner", Contact, Consent, WhileInForce;
        /// Pairs.
        5 pairs: BTreeMap<String, String> => "Pairs", Membership, Contract, AfterLeaving(1);
        /// Money.
        6 paid: Money => "Paid", Money, LegalObligation, AfterEntry(6);
        /// A moment.
        7 at: Instant => "Written", Accountability, LegitimateInterest, AfterEntry(6);
    }
}

fn sample() -> Sample {
    Sample {
        name: "Åsa".to_owned(),
        born: Some(date(2004, 2, 29)),
        colours: [Colour::Blue, Colour::Red].into(),
        inner: vec![Inner {
            word: "here".to_owned(),
            newer: Newer::default(),
        }],
        pairs: [("a".to_owned(), "b".to_owned())].into(),
        paid: Money::new(-250, Currency::GBP),
        at: Instant::from_millis(1_764_000_000_000),
        newer: Newer::default(),
    }
}

#[test]
fn a_record_tells_its_fields_with_their_labels() {
    let lines: Vec<String> = sample()
        .told()
        .iter()
        .map(|told| format!("{}: {}", told.rule.label, told.values.join(" | ")))
        .collect();
    expect![[r"
        Name: Åsa
        Born: 2004-02-29
        Colours: red | blue
        Inner: Word: here
        Pairs: a: b
        Paid: -£2.50
        Written: 2025-11-24 16:00 UTC"]]
    .assert_eq(&lines.join("\n"));
}

#[test]
fn what_a_newer_hearth_wrote_stays() {
    let mut bytes = sample().encode();
    put_field(&mut bytes, 99, b"of the future");
    let read = Sample::decode(&bytes).expect("sound");
    assert_eq!(read.encode(), bytes);
    assert_eq!(read.name, "Åsa");
}

#[test]
fn damage_is_named() {
    let bytes = sample().encode();
    assert!(Sample::decode(&bytes[..bytes.len() - 1]).is_err());
    assert_eq!(Sample::decode(&[1]), Err(Damaged("Sample.name")));
    assert_eq!(Sample::decode(&[]), Err(Damaged("Sample")));
}

proptest! {
    #[test]
    fn records_come_back(name in ".{0,20}", word in ".{0,20}", minor in any::<i64>(), day in 0_i32..40_000) {
        let born = date(1900, 1, 1).checked_add(jiff::Span::new().days(day)).ok();
        let record = Sample {
            name,
            born,
            paid: Money::new(minor, Currency::GBP),
            inner: vec![Inner { word: word.clone(), newer: Newer::default() }],
            pairs: [(word.clone(), word)].into(),
            ..sample()
        };
        let bytes = record.encode();
        prop_assert_eq!(Sample::decode(&bytes), Ok(record));
    }

    #[test]
    fn nonsense_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        let mut marked = vec![1];
        marked.extend(&bytes);
        let _ = Sample::decode(&marked);
        let _ = Sample::decode(&bytes);
    }
}
