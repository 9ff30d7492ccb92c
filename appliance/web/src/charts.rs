//! Charts as SVG, drawn by the server. Pure geometry: numbers go in, short paths and places come out; the
//! templates put them on the page and `assets/style` gives them colour.
//!
//! A chart has no fixed width. Its plot is a grid of whole numbers (one slot is one unit wide, the height is
//! [`HEIGHT`]) that the browser stretches to the room there is, while letters keep their size: their places are
//! given in percent.

pub(crate) mod flow;
pub(crate) mod line;
mod path;
mod scale;
pub(crate) mod stack;

/// Height of every plot in steps of its grid.
pub(crate) const HEIGHT: i64 = 200;

/// `part` of `whole` in percent with two places, as SVG takes it: `5.21%`.
pub(crate) fn share(part: i64, whole: i64) -> String {
    let hundredths = part.saturating_mul(10_000) / whole.max(1);
    let text = format!("{}.{:02}", hundredths / 100, hundredths % 100);
    format!("{}%", text.trim_end_matches('0').trim_end_matches('.'))
}

/// Which part of words over a chart stands at their place, in percent of its width, so that they stay within it.
pub(crate) fn anchor(percent: usize) -> &'static str {
    match percent {
        0..12 => "start",
        12..88 => "middle",
        _ => "end",
    }
}
