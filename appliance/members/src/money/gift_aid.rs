//! Gift Aid (United Kingdom): a declaration by which a charity may claim back the tax on somebody's gifts, which gifts it
//! covers, and the lines of the schedule that goes with a claim.
//!
//! Source: HMRC's guidance on declarations and on the schedule spreadsheet, as far as public pages tell. Title is left
//! empty, since nobody is asked for one.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Span;
use jiff::civil::Date;
use units::{Instant, Money, MoneyError, PersonId};

use super::house_rules::HouseRules;
use super::payer::{Payer, PaymentId};
use super::payment::{For, Payment, Way};
use crate::book::Book;
use crate::person::{Address, Person, PersonKind};
use crate::record::{record, words};

words! {
    /// How a declaration was made.
    pub enum Heard {
        /// On a form that is kept.
        1 Paper = "on paper";
        /// On a page of the box.
        2 Page = "on a page";
        /// By word of mouth; a written note is sent to the giver.
        3 Spoken = "spoken";
    }
}

record! {
    /// A Gift Aid declaration.
    pub struct Declaration in "gift-aid" by (PersonId, u32) {
        /// The day on which it was made.
        1 given: Date => "Made on", Money, LegalObligation, AfterLeaving(6);
        /// Gifts from this day on are covered.
        2 from: Date => "For gifts from", Money, LegalObligation, AfterLeaving(6);
        /// The version of the words.
        3 wording: String => "Wording", Money, LegalObligation, AfterLeaving(6);
        /// How it was made.
        4 heard: Heard => "How", Money, LegalObligation, AfterLeaving(6);
        /// Gifts from this day on are no more covered.
        5 cancelled: Option<Date> => "Cancelled from", Money, LegalObligation, AfterLeaving(6);
        /// Who entered it.
        6 by: Option<PersonId> => "Entered by", Accountability, LegitimateInterest, AfterLeaving(6);
        /// When it was entered.
        7 at: Instant => "Entered", Accountability, LegitimateInterest, AfterLeaving(6);
        /// The name of whoever made it, as it was then: HMRC asks for it as long as a claim can be looked into.
        8 name: Option<String> => "Name in the declaration", Money, LegalObligation, AfterLeaving(6);
        /// The lines of their home address then, for the same reason.
        9 address: Vec<String> => "Address in the declaration", Money, LegalObligation, AfterLeaving(6);
    }
}

record! {
    /// A claim that was put together.
    pub struct Claim in "gift-aid-claims" by u32 {
        /// When.
        1 at: Instant => "Put together", Money, LegalObligation, AfterEntry(6);
        /// By whom.
        2 by: Option<PersonId> => "By", Accountability, LegitimateInterest, AfterEntry(6);
        /// The sum of the gifts.
        3 total: Money => "Sum of the gifts", Money, LegalObligation, AfterEntry(6);
        /// The gifts.
        4 payments: Vec<PaymentId> => "Gifts", Money, LegalObligation, AfterEntry(6);
    }
}

/// The version of the words of the declaration that the box offers.
pub const WORDING: &str = "2026-1";

/// Why a declaration cannot be as it was written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoDeclaration {
    /// Nobody declares for the future.
    #[error("{0} has not come yet. Choose the day on which the declaration was made")]
    NotYet(Date),
    /// It covers at most four years back.
    #[error("A declaration covers gifts of at most four years before it was made: from {0} on")]
    TooFarBack(Date),
    /// An organisation pays no income tax.
    #[error("Only a person can make a declaration, not an organisation")]
    AnOrganisation,
}

/// Why nothing can be claimed for a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Unclaimable {
    /// It is no gift.
    #[error("it is not a gift")]
    NotAGift,
    /// It was taken back or went back.
    #[error("it went back")]
    WentBack,
    /// A household paid, and HMRC wants one person.
    #[error("a household paid it; enter it for the one person whose money it was")]
    AHousehold,
    /// Nobody of the book paid it.
    #[error("whoever gave it is not in the book")]
    NotInBook,
    /// An organisation paid it.
    #[error("an organisation gave it")]
    AnOrganisation,
    /// There is no declaration that covers the day.
    #[error("no declaration covers its day")]
    NotCovered,
    /// The address is missing.
    #[error("the home address with its postcode is missing")]
    NoAddress,
    /// HMRC wants two names.
    #[error("HMRC wants a first and a last name, and the book has one word")]
    OneName,
    /// It was too long ago.
    #[error("it is too old: four years have passed since the accounts' year ended")]
    TooLate,
    /// It is in a claim.
    #[error("it was claimed already")]
    Claimed,
}

impl Declaration {
    /// The same, cancelled from this day on if it was not before.
    #[must_use]
    pub fn ended(mut self, day: Date) -> Self {
        self.cancelled.get_or_insert(day);
        self
    }

    /// That its days make sense.
    pub fn check(&self, person: &Person, today: Date) -> Result<(), NoDeclaration> {
        if person.kind == PersonKind::Organisation {
            return Err(NoDeclaration::AnOrganisation);
        }
        if self.given > today {
            return Err(NoDeclaration::NotYet(self.given));
        }
        let earliest = self.given.saturating_sub(Span::new().years(4));
        if self.from < earliest {
            return Err(NoDeclaration::TooFarBack(earliest));
        }
        Ok(())
    }

    /// Whether a gift of this day is covered.
    pub fn covers(&self, day: Date) -> bool {
        self.from <= day && self.cancelled.is_none_or(|cancelled| day < cancelled)
    }
}

impl HouseRules {
    /// The last day of the accounts' year that holds a day.
    pub fn year_end(&self, day: Date) -> Date {
        let end = |year: i16| {
            let month = i8::try_from(self.year_ends_month).unwrap_or(12).clamp(1, 12);
            let first = Date::new(year, month, 1).unwrap_or(day);
            let wanted = i8::try_from(self.year_ends_day).unwrap_or(31).clamp(1, 31);
            let last = first.last_of_month();
            Date::new(year, month, wanted.min(last.day())).unwrap_or(last)
        };
        let this = end(day.year());
        if day <= this {
            this
        } else {
            end(day.year().saturating_add(1))
        }
    }

    /// The last day on which a gift of this day can be claimed.
    pub fn claim_until(&self, day: Date) -> Date {
        self.year_end(day).saturating_add(Span::new().years(4))
    }
}

/// What is known beside the book when gifts are judged.
pub struct Judge<'a> {
    /// The book.
    pub book: &'a Book,
    /// The rules of the house.
    pub rules: &'a HouseRules,
    /// Everybody's declarations.
    pub declarations: &'a BTreeMap<(PersonId, u32), Declaration>,
    /// What stands in earlier claims.
    pub claimed: &'a BTreeSet<PaymentId>,
    /// The day.
    pub today: Date,
}

impl Judge<'_> {
    /// Whose gift it is, if it can be claimed.
    pub fn claimable(&self, id: PaymentId, payment: &Payment) -> Result<PersonId, Unclaimable> {
        let given =
            payment.purpose == For::Gift || (payment.purpose == For::Dues && self.rules.dues_are_gifts);
        if !given || payment.way == Way::Waiver {
            return Err(Unclaimable::NotAGift);
        }
        if !payment.stands() || payment.amount.is_negative() {
            return Err(Unclaimable::WentBack);
        }
        let person = match payment.payer {
            Some(Payer::Person(person)) => person,
            Some(Payer::Household(_)) => return Err(Unclaimable::AHousehold),
            None => return Err(Unclaimable::NotInBook),
        };
        let found = self.book.people.get(&person).ok_or(Unclaimable::NotInBook)?;
        if found.kind == PersonKind::Organisation {
            return Err(Unclaimable::AnOrganisation);
        }
        if self.claimed.contains(&id) {
            return Err(Unclaimable::Claimed);
        }
        if self.rules.claim_until(id.day) < self.today {
            return Err(Unclaimable::TooLate);
        }
        let mut own = self.declarations.range((person, 0)..=(person, u32::MAX));
        if !own.any(|(_, declaration)| declaration.covers(id.day)) {
            return Err(Unclaimable::NotCovered);
        }
        let address = self.book.address_of(found).ok_or(Unclaimable::NoAddress)?;
        if address.lines.is_empty() || (address.postcode.is_none() && address.country.is_none()) {
            return Err(Unclaimable::NoAddress);
        }
        if !found.name.contains(' ') {
            return Err(Unclaimable::OneName);
        }
        Ok(person)
    }

    /// The lines of the schedule: one for each giver and year of the accounts, with the day of the last gift.
    pub fn schedule(
        &self,
        gifts: &[(PaymentId, Payment)],
        zero: Money,
    ) -> Result<Vec<ScheduleLine>, MoneyError> {
        let mut sums: BTreeMap<(PersonId, Date), (Date, Money)> = BTreeMap::new();
        for (id, payment) in gifts {
            let Ok(person) = self.claimable(*id, payment) else {
                continue;
            };
            let entry = sums
                .entry((person, self.rules.year_end(id.day)))
                .or_insert((id.day, zero));
            *entry = (entry.0.max(id.day), entry.1.plus(payment.amount)?);
        }
        let lines = sums.into_iter().filter_map(|((person, _), (last, amount))| {
            let found = self.book.people.get(&person)?;
            ScheduleLine::of(found, self.book.address_of(found)?, last, amount)
        });
        Ok(lines.collect())
    }
}

/// The columns of the schedule.
pub const SCHEDULE: [&str; 10] = [
    "Item",
    "Title",
    "First name",
    "Last name",
    "House name or number",
    "Postcode",
    "Aggregated donations",
    "Sponsored event",
    "Donation date",
    "Amount",
];

/// So many lines fit one schedule.
pub const SCHEDULE_LINES: usize = 1_000;

/// One line of the schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduleLine {
    /// First names.
    pub first: String,
    /// Last name.
    pub last: String,
    /// The number of the house, or its name.
    pub house: String,
    /// The postcode; `X` for an address outside the United Kingdom.
    pub postcode: String,
    /// The day of the last gift, as `31/12/26`.
    pub day: String,
    /// The sum without a sign, as `20.00`.
    pub amount: String,
}

impl ScheduleLine {
    fn of(person: &Person, address: &Address, last: Date, amount: Money) -> Option<Self> {
        let (first_names, last_name) = person.name.rsplit_once(' ')?;
        let cut = |text: &str, most: usize| text.chars().take(most).collect::<String>().trim().to_owned();
        let line = address.lines.first()?;
        let number = line
            .split_whitespace()
            .next()
            .unwrap_or_default()
            .trim_end_matches(',');
        let house = match number.chars().next() {
            Some(sign) if sign.is_ascii_digit() && address.country.is_none() => number.to_owned(),
            _ => address.lines.join(", "),
        };
        let postcode = match (&address.country, &address.postcode) {
            (Some(_), _) => "X".to_owned(),
            (None, code) => postcode(code.as_deref()?),
        };
        Some(Self {
            first: cut(first_names, 35),
            last: cut(&last_name.replace('-', " "), 35),
            house: cut(&house, 40),
            postcode,
            day: last.strftime("%d/%m/%y").to_string(),
            amount: amount.plain(),
        })
    }

    /// Its fields in the order of [`SCHEDULE`], with its number.
    pub fn fields(&self, number: usize) -> [String; 10] {
        let none = String::new;
        [
            number.to_string(),
            none(),
            self.first.clone(),
            self.last.clone(),
            self.house.clone(),
            self.postcode.clone(),
            none(),
            none(),
            self.day.clone(),
            self.amount.clone(),
        ]
    }
}

/// Capital letters, with a space before the last three: `BS5 0HE`.
fn postcode(text: &str) -> String {
    let signs: Vec<char> = text
        .chars()
        .filter(|sign| !sign.is_whitespace())
        .flat_map(char::to_uppercase)
        .collect();
    match signs.len() {
        5..=7 => {
            let (out, inward) = signs.split_at(signs.len() - 3);
            out.iter().chain([&' ']).chain(inward).collect()
        }
        _ => signs.into_iter().collect(),
    }
}

#[cfg(test)]
mod tests;
