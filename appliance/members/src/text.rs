//! What people write, made fit to be kept: one line or several, no sign that cannot be shown; and folded for finding.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Why something written cannot be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// There is nothing in it.
    #[error("Write something here; it is empty now")]
    Empty,
    /// It is too long.
    #[error("This has {length} letters; write at most {most}")]
    TooLong {
        /// Its letters.
        length: usize,
        /// The most there may be.
        most: usize,
    },
    /// It holds a sign that cannot be shown.
    #[error("This holds a sign that cannot be shown; write it again")]
    Unshowable,
}

/// One line: spaces at the ends are gone, others are single.
pub fn line(text: &str, most: usize) -> Result<String, Unfit> {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    checked(line, most, |_| false)
}

/// One line or nothing.
pub fn optional_line(text: &str, most: usize) -> Result<Option<String>, Unfit> {
    match line(text, most) {
        Err(Unfit::Empty) => Ok(None),
        other => other.map(Some),
    }
}

/// Several lines, without spaces at their ends and empty lines at both ends.
pub fn paragraph(text: &str, most: usize) -> Result<String, Unfit> {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    checked(lines.join("\n").trim_matches('\n').to_owned(), most, |sign| {
        sign == '\n'
    })
}

/// Several lines or nothing.
pub fn optional_paragraph(text: &str, most: usize) -> Result<Option<String>, Unfit> {
    match paragraph(text, most) {
        Err(Unfit::Empty) => Ok(None),
        other => other.map(Some),
    }
}

fn checked(text: String, most: usize, also: impl Fn(char) -> bool) -> Result<String, Unfit> {
    let length = text.chars().count();
    if text.chars().any(|sign| unshowable(sign) && !also(sign)) {
        return Err(Unfit::Unshowable);
    }
    if !text.chars().any(is_seen) {
        return Err(Unfit::Empty);
    }
    if length > most {
        return Err(Unfit::TooLong { length, most });
    }
    Ok(text)
}

/// Whether a sign is seen where it stands alone. Those that join, part or mark letters, or turn their direction, are right in
/// some scripts and nothing alone.
fn is_seen(sign: char) -> bool {
    let unseen = matches!(
        sign,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{ffa0}'
            | '\u{e0000}'..='\u{e0fff}'
    );
    !unseen && !sign.is_whitespace() && !is_combining_mark(sign)
}

/// Signs that steer a machine, or turn the direction of what is written after them.
pub(crate) fn unshowable(sign: char) -> bool {
    sign.is_control()
        || matches!(sign, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

/// For finding and for order: small letters without marks, so that "Åsa" is found by "asa".
pub fn folded(text: &str) -> String {
    if text.is_ascii() {
        let words: Vec<&str> = text.split_ascii_whitespace().collect();
        return words.join(" ").to_ascii_lowercase();
    }
    let plain = text.nfkd().filter(|sign| !is_combining_mark(*sign));
    let small: String = plain.flat_map(char::to_lowercase).collect();
    small.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{Unfit, folded, line, optional_line, paragraph};

    #[test]
    fn what_is_written_is_made_fit() {
        assert_eq!(
            paragraph("\n one \r\n\r\ntwo\n\n", 20).as_deref(),
            Ok(" one\n\ntwo")
        );
        assert_eq!(line(" a\n b ", 10).as_deref(), Ok("a b"));
        assert_eq!(optional_line("   ", 10), Ok(None));
        assert_eq!(line("abc", 2), Err(Unfit::TooLong { length: 3, most: 2 }));
        assert_eq!(line("a\u{202e}b", 10), Err(Unfit::Unshowable));
        // The joiner between two letters is right in Persian.
        assert!(line("می\u{200c}خواهم", 10).is_ok());
    }

    #[test]
    fn what_nobody_sees_is_nothing() {
        for unseen in [
            "\u{200b}",
            "\u{200e}",
            "\u{200f} \u{200f}",
            "\u{3164}",
            "\u{115f}",
            "\u{2800}",
            "\u{ad}",
            "\u{fe0f}",
            "\u{301}",
            "\u{61c}",
            "\u{e0041}\u{e007f}",
        ] {
            assert_eq!(line(unseen, 10), Err(Unfit::Empty), "{}", unseen.escape_unicode());
            assert_eq!(optional_line(unseen, 10), Ok(None));
        }
        for seen in [
            "李",
            "می\u{200c}خواهم",
            "🌻",
            "क्षि",
            "\u{200f}محمد",
            "o\u{308}",
            "-",
        ] {
            assert!(line(seen, 10).is_ok(), "{seen}");
        }
    }

    #[test]
    fn letters_are_found_without_their_marks() {
        assert_eq!(folded("Åsa  ÖBERG"), "asa oberg");
        assert_eq!(folded("Nguyễn"), "nguyen");
        assert_eq!(folded("ﬁne"), "fine");
        assert_eq!(folded("Łódź"), "łodz");
    }
}
