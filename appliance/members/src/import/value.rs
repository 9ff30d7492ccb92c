//! What stands in a cell, understood: days in the ways people write them, telephones, yes and no, words of a state.

use jiff::civil::Date;

use crate::membership::Status;
use crate::person::{Reach, WayKind};
use crate::record::words;
use crate::text::folded;

words! {
    /// In which order the parts of a day stand where all are numbers.
    pub enum DateOrder {
        /// 31/12/2026
        1 DayFirst = "day first";
        /// 12/31/2026
        2 MonthFirst = "month first";
    }
}

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

/// What the days of a table tell of their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// Some day can only be read in this order, and none only in the other.
    Order(DateOrder),
    /// Every day is the same in both orders, or names its month.
    AllClear,
    /// Some days could be read in both orders, and nothing tells which: somebody must be asked.
    Unclear,
}

/// The parts of a day as written.
enum Parts {
    Clear(Date),
    Numbers { first: i8, second: i8, year: i16 },
}

/// What these cells tell of the order of the parts of a day.
pub fn told_order<'a>(cells: impl Iterator<Item = &'a str>, today: Date) -> Told {
    let (mut day_first, mut month_first, mut either) = (0_usize, 0_usize, false);
    for cell in cells {
        if let Some(Parts::Numbers { first, second, .. }) = parts(cell, today) {
            match (first > 12, second > 12) {
                (true, false) => day_first += 1,
                (false, true) => month_first += 1,
                _ => either |= first != second,
            }
        }
    }
    match (day_first, month_first) {
        (0, 0) if either => Told::Unclear,
        (0, 0) => Told::AllClear,
        (_, 0) => Told::Order(DateOrder::DayFirst),
        (0, _) => Told::Order(DateOrder::MonthFirst),
        // Two orders in one table: whichever is taken, some days would be read wrongly.
        _ => Told::Unclear,
    }
}

/// The day of a cell; where all its parts are numbers, in this order. A year of two digits is the last such year that
/// is not ahead.
pub fn day(cell: &str, order: DateOrder, today: Date) -> Option<Date> {
    match parts(cell, today)? {
        Parts::Clear(date) => Some(date),
        Parts::Numbers { first, second, year } => {
            let (day, month) = match order {
                DateOrder::DayFirst => (first, second),
                DateOrder::MonthFirst => (second, first),
            };
            Date::new(year, month, day).ok()
        }
    }
}

fn parts(cell: &str, today: Date) -> Option<Parts> {
    let cell = folded(cell);
    // A time behind the day is of no interest.
    let cell = cell
        .split(['t', ' '])
        .next()
        .filter(|day| iso(day).is_some())
        .map_or(cell.clone(), str::to_owned);
    if let Some(date) = iso(&cell) {
        return Some(Parts::Clear(date));
    }
    let cell = without_time(&cell);
    let words: Vec<&str> = cell
        .split(|sign: char| !sign.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let [first, second, year] = words.as_slice() else {
        return None;
    };
    let number = |word: &str| word.parse::<i8>().ok().filter(|number| *number > 0);
    let year = full_year(year, today)?;
    if let (Some(first), Some(second)) = (number(first), number(second)) {
        return Some(Parts::Numbers { first, second, year });
    }
    let (day, month) = match (month_of(first), month_of(second)) {
        (None, Some(month)) => (ordinal(first)?, month),
        (Some(month), None) => (ordinal(second)?, month),
        _ => return None,
    };
    Date::new(year, month, day).ok().map(Parts::Clear)
}

fn iso(text: &str) -> Option<Date> {
    let mut parts = text.split(['-', '/', '.']);
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let whole = parts.next().is_none() && year.len() == 4;
    let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok();
    date.filter(|_| whole)
}

fn without_time(text: &str) -> &str {
    match text.rsplit_once(' ') {
        Some((day, time)) if time.contains(':') && time.starts_with(|sign: char| sign.is_ascii_digit()) => {
            day
        }
        _ => text,
    }
}

fn full_year(word: &str, today: Date) -> Option<i16> {
    let year: i16 = word.parse().ok()?;
    match word.len() {
        4 => Some(year),
        2 => {
            let century = today.year() - today.year() % 100;
            let near = century + year;
            Some(if near > today.year() { near - 100 } else { near })
        }
        _ => None,
    }
}

fn month_of(word: &str) -> Option<i8> {
    let found = (1..)
        .zip(MONTHS)
        .find(|(_, month)| word.len() >= 3 && word.starts_with(month));
    found.map(|(number, _)| number)
}

fn ordinal(word: &str) -> Option<i8> {
    word.trim_end_matches(|sign: char| sign.is_alphabetic())
        .parse()
        .ok()
}

/// Yes or no.
pub fn yes(cell: &str) -> Option<bool> {
    match folded(cell).as_str() {
        "yes" | "y" | "true" | "1" | "x" | "on" | "ja" | "oui" | "si" | "✓" | "✔" => Some(true),
        "no" | "n" | "false" | "0" | "off" | "nein" | "non" | "-" => Some(false),
        _ => None,
    }
}

/// A state of membership by the words that other programs use.
pub fn status(cell: &str) -> Option<Status> {
    let words = folded(cell);
    if let Some(status) = Status::parse(&words) {
        return Some(status);
    }
    match words.as_str() {
        "active" | "current" | "live" | "paid" | "paid up" | "yes" | "y" | "full" | "ok" => {
            Some(Status::Member)
        }
        "pending" | "applicant" | "waiting" | "prospective" => Some(Status::Applied),
        "lapsed" | "resigned" | "former" | "ex" | "ex-member" | "inactive" | "expired" | "ended" | "no"
        | "n" | "cancelled" => Some(Status::Left),
        "expelled" => Some(Status::Removed),
        "deceased" | "dead" => Some(Status::Died),
        "rejected" | "refused" | "declined" => Some(Status::Refused),
        _ => None,
    }
}

/// A wish how to be reached.
pub fn reach(cell: &str) -> Option<Reach> {
    let words = folded(cell);
    if let Some(reach) = Reach::parse(&words) {
        return Some(reach);
    }
    match words.as_str() {
        "letter" | "mail" | "by post" | "postal" => Some(Reach::Post),
        "telephone" | "call" | "by phone" | "tel" | "landline" => Some(Reach::Phone),
        "sms" | "text message" | "mobile" => Some(Reach::Text),
        "email" | "by email" | "e mail" => Some(Reach::Email),
        "none" | "do not contact" | "no contact" | "never" => Some(Reach::NotAtAll),
        _ => None,
    }
}

/// The telephones of a cell: several may stand in one.
pub fn telephones(cell: &str) -> Vec<String> {
    let parted = cell.replace(" or ", ";").replace(" OR ", ";");
    let parts = parted.split(['\n', ';', ',', '/', '|', '\u{b}']);
    parts
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Whether this can be a telephone number: digits and the signs between them.
pub fn is_telephone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let numbers = text
        .split(|sign: char| sign.is_alphabetic())
        .next()
        .unwrap_or_default();
    digits >= 4 && numbers.chars().filter(char::is_ascii_digit).count() >= 4
}

/// Whether a number is one of mobile telephones, as far as that can be seen: those of the United Kingdom can.
pub fn telephone_kind(number: &str) -> WayKind {
    let digits = telephone_key(number);
    if digits.len() == 10 && digits.starts_with('7') {
        WayKind::Mobile
    } else {
        WayKind::Phone
    }
}

/// What two spellings of one telephone number have in common: `+44 117 496 0123`, `(0117) 4960123` and the
/// `1174960123` that a spreadsheet has made of it.
pub fn telephone_key(number: &str) -> String {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let abroad = number.trim_start().starts_with('+') || digits.starts_with("00");
    let digits = digits.trim_start_matches('0');
    match digits.strip_prefix("44") {
        Some(own) if abroad => own.trim_start_matches('0').to_owned(),
        _ => digits.to_owned(),
    }
}

/// The e-mail addresses of a cell.
pub fn emails(cell: &str) -> Vec<String> {
    let parts = cell.split(['\n', ';', ',', '|', '\u{b}']);
    let plain = parts.map(|part| part.trim().trim_start_matches("mailto:").trim_matches(['<', '>']));
    plain.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// Whether this can be an e-mail address.
pub fn is_email(text: &str) -> bool {
    let parts = text.rsplit_once('@');
    parts.is_some_and(|(name, host)| {
        !name.is_empty()
            && host.contains('.')
            && !host.starts_with('.')
            && !host.ends_with('.')
            && !text.contains(char::is_whitespace)
    })
}

/// Words parted by commas, semicolons or line ends.
pub fn list(cell: &str) -> impl Iterator<Item = &str> {
    cell.split([',', ';', '\n', '|', '\u{b}'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};

    use super::{DateOrder, Told, day, status, telephone_key, telephones, told_order, yes};
    use crate::membership::Status;

    const TODAY: Date = date(2026, 6, 16);

    #[test]
    fn days_in_the_ways_people_write_them() {
        for (cell, expected) in [
            ("2021-03-04", Some(date(2021, 3, 4))),
            ("2021-03-04T12:00:00", Some(date(2021, 3, 4))),
            ("2021-03-04 12:00", Some(date(2021, 3, 4))),
            ("2021/03/04", Some(date(2021, 3, 4))),
            ("4/3/2021", Some(date(2021, 3, 4))),
            ("04.03.21", Some(date(2021, 3, 4))),
            ("4/3/2021 09:15:00", Some(date(2021, 3, 4))),
            ("4 March 2021", Some(date(2021, 3, 4))),
            ("4th Mar 2021", Some(date(2021, 3, 4))),
            ("Mar 4, 2021", Some(date(2021, 3, 4))),
            ("4-Mar-21", Some(date(2021, 3, 4))),
            ("29/02/2024", Some(date(2024, 2, 29))),
            ("1/1/27", Some(date(1927, 1, 1))),
            ("29/02/2023", None),
            ("31/02/2024", None),
            ("soon", None),
            ("2021", None),
            ("", None),
            ("44256", None),
        ] {
            assert_eq!(day(cell, DateOrder::DayFirst, TODAY), expected, "{cell}");
        }
        assert_eq!(
            day("4/3/2021", DateOrder::MonthFirst, TODAY),
            Some(date(2021, 4, 3))
        );
    }

    #[test]
    fn an_order_that_cannot_be_told_is_asked_for() {
        let told = |cells: &[&str]| told_order(cells.iter().copied(), TODAY);
        assert_eq!(told(&["4/3/2021", "5/6/2020"]), Told::Unclear);
        assert_eq!(told(&["4/3/2021", "25/6/2020"]), Told::Order(DateOrder::DayFirst));
        assert_eq!(
            told(&["4/3/2021", "6/25/2020"]),
            Told::Order(DateOrder::MonthFirst)
        );
        assert_eq!(told(&["25/3/2021", "6/25/2020"]), Told::Unclear);
        assert_eq!(told(&["4/4/2021", "2020-01-02", "", "x"]), Told::AllClear);
    }

    #[test]
    fn one_number_in_several_spellings() {
        for spelling in [
            "+44 117 496 0123",
            "(0117) 496 0123",
            "1174960123",
            "0044 117 4960123",
            "+44 (0)117 4960123",
        ] {
            assert_eq!(telephone_key(spelling), "1174960123", "{spelling}");
        }
        assert_eq!(
            telephones("0117 1 / 0117 2 or 0117 3"),
            ["0117 1", "0117 2", "0117 3"]
        );
        assert_eq!((yes("Y"), yes("no"), yes("?")), (Some(true), Some(false), None));
        assert_eq!(status(" Lapsed "), Some(Status::Left));
    }
}
