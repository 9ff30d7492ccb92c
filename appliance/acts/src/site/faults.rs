//! Everything that is wrong with one `site.toml`, gathered while it is read and checked.

use toml::Spanned;

use super::SiteFault;

/// Gathers faults while everything is looked at.
pub(super) struct Faults<'a> {
    text: &'a str,
    found: Vec<SiteFault>,
}

impl<'a> Faults<'a> {
    /// No fault yet in `text`.
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            found: Vec::new(),
        }
    }

    /// Notes a fault at `at`, and gives `None` so that a caller can pass it on.
    pub(super) fn add<T, V>(
        &mut self,
        at: &Spanned<V>,
        what: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Option<T> {
        self.add_at(at.span().start, what, remedy)
    }

    /// Notes a fault at a byte of the text.
    pub(super) fn add_at<T>(
        &mut self,
        byte: usize,
        what: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Option<T> {
        let (line, column) = place_of(self.text, byte);
        self.found.push(SiteFault {
            line,
            column,
            what: what.into(),
            remedy: remedy.into(),
        });
        None
    }

    /// Whether nothing was found.
    pub(super) fn none(&self) -> bool {
        self.found.is_empty()
    }

    /// Whether a fault on the line of this byte is known already.
    pub(super) fn on_line_of(&self, byte: usize) -> bool {
        let (line, _) = place_of(self.text, byte);
        self.found.iter().any(|fault| fault.line == line)
    }

    /// All of them in the order of the file.
    pub(super) fn sorted(mut self) -> Vec<SiteFault> {
        self.found.sort_by_key(|fault| (fault.line, fault.column));
        self.found
    }
}

/// Line and column, from 1, of a byte in `text`.
fn place_of(text: &str, byte: usize) -> (usize, usize) {
    let before = text.get(..byte).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |tail| tail.chars().count()) + 1;
    (line, column)
}
