//! Lines of text as rows of cells.

use super::dialect::{self, Delimiter};
use super::grid::{Draft, Grid, Width};
use super::{Choice, Fault, Format, NoSheet, Sheet, encoding, kind, scan};

/// Reads a text.
pub(super) fn read(bytes: &[u8], choice: &Choice) -> Result<Sheet, NoSheet> {
    let decoded = encoding::decode(bytes, choice.encoding);
    kind::check_text(&decoded.text)?;
    let (said, body) = said_delimiter(&decoded.text);
    let (delimiter, marks) = dialect::marks(body, choice.delimiter.or(said));
    let mut grid = Grid::default();
    let mut lines = Lines::before(&decoded.text, body);
    for record in scan::records(body, marks) {
        let line = lines.line_at(body, record.start);
        let text = body.get(record.start..record.end).unwrap_or_default();
        let draft = match record.fault {
            Some(fault) => Draft::faulty(line, fault),
            None => {
                let draft = Draft::of(line, scan::cells(text, marks));
                match draft.column_with('\u{fffd}') {
                    Some(column) if decoded.unreadable => {
                        Draft::faulty(line, Fault::OtherEncoding { column })
                    }
                    _ => draft,
                }
            }
        };
        grid.push(draft)?;
    }
    let format = Format::Text {
        encoding: decoded.encoding,
        delimiter,
    };
    grid.settle(
        format,
        Vec::new(),
        choice.header_line,
        Width::Usual(delimiter.sign()),
    )
}

/// The delimiter that the first line tells in the way of Excel (`sep=;`), and the text after it.
fn said_delimiter(text: &str) -> (Option<Delimiter>, &str) {
    let end = text.find(['\n', '\r']).unwrap_or(text.len());
    let (first, rest) = text.split_at(end);
    let said = first.strip_prefix("sep=").and_then(|sign| {
        Delimiter::ALL
            .into_iter()
            .find(|delimiter| sign.chars().eq([delimiter.sign()]))
    });
    match said {
        Some(_) => (said, rest),
        None => (None, text),
    }
}

/// Counts the lines of a text as far as it is asked.
struct Lines {
    at: usize,
    line: usize,
}

impl Lines {
    /// At the beginning of `body`, which is the end of `text`.
    fn before(text: &str, body: &str) -> Self {
        let mut lines = Self { at: 0, line: 1 };
        let head = text.len() - body.len();
        // The end of the line in `head` still stands in `body`.
        lines.line_at(text, head);
        lines.at = 0;
        lines
    }

    /// The line on which this byte stands; not before one that was asked for already.
    fn line_at(&mut self, text: &str, byte: usize) -> usize {
        let passed = text.as_bytes().get(self.at..byte).unwrap_or_default();
        let mut before = 0;
        for sign in passed {
            // "\r\n" ends one line.
            self.line += usize::from(*sign == b'\r' || (*sign == b'\n' && before != b'\r'));
            before = *sign;
        }
        self.at = byte;
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::{Delimiter, Lines, said_delimiter};

    #[test]
    fn excel_may_tell_its_delimiter() {
        assert_eq!(
            said_delimiter("sep=;\r\na;b"),
            (Some(Delimiter::Semicolon), "\r\na;b")
        );
        assert_eq!(said_delimiter("sep=x\na,b"), (None, "sep=x\na,b"));
    }

    #[test]
    fn lines_are_counted_in_every_way_of_ending_them() {
        let text = "a\r\nb\nc\rd";
        let mut lines = Lines::before(text, text);
        let found = [0, 3, 5, 7].map(|byte| lines.line_at(text, byte));
        assert_eq!(found, [1, 2, 3, 4]);
    }
}
