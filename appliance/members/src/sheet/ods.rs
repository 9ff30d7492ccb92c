//! OpenDocument tables. One cell of the file can stand for thousands, so they are counted while they are read.

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::grid::Width;
use super::packed::{self, damaged};
use super::xlsx::Rows;
use super::{CELL_LETTERS, COLUMNS, Choice, Format, NoSheet, ROWS, Sheet, worksheet};

const CONTENT: &str = "content.xml";

/// Reads a table that was looked into already.
pub(super) fn read(bytes: &[u8], choice: &Choice) -> Result<Sheet, NoSheet> {
    let manifest = packed::part(bytes, "META-INF/manifest.xml").unwrap_or_default();
    if String::from_utf8_lossy(&manifest).contains("encryption-data") {
        return Err(NoSheet::Locked);
    }
    let content = packed::part(bytes, CONTENT)?;
    let content = String::from_utf8(content).map_err(|_| damaged(CONTENT))?;
    let names = names(&content)?;
    let name = worksheet(&names, choice.worksheet.as_deref())?;
    let grid = Walk::through(&content, &name)?.into_grid()?;
    let worksheets = names.into_iter().map(|(name, _)| name).collect();
    let format = Format::Ods { worksheet: name };
    grid.settle(format, worksheets, choice.header_line, Width::Widest)
}

fn next<'a>(reader: &mut Reader<&'a [u8]>) -> Result<Event<'a>, NoSheet> {
    reader.read_event().map_err(|_| damaged(CONTENT))
}

/// The worksheets, none of them hidden as far as is looked.
fn names(content: &str) -> Result<Vec<(String, bool)>, NoSheet> {
    let mut reader = Reader::from_str(content);
    let mut names = Vec::new();
    loop {
        match next(&mut reader)? {
            Event::Start(tag) if is(&tag, "table:table") => {
                names.extend(attribute(&tag, "table:name").map(|name| (name, false)));
            }
            Event::Eof => return Ok(names),
            _ => {}
        }
    }
}

fn is(tag: &BytesStart<'_>, name: &str) -> bool {
    tag.name().as_ref() == name
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = tag
        .attributes()
        .flatten()
        .find(|attribute| attribute.key.as_ref() == name)?;
    let value = found.normalized_value(XmlVersion::Implicit1_0).ok()?;
    Some(value.into_owned())
}

fn repeated(tag: &BytesStart<'_>, name: &str) -> usize {
    let times = attribute(tag, name).and_then(|times| times.parse().ok());
    times.unwrap_or(1)
}

/// A cell that is being read.
struct Cell {
    /// What its attributes tell; its text counts where they tell nothing.
    value: Option<String>,
    text: String,
    times: usize,
    paragraphs: usize,
}

impl Cell {
    fn of(tag: &BytesStart<'_>) -> Self {
        let kind = attribute(tag, "office:value-type").unwrap_or_default();
        let value = match kind.as_str() {
            "float" | "currency" | "percentage" => attribute(tag, "office:value"),
            "date" => attribute(tag, "office:date-value")
                .map(|day| day.trim_end_matches("T00:00:00").replace('T', " ")),
            "boolean" => attribute(tag, "office:boolean-value")
                .map(|yes| if yes == "true" { "yes" } else { "no" }.to_owned()),
            "string" => attribute(tag, "office:string-value").filter(|text| !text.is_empty()),
            _ => None,
        };
        Self {
            value,
            text: String::new(),
            times: repeated(tag, "table:number-columns-repeated"),
            paragraphs: 0,
        }
    }
}

/// The way through one worksheet.
#[derive(Default)]
struct Walk {
    rows: Rows,
    row: usize,
    row_times: usize,
    cells: Vec<(usize, String)>,
    column: usize,
    cell: Option<Cell>,
    /// How deep one is within remarks, whose text is none of the cell's.
    remarks: usize,
}

impl Walk {
    fn through(content: &str, name: &str) -> Result<Rows, NoSheet> {
        let mut reader = Reader::from_str(content);
        loop {
            match next(&mut reader)? {
                Event::Start(tag)
                    if is(&tag, "table:table") && attribute(&tag, "table:name").as_deref() == Some(name) =>
                {
                    break;
                }
                Event::Eof => return Err(damaged(CONTENT)),
                _ => {}
            }
        }
        let mut walk = Self::default();
        loop {
            match next(&mut reader)? {
                Event::Start(tag) => walk.start(&tag),
                Event::Empty(tag) => {
                    walk.start(&tag);
                    walk.end(tag.name().as_ref())?;
                }
                Event::End(tag) if tag.name().as_ref() == "table:table" => return Ok(walk.rows),
                Event::End(tag) => walk.end(tag.name().as_ref())?,
                Event::Text(text) => walk.text(&text.xml10_content()),
                Event::CData(text) => walk.text(&text.xml10_content()),
                Event::GeneralRef(reference) => walk.text(&resolved(&reference)),
                Event::Eof => return Err(damaged(CONTENT)),
                _ => {}
            }
        }
    }

    fn start(&mut self, tag: &BytesStart<'_>) {
        match tag.name().as_ref() {
            "table:table-row" => {
                self.row_times = repeated(tag, "table:number-rows-repeated");
                self.column = 0;
                self.cells.clear();
            }
            "table:table-cell" | "table:covered-table-cell" => self.cell = Some(Cell::of(tag)),
            "office:annotation" => self.remarks += 1,
            name => {
                let Some(cell) = self.cell.as_mut().filter(|_| self.remarks == 0) else {
                    return;
                };
                match name {
                    "text:p" => {
                        if cell.paragraphs > 0 {
                            cell.text.push('\n');
                        }
                        cell.paragraphs += 1;
                    }
                    "text:s" => {
                        let blanks = attribute(tag, "text:c")
                            .and_then(|blanks| blanks.parse().ok())
                            .unwrap_or(1);
                        cell.text.push_str(&" ".repeat(blanks.min(100)));
                    }
                    "text:tab" => cell.text.push('\t'),
                    "text:line-break" => cell.text.push('\n'),
                    _ => {}
                }
            }
        }
    }

    fn text(&mut self, text: &str) {
        let within = |cell: &&mut Cell| cell.paragraphs > 0;
        let Some(cell) = self.cell.as_mut().filter(|_| self.remarks == 0).filter(within) else {
            return;
        };
        // What is longer by far than a cell may be is not even gathered; its row is told as one that cannot be read.
        if cell.text.len() <= CELL_LETTERS * 4 {
            cell.text.push_str(text);
        }
    }

    fn end(&mut self, name: &str) -> Result<(), NoSheet> {
        match name {
            "table:table-cell" | "table:covered-table-cell" => self.end_cell(),
            "table:table-row" => self.end_row(),
            "office:annotation" => {
                self.remarks = self.remarks.saturating_sub(1);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn end_cell(&mut self) -> Result<(), NoSheet> {
        let Some(cell) = self.cell.take() else {
            return Ok(());
        };
        let text = cell.value.unwrap_or(cell.text);
        let first = self.column;
        self.column = self.column.saturating_add(cell.times);
        if text.is_empty() {
            return Ok(());
        }
        if self.column > COLUMNS {
            return Err(NoSheet::TooManyColumns { line: self.row + 1 });
        }
        self.cells
            .extend((first..self.column).map(|column| (column, text.clone())));
        Ok(())
    }

    fn end_row(&mut self) -> Result<(), NoSheet> {
        let first = self.row;
        self.row = self.row.saturating_add(self.row_times);
        if self.cells.is_empty() {
            return Ok(());
        }
        if self.row_times > ROWS {
            return Err(NoSheet::TooManyRows);
        }
        for row in first..self.row {
            for (column, text) in &self.cells {
                self.rows.put(row, *column, text.clone())?;
            }
        }
        Ok(())
    }
}

/// A sign that is written by its name or number.
fn resolved(reference: &BytesRef<'_>) -> String {
    if let Ok(Some(sign)) = reference.resolve_char_ref() {
        return sign.to_string();
    }
    match reference.xml10_content().as_ref() {
        "lt" => "<",
        "gt" => ">",
        "amp" => "&",
        "apos" => "'",
        "quot" => "\"",
        _ => "",
    }
    .to_owned()
}
