//! The cash book: what comes into the cash box and goes out of it, day by day. A day is closed by counting. From then on
//! it is locked, with all days before it; what was wrong is put right on the next open day.

use std::collections::BTreeMap;

use jiff::civil::Date;
use sha2::{Digest, Sha256};
use units::{Currency, Instant, Money, MoneyError, PersonId};

use super::payer::PaymentId;
use super::payment::{Payment, Way};
use crate::record::{Newer, Opaque, record};
use crate::text::{self, Unfit};

record! {
    /// What was counted at the end of a day.
    pub struct Closing {
        /// What lay in the box when the day began.
        1 before: Money => "In the box before", Money, LegalObligation, AfterEntry(6);
        /// What was counted.
        2 counted: Money => "Counted", Money, LegalObligation, AfterEntry(6);
        /// Why it is not what the book says.
        3 explained: Option<String> => "Explained", Money, LegalObligation, AfterEntry(6);
        /// Who counted.
        4 by: Option<PersonId> => "Counted by", Accountability, LegitimateInterest, AfterEntry(6);
        /// When.
        5 at: Instant => "Closed", Accountability, LegitimateInterest, AfterEntry(6);
        /// The number of this closing: counted from 1, without gaps.
        6 number: u32 => "Number of the closing", Money, LegalObligation, AfterEntry(6);
        /// A hash over the day's entries and the closing before it, without anybody's name.
        7 seal: Opaque => "Seal", Accountability, LegitimateInterest, AfterEntry(6);
    }
}

record! {
    /// One day of the cash book.
    pub struct CashDay in "cash-days" by Date {
        /// How many entries it has; they are numbered from 1.
        1 entries: u32 => "Number of entries", Money, NotPersonal, AfterEntry(6);
        /// What came in.
        2 came: Money => "Came in", Money, NotPersonal, AfterEntry(6);
        /// What went out.
        3 went: Money => "Went out", Money, NotPersonal, AfterEntry(6);
        /// What was counted, once it is closed.
        4 closing: Option<Closing> => "Closing", Money, LegalObligation, AfterEntry(6);
    }
}

/// Why a day cannot be closed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoClosing {
    /// It is closed already.
    #[error(
        "The cash book is closed up to {0} already. What was wrong is put right by an entry on a day after it"
    )]
    Closed(Date),
    /// An earlier day has entries and is open.
    #[error("{0} is still open. Count and close that day first")]
    EarlierOpen(Date),
    /// It is to come.
    #[error("{0} has not come yet")]
    NotYet(Date),
    /// Nobody counts less than nothing.
    #[error("There cannot be less than nothing in the box. Count again")]
    Negative,
    /// The count differs and nobody said why.
    #[error(
        "The book says {book} and you counted {counted}. Count again; if it stays so, write what may have happened"
    )]
    NotExplained {
        /// What the book says.
        book: Money,
        /// What was counted.
        counted: Money,
    },
    /// The words cannot be kept.
    #[error(transparent)]
    Unfit(#[from] Unfit),
    /// It cannot be added up.
    #[error(transparent)]
    Sum(#[from] MoneyError),
}

/// Somebody's count of the cash box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// At the end of which day.
    pub day: Date,
    /// How much it was.
    pub counted: Money,
    /// Why it differs, where it does.
    pub explained: Option<String>,
    /// Who counted.
    pub by: Option<PersonId>,
    /// When.
    pub at: Instant,
}

impl CashDay {
    /// A day without an entry.
    pub fn empty(currency: Currency) -> Self {
        Self {
            entries: 0,
            came: Money::zero(currency),
            went: Money::zero(currency),
            closing: None,
            newer: Newer::default(),
        }
    }

    /// The day with one entry more, which has the number of its `entries`.
    pub fn with(&self, amount: Money) -> Result<Self, MoneyError> {
        let mut after = self.clone();
        if amount.is_negative() {
            after.went = after.went.minus(amount)?;
        } else {
            after.came = after.came.plus(amount)?;
        }
        after.entries = after.entries.saturating_add(1);
        Ok(after)
    }

    /// What came in less what went out.
    pub fn change(&self) -> Result<Money, MoneyError> {
        self.came.minus(self.went)
    }
}

impl Closing {
    /// What was counted less what the book said.
    pub fn difference(&self, day: &CashDay) -> Result<Money, MoneyError> {
        self.counted.minus(self.before.plus(day.change()?)?)
    }
}

/// Every day of the cash book.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CashBook {
    /// The days that have entries or were closed.
    pub days: BTreeMap<Date, CashDay>,
}

impl CashBook {
    /// The newest closing and its day.
    pub fn closed(&self) -> Option<(Date, &Closing)> {
        let mut days = self.days.iter().rev();
        days.find_map(|(day, cash)| Some((*day, cash.closing.as_ref()?)))
    }

    /// Whether nothing can be entered on this day any more.
    pub fn is_locked(&self, day: Date) -> bool {
        self.closed().is_some_and(|(closed, _)| day <= closed)
    }

    /// The first day on or after `day` on which something can be entered.
    pub fn open_day(&self, day: Date) -> Date {
        match self.closed() {
            Some((closed, _)) if day <= closed => closed.tomorrow().unwrap_or(closed),
            _ => day,
        }
    }

    /// The oldest day before `day` that has entries and is open.
    pub fn open_before(&self, day: Date) -> Option<Date> {
        let open = self.days.iter().find(|(_, cash)| cash.closing.is_none());
        let locked = |open: Date| self.is_locked(open);
        open.map(|(open, _)| *open)
            .filter(|open| *open < day && !locked(*open))
    }

    /// What should lie in the box at the end of `day`: the newest count and everything since.
    pub fn expected(&self, day: Date, currency: Currency) -> Result<Money, MoneyError> {
        let closed = self.closed();
        let begin = closed.map_or(Money::zero(currency), |(_, closing)| closing.counted);
        let since = self
            .days
            .iter()
            .filter(|(date, _)| **date <= day && closed.is_none_or(|(closed, _)| **date > closed));
        since
            .map(|(_, cash)| cash.change())
            .try_fold(begin, |sum, change| sum.plus(change?))
    }

    /// The day as it is once it was counted and closed; `entries` are its entries in the cash book.
    pub fn close(
        &self,
        count: Count,
        today: Date,
        entries: &[(PaymentId, Payment)],
    ) -> Result<CashDay, NoClosing> {
        let Count { day, counted, .. } = count;
        if let Some((closed, _)) = self.closed().filter(|(closed, _)| day <= *closed) {
            return Err(NoClosing::Closed(closed));
        }
        if day > today {
            return Err(NoClosing::NotYet(day));
        }
        if let Some(open) = self.open_before(day) {
            return Err(NoClosing::EarlierOpen(open));
        }
        if counted.is_negative() {
            return Err(NoClosing::Negative);
        }
        let book = self.expected(day, counted.currency())?;
        let explained = text::optional_line(&count.explained.unwrap_or_default(), 300)?;
        if book.minus(counted)?.minor() != 0 && explained.is_none() {
            return Err(NoClosing::NotExplained { book, counted });
        }
        let mut after = match self.days.get(&day) {
            Some(cash) => cash.clone(),
            None => CashDay::empty(counted.currency()),
        };
        let last = self.closed().map(|(_, closing)| closing);
        after.closing = Some(Closing {
            before: last.map_or(Money::zero(counted.currency()), |last| last.counted),
            counted,
            explained,
            by: count.by,
            at: count.at,
            number: last.map_or(0, |last| last.number) + 1,
            seal: seal(day, entries, last, counted),
            newer: Newer::default(),
        });
        Ok(after)
    }
}

/// The hash of a closed day: over the numbers and amounts of its entries, the count, and the seal before it. Names are
/// left out, so that it holds when somebody's data is erased.
pub fn seal(day: Date, entries: &[(PaymentId, Payment)], last: Option<&Closing>, counted: Money) -> Opaque {
    let mut hash = Sha256::new();
    hash.update(last.map_or(&[][..], |last| last.seal.0.as_slice()));
    hash.update(format!("{day} {}\n", counted.plain()));
    for (id, payment) in entries.iter().filter(|(_, payment)| payment.way == Way::Cash) {
        let number = payment.in_cash_book.unwrap_or(0);
        let amount = payment.amount.plain();
        hash.update(format!("{number} {id} {amount} {}\n", payment.purpose));
    }
    Opaque(hash.finalize().to_vec())
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};
    use proptest::prelude::*;
    use units::{Currency, Instant, Money};

    use super::{CashBook, CashDay, Count, NoClosing};

    fn pounds(minor: i64) -> Money {
        Money::new(minor, Currency::GBP)
    }

    fn enter(book: &mut CashBook, day: Date, minor: i64) {
        let before = book
            .days
            .remove(&day)
            .unwrap_or_else(|| CashDay::empty(Currency::GBP));
        book.days.insert(day, before.with(pounds(minor)).expect("a sum"));
    }

    fn count(day: Date, minor: i64, why: &str) -> Count {
        Count {
            day,
            counted: pounds(minor),
            explained: Some(why.to_owned()),
            by: None,
            at: Instant::from_millis(0),
        }
    }

    const MONDAY: Date = date(2026, 6, 15);
    const TUESDAY: Date = date(2026, 6, 16);

    #[test]
    fn a_day_is_closed_by_counting_and_then_locked() {
        let mut book = CashBook::default();
        enter(&mut book, MONDAY, 1_000);
        enter(&mut book, MONDAY, -140);
        enter(&mut book, TUESDAY, 500);
        assert_eq!(
            book.close(count(TUESDAY, 1_360, ""), TUESDAY, &[]),
            Err(NoClosing::EarlierOpen(MONDAY))
        );
        let short = book
            .close(count(MONDAY, 850, " "), TUESDAY, &[])
            .expect_err("short");
        assert_eq!(
            short.to_string(),
            "The book says £8.60 and you counted £8.50. Count again; if it stays so, write what may have happened"
        );
        let closed = book
            .close(count(MONDAY, 850, "10p too much change"), TUESDAY, &[])
            .expect("closed");
        let closing = closed.closing.clone().expect("a closing");
        assert_eq!(
            (closing.number, closing.difference(&closed)),
            (1, Ok(pounds(-10)))
        );
        book.days.insert(MONDAY, closed);
        assert!(book.is_locked(MONDAY) && book.is_locked(date(2026, 6, 1)) && !book.is_locked(TUESDAY));
        assert_eq!(book.open_day(MONDAY), TUESDAY);
        // What was counted counts on, not what should have been.
        assert_eq!(book.expected(TUESDAY, Currency::GBP), Ok(pounds(1_350)));
        assert_eq!(
            book.close(count(MONDAY, 850, ""), TUESDAY, &[]),
            Err(NoClosing::Closed(MONDAY))
        );
        assert!(book.close(count(TUESDAY, -1, ""), TUESDAY, &[]).is_err());
        let tomorrow = date(2026, 6, 17);
        assert_eq!(
            book.close(count(tomorrow, 1, ""), TUESDAY, &[]),
            Err(NoClosing::NotYet(tomorrow))
        );
        let next = book
            .close(count(TUESDAY, 1_350, ""), TUESDAY, &[])
            .expect("closed")
            .closing
            .expect("a closing");
        assert_eq!((next.number, next.before), (2, pounds(850)));
        assert_ne!(next.seal, closing.seal);
    }

    proptest! {
        #[test]
        fn closings_and_differences_add_up(days in prop::collection::vec((prop::collection::vec(-300_i64..900, 0..5), -20_i64..20), 1..20)) {
            let (mut book, mut box_holds, mut all, mut lost) = (CashBook::default(), 0, 0, 0);
            let mut day = MONDAY;
            for (entries, slip) in days {
                for minor in &entries {
                    enter(&mut book, day, *minor);
                }
                all += entries.iter().sum::<i64>();
                let counted = (box_holds + entries.iter().sum::<i64>() + slip).max(0);
                let closed = book.close(count(day, counted, "counted twice"), day, &[]).expect("closed");
                let closing = closed.closing.clone().expect("a closing");
                lost += closing.difference(&closed).expect("a sum").minor();
                box_holds = counted;
                book.days.insert(day, closed);
                day = day.tomorrow().expect("a day");
            }
            prop_assert_eq!(box_holds, all + lost);
        }
    }
}
