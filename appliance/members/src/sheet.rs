//! A table that somebody hands in, from bytes to rows: CSV in any dialect and encoding, XLSX and ODS.
//!
//! What a file is, is told by its content, never by its name. No row disappears: each one is read, or reported with
//! the reason, or counted among those that are empty or stand above the header. What the columns mean is the
//! affair of [`crate::import`].

pub mod write;

mod delimited;
mod dialect;
mod encoding;
mod grid;
mod kind;
mod ods;
mod packed;
mod scan;
mod xlsx;

pub use dialect::Delimiter;
pub use encoding::Encoding;

use kind::Kind;

/// The largest file: 5,000 people with thirty columns make 2 MB, and a Pi with 1 GB holds the file, its text and its
/// rows at the same time.
pub const FILE_BYTES: usize = 8 << 20;
/// The most that a packed file may unpack to: 20,000 rows with thirty columns. It is read in a stream, so this
/// bounds the time and not the memory.
pub const UNPACKED_BYTES: u64 = 64 << 20;
/// The most parts that a packed file may have; a workbook has some tens.
pub const PARTS: usize = 1_000;
/// The most rows: four times the people that a book is made for.
pub const ROWS: usize = 20_000;
/// The most columns: whoever has more has merged several tables into one.
pub const COLUMNS: usize = 200;
/// The most cells, empty ones counted: each takes 24 bytes even so.
pub const CELLS: usize = 500_000;
/// The most text of all cells together, in bytes: a few bytes of a workbook can name a long text many times.
pub const TABLE_BYTES: usize = 16 << 20;
/// The longest cell, in letters: what spreadsheet programs hold.
pub const CELL_LETTERS: usize = 32_767;

/// A table with its header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// What stands above each column; nothing where a column has no name.
    pub header: Vec<String>,
    /// The rows below, each with as many cells as the header.
    pub rows: Vec<Row>,
    /// How it was read.
    pub told: Told,
    /// The rows that could not be read.
    pub faults: Vec<RowFault>,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The line of the text on which it begins, or its number in the worksheet; from 1.
    pub line: usize,
    /// Its cells.
    pub cells: Vec<String>,
}

/// A row that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowFault {
    /// As in [`Row`].
    pub line: usize,
    /// Why not.
    pub why: Fault,
}

/// How a table was read, so that whoever handed it in can see whether it was read rightly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What kind of file it is.
    pub format: Format,
    /// All worksheets of the file, in their order; none in a text.
    pub worksheets: Vec<String>,
    /// Where the header stands.
    pub header_line: usize,
    /// How many rows stand above the header.
    pub above: usize,
    /// How many rows have no text in any cell.
    pub empty: usize,
    /// The rows with fewer cells than the header; the cells that lack are empty.
    pub short: Vec<usize>,
}

/// What kind of file a table came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Format {
    /// Lines of text.
    Text {
        /// How its letters are written as bytes.
        encoding: Encoding,
        /// What stands between two cells.
        delimiter: Delimiter,
    },
    /// A workbook of Excel.
    Xlsx {
        /// Which worksheet was read.
        worksheet: String,
    },
    /// An OpenDocument table, as LibreOffice writes it.
    Ods {
        /// Which worksheet was read.
        worksheet: String,
    },
}

/// What somebody has said of a file, where it was not read rightly by itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    /// How letters are written as bytes.
    pub encoding: Option<Encoding>,
    /// What stands between two cells.
    pub delimiter: Option<Delimiter>,
    /// Which worksheet to read.
    pub worksheet: Option<String>,
    /// Where the header stands.
    pub header_line: Option<usize>,
}

/// Why a row could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It has more cells than the header.
    #[error(
        "This row has {cells} cells, but the header has {columns}. Perhaps a cell with a \"{delimiter}\" in it lacks its quotation marks"
    )]
    TooManyCells {
        /// Its cells.
        cells: usize,
        /// The cells of the header.
        columns: usize,
        /// What stands between two cells.
        delimiter: char,
    },
    /// A quotation mark opens a cell, and none closes it.
    #[error(
        "A quotation mark opens a cell here and none closes it. Add the one that lacks, or take this one away"
    )]
    OpenQuote,
    /// After the closing quotation mark the cell goes on.
    #[error(
        "A cell goes on after its closing quotation mark. Put the whole cell into quotation marks, and write each one inside it twice"
    )]
    AfterQuote,
    /// A cell is longer than any that a spreadsheet program holds.
    #[error("Cell {column} of this row has more than {CELL_LETTERS} letters. Shorten it")]
    CellTooLong {
        /// Which cell, from 1.
        column: usize,
    },
    /// A cell has a sign that no person typed.
    #[error("Cell {column} of this row holds a sign that cannot be shown. Write it again")]
    Unshowable {
        /// Which cell, from 1.
        column: usize,
    },
    /// Some bytes are no letters in the encoding of the rest.
    #[error(
        "Cell {column} of this row has letters that are written otherwise than the rest of the file. Write it again"
    )]
    OtherEncoding {
        /// Which cell, from 1.
        column: usize,
    },
}

/// Why a file could not be read at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoSheet {
    /// There are no bytes, or blanks only.
    #[error("There is nothing in this file. Choose the file with your table")]
    Empty,
    /// It is too large.
    #[error("This file has {} MB, and at most {} MB can be read. Cut the table into several files", .bytes >> 20, FILE_BYTES >> 20)]
    TooLarge {
        /// Its bytes.
        bytes: usize,
    },
    /// It is something else.
    #[error(
        "This is {0}. Open it where it was made, save the table as CSV, XLSX or ODS, and choose that file"
    )]
    Other(&'static str),
    /// It is packed as workbooks with a password are, or was made by an old Excel.
    #[error(
        "This is an Excel file of the old kind (.xls) or one with a password. Open it, save it as .xlsx without a password, and choose that file"
    )]
    OldExcel,
    /// It has a password.
    #[error("This file has a password. Open it, save it without one, and choose that file")]
    Locked,
    /// It unpacks to too much.
    #[error("\"{part}\" in this file unpacks to more than {} MB in all. Copy the table alone into a new file, and choose that", UNPACKED_BYTES >> 20)]
    UnpacksTooLarge {
        /// The part at which it became too much.
        part: String,
    },
    /// It cannot be read.
    #[error(
        "This file is damaged: \"{part}\" in it cannot be read. Open it in a spreadsheet program, save it under a new name, and choose that file"
    )]
    Damaged {
        /// Where.
        part: String,
    },
    /// It has too many rows.
    #[error("This table has more than {ROWS} rows. Cut it into several files")]
    TooManyRows,
    /// It has too many columns.
    #[error("Row {line} has more than {COLUMNS} cells. Take the columns away that are not needed")]
    TooManyColumns {
        /// Where.
        line: usize,
    },
    /// It has too many cells.
    #[error(
        "This table has more than {CELLS} cells up to row {line}. Cut it into several files, or take columns away"
    )]
    TooManyCells {
        /// Where it became too much.
        line: usize,
    },
    /// It has too much text.
    #[error("The cells up to row {line} hold more than {} MB of text. Cut the table into several files", TABLE_BYTES >> 20)]
    TooMuchText {
        /// Where it became too much.
        line: usize,
    },
    /// The worksheet is not there.
    #[error("There is no worksheet \"{wanted}\" in this file. It has: {}", .there.join(", "))]
    NoWorksheet {
        /// The one that was wished for.
        wanted: String,
        /// Those that there are.
        there: Vec<String>,
    },
    /// No cell has any text.
    #[error("No cell of this table has any text. Choose another file or another worksheet")]
    NoCells,
    /// The header was said to stand where nothing stands.
    #[error("Nothing stands in row {0}, so it cannot be the header. Choose another row")]
    NoHeader(usize),
    /// The first row, which should be the header, could not be read.
    #[error("The header is needed to know what the columns are, and row {line} cannot be read. {why}")]
    Header {
        /// Where.
        line: usize,
        /// Why not.
        why: Fault,
    },
}

/// Reads a table. What is left open in `choice` is found out.
pub fn read(bytes: &[u8], choice: &Choice) -> Result<Sheet, NoSheet> {
    if bytes.len() > FILE_BYTES {
        return Err(NoSheet::TooLarge { bytes: bytes.len() });
    }
    match kind::kind(bytes)? {
        Kind::Text => delimited::read(bytes, choice),
        Kind::Packed => match packed::check(bytes)? {
            packed::Package::Xlsx => xlsx::read(bytes, choice),
            packed::Package::Ods => ods::read(bytes, choice),
        },
    }
}

/// Which worksheet to read: the one that was wished for, else the first that is not hidden.
fn worksheet(names: &[(String, bool)], wanted: Option<&str>) -> Result<String, NoSheet> {
    let all = || names.iter().map(|(name, _)| name);
    let found = match wanted {
        Some(wanted) => all().find(|name| *name == wanted),
        None => {
            let shown = names.iter().find(|(_, hidden)| !hidden).map(|(name, _)| name);
            shown.or_else(|| all().next())
        }
    };
    found.cloned().ok_or_else(|| NoSheet::NoWorksheet {
        wanted: wanted.unwrap_or_default().to_owned(),
        there: all().cloned().collect(),
    })
}

#[cfg(test)]
mod tests;
