//! The text of a letter: plain, with a few marks, and with places for what is the person's own.
//!
//! A line that begins with `# ` or `## ` is a heading, one with `- ` an entry of a list; `[words](address)` is a link;
//! `{name}` is a place. Everything else means itself.

mod read;
pub mod show;

use std::collections::BTreeSet;

use super::places::Place;

/// The longest text, in letters: three pages. In any script it fits into one form that a browser sends.
pub const LONGEST: usize = 6_000;

/// Why a text cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextFault {
    /// There is nothing in it.
    #[error("Write the letter; it is empty now")]
    Empty,
    /// It is too long.
    #[error("The letter has {length} letters; write at most {LONGEST}, which is about three pages")]
    TooLong {
        /// Its letters.
        length: usize,
    },
    /// It holds a sign that cannot be shown.
    #[error("Line {line} holds a sign that cannot be shown; write it again")]
    Unshowable {
        /// Where.
        line: usize,
    },
    /// There is no such place.
    #[error(
        "Line {line} has {{{word}}}, and there is nothing of that name. You can use {}",
        Place::all_written()
    )]
    NoSuchPlace {
        /// Where.
        line: usize,
        /// What stands between the braces.
        word: String,
    },
    /// A link leads nowhere.
    #[error(
        "The link in line {line} leads to \"{to}\", which is no address. Begin it with https://, http:// or mailto:"
    )]
    BadLink {
        /// Where.
        line: usize,
        /// What it leads to.
        to: String,
    },
}

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bit {
    /// Words.
    Words(String),
    /// A place.
    Place(Place),
    /// Words that lead to an address.
    Link {
        /// The words.
        words: String,
        /// Where they lead.
        to: String,
    },
}

/// A line: its pieces in their order.
pub type Line = Vec<Bit>;

/// A part of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading.
    Heading(Line),
    /// A lesser heading.
    Lesser(Line),
    /// Lines that stand together.
    Paragraph(Vec<Line>),
    /// A list.
    List(Vec<Line>),
}

/// A text that was read and found good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    blocks: Vec<Block>,
}

impl Text {
    /// Reads what somebody wrote.
    pub fn parse(written: &str) -> Result<Self, TextFault> {
        Ok(Self {
            blocks: read::blocks(written)?,
        })
    }

    /// Its parts in their order.
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// The places that it has.
    pub fn places(&self) -> BTreeSet<Place> {
        let lines = self.blocks.iter().flat_map(|block| match block {
            Block::Heading(line) | Block::Lesser(line) => std::slice::from_ref(line),
            Block::Paragraph(lines) | Block::List(lines) => lines.as_slice(),
        });
        lines
            .flatten()
            .filter_map(|bit| match bit {
                Bit::Place(place) => Some(*place),
                Bit::Words(_) | Bit::Link { .. } => None,
            })
            .collect()
    }
}
