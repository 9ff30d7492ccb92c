//! Acts that wait for a second person: what was asked for, by whom, and until when somebody else may agree.

use units::{Instant, PersonId, Span};

use crate::record::{Opaque, record};

/// After so long what nobody agreed to has ended.
pub const WAITS: Span = Span::from_secs(7 * 24 * 3600);

/// The numbers of acts that waited.
pub const OF_WAITING: &str = "waiting-acts";

record! {
    /// One row of the book as it will be when the second person has agreed.
    pub struct RowToBe {
        /// The name of its table.
        1 table: String => "Table", Accountability, LegitimateInterest, WhileInForce;
        /// By what it is found.
        2 key: Opaque => "Row", Accountability, LegitimateInterest, WhileInForce;
        /// What stood there when it was asked for.
        3 before: Option<Opaque> => "Before", Accountability, LegitimateInterest, WhileInForce;
        /// What will stand there.
        4 after: Option<Opaque> => "After", Accountability, LegitimateInterest, WhileInForce;
    }
}

record! {
    /// An act that waits for a second person, by its number.
    pub struct Waiting in "waiting-acts" by u32 {
        /// The name of the act.
        1 act: String => "Act", Accountability, LegitimateInterest, WhileInForce;
        /// Who asked for it.
        2 by: PersonId => "Asked for by", Accountability, LegitimateInterest, WhileInForce;
        /// Whom it is about, where it is about one person.
        3 whose: Option<PersonId> => "About", Membership, LegitimateInterest, WhileInForce;
        /// What the record will say it was done to.
        4 subject: String => "To what", Accountability, LegitimateInterest, WhileInForce;
        /// What is to be done, in words that name nobody.
        5 words: String => "What is to be done", Accountability, LegitimateInterest, WhileInForce;
        /// Why, in the words of whoever asked.
        6 why: Option<String> => "Why", Accountability, LegitimateInterest, WhileInForce;
        /// When it was asked for.
        7 at: Instant => "Asked for", Accountability, LegitimateInterest, WhileInForce;
        /// When it ends if nobody has agreed.
        8 until: Instant => "Ends", Accountability, LegitimateInterest, WhileInForce;
        /// What will change.
        9 rows: Vec<RowToBe> => "What will change", Accountability, LegitimateInterest, WhileInForce;
        /// Who agreed to something that its asker is still to do, such as a copy of everything.
        10 agreed: Option<PersonId> => "Agreed to by", Accountability, LegitimateInterest, WhileInForce;
        /// The same in words for the record: keys and counts alone.
        11 detail: String => "In the record", Accountability, LegitimateInterest, WhileInForce;
    }
}

impl Waiting {
    /// Whether it has ended without a second person.
    pub fn is_over(&self, now: Instant) -> bool {
        now >= self.until
    }
}

#[cfg(test)]
mod tests {
    use units::{Instant, PersonId};

    use super::{RowToBe, WAITS, Waiting};
    use crate::record::{Newer, Opaque, Record};

    #[test]
    fn it_comes_back_as_it_was_and_ends_after_a_week() {
        let at = Instant::from_millis(1_000);
        let row = RowToBe {
            table: "duties".to_owned(),
            key: Opaque(vec![0, 0, 0, 7]),
            before: None,
            after: Some(Opaque(vec![1])),
            newer: Newer::default(),
        };
        let waiting = Waiting {
            act: "give-roles".to_owned(),
            by: PersonId::new(1),
            whose: Some(PersonId::new(7)),
            subject: "person 7".to_owned(),
            words: "gets the role Treasurer".to_owned(),
            why: None,
            at,
            until: at + WAITS,
            rows: vec![row],
            agreed: None,
            detail: "+treasurer".to_owned(),
            newer: Newer::default(),
        };
        assert_eq!(Waiting::decode(&waiting.encode()), Ok(waiting.clone()));
        assert!(!waiting.is_over(at));
        assert!(waiting.is_over(Instant::from_millis(1_000 + 7 * 24 * 3_600_000)));
    }
}
