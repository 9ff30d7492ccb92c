//! Periods of dues: months, quarters and years that are counted from one day, so that none is ever left out or
//! counted twice. A period that would begin on a day which its month lacks begins on that month's last day.

use jiff::Span;
use jiff::civil::Date;

use crate::record::words;

words! {
    /// How often dues are asked for.
    pub enum Every {
        /// Each month.
        1 Month = "month";
        /// Each quarter of a year.
        2 Quarter = "quarter";
        /// Each year.
        3 Year = "year";
        /// Once, when somebody joins.
        4 Once = "once";
    }
}

impl Every {
    /// How many months a period has; none for what is asked once.
    pub const fn months(self) -> Option<i64> {
        match self {
            Self::Month => Some(1),
            Self::Quarter => Some(3),
            Self::Year => Some(12),
            Self::Once => None,
        }
    }
}

/// A period, both days within it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Period {
    /// Its first day.
    pub first: Date,
    /// Its last day.
    pub last: Date,
}

impl Period {
    /// How many days it has.
    pub fn days(&self) -> i64 {
        days_between(self.first, self.last) + 1
    }

    /// Whether the day lies within.
    pub fn covers(&self, day: Date) -> bool {
        self.first <= day && day <= self.last
    }
}

/// How many days lie between two days; negative where the second is earlier.
pub fn days_between(from: Date, to: Date) -> i64 {
    to.duration_since(from).as_hours() / 24
}

/// The day so many days later, or the last day there is.
pub fn days_after(day: Date, days: u16) -> Date {
    day.saturating_add(Span::new().days(days))
}

/// The first day of the period with this number, counted from the anchor; always from there, so that 31 January is
/// followed by the end of February and by 31 March.
fn begins(anchor: Date, months: i64, number: i64) -> Option<Date> {
    let span = Span::new().try_months(months.checked_mul(number)?).ok()?;
    anchor.checked_add(span).ok()
}

/// Every period from the anchor on that begins by `until`. What is asked once has one without an end.
pub fn periods(anchor: Date, every: Every, until: Date) -> Vec<Period> {
    let Some(months) = every.months() else {
        return vec![Period {
            first: anchor,
            last: Date::MAX,
        }];
    };
    let mut periods = Vec::new();
    let mut first = anchor;
    for number in 1.. {
        if first > until {
            break;
        }
        let Some(next) = begins(anchor, months, number) else {
            break;
        };
        periods.push(Period {
            first,
            last: next.yesterday().unwrap_or(first),
        });
        first = next;
    }
    periods
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};
    use proptest::prelude::*;

    use super::{Every, Period, days_between, periods};

    fn firsts(anchor: Date, every: Every, until: Date) -> Vec<String> {
        let periods = periods(anchor, every, until);
        periods.iter().map(|period| period.first.to_string()).collect()
    }

    #[test]
    fn months_end_where_they_end_and_come_back() {
        assert_eq!(
            firsts(date(2024, 1, 31), Every::Month, date(2024, 5, 1)),
            ["2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30"]
        );
        assert_eq!(
            firsts(date(2024, 2, 29), Every::Year, date(2028, 3, 1)),
            [
                "2024-02-29",
                "2025-02-28",
                "2026-02-28",
                "2027-02-28",
                "2028-02-29"
            ]
        );
        assert_eq!(
            firsts(date(2025, 11, 30), Every::Quarter, date(2026, 6, 1)),
            ["2025-11-30", "2026-02-28", "2026-05-30"]
        );
        assert!(periods(date(2026, 1, 1), Every::Month, date(2025, 12, 31)).is_empty());
        assert_eq!(periods(date(2026, 1, 1), Every::Once, date(2020, 1, 1)).len(), 1);
    }

    #[test]
    fn ten_years_of_months_are_120() {
        let all = periods(date(2016, 1, 1), Every::Month, date(2025, 12, 31));
        assert_eq!(all.len(), 120);
        assert_eq!(all.iter().map(Period::days).sum::<i64>(), 3_653);
    }

    proptest! {
        #[test]
        fn every_day_lies_in_just_one_period(year in 1990_i16..2060, month in 1_i8..13, day in 1_i8..32, ahead in 0_i64..5_000, every in 0_usize..3) {
            let Ok(anchor) = Date::new(year, month, day) else { return Ok(()) };
            let every = Every::ALL[every];
            let until = anchor.saturating_add(jiff::Span::new().days(ahead));
            let all = periods(anchor, every, until);
            for pair in all.windows(2) {
                prop_assert_eq!(days_between(pair[0].last, pair[1].first), 1);
            }
            prop_assert_eq!(all.iter().filter(|period| period.covers(until)).count(), 1);
            prop_assert_eq!(all[0].first, anchor);
        }
    }
}
