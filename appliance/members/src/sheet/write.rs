//! Tables that go out: CSV as RFC 4180 has it, in UTF-8 with the mark by which Excel knows it, and with nothing in it
//! that a spreadsheet program would run as a formula.

/// What a text begins with that a spreadsheet program may take for a formula. The wide signs are those of Japanese
/// keyboards, which some programs take for the narrow ones.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// A table that is being written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Csv {
    text: String,
    begun: bool,
}

impl Csv {
    /// A table with this header.
    pub fn new<'a>(header: impl IntoIterator<Item = &'a str>) -> Self {
        let mut csv = Self {
            text: "\u{feff}".to_owned(),
            begun: false,
        };
        for name in header {
            csv.text(name);
        }
        csv.end_row();
        csv
    }

    /// Adds a cell with text. Where a spreadsheet program would take it for a formula, an apostrophe in front tells it
    /// that it is none; [`unguarded`] takes it off again.
    pub fn text(&mut self, text: &str) -> &mut Self {
        if guarded(text) {
            self.cell(&format!("'{text}"))
        } else {
            self.cell(text)
        }
    }

    /// Adds a cell with a number, such as `-12.50`, which stays one in a spreadsheet. What is no plain number is
    /// written as text.
    pub fn number(&mut self, number: &str) -> &mut Self {
        if is_number(number) {
            self.cell(number)
        } else {
            self.text(number)
        }
    }

    /// Ends the row.
    pub fn end_row(&mut self) -> &mut Self {
        self.text.push_str("\r\n");
        self.begun = false;
        self
    }

    /// The whole file.
    pub fn finish(self) -> String {
        self.text
    }

    fn cell(&mut self, cell: &str) -> &mut Self {
        if self.begun {
            self.text.push(',');
        }
        // A blank at an end is lost on the way through some programs, and a row of one empty cell reads as no row.
        let lost = cell.is_empty() && !self.begun || cell.starts_with(' ') || cell.ends_with(' ');
        self.begun = true;
        if lost || cell.contains([',', ';', '"', '\r', '\n', '\t']) {
            self.text.push('"');
            self.text.push_str(&cell.replace('"', "\"\""));
            self.text.push('"');
        } else {
            self.text.push_str(cell);
        }
        self
    }
}

/// Whether a text needs an apostrophe in front: it begins as a formula does, or so behind apostrophes already.
pub fn guarded(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(FORMULA)
}

/// The text as it was before [`Csv::text`] wrote it; a text of others as it is, but for the apostrophe which they use
/// in the same way.
pub fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(text) if guarded(text) => text,
        _ => cell,
    }
}

fn is_number(text: &str) -> bool {
    let plain = text.strip_prefix('-').unwrap_or(text);
    let (whole, part) = plain.split_once('.').unwrap_or((plain, "0"));
    let digits = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole) && digits(part)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Csv, unguarded};
    use crate::sheet::{Choice, read};

    #[test]
    fn no_cell_becomes_a_formula_and_numbers_stay_numbers() {
        let mut csv = Csv::new(["Name", "=Amount"]);
        csv.text("=HYPERLINK(\"x\")").number("-12.50").end_row();
        csv.text("+44 7700").number("-1+1").end_row();
        csv.text("'@x").number("").end_row();
        csv.text("Ana, O'Neil").text("two\nlines").end_row();
        assert_eq!(
            csv.finish(),
            "\u{feff}Name,'=Amount\r\n\"'=HYPERLINK(\"\"x\"\")\",-12.50\r\n'+44 7700,'-1+1\r\n''@x,\r\n\
             \"Ana, O'Neil\",\"two\nlines\"\r\n"
        );
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(cells in prop::collection::vec("([=+@'\t -]{0,3}[a-z,;\"' \n=éЖ日-]{0,9}|[0-9]{1,4})", 1..30)) {
            let mut csv = Csv::new(["a", "b", "c"]);
            for row in cells.chunks(2) {
                csv.text(&row[0]).text(row.get(1).map_or("", String::as_str)).text("end").end_row();
            }
            let written = csv.finish();
            let sheet = read(written.as_bytes(), &Choice::default()).expect("our own file");
            prop_assert_eq!(&sheet.faults, &[]);
            let mut raw = sheet.rows.iter().flat_map(|row| &row.cells);
            prop_assert!(raw.all(|cell| !cell.starts_with(super::FORMULA)));
            let found: Vec<&str> = sheet.rows.iter().flat_map(|row| row.cells.iter().take(2)).map(|cell| unguarded(cell)).collect();
            let wanted: Vec<&str> = cells.iter().map(String::as_str).chain(std::iter::repeat_n("", cells.len() % 2)).collect();
            prop_assert_eq!(found, wanted);
        }
    }
}
