//! The rules of dues: how much is asked of whom, and how often; and what was agreed with somebody.

use std::collections::BTreeSet;

use jiff::civil::{Date, date};
use units::{Currency, Instant, Money, PersonId};

use super::payer::Payer;
use super::payment::Way;
use super::period::Every;
use crate::record::{Newer, record, words};
use crate::text::{self, Unfit};

words! {
    /// Who is asked.
    pub enum Per {
        /// Each person.
        1 Person = "person";
        /// A household once for all of its people.
        2 Household = "household";
    }
}

words! {
    /// What is asked of those who join within a period.
    pub enum Joining {
        /// As much as for the whole period.
        1 Whole = "the whole period";
        /// A share by days.
        2 Share = "a share by days";
        /// Nothing until the next period.
        3 Next = "nothing until the next period";
    }
}

words! {
    /// Which kind of step this is.
    pub enum TierKind {
        /// The ordinary one.
        1 Full = "full";
        /// Less, for those who have less.
        2 Concession = "concession";
        /// Each pays what they can, but at least the amount.
        3 AsYouCan = "pay what you can";
    }
}

record! {
    /// An amount, and from when on it is asked.
    pub struct Price {
        /// From periods on that begin on this day.
        1 from: Date => "From", Rules, NotPersonal, WhileInForce;
        /// The amount; the least, where each pays what they can.
        2 amount: Money => "Amount", Rules, NotPersonal, WhileInForce;
    }
}

record! {
    /// One step of dues. Steps are never taken away, since agreements name them by their place.
    pub struct Tier {
        /// What it is called.
        1 name: String => "Name", Rules, NotPersonal, WhileInForce;
        /// Which kind it is.
        2 kind: TierKind => "Kind", Rules, NotPersonal, WhileInForce;
        /// What it cost and costs, the oldest first.
        3 prices: Vec<Price> => "Amounts", Rules, NotPersonal, WhileInForce;
    }
}

record! {
    /// One set of rules for dues, by its number.
    pub struct Scheme in "dues" by u32 {
        /// What it is called.
        1 name: String => "Name", Rules, NotPersonal, WhileInForce;
        /// The classes of membership that it is for; all where none is named.
        2 classes: BTreeSet<String> => "Classes", Rules, NotPersonal, WhileInForce;
        /// Who is asked.
        3 per: Per => "Asked of", Rules, NotPersonal, WhileInForce;
        /// How often.
        4 every: Every => "How often", Rules, NotPersonal, WhileInForce;
        /// The first day of its first period. Nothing is asked for days before.
        5 anchor: Date => "First day", Rules, NotPersonal, WhileInForce;
        /// What is asked of those who join within a period.
        6 joining: Joining => "Joining within a period", Rules, NotPersonal, WhileInForce;
        /// How many days after a period's first day dues are late.
        7 grace: u16 => "Late after so many days", Rules, NotPersonal, WhileInForce;
        /// Its steps; the first is for whoever agreed on nothing else.
        8 tiers: Vec<Tier> => "Steps", Rules, NotPersonal, WhileInForce;
        /// The first day on which it is asked no more.
        9 until: Option<Date> => "Until", Rules, NotPersonal, WhileInForce;
    }
}

record! {
    /// What was agreed with a payer, and from when on.
    pub struct Term {
        /// From this day on.
        1 from: Date => "From", Money, Contract, AfterLeaving(6);
        /// Which dues; none, where nothing is asked.
        2 scheme: Option<u32> => "Dues", Money, Contract, AfterLeaving(6);
        /// Which of its steps.
        3 tier: u16 => "Step", Money, Contract, AfterLeaving(6);
        /// How much, where each pays what they can.
        4 amount: Option<Money> => "Amount", Money, Contract, AfterLeaving(6);
        /// By which way it will come.
        5 way: Way => "Way", Money, Contract, AfterLeaving(6);
        /// Who entered it.
        6 by: Option<PersonId> => "Entered by", Accountability, LegitimateInterest, AfterLeaving(6);
        /// When it was entered.
        7 at: Instant => "Entered", Accountability, LegitimateInterest, AfterLeaving(6);
    }
}

record! {
    /// Everything that was agreed with a payer about dues.
    pub struct Agreement in "dues-agreed" by Payer {
        /// The oldest first.
        1 terms: Vec<Term> => "Agreed", Money, Contract, AfterLeaving(6);
    }
}

/// Why dues cannot be as they were written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoScheme {
    /// It has no step.
    #[error("Write at least one step with its amount")]
    NoTier,
    /// It has more than anybody can keep apart.
    #[error("These are {0} steps; write at most 12")]
    TooMany(usize),
    /// An amount is below nothing.
    #[error("{0} is less than nothing. Write an amount from 0 on")]
    Negative(Money),
    /// Another currency than that of the place.
    #[error("The accounts here are in {0}. Write every amount in it")]
    OtherCurrency(Currency),
    /// Its first day makes no sense.
    #[error("{0} cannot be the first day of dues. Choose one between 1990 and 2199")]
    NoAnchor(Date),
    /// It would be late only after the next is due.
    #[error("{0} days is too long to wait. Write at most 366")]
    TooPatient(u16),
    /// The words cannot be kept.
    #[error(transparent)]
    Unfit(#[from] Unfit),
}

/// Why something cannot be agreed on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoTerm {
    /// There is no such step.
    #[error("There are no such dues any more. Open the page again and choose from what stands there")]
    NotThere,
    /// It is less than the least.
    #[error("At least {0} is asked here. Choose a lower step, or waive dues where somebody cannot pay")]
    TooLittle(Money),
    /// An amount is agreed only where each pays what they can.
    #[error(
        "The amount of this step is fixed. Leave the field empty, or choose a step where each pays what they can"
    )]
    Fixed,
    /// An amount is needed.
    #[error("Write how much, since here each pays what they can")]
    NoAmount,
    /// It would begin before the one before.
    #[error("Something else was agreed from {0} on. Choose that day or a later one")]
    Backwards(Date),
}

/// How many letters the name of dues has at most.
const LONGEST: usize = 60;
const EARLIEST: Date = date(1990, 1, 1);
const LATEST: Date = date(2199, 12, 31);

impl Tier {
    /// What is asked for a period that begins on `day`.
    pub fn amount(&self, day: Date) -> Option<Money> {
        let price = self.prices.iter().rev().find(|price| price.from <= day);
        price.or_else(|| self.prices.first()).map(|price| price.amount)
    }

    /// The same step with another amount from `from` on. What was asked before stays.
    #[must_use]
    pub fn costing(&self, amount: Money, from: Date) -> Self {
        let mut after = self.clone();
        if after.amount(from) == Some(amount) {
            return after;
        }
        after.prices.retain(|price| price.from < from);
        after.prices.push(Price {
            from,
            amount,
            newer: Newer::default(),
        });
        after
    }
}

impl Scheme {
    /// The same, fit to be kept.
    pub fn checked(mut self, currency: Currency) -> Result<Self, NoScheme> {
        self.name = text::line(&self.name, LONGEST)?;
        for tier in &mut self.tiers {
            tier.name = text::line(&tier.name, LONGEST)?;
        }
        if self.tiers.iter().all(|tier| tier.prices.is_empty()) {
            return Err(NoScheme::NoTier);
        }
        if self.tiers.len() > 12 {
            return Err(NoScheme::TooMany(self.tiers.len()));
        }
        for price in self.tiers.iter().flat_map(|tier| &tier.prices) {
            if price.amount.currency() != currency {
                return Err(NoScheme::OtherCurrency(currency));
            }
            if price.amount.is_negative() {
                return Err(NoScheme::Negative(price.amount));
            }
        }
        if !(EARLIEST..=LATEST).contains(&self.anchor) {
            return Err(NoScheme::NoAnchor(self.anchor));
        }
        if self.grace > 366 {
            return Err(NoScheme::TooPatient(self.grace));
        }
        Ok(self)
    }

    /// Whether it is for members of this class.
    pub fn is_for(&self, class: &str) -> bool {
        self.classes.is_empty() || self.classes.contains(class)
    }

    /// Its step at this place.
    pub fn tier(&self, place: u16) -> Option<&Tier> {
        self.tiers.get(usize::from(place))
    }
}

impl Agreement {
    /// What holds on a day, if anything was agreed by then.
    pub fn on(&self, day: Date) -> Option<&Term> {
        self.terms.iter().rev().find(|term| term.from <= day)
    }

    /// The agreement with one term more.
    pub fn with(&self, term: Term, scheme: Option<&Scheme>) -> Result<Self, NoTerm> {
        if let Some(before) = self.terms.last().filter(|before| before.from > term.from) {
            return Err(NoTerm::Backwards(before.from));
        }
        if term.scheme.is_some() {
            let tier = scheme
                .and_then(|scheme| scheme.tier(term.tier))
                .ok_or(NoTerm::NotThere)?;
            let least = tier.amount(term.from).ok_or(NoTerm::NotThere)?;
            match (tier.kind, term.amount) {
                (TierKind::AsYouCan, None) => return Err(NoTerm::NoAmount),
                (TierKind::AsYouCan, Some(amount)) if amount.minor() < least.minor() => {
                    return Err(NoTerm::TooLittle(least));
                }
                (TierKind::Full | TierKind::Concession, Some(_)) => return Err(NoTerm::Fixed),
                _ => {}
            }
        }
        let mut after = self.clone();
        // What is agreed again for the same day stands instead.
        after.terms.retain(|before| before.from != term.from);
        after.terms.push(term);
        Ok(after)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};
    use units::{Currency, Instant, Money};

    use super::{Agreement, Joining, NoTerm, Per, Price, Scheme, Term, Tier, TierKind};
    use crate::money::{Every, Way};
    use crate::record::Newer;

    fn pounds(minor: i64) -> Money {
        Money::new(minor, Currency::GBP)
    }

    fn scheme() -> Scheme {
        let tier = |name: &str, kind, minor| Tier {
            name: name.to_owned(),
            kind,
            prices: vec![Price {
                from: date(2020, 1, 1),
                amount: pounds(minor),
                newer: Newer::default(),
            }],
            newer: Newer::default(),
        };
        Scheme {
            name: " Yearly  dues ".to_owned(),
            classes: ["member".to_owned()].into(),
            per: Per::Person,
            every: Every::Year,
            anchor: date(2020, 1, 1),
            joining: Joining::Whole,
            grace: 30,
            tiers: vec![
                tier("Full", TierKind::Full, 2400),
                tier("Can", TierKind::AsYouCan, 100),
            ],
            until: None,
            newer: Newer::default(),
        }
    }

    fn term(from: Date, tier: u16, amount: Option<i64>) -> Term {
        Term {
            from,
            scheme: Some(1),
            tier,
            amount: amount.map(pounds),
            way: Way::Cash,
            by: None,
            at: Instant::from_millis(0),
            newer: Newer::default(),
        }
    }

    #[test]
    fn dues_that_make_no_sense_are_refused() {
        assert_eq!(scheme().checked(Currency::GBP).expect("good").name, "Yearly dues");
        let euro = Currency::parse("EUR").expect("a currency");
        assert!(scheme().checked(euro).is_err());
        let wrong: [fn(&mut Scheme); 6] = [
            |scheme| scheme.tiers.clear(),
            |scheme| scheme.tiers[0].prices[0].amount = pounds(-1),
            |scheme| scheme.anchor = date(20, 1, 1),
            |scheme| scheme.grace = 400,
            |scheme| scheme.name = "  ".to_owned(),
            |scheme| scheme.tiers = vec![scheme.tiers[0].clone(); 13],
        ];
        for change in wrong {
            let mut scheme = scheme();
            change(&mut scheme);
            assert!(scheme.checked(Currency::GBP).is_err());
        }
    }

    #[test]
    fn a_new_amount_leaves_what_was_asked_before() {
        let tier = scheme().tiers[0].costing(pounds(3000), date(2026, 1, 1));
        assert_eq!(tier.amount(date(2025, 12, 31)), Some(pounds(2400)));
        assert_eq!(tier.amount(date(2026, 1, 1)), Some(pounds(3000)));
        assert_eq!(tier.amount(date(2019, 1, 1)), Some(pounds(2400)));
        assert_eq!(tier.costing(pounds(3000), date(2027, 1, 1)).prices.len(), 2);
    }

    #[test]
    fn who_pays_what_they_can_pays_at_least_the_least() {
        let (none, scheme) = (
            Agreement {
                terms: Vec::new(),
                newer: Newer::default(),
            },
            scheme(),
        );
        let with = |term| none.with(term, Some(&scheme));
        let day = date(2026, 1, 1);
        assert_eq!(with(term(day, 1, Some(99))), Err(NoTerm::TooLittle(pounds(100))));
        assert_eq!(with(term(day, 1, None)), Err(NoTerm::NoAmount));
        assert_eq!(with(term(day, 0, Some(99))), Err(NoTerm::Fixed));
        assert_eq!(with(term(day, 7, None)), Err(NoTerm::NotThere));
        let agreed = with(term(day, 1, Some(100))).expect("agreed");
        assert_eq!(agreed.on(date(2025, 12, 31)), None);
        let again = agreed
            .with(term(day, 0, None), Some(&scheme))
            .expect("agreed again");
        assert_eq!(again.terms.len(), 1);
        assert_eq!(again.on(day).map(|term| term.tier), Some(0));
        let early = term(date(2025, 1, 1), 0, None);
        assert_eq!(again.with(early, Some(&scheme)), Err(NoTerm::Backwards(day)));
    }
}
