//! Days as banks write them: `31/12/2026`, `31 Dec 2026`, `2026-12-31 14:05:11`, `20261231120000[-5:EST]`.

use jiff::civil::Date;

use crate::record::words;

words! {
    /// What stands first in a day that is written in figures.
    pub enum DateOrder {
        /// The day: 31/12/2026.
        1 DayFirst = "day first";
        /// The month: 12/31/2026.
        2 MonthFirst = "month first";
        /// The year: 2026-12-31. Such a day is always known by its four figures.
        3 YearFirst = "year first";
    }
}

/// The months by the letters with which they begin, in English.
const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

/// A day as it is written: figures whose order is open, or a day.
enum Written {
    Day(Date),
    Open(i16, i16, i16),
}

/// The day in a cell, or why there is none.
pub(super) fn date(cell: &str, order: DateOrder) -> Result<Date, String> {
    let wrong = || match cell.trim() {
        "" => "There is no day in this row".to_owned(),
        other => format!("\"{other}\" is no day in the order \"{order}\""),
    };
    match written(cell).ok_or_else(wrong)? {
        Written::Day(day) => Ok(day),
        Written::Open(first, second, year) => {
            let (day, month) = match order {
                DateOrder::MonthFirst => (second, first),
                DateOrder::DayFirst | DateOrder::YearFirst => (first, second),
            };
            on(year, month, day).ok_or_else(wrong)
        }
    }
}

/// Which order the days of a column are written in, where they tell it: by a first or a second figure that can be no
/// month. `Err` with an example where every day can be read both ways.
pub(super) fn found_order<'a>(cells: impl Iterator<Item = &'a str>) -> Result<DateOrder, String> {
    let (mut day_first, mut month_first, mut open) = (0_usize, 0_usize, None);
    for cell in cells {
        match written(cell) {
            Some(Written::Open(first, second, _)) if first > 12 && second <= 12 => day_first += 1,
            Some(Written::Open(first, second, _)) if second > 12 && first <= 12 => month_first += 1,
            // The same either way.
            Some(Written::Open(first, second, _)) if first == second => {}
            Some(Written::Open(..)) => open = open.or(Some(cell)),
            Some(Written::Day(_)) | None => {}
        }
    }
    match open {
        Some(example) if day_first == 0 && month_first == 0 => Err(example.trim().to_owned()),
        _ if month_first > day_first => Ok(DateOrder::MonthFirst),
        _ => Ok(DateOrder::DayFirst),
    }
}

/// The first eight figures of a moment in OFX.
pub(super) fn of_ofx(text: &str) -> Option<Date> {
    let figures = text.trim().get(..8)?;
    if !figures.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    on(
        figures[..4].parse().ok()?,
        figures[4..6].parse().ok()?,
        figures[6..].parse().ok()?,
    )
}

fn written(cell: &str) -> Option<Written> {
    let cell = cell.trim().trim_start_matches('\'');
    let parts: Vec<&str> = cell
        .split(['/', '-', '.', ' ', ',', 'T'])
        .filter(|part| !part.is_empty())
        .collect();
    let figures = |part: &str| -> Option<i16> {
        let all = !part.is_empty() && part.len() <= 4 && part.bytes().all(|byte| byte.is_ascii_digit());
        all.then(|| part.parse().ok())?
    };
    match parts.as_slice() {
        [whole, ..] if whole.len() == 8 && whole.bytes().all(|byte| byte.is_ascii_digit()) => {
            of_ofx(whole).map(Written::Day)
        }
        [first, second, third, ..] => {
            if let Some(month) = month_word(second) {
                return on(year(third)?, month, figures(first)?).map(Written::Day);
            }
            if let Some(month) = month_word(first) {
                return on(year(third)?, month, figures(second)?).map(Written::Day);
            }
            if first.len() == 4 {
                return on(figures(first)?, figures(second)?, figures(third)?).map(Written::Day);
            }
            Some(Written::Open(figures(first)?, figures(second)?, year(third)?))
        }
        _ => None,
    }
}

fn month_word(word: &str) -> Option<i16> {
    let small = word.to_lowercase();
    let letters = small.len() >= 3 && small.chars().all(char::is_alphabetic);
    let at = MONTHS
        .iter()
        .position(|month| letters && small.starts_with(month))?;
    i16::try_from(at + 1).ok()
}

/// A year with four figures, or two of this century.
fn year(text: &str) -> Option<i16> {
    let figures: String = text.chars().take_while(char::is_ascii_digit).collect();
    let number: i16 = figures.parse().ok()?;
    match figures.len() {
        4 => Some(number),
        2 => Some(2000 + number),
        _ => None,
    }
}

fn on(year: i16, month: i16, day: i16) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date as day;

    use super::{DateOrder, date, found_order, of_ofx};

    #[test]
    fn days_as_banks_write_them() {
        let last = day(2026, 12, 31);
        for cell in [
            "31/12/2026",
            "31/12/26",
            "31-12-2026",
            "31.12.2026",
            "31 Dec 2026",
            "31-Dec-26",
            "31 December 2026",
            "2026-12-31",
            "2026-12-31 14:05:11",
            "2026-12-31T14:05:11Z",
            "31/12/2026 14:05",
            "20261231",
            "Dec 31, 2026",
        ] {
            assert_eq!(date(cell, DateOrder::DayFirst), Ok(last), "{cell}");
        }
        assert_eq!(date("12/31/2026", DateOrder::MonthFirst), Ok(last));
        assert_eq!(of_ofx("20261231235959.000[-5:EST]"), Some(last));
        for wrong in [
            "",
            "today",
            "31/02/2026",
            "29/02/2027",
            "1/2",
            "31/12/126",
            "20261331",
        ] {
            assert!(date(wrong, DateOrder::DayFirst).is_err(), "{wrong}");
        }
        assert_eq!(date("29/02/2028", DateOrder::DayFirst), Ok(day(2028, 2, 29)));
    }

    #[test]
    fn the_order_is_found_or_asked_for() {
        let found = |cells: &[&str]| found_order(cells.iter().copied());
        assert_eq!(found(&["01/02/2026", "13/02/2026"]), Ok(DateOrder::DayFirst));
        assert_eq!(found(&["01/02/2026", "02/13/2026"]), Ok(DateOrder::MonthFirst));
        assert_eq!(found(&["01/02/2026", "03/04/2026"]), Err("01/02/2026".to_owned()));
        assert_eq!(found(&["2026-02-01", "1 Feb 2026"]), Ok(DateOrder::DayFirst));
        assert_eq!(found(&["05/05/2026"]), Ok(DateOrder::DayFirst));
    }
}
