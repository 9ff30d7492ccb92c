//! Rust source as the rules read it: without comments, without what stands in quotes, without tests.
//!
//! No parser: braces, quotes and comments are told apart, which is enough to count and to search.

use super::tree::{File, Tree};

/// One line of production code, blanked of comments and of text in quotes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// Its number, from 1.
    pub(crate) number: usize,
    /// What is left of it.
    pub(crate) code: String,
}

/// The files of production code: those of the crates, not those that only hold tests.
pub(crate) fn production(tree: &Tree) -> impl Iterator<Item = &File> {
    tree.files.iter().filter(|file| {
        let rooms = ["hardware/", "appliance/"];
        let tests = ["/tests/", "/benches/", "/examples/", "/fuzz/"];
        file.path.ends_with(".rs")
            && rooms.iter().any(|room| file.path.starts_with(room))
            && !tests.iter().any(|folder| file.path.contains(folder))
            && !file.path.ends_with("/tests.rs")
            && !file.path.ends_with("_tests.rs")
    })
}

/// The lines of a file that are not within an item marked `#[cfg(test)]`.
pub(crate) fn production_lines(text: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut depth_in_test: Option<i64> = None;
    for (index, code) in blanked(text).lines().enumerate() {
        let starts = code.trim_start().starts_with("#[cfg(test)]");
        match (&mut depth_in_test, starts) {
            (None, true) => depth_in_test = Some(0),
            (None, false) => lines.push(Line {
                number: index + 1,
                code: code.to_owned(),
            }),
            (Some(_), _) => {}
        }
        if let Some(depth) = &mut depth_in_test
            && item_ends(code, depth)
        {
            depth_in_test = None;
        }
    }
    lines
}

/// Counts braces on; true when the item that began before is complete with this line.
fn item_ends(code: &str, depth: &mut i64) -> bool {
    let before = *depth;
    *depth += braces(code);
    let closed = *depth <= 0 && code.contains('}');
    closed || (before == 0 && *depth == 0 && code.trim_end().ends_with(';'))
}

/// Opened less closed braces of one blanked line.
pub(crate) fn braces(code: &str) -> i64 {
    code.chars().fold(0, |depth, letter| match letter {
        '{' => depth + 1,
        '}' => depth - 1,
        _ => depth,
    })
}

/// Where the scanner stands in the text.
enum Within {
    Code,
    LineComment,
    BlockComment(usize),
    Quotes,
    RawQuotes(String),
}

/// The text with comments and the insides of quotes turned into spaces; lines stay lines.
pub(crate) fn blanked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut within = Within::Code;
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let (next, shown, length) = step(&within, rest, letter);
        for taken in rest[..length].chars() {
            out.push(if shown || taken == '\n' { taken } else { ' ' });
        }
        if let Some(next) = next {
            within = next;
        }
        rest = &rest[length..];
    }
    out
}

/// What comes next: the new state if it changes, whether this piece is shown, and how many bytes it has.
fn step(within: &Within, rest: &str, letter: char) -> (Option<Within>, bool, usize) {
    match within {
        Within::Code => step_in_code(rest, letter),
        Within::LineComment if letter == '\n' => (Some(Within::Code), true, 1),
        Within::LineComment => (None, false, letter.len_utf8()),
        Within::BlockComment(1) if rest.starts_with("*/") => (Some(Within::Code), false, 2),
        Within::BlockComment(depth) if rest.starts_with("*/") => {
            (Some(Within::BlockComment(depth - 1)), false, 2)
        }
        Within::BlockComment(depth) if rest.starts_with("/*") => {
            (Some(Within::BlockComment(depth + 1)), false, 2)
        }
        Within::Quotes if letter == '\\' => {
            let escaped = rest.chars().nth(1).map_or(0, char::len_utf8);
            (None, false, 1 + escaped)
        }
        Within::Quotes if letter == '"' => (Some(Within::Code), true, 1),
        Within::RawQuotes(end) if rest.starts_with(end.as_str()) => (Some(Within::Code), true, end.len()),
        Within::BlockComment(_) | Within::Quotes | Within::RawQuotes(_) => (None, false, letter.len_utf8()),
    }
}

fn step_in_code(rest: &str, letter: char) -> (Option<Within>, bool, usize) {
    if rest.starts_with("//") {
        return (Some(Within::LineComment), false, 2);
    }
    if rest.starts_with("/*") {
        return (Some(Within::BlockComment(1)), false, 2);
    }
    if letter == '"' {
        return (Some(Within::Quotes), true, 1);
    }
    if let Some((opening, end)) = raw_quotes(rest) {
        return (Some(Within::RawQuotes(end)), true, opening);
    }
    let length = if letter == '\'' { character(rest) } else { None };
    (None, length.is_none(), length.unwrap_or(letter.len_utf8()))
}

/// The length of the opening of a raw string, and what ends it.
fn raw_quotes(rest: &str) -> Option<(usize, String)> {
    let after = rest.strip_prefix('r')?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    after[hashes..]
        .starts_with('"')
        .then(|| (hashes + 2, format!("\"{}", "#".repeat(hashes))))
}

/// The length of a character in single quotes; `None` for a lifetime.
fn character(rest: &str) -> Option<usize> {
    let inside = rest.strip_prefix('\'')?;
    let first = inside.chars().next()?;
    if first != '\\' {
        let end = 1 + first.len_utf8();
        return rest[end..].starts_with('\'').then_some(end + 1);
    }
    inside
        .char_indices()
        .skip(2)
        .find(|(_, letter)| *letter == '\'')
        .map(|(at, _)| at + 2)
}

#[test]
fn comments_quotes_and_characters_are_blanked_and_lifetimes_are_not() {
    let text =
        "let a = \"x } \\\" y\"; // {\nlet b = '{'; /* { /* { */ */ fn f<'a>() {}\nlet c = r#\"{\"#; '\\''";
    let code = blanked(text);
    assert_eq!(code.lines().map(braces).collect::<Vec<_>>(), [0, 0, 0]);
    assert!(code.contains("fn f<'a>() {}"), "{code}");
    assert_eq!(code.lines().count(), 3);
}

#[test]
fn items_for_tests_are_left_out() {
    let text = "a\n#[cfg(test)]\nmod tests;\nb\n#[cfg(test)]\nmod more {\n fn x() {\n }\n}\nc\n";
    let numbers: Vec<usize> = production_lines(text).iter().map(|line| line.number).collect();
    assert_eq!(numbers, [1, 4, 10]);
}
