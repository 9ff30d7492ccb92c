//! Sheets of labels: how many, how large, and where, in tenths of a millimetre.

use std::str::FromStr;

/// The width of A4.
const PAPER_WIDTH: u32 = 2_100;
/// The height of A4.
const PAPER_HEIGHT: u32 = 2_970;

/// How labels lie on a sheet of A4.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sheet {
    /// Labels side by side.
    pub columns: u32,
    /// Labels below each other.
    pub rows: u32,
    /// The width of one.
    pub width: u32,
    /// The height of one.
    pub height: u32,
    /// From the paper's left edge to the first label.
    pub left: u32,
    /// From the paper's upper edge to the first label.
    pub top: u32,
    /// Between two columns.
    pub gap: u32,
}

/// Why labels cannot lie so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoSheet {
    /// A number is missing or none.
    #[error(
        "Write how many labels there are in a row and below each other, and their measures in millimetres"
    )]
    Missing,
    /// They are too small for a name and an address.
    #[error("A label has to be at least 20 mm wide and 10 mm high")]
    TooSmall,
    /// They do not fit.
    #[error(
        "So many labels of this size do not fit on A4, which is 210 mm by 297 mm. Look at the measures again"
    )]
    TooLarge,
}

/// 21 labels, 3 by 7, of 63.5 by 38.1 mm.
pub const THREE_BY_SEVEN: Sheet = Sheet {
    columns: 3,
    rows: 7,
    width: 635,
    height: 381,
    left: 72,
    top: 151,
    gap: 25,
};
/// 24 labels, 3 by 8, of 70 by 37 mm.
pub const THREE_BY_EIGHT: Sheet = Sheet {
    columns: 3,
    rows: 8,
    width: 700,
    height: 370,
    left: 0,
    top: 5,
    gap: 0,
};

impl Sheet {
    /// Labels with these measures, if they fit on the paper.
    pub fn checked(self) -> Result<Self, NoSheet> {
        if self.columns == 0 || self.rows == 0 {
            return Err(NoSheet::Missing);
        }
        if self.width < 200 || self.height < 100 {
            return Err(NoSheet::TooSmall);
        }
        let across = self.columns.checked_mul(self.width).and_then(|labels| {
            let gaps = self.columns.saturating_sub(1).checked_mul(self.gap)?;
            labels.checked_add(gaps)?.checked_add(self.left)
        });
        let down = self
            .rows
            .checked_mul(self.height)
            .and_then(|labels| labels.checked_add(self.top));
        let fits = across.is_some_and(|across| across <= PAPER_WIDTH)
            && down.is_some_and(|down| down <= PAPER_HEIGHT);
        fits.then_some(self).ok_or(NoSheet::TooLarge)
    }

    /// How many there are on a sheet.
    pub const fn labels(self) -> u32 {
        self.columns * self.rows
    }
}

/// "3x7", "3x8", or seven numbers with commas between: columns, rows, and in millimetres width, height, left, top, gap.
impl FromStr for Sheet {
    type Err = NoSheet;

    fn from_str(words: &str) -> Result<Self, NoSheet> {
        match words {
            "3x7" => return Ok(THREE_BY_SEVEN),
            "3x8" => return Ok(THREE_BY_EIGHT),
            _ => {}
        }
        let parts: Vec<&str> = words.split(',').map(str::trim).collect();
        let [columns, rows, width, height, left, top, gap] = parts.as_slice() else {
            return Err(NoSheet::Missing);
        };
        let count = |text: &str| text.parse::<u32>().map_err(|_| NoSheet::Missing);
        Self {
            columns: count(columns)?,
            rows: count(rows)?,
            width: tenths(width)?,
            height: tenths(height)?,
            left: tenths(left)?,
            top: tenths(top)?,
            gap: tenths(gap)?,
        }
        .checked()
    }
}

/// Millimetres with at most one digit behind the point, as tenths.
fn tenths(text: &str) -> Result<u32, NoSheet> {
    let text = if text.is_empty() { "0" } else { text };
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let whole: u32 = whole.parse().map_err(|_| NoSheet::Missing)?;
    let part: u32 = part
        .parse()
        .ok()
        .filter(|part| *part < 10)
        .ok_or(NoSheet::Missing)?;
    whole
        .checked_mul(10)
        .and_then(|whole| whole.checked_add(part))
        .ok_or(NoSheet::Missing)
}

/// Tenths of a millimetre as a style sheet writes them: "63.5mm".
pub fn millimetres(tenths: u32) -> String {
    format!("{}.{}mm", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::{NoSheet, Sheet, THREE_BY_EIGHT, THREE_BY_SEVEN, millimetres};

    #[test]
    fn labels_fit_on_the_paper_or_are_refused() {
        assert_eq!(THREE_BY_SEVEN.checked(), Ok(THREE_BY_SEVEN));
        assert_eq!(THREE_BY_EIGHT.checked(), Ok(THREE_BY_EIGHT));
        assert_eq!((THREE_BY_SEVEN.labels(), THREE_BY_EIGHT.labels()), (21, 24));
        let own: Sheet = "2,7,99.1,38.1,4.7,15.1,2.5".parse().expect("it fits");
        assert_eq!((own.width, own.left, own.gap), (991, 47, 25));
        for (words, why) in [
            ("", NoSheet::Missing),
            ("3,7", NoSheet::Missing),
            ("3,7,x,38,0,0,0", NoSheet::Missing),
            ("3,7,-1,38,0,0,0", NoSheet::Missing),
            ("0,7,63,38,0,0,0", NoSheet::Missing),
            ("3,7,5,38,0,0,0", NoSheet::TooSmall),
            ("4,7,63,38,0,0,0", NoSheet::TooLarge),
            ("4294967295,4294967295,63,38,0,0,0", NoSheet::TooLarge),
        ] {
            assert_eq!(words.parse::<Sheet>(), Err(why), "{words}");
        }
        assert_eq!(millimetres(635), "63.5mm");
    }
}
