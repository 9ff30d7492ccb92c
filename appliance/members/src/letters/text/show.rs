//! A text as HTML for the page and for print, and as plain lines for e-mail.

use super::super::names::is_from_the_right;
use super::super::places::{Place, Values};
use super::{Bit, Block, Line, Text};

impl Text {
    /// As HTML. Headings are `h3` and `h4`, since a page has others above them.
    pub fn html(&self, values: &Values) -> String {
        let mut out = String::new();
        for block in self.blocks() {
            match block {
                Block::Heading(line) => out.push_str(&format!("<h3>{}</h3>\n", html_line(line, values))),
                Block::Lesser(line) => out.push_str(&format!("<h4>{}</h4>\n", html_line(line, values))),
                Block::Paragraph(lines) => {
                    let lines: Vec<String> = lines.iter().map(|line| html_line(line, values)).collect();
                    out.push_str(&format!("<p>{}</p>\n", lines.join("<br>\n")));
                }
                Block::List(entries) => {
                    out.push_str("<ul>\n");
                    for entry in entries {
                        out.push_str(&format!("<li>{}</li>\n", html_line(entry, values)));
                    }
                    out.push_str("</ul>\n");
                }
            }
        }
        out
    }

    /// As plain lines.
    pub fn plain(&self, values: &Values) -> String {
        let blocks: Vec<String> = self
            .blocks()
            .iter()
            .map(|block| plain_block(block, values))
            .collect();
        blocks.join("\n\n") + "\n"
    }
}

/// A text that means something to HTML written out, so that it means itself.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

fn html_line(line: &Line, values: &Values) -> String {
    line.iter().map(|bit| html_bit(bit, values)).collect()
}

fn html_bit(bit: &Bit, values: &Values) -> String {
    match bit {
        Bit::Words(words) => escaped(words),
        Bit::Place(place) => {
            let value = values.get(*place).unwrap_or_default();
            let lines: Vec<String> = value.lines().map(escaped).collect();
            format!("<bdi>{}</bdi>", lines.join("<br>"))
        }
        Bit::Link { words, to } => {
            // On paper nobody can follow words, so the address stands beside them.
            let shown = to.strip_prefix("mailto:").unwrap_or(to);
            format!(
                "<a href=\"{}\" rel=\"noreferrer\">{}</a><span class=\"to\"> ({})</span>",
                escaped(to),
                escaped(words),
                escaped(shown)
            )
        }
    }
}

fn plain_block(block: &Block, values: &Values) -> String {
    let of = |line: &Line| -> String { line.iter().map(|bit| plain_bit(bit, values)).collect() };
    match block {
        Block::Heading(line) => underlined(&of(line), "="),
        Block::Lesser(line) => underlined(&of(line), "-"),
        Block::Paragraph(lines) => lines.iter().map(of).collect::<Vec<_>>().join("\n"),
        Block::List(entries) => {
            let entries: Vec<String> = entries.iter().map(|entry| format!("- {}", of(entry))).collect();
            entries.join("\n")
        }
    }
}

fn underlined(words: &str, with: &str) -> String {
    format!("{words}\n{}", with.repeat(words.chars().count().clamp(1, 60)))
}

fn plain_bit(bit: &Bit, values: &Values) -> String {
    match bit {
        Bit::Words(words) => words.clone(),
        Bit::Place(place) => apart(*place, values.get(*place).unwrap_or_default()),
        Bit::Link { words, to } => {
            let shown = to.strip_prefix("mailto:").unwrap_or(to);
            if shown == words {
                words.clone()
            } else {
                format!("{words} ({shown})")
            }
        }
    }
}

/// What comes from the book and is written the other way round must not turn what stands beside it.
fn apart(place: Place, value: &str) -> String {
    if place != Place::Address && is_from_the_right(value) && !value.starts_with('\u{2068}') {
        return format!("\u{2068}{value}\u{2069}");
    }
    value.to_owned()
}
