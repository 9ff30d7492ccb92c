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
    /// A notice that a membership may be suspended or ended, and what became of it.
    pub struct Notice {
        /// The day it was given.
        1 given: Date => "Notice given", Membership, LegalObligation, AfterLeaving(6);
        /// The last day on which it can be objected to.
        2 until: Date => "You can object until", Membership, LegalObligation, AfterLeaving(6);
        /// Why, in words.
        3 why: String => "Why", Membership, LegitimateInterest, AfterLeaving(6);
        /// What the person said against it.
        4 objection: Option<String> => "Your objection", Membership, LegitimateInterest, AfterLeaving(6);
        /// What was decided on the objection, in words.
        5 heard: Option<String> => "What was decided on it", Membership, LegitimateInterest, AfterLeaving(6);
        /// The day from which it holds no more: it was taken back, or what it spoke of was done.
        6 closed: Option<Date> => "Notice closed", Membership, LegalObligation, AfterLeaving(6);
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
        /// Every notice that it may be suspended or ended, the oldest first.
        6 notices: Vec<Notice> => "Notices", Membership, LegalObligation, AfterLeaving(6);
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
    /// Nobody has told the person.
    #[error(
        "A payment that is missing takes nobody's membership without notice. Give notice first: it leaves time to pay or to object"
    )]
    NoNotice,
    /// The time in which they can object is not over.
    #[error("They can object until {0}. It can be done from the day after")]
    NoticeRuns(Date),
    /// They objected, and nobody has decided on it.
    #[error("They have objected. Hear them, and write down what was decided, before anything is done")]
    NotHeard,
    /// There is a notice already.
    #[error("There is a notice already, until {0}. Close it before you give another one")]
    Noticed(Date),
    /// The time to object is too short.
    #[error("Leave at least {NOTICE_DAYS} days to object: until {0} or later")]
    TooShort(Date),
    /// The time to object is over.
    #[error("The time to object ended on {0}. Speak to a steward")]
    ObjectionLate(Date),
    /// There is no notice.
    #[error("There is no notice that runs. Look at the page as it is now")]
    NothingNoticed,
}

/// So many days there are at least to object to a notice.
pub const NOTICE_DAYS: i64 = 14;

/// Why a membership is suspended or ended by others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// Something was not paid: that wants a notice.
    Arrears,
    /// A decision that the rules allow.
    Decision,
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
            notices: Vec::new(),
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
        for notice in after.notices.iter_mut().filter(|notice| notice.closed.is_none()) {
            notice.closed = Some(step.on.max(notice.given));
        }
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

    /// The notice that runs, if one does.
    pub fn notice(&self) -> Option<&Notice> {
        self.notices.iter().find(|notice| notice.closed.is_none())
    }

    /// That it may be suspended or ended for this cause on this day. Arrears want a notice that has run out and no
    /// objection that nobody has heard; an objection must be heard whatever the cause.
    pub fn may_end(&self, cause: Cause, today: Date) -> Result<(), NoMove> {
        match (self.notice(), cause) {
            (Some(notice), _) if notice.objection.is_some() && notice.heard.is_none() => {
                Err(NoMove::NotHeard)
            }
            (Some(notice), Cause::Arrears) if today <= notice.until => Err(NoMove::NoticeRuns(notice.until)),
            (None, Cause::Arrears) => Err(NoMove::NoNotice),
            (Some(_), Cause::Arrears) | (_, Cause::Decision) => Ok(()),
        }
    }

    /// The same with a notice that it may be suspended or ended.
    pub fn noticed(&self, today: Date, until: Date, why: &str) -> Result<Self, NoMove> {
        if let Some(notice) = self.notice() {
            return Err(NoMove::Noticed(notice.until));
        }
        let status = self.status().unwrap_or(Status::Left);
        if !status.is_member() {
            return Err(NoMove::NotFrom {
                from: status,
                to: Status::Suspended,
            });
        }
        let earliest = today.saturating_add(jiff::Span::new().days(NOTICE_DAYS));
        if until < earliest {
            return Err(NoMove::TooShort(earliest));
        }
        let mut after = self.clone();
        after.notices.push(Notice {
            given: today,
            until,
            why: why.to_owned(),
            objection: None,
            heard: None,
            closed: None,
            newer: Newer::default(),
        });
        Ok(after)
    }

    /// The same with something done to the notice that runs.
    pub fn with_notice(&self, change: impl FnOnce(&mut Notice)) -> Result<Self, NoMove> {
        let mut after = self.clone();
        let running = after.notices.iter_mut().find(|notice| notice.closed.is_none());
        change(running.ok_or(NoMove::NothingNoticed)?);
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

    use super::{Cause, Membership, Move, NoMove, Status};

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

    #[test]
    fn arrears_take_nobodys_membership_without_notice_and_a_hearing() {
        let day = |day| date(2026, 6, day);
        let member = Membership::begin(to(Status::Member, date(2024, 3, 7))).expect("a beginning");
        assert_eq!(member.may_end(Cause::Arrears, day(1)), Err(NoMove::NoNotice));
        assert_eq!(member.may_end(Cause::Decision, day(1)), Ok(()));
        assert_eq!(
            member.noticed(day(1), day(14), "x"),
            Err(NoMove::TooShort(day(15)))
        );
        let noticed = member
            .noticed(day(1), day(15), "Two years are not paid")
            .expect("noticed");
        assert_eq!(
            noticed.noticed(day(2), day(20), "x"),
            Err(NoMove::Noticed(day(15)))
        );
        assert_eq!(
            noticed.may_end(Cause::Arrears, day(15)),
            Err(NoMove::NoticeRuns(day(15)))
        );
        assert_eq!(noticed.may_end(Cause::Arrears, day(16)), Ok(()));
        let objected = noticed
            .with_notice(|notice| notice.objection = Some("the bank lost it".to_owned()))
            .expect("objected");
        for cause in [Cause::Arrears, Cause::Decision] {
            assert_eq!(objected.may_end(cause, day(16)), Err(NoMove::NotHeard));
        }
        let heard = objected
            .with_notice(|notice| notice.heard = Some("the board sees no payment".to_owned()))
            .expect("heard");
        assert_eq!(heard.may_end(Cause::Arrears, day(16)), Ok(()));
        assert!(heard.is_member(), "a notice alone ends nothing");
        let left = heard.moved(to(Status::Removed, day(16))).expect("removed");
        assert_eq!(left.notice(), None, "it is closed with what it spoke of");
        assert_eq!(
            left.noticed(day(17), date(2026, 7, 9), "x").map(drop),
            Err(NoMove::NotFrom {
                from: Status::Removed,
                to: Status::Suspended
            })
        );
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
