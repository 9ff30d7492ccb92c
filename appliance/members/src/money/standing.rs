//! How a payer stands: paid until when, or owing since when. It is for asking kindly, and changes nobody's membership.

use jiff::civil::Date;
use units::{Money, MoneyError};

use super::due::Due;
use crate::record::words;

words! {
    /// How somebody stands, in a word.
    pub enum PaidState {
        /// Nothing was ever asked of them.
        1 NeverAsked = "never asked";
        /// Everything that was asked is paid.
        2 Paid = "paid";
        /// Something is open, and there is time yet.
        3 Open = "open";
        /// Something is late.
        4 Late = "late";
    }
}

/// How a payer stands on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// In a word.
    pub state: PaidState,
    /// What is open now; nothing or more.
    pub owed: Money,
    /// Of it, what is late.
    pub late: Money,
    /// What was paid ahead; nothing or more.
    pub ahead: Money,
    /// The day on which the oldest that is open was asked.
    pub since: Option<Date>,
    /// The last day of the last period before which nothing is open.
    pub until: Option<Date>,
    /// How many periods are open now.
    pub periods: usize,
    /// The next that will be asked and is not paid for yet: when and how much.
    pub next: Option<(Date, Money)>,
}

impl Standing {
    /// How somebody stands who paid `paid` in all, of `dues` that are sorted by their days.
    pub fn of(dues: &[Due], paid: Money, today: Date) -> Result<Self, MoneyError> {
        let zero = Money::zero(paid.currency());
        let mut standing = Self {
            state: PaidState::NeverAsked,
            owed: zero,
            late: zero,
            ahead: zero,
            since: None,
            until: None,
            periods: 0,
            next: None,
        };
        let (mut left, mut asked) = (paid, zero);
        for due in dues {
            left = left.minus(due.amount)?;
            if due.on <= today {
                standing.take(due, left, today)?;
                asked = asked.plus(due.amount)?;
            } else if left.is_negative() {
                let lacking = left.negated();
                let lacking = if lacking.minor() < due.amount.minor() {
                    lacking
                } else {
                    due.amount
                };
                standing.next = Some((due.on, lacking));
                break;
            } else if standing.since.is_none() {
                standing.until = standing.until.max(Some(due.period.last));
            }
        }
        let balance = paid.minus(asked)?;
        if balance.is_negative() {
            standing.owed = balance.negated();
        } else {
            standing.ahead = balance;
        }
        Ok(standing)
    }

    fn take(&mut self, due: &Due, left: Money, today: Date) -> Result<(), MoneyError> {
        if !left.is_negative() {
            self.until = self.until.max(Some(due.period.last));
            self.state = PaidState::Paid;
            return Ok(());
        }
        let lacking = left.negated();
        let open = if lacking.minor() < due.amount.minor() {
            lacking
        } else {
            due.amount
        };
        self.since = self.since.or(Some(due.on));
        self.periods += 1;
        let late = due.late < today;
        if late {
            self.late = self.late.plus(open)?;
        }
        if late || self.state == PaidState::Late {
            self.state = PaidState::Late;
        } else {
            self.state = PaidState::Open;
        }
        Ok(())
    }

    /// What to suggest when somebody pays: what is open, else the next that will be asked.
    pub fn suggested(&self) -> Option<Money> {
        if self.owed.minor() > 0 {
            return Some(self.owed);
        }
        self.next.map(|(_, amount)| amount)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;
    use units::{Currency, Money};

    use super::{PaidState, Standing};
    use crate::money::{Due, Every, days_after, periods};

    fn pounds(minor: i64) -> Money {
        Money::new(minor, Currency::GBP)
    }

    fn dues(count: usize) -> Vec<Due> {
        let months = periods(date(2026, 1, 1), Every::Month, date(2035, 12, 1));
        let dues = months.into_iter().take(count).map(|period| Due {
            scheme: 1,
            period,
            on: period.first,
            late: days_after(period.first, 14),
            amount: pounds(300),
        });
        dues.collect()
    }

    fn of(count: usize, paid: i64, day: jiff::civil::Date) -> Standing {
        Standing::of(&dues(count), pounds(paid), day).expect("one currency")
    }

    #[test]
    fn paid_until_and_owing_since() {
        let today = date(2026, 3, 10);
        assert_eq!(of(0, 0, today).state, PaidState::NeverAsked);
        let paid = of(12, 900, today);
        assert_eq!(
            (paid.state, paid.until),
            (PaidState::Paid, Some(date(2026, 3, 31)))
        );
        assert_eq!(paid.next, Some((date(2026, 4, 1), pounds(300))));
        let ahead = of(12, 1_300, today);
        assert_eq!((ahead.ahead, ahead.until), (pounds(400), Some(date(2026, 4, 30))));
        assert_eq!(ahead.next, Some((date(2026, 5, 1), pounds(200))));
        let open = of(12, 700, today);
        assert_eq!(
            (open.state, open.owed, open.since),
            (PaidState::Open, pounds(200), Some(date(2026, 3, 1)))
        );
        let late = of(12, 200, today);
        assert_eq!(
            (late.state, late.owed, late.late),
            (PaidState::Late, pounds(700), pounds(400))
        );
        assert_eq!(
            (late.since, late.periods, late.until),
            (Some(date(2026, 1, 1)), 3, None)
        );
        assert_eq!(of(12, -100, today).owed, pounds(1_000));
    }

    proptest! {
        #[test]
        fn owed_less_ahead_is_asked_less_paid(count in 0_usize..120, paid in -5_000_i64..50_000, day in 0_i64..3_650) {
            let today = date(2026, 1, 1).saturating_add(jiff::Span::new().days(day));
            let all = dues(count);
            let standing = Standing::of(&all, pounds(paid), today).expect("one currency");
            let asked: i64 = all.iter().filter(|due| due.on <= today).map(|due| due.amount.minor()).sum();
            prop_assert_eq!(standing.owed.minor() - standing.ahead.minor(), asked - paid);
            prop_assert!(standing.owed.minor() == 0 || standing.ahead.minor() == 0);
            prop_assert!(standing.late.minor() <= standing.owed.minor().max(asked));
        }
    }
}
