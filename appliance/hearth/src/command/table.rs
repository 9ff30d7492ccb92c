//! Tables that align and fit a terminal of 80 columns, and text that is wrapped to fit.

use super::out::{Paint, Tone};

/// The columns of a usual terminal.
pub(super) const WIDTH: usize = 80;
/// Spaces between two columns.
const GAP: usize = 2;
/// The least that is left of a column when room is short.
const LEAST: usize = 8;

/// How a column stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stand {
    /// Words, from the left.
    Left,
    /// Numbers, from the right.
    Right,
    /// Sentences: takes the room that is left, in several lines if need be.
    Wrap,
}

/// One field of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cell {
    text: String,
    tone: Tone,
}

impl Cell {
    pub(super) fn toned(tone: Tone, text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            tone,
        }
    }
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self::toned(Tone::Plain, text)
    }
}

/// A table under construction.
#[derive(Debug, Clone)]
pub(super) struct Table {
    stands: Vec<Stand>,
    rows: Vec<Vec<Cell>>,
    indent: usize,
}

impl Table {
    /// A table with these headings.
    pub(super) fn new(columns: &[(&str, Stand)]) -> Self {
        let heads = columns
            .iter()
            .map(|(title, _)| Cell::toned(Tone::Strong, *title))
            .collect();
        Self {
            stands: columns.iter().map(|(_, stand)| *stand).collect(),
            rows: vec![heads],
            indent: 0,
        }
    }

    /// A table without headings.
    pub(super) fn bare(stands: &[Stand]) -> Self {
        Self {
            stands: stands.to_vec(),
            rows: Vec::new(),
            indent: 2,
        }
    }

    /// The table two columns further in, under a heading.
    pub(super) fn inset(mut self) -> Self {
        self.indent = 2;
        self
    }

    /// Adds a row.
    pub(super) fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// The table as text, each line at most [`WIDTH`] wide.
    pub(super) fn show(&self, paint: Paint) -> String {
        let widths = self.widths();
        let mut text = String::new();
        for row in &self.rows {
            let fields: Vec<Vec<String>> = row
                .iter()
                .zip(self.stands.iter().zip(&widths))
                .map(|(cell, (stand, width))| match stand {
                    Stand::Wrap => wrap(&cell.text, *width),
                    _ => vec![cut(&cell.text, *width)],
                })
                .collect();
            let height = fields.iter().map(Vec::len).max().unwrap_or(0);
            for line in 0..height {
                text.push_str(&self.line(row, &fields, &widths, line, paint));
                text.push('\n');
            }
        }
        text
    }

    fn line(
        &self,
        row: &[Cell],
        fields: &[Vec<String>],
        widths: &[usize],
        line: usize,
        paint: Paint,
    ) -> String {
        let mut text = " ".repeat(self.indent);
        // Spaces are put off until something follows them, so that no line ends in any.
        let mut owed = 0;
        for (index, field) in fields.iter().enumerate() {
            let part = field.get(line).map_or("", String::as_str);
            let pad = widths[index].saturating_sub(letters(part));
            let (before, after) = if self.stands[index] == Stand::Right {
                (pad, 0)
            } else {
                (0, pad)
            };
            owed += before;
            if !part.is_empty() {
                text.push_str(&" ".repeat(owed));
                text.push_str(&paint.put(row[index].tone, part));
                owed = 0;
            } else {
                owed += widths[index] - pad;
            }
            owed += after + GAP;
        }
        text
    }

    /// The width of each column: what it needs, or where that is too much, what it gets.
    fn widths(&self) -> Vec<usize> {
        let mut widths = vec![0; self.stands.len()];
        for row in &self.rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(letters(&cell.text));
            }
        }
        let gaps = GAP * widths.len().saturating_sub(1) + self.indent;
        let room = WIDTH.saturating_sub(gaps);
        let mut order: Vec<usize> = (0..widths.len())
            .filter(|at| self.stands[*at] == Stand::Wrap)
            .collect();
        // The first column names the row: it is cut last.
        let mut others: Vec<usize> = (0..widths.len())
            .filter(|at| self.stands[*at] == Stand::Left)
            .collect();
        others.sort_by_key(|at| (*at == 0, std::cmp::Reverse(widths[*at])));
        order.extend(others);
        for at in order {
            let over = widths.iter().sum::<usize>().saturating_sub(room);
            let least = LEAST.min(widths[at]);
            widths[at] = widths[at].saturating_sub(over).max(least);
        }
        widths
    }
}

/// How many columns a text takes.
pub(super) fn letters(text: &str) -> usize {
    text.chars().count()
}

/// A text of at most `width` columns; what does not fit gives way to `…`.
pub(super) fn cut(text: &str, width: usize) -> String {
    if letters(text) <= width {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(width.saturating_sub(1)).collect();
    short.push('…');
    short
}

/// A text in lines of at most `width` columns, broken at spaces; a word that is longer than a line is cut in two.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let mut word = word;
        if !line.is_empty() && letters(&line) + 1 + letters(word) > width {
            lines.push(std::mem::take(&mut line));
        }
        while letters(word) > width {
            let at = word.char_indices().nth(width).map_or(word.len(), |(at, _)| at);
            lines.push(word[..at].to_owned());
            word = &word[at..];
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

/// A sentence behind a lead, wrapped and hung under itself.
pub(super) fn hang(lead: &str, text: &str) -> String {
    let indent = letters(lead);
    let mut lines = wrap(text, WIDTH.saturating_sub(indent)).into_iter();
    let mut shown = format!("{lead}{}\n", lines.next().unwrap_or_default());
    for line in lines {
        shown.push_str(&format!("{}{line}\n", " ".repeat(indent)));
    }
    shown
}

/// Where more pages are.
pub(super) fn more(found: usize, page: usize, pages: usize) -> String {
    if pages > 1 {
        format!("{found} found; this is page {page} of {pages}: --page\n")
    } else {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::out::{Paint, Tone};
    use super::{Cell, Stand, Table, WIDTH, cut, hang, letters, wrap};

    fn sample(words: &str) -> Table {
        let mut table = Table::new(&[
            ("DEVICE", Stand::Left),
            ("WATTS", Stand::Right),
            ("WORDS", Stand::Wrap),
        ]);
        table.row(["grid-meter".into(), "-1200".into(), words.into()]);
        table.row(["roof".into(), "7".into(), Cell::toned(Tone::Good, "healthy")]);
        table
    }

    #[test]
    fn columns_align() {
        expect![[r"
            DEVICE      WATTS  WORDS
            grid-meter  -1200  fine
            roof            7  healthy
        "]]
        .assert_eq(&sample("fine").show(Paint::Off));
    }

    #[test]
    fn sentences_are_wrapped_into_the_room_that_is_left() {
        let long = "it answered with the registers of another device, which the guard threw away, and was asked again";
        expect![[r"
            DEVICE      WATTS  WORDS
            grid-meter  -1200  it answered with the registers of another device, which the
                               guard threw away, and was asked again
            roof            7  healthy
        "]]
        .assert_eq(&sample(long).show(Paint::Off));
    }

    #[test]
    fn nothing_is_wider_than_the_terminal() {
        let mut table = Table::new(&[("A", Stand::Left), ("B", Stand::Left), ("C", Stand::Wrap)]);
        table.row([
            Cell::from("a".repeat(70)),
            "b".repeat(30).into(),
            "c ".repeat(60).into(),
        ]);
        table.row([Cell::from("ä".repeat(30)), "".into(), "c".repeat(99).into()]);
        let shown = table.show(Paint::Off);
        assert!(shown.lines().all(|line| letters(line) <= WIDTH), "{shown}");
        assert!(shown.lines().all(|line| !line.ends_with(' ')), "{shown}");
    }

    #[test]
    fn colours_do_not_move_columns() {
        let shown = sample("fine").show(Paint::On);
        let plain = shown
            .replace("\u{1b}[1m", "")
            .replace("\u{1b}[32m", "")
            .replace("\u{1b}[0m", "");
        assert_eq!(plain, sample("fine").show(Paint::Off));
    }

    #[test]
    fn words_are_cut_and_hung() {
        assert_eq!(cut("Solar-Wechselrichter", 8), "Solar-W…");
        assert_eq!(cut("short", 8), "short");
        assert_eq!(wrap("", 10), [""]);
        assert_eq!(wrap("aaa bbbbbbbb c", 4), ["aaa", "bbbb", "bbbb", "c"]);
        expect![[r"
            ! store: the card is full; delete something else on it or use a larger one;
                     until then readings wait in memory
        "]]
        .assert_eq(&hang(
            "! store: ",
            "the card is full; delete something else on it or use a larger one; until then readings wait in memory",
        ));
    }
}
