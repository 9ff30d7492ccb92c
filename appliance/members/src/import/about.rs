//! What a column, a change or a remark is about: a field that every house has, a question or a tag of this one, or a part
//! of a record that only our own tables have.

use std::fmt;

use super::field::{Field, header_words};
use crate::house::{FieldKind, House};

/// What of a person is spoken of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum About {
    /// A field that every house has.
    Field(Field),
    /// The answer to a question of the house, by its key and its words.
    Question {
        /// The key.
        key: String,
        /// The words.
        label: String,
    },
    /// Whether somebody has a tag of the house.
    Tag(String),
    /// A part of a record, by what it is called for people.
    Part(&'static str),
}

/// What stands before the key of a question in the word of a column, and before a tag.
const QUESTION: &str = "question:";
const TAG: &str = "tag:";

impl About {
    /// Everything that a column can mean in a house.
    pub fn offered(house: &House) -> impl Iterator<Item = Self> {
        let fields = Field::ALL.iter().copied().map(Self::Field);
        fields.chain(of_the_house(house))
    }

    /// The first guess at what a column means, by its header.
    pub fn guess(header: &str, house: &House) -> Option<Self> {
        let words = header_words(header);
        let called = |about: &Self| match about {
            Self::Question { label, .. } | Self::Tag(label) => header_words(label) == words,
            Self::Field(_) | Self::Part(_) => false,
        };
        let own = || of_the_house(house).find(called);
        Field::guess(header).map(Self::Field).or_else(own)
    }

    /// What is meant by the word of a column, if the house still has it.
    pub fn parse(word: &str, house: &House) -> Option<Self> {
        match Field::parse(word) {
            Some(field) => Some(Self::Field(field)),
            None => of_the_house(house).find(|about| about.word() == word),
        }
    }

    /// The word of a column that means this.
    pub fn word(&self) -> String {
        match self {
            Self::Field(field) => field.word().to_owned(),
            Self::Question { key, .. } => format!("{QUESTION}{key}"),
            Self::Tag(name) => format!("{TAG}{name}"),
            Self::Part(_) => String::new(),
        }
    }

    /// Whether several columns may mean this: they are put together.
    pub fn several(&self) -> bool {
        matches!(self, Self::Field(field) if field.several())
    }

    /// Whether it holds a day.
    pub fn is_day(&self, house: &House) -> bool {
        match self {
            Self::Field(field) => field.is_day(),
            Self::Question { key, .. } => house
                .fields
                .get(key)
                .is_some_and(|field| field.kind == FieldKind::Date),
            Self::Tag(_) | Self::Part(_) => false,
        }
    }
}

/// The questions and tags of a house.
fn of_the_house(house: &House) -> impl Iterator<Item = About> {
    let questions = house.fields.iter().map(|(key, field)| About::Question {
        key: key.clone(),
        label: field.label.clone(),
    });
    questions.chain(house.tags.values().map(|tag| About::Tag(tag.name.clone())))
}

impl From<Field> for About {
    fn from(field: Field) -> Self {
        Self::Field(field)
    }
}

impl fmt::Display for About {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(field) => f.write_str(field.word()),
            Self::Question { label, .. } => f.write_str(label),
            Self::Tag(name) => write!(f, "tag {name}"),
            Self::Part(label) => f.write_str(label),
        }
    }
}
