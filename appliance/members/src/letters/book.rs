//! What is kept of letters: their texts, and each time that one went out, to whom and by which way.

use std::collections::BTreeMap;

use units::{Instant, PersonId};

use crate::record::{record, words};

words! {
    /// By which way a letter reaches somebody.
    pub enum Channel {
        /// On paper, by post.
        1 Post = "post";
        /// By e-mail.
        2 Email = "e-mail";
        /// By a text message that somebody writes.
        3 Text = "text";
        /// By a call that somebody makes.
        4 Phone = "phone";
        /// By hand or word when they come in.
        5 InPerson = "in person";
        /// There is no way to reach them.
        6 NoWay = "no way known";
        /// They wish to hear nothing, and nothing demands it.
        7 NotAtAll = "not at all";
    }
}

record! {
    /// One letter of a run: for one person, or for several of a household.
    pub struct Piece {
        /// By which way.
        1 channel: Channel => "Way", Contact, LegitimateInterest, AfterEntry(2);
        /// For whom.
        2 people: Vec<PersonId> => "For", Contact, LegitimateInterest, AfterEntry(2);
        /// Whether it is in large print.
        3 large: bool => "In large print", Access, Consent, AfterEntry(2);
    }
}

record! {
    /// A letter as it was written. It is about nobody: what is somebody's own is filled in when it goes out.
    pub struct Letter in "letters" by u32 {
        /// What it is called, and the subject of the e-mail.
        1 title: String => "Title", Rules, NotPersonal, WhileInForce;
        /// The text with its marks and places.
        2 text: String => "Text", Rules, NotPersonal, WhileInForce;
        /// What it is for.
        3 purpose: Option<String> => "What it is for", Rules, NotPersonal, WhileInForce;
        /// Which law or rule demands it, so that it goes to those too who wish to hear nothing.
        4 demanded: Option<String> => "Demanded by", Rules, NotPersonal, WhileInForce;
        /// Who wrote it.
        5 by: Option<PersonId> => "Written by", Accountability, LegitimateInterest, AfterLeaving(1);
        /// When.
        6 at: Instant => "Written", Accountability, LegitimateInterest, AfterLeaving(1);
    }
}

record! {
    /// One time that a letter went out.
    pub struct Run in "letter-runs" by u32 {
        /// Which letter.
        1 letter: Option<u32> => "Letter", Rules, NotPersonal, WhileInForce;
        /// Its title then.
        2 title: String => "Title", Rules, NotPersonal, AfterEntry(2);
        /// Its text then.
        3 text: String => "Text", Rules, NotPersonal, AfterEntry(2);
        /// Which law or rule demanded it.
        4 demanded: Option<String> => "Demanded by", Rules, NotPersonal, AfterEntry(2);
        /// Who sent it.
        5 by: Option<PersonId> => "Sent by", Accountability, LegitimateInterest, AfterEntry(2);
        /// When.
        6 at: Instant => "Sent", Accountability, LegitimateInterest, AfterEntry(2);
        /// Who was chosen, in the words of the choice.
        7 chosen: String => "Chosen", Contact, LegitimateInterest, AfterEntry(2);
        /// Every letter of it, in the order of posting.
        8 pieces: Vec<Piece> => "Letters", Contact, LegitimateInterest, AfterEntry(2);
        /// What each owed then, in words, where the letter says it.
        9 owed: BTreeMap<PersonId, String> => "Owed then", Money, LegitimateInterest, AfterEntry(2);
        /// When it was last printed.
        10 printed: Option<Instant> => "Printed", Accountability, LegitimateInterest, AfterEntry(2);
    }
}

/// The numbers of letters.
pub const OF_LETTERS: &str = "letters";
/// The numbers of runs.
pub const OF_RUNS: &str = "letter-runs";
/// The numbers of e-mails.
pub const OF_MAILS: &str = "mails";

/// The longest title, in letters.
pub const LONGEST_TITLE: usize = 120;

impl Run {
    /// The letters that go by one way.
    pub fn by(&self, channel: Channel) -> impl Iterator<Item = &Piece> {
        self.pieces.iter().filter(move |piece| piece.channel == channel)
    }

    /// The same without letters that are for nobody any more.
    #[must_use]
    pub fn with_somebody(mut self) -> Self {
        self.pieces.retain(|piece| !piece.people.is_empty());
        self
    }

    /// Whether somebody is among those it was for.
    pub fn is_for(&self, person: PersonId) -> bool {
        self.pieces.iter().any(|piece| piece.people.contains(&person))
    }
}
