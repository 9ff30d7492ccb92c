//! What a house decides for itself about its book: classes of membership, its own questions, and the tags.

mod form;

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::person::Person;
use crate::record::{Newer, record, words};
use crate::text::folded;

pub use form::{class_of, field_of, tag_of};

words! {
    /// What is answered to a question that the house asks.
    pub enum FieldKind {
        /// Any words in one line.
        1 Text = "words";
        /// One of the answers that the house offers.
        2 Choice = "one of these answers";
        /// A day.
        3 Date = "a day";
        /// Yes or no.
        4 YesNo = "yes or no";
        /// A whole number.
        5 Number = "a number";
    }
}

record! {
    /// A question that the house asks everybody, beside those that Hearth knows. By its key, which never changes.
    pub struct CustomField in "custom-fields" by String {
        /// The question in a few words.
        1 label: String => "Question", Rules, NotPersonal, WhileInForce;
        /// What helps to answer it.
        2 help: Option<String> => "Help", Rules, NotPersonal, WhileInForce;
        /// Why the house asks: whoever is asked can read it.
        3 why: String => "Why we ask", Rules, NotPersonal, WhileInForce;
        /// What is answered.
        4 kind: FieldKind => "Kind of answer", Rules, NotPersonal, WhileInForce;
        /// The answers that are offered, where they are.
        5 choices: Vec<String> => "Answers", Rules, NotPersonal, WhileInForce;
        /// Whether people may change the answer themselves.
        6 own: bool => "You may change it yourself", Rules, NotPersonal, WhileInForce;
    }
}

record! {
    /// A word by which stewards find people. Its key is its name, folded.
    pub struct Tag in "tags" by String {
        /// The word.
        1 name: String => "Tag", Rules, NotPersonal, WhileInForce;
        /// What it stands for: whoever has it can read it.
        2 meaning: String => "What it stands for", Rules, NotPersonal, WhileInForce;
    }
}

record! {
    /// A class of membership, by its key.
    pub struct Class in "classes" by String {
        /// What it is called.
        1 label: String => "Class", Rules, NotPersonal, WhileInForce;
        /// Whether whoever is in it votes.
        2 votes: bool => "Votes", Rules, NotPersonal, WhileInForce;
        /// The youngest age, where there is one.
        3 age_from: Option<u8> => "From age", Rules, NotPersonal, WhileInForce;
        /// The age from which one is too old, where there is one.
        4 age_below: Option<u8> => "Below age", Rules, NotPersonal, WhileInForce;
        /// Whether a decision admits, so that an application comes first.
        5 by_decision: bool => "Admitted by a decision", Rules, NotPersonal, WhileInForce;
        /// Whether nobody new comes into it.
        6 closed: bool => "Closed to new members", Rules, NotPersonal, WhileInForce;
    }
}

/// The classes that every house begins with: key, label, votes, age below.
const BEGINNING: [(&str, &str, bool, Option<u8>); 4] = [
    ("member", "Member", true, None),
    ("associate", "Associate", false, None),
    ("youth", "Youth", false, Some(18)),
    ("organisation", "Organisation", true, None),
];

/// What the house decided.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct House {
    /// Its questions, by their keys.
    pub fields: BTreeMap<String, CustomField>,
    /// Its tags, by their keys.
    pub tags: BTreeMap<String, Tag>,
    /// The classes of membership, by their keys.
    pub classes: BTreeMap<String, Class>,
}

/// Why somebody does not fit into a class.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotOfClass {
    /// There is no such class.
    #[error("There is no class of membership \"{0}\". Choose one of the list")]
    NoSuchClass(String),
    /// Nobody new comes in.
    #[error("\"{0}\" is closed to new members. Choose another class")]
    Closed(String),
    /// The day of birth is not known.
    #[error("\"{0}\" asks for an age. Write down the day of birth first")]
    AgeUnknown(String),
    /// Too young.
    #[error("\"{label}\" is from {from} years on, and this person is {age}")]
    TooYoung {
        /// The class.
        label: String,
        /// From which age.
        from: u8,
        /// How old they are.
        age: i16,
    },
    /// Too old.
    #[error("\"{label}\" is for people below {below}, and this person is {age}")]
    TooOld {
        /// The class.
        label: String,
        /// Below which age.
        below: u8,
        /// How old they are.
        age: i16,
    },
}

impl House {
    /// The house of these rows; the classes that every house begins with are there unless it changed them.
    pub fn new(
        fields: BTreeMap<String, CustomField>,
        tags: BTreeMap<String, Tag>,
        changed: BTreeMap<String, Class>,
    ) -> Self {
        let beginning = BEGINNING.iter().map(|(key, label, votes, age_below)| {
            let class = Class {
                label: (*label).to_owned(),
                votes: *votes,
                age_from: None,
                age_below: *age_below,
                by_decision: true,
                closed: false,
                newer: Newer::default(),
            };
            ((*key).to_owned(), class)
        });
        let mut classes: BTreeMap<String, Class> = beginning.collect();
        classes.extend(changed);
        Self {
            fields,
            tags,
            classes,
        }
    }

    /// A house that has decided nothing yet.
    pub fn begun() -> Self {
        Self::new(BTreeMap::new(), BTreeMap::new(), BTreeMap::new())
    }

    /// What a class is called; its key where the house does not know it.
    pub fn class_label<'a>(&'a self, key: &'a str) -> &'a str {
        self.classes.get(key).map_or(key, |class| class.label.as_str())
    }

    /// The key of the class that somebody calls so: by its key or by what it is called.
    pub fn class_named(&self, words: &str) -> Option<&str> {
        let wanted = folded(words);
        let mut classes = self.classes.iter();
        let found = classes.find(|(key, class)| **key == wanted || folded(&class.label) == wanted);
        found.map(|(key, _)| key.as_str())
    }

    /// That somebody may come into a class on a day.
    pub fn fits(&self, key: &str, person: &Person, on: Date) -> Result<(), NotOfClass> {
        let class = self
            .classes
            .get(key)
            .ok_or_else(|| NotOfClass::NoSuchClass(key.to_owned()))?;
        if class.closed {
            return Err(NotOfClass::Closed(class.label.clone()));
        }
        if class.age_from.is_none() && class.age_below.is_none() {
            return Ok(());
        }
        let age = person
            .age(on)
            .ok_or_else(|| NotOfClass::AgeUnknown(class.label.clone()))?;
        let label = || class.label.clone();
        match (class.age_from, class.age_below) {
            (Some(from), _) if age < i16::from(from) => Err(NotOfClass::TooYoung {
                label: label(),
                from,
                age,
            }),
            (_, Some(below)) if age >= i16::from(below) => Err(NotOfClass::TooOld {
                label: label(),
                below,
                age,
            }),
            _ => Ok(()),
        }
    }

    /// Whether the house keeps days of birth for a purpose: only where a class asks for an age may anybody be chosen by
    /// theirs.
    pub fn asks_for_age(&self) -> bool {
        self.classes
            .values()
            .any(|class| class.age_from.is_some() || class.age_below.is_some())
    }
}

/// A key for something called `label`: small plain letters and dashes, and not one of those that `taken` knows.
pub fn key_for(label: &str, taken: impl Fn(&str) -> bool) -> String {
    let plain: String = folded(label)
        .chars()
        .map(|sign| if sign.is_ascii_alphanumeric() { sign } else { '-' })
        .collect();
    let words: Vec<&str> = plain.split('-').filter(|word| !word.is_empty()).collect();
    let stem: String = words.join("-").chars().take(40).collect();
    let stem = if stem.is_empty() { "own".to_owned() } else { stem };
    if !taken(&stem) {
        return stem;
    }
    let numbered = (2_u32..).map(|number| format!("{stem}-{number}"));
    numbered.into_iter().find(|key| !taken(key)).unwrap_or(stem)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use jiff::civil::date;
    use units::Instant;

    use super::{House, NotOfClass, key_for};
    use crate::person::Person;

    #[test]
    fn a_class_with_an_age_wants_to_know_it() {
        let house = House::new(BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let mut leap = Person::named("Leap", Instant::from_millis(0)).expect("a name");
        let today = date(2026, 2, 28);
        assert_eq!(house.fits("member", &leap, today), Ok(()));
        assert_eq!(
            house.fits("youth", &leap, today),
            Err(NotOfClass::AgeUnknown("Youth".to_owned()))
        );
        leap.born = Some(date(2008, 2, 29));
        assert_eq!(house.fits("youth", &leap, today), Ok(()), "18 on 1 March only");
        assert!(matches!(
            house.fits("youth", &leap, date(2026, 3, 1)),
            Err(NotOfClass::TooOld { age: 18, .. })
        ));
        assert!(matches!(
            house.fits("pirate", &leap, today),
            Err(NotOfClass::NoSuchClass(_))
        ));
        assert!(house.asks_for_age());
    }

    #[test]
    fn keys_are_plain_and_never_given_twice() {
        assert_eq!(key_for("T-shirt size?", |_| false), "t-shirt-size");
        assert_eq!(key_for("Größe", |_| false), "gro-e");
        assert_eq!(key_for("年齢", |_| false), "own");
        assert_eq!(key_for("Size", |key| key == "size" || key == "size-2"), "size-3");
    }
}
