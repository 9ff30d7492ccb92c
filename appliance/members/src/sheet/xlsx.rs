//! Workbooks of Excel. Cells are taken one by one as they stand in the file, so that two cells far apart do not ask for
//! everything between them.

use std::collections::BTreeMap;
use std::io::Cursor;

use calamine::{DataRef, Reader, SheetVisible, Xlsx};

use super::grid::{Draft, Grid, Width};
use super::packed::damaged;
use super::{CELLS, COLUMNS, Choice, Format, NoSheet, ROWS, Sheet, TABLE_BYTES, worksheet};

/// Reads a workbook that was looked into already.
pub(super) fn read(bytes: &[u8], choice: &Choice) -> Result<Sheet, NoSheet> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| damaged("xl/workbook.xml"))?;
    let names: Vec<(String, bool)> = book
        .sheets_metadata()
        .iter()
        .map(|sheet| (sheet.name.clone(), sheet.visible != SheetVisible::Visible))
        .collect();
    let name = worksheet(&names, choice.worksheet.as_deref())?;
    let broken = || damaged(&name);
    let mut cells = book.worksheet_cells_reader(&name).map_err(|_| broken())?;
    let mut rows = Rows::default();
    while let Some(cell) = cells.next_cell().map_err(|_| broken())? {
        let (row, column) = cell.get_position();
        let place = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
        rows.put(place(row), place(column), text(cell.get_value()))?;
    }
    let grid = rows.into_grid()?;
    let worksheets = names.into_iter().map(|(name, _)| name).collect();
    grid.settle(
        Format::Xlsx { worksheet: name },
        worksheets,
        choice.header_line,
        Width::Widest,
    )
}

/// What a spreadsheet program would show, as far as the file tells: a day as 2026-06-16, a number without a point where
/// it is whole.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        DataRef::DateTime(moment) if moment.is_datetime() => {
            let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
            match (hour, minute, second) {
                (0, 0, 0) => format!("{year:04}-{month:02}-{day:02}"),
                _ => format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"),
            }
        }
        DataRef::DateTime(span) => span.as_f64().to_string(),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

/// Rows with text, by their number.
#[derive(Default)]
pub(super) struct Rows {
    rows: BTreeMap<usize, Vec<String>>,
    cells: usize,
    bytes: usize,
}

impl Rows {
    /// Puts text into a cell; both numbers count from 0.
    pub(super) fn put(&mut self, row: usize, column: usize, text: String) -> Result<(), NoSheet> {
        if text.is_empty() {
            return Ok(());
        }
        let line = row.saturating_add(1);
        if column >= COLUMNS {
            return Err(NoSheet::TooManyColumns { line });
        }
        self.cells += 1;
        self.bytes += text.len();
        if self.cells > CELLS {
            return Err(NoSheet::TooManyCells { line });
        }
        if self.bytes > TABLE_BYTES {
            return Err(NoSheet::TooMuchText { line });
        }
        let rows = self.rows.len();
        let cells = self.rows.entry(row).or_default();
        if cells.is_empty() && rows >= ROWS {
            return Err(NoSheet::TooManyRows);
        }
        if cells.len() <= column {
            cells.resize(column + 1, String::new());
        }
        if let Some(cell) = cells.get_mut(column) {
            *cell = text;
        }
        Ok(())
    }

    /// The rows in their order.
    pub(super) fn into_grid(self) -> Result<Grid, NoSheet> {
        let mut grid = Grid::default();
        for (row, cells) in self.rows {
            let line = row.saturating_add(1);
            grid.push(Draft::of(line, cells))?;
        }
        Ok(grid)
    }
}
