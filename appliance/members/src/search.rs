//! Choosing people by conditions: class, state, tags, answers, where they live, what they owe. A search is built by
//! choosing, can be kept under a name, and says who is meant by a letter, a list of calls, an e-mail or a table.

mod form;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use units::{Currency, Instant, Money, PersonId};

use crate::book::Book;
use crate::house::House;
use crate::membership::{Membership, Status};
use crate::money::{PaidState, Standing};
use crate::person::{Person, Reach, WayKind};
use crate::record::{Newer, record, words};
use crate::text::folded;

pub use form::{Choice, Choices, ROWS, choices, read, write};

words! {
    /// What a condition looks at.
    pub enum What {
        /// The class of the membership that somebody has now.
        1 Class = "class";
        /// Its state.
        2 Status = "status";
        /// A tag.
        3 Tag = "tag";
        /// An answer to a question of the house: its key, `=`, the answer.
        4 Custom = "custom";
        /// How somebody wishes to be reached.
        5 Reach = "reach";
        /// A language.
        6 Language = "language";
        /// This old or older.
        7 AgeFrom = "age-from";
        /// Younger than this.
        8 AgeBelow = "age-below";
        /// Whether somebody belongs to a household.
        9 Household = "household";
        /// What the postcode begins with.
        10 Postcode = "postcode";
        /// Which way there is to reach somebody.
        11 Way = "way";
        /// Whether something is owed or paid ahead.
        12 Dues = "dues";
        /// More than this is owed.
        13 OwesOver = "owes-over";
        /// Everything is paid until this day or a later one.
        14 PaidUntil = "paid-until";
    }
}

record! {
    /// One condition of a search.
    pub struct Condition {
        /// What it looks at.
        1 what: What => "Looks at", Rules, NotPersonal, WhileInForce;
        /// What should be found there.
        2 is: String => "Is", Rules, NotPersonal, WhileInForce;
        /// Whether just the others are meant.
        3 not: bool => "Turned round", Rules, NotPersonal, WhileInForce;
    }
}

record! {
    /// A search that is kept under a name.
    pub struct Search in "searches" by u32 {
        /// Its name.
        1 name: String => "Name of the search", Rules, NotPersonal, WhileInForce;
        /// Whether all conditions must be met, or one is enough.
        2 all: bool => "All conditions", Rules, NotPersonal, WhileInForce;
        /// The conditions.
        3 conditions: Vec<Condition> => "Conditions", Rules, NotPersonal, WhileInForce;
        /// Who made it.
        4 by: Option<PersonId> => "Made by", Accountability, LegitimateInterest, WhileInForce;
        /// When.
        5 made: Instant => "Made", Accountability, LegitimateInterest, WhileInForce;
    }
}

/// The searches' numbers.
pub const OF_SEARCHES: &str = "searches";

/// The longest name of a search, in letters.
pub const LONGEST_NAME: usize = 80;

/// Among whom is searched.
#[derive(Debug, Clone, Copy)]
pub struct Among<'a> {
    /// The book.
    pub book: &'a Book,
    /// What the house decided.
    pub house: &'a House,
    /// The day.
    pub today: Date,
    /// In which currency amounts are written.
    pub currency: Currency,
    /// How people stand with their dues. Without it no condition that looks at dues is met, turned round or not.
    pub standings: Option<&'a Standings>,
}

/// How people stand with their dues: each as whoever pays for them does.
pub type Standings = BTreeMap<PersonId, Standing>;

impl What {
    /// Whether it looks at dues, so that it is for those alone who may see what people pay.
    pub fn looks_at_dues(self) -> bool {
        matches!(self, Self::Dues | Self::OwesOver | Self::PaidUntil)
    }
}

impl Search {
    /// A search with these conditions, without a name yet.
    pub fn new(all: bool, conditions: Vec<Condition>) -> Self {
        Self {
            name: String::new(),
            all,
            conditions,
            by: None,
            made: Instant::from_millis(0),
            newer: Newer::default(),
        }
    }

    /// Whether somebody is meant. Without a condition everybody is. The dead are never meant, unless the search asks for
    /// them.
    pub fn means(&self, among: Among<'_>, id: PersonId, person: &Person) -> bool {
        let met = |condition: &Condition| condition.is_met(among, id, person);
        let meant = match (self.conditions.is_empty(), self.all) {
            (true, _) => true,
            (false, true) => self.conditions.iter().all(met),
            (false, false) => self.conditions.iter().any(met),
        };
        meant && (self.asks_for_the_dead() || !is_dead(among.book, id))
    }

    /// Everybody who is meant, in the order of their names.
    pub fn all_meant(&self, among: Among<'_>) -> Vec<PersonId> {
        let meant = among
            .book
            .people
            .iter()
            .filter(|(id, person)| self.means(among, **id, person));
        let mut meant: Vec<(String, PersonId)> =
            meant.map(|(id, person)| (person.sorted_under(), *id)).collect();
        meant.sort_unstable();
        meant.into_iter().map(|(_, id)| id).collect()
    }

    /// Whether a condition looks at dues.
    pub fn looks_at_dues(&self) -> bool {
        self.conditions
            .iter()
            .any(|condition| condition.what.looks_at_dues())
    }

    fn asks_for_the_dead(&self) -> bool {
        let asks =
            |condition: &Condition| condition.what == What::Status && condition.is == Status::Died.word();
        self.conditions.iter().any(asks)
    }
}

fn is_dead(book: &Book, id: PersonId) -> bool {
    let status = book.memberships.get(&id).and_then(Membership::status);
    status == Some(Status::Died)
}

/// The word for a state of those who never had a membership.
pub const NO_MEMBERSHIP: &str = "none";
/// The word for those who are members now, suspended ones too.
pub const ON_THE_ROLL: &str = "on the roll";

/// The words for how somebody stands with their dues: the first two for what is open, late or not, and what is late.
pub const DUES: [&str; 4] = [
    "something is owed",
    "something is late",
    "paid ahead",
    "never asked",
];

impl Condition {
    /// A condition that is not turned round.
    pub fn new(what: What, is: &str) -> Self {
        Self {
            what,
            is: is.to_owned(),
            not: false,
            newer: Newer::default(),
        }
    }

    fn is_met(&self, among: Among<'_>, id: PersonId, person: &Person) -> bool {
        if self.what.looks_at_dues() && among.standings.is_none() {
            return false;
        }
        self.finds(among, id, person) != self.not
    }

    fn finds(&self, among: Among<'_>, id: PersonId, person: &Person) -> bool {
        let membership = among.book.memberships.get(&id);
        let is = self.is.as_str();
        match self.what {
            What::Class => membership.is_some_and(|membership| membership.class() == is),
            What::Status if is == NO_MEMBERSHIP => membership.is_none(),
            What::Status if is == ON_THE_ROLL => among.book.is_member(id),
            What::Status => membership.and_then(Membership::status).map(Status::word) == Some(is),
            What::Tag => person.tags.contains(is),
            What::Custom => is.split_once('=').is_some_and(|(key, answer)| {
                person
                    .custom
                    .get(key)
                    .is_some_and(|given| folded(given) == folded(answer))
            }),
            What::Reach => person.reach.word() == is,
            What::Language => person
                .languages
                .iter()
                .any(|language| folded(language) == folded(is)),
            What::AgeFrom => age(among, person)
                .zip(is.parse().ok())
                .is_some_and(|(age, from): (i16, i16)| age >= from),
            What::AgeBelow => age(among, person)
                .zip(is.parse().ok())
                .is_some_and(|(age, below): (i16, i16)| age < below),
            What::Household => person.household.is_some() == (is == "yes"),
            What::Postcode => {
                postcode(among.book, person).is_some_and(|postcode| postcode.starts_with(&packed(is)))
            }
            What::Way => has_way(among.book, person, is),
            What::Dues | What::OwesOver | What::PaidUntil => among
                .standings
                .and_then(|standings| standings.get(&id))
                .is_some_and(|standing| self.stands(among.currency, standing)),
        }
    }

    /// Whether somebody stands so with their dues.
    fn stands(&self, currency: Currency, standing: &Standing) -> bool {
        let [owed, late, ahead, never] = DUES;
        match (self.what, self.is.as_str()) {
            (What::Dues, is) if is == owed => standing.owed.minor() > 0,
            (What::Dues, is) if is == late => standing.late.minor() > 0,
            (What::Dues, is) if is == ahead => standing.ahead.minor() > 0,
            (What::Dues, is) if is == never => standing.state == PaidState::NeverAsked,
            (What::OwesOver, is) => {
                Money::parse(is, currency).is_ok_and(|sum| standing.owed.minor() > sum.minor())
            }
            (What::PaidUntil, is) => is.parse().is_ok_and(|day: Date| standing.until >= Some(day)),
            _ => false,
        }
    }
}

/// The age of somebody, where the house has a reason to know it.
fn age(among: Among<'_>, person: &Person) -> Option<i16> {
    person.age(among.today).filter(|_| among.house.asks_for_age())
}

fn packed(postcode: &str) -> String {
    postcode
        .chars()
        .filter(|sign| !sign.is_whitespace())
        .flat_map(char::to_uppercase)
        .collect()
}

fn postcode(book: &Book, person: &Person) -> Option<String> {
    let postcode = book.address_of(person)?.postcode.as_ref()?;
    Some(packed(postcode))
}

fn has_way(book: &Book, person: &Person, kind: &str) -> bool {
    match kind {
        "post" => book.address_of(person).is_some(),
        "phone" => person.telephone().is_some(),
        "text" => person.way(WayKind::Mobile).is_some(),
        "e-mail" => person.way(WayKind::Email).is_some(),
        _ => false,
    }
}

/// The e-mail addresses of people who may be written to by e-mail, each once: two who share one get one.
pub fn addresses<'a>(people: impl IntoIterator<Item = &'a Person>) -> Vec<&'a str> {
    let mut seen = BTreeSet::new();
    let of_whom = people
        .into_iter()
        .filter(|person| person.reach != Reach::NotAtAll);
    let addresses = of_whom.filter_map(|person| person.way(WayKind::Email));
    addresses.filter(|address| seen.insert(folded(address))).collect()
}

#[cfg(test)]
mod tests;
