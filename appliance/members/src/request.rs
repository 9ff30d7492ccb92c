//! What people ask about their data and complain of, each with the clock that the law sets; and what they said yes and no
//! to, with the words that they were asked in.

use jiff::Span;
use jiff::civil::Date;
use units::{Instant, PersonId};

use crate::record::{record, words};

words! {
    /// What somebody asks.
    pub enum RequestKind {
        /// A copy of everything that is kept about them.
        1 Copy = "copy";
        /// That something be put right.
        2 Correction = "correction";
        /// To be forgotten.
        3 Erasure = "erasure";
        /// That something be not done with their data any more.
        4 Objection = "objection";
        /// A complaint about what was done with their data.
        5 Complaint = "complaint";
    }
}

words! {
    /// By which way somebody said something.
    pub enum Channel {
        /// On a page of the box.
        1 Page = "page";
        /// In person.
        2 InPerson = "in person";
        /// By letter or on a form of paper.
        3 Paper = "paper";
        /// By telephone.
        4 Phone = "phone";
        /// By e-mail.
        5 Email = "e-mail";
    }
}

record! {
    /// What somebody asked about their data, or complained of.
    pub struct Request in "requests" by u32 {
        /// Who asked.
        1 person: PersonId => "Who asked", Statute, LegalObligation, AfterEntry(6);
        /// What.
        2 kind: RequestKind => "What you asked", Statute, LegalObligation, AfterEntry(6);
        /// On which day; the clock runs from here.
        3 asked: Date => "Asked on", Statute, LegalObligation, AfterEntry(6);
        /// By which way.
        4 channel: Channel => "Asked by", Statute, LegalObligation, AfterEntry(6);
        /// In which words.
        5 words: Option<String> => "Your words", Statute, LegitimateInterest, AfterEntry(2);
        /// When somebody said that it had arrived.
        6 acknowledged: Option<Date> => "We said that we had it", Statute, LegalObligation, AfterEntry(6);
        /// When it was done or refused.
        7 closed: Option<Date> => "Answered on", Statute, LegalObligation, AfterEntry(6);
        /// What was answered.
        8 outcome: Option<String> => "Our answer", Statute, LegitimateInterest, AfterEntry(2);
        /// Who wrote it down; nobody where the person did.
        9 by: Option<PersonId> => "Written down by", Accountability, LegitimateInterest, AfterEntry(6);
        /// When it was written down.
        10 entered: Instant => "Written down", Accountability, LegitimateInterest, AfterEntry(6);
    }
}

/// A complaint must be acknowledged within so many days: Data (Use and Access) Act 2025, section 103.
const ACKNOWLEDGE: i32 = 30;

impl Request {
    /// The day by which the next thing must have happened, where the law names one: a complaint is acknowledged within
    /// thirty days, everything else answered within a month, which ends early where the next month is shorter.
    pub fn due(&self) -> Option<Date> {
        if self.closed.is_some() {
            return None;
        }
        let span = match (self.kind, self.acknowledged) {
            (RequestKind::Complaint, None) => Span::new().days(ACKNOWLEDGE),
            (RequestKind::Complaint, Some(_)) => return None,
            _ => Span::new().months(1),
        };
        self.asked.checked_add(span).ok()
    }

    /// How many days are left; less than nothing where it is late.
    pub fn days_left(&self, today: Date) -> Option<i32> {
        let due = self.due()?;
        today.until(due).ok().map(|span| span.get_days())
    }
}

words! {
    /// What somebody may say yes to.
    pub enum Matter {
        /// News of what goes on at the place.
        1 News = "news";
        /// Asking for gifts.
        2 Appeals = "appeals";
        /// Pictures in which they can be seen.
        3 Pictures = "pictures";
        /// Their name in print or on the page of the place.
        4 Name = "name in print";
    }
}

words! {
    /// Yes, or yes no longer.
    pub enum Answer {
        /// They said yes.
        1 Yes = "yes";
        /// They said no, or took it back.
        2 No = "no";
    }
}

record! {
    /// The words in which people are asked, one version after the other; none is ever changed.
    pub struct Wording in "wordings" by u32 {
        /// What it asks about.
        1 matter: Matter => "About", Rules, NotPersonal, WhileInForce;
        /// The words.
        2 text: String => "Words", Rules, NotPersonal, WhileInForce;
        /// From when on.
        3 from: Instant => "From", Rules, NotPersonal, WhileInForce;
    }
}

record! {
    /// What somebody said to one wording. The newest on a matter counts; the older ones are its history.
    pub struct Consent in "consents" by (PersonId, u32) {
        /// About what.
        1 matter: Matter => "About", Contact, Consent, AfterLeaving(2);
        /// By the number of the words that they were asked in.
        2 wording: u32 => "Words, by their version", Contact, Consent, AfterLeaving(2);
        /// What they said.
        3 answer: Answer => "Your answer", Contact, Consent, AfterLeaving(2);
        /// By which way.
        4 channel: Channel => "Said by", Contact, Consent, AfterLeaving(2);
        /// When.
        5 at: Instant => "When", Contact, Consent, AfterLeaving(2);
        /// Who wrote it down; nobody where the person did.
        6 by: Option<PersonId> => "Written down by", Accountability, LegitimateInterest, AfterLeaving(2);
    }
}

impl Matter {
    /// The words in which people are asked where the place has not written its own.
    pub const fn usual(self) -> &'static str {
        match self {
            Self::News => "You may send me news of what goes on here, in the way I chose to be reached.",
            Self::Appeals => "You may ask me for gifts to this place, in the way I chose to be reached.",
            Self::Pictures => "You may show pictures in which I can be seen, on paper and on your pages.",
            Self::Name => "You may print my name with things I took part in.",
        }
    }
}

/// The newest answer on a matter.
pub fn newest(consents: &[Consent], matter: Matter) -> Option<&Consent> {
    let of_it = consents.iter().filter(|consent| consent.matter == matter);
    of_it.max_by_key(|consent| consent.at)
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};
    use units::{Instant, PersonId};

    use super::{Channel, Request, RequestKind};
    use crate::record::Newer;

    fn asked(kind: RequestKind, on: Date) -> Request {
        Request {
            person: PersonId::new(1),
            kind,
            asked: on,
            channel: Channel::InPerson,
            words: None,
            acknowledged: None,
            closed: None,
            outcome: None,
            by: None,
            entered: Instant::from_millis(0),
            newer: Newer::default(),
        }
    }

    #[test]
    fn a_month_ends_early_where_the_next_is_shorter() {
        let due = |on| asked(RequestKind::Copy, on).due();
        assert_eq!(due(date(2026, 1, 31)), Some(date(2026, 2, 28)));
        assert_eq!(due(date(2028, 1, 30)), Some(date(2028, 2, 29)));
        assert_eq!(due(date(2026, 9, 3)), Some(date(2026, 10, 3)));
    }

    #[test]
    fn a_complaint_is_acknowledged_within_thirty_days_and_then_has_no_day() {
        let mut complaint = asked(RequestKind::Complaint, date(2026, 2, 1));
        assert_eq!(complaint.due(), Some(date(2026, 3, 3)));
        assert_eq!(complaint.days_left(date(2026, 3, 1)), Some(2));
        assert_eq!(complaint.days_left(date(2026, 3, 5)), Some(-2));
        complaint.acknowledged = Some(date(2026, 2, 2));
        assert_eq!(complaint.due(), None);
        complaint.closed = Some(date(2026, 2, 9));
        assert_eq!(complaint.days_left(date(2026, 3, 1)), None);
    }
}
