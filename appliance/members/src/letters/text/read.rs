//! How a text is read.

use super::super::places::Place;
use super::{Bit, Block, LONGEST, Line, TextFault};
use crate::text;

/// The parts of a text.
pub(super) fn blocks(written: &str) -> Result<Vec<Block>, TextFault> {
    // Counted first, and no further than need be.
    if written.len() > LONGEST * 4 || written.chars().count() > LONGEST {
        let length = written.chars().count();
        return Err(TextFault::TooLong { length });
    }
    let mut blocks = Vec::new();
    let mut together = true;
    for (number, raw) in (1..).zip(written.lines()) {
        let written = raw.trim_end();
        if !fit(written) {
            return Err(TextFault::Unshowable { line: number });
        }
        if written.is_empty() {
            together = false;
            continue;
        }
        add(&mut blocks, written, number, together)?;
        together = true;
    }
    if blocks.is_empty() {
        return Err(TextFault::Empty);
    }
    Ok(blocks)
}

/// Whether every sign of a line can be shown; an empty line can.
fn fit(line: &str) -> bool {
    !matches!(text::line(line, LONGEST), Err(text::Unfit::Unshowable)) && !line.chars().any(char::is_control)
}

fn add(blocks: &mut Vec<Block>, written: &str, number: usize, together: bool) -> Result<(), TextFault> {
    let of = |words: &str| bits(words.trim_start(), number);
    if let Some(words) = written.strip_prefix("# ") {
        blocks.push(Block::Heading(of(words)?));
    } else if let Some(words) = written.strip_prefix("## ") {
        blocks.push(Block::Lesser(of(words)?));
    } else if let Some(words) = written.strip_prefix("- ") {
        let entry = of(words)?;
        match blocks.last_mut() {
            Some(Block::List(entries)) if together => entries.push(entry),
            _ => blocks.push(Block::List(vec![entry])),
        }
    } else {
        let line = of(written)?;
        match blocks.last_mut() {
            Some(Block::Paragraph(lines)) if together => lines.push(line),
            _ => blocks.push(Block::Paragraph(vec![line])),
        }
    }
    Ok(())
}

/// The pieces of a line.
fn bits(line: &str, number: usize) -> Result<Line, TextFault> {
    let mut bits = Vec::new();
    let mut rest = line;
    while let Some(at) = rest.find(['{', '[']) {
        let (before, from) = rest.split_at(at);
        words(&mut bits, before);
        let (bit, after) = match marked(from, number)? {
            Some(found) => found,
            // A brace or bracket that begins nothing means itself.
            None => (Bit::Words(from[..1].to_owned()), &from[1..]),
        };
        match bit {
            Bit::Words(own) => words(&mut bits, &own),
            other => bits.push(other),
        }
        rest = after;
    }
    words(&mut bits, rest);
    Ok(bits)
}

/// Words join those before them.
fn words(bits: &mut Line, more: &str) {
    if more.is_empty() {
        return;
    }
    match bits.last_mut() {
        Some(Bit::Words(words)) => words.push_str(more),
        _ => bits.push(Bit::Words(more.to_owned())),
    }
}

/// The place or link that begins here, and what follows it.
fn marked(from: &str, line: usize) -> Result<Option<(Bit, &str)>, TextFault> {
    if let Some(inner) = from.strip_prefix('{') {
        let Some((word, after)) = inner.split_once('}') else {
            return Ok(None);
        };
        let word = word.trim();
        let is_word = !word.is_empty()
            && word
                .chars()
                .all(|sign| sign.is_alphanumeric() || " _-".contains(sign));
        if !is_word {
            return Ok(None);
        }
        let small = text::folded(&word.replace(['_', '-'], " "));
        let place = Place::parse(&small).ok_or_else(|| TextFault::NoSuchPlace {
            line,
            word: word.chars().take(60).collect(),
        })?;
        return Ok(Some((Bit::Place(place), after)));
    }
    let Some((words, after)) = from.strip_prefix('[').and_then(|inner| inner.split_once("](")) else {
        return Ok(None);
    };
    let Some((to, after)) = after.split_once(')') else {
        return Ok(None);
    };
    if words.contains(['[', ']', '{', '}']) || words.trim().is_empty() {
        return Ok(None);
    }
    if !leads_somewhere(to) {
        let to = to.chars().take(200).collect();
        return Err(TextFault::BadLink { line, to });
    }
    let (words, to) = (words.to_owned(), to.to_owned());
    Ok(Some((Bit::Link { words, to }, after)))
}

/// Whether this is an address that a browser or a mail program opens and nothing else does.
fn leads_somewhere(to: &str) -> bool {
    let schemes = ["https://", "http://", "mailto:"];
    let known = schemes.iter().find_map(|scheme| to.strip_prefix(scheme));
    known.is_some_and(|rest| !rest.is_empty())
        && to.len() <= 500
        && to
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte))
}
