//! Several things in one cell: one on each line, the parts of each between upright lines; and how they are read again.

use jiff::Timestamp;
use jiff::civil::Date;
use units::Instant;

use crate::person::Address;
use crate::sheet::write::Csv;

/// The cells of a row that is being written.
#[derive(Debug, Default)]
pub(super) struct Cells(Vec<Cell>);

#[derive(Debug)]
enum Cell {
    Text(String),
    Number(String),
}

impl Cells {
    pub(super) fn text(&mut self, text: &str) {
        self.0.push(Cell::Text(text.to_owned()));
    }

    pub(super) fn texts(&mut self, texts: &[String]) {
        self.0.extend(texts.iter().cloned().map(Cell::Text));
    }

    pub(super) fn optional(&mut self, text: Option<&str>) {
        self.text(text.unwrap_or_default());
    }

    pub(super) fn number(&mut self, number: Option<u32>) {
        self.0.push(match number {
            Some(number) => Cell::Number(number.to_string()),
            None => Cell::Text(String::new()),
        });
    }

    /// Leaves so many cells empty.
    pub(super) fn skip(&mut self, cells: usize) {
        self.0.extend((0..cells).map(|_| Cell::Text(String::new())));
    }

    pub(super) fn write(self, csv: &mut Csv) {
        for cell in self.0 {
            match cell {
                Cell::Text(text) => csv.text(&text),
                Cell::Number(number) => csv.number(&number),
            };
        }
        csv.end_row();
    }
}

/// Things, one on each line.
pub(super) fn of_lines<T: AsRef<str>>(things: impl Iterator<Item = T>) -> String {
    let lines: Vec<String> = things.map(|thing| thing.as_ref().to_owned()).collect();
    lines.join("\n")
}

/// The lines of a cell that are not empty. A spreadsheet program may have ended them in its own way.
pub(super) fn lines(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('\n')
        .map(|line| line.trim_end_matches('\r'))
        .filter(|line| !line.is_empty())
}

/// Parts of one thing: `mobile | 07700 900123 | evenings only`.
pub(super) fn of_parts(parts: &[&str]) -> String {
    let escaped: Vec<String> = parts
        .iter()
        .map(|part| {
            part.replace('\\', "\\\\")
                .replace('|', "\\|")
                .replace('\n', "\\n")
        })
        .collect();
    escaped.join(" | ")
}

/// The parts again.
pub(super) fn parts(line: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut part = String::new();
    let mut signs = line.chars();
    while let Some(sign) = signs.next() {
        match sign {
            '\\' => match signs.next() {
                Some('n') => part.push('\n'),
                Some(other) => part.push(other),
                None => {}
            },
            '|' => {
                // The blank before it and the one after it belong to the line between the parts.
                if part.ends_with(' ') {
                    part.pop();
                }
                if let Some(rest) = signs.as_str().strip_prefix(' ') {
                    signs = rest.chars();
                }
                parts.push(std::mem::take(&mut part));
            }
            other => part.push(other),
        }
    }
    parts.push(part);
    parts
}

/// A day; nothing where there is none.
pub(super) fn day(day: Option<Date>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

/// A moment in universal time, to the thousandth of a second.
pub(super) fn moment(moment: Instant) -> String {
    let moment = Timestamp::from_millisecond(moment.as_millis()).unwrap_or_default();
    moment.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// The moment again.
pub(super) fn of_moment(text: &str) -> Option<Instant> {
    let moment: Timestamp = text.parse().ok()?;
    Some(Instant::from_millis(moment.as_millisecond()))
}

/// An address in three cells.
pub(super) fn address_cells(address: Option<&Address>) -> [String; 3] {
    let Some(address) = address else {
        return [const { String::new() }; 3];
    };
    [
        address.lines.join("\n"),
        address.postcode.clone().unwrap_or_default(),
        address.country.clone().unwrap_or_default(),
    ]
}
