//! Membership: its classes, its states, and how one state follows another. What somebody has paid plays no part
//! here: a bank's mistake takes nobody's vote.

use jiff::civil::Date;
use units::{Instant, PersonId};

use crate::record::{Newer, record, words};

words! {
    /// The state of a membership.
    pub enum Status {
        /// Has asked to become a member.
        1 Applied = "applied";
        /// Is a member.
        2 Member = "member";
        /// Was not admitted.
        3 Refused = "not admitted";
        /// Is a member whose rights rest, by a decision that the rules allow.
        4 Suspended = "suspended";
        /// Has left.
        5 Left = "left";
        /// Was removed by a decision that the rules allow.
        6 Removed = "removed";
        /// Has died.
        7 Died = "died";
    }
}

record! {
    /// One step in the history of a membership.
    pub struct Step {
        /// The day from which it holds.
        1 on: Date => "From", Membership, Contract, AfterLeaving(6);
        /// The state it led to.
        2 status: Status => "State", Membership, Contract, AfterLeaving(6);
        /// The class of membership then.
        3 class: String => "Class", Membership, Contract, AfterLeaving(6);
        /// Why, in words.
        4 why: Option<String> => "Why", Membership, LegitimateInterest, AfterLeaving(6);
        /// Who wrote it down; nobody where it was the person or a timer.
        5 by: Option<PersonId> => "Entered by", Accountability, LegitimateInterest, AfterLeaving(6);
        /// When it was written down.
        6 at: Instant => "Entered", Accountability, LegitimateInterest, AfterLeaving(6);
    }
}

record! {
    /// Somebody's membership. Its state is that of its newest step.
    pub struct Membership in "memberships" by PersonId {
        /// The number on the card, given at admission.
        1 number: Option<u32> => "Membership number", Membership, Contract, AfterLeaving(6);
        /// Everything that happened, the oldest first.
        2 history: Vec<Step> => "History", Membership, LegalObligation, AfterLeaving(6);
        /// Shares held, where the rules have them. They give no votes.
        3 shares: u32 => "Shares", Membership, LegalObligation, AfterLeaving(6);
        /// What was written with the application.
        4 application: Option<String> => "Your application", Membership, Contract, AfterLeaving(0);
        /// A reminder of a decision that may end it: until when it can be answered.
        5 appeal_until: Option<Date> => "You can object until", Membership, LegalObligation, AfterLeaving(6);
    }
}

/// What is to happen to a membership.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// To which state.
    pub to: Status,
    /// In which class; the same as before where nothing is said.
    pub class: Option<String>,
    /// From which day.
    pub on: Date,
    /// Why, in words.
    pub why: Option<String>,
    /// Who does it.
    pub by: Option<PersonId>,
    /// When it is written down.
    pub at: Instant,
}

/// Why a membership cannot take a step.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoMove {
    /// The state does not lead there.
    #[error("This is \"{from}\" now, and \"{to}\" does not follow from it")]
    NotFrom {
        /// The state now.
        from: Status,
        /// The state that was wished for.
        to: Status,
    },
    /// It would lie before the step before.
    #[error("This would be from {on}, but the step before is from {before}. Choose that day or a later one")]
    Backwards {
        /// The day that was wished for.
        on: Date,
        /// The day of the step before.
        before: Date,
    },
    /// Nothing would change.
    #[error("Nothing would change: this is \"{0}\" already")]
    Same(Status),
    /// The rules want a reason.
    #[error("Say why: the person concerned can read it")]
    NoReason,
    /// No class was named.
    #[error("Choose a class of membership")]
    NoClass,
}

impl Status {
    /// Whether somebody in this state is on the roll: suspended ones are members still.
    pub const fn is_member(self) -> bool {
        matches!(self, Self::Member | Self::Suspended)
    }

    /// The states that may follow.
    pub const fn next(self) -> &'static [Self] {
        match self {
            Self::Applied => &[Self::Member, Self::Refused, Self::Left, Self::Died],
            Self::Member => &[
                Self::Member,
                Self::Suspended,
                Self::Left,
                Self::Removed,
                Self::Died,
            ],
            Self::Suspended => &[Self::Member, Self::Left, Self::Removed, Self::Died],
            Self::Refused | Self::Left | Self::Removed => &[Self::Applied, Self::Member, Self::Died],
            Self::Died => &[],
        }
    }

    /// Whether the rules want a reason.
    pub const fn needs_reason(self) -> bool {
        matches!(self, Self::Refused | Self::Suspended | Self::Removed)
    }
}

impl Membership {
    /// Begins with an application or an admission.
    pub fn begin(step: Move) -> Result<Self, NoMove> {
        if !matches!(step.to, Status::Applied | Status::Member) {
            return Err(NoMove::NotFrom {
                from: Status::Left,
                to: step.to,
            });
        }
        let class = step.class.ok_or(NoMove::NoClass)?;
        let first = Step {
            on: step.on,
            status: step.to,
            class,
            why: step.why,
            by: step.by,
            at: step.at,
            newer: Newer::default(),
        };
        Ok(Self {
            number: None,
            history: vec![first],
            shares: 0,
            application: None,
            appeal_until: None,
            newer: Newer::default(),
        })
    }

    /// The same with one step more.
    pub fn moved(&self, step: Move) -> Result<Self, NoMove> {
        let Some(before) = self.history.last() else {
            return Self::begin(step);
        };
        let class = step.class.unwrap_or_else(|| before.class.clone());
        if !before.status.next().contains(&step.to) {
            return Err(NoMove::NotFrom {
                from: before.status,
                to: step.to,
            });
        }
        if before.status == step.to && before.class == class {
            return Err(NoMove::Same(step.to));
        }
        if step.on < before.on {
            return Err(NoMove::Backwards {
                on: step.on,
                before: before.on,
            });
        }
        if step.to.needs_reason() && step.why.is_none() {
            return Err(NoMove::NoReason);
        }
        let mut after = self.clone();
        after.history.push(Step {
            on: step.on,
            status: step.to,
            class,
            why: step.why,
            by: step.by,
            at: step.at,
            newer: Newer::default(),
        });
        Ok(after)
    }

    /// The state on a day: that of the newest step which holds by then.
    pub fn status_on(&self, day: Date) -> Option<Status> {
        let step = self.history.iter().rev().find(|step| step.on <= day);
        step.map(|step| step.status)
    }

    /// The newest step; there always is one but in a damaged row.
    pub fn now(&self) -> Option<&Step> {
        self.history.last()
    }

    /// The state now.
    pub fn status(&self) -> Option<Status> {
        self.now().map(|step| step.status)
    }

    /// The class now.
    pub fn class(&self) -> &str {
        self.now().map_or("", |step| step.class.as_str())
    }

    /// Whether this is a member now.
    pub fn is_member(&self) -> bool {
        self.status().is_some_and(Status::is_member)
    }

    /// The first day of the present unbroken time as a member.
    pub fn since(&self) -> Option<Date> {
        let present = self
            .history
            .iter()
            .rev()
            .take_while(|step| step.status.is_member());
        present.last().map(|step| step.on)
    }

    /// The day from which it was over, if it is.
    pub fn ended(&self) -> Option<Date> {
        self.now()
            .filter(|step| !step.status.is_member() && step.status != Status::Applied)
            .map(|step| step.on)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};
    use proptest::prelude::*;
    use units::Instant;

    use super::{Membership, Move, NoMove, Status};

    fn to(status: Status, on: Date) -> Move {
        Move {
            to: status,
            class: Some("member".to_owned()),
            on,
            why: Some("because".to_owned()),
            by: None,
            at: Instant::from_millis(0),
        }
    }

    #[test]
    fn one_state_follows_another_and_nothing_is_forgotten() {
        let first = Membership::begin(to(Status::Applied, date(2024, 2, 29))).expect("a beginning");
        let member = first
            .moved(to(Status::Member, date(2024, 3, 7)))
            .expect("admitted");
        let left = member.moved(to(Status::Left, date(2025, 1, 1))).expect("left");
        let back = left
            .moved(to(Status::Member, date(2026, 1, 1)))
            .expect("back again");
        assert_eq!(back.history.len(), 4);
        assert_eq!(back.since(), Some(date(2026, 1, 1)));
        assert_eq!(member.since(), Some(date(2024, 3, 7)));
        assert_eq!(left.ended(), Some(date(2025, 1, 1)));
        assert_eq!(back.status_on(date(2025, 6, 1)), Some(Status::Left));
        assert_eq!(back.status_on(date(2024, 1, 1)), None);
    }

    #[test]
    fn steps_that_cannot_be_are_refused_with_a_reason() {
        let member = Membership::begin(to(Status::Member, date(2024, 3, 7))).expect("a beginning");
        let nothing = to(Status::Member, date(2025, 1, 1));
        assert_eq!(member.moved(nothing), Err(NoMove::Same(Status::Member)));
        assert!(matches!(
            member.moved(to(Status::Refused, date(2025, 1, 1))),
            Err(NoMove::NotFrom { .. })
        ));
        assert!(matches!(
            member.moved(to(Status::Left, date(2020, 1, 1))),
            Err(NoMove::Backwards { .. })
        ));
        let silent = Move {
            why: None,
            ..to(Status::Removed, date(2025, 1, 1))
        };
        assert_eq!(member.moved(silent), Err(NoMove::NoReason));
        let died = member.moved(to(Status::Died, date(2025, 1, 1))).expect("died");
        assert!(died.moved(to(Status::Member, date(2025, 1, 2))).is_err());
    }

    proptest! {
        #[test]
        fn the_state_is_always_that_of_the_last_step(moves in prop::collection::vec((0_usize..7, 0_i32..50), 1..20)) {
            let mut membership = Membership::begin(to(Status::Applied, date(2020, 1, 1))).expect("a beginning");
            let mut day = date(2020, 1, 1);
            for (status, days) in moves {
                let status = Status::ALL[status];
                let on = day.checked_add(jiff::Span::new().days(days)).expect("a day");
                let before = membership.clone();
                match membership.moved(to(status, on)) {
                    Ok(after) => {
                        prop_assert_eq!(&after.history[..before.history.len()], &before.history[..]);
                        prop_assert_eq!(after.status(), Some(status));
                        prop_assert_eq!(after.status_on(on), Some(status));
                        membership = after;
                        day = on;
                    }
                    Err(_) => prop_assert_eq!(&membership, &before),
                }
            }
        }
    }
}
