//! Rows of cells on their way to a table: within limits, with a header, each as wide as the header.

use super::dialect::usual_width;
use super::{
    CELL_LETTERS, CELLS, COLUMNS, Fault, Format, NoSheet, ROWS, Row, RowFault, Sheet, TABLE_BYTES, Told,
};

/// A row that is being read.
#[derive(Debug)]
pub(super) struct Draft {
    line: usize,
    cells: Result<Vec<String>, Fault>,
}

/// How wide a table is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Width {
    /// As wide as most of its rows; this stands between their cells. A wider row has lost a quotation mark.
    Usual(char),
    /// As wide as its widest row: in a workbook each cell knows its column.
    Widest,
}

/// The rows so far.
#[derive(Debug, Default)]
pub(super) struct Grid {
    rows: Vec<Draft>,
    cells: usize,
    bytes: usize,
}

impl Draft {
    /// A row with these cells.
    pub(super) fn of(line: usize, cells: Vec<String>) -> Self {
        let cells = match fault_of(&cells) {
            Some(fault) => Err(fault),
            None => Ok(cells),
        };
        Self { line, cells }
    }

    /// A row that cannot be read.
    pub(super) fn faulty(line: usize, fault: Fault) -> Self {
        Self {
            line,
            cells: Err(fault),
        }
    }

    /// The first column, from 1, in which this sign stands.
    pub(super) fn column_with(&self, sign: char) -> Option<usize> {
        let at = self.cells().iter().position(|cell| cell.contains(sign));
        at.map(|at| at + 1)
    }

    fn cells(&self) -> &[String] {
        self.cells.as_deref().unwrap_or_default()
    }

    /// How many cells have text.
    fn filled(&self) -> usize {
        self.cells().iter().filter(|cell| !blank(cell)).count()
    }

    /// How many cells there are up to the last one with text.
    fn reach(&self) -> usize {
        self.cells()
            .iter()
            .rposition(|cell| !blank(cell))
            .map_or(0, |last| last + 1)
    }
}

fn blank(cell: &str) -> bool {
    cell.chars().all(char::is_whitespace)
}

/// What is wrong with the cells of a row, if anything is.
fn fault_of(cells: &[String]) -> Option<Fault> {
    // A line break within a cell is a vertical tabulator in some programs.
    let machine = |sign: char| sign.is_control() && !matches!(sign, '\n' | '\r' | '\t' | '\u{b}');
    (1..).zip(cells).find_map(|(column, cell)| {
        if cell.len() > CELL_LETTERS && cell.chars().count() > CELL_LETTERS {
            Some(Fault::CellTooLong { column })
        } else if cell.chars().any(machine) {
            Some(Fault::Unshowable { column })
        } else {
            None
        }
    })
}

impl Grid {
    /// Adds a row, unless it becomes too much.
    pub(super) fn push(&mut self, draft: Draft) -> Result<(), NoSheet> {
        let line = draft.line;
        let count = draft.cells().len();
        if count > COLUMNS && draft.reach() > COLUMNS {
            return Err(NoSheet::TooManyColumns { line });
        }
        if self.rows.len() >= ROWS {
            return Err(NoSheet::TooManyRows);
        }
        self.cells += count;
        self.bytes += draft.cells().iter().map(String::len).sum::<usize>();
        if self.cells > CELLS {
            return Err(NoSheet::TooManyCells { line });
        }
        if self.bytes > TABLE_BYTES {
            return Err(NoSheet::TooMuchText { line });
        }
        self.rows.push(draft);
        Ok(())
    }

    /// The table with its header, which stands where it was said to stand, or is found out.
    pub(super) fn settle(
        self,
        format: Format,
        worksheets: Vec<String>,
        header_line: Option<usize>,
        width: Width,
    ) -> Result<Sheet, NoSheet> {
        let sound = self.rows.iter().filter(|row| row.filled() > 0);
        let widths: Vec<usize> = match width {
            Width::Usual(_) => sound.map(|row| row.cells().len()).collect(),
            Width::Widest => sound.map(Draft::reach).collect(),
        };
        let usual = usual_width(widths.iter().copied()).unwrap_or(0);
        let at = self.header_at(header_line, usual)?;
        let usual = match width {
            Width::Usual(_) => usual,
            Width::Widest => widths.into_iter().max().unwrap_or(0),
        };
        let mut rows = self.rows;
        let above = rows
            .iter()
            .take(at)
            .filter(|row| row.cells.is_err() || row.filled() > 0)
            .count();
        let mut below = rows.split_off(at).into_iter();
        let Some(head) = below.next() else {
            return Err(NoSheet::NoCells);
        };
        let told = Told {
            format,
            worksheets,
            header_line: head.line,
            above,
            empty: 0,
            short: Vec::new(),
        };
        let header = head
            .cells
            .map_err(|why| NoSheet::Header { line: head.line, why })?;
        Ok(Body::new(&header, usual, width, told).read(below.collect()))
    }

    /// Which row is the header.
    fn header_at(&self, header_line: Option<usize>, usual: usize) -> Result<usize, NoSheet> {
        if let Some(line) = header_line {
            let found = self.rows.iter().position(|row| row.line == line);
            return found.ok_or(NoSheet::NoHeader(line));
        }
        // A title above the table fills few cells, a header most of them.
        let names = |row: &Draft| row.filled() > 0 && row.filled() * 2 >= usual;
        let there = |row: &Draft| row.filled() > 0;
        let found = self
            .rows
            .iter()
            .position(names)
            .or_else(|| self.rows.iter().position(there));
        found.ok_or(
            match self
                .rows
                .iter()
                .find_map(|row| Some((row.line, row.cells.as_ref().err()?)))
            {
                Some((line, why)) => NoSheet::Header {
                    line,
                    why: why.clone(),
                },
                None => NoSheet::NoCells,
            },
        )
    }
}

/// The rows below the header.
struct Body {
    sheet: Sheet,
    delimiter: char,
}

impl Body {
    fn new(header: &[String], usual: usize, width: Width, told: Told) -> Self {
        let mut header: Vec<String> = header.iter().map(|name| name.trim().to_owned()).collect();
        let named = header
            .iter()
            .rposition(|name| !name.is_empty())
            .map_or(0, |last| last + 1);
        header.truncate(named.max(usual));
        header.resize(named.max(usual), String::new());
        Self {
            sheet: Sheet {
                header,
                rows: Vec::new(),
                told,
                faults: Vec::new(),
            },
            delimiter: match width {
                Width::Usual(delimiter) => delimiter,
                Width::Widest => ' ',
            },
        }
    }

    fn read(mut self, rows: Vec<Draft>) -> Sheet {
        for row in rows {
            self.take(row);
        }
        self.without_empty_columns()
    }

    fn take(&mut self, draft: Draft) {
        let (line, reach, filled) = (draft.line, draft.reach(), draft.filled());
        let columns = self.sheet.header.len();
        let why = match draft.cells {
            Err(why) => why,
            Ok(_) if filled == 0 => {
                self.sheet.told.empty += 1;
                return;
            }
            Ok(mut cells) if reach <= columns => {
                if cells.len() < columns {
                    self.sheet.told.short.push(line);
                }
                cells.resize(columns, String::new());
                self.sheet.rows.push(Row { line, cells });
                return;
            }
            Ok(cells) => Fault::TooManyCells {
                cells: cells.len(),
                columns,
                delimiter: self.delimiter,
            },
        };
        self.sheet.faults.push(RowFault { line, why });
    }

    /// Columns at the end that have neither a name nor text are an accident of the program that wrote them.
    fn without_empty_columns(mut self) -> Sheet {
        let last = |cells: &[String]| {
            cells
                .iter()
                .rposition(|cell| !blank(cell))
                .map_or(0, |last| last + 1)
        };
        let sheet = &mut self.sheet;
        let used = sheet.rows.iter().map(|row| last(&row.cells)).max().unwrap_or(0);
        let columns = used.max(last(&sheet.header));
        sheet.header.truncate(columns);
        for row in &mut sheet.rows {
            row.cells.truncate(columns);
        }
        self.sheet
    }
}
