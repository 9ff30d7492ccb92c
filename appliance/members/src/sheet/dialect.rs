//! How the cells of a text are parted: found out by trying.

use std::collections::BTreeMap;

use super::scan::{self, Marks, Seen};

/// What stands between two cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Delimiter {
    /// `,`
    Comma,
    /// `;`, where the comma parts whole numbers from fractions
    Semicolon,
    /// The tabulator.
    Tab,
    /// `|`
    Pipe,
}

impl Delimiter {
    /// All, the most usual first.
    pub const ALL: [Self; 4] = [Self::Comma, Self::Semicolon, Self::Tab, Self::Pipe];

    /// Its sign.
    pub const fn sign(self) -> char {
        match self {
            Self::Comma => ',',
            Self::Semicolon => ';',
            Self::Tab => '\t',
            Self::Pipe => '|',
        }
    }

    /// What it is called.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Comma => "comma",
            Self::Semicolon => "semicolon",
            Self::Tab => "tab",
            Self::Pipe => "pipe",
        }
    }

    /// The delimiter of this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|delimiter| delimiter.word() == word)
    }

    /// Its byte.
    pub(super) const fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
            Self::Pipe => b'|',
        }
    }
}

/// How much of a text is looked at: some hundred rows.
const SAMPLE_BYTES: usize = 1 << 16;

/// How the cells of this text are parted.
pub(super) fn marks(text: &str, wanted: Option<Delimiter>) -> (Delimiter, Marks) {
    let sample = sample(text);
    let tried = match &wanted {
        Some(wanted) => std::slice::from_ref(wanted),
        None => &Delimiter::ALL,
    };
    let backslashes: &[bool] = if sample.contains("\\\"") {
        &[false, true]
    } else {
        &[false]
    };
    let mut best = (0, 0);
    let usual = wanted.unwrap_or(Delimiter::Comma);
    let mut chosen = (usual, marks_of(usual, false));
    for delimiter in tried {
        for backslash in backslashes {
            let marks = marks_of(*delimiter, *backslash);
            let score = score(&scan::records(sample, marks));
            if score > best {
                best = score;
                chosen = (*delimiter, marks);
            }
        }
    }
    chosen
}

fn marks_of(delimiter: Delimiter, backslash: bool) -> Marks {
    Marks {
        delimiter: delimiter.byte(),
        backslash,
    }
}

/// The beginning of a text, up to the end of a line.
fn sample(text: &str) -> &str {
    if text.len() <= SAMPLE_BYTES {
        return text;
    }
    let whole = |end: &usize| text.is_char_boundary(*end);
    let end = (0..=SAMPLE_BYTES).rev().find(whole).unwrap_or(0);
    let begin = &text[..end];
    begin.rfind(['\n', '\r']).map_or(begin, |end| &begin[..end])
}

/// How well records agree on a width of at least two: how many of a thousand do, and the width.
fn score(records: &[Seen]) -> (usize, usize) {
    let whole = |record: &&Seen| record.fault.is_none() && !record.stray;
    let Some(width) = usual_width(records.iter().filter(whole).map(|record| record.width)) else {
        return (0, 0);
    };
    let agree = records
        .iter()
        .filter(whole)
        .filter(|record| record.width == width);
    match width {
        0 | 1 => (0, 0),
        _ => (agree.count() * 1_000 / records.len(), width),
    }
}

/// The width that stands for the table: the one whose records have the most cells together, so that a few lines of
/// preamble do not outvote a small table.
pub(super) fn usual_width(widths: impl Iterator<Item = usize>) -> Option<usize> {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for width in widths {
        *counts.entry(width).or_default() += width;
    }
    counts
        .into_iter()
        .max_by_key(|(_, cells)| *cells)
        .map(|(width, _)| width)
}

#[cfg(test)]
mod tests {
    use super::{Delimiter, marks};

    fn check(text: &str, expected: Delimiter) {
        assert_eq!(marks(text, None).0, expected, "{text:?}");
    }

    #[test]
    fn the_delimiter_is_the_one_on_which_rows_agree() {
        check("a,b\n1,2\n", Delimiter::Comma);
        check("a;b\n1,5;2\n3,5;4\n", Delimiter::Semicolon);
        check("a\tb, c\n1\t2\n", Delimiter::Tab);
        check("a|b\n1|2, 3\n", Delimiter::Pipe);
        check(
            "Name;Address\nAna;12, High St\nBob;3, Low St\n",
            Delimiter::Semicolon,
        );
        check(
            "List of members, 2026\n\nName;Town\nAna;Leeds\n",
            Delimiter::Semicolon,
        );
        check("just\none\ncolumn\n", Delimiter::Comma);
    }

    #[test]
    fn what_stands_in_quotation_marks_does_not_count() {
        check("a,\"x;y;z\"\nb,\"x;y;z\"\n", Delimiter::Comma);
        check("\"a;b\"\n\"c;d\"\n", Delimiter::Comma);
        check("\"a,b\";c\n\"d,e\";f\n", Delimiter::Semicolon);
    }

    #[test]
    fn a_backslash_before_a_quotation_mark_is_noticed() {
        let (delimiter, marks) = marks("a,b\n\"say \\\"x\\\", y\",2\n", None);
        assert!(marks.backslash && delimiter == Delimiter::Comma);
    }
}
