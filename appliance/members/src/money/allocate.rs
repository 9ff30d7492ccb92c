//! Which payment paid for which period: the oldest that is open first, and what is over goes on to the next ones.

use units::{Money, MoneyError};

use super::due::Due;
use super::payer::PaymentId;

/// A part of a payment that went to a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// The payment.
    pub payment: PaymentId,
    /// The place of the due among those that were given.
    pub due: usize,
    /// How much.
    pub amount: Money,
}

/// Where payments went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allocation {
    /// The parts, in the order of the dues.
    pub parts: Vec<Part>,
    /// What is open of each due.
    pub open: Vec<Money>,
    /// What was paid ahead of every due; below nothing where more went back than ever came.
    pub ahead: Money,
}

/// Gives payments to dues, both the oldest first. What went back is taken from the newest payments before it.
pub fn allocate(
    dues: &[Due],
    payments: &[(PaymentId, Money)],
    zero: Money,
) -> Result<Allocation, MoneyError> {
    let total = payments
        .iter()
        .try_fold(zero, |sum, (_, amount)| sum.plus(*amount))?;
    let mut sources = standing(payments);
    let mut sources_left = sources.iter_mut().filter(|(_, left)| *left > 0);
    let mut source = sources_left.next();
    let (mut parts, mut open, mut used) = (Vec::new(), Vec::new(), zero);
    for (place, due) in dues.iter().enumerate() {
        let mut wanted = due.amount.plus(zero)?.minor();
        while wanted > 0 {
            let Some((payment, left)) = source.as_mut() else {
                break;
            };
            let amount = wanted.min(*left);
            parts.push(Part {
                payment: *payment,
                due: place,
                amount: Money::new(amount, zero.currency()),
            });
            used = used.plus(Money::new(amount, zero.currency()))?;
            wanted -= amount;
            *left -= amount;
            if *left == 0 {
                source = sources_left.next();
            }
        }
        open.push(Money::new(wanted, zero.currency()));
    }
    Ok(Allocation {
        parts,
        open,
        ahead: total.minus(used)?,
    })
}

/// What is left of each payment in minor units once that which went back is taken from the newest before it; where that
/// is not enough, from those after it.
fn standing(payments: &[(PaymentId, Money)]) -> Vec<(PaymentId, i64)> {
    let mut sorted: Vec<(PaymentId, i64)> = payments
        .iter()
        .map(|(id, amount)| (*id, amount.minor()))
        .collect();
    sorted.sort_by_key(|(id, _)| *id);
    let mut standing: Vec<(PaymentId, i64)> = Vec::with_capacity(sorted.len());
    let mut lacking = 0_i64;
    for (id, amount) in sorted {
        if amount < 0 {
            lacking = lacking.saturating_sub(amount);
            for (_, left) in standing.iter_mut().rev() {
                let taken = lacking.min(*left);
                *left -= taken;
                lacking -= taken;
            }
        } else {
            let taken = lacking.min(amount);
            lacking -= taken;
            standing.push((id, amount - taken));
        }
    }
    standing
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;
    use units::{Currency, Money};

    use super::{Allocation, allocate};
    use crate::money::{Due, Every, PaymentId, periods};

    fn pounds(minor: i64) -> Money {
        Money::new(minor, Currency::GBP)
    }

    fn dues(amounts: &[i64]) -> Vec<Due> {
        let months = periods(date(2020, 1, 1), Every::Month, date(2029, 12, 1));
        let dues = months.into_iter().zip(amounts).map(|(period, minor)| Due {
            scheme: 1,
            period,
            on: period.first,
            late: period.first,
            amount: pounds(*minor),
        });
        dues.collect()
    }

    fn paid(amounts: &[i64]) -> Vec<(PaymentId, Money)> {
        let numbered = (1..).zip(amounts);
        let id = |number| PaymentId {
            day: date(2026, 1, 1),
            number,
        };
        numbered
            .map(|(number, minor)| (id(number), pounds(*minor)))
            .collect()
    }

    fn went(dues: &[Due], payments: &[(PaymentId, Money)]) -> Allocation {
        allocate(dues, payments, pounds(0)).expect("one currency")
    }

    #[test]
    fn the_oldest_is_paid_first_and_the_rest_goes_on() {
        let found = went(&dues(&[300, 300, 300]), &paid(&[100, 450, 500]));
        let parts: Vec<_> = found
            .parts
            .iter()
            .map(|part| (part.payment.number, part.due, part.amount.minor()))
            .collect();
        assert_eq!(
            parts,
            [(1, 0, 100), (2, 0, 200), (2, 1, 250), (3, 1, 50), (3, 2, 300)]
        );
        assert_eq!(found.ahead, pounds(150));
    }

    #[test]
    fn what_goes_back_opens_the_newest_period_again() {
        let found = went(&dues(&[300, 300]), &paid(&[300, 300, -300]));
        assert_eq!(found.open, [pounds(0), pounds(300)]);
        assert_eq!(went(&dues(&[300]), &paid(&[-200, 300])).open, [pounds(200)]);
        assert_eq!(went(&dues(&[300]), &paid(&[100, -200])).ahead, pounds(-100));
    }

    #[test]
    fn two_currencies_are_refused() {
        let euro = Money::zero(Currency::parse("EUR").expect("a currency"));
        let (dues, payments) = (dues(&[300]), paid(&[300]));
        assert!(allocate(&dues, &payments, euro).is_err() && allocate(&dues, &[], euro).is_err());
    }

    /// Penny by penny, which nobody can get wrong: what went back takes away the newest pennies, and pennies then
    /// fill the dues from the first on.
    fn penny_by_penny(dues: &[i64], payments: &[i64]) -> (Vec<i64>, i64) {
        let mut pennies = payments.iter().sum::<i64>();
        let mut open = dues.to_vec();
        for due in &mut open {
            while *due > 0 && pennies > 0 {
                *due -= 1;
                pennies -= 1;
            }
        }
        (open, pennies)
    }

    proptest! {
        #[test]
        fn parts_add_up_to_what_was_paid(asked in prop::collection::vec(1_i64..60, 0..30), given in prop::collection::vec(-40_i64..80, 0..30), seed in any::<u64>()) {
            let (dues, payments) = (dues(&asked), paid(&given));
            let found = went(&dues, &payments);
            let (open, ahead) = penny_by_penny(&asked, &given);
            prop_assert_eq!(found.open.iter().map(|open| open.minor()).collect::<Vec<_>>(), open);
            prop_assert_eq!(found.ahead.minor(), ahead);
            let parts: i64 = found.parts.iter().map(|part| part.amount.minor()).sum();
            prop_assert_eq!(parts + ahead, given.iter().sum::<i64>());
            for (place, due) in dues.iter().enumerate() {
                let covered: i64 = found.parts.iter().filter(|part| part.due == place).map(|part| part.amount.minor()).sum();
                prop_assert_eq!(covered + found.open[place].minor(), due.amount.minor());
            }
            // In which order payments were typed in plays no part.
            let mut mixed = payments.clone();
            fastrand::Rng::with_seed(seed).shuffle(&mut mixed);
            prop_assert_eq!(went(&dues, &mixed), found);
        }
    }
}
