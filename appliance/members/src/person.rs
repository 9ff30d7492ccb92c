//! A person, and everything that is kept of them but their membership and their money. None of it needs an e-mail
//! address, and only the name must be there.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use units::{HouseholdId, Instant, PersonId};

use crate::record::{Newer, record, words};
use crate::text::{self, Unfit};

words! {
    /// What a row of the book stands for.
    pub enum PersonKind {
        /// A human being.
        1 Human = "person";
        /// A club, school or firm that is a member.
        2 Organisation = "organisation";
    }
}

words! {
    /// How somebody wishes to be reached.
    pub enum Reach {
        /// By letter.
        1 Post = "post";
        /// By a call.
        2 Phone = "phone";
        /// By a text message.
        3 Text = "text";
        /// By e-mail.
        4 Email = "e-mail";
        /// By a word when they come in.
        5 InPerson = "in person";
        /// Not at all, but for what the law or the rules demand.
        6 NotAtAll = "not at all";
    }
}

words! {
    /// Which kind of address a way is.
    pub enum WayKind {
        /// A telephone at a fixed place.
        1 Phone = "phone";
        /// A telephone that takes text messages.
        2 Mobile = "mobile";
        /// An e-mail address. Two people may share one.
        3 Email = "e-mail";
        /// Anything else, told in words.
        4 Other = "other";
    }
}

words! {
    /// What one person is to another.
    pub enum Kinship {
        /// Father, mother or who stands for them.
        1 Parent = "parent of";
        /// The other way round.
        2 Child = "child of";
        /// Two who live together.
        3 Partner = "partner of";
        /// Somebody who looks after the other.
        4 Carer = "carer of";
        /// The other way round.
        5 CaredFor = "cared for by";
        /// Somebody to call when something happens.
        6 Emergency = "to be called for";
        /// Somebody who speaks for an organisation.
        7 SpeaksFor = "speaks for";
        /// Anything else.
        8 Other = "knows";
    }
}

words! {
    /// Whether other members may know that somebody is one.
    pub enum Listing {
        /// Nobody but stewards knows: the rule, since to be on the list of some places tells of one's health.
        1 Hidden = "hidden";
        /// Other members see the name.
        2 Name = "name shown to members";
    }
}

record! {
    /// A telephone number or an e-mail address.
    pub struct Way {
        /// Which kind.
        1 kind: WayKind => "Kind", Contact, LegitimateInterest, AfterLeaving(1);
        /// The number or address, as it was written.
        2 value: String => "Number or address", Contact, LegitimateInterest, AfterLeaving(1);
        /// What should be known of it: "evenings only".
        3 note: Option<String> => "Remark", Contact, LegitimateInterest, AfterLeaving(1);
    }
}

record! {
    /// What a person is to another one.
    pub struct Relation {
        /// What.
        1 kinship: Kinship => "Is", Membership, LegitimateInterest, AfterLeaving(1);
        /// To whom.
        2 person: PersonId => "To", Membership, LegitimateInterest, AfterLeaving(1);
    }
}

record! {
    /// Where post arrives.
    pub struct Address {
        /// The lines above the postcode, without the name.
        1 lines: Vec<String> => "Address", Contact, Contract, AfterLeaving(1);
        /// The postcode, where there is one.
        2 postcode: Option<String> => "Postcode", Contact, Contract, AfterLeaving(1);
        /// The country, where it is another.
        3 country: Option<String> => "Country", Contact, Contract, AfterLeaving(1);
    }
}

record! {
    /// Somebody in the members' book.
    pub struct Person in "people" by PersonId {
        /// The name as the person writes it: one word or many, in any script.
        1 name: String => "Name", Membership, Contract, AfterLeaving(1);
        /// How to be addressed in a letter or at the door; the name where nothing is said.
        2 called: Option<String> => "How to address you", Membership, Contract, AfterLeaving(1);
        /// Under what the name stands in lists; its last word where nothing is said.
        3 sort: Option<String> => "Where your name stands in lists", Membership, Contract, AfterLeaving(1);
        /// She, he, they, or any other.
        4 pronouns: Option<String> => "Pronouns", Membership, Consent, AfterLeaving(1);
        /// The day of birth, where the class of membership asks for it.
        5 born: Option<Date> => "Day of birth", Membership, Contract, AfterLeaving(1);
        /// Languages, the best first.
        6 languages: Vec<String> => "Languages", Access, Consent, AfterLeaving(1);
        /// What helps this person to take part: large print, a ramp, somebody who signs.
        7 access: Option<String> => "What helps you to take part", Access, ExplicitConsent, AfterLeaving(0);
        /// Telephones and e-mail addresses.
        8 ways: Vec<Way> => "Ways to reach you", Contact, LegitimateInterest, AfterLeaving(1);
        /// Which way is wished for.
        9 reach: Reach => "How you wish to be reached", Contact, LegitimateInterest, AfterLeaving(1);
        /// Where post arrives, if not at the household's address.
        10 address: Option<Address> => "Your own postal address", Contact, Contract, AfterLeaving(1);
        /// The household.
        11 household: Option<HouseholdId> => "Household", Membership, Contract, AfterLeaving(1);
        /// Words by which stewards find people; the person can read them.
        12 tags: BTreeSet<String> => "Tags", Membership, LegitimateInterest, AfterLeaving(0);
        /// Answers to the fields which the house has added, by the field's key.
        13 custom: BTreeMap<String, String> => "Further answers", Membership, LegitimateInterest, AfterLeaving(0);
        /// What stewards wrote down; the person can read it.
        14 note: Option<String> => "Notes by stewards", Membership, LegitimateInterest, AfterLeaving(0);
        /// What this person is to others.
        15 relations: Vec<Relation> => "Relations", Membership, LegitimateInterest, AfterLeaving(0);
        /// A human being or an organisation.
        16 kind: PersonKind => "Kind", Membership, Contract, AfterLeaving(1);
        /// Whether other members may see the name.
        17 listing: Listing => "Who may know that you are a member", Membership, Consent, AfterLeaving(0);
        /// When this was first written.
        18 entered: Instant => "First entered", Accountability, LegitimateInterest, AfterLeaving(1);
        /// Whether letters come in large print.
        19 large_print: bool => "Letters in large print", Access, Consent, AfterLeaving(0);
    }
}

/// The longest name, in letters: longer than any that is known, short enough for a label.
pub const LONGEST_NAME: usize = 120;

impl Address {
    /// Its lines with the postcode and the country.
    pub fn all_lines(&self) -> Vec<String> {
        let rest = [&self.postcode, &self.country].into_iter().flatten();
        self.lines.iter().chain(rest).cloned().collect()
    }
}

impl Person {
    /// Somebody of whom only the name is known.
    pub fn named(name: &str, entered: Instant) -> Result<Self, Unfit> {
        Ok(Self {
            name: text::line(name, LONGEST_NAME)?,
            called: None,
            sort: None,
            pronouns: None,
            born: None,
            languages: Vec::new(),
            access: None,
            ways: Vec::new(),
            reach: Reach::Post,
            address: None,
            household: None,
            tags: BTreeSet::new(),
            custom: BTreeMap::new(),
            note: None,
            relations: Vec::new(),
            kind: PersonKind::Human,
            listing: Listing::Hidden,
            entered,
            large_print: false,
            newer: Newer::default(),
        })
    }

    /// How to address the person.
    pub fn addressed(&self) -> &str {
        self.called.as_deref().unwrap_or(&self.name)
    }

    /// Under what the name stands in lists. Where nobody has said it, and the name has several words, the last one
    /// leads; a guess for order alone, which the person can put right.
    pub fn sorted_under(&self) -> String {
        let sort = match (&self.sort, self.kind) {
            (Some(sort), _) => sort.clone(),
            (None, PersonKind::Organisation) => self.name.clone(),
            (None, PersonKind::Human) => match self.name.rsplit_once(' ') {
                Some((first, last)) => format!("{last} {first}"),
                None => self.name.clone(),
            },
        };
        text::folded(&sort)
    }

    /// The first way of a kind.
    pub fn way(&self, kind: WayKind) -> Option<&str> {
        self.ways
            .iter()
            .find(|way| way.kind == kind)
            .map(|way| way.value.as_str())
    }

    /// Where a call goes: the first telephone of either kind.
    pub fn telephone(&self) -> Option<&str> {
        self.way(WayKind::Mobile).or_else(|| self.way(WayKind::Phone))
    }

    /// The age in whole years; somebody born on 29 February is a year older on 1 March of other years, as English law
    /// has it.
    pub fn age(&self, today: Date) -> Option<i16> {
        let born = self.born.filter(|born| *born <= today)?;
        let had_birthday = (today.month(), today.day()) >= (born.month(), born.day());
        Some(today.year() - born.year() - i16::from(!had_birthday))
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use units::Instant;

    use super::{Person, PersonKind};

    fn person(name: &str) -> Person {
        Person::named(name, Instant::from_millis(0)).expect("a name")
    }

    #[test]
    fn a_name_is_one_word_or_many_in_any_script() {
        for name in [
            "Ana",
            "Nguyễn Thị Minh Khai",
            "محمد",
            "李小龍",
            "O’Brien-Smith",
            "X Æ A-12",
        ] {
            assert_eq!(person(name).name, name);
        }
        assert_eq!(person("  Ana \t Maria ").name, "Ana Maria");
        for nothing in ["", "  ", "\u{200b}", "a\u{0}b"] {
            assert!(
                Person::named(nothing, Instant::from_millis(0)).is_err(),
                "{nothing:?}"
            );
        }
        assert!(Person::named(&"x".repeat(121), Instant::from_millis(0)).is_err());
    }

    #[test]
    fn lists_are_in_the_order_of_last_names_unless_somebody_says_otherwise() {
        assert_eq!(person("Ana Öberg").sorted_under(), "oberg ana");
        assert_eq!(person("Ana").sorted_under(), "ana");
        let mut minh = person("Nguyễn Thị Minh Khai");
        minh.sort = Some("Nguyễn".to_owned());
        assert_eq!(minh.sorted_under(), "nguyen");
        let mut club = person("Chess Club");
        club.kind = PersonKind::Organisation;
        assert_eq!(club.sorted_under(), "chess club");
    }

    #[test]
    fn born_on_29_february() {
        let mut leap = person("Leap");
        leap.born = Some(date(2004, 2, 29));
        assert_eq!(leap.age(date(2026, 2, 28)), Some(21));
        assert_eq!(leap.age(date(2026, 3, 1)), Some(22));
        assert_eq!(leap.age(date(2028, 2, 29)), Some(24));
        assert_eq!(leap.age(date(2003, 1, 1)), None);
    }
}
