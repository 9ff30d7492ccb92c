//! Lines of text as records: where each begins, how many cells it has, what stands in them, and where quotation marks
//! make no sense. A mark that makes none costs its own line and no other; a reader that follows the letter of the
//! format would swallow the rows after it.

use super::Fault;

/// How cells are parted and quotation marks are told from text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Marks {
    /// What stands between two cells.
    pub(super) delimiter: u8,
    /// Whether a quotation mark inside a cell is written with a backslash, as databases do.
    pub(super) backslash: bool,
}

/// One record as it was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seen {
    /// Its first byte.
    pub(super) start: usize,
    /// The first byte after it.
    pub(super) end: usize,
    /// Its cells.
    pub(super) width: usize,
    /// Whether a quotation mark stands within a cell that is not in quotation marks.
    pub(super) stray: bool,
    /// What is wrong with it.
    pub(super) fault: Option<Fault>,
}

/// All records of a text but the blank lines, in their order. One with a fault ends with the line in which the fault is.
pub(super) fn records(text: &str, marks: Marks) -> Vec<Seen> {
    let bytes = text.as_bytes();
    let mut seen = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if line_end(bytes[at]) {
            at += 1;
            continue;
        }
        let record = record(bytes, at, marks);
        at = record.end;
        seen.push(record);
    }
    seen
}

fn line_end(byte: u8) -> bool {
    byte == b'\n' || byte == b'\r'
}

fn record(bytes: &[u8], start: usize, marks: Marks) -> Seen {
    let mut seen = Seen {
        start,
        end: start,
        width: 1,
        stray: false,
        fault: None,
    };
    let mut begins = true;
    while let Some(byte) = bytes.get(seen.end).copied().filter(|byte| !line_end(*byte)) {
        if begins && let Some(inside) = opened(bytes, seen.end, marks) {
            match closed(bytes, inside, marks) {
                Ok(after) => seen.end = after,
                Err(fault) => {
                    seen.fault = Some(fault);
                    seen.end = rest_of_line(bytes, seen.end);
                    return seen;
                }
            }
            begins = false;
            continue;
        }
        begins = byte == marks.delimiter;
        seen.width += usize::from(begins);
        seen.stray |= byte == b'"';
        seen.end += 1;
    }
    seen
}

/// The first byte inside the quotation marks, if a cell begins with one; blanks may stand before it.
fn opened(bytes: &[u8], from: usize, marks: Marks) -> Option<usize> {
    let rest = bytes.get(from..)?;
    let blanks = rest.iter().take_while(|byte| **byte == b' ').count();
    let inside = from + blanks + 1;
    if rest.get(blanks) != Some(&b'"') {
        return None;
    }
    // After blanks a mark may also be one of inches; then it closes nowhere.
    (blanks == 0 || closed(bytes, inside, marks).is_ok()).then_some(inside)
}

/// The first byte after a cell in quotation marks whose inside begins at `from`.
fn closed(bytes: &[u8], from: usize, marks: Marks) -> Result<usize, Fault> {
    let mut at = from;
    loop {
        match bytes.get(at) {
            None => return Err(Fault::OpenQuote),
            Some(b'\\') if marks.backslash => at += 2,
            Some(b'"') if bytes.get(at + 1) == Some(&b'"') => at += 2,
            Some(b'"') => break,
            Some(_) => at += 1,
        }
    }
    let mut after = at + 1;
    while bytes.get(after) == Some(&b' ') {
        after += 1;
    }
    match bytes.get(after) {
        Some(byte) if *byte != marks.delimiter && !line_end(*byte) => Err(Fault::AfterQuote),
        _ => Ok(after),
    }
}

/// The cells of a record without a fault.
pub(super) fn cells(record: &str, marks: Marks) -> Vec<String> {
    let bytes = record.as_bytes();
    let mut cells = Vec::new();
    let mut at = 0;
    loop {
        let quoted =
            opened(bytes, at, marks).and_then(|inside| Some((inside, closed(bytes, inside, marks).ok()?)));
        let end = match quoted {
            Some((inside, after)) => {
                let inner = record
                    .get(inside..after)
                    .unwrap_or_default()
                    .trim_end_matches(' ');
                cells.push(unquoted(inner.strip_suffix('"').unwrap_or(inner), marks));
                after
            }
            None => {
                let rest = record.get(at..).unwrap_or_default();
                let length = rest.bytes().position(|byte| byte == marks.delimiter);
                let cell = length.and_then(|length| rest.get(..length)).unwrap_or(rest);
                cells.push(cell.to_owned());
                at + cell.len()
            }
        };
        if end >= bytes.len() {
            return cells;
        }
        at = end + 1;
    }
}

/// What stands in quotation marks, each one inside it once.
fn unquoted(inner: &str, marks: Marks) -> String {
    let mut text = String::with_capacity(inner.len());
    let mut signs = inner.chars().peekable();
    while let Some(sign) = signs.next() {
        let next = signs.peek().copied();
        match (sign, next) {
            ('"', Some('"')) => {
                signs.next();
                text.push('"');
            }
            ('\\', Some(escaped @ ('"' | '\\'))) if marks.backslash => {
                signs.next();
                text.push(escaped);
            }
            _ => text.push(sign),
        }
    }
    text
}

fn rest_of_line(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    rest.iter()
        .position(|byte| line_end(*byte))
        .map_or(bytes.len(), |length| from + length)
}

#[cfg(test)]
mod tests {
    use super::{Fault, Marks, cells, records};

    const COMMA: Marks = Marks {
        delimiter: b',',
        backslash: false,
    };

    fn seen(text: &str, marks: Marks) -> Vec<(&str, usize, Option<Fault>)> {
        records(text, marks)
            .into_iter()
            .map(|record| (&text[record.start..record.end], record.width, record.fault))
            .collect()
    }

    #[test]
    fn records_are_parted_as_quotation_marks_say() {
        assert_eq!(
            seen("a,b\r\n\n\"x\n\"\"y\"\"\",2\r3", COMMA),
            [("a,b", 2, None), ("\"x\n\"\"y\"\"\",2", 2, None), ("3", 1, None)]
        );
    }

    #[test]
    fn a_quotation_mark_that_makes_no_sense_costs_one_row() {
        assert_eq!(
            seen("a,\"b\nc,d\n\"e\",f\n", COMMA),
            [
                ("a,\"b", 2, Some(Fault::AfterQuote)),
                ("c,d", 2, None),
                ("\"e\",f", 2, None)
            ]
        );
        assert_eq!(
            seen("a,\"b\nc,d\n", COMMA),
            [("a,\"b", 2, Some(Fault::OpenQuote)), ("c,d", 2, None)]
        );
    }

    #[test]
    fn cells_are_what_stands_between() {
        let read = |text: &str| cells(text, COMMA);
        assert_eq!(read("a,,\"b, \"\"c\"\"\nd\" ,"), ["a", "", "b, \"c\"\nd", ""]);
        assert_eq!(read("1, \"x, y\",  z"), ["1", "x, y", "  z"]);
        assert_eq!(read("5, \"inch, 2"), ["5", " \"inch", " 2"]);
        assert_eq!(read("\"\",\"\"\"\""), ["", "\""]);
    }

    #[test]
    fn inches_are_no_quotation_marks() {
        let found = records("pipe 5\",2\n", COMMA);
        assert!(found[0].stray && found[0].fault.is_none() && found[0].width == 2);
    }

    #[test]
    fn databases_write_a_backslash() {
        let marks = Marks {
            backslash: true,
            ..COMMA
        };
        assert_eq!(
            seen("\"say \\\"a\\\"\",2\n", marks),
            [("\"say \\\"a\\\"\",2", 2, None)]
        );
        assert_eq!(cells("\"say \\\"a\\\\\",2", marks), ["say \"a\\", "2"]);
    }
}
