//! A day as people write it: 2004-02-29 as the browser sends it, or 29/2/2004 and 29.2.2004 as it stands on paper here.

use jiff::civil::Date;

/// Why something written is no day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoDay {
    /// It is not written like a day.
    #[error("\"{0}\" is no day. Write it like 29/2/2004")]
    Unreadable(String),
    /// It is written like one, and no calendar has it.
    #[error(
        "There is no such day as {0}. Look at it again: not every month has 31 days, and 29 February comes every four years"
    )]
    NotInTheCalendar(String),
}

/// The day that was written; the day leads and the year has four digits, unless it is year, month, day with dashes.
pub fn parse(text: &str) -> Result<Date, NoDay> {
    let text = text.trim();
    let short: String = text.chars().take(40).collect();
    let parts: Vec<&str> = text
        .split(['-', '/', '.', ' '])
        .filter(|part| !part.is_empty())
        .collect();
    let dashed = text.contains('-');
    let (year, month, day) = match parts.as_slice() {
        [year, month, day] if dashed && year.len() == 4 => (year, month, day),
        [day, month, year] if year.len() == 4 => (year, month, day),
        _ => return Err(NoDay::Unreadable(short)),
    };
    let numbers = (year.parse::<i16>(), month.parse::<i8>(), day.parse::<i8>());
    let (Ok(year), Ok(month), Ok(day)) = numbers else {
        return Err(NoDay::Unreadable(short));
    };
    Date::new(year, month, day).map_err(|_| NoDay::NotInTheCalendar(short))
}

/// The day that was written, or none where nothing was.
pub fn optional(text: &str) -> Result<Option<Date>, NoDay> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    parse(text).map(Some)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::{NoDay, parse};

    #[test]
    fn days_are_read_as_people_write_them() {
        for text in [
            "2004-02-29",
            "29/2/2004",
            "29.02.2004",
            " 29 2 2004 ",
            "29-2-2004",
        ] {
            assert_eq!(parse(text), Ok(date(2004, 2, 29)), "{text}");
        }
        assert_eq!(
            parse("29/2/2023"),
            Err(NoDay::NotInTheCalendar("29/2/2023".to_owned()))
        );
        assert_eq!(
            parse("31/4/2024"),
            Err(NoDay::NotInTheCalendar("31/4/2024".to_owned()))
        );
        for text in ["", "soon", "1/2/04", "1/2", "2004", "-1/2/2004/3", "١/٢/2004"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_has_an_answer(text in any::<String>()) {
            let _ = parse(&text);
        }

        #[test]
        fn every_day_is_read_back(year in 1000_i16..3000, month in 1_i8..13, day in 1_i8..29) {
            let day = date(year, month, day);
            prop_assert_eq!(parse(&day.to_string()), Ok(day));
            prop_assert_eq!(parse(&day.strftime("%d/%m/%Y").to_string()), Ok(day));
        }
    }
}
