//! A file that somebody hands in, from bytes to a table or to OFX; what it is, is told by its content.

use units::Currency;

use super::mapping::{Mapping, header_key};
use super::{FILE_BYTES, Left, NoStatement, Read, Table, ofx, preset, read_table};
use crate::sheet::{self, Choice};

/// A file that was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opened {
    /// OFX, as text.
    Ofx(String),
    /// A table, with the rows that could not be read.
    Table(Table, Vec<Left>),
}

/// Opens a file.
pub fn open(bytes: &[u8]) -> Result<Opened, NoStatement> {
    if bytes.len() > FILE_BYTES {
        return Err(NoStatement::TooLarge);
    }
    if ofx::looks_like(bytes) {
        return Ok(Opened::Ofx(text(bytes)));
    }
    if bytes.trim_ascii_start().starts_with(b"From:")
        && let Some(table) = preset::blocks(&text(bytes))
    {
        return Ok(Opened::Table(table, Vec::new()));
    }
    let sheet = sheet::read(bytes, &Choice::default())?;
    let table = Table {
        header: sheet.header,
        rows: sheet.rows.into_iter().map(|row| (row.line, row.cells)).collect(),
    };
    let left = sheet.faults.iter().map(|fault| Left {
        row: fault.line,
        why: fault.why.to_string(),
    });
    Ok(Opened::Table(table, left.collect()))
}

/// Banks that do not write UTF-8 write Windows-1252, whatever the head of the file says.
fn text(bytes: &[u8]) -> String {
    let text = std::str::from_utf8(bytes).map(|text| text.trim_start_matches('\u{feff}').to_owned());
    text.unwrap_or_else(|_| encoding_rs::WINDOWS_1252.decode(bytes).0.into_owned())
}

impl Opened {
    /// By what a mapping for files like this one is remembered; nothing where none is needed.
    pub fn header_key(&self) -> Option<String> {
        match self {
            Self::Ofx(_) => None,
            Self::Table(table, _) => Some(header_key(&table.header)),
        }
    }

    /// Reads the lines.
    pub fn read(&self, remembered: Option<&Mapping>, ours: Currency) -> Result<Read, NoStatement> {
        match self {
            Self::Ofx(text) => ofx::read(text, ours),
            Self::Table(table, faults) => {
                let mut read = read_table(table, remembered, ours)?;
                read.left.extend(faults.iter().cloned());
                read.left.sort_by_key(|left| left.row);
                Ok(read)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use units::Currency;

    use super::{Opened, open};
    use crate::statement::{LineKind, NoStatement};

    #[test]
    fn nationwide_with_rows_above_its_header_and_pound_signs_of_windows() {
        let text = "\"Account Name:\",\"FlexAccount ****45678\"\r\n\"Account Balance:\",\"\u{a3}2561.40\"\r\n\"Available Balance: \",\"\u{a3}2561.40\"\r\n\r\n\"Date\",\"Transaction type\",\"Description\",\"Paid out\",\"Paid in\",\"Balance\"\r\n\"02 Sep 2026\",\"Bank credit\",\"ANA \u{d6}BERG\",\"\",\"\u{a3}5.00\",\"\u{a3}2561.40\"\r\n";
        let bytes = encoding_rs::WINDOWS_1252.encode(text).0;
        let opened = open(&bytes).expect("a table");
        let read = opened.read(None, Currency::GBP).expect("lines");
        assert_eq!(read.source, "Nationwide");
        assert_eq!((read.lines.len(), read.lines[0].amount.minor()), (1, 500));
        assert_eq!(read.lines[0].text(), "Bank credit · ANA ÖBERG");
        assert_eq!(read.lines[0].kind, LineKind::Payment);
    }

    #[test]
    fn what_is_no_statement_is_refused_with_a_sentence() {
        assert!(matches!(open(b""), Err(NoStatement::Sheet(_))));
        assert!(matches!(open(b"%PDF-1.7 \x00\x01"), Err(NoStatement::Sheet(_))));
        assert!(matches!(open(&vec![b'a'; 5 << 20]), Err(NoStatement::TooLarge)));
        let opened = open(b"one,two\n1,2\n").expect("a table");
        assert_eq!(opened.read(None, Currency::GBP), Err(NoStatement::Unknown));
        assert!(opened.header_key().is_some());
        assert!(matches!(open(b"<OFX></OFX>"), Ok(Opened::Ofx(_))));
    }
}
