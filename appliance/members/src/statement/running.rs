//! What the balances that a bank writes beside its lines tell of them: which line is the oldest, and whether the signs are
//! right way round.

use units::Money;

use super::Line;

/// What was found out by the balances.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Told {
    /// The newest line stood first.
    pub newest_first: bool,
    /// Every amount had the wrong sign, and was turned.
    pub turned: bool,
    /// So many pairs of lines agree with their balances.
    pub agree: usize,
    /// So many do not.
    pub differ: usize,
}

impl Told {
    /// For people.
    pub(super) fn sentences(self) -> Vec<String> {
        let mut told = Vec::new();
        if self.newest_first {
            told.push("The newest line stands first; it is read from the oldest on.".to_owned());
        }
        if self.turned {
            told.push(
                "By the balances beside them, every amount has the wrong sign in this file: what came in is written as gone \
                 out. They were turned."
                    .to_owned(),
            );
        }
        if self.agree > 0 && self.differ == 0 {
            told.push("Each balance is the one before plus the amount.".to_owned());
        } else if self.differ > 0 && self.agree > 0 {
            told.push(format!(
                "{} balances are not the one before plus the amount: lines may be missing from this file.",
                self.differ
            ));
        }
        told
    }
}

/// Puts the oldest line first, and turns every amount where the balances say so.
pub(super) fn put_right(lines: &mut [(usize, Line)]) -> Told {
    let by_days = newest_first_by_days(lines);
    let ways = [(false, false), (true, false), (false, true), (true, true)];
    let scored =
        ways.map(|(newest_first, turned)| (agreeing(lines, newest_first, turned), newest_first, turned));
    let pairs = pairs(lines).count();
    // The first way unless another one agrees with more: nothing is turned on a tie.
    let best = scored.into_iter().rev().max_by_key(|(agree, newest, turned)| {
        (*agree, !*turned, by_days.is_none_or(|by_days| by_days == *newest))
    });
    let (agree, newest_first, turned) = best.unwrap_or((0, false, false));
    // Balances turn signs only if all of them agree on it, and there are enough to be no accident.
    let turned = turned && agree == pairs && pairs >= 3;
    let newest_first = by_days.unwrap_or(agree > 0 && newest_first);
    let agree = agreeing(lines, newest_first, turned);
    if turned {
        for (_, line) in lines.iter_mut() {
            line.amount = line.amount.negated();
        }
    }
    if newest_first {
        lines.reverse();
    }
    Told {
        newest_first,
        turned,
        agree,
        differ: pairs - agree,
    }
}

/// By the days alone; nothing where all are the same or they go up and down.
fn newest_first_by_days(lines: &[(usize, Line)]) -> Option<bool> {
    let (first, last) = (lines.first()?, lines.last()?);
    match first.1.date.cmp(&last.1.date) {
        std::cmp::Ordering::Less => Some(false),
        std::cmp::Ordering::Greater => Some(true),
        std::cmp::Ordering::Equal => None,
    }
}

fn pairs(lines: &[(usize, Line)]) -> impl Iterator<Item = (&Line, &Line)> {
    let both = lines.iter().zip(lines.iter().skip(1));
    both.map(|((_, first), (_, second))| (first, second))
        .filter(|(first, second)| first.balance.is_some() && second.balance.is_some())
}

fn agreeing(lines: &[(usize, Line)], newest_first: bool, turned: bool) -> usize {
    let agrees = |(first, second): &(&Line, &Line)| {
        let (before, after) = if newest_first {
            (second, first)
        } else {
            (first, second)
        };
        let amount = if turned {
            after.amount.negated()
        } else {
            after.amount
        };
        let sum = before
            .balance
            .and_then(|balance| Money::plus(balance, amount).ok());
        sum.is_some() && sum == after.balance
    };
    pairs(lines).filter(agrees).count()
}
